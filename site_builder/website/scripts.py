"""The scripts of the site: files of theme/ joined, made smaller, and given the words of one language that they say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache

from site_builder.library.words import Words
from site_builder.website import smaller
from site_builder.website.look import THEME

ON_EVERY_PAGE = ("frame.js", "opener.js", "controls.js")
FILM = ("style.js", "player.js")  # when a film is played
CALCULATOR = ("calculator.js",)  # at the first number that is changed
SEARCH = ("matcher.js", "dialog.js")  # when somebody searches
LATER = ("style.js", "phone.js", "save.js", "share.js", "tariff.js", "verdict.js")  # at the first tap on one of its controls
LISTEN = ("listen.js",)  # at the first thing that is told
OLDER = ("older.js",)  # at the codes of how-tos that were seriously corrected
WORKER = "worker.js"
SAID = re.compile(r"\bw\.([a-z_]+)")


def every_page() -> bytes:
    return joined(ON_EVERY_PAGE).encode()


def with_facts(names: tuple[str, ...], facts: Mapping[str, object]) -> bytes:
    """The files with `facts` in front."""
    return (constants(facts=dict(facts)) + joined(names)).encode()


def with_words(names: tuple[str, ...], words: Words, facts: Mapping[str, object]) -> bytes:
    """The files with `w`, the words that they say as `w.name`, and `facts` in front."""
    said = {name: str(words.raw(f"page.{name}")) for name in said_in(names)}
    return (constants(w=said, facts=dict(facts)) + joined(names)).encode()


def worker(langs: Mapping[str, Words], base_lang: str) -> bytes:
    """The service worker. It is the same in every build of the same words: what it keeps, pages tell it."""
    names = said_in((WORKER,))
    said = {lang: {name: str(words.raw(f"page.{name}")) for name in names} for lang, words in langs.items()}
    return (constants(words=said, base=base_lang) + joined((WORKER,))).encode()


def constants(**values: object) -> str:
    """JSON, which is JavaScript too."""
    rows = (f"const {name}={json.dumps(value, ensure_ascii=False, separators=(',', ':'))}\n" for name, value in values.items())
    return "".join(rows)


@cache
def joined(names: tuple[str, ...]) -> str:
    return smaller.script(written(names))


def written(names: tuple[str, ...]) -> str:
    return "\n".join((THEME / name).read_text("utf-8") for name in names)


def said_in(names: tuple[str, ...]) -> list[str]:
    """The words that files say; found in them as they are written, since what is made smaller has other names."""
    return sorted(set(SAID.findall(written(names))))
