"""Text at twice its size on a phone 360 px wide, on every kind of page: nothing runs over, beside or under anything else.

Two ways in which Chrome for Android has it larger, both as the browser itself does them: the phone's own text size, which a
page with `<meta name="text-scale">` is given as its root's type (older ones ignore the tag), and the browser's zoom, which
makes the page as narrow as it makes the type large: 180 px.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from site_builder import mkdocs_plugin
from site_builder.library import loading, settings_file
from site_builder.library.artifacts import Rendition
from tests.website.library import lesson_of, prints
from tests.website.line import Line
from tests.website.phone import Phone, phone_of, serving, until

PLUG = "electrical/wire-a-plug/"
MORTAR = "building/mix-mortar/"
ARABIC = """\
---
translates: 1.1.0
title: ركّب قابساً بثلاثة أسنان
summary: ركّب قابساً جديداً على سلك.
do_not_start_if: [السلك محروق.]
steps: [{id: unplug, title: أطفئ التيار, text: اسحب القابس من الجدار.}]
---
"""
# the longest words that the languages of the country make
LONG = """\
---
translates: 1.0.0
title: Grondlekskakelaartoetsprosedure vir sementmengselverhoudings
steps: [{id: mix, title: Betonmengverhoudings, text: Meng dit.}]
---
"""
FOUND = """() => {
  const seen = one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.said, .skip, [hidden]')
  // what lies over the page hides what it lies over
  const top = document.querySelector('dialog[open]') ?? document.querySelector('.lang[open]') ?? document.body
  const moves = (flow, all, seen) => ['auto', 'scroll'].includes(flow) && all > seen
  const aside = one =>
    moves(getComputedStyle(one).overflowX, one.scrollWidth, one.clientWidth) ||
    moves(getComputedStyle(one).overflowY, one.scrollHeight, one.clientHeight)
  const rolls = one => one && one !== document.body && one !== top && (aside(one) || rolls(one.parentElement))
  const cross = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 0 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 0
  const inner = (box, across, down) =>
    ({ left: box.left + across, right: box.right - across, top: box.top + down, bottom: box.bottom - down })
  const found = new Set()
  const width = document.documentElement.clientWidth // the phone's; innerWidth grows with what runs over it
  if (document.documentElement.scrollWidth > width) found.add(`sideways: ${document.documentElement.scrollWidth}`)

  // letters stand in the middle of their line's box, which has room for marks above and below
  const texts = []
  const walk = document.createTreeWalker(top, NodeFilter.SHOW_TEXT)
  for (let node; (node = walk.nextNode()); ) {
    const parent = node.parentElement
    if (!node.data.trim() || parent.closest('script, style') || !seen(parent) || rolls(parent)) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    for (const box of range.getClientRects())
      if (box.width > 2) texts.push({ node, said: node.data.trim().slice(0, 40), ...inner(box, 1, box.height / 5) })
  }
  for (const [at, one] of texts.entries()) {
    if (one.left < 0 || one.right > width) found.add(`beside the page: ${one.said}`)
    for (const other of texts.slice(at + 1))
      if (one.node !== other.node && cross(one, other)) found.add(`text on text: ${one.said} | ${other.said}`)
  }
  const controls = [...top.querySelectorAll('a, button, input, summary, label')].filter(seen)
  for (const [at, one] of controls.entries())
    for (const other of controls.slice(at + 1))
      if (!one.contains(other) && !other.contains(one) &&
          cross(inner(one.getBoundingClientRect(), 1, 1), inner(other.getBoundingClientRect(), 1, 1)))
        found.add(`control on control: ${one.textContent.trim().slice(0, 40)} | ${other.textContent.trim().slice(0, 40)}`)
  for (const one of top.querySelectorAll('*'))
    if (seen(one) && one.clientWidth && !one.closest('svg') && !rolls(one) && getComputedStyle(one).display !== 'inline' &&
        one.scrollWidth > one.clientWidth + 1)
      found.add(`runs out of its box: ${one.localName}.${one.className}, ${one.scrollWidth} of ${one.clientWidth}`)
  return { found: [...found], texts: texts.length }
}"""


def nothing(page: Page) -> None:
    pass


def search(page: Page) -> None:
    page.locator("[data-search]").click()
    page.keyboard.type("plug")
    page.locator("#r li a").first.wait_for()


def search_for_nothing(page: Page) -> None:
    page.locator("[data-search]").click()
    page.keyboard.type("xyzzy")
    page.locator("[role=status]", has_text="Nothing").or_(page.locator("#r li")).first.wait_for()


def languages(page: Page) -> None:
    page.locator(".lang summary").click()


def play(page: Page) -> None:
    page.locator(".play").click()
    until(page, "document.querySelector('video')?.currentTime > 0")
    page.locator("video").evaluate("film => film.pause()")


def sheet(name: str) -> Callable[[Page], None]:
    def opened(page: Page) -> None:
        page.locator(f"[data-do={name}]").first.click()
        page.locator(".sheet h2").wait_for()

    return opened


def saved(page: Page) -> None:
    row = {"title": "Wire a three-pin plug", "version": "1.1.0", "film": ["Light", "", 312_345], "files": [], "bytes": 400_000}
    page.evaluate("rows => { localStorage.saved = JSON.stringify(rows) }", {PLUG: row | {"done": True}, MORTAR: row})
    page.evaluate("localStorage.asked = JSON.stringify(new Date().toDateString())")
    page.reload()
    page.locator("[data-saved] li").first.wait_for()


def unfolded(page: Page) -> None:
    for summary in page.locator("main summary").all():
        summary.click()


# every kind of page and what comes over it: address, what is done there
VIEWS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "home": ("", nothing),
    "languages": ("", languages),
    "category": ("electrical/", nothing),
    "search": ("", search),
    "found nothing": ("", search_for_nothing),
    "a-z": ("search/", nothing),
    "high risk": (PLUG, unfolded),
    "playing": (PLUG, play),
    "to save": (PLUG, sheet("save")),
    "to share": (PLUG, sheet("share")),
    "tariffs": (PLUG, sheet("pickTariff")),
    "did not work": (PLUG, lambda page: page.locator("[data-said=no]").click()),
    "behind": (f"{PLUG}more/", nothing),
    "on this phone": ("phone/", unfolded),
    "saved": ("phone/", saved),
}
ONCE: dict[str, tuple[str, Callable[[Page], None]]] = {
    "low risk": (MORTAR, nothing),
    "long words": (f"af/{MORTAR}", nothing),
    "list of long words": ("af/building/", nothing),
    "long words behind": (f"af/{PLUG}", unfolded),
    "older print": ("k7p/?s=l1.0", nothing),
    "editor's own": ("about/", nothing),
    "lost": ("no/such/page/", nothing),
    "desk": ("print-desk/", lambda page: page.locator(".make").wait_for()),
    "desk, a category": ("print-desk/electrical/", nothing),
    "report": ("build-report.html", nothing),
}


@pytest.fixture(scope="module")
def top(folder: Path, films: tuple[Rendition, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library in English, Afrikaans and Arabic, with all that can be made of it."""
    root = tmp_path_factory.mktemp("large") / "library"
    shutil.copytree(folder, root)
    (root / "content/electrical/wire-a-plug.ar.md").write_text(ARABIC, "utf-8")
    (root / "content/building/mix-mortar.af.md").write_text(LONG, "utf-8")
    told = settings_file.load_settings(root / "mkdocs.yml")
    library, _ = loading.load_library(told)
    lessons = tuple(lesson_of(howto, root, films) for howto in library.howtos)
    place = (0, 1.0, 1.0, 2.0, 2.0, "https://shop.example/k7p?s=l1.1")
    printed = tuple(replace(one, qr_boxes=(place,)) for one in prints(root, root / "leaflet.pdf"))
    mkdocs_plugin.build_site(
        told, SimpleNamespace(library=library, lessons=lessons, problems=(), figures={}, prints=printed), root / "www/how-to"
    )
    return root / "www/how-to"


@pytest.fixture(scope="module")
def line(top: Path) -> Iterator[Line]:
    server = serving(top)
    found = Line(server.effective_port)
    yield found
    found.close()
    server.close()


@pytest.fixture(scope="module", params=["text at 200 %", "zoom at 200 %"])
def phone_with_large_text(request: pytest.FixtureRequest, browser: Browser, line: Line) -> Iterator[Phone]:
    found = phone_of(browser, f"http://127.0.0.1:{line.port}/how-to/")
    if request.param == "zoom at 200 %":
        found.page.set_viewport_size({"width": 180, "height": 320})
    else:
        found.page.context.new_cdp_session(found.page).send("Emulation.setEmulatedOSTextScale", {"scale": 2})
    yield found
    found.page.context.close()


@pytest.fixture
def large(phone_with_large_text: Phone) -> Iterator[Phone]:
    """One phone for all pages: to begin with a new one takes longer than to look at a page."""
    yield phone_with_large_text
    phone_with_large_text.page.evaluate("localStorage.clear()")


def looked_at(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(FOUND)
    assert found["texts"]
    return found


def is_large(page: Page) -> bool:
    """The root's type is twice as large as it is without, or the page half as wide."""
    size: float = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    width: float = page.evaluate("document.documentElement.clientWidth")
    return size >= 32 or width <= 180


@pytest.mark.parametrize("lang", ["", "ar/"])
@pytest.mark.parametrize("name", VIEWS)
def test_nothing_overlaps_at_twice_the_text(name: str, lang: str, large: Phone) -> None:
    there, act = VIEWS[name]
    page = large.go(lang + there)
    assert is_large(page)

    act(page)

    assert looked_at(page)["found"] == []


@pytest.mark.parametrize("name", ONCE)
def test_nothing_overlaps_on_pages_that_one_language_has(name: str, large: Phone) -> None:
    there, act = ONCE[name]
    page = large.go(there)
    assert is_large(page)

    act(page)

    assert looked_at(page)["found"] == []


def test_nothing_overlaps_without_a_connection(large: Phone, line: Line) -> None:
    page = large.go(PLUG)
    page.locator("h1").tap()
    until(page, "navigator.serviceWorker.controller && caches.match(location.href).then(found => !!found)")

    line.cut()
    try:
        page.goto(f"{large.address}building/")
        page.locator("h1", has_text="No connection").wait_for()
        assert is_large(page)

        assert looked_at(page)["found"] == []
    finally:
        line.mend()


def test_a_phone_with_large_text_is_what_is_seen_here(large: Phone) -> None:
    """The test's own eyes: what it looks for is found where it is."""
    page = large.go(PLUG)

    page.evaluate("document.querySelector('h1').style.marginBottom = '-3rem'")
    assert any(one.startswith("text on text: Wire a three-pin plug") for one in looked_at(page)["found"])
    page.evaluate("document.querySelector('h1').style.cssText = 'white-space: nowrap; word-spacing: 5rem'")
    assert any(one.startswith("beside the page: Wire a three-pin plug") for one in looked_at(page)["found"])
