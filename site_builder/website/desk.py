"""The print desk: pages for the store's own staff, with all that can be printed, and which prints must be thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from site_builder.library.artifacts import Lesson, Print
from site_builder.library.compact_json import json_bytes
from site_builder.library.howto import Category
from site_builder.website import bundles, urls
from site_builder.website.assets.theme_files import STYLES, VENDOR
from site_builder.website.pages import context_of, render_template
from site_builder.website.site import Site, lang_name


@dataclass(frozen=True)
class PrintGroup:
    """A category in each language that it speaks: what holds many how-tos. Without a category: the whole library."""

    category: Category | None
    prints: tuple[Print, ...]
    howtos: int


@dataclass(frozen=True)
class HowToPrints:
    """A how-to in one language, and all formats of it."""

    lesson: Lesson
    prints: tuple[Print, ...]


def print_desk_files(site: Site) -> dict[str, Path | bytes]:
    """Prints, their pictures, and the pages' own style: no other page asks for any of it, but for the how-tos' leaflets."""
    found: dict[str, Path | bytes] = {
        stylesheet_address(): stylesheet_bytes(),
        urls.asset("desk.js", print_maker_script()): print_maker_script(),
    }
    found |= {address: vendored_script(name) for name, address in vendored_addresses().items()}
    ready = print_maker_data(site)
    found[urls.asset(PARTS, ready)] = ready
    for one in site.prints:
        found[urls.print_pdf(one)] = one.leaflet.path
        found[urls.print_preview(one)] = one.preview.path
    return found


def print_desk_pages(site: Site) -> Iterator[tuple[str, str]]:
    """The desk itself and a page for each category, by their addresses."""
    shelves = [print_group(site, category) for category in site.categories]
    facts = {"groups": [*shelves, print_group(site, None)], "recalled": recalled(site), "maker": print_maker(site)}
    yield urls.print_desk(), print_desk_page(site, urls.print_desk(), **facts)
    for one in shelves:
        assert one.category
        address = urls.print_desk(one.category.slug)
        yield address, print_desk_page(site, address, group=one, rows=howto_prints(site, one.category))


def print_desk_page(site: Site, address: str, **facts: object) -> str:
    frame = context_of(site, site.base_lang, address, [])
    blank: dict[str, object] = {"groups": (), "recalled": (), "group": None, "rows": (), "maker": None}
    about = {"css_address": stylesheet_address(), "urls": urls}
    return render_template("print-desk.html", frame, **blank | facts | about)


def print_group(site: Site, category: Category | None) -> PrintGroup:
    name = category.slug if category else ""
    prints = [one for one in site.prints if one.name == name and one.category == name]
    prints.sort(key=lambda one: (site.langs.index(one.lang), one.format != "pack"))  # most wanted first
    return PrintGroup(category, tuple(prints), len(site.in_category(category, site.base_lang)))


def howto_prints(site: Site, category: Category) -> list[HowToPrints]:
    """Its how-tos by title, each language by itself: every leaflet has a code of its own."""
    found = sorted(
        (lesson for lesson in site.lessons if lesson.howto.category == category.slug),
        key=lambda lesson: (site.langs.index(lesson.howto.lang), lesson.howto.title),
    )
    return [HowToPrints(lesson, prints_of(site, lesson)) for lesson in found]


def prints_of(site: Site, lesson: Lesson) -> tuple[Print, ...]:
    """What its page offers first, then the usual leaflet."""
    offered = lesson.leaflet.key if lesson.leaflet else ""
    own = site.prints_of.get((lesson.howto.slug, lesson.howto.lang), ())
    return tuple(sorted(own, key=lambda one: (one.leaflet.key != offered, one.format != "leaflet")))


def recalled(site: Site) -> list[HowToPrints]:
    """How-tos of which older prints say something seriously wrong, the newest correction first."""
    found = [HowToPrints(lesson, prints_of(site, lesson)[:1]) for lesson in site.lessons if lesson.howto.serious_corrections]
    return sorted(
        found,
        key=lambda row: (max(one.date for one in row.lesson.howto.serious_corrections), row.lesson.howto.slug),
        reverse=True,
    )


def stylesheet_bytes() -> bytes:
    return (STYLES / "print-desk.css").read_bytes()


def stylesheet_address() -> str:
    return urls.asset("desk.css", stylesheet_bytes())


# ---- files that the page itself makes of the ready prints

PARTS = "desk-parts.json"
VENDORED = ("pdf-lib.min.js", "qrcode.js")  # pdf-lib 1.17.1 and qrcode-generator 2.0.4, both MIT, loaded when a file is made


def print_maker(site: Site) -> dict[str, Any] | None:
    """What the part of the page needs that makes files; None where there is nothing to make them of."""
    known = {one.format: one.format_description for one in sorted(site.prints, key=usual_format_first) if one.qr_boxes}
    if not known:
        return None
    langs = [lang for lang in site.langs if any(one.lang == lang for one in site.prints if one.qr_boxes)]
    pdf, qr = vendored_addresses().values()
    return {
        "formats": known,
        "langs": [(lang, lang_name(lang)) for lang in langs],
        "parts": print_maker_data_address(site),
        "script": urls.asset("desk.js", print_maker_script()),
        "pdf": pdf,
        "qr": qr,
    }


def usual_format_first(one: Print) -> tuple[bool, bool]:
    """The usual leaflet first, then labels."""
    return one.format != "leaflet", one.format != "labels"


def print_maker_data(site: Site) -> bytes:
    """Every how-to with its prints by format (file, pages, codes, whether it is folded), and the sheets of labels."""
    own: dict[tuple[str, str], dict[str, Any]] = {}
    for one in site.prints:
        own.setdefault((one.name, one.lang), {})[one.format] = [
            *(urls.print_pdf(one), one.leaflet.pages, one.qr_boxes, one.folded)
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
        {"format": one.format, "lang": one.lang, "aisle": one.aisle, "file": urls.print_pdf(one), "sheet": one.sheet}
        | {"codes": one.qr_boxes}
        for one in site.prints
        if one.sheet and not one.category and (one.aisle or not one.name)
    ]
    return json_bytes({"howtos": howtos, "labels": labels})


def print_maker_data_address(site: Site) -> str:
    return urls.asset(PARTS, print_maker_data(site))


@cache
def print_maker_script() -> bytes:
    return bundles.minified_bundle(("print/print-desk.js",)).encode()


def vendored_script(name: str) -> bytes:
    return (VENDOR / name).read_bytes()


@cache
def vendored_addresses() -> dict[str, str]:
    return {name: urls.asset(name, vendored_script(name)) for name in VENDORED}
