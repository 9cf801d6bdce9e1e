"""How pages look and what they say, held against how it was when somebody looked.

A picture is half of a phone's screen each way, in grey: it sees a part that is gone, moved or turned dark. It cannot see a
word: the words stand beside it in a text file, each line as the page shows it, and must be the same. The tests' browser has
the package's fonts alone (`fonts.py`), so another machine's do not matter. After a change that is meant, look at the pages,
then write new ones with `RENEW=1 pytest tests/website/test_golden.py` and read the difference.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat
from playwright.sync_api import Browser, Page

from site_builder import mkdocs_plugin
from site_builder.library import loading, settings_file
from site_builder.library.artifacts import Rendition
from tests.website.library import lesson_of
from tests.website.phone import Phone, phone_of, serving, until

GOLDEN = Path(__file__).with_name("golden")
SIZE = (180, 320)
PLUG = "electrical/wire-a-plug/"
ARABIC = "---\ntranslates: 1.1.0\ntitle: توصيل قابس\nsteps: [{id: unplug, title: افصل}]\n---\n"
MEAN, BLOCK = 2.5, 24.0  # of 255: over all, and in any block of a twentieth of the width
BLOCKS = (20, 36)
# what differs from run to run: films' frames, the caret, bytes as they came
STILL = "video, audio { visibility: hidden } * { caret-color: transparent !important } [data-used] { display: none }"
# what a reader can read: the page's lines, and what stands in its fields, which are no text of the page
WORDS = """() => [
  document.body.innerText,
  ...[...document.querySelectorAll('input, textarea, select')].filter(one => one.checkVisibility())
    .map(one => `[${one.placeholder || ''}|${one.matches('[type=radio], [type=checkbox]') ? one.checked : one.value}]`),
].join('\\n')"""


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
    page.evaluate(
        """async there => {
          const { href } = new URL(document.querySelector('script[data-top]').dataset.top + there, location)
          await (await caches.open('saved')).put(href, new Response('a page'))
        }""",
        PLUG,
    )
    page.reload()
    page.locator("[data-saved] li").wait_for()


# what is looked at: address, what is done there
VIEWS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "home": ("", nothing),
    "category": ("electrical/", nothing),
    "search": ("", search),
    "howto": (PLUG, nothing),
    "playing": (PLUG, play),
    "steps": (PLUG, to("#connect")),
    "end": (PLUG, to(".verdict")),
    "saved": ("phone/", saved),
}
IN_ONE_LANGUAGE: dict[str, tuple[str, Callable[[Page], None]]] = {
    "calculator": ("building/mix-mortar/", to(".calculator")),
    "desk": ("print-desk/", nothing),
    "lost": ("no/such/page/", nothing),
}


def shot(phone: Phone) -> tuple[Image.Image, str]:
    """The screen in grey, and the words of the page, empty lines left out. The phone keeps nothing for the next view."""
    page = phone.page
    page.add_style_tag(content=STILL)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    picture = Image.open(BytesIO(page.screenshot()))
    lines = (line.strip() for line in page.evaluate(WORDS).split("\n"))
    phone.forget()
    return picture.convert("L").resize(SIZE, Image.Resampling.BOX), "\n".join(line for line in lines if line) + "\n"


def soft(picture: Image.Image) -> Image.Image:
    """So that a line of letters that another Chromium sets half a pixel lower is the same."""
    return picture.filter(ImageFilter.GaussianBlur(3))


def compare(name: str, now: tuple[Image.Image, str], tmp_path: Path) -> None:
    picture, words = now
    kept, text = GOLDEN / f"{name}.webp", GOLDEN / f"{name}.txt"
    if os.environ.get("RENEW"):
        picture.save(kept, quality=60, method=6)
        text.write_text(words, "utf-8")
        return
    assert words == text.read_text("utf-8")
    difference = ImageChops.difference(soft(picture), soft(Image.open(kept).convert("L")))
    blocks = difference.resize(BLOCKS, Image.Resampling.BOX)
    picture.save(tmp_path / f"{name}.png")
    assert ImageStat.Stat(difference).mean[0] <= MEAN, f"see {tmp_path / name}.png"
    assert blocks.getextrema()[1] <= BLOCK, f"see {tmp_path / name}.png"


@pytest.fixture(scope="module", params=["light", "dark"])
def in_colours(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[tuple[str, Phone]]:
    """One page for all views: to begin with a new one takes longer than to look at it."""
    phone = phone_of(browser, address, color_scheme=request.param, service_workers="block", bypass_csp=True)
    yield request.param, phone
    phone.page.context.close()


@pytest.mark.parametrize("name", VIEWS | IN_ONE_LANGUAGE)
def test_a_page_looks_as_it_did(name: str, in_colours: tuple[str, Phone], tmp_path: Path) -> None:
    colours, phone = in_colours
    there, act = (VIEWS | IN_ONE_LANGUAGE)[name]

    act(phone.go(there))

    compare(name if colours == "light" else f"{name}-dark", shot(phone), tmp_path)


@pytest.fixture(scope="module")
def afrikaans(browser: Browser, address: str) -> Iterator[Phone]:
    phone = phone_of(browser, address, service_workers="block", bypass_csp=True)
    yield phone
    phone.page.context.close()


@pytest.mark.parametrize("name", VIEWS)
def test_a_page_in_another_language_looks_as_it_did(name: str, afrikaans: Phone, tmp_path: Path) -> None:
    there, act = VIEWS[name]

    act(afrikaans.go(f"af/{there}"))

    compare(f"{name}-af", shot(afrikaans), tmp_path)


@pytest.fixture(scope="module")
def arabic(
    browser: Browser, folder: Path, films: tuple[Rendition, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Phone]:
    """The library with a second language that reads from right to left."""
    root = tmp_path_factory.mktemp("arabic") / "library"
    shutil.copytree(folder, root)
    (root / "content/electrical/wire-a-plug.af.md").unlink()
    (root / "content/electrical/wire-a-plug.ar.md").write_text(ARABIC, "utf-8")
    told = settings_file.load_settings(root / "mkdocs.yml")
    library, _ = loading.load_library(told)
    lessons = tuple(lesson_of(howto, root, films) for howto in library.howtos)
    mkdocs_plugin.build_site(
        told, SimpleNamespace(library=library, lessons=lessons, problems=(), figures={}, prints=()), root / "www/site"
    )
    server = serving(root / "www/site")
    address = f"http://127.0.0.1:{server.effective_port}/site/"
    phone = phone_of(browser, address, service_workers="block", bypass_csp=True)
    yield phone
    phone.page.context.close()
    server.close()


@pytest.mark.parametrize("name", VIEWS)
def test_a_language_from_right_to_left_is_its_mirror(name: str, arabic: Phone, tmp_path: Path) -> None:
    there, act = VIEWS[name]
    page = arabic.go(f"ar/{there}")
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    act(page)

    compare(f"{name}-ar", shot(arabic), tmp_path)
