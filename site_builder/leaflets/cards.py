"""How-tos as a few words beside a QR code: labels and stickers on label stock, tiles on the poster.

Returns what cards.typ reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from site_builder.leaflets import label_sheets, qr, text_metrics
from site_builder.leaflets.bidi import localiser, print_text
from site_builder.leaflets.collection import PrintOptions, PrintSource, aisle_items, film_line, sources_for_aisle
from site_builder.leaflets.formats import PrintFormat
from site_builder.leaflets.leaflet_data import printed_link
from site_builder.library.messages import Messages, messages_of
from site_builder.library.settings import Settings

# pt, from large to small, of what stands beside a code
TITLE_SIZES = (32, 28, 26, 24, 22, 20, 19, 18, 17, 16, 15, 14, 13, 12.5, 12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6)
TYPED_LINK_SIZES = (20, 16, 14, 12, 11, 10, 9, 8, 7, 6, 5.5, 5)
NOTE_SIZES = (14, 12, 10, 9, 8, 7, 6.5, 6, 5.5, 5)
ITEM_SIZES = (8, 7.5, 7, 6.5, 6)


# A title smaller than this share of the sheet's median keeps its own size, for at most one card in so many; others share one.
MIN_SHARE_OF_MEDIAN, ONE_EXCEPTION_IN = 0.75, 6


@dataclass(frozen=True)
class CodeCard:
    """The words beside one QR code, before sizes are chosen. `symbol` is the code, `quiet_zone` its width in mm."""

    source: PrintSource
    messages: Messages
    link: str
    typed_link: str
    note: str | None
    items: Sequence[str]
    symbol: qr.Symbol
    quiet_zone: float  # mm

    @property
    def lang(self) -> str:
        return self.source.howto.lang.split("-")[0]

    @property
    def title(self) -> str:
        return print_text(self.source.howto.title)

    @property
    def leading(self) -> float:
        return text_metrics.title_leading(self.lang)


def card_of(source: PrintSource, settings: Settings, print_format: PrintFormat, options: PrintOptions, side: float) -> CodeCard:
    messages = messages_of(source.howto.lang)
    link_text = printed_link(source.howto, settings, print_format, options.store)
    code = qr.symbol_for(link_text, side)
    return CodeCard(
        source, messages, link_text, f"{settings.short_url_text}/{source.howto.code}",
        note=film_line(source, messages) if print_format.film_note else None,
        items=list(map(print_text, aisle_items(source.howto, options.aisle))) if print_format.aisle_items else [],
        symbol=code, quiet_zone=qr.QUIET_ZONE * qr.module_width(code.size, side),
    )  # fmt: skip


def cards_data(cards: Sequence[CodeCard], side: float, across: float) -> list[dict[str, Any]]:
    """Words beside codes of `side` mm: `across` mm wide, and as high as a code is between its quiet zones.

    What stands on one sheet looks alike: typed links and notes are as large as the longest of them can be, titles as large as
    the one with the least room can be; but not much smaller than is usual for the sake of a few.
    """
    typed_sizes = [size for size in TYPED_LINK_SIZES if size <= max(11, side / 4)]
    typed = min(
        [text_metrics.size_typed_link(card.typed_link, across, typed_sizes)[0] for card in cards], default=TYPED_LINK_SIZES[-1]
    )
    smaller = [size for size in NOTE_SIZES if size < typed] or NOTE_SIZES[-1:]
    note = min(
        [text_metrics.largest_size(card.note or "", across, 20, smaller, lines_at_most=1) for card in cards],
        default=NOTE_SIZES[-1],
    )
    title_rooms = [title_room(card, side, across, typed, note) for card in cards]
    own_sizes = [
        text_metrics.largest_size(card.title, across, down * (0.55 if card.items else 1), TITLE_SIZES, leading=card.leading)
        for card, (down, _) in zip(cards, title_rooms, strict=True)
    ]
    common_size = common_title_size(own_sizes)
    return [
        card_data(card, side, across, (min(size, common_size), typed, note), down, gap)
        for card, size, (down, gap) in zip(cards, own_sizes, title_rooms, strict=True)
    ]


def common_title_size(sizes: Sequence[float]) -> float:
    """The size in pt that all titles of a sheet share, but for a few that would make it much smaller for the others."""
    if not sizes:
        return TITLE_SIZES[-1]
    few = max(1, len(sizes) // ONE_EXCEPTION_IN)
    without = sorted(sizes)[min(few, len(sizes) - 1)]
    return min(size for size in sizes if size >= without * MIN_SHARE_OF_MEDIAN)


def title_room(card: CodeCard, side: float, across: float, typed: float, note: float) -> tuple[float, float]:
    """(height of the title's box, gap between link and note), in mm."""
    gap = text_metrics.DESCENT_EM * (typed + (note if card.leading > 0.6 else 0)) * text_metrics.MM_PER_PT
    count = len(text_metrics.break_typed_link(card.typed_link, across, typed))
    down = (
        side
        - 2 * card.quiet_zone
        - text_metrics.lines_height(count, text_metrics.TextStyle(typed, text_metrics.TYPED_LEADING))
        - 1
    )
    if not card.note:
        return down, gap
    below = text_metrics.TextStyle(note)
    return down - text_metrics.lines_height(text_metrics.line_count(card.note, across, below), below) - gap, gap


def card_data(
    card: CodeCard, side: float, across: float, sizes: tuple[float, float, float], down: float, gap: float
) -> dict[str, Any]:
    """What cards.typ reads of one card: sizes in pt, lengths in mm."""
    say = localiser(card.messages)
    size, typed, note = sizes
    left = down - text_metrics.text_height(card.title, across, text_metrics.TextStyle(size, card.leading, "black")) - 2.4
    items, items_size = truncate_items(card.items, across, left)
    return {
        "lang": card.lang,
        "link": card.link,
        "typed": text_metrics.break_typed_link(card.typed_link, across, typed),
        "qr": card.symbol.svg,
        "qr_alt": str(card.messages("leaflet.qr_alt", link=card.link)),
        "side": side,
        "quiet": round(card.quiet_zone, 2),
        "title": say(card.title),
        "leading": card.leading,
        "size": size,
        "typed_size": typed,
        "note": say(card.note),
        "note_size": note,
        "gap": round(gap, 2),
        "items": say(items),
        "items_size": items_size,
    }


def truncate_items(things: Sequence[str], across: float, down: float) -> tuple[str, float]:
    """(as many items as fit, joined by commas; their size in pt). Empty where not even one fits."""
    for count in range(len(things), 0, -1):
        text = ", ".join(things[:count]) + ("\u00a0…" if count < len(things) else "")
        for size in ITEM_SIZES:
            if text_metrics.text_height(text, across, text_metrics.TextStyle(size)) <= down:
                return text, size
    return "", ITEM_SIZES[-1]


CODE_MARGIN = 0.5  # mm between a label's edge and its code, whose quiet zone makes good for a sheet that lies a little askew
CODE_TEXT_GAP = 1.5  # mm between a code and its words
TEXT_MARGIN = 2.0  # mm between words and the label's other edge


def labels_data(
    sources: Sequence[PrintSource], settings: Settings, print_format: PrintFormat, options: PrintOptions
) -> dict[str, Any]:
    """Labels at their places on the stock, their codes as large as they can be."""
    stock = label_sheets.stocks()[options.stock]
    wanted = sources_for_aisle(sources, options.aisle)
    side = round(min(stock.height - 2 * CODE_MARGIN, stock.width * print_format.code_share), 2)
    across = stock.width - CODE_MARGIN - side - CODE_TEXT_GAP - TEXT_MARGIN
    cards = iter(cards_data([card_of(source, settings, print_format, options, side) for source in wanted], side, across))
    positions = label_sheets.label_positions(stock, len(wanted), options.start)
    return {
        "stock": {"paper": label_sheets.PAPER_SIZES[stock.paper], "width": stock.width, "height": stock.height},
        "inset": {"edge": CODE_MARGIN, "beside": CODE_TEXT_GAP, "rim": TEXT_MARGIN},
        "sheets": [[next(cards) | {"x": x, "y": y} for x, y in sheet] for sheet in positions],
    }


# Tiles on a poster: at most so many on one are set in so many columns, with codes of so many mm.
POSTER_GRIDS = ((4, 2, 80), (8, 2, 58), (15, 3, 45))
POSTER_WIDTH, TILE_GAP = 273, 6  # mm
# Of the library's own code on poster and pack: its side in mm, the link below it and a pack's title in pt.
LIBRARY_CODE_SIDE, LIBRARY_LINK_SIZES, COVER_TITLE_SIZES = (
    96,
    (26, 22, 18, 15, 12, 10),
    (62, 56, 50, 44, 38, 32, 28, 24, 20, 17),
)


def poster_data(
    sources: Sequence[PrintSource], settings: Settings, print_format: PrintFormat, options: PrintOptions
) -> dict[str, Any]:
    """A poster's tiles, the larger the fewer they are, and the library's own code; sizes in pt."""
    name = options.title or settings.site_name
    columns, side = next((row[1:] for row in POSTER_GRIDS if len(sources) <= row[0]), POSTER_GRIDS[-1][1:])
    across = (POSTER_WIDTH - (columns - 1) * TILE_GAP) / columns - side - 2.5
    leading = text_metrics.title_leading(settings.options.lang.split("-")[0])
    typed_size, typed = text_metrics.size_typed_link(settings.short_url_text, LIBRARY_CODE_SIDE, LIBRARY_LINK_SIZES)
    return {
        "cards": cards_data([card_of(source, settings, print_format, options, side) for source in sources], side, across),
        "columns": columns,
        "size": text_metrics.largest_size(
            print_text(name), POSTER_WIDTH - LIBRARY_CODE_SIDE - 8, 62, (72, 64, 58, 52, 46, 40, 34, 28), leading=leading
        ),
        "typed": typed,
        "typed_size": typed_size,
    }


def cover_data(name: str, settings: Settings) -> dict[str, Any]:
    """A pack's title as large as its page is wide, and the link below its code; sizes in pt."""
    leading = text_metrics.title_leading(settings.options.lang.split("-")[0])
    typed_size, typed = text_metrics.size_typed_link(settings.short_url_text, LIBRARY_CODE_SIDE, LIBRARY_LINK_SIZES)
    return {
        "size": text_metrics.largest_size(print_text(name), 191, 62, COVER_TITLE_SIZES, leading=leading),
        "typed": typed,
        "typed_size": typed_size,
    }
