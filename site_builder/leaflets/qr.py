"""QR codes: makes a Symbol for a link, reads links from a picture. The only file that knows a QR library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import zxingcpp

QUIET_ZONE = 4  # modules on each side, ISO/IEC 18004 §6.3.8
# What survives a month in a bakkie was measured (benchmarks/print.md). The highest level wins as long as modules are FINE or
# more, and a larger version wins on the worst day while they are COARSE or more: a blot then hits less of it, and its three
# finders, which no level can mend, take a smaller part of the paper. Below FINE, fewer modules win.
COARSE_MODULE, FINE_MODULE = 0.9, 0.85  # mm
MAX_VERSION = 8  # version: what one can still scan from a step away

LEVELS = "LMQH"
SCHEME_AND_HOST = re.compile(r"https?://[a-z0-9.:-]+(?=[/?#]|$)")

DIFFERING_RUN = re.compile("1+")
GREY_TO_BIT = bytes([ord("1"), *b"0" * 255])  # of a grey

Point = tuple[int, int]


@dataclass(frozen=True)
class Symbol:
    """A QR symbol (ISO/IEC 18004) without its quiet zone. Rows of "1" (dark) and "0"; `level` is L, M, Q or H."""

    text: str
    version: int
    level: str
    rows: tuple[str, ...]

    @property
    def size(self) -> int:
        """Modules on one side."""
        return len(self.rows)

    @property
    def outline(self) -> tuple[tuple[Point, ...], ...]:
        """The border of all dark modules as closed loops: one path, filled even-odd, has no seams between modules."""
        return outline_loops(self.rows)

    @property
    def svg(self) -> str:
        """The code in its quiet zone, drawn as that one path."""
        side = self.size + 2 * QUIET_ZONE
        path = "".join(svg_loop(loop) for loop in self.outline)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-QUIET_ZONE} {-QUIET_ZONE} {side} {side}">'
            f'<path fill-rule="evenodd" d="{path}"/></svg>'
        )


def svg_loop(loop: tuple[Point, ...]) -> str:
    """A loop in SVG's words: it turns at every point, so runs across and down take turns; the last one down closes it."""
    (x, y), *_ = loop
    across = [to[0] - at[0] for at, to in zip(loop[::2], loop[1::2], strict=True)]
    down = [to[1] - at[1] for at, to in zip(loop[1::2], loop[2::2], strict=False)]
    commands = "".join([f"h{right}v{below}" for right, below in zip(across, down, strict=False)])
    return f"M{x} {y}{commands}h{across[-1]}z"


def symbol_for(link: str, side: float = 52) -> Symbol:
    """The code that is read most often in a box of `side` mm, its quiet zone included.

    Scheme and host are in capitals where that makes its modules larger or its level higher: two capitals take 11 bits, two
    small letters 16 (ISO/IEC 18004 §7.4), and to a browser both are the same (RFC 3986 §6.2.2.1). A path keeps its case.
    """
    if largest := max((v for v in range(1, MAX_VERSION + 1) if module_width(17 + 4 * v, side) >= COARSE_MODULE), default=0):
        for text in (link, uppercase_host(link)):
            with suppress(ValueError):  # the text is too long for it
                return encode_symbol(text, "H", largest)
    return max(best_symbol(link, side), best_symbol(uppercase_host(link), side), key=lambda symbol: symbol_rank(symbol, side))


def best_symbol(text: str, side: float) -> Symbol:
    highest = encode_symbol(text, "H")
    return highest if module_width(highest.size, side) >= FINE_MODULE else smallest_symbol(text)


def symbol_rank(symbol: Symbol, side: float) -> tuple[bool, int, int]:
    """Sort key of two symbols for one place: level H with fine modules first, then fewer modules, then the higher level."""
    return symbol.level == "H" and module_width(symbol.size, side) >= FINE_MODULE, -symbol.version, LEVELS.index(symbol.level)


def smallest_symbol(text: str) -> Symbol:
    """The smallest code at level M, then at the highest level that costs no larger one."""
    least = encode_symbol(text, "M")
    raised = [symbol for symbol in (encode_symbol(text, level) for level in "HQ") if symbol.version == least.version]
    return [*raised, least][0]


def uppercase_host(link: str) -> str:
    """The link with its scheme and host in capitals."""
    return SCHEME_AND_HOST.sub(lambda start: start[0].upper(), link, count=1)


def lowercase_host(text: str) -> str:
    """A code's text with scheme and host in small letters again, as browsers take them."""
    start = SCHEME_AND_HOST.match(text.lower())
    return start[0] + text[start.end() :] if start else text


def module_width(size: int, side: float) -> float:
    """mm of one module, where a symbol of `size` modules and its quiet zone fill `side` mm."""
    return side / (size + 2 * QUIET_ZONE)


def encode_symbol(text: str, level: str, version: int | None = None) -> Symbol:
    options = {"ec_level": level} | ({"version": version} if version else {})
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, **options)
    image: Any = symbol.to_image(scale=1, add_quiet_zones=False)
    side = image.shape[0]
    bits = bytes(memoryview(image)).translate(GREY_TO_BIT).decode()
    return Symbol(text, (side - 17) // 4, level, tuple(bits[at : at + side] for at in range(0, len(bits), side)))


def decode_symbols(grey: bytes, width: int, height: int) -> list[str]:
    """What the QR codes in a picture of 8-bit grey say; empty where none can be read."""
    image = memoryview(grey).cast("B", shape=(height, width))
    results = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]), try_invert=False)
    return [result.text for result in results]


def outline_loops(modules: Sequence[str]) -> tuple[tuple[Point, ...], ...]:
    """The border between dark and light as closed paths, only their corners kept."""
    # Two ends to a corner point: where it turns across, and where it turns down.
    across: dict[Point, Point] = {}
    for y, corners in enumerate(edge_spans(modules)):
        for begin, end in corners:
            across[begin, y], across[end, y] = (end, y), (begin, y)
    down: dict[Point, Point] = {}
    for x, corners in enumerate(edge_spans(["".join(column) for column in zip(*modules, strict=True)])):
        for begin, end in corners:
            down[x, begin], down[x, end] = (x, end), (x, begin)
    loops = []
    while across:
        start = point = next(iter(across))
        path: list[Point] = []
        while point in across:
            next_point = across.pop(point)
            del across[next_point]
            path += (point, next_point)
            point = down[next_point]
        assert point == start
        loops.append(tuple(path))
    return tuple(loops)


def edge_spans(rows: Sequence[str]) -> Iterator[list[tuple[int, int]]]:
    """Per border between rows, (start, end) of each run of modules that differ above and below."""
    numbers = [int(row, 2) for row in rows]
    for above, below in pairwise([0, *numbers, 0]):
        yield [run.span() for run in DIFFERING_RUN.finditer(f"{above ^ below:0{len(rows)}b}")]
