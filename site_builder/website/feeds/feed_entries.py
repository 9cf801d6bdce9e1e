"""What all feeds say of a how-to: its day, its film, its summary with corrections, its lasting name."""

from __future__ import annotations

import datetime as dt
from xml.sax.saxutils import escape

from site_builder.library.artifacts import Lesson
from site_builder.library.howto import HowTo
from site_builder.website import media_sources, urls
from site_builder.website.media_sources import MediaSource
from site_builder.website.site import Site

XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


MAX_ENTRIES = 50  # entries; a reader who was away for longer finds the rest on the site


PUBLISH_TIME = dt.time(12, tzinfo=dt.timezone(dt.timedelta(hours=2)))  # editors write days: noon, South African time


def newest_lessons(site: Site, lang: str) -> list[Lesson]:
    """The language's lessons by day of last change, at most MAX_ENTRIES."""
    mine = [lesson for lesson in site.lessons if lesson.howto.lang == lang]
    return sorted(mine, key=lambda lesson: (-lesson.howto.last_changed.toordinal(), lesson.howto.slug))[:MAX_ENTRIES]


def film_source(lesson: Lesson) -> MediaSource | None:
    """The file that any phone plays."""
    film = media_sources.first_film(lesson)
    return film.fallback if film else None


def summary_with_corrections(howto: HowTo) -> str:
    """Its summary, and what was corrected, the latest first."""
    corrected = [f"{one.date}: {one.what}" for one in sorted(howto.corrections, key=lambda one: one.date, reverse=True)]
    return " ".join([str(howto.summary), *corrected])


def entry_id(site: Site, howto: HowTo) -> str:
    """What names a how-to for ever: the address of its printed code, which a new title, slug or encode leaves as it is."""
    return absolute_url(site, urls.short_code(howto.code))


def absolute_url(site: Site, there: str) -> str:
    return escape(urls.absolute(site.settings.site_url, there))


def noon_timestamp(day: dt.date) -> str:
    return dt.datetime.combine(day, PUBLISH_TIME).isoformat()
