"""How a film's bytes are shared among its shots: the hard ones get what the easy ones would not show. Pure.

One crf for a whole film gives a still hand as much care as a waving one. Here every shot has its own, such that the sum
of what is lost (100 − VMAF on a phone), weighed so that bad moments count for more than their share, is the least that the
budget allows; and no shot is better than the ceiling. It is a Lagrangian allocation (Shoham and Gersho 1988), as in encoding
by shots (Katsavounidis and Guo 2018), over what was tried and what follows from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat

from site_builder.films import crf_search
from site_builder.films.crf_search import CrfScale, Target
from site_builder.library.artifacts import Attempt, Take

DISTORTION_EXPONENT = 1.5  # 1 would give the best mean and let hard shots fall; 2 and more make all shots alike
# Assumed slope d log2(loss) / d log2(bytes) of a shot with one take: LOSS_SLOPE + LOSS_SLOPE_BONUS / (1 + loss).
LOSS_SLOPE, LOSS_SLOPE_BONUS = 1.0, 4.2
SAME_CRF_WITHIN = 0.25  # crf: a take so near to the wanted one stands for it
MIN_CRF_SPAN = 1.5  # crf: two takes that are nearer to each other tell more of chance than of slopes
MIN_IMPROVEMENT = 0.05  # of the distortion: a smaller gain is not worth another encode
PLAN_TOLERANCE = 0.025, 0.015  # of the best plan's distortion and bytes: what fewer takes may miss of it
REACH_FROM_ONE_TAKE = 5.0  # CRF: with one take of a shot, predict at most so far from it
MAX_CRF_SPREAD = 9.0  # crf that shots may differ from the film's middle: no shot is to look like another film


@dataclass(frozen=True)
class OperatingPoint:
    """One way to encode a shot (a point of its rate–distortion curve), measured or predicted; `loss` is 100 − VMAF."""

    crf: float
    bytes: float
    loss: float  # 0–100
    is_measured: bool


OperatingPoints = Sequence[OperatingPoint]


def effective_vmaf_of(take: Take) -> float:
    """The mean, or the hard moments where they are far worse than the mean: what the ceiling is held against."""
    return crf_search.effective_vmaf(Attempt(take.crf, take.bytes, take.phone, take.p5)) or 0.0


def measured_points(takes: Sequence[Take]) -> OperatingPoints:
    return [OperatingPoint(take.crf, take.bytes, max(0.1, 100 - effective_vmaf_of(take)), is_measured=True) for take in takes]


def candidate_points(takes: Sequence[Take], scale: CrfScale, reach: float | None = None) -> OperatingPoints:
    """The measured points of a shot, and predicted ones at the other CRF within reach of them."""
    measured = sorted(measured_points(takes), key=lambda option: option.crf)
    middle = measured[len(measured) // 2].crf
    reach = reach or (MAX_CRF_SPREAD if len(measured) > 1 else REACH_FROM_ONE_TAKE)
    low, high = max(scale.best, middle - reach), min(scale.worst, middle + reach)
    steps = [low + n * scale.crf_step for n in range(int((high - low) / scale.crf_step) + 1)]
    predicted = [
        predict_point(measured, crf, scale)
        for crf in steps
        if all(abs(crf - known_point.crf) >= SAME_CRF_WITHIN for known_point in measured)
    ]
    return [*measured, *predicted]


def predict_point(known: OperatingPoints, crf: float, scale: CrfScale) -> OperatingPoint:
    """Bytes and loss at a crf, on straight lines through the two nearest that are known and apart (both are near to straight
    in octaves), or by the usual slopes from the nearest."""
    near, *others = sorted(known, key=lambda point: abs(point.crf - crf))
    others = [point for point in others if abs(point.crf - near.crf) >= MIN_CRF_SPAN]
    bytes_slope, loss_slope = -1 / scale.octave, (LOSS_SLOPE + LOSS_SLOPE_BONUS / (1 + near.loss)) / scale.octave
    if others:
        step = scale.to_linear(others[0].crf) - scale.to_linear(near.crf)
        bytes_slope = clamp(math.log2(others[0].bytes / near.bytes) / step, 2.5 * bytes_slope, 0.4 * bytes_slope)
        loss_slope = clamp(math.log2(others[0].loss / near.loss) / step, 0.1 * loss_slope, 2.5 * loss_slope)
    distance = scale.to_linear(crf) - scale.to_linear(near.crf)
    return OperatingPoint(
        crf, near.bytes * 2 ** (bytes_slope * distance), min(100.0, near.loss * 2 ** (loss_slope * distance)), is_measured=False
    )


def clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def distortion(option: OperatingPoint, seconds: float, ceiling: float) -> float:
    """seconds × max(loss, 100 − ceiling) ^ DISTORTION_EXPONENT: above the ceiling nothing more is gained."""
    return seconds * float(max(option.loss, 100 - ceiling) ** DISTORTION_EXPONENT)


def same_header(crf: float) -> str:
    return ""


@dataclass(frozen=True)
class Constraints:
    """What an allocation must keep to: seconds of each shot, bytes of all (`budget`), the ceiling, the codec's CRF scale.

    `header_of(crf)` is the sequence header that a shot at this CRF has: all shots of a film must share one.
    """

    seconds: Sequence[float]
    budget: float
    ceiling: float
    scale: CrfScale
    header_of: Callable[[float], str] = same_header


def best_allocation(points_by_shot: Sequence[OperatingPoints], constraints: Constraints) -> tuple[OperatingPoint, ...] | None:
    """One point for each shot, all with one header: the least distortion within the budget; None where nothing fits it."""
    headers = sorted({constraints.header_of(option.crf) for points_of_shot in points_by_shot for option in points_of_shot})
    by_header = [
        [
            [option for option in points_of_shot if constraints.header_of(option.crf) == header]
            for points_of_shot in points_by_shot
        ]
        for header in headers
    ]
    allocations = [
        allocation for points in by_header if all(points) and (allocation := lagrangian_allocation(points, constraints))
    ]
    return min(
        allocations, key=lambda allocation: (total_distortion(allocation, constraints), total_bytes(allocation)), default=None
    )


def lagrangian_allocation(
    points_by_shot: Sequence[OperatingPoints], constraints: Constraints
) -> tuple[OperatingPoint, ...] | None:
    """The least distortion within the budget, by bisection over λ: the distortion that a byte must save.

    Shoham and Gersho 1988. None where the smallest points are over the budget.
    """
    budget = constraints.budget
    weighed = [
        [(distortion(point, length, constraints.ceiling), point) for point in points]
        for points, length in zip(points_by_shot, constraints.seconds, strict=True)
    ]

    def cheapest_at(lam: float) -> list[OperatingPoint]:
        """The cheapest point of each shot where a byte must save so much distortion."""
        return [min(points, key=lambda row: (row[0] + lam * row[1].bytes, row[1].bytes))[1] for points in weighed]

    allocation = list(fewest_bytes(points_by_shot))
    if total_bytes(allocation) > budget:
        return None
    low, high = -18.0, 3.0  # decimal logarithms of the price
    for _ in range(48):
        middle = (low + high) / 2
        candidate = cheapest_at(10**middle)
        if total_bytes(candidate) <= budget:
            allocation, high = candidate, middle
        else:
            low = middle
    return tuple(spend_rest(allocation, weighed, budget))


def fewest_bytes(points_by_shot: Sequence[OperatingPoints]) -> tuple[OperatingPoint, ...]:
    """The point of fewest bytes of each shot, whatever it looks like."""
    return tuple(min(points, key=lambda point: (point.bytes, point.loss)) for points in points_by_shot)


def spend_rest(
    allocation: list[OperatingPoint], weighed: list[list[tuple[float, OperatingPoint]]], budget: float
) -> list[OperatingPoint]:
    """Spends what λ left of the budget where a byte saves most distortion: a λ meets a budget only in steps."""
    allocation = list(allocation)
    while True:
        left = budget - total_bytes(allocation)
        best: tuple[float, int, OperatingPoint] | None = None
        for index, (points, current) in enumerate(zip(weighed, allocation, strict=True)):
            current_distortion = next(distortion_then for distortion_then, point in points if point == current)
            for distortion_then, point in points:
                more = point.bytes - current.bytes
                if distortion_then < current_distortion and more <= left:
                    gain = (current_distortion - distortion_then) / max(more, 1.0)
                    if best is None or gain > best[0]:
                        best = gain, index, point
        if best is None:
            return allocation
        allocation[best[1]] = best[2]


def total_distortion(points: Sequence[OperatingPoint], constraints: Constraints) -> float:
    """The distortion of a film: the sum of its shots'."""
    return sum(map(distortion, points, constraints.seconds, repeat(constraints.ceiling)))


def total_bytes(points: Sequence[OperatingPoint]) -> float:
    return sum(point.bytes for point in points)


def reaches_ceiling(points: Sequence[OperatingPoint], ceiling: float, below: float) -> bool:
    """Whether every shot is at the ceiling, or at most `below` VMAF under it."""
    return all(point.loss <= 100 - ceiling + below for point in points)


def best_plan(takes: Sequence[Sequence[Take]], constraints: Constraints) -> tuple[OperatingPoint, ...]:
    """The best point of each shot, measured or predicted; where nothing within reach of the takes fits the budget, from further
    away, else the fewest bytes.
    """
    for reach in (None, constraints.scale.worst - constraints.scale.best):
        points_by_shot = [candidate_points(takes_of_shot, constraints.scale, reach) for takes_of_shot in takes]
        if allocation := best_allocation(points_by_shot, constraints):
            return allocation
    return fewest_bytes(points_by_shot)


def cheapest_plan(takes: Sequence[Sequence[Take]], constraints: Constraints) -> tuple[OperatingPoint, ...]:
    """A plan nearly as good as `best_plan`, by as few seconds of new encodes as may be: they are dear."""
    wanted = best_plan(takes, constraints)
    goal = total_distortion(wanted, constraints)
    points_by_shot: list[OperatingPoints] = [measured_points(takes_of_shot) for takes_of_shot in takes]
    unmeasured = {index for index, point in enumerate(wanted) if not point.is_measured}
    current = total_distortion([OperatingPoint(0, 0, 100, is_measured=True)] * len(takes), constraints)
    while unmeasured:
        options = []
        for index in sorted(unmeasured):
            points = [
                candidate_points(takes[n], constraints.scale) if n == index else known for n, known in enumerate(points_by_shot)
            ]
            if allocation := best_allocation(points, constraints):
                options.append((total_distortion(allocation, constraints), index, points, allocation))
        if not options:  # too heavy for any one of them to help
            return wanted
        current, index, points_by_shot, allocation = max(
            options, key=lambda option: (current - option[0]) / constraints.seconds[option[1]]
        )
        unmeasured.discard(index)
        if (
            current <= (1 + PLAN_TOLERANCE[0]) * goal
            and abs(total_bytes(allocation) / total_bytes(wanted) - 1) <= PLAN_TOLERANCE[1]
        ):
            return allocation
    return wanted


def is_good_enough(
    chosen: Sequence[OperatingPoint], plan: Sequence[OperatingPoint], constraints: Constraints, target: Target
) -> bool:
    """Whether the budget is used or the ceiling reached, and the plan promises neither less distortion nor fewer bytes."""
    used = total_bytes(chosen) >= target.min_use * constraints.budget or reaches_ceiling(
        chosen, target.ceiling, target.vmaf_below
    )
    current, then = total_distortion(chosen, constraints), total_distortion(plan, constraints)
    return (
        used and then > (1 - MIN_IMPROVEMENT) * current and total_bytes(plan) > (1 - 2 * MIN_IMPROVEMENT) * total_bytes(chosen)
    )


def mean_crf(crfs: Sequence[float], seconds: Sequence[float]) -> float:
    """The mean CRF of a film's shots, weighted by their seconds."""
    return round(sum(crf * length for crf, length in zip(crfs, seconds, strict=True)) / sum(seconds), 2)
