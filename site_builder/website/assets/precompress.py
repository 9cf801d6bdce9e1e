"""Text as it travels: a .br and a .gz beside every file that they make smaller; packed once, and then remembered."""

from __future__ import annotations

import gzip

import brotli  # type: ignore[import-untyped]

from site_builder.memo import Memo

TEXT_SUFFIXES = (".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".vtt", ".webmanifest", ".atom", ".rss")
# The best takes 15 ms for a page, quality 9 a fiftieth of that for a tenth more bytes: her bytes count, and each page is
# packed once. Lists of a whole library, which are read by machines and change with every page, take the quick one.
BROTLI_BEST, BROTLI_QUICK, LONG_TEXT_BYTES = 11, 9, 150_000


def brotli_and_gzip(data: bytes, memo: Memo) -> tuple[bytes, bytes]:
    """(brotli, gzip) of a text, from the memo."""
    quality = BROTLI_QUICK if len(data) > LONG_TEXT_BYTES else BROTLI_BEST

    def pack() -> bytes:
        br: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=quality)
        return len(br).to_bytes(4, "big") + br + gzip.compress(data, 9, mtime=0)

    made_by = f"brotli {brotli.__version__} {quality}, gzip 9".encode()
    row = memo.get("packed", data, pack, made_by) or b""
    size = int.from_bytes(row[:4], "big")
    return row[4 : 4 + size], row[4 + size :]


def transfer_size(data: bytes, memo: Memo) -> int:
    """Bytes of a text on the line, to a phone that takes brotli: nearly all do."""
    return min(len(brotli_and_gzip(data, memo)[0]), len(data))
