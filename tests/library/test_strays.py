"""Nothing that an editor put into videos/ or content/ is passed over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project import Project
from tests.reports import hint_after

SOUND = b"RIFF"


def warned(project: Project) -> list[str]:
    told = project.run("check")
    assert told.exit_code == 0, told.stderr
    return [row.replace("warning: ", "") for row in told.stderr.splitlines() if "warning:" in row]


def test_a_film_under_the_how_tos_name_that_it_does_not_use_is_told_with_the_line_to_add(project: Project, clip: Path) -> None:
    project.write()
    (project.root / "videos/Wire a plug.mp4").write_bytes(clip.read_bytes())

    told = project.run("check")

    message = (
        "content/electrical/wire-a-plug.md:2: warning: 'videos/Wire a plug.mp4' has this how-to's name, and it uses no film"
    )
    assert message in told.stderr
    assert hint_after(told, "uses no film").startswith("add the line 'video: videos/Wire a plug.mp4'")
    project.write(video="videos/Wire a plug.mp4")
    assert warned(project) == []


def test_a_second_film_of_a_how_to_is_told_where_the_first_is_named(project: Project, clip: Path) -> None:
    project.film(clip)
    (project.root / "videos/wire-a-plug.mov").write_bytes(clip.read_bytes())

    (row,) = warned(project)

    assert "wire-a-plug.md:" in row
    assert row.endswith("'videos/wire-a-plug.mov' has this how-to's name too, and is not used")


UNUSED = [
    ("videos/fix-a-tap.mp4", "no how-to uses this film"),
    ("videos/old/fix-a-tap.mkv", "no how-to uses this film"),
    ("videos/fix-a-tap.avi", "no how-to uses this film"),
    ("videos/fix-a-tap.en.vtt", "no film has the name of these captions"),
    ("videos/fix-a-tap.srt", "no film has the name of these captions"),
    ("videos/fix-a-tap.zu.m4a", "no film has the name of this narration"),
    ("videos/wire-a-plug.zu.m4a", "no how-to in 'zu' plays this narration"),
    ("videos/wire-a-plug.en.mp3", "sound in '.mp3' is not read"),
    ("videos/script.docx", "this is no film, no sound and no captions"),
    ("videos/fix-a-tap.mp4.part", "this is no film, no sound and no captions"),
    ("content/electrical/save-water.docx", "this file is not read as a how-to"),
    ("content/electrical/save-water.MD", "this file is not read as a how-to"),
    ("content/electrical/save-water.markdown", "this file is not read as a how-to"),
    ("content/save-water.MD", "this file is not read as a how-to"),
    ("content/electrical/wire-a-plug.mp4", "nothing uses this file"),
    ("content/electrical/wire-a-plug.en.vtt", "nothing uses this file"),
    ("content/synonyms.yaml", "this file is not read"),
    ("content/Synonyms.yml", "this file is not read"),
    ("content/electrical/synonyms.yml", "this file is not read here"),
    ("content/codes.csv", "this file is not read"),
]


@pytest.mark.parametrize(("name", "message"), UNUSED, ids=[row[0] for row in UNUSED])
def test_what_nothing_uses_is_told_at_its_name_and_may_be_kept_aside(
    project: Project, clip: Path, name: str, message: str
) -> None:
    project.film(clip)
    path = project.text(name, "x")

    assert warned(project) == [f"{name}:1: {message}"]

    path.rename(path.with_name(f"_{path.name}"))
    assert warned(project) == []


def test_a_second_narration_in_one_language_is_told(project: Project, clip: Path) -> None:
    project.film(clip)
    for suffix in ("wav", "m4a"):
        (project.root / f"videos/wire-a-plug.en.{suffix}").write_bytes(clip.read_bytes())

    (row,) = warned(project)

    assert row == "videos/wire-a-plug.en.m4a:1: 'wire-a-plug.en.wav' is the narration in 'en', this one is not used"


def test_what_is_used_or_belongs_to_nobody_is_not_told(project: Project, clip: Path) -> None:
    project.film(clip, body="See [the sheet](sheet.mp4).")
    for name in ("videos/README.md", "videos/.DS_Store", "videos/Thumbs.db", "content/robots.txt", "content/CNAME",
                 "content/electrical/sheet.mp4", "content/electrical/_old.docx",
                 "content/about.md"):  # fmt: skip
        project.text(name, "x")
    project.text("videos/wire-a-plug.en.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nPull it out.\n")
    project.text("content/electrical/fix-a-tap.md", "---\ntitle: x: y\n---\n")
    project.text("videos/fix-a-tap.mp4", "x")

    told = project.run("check")

    assert "warning" not in told.stderr
    assert "fix-a-tap.md:2" in told.stderr  # its film is told when it can be read


@pytest.mark.parametrize(("name", "message", "hint"), [
    ("wire-a-plug.AF.md", "'wire-a-plug.AF.md' is no name for a how-to", "wire-a-plug.af.md"),
    ("wire-a-plug.pt_br.md", "'wire-a-plug.pt_br.md' is no name for a how-to", "wire-a-plug.pt-BR.md"),
    ("wire-a-plug-af.md", "is named as a how-to, and says that it is a translation", "wire-a-plug.af.md"),
    ("wire-a-plg.af.md", "a translation of 'wire-a-plg', which is no how-to", "did you mean 'wire-a-plug'?"),
])  # fmt: skip
def test_a_translation_under_another_name_is_told_in_one_sentence(project: Project, name: str, message: str, hint: str) -> None:
    project.write()
    project.text(f"content/electrical/{name}", "---\ntranslates: 1.0.0\ntitle: Prop\n---\n")

    told = project.run("check")

    assert told.exit_code == 1
    assert "1 mistake;" in told.stderr
    assert message in told.stderr
    assert hint in hint_after(told, message)


def test_captions_of_another_film_are_not_offered(project: Project, clip: Path) -> None:
    project.film(clip, "wire-a-plug", video={"master": "videos/wire-a-plug.mp4", "captions": {"en": "wire-a-plag.vtt"}})
    project.film(clip, "wire-a-plan")
    project.text("videos/wire-a-plan.en.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nPull it out.\n")

    told = project.run("check")

    assert "no captions 'wire-a-plag.vtt' beside the master" in told.stderr
    assert "wire-a-plan.en.vtt" not in hint_after(told, "no captions")
