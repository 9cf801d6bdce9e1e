"""The words of the frame: every language says all that English says, in its own words, with the same values in it."""

from __future__ import annotations

import datetime as dt
import string

import pytest

from site_builder.library.fallback import FallbackText
from site_builder.library.messages import FALLBACK_LANG, LOCALES, Messages, message_table, messages_of

OFFICIAL = {"en", "af", "zu", "xh", "st", "nso", "tn", "ss", "ve", "ts", "nr"}  # South Africa's, in writing
LANGS = sorted(path.stem for path in LOCALES.glob("*.toml"))
OTHERS = [lang for lang in LANGS if lang != FALLBACK_LANG]
WITHOUT_WORDS = {
    "unit.m",
    "unit.m2",
    "unit.m3",
    "unit.mm",
    "unit.cm",
    "unit.l",
    "unit.ml",
    "unit.kg",
    "unit.g",
}  # signs, the same for everybody
# cousins say some words alike
ALSO_AFRIKAANS = {"page.film", "page.in_language", "page.made_by", "common.minutes"}


def values(sentence: str) -> list[str]:
    """The {values} of a sentence. A brace without its partner is a ValueError."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


def test_every_official_language_that_is_written_is_there() -> None:
    assert set(LANGS) >= OFFICIAL


@pytest.mark.parametrize("lang", OTHERS)
def test_a_language_says_all_that_english_says(lang: str) -> None:
    assert message_table(FALLBACK_LANG).keys() - message_table(lang).keys() == set()


@pytest.mark.parametrize("lang", LANGS)
def test_a_sentence_has_the_values_of_the_english_one(lang: str) -> None:
    said, english = message_table(lang), message_table(FALLBACK_LANG)
    both = said.keys() & english.keys()

    assert {key: said[key] for key in both if values(said[key]) != values(english[key])} == {}


@pytest.mark.parametrize("lang", OTHERS)
def test_no_english_sentence_was_left_in(lang: str) -> None:
    english = message_table(FALLBACK_LANG)
    known = WITHOUT_WORDS | (ALSO_AFRIKAANS if lang == "af" else set())

    def has_words(sentence: str) -> bool:
        return any(c.isalpha() for text, *_ in string.Formatter().parse(sentence) for c in text)

    left = [
        k
        for k, said in message_table(lang).items()
        if said == english.get(k) and has_words(said) and not k.startswith("about.")
    ]

    assert set(left) - known == set()


@pytest.mark.parametrize("lang", LANGS)
def test_the_months_are_twelve_words(lang: str) -> None:
    assert len(set(message_table(lang)["page.months"].split())) == 12


@pytest.mark.parametrize("lang", LANGS)
def test_the_button_that_a_sentence_names_is_called_so(lang: str) -> None:
    said = message_table(lang)

    assert said["page.save"] in said["page.saved_how"]
    assert said["page.save"] in said["page.saved_none"]


@pytest.mark.parametrize(("given", "said"), [
    ({"minutes": 5}, "5 min"),
    ({"hours": 1}, "1 h"),
    ({"minutes": 80}, "1 h 20 min"),
    ({"days": 1}, "1 day"),
    ({"hours": 30}, "1 day 6 h"),
    ({"days": 2, "hours": 1, "minutes": 1}, "2 days 1 h 1 min"),
    ({"seconds": 20}, "0 min"),
])  # fmt: skip
def test_a_time_is_said_as_people_do(given: dict[str, int], said: str) -> None:
    assert messages_of("en").duration(dt.timedelta(**given)) == said


@pytest.mark.parametrize("lang", OTHERS)
def test_a_file_says_whether_it_is_a_draft_and_which_way_it_is_read(lang: str) -> None:
    assert message_table(lang)["about.draft"] in ("true", "false")
    assert message_table(lang)["about.direction"] in ("ltr", "rtl")


def test_a_language_without_a_word_borrows_the_english_one_and_says_so() -> None:
    zulu = Messages("zu", {"page.save": "Gcina"}, {"page.save": "Save", "page.used": "You have used {size}."})

    own, lent = zulu("page.save"), zulu("page.used", size="1 MB")

    assert (own, lent) == ("Gcina", "You have used 1 MB.")
    assert not isinstance(own, FallbackText)
    assert isinstance(lent, FallbackText)
    assert lent.lang == "en"
