"""The JSON Schemas that are published, by file name, and written beside the how-tos for editors that check while typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from site_builder.library.model import FrontMatter
from site_builder.library.translation import Translation
from site_builder.website import catalogue

SCHEMAS: Mapping[str, Callable[[], str]] = {
    "howto.schema.json": lambda: catalogue.json_schema(FrontMatter),
    "translation.schema.json": lambda: catalogue.json_schema(Translation),
}


def write_schemas(folder: Path, again: bool = True) -> list[Path]:
    """Put them into the content folder, where how-tos name them; those that are there already only `again`."""
    paths = [folder / name for name in SCHEMAS if again or not (folder / name).exists()]
    for path in paths:
        path.write_text(SCHEMAS[path.name](), "utf-8", newline="\n")
    return paths
