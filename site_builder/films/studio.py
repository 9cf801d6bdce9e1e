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
from site_builder.films import encode, ffmpeg, forecast, masters, sound, stills
from site_builder.films.card import Card
from site_builder.films.encode import Job, Script
from site_builder.films.forecast import Forecast
from site_builder.films.ladder import EFFORTS, LEFT_OUT
from site_builder.films.slides import Slide
from site_builder.library import images
from site_builder.library.model import HowTo, Master, Rendition, Still
from site_builder.library.problems import Problem
from site_builder.library.settings import Options

CHAT = 60.5  # seconds: a status in WhatsApp takes a minute, and no more


class NoPicture(Exception):
    """A picture beside a how-to is none."""


def jobs_of(films: Iterable[Master], options: Options, scripts: Mapping[Path, Script] | None = None) -> list[Job]:
    """Every master on every rung, but no sound-only rung of a silent film. A setting or a rung is a new key."""
    jobs = [
        Job(master, rung, options.effort, options.ceiling, options.frame_rate, (scripts or {}).get(master.path, Script()))
        for master in sorted(films, key=lambda m: str(m.path))
        for rung in options.rungs
        if rung.video not in LEFT_OUT.get(options.effort, ()) and not (rung.card and master.seconds > CHAT)
    ]
    return [job for job in jobs if job.voices]


def script(howto: HowTo, master: Master, link: str) -> Script:
    """What a how-to says of its film; `link` is its printed one, as one types it."""
    timed = [step for step in howto.steps if step.start is not None]
    first = stills.poster_moment(howto, master)
    shown = [Slide(step.start or 0.0, at) for step in timed if (at := stills.moment(step)) is not None]
    return Script(
        lang=howto.base_lang,
        steps=tuple(step.start or 0.0 for step in timed),
        slides=(Slide(0.0, first), *shown) if shown else (),
        card=Card(str(howto.title), link),
    )


def make_some(
    paths: Iterable[Path], settings: Options, cache: Cache, workers: int, emit: Emit, per_minute: bool = False
) -> tuple[list[tuple[Path, tuple[Rendition, ...]]], list[Failed]]:
    """Masters outside any library, on every rung; side by side, as a library's. Raises masters.NoFilm: see `flaws` first."""
    films = [masters.read(path.resolve(), cache) for path in paths]
    scripts = {film.path: Script(card=Card(named(film), "")) for film in films}
    jobs = [job for film in films for job in jobs_of([film], scaled(settings, film) if per_minute else settings, scripts)]
    made, failures = encode_all(jobs, cache, workers or pool.cores(), emit)
    return [(film.path, made.get(film.path, ())) for film in films], failures


def named(film: Master) -> str:
    """A title for a film that no how-to names."""
    return film.path.stem.replace("-", " ").replace("_", " ").capitalize()


def flaws(paths: Iterable[Path], cache: Cache) -> list[Problem]:
    """What is wrong with masters outside any library."""
    known = masters.probe_all((path.resolve() for path in paths), cache)
    return [Problem(path, 1, *astuple(flaw)) for path, facts in known.items() for flaw in masters.flaws(path.name, facts)]


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
    made: dict[Job, tuple[Rendition, ...]] = {job: hit for job in jobs if (hit := encode.kept(job, cache)) is not None}
    todo = forecast.ordered(job for job in jobs if job not in made)
    emit(Planned("film", len(jobs), len(made)))
    if only_cached or not todo:
        return sorted_out(jobs, made), []
    speeds = cache.root / "speed.json"
    ahead = Forecast(todo, workers, forecast.known(speeds))
    emit(Ahead(round(ahead.seconds(), 1)))
    cache.sweep()
    failures = list(level_all({voice for job in todo for voice in job.voices.values() if voice}, cache, workers, emit))
    silent = {failure.job for failure in failures}
    todo = [job for job in todo if not any(voice and voice.path.name in silent for voice in job.voices.values())]
    work = partial(one, cache=cache, emit=emit, ahead=ahead)
    for job, result in pool.each(todo, work, (ffmpeg.ToolFailed, sound.TooBig), workers):
        if isinstance(result, Exception):
            failures.append(Failed("film", job.name, str(result)))
            emit(failures[-1])
            ahead.end(job, None)
        else:
            made[job] = result
            cpu_s = sum(one.cpu_s for one in result)
            emit(Done("film", job.name, told(result), cpu_s))
            ahead.end(job, cpu_s)
        emit(Ahead(round(ahead.seconds(), 1)))
    forecast.remember(speeds, ahead.speeds)
    return sorted_out(jobs, made), failures


def one(job: Job, cache: Cache, emit: Emit, ahead: Forecast) -> tuple[Rendition, ...]:
    emit(Began("film", job.name))
    ahead.begin(job)
    return encode.make(job, cache, lambda doing, share: emit(Advanced(job.name, doing, share)))


def level_all(films: Iterable[Master], cache: Cache, workers: int, emit: Emit) -> Iterable[Failed]:
    """Level each master's sound once, before the rungs that share it."""
    ordered = sorted(films, key=lambda m: str(m.path))
    for master, result in pool.each(ordered, partial(sound.levelled, cache=cache), (ffmpeg.ToolFailed,), workers):
        if isinstance(result, Exception):
            failure = Failed("sound", master.path.name, str(result))
            emit(failure)
            yield failure


def told(made: Sequence[Rendition]) -> str:
    heaviest = max(made, key=lambda one: one.bytes)
    quality = f", VMAF {heaviest.vmaf.phone:.0f} on a phone" if heaviest.vmaf else ""
    langs = f", in {len(made)} languages" if len(made) > 1 else ""
    return f"{heaviest.bytes:,} of {heaviest.rung.budget:,} bytes{quality}{langs}"


def sorted_out(jobs: Sequence[Job], made: Mapping[Job, tuple[Rendition, ...]]) -> dict[Path, tuple[Rendition, ...]]:
    found: dict[Path, tuple[Rendition, ...]] = {}
    for job in jobs:
        found[job.master.path] = found.get(job.master.path, ()) + made.get(job, ())
    return found


def picture_all(
    howto: HowTo, master: Master | None, cache: Cache, options: Options, beside: int = 0
) -> tuple[Still | None, dict[str, Still]]:
    """Poster and the steps' stills; `beside` them, so many pictures stand within its words.

    Raises ffmpeg.ToolFailed, or NoPicture for an editor's file that is none.
    """
    speed = EFFORTS[options.effort].avif
    most = stills.share(options.visit_budget - options.page_budget, howto, beside)
    try:
        poster = stills.of_poster(howto, master, cache, speed, most) if master else None
        steps = {step.id: stills.of_step(howto, step, master, cache, speed, most) for step in howto.steps}
    except images.NotUsable as error:  # it was usable when it was checked
        raise NoPicture(f"a picture {error.message}") from None
    return poster, {name: still for name, still in steps.items() if still}


def figures(files: Mapping[Path, bool], howto: HowTo | None, cache: Cache, options: Options) -> dict[Path, Still]:
    """The pictures within words, of a how-to or of another page; True for those that words lead to. Raises NoPicture."""
    speed = EFFORTS[options.effort].avif
    most = stills.share(options.visit_budget - options.page_budget, howto, len(files)) if howto else stills.MOST
    try:
        return {path: stills.drawn(path, cache, speed, most, whole) for path, whole in files.items()}
    except images.NotUsable as error:
        raise NoPicture(f"a picture {error.message}") from None
