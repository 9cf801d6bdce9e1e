"""Encodes all films of a library: those in the cache first, then the others side by side. One failure stops no other."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

from site_builder import pool
from site_builder.cache import Cache, CacheAccount
from site_builder.events import Advanced, Ahead, Began, Done, Emit, Failed, Planned, ignore
from site_builder.films import audio, encode, ffmpeg, forecast, masters
from site_builder.films.forecast import Forecast
from site_builder.films.job import EncodeJob, FilmSpec
from site_builder.films.title_card import TitleCard
from site_builder.library.artifacts import Master, Rendition
from site_builder.library.codecs import VIDEO_CODECS
from site_builder.library.problems import Problem
from site_builder.library.settings import Options

WHATSAPP_STATUS_S = 60.5  # seconds: a status in WhatsApp takes a minute, and no more


def jobs_of(films: Iterable[Master], options: Options, scripts: Mapping[Path, FilmSpec] | None = None) -> list[EncodeJob]:
    """Every master on every rung, but no sound-only rung of a silent film. A setting or a rung is a new key."""
    jobs = [
        EncodeJob(
            master, rung, options.effort, options.ceiling, options.frame_rate, (scripts or {}).get(master.path, FilmSpec())
        )
        for master in sorted(films, key=lambda m: str(m.path))
        for rung in options.rungs
        if not (rung.video and options.effort in VIDEO_CODECS[rung.video].skipped_efforts)
        and not (rung.card and master.seconds > WHATSAPP_STATUS_S)
    ]
    return [job for job in jobs if job.audio_tracks]


def encode_files(
    paths: Iterable[Path], settings: Options, cache: Cache, workers: int, emit: Emit, per_minute: bool = False
) -> tuple[list[tuple[Path, tuple[Rendition, ...]]], list[Failed]]:
    """Encode masters outside any library on every rung, side by side: (path, renditions) in the order given, and failures.

    Raises probe.UnusableFilm: ask `problems_of_files` first.
    """
    films = [masters.read_master(path.resolve(), cache) for path in paths]
    scripts = {film.path: FilmSpec(card=TitleCard(title_from_name(film), "")) for film in films}
    jobs = [
        job for film in films for job in jobs_of([film], scale_budgets(settings, film) if per_minute else settings, scripts)
    ]
    renditions, failures = encode_all(jobs, cache, workers or pool.cores(), emit)
    return [(film.path, renditions.get(film.path, ())) for film in films], failures


def title_from_name(film: Master) -> str:
    """A title for a film that no how-to names."""
    return film.path.stem.replace("-", " ").replace("_", " ").capitalize()


def problems_of_files(paths: Iterable[Path], cache: Cache) -> list[Problem]:
    """What is wrong with masters outside any library."""
    known = masters.probe_files((path.resolve() for path in paths), cache)
    return [
        Problem(path, 1, *astuple(flaw)) for path, facts in known.items() for flaw in masters.flaws_of_file(path.name, facts)
    ]


def scale_budgets(settings: Options, film: Master) -> Options:
    """Settings whose rung budgets, given per minute, are scaled to the film's length."""
    rows = {
        name: row.model_copy(update={"budget": round(row.budget * film.seconds / 60)}) for name, row in settings.ladder.items()
    }
    return settings.model_copy(update={"ladder": rows})


def export_rendition(rendition: Rendition, stem: str, folder: Path) -> Path:
    """A copy of the kept file under a name for people: `<stem>.<rung>.mp4`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}.{rendition.rung.name}.mp4"
    shutil.copyfile(rendition.path, path)
    return path


def encode_all(
    jobs: Sequence[EncodeJob],
    cache: Cache,
    workers: int,
    emit: Emit,
    only_cached: bool = False,
    executor: Executor | None = None,
) -> tuple[dict[Path, tuple[Rendition, ...]], list[Failed]]:
    """(renditions by master in the ladder's order, one Failed event a job that failed).

    An `executor` of the caller's does the work instead of threads here: on other machines, say, where they see the masters and
    the cache's folder at the same paths. How far each job is, is then not told until it is done.
    """
    renditions: dict[EncodeJob, tuple[Rendition, ...]] = {
        job: cached for job in jobs if (cached := encode.cached_renditions(job, cache)) is not None
    }
    todo = forecast.sort_jobs(job for job in jobs if job not in renditions)
    emit(Planned("film", len(jobs), len(renditions)))
    if only_cached or not todo:
        return by_master(jobs, renditions), []
    speeds = cache.root / "speed.json"
    remaining = Forecast(todo, workers, forecast.read_speeds(speeds))
    emit(Ahead(round(remaining.seconds_left(), 1)))
    cache.sweep()
    tracks = {track for job in todo for track in job.audio_tracks.values() if track}
    failures = list(normalise_all(tracks, cache, workers, emit, executor))
    without_audio = {failure.job for failure in failures}
    todo = [job for job in todo if not any(track and track.path.name in without_audio for track in job.audio_tracks.values())]
    here = partial(encode_job, cache=cache, emit=emit, remaining=remaining)
    work = partial(encode_job, cache=cache) if executor else here
    expected = ffmpeg.ToolFailed, audio.RenditionFailed
    for job, result in pool.run_jobs(todo, work, expected, workers, executor=executor):
        if isinstance(result, Exception):
            failures.append(Failed("film", job.name, str(result)))
            emit(failures[-1])
            remaining.end(job, None)
        else:
            renditions[job] = result.renditions
            cache.add_account(result.account)
            cpu_s = sum(rendition.cpu_s for rendition in result.renditions)
            emit(Done("film", job.name, rendition_summary(result.renditions), cpu_s))
            remaining.end(job, cpu_s)
        emit(Ahead(round(remaining.seconds_left(), 1)))
    forecast.write_speeds(speeds, remaining.speeds)
    return by_master(jobs, renditions), failures


@dataclass(frozen=True)
class EncodeResult:
    """What a job made, and what it used of the cache on the way; it pickles, as the job does."""

    renditions: tuple[Rendition, ...]
    account: CacheAccount


def encode_job(job: EncodeJob, cache: Cache, emit: Emit = ignore, remaining: Forecast | None = None) -> EncodeResult:
    """Raises ffmpeg.ToolFailed, audio.RenditionFailed."""
    emit(Began("film", job.name))
    if remaining:
        remaining.begin(job)
    renditions = encode.encode_renditions(job, cache, lambda doing, share: emit(Advanced(job.name, doing, share)))
    return EncodeResult(renditions, cache.account())


def normalise_all(
    films: Iterable[Master], cache: Cache, workers: int, emit: Emit, executor: Executor | None = None
) -> Iterable[Failed]:
    """Level each master's sound once, before the rungs that share it."""
    ordered = sorted(films, key=lambda film: str(film.path))
    work = partial(audio.normalised, cache=cache)
    for master, result in pool.run_jobs(ordered, work, (ffmpeg.ToolFailed,), workers, executor=executor):
        if isinstance(result, Exception):
            failure = Failed("sound", master.path.name, str(result))
            emit(failure)
            yield failure


def rendition_summary(renditions: Sequence[Rendition]) -> str:
    heaviest = max(renditions, key=lambda rendition: rendition.bytes)
    quality = f", VMAF {heaviest.vmaf.phone:.0f} on a phone" if heaviest.vmaf else ""
    langs = f", in {len(renditions)} languages" if len(renditions) > 1 else ""
    return f"{heaviest.bytes:,} of {heaviest.rung.budget:,} bytes{quality}{langs}"


def by_master(
    jobs: Sequence[EncodeJob], renditions: Mapping[EncodeJob, tuple[Rendition, ...]]
) -> dict[Path, tuple[Rendition, ...]]:
    """The renditions by their master's path, in the ladder's order."""
    by_path: dict[Path, tuple[Rendition, ...]] = {}
    for job in jobs:
        by_path[job.master.path] = by_path.get(job.master.path, ()) + renditions.get(job, ())
    return by_path
