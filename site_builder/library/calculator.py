"""How much to buy: a calculator's answers, and how each is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from site_builder.library import formula, quantity
from site_builder.library.fallback import FallbackText
from site_builder.library.formula import to_fraction
from site_builder.library.howto import FrontMatter
from site_builder.library.howto_parts import Ask, Give
from site_builder.library.messages import Messages


@dataclass(frozen=True)
class Packaging:
    """The unit of an answer's amount, and how it is sold: `size` units to a pack called `pack`."""

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

    def purchase_text(self, messages: Messages) -> str:
        """`2 tins of 5 ℓ`, `3 bags`, `328`; the amount where any can be had."""
        return fill_template(purchase_template(self.give, messages), self, messages)

    def full_text(self, messages: Messages) -> str:
        """Amount and what to buy: `5.5 ℓ: 2 tins of 5 ℓ`."""
        return fill_template(amount_template(self.give, messages) + purchase_template(self.give, messages), self, messages)


def purchase_template(give: Give, messages: Messages) -> str:
    """Shopping-list text with placeholders: `{p}` packs with their name, `{a}` amount. calculator.js fills the same text."""
    packaging = packaging_of(give)
    if packaging.size is None:
        return quantity.join_unit("{a}", messages(f"unit.{packaging.unit}"), messages)
    if not packaging.pack or packaging.unit is None or packaging.unit in quantity.CONTAINERS:
        return "{p}"
    size = quantity.format_quantity(float(give.pack_size or 1), give.pack_unit or packaging.unit, messages)
    return messages("unit.packs", packs="{p}", size=size)


def amount_template(give: Give, messages: Messages) -> str:
    """Prefix of the shopping-list text: the amount, where it is in another unit than the packs."""
    packaging = packaging_of(give)
    apart = (
        packaging.size is not None
        and packaging.pack
        and packaging.unit is not None
        and packaging.unit not in quantity.CONTAINERS
    )
    return quantity.join_unit("{a}", messages(f"unit.{packaging.unit}"), messages) + ": " if apart else ""


def pack_name(give: Give, count: int, messages: Messages) -> str:
    packaging = packaging_of(give)
    return quantity.unit_name(packaging.pack or packaging.unit or "each", count, messages)


def fill_template(text: str, answer: Answer, messages: Messages) -> str:
    packs = answer.packs or 0
    filled = text.replace("{p}", quantity.join_unit(str(packs), pack_name(answer.give, packs, messages), messages))
    filled = filled.replace("{a}", quantity.format_number(quantity.round_up(answer.amount), messages))
    name = pack_name(answer.give, packs, messages)
    return FallbackText(filled, name.lang) if isinstance(name, FallbackText) else filled


def amount_per_unit(give: Give) -> Fraction:
    """How much of it for one of what the formula counts, waste included."""
    return to_fraction(give.rate) * (1 + to_fraction(give.waste_pct) / 100)


def answer_to(give: Give, result: Fraction) -> Answer:
    """The answer to the formula's value. Exact: a bag is added for what is really needed, and for nothing else."""
    total, size = result * amount_per_unit(give), packaging_of(give).size
    return Answer(give, total, None if size is None else -(-total // size))


def answers(howto: FrontMatter, values: Mapping[str, Fraction] | None = None) -> tuple[Answer, ...]:
    """All answers, for these numbers or for the how-to's own batch; none without a calculator.

    Raises InvalidFormula, DividesByZero, or KeyError for a name that is not asked, where the calculator was not checked.
    """
    block = howto.calculator
    if block is None:
        return ()
    result = formula.evaluate(formula.postfix(block.per), values or default_values(howto))
    return tuple(answer_to(give, result) for give in block.give)


def default_values(howto: FrontMatter) -> dict[str, Fraction]:
    """The how-to's own: what the page begins with, and what its materials are listed for."""
    return {ask.id: to_fraction(ask.default) for ask in howto.calculator.ask} if howto.calculator else {}


def input_text(ask: Ask, value: str, messages: Messages) -> str:
    """`Wall area 20 m²`"""
    unit = quantity.unit_name(ask.unit, 2, messages)
    text = f"{ask.label} {quantity.join_unit(value, unit, messages)}"
    return f"\u2068{text}\u2069" if messages.direction == "rtl" else text  # a label may be lent by a language of the other way


def batch_text(howto: FrontMatter, messages: Messages) -> str:
    """`Wall area 20 m² · Coats 2`"""
    asks = howto.calculator.ask if howto.calculator else ()
    return " · ".join(input_text(ask, quantity.format_number(ask.default, messages), messages) for ask in asks)
