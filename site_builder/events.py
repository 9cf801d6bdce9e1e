"""What the core tells whoever listens: plain facts, no printing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Planned:
    """So many jobs of a kind (`film`, `sound`, `leaflet`) must be done; `cached` of them are done already."""

    kind: str
    jobs: int
    cached: int


@dataclass(frozen=True)
class Ahead:
    """The films will be done in about so many seconds, by what was seen so far."""

    seconds: float


@dataclass(frozen=True)
class Began:
    kind: str
    job: str


@dataclass(frozen=True)
class Advanced:
    """A job is so far (0–1) in the attempt that it is making."""

    job: str
    doing: str
    share: float


@dataclass(frozen=True)
class Done:
    kind: str
    job: str
    said: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Failed:
    """A tool failed at a job; the others go on."""

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
