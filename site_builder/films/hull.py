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
    sample: Callable[[int], tuple[SizeSample, ...]],
    target: Target,
    fps: float = 0.0,
    worst: float = math.inf,
) -> tuple[int, tuple[SizeSample, ...], tuple[HullPoint, ...]]:
    """(lines, all samples that were taken, hull point of each sampled size): the best of `sizes` (lines, ascending).

    Hill climbing from `start`, smaller sizes first. A size that is still too heavy at the CRF `worst` has a worth of 0.
    """
    samples_by_size: dict[int, tuple[SizeSample, ...]] = {}

    def point_at(index: int) -> HullPoint:
        lines = sizes[index]
        if lines not in samples_by_size:
            samples_by_size[lines] = sample(lines)
        return hull_point(samples_by_size[lines], target, mean_slope(samples_by_size), fps, worst)

    at = min(range(len(sizes)), key=lambda i: abs(math.log(sizes[i] / start)))
    for step in (-1, 1):
        moved = False
        while 0 <= at + step < len(sizes) and is_better(point_at(at + step), point_at(at)):
            at, moved = at + step, True
        if moved:
            break
    point_at(at)
    samples = tuple(each_sample for lines in sorted(samples_by_size) for each_sample in samples_by_size[lines])
    return (
        sizes[at],
        samples,
        tuple(
            hull_point(samples_by_size[lines], target, mean_slope(samples_by_size), fps, worst)
            for lines in sorted(samples_by_size)
        ),
    )


def mean_slope(samples_by_size: Mapping[int, Sequence[SizeSample]]) -> float:
    """VMAF gained by doubling the bytes: mean over the sizes that were sampled more than once; the others are much the same."""
    slopes = [slope for samples in samples_by_size.values() if (slope := slope_between(samples)) is not None]
    return sum(slopes) / len(slopes) if slopes else DEFAULT_SLOPE


def hull_point(
    samples: Sequence[SizeSample], target: Target, usual: float = DEFAULT_SLOPE, fps: float = 0.0, worst: float = math.inf
) -> HullPoint:
    """Worth of a size at the target's budget, or its bytes at the ceiling if they are fewer: from the nearest sample, by the
    slope of the size's samples, else by the `usual` one.
    """
    nearest = min(samples, key=lambda sample: abs(math.log(sample.attempt.bytes / target.budget)))
    least = min(samples, key=lambda sample: sample.attempt.bytes).attempt
    if least.bytes > target.budget and least.crf >= worst:
        return HullPoint(nearest.lines, fps, least.bytes, 0.0)
    slope = slope_between(samples) or usual
    octaves = math.log2(target.budget / nearest.attempt.bytes)
    worth = nearest.worth + slope * octaves
    if worth <= target.ceiling:
        return HullPoint(nearest.lines, fps, round(target.budget), round(max(0.0, worth), 2))
    # good enough with less: how much less
    spare = (nearest.worth - target.ceiling) / slope
    return HullPoint(nearest.lines, fps, max(1, round(nearest.attempt.bytes * 2 ** (-spare))), target.ceiling)


def slope_between(samples: Sequence[SizeSample]) -> float | None:
    """Worth gained by doubling the bytes; None where the samples do not tell."""
    if len(samples) > 1:
        a, b = sorted(samples, key=lambda sample: sample.attempt.bytes)[-2:]
        octaves = math.log2(b.attempt.bytes / a.attempt.bytes)
        if octaves > 0.05 and b.worth > a.worth:
            return (b.worth - a.worth) / octaves
    return None


def is_better(a: HullPoint, b: HullPoint) -> bool:
    """Whether `one` is worth more; or as much for fewer bytes; or as much for the same bytes in a smaller picture."""
    gain = a.worth - b.worth
    if abs(gain) > MIN_WORTH_GAIN:
        return gain > 0
    small, large = sorted((a, b), key=lambda point: point.lines)
    return a is (large if large.bytes < (1 - MIN_BYTES_SAVED) * small.bytes else small)
