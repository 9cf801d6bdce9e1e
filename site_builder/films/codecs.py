"""Tables: how hard the encoders try, and how each codec is asked. A codec is one row."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from site_builder.films.crf_search import CrfScale
from site_builder.library.settings import Effort


@dataclass(frozen=True)
class EffortPreset:
    """What an effort means: encoder presets, looks at a few scenes, rounds of encoding, and how near to its aim a film must
    come.

    `every` n-th frame is measured; `use` is the share of the budget to reach, `below` the VMAF that may be missing at the
    ceiling.
    """

    svt_preset: int
    x264_preset: str
    x265_preset: str
    chooses_size: bool  # look for the film's own picture size, or take the codec's usual one
    max_samples: int
    rounds: int  # 1: all shots alike; from 2 on each shot gets its own crf
    vmaf_subsample: int
    min_use: float
    vmaf_below: float
    avif_speed: int  # speed of the stills' encoder: 4 takes six times as long as 6 and saves 5 % of the bytes


# SVT-AV1 warns of artefacts from preset 10 up. `every` shares no factor with the encoders' groups of 2ⁿ pictures, so that
# not only their best pictures are measured.
EFFORTS: dict[Effort, EffortPreset] = {
    "draft": EffortPreset(
        svt_preset=9,
        x264_preset="veryfast",
        x265_preset="ultrafast",
        chooses_size=False,
        max_samples=2,
        rounds=1,
        vmaf_subsample=29,
        min_use=0.75,
        vmaf_below=1.0,
        avif_speed=6,
    ),
    "normal": EffortPreset(
        svt_preset=5,
        x264_preset="slow",
        x265_preset="slow",
        chooses_size=True,
        max_samples=2,
        rounds=3,
        vmaf_subsample=17,
        min_use=0.97,
        vmaf_below=0.6,
        avif_speed=5,
    ),
    "best": EffortPreset(
        svt_preset=3,
        x264_preset="veryslow",
        x265_preset="slower",
        chooses_size=True,
        max_samples=2,
        rounds=6,
        vmaf_subsample=5,
        min_use=0.99,
        vmaf_below=0.2,
        avif_speed=3,
    ),
}
SKIPPED_CODECS = {
    "draft": ("hevc",)
}  # codecs that an effort does not make: a draft is for looking, and the others play anywhere

FAST_PRESET = EffortPreset(
    svt_preset=8,
    x264_preset="fast",
    x265_preset="fast",
    chooses_size=False,
    max_samples=2,
    rounds=0,
    vmaf_subsample=11,
    min_use=0.9,
    vmaf_below=1.0,
    avif_speed=6,
)  # how sizes are looked at: cheaply, since only their order matters
PICTURE_LINES = (240, 288, 360, 432, 480, 540, 720, 1080)  # lines
LOW_BYTES_PER_MINUTE = 500_000  # bytes a minute; below this a film begins two sizes smaller
KEYINT = 9999  # pictures between two that stand alone: a shot has one, its first


@dataclass(frozen=True)
class Codec:
    """How a picture codec is asked. `best` and `worst` bound its crf, `usual` is a beginning; `octave` crf halve the bytes."""

    pix_fmt: str
    best: float
    worst: float
    start_crf: float
    slides_crf: float  # the same for slides
    octave: float
    crf_step: float  # smallest step of crf
    lines: int  # the usual size at 900,000 bytes a minute
    # (bytes, loss) of a slow encode divided by those of FAST_PRESET at the same CRF, measured on real footage; None where a
    # first pass does not pay.
    slow_preset_ratios: tuple[float, float] | None
    options: Callable[[float, EffortPreset], dict[str, Any]]  # crf, effort
    knots: tuple[tuple[float, float], ...] = ()  # crf_search.CrfScale.knots
    header_changes_at: float = math.inf  # from this crf on the header may be another, and a decoder takes one for a film

    @property
    def scale(self) -> CrfScale:
        return CrfScale(self.best, self.worst, self.octave, self.crf_step, knots=self.knots)


def svt_options(crf: float, trying: EffortPreset) -> dict[str, Any]:
    # crf as a parameter: the option of that name ends at 63. lp=1: side by side beats inside, and one thread is repeatable.
    params = f"crf={crf:g}:lp=1:keyint={KEYINT}:scd=1"
    return {"c:v": "libsvtav1", "preset": trying.svt_preset, "svtav1-params": params}


# At so few bits, what these encoders do to please the eye at many costs more than it gives: grain and texture that they make
# room for are paid by edges of hands and tools. Without it HEVC gains 1 VMAF on a phone and H.264 2; with less of
# the usual weight on flat parts, 1.4 and 4 to 7 more (none at all gains a little again, and shows bands on a painted wall).
X265_NO_PSY = "psy-rd=0:psy-rdoq=0:aq-mode=2:aq-strength=0.5"
X264_NO_PSY = "psy=0:aq-strength=0.2"
X265_EXTRA = {
    "slow": ":bframes=8:rc-lookahead=40:ref=3"
}  # a lookahead of 60 and 5 frames to refer to: 0.4 more, a sixth slower
X264_EXTRA = {"slow": ":bframes=8:rc-lookahead=60"}  # the picture of "slower" in two thirds of its time


def x265_options(crf: float, trying: EffortPreset) -> dict[str, Any]:
    # hvc1: iPhones play no HEVC that is tagged hev1. One thread is repeatable.
    extra = X265_EXTRA.get(trying.x265_preset, "")
    params = f"log-level=error:pools=none:frame-threads=1:keyint={KEYINT}:info=0:{X265_NO_PSY}{extra}"
    return {"c:v": "libx265", "preset": trying.x265_preset, "crf": f"{crf:g}", "tag:v": "hvc1", "x265-params": params}


def x264_options(crf: float, trying: EffortPreset) -> dict[str, Any]:
    return {
        "c:v": "libx264",
        "preset": trying.x264_preset,
        "crf": f"{crf:g}",
        "profile:v": "high",
        "g": KEYINT,
        "threads": 1,
        # stitchable: one header for shots of any crf
        "x264-params": f"stitchable=1:{X264_NO_PSY}{X264_EXTRA.get(trying.x264_preset, '')}",
    }


# Crf that halve the bytes, measured on real footage: 14 below crf 50, 11 to 55, 8.5 to 58, 4.6 to 63 and 7.4 beyond.
SVT_KNOTS = ((20.0, 32.9), (50.0, 50.0), (55.0, 53.65), (58.0, 56.5), (63.0, 65.2), (69.0, 71.7))

VIDEO_CODECS = {
    "av1": Codec(
        "yuv420p10le",
        20,
        69,
        start_crf=55,
        slides_crf=58,
        octave=8.8,
        crf_step=0.25,
        lines=480,
        slow_preset_ratios=(0.94, 0.83),
        options=svt_options,
        knots=SVT_KNOTS,
        header_changes_at=58,  # larger blocks
    ),
    "hevc": Codec(
        "yuv420p",
        16,
        48,
        start_crf=31,
        slides_crf=35,
        octave=5,
        crf_step=0.25,
        lines=360,
        slow_preset_ratios=(1.12, 0.64),
        options=x265_options,
    ),
    # wants fewer lines than AV1 at the same bytes: 360 beat 480 by 11 to 14 VMAF points on real footage
    "h264": Codec(
        "yuv420p",
        16,
        48,
        start_crf=33,
        slides_crf=37,
        octave=6,
        crf_step=0.25,
        lines=360,
        slow_preset_ratios=None,
        options=x264_options,
    ),
}
