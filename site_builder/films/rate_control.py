"""Encodes a film's shots until all of them fit the budget with the least distortion. One encode of a shot is a take."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from site_builder.cache import Cache
from site_builder.films import bit_allocation, ffmpeg, packets, vmaf
from site_builder.films.bit_allocation import Constraints, OperatingPoint
from site_builder.films.crf_search import FAIR_USE, Target, snap_crf
from site_builder.films.efforts import FAST_PRESET, EffortPreset
from site_builder.films.shot_encoder import ShotEncoder
from site_builder.films.shots import Shot
from site_builder.library.artifacts import Attempt, Take, Vmaf
from site_builder.library.codecs import VideoCodec

RECIPE = 1  # of a take
EXTRA_ROUNDS = 4  # rounds more, while nothing fits the budget yet or makes fair use of it
PAYLOAD_SHARE = 0.985  # of a file is picture and sound; the rest is its container
TARGET_SHARE = 0.99  # aim at 99 % of the budget: predictions are off by about 1 %


@dataclass(frozen=True)
class EncodedPicture:
    """The chosen take of each shot, with its draft file; their quality as one film; and the attempts on the way."""

    lines: int
    crf: float
    takes: tuple[Take, ...]
    drafts: tuple[Path, ...]
    vmaf: Vmaf
    attempts: tuple[Attempt, ...]


def as_slow_take(take: Take, codec: VideoCodec) -> Take:
    """Predicts a take with the slow preset from one with FAST_PRESET at the same CRF."""
    bytes, lost = codec.slow_preset_ratios or (1, 1)
    phone, p5 = (None if seen is None else 100 - lost * (100 - seen) for seen in (take.phone, take.p5))
    return replace(take, bytes=round(bytes * take.bytes), phone=phone, p5=p5)


@dataclass(frozen=True)
class CachedTake:
    """A take with its file in the cache, the scores of its frames, and the header that its decoder needs."""

    take: Take
    path: Path
    scores: vmaf.FrameScores
    header: str


@dataclass
class RateController:
    """Chooses and encodes the takes of one film at one size."""

    encoder: ShotEncoder
    lines: int
    preset: EffortPreset
    shots: Sequence[Shot]
    cache: Cache
    takes_by_crf: list[dict[float, CachedTake]] = field(init=False)  # by crf, for each shot
    attempts: list[Attempt] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.takes_by_crf = [{} for _ in self.shots]

    def run(self, aim: Target, now: list[float], whole: Callable[[Sequence[Path]], int]) -> EncodedPicture | None:
        """The picture of least distortion within `target.budget`, or None where no combination of takes fits it.

        `crfs` is the CRF of each shot's first take; `file_size` returns the bytes of a file of such drafts. Raises
        ffmpeg.ToolFailed.
        """
        around = whole(self.drafts(now)) - self.payload_bytes(now)  # bytes of a file that are not the picture's
        for number in range(1, self.preset.rounds + EXTRA_ROUNDS + 1):
            self.record_attempt(now, around)
            chosen = self.best_measured(aim.budget - around, aim.ceiling)
            # one round more than planned, of a shot or two, is spent on landing
            enough = aim.min_use if number == self.preset.rounds > 1 else FAIR_USE
            if chosen and number >= self.preset.rounds and self.is_finished(chosen, aim, around, enough):
                break
            todo = self.next_takes(chosen, aim.budget - around, aim)
            if not todo:
                break
            for index, crf in todo:
                now[index] = self.add_take(index, crf).crf
        return self.best_in_budget(aim, around, whole)

    def first_takes(self, crfs: Sequence[float]) -> list[float]:
        """Take each shot at its crf."""
        return [self.add_take(index, crf).crf for index, crf in enumerate(crfs)]

    def first_pass(self, crf: float, room: float, ceiling: float) -> list[float]:
        """First takes, of about `picture_budget` bytes in all; returns the CRF of each shot.

        Every shot is encoded with FAST_PRESET at one CRF, the bytes are allocated, and then each shot is encoded at its own
        CRF, the largest first: the error of each corrects the prediction of those that follow.
        """
        codec, scale = self.encoder.codec, self.encoder.scale
        crf = snap_crf(crf, scale)
        if len(self.shots) == 1 or not self.preset.chooses_size or not codec.slow_preset_ratios:
            return self.first_takes([crf] * len(self.shots))
        quick = [as_slow_take(self.encode_take(index, crf, FAST_PRESET).take, codec) for index in range(len(self.shots))]
        terms = self.constraints(room * PAYLOAD_SHARE, ceiling)
        off: list[float] = []  # bytes of what was taken beside what was foreseen, in octaves
        for index in sorted(range(len(quick)), key=lambda index: -quick[index].bytes):
            mend = 2 ** (sum(off) / (len(off) + 1))
            menus = [
                bit_allocation.measured_points(self.takes_of_shot(n))
                or bit_allocation.candidate_points([replace(take, bytes=round(take.bytes * mend))], scale)
                for n, take in enumerate(quick)
            ]
            wanted = bit_allocation.best_allocation(menus, terms) or bit_allocation.fewest_bytes(menus)
            taken = self.add_take(index, wanted[index].crf)
            off.append(
                math.log2(
                    taken.bytes
                    / bit_allocation.predict_point(bit_allocation.measured_points([quick[index]]), taken.crf, scale).bytes
                )
            )
        return [next(iter(found)) for found in self.takes_by_crf]

    def crfs_from(self, takes: Sequence[Take]) -> list[float]:
        """The first CRF of each shot, from the takes of a film that differs little (that without a card)."""
        return [next(take.crf for take in reversed(takes) if take.start <= float(shot.start) + 1e-3) for shot in self.shots]

    def add_take(self, index: int, crf: float) -> Take:
        """One more take of a shot."""
        self.takes_by_crf[index][crf] = self.encode_take(index, crf, self.preset)
        return self.takes_by_crf[index][crf].take

    def encode_take(self, index: int, crf: float, trying: EffortPreset) -> CachedTake:
        """One shot at one CRF, cached: another rung of this codec, or a build that is resumed, may ask for it."""
        shot, camera = self.shots[index], self.encoder
        inputs = {
            "take": RECIPE,
            "ffmpeg": ffmpeg.version(),
            "master": camera.master.picture_key,
            "shows": camera.source.key(shot.first),
            "piece": shot.frame_range,
            "fps": str(camera.fps),
            "size": camera.size(self.lines),
            "options": camera.options(crf, trying),
            "every": trying.vmaf_subsample,
        }

        def make(draft: Path) -> dict[str, Any]:
            doing = f"shot {index + 1} of {len(self.shots)}, {self.lines} lines, crf {crf:g}"
            seen = camera.encode(draft, crf, trying, self.lines, [shot.frame_range], trying.vmaf_subsample, doing)
            size, header = packets.payload_and_header(draft)
            return {"bytes": size, "header": header, **asdict(seen)}

        entry = self.cache.get(inputs, ".take.mp4", make)
        seen = vmaf.FrameScores(tuple(entry.facts["vmaf"]), tuple(entry.facts["phone"]))
        quality = vmaf.pool_scores([seen])
        start, seconds = round(float(shot.start), 3), round(shot.seconds, 3)
        take = Take(start, seconds, crf, entry.facts["bytes"], quality.phone, quality.phone_p5)
        return CachedTake(take, entry.path, seen, entry.facts["header"])

    def cached_takes(self, crfs: Sequence[float]) -> list[CachedTake]:
        return [self.takes_by_crf[index][crf] for index, crf in enumerate(crfs)]

    def drafts(self, crfs: Sequence[float]) -> list[Path]:
        return [one.path for one in self.cached_takes(crfs)]

    def payload_bytes(self, crfs: Sequence[float]) -> int:
        return sum(one.take.bytes for one in self.cached_takes(crfs))

    @property
    def shot_seconds(self) -> list[float]:
        return [shot.seconds for shot in self.shots]

    def constraints(self, room: float, ceiling: float) -> Constraints:
        return Constraints(self.shot_seconds, room, ceiling, self.encoder.scale, self.header_at)

    def takes_of_shot(self, index: int) -> list[Take]:
        return [one.take for one in self.takes_by_crf[index].values()]

    @property
    def takes(self) -> list[list[Take]]:
        return [self.takes_of_shot(index) for index in range(len(self.shots))]

    def best_measured(self, room: float, ceiling: float) -> tuple[OperatingPoint, ...] | None:
        """Of the takes so far: the least distortion within so many bytes of picture."""
        return bit_allocation.best_allocation(
            [bit_allocation.measured_points(takes) for takes in self.takes], self.constraints(room, ceiling)
        )

    def header_at(self, crf: float) -> str:
        """The sequence header a shot has at this CRF: that of the nearest take on the same side of `header_changes_at`.

        Before any take there, a word for the side.
        """
        known = {crf: one.header for found in self.takes_by_crf for crf, one in found.items()}
        over = crf >= self.encoder.codec.header_changes_at
        alike = [other for other in known if (other >= self.encoder.codec.header_changes_at) == over]
        return known[min(alike, key=lambda other: abs(other - crf))] if alike else str(over)

    def is_finished(self, chosen: Sequence[OperatingPoint], aim: Target, around: int, enough: float) -> bool:
        """Whether the share `enough` of the budget is used, or the ceiling reached."""
        used = (bit_allocation.total_bytes(chosen) + around) / aim.budget
        return used >= enough or bit_allocation.reaches_ceiling(chosen, aim.ceiling, aim.vmaf_below)

    def next_takes(self, chosen: Sequence[OperatingPoint] | None, room: float, aim: Target) -> list[tuple[int, float]]:
        """(shot, CRF) of the takes that promise a better film; none where what there is comes near enough to it."""
        spared, takes = self.constraints(room * TARGET_SHARE, aim.ceiling), self.takes
        if chosen and bit_allocation.is_good_enough(
            chosen, bit_allocation.best_plan(takes, spared), self.constraints(room, aim.ceiling), aim
        ):
            return []
        return [
            (index, option.crf)
            for index, option in enumerate(bit_allocation.cheapest_plan(takes, spared))
            if not option.is_measured
        ]

    def record_attempt(self, crfs: Sequence[float], around: int) -> None:
        quality = vmaf.pool_scores([one.scores for one in self.cached_takes(crfs)])
        middle = bit_allocation.mean_crf(crfs, self.shot_seconds)
        attempt = Attempt(middle, self.payload_bytes(crfs) + around, quality.phone, quality.phone_p5, self.lines)
        if attempt not in self.attempts[-1:]:
            self.attempts.append(attempt)

    def best_in_budget(self, aim: Target, around: int, whole: Callable[[Sequence[Path]], int]) -> EncodedPicture | None:
        """The best combination of takes whose file, as really written, keeps to the budget."""
        while chosen := self.best_measured(aim.budget - around, aim.ceiling):
            crfs = [option.crf for option in chosen]
            drafts = self.drafts(crfs)
            over = whole(drafts) - aim.budget
            if over <= 0:
                self.record_attempt(crfs, around)
                quality = vmaf.pool_scores([one.scores for one in self.cached_takes(crfs)])
                takes = tuple(one.take for one in self.cached_takes(crfs))
                middle = bit_allocation.mean_crf(crfs, self.shot_seconds)
                return EncodedPicture(self.lines, middle, takes, tuple(drafts), quality, tuple(self.attempts))
            around += int(over)  # its index came out a little larger than that of the first round
        return None
