"""Tables: how hard the encoders try, and how each codec is asked. A codec is one row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from site_builder.library.settings import Effort


@dataclass(frozen=True)
class Trying:
    """What an effort means: encoder presets, looks at a few scenes, full encodes, and how near to its aim a film must come.

    `every` n-th frame is measured; `use` is the share of the budget to reach, `below` the VMAF that may be missing at the
    ceiling.
    """

    svt: int
    x264: str
    looks: int
    tries: int
    every: int
    use: float
    below: float
    avif: int  # speed of the stills' encoder: 4 takes six times as long as 6 and saves 5 % of the bytes


# SVT-AV1 warns of artefacts from preset 10 up. `every` shares no factor with the encoders' groups of 2ⁿ pictures, so that
# not only their best pictures are measured.
EFFORTS: dict[Effort, Trying] = {
    "draft": Trying(svt=9, x264="veryfast", looks=2, tries=1, every=11, use=0.85, below=1.0, avif=6),
    "normal": Trying(svt=6, x264="medium", looks=3, tries=4, every=7, use=0.95, below=0.3, avif=5),
    "best": Trying(svt=4, x264="veryslow", looks=3, tries=6, every=5, use=0.97, below=0.2, avif=3),
}

GOP_SECONDS = 8  # an I-picture at least this often: a seek decodes at most so much


@dataclass(frozen=True)
class Codec:
    """How a picture codec is asked. `best` and `worst` bound its crf, `usual` is a beginning; `octave` crf halve the bytes."""

    pix_fmt: str
    best: float
    worst: float
    usual: float
    octave: float
    grain: float  # smallest step of crf
    options: Callable[[float, float, Trying], dict[str, Any]]  # crf, frames a second, effort


def svt(crf: float, fps: float, trying: Trying) -> dict[str, Any]:
    # crf as a parameter: the option of that name ends at 63. lp=1: side by side beats inside, and one thread is repeatable.
    params = f"crf={crf:g}:lp=1:keyint={round(fps * GOP_SECONDS)}:scd=1"
    return {"c:v": "libsvtav1", "preset": trying.svt, "svtav1-params": params}


def x264(crf: float, fps: float, trying: Trying) -> dict[str, Any]:
    return {
        "c:v": "libx264",
        "preset": trying.x264,
        "crf": f"{crf:g}",
        "profile:v": "high",
        "g": round(fps * GOP_SECONDS),
        "threads": 1,
        "x264-params": "stitchable=0",
    }


VIDEO = {
    "av1": Codec("yuv420p10le", best=20, worst=69, usual=55, octave=9, grain=0.25, options=svt),
    "h264": Codec("yuv420p", best=16, worst=48, usual=33, octave=6, grain=0.25, options=x264),
}

# Opus in 60 ms frames: 3–9 % fewer bytes than 20 ms for speech; nobody waits for a film's sound.
AUDIO: dict[str, dict[str, Any]] = {
    "opus": {"c:a": "libopus", "frame_duration": 60, "vbr": "on", "ar": 48000},
    "aac": {"c:a": "aac", "ar": 32000},
}
