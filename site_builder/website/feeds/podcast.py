"""Films of a language as a podcast (RSS 2.0 with iTunes' elements)."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from site_builder.library.artifacts import Lesson
from site_builder.library.howto import HowTo
from site_builder.library.messages import messages_of
from site_builder.website import urls
from site_builder.website.feeds.feed_entries import (
    PUBLISH_TIME,
    XML_DECLARATION,
    absolute_url,
    entry_id,
    film_source,
    newest_lessons,
    summary_with_corrections,
)
from site_builder.website.site import Site

ITUNES_NS = "http://www.itunes.com/dtds/podcast-1.0.dtd"


ARTWORK_PX = 1400  # the least that podcast directories take


def episode_guid(site: Site, howto: HowTo) -> str:
    """A podcast programme loads an episode anew, at its listener's cost, when this changes: for a serious correction alone.

    A film that was encoded better is the same episode (RSS 2.0, `guid`); one that could hurt is not.
    """
    return entry_id(site, howto) + (f"#{howto.serious_corrections[0].version}" if howto.serious_corrections else "")


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
    howto, film = lesson.howto, film_source(lesson)
    if film is None:
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
        f'<enclosure url="{absolute_url(site, film.address)}" length="{film.rendition.bytes}" type="video/mp4"/>\n'
        f"<itunes:duration>{round(film.rendition.seconds)}</itunes:duration>\n{poster}</item>"
    )
