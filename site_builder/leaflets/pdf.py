"""PDFs after Typst: made small, put on larger sheets, and read back as a phone would. The only file that opens one."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ctypes import c_float
from dataclasses import dataclass
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
    """The same document with its pictures, its objects packed into compressed streams; the same bytes for the same document."""
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
    """Real pictures where stand-ins are. Raises LookupError where a stand-in would be printed."""
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
    found = {image.objgen: image for page in document.pages for image in page.get_images(recursive=False).values()}
    return list(found.values())


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
    """Where each code stands that can be read: page, left, bottom, right, top of its modules in pt from the page's corner, and
    what it says; row by row as a page from left to right has them."""
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
            drawn: Image.Image = page.render(scale=scale, grayscale=True, crop=crop).to_pil()
            return drawn.resize((across, drawn.height)) if drawn.width != across else drawn.copy()
        finally:
            document.close()


def white_margins(page: pypdfium2.PdfPage) -> tuple[float, float, float, float]:
    """pt on the left, below, on the right and above that are white, but for a margin."""
    width, height = page.get_size()
    seen = ImageOps.invert(page.render(scale=1, grayscale=True).to_pil().convert("L")).point(lambda grey: 255 * (grey > 16))
    left, top, right, bottom = seen.getbbox() or (0, 0, int(width), int(height))
    return (
        *(max(0.0, left - TRIM_MARGIN), max(0.0, height - bottom - TRIM_MARGIN)),
        *(max(0.0, width - right - TRIM_MARGIN), max(0.0, top - TRIM_MARGIN)),
    )


PageRect = tuple[float, float, float, float]


def code_rects(page: pypdfium2.PdfPage, rtl: bool = False) -> list[PageRect]:
    """Left, bottom, right, top of every square drawing that has as many corners as a code, row by row as they are read."""
    count = pdfium.FPDFPage_CountObjects(page)
    objects = [pdfium.FPDFPage_GetObject(page, at) for at in range(count)]
    found = [box for box in path_rects(objects, pypdfium2.PdfMatrix()) if is_code_sized(box)]
    return sorted(found, key=lambda box: (-round(box[3]), -box[0] if rtl else box[0]))


def path_rects(objects: Sequence[Any], matrix: pypdfium2.PdfMatrix) -> Iterator[PageRect]:
    """Where drawings with many corners stand on the page, in its forms too. A page has hundreds of objects: none is wrapped."""
    for drawing in objects:
        kind = pdfium.FPDFPageObj_GetType(drawing)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            own = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(drawing, own)
            inside = [pdfium.FPDFFormObj_GetObject(drawing, at) for at in range(pdfium.FPDFFormObj_CountObjects(drawing))]
            yield from path_rects(inside, pypdfium2.PdfMatrix.from_raw(own).multiply(matrix))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and pdfium.FPDFPath_CountSegments(drawing) >= MIN_CODE_SEGMENTS:
            sides = [c_float() for _ in range(4)]
            pdfium.FPDFPageObj_GetBounds(drawing, *sides)
            yield matrix.on_rect(*(side.value for side in sides))


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
    said = qr.decode_symbols(bytes(bitmap.buffer), bitmap.stride, bitmap.height)
    bitmap.close()
    return said


# ---- imposition

# Operators that call a page's resource by its name, and where that stands among the resources.
RESOURCE_OPERATORS = {
    "Tf": "/Font", "Do": "/XObject", "gs": "/ExtGState", "sh": "/Shading",
    "cs": "/ColorSpace", "CS": "/ColorSpace", "scn": "/Pattern", "SCN": "/Pattern",
}  # fmt: skip
BEGIN_MARKED = pikepdf.Operator("BDC")


def impose(
    pdf: bytes, pictures: ImageReplacements, sides: Sequence[tuple[int | None, int | None]], width: float, cut: bool
) -> bytes:
    """Pages side by side on sheets `width` pt wide, as `sides` has them. Tags stay whole: they are read page by page as before.

    What two pages draw becomes one sheet's content, the right page's marks numbered after the left one's, and the structure is
    told so. A page kept as a form would be less work, and as right by ISO 32000-1 §14.7.4.2; not every reader looks into forms.
    """
    out = BytesIO()
    with open_pdf(pdf) as document:
        replace_images(document, pictures)
        before = list(document.pages)
        height = float(before[0].mediabox[3])
        half = width / 2
        parents = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
        moved: dict[tuple[int, int], ImposedPage] = {}
        for side in sides:
            sheet = document.add_blank_page(page_size=(width, height))
            sheet.obj.Tabs = pikepdf.Name.S
            sheet.obj.Resources = pikepdf.Dictionary()
            drawn = [b"/Artifact BMC q .4 w [2 4] 0 d %.3f 15 m %.3f %.3f l S Q EMC" % (half, half, height - 15)] if cut else []
            marks: list[pikepdf.Object] = []
            for place, number in enumerate(side):
                if number is None:
                    continue
                page = before[number]
                x = place * half + (half - float(page.mediabox[2])) / 2
                moved[page.obj.objgen] = ImposedPage(sheet.obj, x, len(marks))
                drawn.append(b"q 1 0 0 1 %.3f 0 cm\n%s\nQ" % (x, rewrite_content(page, f"{place}", len(marks))))
                copy_resources(page, sheet, f"{place}")
                move_links(page, sheet, x)
                if "/StructParents" in page.obj:
                    marks += list(parents[int(page.obj.StructParents)])
                    del parents[int(page.obj.StructParents)]
                    sheet.obj.StructParents = sheet.obj.get("/StructParents", page.obj.StructParents)
            if marks:
                parents[int(sheet.obj.StructParents)] = pikepdf.Array(marks)
            sheet.obj.Contents = document.make_stream(b"\n".join(drawn))
        relocate_structure(document.Root.StructTreeRoot, moved, None)
        retarget_bookmarks(document.Root.get("/Outlines"), moved)
        if "/PageLabels" in document.Root:
            del document.Root.PageLabels
        del document.pages[: len(before)]
        told = bytes(document.Root.Metadata.read_bytes())
        document.Root.Metadata.write(re.sub(rb"(<xmpTPg:NPages>)\d+", rb"\g<1>%d" % len(sides), told))
        save_pdf(document, out)
    return out.getvalue()


@dataclass(frozen=True)
class ImposedPage:
    """Where a page went: its sheet, how far from the left, and how many marks stand before its own."""

    sheet: pikepdf.Object
    x: float
    first_mark: int


def rewrite_content(page: pikepdf.Page, place: str, first: int) -> bytes:
    """What a page draws, its resources called by their names on the sheet, its marks numbered from `first`."""
    named = {operator: set(page.obj.Resources.get(kind, {})) for operator, kind in RESOURCE_OPERATORS.items()}
    found = []
    for step in pikepdf.parse_content_stream(page):
        own, operator = list(step.operands), step.operator
        known = named.get(str(operator))
        if operator == BEGIN_MARKED and "/MCID" in own[1]:
            own[1]["/MCID"] = int(own[1].MCID) + first
        elif known:
            own = [pikepdf.Name(f"{one}{place}") if isinstance(one, pikepdf.Name) and one in known else one for one in own]
        found.append((own, operator))
    return pikepdf.unparse_content_stream(found)


def copy_resources(page: pikepdf.Page, sheet: pikepdf.Page, place: str) -> None:
    """A page's resources, under the names that its content on the sheet calls them by."""
    for kind in dict.fromkeys(RESOURCE_OPERATORS.values()):
        for name, thing in page.obj.Resources.get(kind, {}).items():
            if kind not in sheet.obj.Resources:
                sheet.obj.Resources[kind] = pikepdf.Dictionary()
            sheet.obj.Resources[kind][f"{name}{place}"] = thing


def move_links(page: pikepdf.Page, sheet: pikepdf.Page, x: float) -> None:
    """Links go with the page they stand on."""
    for link in page.obj.get("/Annots", []):
        left, bottom, right, top = (float(edge) for edge in link.Rect)
        link.Rect = [left + x, bottom, right + x, top]
        if "/QuadPoints" in link:
            link.QuadPoints = [float(value) + (x if at % 2 == 0 else 0) for at, value in enumerate(link.QuadPoints)]
        if "/P" in link:
            link.P = sheet.obj
        if "/Annots" not in sheet.obj:
            sheet.obj.Annots = pikepdf.Array()
        sheet.obj.Annots.append(link)


def relocate_structure(
    node: pikepdf.Object, moved: Mapping[tuple[int, int], ImposedPage], page: tuple[int, int] | None
) -> None:
    """Every piece of content in the structure is told its sheet, its place and its number there."""
    for attributes in array_items(node.get("/A")):
        if "/BBox" in attributes and (first := first_content_page(node)):
            left, bottom, right, top = (float(edge) for edge in attributes.BBox)
            attributes.BBox = [left + moved[first].x, bottom, right + moved[first].x, top]
    if "/Pg" in node:
        page = node.Pg.objgen
        node.Pg = moved[page].sheet
    if "/K" not in node:
        return
    kids = pikepdf.Array(array_items(node.K))
    for at, kid in enumerate(kids):
        if isinstance(kid, int):
            assert page
            kids[at] = kid + moved[page].first_mark
        elif kid.get("/Type") in ("/MCR", "/OBJR"):
            own = kid.Pg.objgen if "/Pg" in kid else page
            assert own
            if "/MCID" in kid:
                kid.MCID += moved[own].first_mark
            if "/Pg" in kid:
                kid.Pg = moved[own].sheet
        else:
            relocate_structure(kid, moved, page)
    node.K = kids


def array_items(thing: Any) -> list[Any]:
    """What stands in the structure as one thing or as an array of them."""
    return [] if thing is None else list(thing) if isinstance(thing, pikepdf.Array) else [thing]


def first_content_page(node: pikepdf.Object) -> tuple[int, int] | None:
    """Where the first of an element's content stands."""
    if "/Pg" in node:
        return node.Pg.objgen
    kids = (kid for kid in array_items(node.get("/K")) if not isinstance(kid, int))
    return next((found for kid in kids if (found := first_content_page(kid))), None)


def retarget_bookmarks(node: pikepdf.Object | None, moved: Mapping[tuple[int, int], ImposedPage]) -> None:
    """Bookmarks lead to the sheets."""
    while node is not None:
        for holder, name in ((node, "/Dest"), (node.get("/A"), "/D")):
            if holder is not None and name in holder and isinstance(holder[name], pikepdf.Array):
                goal = moved[holder[name][0].objgen]
                holder[name] = pikepdf.Array([goal.sheet, pikepdf.Name.Fit])
        retarget_bookmarks(node.get("/First"), moved)
        node = node.get("/Next")
