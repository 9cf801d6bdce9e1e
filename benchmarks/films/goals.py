"""The figures that were to be reached, each beside its goal."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.films import curves
from benchmarks.films.found import Clip, Found
from benchmarks.films.ours import RUNG


@dataclass(frozen=True)
class Goal:
    """One row of what was to be reached. `figures` are shown; those that have a goal come first, in the goals' order."""

    name: str
    figures: tuple[float, ...]
    show: Callable[[float], str]
    reach: tuple[float, ...] = ()
    beyond: tuple[float, ...] = ()
    least: bool = False  # the goal is at least so much, not at most
    note: str = ""

    def meets(self, goals: tuple[float, ...]) -> bool:
        pairs = list(zip(self.figures, goals, strict=False))
        return bool(pairs) and all(figure >= goal if self.least else figure <= goal for figure, goal in pairs)

    @property
    def verdict(self) -> str:
        if not self.reach or not self.figures:
            return "–"
        return "**beyond**" if self.meets(self.beyond) else "yes" if self.meets(self.reach) else "**no**"

    def row(self) -> str:
        sign = "≥" if self.least else "≤"
        reach, beyond = (" / ".join(f"{sign} {self.show(goal)}" for goal in goals) for goals in (self.reach, self.beyond))
        here = " / ".join(self.show(figure) for figure in self.figures) or "not known"
        return f"| {self.name} | {reach} | {beyond} | {here}{self.note} | {self.verdict} |"


def reached(found: Found) -> Iterator[Goal]:
    standard = [one for one in found.ours if one.name == RUNG]
    phones = [one.phone["mean"] for one in standard]
    yield Goal(
        "phone-model VMAF, `standard`: worst / median", (min(phones), median(phones)), plain, (84, 96), (90, 98), least=True
    )
    hard = (min(one.phone["p5"] for one in standard),)
    yield Goal("its 5th percentile, worst", hard, plain, (68,), (80,), least=True)
    for name, reach, beyond in (("openZIM webm low", 0.45, 0.33), ("ricecooker mp4", 0.28, 0.22)):
        shares = [share for _, share in found.shares(name)]
        yield Goal(f"bytes at equal VMAF beside {name}, median", (median(shares),), twice, (reach,), (beyond,))
    losses = found.losses()
    yield Goal("VMAF of the best fallback below AV1's, median", (median(losses),) if losses else (), plain, (6,), (3,))
    yield from spending(found)
    yield from costs(found)
    if found.again:
        same, of = found.again
        yield Goal(
            "made twice: files with the same bytes", (same / of,), percent, (1,), (), least=True, note=f" ({same} of {of})"
        )


def spending(found: Found) -> Iterator[Goal]:
    short = [one.bytes / one.budget for one in found.ours if not one.reached]
    note = f" ({len(found.ours) - len(short)} of {len(found.ours)} films reached the ceiling with less)"
    used = (median(short), min(short)) if short else ()
    yield Goal("budget used below the ceiling: median / least", used, percent, (0.97, 0.97), (), least=True, note=note)
    over = sum(row["bytes"] > row["budget"] for row in found.rows)
    yield Goal("files over their budget", (over,), whole, (0,))


def costs(found: Found) -> Iterator[Goal]:
    per_clip = {clip.name: curves.per_minute(cpu_of(found, clip), clip.seconds) for clip in found.clips}
    large = [per_clip[clip.name] for clip in found.clips if clip.lines >= 720]
    figures = (median(large),) if large else ()
    yield Goal("CPU s for a minute of 720p master, all rungs: median", figures, whole, (600,), (300,))
    yield Goal("the same for all masters: median / worst", (median(per_clip.values()), max(per_clip.values())), whole)
    minutes = sum(clip.seconds for clip in found.clips) / 60
    account = found.account
    yield Goal("the same, of the whole run with all it does", (account.cpu_s / minutes,) if account else (), whole)
    yield Goal("cores busy: CPU time / wall time / cores", (account.busy,) if account else (), percent, (0.9,), (), least=True)
    yield Goal("cores for which there was work at any moment", (account.wanted,) if account else (), percent, least=True)


def cpu_of(found: Found, clip: Clip) -> float:
    return sum(row["cpu_s"] for row in found.rows if row["clip"] == clip.name)


def plain(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def twice(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "out of reach"


def percent(value: float) -> str:
    return f"{value:.1%}".replace(".0%", "%")


def whole(value: float) -> str:
    return f"{value:.0f}"
