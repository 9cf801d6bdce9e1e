"""How much room words take, from the fonts' own widths: so that Typst sets a leaflet once instead of trying eight sizes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any
from unicodedata import category

from PIL import ImageFont

FONTS = Path(__file__).with_name("fonts")
FACES = {"regular": "NotoSans-SemiCondensed", "bold": "NotoSans-SemiCondensedBold", "black": "NotoSans-SemiCondensedBlack"}
SCRIPTS = (("\u0600", "\u06ff", "NotoSansArabic"), ("\u0900", "\u097f", "NotoSansDevanagari"))
EM = 1000
PT = 25.4 / 72  # mm
CAP = 0.714  # em; a line is as high as its capitals, as parts.typ sets it
SOFT, BREAKABLE = "\u00ad", "\u200b"  # where a line may break: with a hyphen, without one
JOINERS = "\u094d\u200d"  # what follows is drawn as one with what stands before


@dataclass(frozen=True)
class Type:
    """How a text is set: size in pt, leading in em."""

    size: float
    leading: float = 0.56
    face: str = "regular"


SECOND_SCRIPT = ("ar", "fa", "ur", "hi", "mr", "ne")  # languages that are set in it and in Latin
PIECES = re.compile(f"[ {SOFT}{BREAKABLE}]")  # not at U+00A0
HYPHEN = 0.34  # em
HANGS = 0.3  # em, below the last line
JOINED = 0.8  # Arabic letters that join are narrower than alone: to .75 in the mean, to .9 in some words
WIDER = ("रु", "रू")  # drawn as one shape, wider than its letters


@cache
def font(face: str, script: str) -> ImageFont.FreeTypeFont:
    name = FACES[face] if not script else f"{script}-{'Regular' if face == 'regular' else 'Bold'}"
    return ImageFont.truetype(FONTS / f"{name}.ttf", EM, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=200_000)
def em(word: str, face: str) -> float:
    """A word's width, in the height of its type."""
    word = word.replace(SOFT, "").replace(BREAKABLE, "")
    script = next((name for first, last, name in SCRIPTS if any(first <= letter <= last for letter in word)), "")
    joined = JOINED if script == "NotoSansArabic" else 1
    return font(face, script).getlength(word) / EM * joined + 0.36 * sum(map(word.count, WIDER))


@lru_cache(maxsize=10_000)
def ems(text: str, face: str) -> tuple[float, ...]:
    """The width of each word, in the height of its type: a text is measured for every setting that is tried."""
    return tuple([em(word, face) for word in PIECES.split(text)])


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
    return max([em(word, face) + HYPHEN * (SOFT in text) for word in PIECES.split(text)])


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
        wide = widest([text], type)
        if count <= lines_at_most and wide <= across and tall(count, type) + HANGS * size * PT <= down:
            return size
    return sizes[-1]


# ---- addresses, as one types them

TYPED_LEADING = 0.3  # em
ONE_LINE, SMALLEST = 6, 4.5  # pt: smaller than that on one line is larger on two; nothing is smaller than this


def typed(text: str, across: float, sizes: Sequence[float]) -> tuple[float, list[str]]:
    """The largest of these sizes at which an address stands on one line, or where that is too small, on two or three."""
    for count in (1, 2, 3):
        for size in sizes:
            if (count == 1) == (size >= ONE_LINE) and len(lines := typed_lines(text, across, size)) <= count:
                return size, lines
    return SMALLEST, typed_lines(text, across, SMALLEST)


def typed_lines(text: str, across: float, size: float) -> list[str]:
    """An address in lines of so many mm, parted behind its signs."""
    type = Type(size, face="black")
    lines = [""]
    for part in chain.from_iterable(chopped(part, across / (size * PT), "black") for part in PART.split(text)):
        if lines[-1] and width(lines[-1] + part, type) > across:
            lines.append("")
        lines[-1] += part
    return lines


# ---- words that are too long for a column

MANY_LETTERS = re.compile(r"\S{14,}")
WIDEST = 9.5  # em, of a word that is not broken: every column has room for it in its smallest type
LETTER, VOWEL = r"[^\W\d_]", "[aeiouyáàâäãéèêëíìîïóòôöõúùûüāēīōū]"
# Before a consonant and its vowel, three letters from a word's beginning and end; "sh", "th", "hl" are one consonant; in
# Devanagari before a letter that stands alone.
SYLLABLE = re.compile(
    rf"(?<={LETTER}{{3}})(?!(?<=[cgkpstz])h)(?!(?<=[dht])l)(?=(?:[cgkpstz]h|[dht]l|(?!{VOWEL}){LETTER}){VOWEL}{LETTER}{{2}})"
    "|(?<=[\u0900-\u097f]{3})(?<!\u094d)(?=[\u0905-\u0939\u0958-\u0961][\u0900-\u097f]{2})",
    re.IGNORECASE,
)
# In what is no word but a number or an address a hyphen would be read as a part of it.
NO_WORD, PART = re.compile(r"[\d/@_&=?]|\.\w"), re.compile(r"(?<=[/.@_&=?:;-])(?=\w)")


def soft(text: str) -> str:
    """Words that no column may have room for get places to break: with a hyphen between syllables, without one in addresses."""
    return MANY_LETTERS.sub(lambda found: softened(found[0]), text) if len(text) >= 14 else text


def softened(word: str) -> str:
    if em(word, "regular") <= WIDEST or SOFT in word or BREAKABLE in word:
        return word
    if NO_WORD.search(word):
        return BREAKABLE.join(chain.from_iterable(map(chopped, PART.split(word))))
    return SOFT.join(chain.from_iterable(map(chopped, SYLLABLE.split(word))))


def chopped(part: str, widest: float = WIDEST, face: str = "regular") -> Iterator[str]:
    """What has no place to break in it is broken anywhere; but never between a letter and its marks."""
    while em(part, face) > widest:
        cut = len(part) // 2
        while cut < len(part) and (category(part[cut])[0] == "M" or part[cut - 1] in JOINERS):
            cut += 1
        if cut == len(part):
            break
        yield from chopped(part[:cut], widest, face)
        part = part[cut:]
    yield part
