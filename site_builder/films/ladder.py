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
    x265: str
    sizes: bool  # look for the film's own picture size, or take the codec's usual one
    looks: int
    tries: int
    every: int
    use: float
    below: float
    avif: int  # speed of the stills' encoder: 4 takes six times as long as 6 and saves 5 % of the bytes


# SVT-AV1 warns of artefacts from preset 10 up. `every` shares no factor with the encoders' groups of 2ⁿ pictures, so that
# not only their best pictures are measured.
EFFORTS: dict[Effort, Trying] = {
    "draft": Trying(
        svt=9, x264="veryfast", x265="ultrafast", sizes=False, looks=2, tries=1, every=11, use=0.75, below=1.0, avif=6
    ),
    "normal": Trying(svt=6, x264="medium", x265="medium", sizes=True, looks=2, tries=4, every=7, use=0.95, below=0.3, avif=5),
    "best": Trying(svt=4, x264="slower", x265="slow", sizes=True, looks=2, tries=5, every=5, use=0.97, below=0.2, avif=3),
}
LEFT_OUT = {"draft": ("hevc",)}  # codecs that an effort does not make: a draft is for looking, and the others play anywhere

LOOKING = Trying(
    svt=8, x264="fast", x265="fast", sizes=False, looks=2, tries=0, every=5, use=0.9, below=1.0, avif=6
)  # how sizes are looked at: cheaply, since only their order matters
SIZES = (240, 288, 360, 432, 480, 540, 720, 1080)  # lines
THRIFTY = 500_000  # bytes a minute; below this a film begins two sizes smaller
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
    lines: int  # the usual size at 900,000 bytes a minute
    options: Callable[[float, float, Trying], dict[str, Any]]  # crf, frames a second, effort


def svt(crf: float, fps: float, trying: Trying) -> dict[str, Any]:
    # crf as a parameter: the option of that name ends at 63. lp=1: side by side beats inside, and one thread is repeatable.
    params = f"crf={crf:g}:lp=1:keyint={round(fps * GOP_SECONDS)}:scd=1"
    return {"c:v": "libsvtav1", "preset": trying.svt, "svtav1-params": params}


def x265(crf: float, fps: float, trying: Trying) -> dict[str, Any]:
    # hvc1: iPhones play no HEVC that is tagged hev1. One thread is repeatable.
    params = f"log-level=error:pools=none:frame-threads=1:keyint={round(fps * GOP_SECONDS)}:info=0"
    return {"c:v": "libx265", "preset": trying.x265, "crf": f"{crf:g}", "tag:v": "hvc1", "x265-params": params}


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
    "av1": Codec("yuv420p10le", best=20, worst=69, usual=55, octave=6.5, grain=0.25, lines=480, options=svt),
    "hevc": Codec("yuv420p", best=16, worst=48, usual=31, octave=6, grain=0.25, lines=360, options=x265),
    # wants fewer lines than AV1 at the same bytes: 360 beat 480 by 11 to 14 VMAF points on real footage
    "h264": Codec("yuv420p", best=16, worst=48, usual=33, octave=6, grain=0.25, lines=360, options=x264),
}
