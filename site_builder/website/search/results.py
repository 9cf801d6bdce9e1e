"""What the search shows: rows of results in small files, and what its script must know before it asks for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from site_builder.library.artifacts import Lesson
from site_builder.library.categories import Category
from site_builder.library.compact_json import json_bytes
from site_builder.website import media_sources
from site_builder.website.search.folding import FOLDS, PHONETIC_FOLDS, STOP_WORDS, WORD_FOLDS
from site_builder.website.search.index import SearchIndex

ROWS_PER_FILE = 16


@dataclass(frozen=True)
class ResultMeta:
    """What a result shows beside its title."""

    category: int
    time: str


def result_row(lesson: Lesson, meta: ResultMeta, lang: str) -> list[object]:
    """[address, title, number of its category, time, the film's bytes, those for a newer phone, its picture's hash, its
    language if another]"""
    howto = lesson.howto
    thumb = lesson.poster.thumb if lesson.poster else None
    film = media_sources.first_film(lesson)
    sizes = [s.rendition.bytes for s in (film.fallback, film.newer or film.fallback)] if film else [0, 0]
    other = [howto.lang] if howto.lang != lang else []
    return [howto.page, str(howto.title), meta.category, meta.time, *sizes, thumb.key[:8] if thumb else 0, *other]


def category_row(category: Category, address: str, howtos: str, lang: str) -> list[object]:
    """As a how-to's; what stands for the time is how many how-tos it has."""
    return [address, category.title(lang), -1, howtos, 0, 0, 0]


def result_files(rows: list[list[object]]) -> tuple[bytes, ...]:
    return tuple(json_bytes(rows[at : at + ROWS_PER_FILE]) for at in range(0, len(rows), ROWS_PER_FILE))


def script_constants(lang: str) -> Mapping[str, object]:
    """What the script of one language has in itself."""
    return {
        "block": ROWS_PER_FILE,
        "lang": lang,
        "empty": STOP_WORDS,
        "folds": FOLDS,
        "alone": WORD_FOLDS,
        "sounds": PHONETIC_FOLDS,
    }


def index_facts(index: SearchIndex, version: str, categories: list[str]) -> Mapping[str, object]:
    """What the script must know of the library before it asks for a file."""
    return {"starts": " ".join(index.starts[1:]), "version": version, "count": index.count, "categories": categories}
