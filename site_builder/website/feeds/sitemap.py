"""sitemap.xml: every page with its day, its film and its other languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from site_builder.library.artifacts import Lesson
from site_builder.website import urls
from site_builder.website.feeds.feed_entries import XML_DECLARATION, absolute_url, film_source, noon_timestamp
from site_builder.website.site import Site

SITEMAP_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"


VIDEO_NS = "http://www.google.com/schemas/sitemap-video/1.1"


XHTML_NS = "http://www.w3.org/1999/xhtml"


def sitemap(site: Site) -> str:
    """Every page with its day and its film, its other languages beside it; pages that an editor added, without a day."""
    page_by_lang: dict[str, dict[str, str]] = defaultdict(dict)
    for lesson in site.lessons:
        page_by_lang[lesson.howto.slug][lesson.howto.lang] = lesson.howto.page
    rows = [sitemap_page(site, lesson, page_by_lang[lesson.howto.slug]) for lesson in site.lessons]
    for below in ("", *(f"{category.slug}/" for category in site.lessons.categories)):
        addresses = {lang: urls.language_root(lang, site.base_lang) + below for lang in site.langs}
        rows += [
            f"<url><loc>{absolute_url(site, one)}</loc>{sitemap_alternates(site, addresses)}</url>"
            for one in addresses.values()
        ]
    rows += [f"<url><loc>{absolute_url(site, address)}</loc></url>" for address in site.editor_pages.addresses]
    return (
        f'{XML_DECLARATION}<urlset xmlns="{SITEMAP_NS}" xmlns:video="{VIDEO_NS}" xmlns:xhtml="{XHTML_NS}">\n'
        + "\n".join(rows)
        + "\n</urlset>\n"
    )


def sitemap_page(site: Site, lesson: Lesson, page_by_lang: Mapping[str, str]) -> str:
    howto = lesson.howto
    return (
        f"<url><loc>{absolute_url(site, howto.page)}</loc><lastmod>{howto.last_changed.isoformat()}</lastmod>"
        f"{sitemap_alternates(site, page_by_lang)}{''.join(sitemap_video(site, lesson))}</url>"
    )


def sitemap_alternates(site: Site, page_by_lang: Mapping[str, str]) -> str:
    """A page's languages, its own among them, as each of them must tell; nothing where there is one alone."""
    if len(page_by_lang) < 2:
        return ""
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href="{absolute_url(site, address)}"/>'
        for lang, address in page_by_lang.items()
    )


def sitemap_video(site: Site, lesson: Lesson) -> Iterable[str]:
    howto, film = lesson.howto, film_source(lesson)
    if film is None or lesson.poster is None:
        return
    yield "<video:video>"
    yield f"<video:thumbnail_loc>{absolute_url(site, urls.picture(howto, 'poster', lesson.poster.jpeg))}</video:thumbnail_loc>"
    yield f"<video:title>{escape(str(howto.title))}</video:title>"
    yield f"<video:description>{escape(str(howto.summary))}</video:description>"
    yield f"<video:content_loc>{absolute_url(site, film.address)}</video:content_loc>"
    yield f"<video:duration>{max(1, round(film.rendition.seconds))}</video:duration>"
    yield f"<video:publication_date>{noon_timestamp(howto.published)}</video:publication_date>"
    yield "<video:family_friendly>yes</video:family_friendly></video:video>"
