"""The glossary speaks of the code as it is: what its last column names is there, and no word stands twice."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "site_builder"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| word |")
]
SOURCES = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".typ", ".toml", ".js", ".html", ".css")]
WORDS = frozenset(word for path in SOURCES for word in re.findall(r"[\w-]+", path.read_text("utf-8")))
PATHS = frozenset(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*"))
NAMES = [(row[0], name) for row in ROWS for name in re.findall(r"`([^`]+)`", row[2])]


def is_there(name: str) -> bool:
    """A file by the end of its path; else each part of a dotted name as a word of the code."""
    if re.search(r"[/*]|\.(py|typ|toml|html|js|css)$", name):
        pattern = re.compile(rf"(.*/)?{re.escape(name.strip('/')).replace(re.escape('*'), '[^/]*')}")
        return any(pattern.fullmatch(path) for path in PATHS)
    return all(part in WORDS for part in name.split("."))


def test_the_glossary_has_words() -> None:
    assert len(ROWS) > 100


@pytest.mark.parametrize(("word", "name"), NAMES, ids=[f"{word}-{name}" for word, name in NAMES])
def test_what_the_glossary_names_is_in_the_code(word: str, name: str) -> None:
    assert is_there(name), f"'{word}' says `{name}`, and no file of the package has it"


def test_what_is_not_in_the_code_would_be_told() -> None:
    assert not is_there("EncodeJobThatNobodyWrote")
    assert not is_there("films/nobody.py")


def test_each_word_has_one_row() -> None:
    words = Counter(word.strip() for row in ROWS for word in row[0].split(","))

    assert [word for word, count in words.items() if count > 1] == []


def test_each_row_says_what_its_word_is() -> None:
    assert [row for row in ROWS if len(row) != 3 or not row[1] or not row[2]] == []
