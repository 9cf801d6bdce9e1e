"""A how-to in a few words beside its code: labels and stickers on their stock, tiles on a poster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from site_builder.leaflets import measure, qr, sheets
from site_builder.leaflets.formats import Format
from site_builder.leaflets.said import Order, Told, film, link, of_aisle, speaker, things
from site_builder.library.settings import Settings
from site_builder.library.words import words

# pt, from large to small, of what stands beside a code
TITLE = (32, 28, 24, 22, 20, 18, 16, 14, 12, 11, 10, 9, 8, 7, 6)
TYPED = (20, 16, 14, 12, 11, 10, 9, 8, 7, 6, 5)
NOTE = (14, 12, 10, 9, 8, 7, 6.5)
THINGS = (8, 7.5, 7, 6.5, 6)


def card(one: Told, settings: Settings, format: Format, order: Order, side: float, across: float) -> dict[str, Any]:
    """A how-to's words beside its code of `side` mm: `across` mm wide, and as high as the code is between its quiet zones."""
    lang = one.howto.lang.split("-")[0]
    frame = words(one.howto.lang)
    say = speaker(frame)
    leads = link(one.howto, settings, format, order.store)
    code = qr.code(leads, side)
    quiet = qr.QUIET * qr.module(code.size, side)
    typed = f"{settings.short_words}/{one.howto.code}"
    typed_size = measure.largest(typed, across, 20, [size for size in TYPED if size <= max(11, side / 4)], lines_at_most=1)
    note = film(one, frame) if format.name != "stickers" else None
    smaller = [size for size in NOTE if size < typed_size] or NOTE[-1:]
    note_size = measure.largest(note or "", across, 20, smaller, lines_at_most=1)
    here = list(things(one.howto, order.aisle)) if format.name == "labels" else []
    down = side - 2 * quiet - measure.tall(1, measure.Type(typed_size)) - 1
    leading = measure.title_leading(lang)
    gap = measure.HANGS * (typed_size + (note_size if leading > 0.6 else 0)) * measure.PT  # marks above need room too
    down -= measure.tall(1, measure.Type(note_size)) + gap if note else 0
    title = measure.broken(one.howto.title, 12)
    size = measure.largest(title, across, down * (0.55 if here else 1), TITLE, leading=leading)
    left = down - measure.high(title, across, measure.Type(size, leading, "black")) - 2.4
    shelf, shelf_size = shortened(here, across, left)
    return {
        "lang": lang,
        "link": leads,
        "typed": typed,
        "qr": code.svg,
        "qr_alt": str(frame("leaflet.qr_alt", link=leads)),
        "side": side,
        "quiet": round(quiet, 2),
        "title": say(title),
        "leading": leading,
        "size": size,
        "typed_size": typed_size,
        "note": say(note),
        "note_size": note_size,
        "gap": round(gap, 2),
        "things": say(shelf),
        "things_size": shelf_size,
    }


def shortened(things: Sequence[str], across: float, down: float) -> tuple[str, float]:
    """As many things as can be read in so much room, and their size in pt: a label is no shopping list."""
    for count in range(len(things), 0, -1):
        text = ", ".join(things[:count]) + ("\u00a0…" if count < len(things) else "")
        for size in THINGS:
            if measure.high(text, across, measure.Type(size)) <= down:
                return text, size
    return "", THINGS[-1]


EDGE = 0.5  # mm between a label's edge and its code, whose quiet zone makes good for a sheet that lies a little askew
BESIDE = 1.5  # mm between a code and its words
RIM = 2.0  # mm between words and the label's other edge


def sheets_of_labels(told: Sequence[Told], settings: Settings, format: Format, order: Order) -> dict[str, Any]:
    """Labels at their places on the stock, their codes as large as they can be."""
    stock = sheets.stocks()[order.stock]
    chosen = of_aisle(told, order.aisle)
    side = round(min(stock.height - 2 * EDGE, stock.width * (0.6 if format.name == "stickers" else 0.55)), 2)
    across = stock.width - EDGE - side - BESIDE - RIM
    cards = iter([card(one, settings, format, order, side, across) for one in chosen])
    placed = sheets.places(stock, len(chosen), order.start)
    return {
        "stock": {"paper": sheets.SIZES[stock.paper], "width": stock.width, "height": stock.height},
        "inset": {"edge": EDGE, "beside": BESIDE, "rim": RIM},
        "sheets": [[next(cards) | {"x": x, "y": y} for x, y in sheet] for sheet in placed],
    }


# Tiles on a poster: at most so many on one are set in so many columns, with codes of so many mm.
TILES = ((4, 2, 80), (8, 2, 58), (15, 3, 45))
ACROSS, BETWEEN = 273, 6  # mm


def tiles(told: Sequence[Told], settings: Settings, format: Format, order: Order) -> dict[str, Any]:
    """The poster's codes, the larger the fewer they are; its title as large as there is room beside the library's own."""
    name = order.title or settings.site_name
    columns, side = next((row[1:] for row in TILES if len(told) <= row[0]), TILES[-1][1:])
    across = (ACROSS - (columns - 1) * BETWEEN) / columns - side - 2.5
    leading = measure.title_leading(settings.options.lang.split("-")[0])
    return {
        "cards": [card(one, settings, format, order, side, across) for one in told],
        "columns": columns,
        "size": measure.largest(name, ACROSS - 96 - 8, 62, (72, 64, 58, 52, 46, 40, 34, 28), leading=leading),
        "typed_size": measure.largest(settings.short_words, 96, 20, (26, 22, 18, 15, 12), lines_at_most=1),
    }
