"""Every file of the site by its address: what is made, what is written, and all pages. Knows no MkDocs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from site_builder.library.model import Lesson
from site_builder.library.problems import Problem
from site_builder.website import (
    addresses,
    budget,
    catalogue,
    desk,
    feeds,
    headers,
    logo,
    markup,
    offline,
    pages,
    player,
    preview,
    report,
    schemas,
)
from site_builder.website.placed import Bytes, put_all
from site_builder.website.site import Site

HEARD = "heard.txt"  # empty: what stands behind its `?` is in the host's access log


def files(site: Site) -> dict[str, Bytes]:
    """What is no page: films, pictures, captions, leaflets, style, script, search lists, the map for search engines."""
    found: dict[str, Bytes] = dict(addresses.published(site.lessons))
    for shown in site.figures.values():
        found |= addresses.figures(shown)
    found |= player.chapter_files(site.lessons)
    found |= {site.look.css_address: site.look.css, site.script_address: site.script}
    found |= {site.player_address: site.player, site.calculator_address: site.calculator}
    if any(lesson.howto.serious for lesson in site.lessons):
        found[site.older_address] = site.older
    for lang in site.langs:
        found[addresses.search_facts(lang)] = site.search_facts(lang)
        found[site.search_address(lang)] = site.search_scripts[lang]
        found[site.later_address(lang)] = site.later_scripts[lang]
    found |= offline.files(site)
    found |= preview.files(site)
    found |= logo.files(site)
    found |= headers.files()
    if site.listen_address:
        found |= {site.listen_address: site.listen, HEARD: b""}
    found |= {addresses.search_file(name, site.search_version): data for name, data in site.search_files.items()}
    found[catalogue.FILE] = catalogue.text(catalogue.of(site.lessons, site.settings.site_name, site.settings.site_url)).encode()
    found[catalogue.SCHEMA] = catalogue.schema().encode()
    found |= {name: text().encode() for name, text in schemas.ALL.items()}
    found |= report.files(site)
    found |= desk.files(site)
    found |= feeds.files(site)
    found["robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {site.settings.site_url}sitemap.xml\n".encode()
    return found


def howto_pages(site: Site) -> Iterator[tuple[dict[str, bytes], list[Problem]]]:
    """The pages of each lesson by address, and what only shows when they are made. Those of which nothing changed
    come from the shelf."""
    frame = budget.of_every_page(site)
    for lesson in site.lessons:
        kept = site.shelf.get("page", all_that_matters(site, lesson), partial(made, site, lesson, frame)) or b""
        head, _, rest = kept.partition(b"\n")
        sizes, told = json.loads(head)
        documents, at = {}, 0
        for address, size in sizes.items():
            documents[address] = rest[at : at + size]
            at += size
        yield documents, [Problem(lesson.howto.source, line, said, hint, warning) for line, said, hint, warning in told]


def all_that_matters(site: Site, lesson: Lesson) -> bytes:
    """Everything that the pages of a lesson are made from: the library's frame, the lesson, those that it leads to."""
    near = [found for slug in lesson.howto.related if (found := site.nearest(slug, lesson.howto.lang))]
    return "\n".join([site.frame, *(site.said(one) for one in (lesson, *near))]).encode()


def made(site: Site, lesson: Lesson, frame: int) -> bytes:
    """A line of JSON: the size of each page by its address, and the problems; then the pages as they are. A page within JSON
    would be read letter by letter at every build."""
    howto = lesson.howto
    body, problems = markup.render(howto, site.library, site.settings, site.there, site.shelf, lesson.figures)
    documents = {howto.page: pages.howto_page(site, lesson, body).encode()}
    if pages.behind(lesson):
        documents[addresses.more(howto)] = pages.more_page(site, lesson).encode()
    problems = [*problems, *budget.problems(site, lesson, documents[howto.page], frame)]
    sizes = {address: len(document) for address, document in documents.items()}
    head = json.dumps([sizes, [[p.line, p.message, p.hint, p.warning] for p in problems]])
    return b"".join((head.encode(), b"\n", *documents.values()))


def addresses_of_others(site: Site) -> Iterator[str]:
    """The pages to which an editor may give an introduction: homes, lists and categories."""
    for lang in site.langs:
        yield addresses.top(lang, site.base_lang)
        yield addresses.a_to_z(lang, site.base_lang)
        yield addresses.phone(lang, site.base_lang)
        for category in site.categories:
            yield addresses.category(category.slug, lang, site.base_lang)


def other_pages(site: Site, intros: Mapping[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """Homes, categories, lists, codes and the page for lost addresses. `intros` has HTML for the top of some, by address."""
    intros = intros or {}
    for lang in site.langs:
        home = addresses.top(lang, site.base_lang)
        yield home, pages.home_page(site, lang, intros.get(home, ""))
        yield from pages.a_to_z_pages(site, lang)
        yield addresses.phone(lang, site.base_lang), pages.phone_page(site, lang)
        for category in site.categories:
            address = addresses.category(category.slug, lang, site.base_lang)
            yield from pages.category_pages(site, category, lang, intros.get(address, ""))
    for code, name in site.library.codes.items():
        slug, _, lang = name.partition(".")
        if lesson := site.by_page.get((slug, lang or site.base_lang)):
            yield addresses.code(code), pages.way_page(site, addresses.code(code), lesson)
    for lesson in site.lessons:
        for address in addresses.former(lesson.howto):
            yield address, pages.way_page(site, address, lesson)
    yield from desk.pages(site)
    yield "404.html", pages.not_found_page(site)


def write(site: Site, into: Path) -> None:
    """The whole site into a folder, which then holds nothing else; with no site generator at all."""
    howtos = {address: page for documents, _ in howto_pages(site) for address, page in documents.items()}
    others = {address: page.encode() for address, page in other_pages(site)}
    put_all({**files(site), **howtos, **others}, into)
