"""Names of files as the disk has them."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from site_builder.library.problems import did_you_mean


def real_path(path: Path) -> Path:
    """Where a path leads. It never fails, as `Path.resolve` does at links that lead in a circle."""
    return Path(os.path.realpath(path))


def path_on_disk(path: Path) -> Path:
    """The path with its name as the disk has it: a Mac writes é as two letters, and an editor who types it as one."""
    if os.path.lexists(path):
        return path
    try:
        return next((existing for existing in path.parent.iterdir() if nfc(existing.name) == nfc(path.name)), path)
    except (OSError, ValueError):
        return path


def is_file(path: Path) -> bool:
    """As `Path.is_file`, which fails at names that are too long."""
    return os.path.isfile(path)  # noqa: PTH113


def nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def suggest_file(name: str, candidates: Iterable[str], otherwise: str = "") -> str:
    """A hint that names the file that was likely meant; capitals count, which some disks forgive and others do not."""
    candidates = [other for other in candidates if other != name]
    if same := next((other for other in candidates if other.casefold() == name.casefold()), None):
        return f"did you mean '{same}'? capitals count"
    return did_you_mean(name, candidates, otherwise)
