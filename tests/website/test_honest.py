"""Honest about money: the smallest film first where data is dear, any rung of the ladder, what is shown before play."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from site_builder.leaflets import typeset
from site_builder.leaflets.collection import PrintSource
from site_builder.library import playback, prices
from site_builder.library.artifacts import Lesson, Rendition, Vmaf
from site_builder.library.grades import MIN_PHONE_VMAF
from site_builder.library.ladder import Rung
from site_builder.library.messages import messages_of
from site_builder.website import media_sources
from site_builder.website.pages import share
from site_builder.website.site import Site
from tests.leaflets.reading import words_of
from tests.website.phone import Phone, until

EN = messages_of("en")
PLUG = "electrical/wire-a-plug/"
PLAYS = "() => { const film = document.querySelector('.stage video'); return film && film.currentTime > 0.2 }"


@pytest.mark.parametrize("line", ["{ saveData: true }", "{ effectiveType: '2g' }", "{ effectiveType: 'slow-2g' }"])
def test_with_the_data_saver_on_the_light_film_is_offered_first(phone: Phone, line: str) -> None:
    page = phone.page
    page.add_init_script(f"Object.defineProperty(navigator, 'connection', {{ value: {line} }})")
    phone.go(PLUG)
    expect(page.locator(".play")).to_contain_text("Play film: Light")
    assert page.locator(".play .price").get_attribute("value") == page.locator(".choice.main .price").get_attribute("value")
    assert page.locator(".watch .price").first.text_content() == page.locator(".play .price").text_content()

    page.locator(".play").click()

    until(page, PLAYS)
    assert "/lite." in page.evaluate("document.querySelector('video').currentSrc")


def test_on_a_good_line_the_standard_film_is_first(phone: Phone) -> None:
    page = phone.go(PLUG)

    expect(page.locator(".play b")).to_have_text("Play film")
    expect(page.locator(".choice", has_text="Light")).to_be_visible()


def test_any_rung_of_a_ladder_becomes_a_choice(site: Site) -> None:
    lesson = site.lessons.by_page[("wire-a-plug", "en")]
    standard = lesson.renditions[0]
    hevc = Rung("standard-hevc", "hevc", "aac", 480, 32, 900_000)  # type: ignore[arg-type]
    slides = Rung("slides", "h264", "aac", 360, 24, 250_000)
    more = (replace(standard, rung=hevc, bytes=standard.bytes + 1), replace(standard, rung=slides))

    found = media_sources.choices(replace(lesson, renditions=(*lesson.renditions, *more)))

    by_name = {choice.name: [source.rendition.rung.name for source in choice.sources] for choice in found}
    assert by_name["standard"] == ["standard", "standard-hevc", "standard-h264"]
    assert by_name["slides"] == ["slides"]


def test_page_list_message_and_paper_name_the_same_film(phone: Phone, site: Site, tmp_path: Path) -> None:
    """A page says what the film costs that its phone plays; all that goes to any phone says the most of these."""
    lesson = site.lessons.by_page[("wire-a-plug", "en")]
    sent = replace(lesson.renditions[0], rung=replace(lesson.renditions[0].rung, name="whatsapp", card=True), bytes=890_000)
    most = playback.film_bytes((*lesson.renditions, sent)) or 0
    size, tag = prices.size_text(most, EN), prices.size_and_price(most, site.settings.tariff, EN)

    printed = {}
    for format in ("leaflet", "labels", "poster"):
        typeset.make_print(
            format, [PrintSource(lesson.howto, film_seconds=3, film_bytes=most)], site.settings, tmp_path / f"{format}.pdf"
        )
        printed[format] = re.search(r"(?:Film|film)\W+up to [\d.]+ MB(?: · \d+c of data)?", said(tmp_path / f"{format}.pdf"))
    plain = phone.page.request.get(phone.address + PLUG).text()
    page = phone.go(PLUG)
    offered = {row[2] for row in json.loads(page.locator(".play").get_attribute("data-sources") or "")}
    shown = int(page.locator(".play .price").get_attribute("value") or 0)

    assert {name: found and found[0] for name, found in printed.items()} == {
        "leaflet": f"Film: up to {tag} of data".replace("\xa0", " "),
        "labels": f"film · up to {size}".replace("\xa0", " "),
        "poster": f"film · up to {size}".replace("\xa0", " "),
    }
    assert f"Film: up to {tag} of data" in share.chat_message(lesson, "", site.settings.tariff, EN)
    assert max(offered) == most
    assert shown in offered
    assert len(offered) > 1, "this film has one size alone, and proves nothing"
    listed = phone.page.request.get(phone.address + "electrical/").text()
    for there in (plain, listed):
        (of_any_phone,) = {int(found) for found in re.findall(r'class="price" value="(\d+)"', there)} & offered
        assert f">{prices.size_and_price(of_any_phone, site.settings.tariff, EN)}</data>" in there


def test_the_film_that_is_dearest_on_some_phone_is_what_paper_names(site: Site) -> None:
    standard = site.lessons.by_page[("wire-a-plug", "en")].renditions[0]
    rows = [("standard", "av1", 900_000), ("standard-h264", "h264", 700_000), ("lite", "av1", 950_000)]
    made = [replace(graded(standard, 90, name=name, video=video), bytes=size) for name, video, size in rows]

    assert playback.film_bytes(made) == 900_000
    assert playback.film_bytes(made[1:]) == 700_000
    assert playback.film_bytes([]) is None


def said(pdf: Path) -> str:
    return " ".join(" ".join(words_of(pdf)).split())


def graded(rendition: Rendition, phone: float, **rung: object) -> Rendition:
    row = replace(rendition.rung, **rung)  # type: ignore[arg-type]
    return replace(rendition, rung=row, vmaf=Vmaf(phone, phone, phone, phone, phone, phone))


@pytest.fixture
def graded_films(site: Site) -> tuple[Lesson, Rendition, Rendition, Rendition]:
    """A lesson, and renditions for it: its standard film, a light one that is a blur, and slides."""
    lesson = site.lessons.by_page[("wire-a-plug", "en")]
    standard = graded(lesson.renditions[0], 90)
    blurred = graded(standard, MIN_PHONE_VMAF - 1, name="lite", budget=360_000)
    slides = graded(standard, 95, name="slides", shows="slides", budget=200_000)
    return lesson, standard, blurred, slides


def names(lesson: Lesson, *renditions: Rendition) -> list[str]:
    return [choice.name for choice in media_sources.choices(replace(lesson, renditions=renditions))]


def test_slides_take_the_place_of_a_light_film_that_is_a_blur(
    graded_films: tuple[Lesson, Rendition, Rendition, Rendition],
) -> None:
    lesson, standard, blurred, slides = graded_films
    clear = graded(blurred, MIN_PHONE_VMAF + 1)

    assert names(lesson, standard, blurred, slides) == ["standard", "slides"]
    assert names(lesson, standard, clear, slides) == ["standard", "lite", "slides"]


def test_a_poor_film_is_better_than_none(graded_films: tuple[Lesson, Rendition, Rendition, Rendition]) -> None:
    lesson, standard, blurred, slides = graded_films

    assert names(lesson, standard, blurred) == ["standard", "lite"]
    assert names(lesson, graded(standard, 30), slides) == ["standard", "slides"]


def test_the_film_to_send_is_no_choice_to_play(graded_films: tuple[Lesson, Rendition, Rendition, Rendition]) -> None:
    lesson, standard, *_ = graded_films
    carded = replace(standard, rung=replace(standard.rung, name="whatsapp", card=True), key="f" * 64)
    whole = replace(lesson, renditions=(standard, carded))

    assert names(lesson, standard, carded) == ["standard"]
    sent = media_sources.chat_film(whole)
    assert sent is not None
    assert sent.address == "media/wire-a-plug/whatsapp.ffffffff.mp4"


def test_each_phone_takes_the_best_that_it_decodes(graded_films: tuple[Lesson, Rendition, Rendition, Rendition]) -> None:
    lesson, standard, *_ = graded_films
    rows = [("standard-h264", "h264", 700_000), ("standard-hevc", "hevc", 800_000), ("standard", "av1", 900_000)]
    made = tuple(replace(graded(standard, 90, name=name, video=video), bytes=size) for name, video, size in rows)

    (choice,) = media_sources.choices(replace(lesson, renditions=made))

    assert [source.rendition.rung.video for source in choice.sources] == ["av1", "hevc", "h264"]
    assert choice.fallback.rendition.rung.video == "h264"


def test_a_tariff_is_told_to_nobody(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.locator(".at").first.click()
    before = len(phone.asked)

    page.locator(".sheet .pick", has_text="Cheap").click()

    assert len(phone.asked) == before
    assert page.evaluate("JSON.parse(localStorage.tariff)") == ["Cheap", 0.1, "May 2026"]
    expect(page.locator("footer [data-used]")).to_contain_text("(1c)")
