"""Bytes to rands: never less than is paid."""

from __future__ import annotations

import pytest

from site_builder.library import prices
from site_builder.library.messages import messages_of
from site_builder.library.settings import Tariff

EN, AF = messages_of("en"), messages_of("af")


def tariff(rand_per_mb: float) -> Tariff:
    return Tariff(name="A", rand_per_mb=rand_per_mb, as_of="2026", source="B")


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0.00 MB"),
        (1, "0.01 MB"),
        (520_000, "0.52 MB"),
        (520_001, "0.53 MB"),
        (1_000_000, "1.00 MB"),
        (12_345_678, "12.35 MB"),
    ],
)
def test_a_size_is_rounded_up(count: int, said: str) -> None:
    assert prices.size_text(count, EN) == said.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("count", "rate", "said"),
    [
        (0, 0.99, "0c"),
        (1, 0.99, "1c"),
        (1_000_000, 0.99, "99c"),
        (1_000_000, 0.29, "29c"),  # 0.29 × 100 is 28.999999999999996 in floats, and 29 is right
        (1_000_000, 0.07, "7c"),  # 7.000000000000001 in floats
        (1_010_102, 0.99, "R1.01"),
        (1_030_000, 0.99, "R1.02"),
        (20_000_000, 0.085, "R1.70"),
    ],
)
def test_a_price_is_rounded_up_to_the_cent(count: int, rate: float, said: str) -> None:
    assert prices.price_text(count, tariff(rate), EN) == said


def test_afrikaans_has_a_decimal_comma() -> None:
    assert prices.size_and_price(1_500_000, tariff(0.99), AF) == "1,50\u00a0MB ·\u00a0R1,49"


def test_without_a_tariff_the_size_stands_alone() -> None:
    assert prices.size_and_price(520_000, None, EN) == "0.52\u00a0MB"


def test_the_table_has_every_tariff_and_marks_the_one_shown() -> None:
    dear, cheap = tariff(0.99), tariff(0.1)

    rows = prices.tariff_prices(500_000, (cheap, dear), dear, EN)

    assert [(row.price, row.is_selected) for row in rows] == [("5c", False), ("50c", True)]
