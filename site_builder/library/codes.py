"""Short codes of printed links, and the registry of every code ever printed: append-only, since paper lasts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from site_builder.cache import write_whole
from site_builder.library import frontmatter
from site_builder.library.problems import Problem, did_you_mean

REGISTRY = "codes.tsv"
HEAD = ("code", "slug", "since")
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 o, 1 i l
DIGITS, LETTERS = "2345679", "bcdfghjkmnpqrtvwxz"  # given codes have no vowel (no words), no 8 or s (B and 5)

TRIES_OF_THREE = 40


class Claim(NamedTuple):
    """What a page wants: a code that its editor chose, and the names under which codes were printed for it."""

    code: str | None
    formerly: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One printed code. `slug` is a how-to's, or `slug.lang` for a translation: each language's leaflet has its own."""

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
        first, *rows = frontmatter.read_text(path).split("\n")
    except frontmatter.NotReadable as error:
        return (), [error.problem]
    problems = []
    if first.split("\t") != list(HEAD):
        problems.append(Problem(path, 1, f"the first line is not '{' '.join(HEAD)}'", "the columns' names, with tabs between"))
    entries: dict[str, Entry] = {}
    for number, row in enumerate(rows, start=2):
        if not row.strip() or row.startswith("#"):
            continue
        cells = [cell.strip() for cell in row.split("\t")]
        if wrong := row_problem(path, number, cells, entries):
            problems.append(wrong)
        else:
            entries[cells[0]] = Entry(cells[0], cells[1], cells[2], number)
    return tuple(entries.values()), problems


def row_problem(path: Path, number: int, cells: list[str], entries: Mapping[str, Entry]) -> Problem | None:
    if len(cells) != len(HEAD):
        return Problem(path, number, f"expected three columns ({', '.join(HEAD)}) with tabs between")
    code = cells[0]
    if code in entries:
        return Problem(path, number, f"code '{code}' is registered twice", f"also on line {entries[code].line}")
    if not 2 <= len(code) <= 4 or set(code) - set(ALPHABET):
        return Problem(path, number, f"'{code}' is no code", f"2 to 4 of {ALPHABET}")
    return None


def assign(
    howtos: Mapping[str, Claim], entries: Iterable[Entry], content: Path, taken: Iterable[str], unread: Iterable[str]
) -> tuple[dict[str, str], dict[str, str], list[Problem]]:
    """Slug to its own code; every registered code to the slug it leads to; and codes that lead nowhere. The code of a
    translation that is gone leads to its how-to.

    `taken` are names at the site's top that no code may have; `unread` are slugs of how-tos that have mistakes of their
    own: their codes are not said to be lost. A how-to keeps the code of any slug that it had.
    """
    path = content / REGISTRY
    taken, unread = set(taken), set(unread)
    now = {old: slug for slug, h in howtos.items() for old in h.formerly} | {slug: slug for slug in howtos}
    leads: dict[str, str] = {}
    own: dict[str, str] = {slug: h.code for slug, h in howtos.items() if h.code}
    wanted = {code: slug for slug, code in own.items()}
    problems = []
    for entry in entries:
        slug, base = now.get(entry.slug), entry.slug.split(".")[0]
        if slug:
            leads[entry.code] = slug
            own.setdefault(slug, entry.code)
        elif base in now:
            leads[entry.code] = now[base]
        elif base not in unread:
            problems.append(lost(path, entry, howtos))
        if entry.code in taken:
            problems.append(Problem(path, entry.line, f"code '{entry.code}' is a name that the site needs", "rename that page"))
        if slug and own[slug] != entry.code and wanted.get(entry.code, slug) != slug:
            message = f"code '{entry.code}' was printed for '{entry.slug}', and '{wanted[entry.code]}' wants it too"
            problems.append(Problem(path, entry.line, message, f"take 'code: {entry.code}' out of '{wanted[entry.code]}'"))
    spoken_for = {entry.code for entry in entries} | set(own.values()) | taken
    for slug in sorted(set(howtos) - set(own)):
        own[slug] = new_code(slug, spoken_for)
        spoken_for.add(own[slug])
    return own, {code: slug for slug, code in own.items()} | leads, problems


def lost(path: Path, entry: Entry, howtos: Iterable[str]) -> Problem:
    """Somebody holds a leaflet whose code now leads nowhere."""
    message = f"code '{entry.code}' was printed for '{entry.slug}', and no how-to has that slug now"
    hint = did_you_mean(entry.slug, howtos, "if it was renamed,")
    return Problem(path, entry.line, message, f"{hint} a how-to takes its place with 'formerly: [{entry.slug}]'")


def new_code(slug: str, taken: Collection[str]) -> str:
    """A free code of three characters with a digit in it; the same slug gets the same code wherever it is asked for.

    There are 6,804 of three; a library that has used most of them gets codes of four.
    """
    for attempt in range(10_000):
        number = int.from_bytes(hashlib.sha256(f"{slug} {attempt}".encode()).digest()[:8], "big")
        number, digit = divmod(number, len(DIGITS))
        letters = ""
        for _ in range(2 if attempt < TRIES_OF_THREE else 3):
            number, letter = divmod(number, len(LETTERS))
            letters += LETTERS[letter]
        at = number % (len(letters) + 1)
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
