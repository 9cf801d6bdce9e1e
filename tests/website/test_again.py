"""A build after a build: it takes from the one before what is the same, and shows nothing that is not."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from site_builder import mkdocs_plugin
from site_builder.library import loading, settings_file
from site_builder.library.artifacts import Lesson
from site_builder.library.problems import Problem
from site_builder.memo import CHECKSUM_BYTES, UNUSED_BUILDS, Memo, open_memo
from site_builder.website.output.atomic_swap import staging_folder, swap
from tests.files import files
from tests.project import Project

PROJECT = Path(__file__).parents[2]
AFRIKAANS = "---\ntranslates: 1.0.0\ntitle: Bedraad 'n prop\nsteps: [{id: unplug, title: Trek uit}]\n---\n"


@pytest.fixture
def library(project: Project) -> Project:
    project.write(related=["save-water"])
    project.write("save-water", category="water", body="See [the plug](../electrical/wire-a-plug.md). [tap](tap.pdf)")
    project.text("content/electrical/wire-a-plug.af.md", AFRIKAANS)
    project.text("content/about.md", "# About us\n")
    project.text("content/water/tap.pdf", "a sheet of words")
    return project


def publish(root: Path, shelf: Memo, site: Path | None = None) -> list[Problem]:
    """A library, as a build publishes it; without films and leaflets."""
    told = settings_file.load_settings(root / "mkdocs.yml")
    told = told.model_copy(update={"site": site or told.site})
    library, _ = loading.load_library(told, shelf)
    made: Any = SimpleNamespace(
        library=library, lessons=tuple(Lesson(howto) for howto in library.howtos), problems=(), figures={}, prints=()
    )
    with staging_folder(told.site) as draft:
        found = mkdocs_plugin.build_site(told, made, draft, shelf)
        swap(draft, told.site)
    return found


def again(root: Path) -> list[Problem]:
    with open_memo(root / ".cache") as shelf:
        return publish(root, shelf)


def edit(name: str, old: str, new: str) -> Callable[[Project], object]:
    def change(project: Project) -> None:
        path = project.root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return change


def renamed(project: Project) -> None:
    path = project.root / "content/water/save-water.md"
    text = path.read_text("utf-8").replace("related:", "formerly: [save-water]\nrelated:")
    path.with_name("use-less-water.md").write_text(text, "utf-8")
    path.unlink()


def in_teal(project: Project) -> None:
    path = project.root / "mkdocs.yml"
    path.write_text(path.read_text("utf-8").replace("name: material", "name: material\n  palette: {primary: teal}"), "utf-8")


EDITS: dict[str, Callable[[Project], object]] = {
    "a word of a step": edit("content/electrical/wire-a-plug.md", "Match the letters.", "Follow the letters."),
    "the title of a how-to that others lead to": edit("content/water/save-water.md", "Wire a three", "Save a three"),
    "a word that a translation borrows": edit("content/electrical/wire-a-plug.md", "It works.", "It is done."),
    "a translated word": edit("content/electrical/wire-a-plug.af.md", "Trek uit", "Trek dit uit"),
    "a translation more": lambda project: project.text("content/water/save-water.af.md", AFRIKAANS),
    "a how-to more": lambda project: project.write("mix-mortar", category="building"),
    "a how-to less": lambda project: (project.root / "content/water/save-water.md").unlink(),
    "another name of a how-to": renamed,
    "a page more": lambda project: project.text("content/contact.md", "# Contact\n"),
    "a word of a page": edit("content/about.md", "About us", "Who we are"),
    "a tariff": lambda project: project.set(tariffs=[{"name": "A", "rand_per_mb": 1, "as_of": "now", "source": "us"}]),
    "the name of a category": lambda project: project.set(categories={"electrical": {"titles": {"en": "Power"}}}),
    "the colour of the theme": in_teal,
    "a file beside that is gone": lambda project: (project.root / "content/water/tap.pdf").unlink(),
    "another file beside, of the same size": lambda project: project.text("content/water/tap.pdf", "a SHEET of words"),
}


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS)
def test_an_edit_is_seen_wherever_it_shows_and_so_is_its_undoing(library: Project, change: Callable[[Project], object]) -> None:
    for _ in range(2):  # now there is a site, and one before it
        before = again(library.root)
    kept = shutil.copytree(library.root, library.root.with_name("kept"), ignore=shutil.ignore_patterns(".cache", ".site.*"))

    change(library)

    told = again(library.root)
    assert told == publish(library.root, Memo(), library.root / "anew")
    assert files(library.root / "site") == files(library.root / "anew") != files(kept / "site")
    for name in ("content", "mkdocs.yml"):
        shutil.move(library.root / name, library.root / f"changed {name}")
        shutil.move(kept / name, library.root / name)
    assert again(library.root) == before
    assert files(library.root / "site") == files(kept / "site")


def test_another_program_makes_its_own_pages(library: Project, tmp_path: Path) -> None:
    again(library.root)
    package = shutil.copytree(PROJECT / "site_builder", tmp_path / "site_builder")
    template = package / "website/theme/templates/base.html"
    template.write_text(template.read_text("utf-8").replace("<body>", "<body data-another>"), "utf-8")

    program = "import sys, pathlib; from tests.website.test_again import again; again(pathlib.Path(sys.argv[1]))"
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}  # for the tests; the program is found where it is started
    subprocess.run([sys.executable, "-c", program, library.root], check=True, cwd=tmp_path, env=environment)

    pages = [path for path in (library.root / "site").rglob("index.html") if b'<header class="bar">' in path.read_bytes()]
    assert len(pages) > 5
    assert [path for path in pages if b"<body data-another>" not in path.read_bytes()] == []


def test_what_is_the_same_is_not_written_again(library: Project) -> None:
    change = edit("content/electrical/wire-a-plug.md", "Match the letters.", "Follow the letters.")
    undo = edit("content/electrical/wire-a-plug.md", "Follow the letters.", "Match the letters.")
    written = []
    for step in (lambda _: None, change, undo, change):
        step(library)
        again(library.root)
        pages = (library.root / "site" / name / "index.html" for name in ("electrical/wire-a-plug", "water/save-water"))
        written.append([page.stat().st_mtime_ns for page in pages])

    changed, unchanged = zip(*written, strict=True)
    assert len(set(unchanged)) == 1
    assert sorted(set(changed)) == list(changed)  # also what is as it was two builds ago: hosts look for newer files


def test_a_shelf_that_cannot_be_read_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "pages.sqlite").write_bytes(b"no database" * 1000)

    with open_memo(tmp_path) as shelf:
        assert shelf.get("word", b"1", lambda: b"one") == b"one"

    with open_memo(tmp_path) as shelf:
        assert shelf.get("word", b"1", lambda: b"another") == b"one"


def test_what_no_build_used_for_long_is_let_go(tmp_path: Path) -> None:
    for build in range(9):
        with open_memo(tmp_path) as shelf:
            shelf.get("word", b"always", lambda: b"here")
            if build == 0:
                shelf.get("word", b"once", lambda: b"old")

    with open_memo(tmp_path) as shelf:
        assert shelf.get("word", b"always", lambda: b"made again") == b"here"
        assert shelf.get("word", b"once", lambda: b"made again") == b"made again"


def test_words_that_the_index_of_the_search_holds_are_kept_through_builds_that_only_need_the_index(library: Project) -> None:
    def words() -> set[bytes]:
        with sqlite3.connect(library.root / ".cache/pages.sqlite") as shelf:
            return {
                bytes(kept) for (kept,) in shelf.execute("SELECT bytes FROM kept") if kept[CHECKSUM_BYTES:].startswith(b'{"')
            }

    again(library.root)
    first = words()
    assert len(first) == 2  # of two how-tos, one of them in two languages
    for _ in range(UNUSED_BUILDS + 2):
        again(library.root)

    assert words() == first
