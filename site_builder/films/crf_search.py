"""The best picture under a budget, and no better than needed. Pure: knows nothing of ffmpeg.

Bytes fall and quality falls as crf rises. Wanted is the smallest crf whose file fits the budget, or, where that is better
than the ceiling, the largest crf that still reaches the ceiling: bytes that nobody would see are not spent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from site_builder.library.artifacts import Attempt

HARD_MOMENT_MARGIN = 6.0  # VMAF that a film's hard moments (5th percentile) may lie under its mean before they decide
FAIR_USE = 0.6  # of the budget: with less used, the last of the tries is not the end
OVER_BUDGET, ABOVE_CEILING, BELOW_TARGET, ON_TARGET = "too heavy", "too good", "too plain", "right"


@dataclass(frozen=True)
class Target:
    """What the search aims at: `budget` bytes, of which the share `min_use` must be reached; or `ceiling` (phone-model VMAF),
    met from `vmaf_below` under it to `vmaf_above` over it.
    """

    budget: float
    ceiling: float
    vmaf_above: float = 1.0
    vmaf_below: float = 0.0
    min_use: float = 0.95


@dataclass(frozen=True)
class CrfScale:
    """A codec's CRF range, and the slopes that are assumed before anything is measured.

    One linear step is 1 CRF, unless `knots` (pairs of CRF and step, both rising) map it where CRF is steeper or flatter.
    `octave` is steps per halving of the bytes; `vmaf_per_step` is VMAF (phone model) lost a step.
    """

    best: float
    worst: float
    octave: float
    crf_step: float = 0.25
    vmaf_per_step: float = 0.5
    knots: tuple[tuple[float, float], ...] = ()

    def to_linear(self, crf: float) -> float:
        """A CRF in linear steps: equal steps change the bytes alike."""
        return interpolate(self.knots, crf)

    def from_linear(self, step: float) -> float:
        """The CRF at a linear step."""
        return interpolate([(steps, crf) for crf, steps in self.knots], step)


def interpolate(points: Sequence[tuple[float, float]], x: float) -> float:
    """Piecewise linear through the points, extrapolated beyond both ends; x itself without points."""
    if not points:
        return x
    index = min(max(sum(at <= x for at, _ in points), 1), len(points) - 1)
    (x0, y0), (x1, y1) = points[index - 1], points[index]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def judge(attempt: Attempt, target: Target) -> str:
    """One of OVER_BUDGET, ABOVE_CEILING, BELOW_TARGET, ON_TARGET."""
    if attempt.bytes > target.budget:
        return OVER_BUDGET
    vmaf = effective_vmaf(attempt)
    if vmaf is not None and vmaf > target.ceiling + target.vmaf_above:
        return ABOVE_CEILING
    reached = vmaf is not None and vmaf >= target.ceiling - target.vmaf_below
    return ON_TARGET if reached or attempt.bytes >= target.min_use * target.budget else BELOW_TARGET


def search(
    target: Target, scale: CrfScale, measure: Callable[[float], Attempt], first: float, tries: int, at_least_fit: int = 4
) -> tuple[Attempt, ...]:
    """Attempts in order: `tries`, and up to `at_least_fit` more where none yet fits the budget and makes fair use of it.

    Each guess is made from the attempts so far, inside the bracket that they close.
    """
    attempts: list[Attempt] = []
    low, high = scale.best, scale.worst
    crf = snap_crf(min(max(first, low), high), scale)
    while True:
        attempt = measure(crf)
        attempts.append(attempt)
        verdict = judge(attempt, target)
        fits = any(a.bytes <= target.budget for a in attempts)
        enough = any(
            FAIR_USE * target.budget <= a.bytes <= target.budget or judge(a, target) == ABOVE_CEILING for a in attempts
        )
        if verdict == ON_TARGET or (enough and len(attempts) >= tries) or len(attempts) >= tries + at_least_fit:
            return tuple(attempts)
        if verdict in (OVER_BUDGET, ABOVE_CEILING):
            low = max(low, crf + scale.crf_step)
        else:
            high = min(high, crf - scale.crf_step)
        if low > high:
            return tuple(attempts)
        careful = not fits and len(attempts) + 1 >= tries  # the last tries must fit: aim a little under
        crf = snap_crf(min(max(predict_crf(attempts, target, scale, careful), low), high), scale)


def predict_crf(attempts: list[Attempt], target: Target, scale: CrfScale, careful: bool = False) -> float:
    """The crf at which budget or ceiling is met, whichever is higher, by the slopes seen so far."""
    return scale.from_linear(
        predict_linear_crf([replace(a, crf=scale.to_linear(a.crf)) for a in attempts], target, scale, careful)
    )


def predict_linear_crf(attempts: list[Attempt], target: Target, scale: CrfScale, careful: bool) -> float:
    """The same, where each `crf` is given in linear steps, as CrfScale.to_linear has them."""
    wanted = target.budget * (0.95 if careful else (1 + target.min_use) / 2)
    nearest = min(attempts, key=lambda a: abs(math.log(a.bytes / wanted)))
    by_bytes = nearest.crf + measured_octave(attempts, scale) * math.log2(nearest.bytes / wanted)
    seen = [(a.crf, good) for a in attempts if (good := effective_vmaf(a)) is not None]
    if not seen:
        return by_bytes
    crf, good = min(seen, key=lambda pair: abs(pair[1] - target.ceiling))
    by_quality = crf + (good - target.ceiling - (target.vmaf_above - target.vmaf_below) / 2) / measured_vmaf_per_step(
        seen, scale
    )
    return max(by_bytes, by_quality)


def measured_octave(attempts: list[Attempt], scale: CrfScale) -> float:
    """Linear steps that halve the bytes, from the last two attempts where they tell; else the scale's."""
    if len(attempts) > 1:
        a, b = attempts[-2:]
        if a.crf != b.crf and a.bytes != b.bytes:
            measured = (b.crf - a.crf) / math.log2(a.bytes / b.bytes)
            if scale.octave / 4 < measured < scale.octave * 4:
                return measured
    return scale.octave


def effective_vmaf(attempt: Attempt) -> float | None:
    """What the ceiling is compared with: mean phone VMAF, or its 5th percentile + HARD_MOMENT_MARGIN where that is lower.

    hull.SizeSample.worth, by which sizes are compared, is another measure.
    """
    if attempt.phone is None or attempt.p5 is None:
        return attempt.phone
    return min(attempt.phone, attempt.p5 + HARD_MOMENT_MARGIN)


def measured_vmaf_per_step(seen: list[tuple[float, float]], scale: CrfScale) -> float:
    """VMAF lost a linear step, from the last two of (step, VMAF) where they tell; else the scale's."""
    if len(seen) > 1:
        (crf, good), (other, less) = seen[-2:]
        if crf != other:
            measured = (good - less) / (other - crf)
            if scale.vmaf_per_step / 8 < measured < scale.vmaf_per_step * 8:
                return measured
    return scale.vmaf_per_step


def best_attempt(attempts: tuple[Attempt, ...], target: Target) -> Attempt | None:
    """Of those that fit: the smallest that reaches the ceiling, else the lowest crf; None where none fits."""
    fitting = [a for a in attempts if a.bytes <= target.budget]
    reaching = [a for a in fitting if (vmaf := effective_vmaf(a)) is not None and vmaf >= target.ceiling - target.vmaf_below]
    if reaching:
        return max(reaching, key=lambda a: a.crf)
    return min(fitting, key=lambda a: a.crf, default=None)


def snap_crf(crf: float, scale: CrfScale) -> float:
    """The nearest crf that may be asked for."""
    return round(min(max(crf, scale.best), scale.worst) / scale.crf_step) * scale.crf_step
