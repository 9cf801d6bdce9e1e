"""All how-tos of a library in all their languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from site_builder.library.categories import Category
from site_builder.library.codes import RegisteredCode
from site_builder.library.howto import HowTo
from site_builder.library.synonyms import Synonyms


@dataclass(frozen=True)
class Library:
    """All how-tos in all their languages; every printed code and the slug it leads to."""

    howtos: tuple[HowTo, ...]
    categories: tuple[Category, ...]
    slug_by_code: Mapping[str, str]  # to the slug it leads to, or `slug.lang` for a translation
    unregistered_codes: Mapping[str, str]  # codes that the registry does not have yet, to their slugs
    obsolete_codes: tuple[RegisteredCode, ...] = ()  # rows of the registry whose how-tos are gone, and were never printed
    synonyms: Synonyms = field(default_factory=Synonyms)

    def in_lang(self, lang: str) -> tuple[HowTo, ...]:
        return tuple(h for h in self.howtos if h.lang == lang)

    @property
    def langs(self) -> tuple[str, ...]:
        """The base language first."""
        base = {h.base_lang for h in self.howtos}
        return tuple(sorted({h.lang for h in self.howtos}, key=lambda lang: (lang not in base, lang)))

    @cached_property
    def by_slug(self) -> Mapping[str, Mapping[str, HowTo]]:
        """Each how-to's languages: every page asks for its own, which must not take longer in a larger library."""
        by_slug: dict[str, dict[str, HowTo]] = defaultdict(dict)
        for howto in self.howtos:
            by_slug[howto.slug][howto.lang] = howto
        return dict(by_slug)

    def other_langs(self, howto: HowTo) -> tuple[HowTo, ...]:
        return tuple(other for lang, other in self.by_slug.get(howto.slug, {}).items() if lang != howto.lang)

    def in_lang_or_base(self, slug: str, lang: str) -> HowTo | None:
        """The how-to in that language, else in the base language."""
        same = self.by_slug.get(slug, {})
        return same.get(lang) or next((h for h in same.values() if h.lang == h.base_lang), None)
