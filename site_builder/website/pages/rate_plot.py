"""A drawing of a film's search: quality against bytes, with what was tried, what was chosen, and where the budget ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.library.artifacts import Attempt, Rendition, Take
from site_builder.library.grades import FAIR_FROM, GOOD_FROM

WIDTH, HEIGHT = 340, 200  # in its own units
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 30, 12, 12, 26
STRIP_HEIGHT = 14  # height of the shots' row
BYTE_TICKS = (25_000, 50_000, 100_000, 200_000, 350_000, 600_000, 900_000, 1_500_000, 2_500_000)


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    label: str  # beside it
    tooltip: str  # when pointed at
    kind: str  # chosen, tried, look


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class ShotBlock:
    """A shot on the strip below: as wide as it is long."""

    x: float
    width: float
    kind: str  # good, fair, poor
    tooltip: str


@dataclass(frozen=True)
class Plot:
    dots: tuple[Dot, ...]
    budget_x: float
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    strip: tuple[ShotBlock, ...]


def plot_of(rendition: Rendition) -> Plot | None:
    """None where nothing was measured."""
    tried = [a for a in rendition.attempts if a.phone is not None]
    looks = [a for a in rendition.size_samples if a.phone is not None]
    if not tried:
        return None
    sizes = [a.bytes for a in (*tried, *looks)] + [rendition.rung.budget]
    low, high = math.log(min(sizes) * 0.85), math.log(max(sizes) * 1.15)
    floor = min(80, *(math.floor((a.phone or 0.0) / 10) * 10 for a in (*tried, *looks)))

    def x(size: float) -> float:
        return round(MARGIN_LEFT + (math.log(size) - low) / (high - low) * (WIDTH - MARGIN_LEFT - MARGIN_RIGHT), 1)

    def y(phone: float) -> float:
        return round(HEIGHT - MARGIN_BOTTOM - (phone - floor) / (100 - floor) * (HEIGHT - MARGIN_BOTTOM - MARGIN_TOP), 1)

    def dot(a: Attempt, kind: str) -> Dot:
        label = f"{a.lines}" if kind == "look" else ""
        tooltip = (
            f"{a.lines or '?'} lines, crf {a.crf:g}: {a.bytes:,} bytes, quality {a.phone:.1f}, hard moments {a.p5 or 0:.1f}"
        )
        return Dot(x(a.bytes), y(a.phone or 0), label, tooltip, kind)

    dots = [dot(a, "look") for a in looks]
    dots += [dot(a, "tried") for a in tried[:-1]] + [dot(tried[-1], "chosen")]
    return Plot(
        dots=tuple(dots),
        budget_x=x(rendition.rung.budget),
        across=tuple(Tick(x(size), f"{size // 1000:,} KB") for size in BYTE_TICKS if low < math.log(size) < high),
        up=tuple(Tick(y(phone), str(phone)) for phone in range(floor, 101, 10)),
        strip=shot_strip(rendition.takes),
    )


def shot_strip(takes: Sequence[Take]) -> tuple[ShotBlock, ...]:
    """The film's shots from left to right."""
    whole = sum(take.seconds for take in takes)
    share = (WIDTH - MARGIN_LEFT - MARGIN_RIGHT) / whole if whole else 0
    return tuple(
        ShotBlock(
            round(MARGIN_LEFT + take.start * share, 1),
            round(take.seconds * share - 1, 1),
            quality_grade(take),
            shot_tooltip(take),
        )
        for take in takes
    )


def quality_grade(take: Take) -> str:
    phone = take.phone or 0.0
    return "good" if phone >= GOOD_FROM else "fair" if phone >= FAIR_FROM else "poor"


def shot_tooltip(take: Take) -> str:
    where = f"from {take.start:.0f} s for {take.seconds:.0f} s"
    return f"{where}: quality {take.phone or 0:.0f}, {take.bytes:,} bytes, crf {take.crf:g}"
