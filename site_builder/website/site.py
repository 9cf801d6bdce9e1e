"""The whole library as its pages see it: settings, lessons, theme, prints, an editor's own pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from site_builder.library.artifacts import Lesson, Print, Still
from site_builder.library.library import Library
from site_builder.library.messages import messages_of
from site_builder.library.settings import Settings
from site_builder.memo import Memo
from site_builder.website.assets.scripts import Scripts
from site_builder.website.assets.stylesheet import SiteTheme, site_theme
from site_builder.website.lesson_index import LessonIndex
from site_builder.website.markdown.links import LinkMap
from site_builder.website.search.search_files import SearchFiles


@dataclass(frozen=True)
class EditorPage:
    """An ordinary page that an editor added (about.md): its title, its address, its HTML as MkDocs made it."""

    title: str
    address: str
    html: str = ""


@dataclass(frozen=True)
class EditorPages:
    """All that an editor added: pages in menus, every page's address, and the pictures of each page, by its address."""

    menu: tuple[EditorPage, ...] = ()
    addresses: tuple[str, ...] = ()
    figures: Mapping[str, Mapping[Path, Still]] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    settings: Settings
    lessons: LessonIndex
    theme: SiteTheme
    prints: tuple[Print, ...] = ()  # what lies on the print desk
    editor_pages: EditorPages = field(default_factory=EditorPages)
    memo: Memo = field(default_factory=Memo, repr=False, compare=False)  # what need not be worked out again

    @property
    def base_lang(self) -> str:
        return self.lessons.base_lang

    @property
    def langs(self) -> tuple[str, ...]:
        return self.lessons.langs

    @property
    def library(self) -> Library:
        return self.lessons.library

    @property
    def base_path(self) -> str:
        """The path of the site's root on its host: `/`, or `/library/`."""
        return urlsplit(self.settings.site_url).path or "/"

    @property
    def touch_icon(self) -> str:
        return self.theme.icon_address(192)

    @cached_property
    def links(self) -> LinkMap:
        """What links within Markdown can lead to."""
        return LinkMap(self.library, self.settings)

    @cached_property
    def scripts(self) -> Scripts:
        return Scripts(self.settings, self.langs)

    @cached_property
    def search(self) -> SearchFiles:
        return SearchFiles(self.lessons, self.memo)

    @cached_property
    def prints_of(self) -> Mapping[tuple[str, str], list[Print]]:
        """All prints by name and language: a large library has ten for each how-to."""
        prints: dict[tuple[str, str], list[Print]] = {}
        for each in self.prints:
            prints.setdefault((each.name, each.lang), []).append(each)
        return prints


def site_of(
    settings: Settings,
    library: Library,
    lessons: Iterable[Lesson],
    theme: SiteTheme | None = None,
    prints: tuple[Print, ...] = (),
    editor_pages: EditorPages | None = None,
    memo: Memo | None = None,
) -> Site:
    """A site of these lessons; its style sheet can be read from right to left where a language needs that."""
    index = LessonIndex(library, tuple(lessons), settings.options.lang)
    theme = theme or site_theme()
    if any(messages_of(lang).direction == "rtl" for lang in index.langs):
        theme = theme.with_rtl()
    return Site(settings, index, theme, prints, editor_pages or EditorPages(), memo or Memo())
