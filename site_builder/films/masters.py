"""The films that editors delivered: probed once, remembered by path, size and time, and held against their how-tos."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from site_builder import pool
from site_builder.cache import Cache, key_of
from site_builder.films import ffmpeg
from site_builder.films.ffmpeg import ProbeKind
from site_builder.films.probe import UnusableFilm
from site_builder.library.artifacts import Master, Narration, SoundTrack
from site_builder.library.howto import HowTo
from site_builder.library.problems import Problem
from site_builder.library.settings import Settings

RECIPE = 5
MAX_HELD_S = 1.0  # seconds for which a picture may stand still while the sound goes on, without a word
# Whole seconds in which something is damaged. One glitch can be watched over; from the third second on a step may not be seen,
# and a wrong step can hurt.
MAX_DAMAGED_SECONDS = 2


@dataclass(frozen=True)
class Flaw:
    """What an editor is told of a file, whichever how-to it belongs to."""

    message: str
    hint: str
    warning: bool = False


def read_master(path: Path, cache: Cache) -> Master:
    """What the file is. Raises UnusableFilm with one sentence."""
    return master_from_facts(path, probe_file(path, cache))


def master_from_facts(path: Path, facts: Mapping[str, Any]) -> Master:
    """Raises UnusableFilm."""
    if "error" in facts:
        raise UnusableFilm(facts["error"], facts["hint"])
    return Master(
        path=path,
        sha256=facts["sha256"],
        seconds=facts["seconds"],
        width=facts["width"],
        height=facts["height"],
        fps=Fraction(facts["fps"]),
        has_audio=facts["has_audio"],
        hdr=facts["hdr"],
        wide_gamut=facts["wide"],
        untagged=facts["untagged"],
        interlaced=facts["interlaced"],
        bytes_per_second=tuple(facts["weights"]),
        tags=tuple(sorted(facts["tags"].items())),
        rare_colours=facts["rare"],
        held_from=facts.get("held_from"),
        picture_track=facts["track"],
        sound=sound_track_of(facts),
    )


def sound_track_of(facts: Mapping[str, Any]) -> SoundTrack:
    if not facts["has_audio"]:
        return SoundTrack()
    return SoundTrack(facts["audio_track"], facts["channel"], facts["sound_end"])


def probe_file(path: Path, cache: Cache, kind: ProbeKind = "film") -> dict[str, Any]:
    """What the probe says of a file, with its sha256: remembered by path, size and time, and by the bytes themselves.

    Only what it said is kept. That it failed (stopped for its time or memory, say) may be the machine's fault: that is told,
    and the next run asks again.
    """
    try:
        key = path_key(path, kind)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return {"error": f"it cannot be read ({error.strerror})", "hint": "", "sha256": ""}

    def probe(draft: Path) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(ffmpeg.run_probe(path, kind))
        return {**facts, "sha256": sha256}

    try:
        return cache.memoise(key, lambda draft: cache.memoise(content_key(sha256, kind), probe))
    except ffmpeg.ToolFailed as error:
        hint = f"run this again; to see more: {error.command}"
        return {"error": f"reading it failed ({error.reason})", "hint": hint, "sha256": sha256}


def path_key(path: Path, kind: ProbeKind) -> dict[str, Any]:
    """Cache inputs of a probe by path, size and time."""
    stat = path.stat()
    return {"probe": RECIPE, "kind": kind, "path": str(path), "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}


def content_key(sha256: str, kind: ProbeKind) -> dict[str, Any]:
    """Cache inputs of a probe by content: a checkout in CI changes times, and no films."""
    return {"probe": RECIPE, "kind": kind, "sha256": sha256}


def probe_files(paths: Iterable[Path], cache: Cache, kind: ProbeKind = "film") -> dict[Path, dict[str, Any]]:
    """What is known of each file; those that are new are decoded side by side."""
    facts_by_path: dict[Path, dict[str, Any]] = {}
    new = []
    for path in sorted(set(paths)):
        entry = cache.find(path_key(path, kind), ".facts") if path.is_file() else None
        if entry:
            facts_by_path[path] = entry.facts
            cache.used.add(key_of(content_key(entry.facts["sha256"], kind)))
        else:
            new.append(path)
    for path, facts in pool.run_jobs(new, partial(probe_file, cache=cache, kind=kind), (), pool.cores()):
        assert isinstance(facts, dict)
        facts_by_path[path] = facts
    return facts_by_path


def read_masters(howtos: Iterable[HowTo], cache: Cache, settings: Settings) -> tuple[dict[Path, Master], list[Problem]]:
    """(masters by path, problems) of the how-tos that have one."""
    howtos = list(howtos)
    filmed = [howto for howto in howtos if howto.master and howto.master.is_file() and howto.lang == howto.base_lang]
    facts_by_path = probe_files((howto.master for howto in filmed if howto.master), cache)
    masters: dict[Path, Master] = {}
    problems = []
    for howto in filmed:
        assert howto.master
        facts, line = facts_by_path[howto.master], howto.line("video", "master")
        problems += [Problem(howto.source, line, *astuple(flaw)) for flaw in flaws_of_file(howto.master.name, facts)]
        if "error" in facts:
            continue
        master = masters.get(howto.master) or master_from_facts(howto.master, facts)
        if howto.video and howto.video.denoise:  # of how-tos that share a film, one may ask for all
            master = replace(master, denoise=True)
        masters[howto.master] = master
        problems += check_against_howto(howto, master, settings)
    narrated = [(howto, howto.narration, film) for howto in howtos if howto.narration and (film := master_of(howto, masters))]
    narration_facts = probe_files((narration for _, narration, _ in narrated), cache, "sound")
    for howto, path, film in narrated:
        problems += narration_problems(howto, path, film, narration_facts[path])
        film = masters[film.path]
        if "error" not in narration_facts[path] and howto.lang not in {other.lang for other in film.narrations}:
            facts = narration_facts[path]
            narration = Narration(howto.lang, path, facts["sha256"], facts["seconds"], sound_track_of(facts))
            masters[film.path] = replace(film, narrations=(*film.narrations, narration))
    return masters, problems


def narration_problems(howto: HowTo, path: Path, film: Master, facts: Mapping[str, Any]) -> Iterator[Problem]:
    line = howto.line("video", "master")
    for flaw in flaws_of_file(path.name, facts, "narration"):
        yield Problem(howto.source, line, *astuple(flaw))
    if "error" not in facts and facts["seconds"] > film.seconds + 0.5:
        message = f"'{path.name}' lasts {facts['seconds']:.1f} s, its film {film.seconds:.1f} s"
        yield Problem(howto.source, line, message, "its end would be cut off: speak faster, or say less")


def flaws_of_file(name: str, facts: Mapping[str, Any], what: str = "film") -> Iterator[Flaw]:
    """Why a file cannot be used, where it is damaged, and what is taken of it in another way than an editor may think."""
    if "error" in facts:
        yield Flaw(f"'{name}' is not a {what} that can be used: {facts['error']}", facts["hint"])
        return
    yield from damage_flaws(f"the picture of '{name}'", facts.get("damaged", ()))
    yield from damage_flaws(f"the sound of '{name}'", facts.get("damaged_sound", ()))
    yield from picture_flaws(name, facts)
    if facts["has_audio"]:
        yield from audio_flaws(name, facts)


def damage_flaws(what: str, seconds: Iterable[float]) -> Iterator[Flaw]:
    """A warning for a glitch, a mistake for more: see MAX_DAMAGED_SECONDS."""
    if whole := sorted({int(second) for second in seconds}):
        hint = "copy it again from the camera, or export it again"
        yield Flaw(f"{what} is damaged at {format_spans(whole)}", hint, warning=len(whole) <= MAX_DAMAGED_SECONDS)


def format_spans(seconds: list[int], limit: int = 6) -> str:
    """`3 s, 5–7 s`"""
    runs: list[list[int]] = []
    for second in seconds:
        if runs and second == runs[-1][1] + 1:
            runs[-1][1] = second
        else:
            runs.append([second, second])
    texts = [f"{first} s" if first == last else f"{first}–{last} s" for first, last in runs]
    return ", ".join(texts[:limit]) + (f" and {len(texts) - limit} more places" if len(texts) > limit else "")


def picture_flaws(name: str, facts: Mapping[str, Any]) -> Iterator[Flaw]:
    """A shape that changes on the way, and a sound that goes on after the picture."""
    if len(facts.get("sizes", ())) > 1:
        (_, *before), (at, *after) = facts["sizes"][:2]
        message = f"the picture of '{name}' changes from {before[0]} × {before[1]} to {after[0]} × {after[1]} at {at:.1f} s"
        yield Flaw(message, "export it from a video editor in one size, or cut it there; hold a phone one way while it films")
    held_from, seconds = facts.get("held_from"), facts["seconds"]
    if held_from is not None and seconds - held_from > MAX_HELD_S:
        message = f"the picture of '{name}' ends at {held_from:.1f} s, its sound at {seconds:.1f} s"
        hint = "the last picture is held until then; cut the sound, or film on, if that is not meant"
        yield Flaw(message, hint, warning=True)


def audio_flaws(name: str, facts: Mapping[str, Any]) -> Iterator[Flaw]:
    """Which sound is taken where there are several; and what comes out silent."""
    taken, audible, alone = facts["audio_track"] + 1, facts["audible_tracks"], "export it with the track that is meant alone"
    if taken != facts["players_take"] + 1:
        message = f"the sound track of '{name}' that players take ({facts['players_take'] + 1}) is silent: {taken} is taken"
        yield Flaw(message, alone, warning=True)
    elif len(audible) > 1:
        listed = ", ".join(str(number + 1) for number in audible)
        message = f"'{name}' has sound on several tracks ({listed}): {taken} is taken, as players do"
        yield Flaw(message, alone, warning=True)
    if facts["silent"]:
        message = f"the sound of '{name}' comes out silent" if audible else f"the sound of '{name}' is silent"
        yield Flaw(message, "was the microphone on? A how-to without a voice is hard to follow", warning=True)
    elif facts["channel"] is not None:
        side = ("left", "right")[facts["channel"]]
        message = f"the two channels of '{name}' cancel each other out: the {side} one is taken alone"
        yield Flaw(message, "export it in mono to hear the same everywhere", warning=True)


def check_against_howto(howto: HowTo, master: Master, settings: Settings) -> list[Problem]:
    """Where film and how-to disagree: too long, another length than written, times past its end, no sound."""
    problems = []
    name, where = master.path.name, howto.line("video", "master")
    max_seconds = settings.options.max_seconds
    over = master.seconds - max_seconds
    if over > settings.options.grace_seconds:
        hint = f"cut it to {max_seconds:g} s: a minute is what a customer pays for"
        problems.append(
            Problem(howto.source, where, f"'{name}' lasts {master.seconds:.1f} s, {max_seconds:g} s are allowed", hint)
        )
    elif over > 0.05:
        hint = f"up to {max_seconds + settings.options.grace_seconds:g} s are let through"
        message = f"'{name}' lasts {master.seconds:.1f} s, a little over {max_seconds:g} s"
        problems.append(Problem(howto.source, where, message, hint, warning=True))
    if not master.has_audio:
        hint = "a how-to without a voice is hard to follow"
        problems.append(Problem(howto.source, where, f"'{name}' has no sound", hint, warning=True))
    stated = howto.video.duration if howto.video else None
    if stated is not None and abs(stated - master.seconds) > 0.5:
        message = f"'duration' is {stated:g} s, the film lasts {master.seconds:.1f} s"
        hint = "is this the film that the steps were timed on?"
        problems.append(Problem(howto.source, howto.line("video", "duration"), message, hint))
    for where_at, seconds, what in timed_references(howto):
        if seconds > master.seconds + 0.05:
            message = f"{what} is at {seconds:g} s, the film ends at {master.seconds:.1f} s"
            problems.append(Problem(howto.source, howto.line(*where_at), message))
    return problems


def timed_references(howto: HowTo) -> Iterable[tuple[tuple[str | int, ...], float, str]]:
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


def master_of(howto: HowTo, masters: Mapping[Path, Master]) -> Master | None:
    return masters.get(howto.master) if howto.master else None
