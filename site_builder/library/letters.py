"""The letters that paper can show: those of the leaflets' fonts. PDF/A allows none that is in no font."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from site_builder.library.problems import Problem
from site_builder.library.yaml_values import FieldPath, line_of

# Code points that every weight of some family in leaflets/fonts/ has, as `fonts/README.md` says they are found.
FONT_RANGES = """
    0020-007E 00A0-024F 02BC 02C6-02DD 0300-0377 037A-037F 0384-038A 038C 038E-03A1 03A3-03E1 03F0-03FF 0600-061C
    061E-06FF 0750-077F 0900-097F 1CD0-1CF6 1CF8-1CF9 1E00-1EFF 2000-2064 2066-2071 2074-208E 2090-209C 20A0-20BF 20F0
    2100-215F 2184 2189 2190-2199 21D0 21D2 21D4 2205-2206 2211-2212 2215 2219-221A 221E 2220 2225 2234 223F 2248 2260
    2264-2265 22A5 22C5 2300 2302 2393 23DA 25A0-25A1 25B2-25B3 25B6 25BA 25BC 25C0 25C4 25CB-25CC 25CF 2605-2606
    2610-2612 2640 2642 26A0 2713-2714 2717-2718 27C2 29A3 29F5 2E41 A830-A839 A8E0-A8FF FB00-FB06 FFFD
"""
PRINTABLE = frozenset(
    code
    for ends in (tuple(int(end, 16) for end in part.split("-")) for part in FONT_RANGES.split())
    for code in range(ends[0], ends[-1] + 1)
)
NO_GLYPH = frozenset(map(ord, "\t\n\r\ufe0e\ufe0f\ufeff"))  # spaces; marks that choose between two looks of a sign: no glyphs
ALLOWED_CHARACTERS = frozenset(map(chr, PRINTABLE | NO_GLYPH))
# Fields of how-to and translation that only pages, searches or nobody shows.
NOT_ON_PAPER = frozenset((
    "$schema", "schema", "slug", "lang", "code", "formerly", "category", "time", "standards", "video", "search", "related",
    "leaflet", "licence", "sources", "cost_note", "translates", "version", "published", "reviewed_on", "review_every",
))  # fmt: skip
VIRAMA, JOINERS = "\u094d", "\u200c\u200d"  # Hindi's sign that joins consonants; ZWNJ and ZWJ
# Names of things within a field, and what only a page says.
NOT_TEXT = frozenset(("id", "image", "note", "icon", "logo", "logo_mono", "colour"))


def normalise(text: str) -> str:
    """Letters as fonts have them: a letter and its mark are one (NFC), and nothing chooses a coloured picture for a sign."""
    return unicodedata.normalize("NFC", text).translate({0xFE0E: None, 0xFE0F: None, 0xFEFF: None})


def unprintable_characters(text: str) -> list[str]:
    """The letters that cannot be printed, each once."""
    if text.isascii() or (ALLOWED_CHARACTERS.issuperset(text) and unicodedata.is_normalized("NFC", text)):
        return []
    return [character for character in dict.fromkeys(normalise(text)) if character not in ALLOWED_CHARACTERS]


def unprintable_problems(values: Mapping[str, Any], lines: Mapping[FieldPath, int], path: Path) -> Iterator[Problem]:
    """Where a how-to or a translation, as it was read, has letters that paper cannot show."""
    for name, value in values.items():
        if name not in NOT_ON_PAPER:
            yield from unprintable_in(value, (name,), lines, path)


def unprintable_in(value: Any, where: FieldPath, lines: Mapping[FieldPath, int], path: Path) -> Iterator[Problem]:
    """The same for one field and all that stands in it."""
    match value:
        case str() if characters := unprintable_characters(value):
            listed = " and ".join(
                filter(None, (", ".join(map(character_label, characters[:-1])), character_label(characters[-1])))
            )
            hint = "take it out or write the word" if len(characters) == 1 else "take them out or write the words"
            yield Problem(path, line_of(lines, where), f"no font on paper has {listed}", hint)
        case dict():
            for name, part in value.items():
                if name not in NOT_TEXT:
                    yield from unprintable_in(part, (*where, name), lines, path)
        case list():
            for index, part in enumerate(value):
                yield from unprintable_in(part, (*where, index), lines, path)


def character_label(letter: str) -> str:
    """`'⚡' (U+26A1, high voltage sign)`."""
    name = unicodedata.name(letter, "").lower()
    return f"'{letter}' (U+{ord(letter):04X}{f', {name}' if name else ''})"


def graphemes(text: str) -> list[str]:
    """Letters as a reader counts them: marks belong to their letter, and so does what a Hindi virama joins to it."""
    letters: list[str] = []
    for sign in text:
        if letters and (
            unicodedata.category(sign)[0] == "M" or sign in JOINERS or letters[-1][-1] in JOINERS or letters[-1][-1] == VIRAMA
        ):
            letters[-1] += sign
        else:
            letters.append(sign)
    return letters
