"""The index that search reads: words in small files by how they sound, rows of results in small files beside them.

A phone loads the few files that its query needs, whether the library has sixty how-tos or ten thousand.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from site_builder.library.model import HowTo, Lesson
from site_builder.library.synonyms import Synonyms
from site_builder.shelf import Shelf
from site_builder.website import player

# words that are in every how-to's sentences and in half of the questions; they say nothing of the subject
EMPTY_WORDS = (
    "a an and are as at be by can do does for from get go how i if in into is it its keep keeps make me my need no not of off "
    "on or out so that the them then there this to up use want wont what when where which why will with without you your "
    "die en het hoe in is jy my n nie of om op se te van vir wat"
)
EMPTY = frozenset(EMPTY_WORDS.split())
TITLE, NAME, TOPIC, TEXT = 3, 2, 1, 0  # how much a word says of a how-to
WORDS_IN_A_FILE = 2000  # letters of JSON; about 0.7 KB on the line, and each word of a query asks for one
ROWS_IN_A_FILE = 16
MOST = 120  # how-tos kept for one word: nobody reads further, and a word in all of them tells nothing

SOUNDS = (("ph", "f"), ("ck", "k"), ("x", "ks"), ("q", "k"), ("z", "s"), ("v", "f"))
Postings = dict[str, dict[int, int]]


def plain(text: str) -> str:
    """`Geyser’s Plég` → `geysers pleg`: as the search reads what is typed."""
    bare = text.lower()
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare.replace("'", "").replace("’", "")))


def sound(word: str) -> str:
    """The bones of a word, the same for most of its misspellings: `concreet`, `konkrete` → `knkrt`. As in matcher.js."""
    word = re.sub(r"c(?=[eiy])", "s", word)
    for written, heard in SOUNDS:
        word = word.replace(written, heard)
    bones = re.sub(r"[aeiouyh]", "", word.replace("c", "k"))
    return re.sub(r"(.)\1+", r"\1", bones)[:5]


def telling(text: str) -> list[str]:
    """The words of a text that say something of it."""
    return [word for word in plain(text).split() if word not in EMPTY and len(word) > 1]


def weighed(howto: HowTo) -> Iterator[tuple[int, str]]:
    """All that a how-to says, the most telling first."""
    wishes = howto.search
    yield TITLE, howto.title
    for text in (*wishes.keywords, *(word for words in wishes.local.values() for word in words), *wishes.typos):
        yield NAME, text
    for thing in howto.materials:
        yield TOPIC, thing.name
        if thing.sku:
            yield NAME, thing.sku
    for text in (howto.summary, *(step.title for step in howto.steps), *(tool.name for tool in howto.tools)):
        yield TOPIC, text
    for step in howto.steps:
        yield TEXT, step.text


@dataclass(frozen=True)
class Phrases:
    """What is meant, as it stands in a name, and the words that are typed for it; read once for all how-tos."""

    pairs: tuple[tuple[str, tuple[str, ...]], ...]
    said: str  # all of them, to tell one list from another


def phrases(synonyms: Synonyms) -> Phrases:
    pairs = tuple((phrase(meant), tuple(telling(typed))) for meant, typed in synonyms.pairs() if telling(meant))
    return Phrases(pairs, hashlib.sha256(repr(pairs).encode()).hexdigest())


def phrase(text: str) -> str:
    """The words with a space about each: `stop cock` stands in `close the stop cock` as it is, and not in `stop cocks`."""
    return f" {' '.join(telling(text))} "


def kept_words(howtos: list[HowTo], synonyms: Phrases, shelf: Shelf) -> dict[str, int]:
    """As `words_of`; a how-to in which no word changed is read once."""
    said = repr([[*weighed(howto)] for howto in howtos] + [synonyms.said]).encode()
    found: dict[str, int] = json.loads(shelf.get("words", said, lambda: compact(words_of(howtos, synonyms))) or b"{}")
    return found


def words_of(howtos: Iterable[HowTo], synonyms: Phrases) -> dict[str, int]:
    """Every word by which a how-to may be found, in all its languages, with its weight."""
    found: dict[str, int] = {}
    names: dict[int, list[str]] = {TITLE: [], NAME: []}
    for howto in howtos:
        for weight, text in weighed(howto):
            said = phrase(text)
            if weight in names:
                names[weight].append(said)
            for word in said.split():
                found[word] = max(found.get(word, 0), weight)
    everything = {weight: "\n".join(said) for weight, said in names.items()}
    for meant, typed in synonyms.pairs:
        weight = next((weight for weight, said in everything.items() if meant in said), 0)
        for word in typed if weight else ():
            found[word] = max(found.get(word, 0), weight)
    return found


@dataclass(frozen=True)
class Index:
    """Files of words and where each begins; one number for all: it changes when any of them does."""

    starts: tuple[str, ...]
    files: tuple[bytes, ...]
    count: int


def index(each: Iterable[dict[str, int]]) -> Index:
    """From the words of each how-to, in the order of their rows."""
    postings: Postings = defaultdict(dict)
    count = 0
    for at, words in enumerate(each):
        count = at + 1
        for word, weight in words.items():
            postings[word][at] = weight
    by_sound: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for word in sorted(postings):
        best = sorted(postings[word].items(), key=lambda one: (-one[1], one[0]))[:MOST]
        by_sound[sound(word)][word] = sorted(at * 4 + weight for at, weight in best)
    starts, files = [""], []
    held: dict[str, list[int]] = {}
    letters = 0
    for bones in sorted(by_sound):
        more = len(compact(by_sound[bones]))
        if held and letters + more > WORDS_IN_A_FILE:
            files.append(compact(held))
            starts.append(bones)
            held, letters = {}, 0
        held |= by_sound[bones]
        letters += more
    return Index(tuple(starts), (*files, compact(held)), count)


def compact(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Shown:
    """What a result shows beside its title."""

    category: int
    time: str


def row(lesson: Lesson, shown: Shown, lang: str) -> list[object]:
    """[address, title, number of its category, time, the film's bytes, those for a newer phone, its picture's hash, its
    language if another]"""
    howto = lesson.howto
    thumb = lesson.poster.thumb if lesson.poster else None
    film = next((choice for choice in player.choices(lesson) if not choice.sound), None)
    sizes = [s.rendition.bytes for s in (film.plain, film.av1 or film.plain)] if film else [0, 0]
    other = [howto.lang] if howto.lang != lang else []
    return [howto.page, str(howto.title), shown.category, shown.time, *sizes, thumb.key[:8] if thumb else 0, *other]


def row_files(rows: list[list[object]]) -> tuple[bytes, ...]:
    return tuple(compact(rows[at : at + ROWS_IN_A_FILE]) for at in range(0, len(rows), ROWS_IN_A_FILE))


def constants(lang: str) -> Mapping[str, object]:
    """What the script of one language has in itself."""
    return {"block": ROWS_IN_A_FILE, "lang": lang, "empty": EMPTY_WORDS}


def facts(found: Index, version: str, categories: list[str]) -> Mapping[str, object]:
    """What the script must know of the library before it asks for a file."""
    return {"starts": " ".join(found.starts[1:]), "version": version, "count": found.count, "categories": categories}
