"""How pages look, held against small pictures of how they looked when somebody looked at them.

Pictures are a quarter of a phone's screen, in grey, in the leaflets' own font, so that another machine's fonts do not matter:
they see a part that is gone, moved or turned dark, and not a letter. After a change that is meant, look at the pages, then
write new ones with `RENEW=1 pytest tests/website/test_golden.py` and look at those.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page

from site_builder.library import content, settings
from site_builder.library.model import Lesson
from site_builder.website import plugin
from tests.conftest import Project
from tests.website.conftest import phone_of, serving, until

GOLDEN = Path(__file__).with_name("golden")
FONTS = Path(__file__).parents[2] / "site_builder/leaflets/fonts"
SIZE = (90, 160)
PLUG = "electrical/wire-a-plug/"
ARABIC = "---\ntranslates: 1.0.0\ntitle: توصيل قابس\nsteps: [{id: unplug, title: افصل}]\n---\n"
MEAN, BLOCK = 5.0, 40.0  # of 255: over all, and in any block of a tenth of the width
STILL = "video, audio { visibility: hidden } * { font-family: Pinned !important; caret-color: transparent !important }"


def pinned(name: str) -> str:
    data = base64.b64encode((FONTS / name).read_bytes()).decode()
    return f"@font-face {{ font-family: Pinned; src: url(data:font/ttf;base64,{data}) }}"


def nothing(page: Page) -> None:
    pass


def search(page: Page) -> None:
    page.locator("[data-search]").click()
    page.keyboard.type("plug")
    page.locator("#r li a").first.wait_for()
    until(page, "[...document.querySelectorAll('#r img')].every(one => one.complete)")


def play(page: Page) -> None:
    page.locator(".play").click()
    until(page, "document.querySelector('video')?.currentTime > 0")
    page.locator("video").evaluate("film => film.pause()")


def to(selector: str) -> Callable[[Page], None]:
    return lambda page: page.evaluate(f"document.querySelector('{selector}').scrollIntoView()")


def saved(page: Page) -> None:
    film = ["Light", "", 312_345]
    row = {"title": "Wire a three-pin plug", "version": "1.1.0", "film": film, "files": [], "bytes": 400_000, "done": True}
    page.evaluate("rows => { localStorage.saved = JSON.stringify(rows) }", {PLUG: row})
    page.evaluate("localStorage.asked = JSON.stringify(new Date().toDateString())")
    page.reload()
    page.locator("[data-saved] li").wait_for()


# name: address, what is done there, colours
VIEWS: dict[str, tuple[str, Callable[[Page], None], str]] = {
    "home": ("", nothing, "light"),
    "home-dark": ("", nothing, "dark"),
    "category": ("electrical/", nothing, "light"),
    "search": ("", search, "light"),
    "search-dark": ("", search, "dark"),
    "howto": (PLUG, nothing, "light"),
    "howto-dark": (PLUG, nothing, "dark"),
    "howto-af": (f"af/{PLUG}", nothing, "light"),
    "playing": (PLUG, play, "light"),
    "steps": (PLUG, to("#connect"), "light"),
    "steps-dark": (PLUG, to("#connect"), "dark"),
    "end": (PLUG, to(".verdict"), "light"),
    "calculator": ("building/mix-mortar/", to(".calculator"), "light"),
    "saved": ("phone/", saved, "light"),
    "lost": ("no/such/page/", nothing, "light"),
}


def shot(page: Page, font: str) -> Image.Image:
    page.add_style_tag(content=pinned(font) + STILL)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    picture = Image.open(BytesIO(page.screenshot()))
    return picture.convert("L").resize(SIZE, Image.Resampling.BOX)


def compare(name: str, now: Image.Image, tmp_path: Path) -> None:
    kept = GOLDEN / f"{name}.webp"
    if os.environ.get("RENEW"):
        now.save(kept, quality=60, method=6)
        return
    difference = ImageChops.difference(now, Image.open(kept).convert("L"))
    blocks = difference.resize((10, 18), Image.Resampling.BOX)
    now.save(tmp_path / f"{name}.png")
    assert ImageStat.Stat(difference).mean[0] <= MEAN, f"see {tmp_path / name}.png"
    assert blocks.getextrema()[1] <= BLOCK, f"see {tmp_path / name}.png"


@pytest.mark.parametrize("name", VIEWS)
def test_a_page_looks_as_it_did(name: str, browser: Browser, address: str, tmp_path: Path) -> None:
    there, act, colours = VIEWS[name]
    phone = phone_of(browser, address, color_scheme=colours, service_workers="block", bypass_csp=True)
    page = phone.go(there)

    act(page)
    picture = shot(page, "NotoSans-SemiCondensed.ttf")
    page.context.close()

    compare(name, picture, tmp_path)


@pytest.fixture
def arabic(project: Project) -> Iterator[str]:
    """A library that reads from right to left in its second language."""
    project.write(risk="medium", do_not_start_if=["The lead is burnt."])
    project.text("content/electrical/wire-a-plug.ar.md", ARABIC)
    told = settings.load(project.root / "mkdocs.yml")
    library, _ = content.load_all(told)
    made: Any = SimpleNamespace(
        library=library, lessons=tuple(Lesson(howto) for howto in library.howtos), problems=(), prints=()
    )
    plugin.build_site(told, made, project.root / "www/site")
    server = serving(project.root / "www/site")
    yield f"http://127.0.0.1:{server.effective_port}/site/"
    server.close()


@pytest.mark.parametrize("name", ["howto-ar", "search-ar"])
def test_a_language_from_right_to_left_is_its_mirror(name: str, browser: Browser, arabic: str, tmp_path: Path) -> None:
    phone = phone_of(browser, arabic, service_workers="block", bypass_csp=True)
    page = phone.go(f"ar/{PLUG}")
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    if name == "search-ar":
        search(page)
    picture = shot(page, "NotoSansArabic-Regular.ttf")
    page.context.close()

    compare(name, picture, tmp_path)
