"""Pieces of one master, encoded as a rung wants them and held against the master; counts the CPU seconds that it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import ffmpeg as graph

from site_builder.films import ffmpeg, picture, vmaf
from site_builder.films.ladder import Codec, Trying
from site_builder.films.sound import BITEXACT
from site_builder.library.model import Master


class Source(Protocol):
    """Where frames come from: the film, the film with a card, stills."""

    def frames(self, fps: Fraction, wanted: Sequence[picture.Piece]) -> Any: ...

    def key(self, first: int) -> Any: ...


Told = Callable[[str, float], None]


@dataclass
class Camera:
    master: Master
    codec: Codec
    fps: Fraction  # of what comes out
    told: Told
    source: Source
    cpu: float = 0.0

    def size(self, lines: int) -> tuple[int, int]:
        """Width and height with the shorter side at most `lines`."""
        return picture.size(self.master, lines)

    def options(self, crf: float, trying: Trying) -> dict[str, Any]:
        return self.codec.options(crf, trying)

    def encode(
        self, draft: Path, crf: float, trying: Trying, lines: int, pieces: Sequence[picture.Piece], every: int, doing: str = ""
    ) -> vmaf.Seen:
        """Write those pieces of the master, one after the other and without sound, to an .mp4; the scores of every n-th of its
        frames. Raises ffmpeg.ToolFailed.
        """
        stream = picture.shown(self.source.frames(self.fps, pieces), self.master, *self.size(lines), self.codec.pix_fmt)
        options = {**self.options(crf, trying), **BITEXACT, "flags:v": "+bitexact"}
        film = graph.output(stream, f"file:{draft}", an=None, **options)
        log = draft.with_suffix(".vmaf")
        frames = self.source.frames(self.fps, pieces)
        seen = vmaf.compared(self.master, frames, ffmpeg.looped(), self.fps, every, log)
        words = ffmpeg.compose_looped(film, graph.output(seen, "-", format="null"))
        length = sum(float((self.frames if after is None else after) - first) for first, after in pieces) / float(self.fps)
        told = partial(self.told, doing) if doing else None
        self.cpu += ffmpeg.encode(words, seconds=self.limit(length), film_seconds=length, advanced=told).cpu_s
        return vmaf.read(log)

    @property
    def frames(self) -> int:
        return round(self.master.seconds * self.fps)

    def limit(self, seconds: float) -> float:
        """Wall-clock seconds after which an encode is stuck: the slowest that we ask for, on a busy machine."""
        pixels = max(1.0, self.master.width * self.master.height / (1280 * 720))
        return 300 + (seconds + 5) * 120 * pixels
