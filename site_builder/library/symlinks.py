"""Links of the file system: what stands behind one may be anything that the machine has. None leads out of the library."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from site_builder.library.problems import Problem
from site_builder.library.settings import Settings

COPY_HINT = "put the file itself there"


def forbidden_links(settings: Settings) -> dict[Path, Problem]:
    """Links in the content folder and among the films that must not be followed, each with what is wrong."""
    problems = {}
    for folder in (settings.content, settings.videos):
        for path in visible_links(folder):
            if problem := link_problem(path, settings.root):
                problems[path] = problem
    return problems


def visible_links(folder: Path) -> Iterator[Path]:
    """Those that are no hidden ones, and in no hidden folder."""
    for here, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in (*inner, *sorted(names)):
            path = f"{here}/{name}"
            if not name.startswith(".") and os.path.islink(path):  # noqa: PTH114 - of each file of a large library
                yield Path(path)


def link_problem(path: Path, root: Path) -> Problem | None:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # not there, or round in a circle
        return Problem(path, 1, "this link leads nowhere", "put the file itself there, or take the link away")
    if not target.is_relative_to(root):
        return Problem(path, 1, "this link leads out of the library: what stands behind it is not read", COPY_HINT)
    if any(part.startswith(".") for part in target.relative_to(root).parts):
        return Problem(path, 1, "this link leads to a hidden file: what stands behind it is not read", COPY_HINT)
    if target.is_dir():
        return Problem(path, 1, "this link leads to a folder: what stands in it is not read", "put the folder itself there")
    return None


def is_forbidden(path: Path | str, root: Path) -> bool:
    """A link that is not followed."""
    return os.path.islink(path) and link_problem(Path(path), root) is not None  # noqa: PTH114 - of each file of a large library
