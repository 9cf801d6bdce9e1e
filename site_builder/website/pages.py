"""A how-to and what was made of it become complete HTML documents. Pure: values in, text out; no MkDocs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from site_builder.library import calculator, formula, phones, playback, prices, quantity
from site_builder.library.model import Borrowed, Category, Cue, HowTo, Lesson, Picture, Safety, Step
from site_builder.library.words import Words, words
from site_builder.website import addresses, jsonld, logo, markup, material, player, preview, share
from site_builder.website.leaves import Leaf, leaves
from site_builder.website.look import ICONS, THEME
from site_builder.website.site import NONE, Extra, Site, lang_name

DIFFICULTY = {1: "common.easy", 2: "common.some_skill", 3: "common.skilled"}


@dataclass(frozen=True)
class OtherLang:
    lang: str
    name: str
    address: str
    same: bool  # the same page; else that language's home


@dataclass(frozen=True)
class Frame:
    """What the templates know of the page that they are making. `here` is None on a page that is shown at any address."""

    site: Site
    lang: str
    here: str | None
    others: tuple[OtherLang, ...]

    @property
    def w(self) -> Words:
        return words(self.lang)

    @property
    def direction(self) -> str:
        return self.w.direction

    @property
    def top(self) -> str:
        return addresses.top(self.lang, self.site.base_lang)

    @property
    def canonical(self) -> str:
        return self.whole(self.here or "")

    @property
    def a_to_z(self) -> str:
        return addresses.a_to_z(self.lang, self.site.base_lang)

    def whole(self, there: str) -> str:
        return addresses.whole(self.site.settings.site_url, there)

    def link(self, there: str) -> str:
        if self.here is None:
            return addresses.whole(self.site.top_path, there)
        return addresses.relative(self.here, there)

    def format(self, name: str, about: str = "") -> str:
        """What a leaflet's format is called in this language; in its own words where there are none here."""
        key = f"desk.format_{name}".replace("-", "_")
        return self.w(key) if key in self.w.table or key in self.w.lent else about or name.capitalize()

    def price(self, count: int) -> Markup:
        """Size and price; the script puts another price there when the phone is on another tariff."""
        return Markup('<data value="{}">{}</data>').format(count, self.tag(count))

    def tag(self, count: int) -> str:
        return prices.tag(count, self.site.settings.tariff, self.w)

    def category_address(self, category: Category) -> str:
        return addresses.category(category.slug, self.lang, self.site.base_lang)

    def time(self, howto: HowTo) -> str:
        return self.w.time(howto.time.work + (howto.time.prep or NONE))

    def size(self, count: int) -> str:
        return prices.size(count, self.w)

    def unit(self, name: str, count: float) -> str:
        """`1 bag`, `2 bags`; a unit without a plural of its own stays as it is."""
        return quantity.unit_name(name, count, self.w)

    def number(self, value: float, unit: str = "each") -> str:
        """`500 m²`, in this language's figures."""
        return quantity.with_unit(quantity.number(value, self.w), quantity.unit_name(unit, 2, self.w), self.w)

    def exact(self, value: float) -> str:
        """As the script reads it: `1/2`."""
        return str(formula.exact(value))

    def wait(self, howto: HowTo) -> str:
        return self.w.time(howto.time.wait or NONE)

    def date(self, day: dt.date) -> str:
        """`1 March 2026`: nobody has to guess which of two numbers is the month."""
        month = self.w("page.months").split()[day.month - 1]
        return self.w("page.date", day=day.day, month=month, year=day.year)

    def say(self, key: str, **values: object) -> Markup:
        """A sentence in which each value keeps its own language."""
        sentence = str(escape(with_lang(self.w(key, **{name: f"\x02{name}\x03" for name in values}))))
        for name, value in values.items():
            sentence = sentence.replace(f"\x02{name}\x03", str(escape(with_lang(value))))
        return Markup(sentence)  # noqa: S704 - each part is escaped above

    @property
    def decimal(self) -> str:
        return str(self.w("unit.decimal"))

    @property
    def phone(self) -> str:
        return addresses.phone(self.lang, self.site.base_lang)

    @property
    def about(self) -> str:
        """The library in a sentence, for search engines."""
        settings = self.site.settings
        return settings.site_description or (self.w("page.home_lead") if self.site.has_films else settings.site_name)

    @property
    def search_hint(self) -> str:
        return self.site.settings.options.search_hint.get(self.lang, "")

    @property
    def used(self) -> str:
        """What the meter says, for the script to fill in; without a price in a library that knows no tariff."""
        said = str(self.w("page.used", size="{size}", price="{price}"))
        return said if self.site.settings.tariff else said.replace(" ({price})", "")

    @property
    def prices_at(self) -> Markup:
        """`Prices at MTN, out of bundle (about 2017)`: the tariff's name leads to the choice of another."""
        tariff = self.site.settings.tariff
        if tariff is None:
            return Markup("")
        there = Markup('<a class="at" data-do="pickTariff" href="{}"><span data-at>{} ({})</span></a>').format(
            self.link(f"{self.phone}#_tariff"), tariff.name, tariff.as_of
        )
        before, after = str(self.w("common.price_at", tariff="\x02")).split("\x02")
        return Markup("{}{}{}").format(before, there, after)

    def film(self, lesson: Lesson) -> player.Choice | None:
        """The first choice that is a film."""
        return next((choice for choice in player.choices(lesson) if not choice.sound), None)


def howto_page(site: Site, lesson: Lesson, body: Markup | None = None) -> str:
    """`body` is the how-to's own, where it is rendered already."""
    howto = lesson.howto
    others = [OtherLang(other.lang, lang_name(other.lang), other.page, True) for other in site.library.other_langs(howto)]
    frame = framed(site, howto.lang, howto.page, others)
    if body is None:
        body, _ = markup.render(howto, site.library, site.settings, site.there, site.shelf, lesson.figures)
    store, country = site.settings.options.store, site.settings.options.country
    return made(
        "howto.html",
        frame,
        **film_facts(frame, lesson),
        **calculator_facts(howto, frame.w),
        supplies=list(calculator.supplies(howto, frame.w)),
        lesson=lesson,
        howto=howto,
        category=site.category(howto),
        preview=social_picture(site, lesson),
        body=body,
        body_lang=howto.body.lang if isinstance(howto.body, Borrowed) else None,
        danger_first=howto.risk == "high",
        warnings=warnings_by_step(howto),
        small=sum(one.bytes for one in pictures_of(lesson)),
        behind=behind(lesson),
        message=share.whatsapp(share.message(lesson, frame.canonical, site.settings.tariff, frame.w)),
        shopping=share.whatsapp(share.shopping_list(howto, frame.w), store.whatsapp, country) if howto.materials else None,
        verdict={
            said: share.whatsapp(f"{howto.code} {howto.version}: {frame.w(f'page.verdict_{said}')}", store.whatsapp, country)
            for said in ("yes", "no")
        },
        related=[found for slug in howto.related if (found := site.nearest(slug, howto.lang))],
        jsonld=jsonld.script(jsonld.graph(lesson, site.settings.site_url)),
    )


def social_picture(site: Site, lesson: Lesson) -> str | None:
    """What a chat shows beside a link to a how-to: its poster, else its category's picture."""
    if lesson.poster:
        return addresses.picture(lesson.howto, "poster", lesson.poster.jpeg)
    return preview.address(site, site.category(lesson.howto), lesson.howto.lang)


def pictures_of(lesson: Lesson) -> list[Picture]:
    """All that its page shows."""
    stills = [*lesson.stills.values(), *lesson.figures.values(), *([lesson.poster] if lesson.poster else [])]
    thumb = lesson.leaflet.thumb if lesson.leaflet else None
    return [*(still.web for still in stills), *([thumb] if thumb else [])]


def film_facts(frame: Frame, lesson: Lesson) -> dict[str, Any]:
    """What the player's part of the template is filled with."""
    howto = lesson.howto
    choices = player.choices(lesson)
    main = next((choice for choice in choices if not choice.sound), choices[0] if choices else None)
    here = frame.here or ""
    names = {lang: lang_name(lang) for lang in lesson.captions}
    text = player.chapters(howto) if choices else None
    return {
        "choices": choices,
        "main": main,
        "for_script": {c.name: player.for_script(c, here) for c in choices},
        "send": player.send_for_script(lesson, here),
        "captions": player.captions_for_script(lesson, here, names),
        "chapters": addresses.relative(here, addresses.chapters(howto, text)) if text else None,
    }


def behind(lesson: Lesson) -> list[str]:
    """What stands on a page of its own, since few readers want it and each would pay for it at every visit."""
    there = {"transcript": spoken(lesson), "download": lesson.renditions, "sources": lesson.howto.sources}
    return [name for name, found in there.items() if found]


def spoken(lesson: Lesson) -> tuple[Cue, ...]:
    said = lesson.captions.get(lesson.howto.lang) or lesson.captions.get(lesson.howto.base_lang)
    return said.cues if said else ()


def more_page(site: Site, lesson: Lesson) -> str:
    """The film in words, its files, the sources."""
    howto = lesson.howto
    there = [site.by_page[(howto.slug, other.lang)] for other in site.library.other_langs(howto)]
    others = [
        OtherLang(other.howto.lang, lang_name(other.howto.lang), addresses.more(other.howto), True)
        for other in there
        if behind(other)
    ]
    return made(
        "more.html",
        framed(site, howto.lang, addresses.more(howto), others),
        howto=howto,
        behind=behind(lesson),
        choices=player.choices(lesson),
        transcript=spoken(lesson),
        transcript_lang=howto.lang if howto.lang in lesson.captions else howto.base_lang,
    )


def calculator_facts(howto: HowTo, words: Words) -> dict[str, Any]:
    """The formula for the script, and what it needs to say each answer; the answers to the how-to's own batch."""
    if howto.calculator is None:
        return {"sum": None, "batch": None}
    return {
        "sum": " ".join(formula.postfix(howto.calculator.per)),
        "batch": calculator.batch_shown(howto, words),
        "asked": [(ask, calculator.asked(ask, "{}", words)) for ask in howto.calculator.ask],
        "answers": [
            {
                "label": one.give.label,
                "shown": one.shown(words),
                "rate": calculator.needed(one.give),
                "size": one.sold.size or "",
                "amount": calculator.amount(one.give, words),
                "buy": calculator.to_buy(one.give, words),
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
    others = same_everywhere(site, lang, lambda other: addresses.category(category.slug, other, site.base_lang))
    about = {"category": category, "preview": preview.address(site, category, lang)}
    for leaf, all_leaves in leaves_of(site, category, lang, addresses.category(category.slug, lang, site.base_lang)):
        first = leaf == all_leaves[0]
        frame = framed(site, lang, leaf.address, others if first else elsewhere(others))
        intro_here = markup.own_page(intro if first else "", site, leaf.address, lang)
        yield leaf.address, made("category.html", frame, leaf=leaf, leaves=all_leaves, intro=intro_here, **about)


def leaves_of(site: Site, category: Category | None, lang: str, top: str) -> Iterator[tuple[Leaf, tuple[Leaf, ...]]]:
    """Each leaf of a list with all of them."""
    found = leaves(top, site.in_category(category, lang))
    yield from ((leaf, found) for leaf in found)


def home_page(site: Site, lang: str, intro: str = "") -> str:
    others = same_everywhere(site, lang, lambda other: addresses.top(other, site.base_lang))
    frame = framed(site, lang, addresses.top(lang, site.base_lang), others)
    counts = {category.slug: len(site.in_category(category, lang)) for category in site.categories}
    # a subject is shown by its first how-to that has a film
    with_picture = [lesson for lesson in site.in_category(None, lang) if lesson.poster and lesson.poster.thumb]
    shown = {lesson.howto.category: lesson for lesson in reversed(with_picture)}
    return made(
        "home.html",
        frame,
        counts=counts,
        shown=shown,
        logo=logo.address(site),
        preview=preview.address(site, None, lang),
        intro=markup.own_page(intro, site, frame.here or "", lang),
    )


def a_to_z_pages(site: Site, lang: str) -> Iterator[tuple[str, str]]:
    """All how-tos by address of their leaf, for who has no script or would rather look than type."""
    others = same_everywhere(site, lang, lambda other: addresses.a_to_z(other, site.base_lang))
    for leaf, all_leaves in leaves_of(site, None, lang, addresses.a_to_z(lang, site.base_lang)):
        frame = framed(site, lang, leaf.address, others if leaf == all_leaves[0] else elsewhere(others))
        yield leaf.address, made("search.html", frame, leaf=leaf, leaves=all_leaves)


def phone_page(site: Site, lang: str) -> str:
    """What is saved on this phone, the data used, the tariff; the phone fills it in, no host is told."""
    others = same_everywhere(site, lang, lambda other: addresses.phone(other, site.base_lang))
    frame = framed(site, lang, addresses.phone(lang, site.base_lang), others)
    film = max((playback.film_bytes(lesson.renditions) or 0 for lesson in site.lessons), default=0)
    rows = prices.table(film, site.settings.options.tariffs, site.settings.tariff, frame.w)
    return made("phone.html", frame, rows=rows, film=film)


def way_page(site: Site, address: str, lesson: Lesson) -> str:
    """At a printed code, or where a how-to once was: a few hundred bytes that go on to the how-to."""
    return made("way.html", framed(site, lesson.howto.lang, address, []), howto=lesson.howto)


def not_found_page(site: Site) -> str:
    """Shown at any address that leads nowhere, so all its links begin at the host's top."""
    others = same_everywhere(site, site.base_lang, lambda other: addresses.top(other, site.base_lang))
    return made("404.html", framed(site, site.base_lang, None, others))


def extra_page(site: Site, extra: Extra) -> str:
    frame = framed(site, site.base_lang, extra.address, [])
    return made("extra.html", frame, extra=extra, html=markup.own_page(extra.html, site, extra.address, site.base_lang))


def same_everywhere(site: Site, lang: str, address: Callable[[str], str]) -> list[OtherLang]:
    """A page that every language has."""
    return [OtherLang(other, lang_name(other), address(other), True) for other in site.langs if other != lang]


def elsewhere(others: list[OtherLang]) -> list[OtherLang]:
    """The same links, to pages that do not say just the same: another language cuts its lists elsewhere."""
    return [replace(other, same=False) for other in others]


def framed(site: Site, lang: str, here: str | None, others: list[OtherLang]) -> Frame:
    """The frame; a language that lacks this page is offered its home."""
    there = {other.lang for other in others} | {lang}
    homes = [
        OtherLang(other, lang_name(other), addresses.top(other, site.base_lang), False)
        for other in site.langs
        if other not in there
    ]
    return Frame(site, lang, here, tuple(sorted([*others, *homes], key=lambda other: site.langs.index(other.lang))))


def made(template: str, frame: Frame, **facts: Any) -> str:
    return environment().get_template(template).render(frame=frame, site=frame.site, w=frame.w, link=frame.link, **facts)


@cache
def environment() -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(THEME),
        auto_reload=False,  # else it asks the disk for each template of each page whether it is still the same
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=with_lang,
    )
    env.globals.update(
        dialled=phones.dialled,
        DIFFICULTY=DIFFICULTY,
        icon=icon,
        lang_name=lang_name,
        clock=player.clock,
        money=money,
        picture=addresses.picture,
        leaflet=addresses.leaflet,
        thumb=addresses.thumb,
        more=addresses.more,
        news=addresses.news,
        manifest=addresses.manifest,
        films=addresses.films,
    )
    env.filters["bare"] = str.__str__
    return env


def with_lang(value: Any) -> Any:
    """Words lent by another language carry its `lang`. In an attribute use `|bare`: no tag may stand there."""
    if isinstance(value, Borrowed):
        return Markup('<span lang="{}">{}</span>').format(value.lang, str(value))
    return value


@cache
def icon(name: str) -> Markup:
    """An icon for the eye only: the words beside it say the same. Those that many pages show stand in the style sheet."""
    if name in ICONS:
        return Markup('<i class="i-{}"></i>').format(name)
    return Markup(material.icon(name).replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - the theme's own files


def money(amount: float) -> str:
    """`R30`, `R12.50`"""
    return f"R{amount:g}" if amount == int(amount) else f"R{amount:.2f}"
