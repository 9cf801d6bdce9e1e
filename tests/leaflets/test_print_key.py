"""What a print is kept by: the files that its bytes depend on, and no others."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from site_builder.leaflets import formats, typeset


def imported_modules(name: str) -> Iterator[str]:
    """Modules of the leaflets' room that one of them imports, at its top or within a function."""
    for node in ast.walk(ast.parse((formats.HERE / f"{name}.py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "site_builder.leaflets":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("site_builder.leaflets."):
            yield str(node.module).rsplit(".", 1)[1]


def test_the_key_names_all_modules_that_make_a_print() -> None:
    reached: set[str] = set()
    waiting = ["typeset"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += imported_modules(name)

    assert set(typeset.MODULES_IN_KEY) == reached


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """A copy of the leaflets' room; called with a file's name, it adds a word to that file and returns the leaflet's hash."""
    copy = tmp_path / "leaflets"
    shutil.copytree(formats.HERE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.ttf"))
    monkeypatch.setattr(formats, "SHARED_TEMPLATES", tuple(copy / path.name for path in formats.SHARED_TEMPLATES))
    monkeypatch.setattr(formats, "FORMATS_FOLDER", copy / "formats")
    monkeypatch.setattr(formats, "HERE", copy)

    def changed(name: str) -> str:
        with (copy / name).open("a", encoding="utf-8") as file:
            file.write("\n// a word\n" if name.endswith(".typ") else "\n# a word\n")
        typeset.templates_hash.cache_clear()
        return typeset.templates_hash("leaflet")

    yield changed
    typeset.templates_hash.cache_clear()


@pytest.mark.parametrize("name", ["print_requests.py", "print_jobs.py", "formats/poster.typ", "fonts/README.md"])
def test_what_does_not_set_a_leaflet_remakes_none(room: Callable[[str], str], name: str) -> None:
    before = room("__init__.py")

    assert room(name) == before


@pytest.mark.parametrize("name", ["copyfit.py", "howto.typ", "formats/leaflet.typ", "label_sheets.toml"])
def test_what_sets_a_leaflet_remakes_it(room: Callable[[str], str], name: str) -> None:
    before = room("__init__.py")

    assert room(name) != before


def test_a_word_changed_in_another_room_remakes_no_leaflet() -> None:
    elsewhere = [path.name for path in typeset.files_of_format("leaflet") if not path.is_relative_to(formats.HERE)]

    assert elsewhere == ["writing_systems.py"]  # which languages need more room between lines
