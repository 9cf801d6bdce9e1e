"""Jinja, set up once: strict, escaping, with the functions that templates call."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from site_builder.library import phones
from site_builder.website import media_sources, urls
from site_builder.website.assets import material
from site_builder.website.assets.stylesheet import STYLESHEET_ICONS
from site_builder.website.assets.theme_files import TEMPLATES
from site_builder.website.pages.context import PageContext, lang_name, with_lang

DIFFICULTY_KEYS = {1: "common.easy", 2: "common.some_skill", 3: "common.skilled"}


def render_template(template: str, page: PageContext, **facts: Any) -> str:
    return jinja_environment().get_template(template).render(page=page, site=page.site, w=page.w, link=page.link, **facts)


@cache
def jinja_environment() -> jinja2.Environment:
    """Strict, escaping; FallbackText becomes a span with its lang, and `bare` turns that off in attributes."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        auto_reload=False,  # else it asks the disk for each template of each page whether it is still the same
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=with_lang,
    )
    env.globals.update(
        dialled=phones.tel_number,
        DIFFICULTY_KEYS=DIFFICULTY_KEYS,
        icon=icon,
        lang_name=lang_name,
        clock=media_sources.clock,
        money=money,
        picture=urls.picture,
        leaflet=urls.leaflet,
        leaflet_thumb=urls.leaflet_thumb,
        details=urls.details,
        news=urls.news_feed,
        manifest=urls.manifest,
        films=urls.podcast,
    )
    env.filters["bare"] = str.__str__
    return env


@cache
def icon(name: str) -> Markup:
    """An icon for the eye only: the words beside it say the same. Those that many pages show stand in the style sheet."""
    if name in STYLESHEET_ICONS:
        return Markup('<i class="i-{}"></i>').format(name)
    return Markup(material.icon_svg(name).replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - the theme's own files


def money(amount: float) -> str:
    """`R30`, `R12.50`"""
    return f"R{amount:g}" if amount == int(amount) else f"R{amount:.2f}"
