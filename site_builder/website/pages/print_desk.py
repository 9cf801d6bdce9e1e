"""The print desk: pages for the store's staff with everything printable, and the prints to throw away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from site_builder.library.artifacts import Lesson, Print
from site_builder.library.categories import Category
from site_builder.website import urls
from site_builder.website.assets.theme_files import STYLES
from site_builder.website.pages.context import context_of
from site_builder.website.pages.lists import in_category
from site_builder.website.pages.print_maker import (
    PARTS,
    print_maker,
    print_maker_data,
    print_maker_script,
    vendored_addresses,
    vendored_script,
)
from site_builder.website.pages.templates import render_template
from site_builder.website.site import Site


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
    files: dict[str, Path | bytes] = {
        stylesheet_address(): stylesheet_bytes(),
        urls.asset("desk.js", print_maker_script()): print_maker_script(),
    }
    files |= {address: vendored_script(name) for name, address in vendored_addresses().items()}
    ready = print_maker_data(site)
    files[urls.asset(PARTS, ready)] = ready
    for one in site.prints:
        files[urls.print_pdf(one)] = one.leaflet.path
        files[urls.print_preview(one)] = one.preview.path
    return files


def print_desk_pages(site: Site) -> Iterator[tuple[str, str]]:
    """The desk itself and a page for each category, by their addresses."""
    groups = [print_group(site, category) for category in site.lessons.categories]
    facts = {"groups": [*groups, print_group(site, None)], "recalled": recalled(site), "maker": print_maker(site)}
    yield urls.print_desk(), print_desk_page(site, urls.print_desk(), **facts)
    for group in groups:
        assert group.category
        address = urls.print_desk(group.category.slug)
        yield address, print_desk_page(site, address, group=group, rows=howto_prints(site, group.category))


def print_desk_page(site: Site, address: str, **facts: object) -> str:
    page = context_of(site, site.base_lang, address, [])
    blank: dict[str, object] = {"groups": (), "recalled": (), "group": None, "rows": (), "maker": None}
    about = {"css_address": stylesheet_address(), "urls": urls}
    return render_template("print-desk.html", page, **blank | facts | about)


def print_group(site: Site, category: Category | None) -> PrintGroup:
    name = category.slug if category else ""
    prints = [one for one in site.prints if one.name == name and one.category == name]
    prints.sort(key=lambda one: (site.langs.index(one.lang), one.usual_for != "changes"))  # most wanted first
    return PrintGroup(category, tuple(prints), len(in_category(site.lessons, category, site.base_lang)))


def howto_prints(site: Site, category: Category) -> list[HowToPrints]:
    """Its how-tos by title, each language by itself: every leaflet has a code of its own."""
    lessons = sorted(
        (lesson for lesson in site.lessons if lesson.howto.category == category.slug),
        key=lambda lesson: (site.langs.index(lesson.howto.lang), lesson.howto.title),
    )
    return [HowToPrints(lesson, prints_of(site, lesson)) for lesson in lessons]


def prints_of(site: Site, lesson: Lesson) -> tuple[Print, ...]:
    """What its page offers first, then the usual leaflet."""
    offered = lesson.leaflet.key if lesson.leaflet else ""
    own = site.prints_of.get((lesson.howto.slug, lesson.howto.lang), ())
    return tuple(sorted(own, key=lambda one: (one.leaflet.key != offered, one.usual_for != "a4")))


def recalled(site: Site) -> list[HowToPrints]:
    """How-tos of which older prints say something seriously wrong, the newest correction first."""
    rows = [HowToPrints(lesson, prints_of(site, lesson)[:1]) for lesson in site.lessons if lesson.howto.serious_corrections]
    return sorted(
        rows,
        key=lambda row: (max(one.date for one in row.lesson.howto.serious_corrections), row.lesson.howto.slug),
        reverse=True,
    )


def stylesheet_bytes() -> bytes:
    return (STYLES / "print-desk.css").read_bytes()


def stylesheet_address() -> str:
    return urls.asset("desk.css", stylesheet_bytes())
