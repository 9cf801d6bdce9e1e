"""A link becomes a QR code, and a picture of one becomes its link. The only file that knows a QR library."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import zxingcpp

QUIET = 4  # modules on each side, ISO/IEC 18004 §6.3.8
# What survives a month in a bakkie was measured (benchmarks/print.md). Where modules may be as big as COARSE, the highest level
# wins although it needs more of them, and a fifth version wins over a fourth on the worst day; below FINE, fewer modules win.
COARSE, FINE = 0.9, 0.85  # mm
STURDY = 5  # version

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


def code(link: str, side: float = 45) -> Code:
    """The code that is read most often in a box of `side` mm, its quiet zone included."""
    best = drawn(link, "H")
    sturdy = drawn(link, "H", STURDY) if best.version < STURDY else best
    if module(sturdy, side) >= COARSE:
        return sturdy
    return best if module(best, side) >= FINE else smallest(link)


def smallest(link: str) -> Code:
    """The smallest code at level M, then at the highest level that costs no larger one."""
    least = drawn(link, "M")
    raised = [made for made in (drawn(link, level) for level in "HQ") if made.version == least.version]
    return [*raised, least][0]


def module(code: Code, side: float) -> float:
    """How wide one module is in a box of `side`."""
    return side / (code.size + 2 * QUIET)


def drawn(link: str, level: str, version: int | None = None) -> Code:
    wishes = {"ec_level": level} | ({"version": version} if version else {})
    made = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode, **wishes)
    grey = memoryview(made.to_image(scale=1, add_quiet_zones=False))
    rows = tuple(tuple(module == 0 for module in row) for row in grey.tolist())
    return Code(link, (len(rows) - 17) // 4, level, rows)


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
