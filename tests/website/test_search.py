"""Search as people type: the right how-to first, with misspellings and in the languages of the street."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from site_builder.library import content, settings
from site_builder.library.model import Lesson
from site_builder.website import search
from site_builder.website.look import THEME
from site_builder.website.site import Site

PROJECT = Path(__file__).parents[2]

# query, the how-to that should be first
QUERIES = [
    ("plug", "wire-a-plug"),
    ("how to wire a plug", "wire-a-plug"),
    ("wich wire goes where in a plugg", "wire-a-plug"),
    ("tpa driping", "fix-a-dripping-tap"),
    ("driping tap", "fix-a-dripping-tap"),
    ("kraan drup", "fix-a-dripping-tap"),
    ("mortor mix", "mix-mortar"),
    ("dagha", "mix-mortar"),
    ("dagga for bricks", "mix-mortar"),
    ("concreet", "mix-concrete"),
    ("beton meng", "mix-concrete"),
    ("cement mix ratio for slab", "mix-concrete"),
    ("lay bricks straight", "lay-bricks"),
    ("toilet keeps running", "fix-a-running-toilet"),
    ("sink blocked", "unblock-a-drain"),
    ("verstopte drein", "unblock-a-drain"),
    ("multiplug overload", "use-extension-leads-safely"),
    ("extenshun cord", "use-extension-leads-safely"),
    ("LADDER", "use-a-ladder"),
    ("leer veilig", "use-a-ladder"),
    ("pain wall", "paint-a-wall"),
    ("verf muur", "paint-a-wall"),
    ("shelf rawlplug", "hang-a-shelf"),
    ("rak ophang", "hang-a-shelf"),
    ("kitchen tiles", "tile-a-splashback"),
    ("plaster wall", "plaster-a-wall"),
]


Find = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def real() -> Site:
    """The project's own how-tos; no film is needed to find them."""
    told = settings.load(PROJECT / "mkdocs.yml")
    library, _ = content.load_all(told)
    return Site(told, library, tuple(Lesson(howto) for howto in library.howtos))


@pytest.fixture(scope="module")
def find(real: Site, browser: Browser) -> Iterator[Find]:
    """Search in a browser with the site's own script and list; gives slugs, best first."""
    page = browser.new_page()
    matcher = (THEME / "matcher.js").read_text("utf-8").replace("export const", "const")
    page.evaluate(
        f"(list) => {{ {matcher}; const index = learn(list); window.find = query => search(index, query) }}",
        json.loads(real.indexes["en"]),
    )
    yield lambda query: [row[0].rstrip("/").split("/")[-1] for row in page.evaluate("query => window.find(query)", query)]
    page.close()


@pytest.mark.parametrize(("query", "slug"), QUERIES)
def test_the_right_one_is_first(find: Find, real: Site, query: str, slug: str) -> None:
    if not any(lesson.howto.slug == slug for lesson in real.lessons):
        pytest.skip(f"no how-to '{slug}' in this library")

    assert find(query)[0] == slug


@pytest.mark.parametrize("query", ["xqzw", "!!!", "🙂", "((("])
def test_what_nothing_has_finds_nothing(find: Find, query: str) -> None:
    assert find(query) == []


def test_accents_and_case_do_not_matter(find: Find) -> None:
    assert find("PLÚG") == find("plug")


@pytest.mark.parametrize(
    ("typed", "read"), [("Geyser’s Plég", "geysers pleg"), ("  A–Z, 50 kg! ", "a z 50 kg"), ("İ", "i"), ("", "")]
)
def test_words_are_read_plainly(typed: str, read: str) -> None:
    assert search.plain(typed) == read


def test_the_list_has_no_empty_words_and_no_word_twice(real: Site) -> None:
    for row in json.loads(real.indexes["en"])["rows"]:
        said = f"{row[7]} {row[8]}".split()
        assert len(said) == len(set(said))
        assert not search.EMPTY & set(said)


def test_the_list_of_another_language_has_every_how_to(real: Site) -> None:
    slugs = {lesson.howto.slug for lesson in real.lessons}

    for lang in real.langs:
        assert len(json.loads(real.indexes[lang])["rows"]) == len(slugs)
