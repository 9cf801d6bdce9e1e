"""Bytes beside quality: what one costs where another looks as good. Pure, and dependent on nothing but for the BD-rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]  # bytes a minute, VMAF


@dataclass(frozen=True)
class Equal:
    """Bytes a minute at some quality. `bound`: "≤" where even our least is better, ">" where our most is worse."""

    bytes: float
    bound: str = ""


def per_minute(amount: float, seconds: float) -> float:
    """What a whole minute would have, of bytes or of CPU seconds."""
    return amount * 60 / seconds


def hull(points: Sequence[Point]) -> list[Point]:
    """By bytes, without those that cost more than a better one."""
    kept: list[Point] = []
    for size, quality in sorted(points):
        if not kept or quality > kept[-1][1]:
            kept.append((size, quality))
    return kept


def at_equal(points: Sequence[Point], quality: float) -> Equal:
    """Straight between neighbours on a scale of log bytes. Real curves bulge above it, so that what we claim is a little less
    than what is true."""
    curve = hull(points)
    if quality <= curve[0][1]:
        return Equal(curve[0][0], "≤" if quality < curve[0][1] else "")
    for (small, poor), (large, good) in pairwise(curve):
        if quality <= good:
            share = (quality - poor) / (good - poor)
            return Equal(math.exp(math.log(small) + share * (math.log(large) - math.log(small))))
    return Equal(math.inf, ">")


def bd_rate(ours: Sequence[Point], theirs: Sequence[Point], least: float = 5.0) -> float | None:
    """Bytes that ours takes more than theirs (−0.5: half as many), over the qualities that both reach (Bjøntegaard, PCHIP).

    None where both share less than `least` VMAF.
    """
    mine, other = hull(ours), hull(theirs)
    common = min(mine[-1][1], other[-1][1]) - max(mine[0][1], other[0][1])
    if min(len(mine), len(other)) < 2 or common < least:
        return None
    from bjontegaard import bd_rate as delta  # of the extra `bench`

    rates = [[point[at] for point in curve] for curve in (other, mine) for at in (0, 1)]
    return float(delta(*rates, method="pchip", require_matching_points=False, min_overlap=0)) / 100
