"""MkDocs at the edge: our pages go through it, an editor's own pages too; `mkdocs build` and `mkdocs serve` work alone."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from lxml import html

from site_builder import mkdocs_plugin
from site_builder.library.problems import Problems
from site_builder.website import site_files
from site_builder.website.site import Site
from tests.website.library import MORTAR

ALONE = re.sub(r"video: .*\n", "", MORTAR)  # without a film nothing is encoded
MKDOCS_YML = (
    "site_name: A\nsite_url: https://shop.example/\ndocs_dir: content\ntheme: {name: material}\nplugins: [site-builder]\n"
)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_mkdocs_changes_nothing_of_our_pages(site: Site, built: Path, tmp_path: Path) -> None:
    site_files.write_site(site, tmp_path)

    ours, theirs = files(tmp_path), files(built)
    howtos = [name for name in ours if name.endswith(("plug/index.html", "mortar/index.html"))]
    assert len(howtos) == 3
    for name in howtos:  # save the footer's link to the editor's own page
        assert (
            theirs[name]
            .replace(b'<a href="../../about/">About us</a>\n', b"")
            .replace(b'<a href="../../../about/">About us</a>\n', b"")
            == ours[name]
        )
    assert set(theirs) - set(ours) == {f"about/index.html{suffix}" for suffix in ("", ".br", ".gz")}


def test_two_builds_are_equal_byte_by_byte(site: Site, built: Path, tmp_path: Path) -> None:
    made = SimpleNamespace(library=site.library, lessons=site.lessons, problems=(), figures={}, prints=site.prints)

    mkdocs_plugin.build_site(site.settings, made, tmp_path / "again")

    assert files(tmp_path / "again") == files(built)


def test_an_editors_own_page_stands_in_our_frame(built: Path) -> None:
    tree = html.document_fromstring((built / "about/index.html").read_text("utf-8"))

    assert [h.text for h in tree.xpath("//h1")] == ["About us"]
    assert tree.xpath("//main//a[text()='the plug']/@href") == ["../electrical/wire-a-plug/"]
    assert "alert(1)" not in tree.text_content()
    assert len(tree.xpath("//header[@class='bar']")) == 1
    home = html.document_fromstring((built / "index.html").read_text("utf-8"))
    assert home.xpath("//footer//a[text()='About us']/@href") == ["about/"]


def test_an_editors_index_introduces_the_home(built: Path) -> None:
    home = html.document_fromstring((built / "index.html").read_text("utf-8"))

    assert home.xpath("//main//strong[text()='our shop']")
    assert home.xpath("//*[@class='tiles']")


def test_editors_notes_and_materials_bundle_are_not_published(built: Path) -> None:
    names = set(files(built))

    assert not [name for name in names if "notes" in name or name.endswith(".tsv") or name.startswith("assets/javascripts")]
    assert {name.split(".")[0] for name in names if name.startswith("assets/")} == {
        "assets/calculator",
        "assets/card",
        "assets/desk",
        "assets/desk-parts",
        "assets/icon-1400-any",
        "assets/icon-192-any",
        "assets/icon-512-any",
        "assets/icon-512-maskable",
        "assets/listen",
        "assets/older",
        "assets/phone",
        "assets/pdf-lib",
        "assets/player",
        "assets/qrcode",
        "assets/report",
        "assets/search",
        "assets/site",
    }


def test_the_palette_of_mkdocs_yml_colours_the_bar(site: Site, built: Path) -> None:
    assert f'content="{site.theme.bar}"' in (built / "index.html").read_text("utf-8")


def test_a_project_without_the_plugin_is_told_so(site: Site, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "content", tmp_path / "content")
    file = tmp_path / "mkdocs.yml"
    file.write_text(MKDOCS_YML.replace("[site-builder]", "[]"), "utf-8")
    settings = site.settings.model_copy(update={"file": file})
    made = SimpleNamespace(library=site.library, lessons=site.lessons, problems=(), figures={}, prints=site.prints)

    with pytest.raises(Problems, match="'site-builder' is not among the plugins"):
        mkdocs_plugin.build_site(settings, made, tmp_path / "site")


def test_what_mkdocs_complains_of_is_a_problem_at_the_file(site: Site, folder: Path, tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(folder / "content", content)
    shutil.copy(folder / "mkdocs.yml", tmp_path)
    (content / "about.md").write_text("[lost](lost.md)\n", "utf-8")
    howtos = {
        h.source: h.model_copy(update={"source": content / h.source.relative_to(folder / "content")})
        for h in site.library.howtos
    }
    lessons = tuple(SimpleNamespace(**{**vars(x), "howto": howtos[x.howto.source]}) for x in site.lessons)
    settings = site.settings.model_copy(update={"file": tmp_path / "mkdocs.yml", "content": content})

    (problem,) = mkdocs_plugin.build_site(
        settings,
        SimpleNamespace(library=site.library, lessons=lessons, problems=(), figures={}, prints=site.prints),
        tmp_path / "s",
    )

    assert problem.file == content / "about.md"
    assert problem.warning
    assert "'lost.md'" in problem.message


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """A library of one how-to without a film, as `mkdocs` finds it."""
    path = tmp_path / "content/building/mix-mortar.md"
    path.parent.mkdir(parents=True)
    path.write_text(ALONE, "utf-8")
    (tmp_path / "mkdocs.yml").write_text(MKDOCS_YML, "utf-8")
    return tmp_path


def mkdocs(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "mkdocs", *words, "--config-file", str(folder / "mkdocs.yml")]


ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}


def test_plain_mkdocs_build_makes_the_site(alone: Path) -> None:
    done = subprocess.run(mkdocs(alone, "build"), capture_output=True, text=True, env=ENVIRONMENT, check=False)

    assert done.returncode == 0, done.stderr
    assert "Mix it dry." in (alone / "site/building/mix-mortar/index.html").read_text("utf-8")


def test_a_build_goes_on_after_plain_mkdocs_build_and_leaves_what_is_not_its_own(alone: Path) -> None:
    ours = [sys.executable, "-m", "site_builder.cli", "build", "--config", str(alone / "mkdocs.yml")]
    (alone / "site").mkdir()
    (alone / "site/.git").write_text("mine", "utf-8")  # a hidden name, which MkDocs leaves alone

    for words in (ours, mkdocs(alone, "build"), ours, ours):
        done = subprocess.run(words, capture_output=True, text=True, env=ENVIRONMENT, check=False)
        assert done.returncode == 0, done.stderr

    assert (alone / "site/library.json.br").exists()
    assert (alone / "site/.git").read_text("utf-8") == "mine"


def test_plain_mkdocs_build_tells_an_editors_mistake_at_its_line(alone: Path) -> None:
    path = alone / "content/building/mix-mortar.md"
    path.write_text(ALONE.replace("risk: low", "risk: none"), "utf-8")

    done = subprocess.run(mkdocs(alone, "build"), capture_output=True, text=True, env=ENVIRONMENT, check=False)

    assert done.returncode != 0
    assert re.search(r"mix-mortar\.md:6: 'risk' is 'none'", done.stderr)
    assert "Traceback" not in done.stderr


@pytest.fixture
def served(alone: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    # without --livereload, as editors type it: click 8.3 took that for off, so it is not among our dependencies' versions
    server = subprocess.Popen(mkdocs(alone, "serve", "--dev-addr", place), stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    yield f"http://{place}/building/mix-mortar/"
    server.terminate()
    server.wait()


def shown(address: str, words: str, seconds: float = 30) -> str:
    """The page, once it has the words; what it has at last if it never gets them."""
    text, end = "", time.monotonic() + seconds
    while words not in text and time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                text = answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.2)
    return text


def test_mkdocs_serve_shows_an_edit(alone: Path, served: str) -> None:
    before = shown(served, "Mix it dry.")
    assert "livereload(" in before

    (alone / "content/building/mix-mortar.md").write_text(ALONE.replace("Mix it dry.", "Turn it over twice."), "utf-8")

    assert "Turn it over twice." in shown(served, "Turn it over twice.")
