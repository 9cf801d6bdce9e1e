"""The picture's graph: a master's frames, upright, progressive, in plain SDR, at the size and rate of a rung."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from site_builder.library.model import Master

MOST_FPS = Fraction(30)
SHORTEST = 160  # lines; below this nothing can be recognised
# To linear light, down to what a phone's screen shows, and to BT.709. Hable keeps faces; npl is the nominal white of SDR.
TONE_MAP = (
    ("zscale", {"t": "linear", "npl": 100}),
    ("format", {"pix_fmts": "gbrpf32le"}),
    ("zscale", {"p": "bt709"}),
    ("tonemap", {"tonemap": "hable", "desat": 0}),
    ("zscale", {"t": "bt709", "m": "bt709", "r": "tv"}),
)
NARROW = ("zscale", {"p": "bt709", "t": "bt709", "m": "bt709", "r": "tv"})
TAGS = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709"}


def size(master: Master, lines: int) -> tuple[int, int]:
    """Width and height with the shorter side at most `lines`, never blown up, both even."""
    short = min(master.width, master.height)
    share = min(1.0, lines / short)
    return even(master.width * share), even(master.height * share)


def even(length: float) -> int:
    return max(2, int(length / 2 + 0.5) * 2)


def rate(master: Master) -> Fraction:
    """The rung's frame rate: the master's, halved until it is at most 30."""
    fps = master.fps
    while fps > MOST_FPS * Fraction(101, 100):
        fps /= 2
    return fps


def frames(stream: Any, master: Master, width: int, height: int, fps: Fraction, pix_fmt: str, keep: str | None = None) -> Any:
    """The filtered stream. Frames come at even intervals from second 0, whatever the master's clock did.

    `keep` is an expression of ffmpeg's select filter: the frames that go on to the costly part.
    """
    if master.untagged:  # as players guess: by size
        stream = stream.filter("setparams", colorspace="bt709" if min(master.width, master.height) >= 720 else "smpte170m")
    if master.interlaced:
        stream = stream.filter("bwdif", mode="send_frame")
    stream = stream.filter("fps", fps=f"{fps.numerator}/{fps.denominator}", start_time=0)
    if keep:
        stream = stream.filter("select", keep)
    for name, options in TONE_MAP if master.hdr else (NARROW,) if master.wide else ():
        stream = stream.filter(name, **options)
    stream = stream.filter("scale", width, height, flags="bicubic", out_range="tv", out_color_matrix="bt709")
    # An encoder writes the tags that its frames carry, whatever its options say.
    return stream.filter("setparams", **TAGS).filter("setsar", 1).filter("format", pix_fmts=pix_fmt)
