"""Calculators: every answer is the one worked out by hand, and `check` proves what an editor writes of units and lists."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.faults import HOWTO
from site_builder.library import calculator, calculator_checks, loading, materials, quantity, settings_file
from site_builder.library.checks import problem_factory
from site_builder.library.howto import HowTo
from site_builder.library.howto_parts import Give
from site_builder.library.library import Library
from site_builder.library.messages import LOCALES, messages_of
from site_builder.memo import Memo
from tests.library.paint import LISTED, PAINT, paint
from tests.project import Project
from tests.reports import hint_after, line_of, problems

ROOT = Path(__file__).parents[2]
TABLE = [row.split("\t") for row in Path(__file__).with_name("calculators.tsv").read_text("utf-8").splitlines()[1:]]
LANGS = sorted(path.stem for path in LOCALES.glob("*.toml"))


@pytest.fixture(scope="module")
def sample() -> Library:
    return loading.load_library(settings_file.load_settings(ROOT / "mkdocs.yml"))[0]


def answers(howto: HowTo, typed: str, lang: str = "en") -> dict[str, str]:
    values = {name: Fraction(value) for name, value in (pair.split("=") for pair in typed.split())}
    return {one.give.label: shown(one.full_text(messages_of(lang))) for one in calculator.answers(howto, values)}


def shown(text: str) -> str:
    """With plain spaces, and without what keeps `5 ℓ` in this order within Arabic."""
    return text.translate({0xA0: " ", 0x2066: None, 0x2068: None, 0x2069: None})


@pytest.mark.parametrize(("slug", "typed", "label", "wanted", "rule", "worked"), TABLE, ids=lambda cell: cell[:24])
def test_an_answer_is_the_one_worked_out_by_hand(
    sample: Library, slug: str, typed: str, label: str, wanted: str, rule: str, worked: str
) -> None:
    howto = sample.by_slug[slug]["en"]

    assert answers(howto, typed)[label] == wanted
    assert rule
    assert worked


def test_every_answer_of_every_calculator_is_in_the_table(sample: Library) -> None:
    """For what its page begins with, and for the smallest or largest that may be typed in."""
    rows = {(slug, label) for slug, _, label, *_ in TABLE}
    howtos = [howto for howto in sample.howtos if howto.calculator and howto.lang == howto.base_lang]

    kinds = {(howto.slug, give.pack) for howto in howtos for give in (howto.calculator.give if howto.calculator else ())}
    in_table = {(slug, give.pack) for slug, label in rows for give in sample.by_slug[slug]["en"].calculator.give  # type: ignore[union-attr]
                if give.label == label}  # fmt: skip
    assert kinds == in_table
    assert {slug for slug, _ in rows} == {howto.slug for howto in howtos}
    begins = {
        (howto.slug, " ".join(f"{ask.id}={ask.default:g}" for ask in howto.calculator.ask))
        for howto in howtos
        if howto.calculator
    }
    assert begins <= {(slug, typed) for slug, typed, *_ in TABLE}


def test_the_list_of_materials_is_what_the_calculator_says(sample: Library) -> None:
    for howto in sample.howtos:
        counted = [index for index in howto.answer_materials if index is not None]
        assert len(counted) == len(set(counted)), howto.slug
    paint = sample.by_slug["paint-a-wall"]["en"]
    concrete = sample.by_slug["mix-concrete"]["af"]

    rows = {one.name: shown(one.quantity) for one in materials.supplies(paint, messages_of("en"))}
    af = {one.name: shown(one.quantity) for one in materials.supplies(concrete, messages_of("af"))}

    assert rows["Wall paint"] == "2 tins of 5 ℓ"
    assert rows["Crack filler"] == "1 pack"
    assert af["Sement"] == "2 sakke van 50 kg"
    assert af["Riviersand, klam"] == "3 kruiwaens van 65 ℓ"


# ---- formats


@pytest.mark.parametrize("lang", LANGS)
def test_in_each_language_an_answer_has_amount_unit_and_packs(sample: Library, lang: str) -> None:
    told = answers(sample.by_slug["paint-a-wall"]["en"], "a=10 c=2", lang)["Paint"]

    decimal = messages_of(lang)("unit.decimal")
    assert told.startswith(f"2{decimal}75 ℓ: ")
    assert messages_of(lang)("unit.tin") in told
    assert "5 ℓ" in told.split(": ")[1]
    assert "{" not in told


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("en", "2.75 ℓ: 1 tin of 5 ℓ"), ("af", "2,75 ℓ: 1 blik van 5 ℓ"), ("zu", "2,75 ℓ: 1 ithini × 5 ℓ"),
        ("hi", "2.75 ℓ: 1 डिब्बा, हर एक 5 ℓ"), ("ar", "2.75 ℓ: 1 صفيحة من 5 ℓ"),
    ],
)  # fmt: skip
def test_an_answer_is_written_as_the_language_writes_numbers(sample: Library, lang: str, wanted: str) -> None:
    assert answers(sample.by_slug["paint-a-wall"]["en"], "a=10 c=2", lang)["Paint"] == wanted


def test_within_arabic_a_number_stands_before_its_sign(sample: Library) -> None:
    howto = sample.by_slug["paint-a-wall"]["en"]
    [one] = calculator.answers(howto)

    assert one.purchase_text(messages_of("ar")) == "2\u00a0صفائح من \u20665\u00a0ℓ\u2069"
    assert calculator.batch_text(howto, messages_of("ar")).startswith("\u2068Wall area \u206620\u00a0m²\u2069\u2069 · ")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (0.5, "½ barrow"), (1, "1 barrow"), (2.5, "2½ barrows"), (2.75, "2¾ barrows"), (1.2, "1.2 barrows"),
        (1234567, "1234567 barrows"), (0.1 + 0.2, "0.3 barrows"), (1000000, "1000000 barrows"),
    ],
)  # fmt: skip
def test_a_quantity_is_written_whole(given: float, wanted: str) -> None:
    said = shown(quantity.format_quantity(given, "barrow", messages_of("en")))

    assert said == wanted.replace("0.3 barrows", "0.3 barrow")


@pytest.mark.parametrize(
    ("amount", "wanted"),
    [("5.5", "5.5"), ("4.9995", "5"), ("0.1375", "0.138"), ("0.0001234", "0.000124"), ("99.99", "100"), ("154.6875", "155"),
     ("2500", "2500"), ("0", "0"), ("12345.1", "12346"), ("1.001", "1.01"), ("0.0000001", "0.000001")],
)  # fmt: skip
def test_an_amount_is_rounded_up_to_what_can_be_measured(amount: str, wanted: str) -> None:
    rounded = quantity.round_up(Fraction(amount))

    assert rounded >= Fraction(amount)
    assert quantity.format_number(rounded, messages_of("en")) == wanted


# ---- forms that an answer may have

FORMS: list[tuple[dict[str, Any], str]] = [
    # of how-tos written before `unit` and `pack` were there
    ({"rate": 0.125, "waste_pct": 10, "pack_size": 5, "pack_unit": "l"}, "5.5 ℓ: 2 packs of 5 ℓ"),
    ({"rate": 0.156, "pack_size": 1, "pack_unit": "bag"}, "7 bags"),
    ({"rate": 0.0312, "pack_size": 0.065, "pack_unit": "barrow"}, "20 barrows"),
    ({"rate": 1, "waste_pct": 10, "pack_size": 1, "pack_unit": "m2"}, "44 m²"),
    ({"rate": 52, "waste_pct": 5, "pack_size": 1, "pack_unit": "each"}, "2184"),
    # the unit of a pack is another than that of the amount
    ({"rate": 0.0312, "unit": "m3", "pack": "barrow", "pack_size": 65, "pack_unit": "l"}, "1.25 m³: 20 barrows of 65 ℓ"),
    ({"rate": 0.4, "unit": "kg", "pack": "box", "pack_size": 500, "pack_unit": "g"}, "16 kg: 32 boxes of 500 g"),
    ({"rate": 9, "unit": "each", "pack": "box", "pack_size": 100}, "360: 4 boxes of 100"),
    ({"rate": 9, "unit": "each"}, "360"),
    ({"rate": 0.01, "unit": "l"}, "0.4 ℓ"),
    ({"rate": 0.1, "unit": "bag"}, "4 bags"),
    ({"rate": 0.02, "unit": "l", "pack": "tin", "pack_size": 1}, "0.8 ℓ: 1 tin of 1 ℓ"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), FORMS)
def test_amount_pack_and_what_is_shown_are_of_one_mind(given: dict[str, Any], wanted: str) -> None:
    one = calculator.answer_to(Give(label="x", per="m2", **given), Fraction(40))

    assert shown(one.full_text(messages_of("en"))) == wanted


# ---- what `check` proves


def test_a_right_calculator_has_nothing_wrong(project: Project) -> None:
    project.write(calculator=PAINT, materials=LISTED)

    told = project.run("check")

    assert told.exit_code == 0
    assert "Paint" not in told.stderr


WRONG_UNITS = [
    ({"pack_unit": "kg"}, "pack_unit:", "'Paint' is counted in ℓ, its pack in kg"),
    ({"pack_unit": "m2"}, "pack_unit:", "'Paint' is counted in ℓ, its pack in m²"),
    ({"pack": None, "pack_unit": "tin", "pack_size": 1}, "pack_unit:", "'Paint' is counted in ℓ, and its pack holds 'tin'"),
    ({"unit": None, "pack_unit": "bag"}, "pack_unit:", "'Paint' is counted in 'bag', which is no unit of what is in a tin"),
    ({"unit": "bag"}, "unit: bag", "'Paint' is counted in 'bag', which is no unit of what is in a tin"),
    ({"unit": None}, "label: Paint", "'Paint' has no unit"),
    ({"pack_size": None}, "pack: tin", "'Paint' is sold in a tin, and nothing says how much is in it"),
    ({"unit": "bag", "pack": None}, "pack_size:", "a bag of 5 bag"),
    ({"pack": "l"}, "pack: l", "calculator give 1 'pack' is 'l'"),
    ({"of": "m3"}, "per: m3", "'a*c' is an area, 'per' says m³"),
    ({"of": "paces"}, "per: paces", "calculator give 1 'per' is 'paces'"),
    ({"per": "a*c/1000"}, None, None),
    ({"per": "a + c"}, "per: a + c", "'a + c' adds numbers of different units"),
    ({"material": "Wall pain"}, "material:", "no material is called 'Wall pain'"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "at", "message"), WRONG_UNITS)
def test_units_that_do_not_agree_are_told_at_their_line(
    project: Project, changes: dict[str, Any], at: str | None, message: str | None
) -> None:
    path = project.write(calculator=paint(**changes), materials=LISTED)

    told = project.run("check")

    if at is None:
        assert "is an area" not in told.stderr
        return
    assert told.exit_code == 1
    assert any(f":{line_of(path, at)}: {message}" in row for row in problems(told)), told.stderr


def test_millimetres_that_are_not_made_metres_are_told(project: Project) -> None:
    asks = [
        {"id": name, "label": name, "unit": unit, "min": 1, "max": 90, "default": 10}
        for name, unit in (("l", "m"), ("t", "mm"))
    ]
    project.write(calculator=paint(ask=asks, per="l*l*t", of="m3"), materials=[])

    told = project.run("check")

    assert "'l*l*t' does not give m³: a unit is not converted" in told.stderr
    assert hint_after(told, "does not give m³") == "it lacks '/ 1000'"


BAD_FORMULAS = [
    ("a/(c-1)", "the sum divides by 0 where"), ("a/0", "the sum divides by 0"),
    ("c - a", "the sum gives -496 where a = 500 and c = 4: nobody can buy less than nothing"),

    ("a*a*a*a*c", "the sum gives more than 1,000,000,000 where"), ("9" * 80, "the sum gives more than 1,000,000,000"),
    ("a/(c-c)", "the sum divides by 0"), ("1e999*a*c", "is no sum"), ("9**9**9**9*a*c", "is no sum"),
    ("a*c+" + "0+" * 60 + "0", "'calculator.per' has 125 characters, 80 are allowed"),
    ("(" * 79 + "a", "is no sum"), ("a*c;0", "numbers and asked names with + - * / and ( )"),
]  # fmt: skip


@pytest.mark.parametrize(("per", "message"), BAD_FORMULAS)
def test_a_formula_without_an_answer_somewhere_in_its_range_is_told_at_its_line(
    project: Project, per: str, message: str
) -> None:
    path = project.write(calculator=paint(per=per), materials=[])

    told = project.run("check")

    assert told.exit_code == 1
    assert message in told.stderr
    assert f"wire-a-plug.md:{line_of(path, '  per:')}: " in told.stderr


BAD_NUMBERS = [
    ({"rate": 1e300}, "rate:", "it should be less than or equal to 1000000000"),
    ({"pack_size": 1e-300}, "per:", "the sum gives more than 1,000,000,000"),
    ({"rate": float("inf")}, "rate:", "'rate' should be a number that ends"),
    ({"rate": float("nan")}, "rate:", "'rate' should be a number that ends"),
    ({"pack_size": 0}, "pack_size:", "'pack_size' is '0': it should be greater than 0"),
    ({"rate": -1}, "rate:", "'rate' is '-1': it should be greater than 0"),
    ({"waste_pct": 1000}, "waste_pct:", "it should be less than or equal to 100"),
]


@pytest.mark.parametrize(("changes", "at", "message"), BAD_NUMBERS)
def test_a_number_that_leads_to_no_answer_is_told(project: Project, changes: dict[str, Any], at: str, message: str) -> None:
    project.write(calculator=paint(**changes), materials=[])

    told = project.run("check")

    assert told.exit_code == 1
    assert message in told.stderr


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        ({"min": 9, "max": 3}, "'Wall area' may be from 9 up to 3"),
        ({"default": 900}, "'Wall area' starts at 900, outside 1–500"),
        ({"min": -5}, "it should be greater than or equal to 0"), ({"max": 1e12}, "it should be less than or equal to 1000000"),
        ({"max": float("inf")}, "should be a number that ends"),
    ],
)  # fmt: skip
def test_a_range_from_nowhere_is_told(project: Project, ask: dict[str, Any], message: str) -> None:
    project.write(calculator=paint(ask=[{**PAINT["ask"][0], **ask}, PAINT["ask"][1]]), materials=[])

    told = project.run("check")

    assert told.exit_code == 1
    assert message in told.stderr


def test_a_number_that_is_asked_for_nothing_is_a_warning(project: Project) -> None:
    project.write(calculator=paint(per="a"), materials=LISTED)

    told = project.run("check")

    assert "'Coats' is asked and changes nothing: the sum has no 'c'" in told.stderr


LISTS = [
    (
        {"qty": 5, "unit": "l"},
        "'Wall paint': the list says 5 ℓ, the calculator 5.5 ℓ: 2 tins of 5 ℓ (Wall area 20 m² · Coats 2)",
    ),
    ({"qty": 1, "unit": "tin"}, "'Wall paint': the list says 1 tin, the calculator 5.5 ℓ: 2 tins of 5 ℓ"),
    ({"qty": 3, "unit": "tin"}, "'Wall paint': the list says 3 tins, the calculator 5.5 ℓ: 2 tins of 5 ℓ"),
    ({"qty": 10, "unit": "kg"}, "'Wall paint' is listed in kg, the calculator says 5.5 ℓ: 2 tins of 5 ℓ"),
    ({"qty": 2, "unit": "tin", "name": "Wall paint (10 m²: 2.75 l)"}, "says 2.75 ℓ, the calculator 5.5 ℓ: 2 tins of 5 ℓ"),
    ({"qty": 2, "unit": "tin", "name": "Wall paint, 5 l"}, None),
    ({"qty": 10, "unit": "l"}, None),
    ({"qty": 5.5, "unit": "l"}, None),
    ({"qty": 10000, "unit": "ml"}, None),
    ({"qty": 2, "unit": "each"}, None),
]


@pytest.mark.parametrize(("row", "message"), LISTS)
def test_the_list_says_what_the_calculator_says_for_the_how_tos_own_batch(
    project: Project, row: dict[str, Any], message: str | None
) -> None:
    path = project.write(calculator=PAINT, materials=[{**LISTED[0], **row}])

    told = project.run("check")

    if message is None:
        assert problems(told) == []
        return
    (problem,) = problems(told)
    assert message in problem
    assert problem.split(":")[1] in {str(line_of(path, words)) for words in (f"qty: {row['qty']}", "Wall paint")}


TEXTS = [
    ({"body": "For 20 m² and two coats buy 2 litres."}, "it says 2 ℓ, the calculator Paint 5.5 ℓ: 2 tins of 5 ℓ"),
    ({"summary": "For 20 m² you need 7 l."}, "it says 7 ℓ"),
    ({"steps": [{**HOWTO["steps"][0], "text": "20 m² take 3 tins."}, *HOWTO["steps"][1:]]}, "it says 3 tin"),
    ({"faq": [{"q": "How much for 20 m²?", "a": "20 m² take 4 litres."}]}, "it says 4 ℓ"),
    ({"body": "For 20 m² and two coats buy 5.5 litres: 2 tins of 5 ℓ, since 1 m² takes 0.125 ℓ."}, None),
    ({"body": "For 10 m² buy 2.75 litres."}, None),
]


@pytest.mark.parametrize(("changes", "message"), TEXTS)
def test_words_about_the_how_tos_own_batch_are_held_against_the_calculator(
    project: Project, changes: dict[str, Any], message: str | None
) -> None:
    path = project.write(calculator=PAINT, materials=LISTED, **changes)

    told = project.run("check")

    assert told.exit_code == 0
    if message is None:
        assert "it says" not in told.stderr
        return
    [row] = [row for row in told.stderr.splitlines() if "it says" in row]
    assert message in row
    assert int(row.split(":")[1]) in {
        number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if "20 m²" in line
    }


def test_a_translation_is_held_against_the_calculator_too(project: Project) -> None:
    project.write(calculator=PAINT, materials=LISTED, summary="For 20 m² take 5.5 litres.")
    head = 'translates: 1.0.0\ntitle: Verf\nsummary: Vir 20 m² neem 4,5 l.\nmaterials: ["Verf, 2,75 l"]\n'
    path = project.text("content/electrical/wire-a-plug.af.md", f"---\n{head}---\n\nOok 20 m²: 3 blikke.\n")

    told = [row for row in project.run("check").stderr.splitlines() if ".af.md" in row and " says " in row]

    assert {row.split(": ", 1)[1] for row in told} == {
        "'Verf, 2,75 l' says 2.75 ℓ, the calculator 5.5 ℓ: 2 tins of 5 ℓ (Wall area 20 m² · Coats 2)",
        "warning: it says 4.5 ℓ, the calculator Paint 5.5 ℓ: 2 tins of 5 ℓ",
        "warning: it says 3 tin, the calculator Paint 5.5 ℓ: 2 tins of 5 ℓ",
    }
    assert {int(row.split(":")[1]) for row in told} == {line_of(path, words) for words in ("Verf, 2,75", "4,5 l", "3 blikke")}


def test_an_answer_that_is_no_material_is_told_and_joins_the_list(project: Project) -> None:
    project.write(calculator=PAINT, materials=[{"name": "Drop sheet", "qty": 1}])

    told = project.run("check")
    library, _ = loading.load_library(settings_file.load_settings(project.root / "mkdocs.yml"))

    assert "'Paint' is no row of 'materials', so the list gets one more" in told.stderr
    rows = [(shown(one.quantity), one.name) for one in materials.supplies(library.howtos[0], messages_of("en"))]
    assert rows == [("1", "Drop sheet"), ("2 tins of 5 ℓ", "Paint")]


def test_a_material_is_found_by_the_answers_words_or_by_its_name(project: Project) -> None:
    give = [
        {"label": "19 mm stone", "per": "m2", "rate": 1, "unit": "m2"},
        {"label": "Tiles", "per": "m2", "rate": 1, "unit": "m2", "pack": "box", "pack_size": 1},
        {"label": "Glue", "per": "m2", "rate": 1, "unit": "kg", "material": "Tile adhesive"},
    ]
    materials = [
        {"name": "Grout for wall tiles", "qty": 1, "unit": "pack"}, {"name": "Small wall tiles", "qty": 40, "unit": "box"},
        {"name": "Tile adhesive", "qty": 40, "unit": "kg"}, {"name": "Stone, 13 mm or 19 mm", "qty": 40, "unit": "m2"},
    ]  # fmt: skip
    project.write(calculator={**PAINT, "give": give}, materials=materials)

    library, told = loading.load_library(settings_file.load_settings(project.root / "mkdocs.yml"))

    assert library.howtos[0].answer_materials == (3, 1, 2)
    assert [problem for problem in told if not problem.warning] == []


def test_a_form_from_before_is_told_how_to_be_plainer(project: Project) -> None:
    give = {"label": "Sand", "per": "m2", "rate": 0.0312, "pack_size": 0.065, "pack_unit": "barrow"}
    project.write(calculator={**PAINT, "give": [give]}, materials=[{"name": "Sand", "qty": 20, "unit": "barrow"}])

    told = project.run("check")

    assert told.exit_code == 0
    assert "'Sand': nothing says in what a barrow is 0.065, so its amount is not shown" in told.stderr


def test_yaml_writes_what_these_tests_write() -> None:
    assert yaml.safe_load(yaml.safe_dump(PAINT)) == PAINT


def test_what_was_right_once_is_told_when_a_word_beside_it_turns_wrong(sample: Library) -> None:
    shelf = Memo()
    for howto in (one for one in sample.howtos if one.calculator and any(index is not None for index in one.answer_materials)):
        if howto.lang != howto.base_lang:
            continue
        assert calculator_checks.check_memoised(howto, problem_factory(howto), shelf) == []
        assert howto.calculator
        first, *others = howto.calculator.ask
        small = howto.calculator.model_copy(update={"ask": (first.model_copy(update={"max": first.default / 2}), *others)})
        many = tuple(one.model_copy(update={"qty": 12345}) for one in howto.materials)
        for wrong in (howto.model_copy(update={"calculator": small}), howto.model_copy(update={"materials": many})):
            wanted = [*calculator_checks.check_calculator(wrong, problem_factory(wrong))]
            assert wanted
            for _ in range(2):
                assert calculator_checks.check_memoised(wrong, problem_factory(wrong), shelf) == wanted
