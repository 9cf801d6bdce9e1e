"""Whatever `check` lets pass can be shown: calculators with words and numbers that make no sense, in every language."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from benchmarks.faults import HOWTO
from site_builder.leaflets import formats
from site_builder.leaflets import leaflet_data as leaflet_data
from site_builder.library import calculator, calculator_checks, formula, materials, settings_file
from site_builder.library.checks import problem_factory
from site_builder.library.howto import FrontMatter, HowTo
from site_builder.library.messages import LOCALES, messages_of
from site_builder.library.validation import validate
from tests.library.paint import PAINT
from tests.project import Project

TRIES = 500
LANGS = sorted(path.stem for path in LOCALES.glob("*.toml"))
UNITS = ["each", "m", "m2", "m3", "mm", "cm", "l", "ml", "kg", "g", "bag", "barrow", "tin", "box", None, "litre", "", 5]
NUMBERS = [0, 1, 5, 0.065, 65, 1e-9, 1e9, 1e308, -1, float("inf"), float("nan"), "5", True, None, 0.1, 3, 1e-300, 12345.678]
FORMULAS = ["a", "a*c", "a*c/1000", "a/c", "a/(c-1)", "c-a", "a**c", "a+", "(a)*(c)", "a*1e9", "1/a", "-a", "a*a*a*a*a",
            "((a", "x", "0", "a/" * 39 + "a", "", "é", "a*c+0*c", "9" * 80, "a-a", "a/0", "٣*a"]  # fmt: skip
MATERIALS: list[list[dict[str, Any]]] = [
    [],
    [{"name": "Wall paint", "qty": 2, "unit": "tin"}],
    [{"name": "Paint", "qty": 1}, {"name": "Paint tray", "qty": 1}],
    [{"name": "Paint 5 l (20 m² 7 kg)", "qty": 0.5, "unit": "kg"}],
]


def mutated(chance: random.Random) -> dict[str, Any]:
    """The right calculator with one to four of its fields turned into something else."""
    found = copy.deepcopy(PAINT)
    for _ in range(chance.randint(1, 4)):
        give, ask = found["give"][0], chance.choice(found["ask"])
        match chance.randrange(5):
            case 0:
                give[chance.choice(["unit", "pack_unit", "pack", "per"])] = chance.choice(UNITS)
            case 1:
                give[chance.choice(["rate", "pack_size", "waste_pct"])] = chance.choice(NUMBERS)
            case 2:
                ask[chance.choice(["min", "max", "default"])] = chance.choice(NUMBERS)
            case 3:
                found["per"] = chance.choice(FORMULAS)
            case 4:
                give.pop(chance.choice(["unit", "pack", "pack_size", "waste_pct"]), None)
    return found


def howtos(chance: random.Random) -> Iterator[HowTo]:
    """Those that the model takes."""
    for _ in range(TRIES):
        values = {**HOWTO, "calculator": mutated(chance), "materials": chance.choice(MATERIALS), "body": None}
        values = {name: value for name, value in values.items() if value is not None or name == "reviewed_by"}
        front, _ = validate(FrontMatter, values, {}, Path("a.md"))
        if front:
            own = {
                "base_lang": "en",
                "code": "b7x",
                "source": Path("a.md"),
                "body": "",
                "lang": "en",
                "slug": "a",
                "category": "b",
            }
            counted = materials.match_materials(front)
            yield HowTo.model_construct(**dict(front) | own, answer_materials=counted)


@pytest.mark.parametrize("seed", range(2))
def test_what_passes_check_has_an_answer_for_all_that_may_be_typed_in(project: Project, seed: int) -> None:
    chance = random.Random(seed)
    project.write()
    here = settings_file.load_settings(project.root / "mkdocs.yml")
    passed = 0

    for howto in howtos(chance):
        start = perf_counter()
        found = list(calculator_checks.check_calculator(howto, problem_factory(howto)))
        assert perf_counter() - start < 5, howto.calculator
        if any(not problem.warning for problem in found):
            continue
        passed += 1
        assert howto.calculator
        ranges = {ask.id: (formula.to_fraction(ask.min), formula.to_fraction(ask.max)) for ask in howto.calculator.ask}
        typed = [
            {name: low + (high - low) * Fraction(chance.randrange(101), 100) for name, (low, high) in ranges.items()}
            for _ in range(4)
        ]
        for values in (None, *typed):
            for one in calculator.answers(howto, values):
                assert 0 <= one.amount <= calculator_checks.MAX_ANSWER
                assert one.packs is None or 0 <= one.packs * (one.packaging.size or 1) - one.amount < (one.packaging.size or 1)
                assert "{" not in one.full_text(messages_of(chance.choice(LANGS)))
        frame = messages_of(chance.choice(LANGS))
        assert len(list(materials.supplies(howto, frame))) >= len(howto.materials)
        assert leaflet_data.template_texts(
            howto.model_copy(update={"lang": frame.lang}), {}, here, formats.load_formats()["leaflet"]
        )["batch"]

    assert passed > TRIES / 100  # or nothing was tried
