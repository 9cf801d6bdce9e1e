"""The part of mkdocs.yml that is MkDocs' and Material's, and that we read too."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

import pathspec
from pydantic import BeforeValidator, ConfigDict, field_validator

from site_builder.library.field_types import Folder, SiteAddress, StrictModel, Text
from site_builder.library.problems import InvalidValue, did_you_mean

PLUGIN_NAME = "site-builder"
MATERIAL_COLOURS = [  # of Material's palette
    "red", "pink", "purple", "deep-purple", "indigo", "blue", "light-blue", "cyan", "teal", "green", "light-green", "lime",
    "yellow", "amber", "orange", "deep-orange", "brown", "grey", "blue-grey", "black", "white", "custom",
]  # fmt: skip


def material_colour(value: object) -> object:
    """One of Material's; spaces in it may be hyphens. Raises InvalidValue."""
    if not isinstance(value, str) or value.strip().replace(" ", "-") not in MATERIAL_COLOURS:
        near = did_you_mean(value, MATERIAL_COLOURS) if isinstance(value, str) else ""
        raise InvalidValue("no colour that there is", near or f"one of {', '.join(MATERIAL_COLOURS)}")
    return value.strip().replace(" ", "-")


def validate_patterns(value: object) -> object:
    """Patterns as in .gitignore, one a line. Raises InvalidValue."""
    if value is not None and not isinstance(value, str):
        raise InvalidValue("no lines of names", "write '|' behind the colon, and one name a line below it")
    try:
        pathspec.GitIgnoreSpec.from_lines((value or "").splitlines())
    except ValueError as error:
        raise InvalidValue(f"no such pattern ({error})", "names and folders, one a line, as in .gitignore") from None
    return value


MaterialColour = Annotated[str, BeforeValidator(material_colour)]
IgnorePatterns = Annotated[str | None, BeforeValidator(validate_patterns)]


class PaletteSetting(StrictModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    primary: MaterialColour = "indigo"
    accent: MaterialColour = "indigo"


def as_list(value: object) -> object:
    """Material takes one palette, or several that a reader switches between."""
    return value if isinstance(value, list) else [{} if value is None else value]


class ThemeSetting(StrictModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    name: Text | None = None
    palette: Annotated[tuple[PaletteSetting, ...], BeforeValidator(as_list)] = ()


class MkDocsSettings(StrictModel):
    """The part of mkdocs.yml that we read; the rest is MkDocs'."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    site_name: Text
    site_url: SiteAddress
    site_description: str | None = None
    docs_dir: Folder = "content"
    site_dir: Folder = "site"
    theme: (
        Annotated[ThemeSetting, BeforeValidator(lambda value: {"name": value} if isinstance(value, str) else value)] | None
    ) = None
    exclude_docs: IgnorePatterns = None
    draft_docs: IgnorePatterns = None

    @field_validator("site_url")
    @classmethod
    def with_trailing_slash(cls, url: str) -> str:
        return url if url.endswith("/") else f"{url}/"


@cache
def compile_patterns(lines: tuple[str, ...]) -> pathspec.GitIgnoreSpec:
    return pathspec.GitIgnoreSpec.from_lines(lines)


# what only MkDocs can judge: extensions, hooks, navigation and other plugins are asked of it
KNOWN_KEYS = {*MkDocsSettings.model_fields, "site_author", "copyright", "plugins"}
KNOWN_THEME_KEYS = {"name", "palette", "language", "font", "features"}


def has_only_known_plugins(plugins: Any) -> bool:
    """Whether no other plugin than ours is asked for; `search` is MkDocs' own."""
    listed = plugins if isinstance(plugins, list) else [plugins]
    names = {name for entry in listed for name in (entry if isinstance(entry, dict) else [entry])}
    return names <= {PLUGIN_NAME, "search"}


def is_plain_material(theme: Any) -> bool:
    named = theme if isinstance(theme, dict) else {"name": theme}
    return named.get("name") == "material" and set(named) <= KNOWN_THEME_KEYS
