"""Events and problems become lines for people: a moving bar on a terminal, plain lines in CI, NDJSON with --json."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from site_builder.events import Advanced, Ahead, Began, Done, Event, Failed, Planned, Stage
from site_builder.library.problems import Problem

TIME_LEFT_INTERVAL_S = 30  # seconds between two words on the time that is left


class ConsoleListener:
    """Listens to a build. Talk goes to stderr; with `as_json` each event is an object on stdout."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.lock = threading.Lock()  # events come from the jobs' threads
        self.bar: Progress | None = None
        self.whole: TaskID | None = None
        self.rows: dict[str, TaskID] = {}
        self.done = self.todo = 0
        self.next_word = time.monotonic() + TIME_LEFT_INTERVAL_S  # about how long it takes still

    def __call__(self, event: Event) -> None:
        with self.lock:
            if self.as_json:
                to_stdout(json.dumps({"event": type(event).__name__.lower(), **asdict(event)}))
            elif self.bar:
                self.update_bar(self.bar, event)
            else:
                self.show_line(event)

    def show_line(self, event: Event) -> None:
        match event:
            case Planned(kind, jobs, cached):
                self.done, self.todo = 0, jobs - cached
                if jobs:
                    to_stderr(plan_text(kind, jobs, cached))
            case Ahead(seconds):
                if not self.done:
                    to_stderr(f"they will take {approximate_time(seconds)}")
                elif seconds and time.monotonic() > self.next_word:  # a line for each film would hide the others
                    self.next_word = time.monotonic() + TIME_LEFT_INTERVAL_S
                    to_stderr(f"{approximate_time(seconds)} left")
            case Done(kind, job, said, seconds):
                self.done += 1
                to_stderr(f"[{self.done}/{self.todo}] {job}: {said} ({seconds:.0f} CPU s)")
            case Failed(kind, job, _):
                to_stderr(f"{kind} {job} FAILED")
            case Stage(said):
                to_stderr(said)

    def update_bar(self, bar: Progress, event: Event) -> None:
        def say(words: str, style: str = "") -> None:
            bar.console.print(printable(words), style=style, highlight=False, markup=False)

        match event:
            case Planned(kind, jobs, cached):
                if jobs:
                    say(plan_text(kind, jobs, cached), "dim")
                if kind == "film" and jobs > cached:
                    self.whole = bar.add_task("films", total=jobs - cached)
            case Ahead(seconds):
                if self.whole is not None:
                    bar.update(self.whole, ends=time.monotonic() + seconds)
            case Began(_, job):
                self.rows[job] = bar.add_task(printable(f"  {job}"), total=None)
            case Advanced(job, doing, share):
                if job in self.rows:
                    bar.update(self.rows[job], description=printable(f"  {job}: {doing}"), total=1, completed=share)
            case Done(kind, job, said, _):
                self.remove_bar(bar, kind, job)
                say(f"{job}: {said}")
            case Failed(kind, job, _):
                self.remove_bar(bar, kind, job)
                say(f"{kind} {job} failed", "red")
            case Stage(said):
                say(said, "dim")

    def remove_bar(self, bar: Progress, kind: str, job: str) -> None:
        if job in self.rows:
            bar.remove_task(self.rows.pop(job))
        if kind == "film" and self.whole is not None:
            bar.advance(self.whole)


@contextmanager
def console_listener(as_json: bool) -> Iterator[ConsoleListener]:
    """A listener; on a terminal it draws."""
    show = ConsoleListener(as_json)
    if as_json or not sys.stderr.isatty():
        yield show
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(24),
        JobsColumn(),
        TimeElapsedColumn(),
        TimeLeftColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as show.bar:
        yield show


class JobsColumn(MofNCompleteColumn):
    """How many of all films; how much of one attempt."""

    def render(self, task: Any) -> Any:
        return super().render(task) if task.description == "films" else f"{task.percentage:.0f} %" if task.total else ""


class TimeLeftColumn(TimeRemainingColumn):
    """Time left, of the whole only: a film's next attempt cannot be foreseen."""

    def render(self, task: Any) -> Any:
        left = task.fields.get("ends", 0) - time.monotonic()
        return Text(f"{approximate_time(left)} left" if left > 0 else "") if task.description == "films" else ""


def plan_text(kind: str, jobs: int, cached: int) -> str:
    if jobs == cached:
        return f"{plural(jobs, kind)}, all there already"
    return f"{plural(jobs, kind)}: {jobs - cached} to make, {cached} there already"


def approximate_time(seconds: float) -> str:
    """`about 12 minutes`: as exact as it is known."""
    minutes = round(seconds / 60)
    if seconds < 50:
        return f"about {max(5, 5 * round(seconds / 5))} seconds"
    if minutes < 90:
        return f"about {plural(max(1, minutes), 'minute')}"
    quarters = round(minutes / 15)
    return f"about {quarters // 4} h" + (f" {quarters % 4 * 15} min" if quarters % 4 else "")


def plural(count: int, one: str) -> str:
    """`1 page`, `2 pages`"""
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def show_problems(found: Iterable[Problem], as_json: bool, root: Path) -> None:
    """Each problem with its file, line and hint, paths as seen from where the command runs.

    Warnings come first, mistakes last, where one looks when the command has ended; a hint for several in a row is said once.
    """
    rows = sorted(found, key=lambda problem: not problem.warning)
    for problem, after in zip_longest(rows, rows[1:]):
        where = display_path(problem.file, root)
        if as_json:
            row = {"file": where, "line": problem.line, "message": problem.message, "hint": problem.hint}
            to_stdout(json.dumps({"event": "warning" if problem.warning else "problem", **row}))
            continue
        kind = "warning: " if problem.warning else ""
        to_stderr(printable(f"{where}:{problem.line}: {kind}{problem.message}"))  # one line, whatever stands in the words
        if problem.hint and (after is None or (after.message, after.hint) != (problem.message, problem.hint)):
            to_stderr(printable(f"    hint: {problem.hint}"))
        if problem.snippet:
            to_stderr(f"    a new one begins with these {len(problem.snippet.splitlines())} lines:\n\n{problem.snippet}")


def display_path(path: Path, root: Path) -> str:
    """The path from the current folder where it is below it, else from the project's top."""
    for start in (Path.cwd(), root):
        if path.is_absolute() and path.is_relative_to(start):
            return path.relative_to(start).as_posix()
    return path.as_posix()


def printable(words: str) -> str:
    """Without control characters: a file's name or words must not steer a terminal or forge a line of the log."""
    return "".join(c if c.isprintable() else "�" for c in words)


def printable_lines(words: str) -> str:
    return "\n".join(printable(row) for row in words.split("\n"))


def to_stderr(words: str) -> None:
    click.echo(printable_lines(words), err=True)


def to_stdout(words: str) -> None:
    click.echo(printable_lines(words))
