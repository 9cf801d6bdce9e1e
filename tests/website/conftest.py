"""A small library with real films of three seconds, its site in a folder, and a browser to look at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from site_builder import mkdocs_plugin
from site_builder.library import loading, settings_file
from site_builder.library.artifacts import Rendition
from site_builder.library.ladder import Rung
from site_builder.website.assets.stylesheet import site_theme
from site_builder.website.site import Site, site_of
from tests.media import ffmpeg
from tests.website import fonts
from tests.website.library import ABOUT, CAPTIONS, FILMS, MKDOCS, MORTAR, PLUG, PLUG_AF, key, lesson_of, prints
from tests.website.phone import Phone, chromium, phone_of, serving

expect.set_options(timeout=20_000)  # a loaded machine is slow, not wrong


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
    told = settings_file.load_settings(folder / "mkdocs.yml")
    library, problems = loading.load_library(told)
    assert [p for p in problems if not p.warning] == []
    lessons = tuple(lesson_of(howto, folder, films) for howto in library.howtos)
    return site_of(told, library, lessons, site_theme("teal", "amber"), prints=tuple(prints(folder, folder / "leaflet.pdf")))


@pytest.fixture(scope="session")
def built(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as MkDocs builds it, below the path that its address has."""
    top = tmp_path_factory.mktemp("www")
    made = SimpleNamespace(library=site.library, lessons=site.lessons, problems=(), figures={}, prints=site.prints)
    assert mkdocs_plugin.build_site(site.settings, made, top / "how-to") == []
    return top / "how-to"


@pytest.fixture(scope="session")
def address(built: Path) -> Iterator[str]:
    server = serving(built)
    yield f"http://127.0.0.1:{server.effective_port}/how-to/"
    server.close()


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
