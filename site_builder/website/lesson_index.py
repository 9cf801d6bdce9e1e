"""The lessons of a library: which is found where, in which language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from site_builder.library.artifacts import Lesson
from site_builder.library.categories import Category
from site_builder.library.howto import HowTo
from site_builder.library.library import Library


@dataclass(frozen=True)
class LessonIndex:
    """All lessons of a library, each language's by itself. Iterating over it gives them in the library's order."""

    library: Library
    lessons: tuple[Lesson, ...]
    base_lang: str
    _fingerprints: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)  # by page

    def __iter__(self) -> Iterator[Lesson]:
        return iter(self.lessons)

    @cached_property
    def langs(self) -> tuple[str, ...]:
        """The base language first, also of a library that has no how-to yet."""
        return (self.base_lang, *(lang for lang in self.library.langs if lang != self.base_lang))

    @cached_property
    def by_page(self) -> Mapping[tuple[str, str], Lesson]:
        """By slug and language."""
        return {(lesson.howto.slug, lesson.howto.lang): lesson for lesson in self.lessons}

    @cached_property
    def has_films(self) -> bool:
        return any(lesson.renditions for lesson in self.lessons)

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        """Those that have a how-to, in the order of the settings."""
        used = {lesson.howto.category for lesson in self.lessons}
        return tuple(category for category in self.library.categories if category.slug in used)

    def category(self, howto: HowTo) -> Category:
        return next((c for c in self.library.categories if c.slug == howto.category), Category(howto.category, {}))

    def nearest(self, slug: str, lang: str) -> Lesson | None:
        """The lesson in that language, else in the base language."""
        return self.by_page.get((slug, lang)) or self.by_page.get((slug, self.base_lang))

    def fingerprint(self, lesson: Lesson) -> str:
        """All of a lesson as text, for keys of the memo.

        `repr` for translations: pydantic's JSON is quicker, and does not tell fallback text from a translation's own.
        """
        howto = lesson.howto
        if howto.page not in self._fingerprints:
            text = howto.model_dump_json() if howto.lang == howto.base_lang else repr(howto)
            built_fields = {name: value for name, value in vars(lesson).items() if name != "howto"}
            self._fingerprints[howto.page] = f"{text}{built_fields!r}"
        return self._fingerprints[howto.page]
