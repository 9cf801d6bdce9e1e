"""Makes spellings that mean the same one: case, accents, digits, Arabic and Hindi letters, what sounds alike.

The script `search-match.js` is given the same tables, and folds what is typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# words that are in every how-to's sentences and in half of the questions; they say nothing of the subject
STOP_WORDS = (
    "a an and are as at be by can do does for from get go how i if in into is it its keep keeps make me my need no not of off "
    "on or out so that the them then there this to up use want wont what when where which why will with without you your "
    "die en het hoe in is jy my n nie of om op se te van vir wat "
    "kanjani njani jwang jang bjang hani का की के को में से पर है हैं कैसे क्या في من علي الي عن كيف ما هل"
)


STOP_WORD_SET = frozenset(STOP_WORDS.split())


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
