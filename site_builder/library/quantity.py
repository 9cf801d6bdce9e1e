"""Quantities: numbers with units, as page, list and leaflet show them in each language. What is rounded is rounded up."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

from site_builder.library.fallback import FallbackText
from site_builder.library.field_types import Container
from site_builder.library.formula import Dimension, to_fraction
from site_builder.library.messages import Messages
from site_builder.library.writing_systems import RTL_CHARACTER

CONTAINERS: tuple[str, ...] = get_args(Container)
# Powers of length (m) and of mass (kg), and how much of it one is. Containers hold what they hold: they measure nothing.
UNIT_DIMENSIONS: dict[str, Dimension] = {
    "each": (0, 0, Fraction(1)),
    "mm": (1, 0, Fraction(1, 1000)),
    "cm": (1, 0, Fraction(1, 100)),
    "m": (1, 0, Fraction(1)),
    "m2": (2, 0, Fraction(1)),
    "m3": (3, 0, Fraction(1)),
    "ml": (3, 0, Fraction(1, 1_000_000)),
    "l": (3, 0, Fraction(1, 1000)),
    "g": (0, 1, Fraction(1, 1000)),
    "kg": (0, 1, Fraction(1)),
}
VULGAR_FRACTIONS = {Fraction(1, 4): "¼", Fraction(1, 2): "½", Fraction(3, 4): "¾"}
SIGNIFICANT_FIGURES, MAX_PLACES = 3, 6  # of an amount that was worked out


def conversion_factor(unit: str, other: str) -> Fraction | None:
    """How many of `other` one of `unit` is; None where they measure different things."""
    if unit == other:
        return Fraction(1)
    if unit not in UNIT_DIMENSIONS or other not in UNIT_DIMENSIONS or UNIT_DIMENSIONS[unit][:2] != UNIT_DIMENSIONS[other][:2]:
        return None
    return UNIT_DIMENSIONS[unit][2] / UNIT_DIMENSIONS[other][2]


def round_up(amount: Fraction) -> Fraction:
    """To three figures, or to a whole number from a hundred up: what is bought by it is never too little."""
    places = 0
    while places < MAX_PLACES and amount * 10**places < 10 ** (SIGNIFICANT_FIGURES - 1):
        places += 1
    return Fraction(-(-amount * 10**places // 1), 10**places)


def format_number(value: float | Fraction, messages: Messages) -> str:
    """`2500`, `0.206`, `2,75` where a comma is written: as exact as it is, to six places."""
    whole, rest = divmod(round((value if isinstance(value, Fraction) else to_fraction(value)) * 10**MAX_PLACES), 10**MAX_PLACES)
    places = f"{rest:0{MAX_PLACES}}".rstrip("0")
    return f"{whole}{messages('unit.decimal')}{places}" if places else f"{whole}"


def unit_name(unit: str, count: float | Fraction, messages: Messages) -> str:
    """`bag`, `bags`; a sign (m², kg) stays as it is, and what is counted one by one has no name."""
    return messages(f"unit.many_{unit}" if unit in CONTAINERS and count > 1 else f"unit.{unit}")


def format_quantity(count: float, unit: str, messages: Messages) -> str:
    """`2½ barrows`, `1 bag`, `5 ℓ`, `328`: what the editor wrote."""
    value = to_fraction(count)
    whole, rest = divmod(value, 1)
    text = f"{whole or ''}{VULGAR_FRACTIONS[rest]}" if rest in VULGAR_FRACTIONS else format_number(value, messages)
    return join_unit(text, unit_name(unit, value, messages), messages)


def join_unit(text: str, name: str, messages: Messages) -> str:
    """A number bound to its unit's name, which may be lent by another language; `5 kg` stays in this order within Arabic."""
    joined = f"{text}\u00a0{name}" if name else text
    if name and messages.direction == "rtl" and not RTL_CHARACTER.search(joined):
        joined = f"\u2066{joined}\u2069"
    return FallbackText(joined, name.lang) if isinstance(name, FallbackText) else joined


UNIT_SIGNS = {"m": "m", "m2": "m²", "m3": "m³", "mm": "mm", "cm": "cm", "l": "ℓ", "ml": "ml", "kg": "kg", "g": "g"}


def unit_sign(unit: str) -> str:
    return UNIT_SIGNS.get(unit, "pieces" if unit == "each" else unit)
