"""The print desk: pages for the store's own staff, with all that can be printed, and which prints must be thrown away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from site_builder.library.model import Category, Lesson, Print
from site_builder.website import addresses, scripts
from site_builder.website.look import THEME
from site_builder.website.pages import framed, made
from site_builder.website.site import Site, lang_name


@dataclass(frozen=True)
class Shelf:
    """A category in each language that it speaks: what holds many how-tos. Without a category: the whole library."""

    category: Category | None
    prints: tuple[Print, ...]
    howtos: int


@dataclass(frozen=True)
class Row:
    """A how-to in one language, and all formats of it."""

    lesson: Lesson
    prints: tuple[Print, ...]


def files(site: Site) -> dict[str, Path | bytes]:
    """Prints, their pictures, and the pages' own style: no other page asks for any of it, but for the how-tos' leaflets."""
    found: dict[str, Path | bytes] = {css_address(): css(), addresses.asset("desk.js", script()): script()}
    found |= {address: lent(name) for name, address in lent_addresses().items()}
    ready = parts(site)
    found[addresses.asset(PARTS, ready)] = ready
    for one in site.prints:
        found[addresses.printed(one)] = one.leaflet.path
        found[addresses.preview(one)] = one.preview.path
    return found


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """The desk itself and a page for each category, by their addresses."""
    shelves = [shelf(site, category) for category in site.categories]
    facts = {"shelves": [*shelves, shelf(site, None)], "recalled": recalled(site), "maker": maker(site)}
    yield addresses.desk(), page(site, addresses.desk(), **facts)
    for one in shelves:
        assert one.category
        address = addresses.desk(one.category.slug)
        yield address, page(site, address, shelf=one, rows=rows(site, one.category))


def page(site: Site, address: str, **facts: object) -> str:
    frame = framed(site, site.base_lang, address, [])
    blank: dict[str, object] = {"shelves": (), "recalled": (), "shelf": None, "rows": (), "maker": None}
    about = {"css": css_address(), "of": addresses}
    return made("desk.html", frame, **blank | facts | about)


def shelf(site: Site, category: Category | None) -> Shelf:
    name = category.slug if category else ""
    prints = [one for one in site.prints if one.name == name and one.category == name]
    prints.sort(key=lambda one: (site.langs.index(one.lang), one.format != "pack"))  # most wanted first
    return Shelf(category, tuple(prints), len(site.in_category(category, site.base_lang)))


def rows(site: Site, category: Category) -> list[Row]:
    """Its how-tos by title, each language by itself: every leaflet has a code of its own."""
    found = sorted(
        (lesson for lesson in site.lessons if lesson.howto.category == category.slug),
        key=lambda lesson: (site.langs.index(lesson.howto.lang), lesson.howto.title),
    )
    return [Row(lesson, prints_of(site, lesson)) for lesson in found]


def prints_of(site: Site, lesson: Lesson) -> tuple[Print, ...]:
    """What its page offers first, then the usual leaflet."""
    offered = lesson.leaflet.key if lesson.leaflet else ""
    own = site.prints_of.get((lesson.howto.slug, lesson.howto.lang), ())
    return tuple(sorted(own, key=lambda one: (one.leaflet.key != offered, one.format != "leaflet")))


def recalled(site: Site) -> list[Row]:
    """How-tos of which older prints say something seriously wrong, the newest correction first."""
    found = [Row(lesson, prints_of(site, lesson)[:1]) for lesson in site.lessons if lesson.howto.serious]
    return sorted(
        found, key=lambda row: (max(one.date for one in row.lesson.howto.serious), row.lesson.howto.slug), reverse=True
    )


def css() -> bytes:
    return (THEME / "desk.css").read_bytes()


def css_address() -> str:
    return addresses.asset("desk.css", css())


# ---- files that the page itself makes of the ready prints

PARTS = "desk-parts.json"
LENT = ("pdf-lib.min.js", "qrcode.js")  # pdf-lib 1.17.1 and qrcode-generator 2.0.4, both MIT, loaded when a file is made


def maker(site: Site) -> dict[str, Any] | None:
    """What the part of the page needs that makes files; None where there is nothing to make them of."""
    known = {one.format: one.about for one in sorted(site.prints, key=wanted) if one.codes}
    if not known:
        return None
    langs = [lang for lang in site.langs if any(one.lang == lang for one in site.prints if one.codes)]
    pdf, qr = lent_addresses().values()
    return {
        "formats": known,
        "langs": [(lang, lang_name(lang)) for lang in langs],
        "parts": parts_address(site),
        "script": addresses.asset("desk.js", script()),
        "pdf": pdf,
        "qr": qr,
    }


def wanted(one: Print) -> tuple[bool, bool]:
    """The usual leaflet first, then labels."""
    return one.format != "leaflet", one.format != "labels"


def parts(site: Site) -> bytes:
    """Every how-to with its prints by format (file, pages, codes, whether it is folded), and the sheets of labels."""
    own: dict[tuple[str, str], dict[str, Any]] = {}
    for one in site.prints:
        own.setdefault((one.name, one.lang), {})[one.format] = [
            *(addresses.printed(one), one.leaflet.pages, one.codes, one.folded)
        ]
    howtos = [
        {
            "title": howto.title,
            "code": howto.code,
            "lang": howto.lang,
            "aisles": sorted(
                {aisle for aisle in [*(one.aisle for one in howto.tools), *(one.aisle for one in howto.materials)] if aisle}
            ),
            "prints": own.get((howto.slug, howto.lang), {}),
        }
        for howto in sorted((lesson.howto for lesson in site.lessons), key=lambda howto: howto.title)
    ]
    labels = [
        {"format": one.format, "lang": one.lang, "aisle": one.aisle, "file": addresses.printed(one), "sheet": one.sheet}
        | {"codes": one.codes}
        for one in site.prints
        if one.sheet and not one.category and (one.aisle or not one.name)
    ]
    return json.dumps({"howtos": howtos, "labels": labels}, ensure_ascii=False, separators=(",", ":")).encode()


def parts_address(site: Site) -> str:
    return addresses.asset(PARTS, parts(site))


@cache
def script() -> bytes:
    return scripts.joined(("desk.js",)).encode()


def lent(name: str) -> bytes:
    return (THEME / "vendor" / name).read_bytes()


@cache
def lent_addresses() -> dict[str, str]:
    return {name: addresses.asset(name, lent(name)) for name in LENT}
