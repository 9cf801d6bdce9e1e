"""What one sends to another: a WhatsApp message with link, size and price; a list for the store."""

from __future__ import annotations

from urllib.parse import quote

from site_builder.library.model import Lesson
from site_builder.library.settings import Tariff
from site_builder.library.words import Words
from site_builder.website import player, prices

WHATSAPP = "https://wa.me/"


def message(lesson: Lesson, link: str, tariff: Tariff | None, words: Words) -> str:
    """The message's words: title, link, and what looking at it costs."""
    film = next((choice.plain for choice in player.choices(lesson) if not choice.sound), None)
    lines = [str(lesson.howto.title), link]
    if film:
        # a chat breaks lines where it likes; a price is torn less often with its no-break spaces
        lines.append(words("page.share_price", price=prices.tag(film.rendition.bytes, tariff, words)))
    return "\n".join(lines)


def whatsapp(text: str, number: str | None = None) -> str:
    """A link that opens WhatsApp with the words written; without a number it asks to whom."""
    digits = "".join(sign for sign in number or "" if sign.isdigit())
    return f"{WHATSAPP}{international(digits)}?text={quote(text, safe='')}"


def international(digits: str) -> str:
    """`0821234567` as wa.me wants it: with South Africa's 27 in place of the 0."""
    return f"27{digits[1:]}" if digits.startswith("0") and not digits.startswith("00") else digits.removeprefix("00")
