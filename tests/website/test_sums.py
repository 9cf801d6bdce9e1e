"""Calculators: sums without eval, packs as whole ones."""

from __future__ import annotations

import pytest

from site_builder.library.model import Give
from site_builder.website import sums


@pytest.mark.parametrize(
    ("per", "value"),
    [("a", 6), ("a * b", 12), ("a * (b + 1) / 2", 9), ("a - b - 1", 3), ("-a + 10", 4), ("a / b / 3", 1), ("2.5 * a", 15)],
)
def test_a_sum_is_worked_out(per: str, value: float) -> None:
    assert sums.worked_out(sums.compiled(per), {"a": 6, "b": 2}) == value


@pytest.mark.parametrize("per", ["a **b", "a // b", "a b", "(a", "exec(a)", "a if b else a", "a.b", ""])
def test_anything_else_is_refused(per: str) -> None:
    with pytest.raises(sums.NoSum):
        sums.compiled(per)


def test_dividing_by_nothing_has_no_answer() -> None:
    assert sums.worked_out(sums.compiled("a / b"), {"a": 1, "b": 0}) is None


@pytest.mark.parametrize(
    ("amount", "rate", "waste", "pack", "packs"),
    [(6, 0.156, 10, 1, 2), (10, 0.1, 0, 1, 1), (3, 1, 0, 0.1, 30), (0, 1, 0, 1, 0), (2, 3, 10, 20, 1)],
)
def test_packs_are_whole_and_a_crumb_buys_no_other(amount: float, rate: float, waste: float, pack: float, packs: int) -> None:
    give = Give(label="x", per="m2", rate=rate, waste_pct=waste, pack_size=pack, pack_unit="bag")

    assert sums.packs(amount, give) == packs
