"""A small library with real films of three seconds, its site in a folder, and a browser to look at it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import imageio_ffmpeg
import pytest
import waitress
from PIL import Image
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from site_builder.library import captions, loading, settings
from site_builder.library.model import HowTo, ImageFile, Leaflet, Lesson, Print, Rendition, Rung, Still
from site_builder.website import plugin
from site_builder.website.server import application
from site_builder.website.site import Site
from site_builder.website.stylesheet import site_theme
from tests.website import fonts

MKDOCS = """\
site_name: "Tom & Thandi's library"
site_url: https://shop.example/how-to/
docs_dir: content
theme: {name: material, palette: {primary: teal, accent: amber}}
plugins:
  - site-builder:
      store: {name: Our shop, phone: 011 555 0100, missed_call: 011 555 0199}
      categories:
        electrical: {icon: material/power-plug, titles: {en: Electricity, af: Elektrisiteit}}
        building: {icon: material/wall, titles: {en: Building}}
      search_hint: {en: "plug, tap, paint …", af: "prop, kraan, verf …"}
      tariffs:
        - {name: Dear, rand_per_mb: 0.99, as_of: March 2026, source: A newspaper}
        - {name: Cheap, rand_per_mb: 0.10, as_of: May 2026, source: A letter}
"""
PLUG = """\
---
title: Wire a three-pin plug
summary: Fit a new plug to a lead.
difficulty: 1
time: {prep: PT5M, work: PT1H15M}
cost: {min: 30, max: 60, as_of: 2026-05-01}
risk: high
video: {master: videos/plug.mp4, described: true}
do_not_start_if: [The lead is burnt.]
safety:
  - {level: danger, text: 230 V can kill., at: 1.2}
  - {level: warning, text: Loose screws start fires.}
emergency: Call 112.
tools: [{name: Screwdriver, aisle: Tools}]
materials: [{name: Plug, qty: 1}]
steps:
  - {id: unplug, title: Switch off, start: 0, end: 1, text: Pull the plug out.}
  - {id: connect, title: Connect E L N, start: 1, end: 2, text: Follow the letters., check: Read them aloud., critical: true}
  - {id: test, title: Close and test, start: 2, end: 3, text: Close the cover.}
done_when: It works.
mistakes: [{see: It trips, likely: A loose strand, do: Start again.}]
faq: [{q: "Two wires?", a: Ask.}]
law: You may.
search: {keywords: [plug top], local: {af: [prop]}, typos: [wich]}
related: [mix-mortar]
reviewed_by: null
version: 1.1.0
published: 2026-03-01
corrections: [{date: 2026-04-02, version: 1.1.0, what: Brown goes to L., serious: true}]
licence: CC-BY-4.0
---

See [mortar](../building/mix-mortar.md#use) too.

## Look from the back
"""
PLUG_AF = """\
---
translates: 1.1.0
title: Bedraad 'n prop
steps: [{id: unplug, title: Skakel af}]
---
"""
MORTAR = """\
---
title: "Mix <script>alert(1)</script> \\"C#\\" & mortar"
summary: "One </script><b>bag</b> & 'sand'"
difficulty: 2
time: {work: PT30M, wait: P1D}
risk: low
video: {master: videos/mortar.mp4}
safety: []
tools: []
materials: [{name: Cement, qty: 3, unit: bag}]
calculator:
  ask: [{id: a, label: Wall area, unit: m2, min: 0.5, max: 200, default: 6}]
  per: a * (1 + 1)
  give: [{label: Cement, per: m2, rate: 0.156, waste_pct: 10, pack_size: 1, pack_unit: bag}]
  basis: A leaflet
steps:
  - {id: measure, title: Measure, text: One to three.}
  - {id: mix, title: Mix, text: Mix it dry.}
  - {id: use, title: Use, text: Use it.}
done_when: It is one colour.
related: []
reviewed_by: {name: Thandi, role: Builder}
version: 1.0.0
published: 2026-03-01
licence: CC-BY-4.0
---
"""
ABOUT = "# About us\n\nSee [the plug](electrical/wire-a-plug.md).\n\n<script>alert(1)</script>\n"
CAPTIONS = (
    "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nPull it out.\n\n00:00:01.500 --> 00:00:03.000\nFollow the <i>letters</i>.\n"
)

# name, ffmpeg's words, codecs, rung
FILMS = (
    ("standard", "-c:v libsvtav1 -preset 12 -crf 60 -c:a libopus -b:a 16k", "av01.0.00M.08,opus", ("av1", "opus")),
    ("standard-h264", "-c:v libx264 -preset ultrafast -crf 40 -c:a aac -b:a 32k", "avc1.42C00B,mp4a.40.2", ("h264", "aac")),
    ("lite", "-c:v libsvtav1 -preset 12 -crf 63 -c:a libopus -b:a 10k", "av01.0.00M.08,opus", ("av1", "opus")),
    ("audio", "-vn -c:a libopus -b:a 16k", "opus", (None, "opus")),
    ("audio-aac", "-vn -c:a aac -b:a 24k", "mp4a.40.2", (None, "aac")),
)

expect.set_options(timeout=20_000)  # a loaded machine is slow, not wrong


def key(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def ffmpeg(*words: object) -> None:
    program = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *map(str, words)]
    subprocess.run(program, check=True, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library as an editor has it."""
    root = tmp_path_factory.mktemp("library")
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc=s=160x90:r=10:d=3", "-f", "lavfi", "-i", "sine=d=3", "-pix_fmt", "yuv420p", root / "m.mp4"
    )
    files = {
        "mkdocs.yml": MKDOCS,
        "content/about.md": ABOUT,
        "content/index.md": "Welcome to **our shop**.\n",
        "content/_notes.md": "not shown\n",
        "content/codes.tsv": "code\tslug\tsince\nk7p\twire-a-plug\t2026-03-01\n",
        "content/electrical/wire-a-plug.md": PLUG,
        "content/electrical/wire-a-plug.af.md": PLUG_AF,
        "content/building/mix-mortar.md": MORTAR,
        "videos/plug.en.vtt": CAPTIONS,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name in ("plug", "mortar"):
        (root / f"videos/{name}.mp4").write_bytes((root / "m.mp4").read_bytes())
    return root


def still(folder: Path, name: str, colour: str) -> Still:
    made = []
    for stem, suffix, size in ((name, "webp", (160, 90)), (name, "jpg", (160, 90)), (f"{name}-small", "avif", (16, 9))):
        path = folder / f"{stem}.{suffix}"
        Image.new("RGB", size, colour).save(path)
        made.append(ImageFile(path, key(path), *size, path.stat().st_size))
    return Still(*made) if name in ("poster", "mortar") else Still(*made[:2])


@pytest.fixture(scope="session")
def films(folder: Path) -> tuple[Rendition, ...]:
    made = []
    for name, words, codecs, (video, audio) in FILMS:
        path = folder / f"{name}.mp4"
        ffmpeg("-i", folder / "m.mp4", *words.split(), "-ac", "1", "-ar", "48000", "-movflags", "+faststart", path)
        rung = Rung(name, video, audio, 480, 20, 900_000)
        width, height = (160, 90) if video else (0, 0)
        bytes_ = path.stat().st_size
        made.append(Rendition(rung, path, key(path), codecs, width, height, 10, bytes_, 3.0, 50, None, (), 1.0, False))
    return tuple(made)


@pytest.fixture(scope="session")
def site(folder: Path, films: tuple[Rendition, ...]) -> Site:
    """The library read, with everything made for the plug, and nothing for the mortar."""
    told = settings.load_settings(folder / "mkdocs.yml")
    library, problems = loading.load_library(told)
    assert [p for p in problems if not p.warning] == []
    lessons = tuple(made(howto, folder, films) for howto in library.howtos)
    return Site(told, library, lessons, site_theme("teal", "amber"), prints=tuple(prints(folder, folder / "leaflet.pdf")))


def made(howto: HowTo, folder: Path, films: tuple[Rendition, ...]) -> Lesson:
    """Everything for the plug in whatever language, a poster alone for the mortar."""
    leaflet = folder / "leaflet.pdf"
    leaflet.write_bytes(b"%PDF-1.4\n" + b"x" * 120_000)
    if howto.slug != "wire-a-plug":
        return Lesson(howto, poster=still(folder, "mortar", "grey"))
    stills = {
        step.id: still(folder, step.id, colour) for step, colour in zip(howto.steps, ("red", "green", "blue"), strict=True)
    }
    cues = {lang: captions.read_caption_file(path)[0] for lang, path in howto.captions.items()}
    link = "https://shop.example/how-to/k7p"
    paper = Leaflet(leaflet, key(leaflet), 2, leaflet.stat().st_size, link, thumb=still(folder, "leaflet", "white").web)
    return Lesson(howto, None, films, still(folder, "poster", "white"), stills, cues, paper)


def prints(folder: Path, leaflet: Path) -> Iterator[Print]:
    """What lies on the desk for the plug, for its category, and for all."""
    picture = still(folder, "preview", "black").web
    paper = Leaflet(leaflet, key(leaflet), 2, leaflet.stat().st_size, "https://shop.example/how-to/k7p?s=l1.1")
    for lang in ("en", "af"):
        for format in ("leaflet", "booklet"):
            yield Print(format, "wire-a-plug", lang, "electrical", paper, picture, "Never shown")
    yield Print("pack", "electrical", "en", "electrical", paper, picture)
    yield Print("tea-towel", "", "en", "", paper, picture, "Tea towel to hang up")


@pytest.fixture(scope="session")
def built(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as MkDocs builds it, below the path that its address has."""
    top = tmp_path_factory.mktemp("www")
    made = SimpleNamespace(library=site.library, lessons=site.lessons, problems=(), figures={}, prints=site.prints)
    assert plugin.build_site(site.settings, made, top / "how-to") == []
    return top / "how-to"


def serving(built: Path) -> waitress.server.BaseWSGIServer:
    """A server of the folder above the site, with ranges as a good host has them."""
    served = application(built.parent)
    served.application.page = built / "404.html"
    server = waitress.create_server(served, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def address(built: Path) -> Iterator[str]:
    server = serving(built)
    yield f"http://127.0.0.1:{server.effective_port}/how-to/"
    server.close()


NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")  # as tests/browser.sh looks for them


def chromium() -> str | None:
    """The machine's own Chromium, or nothing: Playwright then takes the one that it brought."""
    named = (os.environ.get("SITE_BUILDER_CHROMIUM"), *NAMES)
    return next((path for name in named if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Without one these tests fail: a suite that skips them says nothing of what customers see."""
    fonts_only_ours = {**os.environ, **fonts.environment(tmp_path_factory.mktemp("fonts"))}
    with sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"], env=fonts_only_ours)
        except Error as error:
            pytest.fail(f"no Chromium ('sh tests/browser.sh python3' installs one): {error.message.splitlines()[0]}")
        yield found
        found.close()


class Phone:
    """A page on a cheap phone, and what it asked for and complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)

    def go(self, there: str = "") -> Page:
        self.page.goto(self.address + there)
        return self.page

    @property
    def films_asked(self) -> list[str]:
        return [url for url in self.asked if ".mp4" in url or ".vtt" in url]


AT_HOME = {"locale": "en-ZA", "timezone_id": "Africa/Johannesburg"}


def phone_of(browser: Browser, address: str, **more: object) -> Phone:
    """As sold in South Africa: what a machine that runs the tests is set to does not matter."""
    phone = {"viewport": {"width": 360, "height": 640}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
    context = browser.new_context(**{**phone, **AT_HOME, **more})
    context.set_default_timeout(10_000)
    return Phone(context.new_page(), address)


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Phone]:
    """Nothing may be asked of another host, and nothing may go wrong, whatever a test does. It keeps nothing for later."""
    found = phone_of(browser, address, service_workers="block")
    yield found
    elsewhere = [url for url in found.asked if not url.startswith((address, "data:"))]
    found.page.context.close()
    assert elsewhere == []
    assert found.errors == []


@pytest.fixture
def phone_without_script(browser: Browser, address: str) -> Iterator[Phone]:
    found = phone_of(browser, address, java_script_enabled=False)
    yield found
    found.page.context.close()


def until(page: Page, script: str, seconds: float = 20) -> None:
    """Wait until the script says yes. Not wait_for_function: it evaluates words in the page, and the page forbids that."""
    end = time.monotonic() + seconds
    while not page.evaluate(script):
        assert time.monotonic() < end, f"never came true: {script}"
        page.wait_for_timeout(50)
