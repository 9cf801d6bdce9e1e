"""What an editor must put right in a Markdown text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # where nothing changed nothing is read, and it need not be imported
    pass


@dataclass(frozen=True)
class ProseFault:
    """What an editor must put right, at a line within the text."""

    line: int
    message: str
    hint: str = ""
    warning: bool = False
    any_parser: bool = False  # of the text itself, whatever it is read with: too long, too deep
