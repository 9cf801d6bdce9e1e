"""Bytes to rands, before they are spent. Every rounding goes up: nobody pays more than the page said."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from site_builder.library.settings import Tariff
from site_builder.library.words import Words

MB = 1_000_000


def size(count: int, words: Words) -> str:
    """`0.52 MB`: two places, rounded up; with a no-break space: a number is never torn from its unit."""
    return f"{_places(ceil(Fraction(count, MB) * 100), words)}\u00a0MB"


def cents(count: int, tariff: Tariff) -> int:
    """The price of that many bytes, up to the next whole cent."""
    return ceil(Fraction(count, MB) * Fraction(str(tariff.rand_per_mb)) * 100)


def rands(count: int, tariff: Tariff, words: Words) -> str:
    """`51c`, or `R1.02` from one rand up."""
    price = cents(count, tariff)
    return f"{price}c" if price < 100 else f"R{_places(price, words)}"


def tag(count: int, tariff: Tariff | None, words: Words) -> str:
    """What stands on a control that spends data: `0.52 MB · 51c`; the size alone where no tariff is known."""
    said = size(count, words)
    return f"{said} ·\u00a0{rands(count, tariff, words)}" if tariff else said


def _places(hundredths: int, words: Words) -> str:
    return f"{hundredths // 100}{words('unit.decimal')}{hundredths % 100:02}"


@dataclass(frozen=True)
class Row:
    """One tariff in the table `What does it cost?`."""

    tariff: Tariff
    price: str
    shown: bool  # the one that prices on the page are shown at


def table(count: int, tariffs: tuple[Tariff, ...], shown: Tariff | None, words: Words) -> tuple[Row, ...]:
    return tuple(Row(t, rands(count, t, words), t == shown) for t in tariffs)
