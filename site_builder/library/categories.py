"""Categories of how-tos: a folder of the content each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    slug: str
    titles: Mapping[str, str]  # language: words
    icon: str = "material/tools"
    search_words: tuple[str, ...] = ()  # by which search finds it, besides its titles

    def title(self, lang: str) -> str:
        return self.titles.get(lang) or self.titles.get("en") or self.slug.replace("-", " ").capitalize()
