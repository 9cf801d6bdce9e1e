"""Every file of the site by its address: what is made, what is written, and all pages. Knows no MkDocs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from site_builder.library import schemas
from site_builder.website import media_sources, urls
from site_builder.website.assets.beacon import beacon_schema
from site_builder.website.feeds import all_feeds, catalogue
from site_builder.website.offline import phone_files
from site_builder.website.output import targets
from site_builder.website.output.sync import FileData, sync_site
from site_builder.website.pages import build_report, lists, logo, print_desk, social_card
from site_builder.website.pages.howto_memo import howto_pages
from site_builder.website.pages.other_pages import not_found_page, redirect_page, saved_page
from site_builder.website.site import Site


def static_files(site: Site) -> dict[str, FileData]:
    """What is no page: films, pictures, captions, leaflets, style, script, search lists, the map for search engines."""
    files: dict[str, FileData] = dict(urls.built_files(site.lessons))
    for pictures in site.editor_pages.figures.values():
        files |= urls.figures(pictures)
    files |= media_sources.chapter_files(site.lessons)
    files |= {site.theme.css_address: site.theme.css, **site.scripts.files()}
    if site.scripts.beacon:
        files[beacon_schema().file] = b""
    if any(lesson.howto.serious_corrections for lesson in site.lessons):
        files[site.scripts.outdated_print.address] = site.scripts.outdated_print.data
    files |= {urls.search_facts(lang): site.search.facts(lang) for lang in site.langs}
    files |= {urls.search_file(name, site.search.version): data for name, data in site.search.files.items()}
    files |= phone_files.offline_files(site)
    files |= social_card.card_files(site)
    files |= logo.logo_files(site)
    files |= targets.host_files()
    files[catalogue.CATALOGUE_FILE] = catalogue.catalogue_json(
        catalogue.catalogue_of(site.lessons, site.settings.site_name, site.settings.site_url)
    ).encode()
    files[catalogue.SCHEMA_FILE] = schemas.json_schema(catalogue.Catalogue).encode()
    files |= {name: text().encode() for name, text in schemas.SCHEMAS.items()}
    files |= build_report.report_files(site)
    files |= print_desk.print_desk_files(site)
    files |= all_feeds.feed_files(site)
    files["robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {site.settings.site_url}sitemap.xml\n".encode()
    return files


def intro_addresses(site: Site) -> Iterator[str]:
    """The pages to which an editor may give an introduction: homes, lists and categories."""
    for lang in site.langs:
        yield urls.language_root(lang, site.base_lang)
        yield urls.a_to_z(lang, site.base_lang)
        yield urls.saved(lang, site.base_lang)
        for category in site.lessons.categories:
            yield urls.category(category.slug, lang, site.base_lang)


def other_pages(site: Site, intros: Mapping[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """Homes, categories, lists, codes and the page for lost addresses. `intros` has HTML for the top of some, by address."""
    intros = intros or {}
    for lang in site.langs:
        home = urls.language_root(lang, site.base_lang)
        yield home, lists.home_page(site, lang, intros.get(home, ""))
        yield from lists.a_to_z_pages(site, lang)
        yield urls.saved(lang, site.base_lang), saved_page(site, lang)
        for category in site.lessons.categories:
            address = urls.category(category.slug, lang, site.base_lang)
            yield from lists.category_pages(site, category, lang, intros.get(address, ""))
    for code, name in site.library.slug_by_code.items():
        slug, _, lang = name.partition(".")
        if lesson := site.lessons.by_page.get((slug, lang or site.base_lang)):
            yield urls.short_code(code), redirect_page(site, urls.short_code(code), lesson)
    for lesson in site.lessons:
        for address in urls.old_urls(lesson.howto):
            yield address, redirect_page(site, address, lesson)
    yield from print_desk.print_desk_pages(site)
    yield "404.html", not_found_page(site)


def write_site(site: Site, into: Path) -> None:
    """The whole site into a folder, which then holds nothing else; with no site generator at all."""
    howtos = {address: page for documents, _ in howto_pages(site) for address, page in documents.items()}
    others = {address: page.encode() for address, page in other_pages(site)}
    sync_site({**static_files(site), **howtos, **others}, into)
