"""A how-to in a few words beside its code: labels and stickers on their stock, tiles on a poster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from site_builder.leaflets import measure, qr, sheets
from site_builder.leaflets.formats import Format
from site_builder.leaflets.said import Order, Told, bound, film, link, of_aisle, speaker, things
from site_builder.library.settings import Settings
from site_builder.library.words import Words, words

# pt, from large to small, of what stands beside a code
TITLE = (32, 28, 26, 24, 22, 20, 19, 18, 17, 16, 15, 14, 13, 12.5, 12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6)
TYPED = (20, 16, 14, 12, 11, 10, 9, 8, 7, 6, 5.5, 5)
NOTE = (14, 12, 10, 9, 8, 7, 6.5, 6, 5.5, 5)
THINGS = (8, 7.5, 7, 6.5, 6)


# A title that would need less than this part of the others' size gets it alone, as long as that is one in so many.
NARROWEST, FEW = 0.75, 6


@dataclass(frozen=True)
class Card:
    """A how-to's words before they have a size."""

    one: Told
    frame: Words
    link: str
    typed: str
    note: str | None
    things: Sequence[str]
    code: qr.Code
    quiet: float  # mm

    @property
    def lang(self) -> str:
        return self.one.howto.lang.split("-")[0]

    @property
    def title(self) -> str:
        return bound(self.one.howto.title)

    @property
    def leading(self) -> float:
        return measure.title_leading(self.lang)


def card(one: Told, settings: Settings, format: Format, order: Order, side: float) -> Card:
    frame = words(one.howto.lang)
    leads = link(one.howto, settings, format, order.store)
    code = qr.code(leads, side)
    return Card(
        one, frame, leads, f"{settings.short_words}/{one.howto.code}",
        note=film(one, frame) if format.name != "stickers" else None,
        things=list(map(bound, things(one.howto, order.aisle))) if format.name == "labels" else [],
        code=code, quiet=qr.QUIET * qr.module(code.size, side),
    )  # fmt: skip


def sized(cards: Sequence[Card], side: float, across: float) -> list[dict[str, Any]]:
    """Words beside codes of `side` mm: `across` mm wide, and as high as a code is between its quiet zones.

    What stands on one sheet looks alike: typed links and notes are as large as the longest of them can be, titles as large as
    the one with the least room can be; but not much smaller than is usual for the sake of a few.
    """
    typed_sizes = [size for size in TYPED if size <= max(11, side / 4)]
    typed = min([measure.typed(one.typed, across, typed_sizes)[0] for one in cards], default=TYPED[-1])
    smaller = [size for size in NOTE if size < typed] or NOTE[-1:]
    note = min([measure.largest(one.note or "", across, 20, smaller, lines_at_most=1) for one in cards], default=NOTE[-1])
    rooms = [room(one, side, across, typed, note) for one in cards]
    own = [
        measure.largest(one.title, across, down * (0.55 if one.things else 1), TITLE, leading=one.leading)
        for one, (down, _) in zip(cards, rooms, strict=True)
    ]
    common = alike(own)
    return [
        laid_out(one, side, across, (min(size, common), typed, note), down, gap)
        for one, size, (down, gap) in zip(cards, own, rooms, strict=True)
    ]


def alike(sizes: Sequence[float]) -> float:
    """The size that all titles of a sheet can have, but for a few that would make it much smaller for the others."""
    if not sizes:
        return TITLE[-1]
    few = max(1, len(sizes) // FEW)
    without = sorted(sizes)[min(few, len(sizes) - 1)]
    return min(size for size in sizes if size >= without * NARROWEST)


def room(one: Card, side: float, across: float, typed: float, note: float) -> tuple[float, float]:
    """mm that its title has, above link and note; and between these, where marks above letters need some too."""
    gap = measure.HANGS * (typed + (note if one.leading > 0.6 else 0)) * measure.PT
    count = len(measure.typed_lines(one.typed, across, typed))
    down = side - 2 * one.quiet - measure.tall(count, measure.Type(typed, measure.TYPED_LEADING)) - 1
    if not one.note:
        return down, gap
    below = measure.Type(note)
    return down - measure.tall(measure.lines(one.note, across, below), below) - gap, gap


def laid_out(
    one: Card, side: float, across: float, sizes: tuple[float, float, float], down: float, gap: float
) -> dict[str, Any]:
    """All that its template is told."""
    say = speaker(one.frame)
    size, typed, note = sizes
    left = down - measure.high(one.title, across, measure.Type(size, one.leading, "black")) - 2.4
    shelf, shelf_size = shortened(one.things, across, left)
    return {
        "lang": one.lang,
        "link": one.link,
        "typed": measure.typed_lines(one.typed, across, typed),
        "qr": one.code.svg,
        "qr_alt": str(one.frame("leaflet.qr_alt", link=one.link)),
        "side": side,
        "quiet": round(one.quiet, 2),
        "title": say(one.title),
        "leading": one.leading,
        "size": size,
        "typed_size": typed,
        "note": say(one.note),
        "note_size": note,
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
    cards = iter(sized([card(one, settings, format, order, side) for one in chosen], side, across))
    placed = sheets.places(stock, len(chosen), order.start)
    return {
        "stock": {"paper": sheets.SIZES[stock.paper], "width": stock.width, "height": stock.height},
        "inset": {"edge": EDGE, "beside": BESIDE, "rim": RIM},
        "sheets": [[next(cards) | {"x": x, "y": y} for x, y in sheet] for sheet in placed],
    }


# Tiles on a poster: at most so many on one are set in so many columns, with codes of so many mm.
TILES = ((4, 2, 80), (8, 2, 58), (15, 3, 45))
ACROSS, BETWEEN = 273, 6  # mm
# Of the library's own code on poster and pack: its side in mm, the link below it and a pack's title in pt.
CODE, LARGE, COVER = 96, (26, 22, 18, 15, 12, 10), (62, 56, 50, 44, 38, 32, 28, 24, 20, 17)


def tiles(told: Sequence[Told], settings: Settings, format: Format, order: Order) -> dict[str, Any]:
    """The poster's codes, the larger the fewer they are; its title as large as there is room beside the library's own."""
    name = order.title or settings.site_name
    columns, side = next((row[1:] for row in TILES if len(told) <= row[0]), TILES[-1][1:])
    across = (ACROSS - (columns - 1) * BETWEEN) / columns - side - 2.5
    leading = measure.title_leading(settings.options.lang.split("-")[0])
    typed_size, typed = measure.typed(settings.short_words, CODE, LARGE)
    return {
        "cards": sized([card(one, settings, format, order, side) for one in told], side, across),
        "columns": columns,
        "size": measure.largest(bound(name), ACROSS - CODE - 8, 62, (72, 64, 58, 52, 46, 40, 34, 28), leading=leading),
        "typed": typed,
        "typed_size": typed_size,
    }


def cover(name: str, settings: Settings) -> dict[str, Any]:
    """A pack's title as large as its page is wide, and the link below its code."""
    leading = measure.title_leading(settings.options.lang.split("-")[0])
    typed_size, typed = measure.typed(settings.short_words, CODE, LARGE)
    return {
        "size": measure.largest(bound(name), 191, 62, COVER, leading=leading),
        "typed": typed,
        "typed_size": typed_size,
    }
