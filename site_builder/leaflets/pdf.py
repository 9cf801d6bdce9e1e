"""PDFs after Typst: made small, put on larger sheets, and read back as a phone would. The only file that opens one."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from ctypes import c_float
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from site_builder.leaflets import qr
from site_builder.leaflets.pictures import STAND_IN

READ_AT = 200  # dpi; a phone sees more
LEAST, MOST = 10 * 72 / 25.4, 90 * 72 / 25.4  # pt, of a code's side
CORNERS = 60  # no other drawing has so many

alone = threading.Lock()  # PDFium is not made for threads


Pictures = Mapping[bytes, bytes]  # the JPEG that Typst was given: the one that is to be printed, of the same colours


def small(pdf: bytes, pictures: Pictures) -> bytes:
    """The same document with its pictures, its objects packed into compressed streams; the same bytes for the same document."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        put_in(document, pictures)
        save(document, out)
    return out.getvalue()


def put_in(document: pikepdf.Pdf, pictures: Pictures) -> None:
    """Real pictures where stand-ins are. Raises LookupError where a stand-in would be printed."""
    for thing in images(document) if pictures else ():
        raw = thing.read_raw_bytes()
        if raw in pictures:
            with Image.open(BytesIO(pictures[raw])) as picture:
                thing.Width, thing.Height = picture.size
            thing.write(pictures[raw], filter=pikepdf.Name.DCTDecode)
        elif int(thing.Width) == int(thing.Height) == STAND_IN:
            raise LookupError("Typst did not leave a stand-in as it was")


def images(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Every picture on a page, once."""
    found = {image.objgen: image for page in document.pages for image in page.get_images(recursive=False).values()}
    return list(found.values())


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


def preview(pdf: Path, across: int) -> Image.Image:
    """The first page in greys, `across` pixels wide."""
    with alone:
        document = pypdfium2.PdfDocument(pdf)
        try:
            page = document[0]
            drawn: Image.Image = page.render(scale=across / page.get_width(), grayscale=True).to_pil()
            return drawn.copy()
        finally:
            document.close()


Box = tuple[float, float, float, float]


def boxes(page: pypdfium2.PdfPage) -> list[Box]:
    """Left, bottom, right, top of every square drawing that has as many corners as a code, row by row."""
    count = pdfium.FPDFPage_CountObjects(page)
    objects = [pdfium.FPDFPage_GetObject(page, at) for at in range(count)]
    found = [box for box in drawings(objects, pypdfium2.PdfMatrix()) if is_square(box)]
    return sorted(found, key=lambda box: (-round(box[3]), box[0]))


def drawings(objects: Sequence[Any], matrix: pypdfium2.PdfMatrix) -> Iterator[Box]:
    """Where drawings with many corners stand on the page, in its forms too. A page has hundreds of objects: none is wrapped."""
    for drawing in objects:
        kind = pdfium.FPDFPageObj_GetType(drawing)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            own = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(drawing, own)
            inside = [pdfium.FPDFFormObj_GetObject(drawing, at) for at in range(pdfium.FPDFFormObj_CountObjects(drawing))]
            yield from drawings(inside, pypdfium2.PdfMatrix.from_raw(own).multiply(matrix))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and pdfium.FPDFPath_CountSegments(drawing) >= CORNERS:
            sides = [c_float() for _ in range(4)]
            pdfium.FPDFPageObj_GetBounds(drawing, *sides)
            yield matrix.on_rect(*(side.value for side in sides))


def is_square(box: Box) -> bool:
    left, bottom, right, top = box
    return LEAST <= right - left <= MOST and abs((right - left) - (top - bottom)) < 2


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


# ---- imposition


def impose(pdf: bytes, pictures: Pictures, sides: Sequence[tuple[int | None, int | None]], width: float, cut: bool) -> bytes:
    """Pages side by side on sheets `width` pt wide, as `sides` has them. Tags stay whole: they are read page by page as before.

    A page becomes a form with its marked content in it; the structure is told on which sheet that form now stands
    (ISO 32000-1 §14.7.4.2, /Stm). So nothing is read in the order of the sheets.
    """
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        put_in(document, pictures)
        before = list(document.pages)
        height = float(before[0].mediabox[3])
        half = width / 2
        forms = [form_of(document, page) for page in before]
        moved: dict[tuple[int, int], Moved] = {}
        for side in sides:
            sheet = document.add_blank_page(page_size=(width, height))
            sheet.obj.Tabs = pikepdf.Name.S
            sheet.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary())
            drawn = [b"/Artifact BMC q .4 w [2 4] 0 d %.3f 15 m %.3f %.3f l S Q EMC" % (half, half, height - 15)] if cut else []
            for place, number in enumerate(side):
                if number is None:
                    continue
                x = place * half + (half - float(before[number].mediabox[2])) / 2
                sheet.obj.Resources.XObject[f"/P{number}"] = forms[number]
                drawn.append(b"q 1 0 0 1 %.3f 0 cm /P%d Do Q" % (x, number))
                moved[before[number].obj.objgen] = Moved(sheet.obj, forms[number], x)
                carry_links(before[number], sheet, x)
            sheet.obj.Contents = document.make_stream(b"\n".join(drawn))
        told_where(document.Root.StructTreeRoot, moved, None)
        bookmarks(document.Root.get("/Outlines"), moved)
        if "/PageLabels" in document.Root:
            del document.Root.PageLabels
        del document.pages[: len(before)]
        save(document, out)
    return out.getvalue()


@dataclass(frozen=True)
class Moved:
    """Where a page went: its sheet, the form it became, and how far from the left."""

    sheet: pikepdf.Object
    form: pikepdf.Object
    x: float


def form_of(document: pikepdf.Pdf, page: pikepdf.Page) -> pikepdf.Object:
    form = document.make_indirect(page.as_form_xobject())
    if "/StructParents" in page.obj:
        form.StructParents = page.obj.StructParents
    return form


def carry_links(page: pikepdf.Page, sheet: pikepdf.Page, x: float) -> None:
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


def told_where(node: pikepdf.Object, moved: Mapping[tuple[int, int], Moved], page: tuple[int, int] | None) -> None:
    """Every piece of content in the structure is told its sheet and form."""
    if "/Pg" in node:
        page = node.Pg.objgen
        node.Pg = moved[page].sheet
    if "/K" not in node:
        return
    kids = node.K if isinstance(node.K, pikepdf.Array) else pikepdf.Array([node.K])
    for at, kid in enumerate(kids):
        if isinstance(kid, int):
            assert page
            kids[at] = pikepdf.Dictionary(Type=pikepdf.Name.MCR, Pg=moved[page].sheet, Stm=moved[page].form, MCID=kid)
        elif kid.get("/Type") == "/MCR":
            own = kid.Pg.objgen if "/Pg" in kid else page
            assert own
            kid.Pg, kid.Stm = moved[own].sheet, moved[own].form
        elif kid.get("/Type") == "/OBJR":
            if "/Pg" in kid:
                kid.Pg = moved[kid.Pg.objgen].sheet
        else:
            told_where(kid, moved, page)
    node.K = kids


def bookmarks(node: pikepdf.Object | None, moved: Mapping[tuple[int, int], Moved]) -> None:
    """Bookmarks lead to the sheets."""
    while node is not None:
        for holder, name in ((node, "/Dest"), (node.get("/A"), "/D")):
            if holder is not None and name in holder and isinstance(holder[name], pikepdf.Array):
                goal = moved[holder[name][0].objgen]
                holder[name] = pikepdf.Array([goal.sheet, pikepdf.Name.Fit])
        bookmarks(node.get("/First"), moved)
        node = node.get("/Next")
