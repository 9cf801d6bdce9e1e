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
    bytes_ratio, loss_ratio = codec.slow_preset_ratios or (1, 1)
    phone, p5 = (None if vmaf_score is None else 100 - loss_ratio * (100 - vmaf_score) for vmaf_score in (take.phone, take.p5))
    return replace(take, bytes=round(bytes_ratio * take.bytes), phone=phone, p5=p5)


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

    def run(self, target: Target, crfs: list[float], file_size: Callable[[Sequence[Path]], int]) -> EncodedPicture | None:
        """The picture of least distortion within `target.budget`, or None where no combination of takes fits it.

        `crfs` is the CRF of each shot's first take; `file_size` returns the bytes of a file of such drafts. Raises
        ffmpeg.ToolFailed.
        """
        overhead = file_size(self.drafts(crfs)) - self.payload_bytes(crfs)  # bytes of a file that are not the picture's
        for number in range(1, self.preset.rounds + EXTRA_ROUNDS + 1):
            self.record_attempt(crfs, overhead)
            chosen = self.best_measured(target.budget - overhead, target.ceiling)
            # one round more than planned, of a shot or two, is spent on landing
            enough = target.min_use if number == self.preset.rounds > 1 else FAIR_USE
            if chosen and number >= self.preset.rounds and self.is_finished(chosen, target, overhead, enough):
                break
            todo = self.next_takes(chosen, target.budget - overhead, target)
            if not todo:
                break
            for index, crf in todo:
                crfs[index] = self.add_take(index, crf).crf
        return self.best_in_budget(target, overhead, file_size)

    def first_takes(self, crfs: Sequence[float]) -> list[float]:
        """One take of each shot at its CRF; returns the CRF of each."""
        return [self.add_take(index, crf).crf for index, crf in enumerate(crfs)]

    def first_pass(self, crf: float, picture_budget: float, ceiling: float) -> list[float]:
        """First takes, of about `picture_budget` bytes in all; returns the CRF of each shot.

        Every shot is encoded with FAST_PRESET at one CRF, the bytes are allocated, and then each shot is encoded at its own
        CRF, the largest first: the error of each corrects the prediction of those that follow.
        """
        codec, scale = self.encoder.codec, self.encoder.scale
        crf = snap_crf(crf, scale)
        if len(self.shots) == 1 or not self.preset.chooses_size or not codec.slow_preset_ratios:
            return self.first_takes([crf] * len(self.shots))
        fast_takes = [as_slow_take(self.encode_take(index, crf, FAST_PRESET).take, codec) for index in range(len(self.shots))]
        constraints = self.constraints(picture_budget * PAYLOAD_SHARE, ceiling)
        errors: list[float] = []  # log₂ of a take's bytes divided by the bytes predicted for it
        for index in sorted(range(len(fast_takes)), key=lambda index: -fast_takes[index].bytes):
            correction = 2 ** (sum(errors) / (len(errors) + 1))
            points_by_shot = [
                bit_allocation.measured_points(self.takes_of_shot(n))
                or bit_allocation.candidate_points([replace(take, bytes=round(take.bytes * correction))], scale)
                for n, take in enumerate(fast_takes)
            ]
            allocation = bit_allocation.best_allocation(points_by_shot, constraints) or bit_allocation.fewest_bytes(
                points_by_shot
            )
            take = self.add_take(index, allocation[index].crf)
            errors.append(
                math.log2(
                    take.bytes
                    / bit_allocation.predict_point(bit_allocation.measured_points([fast_takes[index]]), take.crf, scale).bytes
                )
            )
        return [next(iter(takes)) for takes in self.takes_by_crf]

    def crfs_from(self, takes: Sequence[Take]) -> list[float]:
        """The first CRF of each shot, from the takes of a film that differs little (that without a card)."""
        return [next(take.crf for take in reversed(takes) if take.start <= float(shot.start) + 1e-3) for shot in self.shots]

    def add_take(self, index: int, crf: float) -> Take:
        """One more take of a shot."""
        self.takes_by_crf[index][crf] = self.encode_take(index, crf, self.preset)
        return self.takes_by_crf[index][crf].take

    def encode_take(self, index: int, crf: float, preset: EffortPreset) -> CachedTake:
        """One shot at one CRF, cached: another rung of this codec, or a build that is resumed, may ask for it."""
        shot, encoder = self.shots[index], self.encoder
        inputs = {
            "take": RECIPE,
            "ffmpeg": ffmpeg.version(),
            "master": encoder.master.picture_key,
            "shows": encoder.source.key(shot.first),
            "piece": shot.frame_range,
            "fps": str(encoder.fps),
            "size": encoder.size(self.lines),
            "options": encoder.options(crf, preset),
            "every": preset.vmaf_subsample,
        }

        def make(draft: Path) -> dict[str, Any]:
            doing = f"shot {index + 1} of {len(self.shots)}, {self.lines} lines, crf {crf:g}"
            scores = encoder.encode(draft, crf, preset, self.lines, [shot.frame_range], preset.vmaf_subsample, doing)
            size, header = packets.payload_and_header(draft)
            return {"bytes": size, "header": header, **asdict(scores)}

        entry = self.cache.get(inputs, ".take.mp4", make)
        scores = vmaf.FrameScores(tuple(entry.facts["vmaf"]), tuple(entry.facts["phone"]))
        quality = vmaf.pool_scores([scores])
        start, seconds = round(float(shot.start), 3), round(shot.seconds, 3)
        take = Take(start, seconds, crf, entry.facts["bytes"], quality.phone, quality.phone_p5)
        return CachedTake(take, entry.path, scores, entry.facts["header"])

    def cached_takes(self, crfs: Sequence[float]) -> list[CachedTake]:
        return [self.takes_by_crf[index][crf] for index, crf in enumerate(crfs)]

    def drafts(self, crfs: Sequence[float]) -> list[Path]:
        return [cached.path for cached in self.cached_takes(crfs)]

    def payload_bytes(self, crfs: Sequence[float]) -> int:
        return sum(cached.take.bytes for cached in self.cached_takes(crfs))

    @property
    def shot_seconds(self) -> list[float]:
        return [shot.seconds for shot in self.shots]

    def constraints(self, picture_budget: float, ceiling: float) -> Constraints:
        return Constraints(self.shot_seconds, picture_budget, ceiling, self.encoder.scale, self.header_at)

    def takes_of_shot(self, index: int) -> list[Take]:
        return [cached.take for cached in self.takes_by_crf[index].values()]

    @property
    def takes(self) -> list[list[Take]]:
        return [self.takes_of_shot(index) for index in range(len(self.shots))]

    def best_measured(self, picture_budget: float, ceiling: float) -> tuple[OperatingPoint, ...] | None:
        """Of the takes so far: the least distortion within so many bytes of picture."""
        return bit_allocation.best_allocation(
            [bit_allocation.measured_points(takes) for takes in self.takes], self.constraints(picture_budget, ceiling)
        )

    def header_at(self, crf: float) -> str:
        """The sequence header a shot has at this CRF: that of the nearest take on the same side of `header_changes_at`.

        Before any take there, a word for the side.
        """
        headers = {crf: cached.header for takes in self.takes_by_crf for crf, cached in takes.items()}
        above_change = crf >= self.encoder.codec.header_changes_at
        same_side = [taken_crf for taken_crf in headers if (taken_crf >= self.encoder.codec.header_changes_at) == above_change]
        return headers[min(same_side, key=lambda taken_crf: abs(taken_crf - crf))] if same_side else str(above_change)

    def is_finished(self, chosen: Sequence[OperatingPoint], target: Target, overhead: int, enough: float) -> bool:
        """Whether the share `enough` of the budget is used, or the ceiling reached."""
        used = (bit_allocation.total_bytes(chosen) + overhead) / target.budget
        return used >= enough or bit_allocation.reaches_ceiling(chosen, target.ceiling, target.vmaf_below)

    def next_takes(
        self, chosen: Sequence[OperatingPoint] | None, picture_budget: float, target: Target
    ) -> list[tuple[int, float]]:
        """(shot, CRF) of the takes that promise a better film; none where what there is comes near enough to it."""
        cautious, takes = self.constraints(picture_budget * TARGET_SHARE, target.ceiling), self.takes
        if chosen and bit_allocation.is_good_enough(
            chosen, bit_allocation.best_plan(takes, cautious), self.constraints(picture_budget, target.ceiling), target
        ):
            return []
        return [
            (index, point.crf)
            for index, point in enumerate(bit_allocation.cheapest_plan(takes, cautious))
            if not point.is_measured
        ]

    def record_attempt(self, crfs: Sequence[float], overhead: int) -> None:
        quality = vmaf.pool_scores([cached.scores for cached in self.cached_takes(crfs)])
        mean_crf = bit_allocation.mean_crf(crfs, self.shot_seconds)
        attempt = Attempt(mean_crf, self.payload_bytes(crfs) + overhead, quality.phone, quality.phone_p5, self.lines)
        if attempt not in self.attempts[-1:]:
            self.attempts.append(attempt)

    def best_in_budget(
        self, target: Target, overhead: int, file_size: Callable[[Sequence[Path]], int]
    ) -> EncodedPicture | None:
        """The best combination of takes whose file, as really written, keeps to the budget."""
        while chosen := self.best_measured(target.budget - overhead, target.ceiling):
            crfs = [point.crf for point in chosen]
            drafts = self.drafts(crfs)
            excess = file_size(drafts) - target.budget
            if excess <= 0:
                self.record_attempt(crfs, overhead)
                quality = vmaf.pool_scores([cached.scores for cached in self.cached_takes(crfs)])
                takes = tuple(cached.take for cached in self.cached_takes(crfs))
                mean_crf = bit_allocation.mean_crf(crfs, self.shot_seconds)
                return EncodedPicture(self.lines, mean_crf, takes, tuple(drafts), quality, tuple(self.attempts))
            overhead += int(excess)  # its index came out a little larger than that of the first round
        return None
