"""What is wrong with a calculator: its formula over all that may be typed in, its units, and the materials that it counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction

from site_builder.library import calculator, formula, materials, quantity
from site_builder.library.calculator import Answer
from site_builder.library.calculator_mentions import check_passages, contradicts, quantities_in, without_nbsp
from site_builder.library.formula import to_fraction
from site_builder.library.howto import HowTo
from site_builder.library.howto_parts import Ask, Calculator, Give, Material
from site_builder.library.messages import messages_of
from site_builder.library.problems import Problem, ProblemAt, did_you_mean
from site_builder.library.quantity import unit_sign
from site_builder.memo import Memo

MAX_ANSWER = 1_000_000_000  # of an answer: more is a slip, and no page has room for it
DIMENSION_NAMES = {(0, 0): "a bare number", (1, 0): "a length", (2, 0): "an area", (3, 0): "a volume", (0, 1): "a mass"}


def check_calculator(howto: HowTo, problem_at: ProblemAt) -> Iterator[Problem]:
    """Everything that is wrong with it. What is compared with its answers is compared only where it has some."""
    block = howto.calculator
    if block is None:
        return
    problems = [
        *check_inputs(block.ask, problem_at),
        *check_units(block.give, problem_at),
        *check_material_links(howto, block, problem_at),
    ]
    yield from problems
    try:
        steps = formula.postfix(block.per)
    except formula.InvalidFormula as error:
        hint = f"numbers and {', '.join(ask.id for ask in block.ask)} with + - * / and ( )"
        yield problem_at(("calculator", "per"), str(error), hint)
        return
    more_problems = [*check_input_names(steps, block, problem_at)]
    yield from more_problems
    if any(not problem.warning for problem in [*problems, *more_problems]):
        return
    more_problems = [*check_range(steps, block, problem_at), *check_formula_unit(steps, block, problem_at)]
    yield from more_problems
    if not more_problems:
        yield from check_listed_amounts(howto, problem_at)
        yield from check_passages(howto, problem_at)


def check_memoised(howto: HowTo, problem_at: ProblemAt, memo: Memo) -> list[Problem]:
    """Like check_calculator, but a how-to is not checked again until what is checked changes."""
    if howto.calculator is None:
        return []

    def run_checks() -> bytes:
        found = check_calculator(howto, problem_at)
        return json.dumps([(row.line, row.message, row.hint, row.warning, row.snippet) for row in found]).encode()

    rows = json.loads(memo.get("calculator", howto.model_dump_json().encode(), run_checks) or b"[]")
    return [Problem(howto.source, *row) for row in rows]


def check_translation(howto: HowTo, problem_at: ProblemAt) -> Iterator[Problem]:
    """What a translation says beside a calculator that is right."""
    try:
        calculator.answers(howto)
    except (formula.InvalidFormula, formula.DividesByZero, KeyError):
        return  # told at its how-to
    yield from check_material_names(howto, problem_at)
    yield from check_passages(howto, problem_at)


def check_inputs(all_asks: Iterable[Ask], problem_at: ProblemAt) -> Iterator[Problem]:
    known_ids: set[str] = set()
    for index, ask in enumerate(all_asks):
        where = ("calculator", "ask", index)
        if ask.id in known_ids:
            yield problem_at(where, f"'{ask.id}' is asked twice")
        known_ids.add(ask.id)
        if ask.min > ask.max:
            yield problem_at(where, f"'{ask.label}' may be from {ask.min:g} up to {ask.max:g}", "'min' is the smaller one")
        elif not ask.min <= ask.default <= ask.max:
            yield problem_at(where, f"'{ask.label}' starts at {ask.default:g}, outside {ask.min:g}–{ask.max:g}")


def check_input_names(steps: tuple[str, ...], block: Calculator, problem_at: ProblemAt) -> Iterator[Problem]:
    ids = [ask.id for ask in block.ask]
    used = formula.names_in(steps)
    for name in sorted(used - set(ids)):
        hint = did_you_mean(name, ids, f"asked: {', '.join(ids)}")
        yield problem_at(("calculator", "per"), f"the sum uses '{name}', which is not asked", hint)
    for index, ask in enumerate(block.ask):
        if ask.id not in used:
            message = f"'{ask.label}' is asked and changes nothing: the sum has no '{ask.id}'"
            yield problem_at(("calculator", "ask", index), message, "use it in 'per', or do not ask for it", warning=True)


# ---- units
def check_units(gives: Iterable[Give], problem_at: ProblemAt) -> Iterator[Problem]:
    """Amount, pack and what is shown must measure the same."""
    for index, give in enumerate(gives):
        where = ("calculator", "give", index)
        unit, of = give.unit or give.pack_unit, give.pack_unit or give.unit
        example = "such as 'unit: l, pack: tin, pack_size: 5'"
        if unit is None or of is None:
            yield problem_at(where, f"'{give.label}' has no unit: nobody knows what its number counts", example)
        elif give.unit and unit not in quantity.CONTAINERS and of in quantity.CONTAINERS:
            message = f"'{give.label}' is counted in {unit_sign(unit)}, and its pack holds '{of}'"
            yield problem_at((*where, "pack_unit"), message, f"'pack: {of}', and 'pack_unit' is the unit of what is in it")
        elif give.pack and unit in quantity.CONTAINERS:
            message = f"'{give.label}' is counted in '{unit}', which is no unit of what is in a {give.pack}"
            yield problem_at((*where, "unit" if give.unit else "pack_unit"), message, example)
        elif quantity.conversion_factor(of, unit) is None:
            message = f"'{give.label}' is counted in {unit_sign(unit)}, its pack in {unit_sign(of)}"
            yield problem_at((*where, "pack_unit"), message, "both in the same, or the rate for the other")
        elif give.pack and give.pack_size is None:
            message = f"'{give.label}' is sold in a {give.pack}, and nothing says how much is in it"
            yield problem_at((*where, "pack"), message, example)
        elif unit in quantity.CONTAINERS and give.pack_size not in (None, 1):
            if give.unit:
                yield problem_at((*where, "pack_size"), f"a {unit} of {give.pack_size:g} {unit}", example)
            else:
                message = f"'{give.label}': nothing says in what a {unit} is {give.pack_size:g}, so its amount is not shown"
                example = f"such as 'unit: m3, pack: {unit}, pack_size: 65, pack_unit: l'"
                yield problem_at((*where, "pack_size"), message, example, warning=True)


def check_formula_unit(steps: tuple[str, ...], block: Calculator, problem_at: ProblemAt) -> Iterator[Problem]:
    """The formula must count in what `per` says of it, as far as that can be told."""
    where = ("calculator", "per")
    try:
        dimensions = formula.dimensions_of(steps, {ask.id: quantity.UNIT_DIMENSIONS.get(ask.unit) for ask in block.ask})
    except formula.MixedUnits:
        yield problem_at(where, f"'{block.per}' adds numbers of different units", "mm / 1000 are m")
        return
    if dimensions is None:
        return
    for index, give in enumerate(block.give):
        expected = quantity.UNIT_DIMENSIONS.get(give.per)
        if expected is None or expected in dimensions:
            continue
        at = ("calculator", "give", index, "per")
        same = [scale for length, mass, scale in dimensions if (length, mass) == expected[:2]]
        if not same:
            length, mass, _ = min(dimensions)
            named = DIMENSION_NAMES.get((length, mass), "something else")
            yield problem_at(
                at, f"'{block.per}' is {named}, 'per' says {unit_sign(give.per)}", "see the units of what is asked"
            )
            continue
        factor = min(same) / expected[2]
        change = f"'/ {1 / factor}'" if factor < 1 else f"'* {factor}'"
        yield problem_at(
            at, f"'{block.per}' does not give {unit_sign(give.per)}: a unit is not converted", f"it lacks {change}"
        )


# ---- numbers
def check_range(steps: tuple[str, ...], block: Calculator, problem_at: ProblemAt) -> Iterator[Problem]:
    """No number that may be typed in leads to an answer that is none."""
    largest_factor = max(
        calculator.amount_per_unit(give) * max(Fraction(1), 1 / (calculator.packaging_of(give).size or Fraction(1)))
        for give in block.give
    )
    ranges = {ask.id: (to_fraction(ask.min), to_fraction(ask.max)) for ask in block.ask}
    fault = formula.find_counterexample(steps, ranges, MAX_ANSWER / largest_factor)
    if fault is None:
        try:
            result = formula.evaluate(steps, {ask.id: to_fraction(ask.default) for ask in block.ask})
        except formula.DividesByZero:  # pragma: no cover - it is within the ranges
            return
        if result == 0:
            message = "the sum gives 0 for what the page begins with"
            yield problem_at(("calculator", "per"), message, "change a 'default'", warning=True)
        return
    at = " and ".join(f"{name} = {float(value):g}" for name, value in fault.values.items() if name in formula.names_in(steps))
    at = f" where {at}" if at else ""
    if fault.result is None:
        message = f"the sum divides by 0{at}, or comes too near to it"
    elif fault.result < 0:
        message = f"the sum gives {short_number(fault.result)}{at}: nobody can buy less than nothing"
    else:
        message = f"the sum gives more than {MAX_ANSWER:,}{at}"
    yield problem_at(("calculator", "per"), message, "change it, or the smallest and largest number that may be typed in")


def short_number(value: Fraction) -> str:
    return f"{float(value):.4g}" if abs(value) < 10**300 else "a number of hundreds of figures"


# ---- what the how-to says beside it
def check_material_links(howto: HowTo, block: Calculator, problem_at: ProblemAt) -> Iterator[Problem]:
    """Which row of the list each answer counts."""
    for index, give in enumerate(block.give):
        where = ("calculator", "give", index)
        fits = materials.matching_materials(give, howto.materials)
        names = [material.name for material in howto.materials]
        if give.material is not None and not fits:
            hint = did_you_mean(give.material, names, f"materials: {', '.join(names)}")
            yield problem_at((*where, "material"), f"no material is called '{give.material}'", hint)
        elif howto.answer_materials[index] is None and materials.is_sold_in_packs(give) and howto.materials:
            hint = "add 'material: …' with the name as it stands in 'materials', or a row for it"
            yield problem_at(where, f"'{give.label}' is no row of 'materials', so the list gets one more", hint, warning=True)


def check_listed_amounts(howto: HowTo, problem_at: ProblemAt) -> Iterator[Problem]:
    """The list is for the numbers that the calculator begins with: both say the same."""
    english = messages_of("en")
    for answer, index in zip(calculator.answers(howto), howto.answer_materials, strict=True):
        if index is None:
            continue
        material = howto.materials[index]
        allowed = allowed_amounts(answer, material)
        answer_text = without_nbsp(answer.full_text(english))
        batch = without_nbsp(calculator.batch_text(howto, english))
        if not allowed:
            message = f"'{material.name}' is listed in {unit_sign(material.unit)}, the calculator says {answer_text}"
            yield problem_at(("materials", index), message, "list what is bought, in the calculator's unit or packs")
        elif to_fraction(material.qty) not in allowed:
            listed = without_nbsp(quantity.format_quantity(material.qty, material.unit, english))
            message = f"'{material.name}': the list says {listed}, the calculator {answer_text} ({batch})"
            hint = f"'qty: {float(allowed[0]):g}', or begin the calculator with what the list is for"
            yield problem_at(("materials", index, "qty"), message, hint)
    yield from check_material_names(howto, problem_at)


def check_material_names(howto: HowTo, problem_at: ProblemAt) -> Iterator[Problem]:
    """A name that says an amount says it for every number that is typed in."""
    english = messages_of("en")
    for answer, index in zip(calculator.answers(howto), howto.answer_materials, strict=True):
        name = howto.materials[index].name if index is not None else ""
        for number, unit in quantities_in(name, howto.lang):
            if contradicts(number, unit, [answer]):
                answer_text = (
                    f"{without_nbsp(answer.full_text(english))} ({without_nbsp(calculator.batch_text(howto, english))})"
                )
                message = f"'{name}' says {number} {unit_sign(unit)}, the calculator {answer_text}"
                yield problem_at(("materials", index, "name"), message, "leave it out: the list says how much")


def allowed_amounts(answer: Answer, material: Material) -> list[Fraction]:
    """What the list may say, in its own unit; nothing where it cannot say it in that."""
    packaging, packs = calculator.packaging_of(answer.give), answer.packs
    if packs is not None and material.unit in (packaging.pack or packaging.unit, "each"):
        return [Fraction(packs)]
    factor = quantity.conversion_factor(packaging.unit, material.unit) if packaging.unit else None
    if factor is None:
        # an older form counts packs and does not name them: any name will do
        return [Fraction(packs)] if packs is not None and not answer.give.pack and material.unit in quantity.CONTAINERS else []
    if packs is None or packaging.size is None:
        return [quantity.round_up(answer.amount) * factor, answer.amount * factor]
    return [packs * packaging.size * factor, quantity.round_up(answer.amount) * factor]
