"""A made file is whole or not there: whoever is killed, whatever is cut off."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from site_builder.atomic_files import write_atomic
from site_builder.cache import Cache, key_of

INPUTS = {"recipe": 1, "master": "abc", "rung": {"lines": 480, "name": "standard"}}


def ten_bytes(draft: Path) -> dict[str, Any]:
    draft.write_bytes(b"0123456789")
    return {"crf": 30}


def never(draft: Path) -> dict[str, Any]:
    raise AssertionError("made again")


def files(cache: Cache) -> list[str]:
    return sorted(path.name for path in cache.root.rglob("*") if path.is_file())


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache with é")


def test_what_was_made_once_is_not_made_again(cache: Cache) -> None:
    made = cache.get(INPUTS, ".mp4", ten_bytes)
    again = Cache(cache.root).get(INPUTS, ".mp4", never)

    assert (made.from_cache, again.from_cache) == (False, True)
    assert (again.path, again.key, again.facts) == (made.path, made.key, {"crf": 30})
    assert again.path.read_bytes() == b"0123456789"
    assert again.path.name == f"{key_of(INPUTS)}.mp4"


def test_what_is_kept_says_why(cache: Cache) -> None:
    cache.get(INPUTS, ".mp4", ten_bytes)

    ((key, about, size),) = cache.entries()

    assert key == key_of(INPUTS)
    assert about == {"bytes": 10, "suffix": ".mp4", "facts": {"crf": 30}, "inputs": INPUTS}
    assert size > 10


def test_a_key_does_not_depend_on_the_order_of_its_inputs() -> None:
    turned = {"rung": {"name": "standard", "lines": 480}, "master": "abc", "recipe": 1}

    assert key_of(turned) == key_of(INPUTS)


@pytest.mark.parametrize("other", [
    INPUTS | {"recipe": 2}, INPUTS | {"recipe": "1"}, INPUTS | {"recipe": None}, INPUTS | {"more": 1}, {"recipe": 1},
])  # fmt: skip
def test_a_key_depends_on_every_input(other: dict[str, Any]) -> None:
    assert key_of(other) != key_of(INPUTS)


def test_a_key_is_the_same_in_every_release() -> None:
    written = '{"a":{"y":2,"z":1},"é":[1,0.5,null,true]}'

    assert key_of({"é": [1, 0.5, None, True], "a": {"z": 1, "y": 2}}) == hashlib.sha256(written.encode()).hexdigest()


def test_what_json_cannot_say_is_no_input() -> None:
    with pytest.raises(TypeError):
        key_of({"path": Path("x")})


def test_other_settings_make_another_file(cache: Cache) -> None:
    first = cache.get(INPUTS, ".mp4", ten_bytes)
    second = cache.get(INPUTS | {"recipe": 2}, ".mp4", ten_bytes)

    assert first.path != second.path
    assert not second.from_cache


def test_a_crash_before_the_facts_leaves_no_entry(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(path: Path, text: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("site_builder.cache.write_atomic", crash)
    with pytest.raises(KeyboardInterrupt):
        cache.get(INPUTS, ".mp4", ten_bytes)
    monkeypatch.undo()

    assert cache.file_path(key_of(INPUTS), ".mp4").exists()
    assert cache.find(INPUTS, ".mp4") is None
    assert not cache.get(INPUTS, ".mp4", ten_bytes).from_cache


def test_a_crash_after_the_facts_leaves_no_entry_of_other_bytes(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = cache.get(INPUTS, ".mp4", ten_bytes)
    entry.path.write_bytes(b"short")
    monkeypatch.setattr("site_builder.cache.write_atomic", never)
    with pytest.raises(TypeError):
        cache.get(INPUTS, ".mp4", ten_bytes)
    monkeypatch.undo()

    assert cache.find(INPUTS, ".mp4") is None


@pytest.mark.parametrize("left", [b"", b"01234", b"0123456789more"])
def test_a_file_of_another_size_is_not_served(cache: Cache, left: bytes) -> None:
    cache.get(INPUTS, ".mp4", ten_bytes).path.write_bytes(left)

    assert cache.find(INPUTS, ".mp4") is None
    assert cache.get(INPUTS, ".mp4", ten_bytes).path.read_bytes() == b"0123456789"


@pytest.mark.parametrize("left", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"{}", b'{"bytes": 10}', b"[1]"])
def test_facts_that_are_none_are_no_entry(cache: Cache, left: bytes) -> None:
    entry = cache.get(INPUTS, ".mp4", ten_bytes)
    cache.facts_path(entry.key).write_bytes(left)

    assert cache.find(INPUTS, ".mp4") is None
    assert list(cache.entries()) == [] or left == b'{"bytes": 10}'
    assert not cache.get(INPUTS, ".mp4", ten_bytes).from_cache


def test_a_job_that_fails_leaves_nothing(cache: Cache) -> None:
    def fail(draft: Path) -> dict[str, Any]:
        draft.write_bytes(b"half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        cache.get(INPUTS, ".mp4", fail)

    assert files(cache) == []
    assert cache.find(INPUTS, ".mp4") is None


KILLED = """
import sys, time
from pathlib import Path
from site_builder.cache import Cache

def make(draft):
    draft.write_bytes(b"half")
    print("at work", flush=True)
    time.sleep(60)

Cache(Path(sys.argv[1])).get({"recipe": 1}, ".mp4", make)
"""


def test_kill_9_leaves_no_entry_and_the_next_build_sweeps(cache: Cache) -> None:
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(cache.root)], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    assert child.stdout.readline() == "at work\n"
    cache.sweep()
    assert files(cache) == ["made.mp4"]  # a living build keeps its drafts

    os.kill(child.pid, signal.SIGKILL)
    child.wait(timeout=10)
    child.stdout.close()

    assert cache.find({"recipe": 1}, ".mp4") is None
    assert list(cache.entries()) == []
    cache.sweep()
    assert files(cache) == []
    assert not cache.get({"recipe": 1}, ".mp4", ten_bytes).from_cache


def test_drafts_of_other_machines_are_left_alone(cache: Cache) -> None:
    others = [f"{socket.gethostname()}-999999998-7-abc", "elsewhere-999999999-abc", f"{socket.gethostname()}-x-abc", "notes"]
    for name in (*others, f"{socket.gethostname()}-999999999-abc"):
        (cache.root / "drafts" / name).mkdir(parents=True)

    cache.sweep()

    assert sorted(path.name for path in (cache.root / "drafts").iterdir()) == sorted(others)


def test_sweeping_an_empty_cache_is_nothing(cache: Cache) -> None:
    cache.sweep()

    assert not cache.root.exists()


def test_prune_keeps_what_the_last_build_used(cache: Cache) -> None:
    kept = cache.get(INPUTS, ".mp4", ten_bytes)
    gone = cache.get(INPUTS | {"recipe": 2}, ".webp", ten_bytes)
    build = Cache(cache.root)
    build.get(INPUTS, ".mp4", never)
    build.write_used_list()

    count, freed = Cache(cache.root).prune()

    assert (count, freed > 10) == (1, True)
    assert build.find(INPUTS, ".mp4")
    assert kept.path.exists()
    assert not gone.path.exists()
    assert files(cache) == sorted([kept.path.name, f"{kept.key}.json", "used.json"])
    assert Cache(cache.root).prune() == (0, 0)


def test_prune_removes_what_a_killed_build_left(cache: Cache) -> None:
    entry = cache.get(INPUTS, ".mp4", ten_bytes)
    cache.facts_path(entry.key).unlink()
    cache.facts_path(cache.get(INPUTS | {"recipe": 2}, ".mp4", ten_bytes).key).write_text("{", "utf-8")
    Cache(cache.root).write_used_list()

    assert Cache(cache.root).prune()[0] == 2
    assert files(cache) == ["used.json"]


def test_before_any_build_nothing_is_known_to_be_unused(cache: Cache) -> None:
    cache.get(INPUTS, ".mp4", ten_bytes)

    with pytest.raises(FileNotFoundError):
        cache.prune()


def test_two_that_make_the_same_end_with_one_whole_file(cache: Cache) -> None:
    def slow(draft: Path) -> dict[str, Any]:
        Cache(cache.root).get(INPUTS, ".mp4", ten_bytes)  # another worker is faster
        return ten_bytes(draft)

    entry = cache.get(INPUTS, ".mp4", slow)

    assert entry.path.read_bytes() == b"0123456789"
    assert files(cache) == sorted([entry.path.name, f"{entry.key}.json"])


def test_two_jobs_of_one_build_do_not_make_the_same_twice(cache: Cache) -> None:
    made: list[Path] = []
    both = threading.Barrier(2)

    def slow(draft: Path) -> dict[str, Any]:
        made.append(draft)
        time.sleep(0.2)
        return ten_bytes(draft)

    def job(_: int) -> bytes:
        both.wait()
        return cache.get(INPUTS, ".mp4", slow).path.read_bytes()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(job, range(2))) == [b"0123456789"] * 2
    assert len(made) == 1


def test_other_workers_may_read_what_is_kept(cache: Cache) -> None:
    before = os.umask(0o022)
    try:
        entry = cache.get(INPUTS, ".mp4", ten_bytes)
    finally:
        os.umask(before)

    assert [path.stat().st_mode & 0o777 for path in (entry.path, cache.facts_path(entry.key))] == [0o644, 0o644]


def test_a_whole_text_replaces_the_old_one_or_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "used.json"
    write_atomic(path, "old")

    def full(*_: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no space"):
            write_atomic(path, "new")

    assert path.read_text("utf-8") == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["used.json"]


def test_facts_are_text_for_people(cache: Cache) -> None:
    entry = cache.get({"path": "videos/ma film é.mp4"}, ".probe", ten_bytes)

    text = cache.facts_path(entry.key).read_text("utf-8")

    assert "ma film é" in text
    assert json.loads(text)["facts"] == {"crf": 30}
