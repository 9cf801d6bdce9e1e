"""Every file of the search of one site."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from site_builder.library.artifacts import Lesson
from site_builder.library.compact_json import json_bytes
from site_builder.library.messages import messages_of
from site_builder.memo import Memo
from site_builder.website import urls
from site_builder.website.lesson_index import LessonIndex
from site_builder.website.search import results
from site_builder.website.search.folding import fold_text
from site_builder.website.search.index import SearchIndex, kept_index
from site_builder.website.search.terms import synonym_phrases


@dataclass(frozen=True)
class SearchFiles:
    """One index for all readers, and rows of results in each language."""

    lessons: LessonIndex
    memo: Memo = field(default_factory=Memo, repr=False, compare=False)

    @cached_property
    def order(self) -> tuple[Lesson, ...]:
        """One lesson a how-to, in the order of the rows: what is alike stands together, and is loaded together."""
        return tuple(
            sorted(
                (lesson for lesson in self.lessons if lesson.howto.lang == self.lessons.base_lang),
                key=lambda lesson: (lesson.howto.category, fold_text(lesson.howto.title), lesson.howto.slug),
            )
        )

    @cached_property
    def index(self) -> SearchIndex:
        """The words of all languages."""
        by_slug: dict[str, list[Lesson]] = {}
        for lesson in self.lessons:
            by_slug.setdefault(lesson.howto.slug, []).append(lesson)
        howtos = {}
        for lesson in self.order:
            all_langs = by_slug[lesson.howto.slug]
            inputs = hashlib.sha256("\n".join(self.lessons.fingerprint(each) for each in all_langs).encode()).hexdigest()
            howtos[inputs] = [each.howto for each in all_langs]
        library = self.lessons.library
        return kept_index(howtos, self.lessons.categories, synonym_phrases(library.synonyms), self.memo)

    def _result_files(self, lang: str) -> tuple[bytes, ...]:
        """What results show, in the reader's language where there is one."""
        messages = messages_of(lang)
        categories, base_lang = self.lessons.categories, self.lessons.base_lang
        numbers = {category.slug: number for number, category in enumerate(categories)}
        rows = []
        for original in self.order:
            lesson = self.lessons.nearest(original.howto.slug, lang) or original
            howto = lesson.howto
            meta = results.ResultMeta(numbers[howto.category], messages.duration(howto.time.hands_on))
            rows.append(results.result_row(lesson, meta, lang))
        counts = Counter(lesson.howto.category for lesson in self.order)
        for category in categories:
            count = counts[category.slug]
            howtos = messages("page.how_many_one") if count == 1 else messages("page.how_many", n=count)
            rows.append(results.category_row(category, urls.category(category.slug, lang, base_lang), howtos, lang))
        return results.result_files(rows)

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """By name: `w3` has words, `en-3` has rows."""
        files = {f"w{number}": data for number, data in enumerate(self.index.files)}
        for lang in self.lessons.langs:
            files |= {f"{lang}-{number}": data for number, data in enumerate(self._result_files(lang))}
        return files

    @cached_property
    def version(self) -> str:
        """One hash for the whole index: its files are only ever used together."""
        return urls.short_hash(b"".join(self.files.values()))

    def facts(self, lang: str) -> bytes:
        """What the search asks for first. Not in its script: pages name that, and would all change with every new word."""
        titles = [category.title(lang) for category in self.lessons.categories]
        return json_bytes(results.index_facts(self.index, self.version, titles))
