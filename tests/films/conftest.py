"""Films as phones, cameras and the badly meaning deliver them, each made here by the real ffmpeg."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ffmpeg

CARD = ("-f", "lavfi", "-i")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def card(size: str = "320x240", rate: str = "25", seconds: float = 2) -> tuple[str, ...]:
    return (*CARD, f"testsrc2=size={size}:rate={rate}:duration={seconds}")


def tone(seconds: float = 2, rate: int = 44100) -> tuple[str, ...]:
    return (*CARD, f"sine=frequency=300:sample_rate={rate}:duration={seconds}")


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """`make("name.mp4", *words)` runs ffmpeg with those words and returns the file."""

    def made(name: str, *words: str) -> Path:
        path = tmp_path / name
        ffmpeg(*words, path)
        return path

    return made
