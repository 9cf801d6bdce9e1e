"""Long lists of how-tos are cut into leaves, so that no page grows with the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from lxml import html

from site_builder.library.artifacts import Lesson
from site_builder.website.pages import lists
from site_builder.website.pages import pagination as cutting
from site_builder.website.site import Site

TITLES = ["Add a lock", "Bake bricks", "Bleed a radiator", "Blend paint", "Clean a drain", "Éclair tiles", "Élan doors"]


def titled(site: Site, titles: Sequence[str]) -> list[Lesson]:
    one = next(lesson for lesson in site.lessons if lesson.howto.lang == "en")
    made = [{"title": title, "slug": f"x{at}"} for at, title in enumerate(titles)]
    return [replace(one, howto=one.howto.model_copy(update=changes)) for changes in made]


def test_a_short_list_is_one_leaf_at_its_own_address(site: Site) -> None:
    (leaf,) = cutting.paginate("search/", titled(site, TITLES))

    assert leaf.address == "search/"
    assert [lesson.howto.title for lesson in leaf.lessons] == TITLES


def test_no_how_to_is_lost_or_told_twice_and_leaves_are_alike_in_length(site: Site) -> None:
    lessons = titled(site, [f"Do {number:04}" for number in range(1001)])

    found = cutting.paginate("search/", lessons, most=200)

    assert [lesson for leaf in found for lesson in leaf.lessons] == lessons
    assert {len(leaf.lessons) for leaf in found} == {166, 167}
    assert len({leaf.address for leaf in found}) == len(found) == 6


def test_guide_words_are_as_short_as_tells_leaves_apart(site: Site) -> None:
    found = cutting.paginate("search/", titled(site, TITLES), most=3)

    assert [(leaf.address, leaf.guide_words) for leaf in found] == [
        ("search/", "A – Ba"),
        ("search/_2/", "Bl – Bl"),
        ("search/_3/", "C – É"),
    ]


def test_an_empty_list_is_a_leaf_too(site: Site) -> None:
    assert [leaf.lessons for leaf in cutting.paginate("search/", [])] == [()]


def test_every_how_to_of_a_long_list_is_a_few_links_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first leaf to all others, and from each to the next; the list of another language begins at its own first."""
    monkeypatch.setattr(cutting.paginate, "__defaults__", (1,))
    made = {address: html.document_fromstring(text) for address, text in lists.a_to_z_pages(site, "en")}
    linked = {
        address: [link.get("href") for link in tree.xpath("//main//nav[a/@aria-current]/a[@href]")]
        for address, tree in made.items()
    }

    assert len(made) == len(lists.in_category(site.lessons, None, "en")) > 1
    assert linked["search/"] == [f"_{number}/" for number in range(2, len(made) + 1)]
    assert made["search/"].xpath("//a[@rel='next']/@href") == ["_2/"]
    last = list(made)[-1]
    assert made[last].xpath("//a[@rel='next']") == []
    assert all(len(tree.xpath("//ul[@class='rows']/li")) == 1 for tree in made.values())
    assert len({tree.findtext(".//title") for tree in made.values()}) == len(made)
    assert made[last].xpath("//header//a[@lang='af']/@href") == ["../../af/search/"]
    assert not made[last].xpath("//link[@hreflang]")
    assert made["search/"].xpath("//link[@hreflang='af']")


def test_guide_words_are_cut_between_letters_and_not_between_a_letter_and_its_marks(site: Site) -> None:
    found = cutting.paginate("search/", titled(site, ["कील ठोकें", "किवाड़ लगाएं", "स्विच बदलें", "स्वच्छ पानी"]), most=2)

    assert [leaf.guide_words for leaf in found] == ["की – कि", "स्वि – स्व"]
