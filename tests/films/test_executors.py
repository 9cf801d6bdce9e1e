"""Film jobs go to any executor: what goes in and comes out pickles, and the films are those of a build with threads."""

from __future__ import annotations

import dataclasses
import pickle
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from site_builder.cache import Cache
from site_builder.events import Event, Failed
from site_builder.films import ffmpeg, masters, scheduler
from site_builder.films.job import EncodeJob, FilmSpec
from site_builder.films.slideshow import Slide
from site_builder.films.title_card import TitleCard
from tests.films.clips import RUNGS

MAX_JOB_BYTES, MAX_RESULT_BYTES = 2000, 4000  # of a job and a result, pickled: nothing beside what is sent for a film itself


def jobs_of(clip: Path, cache: Cache) -> list[EncodeJob]:
    master = masters.read_master(clip, cache)
    spec = FilmSpec("en", (0.0, 1.0), (Slide(0.0, 0.5), Slide(1.0, 1.5)), TitleCard("Wire a plug", "shop.example/2k"))
    return [EncodeJob(master, RUNGS[name], "draft", 96, spec=spec) for name in ("standard-h264", "slides-h264", "audio")]


def test_processes_make_the_films_that_threads_make_and_tell_what_they_used(clip: Path, tmp_path: Path) -> None:
    here, apart = Cache(tmp_path / "here"), Cache(tmp_path / "apart")
    by_threads, _ = scheduler.encode_all(jobs_of(clip, here), here, 2, lambda event: None)

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        by_processes, failures = scheduler.encode_all(jobs_of(clip, apart), apart, 2, lambda event: None, executor=executor)

    assert failures == []
    assert [r.path.read_bytes() for r in by_processes[clip]] == [r.path.read_bytes() for r in by_threads[clip]]
    assert here.used == apart.used
    assert apart.signatures.keys() >= {rendition.key for rendition in by_processes[clip]}
    apart.write_used_list()
    assert apart.prune() == (0, 0)


def test_a_job_that_fails_elsewhere_is_told_as_one_that_fails_here(clip: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    master = masters.read_master(clip, cache)
    job = EncodeJob(master, dataclasses.replace(RUNGS["standard-h264"], budget=10_001), "draft", 96)
    events: list[Event] = []

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        _, (failure,) = scheduler.encode_all([job], cache, 1, events.append, executor=executor)

    assert failure.job == job.name
    assert failure in [event for event in events if isinstance(event, Failed)]


def test_a_failed_tool_comes_back_from_another_process_as_it_was() -> None:
    error = ffmpeg.ToolFailed(["ffmpeg", "-i", "a film.mp4"], 1, "line one\nno such file")

    copy = pickle.loads(pickle.dumps(error))

    assert (str(copy), copy.command, copy.reason, copy.code) == (str(error), error.command, error.reason, 1)


@pytest.mark.parametrize("number", range(3))
def test_a_job_and_its_result_are_small_when_they_are_sent(number: int, clip: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.used |= {f"{n:064x}" for n in range(1000)}  # of a large library: none of it goes along
    job = jobs_of(clip, cache)[number]

    sent = pickle.dumps((partial(scheduler.encode_job, cache=cache), job))
    result = scheduler.encode_job(job, Cache(tmp_path / "cache"))

    assert len(sent) < MAX_JOB_BYTES
    assert len(pickle.dumps(result)) < MAX_RESULT_BYTES
