"""The only file that knows where Material for MkDocs is: its colours and its icons. Without it, plain ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from site_builder.library.problems import Problem, did_you_mean
from site_builder.library.settings import Settings

# What Material's own style sheet says for `indigo`; used when it is not installed.
DEFAULT_PALETTE = {
    "--md-primary-fg-color": "#4051b5",
    "--md-primary-bg-color": "#fff",
    "--md-accent-fg-color": "#526cfe",
}
PLACEHOLDER_ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M4 4h16v16H4z"/></svg>'


@cache
def templates_folder() -> Path | None:
    """The theme's templates. Found without importing it: its import prints."""
    spec = find_spec("material")
    places = spec.submodule_search_locations if spec else None
    templates = Path(places[0]) / "templates" if places else None
    return templates if templates and (templates / ".icons").is_dir() else None


@cache
def palette(primary: str, accent: str) -> dict[str, str]:
    """Material's variables for the colours that mkdocs.yml names."""
    templates = templates_folder()
    sheets = sorted(templates.glob("assets/stylesheets/palette*.css")) if templates else []
    css = sheets[0].read_text("utf-8") if sheets else ""
    colours = dict(DEFAULT_PALETTE)
    for selectors, rules in re.findall(r"([^{}]+)\{([^{}]+)\}", css):
        wanted = (f"[data-md-color-primary={primary}]", f"[data-md-color-accent={accent}]")
        if any(selector in wanted for selector in selectors.split(",")):
            colours |= dict(re.findall(r"(--md-[a-z-]+):([^;]+)", rules))
    return colours


@cache
def icon_svg(name: str) -> str:
    """An icon of Material's as SVG: `material/water`. An unknown name gives a plain square."""
    templates = templates_folder()
    path = templates / ".icons" / f"{name}.svg" if templates else None
    if path is None or ".." in name or not path.is_file():
        return PLACEHOLDER_ICON
    return path.read_text("utf-8").strip()


def unknown_icons(settings: Settings) -> Iterator[Problem]:
    """Warnings for category icons that Material does not have: the placeholder is shown."""
    rows = settings.file.read_text("utf-8-sig", errors="replace").split("\n")  # what is no text is told elsewhere
    for category in settings.categories:
        if icon_svg(category.icon) == PLACEHOLDER_ICON and (top := templates_folder()):
            line = next((number for number, row in enumerate(rows, start=1) if category.icon in row), 1)
            group, _, name = category.icon.rpartition("/")
            there = {path.stem for path in top.glob(".icons/material/*.svg")} if group in ("material", "") else set()
            near = did_you_mean(name, there, "such as material/water").replace("mean '", "mean 'material/")
            yield Problem(settings.file, line, f"no icon '{category.icon}'", near, warning=True)


def icon_path(name: str) -> str:
    """The same icon as the path of its one shape, in a square of 24."""
    return str(re.findall(r'<path d="([^"]+)"', icon_svg(name))[0])
