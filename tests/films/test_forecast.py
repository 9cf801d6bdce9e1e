"""How long a build takes is foreseen, and learnt from: by its middle, what is left is known within a third."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest

from site_builder import console
from site_builder.films import forecast
from site_builder.films.forecast import Forecast
from site_builder.films.job import EncodeJob
from site_builder.library.artifacts import Master
from site_builder.library.settings import Options


def jobs(films: int, seconds: float = 60) -> list[EncodeJob]:
    found = []
    for number in range(films):
        film = Master(Path(f"{number}.mp4"), str(number), seconds, 1280, 720, Fraction(25), has_audio=True)
        found += [EncodeJob(film, rung, "normal", 97) for rung in Options().rungs]
    return forecast.sort_jobs(found)


Slower = dict[str, float]
SLOW: Slower = {"normal av1": 4.0, "normal hevc": 3.0, "normal h264": 2.0, "normal h264 card": 5.0}
QUICK: Slower = {"normal av1": 0.2, "normal hevc": 0.3, "normal h264": 0.4}


def run(work: list[EncodeJob], workers: int, slower: Slower, share: float, chance: random.Random) -> list[tuple[float, float]]:
    """A build by a clock of its own: each film takes as long as `slower` says of its kind, by chance up to a quarter more or
    less, and gets that share of a core. What was foreseen at each moment, and when."""
    now = 0.0
    ahead = Forecast(work, workers, {}, lambda: now)
    seen = [(0.0, ahead.seconds_left())]
    todo, at_work = list(work), {}
    while todo or at_work:
        while todo and len(at_work) < workers:
            job = todo.pop(0)
            cpu = forecast.table_cpu_s(job) * slower.get(forecast.job_kind(job), 1.0) * chance.uniform(0.75, 1.25)
            at_work[job] = now + cpu / share, cpu
            ahead.begin(job)
        job = min(at_work, key=lambda one: at_work[one][0])
        now, cpu = at_work.pop(job)
        ahead.end(job, cpu)
        seen.append((now, ahead.seconds_left()))
    return seen


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("share", [1.0, 0.3])
@pytest.mark.parametrize("slower", [{}, SLOW, QUICK], ids=["as in the table", "slower", "quicker"])
def test_what_is_left_is_known_within_a_third_from_the_middle_on(workers: int, share: float, slower: Slower) -> None:
    seen = run(jobs(8), workers, slower, share, random.Random(workers))
    whole = seen[-1][0]

    wrong = [
        (round(now), round(foreseen), round(whole - now))
        for now, foreseen in seen
        if now >= whole / 2 and abs(foreseen - (whole - now)) > (whole - now) / 3 + 0.03 * whole
    ]

    assert wrong == []


def test_the_next_build_begins_with_what_this_machine_has_shown(tmp_path: Path) -> None:
    work = jobs(2)
    first = Forecast(work, 2, {}, lambda: 0.0)
    guessed = first.seconds_left()
    for job in work:
        first.end(job, 3 * forecast.table_cpu_s(job))
    forecast.write_speeds(tmp_path / "speed.json", first.speeds)

    second = Forecast(work, 2, forecast.read_speeds(tmp_path / "speed.json"), lambda: 0.0)

    assert second.seconds_left() == pytest.approx(3 * guessed, rel=0.01)


@pytest.mark.parametrize("left", ["", "[]", "{", '{"a": 1}', "null"])
def test_figures_that_are_none_are_begun_anew(tmp_path: Path, left: str) -> None:
    path = tmp_path / "speed.json"
    path.write_text(left, "utf-8")

    assert forecast.read_speeds(path) == {}
    forecast.write_speeds(path, {"normal av1": 2.0})
    assert forecast.read_speeds(path) == {"normal av1": 2.0}


@pytest.mark.parametrize(("seconds", "words"), [
    (2, "about 5 seconds"), (33, "about 35 seconds"), (70, "about 1 minute"), (700, "about 12 minutes"),
    (5280, "about 88 minutes"), (5500, "about 1 h 30 min"), (7300, "about 2 h"),
])  # fmt: skip
def test_a_time_is_said_as_exactly_as_it_is_known(seconds: float, words: str) -> None:
    assert console.approximate_time(seconds) == words
