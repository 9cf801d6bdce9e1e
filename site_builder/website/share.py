"""What one sends to another: a WhatsApp message with link, size and price."""

from __future__ import annotations

import re
from urllib.parse import quote

from site_builder.library import calculator, phones, playback, prices
from site_builder.library.model import HowTo, Lesson
from site_builder.library.settings import Settings, Tariff
from site_builder.library.words import Words

WHATSAPP = "https://wa.me/"
ASCII = re.compile(r"[\x00-\x7f]+")  # a browser encodes all other letters itself: as they are they weigh a third


def message(lesson: Lesson, link: str, tariff: Tariff | None, words: Words) -> str:
    """The message's words: title, link, and what looking at it costs."""
    film = playback.film_bytes(lesson.renditions)
    lines = [str(lesson.howto.title), link]
    if film:
        # a chat breaks lines where it likes; a price is torn less often with its no-break spaces
        lines.append(words("common.film_price", price=prices.tag(film, tariff, words)))
    return "\n".join(lines)


def shopping_list(howto: HowTo, words: Words) -> str:
    """Everything that the page says one needs, as its script writes it where nothing is ticked."""
    lines = [f"{howto.title} ({howto.code} {howto.version})"]
    if howto.calculator:
        lines.append(words("common.batch", asked=calculator.batch_shown(howto, words)))
    for tool in howto.tools:
        instead = words("page.instead", what=tool.instead) if tool.instead else ""
        lines.append(row(tool.name, instead, words("page.hire") if tool.hire else "", aisle(tool.aisle, words)))
    for one in calculator.supplies(howto, words):
        lines.append(row(one.quantity, "×" if one.counted else "", one.name, aisle(one.aisle, words), one.sku or ""))
    return "\n".join(lines)


def row(*parts: str) -> str:
    return " ".join(["-", *filter(None, parts)])


def aisle(name: str | None, words: Words) -> str:
    return words("common.aisle", name=name) if name else ""


def whatsapp(text: str, number: str | None = None, country: str = phones.COUNTRY) -> str:
    """A link that opens WhatsApp with the words written; without a number it asks to whom."""
    return f"{WHATSAPP}{phones.digits(number, country)}?text={ASCII.sub(lambda found: quote(found[0], safe='/:,'), text)}"


def store(settings: Settings) -> dict[str, str]:
    """The store's numbers as links want them."""
    found, country = settings.options.store, settings.options.country
    called = {"phone": found.phone, "missed": found.missed_call}
    return {"whatsapp": phones.digits(found.whatsapp, country), **{name: phones.dialled(said) for name, said in called.items()}}
