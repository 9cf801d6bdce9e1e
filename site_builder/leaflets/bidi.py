"""Texts as paper has them: letters that fonts have, numbers tied to their units, Latin runs isolated in right-to-left text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from site_builder.leaflets import text_metrics
from site_builder.library import letters
from site_builder.library.fallback import FallbackText
from site_builder.library.messages import Messages
from site_builder.library.writing_systems import ARABIC_LANGS, RTL_CHARACTER

# "8 mm" or "R30–R60" inside Arabic: a run of Latin words and numbers keeps its own order between U+2066 and U+2069.
UNIT_LETTERS = r"A-Za-z%\u2113\u00b0\u00b2\u00b3"  # ℓ ° ² ³
LATIN_RUN = re.compile(
    rf"[0-9{UNIT_LETTERS}][\w .,:/+\u00a0\u00b7\u00d7\u2013{UNIT_LETTERS}-]*(?<=[0-9{UNIT_LETTERS}])|[0-9{UNIT_LETTERS}]",
    re.ASCII,
)  # × –
# A number and its unit stand on one line: nobody should read "16" there and "A" below.
SPACE_BEFORE_UNIT = re.compile(
    r"(?<=[0-9¼½¾]) (?=(?:[mck]?m[²³]?|[km]?g|m?[lL]|ℓ|k?Wh?|k?V|m?A|Hz|[kM]?Pa|bar|[kMG]B|h|min|°C|%)(?!\w))"
)

TextRun = str | dict[str, str] | None  # a text, or {text, lang} where another language's words stand in


def localiser(messages: Messages) -> Callable[[str | None], TextRun]:
    """Returns `say`, which makes a TextRun of a message: printable, with Latin runs isolated in right-to-left text."""

    def say(text: str | None) -> TextRun:
        if text is None:
            return None
        rtl = text_direction(messages) == "rtl"
        if isinstance(text, FallbackText) and text.lang != messages.lang:
            return {"text": print_text(f"\u2066{text}\u2069" if rtl else str(text)), "lang": text.lang.split("-")[0]}
        return print_text(isolate_latin(text) if rtl else str(text))

    return say


@lru_cache(2**16)
def print_text(text: str) -> str:
    """Binds numbers to units, maps letters to those the fonts have, adds soft breaks. Cached."""
    return text_metrics.with_soft_breaks(SPACE_BEFORE_UNIT.sub("\u00a0", text if text.isascii() else letters.normalise(text)))


def text_direction(messages: Messages) -> str:
    return "rtl" if messages.own_texts.get("about.direction") == "rtl" or messages.lang.split("-")[0] in ARABIC_LANGS else "ltr"


def isolate_latin(text: str) -> str:
    """Right-to-left text with its Latin runs isolated; as a whole where it has no right-to-left letter."""
    if not RTL_CHARACTER.search(text):
        return f"\u2066{text}\u2069"
    return LATIN_RUN.sub(lambda run: f"\u2066{run[0]}\u2069", text)
