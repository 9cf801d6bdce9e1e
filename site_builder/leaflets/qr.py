"""A link becomes a QR code, and a picture of one becomes its link. The only file that knows a QR library."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import segno
import zxingcpp

LEAST = "m"  # level; what is left of the version raises it further
QUIET = 4  # modules on each side, ISO/IEC 18004 §6.3.8

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
        return loops(border(self.modules))


def code(link: str) -> Code:
    """The smallest code at the least level, then at the highest level that costs no larger one."""
    made = segno.make_qr(link, error=LEAST, boost_error=True)
    modules = tuple(tuple(bool(module) for module in row) for row in made.matrix)
    return Code(link, int(made.version), str(made.error), modules)


def read(grey: bytes, width: int, height: int) -> list[str]:
    """What the QR codes in a picture of 8-bit grey say; empty where none can be read."""
    image = memoryview(grey).cast("B", shape=(height, width))
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]), try_invert=False)
    return [one.text for one in found]


def border(modules: tuple[tuple[bool, ...], ...]) -> dict[Point, list[Point]]:
    """Edges between dark and light, with the dark to the right: start to its ends (two where modules touch at a corner)."""
    edges = defaultdict(list)
    dark = {(x, y) for y, row in enumerate(modules) for x, module in enumerate(row) if module}
    for x, y in sorted(dark):
        around = [(x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)]
        corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
        for side in range(4):
            if around[side] not in dark:
                edges[corners[side]].append(corners[(side + 1) % 4])
    return edges


def loops(edges: dict[Point, list[Point]]) -> tuple[tuple[Point, ...], ...]:
    """The edges joined end to end, only the corners kept."""
    found = []
    while edges:
        start = min(edges)
        path = [start]
        while path[-1] != start or len(path) == 1:
            ends = edges[path[-1]]
            path.append(ends.pop())
            if not ends:
                del edges[path[-2]]
        found.append(corners_of(path[:-1]))
    return tuple(found)


def corners_of(path: list[Point]) -> tuple[Point, ...]:
    """The points where a closed path turns: it only runs straight or at right angles."""
    return tuple(
        here
        for before, here, after in zip(path[-1:] + path[:-1], path, path[1:] + path[:1], strict=True)
        if not before[0] == here[0] == after[0] and not before[1] == here[1] == after[1]
    )
