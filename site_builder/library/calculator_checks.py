"""What is wrong with a calculator: its formula over all that may be typed in, its units, and the materials that it counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction

from site_builder.library import calculator, formula, materials, quantity
from site_builder.library.calculator import Answer
from site_builder.library.calculator_mentions import check_passages, contradicts, quantities_in, without_nbsp
from site_builder.library.formula import to_fraction
from site_builder.library.howto import Ask, Calculator, Give, HowTo, Material
from site_builder.library.messages import messages_of
from site_builder.library.problems import Problem, ProblemAt, did_you_mean
from site_builder.library.quantity import unit_sign
from site_builder.memo import Memo

MAX_ANSWER = 1_000_000_000  # of an answer: more is a slip, and no page has room for it
DIMENSION_NAMES = {(0, 0): "a bare number", (1, 0): "a length", (2, 0): "an area", (3, 0): "a volume", (0, 1): "a mass"}


def check_calculator(howto: HowTo, tell: ProblemAt) -> Iterator[Problem]:
    """Everything that is wrong with it. What is compared with its answers is compared only where it has some."""
    asked = howto.calculator
    if asked is None:
        return
    found = [*check_inputs(asked.ask, tell), *check_units(asked.give, tell), *check_material_links(howto, asked, tell)]
    yield from found
    try:
        steps = formula.postfix(asked.per)
    except formula.InvalidFormula as error:
        hint = f"numbers and {', '.join(ask.id for ask in asked.ask)} with + - * / and ( )"
        yield tell(("calculator", "per"), str(error), hint)
        return
    wrong = [*check_input_names(steps, asked, tell)]
    yield from wrong
    if any(not problem.warning for problem in [*found, *wrong]):
        return
    wrong = [*check_range(steps, asked, tell), *check_formula_unit(steps, asked, tell)]
    yield from wrong
    if not wrong:
        yield from check_listed_amounts(howto, tell)
        yield from check_passages(howto, tell)


def check_memoised(howto: HowTo, tell: ProblemAt, shelf: Memo) -> list[Problem]:
    """As `check_calculator`; a how-to is looked through once, until a word or a line of it changes."""
    if howto.calculator is None:
        return []

    def look() -> bytes:
        rows = [(one.line, one.message, one.hint, one.warning, one.snippet) for one in check_calculator(howto, tell)]
        return json.dumps(rows).encode()

    kept = json.loads(shelf.get("calculator", howto.model_dump_json().encode(), look) or b"[]")
    return [Problem(howto.source, *row) for row in kept]


def check_translation(howto: HowTo, tell: ProblemAt) -> Iterator[Problem]:
    """What a translation says beside a calculator that is right."""
    try:
        calculator.answers(howto)
    except (formula.InvalidFormula, formula.DividesByZero, KeyError):
        return  # told at its how-to
    yield from check_material_names(howto, tell)
    yield from check_passages(howto, tell)


def check_inputs(all_asks: Iterable[Ask], tell: ProblemAt) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, ask in enumerate(all_asks):
        where = ("calculator", "ask", index)
        if ask.id in seen:
            yield tell(where, f"'{ask.id}' is asked twice")
        seen.add(ask.id)
        if ask.min > ask.max:
            yield tell(where, f"'{ask.label}' may be from {ask.min:g} up to {ask.max:g}", "'min' is the smaller one")
        elif not ask.min <= ask.default <= ask.max:
            yield tell(where, f"'{ask.label}' starts at {ask.default:g}, outside {ask.min:g}–{ask.max:g}")


def check_input_names(steps: tuple[str, ...], asked: Calculator, tell: ProblemAt) -> Iterator[Problem]:
    ids = [ask.id for ask in asked.ask]
    used = formula.names_in(steps)
    for name in sorted(used - set(ids)):
        hint = did_you_mean(name, ids, f"asked: {', '.join(ids)}")
        yield tell(("calculator", "per"), f"the sum uses '{name}', which is not asked", hint)
    for index, ask in enumerate(asked.ask):
        if ask.id not in used:
            message = f"'{ask.label}' is asked and changes nothing: the sum has no '{ask.id}'"
            yield tell(("calculator", "ask", index), message, "use it in 'per', or do not ask for it", warning=True)


# ---- units
def check_units(gives: Iterable[Give], tell: ProblemAt) -> Iterator[Problem]:
    """Amount, pack and what is shown must measure the same."""
    for index, give in enumerate(gives):
        where = ("calculator", "give", index)
        unit, of = give.unit or give.pack_unit, give.pack_unit or give.unit
        example = "such as 'unit: l, pack: tin, pack_size: 5'"
        if unit is None or of is None:
            yield tell(where, f"'{give.label}' has no unit: nobody knows what its number counts", example)
        elif give.unit and unit not in quantity.CONTAINERS and of in quantity.CONTAINERS:
            message = f"'{give.label}' is counted in {unit_sign(unit)}, and its pack holds '{of}'"
            yield tell((*where, "pack_unit"), message, f"'pack: {of}', and 'pack_unit' is the unit of what is in it")
        elif give.pack and unit in quantity.CONTAINERS:
            message = f"'{give.label}' is counted in '{unit}', which is no unit of what is in a {give.pack}"
            yield tell((*where, "unit" if give.unit else "pack_unit"), message, example)
        elif quantity.conversion_factor(of, unit) is None:
            message = f"'{give.label}' is counted in {unit_sign(unit)}, its pack in {unit_sign(of)}"
            yield tell((*where, "pack_unit"), message, "both in the same, or the rate for the other")
        elif give.pack and give.pack_size is None:
            message = f"'{give.label}' is sold in a {give.pack}, and nothing says how much is in it"
            yield tell((*where, "pack"), message, example)
        elif unit in quantity.CONTAINERS and give.pack_size not in (None, 1):
            if give.unit:
                yield tell((*where, "pack_size"), f"a {unit} of {give.pack_size:g} {unit}", example)
            else:
                message = f"'{give.label}': nothing says in what a {unit} is {give.pack_size:g}, so its amount is not shown"
                example = f"such as 'unit: m3, pack: {unit}, pack_size: 65, pack_unit: l'"
                yield tell((*where, "pack_size"), message, example, warning=True)


def check_formula_unit(steps: tuple[str, ...], asked: Calculator, tell: ProblemAt) -> Iterator[Problem]:
    """The formula must count in what `per` says of it, as far as that can be told."""
    where = ("calculator", "per")
    try:
        found = formula.dimensions_of(steps, {ask.id: quantity.UNIT_DIMENSIONS.get(ask.unit) for ask in asked.ask})
    except formula.MixedUnits:
        yield tell(where, f"'{asked.per}' adds numbers of different units", "mm / 1000 are m")
        return
    if found is None:
        return
    for index, give in enumerate(asked.give):
        wanted = quantity.UNIT_DIMENSIONS.get(give.per)
        if wanted is None or wanted in found:
            continue
        at = ("calculator", "give", index, "per")
        same = [scale for length, mass, scale in found if (length, mass) == wanted[:2]]
        if not same:
            length, mass, _ = min(found)
            named = DIMENSION_NAMES.get((length, mass), "something else")
            yield tell(at, f"'{asked.per}' is {named}, 'per' says {unit_sign(give.per)}", "see the units of what is asked")
            continue
        factor = min(same) / wanted[2]
        change = f"'/ {1 / factor}'" if factor < 1 else f"'* {factor}'"
        yield tell(at, f"'{asked.per}' does not give {unit_sign(give.per)}: a unit is not converted", f"it lacks {change}")


# ---- numbers
def check_range(steps: tuple[str, ...], asked: Calculator, tell: ProblemAt) -> Iterator[Problem]:
    """No number that may be typed in leads to an answer that is none."""
    most = max(
        calculator.amount_per_unit(give) * max(Fraction(1), 1 / (calculator.packaging_of(give).size or Fraction(1)))
        for give in asked.give
    )
    ranges = {ask.id: (to_fraction(ask.min), to_fraction(ask.max)) for ask in asked.ask}
    fault = formula.find_counterexample(steps, ranges, MAX_ANSWER / most)
    if fault is None:
        try:
            result = formula.evaluate(steps, {ask.id: to_fraction(ask.default) for ask in asked.ask})
        except formula.DividesByZero:  # pragma: no cover - it is within the ranges
            return
        if result == 0:
            message = "the sum gives 0 for what the page begins with"
            yield tell(("calculator", "per"), message, "change a 'default'", warning=True)
        return
    at = " and ".join(f"{name} = {float(value):g}" for name, value in fault.values.items() if name in formula.names_in(steps))
    at = f" where {at}" if at else ""
    if fault.result is None:
        message = f"the sum divides by 0{at}, or comes too near to it"
    elif fault.result < 0:
        message = f"the sum gives {short_number(fault.result)}{at}: nobody can buy less than nothing"
    else:
        message = f"the sum gives more than {MAX_ANSWER:,}{at}"
    yield tell(("calculator", "per"), message, "change it, or the smallest and largest number that may be typed in")


def short_number(value: Fraction) -> str:
    return f"{float(value):.4g}" if abs(value) < 10**300 else "a number of hundreds of figures"


# ---- what the how-to says beside it
def check_material_links(howto: HowTo, asked: Calculator, tell: ProblemAt) -> Iterator[Problem]:
    """Which row of the list each answer counts."""
    for index, give in enumerate(asked.give):
        where = ("calculator", "give", index)
        fits = materials.matching_materials(give, howto.materials)
        names = [material.name for material in howto.materials]
        if give.material is not None and not fits:
            hint = did_you_mean(give.material, names, f"materials: {', '.join(names)}")
            yield tell((*where, "material"), f"no material is called '{give.material}'", hint)
        elif howto.answer_materials[index] is None and materials.is_sold_in_packs(give) and howto.materials:
            hint = "add 'material: …' with the name as it stands in 'materials', or a row for it"
            yield tell(where, f"'{give.label}' is no row of 'materials', so the list gets one more", hint, warning=True)


def check_listed_amounts(howto: HowTo, tell: ProblemAt) -> Iterator[Problem]:
    """The list is for the numbers that the calculator begins with: both say the same."""
    frame = messages_of("en")
    for answer, index in zip(calculator.answers(howto), howto.answer_materials, strict=True):
        if index is None:
            continue
        material = howto.materials[index]
        right = allowed_amounts(answer, material)
        shown = without_nbsp(answer.full_text(frame))
        batch = without_nbsp(calculator.batch_text(howto, frame))
        if not right:
            message = f"'{material.name}' is listed in {unit_sign(material.unit)}, the calculator says {shown}"
            yield tell(("materials", index), message, "list what is bought, in the calculator's unit or packs")
        elif to_fraction(material.qty) not in right:
            listed = without_nbsp(quantity.format_quantity(material.qty, material.unit, frame))
            message = f"'{material.name}': the list says {listed}, the calculator {shown} ({batch})"
            hint = f"'qty: {float(right[0]):g}', or begin the calculator with what the list is for"
            yield tell(("materials", index, "qty"), message, hint)
    yield from check_material_names(howto, tell)


def check_material_names(howto: HowTo, tell: ProblemAt) -> Iterator[Problem]:
    """A name that says an amount says it for every number that is typed in."""
    frame = messages_of("en")
    for answer, index in zip(calculator.answers(howto), howto.answer_materials, strict=True):
        name = howto.materials[index].name if index is not None else ""
        for number, unit in quantities_in(name, howto.lang):
            if contradicts(number, unit, [answer]):
                said = f"{without_nbsp(answer.full_text(frame))} ({without_nbsp(calculator.batch_text(howto, frame))})"
                message = f"'{name}' says {number} {unit_sign(unit)}, the calculator {said}"
                yield tell(("materials", index, "name"), message, "leave it out: the list says how much")


def allowed_amounts(answer: Answer, material: Material) -> list[Fraction]:
    """What the list may say, in its own unit; nothing where it cannot say it in that."""
    kind, packs = calculator.packaging_of(answer.give), answer.packs
    if packs is not None and material.unit in (kind.pack or kind.unit, "each"):
        return [Fraction(packs)]
    factor = quantity.conversion_factor(kind.unit, material.unit) if kind.unit else None
    if factor is None:
        # an older form counts packs and does not name them: any name will do
        return [Fraction(packs)] if packs is not None and not answer.give.pack and material.unit in quantity.CONTAINERS else []
    if packs is None or kind.size is None:
        return [quantity.round_up(answer.amount) * factor, answer.amount * factor]
    return [packs * kind.size * factor, quantity.round_up(answer.amount) * factor]
