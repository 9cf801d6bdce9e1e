"""Captions are read as players read them, and what is wrong is told at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.library import captions
from site_builder.library.model import Cue
from tests.conftest import Project
from tests.library.conftest import problems

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

    assert captions.read(path) == (tuple(cues), [])


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
     "this caption begins at 0.5 s, before the last one ends (1 s)", ""),
    ("WEBVTT\n\n00:00.000 --> 00:09.000\na\n", 3, "this caption ends at 9 s, the film at 2.0 s", ""),
    ("WEBVTT\n\n00:00.000 --> 00:01.000\n\n00:01.000 --> 00:01.500\nb\n", 3,
     "this caption has no words", "write them below its times"),
    ("WEBVTT\n\n00:00.000 --> 00:01.000\n\x1b[2J\n", 4, "this line holds a control character (0x1b)", "delete it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message", "hint"), WRONG, ids=[f"{row[2]} {row[0][8:30]!r}" for row in WRONG])
def test_a_mistake_in_captions_is_told_at_its_line(tmp_path: Path, text: str, line: int, message: str, hint: str) -> None:
    path = tmp_path / "film.en.vtt"
    path.write_text(text, "utf-8")

    _, (problem,) = captions.read(path, film_seconds=2)

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

    _, wrong = captions.read(path, film_seconds=2)

    assert [problem.line for problem in wrong] == [3, 6, 6, 6]


def test_captions_that_are_not_utf_8_are_told(project: Project, clip: Path) -> None:
    project.film(clip)
    (project.root / NAME).write_bytes("WEBVTT\n\n00:00.000 --> 00:01.000\nkêrel\n".encode("latin-1"))

    assert f"{NAME}:4: this is not UTF-8 text (byte 0xea)" in project.run("check").stderr
