"""The list that search reads: one row a how-to, its words in two strengths. Diacritics and case are already gone."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from site_builder.library.content import Library
from site_builder.library.model import HowTo, Lesson
from site_builder.website import addresses, player

# words that are in every how-to's sentences and in half of the questions; they say nothing of the subject
EMPTY_WORDS = (
    "a an and are as at be by can do does for from get go how i if in into is it its keep keeps make me my need no not of off "
    "on or out so that the them then there this to up use want wont what when where which why will with without you your "
    "die en het hoe in is jy my n nie of om op se te van vir wat"
)
EMPTY = frozenset(EMPTY_WORDS.split())


def plain(text: str) -> str:
    """`Geyser’s Plég` → `geysers pleg`: as the search reads what is typed."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare.replace("'", "").replace("’", "")))


def distinct(texts: Iterable[str], without: Iterable[str] = ()) -> list[str]:
    """The words of the texts, each once, in order; no empty words."""
    seen = dict.fromkeys(word for text in texts for word in plain(text).split() if word not in EMPTY and len(word) > 1)
    return [word for word in seen if word not in set(without)]


def strong(howto: HowTo) -> list[str]:
    """What the how-to is called, by whatever name."""
    wishes = howto.search
    local = (word for words in wishes.local.values() for word in words)
    return distinct([howto.title, *wishes.keywords, *local, *wishes.typos])


def weak(howto: HowTo, but: Iterable[str]) -> list[str]:
    """What the how-to speaks of."""
    names = [tool.name for tool in howto.tools] + [thing.name for thing in howto.materials]
    return distinct([howto.summary, *(step.title for step in howto.steps), *names], without=but)


@dataclass(frozen=True)
class Shown:
    """What a result shows beside its title."""

    category: str
    time: str


def row(lesson: Lesson, base: HowTo, shown: Shown, here: str) -> list[object]:
    """[link, language, title, category, time, the film's bytes, the same for a newer phone, strong words, weak words]"""
    howto = lesson.howto
    film = next((choice for choice in player.choices(lesson) if not choice.sound), None)
    sizes = [s.rendition.bytes for s in (film.plain, film.sources[0])] if film else [0, 0]
    names = strong(howto) + [word for word in strong(base) if word not in strong(howto)]
    return [
        addresses.relative(here, howto.page),
        howto.lang,
        str(howto.title),
        shown.category,
        shown.time,
        *sizes,
        " ".join(names),
        " ".join(weak(howto, but=names)),
    ]


def index(rows: Iterable[list[object]]) -> bytes:
    """The file that the page's script loads when somebody begins to search, and not before."""
    data = {"empty": " ".join(sorted(EMPTY)), "rows": list(rows)}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def in_base(library: Library, howto: HowTo) -> HowTo:
    return library.nearest(howto.slug, howto.base_lang) or howto
