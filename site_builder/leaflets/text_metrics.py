"""Widths and heights of text from the fonts' advance widths (Pillow), so that Typst sets a leaflet once."""

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

from site_builder.library.writing_systems import ARABIC_LANGS, DEVANAGARI_LANGS

FONTS = Path(__file__).with_name("fonts")
FACES = {"regular": "NotoSans-SemiCondensed", "bold": "NotoSans-SemiCondensedBold", "black": "NotoSans-SemiCondensedBlack"}
SCRIPTS = (("\u0600", "\u06ff", "NotoSansArabic"), ("\u0900", "\u097f", "NotoSansDevanagari"))
UNITS_PER_EM = 1000
MM_PER_PT = 25.4 / 72  # mm
CAP_HEIGHT_EM = 0.714  # em; a line is as high as its capitals, as parts.typ sets it
SOFT_HYPHEN, ZERO_WIDTH_SPACE = "\u00ad", "\u200b"  # where a line may break: with a hyphen, without one
JOINERS = "\u094d\u200d"  # what follows is drawn as one with what stands before


@dataclass(frozen=True)
class TextStyle:
    """How a text is set: size in pt, leading in em."""

    size: float
    leading: float = 0.56
    face: str = "regular"


SECOND_SCRIPT_LANGS = (*ARABIC_LANGS, *DEVANAGARI_LANGS)  # languages that are set in it and in Latin
LINE_BREAK = re.compile(f"[ {SOFT_HYPHEN}{ZERO_WIDTH_SPACE}]")  # not at U+00A0
HYPHEN_EM = 0.34  # em
DESCENT_EM = 0.3  # em, below the last line
ARABIC_JOINED_RATIO = 0.8  # Arabic letters that join are narrower than alone: to .75 in the mean, to .9 in some words
WIDE_LIGATURES = ("रु", "रू")  # drawn as one shape, wider than its letters


@cache
def font(face: str, script: str) -> ImageFont.FreeTypeFont:
    name = FACES[face] if not script else f"{script}-{'Regular' if face == 'regular' else 'Bold'}"
    return ImageFont.truetype(FONTS / f"{name}.ttf", UNITS_PER_EM, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=200_000)
def em_width(word: str, face: str) -> float:
    """A word's width in em."""
    word = word.replace(SOFT_HYPHEN, "").replace(ZERO_WIDTH_SPACE, "")
    script = next((name for first, last, name in SCRIPTS if any(first <= letter <= last for letter in word)), "")
    ratio = ARABIC_JOINED_RATIO if script == "NotoSansArabic" else 1
    return font(face, script).getlength(word) / UNITS_PER_EM * ratio + 0.36 * sum(map(word.count, WIDE_LIGATURES))


@lru_cache(maxsize=10_000)
def em_widths(text: str, face: str) -> tuple[float, ...]:
    """Width in em of each piece between possible breaks; cached, since a text is measured for each size that is tried."""
    return tuple([em_width(word, face) for word in LINE_BREAK.split(text)])


def line_width(text: str, style: TextStyle) -> float:
    """Width of one line in mm."""
    return em_width(text, style.face) * style.size * MM_PER_PT


def text_of(said: Any) -> str:
    """The text of a TextRun: of str, {text, lang} or None."""
    text: str = said if isinstance(said, str) else said["text"] if said else ""
    return text


def line_count(text: Any, room: float, style: TextStyle, first: float = 0) -> int:
    """How many lines a text takes in `room` mm, its first one `first` mm shorter."""
    unit = style.size * MM_PER_PT
    space = 0.26 * unit
    count, left = 1, room - first
    for word in em_widths(text_of(text), style.face):
        wide = word * unit
        if wide > left and left < room:
            count, left = count + 1, room
        if wide > room:  # it is broken
            count += int(wide // room)
            wide %= room
        left -= wide + space
    return count


def lines_height(count: int, style: TextStyle) -> float:
    """Height in mm of `count` lines, from the first one's capitals to the last one's baseline."""
    return (count * (CAP_HEIGHT_EM + style.leading) - style.leading) * style.size * MM_PER_PT if count else 0


def text_height(text: Any, room: float, style: TextStyle, first: float = 0) -> float:
    """Height in mm of a text set in `room` mm; 0 for none."""
    return lines_height(line_count(text, room, style, first), style) if text else 0


def widest_word(texts: Iterable[Any], style: TextStyle) -> float:
    """Width in mm of the widest word in all texts: a column must not be narrower."""
    return max((widest_word_em(text_of(text), style.face) * style.size * MM_PER_PT for text in texts), default=0)


@lru_cache(maxsize=10_000)
def widest_word_em(text: str, face: str) -> float:
    """Width in em of a text's widest word."""
    return max([em_width(word, face) + HYPHEN_EM * (SOFT_HYPHEN in text) for word in LINE_BREAK.split(text)])


def title_leading(lang: str) -> float:
    """Leading of a title in em; languages with marks above and below get more."""
    return {"ar": 0.75, "fa": 0.75, "ur": 0.75, "hi": 0.7, "mr": 0.7, "ne": 0.7, "ve": 0.58}.get(lang, 0.46)


def largest_size(
    text: str, across: float, down: float, sizes: Sequence[float], lines_at_most: int = 99, leading: float = 0.46
) -> float:
    """Largest of `sizes` (pt) at which the text, set black, fits into `across` × `down` mm; the last where none does."""
    for size in sizes:
        style = TextStyle(size, leading, "black")
        count = line_count(text, across, style)
        wide = widest_word([text], style)
        if count <= lines_at_most and wide <= across and lines_height(count, style) + DESCENT_EM * size * MM_PER_PT <= down:
            return size
    return sizes[-1]


# ---- addresses, as one types them

TYPED_LEADING = 0.3  # em
MIN_ONE_LINE_SIZE, MIN_TYPED_SIZE = 6, 4.5  # pt: smaller than that on one line is larger on two; nothing is smaller than this


def size_typed_link(text: str, across: float, sizes: Sequence[float]) -> tuple[float, list[str]]:
    """(pt, lines): the largest size at which the typed link stands on one line of at least 6 pt, else on two or three."""
    for count in (1, 2, 3):
        for size in sizes:
            if (count == 1) == (size >= MIN_ONE_LINE_SIZE) and len(parts := break_typed_link(text, across, size)) <= count:
                return size, parts
    return MIN_TYPED_SIZE, break_typed_link(text, across, MIN_TYPED_SIZE)


def break_typed_link(text: str, across: float, size: float) -> list[str]:
    """An address in lines of so many mm, parted behind its signs."""
    style = TextStyle(size, face="black")
    lines = [""]
    for part in chain.from_iterable(
        split_anywhere(part, across / (size * MM_PER_PT), "black") for part in ADDRESS_BREAK.split(text)
    ):
        if lines[-1] and line_width(lines[-1] + part, style) > across:
            lines.append("")
        lines[-1] += part
    return lines


# ---- words that are too long for a column

LONG_WORD = re.compile(r"\S{14,}")
MAX_UNBROKEN_EM = 9.5  # em, of a word that is not broken: every column has room for it in its smallest type
LETTER, VOWEL = r"[^\W\d_]", "[aeiouyáàâäãéèêëíìîïóòôöõúùûüāēīōū]"
# Before a consonant and its vowel, three letters from a word's beginning and end; "sh", "th", "hl" are one consonant; in
# Devanagari before a letter that stands alone.
SYLLABLE = re.compile(
    "(?<=LETTER{3})(?!(?<=[cgkpstz])h)(?!(?<=[dht])l)(?=(?:[cgkpstz]h|[dht]l|(?!VOWEL)LETTER)VOWELLETTER{2})".replace(
        "LETTER", LETTER
    ).replace("VOWEL", VOWEL)
    + "|(?<=[\u0900-\u097f]{3})(?<!\u094d)(?=[\u0905-\u0939\u0958-\u0961][\u0900-\u097f]{2})",
    re.IGNORECASE,
)
# In what is no word but a number or an address a hyphen would be read as a part of it.
NOT_A_WORD, ADDRESS_BREAK = re.compile(r"[\d/@_&=?]|\.\w"), re.compile(r"(?<=[/.@_&=?:;-])(?=\w)")


def with_soft_breaks(text: str) -> str:
    """Adds places to break to words of 14 letters and more: soft hyphens between syllables, zero-width spaces in addresses."""
    return LONG_WORD.sub(lambda found: break_word(found[0]), text) if len(text) >= 14 else text


def break_word(word: str) -> str:
    """A long word with places to break; as it is where every column has room for it."""
    if em_width(word, "regular") <= MAX_UNBROKEN_EM or SOFT_HYPHEN in word or ZERO_WIDTH_SPACE in word:
        return word
    if NOT_A_WORD.search(word):
        return ZERO_WIDTH_SPACE.join(chain.from_iterable(map(split_anywhere, ADDRESS_BREAK.split(word))))
    return SOFT_HYPHEN.join(chain.from_iterable(map(split_anywhere, SYLLABLE.split(word))))


def split_anywhere(part: str, widest: float = MAX_UNBROKEN_EM, face: str = "regular") -> Iterator[str]:
    """Halves what has no syllables until each part fits; never between a letter and its marks."""
    while em_width(part, face) > widest:
        cut = len(part) // 2
        while cut < len(part) and (category(part[cut])[0] == "M" or part[cut - 1] in JOINERS):
            cut += 1
        if cut == len(part):
            break
        yield from split_anywhere(part[:cut], widest, face)
        part = part[cut:]
    yield part
