"""The inverted index: words in small files by how they sound.

A phone loads the few files that its query needs, whether the library has sixty how-tos or ten thousand.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from site_builder.library.categories import Category
from site_builder.library.compact_json import json_bytes
from site_builder.library.howto import HowTo
from site_builder.memo import Memo
from site_builder.website.search.folding import phonetic_key
from site_builder.website.search.terms import SynonymPhrases, cached_terms, category_terms, inputs_of_words

MAX_WORD_FILE_LETTERS = 2000  # letters of JSON; about 0.7 KB on the line, and each word of a query asks for one


MAX_POSTINGS = 120  # how-tos kept for one word: nobody reads further, and a word in all of them tells nothing


Postings = dict[str, dict[int, int]]


def kept_index(
    howtos: Mapping[str, list[HowTo]], categories: Iterable[Category], synonyms: SynonymPhrases, memo: Memo
) -> SearchIndex:
    """As `index`, of how-tos in the order of their rows, each with all its languages, by a hash of all that is said in it. What
    is kept of how-tos in which no word changed is not even read while no word of the library did."""
    category_weights = [category_terms(category, synonyms) for category in categories]

    def make() -> bytes:
        index = build_index((cached_terms(inputs, howtos[inputs], synonyms, memo) for inputs in howtos), category_weights)
        return json_bytes([index.starts, [file.decode() for file in index.files], index.count])

    cached = memo.get("index", repr(([*howtos], category_weights, synonyms.fingerprint)).encode(), make)
    for inputs in howtos:
        memo.still_needs("words", inputs_of_words(inputs, synonyms))
    starts, files, count = json.loads(cached or b"")
    return SearchIndex(tuple(starts), tuple(file.encode() for file in files), count)


@dataclass(frozen=True)
class SearchIndex:
    """Files of words and where each begins; one number for all: it changes when any of them does."""

    starts: tuple[str, ...]
    files: tuple[bytes, ...]
    count: int  # of how-tos; the rows after them are categories


def build_index(each: Iterable[dict[str, int]], categories: Iterable[dict[str, int]] = ()) -> SearchIndex:
    """Inverted index, postings `row * 4 + weight`, cut into files by phonetic key (sorted as JavaScript compares: UTF-16)."""
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
        best = sorted(postings[word].items(), key=lambda pair: (pair[0] < count, -pair[1], pair[0]))[:MAX_POSTINGS]
        by_sound[phonetic_key(word)][word] = sorted(at * 4 + weight for at, weight in best)
    starts, files = [""], []
    block: dict[str, list[int]] = {}
    length = 0
    for key in sorted(by_sound, key=lambda key: key.encode("utf-16-be")):  # as the script compares them
        more = len(json_bytes(by_sound[key]))
        if block and length + more > MAX_WORD_FILE_LETTERS:
            files.append(json_bytes(block))
            starts.append(key)
            block, length = {}, 0
        block |= by_sound[key]
        length += more
    return SearchIndex(tuple(starts), (*files, json_bytes(block)), count)
