"""Splits a film into shots: frame ranges between two cuts, each encoded by itself. Every shot begins with a key frame.

It begins where a step begins, so that a tap on a step is answered at once; where the film itself cuts, since nothing of the
picture before helps there; and otherwise so seldom that a phone which is asked for any second has little to decode.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import ffmpeg as graph

from site_builder.cache import Cache
from site_builder.films import ffmpeg, filters
from site_builder.library.artifacts import Master

RECIPE = 1
MAX_SHOT_S = 12.0  # seconds: a seek decodes at most so much
MIN_SHOT_S = 1.5  # seconds: a shot's first picture is dear
SCDET_THRESHOLD = 10  # of ffmpeg's scdet, 0–100: its own default, where a change is sure
SCDET_WIDTH = 160  # pixels of width: a cut shows at any size


@dataclass(frozen=True)
class Shot:
    """Frames `first` to `after` (not included) at the rung's rate; `after` is None for the last: to the film's end."""

    first: int
    after: int | None
    start: Fraction  # second of the film
    seconds: float

    @property
    def frame_range(self) -> tuple[int, int | None]:
        return self.first, self.after


def split_shots(seconds: float, fps: Fraction, steps: Iterable[float], scene_changes: Iterable[float]) -> tuple[Shot, ...]:
    """The shots of a film: cut at every step, at scene changes that are not too near to another cut, and every MAX_SHOT_S.

    Steps are nearer than MIN_SHOT_S to each other only where an editor wrote so; a change of the picture gives way to a step.
    """
    cuts = {0.0, *(at for at in steps if 0 < at < seconds - MIN_SHOT_S / 2)}
    for at in sorted(scene_changes):
        if MIN_SHOT_S <= at <= seconds - MIN_SHOT_S and all(abs(at - other) >= MIN_SHOT_S for other in cuts):
            cuts.add(at)
    for begin, end in list(itertools.pairwise([*sorted(cuts), seconds])):
        parts = math.ceil((end - begin) / MAX_SHOT_S)
        cuts |= {begin + (end - begin) * n / parts for n in range(1, parts)}
    frames = sorted({round(at * fps) for at in cuts})
    ends: list[int | None] = [*frames[1:], None]
    return tuple(
        Shot(first, after, first / fps, (float(after / fps) if after else seconds) - float(first / fps))
        for first, after in zip(frames, ends, strict=True)
    )


def scene_cuts(master: Master, cache: Cache) -> tuple[float, ...]:
    """Seconds at which the film itself cuts, by ffmpeg's scdet. Raises ffmpeg.ToolFailed."""
    inputs = {"changes": RECIPE, "ffmpeg": ffmpeg.version(), "master": master.picture_key, "cut": SCDET_THRESHOLD}

    def detect(draft: object) -> dict[str, list[float]]:
        stream = filters.picture_stream(master)
        if master.tags or master.rare_colours:  # its light alone is looked at: a matrix that the scaler knows will do
            stream = stream.filter("setparams", **({"colorspace": "bt709"} if master.rare_colours else dict(master.tags)))
        stream = stream.filter("scale", SCDET_WIDTH, -2).filter("scdet", threshold=SCDET_THRESHOLD)
        stream = stream.filter("metadata", mode="print", file="-", key="lavfi.scd.time")
        command = ffmpeg.compose(graph.output(stream, "-", format="null"))
        output = ffmpeg.run_composed(command, seconds=60 + master.seconds * 20).stdout.decode("ascii", "replace")
        return {"at": [float(row.partition("=")[2]) for row in output.splitlines() if row.startswith("lavfi.scd.time=")]}

    return tuple(cache.memoise(inputs, detect)["at"])
