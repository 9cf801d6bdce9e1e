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
        parsed = webvtt.from_buffer(StringIO(text), format=kind.parser_name).captions
    except (MalformedFileError, MalformedCaptionError) as error:
        return None, [Problem(path, 1, f"this is no {kind.name}: {error or 'malformed'}")]
    if not parsed:
        return None, [Problem(path, 1, "no captions in this file")]
    cues = [
        WrittenCue(timestamp_seconds(cue.start_time), timestamp_seconds(cue.end_time), cue_lines(cue.text), number)
        for number, cue in zip(numbers, parsed, strict=False)
    ]
    is_rolling_file = is_rolling(cues)
    problems = [*caption_problems(path, cues, film_seconds, is_rolling_file)]
    published = without_repeats(cues) if is_rolling_file else cues
    published_cues = tuple(Cue(cue.start, cue.end, " ".join(cue.words)) for cue in published)
    return Captions(published_cues, to_webvtt(published) if is_rolling_file or kind.parser_name != "vtt" else None), problems


def caption_problems(
    path: Path, cues: Sequence[WrittenCue], film_seconds: float | None, is_rolling_file: bool
) -> Iterator[Problem]:
    """Captions, each with its line, that have no words or stand at the wrong time."""
    for cue in cues:
        if not cue.words and not is_rolling_file:
            yield Problem(path, cue.line, "this caption has no words", "write them below its times, or take the times out")
        if cue.end <= cue.start:
            yield Problem(path, cue.line, f"this caption ends ({cue.end:g} s) before it begins ({cue.start:g} s)")
        if film_seconds is not None and cue.end > film_seconds + 0.5:
            yield Problem(path, cue.line, f"this caption ends at {cue.end:g} s, the film at {film_seconds:.1f} s")
    for before, cue in pairwise(cues):
        if cue.start < before.start - 0.001:
            message = f"this caption begins at {cue.start:g} s, before the last one begins ({before.start:g} s)"
            yield Problem(path, cue.line, message, "captions stand in the order of the film")
    yield from overlap_problem(path, [] if is_rolling_file else cues)


def overlap_problem(path: Path, cues: Sequence[WrittenCue]) -> Iterator[Problem]:
    """At most one warning: the first cue that begins before an earlier one ends, with the count of the others.

    WebVTT allows it; a player then shows both.
    """
    overlapping = []
    ended = 0.0
    for cue in cues:
        if cue.start < ended - 0.001:
            overlapping.append((cue, ended))
        ended = max(ended, cue.end)
    if overlapping:
        cue, ended = overlapping[0]
        more = f"; so do {len(overlapping) - 1} more" if len(overlapping) > 1 else ""
        message = f"this caption begins at {cue.start:g} s, before the last one ends ({ended:g} s){more}"
        yield Problem(path, cue.line, message, "a phone shows both then, one above the other", warning=True)


def timestamp_seconds(stamp: Timestamp) -> float:
    return float(stamp.in_seconds() + stamp.milliseconds / 1000)


def cue_lines(text: str) -> tuple[str, ...]:
    """A caption's lines without tags and entities, those without words left out."""
    lines = (" ".join(html.unescape(re.sub(r"<[^>]*>", "", line)).split()) for line in text.split("\n"))
    return tuple(line for line in lines if line)


def to_webvtt(cues: Sequence[WrittenCue]) -> bytes:
    """A file that browsers read."""
    captions = [
        webvtt.Caption(
            format_timestamp(cue.start), format_timestamp(cue.end), [html.escape(line, quote=False) for line in cue.lines]
        )
        for cue in cues
    ]
    return f"{webvtt.WebVTT(captions=captions).content.rstrip()}\n".encode()


def format_timestamp(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
