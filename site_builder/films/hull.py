"""Chooses a film's picture size at its budget: the upper edge (hull) of quality over bytes. Pure: knows nothing of ffmpeg.

A larger picture costs bytes that a busy film needs for its movement; a smaller one blurs what a still film could show. So
each size is looked at cheaply, from the likeliest outwards, for as long as it gets better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from site_builder.films.crf_search import Target
from site_builder.library.artifacts import Attempt, HullPoint

DEFAULT_SLOPE = 7.0  # VMAF, phone model, gained by twice the bytes, where no two looks tell
MIN_BYTES_SAVED = 0.1  # of the bytes that a larger picture must save for the same quality: it is dearer to make and to decode
MIN_WORTH_GAIN = 0.3  # VMAF that a larger picture must gain before it is taken: it is dearer to decode


@dataclass(frozen=True)
class SizeSample:
    """One size tried at one crf: what the whole film would weigh, and how it would look."""

    lines: int
    attempt: Attempt

    @property
    def worth(self) -> float:
        """Mean of the mean and the 5th percentile of phone VMAF: a mean alone hides what the eye remembers.

        crf_search.effective_vmaf, which is held against the ceiling, is another measure.
        """
        phone = self.attempt.phone or 0.0
        return (phone + (phone if self.attempt.p5 is None else self.attempt.p5)) / 2


def best_size(
    sizes: Sequence[int],
    start: int,
    look: Callable[[int], tuple[SizeSample, ...]],
    aim: Target,
    fps: float = 0.0,
    worst: float = math.inf,
) -> tuple[int, tuple[SizeSample, ...], tuple[HullPoint, ...]]:
    """(lines, all samples that were taken, hull point of each sampled size): the best of `sizes` (lines, ascending).

    Hill climbing from `start`, smaller sizes first. A size that is still too heavy at the CRF `worst` has a worth of 0.
    """
    seen: dict[int, tuple[SizeSample, ...]] = {}

    def offered(index: int) -> HullPoint:
        lines = sizes[index]
        if lines not in seen:
            seen[lines] = look(lines)
        return hull_point(seen[lines], aim, mean_slope(seen), fps, worst)

    at = min(range(len(sizes)), key=lambda i: abs(math.log(sizes[i] / start)))
    for step in (-1, 1):
        moved = False
        while 0 <= at + step < len(sizes) and is_better(offered(at + step), offered(at)):
            at, moved = at + step, True
        if moved:
            break
    offered(at)
    looks = tuple(one for lines in sorted(seen) for one in seen[lines])
    return sizes[at], looks, tuple(hull_point(seen[lines], aim, mean_slope(seen), fps, worst) for lines in sorted(seen))


def mean_slope(seen: Mapping[int, Sequence[SizeSample]]) -> float:
    """VMAF gained by doubling the bytes: mean over the sizes that were sampled more than once; the others are much the same."""
    known = [found for looks in seen.values() if (found := slope_between(looks)) is not None]
    return sum(known) / len(known) if known else DEFAULT_SLOPE


def hull_point(
    looks: Sequence[SizeSample], aim: Target, usual: float = DEFAULT_SLOPE, fps: float = 0.0, worst: float = math.inf
) -> HullPoint:
    """Worth of a size at the target's budget, or its bytes at the ceiling if they are fewer: from the nearest sample, by the
    slope of the size's samples, else by the `usual` one.
    """
    near = min(looks, key=lambda one: abs(math.log(one.attempt.bytes / aim.budget)))
    least = min(looks, key=lambda one: one.attempt.bytes).attempt
    if least.bytes > aim.budget and least.crf >= worst:
        return HullPoint(near.lines, fps, least.bytes, 0.0)
    slope = slope_between(looks) or usual
    octaves = math.log2(aim.budget / near.attempt.bytes)
    worth = near.worth + slope * octaves
    if worth <= aim.ceiling:
        return HullPoint(near.lines, fps, round(aim.budget), round(max(0.0, worth), 2))
    # good enough with less: how much less
    spare = (near.worth - aim.ceiling) / slope
    return HullPoint(near.lines, fps, max(1, round(near.attempt.bytes * 2 ** (-spare))), aim.ceiling)


def slope_between(looks: Sequence[SizeSample]) -> float | None:
    """Worth gained by doubling the bytes; None where the samples do not tell."""
    if len(looks) > 1:
        a, b = sorted(looks, key=lambda one: one.attempt.bytes)[-2:]
        octaves = math.log2(b.attempt.bytes / a.attempt.bytes)
        if octaves > 0.05 and b.worth > a.worth:
            return (b.worth - a.worth) / octaves
    return None


def is_better(one: HullPoint, other: HullPoint) -> bool:
    """Whether `one` is worth more; or as much for fewer bytes; or as much for the same bytes in a smaller picture."""
    gain = one.worth - other.worth
    if abs(gain) > MIN_WORTH_GAIN:
        return gain > 0
    small, large = sorted((one, other), key=lambda point: point.lines)
    return one is (large if large.bytes < (1 - MIN_BYTES_SAVED) * small.bytes else small)
