"""`site-builder new`: a how-to that only its TODOs keep from being published."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import Project
from tests.reports import problems


def files(project: Project) -> list[str]:
    """Everything in the project and beside it."""
    return sorted(path.relative_to(project.root.parent).as_posix() for path in project.root.parent.rglob("*") if path.is_file())


def test_a_new_how_to_passes_check_but_for_its_todos(project: Project) -> None:
    written = project.run("new", "fit-a-tap", "--category", "water")
    told = project.run("check")

    assert written.stdout == "content/water/fit-a-tap.md\n"
    assert told.exit_code == 0, told.stderr
    lines = (project.root / "content/water/fit-a-tap.md").read_text("utf-8").splitlines()
    todos = [number for number, line in enumerate(lines, start=1) if "TODO" in line]
    warned = [row for row in told.stderr.splitlines() if "still says TODO" in row]
    assert warned == [f"content/water/fit-a-tap.md:{number}: warning: this line still says TODO" for number in todos]
    assert len(todos) > 10
    assert any("risk" in lines[number - 1] for number in todos)  # nobody has weighed it yet


def test_a_strict_check_does_not_let_todos_through(project: Project) -> None:
    project.run("new", "fit-a-tap", "--category", "water")

    told = project.run("check", "--strict")

    assert told.exit_code == 1
    assert "this line still says TODO" in told.stderr


def test_a_how_to_without_todos_is_not_warned_of(project: Project) -> None:
    project.write(body="The word TODOS is a word of its own.")

    assert "TODO" not in project.run("check").stderr


def test_its_film_is_found_by_its_name(project: Project, clip: Path) -> None:
    (project.root / "videos/fit-a-tap.MP4").write_bytes(clip.read_bytes())
    project.run("new", "fit-a-tap", "--category", "water")

    told = project.run("check")

    assert told.exit_code == 0, told.stderr
    assert "master: videos/fit-a-tap.MP4" in (project.root / "content/water/fit-a-tap.md").read_text("utf-8")
    assert "1 film," in told.stderr


def test_without_a_category_the_settings_first_is_taken(project: Project) -> None:
    project.set(categories={"water": {"titles": {"en": "Water"}}})

    assert project.run("new", "fit-a-tap").stdout == "content/water/fit-a-tap.md\n"


@pytest.mark.parametrize(
    "slug", ["../../x", "a/b", "/tmp/x", "Fit A Tap", "fit_a_tap", "fit--a", "", ".", "x\n", "é", "x" * 61]
)
def test_a_slug_that_is_none_is_refused_and_nothing_is_written(project: Project, slug: str) -> None:
    before = files(project)

    told = project.run("new", "--category", "water", "--", slug)

    assert told.exit_code == 1
    assert "is no slug" in told.stderr
    assert "small letters, digits and single hyphens" in told.stderr
    assert files(project) == before


def test_a_category_that_is_none_is_refused_and_nothing_is_written(project: Project) -> None:
    before = files(project)

    told = project.run("new", "fit-a-tap", "--category", "../../x")

    assert told.exit_code == 1
    assert "'../../x' is no category" in told.stderr
    assert files(project) == before


def test_a_slug_that_is_taken_is_refused_and_nothing_is_overwritten(project: Project) -> None:
    path = project.write()
    before = path.read_bytes()

    told = project.run("new", "wire-a-plug", "--category", "water")

    assert told.exit_code == 1
    assert problems(told) == ["content/electrical/wire-a-plug.md:1: slug 'wire-a-plug' is taken"]
    assert path.read_bytes() == before
    assert not (project.root / "content/water").exists()


@pytest.mark.parametrize(("said", "offered"), [
    ("Wash your hands", "wash-your-hands"), ("Kan jy 'n prop bedraad?", "kan-jy-n-prop-bedraad"), ("Wash_Hands", "wash-hands"),
    ("Crème brûlée", "creme-brulee"), ("word " * 40, "-".join(["word"] * 12)),
])  # fmt: skip
def test_words_that_are_no_slug_are_offered_as_one(project: Project, said: str, offered: str) -> None:
    told = project.run("new", said)

    assert told.exit_code == 1
    assert f"at most 60: site-builder new {offered}\n" in told.stderr
    assert project.run("new", offered).exit_code == 0


def test_a_file_whose_name_is_no_slug_is_told_with_the_name_that_is(project: Project) -> None:
    project.write().rename(project.root / "content/electrical/Wire A Plug.md")

    assert "at most 60: wire-a-plug.md" in project.run("check").stderr


def test_a_new_library_gets_what_it_lacks_once(project: Project) -> None:
    (project.root / "content").rmdir()
    told = project.run("new", "fit-a-tap")

    schema = json.loads((project.root / "content/howto.schema.json").read_text("utf-8"))
    first = (project.root / "content/general/fit-a-tap.md").read_text("utf-8").split("\n")[1]
    assert (schema["title"], first) == ("How-to", "$schema: ../howto.schema.json")
    ignored = {".cache/", "site/", ".site.new/", ".site.old/", ".site.list", ".site.next", "printed/"}
    assert set((project.root / ".gitignore").read_text("utf-8").split("\n")[1:-1]) == ignored
    assert ".gitignore was not there yet: commit it too" in told.stderr
    (project.root / ".gitignore").write_text("mine\n", "utf-8")
    (project.root / "content/howto.schema.json").write_text("{}", "utf-8")
    told = project.run("new", "fit-a-lamp")
    assert "not there yet" not in told.stderr
    assert (project.root / ".gitignore").read_text("utf-8") == "mine\n"
    assert (project.root / "content/howto.schema.json").read_text("utf-8") == "{}"


def test_what_a_build_leaves_beside_a_site_in_a_folder_is_ignored_there(project: Project) -> None:
    with (project.root / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("site_dir: public/shop\n")
    project.run("new", "fit-a-tap")

    ignored = (project.root / ".gitignore").read_text("utf-8").split("\n")
    assert [ignored[n] for n in (2, 3, 5)] == ["public/shop/", "public/.shop.new/", "public/.shop.list"]


def test_a_film_whose_name_has_capitals_and_spaces_is_found_too(project: Project, clip: Path) -> None:
    (project.root / "videos/Fit a tap.mp4").write_bytes(clip.read_bytes())
    project.run("new", "fit-a-tap", "--category", "water")

    assert 'master: "videos/Fit a tap.mp4"' in (project.root / "content/water/fit-a-tap.md").read_text("utf-8")
    assert "1 film," in project.run("check").stderr


def test_the_first_hour_of_a_new_library(tmp_path: Path) -> None:
    """The README's words, one after the other, in a bare folder; `mkdocs build` makes the same pages."""
    project = Project.__new__(Project)
    project.root = tmp_path
    hint = project.run("check").stderr.split("these 5 lines:\n\n")[1].split("\n\n")[0]
    (tmp_path / "mkdocs.yml").write_text(hint + "\n", "utf-8")

    assert project.run("new", "wash-your-hands").exit_code == 0
    assert project.run("check").exit_code == 0
    assert project.run("build").exit_code == 0
    ours = {path.relative_to(tmp_path / "site") for path in (tmp_path / "site").rglob("index.html")}
    words = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(tmp_path / "mkdocs.yml"), "-d", str(tmp_path / "again")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("index.html")} == ours
