"""A how-to and what was made of it become complete HTML documents. Pure: values in, text out; no MkDocs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from site_builder.library import calculator, formula, materials, phones, playback, prices, quantity
from site_builder.library.artifacts import Cue, ImageFile, Lesson
from site_builder.library.fallback import FallbackText
from site_builder.library.howto import Category, HowTo, Safety, Step
from site_builder.library.messages import Messages, messages_of
from site_builder.website import jsonld, logo, markup, material, media_sources, share, social_card, urls
from site_builder.website.assets.theme_files import TEMPLATES
from site_builder.website.pagination import ListPage, paginate
from site_builder.website.site import NO_TIME, EditorPage, Site, lang_name
from site_builder.website.stylesheet import STYLESHEET_ICONS

DIFFICULTY_KEYS = {1: "common.easy", 2: "common.some_skill", 3: "common.skilled"}


@dataclass(frozen=True)
class LanguageLink:
    lang: str
    name: str
    address: str
    same_page: bool  # the same page; else that language's home


@dataclass(frozen=True)
class PageContext:
    """What the templates know of the page that they are making. `here` is None on a page that is shown at any address."""

    site: Site
    lang: str
    address: str | None
    other_langs: tuple[LanguageLink, ...]

    @property
    def w(self) -> Messages:
        return messages_of(self.lang)

    @property
    def direction(self) -> str:
        return self.w.direction

    @property
    def home(self) -> str:
        return urls.language_root(self.lang, self.site.base_lang)

    @property
    def canonical(self) -> str:
        return self.absolute(self.address or "")

    @property
    def a_to_z(self) -> str:
        return urls.a_to_z(self.lang, self.site.base_lang)

    def absolute(self, there: str) -> str:
        return urls.absolute(self.site.settings.site_url, there)

    def link(self, there: str) -> str:
        if self.address is None:
            return urls.absolute(self.site.base_path, there)
        return urls.relative(self.address, there)

    def format_name(self, name: str, about: str = "") -> str:
        """What a leaflet's format is called in this language; in its own words where there are none here."""
        key = f"desk.format_{name}".replace("-", "_")
        return self.w(key) if key in self.w.own_texts or key in self.w.fallback_texts else about or name.capitalize()

    def price(self, count: int) -> Markup:
        """Size and price; the script puts another price there when the phone is on another tariff."""
        return Markup('<data value="{}">{}</data>').format(count, self.price_tag(count))

    def price_tag(self, count: int) -> str:
        return prices.size_and_price(count, self.site.settings.tariff, self.w)

    def category_address(self, category: Category) -> str:
        return urls.category(category.slug, self.lang, self.site.base_lang)

    def hands_on_time(self, howto: HowTo) -> str:
        return self.w.duration(howto.time.work + (howto.time.prep or NO_TIME))

    def size(self, count: int) -> str:
        return prices.size_text(count, self.w)

    def unit_name(self, name: str, count: float) -> str:
        """`1 bag`, `2 bags`; a unit without a plural of its own stays as it is."""
        return quantity.unit_name(name, count, self.w)

    def number(self, value: float, unit: str = "each") -> str:
        """`500 m²`, in this language's figures."""
        return quantity.join_unit(quantity.format_number(value, self.w), quantity.unit_name(unit, 2, self.w), self.w)

    def fraction(self, value: float) -> str:
        """As the script reads it: `1/2`."""
        return str(formula.to_fraction(value))

    def waiting_time(self, howto: HowTo) -> str:
        return self.w.duration(howto.time.wait or NO_TIME)

    def date(self, day: dt.date) -> str:
        """`1 March 2026`: nobody has to guess which of two numbers is the month."""
        month = self.w("page.months").split()[day.month - 1]
        return self.w("page.date", day=day.day, month=month, year=day.year)

    def sentence(self, key: str, **values: object) -> Markup:
        """A sentence in which each value keeps its own language."""
        sentence = str(escape(with_lang(self.w(key, **{name: f"\x02{name}\x03" for name in values}))))
        for name, value in values.items():
            sentence = sentence.replace(f"\x02{name}\x03", str(escape(with_lang(value))))
        return Markup(sentence)  # noqa: S704 - each part is escaped above

    @property
    def decimal_sign(self) -> str:
        return str(self.w("unit.decimal"))

    @property
    def saved(self) -> str:
        return urls.saved(self.lang, self.site.base_lang)

    @property
    def description(self) -> str:
        """The library in a sentence, for search engines."""
        settings = self.site.settings
        return settings.site_description or (self.w("page.home_lead") if self.site.has_films else settings.site_name)

    @property
    def search_hint(self) -> str:
        return self.site.settings.options.search_hint.get(self.lang, "")

    @property
    def data_used_text(self) -> str:
        """What the meter says, for the script to fill in; without a price in a library that knows no tariff."""
        said = str(self.w("page.used", size="{size}", price="{price}"))
        return said if self.site.settings.tariff else said.replace(" ({price})", "")

    @property
    def tariff_note(self) -> Markup:
        """`Prices at MTN, out of bundle (about 2017)`: the tariff's name leads to the choice of another."""
        tariff = self.site.settings.tariff
        if tariff is None:
            return Markup("")
        there = Markup('<a class="at" data-do="pickTariff" href="{}"><span data-at>{} ({})</span></a>').format(
            self.link(f"{self.saved}#_tariff"), tariff.name, tariff.as_of
        )
        before, after = str(self.w("common.price_at", tariff="\x02")).split("\x02")
        return Markup("{}{}{}").format(before, there, after)

    def first_film(self, lesson: Lesson) -> media_sources.Choice | None:
        return media_sources.first_film(lesson)


def howto_page(site: Site, lesson: Lesson, body: Markup | None = None) -> str:
    """`body` is the how-to's own, where it is rendered already."""
    howto = lesson.howto
    others = [LanguageLink(other.lang, lang_name(other.lang), other.page, True) for other in site.library.other_langs(howto)]
    frame = context_of(site, howto.lang, howto.page, others)
    if body is None:
        body, _ = markup.render_body(howto, site.library, site.settings, site.links, site.memo, lesson.figures)
    store, country = site.settings.options.store, site.settings.options.country
    return render_template(
        "howto.html",
        frame,
        **player_facts(frame, lesson),
        **calculator_facts(howto, frame.w),
        supplies=list(materials.supplies(howto, frame.w)),
        lesson=lesson,
        howto=howto,
        category=site.category(howto),
        preview=preview_image(site, lesson),
        body=body,
        body_lang=howto.body.lang if isinstance(howto.body, FallbackText) else None,
        danger_first=howto.risk == "high",
        warnings=warnings_by_step(howto),
        picture_bytes=sum(one.bytes for one in page_pictures(lesson)),
        detail_sections=detail_sections(lesson),
        chat_link=share.whatsapp_link(share.chat_message(lesson, frame.canonical, site.settings.tariff, frame.w)),
        list_link=share.whatsapp_link(share.shopping_list(howto, frame.w), store.whatsapp, country)
        if howto.materials
        else None,
        feedback_links={
            said: share.whatsapp_link(
                f"{howto.code} {howto.version}: {frame.w(f'page.verdict_{said}')}", store.whatsapp, country
            )
            for said in ("yes", "no")
        },
        related=[found for slug in howto.related if (found := site.nearest(slug, howto.lang))],
        jsonld=jsonld.script_element(jsonld.graph(lesson, site.settings.site_url)),
    )


def preview_image(site: Site, lesson: Lesson) -> str | None:
    """What a chat shows beside a link to a how-to: its poster, else its category's picture."""
    if lesson.poster:
        return urls.picture(lesson.howto, "poster", lesson.poster.jpeg)
    return social_card.card_address(site, site.category(lesson.howto), lesson.howto.lang)


def page_pictures(lesson: Lesson) -> list[ImageFile]:
    """All that its page shows."""
    stills = [*lesson.stills.values(), *lesson.figures.values(), *([lesson.poster] if lesson.poster else [])]
    thumb = lesson.leaflet.thumb if lesson.leaflet else None
    return [*(still.web for still in stills), *([thumb] if thumb else [])]


def player_facts(frame: PageContext, lesson: Lesson) -> dict[str, Any]:
    """What the player's part of the template is filled with."""
    howto = lesson.howto
    choices = media_sources.choices(lesson)
    main = next((choice for choice in choices if not choice.audio_only), choices[0] if choices else None)
    here = frame.address or ""
    names = {lang: lang_name(lang) for lang in lesson.captions}
    text = media_sources.chapters_vtt(howto) if choices else None
    return {
        "choices": choices,
        "main": main,
        "sources_json": {c.name: media_sources.sources_json(c, here) for c in choices},
        "chat_film": media_sources.chat_film_json(lesson, here),
        "captions": media_sources.captions_json(lesson, here, names),
        "chapters": urls.relative(here, urls.chapters_file(howto, text)) if text else None,
    }


def detail_sections(lesson: Lesson) -> list[str]:
    """What stands on a page of its own, since few readers want it and each would pay for it at every visit."""
    there = {"transcript": transcript_cues(lesson), "download": lesson.renditions, "sources": lesson.howto.sources}
    return [name for name, found in there.items() if found]


def transcript_cues(lesson: Lesson) -> tuple[Cue, ...]:
    said = lesson.captions.get(lesson.howto.lang) or lesson.captions.get(lesson.howto.base_lang)
    return said.cues if said else ()


def details_page(site: Site, lesson: Lesson) -> str:
    """The film in words, its files, the sources."""
    howto = lesson.howto
    there = [site.by_page[(howto.slug, other.lang)] for other in site.library.other_langs(howto)]
    others = [
        LanguageLink(other.howto.lang, lang_name(other.howto.lang), urls.details(other.howto), True)
        for other in there
        if detail_sections(other)
    ]
    return render_template(
        "details.html",
        context_of(site, howto.lang, urls.details(howto), others),
        howto=howto,
        detail_sections=detail_sections(lesson),
        choices=media_sources.choices(lesson),
        transcript=transcript_cues(lesson),
        transcript_lang=howto.lang if howto.lang in lesson.captions else howto.base_lang,
    )


def calculator_facts(howto: HowTo, words: Messages) -> dict[str, Any]:
    """The formula for the script, and what it needs to say each answer; the answers to the how-to's own batch."""
    if howto.calculator is None:
        return {"rpn": None, "batch": None}
    return {
        "rpn": " ".join(formula.postfix(howto.calculator.per)),
        "batch": calculator.batch_text(howto, words),
        "calculator_inputs": [(ask, calculator.input_text(ask, "{}", words)) for ask in howto.calculator.ask],
        "answers": [
            {
                "label": one.give.label,
                "shown": one.full_text(words),
                "rate": calculator.amount_per_unit(one.give),
                "size": one.packaging.size or "",
                "amount": calculator.amount_template(one.give, words),
                "buy": calculator.purchase_template(one.give, words),
                "one": calculator.pack_name(one.give, 1, words),
                "many": calculator.pack_name(one.give, 2, words),
            }
            for one in calculator.answers(howto)
        ],
    }


def warnings_by_step(howto: HowTo) -> Mapping[str, list[Safety]]:
    """Warnings that have a second of the film, under the step that holds it."""

    def holds(step: Step, at: float) -> bool:
        return step.start is not None and step.end is not None and step.start <= at < step.end

    return {step.id: [line for line in howto.safety if line.at is not None and holds(step, line.at)] for step in howto.steps}


def category_pages(site: Site, category: Category, lang: str, intro: str = "") -> Iterator[tuple[str, str]]:
    """By address: one, or the leaves of a long list; the introduction stands on the first."""
    others = alternates(site, lang, lambda other: urls.category(category.slug, other, site.base_lang))
    about = {"category": category, "preview": social_card.card_address(site, category, lang)}
    for leaf, all_leaves in list_pages(site, category, lang, urls.category(category.slug, lang, site.base_lang)):
        first = leaf == all_leaves[0]
        frame = context_of(site, lang, leaf.address, others if first else as_other_home(others))
        intro_here = editor_body(site, intro if first else "", leaf.address, lang)
        yield (
            leaf.address,
            render_template("category.html", frame, list_page=leaf, list_pages=all_leaves, intro=intro_here, **about),
        )


def list_pages(site: Site, category: Category | None, lang: str, top: str) -> Iterator[tuple[ListPage, tuple[ListPage, ...]]]:
    """Each leaf of a list with all of them."""
    found = paginate(top, site.in_category(category, lang))
    yield from ((leaf, found) for leaf in found)


def home_page(site: Site, lang: str, intro: str = "") -> str:
    others = alternates(site, lang, lambda other: urls.language_root(other, site.base_lang))
    frame = context_of(site, lang, urls.language_root(lang, site.base_lang), others)
    counts = {category.slug: len(site.in_category(category, lang)) for category in site.categories}
    # a subject is shown by its first how-to that has a film
    with_picture = [lesson for lesson in site.in_category(None, lang) if lesson.poster and lesson.poster.thumb]
    shown = {lesson.howto.category: lesson for lesson in reversed(with_picture)}
    return render_template(
        "home.html",
        frame,
        counts=counts,
        examples=shown,
        logo=logo.logo_address(site),
        preview=social_card.card_address(site, None, lang),
        intro=editor_body(site, intro, frame.address or "", lang),
    )


def a_to_z_pages(site: Site, lang: str) -> Iterator[tuple[str, str]]:
    """All how-tos by address of their leaf, for who has no script or would rather look than type."""
    others = alternates(site, lang, lambda other: urls.a_to_z(other, site.base_lang))
    for leaf, all_leaves in list_pages(site, None, lang, urls.a_to_z(lang, site.base_lang)):
        frame = context_of(site, lang, leaf.address, others if leaf == all_leaves[0] else as_other_home(others))
        yield leaf.address, render_template("a-z.html", frame, list_page=leaf, list_pages=all_leaves)


def saved_page(site: Site, lang: str) -> str:
    """What is saved on this phone, the data used, the tariff; the phone fills it in, no host is told."""
    others = alternates(site, lang, lambda other: urls.saved(other, site.base_lang))
    frame = context_of(site, lang, urls.saved(lang, site.base_lang), others)
    film = max((playback.film_bytes(lesson.renditions) or 0 for lesson in site.lessons), default=0)
    rows = prices.tariff_prices(film, site.settings.options.tariffs, site.settings.tariff, frame.w)
    return render_template("saved.html", frame, rows=rows, film=film)


def redirect_page(site: Site, address: str, lesson: Lesson) -> str:
    """At a printed code, or where a how-to once was: a few hundred bytes that go on to the how-to."""
    return render_template("redirect.html", context_of(site, lesson.howto.lang, address, []), howto=lesson.howto)


def not_found_page(site: Site) -> str:
    """Shown at any address that leads nowhere, so all its links begin at the host's top."""
    others = alternates(site, site.base_lang, lambda other: urls.language_root(other, site.base_lang))
    return render_template("404.html", context_of(site, site.base_lang, None, others))


def editor_page(site: Site, extra: EditorPage) -> str:
    frame = context_of(site, site.base_lang, extra.address, [])
    return render_template(
        "editor-page.html",
        frame,
        editor_page=extra,
        body=editor_body(site, extra.html, extra.address, site.base_lang),
    )


def editor_body(site: Site, html: str, address: str, lang: str) -> Markup:
    """What an editor wrote for the page at an address, safe to print."""
    return markup.editor_page_body(html, site.links, site.figures.get(address, {}), address, lang)


def alternates(site: Site, lang: str, address: Callable[[str], str]) -> list[LanguageLink]:
    """A page that every language has."""
    return [LanguageLink(other, lang_name(other), address(other), True) for other in site.langs if other != lang]


def as_other_home(others: list[LanguageLink]) -> list[LanguageLink]:
    """The same links, to pages that do not say just the same: another language cuts its lists elsewhere."""
    return [replace(other, same_page=False) for other in others]


def context_of(site: Site, lang: str, here: str | None, others: list[LanguageLink]) -> PageContext:
    """The frame; a language that lacks this page is offered its home."""
    there = {other.lang for other in others} | {lang}
    homes = [
        LanguageLink(other, lang_name(other), urls.language_root(other, site.base_lang), False)
        for other in site.langs
        if other not in there
    ]
    return PageContext(site, lang, here, tuple(sorted([*others, *homes], key=lambda other: site.langs.index(other.lang))))


def render_template(template: str, page: PageContext, **facts: Any) -> str:
    return jinja_environment().get_template(template).render(page=page, site=page.site, w=page.w, link=page.link, **facts)


@cache
def jinja_environment() -> jinja2.Environment:
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


def with_lang(value: Any) -> Any:
    """Words lent by another language carry its `lang`. In an attribute use `|bare`: no tag may stand there."""
    if isinstance(value, FallbackText):
        return Markup('<span lang="{}">{}</span>').format(value.lang, str(value))
    return value


@cache
def icon(name: str) -> Markup:
    """An icon for the eye only: the words beside it say the same. Those that many pages show stand in the style sheet."""
    if name in STYLESHEET_ICONS:
        return Markup('<i class="i-{}"></i>').format(name)
    return Markup(material.icon_svg(name).replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - the theme's own files


def money(amount: float) -> str:
    """`R30`, `R12.50`"""
    return f"R{amount:g}" if amount == int(amount) else f"R{amount:.2f}"
