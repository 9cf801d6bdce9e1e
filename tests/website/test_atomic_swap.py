"""The site is whole at every moment: while the next one is made beside it, and whenever a build is killed."""

from __future__ import annotations

import itertools
import multiprocessing
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from site_builder.website.output import atomic_swap
from site_builder.website.output.atomic_swap import sibling, staging_folder
from site_builder.website.output.sync import sync_site
from tests.files import files

PAGES = 120
FORK = multiprocessing.get_context("fork")


def site_of(word: int) -> dict[str, Path | bytes]:
    """A site of which every other page has the word; and a folder and a file that only this word's site has."""
    pages = {f"pages/{page}/": f"page {page} {word if page % 2 else ''}".encode() for page in range(PAGES)}
    return {**pages, "": f"home of {word}".encode(), f"only/{word}/": b"here", f"only-{word}.txt": b"here"}


def whole(word: int) -> dict[str, Path | bytes]:
    return {f"{name}index.html" if name == "" or name.endswith("/") else name: data for name, data in site_of(word).items()}


def build(site: Path, word: int) -> None:
    with staging_folder(site) as draft:
        sync_site(site_of(word), draft, site)
        atomic_swap.swap(draft, site)


def build_on(site: Path, first: int, told: Connection) -> None:
    """One site after another, each with another word, and tells of each."""
    for word in itertools.count(first):
        build(site, word)
        told.send(word)


@pytest.mark.parametrize(
    "exchange", [atomic_swap.RENAME_EXCHANGE, 1 << 9], ids=["in one step", "where a disk cannot exchange two names"]
)
def test_a_kill_at_any_moment_leaves_a_whole_site(exchange: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_swap, "RENAME_EXCHANGE", exchange)
    site, word = tmp_path / "site", 0
    for kill in range(20):
        ours, theirs = FORK.Pipe()
        process = FORK.Process(target=build_on, args=(site, word, theirs))
        process.start()
        last = ours.recv()
        time.sleep(0.003 * kill)
        process.kill()
        process.join()
        while ours.poll():
            last = ours.recv()

        found = files(site if site.exists() or exchange == 2 else sibling(site, "old"))
        word = int(found["index.html"].split()[-1])
        assert word in (last, last + 1)
        assert found == whole(word)
        word += 1

    build(site, word)

    assert files(site) == whole(word)


def test_whatever_the_folder_beside_it_holds_the_next_site_is_right_and_this_one_stays(tmp_path: Path) -> None:
    site, draft = tmp_path / "site", tmp_path / ".site.new"
    elsewhere = tmp_path / "elsewhere"
    sync_site({"film.0123abcd.mp4": b"film", "": b"home", "a/": b"a", "b/": b"b", "file": b"a file"}, site)
    sync_site({"": b"home of old", "a": b"a file where a folder will be", "file/": b"the other way round"}, draft)
    elsewhere.mkdir()
    (elsewhere / "index.html").write_bytes(b"not ours")
    (draft / "b").symlink_to(elsewhere)
    (draft / "left/over").mkdir(parents=True)
    (draft / "left/over/half.html").write_bytes(b"ha")
    (draft / "film.0123abcd.mp4").hardlink_to(site / "film.0123abcd.mp4")
    before = files(site)

    sync_site({"film.0123abcd.mp4": b"FILM", "": b"home", "a/": b"A", "b/": b"b", "file": b"a FILE"}, draft, site)

    assert files(draft) == {
        **{"film.0123abcd.mp4": b"FILM", "index.html": b"home", "a/index.html": b"A", "b/index.html": b"b", "file": b"a FILE"}
    }
    assert {path.name for path in draft.iterdir()} == {"film.0123abcd.mp4", "index.html", "a", "b", "file"}
    assert files(site) == before
    assert files(elsewhere) == {"index.html": b"not ours"}


def test_a_second_build_waits_for_the_first(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with staging_folder(site) as draft:
        sync_site(site_of(1), draft)
        second = FORK.Process(target=build, args=(site, 2))
        second.start()
        second.join(0.5)
        assert second.is_alive()
        assert files(draft) == whole(1)
        atomic_swap.swap(draft, site)

    second.join(20)

    assert files(site) == whole(2)
