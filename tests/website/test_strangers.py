"""What stands in the site's folder and is not ours stays there, whichever build goes over it and wherever one is killed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from site_builder.website.output import atomic_swap
from site_builder.website.output.atomic_swap import blocked_reason, sibling, staging_folder
from site_builder.website.output.ownership import SyncResult, file_list_path, pending_list_path
from site_builder.website.output.sync import sync_site
from tests.files import files
from tests.project import Project

WITNESS = b'{\n "$schema": "library.schema.json",\n "name": "Shop"}'


def site_of(word: str) -> dict[str, Path | bytes]:
    return {"": f"home {word}".encode(), f"water/{word}/": b"a page", "water/": b"water", "library.json": WITNESS}


def build(site: Path, word: str) -> SyncResult:
    with staging_folder(site) as draft:
        placed = sync_site(site_of(word), draft, site)
        atomic_swap.swap(draft, site)
    return placed


def editors_files(site: Path) -> dict[str, bytes]:
    """What an editor puts there: a work tree of git, names for hosts, a file beside a page, one below a page that will go."""
    site.mkdir(parents=True, exist_ok=True)
    put = {
        ".git/HEAD": b"ref: refs/heads/pages",
        ".git/objects/aa/bb": b"object",
        "CNAME": b"shop.example",
        ".well-known/assetlinks.json": b"[]",
        "water/notes.txt": b"notes",
        "water/one/photo.jpg": b"photo",
        "water/one/more/film.mov": b"film",
        "sale/index.html": b"the sale",
    }
    for name, data in put.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(data)
    (site / "latest").symlink_to("sale/index.html")
    return {**put, "latest": b"the sale"}


def test_what_is_not_ours_stays_through_any_number_of_builds(tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(site, "one")
    theirs = editors_files(site)

    for word in ("two", "three", "three", "four"):
        placed = build(site, word)
        found = files(site)
        assert {name: found.get(name) for name in theirs} == theirs
        assert (site / "latest").readlink() == Path("sale/index.html")
        assert set(found) - set(theirs) == {"index.html", "library.json", "water/index.html", f"water/{word}/index.html"}
        assert ".git" in placed.foreign
        assert "CNAME" in placed.foreign
    assert not pending_list_path(site).exists()


def test_what_an_editor_takes_away_again_does_not_come_back(tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(site, "one")
    editors_files(site)
    build(site, "two")
    for name in (".git", ".well-known", "sale"):
        shutil.rmtree(site / name)
    (site / "CNAME").unlink()

    for word in ("three", "four"):
        build(site, word)

    assert {".git/HEAD", "CNAME", "sale/index.html"} & set(files(site)) == set()


def test_a_site_that_lost_its_list_is_known_by_its_catalogue(tmp_path: Path) -> None:
    """As CI has it: the published branch as a work tree, and neither a list nor a cache."""
    site = tmp_path / "site"
    build(site, "one")
    theirs = {name: data for name, data in editors_files(site).items() if name.startswith((".", "CNAME"))}
    file_list_path(site).unlink()
    shutil.rmtree(sibling(site, "new"), ignore_errors=True)

    build(site, "two")

    found = files(site)
    assert {name: found.get(name) for name in theirs} == theirs
    assert "water/one/index.html" not in found


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize(
    "exchange", [atomic_swap.RENAME_EXCHANGE, 1 << 9], ids=["in one step", "where a disk cannot exchange two names"]
)
def test_a_kill_while_they_are_on_their_way_loses_none(
    where: str, exchange: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic_swap, "RENAME_EXCHANGE", exchange)
    site = tmp_path / "site"
    build(site, "one")
    theirs = editors_files(site)
    steps = {"before": ("exchange",), "after": ("restore_foreign_folders",)}[where]
    with monkeypatch.context() as killed:
        for step in steps:
            usual = getattr(atomic_swap, step)
            killed.setattr(atomic_swap, step, lambda *given, usual=usual: die(usual, site, *given))
        with pytest.raises(KeyboardInterrupt):
            build(site, "two")

    build(site, "three")

    found = files(site)
    assert {name: found.get(name) for name in theirs} == theirs
    assert "water/two/index.html" not in found


def die(usual: object, site: Path, *given: Path) -> object:
    """Let what comes first in a build pass; then be killed."""
    if pending_list_path(site).exists():
        raise KeyboardInterrupt
    return usual(*given)  # type: ignore[operator]


def test_a_file_that_stands_where_a_page_belongs_is_told_before_the_site_changes(tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(site, "one")
    (site / "water/two").mkdir()
    (site / "water/two/index.html").write_bytes(b"an editor's own")

    with staging_folder(site) as draft:
        placed = sync_site(site_of("two"), draft, site)

    assert placed.conflicts == ["water/two/index.html"]
    assert (site / "water/two/index.html").read_bytes() == b"an editor's own"


def test_a_folder_of_another_program_is_refused_and_one_of_ours_is_not(tmp_path: Path) -> None:
    site, root = tmp_path / "site", tmp_path
    assert blocked_reason(site, root, ()) is None
    site.mkdir()
    (site / "CNAME").write_bytes(b"shop.example")
    assert blocked_reason(site, root, ()) is None
    (site / "index.html").write_bytes(b"another program's")
    assert "did not make (index.html)" in (blocked_reason(site, root, ()) or "")
    (site / "library.json").write_bytes(WITNESS)
    assert blocked_reason(site, root, ()) is None
    shutil.rmtree(site)
    site.symlink_to(tmp_path)
    assert "holds the library itself" in (blocked_reason(site, root, ()) or "")
    site.unlink()
    site.write_bytes(b"a file")
    assert "is a file" in (blocked_reason(site, root, ()) or "")


def test_check_refuses_a_site_that_a_build_would_refuse(project: Project) -> None:
    project.write()
    project.text("site/index.html", "another program's")

    for command in ("check", "build"):
        told = project.run(command)
        assert told.exit_code == 1
        assert "did not make (index.html)" in told.stderr
    assert files(project.root / "site") == {"index.html": b"another program's"}


def test_a_site_that_is_a_link_stays_one(project: Project) -> None:
    project.write()
    (project.root / "elsewhere/www").mkdir(parents=True)
    (project.root / "site").symlink_to("elsewhere/www")

    for _ in range(2):
        assert project.run("build").exit_code == 0

    assert (project.root / "site").readlink() == Path("elsewhere/www")
    assert (project.root / "elsewhere/www/electrical/wire-a-plug/index.html").is_file()
    assert sorted(path.name for path in project.root.glob(".site*")) == []


def test_what_is_published_can_be_read_by_a_web_server_whatever_the_umask(project: Project) -> None:
    project.write()
    project.text("site/notes.txt", "an editor's own").chmod(0o600)
    before = os.umask(0o077)
    try:
        for _ in range(2):
            told = project.run("build")
            assert told.exit_code == 0
    finally:
        os.umask(before)

    site = project.root / "site"
    assert "left in site/: notes.txt" in told.stderr
    modes = {path.stat().st_mode & 0o777 for path in (site, *site.rglob("*")) if path.name != "notes.txt"}
    assert modes == {0o644, 0o755}
    assert (site / "notes.txt").stat().st_mode & 0o777 == 0o600
