"""One .typ file per print format in formats/; its `//:` lines are TOML with the fields of PrintFormat.

To add a format, add one file: no other asks for a format by its name.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from site_builder.leaflets.copyfit import PageGeometry

HERE = Path(__file__).parent
FORMATS_FOLDER = HERE / "formats"
SHARED_TEMPLATES = tuple(HERE / name for name in ("parts.typ", "howto.typ", "cards.typ"))  # what formats are made from

MAX_BYTES, TONER_MAX_BYTES = 150_000, 80_000  # bytes: what a print costs who opens it on a phone

# Pages by name; a format may be set for another paper by the settings, so each has a size for each paper.
A4 = PageGeometry(
    width=210, height=297, margin=9.5, foot=13, gutter=7, side=53, columns=2, body=10,
    title_sizes=(37, 34, 31, 29, 26, 23, 20),
    size_steps=(
        (52, 12, 4), (49, 11.5, 4), (46, 11, 4), (44, 10.5, 3.6), (42, 10.5, 3.4), (40, 10, 3.2), (37, 10, 3), (34, 10, 2.8),
    ),
    page_targets=(1, 2, 3), end_sizes=(14, 13, 12, 11),
    column_size_steps=((88, 15, 4.4), (80, 14, 4), (74, 14, 3.8), (68, 13, 3.6), (62, 13, 3.4)),
)  # fmt: skip
A5 = PageGeometry(
    width=148, height=210, margin=8, foot=12, gutter=5, side=42, columns=1, body=9,
    title_sizes=(27, 25, 23, 21, 19, 17, 15),
    size_steps=((52, 10.5, 3), (48, 10.5, 2.8), (44, 10, 2.6), (40, 9.5, 2.4), (36, 9.5, 2.2), (32, 9, 2), (28, 9, 1.8)),
    page_targets=(2, 4, 8), min_notes_height=24, end_sizes=(11.5, 10.5),
)  # fmt: skip


# A how-to on A4 or on A5, how-tos that changed, or what stands in one aisle.
UsualFor = Literal["", "a4", "a5", "changes", "aisle"]


@dataclass(frozen=True)
class PrintFormat:
    """A print format: its file's name and first line, and the fields behind `//:` in it."""

    name: str
    description: str  # the first line of the file
    mark: str  # the letter behind `?s=` in its links
    page: Literal["a4", "a5", ""] = ""  # of the leaflets in it; none where it has no leaflets but labels, tiles
    holds: Literal["one", "many"] = "one"  # how-tos
    versioned: bool = True  # its links carry the version of the words that stand beside them
    toner: bool = False  # lightened stills, great letters in thin strokes
    fold: Literal["", "two-up", "booklet"] = ""  # how its pages are put on larger sheets
    cover: bool = False  # the library's own code stands on its first page, before all leaflets
    tiles: bool = False  # a code for each how-to stands below the library's own
    film_note: bool = True  # its cards tell how long the film is and what it costs in data
    aisle_items: bool = False  # its cards name what is needed from an aisle, and there is one print for each aisle
    code_share: float = 0.55  # the most of a label's width that its code takes
    sheet: Literal["", "a3"] = ""  # the paper that it is printed on, where that is not the library's own
    usual_for: UsualFor = ""  # what is printed in it unless another format is asked for

    @property
    def for_one_howto(self) -> bool:
        """Whether one how-to alone can be printed in it."""
        return self.holds == "one" or self.fold == "two-up"

    @property
    def short_description(self) -> str:
        """What it is, in a few words."""
        return self.description.split(":")[0].rstrip(".")

    def max_bytes(self, leaflets: int = 1) -> int:
        """Size limit of a file in bytes; what holds many how-tos has as much for each."""
        return (TONER_MAX_BYTES if self.toner else MAX_BYTES) * (1 if self.for_one_howto else leaflets)

    @property
    def path(self) -> Path:
        return FORMATS_FOLDER / f"{self.name}.typ"

    def geometry(self, paper: str) -> PageGeometry:
        """The page of its leaflets on this paper, "a4" or "us-letter"."""
        letter = paper == "us-letter"
        if self.page == "a5":
            small = replace(A5, page_targets=A5.page_targets[1:]) if self.fold == "booklet" else A5  # its sheet has four pages
            return replace(small, width=139.7, height=215.9) if letter else small
        return replace(A4, width=215.9, height=279.4) if letter else A4


@cache
def load_formats() -> dict[str, PrintFormat]:
    """Every format by its name."""
    return {path.stem: read_format(path) for path in sorted(FORMATS_FOLDER.glob("*.typ"))}


def usual_format(use: UsualFor) -> PrintFormat:
    """The format in which this is printed unless another is asked for."""
    return next(print_format for print_format in load_formats().values() if print_format.usual_for == use)


def read_format(path: Path) -> PrintFormat:
    """A format, from the lines of its file. Raises TypeError for a field that no format has."""
    first, *lines = path.read_text("utf-8").splitlines()
    fields = tomllib.loads("\n".join(line.removeprefix("//:") for line in lines if line.startswith("//:")))
    return PrintFormat(name=path.stem, description=first.removeprefix("//").strip(), **fields)
