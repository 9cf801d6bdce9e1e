"""What `check` reports, at the line where an editor wrote it."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result


def line_of(path: Path, words: str) -> int:
    """The first line of a file that holds these words."""
    return next(number for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1) if words in line)


def problems(told: Result) -> list[str]:
    """What is told to be wrong, without hints, warnings and the count."""
    rows = told.stderr.splitlines()
    return [row for row in rows if ".md:" in row or ".yml:" in row or ".tsv:" in row or ".vtt:" in row if "warning:" not in row]


def hint_after(told: Result, words: str) -> str:
    """The hint below the line that holds these words."""
    rows = told.stderr.splitlines()
    at = next(number for number, row in enumerate(rows) if words in row)
    return rows[at + 1].removeprefix("    hint: ") if rows[at + 1].startswith("    hint: ") else ""
