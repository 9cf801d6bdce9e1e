"""What every template knows of the page it fills: language, address, other languages, sizes, prices, sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup, escape

from site_builder.library import formula, prices, quantity
from site_builder.library.artifacts import Lesson
from site_builder.library.categories import Category
from site_builder.library.fallback import FallbackText
from site_builder.library.howto import HowTo
from site_builder.library.messages import Messages, messages_of
from site_builder.website import media_sources, urls
from site_builder.website.markdown import body_html
from site_builder.website.site import Site


@dataclass(frozen=True)
class LanguageLink:
    lang: str
    name: str
    address: str
    same_page: bool  # the same page; else that language's home


@dataclass(frozen=True)
class PageContext:
    """What templates know of the page that they fill. `address` is None on a page that is shown at any address."""

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
        return self.w.duration(howto.time.hands_on)

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
        return self.w.duration(howto.time.wait or dt.timedelta())

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
        return settings.site_description or (self.w("page.home_lead") if self.site.lessons.has_films else settings.site_name)

    @property
    def search_hint(self) -> str:
        return self.site.settings.options.search_hint.get(self.lang, "")

    @property
    def data_used_text(self) -> str:
        """What the meter says, for the script to fill in; without a price in a library that knows no tariff."""
        text = str(self.w("page.used", size="{size}", price="{price}"))
        return text if self.site.settings.tariff else text.replace(" ({price})", "")

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


def editor_body(site: Site, html: str, address: str, lang: str) -> Markup:
    """What an editor wrote for the page at an address, safe to print."""
    return body_html.editor_page_body(html, site.links, site.editor_pages.figures.get(address, {}), address, lang)


def alternates(site: Site, lang: str, address: Callable[[str], str]) -> list[LanguageLink]:
    """A page that every language has."""
    return [LanguageLink(other, lang_name(other), address(other), True) for other in site.langs if other != lang]


def as_other_home(others: list[LanguageLink]) -> list[LanguageLink]:
    """The same links, marked as not the same page (no hreflang): another language cuts its list elsewhere."""
    return [replace(other, same_page=False) for other in others]


def context_of(site: Site, lang: str, address: str | None, others: list[LanguageLink]) -> PageContext:
    """The page's context; languages that lack the page link to their home."""
    there = {other.lang for other in others} | {lang}
    homes = [
        LanguageLink(other, lang_name(other), urls.language_root(other, site.base_lang), False)
        for other in site.langs
        if other not in there
    ]
    return PageContext(site, lang, address, tuple(sorted([*others, *homes], key=lambda other: site.langs.index(other.lang))))


def lang_name(lang: str) -> str:
    """What its speakers call a language; its tag where no file says so."""
    return messages_of(lang).own_texts.get("about.name", lang)


def with_lang(value: Any) -> Any:
    """Words lent by another language carry its `lang`. In an attribute use `|bare`: no tag may stand there."""
    if isinstance(value, FallbackText):
        return Markup('<span lang="{}">{}</span>').format(value.lang, str(value))
    return value
