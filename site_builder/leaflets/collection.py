"""How-tos that are printed together: what packs, labels and posters share, and which how-tos an aisle has goods for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from site_builder.leaflets import qr, text_metrics
from site_builder.leaflets.bidi import localiser, text_direction
from site_builder.leaflets.formats import PrintFormat
from site_builder.leaflets.leaflet_data import ink, store_data
from site_builder.library import prices
from site_builder.library.artifacts import Still
from site_builder.library.fallback import FallbackText
from site_builder.library.howto import HowTo
from site_builder.library.messages import Messages, messages_of
from site_builder.library.settings import Settings


@dataclass(frozen=True)
class PrintSource:
    """A how-to with its stills by step id and its film's length in seconds and bytes (None without a film)."""

    howto: HowTo
    stills: Mapping[str, Still] = field(default_factory=dict)
    film_seconds: float | None = None
    film_bytes: int | None = None
    # Its texts in one build's settings, by format, store and paper: their hashes, and as JSON those that are yet to be printed.
    text_hashes: dict[tuple[str, str, str], str] = field(default_factory=dict, repr=False, compare=False)
    texts: dict[tuple[str, str, str], str] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class PrintOptions:
    """What staff may choose for a print. Its fields are part of the cache key.

    `stock` and `start` are of label sheets; `aisle` says whose labels are wanted.
    """

    store: str = ""
    title: str = ""
    stock: str = "L7160"
    start: int = 1
    aisle: str = ""


def collection_data(
    sources: Sequence[PrintSource], settings: Settings, print_format: PrintFormat, options: PrintOptions
) -> dict[str, Any]:
    """What stands around the how-tos of a pack, on a sheet of labels or on a poster, in the language that all of them have."""
    langs = {source.howto.lang for source in sources}
    messages = messages_of(langs.pop() if len(langs) == 1 else settings.options.lang)
    say = localiser(messages)
    title = options.title or settings.site_name
    title_text = FallbackText(title, settings.options.lang) if title == settings.site_name else title
    day = max(source.howto.last_changed for source in sources)
    link_text = f"{settings.short_url}/?s={print_format.mark}" + (f"-{options.store}" if options.store else "")
    return {
        "lang": messages.lang.split("-")[0],
        "direction": text_direction(messages),
        "slug": print_format.name,
        "name": title,
        "title": say(title_text),
        "title_leading": text_metrics.title_leading(getattr(title_text, "lang", messages.lang).split("-")[0]),
        "keywords": [source.howto.code for source in sources],
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "date": say(day.isoformat()),
        "store": store_data(settings, print_format, say),
        "ink": ink(settings),
        "labels": {"contents": say(messages("leaflet.contents"))},
        "lead": say(messages("leaflet.poster_lead")),
        "link": link_text,
        "qr": qr.symbol_for(link_text, 90).svg,
        "qr_alt": str(messages("leaflet.qr_alt", link=link_text)),
    }


def film_line(source: PrintSource, messages: Messages) -> str | None:
    """What its film takes: time and data."""
    if source.film_seconds is None:
        return None
    minutes = max(1, round(source.film_seconds / 60))
    time = messages("common.minutes", n=minutes)
    if source.film_bytes is None:
        return messages("leaflet.film_alone", time=time)
    return messages("leaflet.film", time=time, size=prices.size_text(source.film_bytes, messages))


def aisle_items(howto: HowTo, aisle: str) -> Iterator[str]:
    """What the how-to needs from an aisle, with the store's own numbers; nothing where no aisle is asked for."""
    if not aisle:
        return
    for tool in howto.tools:
        if in_aisle(tool.aisle, aisle):
            yield tool.name
    for material in howto.materials:
        if in_aisle(material.aisle, aisle):
            yield f"{material.name} ({material.sku})" if material.sku else material.name


def in_aisle(own: str | None, aisle: str) -> bool:
    return own is not None and own.casefold() == aisle.casefold()


def aisles_of(howto: HowTo) -> set[str]:
    """Every aisle that it sends its reader to."""
    return {aisle for aisle in [*(tool.aisle for tool in howto.tools), *(item.aisle for item in howto.materials)] if aisle}


def sources_for_aisle(sources: Iterable[PrintSource], aisle: str) -> list[PrintSource]:
    """The how-tos that need something from an aisle: all of them where none is named."""
    return [source for source in sources if not aisle or any(aisle_items(source.howto, aisle))]
