"""The best picture under a budget, and no better than needed. Pure: knows nothing of ffmpeg.

Bytes fall and quality falls as crf rises. Wanted is the smallest crf whose file fits the budget, or, where that is better
than the ceiling, the largest crf that still reaches the ceiling: bytes that nobody would see are not spent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from site_builder.library.model import Attempt

HARD = 6.0  # VMAF that a film's hard moments (5th percentile) may lie under its mean before they decide
FAIR = 0.6  # of the budget: with less used, the last of the tries is not the end
TOO_HEAVY, TOO_GOOD, TOO_PLAIN, RIGHT = "too heavy", "too good", "too plain", "right"


@dataclass(frozen=True)
class Aim:
    """`budget` in bytes, of which `use` is to be reached; `ceiling` in phone-model VMAF, met from `below` it to `above` it."""

    budget: float
    ceiling: float
    above: float = 1.0
    below: float = 0.0
    use: float = 0.95


@dataclass(frozen=True)
class Scale:
    """The crf that may be tried, and what the first guesses assume: `octave` steps halve the bytes, `fade` is VMAF lost a step.

    A step is a crf, unless `bends` say where a codec's crf is steeper or flatter: pairs of crf and steps, both rising.
    """

    best: float
    worst: float
    octave: float
    grain: float = 0.25
    fade: float = 0.5
    bends: tuple[tuple[float, float], ...] = ()

    def even(self, crf: float) -> float:
        """The crf in steps that are alike in bytes."""
        return along(self.bends, crf)

    def crf(self, even: float) -> float:
        return along([(steps, crf) for crf, steps in self.bends], even)


def along(points: Sequence[tuple[float, float]], x: float) -> float:
    """On straight lines through the points, and on through the outermost two; x itself where there are none."""
    if not points:
        return x
    index = min(max(sum(at <= x for at, _ in points), 1), len(points) - 1)
    (x0, y0), (x1, y1) = points[index - 1], points[index]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def judge(attempt: Attempt, aim: Aim) -> str:
    if attempt.bytes > aim.budget:
        return TOO_HEAVY
    seen = worth(attempt)
    if seen is not None and seen > aim.ceiling + aim.above:
        return TOO_GOOD
    reached = seen is not None and seen >= aim.ceiling - aim.below
    return RIGHT if reached or attempt.bytes >= aim.use * aim.budget else TOO_PLAIN


def search(
    aim: Aim, scale: Scale, measure: Callable[[float], Attempt], first: float, tries: int, at_least_fit: int = 4
) -> tuple[Attempt, ...]:
    """Attempts in order: `tries`, and up to `at_least_fit` more where none yet fits the budget and makes fair use of it.

    Each guess is made from the attempts so far, inside the bracket that they close.
    """
    attempts: list[Attempt] = []
    low, high = scale.best, scale.worst
    crf = grained(min(max(first, low), high), scale)
    while True:
        attempt = measure(crf)
        attempts.append(attempt)
        verdict = judge(attempt, aim)
        fits = any(a.bytes <= aim.budget for a in attempts)
        enough = any(FAIR * aim.budget <= a.bytes <= aim.budget or judge(a, aim) == TOO_GOOD for a in attempts)
        if verdict == RIGHT or (enough and len(attempts) >= tries) or len(attempts) >= tries + at_least_fit:
            return tuple(attempts)
        if verdict in (TOO_HEAVY, TOO_GOOD):
            low = max(low, crf + scale.grain)
        else:
            high = min(high, crf - scale.grain)
        if low > high:
            return tuple(attempts)
        careful = not fits and len(attempts) + 1 >= tries  # the last tries must fit: aim a little under
        crf = grained(min(max(guess(attempts, aim, scale, careful), low), high), scale)


def guess(attempts: list[Attempt], aim: Aim, scale: Scale, careful: bool = False) -> float:
    """The crf at which budget or ceiling is met, whichever is higher, by the slopes seen so far."""
    return scale.crf(guess_even([replace(a, crf=scale.even(a.crf)) for a in attempts], aim, scale, careful))


def guess_even(attempts: list[Attempt], aim: Aim, scale: Scale, careful: bool) -> float:
    """The same, where each crf is given in even steps."""
    wanted = aim.budget * (0.95 if careful else (1 + aim.use) / 2)
    near = min(attempts, key=lambda a: abs(math.log(a.bytes / wanted)))
    by_bytes = near.crf + octave(attempts, scale) * math.log2(near.bytes / wanted)
    seen = [(a.crf, good) for a in attempts if (good := worth(a)) is not None]
    if not seen:
        return by_bytes
    crf, good = min(seen, key=lambda one: abs(one[1] - aim.ceiling))
    by_quality = crf + (good - aim.ceiling - (aim.above - aim.below) / 2) / fade(seen, scale)
    return max(by_bytes, by_quality)


def octave(attempts: list[Attempt], scale: Scale) -> float:
    """How many crf halve the bytes, from the last two attempts where they tell."""
    if len(attempts) > 1:
        a, b = attempts[-2:]
        if a.crf != b.crf and a.bytes != b.bytes:
            found = (b.crf - a.crf) / math.log2(a.bytes / b.bytes)
            if scale.octave / 4 < found < scale.octave * 4:
                return found
    return scale.octave


def worth(attempt: Attempt) -> float | None:
    """What is held against the ceiling: the mean, or the hard moments where they are far worse than the mean."""
    if attempt.phone is None or attempt.p5 is None:
        return attempt.phone
    return min(attempt.phone, attempt.p5 + HARD)


def fade(seen: list[tuple[float, float]], scale: Scale) -> float:
    """VMAF lost a crf, from the last two of (crf, VMAF) where they tell."""
    if len(seen) > 1:
        (crf, good), (other, less) = seen[-2:]
        if crf != other:
            found = (good - less) / (other - crf)
            if scale.fade / 8 < found < scale.fade * 8:
                return found
    return scale.fade


def best(attempts: tuple[Attempt, ...], aim: Aim) -> Attempt | None:
    """Of those that fit: the smallest that reaches the ceiling, else the lowest crf; None where none fits."""
    fitting = [a for a in attempts if a.bytes <= aim.budget]
    reaching = [a for a in fitting if (seen := worth(a)) is not None and seen >= aim.ceiling - aim.below]
    if reaching:
        return max(reaching, key=lambda a: a.crf)
    return min(fitting, key=lambda a: a.crf, default=None)


def grained(crf: float, scale: Scale) -> float:
    """The nearest crf that may be asked for."""
    return round(min(max(crf, scale.best), scale.worst) / scale.grain) * scale.grain
