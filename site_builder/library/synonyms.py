"""content/synonyms.yml: words that customers type for the words that how-tos use. Editors write it, `check` reads it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from site_builder.library import text_files, yaml_values
from site_builder.library.field_types import StrictModel, Text
from site_builder.library.howto import HowTo
from site_builder.library.problems import Problem
from site_builder.library.validation import validate

SYNONYMS_FILE = "synonyms.yml"


class Synonyms(StrictModel):
    """`same`: groups that mean one thing. `typed`: what people type, and what they mean by it, one way only."""

    same: tuple[tuple[Text, ...], ...] = Field(())
    typed: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(what is meant, what may be typed for it)"""
        both = ((word, other) for group in self.same for word in group for other in group if word != other)
        return (*both, *((meant, typed) for typed, all_ in self.typed.items() for meant in all_))


def read_synonyms(content: Path) -> tuple[Synonyms, list[Problem]]:
    """The table, and what is wrong in it; no file is an empty table."""
    path = content / SYNONYMS_FILE
    if not path.exists():
        return Synonyms(), []
    try:
        values, lines, problems = yaml_values.load_yaml(text_files.read_text(path), path)
    except text_files.NotReadable as error:
        return Synonyms(), [error.problem]
    synonyms, more_problems = validate(Synonyms, values, lines, path)
    problems += more_problems
    for at, group in enumerate(synonyms.same if synonyms else ()):
        if len(group) < 2:
            line = yaml_values.line_of(lines, ("same", at))
            problems.append(Problem(path, line, f"'{', '.join(group)}' stands alone", "a group has two words or more"))
    return synonyms or Synonyms(), problems


def unused_rows(synonyms: Synonyms, howtos: Iterable[HowTo], content: Path) -> list[Problem]:
    """Rows that help nobody: none of the words that they lead to is in a how-to's title or search words."""
    path = content / SYNONYMS_FILE
    try:
        rows_of_file = text_files.read_text(path).split("\n") if path.exists() else []
    except text_files.NotReadable:  # told already
        return []
    howto_words = " ".join(
        " ".join(
            [
                h.title,
                h.summary,
                *h.search.keywords,
                *h.search.typos,
                *(word for words in h.search.local.values() for word in words),
            ]
        )
        for h in howtos
    ).lower()

    def line_of(word: str) -> int:
        return next((number for number, line in enumerate(rows_of_file, start=1) if word in line), 1)

    rows = [*(group for group in synonyms.same if len(group) > 1), *synonyms.typed.values()]
    return [
        Problem(path, line_of(row[0]), f"no how-to says any of: {', '.join(row)}", "a word that a how-to uses", warning=True)
        for row in rows
        if row and not any(word.lower() in howto_words for word in row)
    ]
