"""Nothing outside the library is read or published, whatever links lead there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from benchmarks.faults import HOWTO
from tests.project import Project
from tests.reports import hint_after, line_of, problems

SECRET = "the machine's own words"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    (folder / "house").mkdir(parents=True)
    for name in ("secret.md", "house/fix.md", "codes.tsv", "synonyms.yml", "secret.vtt", "secret.mp4", "sheet.pdf"):
        (folder / name).write_text(SECRET, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("content/about.md", "secret.md"), ("content/electrical/fix.md", "secret.md"), ("content/house", "house"),
        ("content/electrical/sheet.pdf", "sheet.pdf"), ("content/codes.tsv", "codes.tsv"),
        ("content/synonyms.yml", "synonyms.yml"),
        ("content/electrical/index.md", "secret.md"), ("videos/wire-a-plug.en.vtt", "secret.vtt"),
        ("videos/x.mp4", "secret.mp4"),
    ],
)  # fmt: skip
def test_a_link_that_leads_out_is_told_at_its_name_and_not_read(
    project: Project, outside: Path, name: str, target: str
) -> None:
    project.write()
    (project.root / name).symlink_to(outside / target)

    checked, built = project.run("check"), project.run("build")

    for told in (checked, built):
        assert told.exit_code == 1
        assert f"{name}:1: this link leads out of the library" in told.stderr
        assert "machine" not in told.stderr
    assert not (project.root / "site").exists()


def test_captions_behind_a_link_are_told_once_and_do_not_hint_at_themselves(
    project: Project, outside: Path, clip: Path
) -> None:
    project.film(clip)
    (project.root / "videos/wire-a-plug.en.vtt").symlink_to(outside / "secret.vtt")

    (row,) = problems(project.run("check"))

    assert row.startswith("videos/wire-a-plug.en.vtt:1: this link leads out")


def test_a_picture_behind_a_link_is_told_once_and_does_not_hint_at_itself(project: Project, outside: Path) -> None:
    steps = [{**step, "image": name} for step, name in zip(HOWTO["steps"], ("a.jpg", "b.jpg", "./a.jpg"), strict=True)]
    path = project.write(steps=steps)
    Image.new("RGB", (640, 360), "red").save(outside / "a.jpg")
    (path.parent / "a.jpg").symlink_to(outside / "a.jpg")
    project.text("content/photos/b.jpg", "").write_bytes((outside / "a.jpg").read_bytes())
    (path.parent / "b.jpg").symlink_to("../photos/b.jpg")

    told = project.run("check")

    assert told.stderr.count("content/electrical/a.jpg:1: this link leads out of the library") == 1
    message = "the picture 'b.jpg' is a link that leads out of electrical/"
    (problem,) = problems(told)
    assert problem == f"content/electrical/wire-a-plug.md:{line_of(path, 'image: b.jpg')}: {message}"
    assert hint_after(told, message) == "put the file itself there"
    assert "did you mean" not in told.stderr


@pytest.mark.parametrize(("name", "target"), [("content", "house"), ("videos", "house")])
def test_a_folder_that_is_such_a_link_is_told_in_mkdocs_yml(project: Project, outside: Path, name: str, target: str) -> None:
    (project.root / name).rmdir()
    (project.root / name).symlink_to(outside / target)

    told = project.run("check")

    assert told.exit_code == 1
    assert "a link that leads out of shop/" in told.stderr
    assert "machine" not in told.stderr


@pytest.mark.parametrize("target", ["nowhere", "loop.md", "../.cache", "../mkdocs.yml/.."])
def test_links_to_nothing_to_themselves_to_hidden_things_and_to_folders_are_told(project: Project, target: str) -> None:
    project.write()
    (project.root / ".cache").mkdir()
    (project.root / "content/loop.md").symlink_to(target)

    told = project.run("check")

    assert told.exit_code == 1
    assert "content/loop.md:1: this link leads" in told.stderr


def test_a_link_within_the_library_is_followed(project: Project) -> None:
    project.write(body="[sheet](sheet.pdf)")
    project.text("content/sheet.pdf", "%PDF-1.4")
    (project.root / "content/electrical/sheet.pdf").symlink_to("../sheet.pdf")

    told = project.run("check")

    assert told.exit_code == 0, told.stderr
