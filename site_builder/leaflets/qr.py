"""A link becomes a QR code, and a picture of one becomes its link. The only file that knows a QR library."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import zxingcpp

QUIET = 4  # modules on each side, ISO/IEC 18004 §6.3.8
# What survives a month in a bakkie was measured (benchmarks/print.md). The highest level wins as long as modules are FINE or
# more, and a larger version wins on the worst day while they are COARSE or more: a blot then hits less of it, and its three
# finders, which no level can mend, take a smaller part of the paper. Below FINE, fewer modules win.
COARSE, FINE = 0.9, 0.85  # mm
MOST = 8  # version: what one can still scan from a step away

Point = tuple[int, int]


@dataclass(frozen=True)
class Code:
    """A QR code without its quiet zone. True is a dark module; `level` is L, M, Q or H."""

    link: str
    version: int
    level: str
    modules: tuple[tuple[bool, ...], ...]

    @property
    def size(self) -> int:
        """Modules on one side."""
        return len(self.modules)

    @property
    def outline(self) -> tuple[tuple[Point, ...], ...]:
        """The border of all dark modules as closed loops: one path, filled even-odd, has no seams between modules."""
        return loops(self.modules)

    @property
    def svg(self) -> str:
        """The code in its quiet zone, drawn as that one path."""
        side = self.size + 2 * QUIET
        path = "".join(drawn_loop(loop) for loop in self.outline)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-QUIET} {-QUIET} {side} {side}">'
            f'<path fill-rule="evenodd" d="{path}"/></svg>'
        )


def drawn_loop(loop: tuple[Point, ...]) -> str:
    """A loop in SVG's words: it turns at every point, so runs across and down take turns."""
    steps = []
    for (x, y), (to_x, to_y) in pairwise(loop):
        steps.append(f"h{to_x - x}" if y == to_y else f"v{to_y - y}")
    return f"M{loop[0][0]} {loop[0][1]}{''.join(steps)}z"


def code(link: str, side: float = 52) -> Code:
    """The code that is read most often in a box of `side` mm, its quiet zone included."""
    best = drawn(link, "H")
    if module(best.size, side) < FINE:
        return smallest(link)
    largest = max((v for v in range(1, MOST + 1) if module(17 + 4 * v, side) >= COARSE), default=0)
    return drawn(link, "H", largest) if largest > best.version else best


def smallest(link: str) -> Code:
    """The smallest code at level M, then at the highest level that costs no larger one."""
    least = drawn(link, "M")
    raised = [made for made in (drawn(link, level) for level in "HQ") if made.version == least.version]
    return [*raised, least][0]


def module(size: int, side: float) -> float:
    """How wide one module of a code of so many is in a box of `side` mm."""
    return side / (size + 2 * QUIET)


def drawn(link: str, level: str, version: int | None = None) -> Code:
    wishes = {"ec_level": level} | ({"version": version} if version else {})
    made = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode, **wishes)
    image: Any = made.to_image(scale=1, add_quiet_zones=False)
    grey: list[list[int]] = memoryview(image).tolist()  # type: ignore[assignment]  # of two dimensions
    rows = tuple(tuple(module == 0 for module in row) for row in grey)
    return Code(link, (len(rows) - 17) // 4, level, rows)


def read(grey: bytes, width: int, height: int) -> list[str]:
    """What the QR codes in a picture of 8-bit grey say; empty where none can be read."""
    image = memoryview(grey).cast("B", shape=(height, width))
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]), try_invert=False)
    return [one.text for one in found]


def loops(modules: tuple[tuple[bool, ...], ...]) -> tuple[tuple[Point, ...], ...]:
    """The border between dark and light as closed paths, only their corners kept."""
    # A row, or a column, is a number with a bit for each module: where two neighbours differ there is an edge between them,
    # and where an edge's bits change, it begins or ends.
    rows = [sum(1 << x for x, dark in enumerate(row) if dark) for row in modules]
    columns = [sum(1 << y for y, dark in enumerate(column) if dark) for column in zip(*modules, strict=True)]
    # Two ends to a corner point: where it turns across, and where it turns down.
    across: dict[Point, Point] = {}
    down: dict[Point, Point] = {}
    for y, (above, below) in enumerate(pairwise([0, *rows, 0])):
        pair(across, [(x, y) for x in ends(above ^ below)])
    for x, (left, right) in enumerate(pairwise([0, *columns, 0])):
        pair(down, [(x, y) for y in ends(left ^ right)])
    found = []
    while across:
        start = here = next(iter(across))
        path = []
        while here in across:
            there = across.pop(here)
            del across[there]
            path += [here, there]
            here = down[there]
        assert here == start
        found.append(tuple(path))
    return tuple(found)


def ends(edges: int) -> list[int]:
    """Where the runs of ones in a number begin and end, from the lowest."""
    turns = edges ^ (edges << 1)
    found = []
    while turns:
        lowest = turns & -turns
        found.append(lowest.bit_length() - 1)
        turns ^= lowest
    return found


def pair(known: dict[Point, Point], points: list[Point]) -> None:
    """Along one line, each edge's begin knows its end and the other way about."""
    for one, other in zip(points[::2], points[1::2], strict=True):
        known[one], known[other] = other, one
