"""Pages that are no how-to and no list: saved lessons, redirects, page not found, an editor's own."""

from __future__ import annotations

from site_builder.library import playback, prices
from site_builder.library.artifacts import Lesson
from site_builder.website import urls
from site_builder.website.pages.context import alternates, context_of, editor_body
from site_builder.website.pages.templates import render_template
from site_builder.website.site import EditorPage, Site


def saved_page(site: Site, lang: str) -> str:
    """What is saved on this phone, the data used, the tariff; the phone fills it in, no host is told."""
    others = alternates(site, lang, lambda other: urls.saved(other, site.base_lang))
    page = context_of(site, lang, urls.saved(lang, site.base_lang), others)
    film = max((playback.film_bytes(lesson.renditions) or 0 for lesson in site.lessons), default=0)
    rows = prices.tariff_prices(film, site.settings.options.tariffs, site.settings.tariff, page.w)
    return render_template("saved.html", page, rows=rows, film=film)


def redirect_page(site: Site, address: str, lesson: Lesson) -> str:
    """At a printed code or a former address: a few hundred bytes that lead to the how-to."""
    return render_template("redirect.html", context_of(site, lesson.howto.lang, address, []), howto=lesson.howto)


def not_found_page(site: Site) -> str:
    """Shown at any address that leads nowhere, so all its links begin at the host's top."""
    others = alternates(site, site.base_lang, lambda other: urls.language_root(other, site.base_lang))
    return render_template("404.html", context_of(site, site.base_lang, None, others))


def editor_page(site: Site, extra: EditorPage) -> str:
    page = context_of(site, site.base_lang, extra.address, [])
    return render_template(
        "editor-page.html",
        page,
        editor_page=extra,
        body=editor_body(site, extra.html, extra.address, site.base_lang),
    )
