"""All that was made and measured in a run, and what it says when ours is held against theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.films import curves
from benchmarks.films.curves import Equal, Point
from benchmarks.films.measure import Measured
from benchmarks.films.ours import RUNG, Account, Ours, Row

PLAIN = "plain ffmpeg"


@dataclass(frozen=True)
class Clip:
    path: Path
    name: str
    seconds: float
    lines: int  # of the shorter side


@dataclass(frozen=True)
class Found:
    """One run. `whole` are the clips whose RUNG could be made: those that can be compared."""

    clips: list[Clip]
    ours: list[Ours]  # every rung
    curve: list[Ours]  # the rung RUNG at other budgets
    peers: list[Measured]
    rows: list[Row]  # every file of ours, sound-only ones too
    account: Account | None
    again: tuple[int, int] | None
    load: float
    command: str

    @property
    def whole(self) -> list[Clip]:
        return [clip for clip in self.clips if any((one.clip, one.name) == (clip.name, RUNG) for one in self.ours)]

    def one(self, clip: Clip, name: str) -> Any:
        """Ours of a rung, or a peer's of a preset."""
        return next(one for one in (*self.ours, *self.peers) if (one.clip, one.name) == (clip.name, name))

    def rate_curve(self, clip: Clip) -> list[Point]:
        return points((one for one in (*self.curve, *self.ours) if (one.clip, one.name) == (clip.name, RUNG)), clip)

    def plain_curve(self, clip: Clip) -> list[Point]:
        return points((one for one in self.peers if one.clip == clip.name and one.name.startswith(PLAIN)), clip)

    def bd_rate(self, clip: Clip) -> float | None:
        return curves.bd_rate(self.rate_curve(clip), self.plain_curve(clip))

    def shares(self, peer: str) -> list[tuple[Equal, float]]:
        """For each whole clip: bytes a minute of ours where the peer is as good, and their share of the peer's."""
        found = []
        for clip in self.whole:
            ((theirs, quality),) = points([self.one(clip, peer)], clip)
            equal = curves.at_equal(self.rate_curve(clip), quality)
            found.append((equal, equal.bytes / theirs))
        return found

    def losses(self) -> list[float]:
        """For each whole clip: how far the best film of another codec, of the same budget, lies below AV1's in VMAF."""
        found = []
        for clip in self.whole:
            best = self.one(clip, RUNG)
            others = [one for one in self.ours if (one.clip, one.budget) == (clip.name, best.budget) and one.name != RUNG]
            if others:
                found.append(best.vmaf["mean"] - max(one.vmaf["mean"] for one in others))
        return found


def points(some: Iterable[Measured], clip: Clip) -> list[Point]:
    return [(curves.per_minute(one.bytes, clip.seconds), one.vmaf["mean"]) for one in some]
