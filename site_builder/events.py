"""What the core tells whoever listens: plain facts, no printing. Class names and fields are printed by `--json`: public."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Planned:
    """So many jobs of a kind (`film`, `print`) are to be done; `cached` of them are in the cache already."""

    kind: str
    jobs: int
    cached: int


@dataclass(frozen=True)
class Ahead:
    """The films will be done in about so many seconds, by what was seen so far."""

    seconds: float


@dataclass(frozen=True)
class Began:
    """A job of a kind (`film`) was begun."""

    kind: str
    job: str


@dataclass(frozen=True)
class Advanced:
    """Progress (0–1) of a job's current encode; `doing` says which that is."""

    job: str
    doing: str
    share: float


@dataclass(frozen=True)
class Done:
    """A job of a kind (`film`) is done: a sentence on it, and the CPU seconds that it took."""

    kind: str
    job: str
    said: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Failed:
    """A job of a kind (`film`, `sound`, `still`, `picture`, `print`) failed; the others go on."""

    kind: str
    job: str
    error: str


@dataclass(frozen=True)
class Stage:
    """The build has come to this."""

    said: str


Event = Planned | Ahead | Began | Advanced | Done | Failed | Stage
Emit = Callable[[Event], None]


def ignore(event: Event) -> None:
    """The listener of those who do not listen."""
