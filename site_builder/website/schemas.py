"""The JSON Schemas that are published, by file name, and written beside the how-tos for editors that check while typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from site_builder.library.model import FrontMatter
from site_builder.library.translation import Translation
from site_builder.website import catalogue

ALL: Mapping[str, Callable[[], str]] = {
    "howto.schema.json": lambda: catalogue.schema(FrontMatter),
    "translation.schema.json": lambda: catalogue.schema(Translation),
}
