"""A film of one still a step, changed at the step's second: for phones and purses that no moving picture suits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import ffmpeg as graph

from site_builder.films import picture
from site_builder.films.shots import Shot
from site_builder.library.model import Master

FPS = Fraction(5)  # a still changes within a fifth of a second of its step; the frames between cost some twenty bytes each


@dataclass(frozen=True)
class Slide:
    """From second `start` on, the frame of the master at second `at` is shown."""

    start: float
    at: float


def shots(seconds: float, slides: Sequence[Slide]) -> tuple[Shot, ...]:
    """Each slide as a shot: it begins with a whole picture, so that a tap on its step is answered at once."""
    firsts = [round(slide.start * FPS) for slide in slides]
    ends: list[int | None] = [*firsts[1:], None]
    return tuple(
        Shot(first, after, first / FPS, (float(after / FPS) if after else seconds) - float(first / FPS))
        for first, after in zip(firsts, ends, strict=True)
    )


def ordered(slides: Sequence[Slide], seconds: float) -> tuple[Slide, ...]:
    """In the order of the film, from second 0 on, each shown for at least one frame."""
    found: dict[int, Slide] = {}
    for slide in sorted(slides, key=lambda slide: slide.start):
        found.setdefault(min(round(slide.start * FPS), round(seconds * FPS) - 1), slide)
    first, *others = [Slide(float(frame / FPS), slide.at) for frame, slide in sorted(found.items())]
    return (Slide(0.0, first.at), *others)


def frames(master: Master, slides: Sequence[Slide], pieces: Sequence[picture.Piece]) -> Any:
    """The slides that begin with these pieces, each for as long as its piece is; at FPS and the master's size."""
    by_frame = {round(slide.start * FPS): slide for slide in slides}
    streams = []
    for first, after in pieces:
        one = max(0, min(round(by_frame[first].at * master.fps), round(master.seconds * master.fps) - 2))
        length = (round(master.seconds * FPS) if after is None else after) - first
        still = picture.pieces(master, master.fps, [(one, one + 1)])
        still = still.filter("tpad", stop_mode="clone", stop=length - 1).filter("setpts", f"N/{FPS}/TB")
        streams.append(still.filter("fps", fps=str(FPS)).filter("trim", end_frame=length))
    return streams[0] if len(streams) == 1 else graph.concat(*streams, v=1, a=0)
