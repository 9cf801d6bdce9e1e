"""Label sheets, and where each label stands on one. Pure: numbers in, numbers out."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

PAPER_SIZES = {"a4": (210.0, 297.0), "us-letter": (215.9, 279.4)}  # mm


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
    """The left top corner in mm of each label, sheet by sheet, row by row; `start` is the first that is still on the sheet.

    Raises ValueError where the sheet has no such label.
    """
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
