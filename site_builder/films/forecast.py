"""How long the films will take: from what such films took before on this machine, and from what this build has seen so far."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from site_builder.atomic_files import write_atomic
from site_builder.films.job import EncodeJob
from site_builder.library.codecs import VIDEO_CODECS

# CPU seconds of a minute of film at effort normal, from benchmarks/films.md (a picture's: library/codecs.py); and how other
# efforts compare. A beginning: from the first film on, this machine's own figures count.
AUDIO_CPU_S_PER_MINUTE, CARD_CPU_S_PER_MINUTE = 1.0, 24.0
EFFORT_FACTORS = {"draft": 0.25, "normal": 1.0, "best": 3.0}
BASE_CPU_S = 0.3  # CPU seconds that the shortest film takes
MAX_PROGRESS = 0.9  # of what a film should take: no further is one that takes longer


def job_kind(job: EncodeJob) -> str:
    """The key under which speeds are learnt (effort, codec, slides or card); it is written to speed.json."""
    rung = job.rung
    return f"{job.effort} {rung.video or rung.audio}{' slides' if rung.shows == 'slides' else ''}{' card' if rung.card else ''}"


def table_cpu_s(job: EncodeJob) -> float:
    """CPU seconds of a job, by the table."""
    rung = job.rung
    if not rung.video:
        return BASE_CPU_S + AUDIO_CPU_S_PER_MINUTE * job.master.seconds / 60
    codec = VIDEO_CODECS[rung.video]
    minute = codec.slides_cpu_s_per_minute if rung.shows == "slides" else codec.cpu_s_per_minute
    if rung.card and rung.shows != "slides":
        minute = CARD_CPU_S_PER_MINUTE
    return BASE_CPU_S + minute * EFFORT_FACTORS[job.effort] * job.master.seconds / 60


def sort_jobs(jobs: Iterable[EncodeJob]) -> list[EncodeJob]:
    """Long ones first, so that no core is idle at the end; but the shortest master's before all others: when they are done, it
    is known how long each kind takes here."""
    longest_first = sorted(jobs, key=lambda job: -job.cost)
    shortest = min(longest_first, key=lambda job: (job.master.seconds, str(job.master.path))).master if longest_first else None
    return sorted(longest_first, key=lambda job: job.master != shortest)


class Forecast:
    """One build's films. `speeds` are CPU seconds beside the table's, by kind of film; jobs of kinds that nobody has seen yet
    are taken to be as quick as the others."""

    def __init__(
        self, jobs: Iterable[EncodeJob], workers: int, speeds: Mapping[str, float], clock: Callable[[], float] = time.monotonic
    ):
        self.waiting = {job: table_cpu_s(job) for job in jobs}
        self.workers = max(1, workers)
        self.earlier_speeds = dict(speeds)
        self.clock = clock
        self.began = clock()
        self.running: dict[EncodeJob, float] = {}
        self.measured: dict[str, tuple[float, float]] = {}  # kind: CPU seconds, and what the table said
        self.lock = threading.Lock()

    def begin(self, job: EncodeJob) -> None:
        with self.lock:
            self.running[job] = self.clock()

    def end(self, job: EncodeJob, cpu_s: float | None) -> None:
        """A job is done; None where it failed, of which nothing is learnt."""
        with self.lock:
            table_s = self.waiting.pop(job, 0.0)
            self.running.pop(job, None)
            if cpu_s is not None:
                cpu, table = self.measured.get(job_kind(job), (0.0, 0.0))
                self.measured[job_kind(job)] = cpu + cpu_s, table + table_s

    @property
    def speeds(self) -> dict[str, float]:
        """What is known now, for the next build."""
        return self.earlier_speeds | {name: cpu / table for name, (cpu, table) in self.measured.items() if table and cpu}

    def expected_cpu_s(self, job: EncodeJob) -> float:
        known = self.speeds
        others = sorted(known.values())
        return table_cpu_s(job) * known.get(job_kind(job), others[len(others) // 2] if others else 1.0)

    def seconds_left(self) -> float:
        """Wall-clock seconds that are left."""
        with self.lock:
            now, pace = self.clock(), self.pace()
            rest, longest = 0.0, 0.0
            for job in self.waiting:
                whole = self.expected_cpu_s(job)
                if job in self.running:
                    whole -= min(MAX_PROGRESS * whole, (now - self.running[job]) * pace)
                rest += whole
                longest = max(longest, whole)
            return max(rest / self.workers, longest) / pace if rest else 0.0

    def pace(self) -> float:
        """CPU seconds that one worker gets in a second: less than one where others use the machine, more where an encoder has
        threads of its own."""
        done = sum(cpu for cpu, _ in self.measured.values())
        spent = self.clock() - self.began
        running = sum(min(MAX_PROGRESS * self.expected_cpu_s(job), self.clock() - since) for job, since in self.running.items())
        if not done or spent < 1:
            return 1.0
        return min(2.0, max(0.05, (done + running) / spent / self.workers))


# ---- from build to build


def read_speeds(path: Path) -> dict[str, float]:
    """What this machine's earlier builds saw."""
    with suppress(OSError, ValueError, TypeError, AttributeError, KeyError):
        speeds = json.loads(path.read_bytes())[socket.gethostname()]
        return {str(name): float(speed) for name, speed in speeds.items() if 0.001 < float(speed) < 1000}
    return {}


def write_speeds(path: Path, speeds: Mapping[str, float]) -> None:
    """For the next build; a disk that will not have it is no reason to stop."""
    with suppress(OSError):
        machines = {}
        with suppress(OSError, ValueError):
            machines = json.loads(path.read_bytes())
        if not isinstance(machines, dict):
            machines = {}
        rounded = {name: round(speed, 4) for name, speed in speeds.items()}
        write_atomic(path, json.dumps({**machines, socket.gethostname(): rounded}, indent=1, sort_keys=True))
