"""WebVTT beside a master: read, checked at its line, and turned into cues."""

from __future__ import annotations

import html
import re
from io import StringIO
from pathlib import Path

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from site_builder.library import frontmatter
from site_builder.library.model import Cue
from site_builder.library.problems import Problem

ARROW = re.compile(r"^\s*(\S+)\s+-->\s+(\S+)")
STAMP = re.compile(r"^(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}$")


def read(path: Path, film_seconds: float | None = None) -> tuple[tuple[Cue, ...], list[Problem]]:
    """The cues of a WebVTT file, and what is wrong with it: form, order, times past the film's end."""
    try:
        text = frontmatter.read_text(path)
        parsed = webvtt.from_buffer(StringIO(text))
    except frontmatter.NotReadable as error:
        return (), [error.problem]
    except (MalformedFileError, MalformedCaptionError) as error:
        hint = "the file begins with a line 'WEBVTT'"
        return (), [Problem(path, 1, f"this is no WebVTT: {error or 'malformed'}", hint)]
    problems = []
    ended = 0.0
    arrows = [number for number, line in enumerate(text.splitlines(), start=1) if "-->" in line]
    for number in arrows:
        stamps = ARROW.match(text.splitlines()[number - 1])
        if not stamps or not all(STAMP.match(stamp) for stamp in stamps.groups()):
            problems.append(Problem(path, number, "this line's times cannot be read", "00:00:05.750 --> 00:00:08.302"))
    if problems:
        return (), problems
    cues = []
    for number, caption in zip(arrows, parsed.captions, strict=False):
        start = caption.start_in_seconds + caption.start_time.milliseconds / 1000
        end = caption.end_in_seconds + caption.end_time.milliseconds / 1000
        if end <= start:
            problems.append(Problem(path, number, f"this caption ends ({end:g} s) before it begins ({start:g} s)"))
        if start < ended - 0.001:
            problems.append(
                Problem(path, number, f"this caption begins at {start:g} s, before the last one ends ({ended:g} s)")
            )
        if film_seconds is not None and end > film_seconds + 0.5:
            problems.append(Problem(path, number, f"this caption ends at {end:g} s, the film at {film_seconds:.1f} s"))
        ended = end
        cues.append(Cue(start, end, spoken(caption.text)))
    if not cues and not problems:
        problems.append(Problem(path, 1, "no captions in this file"))
    return tuple(cues), problems


def spoken(text: str) -> str:
    """A caption's words without WebVTT's tags and entities, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())
