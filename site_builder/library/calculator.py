"""How much to buy: a calculator's answers, and how each is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from site_builder.library import formula, quantity
from site_builder.library.fallback import FallbackText
from site_builder.library.formula import to_fraction
from site_builder.library.howto import Ask, FrontMatter, Give
from site_builder.library.messages import Messages


@dataclass(frozen=True)
class Packaging:
    """How an answer is measured and sold. Amounts are in `unit`; `size` of it is in each pack."""

    unit: str | None  # None: only packs are counted, of a size that is nowhere said
    size: Fraction | None  # None: any amount can be had
    pack: str = ""  # what a pack is called; empty where it is a whole one of `unit` itself


def packaging_of(give: Give) -> Packaging:
    """What `unit`, `pack`, `pack_size` and `pack_unit` say together.

    Without `unit` and `pack`, a `pack_unit` is both: `pack_size: 5, pack_unit: l` are packs of 5 ℓ, `pack_unit: bag` are bags.
    """
    unit = give.unit or give.pack_unit or "each"
    if unit in quantity.CONTAINERS:
        return Packaging(unit if give.unit else None, to_fraction(give.pack_size or 1), unit)
    if give.pack_size is None:
        return Packaging(unit, Fraction(1) if unit == "each" else None)
    size = to_fraction(give.pack_size) * (quantity.conversion_factor(give.pack_unit or unit, unit) or 1)
    if give.pack is None and size == 1:
        return Packaging(unit, size)
    return Packaging(unit, size, give.pack or "pack")


@dataclass(frozen=True)
class Answer:
    """What is needed of one thing, waste included, and the whole packs to buy of it."""

    give: Give
    amount: Fraction
    packs: int | None  # None: any amount can be had

    @property
    def packaging(self) -> Packaging:
        return packaging_of(self.give)

    def purchase_text(self, words: Messages) -> str:
        """`2 tins of 5 ℓ`, `3 bags`, `328`; the amount where any can be had."""
        return fill_template(purchase_template(self.give, words), self, words)

    def full_text(self, words: Messages) -> str:
        """The same behind the amount with its unit: `5.5 ℓ: 2 tins of 5 ℓ`."""
        return fill_template(amount_template(self.give, words) + purchase_template(self.give, words), self, words)


def purchase_template(give: Give, words: Messages) -> str:
    """What stands on the shopping list: {p} are the packs with their name, {a} is the amount."""
    kind = packaging_of(give)
    if kind.size is None:
        return quantity.join_unit("{a}", words(f"unit.{kind.unit}"), words)
    if not kind.pack or kind.unit is None or kind.unit in quantity.CONTAINERS:
        return "{p}"
    size = quantity.format_quantity(float(give.pack_size or 1), give.pack_unit or kind.unit, words)
    return words("unit.packs", packs="{p}", size=size)


def amount_template(give: Give, words: Messages) -> str:
    """What stands before it: the amount, where packs are of another unit than what they hold."""
    kind = packaging_of(give)
    apart = kind.size is not None and kind.pack and kind.unit is not None and kind.unit not in quantity.CONTAINERS
    return quantity.join_unit("{a}", words(f"unit.{kind.unit}"), words) + ": " if apart else ""


def pack_name(give: Give, count: int, words: Messages) -> str:
    kind = packaging_of(give)
    return quantity.unit_name(kind.pack or kind.unit or "each", count, words)


def fill_template(text: str, answer: Answer, words: Messages) -> str:
    packs = answer.packs or 0
    said = text.replace("{p}", quantity.join_unit(str(packs), pack_name(answer.give, packs, words), words))
    said = said.replace("{a}", quantity.format_number(quantity.round_up(answer.amount), words))
    lent = pack_name(answer.give, packs, words)
    return FallbackText(said, lent.lang) if isinstance(lent, FallbackText) else said


def amount_per_unit(give: Give) -> Fraction:
    """How much of it for one of what the formula counts, waste included."""
    return to_fraction(give.rate) * (1 + to_fraction(give.waste_pct) / 100)


def answer_to(give: Give, result: Fraction) -> Answer:
    """The answer to the formula's value. Exact: a bag is added for what is really needed, and for nothing else."""
    total, size = result * amount_per_unit(give), packaging_of(give).size
    return Answer(give, total, None if size is None else -(-total // size))


def answers(howto: FrontMatter, values: Mapping[str, Fraction] | None = None) -> tuple[Answer, ...]:
    """All of them, for these numbers or for the how-to's own batch. Raises InvalidFormula and DividesByZero if unchecked."""
    asked = howto.calculator
    if asked is None:
        return ()
    result = formula.evaluate(formula.postfix(asked.per), values or default_values(howto))
    return tuple(answer_to(give, result) for give in asked.give)


def default_values(howto: FrontMatter) -> dict[str, Fraction]:
    """The how-to's own: what the page begins with, and what its materials are listed for."""
    return {ask.id: to_fraction(ask.default) for ask in howto.calculator.ask} if howto.calculator else {}


def input_text(ask: Ask, value: str, words: Messages) -> str:
    """`Wall area 20 m²`"""
    name = quantity.unit_name(ask.unit, 2, words)
    said = f"{ask.label} {quantity.join_unit(value, name, words)}"
    return f"\u2068{said}\u2069" if words.direction == "rtl" else said  # a label may be lent by a language of the other way


def batch_text(howto: FrontMatter, words: Messages) -> str:
    """`Wall area 20 m² · Coats 2`"""
    asks = howto.calculator.ask if howto.calculator else ()
    return " · ".join(input_text(ask, quantity.format_number(ask.default, words), words) for ask in asks)
