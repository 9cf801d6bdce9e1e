"""Safety, steps, films and links: what one how-to says, held against itself, its files and the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.faults import HOWTO
from tests.media import ffmpeg
from tests.project import TIMES, Project
from tests.reports import hint_after, line_of, problems

FILE = "content/electrical/wire-a-plug.md"
STEPS = HOWTO["steps"]
DANGER = [{"level": "danger", "text": "It can kill."}]
SAFE = {"risk": "high", "safety": DANGER, "do_not_start_if": ["It is cut."], "emergency": "Call for help."}
REVIEWER = {"name": "T. Nkosi", "role": "Electrician"}
VIDEO = {"master": "videos/wire-a-plug.mp4"}


def timed(*times: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [
        {**step, **{name: at for name, at in (("start", start), ("end", end)) if at is not None}}
        for step, (start, end) in zip(STEPS, times, strict=True)
    ]


@pytest.mark.parametrize(("missing", "at", "message"), [
    ("safety", "safety:", "risk is high and no safety line is a danger"),
    ("do_not_start_if", "risk:", "risk is high and 'do_not_start_if' is missing"),
    ("emergency", "risk:", "risk is high and 'emergency' is missing"),
])  # fmt: skip
def test_high_risk_is_written_with_its_safety(project: Project, missing: str, at: str, message: str) -> None:
    changes = SAFE | {"reviewed_by": REVIEWER, missing: HOWTO.get(missing)}
    path = project.write(**changes)

    told = project.run("check")

    assert told.exit_code == 1
    assert problems(told) == [f"{FILE}:{line_of(path, at)}: {message}"]


def test_high_risk_without_a_reviewer_is_a_warning_and_fails_a_strict_run(project: Project) -> None:
    path = project.write(code="k7q", **SAFE)
    project.text("content/codes.tsv", "code\tslug\tsince\nk7q\twire-a-plug\t2026-11-21\n")
    warning = f"{FILE}:{line_of(path, 'reviewed_by')}: warning: risk is high and nobody has reviewed it"

    told, strictly = project.run("check"), project.run("check", "--strict")

    assert (told.exit_code, strictly.exit_code) == (0, 1)
    assert warning in told.stderr
    assert warning in strictly.stderr
    assert "1 warning, and the build is strict" in strictly.stderr


def test_a_reviewed_how_to_of_high_risk_passes_a_strict_run(project: Project) -> None:
    project.write(code="k7q", reviewed_by=REVIEWER, **SAFE)
    project.text("content/codes.tsv", "code\tslug\tsince\nk7q\twire-a-plug\t2026-11-21\n")

    told = project.run("check", "--strict")

    assert told.exit_code == 0, told.stderr


@pytest.mark.parametrize(("reviewed_on", "every", "until"), [
    ("2024-02-29", "P1Y", "2025-02-28"),
    ("2025-01-31", "P1M", "2025-02-28"),
    ("2025-01-31", "P1M10D", "2025-03-10"),
    ("2025-01-01", None, None),
    (None, "P12M", None),
    ("9000-01-01", "P12M", None),
])  # fmt: skip
def test_a_review_that_has_run_out_is_told(
    project: Project, reviewed_on: str | None, every: str | None, until: str | None
) -> None:
    day = reviewed_on and dt.date.fromisoformat(reviewed_on)
    path = project.write(reviewed_by=REVIEWER, reviewed_on=day, review_every=every)

    told = project.run("check").stderr

    assert ("ran out" in told) == bool(until)
    if until:
        assert f"{FILE}:{line_of(path, 'reviewed_on')}: warning: the review ran out on {until}" in told


@pytest.mark.parametrize(("times", "step", "message"), [
    ([(0, 0.5), (0.4, 1), (1, 2)], 2, "step 2 starts at 0.4 s, before step 'unplug' ends (0.5 s)"),
    ([(1, 1.5), (0, 0.5), (1.5, 2)], 2, "step 2 starts at 0 s, before step 'unplug' ends (1.5 s)"),
    ([(0, 0.5), (1, 0.6), (1, 2)], 2, "step 2 ends at 0.6 s, before it starts (1 s)"),
    ([(0, 0.5), (0.5, 1), (1, None)], 3, "step 3 has a start or an end, not both"),
    ([(0, 0.5), (0.5, 1), (1.5, 9)], 3, "the end of step 3 is at 9 s, the film ends at 2.0 s"),
    ([(0, 0.5), (0.5, 1), (8, 9)], 3, "the start of step 3 is at 8 s, the film ends at 2.0 s"),
])  # fmt: skip
def test_step_times_follow_each_other_within_the_film(
    project: Project, clip: Path, times: list[tuple[Any, Any]], step: int, message: str
) -> None:
    path = project.film(clip, steps=timed(*times))

    told = project.run("check")

    assert told.exit_code == 1
    found = next(row for row in problems(told) if message in row)
    lines = (project.root / FILE).read_text("utf-8").splitlines()
    line = int(found.split(":")[1])
    block = [number for number, text in enumerate(lines, 1) if text.startswith("- id:")]
    assert block[step - 1] <= line <= (block[step] if step < 3 else line_of(project.root / FILE, "done_when") - 1)
    assert path.exists()


def test_safety_and_poster_are_within_the_film(project: Project, clip: Path) -> None:
    project.film(clip, safety=[{**HOWTO["safety"][0], "at": 7}], video={**VIDEO, "poster_at": 8})

    told = project.run("check")

    assert "safety line 1 is at 7 s, the film ends at 2.0 s" in told.stderr
    assert "the poster is at 8 s, the film ends at 2.0 s" in told.stderr


def test_times_without_a_film_are_told(project: Project) -> None:
    project.write(steps=timed(*TIMES))

    assert "step 1 has a time, and there is no film" in project.run("check").stderr


def test_an_id_is_used_once(project: Project) -> None:
    project.write(steps=[STEPS[0], STEPS[1], {**STEPS[2], "id": "unplug"}])

    told = project.run("check")

    assert "step id 'unplug' is used twice" in told.stderr
    assert hint_after(told, "used twice") == "also by step 1"


@pytest.mark.parametrize(("change", "message"), [
    ({"critical": True}, "step 1 is critical and has no 'check'"),
    ({"text": "so " * 31}, "step 1 has 31 words"),
])  # fmt: skip
def test_advice_on_a_step_is_a_warning(project: Project, change: dict[str, Any], message: str) -> None:
    project.write(steps=[{**STEPS[0], **change}, *STEPS[1:]])

    told = project.run("check")

    assert told.exit_code == 0
    assert f"warning: {message}" in told.stderr


@pytest.mark.parametrize(("slug", "message", "hint"), [
    ("save-watr", "no how-to 'save-watr'", "did you mean 'save-water'?"),
    ("zzz", "no how-to 'zzz'", ""),
    ("wire-a-plug", "a how-to is not related to itself", ""),
    ("wire-a-plugs", "no how-to 'wire-a-plugs'", ""),  # itself is no help
])  # fmt: skip
def test_a_dead_related_link_is_told_at_its_own_line(project: Project, slug: str, message: str, hint: str) -> None:
    project.write("save-water", category="water", related=["wire-a-plug"])
    path = project.write(related=["save-water", slug])

    told = project.run("check")

    assert told.exit_code == 1
    assert f"{FILE}:{line_of(path, 'related:') + 2}: {message}" in told.stderr
    assert hint_after(told, message) == hint or not hint


def test_a_link_to_a_how_to_with_mistakes_is_not_dead(project: Project) -> None:
    project.text("content/water/save-water.md", "---\ntitle: a: b\n---\n")
    project.write(related=["save-water"])

    assert len(problems(project.run("check"))) == 1


def test_a_slug_is_taken_once(project: Project) -> None:
    project.write()
    project.write(category="tools")

    told = project.run("check")

    assert told.exit_code == 1
    assert "content/tools/wire-a-plug.md:1: slug 'wire-a-plug' is taken" in told.stderr
    assert hint_after(told, "is taken") == f"by {FILE}; rename one of them"


FOLDER = "films stand in one folder"
WHOLE = f"write 'videos/wire-a-plug.mp4': {FOLDER}"


@pytest.mark.parametrize(("master", "message", "hint"), [
    ("videos/wire-a-plg.mp4", "no master 'videos/wire-a-plg.mp4'", "did you mean 'videos/wire-a-plug.mp4'?"),
    ("videos/drill.mp4", "no master 'videos/drill.mp4'", "videos/ has 1 masters"),
    ("wire-a-plug.mp4", "master 'wire-a-plug.mp4' is not in videos/", WHOLE),
    ("../videos/wire-a-plug.mp4", "master '../videos/wire-a-plug.mp4' is not in videos/", WHOLE),
    ("/etc/passwd", "master '/etc/passwd' is not in videos/", FOLDER),
    ("videos/notes.txt", "'videos/notes.txt' is no film", "one of .mp4, .mov, .mkv, .webm"),
    ("videos", "no master 'videos'", "videos/ has 1 masters"),
])  # fmt: skip
def test_a_master_that_is_not_there_is_told(project: Project, clip: Path, master: str, message: str, hint: str) -> None:
    project.film(clip)
    project.text("videos/notes.txt", "x")
    path = project.write(video={"master": master})

    told = project.run("check")

    assert told.exit_code == 1
    assert problems(told) == [f"{FILE}:{line_of(path, 'master:')}: {message}"]
    assert hint_after(told, message) == hint


@pytest.mark.parametrize(("name", "hint"), [
    ("wire-a-plg.en.vtt", "did you mean 'wire-a-plug.en.vtt'?"),
    ("../secret.vtt", ""),
    ("out.vtt", ""),
])  # fmt: skip
def test_captions_that_are_not_beside_the_master_are_told(project: Project, clip: Path, name: str, hint: str) -> None:
    project.text("secret.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nsecret\n")
    project.text("videos/wire-a-plug.en.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n")
    (project.root / "videos/out.vtt").symlink_to(project.root / "secret.vtt")
    project.film(clip, video={**VIDEO, "captions": {"af": name}})

    told = project.run("check")

    assert told.exit_code == 1
    message = f"no captions '{Path(name).name}' beside the master"
    assert problems(told) == [f"{FILE}:{line_of(project.root / FILE, 'af:')}: {message}"]
    assert hint_after(told, message) == hint or not hint


@pytest.mark.parametrize("name", ["missing.jpg", "../water/tap.jpg", "/etc/hostname"])
def test_a_picture_that_is_not_beside_the_how_to_is_told(project: Project, name: str) -> None:
    project.text("content/water/tap.jpg", "x")
    path = project.write(steps=[STEPS[0], {**STEPS[1], "image": name}, STEPS[2]])

    told = project.run("check")

    assert told.exit_code == 1
    assert problems(told) == [f"{FILE}:{line_of(path, 'image:')}: no picture '{name}' beside the how-to"]
    assert hint_after(told, "no picture") == "auto, none, or a file in the same folder"


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Callable[[float], Path]:
    """Films of a length, one picture a second."""
    folder = tmp_path_factory.mktemp("long")

    def make(seconds: float) -> Path:
        path = folder / f"{seconds}.mp4"
        ffmpeg("-f", "lavfi", "-i", f"color=gray:size=64x64:rate=2:duration={seconds}", "-pix_fmt", "yuv420p", path)
        return path

    return make


@pytest.mark.parametrize(("seconds", "code", "message", "hint"), [
    (60, 0, "", ""),
    (61, 0, "warning: 'wire-a-plug.mp4' lasts 61.0 s, a little over 60 s", "up to 65 s are let through"),
    (65, 0, "warning: 'wire-a-plug.mp4' lasts 65.0 s, a little over 60 s", "up to 65 s are let through"),
    (65.5, 1, "'wire-a-plug.mp4' lasts 65.5 s, 60 s are allowed", "cut it to 60 s: a minute is what a customer pays for"),
    (75, 1, "'wire-a-plug.mp4' lasts 75.0 s, 60 s are allowed", "cut it to 60 s: a minute is what a customer pays for"),
])  # fmt: skip
def test_a_film_lasts_a_minute(
    project: Project, silent: Callable[[float], Path], seconds: float, code: int, message: str, hint: str
) -> None:
    project.film(silent(seconds), video=VIDEO).rename(project.root / "videos/wire-a-plug.mp4")

    told = project.run("check")

    assert told.exit_code == code, told.stderr
    assert (
        (f"{FILE}:{line_of(project.root / FILE, 'master:')}: {message}" in told.stderr)
        if message
        else "mp4' lasts" not in told.stderr
    )
    assert not message or hint_after(told, message) == hint


def test_how_long_a_film_may_last_is_a_setting(project: Project, clip: Path) -> None:
    project.film(clip)
    project.set(max_seconds=1, grace_seconds=0.5)

    assert "'wire-a-plug.mp4' lasts 2.0 s, 1 s are allowed" in project.run("check").stderr


def test_a_film_of_another_length_than_written_is_told(project: Project, clip: Path) -> None:
    project.film(clip, video={**VIDEO, "duration": 58.5})

    told = project.run("check")

    assert f"{FILE}:{line_of(project.root / FILE, 'duration:')}: 'duration' is 58.5 s, the film lasts 2.0 s" in told.stderr


def test_spaces_and_letters_of_all_kinds_in_names_are_fine(tmp_path: Path, clip: Path) -> None:
    project = Project(tmp_path / "ons winkel é ∆ [1]")
    project.film(clip).rename(project.root / "videos/ma film é [2].mp4")
    project.text("videos/ma film é [2].en.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n")
    project.film(clip, video={"master": "videos/ma film é [2].mp4"})

    told = project.run("check")

    assert told.exit_code == 0, told.stderr
    assert list(project_captions(project)) == ["en"]


def project_captions(project: Project) -> Any:
    from site_builder.library import loading

    library, _ = loading.load_library(project.settings)
    return library.howtos[0].captions


def test_captions_of_another_master_with_a_longer_name_are_not_ours(project: Project, clip: Path) -> None:
    project.film(clip)
    for name in ("wire-a-plug.en.vtt", "wire-a-plug.v2.en.vtt"):
        project.text(f"videos/{name}", "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n")

    assert list(project_captions(project)) == ["en"]


# ---- what its leaflet is to be


@pytest.mark.parametrize(("wish", "at", "message", "hint"), [
    ({"picture_steps": ["conect"]}, "- conect", "no step 'conect'", "did you mean 'connect'?"),
    ({"picture_steps": ["xyz"]}, "- xyz", "no step 'xyz'", "steps: unplug, connect, test"),
    ({"picture_steps": ["test"]}, "  - test", "step 'test' has no picture",
     "give it an 'image', or a 'start' and 'end' in the film"),
    ({"format": "bookelt"}, "bookelt", "no format 'bookelt'", "did you mean 'booklet'?"),
    ({"format": "pack"}, "format:", "format 'pack' is for many how-tos", "formats for one: booklet, leaflet, toner, two-a5"),
    ({"paper": "A5", "format": "toner"}, "format:", "format 'toner' is not on A5",
     "leave one of them out; on A5: booklet, two-a5"),
])  # fmt: skip
def test_a_wish_that_cannot_be_met(project: Project, wish: dict[str, Any], at: str, message: str, hint: str) -> None:
    path = project.write(leaflet=wish)
    project.text("content/electrical/wire-a-plug.af.md", "---\nlang: af\ntranslates: 1.0.0\ntitle: Bedraad\n---\n")

    told = project.run("check")

    assert told.exit_code == 1
    assert problems(told) == [f"{FILE}:{line_of(path, at)}: {message}"]
    assert hint_after(told, message) == hint


def test_wishes_that_can_be_met(project: Project, clip: Path) -> None:
    project.film(clip, leaflet={"format": "two-a5", "paper": "A5", "picture_steps": ["connect"]})

    assert project.run("check").exit_code == 0
