"""Tables: how hard the encoders try, and how each codec is asked. A codec is one row."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from site_builder.films.quality import Scale
from site_builder.library.settings import Effort


@dataclass(frozen=True)
class Trying:
    """What an effort means: encoder presets, looks at a few scenes, rounds of encoding, and how near to its aim a film must
    come.

    `every` n-th frame is measured; `use` is the share of the budget to reach, `below` the VMAF that may be missing at the
    ceiling.
    """

    svt: int
    x264: str
    x265: str
    sizes: bool  # look for the film's own picture size, or take the codec's usual one
    looks: int
    rounds: int  # 1: all shots alike; from 2 on each shot gets its own crf
    every: int
    use: float
    below: float
    avif: int  # speed of the stills' encoder: 4 takes six times as long as 6 and saves 5 % of the bytes


# SVT-AV1 warns of artefacts from preset 10 up. `every` shares no factor with the encoders' groups of 2ⁿ pictures, so that
# not only their best pictures are measured.
EFFORTS: dict[Effort, Trying] = {
    "draft": Trying(
        svt=9, x264="veryfast", x265="ultrafast", sizes=False, looks=2, rounds=1, every=29, use=0.75, below=1.0, avif=6
    ),
    "normal": Trying(svt=5, x264="slow", x265="slow", sizes=True, looks=2, rounds=3, every=17, use=0.97, below=0.6, avif=5),
    "best": Trying(svt=3, x264="veryslow", x265="slower", sizes=True, looks=2, rounds=6, every=5, use=0.99, below=0.2, avif=3),
}
LEFT_OUT = {"draft": ("hevc",)}  # codecs that an effort does not make: a draft is for looking, and the others play anywhere

LOOKING = Trying(
    svt=8, x264="fast", x265="fast", sizes=False, looks=2, rounds=0, every=11, use=0.9, below=1.0, avif=6
)  # how sizes are looked at: cheaply, since only their order matters
SIZES = (240, 288, 360, 432, 480, 540, 720, 1080)  # lines
THRIFTY = 500_000  # bytes a minute; below this a film begins two sizes smaller
WHOLE = 9999  # pictures between two that stand alone: a shot has one, its first


@dataclass(frozen=True)
class Codec:
    """How a picture codec is asked. `best` and `worst` bound its crf, `usual` is a beginning; `octave` crf halve the bytes."""

    pix_fmt: str
    best: float
    worst: float
    usual: float
    still: float  # the same for slides
    octave: float
    grain: float  # smallest step of crf
    lines: int  # the usual size at 900,000 bytes a minute
    # What a slow encode has of the bytes, and loses of the picture, that a quick one (LOOKING) does at the same crf, measured
    # on real footage. None where it is not so slow that a quick rehearsal of a film is cheaper than a round more.
    slowly: tuple[float, float] | None
    options: Callable[[float, Trying], dict[str, Any]]  # crf, effort
    bends: tuple[tuple[float, float], ...] = ()  # quality.Scale
    breaks: float = math.inf  # from this crf on the header may be another, and a decoder takes one for a film

    @property
    def scale(self) -> Scale:
        return Scale(self.best, self.worst, self.octave, self.grain, bends=self.bends)


def svt(crf: float, trying: Trying) -> dict[str, Any]:
    # crf as a parameter: the option of that name ends at 63. lp=1: side by side beats inside, and one thread is repeatable.
    params = f"crf={crf:g}:lp=1:keyint={WHOLE}:scd=1"
    return {"c:v": "libsvtav1", "preset": trying.svt, "svtav1-params": params}


# At so few bits, what these encoders do to please the eye at many costs more than it gives: grain and texture that they make
# room for are paid by edges of hands and tools. Without it HEVC gains 1 VMAF on a phone and H.264 2; with less of
# the usual weight on flat parts, 1.4 and 4 to 7 more (none at all gains a little again, and shows bands on a painted wall).
PLAIN265 = "psy-rd=0:psy-rdoq=0:aq-mode=2:aq-strength=0.5"
PLAIN264 = "psy=0:aq-strength=0.2"
MORE265 = {"slow": ":bframes=8:rc-lookahead=40:ref=3"}  # a lookahead of 60 and 5 frames to refer to: 0.4 more, a sixth slower
MORE264 = {"slow": ":bframes=8:rc-lookahead=60"}  # the picture of "slower" in two thirds of its time


def x265(crf: float, trying: Trying) -> dict[str, Any]:
    # hvc1: iPhones play no HEVC that is tagged hev1. One thread is repeatable.
    params = f"log-level=error:pools=none:frame-threads=1:keyint={WHOLE}:info=0:{PLAIN265}{MORE265.get(trying.x265, '')}"
    return {"c:v": "libx265", "preset": trying.x265, "crf": f"{crf:g}", "tag:v": "hvc1", "x265-params": params}


def x264(crf: float, trying: Trying) -> dict[str, Any]:
    return {
        "c:v": "libx264",
        "preset": trying.x264,
        "crf": f"{crf:g}",
        "profile:v": "high",
        "g": WHOLE,
        "threads": 1,
        "x264-params": f"stitchable=1:{PLAIN264}{MORE264.get(trying.x264, '')}",  # stitchable: one header for shots of any crf
    }


# Crf that halve the bytes, measured on real footage: 14 below crf 50, 11 to 55, 8.5 to 58, 4.6 to 63 and 7.4 beyond.
SVT_BENDS = ((20.0, 32.9), (50.0, 50.0), (55.0, 53.65), (58.0, 56.5), (63.0, 65.2), (69.0, 71.7))

VIDEO = {
    "av1": Codec(
        "yuv420p10le",
        20,
        69,
        usual=55,
        still=58,
        octave=8.8,
        grain=0.25,
        lines=480,
        slowly=(0.94, 0.83),
        options=svt,
        bends=SVT_BENDS,
        breaks=58,  # larger blocks
    ),
    "hevc": Codec("yuv420p", 16, 48, usual=31, still=35, octave=5, grain=0.25, lines=360, slowly=(1.12, 0.64), options=x265),
    # wants fewer lines than AV1 at the same bytes: 360 beat 480 by 11 to 14 VMAF points on real footage
    "h264": Codec("yuv420p", 16, 48, usual=33, still=37, octave=6, grain=0.25, lines=360, slowly=None, options=x264),
}
