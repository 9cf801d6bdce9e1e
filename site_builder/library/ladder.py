"""The list of versions that each film is encoded to: one rung each, with its codecs and its budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Rung:
    """One row of the ladder. `lines` bounds the shorter side; `budget` is bytes of the whole file.

    `shows` is the film, or `slides`: one still a step. `card` puts a title with the link over the film's first seconds.
    """

    name: str
    video: Literal["av1", "hevc", "h264"] | None
    audio: Literal["opus", "aac"]
    lines: int
    audio_kbps: int
    budget: int
    shows: Literal["film", "slides"] = "film"
    card: bool = False
