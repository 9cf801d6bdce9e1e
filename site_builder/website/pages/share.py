"""What one sends to another: a WhatsApp message with link, size and price."""

from __future__ import annotations

import re
from urllib.parse import quote

from site_builder.library import calculator, materials, phones, playback, prices
from site_builder.library.artifacts import Lesson
from site_builder.library.howto import HowTo
from site_builder.library.messages import Messages
from site_builder.library.settings import Tariff

WHATSAPP_URL = "https://wa.me/"
ASCII_RUN = re.compile(r"[\x00-\x7f]+")  # a browser encodes all other letters itself: as they are they weigh a third


def chat_message(lesson: Lesson, link: str, tariff: Tariff | None, messages: Messages) -> str:
    """The message's words: title, link, and what looking at it costs."""
    film = playback.film_bytes(lesson.renditions)
    lines = [str(lesson.howto.title), link]
    if film:
        # a chat breaks lines where it likes; a price is torn less often with its no-break spaces
        lines.append(messages("common.film_price", price=prices.size_and_price(film, tariff, messages)))
    return "\n".join(lines)


def shopping_list(howto: HowTo, messages: Messages) -> str:
    """Everything that the page says one needs, as its script writes it where nothing is ticked."""
    lines = [f"{howto.title} ({howto.code} {howto.version})"]
    if howto.calculator:
        lines.append(messages("common.batch", asked=calculator.batch_text(howto, messages)))
    for tool in howto.tools:
        instead = messages("page.instead", what=tool.instead) if tool.instead else ""
        lines.append(list_row(tool.name, instead, messages("page.hire") if tool.hire else "", aisle_text(tool.aisle, messages)))
    for supply in materials.supplies(howto, messages):
        lines.append(
            list_row(
                supply.quantity,
                "×" if supply.is_counted else "",
                supply.name,
                aisle_text(supply.aisle, messages),
                supply.sku or "",
            )
        )
    return "\n".join(lines)


def list_row(*parts: str) -> str:
    return " ".join(["-", *filter(None, parts)])


def aisle_text(name: str | None, messages: Messages) -> str:
    return messages("common.aisle", name=name) if name else ""


def whatsapp_link(text: str, number: str | None = None, country: str = phones.DEFAULT_COUNTRY) -> str:
    """A link that opens WhatsApp with the words written; without a number it asks to whom."""
    quoted = ASCII_RUN.sub(lambda run: quote(run[0], safe="/:,"), text)
    return f"{WHATSAPP_URL}{phones.e164_digits(number, country)}?text={quoted}"
