"""Bytes to rands, before they are spent. Every rounding goes up: nobody pays more than the page said."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from site_builder.library.messages import Messages
from site_builder.library.settings import Tariff

BYTES_PER_MB = 1_000_000


def size_text(count: int, messages: Messages) -> str:
    """Size of `count` bytes in MB (10⁶ bytes), rounded up: `0.52 MB`, with a no-break space: a number is never torn from its
    unit.
    """
    return f"{_places(ceil(Fraction(count, BYTES_PER_MB) * 100), messages)}\u00a0MB"


def price_cents(count: int, tariff: Tariff) -> int:
    """The price of that many bytes, up to the next whole cent."""
    return ceil(Fraction(count, BYTES_PER_MB) * Fraction(str(tariff.rand_per_mb)) * 100)


def price_text(count: int, tariff: Tariff, messages: Messages) -> str:
    """Price of `count` bytes, up to the next cent: `51c`, or `R1.02` from one rand up."""
    price = price_cents(count, tariff)
    return f"{price}c" if price < 100 else f"R{_places(price, messages)}"


def size_and_price(count: int, tariff: Tariff | None, messages: Messages) -> str:
    """What a control that spends `count` bytes says: `0.52 MB · 51c`; the size alone where no tariff is known."""
    size = size_text(count, messages)
    return f"{size} ·\u00a0{price_text(count, tariff, messages)}" if tariff else size


def _places(hundredths: int, messages: Messages) -> str:
    return f"{hundredths // 100}{messages('unit.decimal')}{hundredths % 100:02}"


@dataclass(frozen=True)
class TariffPrice:
    """One tariff in the table `What does it cost?`."""

    tariff: Tariff
    price: str
    is_selected: bool  # the one that prices on the page are shown at


def tariff_prices(
    count: int, tariffs: tuple[Tariff, ...], selected: Tariff | None, messages: Messages
) -> tuple[TariffPrice, ...]:
    return tuple(TariffPrice(t, price_text(count, t, messages), t == selected) for t in tariffs)
