"""The card over the first seconds of a film that is sent from phone to phone: what it is, and where the rest stands."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg as graph
from PIL import Image, ImageDraw, ImageFont

from site_builder.films import filters
from site_builder.library.artifacts import Master

CARD_SECONDS = 2.0
FONTS_FOLDER = Path(__file__).parents[1] / "leaflets" / "fonts"  # files, not code: the rooms share them
BACKGROUND, TITLE_COLOUR, LINK_COLOUR = "#12343b", "#ffffff", "#bfe3dc"
TITLE_COLUMNS = 18  # letters of the title in a row


@dataclass(frozen=True)
class TitleCard:
    title: str
    link: str  # as one types it


def draw_title_card(card: TitleCard, size: tuple[int, int]) -> Image.Image:
    """The card as a picture: the title as large as it can be, the link below it."""
    width, height = size
    image = Image.new("RGB", size, BACKGROUND)
    pen = ImageDraw.Draw(image)
    edge = round(min(size) * 0.08)
    title = "\n".join(textwrap.wrap(card.title, TITLE_COLUMNS))
    title_font = font_for_box(pen, title, "NotoSans-SemiCondensedBold.ttf", width - 2 * edge, round(height * 0.55))
    link_font = font_for_box(pen, card.link, "NotoSans-SemiCondensed.ttf", width - 2 * edge, round(height * 0.12))
    pen.multiline_text(
        (edge, height * 0.42), title, fill=TITLE_COLOUR, font=title_font, anchor="lm", spacing=title_font.size * 0.2
    )
    pen.text((edge, height - edge), card.link, fill=LINK_COLOUR, font=link_font, anchor="ls")
    return image


def font_for_box(pen: ImageDraw.ImageDraw, text: str, font: str, width: int, height: int) -> ImageFont.FreeTypeFont:
    """The largest type in which the words fit a box."""
    for size in range(height, 8, -1):
        candidate = ImageFont.truetype(FONTS_FOLDER / font, size)
        left, top, right, bottom = pen.multiline_textbbox((0, 0), text, font=candidate, spacing=size * 0.2)
        if right - left <= width and bottom - top <= height:
            return candidate
    return ImageFont.truetype(FONTS_FOLDER / font, 8)


@dataclass(frozen=True)
class CardSource:
    """A film with the card over its first seconds; a piece has only such frames, or none. `drawn` is the card's picture."""

    master: Master
    card: TitleCard
    image_path: Path

    def frames(self, fps: Fraction, ranges: Sequence[filters.FrameRange]) -> Any:
        streams = [self.range_stream(fps, frame_range) for frame_range in ranges]
        return streams[0] if len(streams) == 1 else graph.concat(*streams, v=1, a=0)

    def range_stream(self, fps: Fraction, frame_range: filters.FrameRange) -> Any:
        stream = filters.stream_of_ranges(self.master, fps, [frame_range])
        if frame_range[0] > 0:
            return stream
        card_picture = graph.input(f"file:{self.image_path}", loop=1, framerate=str(fps), t=CARD_SECONDS).video
        stream = stream.filter("scale", *native_size(self.master)).filter("setsar", 1)
        return graph.overlay(stream, card_picture, eof_action="pass", enable=f"lt(t,{CARD_SECONDS})")

    def key(self, first: int) -> Any:
        return None if first else [self.card.title, self.card.link, CARD_SECONDS]


def card_source(master: Master, card: TitleCard, folder: Path) -> CardSource:
    """Draws the card into a folder."""
    drawn = folder / "card.png"
    draw_title_card(card, native_size(master)).save(drawn)
    return CardSource(master, card, drawn)


def native_size(master: Master) -> tuple[int, int]:
    return filters.output_size(master, min(master.width, master.height))
