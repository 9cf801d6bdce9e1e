"""What an editor must put right: file, line, message and a hint; all of a run at once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import PydanticCustomError


@dataclass(frozen=True, order=True)
class Problem:
    """What an editor must put right. One with `warning` stops only a strict build."""

    file: Path
    line: int
    message: str
    hint: str = ""
    warning: bool = False
    snippet: str = ""  # lines of ours that put it right, shown as they are


ProblemAt = Callable[..., Problem]  # (where, message, hint, warning): a problem at a field of one how-to


class Problems(Exception):
    """Raised once, with everything that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(f"{p.file}:{p.line}: {p.message}" for p in self.problems))


class InvalidValue(PydanticCustomError):
    """Raised by field validators. `wrong` ends the sentence "'field' is 'value', …"; `hint` says what is right."""

    def __new__(cls, wrong: str, hint: str) -> InvalidValue:
        return super().__new__(cls, "wrong", "{wrong}", {"wrong": wrong, "hint": hint})


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A hint that names the nearest known word, else `otherwise`."""
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean '{matches[0]}'?" if matches else otherwise
