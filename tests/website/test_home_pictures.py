"""Pictures of the home page and of categories, and the shop's logo: what they show, and what they cost a customer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from lxml import html
from PIL import Image

from site_builder.website import site_files
from site_builder.website.pages import lists, logo
from site_builder.website.site import Site


def images(document: str) -> list[html.HtmlElement]:
    return list(html.document_fromstring(document).xpath("//main//img"))


@pytest.fixture
def shop_with(site: Site, tmp_path: Path) -> Callable[[str, bytes], Site]:
    """The library with a logo."""

    def made(name: str, data: bytes) -> Site:
        (tmp_path / name).write_bytes(data)
        store = site.settings.options.store.model_copy(update={"logo": name})
        options = site.settings.options.model_copy(update={"store": store})
        return replace(site, settings=site.settings.model_copy(update={"root": tmp_path, "options": options}))

    return made


def test_home_shows_each_subject_that_has_a_film_and_loads_pictures_late(site: Site) -> None:
    shown = images(lists.home_page(site, "en"))

    published = site_files.static_files(site)
    assert len(shown) == 2
    for one in shown:
        assert (one.get("loading"), one.get("alt"), one.get("width")) == ("lazy", "", "72")
        assert one.get("src") in published


def test_a_category_shows_its_how_tos_by_the_pictures_of_the_search(site: Site) -> None:
    category = next(one for one in site.lessons.categories if one.slug == "building")
    [(_, document)] = lists.category_pages(site, category, "en")

    [picture] = images(document)

    assert picture.get("src", "").startswith("../media/mix-mortar/thumb.")


def test_a_photo_of_a_logo_costs_two_kilobytes_at_most(shop_with: Callable[[str, bytes], Site], tmp_path: Path) -> None:
    noise = numpy.random.default_rng(1).integers(0, 255, (400, 900, 3), dtype=numpy.uint8)
    Image.fromarray(noise).resize((900, 400)).save(tmp_path / "x.png")
    site = shop_with("logo.png", (tmp_path / "x.png").read_bytes())

    [(address, data)] = logo.logo_files(site).items()

    assert len(data) <= logo.MAX_RASTER_BYTES
    [picture, *_] = images(lists.home_page(site, "en"))
    assert (picture.get("src"), picture.get("alt")) == (address, "Our shop")
    assert site_files.static_files(site)[address] == data


def test_a_drawing_stays_one_and_a_heavy_one_is_told(shop_with: Callable[[str, bytes], Site]) -> None:
    plain = '<svg xmlns="http://www.w3.org/2000/svg"   viewBox="0 0 20 10"><!-- ours --><path d="M0 0h20v10z"/></svg>'
    site = shop_with("logo.svg", plain.encode())
    [(address, data)] = logo.logo_files(site).items()
    assert address.endswith(".svg")
    assert len(data) < len(plain)
    assert list(logo.logo_weight_problems(site)) == []

    points = " ".join(f"L{x * 7919 % 9973} {x * 104729 % 9967}" for x in range(4000))
    heavy = shop_with(
        "logo.svg", f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0{points}"/></svg>'.encode()
    )

    assert logo.logo_files(heavy) == {}
    [problem] = logo.logo_weight_problems(heavy)
    assert "without it" in problem.message
    assert images(lists.home_page(heavy, "en"))[0].get("alt") == ""


def test_a_library_without_a_logo_shows_none(site: Site) -> None:
    assert logo.logo_files(site) == {}
    assert "logo" not in lists.home_page(site, "en")
