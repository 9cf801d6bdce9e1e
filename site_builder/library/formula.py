"""A calculator's formula: read once into postfix order, worked out exactly, and bounded over all that may be typed in.

Numbers are fractions of whole numbers, here and in the page's script (BigInt): no float noise buys another bag.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
DECIMAL_PATTERN = re.compile(r"\d+(\.\d*)?|\.\d+")
MAX_BOXES = 400  # into which the ranges are cut to bound a formula
Interval = tuple[Fraction, Fraction]
Values = Mapping[str, Fraction]
Ranges = Mapping[str, Interval]


class InvalidFormula(ValueError):
    """What is written is no formula of names and numbers with + - * / ( )."""


class DividesByZero(ArithmeticError):
    """A divisor is 0, or an interval that holds 0."""


def to_fraction(number: float | str) -> Fraction:
    """The decimal number as it is written: 0.1 is one tenth."""
    return Fraction(str(number))


def postfix(formula: str) -> tuple[str, ...]:
    """Each operator after its two operands: `a * (b + 1)` is `a b 1 + *`. Raises InvalidFormula."""
    text = formula.strip()
    try:
        return tuple(_postfix(ast.parse(text, mode="eval").body, text))
    except (SyntaxError, RecursionError, MemoryError):
        raise InvalidFormula(f"'{formula}' is no sum") from None


def _postfix(node: ast.expr, text: str) -> list[str]:
    match node:
        case ast.Constant():
            written = ast.get_source_segment(text, node) or ""
            if DECIMAL_PATTERN.fullmatch(written):
                return [str(to_fraction(written))]
        case ast.Name(id=name):
            return [name]
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
            return [*_postfix(left, text), *_postfix(right, text), OPERATORS[type(operator)]]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return ["0", *_postfix(operand, text), "-"]
    raise InvalidFormula(f"'{text}' is no sum")


def names_in(steps: tuple[str, ...]) -> set[str]:
    return {step for step in steps if step[0].isalpha()}


def evaluate(steps: tuple[str, ...], values: Values) -> Fraction:
    """The formula's value. Raises DividesByZero."""
    points = {name: (value, value) for name, value in values.items()}
    return interval(steps, points)[0]


def interval(steps: tuple[str, ...], ranges: Ranges) -> Interval:
    """Bounds of all values of the formula, wider than need be where a name stands in it twice. Raises DividesByZero."""
    stack: list[Interval] = []
    for step in steps:
        if step not in OPERATORS.values():
            stack.append(ranges[step] if step in ranges else (Fraction(step), Fraction(step)))
            continue
        (low, high), (left_low, left_high) = stack.pop(), stack.pop()
        if step == "+":
            stack.append((left_low + low, left_high + high))
        elif step == "-":
            stack.append((left_low - high, left_high - low))
        else:
            if step == "/":
                if low <= 0 <= high:
                    raise DividesByZero
                low, high = 1 / high, 1 / low
            ends = (left_low * low, left_low * high, left_high * low, left_high * high)
            stack.append((min(ends), max(ends)))
    return stack[0]


@dataclass(frozen=True)
class Counterexample:
    """Values within the ranges at which a formula has no usable value: None where it divides by 0 or may do so."""

    values: Values
    result: Fraction | None


def find_counterexample(steps: tuple[str, ...], ranges: Ranges, limit: Fraction) -> Counterexample | None:
    """Where the formula divides by 0, is negative or above `limit`; None where it is shown that it nowhere does.

    Boxes that interval arithmetic cannot prove are halved along their longest side; one that stays unproven is a fault.
    """
    boxes = [dict(ranges)]
    for _ in range(MAX_BOXES):
        if not boxes:
            return None
        box = boxes.pop(0)
        try:
            low, high = interval(steps, box)
            if low >= 0 and high <= limit:
                continue
        except DividesByZero:
            pass
        for at in (0, 2, 1):  # its lower ends, its upper ends, its middle
            point = {name: (low * (2 - at) + high * at) / 2 for name, (low, high) in box.items()}
            if fault := _fault_at(steps, point, limit):
                return fault
        name = max(box, key=lambda name: (box[name][1] - box[name][0]) / (1 + box[name][1]), default="")
        if not name or box[name][0] == box[name][1]:
            continue  # a point, and nothing is wrong there
        low, high = box[name]
        middle = (low + high) / 2
        boxes += [box | {name: (low, middle)}, box | {name: (middle, high)}]
    return Counterexample({name: (low + high) / 2 for name, (low, high) in boxes[0].items()}, None) if boxes else None


def _fault_at(steps: tuple[str, ...], point: Values, limit: Fraction) -> Counterexample | None:
    try:
        result = evaluate(steps, point)
    except DividesByZero:
        return Counterexample(point, None)
    return Counterexample(point, result) if not 0 <= result <= limit else None


# ---- what a formula counts in

Dimension = tuple[int, int, Fraction]  # powers of length and of mass, and how much of the SI unit a value of 1 is
Dimensions = frozenset[Dimension]


class MixedUnits(ValueError):
    """Two numbers are added that count in different units."""


def dimensions_of(steps: tuple[str, ...], units: Mapping[str, Dimension | None]) -> Dimensions | None:
    """All that the formula's value may count in; None where that cannot be told. Raises MixedUnits.

    A power of a thousand may turn a unit into another (mm / 1000) or be a bare number. Any other number may have a unit of its
    own (`l / 2.4 + 1`: a post every 2.4 m), so nothing is claimed of what it multiplies.
    """
    stack: list[Dimensions | Fraction | None] = []
    for step in steps:
        if step not in OPERATORS.values():
            if step in units:
                known = units[step]
                stack.append(frozenset({known}) if known else None)
            else:
                stack.append(Fraction(step))
            continue
        right, left = stack.pop(), stack.pop()
        if step in "+-":
            stack.append(_added(left, right))
        else:
            stack.append(_multiplied(left, right, 1 if step == "*" else -1))
    found = stack[0]
    return None if isinstance(found, Fraction) else found


def _added(left: Dimensions | Fraction | None, right: Dimensions | Fraction | None) -> Dimensions | Fraction | None:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left + right
    if isinstance(left, Fraction):  # so many more of the same
        return right
    if isinstance(right, Fraction):
        return left
    if left is None or right is None:
        return None
    if not left & right:
        raise MixedUnits
    return left & right


def _multiplied(
    left: Dimensions | Fraction | None, right: Dimensions | Fraction | None, power: int
) -> Dimensions | Fraction | None:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left * right**power if right else None
    if left is None or right is None:
        return None
    if isinstance(right, Fraction):
        return _converted(left, right**power if right else Fraction(0)) if isinstance(left, frozenset) else None
    if isinstance(left, Fraction):
        return _converted(frozenset((power * length, power * mass, scale**power) for length, mass, scale in right), left)
    return frozenset(
        (length + power * length2, mass + power * mass2, scale * scale2**power)
        for length, mass, scale in left
        for length2, mass2, scale2 in right
    )


def _converted(found: Dimensions, factor: Fraction) -> Dimensions | None:
    thousand = max(factor.numerator, factor.denominator)
    while thousand > 1 and thousand % 1000 == 0:
        thousand //= 1000
    if factor <= 0 or thousand != 1 or 1 not in (factor.numerator, factor.denominator):
        return None
    return found | {(length, mass, scale / factor) for length, mass, scale in found}
