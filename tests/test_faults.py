"""The bounded program that repeats kills, full disks, wrong bytes and senseless words, in its short form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_nothing_breaks_that_the_program_of_faults_tries() -> None:
    words = ("--kills", "2", "--disks", "3", "--flips", "3", "--words", "12", "--media", "0")

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.faults", *words], cwd=ROOT, capture_output=True, text=True, timeout=900, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    rows = [row.split("|")[1:3] for row in done.stdout.splitlines() if row.startswith("| ")]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["kind", "tries"], ["killed", "2"], ["disk", "3"], ["flipped", "3"], ["words", "12"],
    ]  # fmt: skip
