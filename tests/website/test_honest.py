"""Honest about money: the smallest film first where data is dear, any rung of the ladder, what is shown before play."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import Phone, until
from playwright.sync_api import expect

from site_builder.library.model import Rung
from site_builder.website import player
from site_builder.website.site import Site

PLUG = "electrical/wire-a-plug/"
PLAYS = "() => { const film = document.querySelector('.stage video'); return film && film.currentTime > 0.2 }"


@pytest.mark.parametrize("line", ["{ saveData: true }", "{ effectiveType: '2g' }", "{ effectiveType: 'slow-2g' }"])
def test_with_the_data_saver_on_the_light_film_is_offered_first(phone: Phone, line: str) -> None:
    page = phone.page
    page.add_init_script(f"Object.defineProperty(navigator, 'connection', {{ value: {line} }})")
    phone.go(PLUG)
    expect(page.locator(".play")).to_contain_text("Play film: Light")
    assert page.locator(".play .price").get_attribute("value") == page.locator(".choice.main .price").get_attribute("value")

    page.locator(".play").click()

    until(page, PLAYS)
    assert "/lite." in page.evaluate("document.querySelector('video').currentSrc")


def test_on_a_good_line_the_standard_film_is_first(phone: Phone) -> None:
    page = phone.go(PLUG)

    expect(page.locator(".play b")).to_have_text("Play film")
    expect(page.locator(".choice", has_text="Light")).to_be_visible()


def test_any_rung_of_a_ladder_becomes_a_choice(site: Site) -> None:
    lesson = site.by_page[("wire-a-plug", "en")]
    standard = lesson.renditions[0]
    hevc = Rung("standard-hevc", "hevc", "aac", 480, 32, 900_000)  # type: ignore[arg-type]
    slides = Rung("slides", "h264", "aac", 360, 24, 250_000)
    more = (replace(standard, rung=hevc, bytes=standard.bytes + 1), replace(standard, rung=slides))

    found = player.choices(replace(lesson, renditions=(*lesson.renditions, *more)))

    by_name = {choice.name: [source.rendition.rung.name for source in choice.sources] for choice in found}
    assert by_name["standard"] == ["standard", "standard-hevc", "standard-h264"]
    assert by_name["slides"] == ["slides"]


def test_a_tariff_is_told_to_nobody(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.locator(".at").first.click()
    before = len(phone.asked)

    page.locator(".sheet .pick", has_text="Cheap").click()

    assert len(phone.asked) == before
    assert page.evaluate("JSON.parse(localStorage.tariff)") == ["Cheap", 0.1, "May 2026"]
    expect(page.locator("footer [data-used]")).to_contain_text("(1c)")
