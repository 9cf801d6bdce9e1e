"""Events and problems become lines for people: a moving bar on a terminal, plain lines in CI, NDJSON with --json."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column, Table
from rich.text import Text

from site_builder.events import Advanced, Ahead, Began, Done, Event, Failed, Planned, Stage
from site_builder.library import prices
from site_builder.library.artifacts import Print, Rendition
from site_builder.library.messages import messages_of as words_of
from site_builder.library.problems import Problem
from site_builder.library.settings import Tariff

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


NUMBER_COLUMNS = ("bytes", "of budget", "VMAF phone", "its p5")


def show_films(made: Sequence[tuple[Path, Rendition]], as_json: bool, tariff: Tariff | None) -> None:
    """What each file of one master came to, and costs: a table, or one JSON object a file."""
    english = words_of("en")
    if as_json:
        for path, rendition in made:
            rand = {"tariff": tariff.name, "rand": prices.price_cents(rendition.bytes, tariff) / 100} if tariff else None
            to_stdout(json.dumps({**film_row(path, rendition), "price": rand}))
        return
    table = Table(
        Column("rung", no_wrap=True),
        "picture",
        "codec",
        *(Column(name, justify="right") for name in (*NUMBER_COLUMNS, "costs")),
    )
    for _, one in made:
        picture = f"{one.width}×{one.height}, {one.fps:g}/s" if one.width else "–"
        seen = (f"{one.vmaf.phone:.1f}", f"{one.vmaf.phone_p5:.1f}") if one.vmaf else ("–", "–")
        price = prices.price_text(one.bytes, tariff, english) if tariff else "–"
        share = f"{one.bytes / one.rung.budget:.0%}"
        table.add_row(one.rung.name, picture, one.codecs, f"{one.bytes:,}", share, *seen, price)
    Console().print(table)
    if tariff:
        to_stderr(
            f"costs: to load it once at '{tariff.name}' ({tariff.as_of}; {tariff.source}), R{tariff.rand_per_mb:g} a megabyte"
        )
    for path, _ in made:
        to_stdout(str(path))


MAX_WORST_FILMS = 10  # films that the terminal shows; the report has all


def show_worst_films(rows: Sequence[tuple[str, Rendition, str, str]]) -> None:
    """The films that need a look, the worst first: name, its best rendition, what it costs, what would help."""
    right = [Column(name, justify="right", no_wrap=True) for name in ("picture", "worst")]
    table = Table(
        Column("film", overflow="fold"), *right, Column("costs", no_wrap=True), "what would help", box=box.SIMPLE_HEAD
    )
    for name, one, price, advice in rows[:MAX_WORST_FILMS]:
        assert one.vmaf
        table.add_row(name, f"{one.vmaf.phone:.1f}", f"{one.vmaf.phone_p5:.1f}", price, advice)
    Console(stderr=True).print(table)
    to_stderr("picture: VMAF on a phone, 100 is the master's own; worst: what all but the worst twentieth of the film reaches.")


def show_prints(made: Sequence[tuple[Path, Print, str]], as_json: bool) -> None:
    """What came out, and what to tell the printer; paths alone on stdout, for who pipes them on."""
    if as_json:
        for path, one, advice in made:
            row = {"path": str(path), "format": one.format, "name": one.name, "lang": one.lang, "advice": advice}
            to_stdout(json.dumps({**row, "pages": one.leaflet.pages, "bytes": one.leaflet.bytes}, ensure_ascii=False))
        return
    table = Table("format", "what", Column("pages", justify="right"), Column("kB", justify="right"), "printer")
    for _, one, advice in made:
        size = f"{one.leaflet.bytes / 1000:,.0f}"
        table.add_row(
            one.format, Text(printable(f"{one.name or 'all'} ({one.lang})")), str(one.leaflet.pages), size, Text(advice)
        )
    Console(stderr=True).print(table)
    to_stderr("Print at 100 %, not 'fit to page': codes are scanned best at their full size.")
    for path, _, _ in made:
        to_stdout(str(path))


def film_row(path: Path, one: Rendition) -> dict[str, Any]:
    seen = one.vmaf
    return {
        "rung": one.rung.name,
        "path": str(path),
        "bytes": one.bytes,
        "budget": one.rung.budget,
        "seconds": one.seconds,
        "width": one.width,
        "height": one.height,
        "fps": one.fps,
        "codec": one.codecs,
        "crf": one.crf,
        "vmaf": seen and {"mean": seen.mean, "harmonic": seen.harmonic, "p5": seen.p5},
        "phone": seen and {"mean": seen.phone, "harmonic": seen.phone_harmonic, "p5": seen.phone_p5},
        "cpu_s": one.cpu_s,
        "attempts": [asdict(attempt) for attempt in one.attempts],
        "looks": [asdict(look) for look in one.size_samples],
        "from_cache": one.from_cache,
    }


def show_qr_code(rows: Sequence[str], quiet: int = 2) -> None:
    """A QR code, `1` a dark module: two rows in one line of letters, black on white whatever the terminal's own colours."""
    width = len(rows) + 2 * quiet
    blank = ["0" * width] * quiet
    whole = [*blank, *(f"{'0' * quiet}{row}{'0' * quiet}" for row in rows), *blank]
    lines = ["".join(HALF_BLOCKS[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in row_pairs(whole)]
    for line in lines:
        Console(width=max(width, 80)).print(Text(line), style="black on bright_white")


HALF_BLOCKS = {("1", "1"): "█", ("1", "0"): "▀", ("0", "1"): "▄", ("0", "0"): " "}


def row_pairs(rows: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each two rows; an odd last one with a light one."""
    return zip(rows[::2], [*rows[1::2], "0" * len(rows[0])][: len(rows[::2])], strict=True)


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


def show_diagnosis(rows: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    """Print what is in use, and give the names of what is not as it should be."""
    for name, words, good in rows:
        to_stdout(f"{name:18} {printable_lines(words)}")
        if not good:
            yield name.strip()


def to_stderr(words: str) -> None:
    click.echo(printable_lines(words), err=True)


def to_stdout(words: str) -> None:
    click.echo(printable_lines(words))
