"""A film of one still a step, changed at the step's second: for phones and purses that no moving picture suits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg as graph

from site_builder.films import ffmpeg, filters
from site_builder.films.shots import Shot
from site_builder.library.artifacts import Master

SLIDES_FPS = Fraction(
    5
)  # a still changes within a fifth of a second of its step; the frames between cost some twenty bytes each


@dataclass(frozen=True)
class Slide:
    """From second `start` on, the frame of the master at second `at` is shown."""

    start: float
    at: float


def slide_shots(seconds: float, slides: Sequence[Slide]) -> tuple[Shot, ...]:
    """Each slide as a shot: it begins with a whole picture, so that a tap on its step is answered at once."""
    firsts = [round(slide.start * SLIDES_FPS) for slide in slides]
    ends: list[int | None] = [*firsts[1:], None]
    return tuple(
        Shot(first, after, first / SLIDES_FPS, (float(after / SLIDES_FPS) if after else seconds) - float(first / SLIDES_FPS))
        for first, after in zip(firsts, ends, strict=True)
    )


def sort_slides(slides: Sequence[Slide], seconds: float) -> tuple[Slide, ...]:
    """In the order of the film, the first moved to second 0, each shown for at least one frame."""
    by_frame: dict[int, Slide] = {}
    for slide in sorted(slides, key=lambda slide: slide.start):
        by_frame.setdefault(min(round(slide.start * SLIDES_FPS), round(seconds * SLIDES_FPS) - 1), slide)
    first, *others = [Slide(float(number / SLIDES_FPS), slide.at) for number, slide in sorted(by_frame.items())]
    return (Slide(0.0, first.at), *others)


@dataclass(frozen=True)
class SlideSource:
    """Stills in place of a film: each piece is that of one slide, for as long as the piece is. `folder` has them, once cut."""

    master: Master
    slides: tuple[Slide, ...]
    folder: Path

    def extract_stills(self) -> float:
        """Writes each slide's frame losslessly (FFV1) into `folder`; returns CPU seconds. Raises ffmpeg.ToolFailed.

        A master is decoded from its last key frame on, and a take asks for the frame twice.
        """
        master, cpu_s = self.master, 0.0
        for slide in self.slides:
            number = max(0, min(round(slide.at * master.fps), round(master.seconds * master.fps) - 2))
            still = filters.stream_of_ranges(master, master.fps, [(number, number + 1)])
            command = ffmpeg.compose(graph.output(still, f"file:{self.still_path(slide)}", **{"c:v": "ffv1"}), copyts=True)
            cpu_s += ffmpeg.run_composed(command, seconds=300).cpu_s
        return cpu_s

    def still_path(self, slide: Slide) -> Path:
        return self.folder / f"slide.{round(slide.start * SLIDES_FPS)}.mkv"

    def frames(self, fps: Fraction, ranges: Sequence[filters.FrameRange]) -> Any:
        streams = [self.range_stream(first, after) for first, after in ranges]
        return streams[0] if len(streams) == 1 else graph.concat(*streams, v=1, a=0)

    def range_stream(self, first: int, after: int | None) -> Any:
        length = (round(self.master.seconds * SLIDES_FPS) if after is None else after) - first
        still = graph.input(f"file:{self.still_path(self.slide_at(first))}")["V"]
        still = still.filter("tpad", stop_mode="clone", stop=length - 1).filter("setpts", f"N/{SLIDES_FPS}/TB")
        return still.filter("fps", fps=str(SLIDES_FPS)).filter("trim", end_frame=length)

    def slide_at(self, first: int) -> Slide:
        return next(slide for slide in self.slides if round(slide.start * SLIDES_FPS) == first)

    def key(self, first: int) -> Any:
        return ["slide", self.slide_at(first).at]
