"""The list of versions that each film is encoded to: one rung each, with its codecs and its budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator
from pydantic_core import PydanticKnownError

from site_builder.library import codecs
from site_builder.library.field_types import StrictModel


@dataclass(frozen=True)
class Rung:
    """One row of the ladder. `lines` bounds the shorter side; `budget` is bytes of the whole file.

    `shows` is the film, or `slides`: one still a step. `card` puts a title with the link over the film's first seconds.
    """

    name: str
    video: str | None  # of codecs.VIDEO_CODECS; None: sound alone
    audio: str  # of codecs.AUDIO_CODECS
    lines: int
    audio_kbps: int
    budget: int
    shows: Literal["film", "slides"] = "film"
    card: bool = False


def name_in(table: Mapping[str, object]) -> Callable[[Any], str]:
    """A validator of names in a table; its error is the one of a Literal of them."""

    def validate_name(value: Any) -> str:
        if isinstance(value, str) and value in table:
            return value
        *others, last = (f"'{name}'" for name in table)
        raise PydanticKnownError("literal_error", {"expected": f"{', '.join(others)} or {last}"})

    return validate_name


VideoCodecName = Annotated[str, PlainValidator(name_in(codecs.VIDEO_CODECS))]
AudioCodecName = Annotated[str, PlainValidator(name_in(codecs.AUDIO_CODECS))]


class RungSetting(StrictModel):
    video: VideoCodecName | None
    audio: AudioCodecName
    lines: int = Field(720, ge=120, le=1080, description="of the shorter side, at most; each film gets its own")
    audio_kbps: int = Field(ge=6, le=128, description="for a voice; music gets twice as much")
    budget: int = Field(gt=10_000, description="bytes of the whole file, never exceeded")
    shows: Literal["film", "slides"] = Field("film", description="slides: one still a step, changed at the step's second")
    card: bool = Field(False, description="title and link over the film's first seconds")


# A voice's bit rates are the lowest that benchmarks/sound.md finds to cost no words; bytes saved go to the picture.
LADDER = {
    "standard": RungSetting(video="av1", audio="opus", lines=720, audio_kbps=14, budget=900_000),
    "standard-hevc": RungSetting(video="hevc", audio="aac", lines=540, audio_kbps=20, budget=900_000),
    "standard-h264": RungSetting(video="h264", audio="aac", lines=480, audio_kbps=20, budget=900_000),
    "lite": RungSetting(video="av1", audio="opus", lines=480, audio_kbps=12, budget=360_000),
    "slides": RungSetting(video="av1", audio="opus", shows="slides", lines=480, audio_kbps=12, budget=200_000),
    "slides-h264": RungSetting(video="h264", audio="aac", shows="slides", lines=480, audio_kbps=16, budget=200_000),
    "whatsapp": RungSetting(video="h264", audio="aac", card=True, lines=480, audio_kbps=20, budget=900_000),
    "audio": RungSetting(video=None, audio="opus", audio_kbps=14, budget=130_000),
    "audio-aac": RungSetting(video=None, audio="aac", audio_kbps=20, budget=200_000),
}
