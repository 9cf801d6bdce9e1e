"""Data and scripts with which the print desk puts files together in the browser, out of ready prints."""

from __future__ import annotations

from functools import cache
from typing import Any

from site_builder.library.artifacts import Print
from site_builder.library.compact_json import json_bytes
from site_builder.website import urls
from site_builder.website.assets import bundles
from site_builder.website.assets.theme_files import VENDOR
from site_builder.website.pages.context import lang_name
from site_builder.website.site import Site

PARTS = "desk-parts.json"


VENDORED = ("pdf-lib.min.js", "qrcode.js")  # pdf-lib 1.17.1 and qrcode-generator 2.0.4, both MIT, loaded when a file is made


def print_maker(site: Site) -> dict[str, Any] | None:
    """What the part of the page needs that makes files; None where there is nothing to make them of."""
    descriptions = {one.format: one.format_description for one in sorted(site.prints, key=usual_format_first) if one.qr_boxes}
    if not descriptions:
        return None
    langs = [lang for lang in site.langs if any(one.lang == lang for one in site.prints if one.qr_boxes)]
    pdf, qr = vendored_addresses().values()
    return {
        "formats": descriptions,
        "langs": [(lang, lang_name(lang)) for lang in langs],
        "parts": print_maker_data_address(site),
        "script": urls.asset("desk.js", print_maker_script()),
        "pdf": pdf,
        "qr": qr,
    }


def usual_format_first(one: Print) -> tuple[bool, bool]:
    """The usual leaflet first, then labels."""
    return one.usual_for != "a4", one.usual_for != "aisle"


def print_maker_data(site: Site) -> bytes:
    """Every how-to with its prints by format (file, pages, codes, whether it is folded), and the sheets of labels."""
    prints_by_howto: dict[tuple[str, str], dict[str, Any]] = {}
    for one in site.prints:
        prints_by_howto.setdefault((one.name, one.lang), {})[one.format] = [
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
            "prints": prints_by_howto.get((howto.slug, howto.lang), {}),
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
