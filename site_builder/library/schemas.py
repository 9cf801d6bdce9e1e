"""The JSON Schemas that are published, by file name, and written beside the how-tos for editors that check while typing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import BaseModel

from site_builder.library.howto import FrontMatter
from site_builder.library.translation import Translation

JSON_SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"

SCHEMAS: Mapping[str, Callable[[], str]] = {
    "howto.schema.json": lambda: json_schema(FrontMatter),
    "translation.schema.json": lambda: json_schema(Translation),
}


def json_schema(model: type[BaseModel]) -> str:
    """The model as JSON Schema, draft 2020-12."""
    schema = {"$schema": JSON_SCHEMA_DIALECT, **model.model_json_schema(by_alias=True, mode="validation")}
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def write_schemas(folder: Path, again: bool = True) -> list[Path]:
    """Put them into the content folder, where how-tos name them; those that are there already only `again`."""
    paths = [folder / name for name in SCHEMAS if again or not (folder / name).exists()]
    for path in paths:
        path.write_text(SCHEMAS[path.name](), "utf-8", newline="\n")
    return paths
