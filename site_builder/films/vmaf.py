"""How good a rendition looks beside its master: VMAF v0.6.1 and its phone model, at the master's size and the rung's rate."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg as graph

from site_builder.atomic_files import temporary_folder
from site_builder.films import ffmpeg, filters
from site_builder.library.artifacts import Master, Vmaf

# A measured frame goes with the one before and the one after: VMAF's motion looks at both. The others need not be scaled.
# The scores are the same as those of libvmaf's own n_subsample, for three quarters of its CPU seconds.
FRAMES_PER_SCORE = 3  # the measured one and its two neighbours
MAX_SIDE = 1280  # pixels: VMAF's models know no phone that shows more
MODELS = "version=vmaf_v0.6.1:name=vmaf|version=vmaf_v0.6.1:name=phone:enable_transform=true"


@dataclass(frozen=True)
class FrameScores:
    """VMAF and phone-model VMAF of each measured frame."""

    vmaf: tuple[float, ...]
    phone: tuple[float, ...]


def score_graph(master: Master, frames: Any, encoded: Any, fps: Fraction, every: int, log: Path) -> Any:
    """The graph that writes the scores of every n-th frame of a film to a log; `every` is at least FRAMES_PER_SCORE + 1.

    `frames` of the master are what was encoded, at that rate: VMAF cannot judge motion, so that half-rate films are judged at
    their own.
    """
    share = min(1.0, MAX_SIDE / max(master.width, master.height))
    width, height = filters.round_to_even(master.width * share), filters.round_to_even(master.height * share)
    select = f"lt(mod(n+1,{every}),{FRAMES_PER_SCORE})"
    distorted = filters.to_display(
        filters.constant_rate(encoded, PLAIN_MASTER, fps), PLAIN_MASTER, width, height, "yuv420p", select, flags="bicubic"
    )
    reference = filters.to_display(frames, master, width, height, "yuv420p", select, flags="bicubic")
    options = {"model": MODELS, "n_threads": 1, "n_subsample": FRAMES_PER_SCORE, "log_fmt": "json", "log_path": str(log)}
    return graph.filter([align_clock(distorted, fps), align_clock(reference, fps)], "libvmaf", **options)


def read_log(log: Path) -> FrameScores:
    """The scores in libvmaf's log."""
    frames = [frame["metrics"] for frame in json.loads(log.read_text())["frames"]]
    vmaf, phone = (tuple(frame[name] for frame in frames if name in frame) for name in ("vmaf", "phone"))
    return FrameScores(vmaf, phone)


def measure_rendition(master: Master, rendition: Path, fps: Fraction, every: int) -> tuple[Vmaf, float]:
    """The quality of a rendition of the whole master, from every n-th frame, and CPU seconds. Raises ffmpeg.ToolFailed."""
    film, frames = graph.input(f"file:{rendition}", threads=1).video, filters.stream_of_ranges(master, fps, [(0, None)])
    with temporary_folder() as folder:
        log = Path(folder) / "vmaf.json"
        scores = graph.output(score_graph(master, frames, film, fps, every, log), "-", format="null")
        done = ffmpeg.run_composed(ffmpeg.compose(scores, copyts=True), seconds=300 + master.seconds * 30)
        return pool_scores([read_log(log)]), done.cpu_s


PLAIN_MASTER = Master(Path(), "", 0, 0, 0, Fraction(1), has_audio=False)  # what a rendition is: upright, progressive, SDR


def align_clock(stream: Any, fps: Fraction) -> Any:
    """One after the other, in one time base: VMAF is wrong by tens of points where frames are out of step."""
    return stream.filter("settb", "AVTB").filter("setpts", f"N/({fps.numerator}/{fps.denominator})/TB")


def pool_scores(parts: Iterable[FrameScores]) -> Vmaf:
    """A film's quality from that of its parts: each measured frame counts alike."""
    scored = list(parts)
    mean = [score for part in scored for score in part.vmaf]
    phone = [score for part in scored for score in part.phone]
    return Vmaf(
        average(mean), harmonic_mean(mean), percentile(mean, 5), average(phone), harmonic_mean(phone), percentile(phone, 5)
    )


def average(values: list[float]) -> float:
    return round(sum(values) / len(values), 2)


def harmonic_mean(values: list[float]) -> float:
    """As libvmaf pools it: one added, so that a frame of score 0 does not end the world."""
    return round(len(values) / sum(1 / (v + 1) for v in values) - 1, 2)


def percentile(values: list[float], p: float) -> float:
    """Linear between ranks; means hide a film's hard moments."""
    ranked = sorted(values)
    at = (len(ranked) - 1) * p / 100
    low = int(at)
    high = min(low + 1, len(ranked) - 1)
    return round(ranked[low] + (ranked[high] - ranked[low]) * (at - low), 2)
