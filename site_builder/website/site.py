"""The whole library as its pages see it: settings, lessons, look; who is found where, in which language."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import PIL

from site_builder.library.artifacts import Lesson, Print, Still
from site_builder.library.compact_json import json_bytes
from site_builder.library.howto import Category, HowTo
from site_builder.library.library import Library
from site_builder.library.messages import messages_of
from site_builder.library.settings import Settings
from site_builder.memo import Memo
from site_builder.website import urls
from site_builder.website.assets import bundles
from site_builder.website.assets.stylesheet import SiteTheme, minified_style, site_theme
from site_builder.website.markdown.links import LinkMap
from site_builder.website.pages import share
from site_builder.website.search import folding, index, results, terms


@dataclass(frozen=True)
class EditorPage:
    """An ordinary page that an editor added (about.md): its title, its address, its HTML as MkDocs made it."""

    title: str
    address: str
    html: str = ""


@dataclass(frozen=True)
class Site:
    settings: Settings
    library: Library
    lessons: tuple[Lesson, ...]
    theme: SiteTheme = field(default_factory=site_theme)
    editor_pages: tuple[EditorPage, ...] = ()
    prints: tuple[Print, ...] = ()  # what lies on the print desk
    editor_page_addresses: tuple[str, ...] = ()  # addresses of all that an editor added, in menus or not
    figures: Mapping[str, Mapping[Path, Still]] = field(default_factory=dict)  # pictures of the library's own pages, by address
    memo: Memo = field(default_factory=Memo, repr=False, compare=False)  # what need not be worked out again

    def __post_init__(self) -> None:
        if any(messages_of(lang).direction == "rtl" for lang in self.langs):
            object.__setattr__(self, "theme", self.theme.with_rtl())

    @property
    def base_lang(self) -> str:
        return self.settings.options.lang

    @cached_property
    def langs(self) -> tuple[str, ...]:
        """The base language first, also of a library that has no how-to yet."""
        return (self.base_lang, *(lang for lang in self.library.langs if lang != self.base_lang))

    @property
    def base_path(self) -> str:
        """The path of the site's top on its host: `/`, or `/library/`."""
        return urlsplit(self.settings.site_url).path or "/"

    @cached_property
    def by_page(self) -> Mapping[tuple[str, str], Lesson]:
        return {(lesson.howto.slug, lesson.howto.lang): lesson for lesson in self.lessons}

    @cached_property
    def prints_of(self) -> Mapping[tuple[str, str], list[Print]]:
        """All prints by name and language: a large library has ten for each how-to."""
        found: dict[tuple[str, str], list[Print]] = {}
        for one in self.prints:
            found.setdefault((one.name, one.lang), []).append(one)
        return found

    @cached_property
    def links(self) -> LinkMap:
        """What links within words can lead to."""
        return LinkMap(self.library, self.settings)

    @cached_property
    def shared_inputs_hash(self) -> str:
        """The hash of all but the lessons themselves that a how-to's page is made from; what the program itself has apart."""
        content = self.settings.content
        beside = (path for path in content.rglob("*") if path.suffix != ".md" or path.parent == content)
        files = sorted(path.relative_to(content).as_posix() for path in beside)
        scripts = (self.core_script_address, self.player_address, self.calculator_address, self.beacon_address)
        of_langs = [(lang, self.search_address(lang), self.on_demand_address(lang)) for lang in self.langs]
        extras = [(extra.title, extra.address) for extra in self.editor_pages]
        howtos = [(one.howto.slug, one.howto.lang, one.howto.page) for one in self.lessons]
        drawn = (self.library.categories, PIL.__version__)  # pictures of subjects are named by their bytes
        everything = (self.settings, self.theme.css_address, scripts, of_langs, extras, drawn, howtos, files)
        return urls.short_hash(repr(everything).encode())

    @cached_property
    def _fingerprints(self) -> dict[str, str]:
        return {}

    def fingerprint(self, lesson: Lesson) -> str:
        """All of a lesson as text. Pydantic's own JSON is quick, and does not tell borrowed words from own ones: a translation
        has them."""
        howto = lesson.howto
        if howto.page not in self._fingerprints:
            words = howto.model_dump_json() if howto.lang == howto.base_lang else repr(howto)
            made = {name: value for name, value in vars(lesson).items() if name != "howto"}
            self._fingerprints[howto.page] = f"{words}{made!r}"
        return self._fingerprints[howto.page]

    @cached_property
    def has_films(self) -> bool:
        return any(lesson.renditions for lesson in self.lessons)

    def nearest(self, slug: str, lang: str) -> Lesson | None:
        """The lesson in that language, else in the base language."""
        return self.by_page.get((slug, lang)) or self.by_page.get((slug, self.base_lang))

    def in_category(self, category: Category | None, lang: str) -> tuple[Lesson, ...]:
        """Each how-to of a category (of all, for None) once, by title; untranslated ones in the base language."""
        slugs = {lesson.howto.slug for lesson in self.lessons if category is None or lesson.howto.category == category.slug}
        found = (self.nearest(slug, lang) for slug in slugs)
        return tuple(sorted((lesson for lesson in found if lesson), key=lambda lesson: folding.fold_text(lesson.howto.title)))

    def category(self, howto: HowTo) -> Category:
        return next((c for c in self.library.categories if c.slug == howto.category), Category(howto.category, {}))

    @property
    def categories(self) -> tuple[Category, ...]:
        return tuple(c for c in self.library.categories if any(lesson.howto.category == c.slug for lesson in self.lessons))

    @cached_property
    def search_order(self) -> tuple[Lesson, ...]:
        """One lesson a how-to, in the order of the search's rows: what is alike stands together, and is loaded together."""
        return tuple(
            sorted(
                (lesson for lesson in self.lessons if lesson.howto.lang == self.base_lang),
                key=lambda lesson: (lesson.howto.category, folding.fold_text(lesson.howto.title), lesson.howto.slug),
            )
        )

    @cached_property
    def search_index(self) -> index.SearchIndex:
        """The words of all languages: one index for all readers."""
        by_slug: dict[str, list[Lesson]] = {}
        for lesson in self.lessons:
            by_slug.setdefault(lesson.howto.slug, []).append(lesson)
        howtos = {}
        for one in self.search_order:
            all_langs = by_slug[one.howto.slug]
            said = hashlib.sha256("\n".join(self.fingerprint(lesson) for lesson in all_langs).encode()).hexdigest()
            howtos[said] = [lesson.howto for lesson in all_langs]
        return index.kept_index(howtos, self.categories, terms.synonym_phrases(self.library.synonyms), self.memo)

    def _result_files(self, lang: str) -> tuple[bytes, ...]:
        """What results show, in the reader's language where there is one."""
        said = messages_of(lang)
        places = {category.slug: at for at, category in enumerate(self.categories)}
        rows = []
        for one in self.search_order:
            lesson = self.nearest(one.howto.slug, lang) or one
            howto = lesson.howto
            shown = results.ResultMeta(places[howto.category], said.duration(howto.time.hands_on))
            rows.append(results.result_row(lesson, shown, lang))
        counts = Counter(one.howto.category for one in self.search_order)
        for category in self.categories:
            address = urls.category(category.slug, lang, self.base_lang)
            count = counts[category.slug]
            howtos = said("page.how_many_one") if count == 1 else said("page.how_many", n=count)
            rows.append(results.category_row(category, address, howtos, lang))
        return results.result_files(rows)

    @cached_property
    def search_files(self) -> Mapping[str, bytes]:
        """Every file of the index by its name: `w3` has words, `en-3` has rows."""
        found = {f"w{at}": data for at, data in enumerate(self.search_index.files)}
        for lang in self.langs:
            found |= {f"{lang}-{at}": data for at, data in enumerate(self._result_files(lang))}
        return found

    @cached_property
    def search_version(self) -> str:
        """One number for the whole index: its files are only ever used together."""
        return urls.short_hash(b"".join(self.search_files.values()))

    def search_facts(self, lang: str) -> bytes:
        """What the search asks for first. Not in its script: pages name that, and would all change with every new word."""
        titles = [category.title(lang) for category in self.categories]
        return json_bytes(results.index_facts(self.search_index, self.search_version, titles))

    @cached_property
    def core_script(self) -> bytes:
        """What every page asks for."""
        return bundles.core_bundle()

    @cached_property
    def core_script_address(self) -> str:
        return urls.asset("site.js", self.core_script)

    @property
    def touch_icon(self) -> str:
        return self.theme.icon_address(192)

    @cached_property
    def beacon(self) -> bytes:
        return bundles.minified_bundle(bundles.BEACON).encode()

    @cached_property
    def beacon_address(self) -> str | None:
        """None where the settings say that nobody listens."""
        return urls.asset("listen.js", self.beacon) if self.settings.options.listen else None

    @cached_property
    def player(self) -> bytes:
        return bundles.with_facts(bundles.PLAYER, {"css": minified_style("player.css")})

    @cached_property
    def player_address(self) -> str:
        return urls.asset("player.js", self.player)

    @property
    def outdated_print(self) -> bytes:
        """What tells who comes from a print that is wrong."""
        return bundles.minified_bundle(bundles.OUTDATED_PRINT).encode()

    @property
    def outdated_print_address(self) -> str:
        return urls.asset("older.js", self.outdated_print)

    @cached_property
    def calculator(self) -> bytes:
        return bundles.minified_bundle(bundles.CALCULATOR).encode()

    @cached_property
    def calculator_address(self) -> str:
        return urls.asset("calculator.js", self.calculator)

    @cached_property
    def search_scripts(self) -> Mapping[str, bytes]:
        """The search of each language, loaded when somebody searches."""
        return {lang: self._search_script(lang) for lang in self.langs}

    def _search_script(self, lang: str) -> bytes:
        return bundles.with_messages(bundles.SEARCH, messages_of(lang), results.script_constants(lang))

    def search_address(self, lang: str) -> str:
        return urls.asset(f"search.{lang}.js", self.search_scripts[lang])

    @cached_property
    def on_demand_scripts(self) -> Mapping[str, bytes]:
        """Saving, sharing, tariffs: loaded at the first tap on one of them."""
        return {lang: self._on_demand_script(lang) for lang in self.langs}

    def _on_demand_script(self, lang: str) -> bytes:
        tariffs = [[t.name, t.rand_per_mb, t.as_of] for t in self.settings.options.tariffs]
        shown = self.settings.tariff
        about = {
            "css": minified_style("saved.css"),
            "tariffs": tariffs,
            "tariff": shown.name if shown else None,
            "store": share.store_contacts(self.settings),
        }
        return bundles.with_messages(bundles.ON_DEMAND, messages_of(lang), about)

    def on_demand_address(self, lang: str) -> str:
        return urls.asset(f"phone.{lang}.js", self.on_demand_scripts[lang])
