"""Imposition: which pages stand beside each other on a sheet so that it folds or is cut, and the PDF of such sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf

from site_builder.leaflets.pdf import ImageReplacements, open_pdf, replace_images, save_pdf

PagePair = tuple[int | None, int | None]  # pages on the left and on the right half of a sheet's side; None is empty


def booklet(pages: int, rtl: bool = False) -> list[PagePair]:
    """Saddle-stitch imposition: (left, right) page of each side of the sheets, for duplex turned on the short edge.

    `rtl`: mirrored, for booklets that are read from the right.
    """
    padded = -(-pages // 4) * 4

    def page(number: int) -> int | None:
        return number if number < pages else None

    sides: list[PagePair] = []
    for first in range(0, padded // 2, 2):
        last = padded - 1 - first
        sides += [(page(last), page(first)), (page(first + 1), page(last - 1))]
    return [side[::-1] for side in sides] if rtl else sides


def two_up(leaflets: Sequence[int]) -> list[PagePair]:
    """Two leaflets of (left, right) pages side by side, to cut apart; backs behind fronts when turned on the short edge."""
    left, right = leaflets
    sides: list[PagePair] = []
    for page in range(max(left, right)):
        left_page = page if page < left else None
        right_page = left + page if page < right else None
        sides.append((left_page, right_page) if page % 2 == 0 else (right_page, left_page))
    return sides


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
        pages = list(document.pages)
        height = float(pages[0].mediabox[3])
        half = width / 2
        parents = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
        imposed: dict[tuple[int, int], ImposedPage] = {}
        for side in sides:
            sheet = document.add_blank_page(page_size=(width, height))
            sheet.obj.Tabs = pikepdf.Name.S
            sheet.obj.Resources = pikepdf.Dictionary()
            content = (
                [b"/Artifact BMC q .4 w [2 4] 0 d %.3f 15 m %.3f %.3f l S Q EMC" % (half, half, height - 15)] if cut else []
            )
            marks: list[pikepdf.Object] = []
            for place, number in enumerate(side):
                if number is None:
                    continue
                page = pages[number]
                x = place * half + (half - float(page.mediabox[2])) / 2
                imposed[page.obj.objgen] = ImposedPage(sheet.obj, x, len(marks))
                content.append(b"q 1 0 0 1 %.3f 0 cm\n%s\nQ" % (x, rewrite_content(page, f"{place}", len(marks))))
                copy_resources(page, sheet, f"{place}")
                move_links(page, sheet, x)
                if "/StructParents" in page.obj:
                    marks += list(parents[int(page.obj.StructParents)])
                    del parents[int(page.obj.StructParents)]
                    sheet.obj.StructParents = sheet.obj.get("/StructParents", page.obj.StructParents)
            if marks:
                parents[int(sheet.obj.StructParents)] = pikepdf.Array(marks)
            sheet.obj.Contents = document.make_stream(b"\n".join(content))
        relocate_structure(document.Root.StructTreeRoot, imposed, None)
        retarget_bookmarks(document.Root.get("/Outlines"), imposed)
        if "/PageLabels" in document.Root:
            del document.Root.PageLabels
        del document.pages[: len(pages)]
        xmp = bytes(document.Root.Metadata.read_bytes())
        document.Root.Metadata.write(re.sub(rb"(<xmpTPg:NPages>)\d+", rb"\g<1>%d" % len(sides), xmp))
        save_pdf(document, out)
    return out.getvalue()


@dataclass(frozen=True)
class ImposedPage:
    """A page on its sheet: x offset in pt, and how many marked-content ids stand before its own."""

    sheet: pikepdf.Object
    x: float
    first_mark: int


def rewrite_content(page: pikepdf.Page, place: str, first: int) -> bytes:
    """A page's content stream with resources renamed by `place` and MCIDs shifted by `first`."""
    names = {operator: set(page.obj.Resources.get(kind, {})) for operator, kind in RESOURCE_OPERATORS.items()}
    instructions = []
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = list(instruction.operands), instruction.operator
        own_names = names.get(str(operator))
        if operator == BEGIN_MARKED and "/MCID" in operands[1]:
            operands[1]["/MCID"] = int(operands[1].MCID) + first
        elif own_names:
            operands = [
                pikepdf.Name(f"{operand}{place}") if isinstance(operand, pikepdf.Name) and operand in own_names else operand
                for operand in operands
            ]
        instructions.append((operands, operator))
    return pikepdf.unparse_content_stream(instructions)


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
    """Points the structure tree at sheets: /Pg, /BBox and the MCIDs of every element."""
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
            page_id = kid.Pg.objgen if "/Pg" in kid else page
            assert page_id
            if "/MCID" in kid:
                kid.MCID += moved[page_id].first_mark
            if "/Pg" in kid:
                kid.Pg = moved[page_id].sheet
        else:
            relocate_structure(kid, moved, page)
    node.K = kids


def array_items(thing: Any) -> list[Any]:
    """A PDF value that may be one thing, an array of them or absent, as a list."""
    return [] if thing is None else list(thing) if isinstance(thing, pikepdf.Array) else [thing]


def first_content_page(node: pikepdf.Object) -> tuple[int, int] | None:
    """The page of an element's first content; None where it has none."""
    if "/Pg" in node:
        return node.Pg.objgen
    kids = (kid for kid in array_items(node.get("/K")) if not isinstance(kid, int))
    return next((found for kid in kids if (found := first_content_page(kid))), None)


def retarget_bookmarks(node: pikepdf.Object | None, moved: Mapping[tuple[int, int], ImposedPage]) -> None:
    """Bookmarks lead to the sheets."""
    while node is not None:
        for holder, name in ((node, "/Dest"), (node.get("/A"), "/D")):
            if holder is not None and name in holder and isinstance(holder[name], pikepdf.Array):
                target = moved[holder[name][0].objgen]
                holder[name] = pikepdf.Array([target.sheet, pikepdf.Name.Fit])
        retarget_bookmarks(node.get("/First"), moved)
        node = node.get("/Next")
