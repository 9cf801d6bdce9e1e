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
    """A how-to with what its film gave: stills by step, its length in seconds and its bytes; none of them without a film."""

    howto: HowTo
    stills: Mapping[str, Still] = field(default_factory=dict)
    film_seconds: float | None = None
    film_bytes: int | None = None
    # Its texts in one build's settings, by format, store and paper: their hashes, and as JSON those that are yet to be printed.
    text_hashes: dict[tuple[str, str, str], str] = field(default_factory=dict, repr=False, compare=False)
    texts: dict[tuple[str, str, str], str] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class PrintOptions:
    """What staff may wish when they print. `stock` and `start` are of label sheets, `aisle` says whose labels are wanted."""

    store: str = ""
    title: str = ""
    stock: str = "L7160"
    start: int = 1
    aisle: str = ""


def collection_data(
    told: Sequence[PrintSource], settings: Settings, format: PrintFormat, order: PrintOptions
) -> dict[str, Any]:
    """What stands around the how-tos of a pack, on a sheet of labels or on a poster, in the language that all of them have."""
    langs = {one.howto.lang for one in told}
    frame = messages_of(langs.pop() if len(langs) == 1 else settings.options.lang)
    say = localiser(frame)
    title = order.title or settings.site_name
    said_title = FallbackText(title, settings.options.lang) if title == settings.site_name else title
    day = max(one.howto.last_changed for one in told)
    leads = f"{settings.short_url}/?s={format.mark}" + (f"-{order.store}" if order.store else "")
    return {
        "lang": frame.lang.split("-")[0],
        "direction": text_direction(frame),
        "slug": format.name,
        "name": title,
        "title": say(said_title),
        "title_leading": text_metrics.title_leading(getattr(said_title, "lang", frame.lang).split("-")[0]),
        "keywords": [one.howto.code for one in told],
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "date": say(day.isoformat()),
        "store": store_data(settings, format, say),
        "ink": ink(settings),
        "labels": {"contents": say(frame("leaflet.contents"))},
        "lead": say(frame("leaflet.poster_lead")),
        "link": leads,
        "qr": qr.symbol_for(leads, 90).svg,
        "qr_alt": str(frame("leaflet.qr_alt", link=leads)),
    }


def film_line(one: PrintSource, frame: Messages) -> str | None:
    """What its film takes: time and data."""
    if one.film_seconds is None:
        return None
    minutes = max(1, round(one.film_seconds / 60))
    time = frame("common.minutes", n=minutes)
    if one.film_bytes is None:
        return frame("leaflet.film_alone", time=time)
    return frame("leaflet.film", time=time, size=prices.size_text(one.film_bytes, frame))


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
    return {aisle for aisle in [*(tool.aisle for tool in howto.tools), *(one.aisle for one in howto.materials)] if aisle}


def sources_for_aisle(told: Iterable[PrintSource], aisle: str) -> list[PrintSource]:
    """The how-tos that need something from an aisle: all of them where none is named."""
    return [one for one in told if not aisle or any(aisle_items(one.howto, aisle))]
