"""WebVTT beside a master: read, checked at its line, and turned into cues."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Timestamp

from site_builder.library import frontmatter
from site_builder.library.model import Cue
from site_builder.library.problems import Problem

TIMES = re.compile(r"^\s*(\S+)\s+-->\s+(\S+)")
STAMP = re.compile(r"^(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}$")


def read(path: Path, film_seconds: float | None = None) -> tuple[tuple[Cue, ...], list[Problem]]:
    """The cues of a WebVTT file, and what is wrong with it: form, order, times past the film's end."""
    try:
        text = frontmatter.read_text(path)
    except frontmatter.NotReadable as error:
        return (), [error.problem]
    lines = text.split("\n")
    if lines[0].split(maxsplit=1)[:1] != ["WEBVTT"]:
        return (), [Problem(path, 1, "this is no WebVTT", "the file begins with a line 'WEBVTT'")]
    arrows = [number for number, line in enumerate(lines, start=1) if "-->" in line]
    if unreadable := [number for number in arrows if not has_times(lines[number - 1])]:
        hint = "such as 00:00:05.750 --> 00:00:08.302"
        return (), [Problem(path, number, "this line's times cannot be read", hint) for number in unreadable]
    try:
        captions = webvtt.from_buffer(StringIO(text)).captions
    except (MalformedFileError, MalformedCaptionError) as error:
        return (), [Problem(path, 1, f"this is no WebVTT: {error or 'malformed'}")]
    cues = [Cue(seconds(caption.start_time), seconds(caption.end_time), spoken(caption.text)) for caption in captions]
    if not cues:
        return (), [Problem(path, 1, "no captions in this file")]
    return tuple(cues), [*wrong(path, zip(arrows, cues, strict=False), film_seconds)]


def wrong(path: Path, cues: Iterable[tuple[int, Cue]], film_seconds: float | None) -> Iterator[Problem]:
    """Captions, each with its line, that have no words or stand at the wrong time."""
    ended = 0.0
    for line, cue in cues:
        if not cue.text:
            yield Problem(path, line, "this caption has no words", "write them below its times, or take the times out")
        if cue.end <= cue.start:
            yield Problem(path, line, f"this caption ends ({cue.end:g} s) before it begins ({cue.start:g} s)")
        if cue.start < ended - 0.001:
            yield Problem(path, line, f"this caption begins at {cue.start:g} s, before the last one ends ({ended:g} s)")
        if film_seconds is not None and cue.end > film_seconds + 0.5:
            yield Problem(path, line, f"this caption ends at {cue.end:g} s, the film at {film_seconds:.1f} s")
        ended = max(ended, cue.end)


def has_times(line: str) -> bool:
    stamps = TIMES.match(line)
    return stamps is not None and all(STAMP.match(stamp) for stamp in stamps.groups())


def seconds(stamp: Timestamp) -> float:
    return float(stamp.in_seconds() + stamp.milliseconds / 1000)


def spoken(text: str) -> str:
    """A caption's words without WebVTT's tags and entities, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())
