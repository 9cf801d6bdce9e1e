"""Captions beside a master (WebVTT, SubRip, SBV): read, checked at their line, and turned into cues, each word once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Timestamp

from site_builder.library import text_files
from site_builder.library.artifacts import Captions, Cue
from site_builder.library.problems import Problem
from site_builder.library.rolling_captions import WrittenCue, is_rolling, without_repeats


@dataclass(frozen=True)
class CaptionFormat:
    """How a kind of captions writes its times, and its name in webvtt-py and for people."""

    parser_name: str
    name: str
    timing_line: re.Pattern[str]  # of a line that tells when a caption is shown
    timestamp: re.Pattern[str]
    example: str

    def is_well_formed(self, line: str) -> bool:
        stamps = re.split(r"\s*-->\s*|,(?=\d+:)", line.strip())
        return len(stamps) >= 2 and all(self.timestamp.match(stamp.split()[0] if stamp else "") for stamp in stamps[:2])


CAPTION_FORMATS = {
    ".vtt": CaptionFormat(
        "vtt",
        "WebVTT",
        re.compile("-->"),
        re.compile(r"^(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}$"),
        "00:00:05.750 --> 00:00:08.302",
    ),
    ".srt": CaptionFormat(
        "srt",
        "SubRip",
        re.compile("-->"),
        re.compile(r"^\d{1,3}:[0-5]?\d:[0-5]?\d[,.]\d{1,3}$"),
        "00:00:05,750 --> 00:00:08,302",
    ),
    ".sbv": CaptionFormat(
        "sbv",
        "SBV",
        re.compile(r"^\s*\d+:\d\d:\d\d\.\d+,"),
        re.compile(r"^\d+:[0-5]\d:[0-5]\d\.\d{3}$"),
        "0:00:05.750,0:00:08.302",
    ),
}


def read_caption_file(path: Path, film_seconds: float | None = None) -> tuple[Captions | None, list[Problem]]:
    """What a file of captions says, and what is wrong with it: form, order, times past the film's end."""
    try:
        text = text_files.read_text(path)
    except text_files.NotReadable as error:
        return None, [error.problem]
    lines = text.split("\n")
    is_vtt = lines[0].split(maxsplit=1)[:1] == ["WEBVTT"]
    kind = CAPTION_FORMATS[".vtt"] if is_vtt else CAPTION_FORMATS.get(path.suffix.lower(), CAPTION_FORMATS[".vtt"])
    if kind.parser_name == "vtt" and not is_vtt:
        return None, [Problem(path, 1, "this is no WebVTT", "the file begins with a line 'WEBVTT'")]
    numbers = [number for number, line in enumerate(lines, start=1) if kind.timing_line.search(line)]
    if unreadable := [number for number in numbers if not kind.is_well_formed(lines[number - 1])]:
        hint = f"such as {kind.example}"
        return None, [Problem(path, number, "this line's times cannot be read", hint) for number in unreadable]
    try:
        found = webvtt.from_buffer(StringIO(text), format=kind.parser_name).captions
    except (MalformedFileError, MalformedCaptionError) as error:
        return None, [Problem(path, 1, f"this is no {kind.name}: {error or 'malformed'}")]
    if not found:
        return None, [Problem(path, 1, "no captions in this file")]
    written = [
        WrittenCue(timestamp_seconds(one.start_time), timestamp_seconds(one.end_time), cue_lines(one.text), number)
        for number, one in zip(numbers, found, strict=False)
    ]
    rolls = is_rolling(written)
    problems = [*caption_problems(path, written, film_seconds, rolls)]
    shown = without_repeats(written) if rolls else written
    cues = tuple(Cue(one.start, one.end, " ".join(one.words)) for one in shown)
    return Captions(cues, to_webvtt(shown) if rolls or kind.parser_name != "vtt" else None), problems


def caption_problems(path: Path, written: Sequence[WrittenCue], film_seconds: float | None, rolls: bool) -> Iterator[Problem]:
    """Captions, each with its line, that have no words or stand at the wrong time."""
    for one in written:
        if not one.words and not rolls:
            yield Problem(path, one.line, "this caption has no words", "write them below its times, or take the times out")
        if one.end <= one.start:
            yield Problem(path, one.line, f"this caption ends ({one.end:g} s) before it begins ({one.start:g} s)")
        if film_seconds is not None and one.end > film_seconds + 0.5:
            yield Problem(path, one.line, f"this caption ends at {one.end:g} s, the film at {film_seconds:.1f} s")
    for before, one in pairwise(written):
        if one.start < before.start - 0.001:
            message = f"this caption begins at {one.start:g} s, before the last one begins ({before.start:g} s)"
            yield Problem(path, one.line, message, "captions stand in the order of the film")
    yield from overlap_problem(path, [] if rolls else written)


def overlap_problem(path: Path, written: Sequence[WrittenCue]) -> Iterator[Problem]:
    """WebVTT allows it, and a player then shows both: one warning for all of a file, at the first."""
    found = []
    ended = 0.0
    for one in written:
        if one.start < ended - 0.001:
            found.append((one, ended))
        ended = max(ended, one.end)
    if found:
        one, ended = found[0]
        more = f"; so do {len(found) - 1} more" if len(found) > 1 else ""
        message = f"this caption begins at {one.start:g} s, before the last one ends ({ended:g} s){more}"
        yield Problem(path, one.line, message, "a phone shows both then, one above the other", warning=True)


def timestamp_seconds(stamp: Timestamp) -> float:
    return float(stamp.in_seconds() + stamp.milliseconds / 1000)


def cue_lines(text: str) -> tuple[str, ...]:
    """A caption's lines without tags and entities, those without words left out."""
    lines = (" ".join(html.unescape(re.sub(r"<[^>]*>", "", line)).split()) for line in text.split("\n"))
    return tuple(line for line in lines if line)


def to_webvtt(written: Sequence[WrittenCue]) -> bytes:
    """A file that browsers read."""
    captions = [
        webvtt.Caption(
            format_timestamp(one.start), format_timestamp(one.end), [html.escape(line, quote=False) for line in one.lines]
        )
        for one in written
    ]
    return f"{webvtt.WebVTT(captions=captions).content.rstrip()}\n".encode()


def format_timestamp(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
