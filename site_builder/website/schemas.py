"""The JSON Schemas that are published, by file name, and written beside the how-tos for editors that check while typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from site_builder.library.model import FrontMatter
from site_builder.library.translation import Translation
from site_builder.website import catalogue

ALL: Mapping[str, Callable[[], str]] = {
    "howto.schema.json": lambda: catalogue.schema(FrontMatter),
    "translation.schema.json": lambda: catalogue.schema(Translation),
}


def write(folder: Path, again: bool = True) -> list[Path]:
    """Put them into the content folder, where how-tos name them; those that are there already only `again`."""
    paths = [folder / name for name in ALL if again or not (folder / name).exists()]
    for path in paths:
        path.write_text(ALL[path.name](), "utf-8", newline="\n")
    return paths
