"""Per-title sizing (Netflix 2015): cheap encodes of a few scenes that choose the picture size for a rung and the first CRF."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from site_builder.cache import Cache
from site_builder.films import crf_search, ffmpeg, filters, hull, packets, shots, vmaf
from site_builder.films.efforts import FAST_PRESET, EffortPreset
from site_builder.films.shot_encoder import ShotEncoder
from site_builder.library.artifacts import Attempt, HullPoint
from site_builder.library.ladder import Rung

RECIPE = 6
PICTURE_LINES = (240, 288, 360, 432, 480, 540, 720, 1080)  # lines of the sizes that are compared
LOW_BYTES_PER_MINUTE = 500_000  # bytes a minute; below this a film begins two sizes smaller
MIN_SCENES, MAX_SCENES, SECONDS_PER_SCENE = 3, 6, 10.0  # scenes that stand for a film: one for so many seconds
# Frames of a scene: one key frame and one 32-frame mini-GOP of SVT-AV1. What is cut within such a group costs twice the bytes a
# second that a whole film does.
SCENE_FRAMES = 1 + 32
HALF_RATE_BELOW_WORTH = 55.0  # worth at the smallest size below which half the frames may show more than all of them
BYTES_LINES_EXPONENT = 1.3  # octaves of bytes for an octave of lines, at one crf
MIN_FPS = 10  # frames a second: below it, hands jump


@dataclass(frozen=True)
class EncodePlan:
    """What to encode: the picture's lines and frame rate, and the first CRF; with the samples that led there."""

    lines: int
    fps: Fraction
    crf: float
    size_samples: tuple[Attempt, ...] = ()
    hull_points: tuple[HullPoint, ...] = ()


@dataclass
class PerTitle:
    """Sizes one master for one rung. `frame_rate` is the setting `auto`, `full` or `half`: `plan` may halve `encoder.fps`."""

    encoder: ShotEncoder
    rung: Rung
    preset: EffortPreset
    frame_rate: str
    cache: Cache

    def plan(self, target: crf_search.Target) -> EncodePlan:
        """Raises ffmpeg.ToolFailed."""
        master = self.encoder.master
        if self.frame_rate == "half":
            self.encoder.fps = filters.half_rate(self.encoder.fps)
        max_lines = min(self.rung.lines, master.width, master.height)
        low_budget = self.rung.budget * 60 / master.seconds < LOW_BYTES_PER_MINUTE
        usual = min(PICTURE_LINES[max(0, PICTURE_LINES.index(self.encoder.codec.default_lines) - 2 * low_budget)], max_lines)
        if not self.preset.chooses_size:
            return self.plan_default_size(usual, target)
        return self.plan_best_size([*(n for n in PICTURE_LINES if n < max_lines), max_lines], usual, target)

    def plan_default_size(self, lines: int, target: crf_search.Target) -> EncodePlan:
        """Without comparing sizes, as for a draft: only the first CRF is searched, if the film is long enough."""
        if self.too_short_to_sample:
            return EncodePlan(lines, self.encoder.fps, self.encoder.codec.start_crf)
        loose_target = replace(
            target, min_use=0.7, vmaf_above=3.0, vmaf_below=3.0
        )  # from here the usual slopes lead to the target
        samples = crf_search.search(
            loose_target,
            self.scale,
            lambda crf: self.sample_encode(crf, lines, self.preset),
            self.start_crf,
            self.preset.max_samples,
        )
        return EncodePlan(lines, self.encoder.fps, crf_search.predict_crf(list(samples), target, self.scale), samples)

    def plan_best_size(self, sizes: list[int], usual: int, target: crf_search.Target) -> EncodePlan:
        chosen = self.search_sizes(sizes, usual, target)
        if self.frame_rate != "auto" or chosen.lines != sizes[0] or self.encoder.fps / 2 < MIN_FPS:
            return chosen
        if chosen.hull_points[0].worth >= HALF_RATE_BELOW_WORTH:
            return chosen
        # VMAF cannot say whether half the frames are better: it is a rule, for pictures that would be mush otherwise
        self.encoder.fps = filters.half_rate(self.encoder.fps)
        halved = self.search_sizes(sizes, sizes[0], target)
        return replace(
            halved, size_samples=chosen.size_samples + halved.size_samples, hull_points=chosen.hull_points + halved.hull_points
        )

    def search_sizes(self, sizes: list[int], usual: int, target: crf_search.Target) -> EncodePlan:
        known: dict[int, tuple[Attempt, ...]] = {}

        def sample(lines: int) -> tuple[hull.SizeSample, ...]:
            # one look where a neighbour tells where to look, and it falls near enough to the budget
            tries, first = (
                (1, self.crf_from_neighbour(known, lines, target)) if known else (FAST_PRESET.max_samples, self.start_crf)
            )
            near = replace(target, budget=target.budget * 1.5, min_use=0.4, vmaf_above=2.0, vmaf_below=2.0)
            known[lines] = crf_search.search(
                near, self.scale, lambda crf: self.sample_encode(crf, lines, FAST_PRESET), first, tries, at_least_fit=0
            )
            return tuple(hull.SizeSample(lines, attempt) for attempt in known[lines])

        lines, samples, hull_points = hull.best_size(sizes, usual, sample, target, float(self.encoder.fps), self.scale.worst)
        attempts = [each_sample.attempt for each_sample in samples if each_sample.lines == lines]
        looks = tuple(replace(each_sample.attempt, lines=each_sample.lines) for each_sample in samples)
        return EncodePlan(lines, self.encoder.fps, crf_search.predict_crf(attempts, target, self.scale), looks, hull_points)

    def crf_from_neighbour(self, known: dict[int, tuple[Attempt, ...]], lines: int, target: crf_search.Target) -> float:
        """The CRF at which this size should meet the target, from the nearest size that was sampled."""
        nearest = min(known, key=lambda other: abs(other - lines))
        step = self.scale.to_linear(crf_search.predict_crf(list(known[nearest]), target, self.scale))
        return self.scale.from_linear(step + self.scale.octave * BYTES_LINES_EXPONENT * math.log2(lines / nearest))

    @property
    def scale(self) -> crf_search.CrfScale:
        return self.encoder.scale

    @property
    def start_crf(self) -> float:
        return self.encoder.codec.start_crf

    @property
    def scene_count(self) -> int:
        """How many scenes stand for the film: one for SECONDS_PER_SCENE, 3 to 6."""
        return min(MAX_SCENES, max(MIN_SCENES, round(self.encoder.master.seconds / SECONDS_PER_SCENE)))

    @property
    def too_short_to_sample(self) -> bool:
        """Whether the scenes would cover half the film and more: then the whole is encoded instead."""
        return self.encoder.frame_count < 2 * SCENE_FRAMES * MIN_SCENES

    def scene_ranges(self) -> list[filters.FrameRange]:
        """Frame ranges that stand for the whole: in each part of the film, the scene that is as busy as that part."""
        if self.too_short_to_sample:
            return [(0, None)]
        weights, length = self.encoder.master.bytes_per_second, math.ceil(SCENE_FRAMES / self.encoder.fps)
        part = len(weights) / self.scene_count
        ranges: list[filters.FrameRange] = []
        for n in range(self.scene_count):
            seconds = range(round(part * n), round(part * (n + 1)))
            mean = sum(weights[s] for s in seconds) / len(seconds)
            starts = [s for s in seconds if s + length <= seconds.stop] or seconds[:1]
            start = min(starts, key=lambda s: abs(sum(weights[s : s + length]) / length - mean))
            first = min(round(start * self.encoder.fps), self.encoder.frame_count - SCENE_FRAMES)
            ranges.append((first, first + SCENE_FRAMES))
        return ranges

    def sample_encode(self, crf: float, lines: int, preset: EffortPreset) -> Attempt:
        """Bytes and quality of the whole film, extrapolated from the scenes; memoised, since rungs of one codec share it."""
        encoder = self.encoder
        encoder.on_progress(f"looks at scenes, {lines} lines, crf {crf:g}", 0.0)
        scenes = self.scene_ranges()
        inputs = {
            "look": RECIPE,
            "ffmpeg": ffmpeg.version(),
            "master": encoder.master.picture_key,
            "size": encoder.size(lines),
            "fps": str(encoder.fps),
            "options": encoder.options(crf, preset),
            "scenes": scenes,
        }

        def measure(draft: Path) -> dict[str, Any]:
            film = draft.with_suffix(".mp4")
            scores = vmaf.pool_scores([encoder.encode(film, crf, preset, lines, scenes, every=7)])
            size = film.stat().st_size
            if not self.too_short_to_sample:
                size = packets.extrapolate_bytes(film, SCENE_FRAMES, encoder.frame_count, shots.MAX_SHOT_S * float(encoder.fps))
            film.unlink()
            return {"bytes": size, "phone": scores.phone, "p5": scores.phone_p5}

        facts = self.cache.memoise(inputs, measure)
        return Attempt(crf, facts["bytes"], facts["phone"], facts["p5"])
