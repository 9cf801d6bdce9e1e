"""A calculator's sum, compiled once to a list that the page's script can work out without `eval`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from math import ceil

from site_builder.library.model import Give, HowTo
from site_builder.library.problems import Problem

SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class NoSum(ValueError):
    """What stands in `per` is no sum of the asked numbers."""


def compiled(per: str) -> tuple[str, ...]:
    """The sum with each sign after its two numbers: `a * (b + 1)` is `a b 1 + *`. Raises NoSum."""
    try:
        tree = ast.parse(per.strip(), mode="eval")
    except SyntaxError as error:
        raise NoSum(f"'{per}' is no sum") from error
    return tuple(_walk(tree.body, per))


def _walk(node: ast.expr, per: str) -> list[str]:
    match node:
        case ast.Constant(value=int() | float() as number):
            return [f"{number:g}"]
        case ast.Name(id=name):
            return [name]
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
            return [*_walk(left, per), *_walk(right, per), SIGNS[type(sign)]]
        case ast.UnaryOp(op=ast.USub(), operand=number):
            return ["0", *_walk(number, per), "-"]
    raise NoSum(f"'{per}' has more in it than numbers, names, + - * / and ( )")


def worked_out(steps: tuple[str, ...], values: Mapping[str, float]) -> float | None:
    """The sum's value; None when it divides by nothing."""
    stack: list[float] = []
    for step in steps:
        if step not in SIGNS.values():
            stack.append(values[step] if step in values else float(step))
            continue
        right, left = stack.pop(), stack.pop()
        if step == "/" and right == 0:
            return None
        stack.append({"+": left + right, "-": left - right, "*": left * right}[step] if step != "/" else left / right)
    return stack[0]


def packs(amount: float | None, give: Give) -> int | None:
    """Whole packs to buy. The crumb taken off keeps 3.0000000001 at 3."""
    if amount is None or amount < 0:
        return None
    return ceil(amount * factor(give) - 1e-9)


def factor(give: Give) -> float:
    """Packs for each one of what the sum gives."""
    return give.rate * (1 + give.waste_pct / 100) / give.pack_size


def problems(howto: HowTo) -> list[Problem]:
    """A sum that the page could not work out."""
    if howto.calculator is None:
        return []
    try:
        compiled(howto.calculator.per)
    except NoSum as error:
        line = howto.line("calculator", "per")
        return [Problem(howto.source, line, str(error), "numbers and asked names with + - * / and ( )")]
    return []
