"""Every file of the site by its address: what is made, what is written, and all pages. Knows no MkDocs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from site_builder.library import schemas
from site_builder.library.artifacts import Lesson
from site_builder.library.problems import Problem
from site_builder.website import (
    build_report,
    catalogue,
    desk,
    feeds,
    headers,
    logo,
    markup,
    media_sources,
    offline,
    page_weight,
    pages,
    social_card,
    urls,
)
from site_builder.website.site import Site
from site_builder.website.sync import FileData, sync_site

BEACON_FILE = "heard.txt"  # empty: what stands behind its `?` is in the host's access log


def static_files(site: Site) -> dict[str, FileData]:
    """What is no page: films, pictures, captions, leaflets, style, script, search lists, the map for search engines."""
    found: dict[str, FileData] = dict(urls.built_files(site.lessons))
    for shown in site.figures.values():
        found |= urls.figures(shown)
    found |= media_sources.chapter_files(site.lessons)
    found |= {site.theme.css_address: site.theme.css, site.core_script_address: site.core_script}
    found |= {site.player_address: site.player, site.calculator_address: site.calculator}
    if any(lesson.howto.serious_corrections for lesson in site.lessons):
        found[site.outdated_print_address] = site.outdated_print
    for lang in site.langs:
        found[urls.search_facts(lang)] = site.search_facts(lang)
        found[site.search_address(lang)] = site.search_scripts[lang]
        found[site.on_demand_address(lang)] = site.on_demand_scripts[lang]
    found |= offline.offline_files(site)
    found |= social_card.card_files(site)
    found |= logo.logo_files(site)
    found |= headers.host_files()
    if site.beacon_address:
        found |= {site.beacon_address: site.beacon, BEACON_FILE: b""}
    found |= {urls.search_file(name, site.search_version): data for name, data in site.search_files.items()}
    found[catalogue.CATALOGUE_FILE] = catalogue.catalogue_json(
        catalogue.catalogue_of(site.lessons, site.settings.site_name, site.settings.site_url)
    ).encode()
    found[catalogue.SCHEMA_FILE] = schemas.json_schema(catalogue.Catalogue).encode()
    found |= {name: text().encode() for name, text in schemas.SCHEMAS.items()}
    found |= build_report.report_files(site)
    found |= desk.print_desk_files(site)
    found |= feeds.feed_files(site)
    found["robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {site.settings.site_url}sitemap.xml\n".encode()
    return found


def howto_pages(site: Site) -> Iterator[tuple[dict[str, bytes], list[Problem]]]:
    """The pages of each lesson by address, and what only shows when they are made. Those of which nothing changed
    come from the shelf."""
    frame = page_weight.shared_bytes(site)
    for lesson in site.lessons:
        kept = site.memo.get("page", page_inputs(site, lesson), partial(render_howto, site, lesson, frame)) or b""
        head, _, rest = kept.partition(b"\n")
        sizes, told = json.loads(head)
        documents, at = {}, 0
        for address, size in sizes.items():
            documents[address] = rest[at : at + size]
            at += size
        yield documents, [Problem(lesson.howto.source, line, said, hint, warning) for line, said, hint, warning in told]


def page_inputs(site: Site, lesson: Lesson) -> bytes:
    """Everything that the pages of a lesson are made from: the library's frame, the lesson, those that it leads to."""
    near = [found for slug in lesson.howto.related if (found := site.nearest(slug, lesson.howto.lang))]
    return "\n".join([site.shared_inputs_hash, *(site.fingerprint(one) for one in (lesson, *near))]).encode()


def render_howto(site: Site, lesson: Lesson, frame: int) -> bytes:
    """A line of JSON: the size of each page by its address, and the problems; then the pages as they are. A page within JSON
    would be read letter by letter at every build."""
    howto = lesson.howto
    body, problems = markup.render_body(howto, site.library, site.settings, site.links, site.memo, lesson.figures)
    documents = {howto.page: pages.howto_page(site, lesson, body).encode()}
    if pages.detail_sections(lesson):
        documents[urls.details(howto)] = pages.details_page(site, lesson).encode()
    problems = [*problems, *page_weight.weight_problems(site, lesson, documents[howto.page], frame)]
    sizes = {address: len(document) for address, document in documents.items()}
    head = json.dumps([sizes, [[p.line, p.message, p.hint, p.warning] for p in problems]])
    return b"".join((head.encode(), b"\n", *documents.values()))


def intro_addresses(site: Site) -> Iterator[str]:
    """The pages to which an editor may give an introduction: homes, lists and categories."""
    for lang in site.langs:
        yield urls.language_root(lang, site.base_lang)
        yield urls.a_to_z(lang, site.base_lang)
        yield urls.saved(lang, site.base_lang)
        for category in site.categories:
            yield urls.category(category.slug, lang, site.base_lang)


def other_pages(site: Site, intros: Mapping[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """Homes, categories, lists, codes and the page for lost addresses. `intros` has HTML for the top of some, by address."""
    intros = intros or {}
    for lang in site.langs:
        home = urls.language_root(lang, site.base_lang)
        yield home, pages.home_page(site, lang, intros.get(home, ""))
        yield from pages.a_to_z_pages(site, lang)
        yield urls.saved(lang, site.base_lang), pages.saved_page(site, lang)
        for category in site.categories:
            address = urls.category(category.slug, lang, site.base_lang)
            yield from pages.category_pages(site, category, lang, intros.get(address, ""))
    for code, name in site.library.slug_by_code.items():
        slug, _, lang = name.partition(".")
        if lesson := site.by_page.get((slug, lang or site.base_lang)):
            yield urls.short_code(code), pages.redirect_page(site, urls.short_code(code), lesson)
    for lesson in site.lessons:
        for address in urls.old_urls(lesson.howto):
            yield address, pages.redirect_page(site, address, lesson)
    yield from desk.print_desk_pages(site)
    yield "404.html", pages.not_found_page(site)


def write_site(site: Site, into: Path) -> None:
    """The whole site into a folder, which then holds nothing else; with no site generator at all."""
    howtos = {address: page for documents, _ in howto_pages(site) for address, page in documents.items()}
    others = {address: page.encode() for address, page in other_pages(site)}
    sync_site({**static_files(site), **howtos, **others}, into)
