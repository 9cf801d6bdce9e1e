"""Quantities: numbers with units, as page, list and leaflet show them in each language. What is rounded is rounded up."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import get_args

from site_builder.library.formula import Measure, exact
from site_builder.library.model import Borrowed, Container
from site_builder.library.words import Words

CONTAINERS: tuple[str, ...] = get_args(Container)
# Powers of length (m) and of mass (kg), and how much of it one is. Containers hold what they hold: they measure nothing.
MEASURES: dict[str, Measure] = {
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
VULGAR = {Fraction(1, 4): "¼", Fraction(1, 2): "½", Fraction(3, 4): "¾"}
FIGURES, MAX_PLACES = 3, 6  # of an amount that was worked out


def conversion(unit: str, other: str) -> Fraction | None:
    """How many of `other` one of `unit` is; None where they measure different things."""
    if unit == other:
        return Fraction(1)
    if unit not in MEASURES or other not in MEASURES or MEASURES[unit][:2] != MEASURES[other][:2]:
        return None
    return MEASURES[unit][2] / MEASURES[other][2]


def rounded_up(amount: Fraction) -> Fraction:
    """To three figures, or to a whole number from a hundred up: what is bought by it is never too little."""
    places = 0
    while places < MAX_PLACES and amount * 10**places < 10 ** (FIGURES - 1):
        places += 1
    return Fraction(-(-amount * 10**places // 1), 10**places)


def number(value: float | Fraction, words: Words) -> str:
    """`2500`, `0.206`, `2,75` where a comma is written: as exact as it is, to six places."""
    whole, rest = divmod(round((value if isinstance(value, Fraction) else exact(value)) * 10**MAX_PLACES), 10**MAX_PLACES)
    places = f"{rest:0{MAX_PLACES}}".rstrip("0")
    return f"{whole}{words('unit.decimal')}{places}" if places else f"{whole}"


def unit_name(unit: str, count: float | Fraction, words: Words) -> str:
    """`bag`, `bags`; a sign (m², kg) stays as it is, and what is counted one by one has no name."""
    return words(f"unit.many_{unit}" if unit in CONTAINERS and count > 1 else f"unit.{unit}")


def quantity(count: float, unit: str, words: Words) -> str:
    """`2½ barrows`, `1 bag`, `5 ℓ`, `328`: what the editor wrote."""
    value = exact(count)
    whole, rest = divmod(value, 1)
    text = f"{whole or ''}{VULGAR[rest]}" if rest in VULGAR else number(value, words)
    return with_unit(text, unit_name(unit, value, words), words)


RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")


def with_unit(text: str, name: str, words: Words) -> str:
    """A number bound to its unit's name, which may be lent by another language; `5 kg` stays in this order within Arabic."""
    joined = f"{text}\u00a0{name}" if name else text
    if name and words.direction == "rtl" and not RIGHT_TO_LEFT.search(joined):
        joined = f"\u2066{joined}\u2069"
    return Borrowed(joined, name.lang) if isinstance(name, Borrowed) else joined
