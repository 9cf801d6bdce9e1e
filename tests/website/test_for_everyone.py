"""WCAG 2.2 AA by axe-core on every kind of page, in light and dark and at twice the text; keyboard, motion, captions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, expect

from tests.website.phone import Phone, phone_of, until

PLUG = "electrical/wire-a-plug/"
DESK = ("print-desk/", "print-desk/electrical/", "k7p/?s=l1.0")
KINDS = (
    "",
    "electrical/",
    PLUG,
    f"{PLUG}more/",
    f"af/{PLUG}",
    "building/mix-mortar/",
    "search/",
    "phone/",
    "about/",
    "no/such/page/",
    *DESK,
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECK = """async rules => (await axe.run(document, { runOnly: rules })).violations
  .map(one => [one.id, ...one.nodes.slice(0, 3).map(node => node.html.slice(0, 150) + ' ' + node.failureSummary)])"""


@pytest.fixture(scope="session")
def axe() -> str:
    return next(Path(axe_playwright_python.__path__[0]).rglob("axe.min.js")).read_text("utf-8")


@pytest.fixture(scope="module", params=["light", "dark"])
def one_phone(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Phone]:
    """One for all pages: to begin with a new one takes longer than to look at a page."""
    # axe is put into the page from outside, which the pages' own policy forbids
    found = phone_of(browser, address, color_scheme=request.param, service_workers="block", bypass_csp=True)
    yield found
    found.page.context.close()


@pytest.fixture
def in_colours(one_phone: Phone) -> Iterator[Phone]:
    yield one_phone
    one_phone.forget()


def complaints(phone: Phone, axe: str) -> list[str]:
    phone.page.evaluate(axe)
    found: list[str] = phone.page.evaluate(CHECK, RULES)
    return found


@pytest.mark.parametrize("there", KINDS)
def test_axe_finds_nothing(in_colours: Phone, axe: str, there: str) -> None:
    page = in_colours.go(there)
    for summary in page.locator("summary").all():
        summary.click()

    assert complaints(in_colours, axe) == []

    page.evaluate("document.documentElement.style.fontSize = '212%'")
    assert complaints(in_colours, axe) == []


def test_axe_finds_nothing_in_the_sheets_and_in_the_search(in_colours: Phone, axe: str) -> None:
    page = in_colours.go(PLUG)
    for name in ("save", "share", "pickTariff"):
        page.locator(f"[data-do={name}]").first.click()
        expect(page.locator(".sheet h2")).to_be_visible()
        page.wait_for_timeout(200)
        assert complaints(in_colours, axe) == []
        page.get_by_role("button", name="Close").click()
    page.locator("[data-search]").click()
    page.keyboard.type("plug")
    expect(page.locator("dialog li a").first).to_be_visible()

    assert complaints(in_colours, axe) == []


def test_axe_finds_nothing_while_a_film_plays_and_when_it_has_ended(in_colours: Phone, axe: str) -> None:
    page = in_colours.go(PLUG)
    page.locator(".play").click()
    until(page, "document.querySelector('video')?.currentTime > 0")
    assert complaints(in_colours, axe) == []

    until(page, "document.querySelector('video').ended")
    expect(page.locator(".stage + .verdict")).to_be_visible()

    assert complaints(in_colours, axe) == []


def test_a_lesson_is_saved_with_the_keyboard_alone(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.locator("[data-do=save]").focus()

    page.keyboard.press("Enter")
    expect(page.locator(".sheet .sum")).to_be_visible()
    page.get_by_role("button", name="Save now").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sheet [role=status]")).to_contain_text("Saved.")
    page.keyboard.press("Escape")

    expect(page.locator(".sheet")).to_have_count(0)
    assert page.evaluate("document.activeElement.dataset.do") == "save"


def test_where_the_focus_is_can_be_seen(phone: Phone) -> None:
    page = phone.go(PLUG)
    for _ in range(12):
        page.keyboard.press("Tab")
        shown = page.evaluate("(() => { const style = getComputedStyle(document.activeElement); return style.outlineStyle })()")
        assert shown == "solid"


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_what_is_printed_is_black_whatever_the_screen_s_colours(phone: Phone, colours: Literal["light", "dark"]) -> None:
    """Browsers print no backgrounds: white letters on red, or a dark page's pale ones, would not be read on paper."""
    page = phone.go(PLUG)

    page.emulate_media(media="print", color_scheme=colours)

    inks = page.evaluate("""() => [...document.querySelectorAll('main *')].filter(one => one.offsetParent)
        .flatMap(one => ['', '::before'].map(part => getComputedStyle(one, part).color))""")
    assert set(inks) == {"rgb(0, 0, 0)"}
    expect(page.get_by_text("Send my list")).to_be_hidden()
    expect(page.locator(".need .pick").first).to_be_visible()


def test_a_film_whose_voice_tells_all_says_so(phone: Phone) -> None:
    page = phone.go(PLUG)

    expect(page.locator(".choices + p")).to_contain_text("What it shows is also said, or written below.")


def test_nothing_moves_by_itself(phone: Phone) -> None:
    page = phone.go(PLUG)

    assert page.evaluate("document.getAnimations().length") == 0
    assert (
        page.evaluate("[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).transitionDuration !== '0s').length")
        == 0
    )
