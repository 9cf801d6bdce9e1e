"""The library that comes with the program: without a mistake, and as its own schema says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from site_builder import pipeline
from site_builder.cache import Cache
from site_builder.library import frontmatter, schemas, settings_file, text_files, yaml_values
from tests.project import Project

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
PAGES = sorted(CONTENT.glob("*/*.md"))


def test_the_sample_library_has_no_mistake(tmp_path: Path) -> None:
    checked = pipeline.check_library(settings_file.load_settings(ROOT / "mkdocs.yml"), Cache(tmp_path))

    assert len(checked.library.howtos) == len(PAGES) == 28
    assert len(checked.masters) == len(checked.captions) == 12
    assert {howto.lang for howto in checked.library.howtos} == {"en", "af", "zu"}
    assert {warning.message.split(" of ")[0].split("'")[0] for warning in checked.warnings} <= {
        "risk is high and nobody has reviewed it",
        "code ",
    }


@pytest.mark.parametrize("name", schemas.SCHEMAS)
def test_the_schema_beside_the_how_tos_is_the_models(name: str) -> None:
    assert (CONTENT / name).read_text("utf-8") == schemas.SCHEMAS[name](), "renew it with 'site-builder schema --write'"


@pytest.mark.parametrize("name", schemas.SCHEMAS)
def test_the_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads((CONTENT / name).read_text("utf-8")))


@pytest.mark.parametrize("path", PAGES, ids=[path.name for path in PAGES])
def test_a_sample_is_as_the_schema_that_it_names_says(path: Path) -> None:
    head, _ = frontmatter.split_front_matter(text_files.read_text(path), path)
    values, _, _ = yaml_values.load_yaml(head, path)
    schema = json.loads((path.parent / values["$schema"]).resolve().read_text("utf-8"))

    errors = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(values)]

    assert errors == []


def test_the_schema_finds_what_check_finds() -> None:
    schema = jsonschema.Draft202012Validator(json.loads((CONTENT / "howto.schema.json").read_text("utf-8")))
    path = CONTENT / "electrical/wire-a-plug.md"
    values, _, _ = yaml_values.load_yaml(frontmatter.split_front_matter(path.read_text("utf-8"), path)[0], path)

    for wrong in ({"sumary": "x"}, {"difficulty": 9}, {"risk": "hihg"}, {"steps": []}, {"title": "x" * 61}, {"code": "l0"}):
        assert not schema.is_valid({**values, **wrong}), wrong


def test_schema_writes_what_it_prints(project: Project) -> None:
    shutil.rmtree(project.root / "videos")  # it needs no films

    printed, written = project.run("schema"), project.run("schema", "--write")

    assert (printed.exit_code, written.exit_code) == (0, 0)
    assert json.loads(printed.stdout)["title"] == "How-to"
    assert written.stdout.splitlines() == ["content/howto.schema.json", "content/translation.schema.json"]
    assert (project.root / "content/howto.schema.json").read_text("utf-8") == schemas.SCHEMAS["howto.schema.json"]()
