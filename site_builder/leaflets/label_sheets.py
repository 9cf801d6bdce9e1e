"""Where things stand on a sheet: labels on their stock, pages of a booklet so that it folds. Pure: numbers in, numbers out."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

PAPER_SIZES = {"a4": (210.0, 297.0), "us-letter": (215.9, 279.4)}  # mm
UNPRINTED = 5.0  # mm, an office printer leaves at each edge


@dataclass(frozen=True)
class LabelStock:
    """A sheet of labels, in mm."""

    name: str
    paper: Literal["a4", "us-letter"]
    across: int
    down: int
    width: float
    height: float
    left: float
    top: float
    gap_x: float = 0
    gap_y: float = 0

    @property
    def per_sheet(self) -> int:
        """Labels on a sheet."""
        return self.across * self.down


@cache
def stocks() -> dict[str, LabelStock]:
    """Every kind of label sheet by its number."""
    rows = tomllib.loads(Path(__file__).with_name("label_sheets.toml").read_text("utf-8"))
    return {name: LabelStock(name, **row) for name, row in rows.items()}


def label_positions(stock: LabelStock, count: int, start: int = 1) -> list[list[tuple[float, float]]]:
    """The left top corner of each label, sheet by sheet, row by row; `start` is the first that is still on the sheet."""
    if not 1 <= start <= stock.per_sheet:
        raise ValueError(f"a sheet {stock.name} has labels 1 to {stock.per_sheet}, not {start}")
    sheets: list[list[tuple[float, float]]] = []
    for number in range(start - 1, start - 1 + count):
        sheet, place = divmod(number, stock.per_sheet)
        row, column = divmod(place, stock.across)
        while len(sheets) <= sheet:
            sheets.append([])
        x = stock.left + column * (stock.width + stock.gap_x)
        sheets[sheet].append((round(x, 3), round(stock.top + row * (stock.height + stock.gap_y), 3)))
    return sheets


PagePair = tuple[int | None, int | None]  # pages on the left and on the right half of a sheet's side; None is empty


def booklet(pages: int, rtl: bool = False) -> list[PagePair]:
    """The sides of the sheets, front, back, front, …: folded together and turned on the short edge, pages follow each other.

    What is read from the right has its fold on the right of the first page: every side is the other way about.
    """
    whole = -(-pages // 4) * 4

    def page(number: int) -> int | None:
        return number if number < pages else None

    sides: list[PagePair] = []
    for first in range(0, whole // 2, 2):
        last = whole - 1 - first
        sides += [(page(last), page(first)), (page(first + 1), page(last - 1))]
    return [side[::-1] for side in sides] if rtl else sides


def two_up(leaflets: Sequence[int]) -> list[PagePair]:
    """Two leaflets of so many pages beside each other to cut: backs lie behind their fronts when turned on the short edge."""
    left, right = leaflets
    sides: list[PagePair] = []
    for page in range(max(left, right)):
        one = page if page < left else None
        other = left + page if page < right else None
        sides.append((one, other) if page % 2 == 0 else (other, one))
    return sides
