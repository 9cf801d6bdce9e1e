"""Where the files of `theme/` stand; the only place that knows."""

from __future__ import annotations

from pathlib import Path

THEME = Path(__file__).parents[1] / "theme"
TEMPLATES = THEME / "templates"  # Jinja: pages
SCRIPTS = THEME / "scripts"  # JavaScript, a folder for each part of the site that loads them together
STYLES = THEME / "styles"
VENDOR = THEME / "vendor"  # scripts of others, with their licences
MKDOCS_TEMPLATES = THEME / "mkdocs"  # alone in its folder: MkDocs looks there before it looks into Material's
