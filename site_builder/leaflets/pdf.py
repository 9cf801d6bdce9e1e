"""PDFs after Typst: made small, and read back as a phone would."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ctypes import c_float
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps

from site_builder.leaflets import qr
from site_builder.leaflets.print_images import PLACEHOLDER_SIDE

CODE_RASTER_WIDTH = 300  # pixels, of a code with its quiet zone: five for a module; a phone sees more
MIN_CODE_SIDE, MAX_CODE_SIDE = 10 * 72 / 25.4, 90 * 72 / 25.4  # pt, of a code's side
TRIM_MARGIN = 8  # pt, left around what stands on a page where its picture is trimmed
MIN_CODE_SEGMENTS = 60  # no other drawing has so many

pdfium_lock = threading.Lock()  # PDFium is not made for threads


ImageReplacements = Mapping[bytes, bytes]  # the JPEG that Typst was given: the one that is to be printed, of the same colours


def compact_pdf(pdf: bytes, pictures: ImageReplacements) -> bytes:
    """The document with placeholders replaced and its objects in compressed streams; deterministic."""
    out = BytesIO()
    with open_pdf(pdf) as document:
        replace_images(document, pictures)
        save_pdf(document, out)
    return out.getvalue()


@contextmanager
def open_pdf(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    """As a file of its own: what is no file qpdf asks Python for, piece by piece, and takes a third longer."""
    with NamedTemporaryFile(prefix="leaflet-") as file:
        file.write(pdf)
        file.flush()
        with pikepdf.open(file.name) as document:
            yield document


def replace_images(document: pikepdf.Pdf, pictures: ImageReplacements) -> None:
    """Puts the real JPEGs where placeholders are. Raises LookupError where Typst changed a placeholder."""
    for thing in page_images(document) if pictures else ():
        raw = thing.read_raw_bytes()
        if raw in pictures:
            with Image.open(BytesIO(pictures[raw])) as picture:
                thing.Width, thing.Height = picture.size
            thing.write(pictures[raw], filter=pikepdf.Name.DCTDecode)
        elif int(thing.Width) == int(thing.Height) == PLACEHOLDER_SIDE:
            raise LookupError("Typst did not leave a stand-in as it was")


def page_images(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Every picture on a page, once."""
    images = {image.objgen: image for page in document.pages for image in page.get_images(recursive=False).values()}
    return list(images.values())


def save_pdf(document: pikepdf.Pdf, out: BytesIO) -> None:
    document.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        deterministic_id=True,
        fix_metadata_version=False,
    )


def read_codes(pdf: bytes, rtl: bool = False) -> list[list[str]]:
    """What the codes of each page say, row by row: where a drawing may be one, it is rasterised as a printer would."""
    with pdfium_lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [[text for box in code_rects(page, rtl) for text in decode_at(page, box)] for page in document]
        finally:
            document.close()


def code_positions(pdf: Path) -> list[tuple[int, float, float, float, float, str]]:
    """(page, left, bottom, right, top, text) of each code that can be read, in pt from the page's lower left corner.

    The box is that of the code's modules. Row by row, as a page from left to right has them.
    """
    with pdfium_lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [
                (number, *(round(edge, 3) for edge in box), qr.lowercase_host(text))  # type: ignore[misc]
                for number, page in enumerate(document)
                for box in code_rects(page)
                for text in decode_at(page, box)
            ]
        finally:
            document.close()


def preview(pdf: Path, across: int, trimmed: bool = False) -> Image.Image:
    """The first page in greys, `across` pixels wide; trimmed: without the white around what stands on it."""
    with pdfium_lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            page = document[0]
            crop = white_margins(page) if trimmed else (0.0, 0.0, 0.0, 0.0)
            scale = across / (page.get_width() - crop[0] - crop[2])
            image: Image.Image = page.render(scale=scale, grayscale=True, crop=crop).to_pil()
            return image.resize((across, image.height)) if image.width != across else image.copy()
        finally:
            document.close()


def white_margins(page: pypdfium2.PdfPage) -> tuple[float, float, float, float]:
    """pt on the left, below, on the right and above that are white, but for a margin."""
    width, height = page.get_size()
    ink = ImageOps.invert(page.render(scale=1, grayscale=True).to_pil().convert("L")).point(lambda grey: 255 * (grey > 16))
    left, top, right, bottom = ink.getbbox() or (0, 0, int(width), int(height))
    return (
        *(max(0.0, left - TRIM_MARGIN), max(0.0, height - bottom - TRIM_MARGIN)),
        *(max(0.0, width - right - TRIM_MARGIN), max(0.0, top - TRIM_MARGIN)),
    )


PageRect = tuple[float, float, float, float]


def code_rects(page: pypdfium2.PdfPage, rtl: bool = False) -> list[PageRect]:
    """Left, bottom, right, top of every square drawing that has as many corners as a code, row by row as they are read."""
    count = pdfium.FPDFPage_CountObjects(page)
    objects = [pdfium.FPDFPage_GetObject(page, at) for at in range(count)]
    rects = [box for box in path_rects(objects, pypdfium2.PdfMatrix()) if is_code_sized(box)]
    return sorted(rects, key=lambda box: (-round(box[3]), -box[0] if rtl else box[0]))


def path_rects(objects: Sequence[Any], matrix: pypdfium2.PdfMatrix) -> Iterator[PageRect]:
    """Where drawings with many corners stand on the page, in its forms too. A page has hundreds of objects: none is wrapped."""
    for drawing in objects:
        kind = pdfium.FPDFPageObj_GetType(drawing)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            form_matrix = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(drawing, form_matrix)
            inside = [pdfium.FPDFFormObj_GetObject(drawing, at) for at in range(pdfium.FPDFFormObj_CountObjects(drawing))]
            yield from path_rects(inside, pypdfium2.PdfMatrix.from_raw(form_matrix).multiply(matrix))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and pdfium.FPDFPath_CountSegments(drawing) >= MIN_CODE_SEGMENTS:
            bounds = [c_float() for _ in range(4)]
            pdfium.FPDFPageObj_GetBounds(drawing, *bounds)
            yield matrix.on_rect(*(side.value for side in bounds))


def is_code_sized(box: PageRect) -> bool:
    left, bottom, right, top = box
    return MIN_CODE_SIDE <= right - left <= MAX_CODE_SIDE and abs((right - left) - (top - bottom)) < 2


def decode_at(page: pypdfium2.PdfPage, box: PageRect) -> list[str]:
    """What a phone reads that is held over a code and its quiet zone."""
    left, bottom, right, top = box
    width, height = page.get_size()
    room = (right - left) * 0.12
    crop = (max(0, left - room), max(0, bottom - room), max(0, width - right - room), max(0, height - top - room))
    bitmap = page.render(scale=CODE_RASTER_WIDTH / (right - left + 2 * room), grayscale=True, crop=crop)
    texts = qr.decode_symbols(bytes(bitmap.buffer), bitmap.stride, bitmap.height)
    bitmap.close()
    return texts
