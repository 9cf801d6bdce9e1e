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

from site_builder.films import picture
from site_builder.library.model import Master

SECONDS = 2.0
FONTS = Path(__file__).parents[1] / "leaflets" / "fonts"  # files, not code: the rooms share them
PAPER, INK, QUIET = "#12343b", "#ffffff", "#bfe3dc"
COLUMNS = 18  # letters of the title in a row


@dataclass(frozen=True)
class Card:
    title: str
    link: str  # as one types it


def draw(card: Card, size: tuple[int, int]) -> Image.Image:
    """The card as a picture: the title as large as it can be, the link below it."""
    width, height = size
    image = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(image)
    edge = round(min(size) * 0.08)
    title = "\n".join(textwrap.wrap(card.title, COLUMNS))
    big = fitting(pen, title, "NotoSans-SemiCondensedBold.ttf", width - 2 * edge, round(height * 0.55))
    small = fitting(pen, card.link, "NotoSans-SemiCondensed.ttf", width - 2 * edge, round(height * 0.12))
    pen.multiline_text((edge, height * 0.42), title, fill=INK, font=big, anchor="lm", spacing=big.size * 0.2)
    pen.text((edge, height - edge), card.link, fill=QUIET, font=small, anchor="ls")
    return image


def fitting(pen: ImageDraw.ImageDraw, words: str, font: str, width: int, height: int) -> ImageFont.FreeTypeFont:
    """The largest type in which the words fit a box."""
    for size in range(height, 8, -1):
        found = ImageFont.truetype(FONTS / font, size)
        left, top, right, bottom = pen.multiline_textbbox((0, 0), words, font=found, spacing=size * 0.2)
        if right - left <= width and bottom - top <= height:
            return found
    return ImageFont.truetype(FONTS / font, 8)


@dataclass(frozen=True)
class Carded:
    """A film with the card over its first seconds; a piece has only such frames, or none. `drawn` is the card's picture."""

    master: Master
    card: Card
    drawn: Path

    def frames(self, fps: Fraction, wanted: Sequence[picture.Piece]) -> Any:
        streams = [self.one(fps, piece) for piece in wanted]
        return streams[0] if len(streams) == 1 else graph.concat(*streams, v=1, a=0)

    def one(self, fps: Fraction, piece: picture.Piece) -> Any:
        stream = picture.pieces(self.master, fps, [piece])
        if piece[0] > 0:
            return stream
        shown = graph.input(f"file:{self.drawn}", loop=1, framerate=str(fps), t=SECONDS).video
        stream = stream.filter("scale", *whole_size(self.master)).filter("setsar", 1)
        return graph.overlay(stream, shown, eof_action="pass", enable=f"lt(t,{SECONDS})")

    def key(self, first: int) -> Any:
        return None if first else [self.card.title, self.card.link, SECONDS]


def carded(master: Master, card: Card, folder: Path) -> Carded:
    """Draws the card into a folder."""
    drawn = folder / "card.png"
    draw(card, whole_size(master)).save(drawn)
    return Carded(master, card, drawn)


def whole_size(master: Master) -> tuple[int, int]:
    return picture.size(master, min(master.width, master.height))
