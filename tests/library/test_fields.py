"""What does not fit the model is told in an editor's words, at the line, with a way out, and all of it at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from benchmarks.faults import HOWTO
from site_builder.library import loading, schemas
from tests.project import Project
from tests.reports import hint_after, line_of, problems

STEPS = HOWTO["steps"]
CALCULATOR = {
    "ask": [{"id": "l", "label": "Length", "unit": "m", "min": 1, "max": 9, "default": 4}],
    "per": "l * 2",
    "give": [{"label": "Bags", "per": "m2", "rate": 1.5, "pack_size": 1, "pack_unit": "bag"}],
    "basis": "The bag's label.",
}

WRONG = [
    # changes, where the line is, message, hint
    ({"sumary": "Fit it."}, "sumary", "unknown field 'sumary'", "did you mean 'summary'?"),
    ({"colour": "red"}, "colour", "unknown field 'colour'", "known: $schema, schema, slug"),
    ({"title": None}, "summary", "missing field 'title'", 'says the job: "Wire a three-pin plug"'),
    ({"tools": None}, "title", "missing field 'tools'", "'tools: []' where none are needed"),
    ({"materials": None}, "title", "missing field 'materials'", "'materials: []' where none are needed"),
    ({"related": None}, "title", "missing field 'related'", "'related: []' where there are none"),
    ({"difficulty": "easy"}, "difficulty", "'difficulty' is 'easy'", "one of 1, 2, 3"),
    ({"risk": "hihg"}, "risk", "'risk' is 'hihg'", "one of 'low', 'medium', 'high'"),
    ({"title": 16}, "title", "'title' should be words, not '16'", "put it between quotes"),
    ({"title": ""}, "title", "'title' is empty", "write it, or leave the line out if it is optional"),
    ({"done_when": {"Stop": "it works"}}, "done_when", "should be words, not 'Stop: it works'", "put words that hold a colon"),
    ({"title": "x" * 61}, "title", "'title' has 61 characters, 60 are allowed", "say it in fewer words"),
    ({"time": {"work": 15}}, "work", "'time.work' is '15', not a duration", "such as PT10M, PT2H30M or P1D"),
    ({"time": {"work": "a while"}}, "work", "'time.work' is 'a while', not a duration", "or 10 min, 2 h 30 min, 1 day"),
    ({"time": {"work": "٣ min"}}, "work", "'time.work' is '٣ min', not a duration", "such as PT10M"),
    ({"time": {"work": "PT9999999999M"}}, "work", "'time.work' is 'PT9999999999M', not a duration", "such as PT10M"),
    ({"time": {"work": "9000 h"}}, "work", "'time.work' is '9000 h', longer than a year", "such as PT10M"),
    ({"review_every": "P99999999Y"}, "review_every", "'review_every' is 'P99999999Y', no period that can be", "such as P12M"),
    ({"time": {"work": "PT0M"}}, "work", "'time.work' is 'PT0M', not a duration", "such as PT10M"),
    ({"published": "2026-02-30"}, "published", "'published' is '2026-02-30', not a date", "such as 2026-11-21"),
    ({"title": "\u2014"}, "title", "'title' is '\u2014', no words", "write it, or leave the line out"),
    ({"licence": "\u200b"}, "licence", "'licence' is ", "a sign that cannot be seen stands in it (zero width space"),
    ({"search": {"keywords": [""]}}, "- ''", "search keywords 1 is empty", "write it"),
    ({"published": 0}, "published", "'published' is '0', not a date", "such as 2026-11-21"),
    ({"published": "0001-01-01"}, "published", "is '0001-01-01', a date that cannot be meant", "such as 2026-11-21"),
    ({"published": "9999-12-31"}, "published", "a date that cannot be meant", "such as 2026-11-21"),
    ({"published": "20261121"}, "published", "'published' is '20261121', not a date", "such as 2026-11-21"),
    ({"version": "٣.١.٠"}, "version", "'version' is '٣.١.٠', which has not the right form", "three numbers: 1.0.0"),
    ({"version": f"1.{'9' * 5000}.0"}, "version", "which has not the right form", "three numbers: 1.0.0"),
    ({"difficulty": True}, "difficulty", "'difficulty' is 'true', not a number", "such as 1"),
    ({"materials": [{"name": "Plug", "qty": True}]}, "qty", "material 1 'qty' is 'true', not a number", "such as 1"),
    ({"sources": [{"title": "x", "url": "https://a b.example/"}]}, "url", "has a space, a quote or another sign", "such as"),
    ({"sources": [{"title": "x", "url": "https://me:word@a.example/"}]}, "url", "names a user before the '@'", "leave"),
    ({"sources": [{"title": "x", "url": "javascript:alert(1)"}]}, "url", "has not the right form", "such as https://"),
    ({"version": "1.0"}, "version", "'version' is '1.0', which has not the right form", "three numbers: 1.0.0"),
    ({"code": "l0"}, "code", "'code' is 'l0', which has not the right form", "2 to 4 of 23456789abc"),
    ({"lang": False}, "lang", "'lang' should be words, not 'false'", "put it between quotes"),
    ({"steps": STEPS[:2]}, "steps", "'steps' has 2 entries, at least 3 are needed", ""),
    ({"steps": "first, then"}, "steps", "'steps' should be a list, not 'first, then'", "one a line, such as - {id: …}"),
    ({"tools": ["Tap"]}, "- Tap", "tool 1 should be fields, not 'Tap'", "such as {name: …}; known: name, "),
    ({"related": "wire-a-lamp"}, "related", "'related' should be a list, not 'wire-a-lamp'", "one a line, such as - …"),
    ({"reviewed_by": "A. Nurse"}, "reviewed_by", "'reviewed_by' should be fields, not 'A. Nurse'", "such as {name: …}; known"),
    ({"version": 2}, "version", "'version' should be words, not '2'", "three numbers: 1.0.0"),
    ({"tools": [{"name": "Pliers", "isle": "Tools"}]}, "isle", "unknown field 'isle' in tool 1", "did you mean 'aisle'?"),
    ({"materials": [{"name": "Plug", "qty": "two"}]}, "qty", "material 1 'qty' should be a number, not 'two'", ""),
    ({"materials": [{"name": "Plug", "qty": 0}]}, "qty", "material 1 'qty' is '0': it should be greater than 0", ""),
    ({"materials": [{"name": "Plug", "qty": float("inf")}]}, "qty", "material 1 'qty' should be a number that ends", ""),
    ({"safety": [{"level": "danger"}]}, "level", "missing field 'text' in safety 1", ""),
    ({"video": {"master": ["a.mp4"]}}, "master", "'video.master' should be words, not a list", ""),
    ({"calculator": {**CALCULATOR, "ask": [{**CALCULATOR["ask"][0], "min": "one"}]}}, "min: one",
     "calculator ask 1 'min' should be a number, not 'one'", ""),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "at", "message", "hint"), WRONG, ids=[row[2][:50] for row in WRONG])
def test_a_field_that_does_not_fit_is_told_at_its_line(
    project: Project, changes: dict[str, Any], at: str, message: str, hint: str
) -> None:
    path = project.write(**changes)

    told = project.run("check")

    assert told.exit_code == 1
    (problem,) = problems(told)
    assert problem.startswith(f"content/electrical/wire-a-plug.md:{line_of(path, at)}: ")
    assert message in problem
    assert hint in hint_after(told, message)


WRITTEN = [("10 min", 10), ("1 h 30 min", 90), ("1.5 h", 90), ("2 days", 2880), ("90min", 90), ("1 hour and 5 minutes", 65),
           ("1 week", 10_080), ("1 Day, 2 Hours", 1560), ("PT1H30M", 90), ("P1DT1H", 1500), ("P2W", 20_160)]  # fmt: skip


@pytest.mark.parametrize(("written", "minutes"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_how_long_it_takes_is_written_as_people_do_or_as_iso_8601(project: Project, written: str, minutes: int) -> None:
    project.write(time={"work": written})

    library, problems = loading.load_library(project.settings)

    assert problems == []
    assert library.howtos[0].time.work.total_seconds() == minutes * 60


@pytest.mark.parametrize("written", ["P12M", "12 months", "1 year", "2 weeks", "P1Y6M"])
def test_how_long_a_review_holds_is_written_either_way(project: Project, written: str) -> None:
    reviewer = {"name": "A", "role": "electrician"}
    project.write(reviewed_by=reviewer, reviewed_on="2020-01-01", review_every=written)

    assert "the review ran out on 202" in project.run("check").stderr


@pytest.mark.parametrize(("field", "good", "bad"), [
    ("time", [{"work": row[0]} for row in WRITTEN], [{"work": "soon"}, {"work": 15}, {"work": "PT"}]),
    ("review_every", ["P12M", "12 months"], ["soon", 12]),
    ("video", ["videos/a.mp4", {"master": "videos/a.mp4"}], [3]),
    ("published", ["2026-11-21"], [0]),
])  # fmt: skip
def test_an_editor_that_checks_while_one_types_says_the_same(field: str, good: list[Any], bad: list[Any]) -> None:
    schema = jsonschema.Draft202012Validator(json.loads(schemas.SCHEMAS["howto.schema.json"]()))

    for value in good:
        schema.validate({**HOWTO, field: value})
    for value in bad:
        assert not schema.is_valid({**HOWTO, field: value})


def test_a_film_may_be_named_without_more(project: Project, clip: Path) -> None:
    project.film(clip, video="videos/wire-a-plug.mp4")

    told = project.run("check")

    assert told.exit_code == 0, told.stderr
    assert "1 how-to, 1 film" in told.stderr


def test_a_wrong_field_of_the_third_step_has_the_third_steps_line(project: Project) -> None:
    path = project.write(steps=[*STEPS[:2], {**STEPS[2], "chek": "It is on."}])

    told = project.run("check")

    assert problems(told) == [f"content/electrical/wire-a-plug.md:{line_of(path, 'chek')}: unknown field 'chek' in step 3"]
    assert hint_after(told, "chek") == "did you mean 'check'?"


@pytest.mark.parametrize(("name", "given", "says"), [
    ("lang", "af", "en"), ("slug", "plug", "wire-a-plug"), ("category", "water", "electrical"),
])  # fmt: skip
def test_what_the_files_name_says_too_must_agree(project: Project, name: str, given: str, says: str) -> None:
    path = project.write()
    path.write_text(path.read_text("utf-8").replace("summary:", f"{name}: {given}\nsummary:"), "utf-8")

    told = project.run("check")

    assert told.exit_code == 1
    assert problems(told) == [f"content/electrical/wire-a-plug.md:3: '{name}' is '{given}', the file says '{says}'"]
    assert hint_after(told, given) == f"leave '{name}' out, or rename"


def test_all_mistakes_of_a_run_are_told_at_once(project: Project) -> None:
    project.write(sumary="x", difficulty=9, title=None)
    project.write("save-water", category="water", related=["wire-a-plg"], steps=[STEPS[0], STEPS[0], STEPS[1]])
    project.text("content/water/broken.md", "---\ntitle: a: b\n---\n")
    project.text("content/codes.tsv", "code\tslug\tsince\nk7q\tfix-a-tap\t2026-11-21\n")

    told = project.run("check")

    assert told.exit_code == 1
    files = [row.split(":")[0] for row in problems(told)]
    assert files.count("content/electrical/wire-a-plug.md") == 3
    assert files.count("content/water/save-water.md") == 2
    assert files.count("content/water/broken.md") == 1
    assert files.count("content/codes.tsv") == 1
    assert files == sorted(files)
    assert "7 mistakes; nothing was made" in told.stderr


def test_a_program_reads_the_same_as_json(project: Project) -> None:
    path = project.write(sumary="é")

    told = project.run("check", "--json")

    assert told.exit_code == 1
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    assert {
        "event": "problem",
        "file": "content/electrical/wire-a-plug.md",
        "line": line_of(path, "sumary"),
        "message": "unknown field 'sumary'",
        "hint": "did you mean 'summary'?",
    } in rows
    assert told.stderr == ""


@pytest.mark.parametrize("per", ["l**2", "l 2", "(l", "l,2", "l//2", "l()", "l*", ")", "in"])
def test_a_calculators_sum_has_numbers_names_and_four_signs(project: Project, per: str) -> None:
    path = project.write(calculator={**CALCULATOR, "per": per})

    told = project.run("check")

    assert told.exit_code == 1
    (problem,) = problems(told)
    if "," in per:  # refused by its form
        assert "'calculator.per'" in problem
    else:
        assert problem.endswith(f":{line_of(path, 'per:')}: '{per}' is no sum")
        assert hint_after(told, "no sum") == "numbers and l with + - * / and ( )"


@pytest.mark.parametrize("per", ["l * 2", "l * (l + 0.1) / 2", "-1 + l / 0.5", " l * l "])
def test_a_calculators_sum_may_be(project: Project, per: str) -> None:
    project.write(calculator={**CALCULATOR, "per": per})

    assert project.run("check").exit_code == 0


def test_a_sum_of_what_is_not_asked_is_told(project: Project) -> None:
    project.write(calculator={**CALCULATOR, "per": "l * wide"})

    told = project.run("check")

    assert "the sum uses 'wide', which is not asked" in told.stderr
    assert hint_after(told, "'wide'") == "asked: l"


def test_a_calculator_starts_within_its_bounds(project: Project) -> None:
    ask = {**CALCULATOR["ask"][0], "default": 99}
    project.write(calculator={**CALCULATOR, "ask": [ask]})

    assert "'Length' starts at 99, outside 1–9" in project.run("check").stderr


def test_a_name_is_asked_once(project: Project) -> None:
    project.write(calculator={**CALCULATOR, "ask": [*CALCULATOR["ask"], *CALCULATOR["ask"]]})

    assert "'l' is asked twice" in project.run("check").stderr


def test_costs_go_upwards(project: Project) -> None:
    project.write(cost={"min": 60, "max": 30, "as_of": "2026-11-21"})

    assert "costs from 60 up to 30" in project.run("check").stderr
