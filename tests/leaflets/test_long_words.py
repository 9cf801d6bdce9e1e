"""Compound words, addresses, numbers: none runs over the next column, what stands below, or off the sheet."""

from __future__ import annotations

from itertools import pairwise

import pypdfium2
import pytest

from site_builder.leaflets import formats, label_sheets, text_metrics, typeset
from site_builder.leaflets.collection import PrintOptions, PrintSource
from site_builder.library.problems import Problems
from tests.leaflets.reading import words_of
from tests.leaflets.rules import faults

WORD, OTHER = "Oorspanningsbeveiligingsapparate", "Ukusetshenziswakwamathuluzikagesi"
ADDRESS = "https://www.voorbeeld-munisipaliteit.gov.za/dienste/bouplanne/2026/aansoekvorm-3b.pdf?taal=af"
SKU = "SKU-0012-AB-99812-XX-7766-ZZ"
LETTERS = "WMWMWMWMWMWMWMWMWMWMWMWMWMWMWMWMWMWM"  # no word at all
MM = 72 / 25.4

LONG = {
    "title": f"Fit {WORD} now",
    "summary": f"{WORD} and {OTHER}, see {ADDRESS[:60]}",
    "do_not_start_if": [f"{WORD} {WORD}", ADDRESS, LETTERS],
    "safety": [{"level": "danger", "text": f"{WORD} {OTHER} {ADDRESS[:60]}"}, {"level": "warning", "text": LETTERS}],
    "emergency": f"{OTHER} {ADDRESS}",
    "cost": {"min": 1, "max": 99_999_999, "as_of": "2026-01-01"},
    "tools": [{"name": (WORD, OTHER, LETTERS)[n % 3], "aisle": WORD, "hire": n % 2 == 0, "instead": OTHER} for n in range(12)],
    "materials": [{"name": f"{WORD} {n}", "qty": 100_000 + n, "unit": "barrow", "sku": SKU, "aisle": WORD} for n in range(5)],
    "steps": [
        {"id": f"s{n}", "title": title, "text": f"{OTHER} {WORD} {ADDRESS}", "check": f"{WORD} {ADDRESS}"}
        for n, title in enumerate((WORD, OTHER, LETTERS, WORD, OTHER))
    ],
    "done_when": f"{WORD} {ADDRESS}",
    "mistakes": [{"see": WORD, "likely": OTHER, "do": ADDRESS}, {"see": LETTERS, "likely": LETTERS, "do": LETTERS}],
    "faq": [{"q": f"{WORD}?", "a": ADDRESS}, {"q": LETTERS, "a": LETTERS}],
    "law": f"{ADDRESS} {WORD}",
    "reviewed_by": {"name": LETTERS, "role": WORD, "registration_no": "9" * 40},
    "calculator": {
        "basis": "The bag wins.",
        "ask": [{"id": "a", "label": f"{WORD} {OTHER}", "unit": "m2", "min": 1, "max": 9, "default": 2}],
        "per": "a",
        "give": [{"label": WORD, "per": "m2", "rate": 1, "pack_size": 1, "pack_unit": "barrow"}],
    },
}  # fmt: skip
STORE = {"name": f"{WORD} {WORD[:27]}", "phone": "+27 10 000 0000", "whatsapp": "+27 60 000 0001", "address": ADDRESS}
SHORT = "https://www.voorbeeld-munisipaliteit.gov.za/hoe"


UNSEEN = "\u00ad\u200b"  # PDFium gives them the place of the letter before


def letters(page):
    """Every drawn letter: its place in the text, itself, its box in pt."""
    text = page.get_textpage()
    for at in range(text.count_chars()):
        letter, box = text.get_text_range(at, 1), text.get_charbox(at)
        if letter.strip() and letter not in UNSEEN and box[2] > box[0] and box[3] > box[1]:
            yield at, letter, box


def overlaps(page):
    """Letters that stand on others: more than a fifth of the smaller one. Neighbours may be one ligature."""
    seen = sorted(letters(page), key=lambda row: row[2][0])
    for number, (at, letter, box) in enumerate(seen):
        for place, other, there in seen[number + 1 :]:
            if there[0] >= box[2]:
                break
            across = min(box[2], there[2]) - there[0]
            down = min(box[3], there[3]) - max(box[1], there[1])
            least = min((b[2] - b[0]) * (b[3] - b[1]) for b in (box, there))
            if abs(place - at) > 1 and down > 0 and across * down > 0.2 * least:
                yield letter, other, tuple(round(side / MM, 1) for side in box)


def printed(load, stills, tmp_path, format, order=None, changes=LONG, **options):
    howto, settings = load(changes, {"store": STORE, "short_url": SHORT} | options)
    count = 1 if formats.load_formats()[format].for_one_howto else 4
    told = [PrintSource(howto.model_copy(update={"code": f"b{n + 2}x"}), stills(howto), 58, 900_000) for n in range(count)]
    return typeset.make_print(
        format, told, settings, tmp_path / "a.pdf", order or PrintOptions(title=f"{WORD} {OTHER}", store="12345")
    )


@pytest.mark.parametrize(
    ("format", "paper"), [*((format, "a4") for format in sorted(formats.load_formats())), ("leaflet", "us-letter")]
)
def test_long_words_meet_nothing_and_stay_on_the_sheet(load, stills, tmp_path, format, paper):
    leaflet = printed(load, stills, tmp_path, format, paper=paper)

    for page in pypdfium2.PdfDocument(leaflet.path):
        width, height = page.get_size()
        for _, _, (left, bottom, right, top) in letters(page):
            assert min(left, bottom, width - right, height - top) >= 5 * MM
        assert list(overlaps(page)) == []
    assert faults(leaflet.path) == []


@pytest.mark.parametrize(
    ("format", "stock"), [*(("labels", stock) for stock in sorted(label_sheets.stocks())), ("stickers", "L7160")]
)
def test_long_words_stay_on_their_label(load, stills, tmp_path, format, stock):
    label = label_sheets.stocks()[stock]

    leaflet = printed(load, stills, tmp_path, format, PrintOptions(stock=stock, aisle=WORD))

    [page] = pypdfium2.PdfDocument(leaflet.path)
    places = [(x * MM, page.get_height() - y * MM) for x, y in label_sheets.label_positions(label, 4)[0]]
    for _, letter, (left, bottom, right, top) in letters(page):
        inside = [
            x <= left and right <= x + label.width * MM and y - label.height * MM <= bottom and top <= y for x, y in places
        ]
        assert any(inside), letter
    assert list(overlaps(page)) == []


def test_a_long_word_is_parted_by_a_hyphen_and_an_address_or_number_without_one(load, stills, tmp_path):
    leaflet = printed(load, stills, tmp_path, "leaflet")

    told = " ".join(words_of(leaflet.path)).replace("\u00ad", "").replace("\u200b", "").replace("\ufffe", "")
    for part in ADDRESS.split("/")[2:]:
        assert part.split("?")[0] in told.replace(" ", "")
    assert text_metrics.with_soft_breaks(SKU.ljust(40, "9")).replace(text_metrics.ZERO_WIDTH_SPACE, "") == SKU.ljust(40, "9")
    assert text_metrics.with_soft_breaks(WORD).split(text_metrics.SOFT_HYPHEN)[:3] == ["Oors", "pan", "nings"]


@pytest.mark.parametrize("word", ["Short", "misunderstandings", "ukusetshenziswa", "three-pin plug", "+27 10 000 0000"])
def test_words_that_every_column_has_room_for_are_left_alone(word):
    assert text_metrics.with_soft_breaks(word) == word


@pytest.mark.parametrize(
    "word", ["शुरूकरनेसेपहलेदीवारपरअलमारीकोठीकसेलगाएँ", "इलेक्ट्रोएन्सेफलोग्राफिकल", "a\u0301\u0302" * 40, "x" * 300, LETTERS]
)
def test_no_part_of_a_word_is_wider_than_a_column_and_no_mark_is_parted_from_its_letter(word):
    parts = text_metrics.LINE_BREAK.split(text_metrics.with_soft_breaks(word))

    assert "".join(parts) == word
    assert max(text_metrics.em_width(part, "regular") for part in parts) <= text_metrics.MAX_UNBROKEN_EM
    for before, after in pairwise(parts):
        assert text_metrics.category(after[0])[0] != "M"
        assert before[-1] not in text_metrics.JOINERS


@pytest.mark.parametrize("field", ["name", "phone", "whatsapp", "address"])
def test_what_no_footer_has_room_for_is_told(load, field):
    with pytest.raises(Problems, match=f"store.{field}' has 200 characters, "):
        load({}, {"store": STORE | {field: "9" * 200}})
