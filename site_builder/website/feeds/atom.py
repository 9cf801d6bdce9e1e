"""News of a language: new and corrected how-tos as an Atom feed."""

from __future__ import annotations

import datetime as dt
from xml.sax.saxutils import escape

from site_builder.library.artifacts import Lesson
from site_builder.website import urls
from site_builder.website.feeds.feed_entries import (
    XML_DECLARATION,
    absolute_url,
    entry_id,
    film_source,
    newest_lessons,
    noon_timestamp,
    summary_with_corrections,
)
from site_builder.website.site import Site


def atom_feed(site: Site, lang: str) -> str:
    """New and corrected how-tos as an Atom feed."""
    lessons = newest_lessons(site, lang)
    here = absolute_url(site, urls.news_feed(lang, site.base_lang))
    latest = max((lesson.howto.last_changed for lesson in lessons), default=dt.date(2000, 1, 1))
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


def atom_entry(site: Site, lesson: Lesson) -> str:
    howto = lesson.howto
    link = absolute_url(site, howto.page)
    film = film_source(lesson)
    enclosure = (
        f'<link rel="enclosure" type="video/mp4" length="{film.rendition.bytes}" href="{absolute_url(site, film.address)}"/>\n'
        if film
        else ""
    )
    return (
        f"<entry>\n<title>{escape(str(howto.title))}</title>\n<id>{entry_id(site, howto)}</id>\n"
        f'<link href="{link}"/>\n{enclosure}'
        f"<published>{noon_timestamp(howto.published)}</published>\n<updated>{noon_timestamp(howto.last_changed)}</updated>\n"
        f"<summary>{escape(summary_with_corrections(howto))}</summary>\n</entry>"
    )
