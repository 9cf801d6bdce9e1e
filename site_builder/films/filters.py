"""The picture's graph: a master's frames, upright, progressive, in plain SDR, at the size and rate of a rung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import ffmpeg as graph

from site_builder.films import colours, ffmpeg
from site_builder.library.artifacts import Master

MAX_FPS = Fraction(30)
# To linear light, down to what a phone's screen shows, and to BT.709. Hable keeps faces; npl is the nominal white of SDR.
TONE_MAP = (
    ("zscale", {"t": "linear", "npl": 100}),
    ("format", {"pix_fmts": "gbrpf32le"}),
    ("zscale", {"p": "bt709"}),
    ("tonemap", {"tonemap": "hable", "desat": 0}),
    ("zscale", {"t": "bt709", "m": "bt709", "r": "tv"}),
)
# Options of zscale that bring a wide gamut to BT.709, and of setparams that say that a frame is in it.
TO_BT709 = ("zscale", {"p": "bt709", "t": "bt709", "m": "bt709", "r": "tv"})
SDR_TAGS = {"color_primaries": "bt709", "color_trc": "bt709"}


def output_size(master: Master, lines: int) -> tuple[int, int]:
    """Width and height with the shorter side at most `lines`, never blown up, both even."""
    short = min(master.width, master.height)
    share = min(1.0, lines / short)
    return round_to_even(master.width * share), round_to_even(master.height * share)


def round_to_even(length: float) -> int:
    return max(2, int(length / 2 + 0.5) * 2)


def output_fps(master: Master) -> Fraction:
    """Frames a second of a rendition: the master's, halved until at most 30 (1 % more passes: 30.3 by a phone's clock)."""
    fps = master.fps
    while fps > MAX_FPS * Fraction(101, 100):
        fps /= 2
    return fps


def half_rate(fps: Fraction) -> Fraction:
    """Every second frame only."""
    return fps / 2


FrameRange = tuple[int, int | None]  # frames at the rung's rate: first, and the one after the last; None: to the end


def picture_stream(master: Master, **options: Any) -> Any:
    """A master's picture track as a stream; `options` as of ffmpeg.master_input."""
    return ffmpeg.master_input(master.path, **options)["V" if master.picture_track is None else f"v:{master.picture_track}"]


def last_second(master: Master) -> float:
    """The second from which on its last picture is held, else its end."""
    return master.seconds if master.held_from is None else master.held_from


def stream_of_ranges(master: Master, fps: Fraction, ranges: Sequence[FrameRange]) -> Any:
    """The master's frames at even intervals from second 0, whatever its clock did: those of the pieces, one after the other.

    Write the command with `ffmpeg.compose(…, copyts=True)`: a piece is then the same frames, alone or within the whole.
    """
    streams = [stream_of_range(master, fps, first, after) for first, after in ranges]
    return streams[0] if len(streams) == 1 else graph.concat(*streams, v=1, a=0)


def stream_of_range(master: Master, fps: Fraction, first: int, after: int | None) -> Any:
    """Frames `first` to `after` (not included; None: to the end) at a constant rate."""
    # From the key frame before it: a phone's film may have no frame for seconds, and the last one then goes on to be shown.
    from_second = max(0.0, min(float(first / fps), last_second(master)) - 0.5)
    seek = {"ss": f"{from_second:.3f}", "noaccurate_seek": None} if first else {}
    stream = constant_rate(picture_stream(master, **seek), master, fps)
    if master.held_from is not None:
        after = round(master.seconds * fps) if after is None else after
        stream = stream.filter("tpad", stop_mode="clone", stop=round((master.seconds - master.held_from) * fps) + 1)
    if not first and after is None:
        return stream
    end = {} if after is None else {"end_frame": after}
    return stream.filter("trim", start_frame=first, **end).filter("setpts", "PTS-STARTPTS")


@dataclass(frozen=True)
class PlainSource:
    """A film as it is: the usual source of what is encoded."""

    master: Master

    def frames(self, fps: Fraction, ranges: Sequence[FrameRange]) -> Any:
        return stream_of_ranges(self.master, fps, ranges)

    def key(self, first: int) -> Any:
        """What a piece shows besides the master's own frames."""
        return None


def constant_rate(stream: Any, master: Master, fps: Fraction) -> Any:
    if master.untagged:  # as players guess: by size
        stream = stream.filter("setparams", colorspace=colours.matrix_by_size(min(master.width, master.height)))
    if master.tags:
        stream = stream.filter("setparams", **dict(master.tags))
    if master.interlaced:
        stream = stream.filter("bwdif", mode="send_frame")
    return stream.filter("fps", fps=f"{fps.numerator}/{fps.denominator}", start_time=0)


def to_display(
    stream: Any, master: Master, width: int, height: int, pix_fmt: str, select: str | None = None, flags: str = "lanczos"
) -> Any:
    """Frames as a phone shows them: plain SDR, square pixels, this size.

    `keep` is an expression of ffmpeg's select filter: the frames that go on to the costly part. Lanczos is sharper than
    bicubic: 1.2 VMAF on a phone at the same bytes, for nothing.
    """
    if select:
        stream = stream.filter("select", select)
    for name, options in TONE_MAP if master.hdr else (TO_BT709,) if master.wide_gamut else ():
        stream = stream.filter(name, **options)
    stream = stream.filter("scale", width, height, flags=flags, out_range="tv")
    # An encoder writes the tags that its frames carry, whatever its options say: here BT.709, but for the matrix, which stays
    # the master's. To change it would cost a rounding for nothing, since every player reads that tag.
    # findings/ffmpeg-colour-options-lose-to-frames.sh
    return stream.filter("setparams", **SDR_TAGS).filter("setsar", 1).filter("format", pix_fmts=pix_fmt)
