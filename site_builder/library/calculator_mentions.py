"""Amounts that a how-to's words name beside its calculator, held against the calculator's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache

from site_builder.library import calculator, quantity
from site_builder.library.calculator import Answer
from site_builder.library.fallback import FallbackText
from site_builder.library.formula import to_fraction
from site_builder.library.howto import HowTo
from site_builder.library.messages import messages_of
from site_builder.library.problems import Problem, ProblemAt
from site_builder.library.quantity import unit_sign


def without_nbsp(text: str) -> str:
    """For a terminal: no-break spaces as others."""
    return text.replace("\u00a0", " ")


UNIT_WORDS = {
    "mm": "mm", "cm": "cm", "m": "m", "metre": "m", "metres": "m", "meter": "m", "m2": "m2", "m²": "m2", "m3": "m3", "m³": "m3",
    "ml": "ml", "l": "l", "ℓ": "l", "litre": "l", "litres": "l", "liter": "l", "liters": "l", "kg": "kg", "g": "g",
}  # fmt: skip
QUANTITY_PATTERN = re.compile(r"(?<![\w.,])(\d{1,9}(?:[.,]\d{1,9})?)[ \u00a0]?([^\W\d_]+[23²³]?)")


def quantities_in(text: str, lang: str = "en") -> Iterator[tuple[str, str]]:
    """Numbers with a unit that a text names, in its language's words."""
    known = unit_words(lang)
    for number, name in QUANTITY_PATTERN.findall(text.replace("½", ".5")):
        if name in known or name.casefold() in known:
            yield number.replace(",", "."), known.get(name) or known[name.casefold()]


@cache
def unit_words(lang: str) -> Mapping[str, str]:
    """The units, by the words that a language has for them."""
    messages = messages_of(lang)
    many = {str(messages(f"unit.{name}")).casefold(): unit for unit in quantity.CONTAINERS for name in (unit, f"many_{unit}")}
    return UNIT_WORDS | many


def contradicts(number: str, unit: str, answers: Iterable[Answer]) -> bool:
    """True if some answer has this unit and none of the amounts it allows rounds to the number, at the number of decimals
    written.
    """
    places = len(number.partition(".")[2])
    allowed = [fraction for answer in answers for fraction in allowed_mentions(unit, answer)]
    return bool(allowed) and all(abs(fraction - Fraction(number)) > Fraction(1, 2 * 10**places) for fraction in allowed)


def allowed_mentions(unit: str, answer: Answer) -> Iterator[Fraction]:
    """What may be said of an answer in a unit: with and without waste, packs, what is in a pack, and the rate."""
    packaging, give = calculator.packaging_of(answer.give), answer.give
    if unit == packaging.unit or unit == give.pack_unit:
        factor = quantity.conversion_factor(packaging.unit, unit) if packaging.unit else None
        for value in (
            answer.amount,
            answer.amount / (1 + to_fraction(give.waste_pct) / 100),
            packaging.size,
            to_fraction(give.rate),
        ):
            if value is not None and factor is not None:
                yield value * factor
        if packaging.size and answer.packs and factor:
            yield answer.packs * packaging.size * factor
    if unit == packaging.pack and answer.packs is not None and packaging.size:
        yield from (Fraction(answer.packs), answer.amount / packaging.size)
        yield answer.amount / (1 + to_fraction(give.waste_pct) / 100) / packaging.size


def check_passages(howto: HowTo, problem_at: ProblemAt) -> Iterator[Problem]:
    """Passages that name the how-to's own batch, and another amount than the calculator has for it."""
    answers = calculator.answers(howto)
    measured = (
        {(to_fraction(ask.default), ask.unit) for ask in howto.calculator.ask if ask.unit != "each"}
        if howto.calculator
        else set()
    )
    if not measured:
        return
    for where, passage in passages(howto):
        if isinstance(passage, FallbackText):
            continue
        quantities = list(quantities_in(passage, howto.lang))
        if not measured <= {(Fraction(number), unit) for number, unit in quantities}:
            continue
        for number, unit in quantities:
            if (Fraction(number), unit) not in measured and contradicts(number, unit, answers):
                answers_text = without_nbsp(
                    ", ".join(f"{answer.give.label} {answer.full_text(messages_of('en'))}" for answer in answers)
                )
                message = f"it says {number} {unit_sign(unit)}, the calculator {answers_text}"
                hint = f"both for {without_nbsp(calculator.batch_text(howto, messages_of('en')))}"
                problem = problem_at(where, message, hint, warning=True)
                # a translation's steps stand in an order of their own
                found_at = line_of_passage(passage, howto) if not where or howto.lang != howto.base_lang else 0
                yield replace(problem, line=found_at or problem.line)


def passages(howto: HowTo) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """All that a reader reads beside the calculator, each with its place."""
    yield ("summary",), howto.summary
    yield ("done_when",), howto.done_when
    if howto.calculator:
        yield ("calculator", "basis"), howto.calculator.basis
    for name in ("steps", "safety", "mistakes", "faq"):
        for index, part in enumerate(getattr(howto, name)):
            yield from (((name, index, field), text) for field, text in part if isinstance(text, str))
    if not isinstance(howto.body, FallbackText):
        yield from (((), paragraph) for paragraph in howto.body.split("\n\n"))


def line_of_passage(passage: str, howto: HowTo) -> int:
    """The line of a passage as it is written; 0 where it is written otherwise."""
    text = howto.source.read_text("utf-8-sig")
    at = text.find(passage.strip())
    return text.count("\n", 0, at) + 1 if at >= 0 else 0
