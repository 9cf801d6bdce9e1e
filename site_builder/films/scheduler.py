"""All films of a library: hits first, then the misses side by side; one failure does not stop the others."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from functools import partial
from pathlib import Path

from site_builder import pool
from site_builder.cache import Cache
from site_builder.events import Advanced, Ahead, Began, Done, Emit, Failed, Planned
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
    made, failures = encode_all(jobs, cache, workers or pool.cores(), emit)
    return [(film.path, made.get(film.path, ())) for film in films], failures


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
    """The ladder with budgets for a minute brought to the film's own length."""
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
    jobs: Sequence[EncodeJob], cache: Cache, workers: int, emit: Emit, only_cached: bool = False
) -> tuple[dict[Path, tuple[Rendition, ...]], list[Failed]]:
    """The renditions of each master in the ladder's order, and what failed."""
    made: dict[EncodeJob, tuple[Rendition, ...]] = {
        job: hit for job in jobs if (hit := encode.cached_renditions(job, cache)) is not None
    }
    todo = forecast.sort_jobs(job for job in jobs if job not in made)
    emit(Planned("film", len(jobs), len(made)))
    if only_cached or not todo:
        return by_master(jobs, made), []
    speeds = cache.root / "speed.json"
    ahead = Forecast(todo, workers, forecast.read_speeds(speeds))
    emit(Ahead(round(ahead.seconds_left(), 1)))
    cache.sweep()
    failures = list(
        normalise_all({voice for job in todo for voice in job.audio_tracks.values() if voice}, cache, workers, emit)
    )
    silent = {failure.job for failure in failures}
    todo = [job for job in todo if not any(voice and voice.path.name in silent for voice in job.audio_tracks.values())]
    work = partial(encode_job, cache=cache, emit=emit, ahead=ahead)
    for job, result in pool.run_jobs(todo, work, (ffmpeg.ToolFailed, audio.RenditionFailed), workers):
        if isinstance(result, Exception):
            failures.append(Failed("film", job.name, str(result)))
            emit(failures[-1])
            ahead.end(job, None)
        else:
            made[job] = result
            cpu_s = sum(one.cpu_s for one in result)
            emit(Done("film", job.name, rendition_summary(result), cpu_s))
            ahead.end(job, cpu_s)
        emit(Ahead(round(ahead.seconds_left(), 1)))
    forecast.write_speeds(speeds, ahead.speeds)
    return by_master(jobs, made), failures


def encode_job(job: EncodeJob, cache: Cache, emit: Emit, ahead: Forecast) -> tuple[Rendition, ...]:
    emit(Began("film", job.name))
    ahead.begin(job)
    return encode.encode_renditions(job, cache, lambda doing, share: emit(Advanced(job.name, doing, share)))


def normalise_all(films: Iterable[Master], cache: Cache, workers: int, emit: Emit) -> Iterable[Failed]:
    """Level each master's sound once, before the rungs that share it."""
    ordered = sorted(films, key=lambda m: str(m.path))
    for master, result in pool.run_jobs(ordered, partial(audio.normalised, cache=cache), (ffmpeg.ToolFailed,), workers):
        if isinstance(result, Exception):
            failure = Failed("sound", master.path.name, str(result))
            emit(failure)
            yield failure


def rendition_summary(made: Sequence[Rendition]) -> str:
    heaviest = max(made, key=lambda rendition: rendition.bytes)
    quality = f", VMAF {heaviest.vmaf.phone:.0f} on a phone" if heaviest.vmaf else ""
    langs = f", in {len(made)} languages" if len(made) > 1 else ""
    return f"{heaviest.bytes:,} of {heaviest.rung.budget:,} bytes{quality}{langs}"


def by_master(jobs: Sequence[EncodeJob], made: Mapping[EncodeJob, tuple[Rendition, ...]]) -> dict[Path, tuple[Rendition, ...]]:
    found: dict[Path, tuple[Rendition, ...]] = {}
    for job in jobs:
        found[job.master.path] = found.get(job.master.path, ()) + made.get(job, ())
    return found
