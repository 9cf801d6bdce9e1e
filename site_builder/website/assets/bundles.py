"""Joins scripts of theme/scripts, minifies them, and puts constants (messages, facts) in front."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from site_builder.library.compact_json import json_text
from site_builder.library.messages import Messages
from site_builder.website.assets import minifier
from site_builder.website.assets.theme_files import SCRIPTS

ON_EVERY_PAGE = ("core/core.js", "search/search-open.js", "player/player-controls.js")
PLAYER = ("core/insert-css.js", "player/player.js")  # when a film is played
CALCULATOR = ("core/calculator.js",)  # at the first number that is changed
SEARCH = ("search/search-match.js", "search/search-dialog.js")  # when somebody searches
ON_DEMAND = (
    "core/insert-css.js",
    "saved/dom.js",
    "saved/save.js",
    "saved/share.js",
    "saved/tariff.js",
    "saved/feedback.js",
)  # at the first tap on one of its controls
BEACON = ("core/beacon.js",)  # at the first thing that is told
OUTDATED_PRINT = ("print/outdated-print.js",)  # at the codes of how-tos that were seriously corrected
SERVICE_WORKER = "saved/service-worker.js"
MESSAGE_USE = re.compile(r"\bw\.([a-z_]+)")


def core_bundle() -> bytes:
    return minified_bundle(ON_EVERY_PAGE).encode()


def with_facts(names: tuple[str, ...], facts: Mapping[str, object]) -> bytes:
    """The files with `facts` in front."""
    return (declarations(facts=dict(facts)) + minified_bundle(names)).encode()


def with_messages(names: tuple[str, ...], messages: Messages, facts: Mapping[str, object]) -> bytes:
    """The files with `w`, the words that they say as `w.name`, and `facts` in front."""
    texts = {name: str(messages.raw(f"page.{name}")) for name in message_keys(names)}
    return (declarations(w=texts, facts=dict(facts)) + minified_bundle(names)).encode()


def service_worker(langs: Mapping[str, Messages], base_lang: str) -> bytes:
    """The service worker. It is the same in every build of the same words: what it keeps, pages tell it."""
    names = message_keys((SERVICE_WORKER,))
    texts = {lang: {name: str(words.raw(f"page.{name}")) for name in names} for lang, words in langs.items()}
    return (declarations(words=texts, base=base_lang) + minified_bundle((SERVICE_WORKER,))).encode()


def declarations(**values: object) -> str:
    """JSON, which is JavaScript too."""
    rows = (f"const {name}={json_text(value)}\n" for name, value in values.items())
    return "".join(rows)


@cache
def minified_bundle(names: tuple[str, ...]) -> str:
    return minifier.minify_js(bundle_source(names))


def bundle_source(names: tuple[str, ...]) -> str:
    return "\n".join((SCRIPTS / name).read_text("utf-8") for name in names)


def message_keys(names: tuple[str, ...]) -> list[str]:
    """Keys `name` of every `w.name` in the sources (minified names would differ)."""
    return sorted(set(MESSAGE_USE.findall(bundle_source(names))))
