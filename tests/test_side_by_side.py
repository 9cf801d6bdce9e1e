"""Builds that meet: of one library they take turns, whichever command they come from; several libraries share one cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from site_builder.cache import Cache
from tests.files import files
from tests.project import Project

SITE_BUILDER = [sys.executable, "-m", "site_builder.cli"]
COMMANDS = {
    "build": [*SITE_BUILDER, "build"],
    "mkdocs": [sys.executable, "-m", "mkdocs", "build", "-q"],
    "print": [*SITE_BUILDER, "print", "--out", "printed"],
}


def begin(name: str, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(COMMANDS[name], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def end(process: subprocess.Popen[str]) -> str:
    said = process.communicate(timeout=240)[0]
    assert "Traceback" not in said
    assert process.returncode == 0, said
    return said


@pytest.mark.parametrize("names", [("build", "build"), ("build", "mkdocs"), ("print", "build")], ids="-".join)
def test_two_commands_of_one_library_both_come_to_their_end(names: tuple[str, str], project: Project) -> None:
    project.write()
    project.write("save-water", category="water")

    for process in [begin(name, project.root) for name in names]:
        end(process)

    assert (project.root / "site/electrical/wire-a-plug/index.html").is_file()


def test_whoever_comes_second_says_that_it_waits(project: Project) -> None:
    project.write()
    said = {"build": "another build of this library is at work", "print": "another build", "mkdocs": ""}
    with Cache(project.root / ".cache", project.root).lock_build(lambda: None):
        begun = {name: begin(name, project.root) for name in said}
        time.sleep(6)
        assert [name for name, process in begun.items() if process.poll() is not None] == []

    for name, words in said.items():
        assert words in end(begun[name])


def test_libraries_that_share_a_cache_neither_wait_for_nor_prune_each_other(tmp_path: Path) -> None:
    shared = str(tmp_path / "shared")
    shops = [Project(tmp_path / "one"), Project(tmp_path / "two/one")]
    for number, shop in enumerate(shops):
        shop.write(summary=f"How shop number {number} wires a plug.")
    with Cache(Path(shared), shops[0].root).lock_build(lambda: None):
        assert shops[1].run("build", "--cache-dir", shared).exit_code == 0
    assert shops[0].run("build", "--cache-dir", shared).exit_code == 0
    kept = {path.name for path in Path(shared).glob("??/*")}

    for shop in shops:
        assert shop.run("cache", "prune", "--cache-dir", shared).exit_code == 0

    assert {path.name for path in Path(shared).glob("??/*")} == kept
    shops[0].write(summary="Another summary.")
    before = files(shops[1].root / "site")
    assert shops[0].run("build", "--cache-dir", shared).exit_code == 0
    assert "0 files removed" not in shops[0].run("cache", "prune", "--cache-dir", shared).stdout
    told = shops[1].run("build", "--cache-dir", shared)
    assert "all there already" in told.stderr
    assert files(shops[1].root / "site") == before


def test_prune_waits_for_every_library_of_the_cache(tmp_path: Path) -> None:
    shop = Project(tmp_path / "shop")
    shop.write()
    assert shop.run("build").exit_code == 0
    words = [*SITE_BUILDER, "cache", "prune"]
    with Cache(shop.root / ".cache", tmp_path / "another").lock_build(lambda: None):
        process = subprocess.Popen(words, cwd=shop.root, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        time.sleep(6)
        assert process.poll() is None

    assert process.wait(60) == 0
    process.communicate()


def test_the_catalogue_says_nothing_of_the_build_and_the_account_does(project: Project) -> None:
    project.write()
    assert project.run("build").exit_code == 0
    first = (project.root / "site/library.json").read_bytes()

    assert project.run("build").exit_code == 0

    assert (project.root / "site/library.json").read_bytes() == first
    assert json.loads((project.root / ".cache/account.json").read_text("utf-8")) == {"films": []}
    assert os.listdir(project.root / ".cache/drafts") == []  # noqa: PTH208
