"""What the program makes of the same masters: one `site-builder film` for the whole folder, and an account of the run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.films.measure import Measured, hash_of, scores
from site_builder.cache import Cache
from site_builder.pool import cores

RUNG = "standard"  # the one that is held against the peers
BESIDE = 0.5  # VMAF that a film may lie below the ceiling and still have been stopped by it
STILL = ("slides", "slides-h264", "whatsapp")  # rungs whose picture is not the master's: stills, a card
Row = dict[str, Any]  # an object of `site-builder film --json`


@dataclass(frozen=True)
class Ours(Measured):
    """`reached`: its quality is at the ceiling, so that bytes may be left over."""

    budget: int = 0
    codec: str = ""
    size: str = ""
    reached: bool = False


@dataclass(frozen=True)
class Account:
    """What a run cost as a whole. `busy` is CPU time, `wanted` threads that had work, both as shares of the cores' time."""

    cpu_s: float
    busy: float
    wanted: float


@dataclass(frozen=True)
class Run:
    """Rows and hashes of the files by name; the account is that of the run which made just these files, if it is known."""

    rows: list[Row]
    hashes: dict[str, str]
    account: Account | None


def film(masters: Sequence[Path], out: Path, cache: Path, words: Sequence[str]) -> Run:
    """All masters on the rungs that `words` name, with budgets for a minute. Raises CalledProcessError where none was made."""
    out.mkdir(parents=True, exist_ok=True)
    fixed = ["--out", str(out), "--cache-dir", str(cache), "--per-minute", "--json"]
    command = [sys.executable, "-m", "site_builder.cli", "film", *map(str, masters), *fixed, *words]
    with (out / "rows.json").open("w") as stdout, sampling() as samples:
        began = os.times().elapsed
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout)
        samples.begin(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = os.times().elapsed - began
    rows = [read(line) for line in (out / "rows.json").read_text("utf-8").splitlines()]
    if not rows:
        raise subprocess.CalledProcessError(process.returncode, command)
    hashes = {Path(row["path"]).name: hash_of(Path(row["path"])) for row in rows}
    cpu = usage.ru_utime + usage.ru_stime
    account = Account(round(cpu, 1), round(cpu / wall / cores(), 3), samples.share(cores()))
    return Run(rows, hashes, remembered(out / "account.json", rows, hashes, account))


def read(line: str) -> Row:
    """An object of the program's, and whose film it is: `<clip>.<rung>.mp4`."""
    row: Row = json.loads(line)
    path = Path(row["path"])
    return {**row, "clip": path.name.removesuffix(f".{row['rung']}{path.suffix}")}


def remembered(path: Path, rows: list[Row], hashes: dict[str, str], account: Account) -> Account | None:
    """The account of the run that made every one of these files: this one, or the one that left its account here."""
    if not any(row.get("from_cache") for row in rows):
        path.write_text(json.dumps({"hashes": hashes, "account": asdict(account)}, indent=1), "utf-8")
        return account
    if not path.is_file():
        return None
    kept = json.loads(path.read_text("utf-8"))
    return Account(**kept["account"]) if kept["hashes"] == hashes else None


def measured(masters: Sequence[Path], run: Run, ceiling: float, keep: Cache) -> list[Ours]:
    """Every file that has a moving picture to judge, by our own yardstick and not by what the program says of itself."""
    by_name = {master.stem: master for master in masters}
    found = []
    for row in run.rows:
        if not row.get("vmaf") or row["rung"] in STILL:
            continue
        seen = scores(by_name[row["clip"]], Path(row["path"]), keep)
        said = (row.get("phone") or {}).get("mean", 0.0)
        size = f"{row['width']}×{row['height']}"
        facts = (row["budget"], row["codec"], size, said >= ceiling - BESIDE)
        found.append(Ours(row["clip"], row["rung"], row["bytes"], row["cpu_s"], seen["vmaf"], seen["phone"], *facts))
    return found


def again(masters: Sequence[Path], folder: Path, words: Sequence[str], first: Run) -> tuple[int, int]:
    """A second run that knows nothing of the first: how many files have the same bytes, of how many."""
    shutil.rmtree(folder, ignore_errors=True)
    second = film(masters, folder, folder / ".cache", words)
    return sum(second.hashes.get(name) == said for name, said in first.hashes.items()), len(first.hashes)


# ---- are the cores busy?


class Samples:
    """How many threads of a program and its children can run, each half second: on a machine that others use too, a program
    may have work for every core and not get them."""

    def __init__(self) -> None:
        self.counts: list[int] = []
        self.end = threading.Event()
        self.thread: threading.Thread | None = None

    def begin(self, pid: int) -> None:
        self.thread = threading.Thread(target=self.watch, args=(pid,), daemon=True)
        self.thread.start()

    def watch(self, pid: int) -> None:
        while not self.end.wait(0.5):
            self.counts.append(running(pid))

    def share(self, most: int) -> float:
        return round(sum(min(count, most) for count in self.counts) / most / max(1, len(self.counts)), 3)


@contextmanager
def sampling() -> Iterator[Samples]:
    samples = Samples()
    try:
        yield samples
    finally:
        samples.end.set()
        if samples.thread:
            samples.thread.join()


def running(top: int) -> int:
    """Threads in state R of a process and all below it; 0 where the system has no /proc."""
    parent = {int(path.parent.name): int(fields[1]) for path in Path("/proc").glob("[0-9]*/stat") if (fields := stat(path))}
    family = {top}
    while more := {pid for pid, above in parent.items() if above in family} - family:
        family |= more
    threads = [path for pid in family for path in Path(f"/proc/{pid}/task").glob("*/stat")]
    return sum(stat(path)[:1] == ["R"] for path in threads)


def stat(path: Path) -> list[str]:
    """State, parent, … as proc(5) has them after the name; nothing for a process that has gone."""
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []
