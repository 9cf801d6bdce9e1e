"""What a customer with a cheap phone sees and pays: real Chromium, 360 × 640."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.website.phone import until

if TYPE_CHECKING:
    from tests.website.phone import Phone

PLUG = "electrical/wire-a-plug/"
PLAYS = "() => { const film = document.querySelector('.stage video, .stage audio'); return film && film.currentTime > 0.2 }"


def test_from_home_by_search_to_a_playing_film(phone: Phone) -> None:
    page = phone.go()
    page.locator("[data-find]").click()
    page.keyboard.type("plug")
    page.locator("dialog li a").first.click()
    expect(page.locator("h1")).to_have_text("Wire a three-pin plug")

    page.locator(".play").click()

    until(page, PLAYS)
    assert page.evaluate("document.querySelector('video').currentSrc").count("/standard.") == 1


def test_no_byte_of_a_film_is_asked_for_before_a_tap(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.wait_for_load_state("networkidle")

    assert phone.films_asked == []


def test_a_visit_asks_for_page_style_script_and_pictures_only(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.wait_for_load_state("networkidle")

    other = [url for url in phone.asked if not re.search(r"\.(webp|jpg)$", url) and not url.startswith("data:")]
    assert len(other) == 3


def test_a_film_that_av1_is_refused_plays_as_h264(phone: Phone) -> None:
    page = phone.page
    page.route("**/standard.*.mp4", lambda route: route.abort())
    phone.go(PLUG)

    page.locator(".play").click()

    until(page, PLAYS)
    assert "/standard-h264." in page.evaluate("document.querySelector('video').currentSrc")
    phone.errors.clear()  # the refused request is told in the console


def test_a_phone_without_av1_is_shown_the_price_of_h264(phone: Phone) -> None:
    page = phone.page
    page.add_init_script(
        "const can = HTMLMediaElement.prototype.canPlayType;"
        "HTMLMediaElement.prototype.canPlayType = function (type) { return /av01|opus/.test(type) ? '' : can.call(this, type) }"
    )
    phone.go(PLUG)

    price = page.locator(".play .price")
    expect(price).to_have_text(price.evaluate("tag => tag.textContent"))
    assert "/standard-h264." in page.locator(".play").get_attribute("href")
    expect(page.locator(".choice", has_text="Light")).to_be_hidden()


def test_a_list_a_page_and_the_search_tell_the_same_price(phone: Phone) -> None:
    page = phone.go("electrical/")
    price = page.locator(".rows .price").text_content() or ""
    page.locator("[data-search]").click()
    page.keyboard.type("plug")
    expect(page.locator("dialog li a").first).to_contain_text(price)

    phone.go(PLUG)

    expect(page.locator(".play .price")).to_have_text(price)
    assert page.locator(".play .price").get_attribute("value") == str(standard_bytes(page, "standard."))


def standard_bytes(page: Page, name: str) -> int:
    sources = json.loads(page.locator(".play").get_attribute("data-sources") or "[]")
    (found,) = [size for _, address, size in sources if name in address]
    return int(found)


def test_a_film_that_does_not_come_says_so_and_can_be_tried_again(phone: Phone) -> None:
    page = phone.page
    page.route("**/*.mp4", lambda route: route.abort())
    phone.go(PLUG)

    page.locator(".play").click()

    expect(page.locator(".failed")).to_be_visible()
    expect(page.locator(".play")).to_be_visible()
    page.unroute("**/*.mp4")
    page.locator(".play").click()
    until(page, PLAYS)
    phone.errors.clear()


def test_captions_are_shown(phone: Phone) -> None:
    page = phone.go(PLUG)

    page.locator(".play").click()

    until(page, "document.querySelector('video')?.textTracks[0]?.activeCues?.[0]?.text.includes('Pull it out')")
    assert page.evaluate("document.querySelector('video').textTracks[0].mode") == "showing"


def test_a_step_seeks_and_is_marked(phone: Phone) -> None:
    page = phone.go(PLUG)

    page.locator("#test .watch").click()

    until(page, "document.querySelector('video')?.currentTime >= 2")
    expect(page.locator("#test")).to_have_attribute("aria-current", "step")


def test_a_step_shows_the_price_until_the_film_is_paid_for(phone: Phone) -> None:
    page = phone.go(PLUG)
    expect(page.locator("#test .watch .price")).to_be_visible()

    page.locator(".play").click()

    expect(page.locator("#test .watch .price")).to_be_hidden()


def test_sound_alone_shows_the_stills(phone: Phone) -> None:
    page = phone.go(PLUG)

    page.locator(".choice", has_text="Sound only").click()

    until(page, PLAYS)
    expect(page.locator(".scene img")).to_have_attribute("src", re.compile(r"/unplug\."))
    until(page, "document.querySelector('.scene img').src.includes('/connect.')")
    assert not [url for url in phone.films_asked if "standard" in url or "lite" in url]


def test_another_quality_goes_on_where_the_film_was(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.locator("#connect .watch").click()
    until(page, PLAYS)

    page.locator(".choice", has_text="Light").click()

    until(page, "document.querySelector('video').currentSrc.includes('/lite.')")
    until(page, "document.querySelector('video').currentTime >= 1")


def test_the_film_begins_at_the_second_in_the_address(phone: Phone) -> None:
    page = phone.go(f"{PLUG}?t=2")

    page.locator(".play").click()

    until(page, "document.querySelector('video')?.currentTime >= 2")


def test_the_leaflet_comes_down(phone: Phone) -> None:
    page = phone.go(PLUG)

    with page.expect_download() as coming:
        page.locator("a[href$='.pdf']").click()

    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF")


def test_the_list_of_words_is_loaded_by_search_alone(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.wait_for_load_state("networkidle")
    before = [url for url in phone.asked if ".json" in url or "assets/search" in url]

    page.locator("[data-search]").click()
    page.keyboard.type("mortar")
    expect(page.locator("dialog li strong")).to_have_count(1)

    assert before == []


@pytest.mark.parametrize("keys", ["\nwich plgu", "wich plgu"], ids=["opened first", "typed at once"])
@pytest.mark.parametrize("opener", ["[data-find]", "[data-search]"])
def test_search_works_with_the_keyboard_alone(phone: Phone, opener: str, keys: str) -> None:
    page = phone.go()
    page.locator(opener).focus()
    page.keyboard.type(keys)
    expect(page.locator("dialog input")).to_have_value("wich plgu")
    expect(page.locator("dialog li strong").first).to_have_text("Wire a three-pin plug")
    expect(page.locator("dialog [role=status]")).to_contain_text("found")
    page.wait_for_timeout(1000)  # on a slow machine half of what is typed is answered first, and its list goes again

    page.keyboard.press("ArrowDown")
    expect(page.locator("dialog li a").first).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/{PLUG}")


def test_a_word_that_nothing_has_is_said_to_be_lost(phone: Phone) -> None:
    page = phone.go()
    page.locator("[data-find]").click()

    page.keyboard.type("xqzw")

    expect(page.locator("dialog [role=status]")).to_have_text("Nothing found. Try another word.")
    expect(page.locator("dialog li a")).to_have_text("Ask us to make this one")


def test_what_is_only_near_is_called_so_and_not_opened_unseen(phone: Phone) -> None:
    page = phone.go()
    page.locator("[data-find]").click()

    page.keyboard.type("braai plug")

    expect(page.locator("dialog [role=status]")).to_have_text("We did not find that. Perhaps one of these:")
    expect(page.locator("dialog li a")).to_have_text([re.compile("Wire a three-pin plug"), "Ask us to make this one"])
    page.keyboard.press("Enter")
    expect(page.locator("dialog li a").first).to_be_focused()
    assert page.url == phone.address


def test_a_category_is_found_and_opened(phone: Phone) -> None:
    page = phone.go(f"af/{PLUG}")
    page.locator("[data-search]").click()
    page.keyboard.type("elektrisiteit")
    expect(page.locator("dialog [role=status]")).to_have_text("1 gevind")
    expect(page.locator("dialog li").first).to_have_text(re.compile("^Elektrisiteit1 "))

    page.keyboard.press("Enter")

    page.wait_for_url("**/af/electrical/")


def test_a_lost_address_has_search_and_subjects(phone: Phone) -> None:
    page = phone.go("no/such/page/")

    page.locator("[data-find]").click()
    page.keyboard.type("plug")
    page.locator("dialog li a").first.click()

    page.wait_for_url(f"**/{PLUG}")
    phone.errors.clear()  # the 404 itself


def test_a_printed_code_leads_to_its_how_to(phone: Phone) -> None:
    page = phone.go("k7p/")

    page.wait_for_url(f"**/{PLUG}")


def test_the_other_language_is_the_same_page(phone: Phone) -> None:
    page = phone.go(PLUG)

    page.locator("a.lang").click()

    expect(page.locator("h1")).to_have_text("Bedraad 'n prop")
    assert page.locator("html").get_attribute("lang") == "af"


def test_the_calculator_counts_whole_packs(phone: Phone) -> None:
    page = phone.go("building/mix-mortar/")
    expect(page.locator("output")).to_have_text("3 bags")  # 6 × 2 × 0.156 × 1.1 = 2.06

    page.locator(".asks input").fill("2.9")
    expect(page.locator("output")).to_have_text("1 bag")

    page.locator(".asks input").fill("900")
    expect(page.locator("output")).to_have_text("–")
    expect(page.locator(".calculator [role=alert]")).to_have_text("Wall area: give a number from 0.5 to 200 m².")


EVERY_KIND = (
    "",
    "search/",
    "electrical/",
    PLUG,
    f"{PLUG}more/",
    "building/mix-mortar/",
    f"af/{PLUG}",
    "phone/",
    "about/",
    "print-desk/",
)
EVERY_KIND += ("print-desk/electrical/", "no/such/page/")
SMALL = """() => [...document.querySelectorAll('a, button, input, summary')]
  .filter(one => one.offsetParent && !one.closest('.skip, .prose p, .prose li') && !one.matches('.pick input'))
  .filter(one => { const r = one.getBoundingClientRect(); return r.width < 44 || r.height < 44 })
  .map(one => one.outerHTML)"""


def test_every_target_is_large_and_nothing_is_wider_than_the_phone(phone: Phone) -> None:
    for there in EVERY_KIND:
        page = phone.go(there)

        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    phone.errors.clear()  # the 404 itself


def test_every_target_in_a_sheet_and_in_the_search_is_large(phone: Phone) -> None:
    page = phone.go(PLUG)
    for control in ("save", "share", "pickTariff", "verdict"):
        page.locator(f"[data-do={control}]").last.click()
        expect(page.locator(".sheet .button").first).to_be_visible()
        assert page.evaluate(SMALL) == []
        page.get_by_role("button", name="Close").click()
    page.locator("[data-search]").click()
    page.keyboard.type("plug")
    expect(page.locator("dialog li a").first).to_be_visible()

    assert page.evaluate(SMALL) == []


def test_text_at_twice_its_size_still_fits(phone: Phone) -> None:
    page = phone.go(PLUG)

    page.evaluate("document.documentElement.style.fontSize = '212%'")

    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_no_cookie_and_nothing_stored_but_the_day_s_bytes(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.locator(".play").click()
    until(page, PLAYS)

    assert page.context.cookies() == []
    page.wait_for_timeout(300)
    stored = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert set(stored) <= {"used", "unheard", "visit"}  # what waits to be told; a number for this visit alone


def test_without_script_all_is_there(phone_without_script: Phone) -> None:
    page = phone_without_script.go(PLUG)

    for words in ("230 V can kill", "Follow the letters.", "It works.", "Play film", "Sound only", "Leaflet (PDF, 2 pages)"):
        expect(page.get_by_text(words).first).to_be_visible()
    assert "/standard-h264." in page.locator(".play").get_attribute("href")
    assert page.locator("#test .watch").get_attribute("href").endswith("#t=2")

    page.locator("a.find").click()
    expect(page.get_by_role("link", name="Wire a three-pin plug")).to_be_visible()
    assert [url for url in phone_without_script.asked if url.endswith(".js")] == []


def seen(page: Page, selector: str) -> bool:
    """All of it stands on the screen."""
    inside: bool = page.locator(selector).first.evaluate(
        "one => { const { top, bottom } = one.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight }"
    )
    return inside


def test_a_dangerous_how_to_leads_to_its_film_from_the_first_screen_by_what_must_not_be_started(phone: Phone) -> None:
    page = phone.go(PLUG)
    assert seen(page, ".danger")
    assert seen(page, ".jump")
    assert not seen(page, ".play")

    page.get_by_role("link", name="Film", exact=False).first.click()
    until(page, "scrollY > 0")

    assert seen(page, ".stop li")
    assert seen(page, ".go")
    order = page.evaluate(
        """['.danger', '.stop', '.play'].map(one => document.querySelector(one).getBoundingClientRect().top)"""
    )
    assert order == sorted(order)


def test_other_how_tos_begin_with_the_film_and_need_no_jump(phone: Phone) -> None:
    page = phone.go("building/mix-mortar/")

    expect(page.locator(".jump")).to_have_count(0)


def cue_size(page: Page) -> float:
    """Of the caption that is on the film now, in CSS pixels: it stands in the player's own shadow tree."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    todo = [session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]]
    while todo:
        node = todo.pop()
        if node.get("attributes", [])[:2] == ["pseudo", "cue"] or "cue" in node.get("attributes", []):
            style = session.send("CSS.getComputedStyleForNode", {"nodeId": node["nodeId"]})["computedStyle"]
            return float(next(one["value"] for one in style if one["name"] == "font-size").removesuffix("px"))
        todo += [*node.get("children", []), *node.get("shadowRoots", [])]
    raise AssertionError("no caption is shown")


def test_captions_are_as_large_as_the_words_of_the_page(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.locator(".play").click()
    until(page, "document.querySelector('video')?.textTracks[0]?.activeCues?.length > 0")
    page.locator("video").evaluate("film => film.pause()")

    assert cue_size(page) >= 17
