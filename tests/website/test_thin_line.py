"""The whole way on slow 3G, as bench-site has it: found, read, watched, saved; and nothing jumps when pictures come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.website.phone import Phone, phone_of, until

PLUG = "electrical/wire-a-plug/"
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # bytes a second
TOLD = """sheet => {
  window.told = []
  const bar = sheet.querySelector('progress')
  new MutationObserver(() => told.push(bar.value)).observe(bar, { attributes: true, attributeFilter: ['value'] })
}"""
# what moved, and from where to where
SHIFTED = """() => new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().flatMap(({ sources }) => sources.map(
    ({ node, previousRect, currentRect }) => [node?.outerHTML ?? node?.textContent, previousRect.y, currentRect.y]
  )))).observe({ type: 'layout-shift', buffered: true })
  setTimeout(done, 500, [])
})"""


@pytest.fixture
def thin(browser: Browser, address: str) -> Iterator[Phone]:
    found = phone_of(browser, address)
    session = found.page.context.new_cdp_session(found.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_3G)
    yield found
    found.page.context.close()


def test_a_lesson_is_found_watched_and_saved(thin: Phone) -> None:
    page = thin.go()
    page.locator("[data-find]").click()
    page.keyboard.type("plgu")
    page.locator("dialog li a", has_text="Wire a three-pin plug").click()
    expect(page.locator("h1")).to_have_text("Wire a three-pin plug")

    page.locator(".play").click()
    until(page, "document.querySelector('video')?.currentTime > 0.2")

    page.locator("[data-do=save]").click()
    page.get_by_role("button", name="Save now").wait_for()
    page.locator(".sheet").evaluate(TOLD)
    page.get_by_role("button", name="Save now").click()
    expect(page.locator(".sheet [role=status]")).to_contain_text("Saved.")
    told = page.evaluate("window.told")
    assert len(told) > 5
    assert told == sorted(told)
    assert told[-1] == pytest.approx(page.evaluate("document.querySelector('.sheet progress').max"), abs=1)


@pytest.mark.parametrize("there", ["", "electrical/", PLUG, "search/", "phone/", "print-desk/"])
def test_nothing_jumps_when_pictures_and_scripts_come(thin: Phone, there: str) -> None:
    page = thin.go(there)
    page.wait_for_load_state("networkidle")

    assert page.evaluate(SHIFTED) == []
