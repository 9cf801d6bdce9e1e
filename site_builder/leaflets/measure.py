"""How much room words take, from the fonts' own widths: so that Typst sets a leaflet once instead of trying eight sizes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from PIL import ImageFont

FONTS = Path(__file__).with_name("fonts")
FACES = {"regular": "NotoSans-SemiCondensed", "bold": "NotoSans-SemiCondensedBold", "black": "NotoSans-SemiCondensedBlack"}
SCRIPTS = (("\u0600", "\u06ff", "NotoSansArabic"), ("\u0900", "\u097f", "NotoSansDevanagari"))
EM = 1000
PT = 25.4 / 72  # mm
CAP = 0.714  # em; a line is as high as its capitals, as parts.typ sets it
BREAKABLE = "\u200b"


@dataclass(frozen=True)
class Type:
    """How a text is set: size in pt, leading in em."""

    size: float
    leading: float = 0.56
    face: str = "regular"


SECOND_SCRIPT = ("ar", "fa", "ur", "hi", "mr", "ne")  # languages that are set in it and in Latin
HANGS = 0.3  # em, below the last line
WIDER = ("रु", "रू")  # drawn as one shape, wider than its letters


@cache
def font(face: str, script: str) -> ImageFont.FreeTypeFont:
    name = FACES[face] if not script else f"{script}-{'Regular' if face == 'regular' else 'Bold'}"
    return ImageFont.truetype(FONTS / f"{name}.ttf", EM, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=200_000)
def em(word: str, face: str) -> float:
    """A word's width, in the height of its type."""
    script = next((name for first, last, name in SCRIPTS if any(first <= letter <= last for letter in word)), "")
    return font(face, script).getlength(word) / EM + 0.36 * sum(map(word.count, WIDER))


@lru_cache(maxsize=10_000)
def ems(text: str, face: str) -> tuple[float, ...]:
    """The width of each word, in the height of its type: a text is measured for every setting that is tried."""
    return tuple([em(word, face) for word in text.replace(BREAKABLE, " ").split(" ")])  # not at U+00A0


def width(text: str, type: Type) -> float:
    """Of one line, in mm."""
    return em(text, type.face) * type.size * PT


def words(said: Any) -> str:
    """A text, or one with its language."""
    text: str = said if isinstance(said, str) else said["text"] if said else ""
    return text


def lines(said: Any, room: float, type: Type, first: float = 0) -> int:
    """How many lines a text takes in `room` mm, its first one `first` mm shorter."""
    unit = type.size * PT
    space = 0.26 * unit
    count, left = 1, room - first
    for word in ems(words(said), type.face):
        wide = word * unit
        if wide > left and left < room:
            count, left = count + 1, room
        if wide > room:  # it is broken
            count += int(wide // room)
            wide %= room
        left -= wide + space
    return count


def tall(count: int, type: Type) -> float:
    return (count * (CAP + type.leading) - type.leading) * type.size * PT if count else 0


def high(said: Any, room: float, type: Type, first: float = 0) -> float:
    """The height of a text in `room` mm; nothing where there is no text."""
    return tall(lines(said, room, type, first), type) if said else 0


def widest(texts: Iterable[Any], type: Type) -> float:
    """Of all words the widest: a column must not be narrower."""
    return max((longest(words(text), type.face) * type.size * PT for text in texts), default=0)


@lru_cache(maxsize=10_000)
def longest(text: str, face: str) -> float:
    """The width of a text's widest word, in the height of its type."""
    return max([em(word, face) for word in text.split(" ")])


def title_leading(lang: str) -> float:
    """Between a title's lines, in em: less than between others, and never so little that marks above and below meet."""
    return {"ar": 0.75, "fa": 0.75, "ur": 0.75, "hi": 0.7, "mr": 0.7, "ne": 0.7, "ve": 0.58}.get(lang, 0.46)


def largest(
    text: str, across: float, down: float, sizes: Sequence[float], lines_at_most: int = 99, leading: float = 0.46
) -> float:
    """The largest size, in pt, at which a black text fits into so many mm, with what hangs below; the last where none does."""
    for size in sizes:
        type = Type(size, leading, "black")
        count = lines(text, across, type)
        wide = widest([text.replace(BREAKABLE, " ")], type)
        if count <= lines_at_most and wide <= across and tall(count, type) + HANGS * size * PT <= down:
            return size
    return sizes[-1]


def broken(text: str, longest: int = 16) -> str:
    """Words without end get places where a line may break."""
    return " ".join(
        BREAKABLE.join(word[at : at + longest] for at in range(0, len(word), longest)) if len(word) > 2 * longest else word
        for word in text.split(" ")
    )
