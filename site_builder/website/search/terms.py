"""The words by which a how-to is found, each with a weight: what it says of the how-to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from site_builder.library.categories import Category
from site_builder.library.compact_json import json_bytes
from site_builder.library.howto import HowTo
from site_builder.library.synonyms import Synonyms
from site_builder.memo import Memo
from site_builder.website.search.folding import fold_text, is_token, tokens

TITLE_WEIGHT, NAME_WEIGHT, TOPIC_WEIGHT, TEXT_WEIGHT = 3, 2, 1, 0  # how much a word says of a how-to


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
    terms = howto.search
    return SearchFields(
        title=howto.title,
        names=(*terms.keywords, *(word for words in terms.local.values() for word in words), *terms.typos),
        item_names=(*(item.name for item in howto.materials), *(item.name for item in howto.tools)),
        skus=tuple(item.sku for item in howto.materials if item.sku),
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
    """The text, and each two neighbouring tokens as one (`drillbit`)."""
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
    """Tokens with a space about each, so that `in` finds whole words only."""
    return f" {' '.join(tokens(text))} "


def cached_terms(inputs: str, howtos: list[HowTo], synonyms: SynonymPhrases, memo: Memo) -> dict[str, int]:
    """As `words_of`; a how-to in which no word changed is read once. `said` tells it from all others."""

    def make() -> bytes:
        return json_bytes(howto_terms([search_fields(howto) for howto in howtos], synonyms))

    weights: dict[str, int] = json.loads(memo.get("words", inputs_of_words(inputs, synonyms), make) or b"{}")
    return weights


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
    weights: dict[str, int] = {}
    names: dict[int, list[str]] = {TITLE_WEIGHT: [], NAME_WEIGHT: []}
    for weight, text in texts:
        spaced = spaced_tokens(text)
        if weight in names:
            names[weight].append(spaced)
        for word in spaced.split():
            weights[word] = max(weights.get(word, 0), weight)
    text_by_weight = {weight: "\n".join(spaced) for weight, spaced in names.items()}
    for meant, typed in synonyms.pairs:
        weight = next((weight for weight, spaced in text_by_weight.items() if meant in spaced), 0)
        for word in typed if weight else ():
            weights[word] = max(weights.get(word, 0), weight)
    return weights
