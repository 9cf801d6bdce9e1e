"""A build after a build: it takes from the one before what is the same, and shows nothing that is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from site_builder.library import content, settings
from site_builder.library.model import Lesson
from site_builder.library.problems import Problem
from site_builder.shelf import Shelf, shelf_in
from site_builder.website import plugin
from site_builder.website.swap import swap
from tests.conftest import Project

AFRIKAANS = "---\ntranslates: 1.0.0\ntitle: Bedraad 'n prop\nsteps: [{id: unplug, title: Trek uit}]\n---\n"


@pytest.fixture
def library(project: Project) -> Project:
    project.write(related=["save-water"])
    project.write("save-water", category="water", body="See [the plug](../electrical/wire-a-plug.md). ![tap](tap.png)")
    project.text("content/electrical/wire-a-plug.af.md", AFRIKAANS)
    project.text("content/about.md", "# About us\n")
    project.text("content/water/tap.png", "no picture, but a file")
    return project


def publish(project: Project, shelf: Shelf, into: Path) -> list[Problem]:
    told = settings.load(project.root / "mkdocs.yml")
    library, _ = content.load_all(told, shelf)
    made: Any = SimpleNamespace(
        library=library, lessons=tuple(Lesson(howto) for howto in library.howtos), problems=(), prints=()
    )
    into.mkdir()
    found = plugin.build_site(told, made, into, shelf)
    if into.name == "draft":
        swap(into, told.site)
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(name: str, old: str, new: str) -> Callable[[Project], object]:
    def change(project: Project) -> None:
        path = project.root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return change


EDITS = {
    "a word of a step": edit("content/electrical/wire-a-plug.md", "Match the letters.", "Follow the letters."),
    "the title of a how-to that others lead to": edit("content/water/save-water.md", "Wire a three", "Save a three"),
    "a word that a translation borrows": edit("content/electrical/wire-a-plug.md", "It works.", "It is done."),
    "a translated word": edit("content/electrical/wire-a-plug.af.md", "Trek uit", "Trek dit uit"),
    "a translation more": lambda project: project.text("content/water/save-water.af.md", AFRIKAANS),
    "a how-to more": lambda project: project.write("mix-mortar", category="building"),
    "a how-to less": lambda project: (project.root / "content/water/save-water.md").unlink(),
    "a page more": lambda project: project.text("content/contact.md", "# Contact\n"),
    "a tariff": lambda project: project.set(tariffs=[{"name": "A", "rand_per_mb": 1, "as_of": "now", "source": "us"}]),
    "the name of a category": lambda project: project.set(categories={"electrical": {"titles": {"en": "Power"}}}),
    "a picture that is gone": lambda project: (project.root / "content/water/tap.png").unlink(),
}


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS)
def test_an_edit_is_seen_wherever_it_shows(library: Project, change: Callable[[Project], object]) -> None:
    with shelf_in(library.root / ".cache") as shelf:
        publish(library, shelf, library.root / "draft")

    change(library)

    with shelf_in(library.root / ".cache") as shelf:
        again = publish(library, shelf, library.root / "draft")
    anew = publish(library, Shelf(), library.root / "anew")
    assert files(library.root / "site") == files(library.root / "anew")
    assert again == anew


def test_what_is_the_same_is_not_written_again(library: Project) -> None:
    for text in ("Match the letters.", "Follow the letters."):
        edit("content/electrical/wire-a-plug.md", "Match the letters.", text)(library)
        with shelf_in(library.root / ".cache") as shelf:
            publish(library, shelf, library.root / "draft")
        page, other = (library.root / "site" / name / "index.html" for name in ("electrical/wire-a-plug", "water/save-water"))
        if text.startswith("Match"):
            before, unchanged = page.stat().st_ino, other.stat().st_ino

    assert other.stat().st_ino == unchanged
    assert page.stat().st_ino != before


def test_a_shelf_that_cannot_be_read_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "pages.sqlite").write_bytes(b"no database" * 1000)

    with shelf_in(tmp_path) as shelf:
        assert shelf.get("word", b"1", lambda: b"one") == b"one"

    with shelf_in(tmp_path) as shelf:
        assert shelf.get("word", b"1", lambda: b"another") == b"one"


def test_what_no_build_used_for_long_is_let_go(tmp_path: Path) -> None:
    for build in range(9):
        with shelf_in(tmp_path) as shelf:
            shelf.get("word", b"always", lambda: b"here")
            if build == 0:
                shelf.get("word", b"once", lambda: b"old")

    with shelf_in(tmp_path) as shelf:
        assert shelf.get("word", b"always", lambda: b"made again") == b"here"
        assert shelf.get("word", b"once", lambda: b"made again") == b"made again"
