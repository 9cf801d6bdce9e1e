"""What other programs follow: news of each language (Atom), its films as a podcast (RSS), the map with its films."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from site_builder.library.model import HowTo, Lesson
from site_builder.library.words import words
from site_builder.website import addresses, player
from site_builder.website.player import Source
from site_builder.website.site import Site

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
VIDEO = "http://www.google.com/schemas/sitemap-video/1.1"
XHTML = "http://www.w3.org/1999/xhtml"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
ARTWORK = 1400  # the least that podcast directories take
NEWEST = 50  # entries; a reader who was away for longer finds the rest on the site
TIME = dt.time(12, tzinfo=dt.timezone(dt.timedelta(hours=2)))  # editors write days: noon, South African time


def files(site: Site) -> dict[str, bytes]:
    found = {"sitemap.xml": sitemap(site), **{addresses.news(lang, site.base_lang): news(site, lang) for lang in site.langs}}
    if not site.has_films:
        return encoded(found)
    found |= {addresses.films(lang, site.base_lang): films(site, lang) for lang in site.langs}
    return {**encoded(found), site.look.icon_address(ARTWORK): site.look.icon(ARTWORK)}


def encoded(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {address: text.encode() for address, text in texts.items()}


def changed(howto: HowTo) -> dt.date:
    """The day of its words, never of the build: the same library gives the same bytes."""
    return max([howto.published, *(correction.date for correction in howto.corrections)])


def newest(site: Site, lang: str) -> list[Lesson]:
    mine = [lesson for lesson in site.lessons if lesson.howto.lang == lang]
    return sorted(mine, key=lambda lesson: (-changed(lesson.howto).toordinal(), lesson.howto.slug))[:NEWEST]


def film(lesson: Lesson) -> Source | None:
    """The file that any phone plays."""
    return next((choice.plain for choice in player.choices(lesson) if not choice.sound), None)


def news(site: Site, lang: str) -> str:
    """New and corrected how-tos as an Atom feed."""
    lessons = newest(site, lang)
    here = whole(site, addresses.news(lang, site.base_lang))
    latest = max((changed(lesson.howto) for lesson in lessons), default=dt.date(2000, 1, 1))
    rows = [
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">',
        f"<title>{escape(site.settings.site_name)}</title>",
        f"<id>{here}</id>",
        f'<link rel="self" href="{here}"/>',
        f'<link href="{whole(site, addresses.top(lang, site.base_lang))}"/>',
        f"<updated>{moment(latest)}</updated>",
        f"<author><name>{escape(site.settings.options.store.name)}</name></author>",
        *(entry(site, lesson) for lesson in lessons),
    ]
    return XML + "\n".join(rows) + "\n</feed>\n"


def summary_of(howto: HowTo) -> str:
    """Its summary, and what was corrected, the latest first."""
    corrected = [f"{one.date}: {one.what}" for one in sorted(howto.corrections, key=lambda one: one.date, reverse=True)]
    return " ".join([str(howto.summary), *corrected])


def identity(site: Site, howto: HowTo) -> str:
    """What names a how-to for ever: the address of its printed code, which a new title, slug or encode leaves as it is."""
    return whole(site, addresses.code(howto.code))


def episode_identity(site: Site, howto: HowTo) -> str:
    """A podcast programme loads an episode anew, at its listener's cost, when this changes: for a serious correction alone.

    A film that was encoded better is the same episode (RSS 2.0, `guid`); one that could hurt is not.
    """
    return identity(site, howto) + (f"#{howto.serious[0].version}" if howto.serious else "")


def entry(site: Site, lesson: Lesson) -> str:
    howto = lesson.howto
    link = whole(site, howto.page)
    found = film(lesson)
    enclosure = (
        f'<link rel="enclosure" type="video/mp4" length="{found.rendition.bytes}" href="{whole(site, found.address)}"/>\n'
        if found
        else ""
    )
    return (
        f"<entry>\n<title>{escape(str(howto.title))}</title>\n<id>{identity(site, howto)}</id>\n"
        f'<link href="{link}"/>\n{enclosure}'
        f"<published>{moment(howto.published)}</published>\n<updated>{moment(changed(howto))}</updated>\n"
        f"<summary>{escape(summary_of(howto))}</summary>\n</entry>"
    )


def films(site: Site, lang: str) -> str:
    """The films as a podcast: each programme that knows podcasts brings new ones over Wi-Fi at night."""
    base = site.base_lang
    here = whole(site, addresses.films(lang, base))
    rows = [
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="{ITUNES}">',
        "<channel>",
        f"<title>{escape(site.settings.site_name)}</title>",
        f"<link>{whole(site, addresses.top(lang, base))}</link>",
        f"<description>{escape(site.settings.site_description or words(lang)('page.home_lead'))}</description>",
        f"<language>{lang}</language>",
        f'<atom:link rel="self" type="application/rss+xml" href="{here}"/>',
        f"<itunes:author>{escape(site.settings.options.store.name)}</itunes:author>",
        '<itunes:category text="Leisure"><itunes:category text="Home &amp; Garden"/></itunes:category>',
        f'<itunes:image href="{whole(site, site.look.icon_address(ARTWORK))}"/>',
        "<itunes:explicit>false</itunes:explicit>",
        *(item for lesson in newest(site, lang) if (item := episode(site, lesson))),
    ]
    return XML + "\n".join(rows) + "\n</channel>\n</rss>\n"


def episode(site: Site, lesson: Lesson) -> str:
    howto, found = lesson.howto, film(lesson)
    if found is None:
        return ""
    poster = (
        f"<itunes:image href={quoteattr(whole(site, addresses.picture(howto, 'poster', lesson.poster.jpeg)))}/>\n"
        if lesson.poster
        else ""
    )
    return (
        f"<item>\n<title>{escape(str(howto.title))}</title>\n<link>{whole(site, howto.page)}</link>\n"
        f'<guid isPermaLink="false">{episode_identity(site, howto)}</guid>\n'
        f"<pubDate>{format_datetime(dt.datetime.combine(howto.published, TIME))}</pubDate>\n"
        f"<description>{escape(summary_of(howto))}</description>\n"
        f'<enclosure url="{whole(site, found.address)}" length="{found.rendition.bytes}" type="video/mp4"/>\n'
        f"<itunes:duration>{round(found.rendition.seconds)}</itunes:duration>\n{poster}</item>"
    )


def sitemap(site: Site) -> str:
    """Every page with its day and its film, its other languages beside it; pages that an editor added, without a day."""
    same: dict[str, dict[str, str]] = defaultdict(dict)
    for lesson in site.lessons:
        same[lesson.howto.slug][lesson.howto.lang] = lesson.howto.page
    rows = [page(site, lesson, same[lesson.howto.slug]) for lesson in site.lessons]
    for below in ("", *(f"{category.slug}/" for category in site.categories)):
        there = {lang: addresses.top(lang, site.base_lang) + below for lang in site.langs}
        rows += [f"<url><loc>{whole(site, one)}</loc>{alternates(site, there)}</url>" for one in there.values()]
    rows += [f"<url><loc>{whole(site, address)}</loc></url>" for address in site.own_pages]
    return f'{XML}<urlset xmlns="{SITEMAP}" xmlns:video="{VIDEO}" xmlns:xhtml="{XHTML}">\n' + "\n".join(rows) + "\n</urlset>\n"


def page(site: Site, lesson: Lesson, same: Mapping[str, str]) -> str:
    howto = lesson.howto
    return (
        f"<url><loc>{whole(site, howto.page)}</loc><lastmod>{changed(howto).isoformat()}</lastmod>"
        f"{alternates(site, same)}{''.join(video(site, lesson))}</url>"
    )


def alternates(site: Site, same: Mapping[str, str]) -> str:
    """A page's languages, its own among them, as each of them must tell; nothing where there is one alone."""
    if len(same) < 2:
        return ""
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href="{whole(site, there)}"/>' for lang, there in same.items()
    )


def video(site: Site, lesson: Lesson) -> Iterable[str]:
    howto, found = lesson.howto, film(lesson)
    if found is None or lesson.poster is None:
        return
    yield "<video:video>"
    yield f"<video:thumbnail_loc>{whole(site, addresses.picture(howto, 'poster', lesson.poster.jpeg))}</video:thumbnail_loc>"
    yield f"<video:title>{escape(str(howto.title))}</video:title>"
    yield f"<video:description>{escape(str(howto.summary))}</video:description>"
    yield f"<video:content_loc>{whole(site, found.address)}</video:content_loc>"
    yield f"<video:duration>{max(1, round(found.rendition.seconds))}</video:duration>"
    yield f"<video:publication_date>{moment(howto.published)}</video:publication_date>"
    yield "<video:family_friendly>yes</video:family_friendly></video:video>"


def whole(site: Site, there: str) -> str:
    return escape(addresses.whole(site.settings.site_url, there))


def moment(day: dt.date) -> str:
    return dt.datetime.combine(day, TIME).isoformat()
