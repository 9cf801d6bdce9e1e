"""What a screen reader is told: the structure tree of a PDF walked in its order, with the words of each element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

WEAK = re.compile("[\u2066-\u2069\u200b\u00ad]")


class Reading:
    """Elements in reading order: kind, alternative text, own words."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.words: dict[tuple[tuple[int, int], int], str] = {}
        self.artifacts = 0
        for page in pdf.pages:
            self.take(page.obj, page.obj.get("/Resources"), page.obj.objgen)
        self.used: list[tuple[tuple[int, int], int]] = []
        self.elements = list(self.walk(pdf.Root.StructTreeRoot, None))

    def take(self, holder: pikepdf.Object, resources: pikepdf.Object, key: tuple[int, int]) -> None:
        """The words of each piece of marked content in a page or a form."""
        tables: dict[str, dict[int, str]] = {}
        at: list[Any] = []
        font = ""
        for operands, operator in pikepdf.parse_content_stream(holder):
            match str(operator):
                case "BDC":
                    mark = operands[1] if isinstance(operands[1], pikepdf.Dictionary) else {}
                    at.append(int(mark["/MCID"]) if "/MCID" in mark else None)
                    if str(operands[0]) == "/Artifact":
                        self.artifacts += 1
                    elif at[-1] is not None:
                        self.words.setdefault((key, at[-1]), "")
                case "BMC":
                    at.append(None)
                    self.artifacts += str(operands[0]) == "/Artifact"
                case "EMC":
                    at.pop()
                case "Tf":
                    font = str(operands[0])
                    if font not in tables:
                        tables[font] = unicode_of(resources.Font[font])
                case "Tj" | "TJ":
                    mark_now = next((m for m in reversed(at) if m is not None), None)
                    assert at, "text that is neither content nor artifact"
                    if mark_now is None:
                        continue
                    parts = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
                    for part in parts:
                        if isinstance(part, pikepdf.String):
                            raw = bytes(part)
                            codes = [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]
                            self.words[key, mark_now] += "".join(tables[font].get(code, "") for code in codes)
                case "Do":
                    form = resources.XObject[str(operands[0])]
                    if form.Subtype == "/Form" and "/StructParents" in form:
                        self.take(form, form.get("/Resources", resources), form.objgen)

    def walk(self, node: Any, page: tuple[int, int] | None) -> Iterator[dict[str, Any]]:
        if "/Pg" in node:
            page = node.Pg.objgen
        element = {"kind": str(node.get("/S", ""))[1:], "alt": str(node.get("/Alt", "")), "words": ""}
        if element["kind"]:
            yield element
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                element["words"] += self.say(page, kid)
            elif kid.get("/Type") == "/MCR":
                where = kid.Stm.objgen if "/Stm" in kid else kid.Pg.objgen if "/Pg" in kid else page
                element["words"] += self.say(where, int(kid.MCID))
            elif kid.get("/Type") != "/OBJR":
                yield from self.walk(kid, page)

    def say(self, where: tuple[int, int] | None, mark: int) -> str:
        assert where is not None
        self.used.append((where, mark))
        return self.words[where, mark]

    @property
    def text(self) -> str:
        """All words in reading order."""
        return " ".join(WEAK.sub("", " ".join(e["words"] or e["alt"] for e in self.elements)).split())

    def kinds(self, *kinds: str) -> list[str]:
        return [element["kind"] for element in self.elements if element["kind"] in kinds]


def unicode_of(font: pikepdf.Object) -> dict[int, str]:
    """Glyph to letters, by the font's ToUnicode."""
    text = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    table = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, to in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            table[int(code, 16)] = bytes.fromhex(to).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, to in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            for at, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                table[code] = chr(int(to, 16) + at)
    return table


UNSEEN = {0xAD: None, 0x200B: None}


def words_of(pdf: Path) -> list[str]:
    """The words of each page in the order of its content, spaces made one, without places where a line might break."""
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_range().translate(UNSEEN).split()) for page in document]
