"""User-interface messages (Safety first, Tools, …), one TOML file a language; a missing key falls back to English."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from site_builder.library.fallback import FallbackText

LOCALES = Path(__file__).with_name("locales")
FALLBACK_LANG = "en"


class Messages:
    """The messages of one language: `messages("page.play", size="0.9 MB")` is a sentence of it."""

    def __init__(self, lang: str, own_texts: Mapping[str, str], fallback_texts: Mapping[str, str]) -> None:
        self.lang = lang
        self.own_texts = own_texts
        self.fallback_texts = fallback_texts

    def __call__(self, key: str, **values: object) -> str:
        own = self.own_texts.get(key)
        if own is not None:
            return own.format_map(values)
        return FallbackText(self.fallback_texts[key].format_map(values), FALLBACK_LANG)

    def raw(self, key: str) -> str:
        """The message with its `{placeholders}` unfilled, for a script that fills them in the browser."""
        own = self.own_texts.get(key)
        return own if own is not None else FallbackText(self.fallback_texts[key], FALLBACK_LANG)

    def duration(self, value: dt.timedelta) -> str:
        """`15 min`, `1 h 20 min`, `2 days 1 h`: to the nearest minute."""
        days, minutes = divmod(round(value.total_seconds() / 60), 24 * 60)
        hours, minutes = divmod(minutes, 60)
        parts = [self("common.days_one" if days == 1 else "common.days", n=days)] if days else []
        if hours:
            parts.append(self("common.hours", n=hours))
        if minutes or not parts:
            parts.append(self("common.minutes", n=minutes))
        return " ".join(parts)

    @property
    def direction(self) -> str:
        """`ltr`, or `rtl` where it is read from right to left."""
        return self.own_texts.get("about.direction", "ltr")

    @property
    def is_draft(self) -> bool:
        """No speaker has read this file yet."""
        return self.own_texts.get("about.draft") == "true"


@cache
def known() -> tuple[str, ...]:
    """Tags of the languages that have a file."""
    return tuple(sorted(path.stem for path in LOCALES.glob("*.toml")))


@cache
def messages_of(lang: str) -> Messages:
    """The messages of one language. Keys that its file lacks, and languages without a file, give English as FallbackText."""
    return Messages(lang, message_table(lang), message_table(FALLBACK_LANG))


@cache
def message_table(lang: str) -> Mapping[str, str]:
    path = LOCALES / f"{lang}.toml"
    if not path.is_file():
        return {}
    sections = tomllib.loads(path.read_text("utf-8"))
    return {f"{section}.{name}": str(value) for section, rows in sections.items() for name, value in rows.items()}
