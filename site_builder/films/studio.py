"""All films of a library: hits first, then the misses side by side; one failure does not stop the others."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import PIL
from PIL import Image

from site_builder import pool
from site_builder.cache import Cache
from site_builder.events import Advanced, Began, Done, Emit, Failed, Planned
from site_builder.films import encode, ffmpeg, masters, sound, stills
from site_builder.films.encode import Job
from site_builder.films.ladder import EFFORTS, LEFT_OUT
from site_builder.library.model import HowTo, Master, Rendition, Still
from site_builder.library.settings import Effort, Options


class NoPicture(Exception):
    """A picture beside a how-to is none."""


def jobs_of(films: Iterable[Master], options: Options) -> list[Job]:
    """Every master on every rung, but no sound-only rung of a silent film. A setting or a rung is a new key."""
    return [
        Job(master, rung, options.effort, options.ceiling)
        for master in sorted(films, key=lambda m: str(m.path))
        for rung in options.rungs
        if (rung.video or master.has_audio) and rung.video not in LEFT_OUT.get(options.effort, ())
    ]


def make_some(
    paths: Iterable[Path], settings: Options, cache: Cache, workers: int, emit: Emit, per_minute: bool = False
) -> tuple[list[tuple[Path, tuple[Rendition, ...]]], list[Failed]]:
    """Masters outside any library, on every rung; side by side, as a library's. Raises masters.NoFilm."""
    films = [read(path, cache) for path in paths]
    jobs = [job for film in films for job in jobs_of([film], scaled(settings, film) if per_minute else settings)]
    made, failures = encode_all(jobs, cache, workers or pool.cores(), emit)
    return [(film.path, made.get(film.path, ())) for film in films], failures


def read(path: Path, cache: Cache) -> Master:
    try:
        return masters.read(path.resolve(), cache)
    except masters.NoFilm as error:
        raise masters.NoFilm(f"'{path.name}' is not a film that can be used: {error}") from None


def scaled(settings: Options, film: Master) -> Options:
    """The ladder with budgets for a minute brought to the film's own length."""
    rows = {
        name: row.model_copy(update={"budget": round(row.budget * film.seconds / 60)}) for name, row in settings.ladder.items()
    }
    return settings.model_copy(update={"ladder": rows})


def hand_out(rendition: Rendition, stem: str, folder: Path) -> Path:
    """A copy of the kept file under a name for people: `<stem>.<rung>.mp4`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}.{rendition.rung.name}.mp4"
    shutil.copyfile(rendition.path, path)
    return path


def encode_all(
    jobs: Sequence[Job], cache: Cache, workers: int, emit: Emit, only_cached: bool = False
) -> tuple[dict[Path, tuple[Rendition, ...]], list[Failed]]:
    """The renditions of each master in the ladder's order, and what failed."""
    made: dict[Job, Rendition] = {job: hit for job in jobs if (hit := encode.kept(job, cache))}
    todo = sorted(
        (job for job in jobs if job not in made), key=lambda job: -job.weight
    )  # long ones first: no idle core at the end
    emit(Planned("film", len(jobs), len(made)))
    if only_cached or not todo:
        return sorted_out(jobs, made), []
    cache.sweep()
    failures = list(level_all({job.master for job in todo if job.master.has_audio}, cache, workers, emit))
    silent = {failure.job for failure in failures}
    todo = [job for job in todo if job.master.path.name not in silent]
    for job, result in pool.each(todo, partial(one, cache=cache, emit=emit), (ffmpeg.ToolFailed, sound.TooBig), workers):
        if isinstance(result, Rendition):
            made[job] = result
            emit(Done("film", job.name, told(result), result.cpu_s))
        else:
            failures.append(Failed("film", job.name, str(result)))
            emit(failures[-1])
    return sorted_out(jobs, made), failures


def one(job: Job, cache: Cache, emit: Emit) -> Rendition:
    emit(Began("film", job.name))
    return encode.make(job, cache, lambda doing, share: emit(Advanced(job.name, doing, share)))


def level_all(films: Iterable[Master], cache: Cache, workers: int, emit: Emit) -> Iterable[Failed]:
    """Level each master's sound once, before the rungs that share it."""
    ordered = sorted(films, key=lambda m: str(m.path))
    for master, result in pool.each(ordered, partial(sound.levelled, cache=cache), (ffmpeg.ToolFailed,), workers):
        if isinstance(result, Exception):
            failure = Failed("sound", master.path.name, str(result))
            emit(failure)
            yield failure


def told(rendition: Rendition) -> str:
    quality = f", VMAF {rendition.vmaf.phone:.0f} on a phone" if rendition.vmaf else ""
    return f"{rendition.bytes:,} of {rendition.rung.budget:,} bytes{quality}"


def sorted_out(jobs: Sequence[Job], made: dict[Job, Rendition]) -> dict[Path, tuple[Rendition, ...]]:
    found: dict[Path, list[Rendition]] = {}
    for job in jobs:
        if job in made:
            found.setdefault(job.master.path, []).append(made[job])
    return {path: tuple(renditions) for path, renditions in found.items()}


def picture_all(howto: HowTo, master: Master | None, cache: Cache, effort: Effort) -> tuple[Still | None, dict[str, Still]]:
    """Poster and the steps' stills. Raises ffmpeg.ToolFailed, or NoPicture for an editor's file that is none."""
    speed = EFFORTS[effort].avif
    try:
        poster = stills.of_poster(howto, master, cache, speed) if master else None
        steps = {step.id: stills.of_step(howto, step, master, cache, speed) for step in howto.steps}
    except (PIL.UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise NoPicture(str(error)) from None
    return poster, {name: still for name, still in steps.items() if still}
