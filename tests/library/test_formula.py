"""Formulas of calculators: read without eval, worked out exactly, bounded over all that may be typed in."""

from __future__ import annotations

from fractions import Fraction
from time import perf_counter

import pytest

from site_builder.library import formula
from site_builder.library.formula import DividesByZero, InvalidFormula
from site_builder.library.quantity import UNIT_DIMENSIONS

F = Fraction


@pytest.mark.parametrize(
    ("per", "value"),
    [
        ("a", 6), ("a * b", 12), ("a * (b + 1) / 2", 9), ("a - b - 1", 3), ("-a + 10", 4), ("a / b / 3", 1), ("2.5 * a", 15),
        ("a * 1234567", 7407402), (".5 * a", 3), ("1. * a", 6), ("a / 3 * 3", 6), ("a * 0.1 * 3", F(9, 5)),
    ],
)  # fmt: skip
def test_a_formula_is_worked_out_to_the_last_figure(per: str, value: Fraction) -> None:
    assert formula.evaluate(formula.postfix(per), {"a": F(6), "b": F(2)}) == value


@pytest.mark.parametrize(
    "per",
    [
        "a **b",
        "a // b",
        "a b",
        "(a",
        "exec(a)",
        "a if b else a",
        "a.b",
        "",
        "1e999",
        "1e3*a",
        "9j",
        "0x10",
        "a < b",
        "1_0",
        "+a",
        "(" * 300 + "a" + ")" * 300,
        "-" * 5000 + "a",
        "'a'",
        "a[0]",
        "None",
        "...",
        "a,b",
    ],
)
def test_anything_else_is_refused(per: str) -> None:
    with pytest.raises(InvalidFormula):
        formula.postfix(per)


def test_dividing_by_nothing_has_no_value() -> None:
    with pytest.raises(DividesByZero):
        formula.evaluate(formula.postfix("a / b"), {"a": F(1), "b": F(0)})


SOUND = ["a", "a * b / 1000", "a / b", "a * a - a + 1", "(a + b) * 2", "a / (a * a - a + 1)", "b / (a + b)", "0 * a"]
UNSOUND = [
    "a / (b - b)", "a / 0", "a / (a - 3)", "b - a", "a - 3", "-b", "a * a * a * a * a * a * a * a * a * a", "9" * 70,
    "b / (a - 2.5)", "b / ((a - 1.7) * (a - 1.7))", "b / a", "1 / (a * b - 7)",
]  # fmt: skip
RANGES = {"a": (F(0), F(10)), "b": (F(1), F(10))}


@pytest.mark.parametrize("per", SOUND)
def test_a_formula_that_has_a_value_everywhere_is_shown_to_have_one(per: str) -> None:
    assert formula.find_counterexample(formula.postfix(per), RANGES, F(10**9)) is None


@pytest.mark.parametrize("per", UNSOUND)
def test_a_formula_that_somewhere_has_none_is_shown_where(per: str) -> None:
    steps = formula.postfix(per)

    fault = formula.find_counterexample(steps, RANGES, F(10**9))

    assert fault is not None
    assert all(RANGES[name][0] <= value <= RANGES[name][1] for name, value in fault.values.items())
    if fault.result is not None:
        assert formula.evaluate(steps, fault.values) == fault.result
        assert not 0 <= fault.result <= 10**9


def test_the_worst_formula_of_eighty_letters_is_bounded_in_a_moment() -> None:
    letters = "abcdefgh"
    ranges = {name: (F("0.000001"), F(999999)) for name in letters}
    worst = ["/".join(f"({name}-{name}*{name}+.1)" for name in "abcde"), "*".join(letters * 5)[:79], "/".join(letters * 5)[:79]]

    for per in worst:
        start = perf_counter()
        formula.find_counterexample(formula.postfix(per), ranges, F(10**9))
        assert perf_counter() - start < 5


@pytest.mark.parametrize(
    ("per", "asked", "unit"),
    [
        ("l*w*t/1000", {"l": "m", "w": "m", "t": "mm"}, "m3"), ("a*r", {"a": "m2", "r": "mm"}, "l"),
        ("a*c", {"a": "m2", "c": "each"}, "m2"), ("(l+w)*h", {"l": "m", "w": "m", "h": "m"}, "m2"),
        ("l + t/1000", {"l": "m", "t": "mm"}, "m"), ("v/w", {"v": "l", "w": "l"}, "each"), ("l + 1", {"l": "m"}, "m"),
        ("1000/l", {"l": "m"}, "each"),
    ],
)  # fmt: skip
def test_a_formula_is_known_to_count_in_its_unit_or_is_not_judged(per: str, asked: dict[str, str], unit: str) -> None:
    found = formula.dimensions_of(formula.postfix(per), {name: UNIT_DIMENSIONS[of] for name, of in asked.items()})

    assert per == "1000/l" or found is None or UNIT_DIMENSIONS[unit] in found


@pytest.mark.parametrize(
    ("per", "asked", "unit"),
    [
        ("l*w*t", {"l": "m", "w": "m", "t": "mm"}, "m3"), ("l*w", {"l": "m", "w": "m"}, "m3"),
        ("a*r", {"a": "m2", "r": "m"}, "l"),
        ("l", {"l": "cm"}, "m"),
    ],
)  # fmt: skip
def test_a_formula_that_counts_in_another_unit_is_known(per: str, asked: dict[str, str], unit: str) -> None:
    found = formula.dimensions_of(formula.postfix(per), {name: UNIT_DIMENSIONS[of] for name, of in asked.items()})

    assert found is not None
    assert UNIT_DIMENSIONS[unit] not in found


@pytest.mark.parametrize("per", ["l + t", "l - a", "l * w + l"])
def test_numbers_of_different_units_are_not_added(per: str) -> None:
    with pytest.raises(formula.MixedUnits):
        formula.dimensions_of(formula.postfix(per), {name: UNIT_DIMENSIONS[unit] for name, unit in UNITS.items()})


UNITS = {"l": "m", "w": "m", "t": "mm", "a": "m2"}
