"""A wrong byte, wherever it lies, is made again and never published; and what damaged bookkeeping says is not believed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from site_builder.cache import Cache
from site_builder.memo import Memo, open_memo
from site_builder.website.output.sync import sync_site
from tests.files import files
from tests.project import Project


@pytest.fixture(scope="module")
def shop(new_project: Callable[[str], Project]) -> Project:
    """A how-to without a film, built twice: now there is a site, and one before it."""
    project = new_project("damage")
    project.write()
    for _ in range(2):
        assert project.run("build").exit_code == 0
    return project


@pytest.fixture
def copy(shop: Project, tmp_path: Path) -> Project:
    shutil.copytree(shop.root, tmp_path / "shop", symlinks=True)
    project = object.__new__(Project)
    project.root, project.options = tmp_path / "shop", dict(shop.options)
    return project


def flip(path: Path, at: int) -> None:
    """Change a byte, and leave the file's length and time as they were."""
    stat = path.stat()
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 0x10]))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def build(project: Project) -> str:
    told = project.run("build")
    assert told.exit_code == 0, told.stderr
    return str(told.stderr)


@pytest.mark.parametrize("suffix", [".pdf", ".webp", ".json"])
def test_a_wrong_byte_in_the_cache_is_made_again_and_said_once(copy: Project, suffix: str) -> None:
    right = files(copy.root / "site")
    shutil.rmtree(copy.root / "site")
    shutil.rmtree(copy.root / ".site.new")
    hurt = sorted((copy.root / ".cache").glob(f"??/*{suffix}"))
    for path in hurt:
        flip(path, path.stat().st_size // 2)

    said = build(copy)

    assert "damaged in the cache, and made again: " in said
    assert files(copy.root / "site") == right
    assert "damaged" not in build(copy)


@pytest.mark.parametrize("name", ["print/**/*.pdf", "print/**/*.webp", "electrical/wire-a-plug/index.html.br", "index.html.gz"])
def test_a_wrong_byte_in_the_site_is_put_right_by_the_next_build(copy: Project, name: str) -> None:
    right = files(copy.root / "site")
    hurt = sorted((copy.root / "site").glob(name))
    assert hurt
    for path in hurt:
        flip(path, path.stat().st_size // 2)

    build(copy)

    assert files(copy.root / "site") == right


def test_wrong_bytes_in_the_pages_database_never_reach_a_page(copy: Project) -> None:
    right = files(copy.root / "site")
    database = copy.root / ".cache/pages.sqlite"
    size = database.stat().st_size

    for at in range(200, size, size // 12):
        flip(database, at)
        build(copy)

        assert files(copy.root / "site") == right


@pytest.mark.parametrize("left", [b"", b"no database" * 1000, None])
def test_a_database_that_is_none_is_begun_anew(copy: Project, left: bytes | None) -> None:
    right = files(copy.root / "site")
    database = copy.root / ".cache/pages.sqlite"
    if left is None:  # a page in its middle that is nothing but zeros
        data = database.read_bytes()
        left = data[:4096] + bytes(4096 * 3) + data[4096 * 4 :]
    database.write_bytes(left)

    build(copy)

    assert files(copy.root / "site") == right
    assert "damaged" not in build(copy)


def test_a_row_under_anothers_key_is_no_row(tmp_path: Path) -> None:
    with open_memo(tmp_path) as shelf:
        shelf.get("word", b"1", lambda: b"one")
        shelf.get("word", b"2", lambda: b"two")
    with sqlite3.connect(tmp_path / "pages.sqlite") as db:
        (first, one), (second, two) = db.execute("SELECT key, bytes FROM kept")
        db.execute("UPDATE kept SET bytes = ? WHERE key = ?", (two, first))
        db.execute("UPDATE kept SET bytes = ? WHERE key = ?", (one[:-1] + b"!", second))

    with open_memo(tmp_path) as shelf:
        assert [shelf.get("word", b"1", lambda: b"one"), shelf.get("word", b"2", lambda: b"two")] == [b"one", b"two"]
        assert shelf.damaged == 2


@pytest.mark.parametrize("left", ["", "{", "[1, 2", "null", "7", '{"keys": 7}', '{"keys": {"a": 7}}'])
def test_a_list_of_used_files_that_is_none_stops_no_build_and_prunes_nothing(copy: Project, left: str) -> None:
    kept = len(list((copy.root / ".cache").glob("??/*")))
    (copy.root / ".cache/used.json").write_text(left, "utf-8")

    told = copy.run("cache", "prune")

    assert told.exit_code == 2
    assert "used.json" in told.stderr
    assert len(list((copy.root / ".cache").glob("??/*"))) == kept
    assert "used.json" in build(copy)
    assert copy.run("cache", "prune").exit_code == 0


def test_facts_without_their_keys_are_no_facts(copy: Project) -> None:
    right = files(copy.root / "site")
    for path in (copy.root / ".cache").glob("??/*.json"):
        about = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps({**about, "facts": {}}), "utf-8")

    build(copy)

    assert files(copy.root / "site") == right


def test_what_an_earlier_release_kept_is_taken_and_from_then_on_held_to_its_bytes(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    entry = cache.get({"recipe": 1}, ".mp4", lambda draft: {"crf": draft.write_bytes(b"0123456789")})
    facts = cache.facts_path(entry.key)
    facts.write_text(json.dumps({"bytes": 10, "suffix": ".mp4", "facts": {"crf": 10}, "inputs": {"recipe": 1}}), "utf-8")

    assert Cache(tmp_path).find({"recipe": 1}, ".mp4")
    flip(entry.path, 3)
    assert Cache(tmp_path).find({"recipe": 1}, ".mp4") is None


def test_a_copy_in_the_site_is_held_against_its_source_whenever_it_was_touched(tmp_path: Path) -> None:
    source = tmp_path / f"{'0' * 64}.mp4"
    source.write_bytes(b"film" * 1000)
    site, draft, shelf = tmp_path / "site", tmp_path / ".site.new", Memo()
    sync_site({"a.00000000.mp4": source}, site, None, shelf)
    flip(site / "a.00000000.mp4", 7)

    sync_site({"a.00000000.mp4": source}, draft, site, shelf)

    assert (draft / "a.00000000.mp4").read_bytes() == b"film" * 1000
