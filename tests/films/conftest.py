"""Films as phones, cameras and the badly meaning deliver them, each made here by the real ffmpeg."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from site_builder.films import ffmpeg as door
from tests.conftest import ffmpeg

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


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """`make("name.mp4", *words)` runs ffmpeg with those words and returns the file."""

    def made(name: str, *words: str) -> Path:
        path = tmp_path / name
        ffmpeg(*words, path)
        return path

    return made
