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
from itertools import pairwise

from site_builder.library.artifacts import Lesson
from site_builder.library.compact_json import json_bytes
from site_builder.library.howto import Category, HowTo
from site_builder.library.synonyms import Synonyms
from site_builder.memo import Memo
from site_builder.website import media_sources

# words that are in every how-to's sentences and in half of the questions; they say nothing of the subject
STOP_WORDS = (
    "a an and are as at be by can do does for from get go how i if in into is it its keep keeps make me my need no not of off "
    "on or out so that the them then there this to up use want wont what when where which why will with without you your "
    "die en het hoe in is jy my n nie of om op se te van vir wat "
    "kanjani njani jwang jang bjang hani का की के को में से पर है हैं कैसे क्या في من علي الي عن كيف ما هل"
)
STOP_WORD_SET = frozenset(STOP_WORDS.split())
TITLE_WEIGHT, NAME_WEIGHT, TOPIC_WEIGHT, TEXT_WEIGHT = 3, 2, 1, 0  # how much a word says of a how-to
MAX_WORD_FILE_LETTERS = 2000  # letters of JSON; about 0.7 KB on the line, and each word of a query asks for one
ROWS_PER_FILE = 16
MAX_POSTINGS = 120  # how-tos kept for one word: nobody reads further, and a word in all of them tells nothing


# What is written in several ways, and one of them, after NFKD and in small letters; Python and the script read these alike
FOLDS = (
    # accents, apostrophes, unseen signs; Arabic vowel signs, hamzas and the stretched line; the Hindi nukta
    (" \u0301|[\u0300-\u036f'’‘ʼ`\u00ad\u200b-\u200f\u2060\ufeff\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u093c]", ""),
    ("[\u0649\u06cc]", "\u064a"),  # alef maqsura and the Persian yeh: yeh
    ("[\u0629\u06d5]", "\u0647"),  # teh marbuta: heh
    ("\u0671", "\u0627"),  # alef wasla: alef
    ("\u06a9", "\u0643"),  # the Persian kaf: kaf
    ("\u0901|[\u0919\u091e\u0923\u0928\u092e]\u094d(?=[\u0915-\u092e])", "\u0902"),  # हिन्दी, हिँदी: हिंदी
    ("\u0911", "\u0906"),  # बॉक्स: बाक्स
    ("\u0949", "\u093e"),
    *((f"[{chr(0x660 + n)}{chr(0x6F0 + n)}{chr(0x966 + n)}]", str(n)) for n in range(10)),
)
# of a word alone: the Arabic article, with what is written in one with it
WORD_FOLDS = (("^(?:[\u0648\u0628\u0641\u0643]?(?:\u0627\u0644)+|\u0644\u0644)(?=...)", ""),)
# what sounds alike; then vowels fall away, and Hindi vowel signs
PHONETIC_FOLDS = (
    ("c(?=[eiy])", "s"),
    ("ph", "f"),
    ("ck", "k"),
    ("x", "ks"),
    ("[qc]", "k"),
    ("z", "s"),
    ("v", "f"),
    ("[aeiouyh\u0900-\u0903\u093e-\u094d]", ""),
)
Postings = dict[str, dict[int, int]]


def fold_text(text: str) -> str:
    """`Geyser’s Plég` → `geysers pleg`: as the search reads what is typed. Marks that are no accents belong to the word."""
    if text.isascii():
        return " ".join(re.findall(r"\w+", text.lower().replace("'", "").replace("`", "")))
    bare = substitute(unicodedata.normalize("NFKD", text).lower(), FOLDS)
    words = "".join(sign if sign == "_" or unicodedata.category(sign)[0] in "LMN" else " " for sign in bare).split()
    return " ".join(substitute(word, WORD_FOLDS) for word in words)


def substitute(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for written, read in pairs:
        text = re.sub(written, read, text)
    return text


def phonetic_key(word: str) -> str:
    """The bones of a word, the same for most of its misspellings: `concreet`, `konkrete` → `knkrt`. As in search-match.js."""
    return re.sub(r"(.)\1+", r"\1", substitute(word, PHONETIC_FOLDS))[:5]


def tokens(text: str) -> list[str]:
    """The words of a text that say something of it."""
    return [word for word in fold_text(text).split() if is_token(word)]


def is_token(word: str) -> bool:
    return word not in STOP_WORD_SET and len(word) > 1


@dataclass(frozen=True)
class SearchFields:
    """All that a how-to is found by, as it is written."""

    title: str
    names: tuple[str, ...]
    item_names: tuple[str, ...]
    skus: tuple[str, ...]  # of things, in the store
    topics: tuple[str, ...]
    steps: tuple[str, ...]


def search_fields(howto: HowTo) -> SearchFields:
    wishes = howto.search
    return SearchFields(
        title=howto.title,
        names=(*wishes.keywords, *(word for words in wishes.local.values() for word in words), *wishes.typos),
        item_names=(*(one.name for one in howto.materials), *(one.name for one in howto.tools)),
        skus=tuple(one.sku for one in howto.materials if one.sku),
        topics=(howto.summary, *(step.title for step in howto.steps)),
        steps=tuple(step.text for step in howto.steps),
    )


def weighted_fields(texts: SearchFields) -> Iterator[tuple[int, str]]:
    """Each with how much it says of the how-to, the most telling first."""
    yield from with_compounds(TITLE_WEIGHT, texts.title)
    for text in texts.names:
        yield from with_compounds(NAME_WEIGHT, text)
    for text in texts.item_names:
        yield from with_compounds(TOPIC_WEIGHT, text)
    for number in texts.skus:
        yield NAME_WEIGHT, number
        yield NAME_WEIGHT, "".join(fold_text(number).split())
    yield from ((TOPIC_WEIGHT, text) for text in texts.topics)
    yield from ((TEXT_WEIGHT, text) for text in texts.steps)


def with_compounds(weight: int, text: str) -> Iterator[tuple[int, str]]:
    """A name, and its neighbours written as one: who types `drillbit` means `drill bit`."""
    yield weight, text
    for one, other in pairwise(fold_text(text).split()):
        if is_token(one) and is_token(other):
            yield weight, one + other


@dataclass(frozen=True)
class SynonymPhrases:
    """What is meant, as it stands in a name, and the words that are typed for it; read once for all how-tos."""

    pairs: tuple[tuple[str, tuple[str, ...]], ...]
    fingerprint: str  # all of them, to tell one list from another


def synonym_phrases(synonyms: Synonyms) -> SynonymPhrases:
    pairs = tuple((spaced_tokens(meant), tuple(tokens(typed))) for meant, typed in synonyms.pairs() if tokens(meant))
    return SynonymPhrases(pairs, hashlib.sha256(repr(pairs).encode()).hexdigest())


def spaced_tokens(text: str) -> str:
    """The words with a space about each: `stop cock` stands in `close the stop cock` as it is, and not in `stop cocks`."""
    return f" {' '.join(tokens(text))} "


def kept_index(
    howtos: Mapping[str, list[HowTo]], categories: Iterable[Category], synonyms: SynonymPhrases, shelf: Memo
) -> SearchIndex:
    """As `index`, of how-tos in the order of their rows, each with all its languages, by a hash of all that is said in it. What
    is kept of how-tos in which no word changed is not even read while no word of the library did."""
    about = [category_terms(category, synonyms) for category in categories]

    def make() -> bytes:
        found = build_index((cached_terms(said, howtos[said], synonyms, shelf) for said in howtos), about)
        return json_bytes([found.starts, [file.decode() for file in found.files], found.count])

    kept = shelf.get("index", repr(([*howtos], about, synonyms.fingerprint)).encode(), make)
    for said in howtos:
        shelf.still_needs("words", inputs_of_words(said, synonyms))
    starts, files, count = json.loads(kept or b"")
    return SearchIndex(tuple(starts), tuple(file.encode() for file in files), count)


def cached_terms(said: str, howtos: list[HowTo], synonyms: SynonymPhrases, shelf: Memo) -> dict[str, int]:
    """As `words_of`; a how-to in which no word changed is read once. `said` tells it from all others."""

    def make() -> bytes:
        return json_bytes(howto_terms([search_fields(howto) for howto in howtos], synonyms))

    found: dict[str, int] = json.loads(shelf.get("words", inputs_of_words(said, synonyms), make) or b"{}")
    return found


def inputs_of_words(said: str, synonyms: SynonymPhrases) -> bytes:
    return f"{said}\n{synonyms.fingerprint}".encode()


def howto_terms(texts: Iterable[SearchFields], synonyms: SynonymPhrases) -> dict[str, int]:
    """Every word by which a how-to may be found, in all its languages, with its weight."""
    return weighted_terms((pair for one in texts for pair in weighted_fields(one)), synonyms)


def category_terms(category: Category, synonyms: SynonymPhrases) -> dict[str, int]:
    """Less than a how-to's title: who types what both have wants the how-to first."""
    texts = (category.slug.replace("-", " "), *category.titles.values(), *category.search_words)
    return weighted_terms((pair for text in texts for pair in with_compounds(NAME_WEIGHT, text)), synonyms)


def weighted_terms(texts: Iterable[tuple[int, str]], synonyms: SynonymPhrases) -> dict[str, int]:
    found: dict[str, int] = {}
    names: dict[int, list[str]] = {TITLE_WEIGHT: [], NAME_WEIGHT: []}
    for weight, text in texts:
        said = spaced_tokens(text)
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
class SearchIndex:
    """Files of words and where each begins; one number for all: it changes when any of them does."""

    starts: tuple[str, ...]
    files: tuple[bytes, ...]
    count: int  # of how-tos; the rows after them are categories


def build_index(each: Iterable[dict[str, int]], categories: Iterable[dict[str, int]] = ()) -> SearchIndex:
    """From the words of each how-to and then of each category, in the order of their rows."""
    postings: Postings = defaultdict(dict)
    count = row = 0
    for row, words in enumerate(each, start=1):
        count = row
        for word, weight in words.items():
            postings[word][row - 1] = weight
    for row, words in enumerate(categories, start=count):
        for word, weight in words.items():
            postings[word][row] = weight
    by_sound: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for word in sorted(postings):
        best = sorted(postings[word].items(), key=lambda one: (one[0] < count, -one[1], one[0]))[:MAX_POSTINGS]
        by_sound[phonetic_key(word)][word] = sorted(at * 4 + weight for at, weight in best)
    starts, files = [""], []
    held: dict[str, list[int]] = {}
    letters = 0
    for bones in sorted(by_sound, key=lambda bones: bones.encode("utf-16-be")):  # as the script compares them
        more = len(json_bytes(by_sound[bones]))
        if held and letters + more > MAX_WORD_FILE_LETTERS:
            files.append(json_bytes(held))
            starts.append(bones)
            held, letters = {}, 0
        held |= by_sound[bones]
        letters += more
    return SearchIndex(tuple(starts), (*files, json_bytes(held)), count)


@dataclass(frozen=True)
class ResultMeta:
    """What a result shows beside its title."""

    category: int
    time: str


def result_row(lesson: Lesson, shown: ResultMeta, lang: str) -> list[object]:
    """[address, title, number of its category, time, the film's bytes, those for a newer phone, its picture's hash, its
    language if another]"""
    howto = lesson.howto
    thumb = lesson.poster.thumb if lesson.poster else None
    film = media_sources.first_film(lesson)
    sizes = [s.rendition.bytes for s in (film.fallback, film.newer or film.fallback)] if film else [0, 0]
    other = [howto.lang] if howto.lang != lang else []
    return [howto.page, str(howto.title), shown.category, shown.time, *sizes, thumb.key[:8] if thumb else 0, *other]


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


def index_facts(found: SearchIndex, version: str, categories: list[str]) -> Mapping[str, object]:
    """What the script must know of the library before it asks for a file."""
    return {"starts": " ".join(found.starts[1:]), "version": version, "count": found.count, "categories": categories}
