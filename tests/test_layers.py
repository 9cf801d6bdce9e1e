"""Imports point downwards, rooms do not know each other, and each foreign world has one door."""

from __future__ import annotations

import ast
import functools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "site_builder"
FILES = sorted(PACKAGE.rglob("*.py"))

LEVEL = {
    "atomic_files": 0,
    "cache": 1, "pool": 1, "events": 1, "memo": 1,
    "library": 2,
    "films": 3, "leaflets": 3, "website": 3, "disk_space": 3,
    "pipeline": 4,
    "mkdocs_plugin": 5,
    "build": 6,
    "console": 7,
    "doctor": 8, "failures": 8, "tables": 8,
    "cli": 9,
}  # fmt: skip
ROOMS = {"films", "leaflets", "website"}
# Within the website: a floor imports only what stands further down.
FLOOR = {
    "urls": 0,
    "media_sources": 1, "lesson_index": 1,
    "search": 2, "markdown": 2,
    "assets": 3,
    "site": 4, "output": 4,
    "pages": 5, "offline": 5, "feeds": 5,
    "site_files": 6,
}  # fmt: skip

DOORS = {
    "mkdocs": {"mkdocs_plugin.py", "website/markdown/mkdocs_complaints.py"},
    "subprocess": {"films/ffmpeg.py", "library/history.py"},  # the one starts encoders, the other git
    "ffmpeg": {
        f"films/{name}.py"
        for name in ("ffmpeg", "shot_encoder", "title_card", "filters", "shots", "slideshow", "audio", "stills", "vmaf")
    },
    "imageio_ffmpeg": {"films/ffmpeg.py"},
    "av": {
        "films/probe.py",
        "films/decoding.py",
        "films/mux.py",
        "films/packets.py",
    },  # the first two read what strangers made, the others what we made
    "click": {"cli.py", "console.py", "failures.py"},
    "rich": {"console.py", "tables.py"},
    "typst": {"leaflets/typst_compiler.py"},
    "zxingcpp": {"leaflets/qr.py"},
    "webvtt": {"library/captions.py"},
    "yaml": {"library/yaml_values.py", "library/yaml_errors.py"},
    "yaml_env_tag": {"library/inherit.py"},  # MkDocs' own `!ENV`
    "pathspec": {"library/mkdocs_settings.py"},  # MkDocs' own `exclude_docs`
    "waitress": {"website/output/server.py"},
    "minify": {"website/assets/minifier.py"},
    "brotli": {"website/assets/precompress.py"},
    "sqlite3": {"memo.py"},
    "phonenumbers": {"library/phones.py"},
}


@functools.cache
def imports(path: Path) -> tuple[tuple[str, str], ...]:
    """Every module that a file imports, and whether it does so at its top."""
    return tuple(read_imports(path))


def read_imports(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    top = set(tree.body)
    for node in ast.walk(tree):
        where = "at the top" if node in top else "within a function"
        match node:
            case ast.Import(names=names):
                yield from ((name.name, where) for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from ((f"{module}.{name.name}", where) for name in names)


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def part_of(path: Path) -> str:
    """The room or the file at the top that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def other_parts(path: Path) -> Iterator[str]:
    """Parts of this package that a file imports from another part, at its top or within a function."""
    for name, _ in imports(path):
        words = name.split(".")
        if words[0] == "site_builder" and words[1] in LEVEL and words[1] != part_of(path):
            yield words[1]


def test_every_part_has_a_level() -> None:
    parts = {part_of(path) for path in FILES} - {"__init__", "__main__"}

    assert parts == set(LEVEL)


@pytest.mark.parametrize("path", [path for path in FILES if part_of(path) in LEVEL], ids=name_of)
def test_imports_point_downwards(path: Path) -> None:
    upwards = [part for part in other_parts(path) if LEVEL[part] >= LEVEL[part_of(path)]]

    assert upwards == []


def test_rooms_never_import_one_another() -> None:
    wrong = [
        f"{name_of(path)} imports {part}"
        for path in FILES
        if part_of(path) in ROOMS
        for part in other_parts(path)
        if part in ROOMS
    ]

    assert wrong == []


WEBSITE = PACKAGE / "website"


def floor_of(path: Path) -> str:
    return path.relative_to(WEBSITE).parts[0].removesuffix(".py")


def test_every_room_of_the_website_has_a_floor_and_its_top_stays_small() -> None:
    names = {floor_of(path) for path in WEBSITE.rglob("*.py")} - {"__init__"}

    assert names == set(FLOOR)
    assert len([path for path in WEBSITE.iterdir() if path.name != "__pycache__"]) <= 14


@pytest.mark.parametrize("path", [path for path in sorted(WEBSITE.rglob("*.py")) if floor_of(path) in FLOOR], ids=name_of)
def test_imports_within_the_website_point_downwards(path: Path) -> None:
    inner = {name.split(".")[2] for name, _ in imports(path) if name.startswith("site_builder.website.")}

    upwards = [part for part in inner - {floor_of(path)} if FLOOR[part] >= FLOOR[floor_of(path)]]

    assert upwards == []


def test_no_two_modules_and_no_two_classes_have_one_name() -> None:
    modules = Counter(path.stem for path in FILES if path.name != "__init__.py")
    classes = Counter(
        node.name for path in FILES for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)
    )

    assert [name for name, count in (modules + classes).items() if count > 1] == []


@pytest.mark.parametrize("module", DOORS)
def test_a_foreign_world_has_one_door(module: str) -> None:
    used = {name_of(path) for path in FILES for name, _ in imports(path) if name.split(".")[0] == module}

    assert used == DOORS[module]


def test_a_check_does_without_mkdocs() -> None:
    """It takes a second to import: only building pages, or a setting that only MkDocs can judge, asks for it."""
    doors = tuple(f"site_builder.{name.removesuffix('.py').replace('/', '.')}" for name in DOORS["mkdocs"])

    asks = [
        name_of(path) for path in FILES for name, where in imports(path) if where == "at the top" and name.startswith(doors)
    ]

    assert [name for name in asks if name not in DOORS["mkdocs"]] == []


def test_nothing_starts_a_program_or_runs_words_as_code() -> None:
    refused = {"os.system", "os.popen", "os.execv", "os.execvp", "os.spawnv", "os.posix_spawn", "eval", "exec"}

    calls = [(name_of(path), ast.unparse(node.func)) for path in FILES for node in ast.walk(ast.parse(path.read_text("utf-8")))
             if isinstance(node, ast.Call)]  # fmt: skip

    assert [(name, called) for name, called in calls if called in refused] == []
