"""Encodes frame ranges of one master as a rung wants them, and measures them beside the master."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import ffmpeg as graph

from site_builder.films import ffmpeg, filters, vmaf
from site_builder.films.audio import BITEXACT
from site_builder.films.crf_search import CrfScale
from site_builder.films.efforts import EffortPreset
from site_builder.library.artifacts import Master
from site_builder.library.codecs import VideoCodec


class FrameSource(Protocol):
    """Where frames come from: the film, the film with a card, stills. `key` is what it shows besides the master's frames."""

    def frames(self, fps: Fraction, ranges: Sequence[filters.FrameRange]) -> Any: ...

    def key(self, first: int) -> Any: ...


OnProgress = Callable[[str, float], None]


@dataclass
class ShotEncoder:
    """Encodes frame ranges of one master with one codec and measures them (VMAF) in the same ffmpeg run; `cpu_s` adds up."""

    master: Master
    codec: VideoCodec
    fps: Fraction  # of what comes out
    on_progress: OnProgress
    source: FrameSource
    cpu_s: float = 0.0

    def size(self, lines: int) -> tuple[int, int]:
        """Width and height with the shorter side at most `lines`."""
        return filters.output_size(self.master, lines)

    def options(self, crf: float, preset: EffortPreset) -> dict[str, Any]:
        return self.codec.options(crf, self.codec.presets[preset.name])

    @property
    def scale(self) -> CrfScale:
        codec = self.codec
        return CrfScale(codec.best_crf, codec.worst_crf, codec.octave, codec.crf_step, knots=codec.knots)

    def encode(
        self,
        draft: Path,
        crf: float,
        preset: EffortPreset,
        lines: int,
        ranges: Sequence[filters.FrameRange],
        every: int,
        doing: str = "",
    ) -> vmaf.FrameScores:
        """Writes the ranges, one after the other and without sound, to `draft` (.mp4); returns VMAF of every `every`-th frame.

        Raises ffmpeg.ToolFailed.
        """
        stream = filters.to_display(self.source.frames(self.fps, ranges), self.master, *self.size(lines), self.codec.pix_fmt)
        options = {**self.options(crf, preset), **BITEXACT, "flags:v": "+bitexact"}
        encode_output = graph.output(stream, f"file:{draft}", an=None, **options)
        log = draft.with_suffix(".vmaf")
        frames = self.source.frames(self.fps, ranges)
        distorted = vmaf.score_graph(self.master, frames, ffmpeg.loopback_stream(), self.fps, every, log)
        command = ffmpeg.compose_loopback(encode_output, graph.output(distorted, "-", format="null"))
        length = sum(float((self.frame_count if after is None else after) - first) for first, after in ranges) / float(self.fps)
        on_progress = partial(self.on_progress, doing) if doing else None
        self.cpu_s += ffmpeg.run_composed(
            command, seconds=self.timeout_s(length), film_seconds=length, advanced=on_progress
        ).cpu_s
        return vmaf.read_log(log)

    @property
    def frame_count(self) -> int:
        return round(self.master.seconds * self.fps)

    def timeout_s(self, seconds: float) -> float:
        """Wall-clock seconds after which an encode is stuck: the slowest that we ask for, on a busy machine."""
        pixels = max(1.0, self.master.width * self.master.height / (1280 * 720))
        return 300 + (seconds + 5) * 120 * pixels
