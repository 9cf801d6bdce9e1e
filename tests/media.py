"""The real ffmpeg, to make small films with."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg


def ffmpeg(*words: str | Path) -> None:
    """The real one, to make a test's own small films."""
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-v", "error", "-nostdin", "-y", *map(str, words)], check=True, timeout=120)
