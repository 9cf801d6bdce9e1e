"""What other programs follow: news of each language (Atom), its films as a podcast (RSS), the map with its films."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from site_builder.library.artifacts import Lesson
from site_builder.library.howto import HowTo
from site_builder.library.messages import messages_of
from site_builder.website import media_sources, urls
from site_builder.website.media_sources import MediaSource
from site_builder.website.site import Site

XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
VIDEO_NS = "http://www.google.com/schemas/sitemap-video/1.1"
XHTML_NS = "http://www.w3.org/1999/xhtml"
ITUNES_NS = "http://www.itunes.com/dtds/podcast-1.0.dtd"
ARTWORK_PX = 1400  # the least that podcast directories take
MAX_ENTRIES = 50  # entries; a reader who was away for longer finds the rest on the site
PUBLISH_TIME = dt.time(12, tzinfo=dt.timezone(dt.timedelta(hours=2)))  # editors write days: noon, South African time


def feed_files(site: Site) -> dict[str, bytes]:
    found = {
        "sitemap.xml": sitemap(site),
        **{urls.news_feed(lang, site.base_lang): atom_feed(site, lang) for lang in site.langs},
    }
    if not site.has_films:
        return encode_texts(found)
    found |= {urls.podcast(lang, site.base_lang): podcast_feed(site, lang) for lang in site.langs}
    return {**encode_texts(found), site.theme.icon_address(ARTWORK_PX): site.theme.icon(ARTWORK_PX)}


def encode_texts(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {address: text.encode() for address, text in texts.items()}


def last_changed(howto: HowTo) -> dt.date:
    """The day of its words, never of the build: the same library gives the same bytes."""
    return max([howto.published, *(correction.date for correction in howto.corrections)])


def newest_lessons(site: Site, lang: str) -> list[Lesson]:
    mine = [lesson for lesson in site.lessons if lesson.howto.lang == lang]
    return sorted(mine, key=lambda lesson: (-last_changed(lesson.howto).toordinal(), lesson.howto.slug))[:MAX_ENTRIES]


def film_source(lesson: Lesson) -> MediaSource | None:
    """The file that any phone plays."""
    film = media_sources.first_film(lesson)
    return film.fallback if film else None


def atom_feed(site: Site, lang: str) -> str:
    """New and corrected how-tos as an Atom feed."""
    lessons = newest_lessons(site, lang)
    here = absolute_url(site, urls.news_feed(lang, site.base_lang))
    latest = max((last_changed(lesson.howto) for lesson in lessons), default=dt.date(2000, 1, 1))
    rows = [
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">',
        f"<title>{escape(site.settings.site_name)}</title>",
        f"<id>{here}</id>",
        f'<link rel="self" href="{here}"/>',
        f'<link href="{absolute_url(site, urls.language_root(lang, site.base_lang))}"/>',
        f"<updated>{noon_timestamp(latest)}</updated>",
        f"<author><name>{escape(site.settings.options.store.name)}</name></author>",
        *(atom_entry(site, lesson) for lesson in lessons),
    ]
    return XML_DECLARATION + "\n".join(rows) + "\n</feed>\n"


def summary_with_corrections(howto: HowTo) -> str:
    """Its summary, and what was corrected, the latest first."""
    corrected = [f"{one.date}: {one.what}" for one in sorted(howto.corrections, key=lambda one: one.date, reverse=True)]
    return " ".join([str(howto.summary), *corrected])


def entry_id(site: Site, howto: HowTo) -> str:
    """What names a how-to for ever: the address of its printed code, which a new title, slug or encode leaves as it is."""
    return absolute_url(site, urls.short_code(howto.code))


def episode_guid(site: Site, howto: HowTo) -> str:
    """A podcast programme loads an episode anew, at its listener's cost, when this changes: for a serious correction alone.

    A film that was encoded better is the same episode (RSS 2.0, `guid`); one that could hurt is not.
    """
    return entry_id(site, howto) + (f"#{howto.serious_corrections[0].version}" if howto.serious_corrections else "")


def atom_entry(site: Site, lesson: Lesson) -> str:
    howto = lesson.howto
    link = absolute_url(site, howto.page)
    found = film_source(lesson)
    enclosure = (
        f'<link rel="enclosure" type="video/mp4" length="{found.rendition.bytes}"'
        f' href="{absolute_url(site, found.address)}"/>\n'
        if found
        else ""
    )
    return (
        f"<entry>\n<title>{escape(str(howto.title))}</title>\n<id>{entry_id(site, howto)}</id>\n"
        f'<link href="{link}"/>\n{enclosure}'
        f"<published>{noon_timestamp(howto.published)}</published>\n<updated>{noon_timestamp(last_changed(howto))}</updated>\n"
        f"<summary>{escape(summary_with_corrections(howto))}</summary>\n</entry>"
    )


def podcast_feed(site: Site, lang: str) -> str:
    """The films as a podcast: each programme that knows podcasts brings new ones over Wi-Fi at night."""
    base = site.base_lang
    here = absolute_url(site, urls.podcast(lang, base))
    rows = [
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="{ITUNES_NS}">',
        "<channel>",
        f"<title>{escape(site.settings.site_name)}</title>",
        f"<link>{absolute_url(site, urls.language_root(lang, base))}</link>",
        f"<description>{escape(site.settings.site_description or messages_of(lang)('page.home_lead'))}</description>",
        f"<language>{lang}</language>",
        f'<atom:link rel="self" type="application/rss+xml" href="{here}"/>',
        f"<itunes:author>{escape(site.settings.options.store.name)}</itunes:author>",
        '<itunes:category text="Leisure"><itunes:category text="Home &amp; Garden"/></itunes:category>',
        f'<itunes:image href="{absolute_url(site, site.theme.icon_address(ARTWORK_PX))}"/>',
        "<itunes:explicit>false</itunes:explicit>",
        *(item for lesson in newest_lessons(site, lang) if (item := episode(site, lesson))),
    ]
    return XML_DECLARATION + "\n".join(rows) + "\n</channel>\n</rss>\n"


def episode(site: Site, lesson: Lesson) -> str:
    howto, found = lesson.howto, film_source(lesson)
    if found is None:
        return ""
    poster = (
        f"<itunes:image href={quoteattr(absolute_url(site, urls.picture(howto, 'poster', lesson.poster.jpeg)))}/>\n"
        if lesson.poster
        else ""
    )
    return (
        f"<item>\n<title>{escape(str(howto.title))}</title>\n<link>{absolute_url(site, howto.page)}</link>\n"
        f'<guid isPermaLink="false">{episode_guid(site, howto)}</guid>\n'
        f"<pubDate>{format_datetime(dt.datetime.combine(howto.published, PUBLISH_TIME))}</pubDate>\n"
        f"<description>{escape(summary_with_corrections(howto))}</description>\n"
        f'<enclosure url="{absolute_url(site, found.address)}" length="{found.rendition.bytes}" type="video/mp4"/>\n'
        f"<itunes:duration>{round(found.rendition.seconds)}</itunes:duration>\n{poster}</item>"
    )


def sitemap(site: Site) -> str:
    """Every page with its day and its film, its other languages beside it; pages that an editor added, without a day."""
    same: dict[str, dict[str, str]] = defaultdict(dict)
    for lesson in site.lessons:
        same[lesson.howto.slug][lesson.howto.lang] = lesson.howto.page
    rows = [sitemap_page(site, lesson, same[lesson.howto.slug]) for lesson in site.lessons]
    for below in ("", *(f"{category.slug}/" for category in site.categories)):
        there = {lang: urls.language_root(lang, site.base_lang) + below for lang in site.langs}
        rows += [f"<url><loc>{absolute_url(site, one)}</loc>{sitemap_alternates(site, there)}</url>" for one in there.values()]
    rows += [f"<url><loc>{absolute_url(site, address)}</loc></url>" for address in site.editor_page_addresses]
    return (
        f'{XML_DECLARATION}<urlset xmlns="{SITEMAP_NS}" xmlns:video="{VIDEO_NS}" xmlns:xhtml="{XHTML_NS}">\n'
        + "\n".join(rows)
        + "\n</urlset>\n"
    )


def sitemap_page(site: Site, lesson: Lesson, same: Mapping[str, str]) -> str:
    howto = lesson.howto
    return (
        f"<url><loc>{absolute_url(site, howto.page)}</loc><lastmod>{last_changed(howto).isoformat()}</lastmod>"
        f"{sitemap_alternates(site, same)}{''.join(sitemap_video(site, lesson))}</url>"
    )


def sitemap_alternates(site: Site, same: Mapping[str, str]) -> str:
    """A page's languages, its own among them, as each of them must tell; nothing where there is one alone."""
    if len(same) < 2:
        return ""
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href="{absolute_url(site, there)}"/>' for lang, there in same.items()
    )


def sitemap_video(site: Site, lesson: Lesson) -> Iterable[str]:
    howto, found = lesson.howto, film_source(lesson)
    if found is None or lesson.poster is None:
        return
    yield "<video:video>"
    yield f"<video:thumbnail_loc>{absolute_url(site, urls.picture(howto, 'poster', lesson.poster.jpeg))}</video:thumbnail_loc>"
    yield f"<video:title>{escape(str(howto.title))}</video:title>"
    yield f"<video:description>{escape(str(howto.summary))}</video:description>"
    yield f"<video:content_loc>{absolute_url(site, found.address)}</video:content_loc>"
    yield f"<video:duration>{max(1, round(found.rendition.seconds))}</video:duration>"
    yield f"<video:publication_date>{noon_timestamp(howto.published)}</video:publication_date>"
    yield "<video:family_friendly>yes</video:family_friendly></video:video>"


def absolute_url(site: Site, there: str) -> str:
    return escape(urls.absolute(site.settings.site_url, there))


def noon_timestamp(day: dt.date) -> str:
    return dt.datetime.combine(day, PUBLISH_TIME).isoformat()
