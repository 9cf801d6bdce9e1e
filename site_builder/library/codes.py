"""Short codes of printed links, and the registry of every code ever printed: append-only, since paper lasts."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from site_builder.cache import write_whole
from site_builder.library import frontmatter
from site_builder.library.model import FrontMatter
from site_builder.library.problems import Problem, did_you_mean

REGISTRY = "codes.tsv"
HEAD = ("code", "slug", "since")
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 o, 1 i l
DIGITS, LETTERS = "2345679", "bcdfghjkmnpqrtvwxz"  # given codes have no vowel (no words), no 8 or s (B and 5)


@dataclass(frozen=True)
class Entry:
    code: str
    slug: str
    since: str
    line: int


def read(content: Path) -> tuple[tuple[Entry, ...], list[Problem]]:
    """The registry, and what is wrong in it."""
    path = content / REGISTRY
    if not path.exists():
        return (), []
    try:
        text = frontmatter.read_text(path)
    except frontmatter.NotReadable as error:
        return (), [error.problem]
    entries: dict[str, Entry] = {}
    problems = []
    for number, row in enumerate(csv.reader(text.splitlines(), delimiter="\t"), start=1):
        if number == 1 or not row or row[0].startswith("#"):
            continue
        if len(row) != len(HEAD):
            problems.append(Problem(path, number, f"expected three columns ({', '.join(HEAD)}) with tabs between"))
        elif row[0] in entries:
            problems.append(
                Problem(path, number, f"code '{row[0]}' is registered twice", f"also on line {entries[row[0]].line}")
            )
        elif not 2 <= len(row[0]) <= 4 or set(row[0]) - set(ALPHABET):
            problems.append(Problem(path, number, f"'{row[0]}' is no code", f"2 to 4 of {ALPHABET}"))
        else:
            entries[row[0]] = Entry(row[0], row[1], row[2], number)
    return tuple(entries.values()), problems


def assign(
    howtos: Mapping[str, FrontMatter], entries: Iterable[Entry], content: Path, taken: Iterable[str]
) -> tuple[dict[str, str], dict[str, str], list[Problem]]:
    """Slug to its own code; every registered code to the slug it leads to; and codes that lead nowhere.

    `taken` are names at the site's top that no code may have. A how-to keeps the code of any slug that it had.
    """
    path = content / REGISTRY
    now = {slug: slug for slug in howtos} | {old: slug for slug, h in howtos.items() for old in h.formerly}
    leads: dict[str, str] = {}
    own: dict[str, str] = {slug: h.code for slug, h in howtos.items() if h.code}
    problems = []
    for entry in entries:
        if entry.slug in now:
            leads[entry.code] = now[entry.slug]
            own.setdefault(now[entry.slug], entry.code)
        else:
            problems.append(
                Problem(
                    path,
                    entry.line,
                    f"code '{entry.code}' was printed for '{entry.slug}', and no how-to has that slug now",
                    did_you_mean(entry.slug, howtos, "if it was renamed,")
                    + f" a how-to takes its place with 'formerly: [{entry.slug}]'",
                )
            )
    spoken_for = {entry.code for entry in entries} | set(own.values()) | set(taken)
    for slug in sorted(set(howtos) - set(own)):
        own[slug] = new_code(slug, spoken_for)
        spoken_for.add(own[slug])
    return own, leads | {code: slug for slug, code in own.items()}, problems


def new_code(slug: str, taken: Iterable[str]) -> str:
    """A free code of three characters with a digit in it; the same slug gets the same code wherever it is asked for."""
    taken = set(taken)
    for attempt in range(10_000):
        number = int.from_bytes(hashlib.sha256(f"{slug} {attempt}".encode()).digest()[:8], "big")
        number, digit = divmod(number, len(DIGITS))
        number, first = divmod(number, len(LETTERS))
        number, last = divmod(number, len(LETTERS))
        at = number % 3
        letters = LETTERS[first] + LETTERS[last]
        code = letters[:at] + DIGITS[digit] + letters[at:]
        if code not in taken:
            return code
    raise OverflowError(f"no free code is left for '{slug}'")


def register(content: Path, new: Mapping[str, str], since: str) -> None:
    """Append codes (code to slug) to the registry."""
    path = content / REGISTRY
    lines = [] if path.exists() else ["\t".join(HEAD)]
    lines += [f"{code}\t{slug}\t{since}" for code, slug in sorted(new.items(), key=lambda item: item[1])]
    before = path.read_text("utf-8") if path.exists() else ""
    if before and not before.endswith("\n"):
        before += "\n"
    write_whole(path, before + "\n".join(lines) + "\n")
