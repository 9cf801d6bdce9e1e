"""The films that editors delivered: probed once, remembered by path, size and time, and held against their how-tos."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from site_builder.cache import Cache
from site_builder.films import ffmpeg
from site_builder.library.model import HowTo, Master, Narration
from site_builder.library.problems import Problem
from site_builder.library.settings import Settings

RECIPE = 4


class NoFilm(Exception):
    """The file is not a film that we take; says why in an editor's words."""


def read(path: Path, cache: Cache) -> Master:
    """What the file is. Raises NoFilm with one sentence."""
    facts = remembered(path, cache, ffmpeg.probe)
    if "error" in facts:
        raise NoFilm(facts["error"])
    return Master(
        path=path,
        sha256=facts["sha256"],
        seconds=facts["seconds"],
        width=facts["width"],
        height=facts["height"],
        fps=Fraction(facts["fps"]),
        has_audio=facts["has_audio"],
        hdr=facts["hdr"],
        wide=facts["wide"],
        untagged=facts["untagged"],
        interlaced=facts["interlaced"],
        weights=tuple(facts["weights"]),
    )


def remembered(path: Path, cache: Cache, probe: Callable[[Path], bytes]) -> dict[str, Any]:
    """What a probe says of a file, with its sha256; asked again only when the file changes."""
    stat = path.stat()
    where = {"probe": RECIPE, "path": str(path), "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}

    def look(draft: Path) -> dict[str, Any]:
        try:
            facts: dict[str, Any] = json.loads(probe(path))
        except ffmpeg.ToolFailed as error:
            facts = {"error": f"reading it failed ({error.said.splitlines()[-1] if error.said else f'exit {error.code}'})"}
        with path.open("rb") as file:
            facts["sha256"] = hashlib.file_digest(file, "sha256").hexdigest()
        return facts

    return cache.know(where, look)


def read_all(howtos: Iterable[HowTo], cache: Cache, settings: Settings) -> tuple[dict[Path, Master], list[Problem]]:
    """The master of each how-to that has one, by its path, and what is wrong with them."""
    found: dict[Path, Master] = {}
    problems = []
    for howto in howtos:
        if howto.master is None or not howto.master.is_file() or howto.lang != howto.base_lang:
            continue
        name, line = howto.master.name, howto.line("video", "master")
        try:
            master = found.get(howto.master) or read(howto.master, cache)
        except NoFilm as error:
            problems.append(Problem(howto.source, line, f"'{name}' is not a film that can be used: {error}"))
            continue
        if howto.video and howto.video.denoise:  # of how-tos that share a film, one may ask for all
            master = replace(master, denoise=True)
        found[howto.master] = master
        problems += fits(howto, master, settings)
    for howto in howtos:
        if howto.narration and (film := of(howto, found)):
            narration, told = narrated(howto, film, cache)
            problems += told
            if narration and narration.lang not in {other.lang for other in film.narrations}:
                found[film.path] = replace(film, narrations=(*film.narrations, narration))
    return found, problems


def narrated(howto: HowTo, film: Master, cache: Cache) -> tuple[Narration | None, list[Problem]]:
    """A how-to's narration of its film, and what is wrong with it."""
    assert howto.narration
    path, line = howto.narration, howto.line("video", "master")
    facts = remembered(path, cache, ffmpeg.probe_sound)
    if "error" in facts:
        return None, [Problem(howto.source, line, f"'{path.name}' is not a narration that can be used: {facts['error']}")]
    told = []
    if facts["seconds"] > film.seconds + 0.5:
        message = f"'{path.name}' lasts {facts['seconds']:.1f} s, its film {film.seconds:.1f} s"
        told.append(Problem(howto.source, line, message, "its end would be cut off: speak faster, or say less"))
    return Narration(howto.lang, path, facts["sha256"], facts["seconds"]), told


def fits(howto: HowTo, master: Master, settings: Settings) -> list[Problem]:
    """Where film and how-to disagree: too long, another length than written, times past its end, no sound."""
    found = []
    name, where = master.path.name, howto.line("video", "master")
    most = settings.options.max_seconds
    over = master.seconds - most
    if over > settings.options.grace_seconds:
        hint = f"cut it to {most:g} s: a minute is what a customer pays for"
        found.append(Problem(howto.source, where, f"'{name}' lasts {master.seconds:.1f} s, {most:g} s are allowed", hint))
    elif over > 0.05:
        hint = f"up to {most + settings.options.grace_seconds:g} s are let through"
        message = f"'{name}' lasts {master.seconds:.1f} s, a little over {most:g} s"
        found.append(Problem(howto.source, where, message, hint, warning=True))
    if not master.has_audio:
        hint = "a how-to without a voice is hard to follow"
        found.append(Problem(howto.source, where, f"'{name}' has no sound", hint, warning=True))
    said = howto.video.duration if howto.video else None
    if said is not None and abs(said - master.seconds) > 0.5:
        message = f"'duration' is {said:g} s, the film lasts {master.seconds:.1f} s"
        hint = "is this the film that the steps were timed on?"
        found.append(Problem(howto.source, howto.line("video", "duration"), message, hint))
    for where_at, seconds, what in moments(howto):
        if seconds > master.seconds + 0.05:
            message = f"{what} is at {seconds:g} s, the film ends at {master.seconds:.1f} s"
            found.append(Problem(howto.source, howto.line(*where_at), message))
    return found


def moments(howto: HowTo) -> Iterable[tuple[tuple[str | int, ...], float, str]]:
    """Every second of the film that the how-to names: where, when, what."""
    for index, step in enumerate(howto.steps):
        if step.start is not None:
            yield ("steps", index, "start"), step.start, f"the start of step {index + 1}"
        if step.end is not None:
            yield ("steps", index, "end"), step.end, f"the end of step {index + 1}"
    for index, line in enumerate(howto.safety):
        if line.at is not None:
            yield ("safety", index, "at"), line.at, f"safety line {index + 1}"
    if howto.video and howto.video.poster_at is not None:
        yield ("video", "poster_at"), howto.video.poster_at, "the poster"


def of(howto: HowTo, masters: Mapping[Path, Master]) -> Master | None:
    return masters.get(howto.master) if howto.master else None
