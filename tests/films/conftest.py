"""Films as phones, cameras and the badly meaning deliver them, each made here by the real ffmpeg."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.media import ffmpeg


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """`make("name.mp4", *words)` runs ffmpeg with those words and returns the file."""

    def made(name: str, *words: str) -> Path:
        path = tmp_path / name
        ffmpeg(*words, path)
        return path

    return made
