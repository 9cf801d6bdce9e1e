"""Captions are read as players read them, and what is wrong is told at its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from site_builder.library import captions, loading
from site_builder.library.artifacts import Captions, Cue
from tests.project import Project
from tests.reports import problems

NAME = "videos/wire-a-plug.en.vtt"

GOOD = [
    ("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nHello\n", [Cue(0, 1, "Hello")]),
    ("WEBVTT - ours\nKind: captions\n\nNOTE by hand\n\n1\n00:00.250 --> 00:01.929 align:start\nTwo\nlines\n",
     [Cue(0.25, 1.929, "Two lines")]),
    ("WEBVTT\n\n00:00.000 --> 00:01.000\n<v Joe>Fish &amp; <i>chips</i>\n", [Cue(0, 1, "Fish & chips")]),
    ("\ufeffWEBVTT\n\n00:00.000 --> 00:01.000\na\n\n00:01.000 --> 00:02.000\nb\n", [Cue(0, 1, "a"), Cue(1, 2, "b")]),
    ("WEBVTT\n\nSTYLE\n::cue{}\n\n00:59:59.000 --> 01:00:00.500\nlate", [Cue(3599, 3600.5, "late")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cues"), GOOD)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_captions_are_read(tmp_path: Path, text: str, cues: list[Cue], end: str) -> None:
    path = tmp_path / "film.en.vtt"
    path.write_bytes(text.replace("\n", end).encode())

    assert captions.read_caption_file(path) == (Captions(tuple(cues)), [])


WRONG = [
    ("", 1, "this is no WebVTT", "the file begins with a line 'WEBVTT'"),
    ("00:00.000 --> 00:01.000\nno header\n", 1, "this is no WebVTT", "the file begins with a line 'WEBVTT'"),
    ("1\n00:00:00,000 --> 00:00:01,000\nSubRip\n", 1, "this is no WebVTT", "the file begins with a line 'WEBVTT'"),
    ("WEBVTTX\n\n00:00.000 --> 00:01.000\nx\n", 1, "this is no WebVTT", "the file begins with a line 'WEBVTT'"),
    ("WEBVTT\n", 1, "no captions in this file", ""),
    ("WEBVTT\n\nNOTE none yet\n", 1, "no captions in this file", ""),
    ("WEBVTT\n\n00:00:00,000 --> 00:00:01,000\nx\n", 3, "this line's times cannot be read", "such as 00:00:05.750 --> 00:00"),
    ("WEBVTT\n\n00:00.000 --> soon\nx\n", 3, "this line's times cannot be read", "such as"),
    ("WEBVTT\n\n00:00.000 -->\nx\n", 3, "this line's times cannot be read", "such as"),
    ("WEBVTT\n\n00:00.000 --> 00:99.000\nx\n", 3, "this line's times cannot be read", "such as"),
    ("WEBVTT\n\n00:00.000 --> 00:00.500\na\n\n00:01.500 --> 00:01.000\nb\n", 6,
     "this caption ends (1 s) before it begins (1.5 s)", ""),
    ("WEBVTT\n\n00:00.000 --> 00:01.000\na\n\n00:00.500 --> 00:01.500\nb\n", 6,
     "this caption begins at 0.5 s, before the last one ends (1 s)", "a phone shows both then"),
    ("WEBVTT\n\n00:01.000 --> 00:01.500\na\n\n00:00.000 --> 00:00.900\nb\n\n00:01.600 --> 00:01.700\nc\n", 6,
     "this caption begins at 0 s, before the last one begins (1 s)", "captions stand in the order of the film"),
    ("WEBVTT\n\n00:00.000 --> 00:09.000\na\n", 3, "this caption ends at 9 s, the film at 2.0 s", ""),
    ("WEBVTT\n\n00:00.000 --> 00:01.000\n\n00:01.000 --> 00:01.500\nb\n", 3,
     "this caption has no words", "write them below its times"),
    ("WEBVTT\n\n00:00.000 --> 00:01.000\n\x1b[2J\n", 4, "this line holds a control character (0x1b)", "delete it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message", "hint"), WRONG, ids=[f"{row[2]} {row[0][8:30]!r}" for row in WRONG])
def test_a_mistake_in_captions_is_told_at_its_line(tmp_path: Path, text: str, line: int, message: str, hint: str) -> None:
    path = tmp_path / "film.en.vtt"
    path.write_text(text, "utf-8")

    _, (problem, *_) = captions.read_caption_file(path, film_seconds=2)

    assert (problem.line, problem.message) == (line, message)
    assert hint in problem.hint
    assert bool(hint) == bool(problem.hint)


def test_check_holds_captions_against_the_film(project: Project, clip: Path) -> None:
    project.film(clip)
    project.text(NAME, "WEBVTT\n\n00:00.000 --> 00:09.000\na\n")

    told = project.run("check")

    assert told.exit_code == 1
    assert problems(told) == [f"{NAME}:3: this caption ends at 9 s, the film at 2.0 s"]


def test_every_mistake_of_a_caption_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "film.en.vtt"
    path.write_text("WEBVTT\n\n00:01.000 --> 00:00.500\na\n\n00:00.200 --> 00:09.000\n<b></b>\n", "utf-8")

    _, wrong = captions.read_caption_file(path, film_seconds=2)

    assert [problem.line for problem in wrong if not problem.warning] == [3, 6, 6, 6]


def test_captions_that_are_not_utf_8_are_told(project: Project, clip: Path) -> None:
    project.film(clip)
    (project.root / NAME).write_bytes("WEBVTT\n\n00:00.000 --> 00:01.000\nkêrel\n".encode("latin-1"))

    assert f"{NAME}:4: this is not UTF-8 text (byte 0xea)" in project.run("check").stderr


# ---- captions that roll, and other kinds


ROLLING = (Path(__file__).parent / "rolling.en.vtt").read_text("utf-8")
PHRASES = ["switch off at the wall", "pull the plug right out", "open it with a screwdriver"]


def test_captions_of_an_automatic_service_say_each_word_once(project: Project, clip: Path) -> None:
    project.film(clip)
    project.text(NAME, ROLLING)

    found, wrong = captions.read_caption_file(project.root / NAME, 6)

    assert wrong == []
    assert found
    assert [cue.text for cue in found.cues] == PHRASES
    assert [(cue.start, cue.end) for cue in found.cues] == [(0.2, 2.1), (2.1, 4.0), (4.0, 5.9)]


def vtt(*cues: tuple[float, float, str]) -> str:
    return (
        "WEBVTT\n\n"
        + "\n\n".join(f"{captions.format_timestamp(a)} --> {captions.format_timestamp(b)}\n{words}" for a, b, words in cues)
        + "\n"
    )


@pytest.mark.parametrize("cues", [
    [(0, 2, "one two"), (2, 4, "one two\nthree four"), (4, 6, "three four\nfive six"), (6, 8, "five six")],
    [(0, 3, "one two"), (2, 5, "one two\nthree four"), (4, 7, "three four\nfive six")],
    [(0, 1, "one"), (1, 2, "one two"), (2, 3, "three"), (3, 4, "three four"), (4, 5, "five"), (5, 6, "five six")],
    [(0, 2, "one two"), (2, 3, "one two\nthree"), (3, 4, "one two\nthree four"), (4, 6, "three four\nfive six")],
], ids=["two lines", "overlapping", "word by word", "word by word below"])  # fmt: skip
def test_captions_that_roll_in_other_ways_say_each_word_once(cues: list[tuple[float, float, str]], tmp_path: Path) -> None:
    path = tmp_path / "film.en.vtt"
    path.write_text(vtt(*cues), "utf-8")

    found, wrong = captions.read_caption_file(path)

    assert wrong == []
    assert found
    assert " ".join(cue.text for cue in found.cues) == "one two three four five six"
    assert found.webvtt
    assert b"-->" in found.webvtt
    path.write_bytes(found.webvtt)
    assert captions.read_caption_file(path) == (Captions(found.cues), [])


def test_who_says_the_same_twice_is_heard_twice(tmp_path: Path) -> None:
    path = tmp_path / "film.en.vtt"
    path.write_text(vtt((0, 1, "No!"), (1, 2, "No!"), (2, 3, "Not the live one."), (3, 4, "Stop.")), "utf-8")

    found, wrong = captions.read_caption_file(path)

    assert found
    assert (found.webvtt, wrong) == (None, [])
    assert [cue.text for cue in found.cues] == ["No!", "No!", "Not the live one.", "Stop."]


def test_overlaps_are_one_warning_and_the_library_builds(project: Project, clip: Path) -> None:
    project.film(clip)
    project.text(NAME, vtt((0, 0.54, "a"), (0.5, 1.04, "b"), (1, 1.5, "c")))

    told = project.run("check")

    assert told.exit_code == 0
    assert f"{NAME}:6: warning: this caption begins at 0.5 s, before the last one ends (0.54 s); so do 1 more" in told.stderr


SRT = "1\n00:00:00,000 --> 00:00:01,000\n<i>Fish</i> & chips\n\n2\n00:00:01,000 --> 00:00:01,900\ntwo\nlines\n"
SBV = "0:00:00.000,0:00:01.000\nFish & chips\n\n0:00:01.000,0:00:01.900\ntwo\nlines\n"
PLAIN = [
    "plug.en.vtt", "plug.vtt", "plug.srt", "plug.en.srt", "plug_en.vtt", "plug-en.vtt", "plug.EN.vtt", "plug.en-orig.vtt",
    "plug.en.auto.vtt", "plug.mp4.en.vtt", "plug.eng.srt", "plug.English.vtt", "plug (en).srt", "plug.en.sbv", "plug.VTT",
]  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_captions_are_used_where_it_is_plain_what_they_are(name: str, project: Project, clip: Path) -> None:
    project.film(clip, "plug")
    text = {"srt": SRT, "sbv": SBV}.get(name[-3:], vtt((0, 1, "Fish &amp; chips"), (1, 1.9, "two\nlines")))
    project.text(f"videos/{name}", text)

    told = project.run("check")
    (howto,) = loading.load_library(project.settings)[0].howtos

    assert (told.exit_code, told.stderr.count("warning:")) == (0, 0), told.stderr
    assert howto.captions == {"en": project.root / "videos" / name}
    found, _ = captions.read_caption_file(howto.captions["en"])
    assert found
    assert [cue.text for cue in found.cues] == ["Fish & chips", "two lines"]
    assert (found.webvtt is None) == name.lower().endswith("vtt")


@pytest.mark.parametrize(("name", "hint"), [
    ("plug.v2.en.vtt", "call it 'plug.en.vtt', if it is in that one"), ("plug.draft.vtt", "call it 'plug.en.vtt'"),
    ("plug.en.ass", "save it as 'plug.en.vtt'"), ("plug.en.ttml", "save it as 'plug.en.vtt'"),
])  # fmt: skip
def test_captions_whose_name_is_not_plain_are_told_with_the_name_that_is_wanted(
    name: str, hint: str, project: Project, clip: Path
) -> None:
    project.film(clip, "plug")
    project.text(f"videos/{name}", vtt((0, 1, "a")))

    told = project.run("check")

    assert told.exit_code == 0
    assert f"warning: '{name}' is not used" in told.stderr
    assert f"hint: {hint}" in told.stderr


def test_of_two_in_one_language_the_well_named_is_taken_and_the_other_told(project: Project, clip: Path) -> None:
    project.film(clip, "plug")
    project.text("videos/plug.en.vtt", vtt((0, 1, "right")))
    project.text("videos/plug.en.srt", SRT)
    project.text("videos/plug.EN.vtt", vtt((0, 1, "wrong")))

    told = project.run("check")

    (howto,) = loading.load_library(project.settings)[0].howtos
    assert howto.captions["en"].name == "plug.en.vtt"
    assert "'plug.en.srt' is not used: 'plug.en.vtt' is" in told.stderr
    assert "'plug.EN.vtt' is not used: 'plug.en.vtt' is" in told.stderr


def test_captions_of_another_film_whose_name_goes_on_are_left_to_it(project: Project, clip: Path) -> None:
    project.film(clip, "plug")
    project.film(clip, "plug-en")
    project.text("videos/plug-en.vtt", vtt((0, 1, "of the other")))

    howtos = {howto.slug: howto.captions for howto in loading.load_library(project.settings)[0].howtos}

    assert (list(howtos["plug"]), list(howtos["plug-en"])) == ([], ["en"])


@pytest.mark.parametrize("name", ["plug.en.vtt", "plug_en.srt"])
def test_captions_behind_a_link_out_of_the_library_are_told_as_such(
    name: str, project: Project, clip: Path, tmp_path: Path
) -> None:
    project.film(clip, "plug")
    (tmp_path / "elsewhere.vtt").write_text(vtt((0, 1, "a")), "utf-8")
    (project.root / "videos" / name).symlink_to(tmp_path / "elsewhere.vtt")

    told = project.run("check")

    assert told.exit_code == 1
    assert f"videos/{name}:1: this link leads out of the library" in told.stderr
    assert "did you mean" not in told.stderr


def test_captions_behind_a_link_within_the_library_do_not_get_themselves_as_a_hint(project: Project, clip: Path) -> None:
    project.film(clip, "plug")
    (project.root / "videos" / "plug.en.vtt").symlink_to(project.text("elsewhere.vtt", vtt((0, 1, "a"))))

    told = project.run("check")

    assert told.exit_code == 1
    assert "no captions 'plug.en.vtt' beside the master" in told.stderr
    assert "did you mean" not in told.stderr


def test_a_subrip_files_mistake_is_told_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "film.en.srt"
    path.write_text("1\n00:00:00,000 --> soon\nx\n", "utf-8")

    _, (problem,) = captions.read_caption_file(path)

    assert (problem.line, problem.message) == (2, "this line's times cannot be read")
    assert problem.hint == "such as 00:00:05,750 --> 00:00:08,302"


def test_what_browsers_get_of_subrip_is_webvtt(project: Project, clip: Path) -> None:
    project.film(clip, "plug")
    project.text("videos/plug.en.srt", SRT)
    project.set(ladder={"small": {"video": "h264", "audio": "aac", "audio_kbps": 24, "budget": 200_000}})

    assert project.run("build").exit_code == 0

    (row,) = json.loads((project.root / "site" / "library.json").read_text("utf-8"))["howtos"][0]["captions"]
    said = (project.root / "site" / row["path"]).read_bytes()
    assert len(said) == row["bytes"]
    assert said.decode() == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nFish &amp; chips\n\n00:00:01.000 --> 00:00:01.900\ntwo\nlines\n"
    )
    more = (project.root / "site" / "electrical" / "plug" / "more" / "index.html").read_text("utf-8")
    assert "Fish &amp; chips" in more
