"""PDFs after Typst: made small, put on larger sheets, and read back as a phone would. The only file that opens one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from ctypes import c_float
from io import BytesIO

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from site_builder.leaflets import qr

READ_AT = 200  # dpi; a phone sees more
LEAST, MOST = 10 * 72 / 25.4, 90 * 72 / 25.4  # pt, of a code's side
CORNERS = 60  # no other drawing has so many

alone = threading.Lock()  # PDFium is not made for threads


def small(pdf: bytes) -> bytes:
    """The same document, its objects packed into compressed streams; the same bytes for the same document."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        save(document, out)
    return out.getvalue()


def save(document: pikepdf.Pdf, out: BytesIO) -> None:
    document.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        deterministic_id=True,
        fix_metadata_version=False,
    )


def codes(pdf: bytes) -> list[list[str]]:
    """What the codes of each page say, top to bottom: where a drawing may be one, it is rasterised as a printer would."""
    with alone:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [[text for box in boxes(page) for text in look(page, box)] for page in document]
        finally:
            document.close()


def count(pdf: bytes) -> int:
    """Its pages."""
    with alone:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()


Box = tuple[float, float, float, float]


def boxes(page: pypdfium2.PdfPage) -> Iterator[Box]:
    """Left, bottom, right, top of every square drawing that has as many corners as a code."""
    found = []
    for drawing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4):
        if pdfium.FPDFPath_CountSegments(drawing) < CORNERS:
            continue
        sides = [c_float() for _ in range(4)]
        pdfium.FPDFPageObj_GetBounds(drawing, *sides)
        left, bottom, right, top = (side.value for side in sides)
        if LEAST <= right - left <= MOST and abs((right - left) - (top - bottom)) < 2:
            found.append((left, bottom, right, top))
    return iter(sorted(found, key=lambda box: (-box[3], box[0])))


def look(page: pypdfium2.PdfPage, box: Box) -> list[str]:
    """What a phone reads that is held over a code and its quiet zone."""
    left, bottom, right, top = box
    width, height = page.get_size()
    room = (right - left) * 0.12
    crop = (max(0, left - room), max(0, bottom - room), max(0, width - right - room), max(0, height - top - room))
    bitmap = page.render(scale=READ_AT / 72, grayscale=True, crop=crop)
    said = qr.read(bytes(bitmap.buffer), bitmap.stride, bitmap.height)
    bitmap.close()
    return said
