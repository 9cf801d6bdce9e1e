"""Small films' ingredients in ffmpeg's words, and what a player makes of a finished one: light, sound, colours."""

from __future__ import annotations

import dataclasses
import itertools
import re
import subprocess
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import numpy as np

from site_builder.cache import Cache
from site_builder.films import encode
from site_builder.films import ffmpeg as door
from site_builder.films.job import EncodeJob
from site_builder.library.artifacts import Master, Rendition
from site_builder.library.ladder import LADDER, Rung

CARD = ("-f", "lavfi", "-i")


H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def card(size: str = "320x240", rate: str = "25", seconds: float = 2) -> tuple[str, ...]:
    return (*CARD, f"testsrc2=size={size}:rate={rate}:duration={seconds}")


def tone(seconds: float = 2, rate: int = 44100) -> tuple[str, ...]:
    return (*CARD, f"sine=frequency=300:sample_rate={rate}:duration={seconds}")


def decoded(path: Path) -> np.ndarray:
    """Its sound as a player gives it, edit lists kept: one channel, 48,000 samples a second, −1 to 1."""
    words = [door.executable(), "-v", "error", "-nostdin", "-i", str(path), "-f", "f32le", "-ac", "1", "-ar", "48000", "pipe:1"]
    return np.frombuffer(door.run(words, seconds=60).stdout, "<f4").astype(float)


RUNGS = {name: Rung(name=name, **dict(row)) for name, row in LADDER.items()}


def quiet(doing: str, share: float) -> None:
    pass


def rendition(master: Master, cache: Cache, rung: str = "standard", **changes: int) -> Rendition:
    (made,) = encode.encode_renditions(
        EncodeJob(master, dataclasses.replace(RUNGS[rung], **changes), "draft", 96), cache, quiet
    )
    return made


def heard(path: Path, seconds: float) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP, as ffmpeg's ebur128 meters them."""
    words = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stderr
    summary = said[said.rindex("Summary:") :]
    return float(re.search(r"I:\s+(-?[\d.]+)", summary)[1]), float(re.search(r"Peak:\s+(-?[\d.]+)", summary)[1])  # type: ignore[index]


def first_light(path: Path) -> float:
    with av.open(str(path)) as film:
        return next(float(f.time) for f in film.decode(video=0) if f.to_ndarray(format="gray").mean() > 120)


def first_sound(path: Path) -> float:
    with av.open(str(path)) as film:
        for frame in film.decode(audio=0):
            loud = np.abs(frame.to_ndarray().astype(float).ravel())
            peak = 0.2 * (32767 if frame.format.name.startswith("s16") else 1)
            if (loud > peak).any():
                return float(frame.time + int(np.argmax(loud > peak)) / frame.sample_rate)
    raise AssertionError("no sound in it")


Colour = tuple[int, int, int]


def corners(size: str = "160x96", seconds: float = 0.4) -> tuple[str, ...]:
    """A picture of four colours, in RGB."""
    boxes = ("0:0:iw/2:ih/2:0xC00000", "iw/2:0:iw/2:ih/2:0x00C000", "0:ih/2:iw/2:ih/2:0x0000C0")
    drawn = ",".join(f"drawbox={box}:fill" for box in boxes)
    return (*CARD, f"color=0x808080:s={size}:r=25:d={seconds},format=gbrp,{drawn}")


MATRICES = {1: "ITU709", 5: "ITU601", 6: "ITU601"}  # AVCOL_SPC_*


def seen(made: Rendition) -> list[Colour]:
    """The colour in the middle of each corner, as a player shows it that reads the file's tags: BT.709 but for the matrix."""
    with av.open(str(made.path)) as film:
        frame: Any = next(film.decode(video=0))
        assert [int(tag) for tag in (frame.color_primaries, frame.color_trc, frame.color_range)] == [1, 1, 1]
        rgb = frame.to_ndarray(format="rgb24", src_colorspace=MATRICES[int(frame.colorspace)], src_color_range="MPEG")
    height, width = rgb.shape[:2]
    places = itertools.product((height // 4, 3 * height // 4), (width // 4, 3 * width // 4))
    return [(int(r), int(g), int(b)) for r, g, b in (rgb[y, x] for y, x in places)]


def near(found: list[Colour], wanted: list[Colour], most: int = 14) -> bool:
    return bool(np.abs(np.array(found) - np.array(wanted)).max() <= most)
