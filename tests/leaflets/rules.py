"""What a validator of PDF/UA-1 and PDF/A-2a asks, where it is not Typst's alone: `faults` names each by its clause.

Typst's own PDFs pass veraPDF; pictures are put in and pages set on sheets after it. So whatever such a step may break is looked
at here: marks and the structure's way back from each, forms, links, pictures' own figures, names, fonts, the file itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
from PIL import Image

from tests.leaflets.reading import unicode_of

STANDARD = frozenset([
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private",
    "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody",
    "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT", "RP",
    "Warichu", "WT", "WP", "Figure", "Formula", "Form",
])  # fmt: skip
INSIDE = {  # ISO 32000-1 §14.8.4.3: what may stand in it
    "L": {"Caption", "L", "LI"},
    "LI": {"Lbl", "LBody"},
    "Table": {"Caption", "TR", "THead", "TBody", "TFoot"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
    "TOC": {"Caption", "TOC", "TOCI"},
}
ONLY_IN = {
    "LI": {"L"},
    "LBody": {"LI"},
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
    "TOCI": {"TOC"},
}
PAINTS = frozenset(["Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "INLINE IMAGE"])
DEVICE = frozenset(["/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/Pattern"])
RESOURCES = {"Tf": "/Font", "Do": "/XObject", "gs": "/ExtGState", "sh": "/Shading", "cs": "/ColorSpace", "CS": "/ColorSpace"}
BANDS = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
XPACKET = b"<?xpacket begin="

Key = tuple[int, int]


def faults(path: Any) -> list[str]:
    """Every rule that a file breaks."""
    raw = path.read_bytes()
    with pikepdf.open(BytesIO(raw)) as pdf:
        return [*of_file(raw, pdf), *of_marks(pdf), *of_structure(pdf), *of_links(pdf), *of_pictures(pdf), *of_fonts(pdf)]


# ---- the file


def of_file(raw: bytes, pdf: pikepdf.Pdf) -> Iterator[str]:
    if not raw.startswith(b"%PDF-1.7") or min(raw[10:14]) < 128:
        yield "A-2 6.1.2: header"
    if len(pdf.trailer.get("/ID", [])) != 2:
        yield "A-2 6.1.3: no ID in the trailer"
    if "/Encrypt" in pdf.trailer or not raw.rstrip().endswith(b"%%EOF"):
        yield "A-2 6.1.3: trailer"
    root = pdf.Root
    if [name for name in ("/OpenAction", "/AA", "/OCProperties", "/AcroForm", "/Perms", "/Requirements") if name in root]:
        yield "A-2 6.5: something in the catalog"
    xmp = root.Metadata
    if "/Filter" in xmp or not xmp.read_bytes().startswith(XPACKET):
        yield "A-2 6.6.2.1: metadata are packed"
    if f"<xmpTPg:NPages>{len(pdf.pages)}<".encode() not in bytes(xmp.read_bytes()):
        yield "A-2 6.6.2: metadata count other pages"
    about = pdf.open_metadata()
    if (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) != ("2", "A", "1"):
        yield "A-2 6.6.4, UA 5: not said what it conforms to"
    if not about.get("dc:title"):
        yield "UA 7.1-9: no title"
    for name, other in (("/Title", "dc:title"), ("/Author", "dc:creator")):
        if name in pdf.docinfo and str(pdf.docinfo[name]) not in (about.get(other), *(about.get(other) or [])):
            yield f"A-2 6.6.3: {name} is not {other}"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "UA 7.1-10: the title is not shown"
    if not root.MarkInfo.Marked or root.MarkInfo.get("/Suspects"):
        yield "UA 6.2: not marked"
    if not str(root.get("/Lang", "")):
        yield "UA 7.2: no language"
    intents = [one for one in root.OutputIntents if one.S == "/GTS_PDFA1"]
    if len(intents) != 1 or int(intents[0].DestOutputProfile.N) != 3:
        yield "A-2 6.2.3: output intent"
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and ("/F" in thing or "LZWDecode" in str(thing.get("/Filter"))):
            yield "A-2 6.1.7: a stream's filter or file"
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            if str(thing.get("/S")) in ("/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide"):
                yield f"A-2 6.5.1: action {thing.S}"
            if thing.get("/Subtype") == "/Form" and [name for name in ("/OPI", "/PS", "/Ref") if name in thing]:
                yield "A-2 6.2.9: form"


# ---- marks


class Drawn:
    """A page or form with marks of its own: their numbers, and what was drawn without any."""

    def __init__(self, holder: Any, resources: Any) -> None:
        self.marks: list[int] = []
        self.faults: list[str] = []
        self.forms: list[tuple[Any, bool]] = []
        self.glyphs: dict[Key, set[int]] = {}
        self.follow(holder, resources, [])

    def follow(self, holder: Any, resources: Any, around: list[str | int]) -> None:
        inside = [*around]
        depth, font = 0, None
        for operands, operator in pikepdf.parse_content_stream(holder):
            name = str(operator)
            if name in ("BDC", "BMC"):
                self.begin(name, operands, inside)
            elif name == "EMC":
                if len(inside) == len(around):
                    self.faults.append("A-2 6.2.2: EMC without a begin")
                    return
                inside.pop()
            elif name in "qQ":
                depth += 1 if name == "q" else -1
                if not 0 <= depth <= 28:
                    self.faults.append("A-2 6.1.13: q and Q")
            if name in RESOURCES and operands:
                called = operands[0]
                if str(called) not in DEVICE and called not in resources.get(RESOURCES[name], {}):
                    self.faults.append(f"A-2 6.2.2: no resource {called}")
                    continue
            if name == "Tf":
                font = resources.Font[operands[0]]
            if name in ("Tj", "TJ"):
                self.wrote(font, operands[0])
            if name == "Do":
                thing = resources.XObject[operands[0]]
                if thing.Subtype == "/Form":
                    self.forms.append((thing, bool(inside)))
                    if "/StructParents" in thing:
                        continue
                    self.follow(thing, thing.get("/Resources", resources), inside)  # belongs to the mark around it
                if not inside:
                    self.faults.append("UA 7.1-3: a picture or form without a mark")
            elif name in PAINTS and not any(one == "Artifact" or isinstance(one, int) for one in inside):
                self.faults.append(f"UA 7.1-3: {name} without a mark")
        if len(inside) > len(around) or depth:
            self.faults.append("A-2 6.2.2: marks or states are left open")

    def begin(self, name: str, operands: Any, inside: list[str | int]) -> None:
        tag = str(operands[0])[1:]
        number = int(operands[1].MCID) if name == "BDC" and "/MCID" in operands[1] else None
        if number is not None:
            if number in self.marks:
                self.faults.append(f"ISO 32000-1 14.7.4.2: mark {number} twice")
            self.marks.append(number)
            if [one for one in inside if one == "Artifact" or isinstance(one, int)]:
                self.faults.append("UA 7.1-1: content inside other content or an artifact")
        if tag == "Artifact" and [one for one in inside if isinstance(one, int)]:
            self.faults.append("UA 7.1-2: an artifact inside content")
        inside.append(tag if number is None else number)

    def wrote(self, font: Any, text: Any) -> None:
        for part in text if isinstance(text, pikepdf.Array) else [text]:
            if isinstance(part, pikepdf.String):
                raw = bytes(part)
                ids = {int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)}
                self.glyphs.setdefault(font.objgen, set()).update(ids)


def holders(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, Drawn, Any]]:
    """Pages, then forms with marks of their own: each with what it draws and the page that it stands on."""
    for page in pdf.pages:
        todo = [(page.obj, page.obj.Resources)]
        while todo:
            holder, resources = todo.pop()
            drawn = Drawn(holder, resources)
            yield holder, drawn, page.obj
            for form, inside in drawn.forms:
                if "/StructParents" in form:
                    if inside:
                        drawn.faults.append("UA 7.1-1: a form with marks inside other content")
                    todo.append((form, form.Resources))


def of_marks(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Each mark is in the parent tree, and the element found there has it; and nothing else is there."""
    tree = {int(key): value for key, value in pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree).items()}
    if sorted(tree) and int(pdf.Root.StructTreeRoot.ParentTreeNextKey) <= max(tree):
        yield "ISO 32000-1 14.7.2: ParentTreeNextKey"
    known = marks_of(pdf)
    seen: set[int] = set()
    for holder, drawn, page in holders(pdf):
        yield from drawn.faults
        if not drawn.marks:
            continue
        key = int(holder.get("/StructParents", -1))
        if key in seen or key not in tree:
            yield "ISO 32000-1 14.7.4.4: StructParents"
            continue
        seen.add(key)
        row = list(tree[key])
        if sorted(drawn.marks) != [number for number, owner in enumerate(row) if owner is not None]:
            yield "ISO 32000-1 14.7.4.4: marks are not those of the parent tree"
        for number in drawn.marks:
            if known.pop((holder.objgen, number), None) != (row[number].objgen, page.objgen):
                yield f"ISO 32000-1 14.7.4.4: mark {number} is another element's, or on another page"
    if known:
        yield "ISO 32000-1 14.7.4.2: the structure has marks that nothing draws"
    links = {int(link.StructParent) for page in pdf.pages for link in page.obj.get("/Annots", [])}
    if set(tree) != seen | links:
        yield "ISO 32000-1 14.7.4.4: the parent tree has rows of nothing"


def marks_of(pdf: pikepdf.Pdf) -> dict[tuple[Key, int], tuple[Key, Key]]:
    """Where each mark of the structure stands, by holder and number: its element, its page."""
    found = {}
    for element, _ in walk(pdf.Root.StructTreeRoot, None):
        for kid in listed(element.get("/K")):
            if isinstance(kid, int):
                found[element.Pg.objgen, kid] = (element.objgen, element.Pg.objgen)
            elif kid.get("/Type") == "/MCR":
                page = kid.get("/Pg", element.get("/Pg"))
                found[kid.get("/Stm", page).objgen, int(kid.MCID)] = (element.objgen, page.objgen)
    return found


# ---- the structure


def listed(thing: Any) -> list[Any]:
    return [] if thing is None else list(thing) if isinstance(thing, pikepdf.Array) else [thing]


def walk(node: Any, parent: Any) -> Iterator[tuple[Any, Any]]:
    """Every element with the one that it stands in."""
    if "/S" in node:
        yield node, parent
    for kid in listed(node.get("/K")):
        if not isinstance(kid, int) and kid.get("/Type", "/StructElem") == "/StructElem":
            yield from walk(kid, node)


def of_structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root.StructTreeRoot
    roles = {str(name)[1:]: str(role)[1:] for name, role in root.get("/RoleMap", {}).items()}
    ids = [str(element.ID) for element, _ in walk(root, None) if "/ID" in element]
    pages = {page.obj.objgen: page for page in pdf.pages}
    levels = []
    if len(ids) != len(set(ids)):
        yield "ISO 32000-1 14.7.2: an ID twice"
    for element, parent in walk(root, None):
        kind = role(element, roles)
        above = role(parent, roles) if "/S" in parent else ""
        if kind not in STANDARD:
            yield f"UA 7.1-5: {kind} is no standard type"
        if element.P.objgen != parent.objgen:
            yield f"ISO 32000-1 14.7.2: a {kind} stands in another element than it says"
        if "/Pg" in element and element.Pg.objgen not in pages:
            yield f"ISO 32000-1 14.7.2: the page of a {kind} is not in the file"
        if kind in ONLY_IN and above not in ONLY_IN[kind]:
            yield f"UA 7.2: {kind} in {above}"
        if above in INSIDE and kind not in INSIDE[above]:
            yield f"UA 7.2: {kind} in {above}"
        if len(kind) == 2 and kind[0] == "H" and kind[1].isdigit():
            levels.append(int(kind[1]))
        attributes = {str(name): value for one in listed(element.get("/A")) for name, value in one.items()}
        if kind == "Figure":
            if not str(element.get("/Alt", "")).strip():
                yield "UA 7.3-1: a figure without words"
            yield from of_box(attributes.get("/BBox"), element, pages)
        if kind == "TH" and "/Scope" not in attributes:
            yield "UA 7.5: a header without scope"
        if [one for one in attributes.get("/Headers", []) if str(one) not in ids]:
            yield "UA 7.5: a header that is not there"
        if (
            kind == "L"
            and any("Lbl" in kinds(item, roles) for item in listed(element.K))
            and "/ListNumbering" not in attributes
        ):
            yield "UA 7.6: a list with labels and no numbering"
    if levels[:1] != [1] or any(after - before > 1 for before, after in pairwise(levels)):
        yield f"UA 7.4.2: headings {levels}"
    langs = [str(element.Lang) for element, _ in walk(root, None) if "/Lang" in element]
    if [lang for lang in langs if not 2 <= len(lang.split("-")[0]) <= 3]:
        yield "UA 7.2: a language"


def role(element: Any, roles: dict[str, str]) -> str:
    kind = str(element.S)[1:]
    return roles.get(kind, kind)


def kinds(element: Any, roles: dict[str, str]) -> list[str]:
    return [role(kid, roles) for kid in listed(element.get("/K")) if not isinstance(kid, int) and "/S" in kid]


def of_box(box: Any, element: Any, pages: dict[Key, Any]) -> Iterator[str]:
    """A figure's box is where its picture is drawn."""
    if box is None:
        yield "UA 7.3: a figure without a box"
        return
    left, bottom, right, top = (float(edge) for edge in box)
    drawn = list(points(pages[element.Pg.objgen], element, ("m", "Do")))
    across = [x for x, _ in drawn]
    if not drawn:
        yield "UA 7.3: a figure without a picture"
    elif any(not (left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1) for x, y in drawn):
        yield "UA 7.3: a figure's box is not where its picture is"
    elif right - left > 1.6 * (max(across) - min(across)):  # a code's box has its quiet zone in it
        yield "UA 7.3: a figure's box is wider than its picture"


def points(page: Any, element: Any, wanted: tuple[str, ...]) -> Iterator[tuple[float, float]]:
    """Points of what an element draws, in the page's own space: of paths ("m"), pictures ("Do"), lines of text ("Tm")."""
    numbers = {kid for kid in listed(element.K) if isinstance(kid, int)}
    stack, matrix, inside = [], pikepdf.Matrix(), []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "q":
            stack.append(matrix)
        elif name == "Q":
            matrix = stack.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*(float(one) for one in operands)) @ matrix
        elif name in ("BDC", "BMC"):
            inside.append(int(operands[1].MCID) if name == "BDC" and "/MCID" in operands[1] else None)
        elif name == "EMC":
            inside.pop()
        elif name in wanted and numbers.intersection(inside):
            if name == "Do":
                thing = page.Resources.XObject[operands[0]]
                left, bottom, right, top = (float(edge) for edge in thing.get("/BBox", (0, 0, 1, 1)))
                own = pikepdf.Matrix(*(float(one) for one in thing.get("/Matrix", (1, 0, 0, 1, 0, 0)))) @ matrix
                yield from (own.transform(point) for point in ((left, bottom), (right, top)))
            else:
                x, y = (float(one) for one in operands[-2:])
                yield matrix.transform((x, y))


# ---- links, pictures, fonts


def of_links(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Each is in the structure, says where it leads, is printed, and lies on its page."""
    tree = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
    pages = {page.obj.objgen for page in pdf.pages}
    for page in pdf.pages:
        links = page.obj.get("/Annots", [])
        if links and page.obj.get("/Tabs") != "/S":
            yield "UA 7.18.3: tabs do not follow the structure"
        for link in links:
            if link.Subtype != "/Link" or not str(link.get("/Contents", "")):
                yield "UA 7.18.5-2: a link that does not say where it leads"
            if int(link.F) & 0b100011 or not int(link.F) & 4:
                yield "A-2 6.3.2: a link is not printed"
            owner = tree[int(link.StructParent)]
            held = [kid for kid in listed(owner.K) if not isinstance(kid, int) and kid.get("/Type") == "/OBJR"]
            if owner.S != "/Link" or link.objgen not in [kid.Obj.objgen for kid in held]:
                yield "UA 7.18.5-1: a link outside a Link"
            if any(kid.get("/Pg", owner.get("/Pg")).objgen != page.obj.objgen for kid in held if kid.Obj.objgen == link.objgen):
                yield "UA 7.18.5-1: a link stands on another page than its element says"
            left, bottom, right, top = (float(edge) for edge in link.Rect)
            width, height = (float(edge) for edge in page.mediabox[2:])
            if not (0 <= left < right <= width and 0 <= bottom < top <= height):
                yield "a link lies outside its page"
            begun = list(points(page, owner, ("Tm",)))
            if begun and not any(left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1 for x, y in begun):
                yield "a link lies beside its words"
            goal = link.get("/Dest", link.get("/A", {}).get("/D"))
            if isinstance(goal, pikepdf.Array) and goal[0].objgen not in pages:
                yield "a link leads to a page that is not there"


def of_pictures(pdf: pikepdf.Pdf) -> Iterator[str]:
    """What a picture says of itself is what its bytes are."""
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Stream) or thing.get("/Subtype") != "/Image":
            continue
        if thing.get("/Interpolate") or [name for name in ("/Alternates", "/OPI") if name in thing]:
            yield "A-2 6.2.8: interpolated"
        if thing.get("/Filter") != "/DCTDecode":
            continue
        with Image.open(BytesIO(thing.read_raw_bytes())) as picture:
            picture.load()
            if (int(thing.Width), int(thing.Height)) != picture.size or int(thing.BitsPerComponent) != 8:
                yield "ISO 32000-1 8.9.5: a picture's width or height"
            space = thing.ColorSpace
            bands = int(space[1].N) if isinstance(space, pikepdf.Array) else next(n for n in BANDS if BANDS[n] == space)
            if bands != len(picture.getbands()):
                yield "ISO 32000-1 8.9.5: a picture's colours"


def of_fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    used: dict[Key, set[int]] = {}
    for _, drawn, _ in holders(pdf):
        for font, glyphs in drawn.glyphs.items():
            used.setdefault(font, set()).update(glyphs)
    for key, glyphs in used.items():
        font = pdf.get_object(key)
        [own] = font.DescendantFonts
        about = own.FontDescriptor
        name = str(font.BaseFont)[1:]
        if not [file for file in ("/FontFile", "/FontFile2", "/FontFile3") if file in about]:
            yield f"A-2 6.2.11.4: {name} is not in the file"
        if own.Subtype == "/CIDFontType2" and "/CIDToGIDMap" not in own:
            yield f"A-2 6.2.11.3: {name} has no CIDToGIDMap"
        if font.Encoding != "/Identity-H" or own.CIDSystemInfo.Ordering != "Identity":
            yield f"A-2 6.2.11.3: {name}'s encoding"
        if 0 in glyphs:
            yield f"A-2 6.2.11.8: {name} is called for a letter it lacks"
        if "/CIDSet" in about:
            bits = about.CIDSet.read_bytes()
            if [g for g in glyphs if g >= 8 * len(bits) or not bits[g // 8] >> (7 - g % 8) & 1]:
                yield f"A-2 6.2.11.4.2: {name}'s CIDSet is not whole"
        table = unicode_of(font)
        if [g for g in glyphs if not table.get(g) or set(table[g]) & {"\0", "\ufeff", "\ufffe"}]:
            yield f"A-2 6.2.11.7: {name} has letters without a meaning"
        if [g for g in glyphs if any("\ue000" <= letter <= "\uf8ff" for letter in table.get(g, ""))]:
            yield f"A-2 6.2.11.7.3: {name} has letters of nobody's"
