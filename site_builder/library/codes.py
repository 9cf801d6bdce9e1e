"""Short codes of printed links, and the registry of every code that was ever printed, since paper lasts.

**A code follows from its slug** (`new_code`): whoever builds, on whichever branch or machine, comes to the same one. So a new
how-to needs no row yet, and a strict build in CI, which could not commit one, takes it as it is. Only where two come to one
code, or the code is taken, does the result depend on what else is there. Such a how-to is told (a strict build stops): its
code must stand in the registry, or in its front matter.

**A row is a promise**, and says how much it binds. `print` writes its day before anything is on paper, and so does a strict
build, which is one to publish, where it may write. An ordinary build, which may be no more than a look, writes `unprinted`.

- A row with a day stays for ever. While no how-to has its slug, or had it (`formerly`), it is a mistake.
- A row that is `unprinted` goes with its how-to: the next build takes it out. Where a new how-to has nearly the same name, it
  was rather renamed: that is a mistake, until one of the two ways out is taken.
- A how-to that is written again under its old slug comes to its old code.
- Two branches may each add rows: the same row twice is one row (the earlier day counts), so a merge may keep both sides.
  One code for two slugs is told; the one that is not printed gives way.
- A how-to that `exclude_docs` leaves out is neither online nor printed. Its row is kept; that of a printed one is a warning.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from site_builder.atomic_files import write_atomic
from site_builder.library import text_files
from site_builder.library.field_types import CODE_ALPHABET
from site_builder.library.os_errors import os_error_reason
from site_builder.library.problems import Problem, did_you_mean

REGISTRY_FILE = "codes.tsv"
REGISTRY_COLUMNS = ("code", "slug", "since")
UNPRINTED = "unprinted"  # in place of the day, until a print or a strict build
DIGITS, LETTERS = "2345679", "bcdfghjkmnpqrtvwxz"  # given codes have no vowel (no words), no 8 or s (B and 5)

THREE_CHARACTER_TRIES = 40
MERGE_MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


class CodeClaim(NamedTuple):
    """What a page wants: a code that its editor chose, and the names under which codes were printed for it.

    Of two that come to the same code, the one that was published first keeps it. `file` and `line` are where that is told.
    """

    code: str | None
    formerly: tuple[str, ...]
    published: dt.date
    file: Path
    line: int


def where(content: Path) -> str:
    """The registry's name as an editor finds it: `content/codes.tsv`."""
    return f"{content.name}/{REGISTRY_FILE}"


class NotRegistered(Exception):
    """The registry cannot be written: says which file, whose codes, and why. `hint` says what to do."""

    def __init__(self, path: Path, slugs: Collection[str], why: str) -> None:
        names = ", ".join(sorted(slugs)[:5]) + (", …" if len(slugs) > 5 else "")
        self.path, name = path, where(path.parent)
        self.reason = f"the codes of {names} must stand in {name}, and it cannot be written ({why})"
        self.hint = (
            f"make it writable, or run 'site-builder build' where it is, and commit {name}; 'build --strict' does without"
        )
        super().__init__(f"{path}: {self.reason}")


@dataclass(frozen=True)
class RegisteredCode:
    """One printed code. `slug` is a how-to's, or `slug.lang` for a translation: each language's leaflet has its own."""

    code: str
    slug: str
    since: str
    line: int

    @property
    def is_printed(self) -> bool:
        return self.since != UNPRINTED


class CodeAssignment(NamedTuple):
    """Result of assign_codes: each slug's own code, the slug that every code leads to (those of former slugs too), registry
    rows to delete, and problems.
    """

    code_by_slug: dict[str, str]
    slug_by_code: dict[str, str]
    obsolete: tuple[RegisteredCode, ...]
    problems: list[Problem]


def read_registry(content: Path) -> tuple[tuple[RegisteredCode, ...], list[Problem]]:
    """The registry, and what is wrong in it."""
    path = content / REGISTRY_FILE
    if not path.exists():
        return (), []
    try:
        first, *rows = text_files.read_text(path).split("\n")
    except text_files.NotReadable as error:
        return (), [error.problem]
    problems = []
    if first.split("\t") != list(REGISTRY_COLUMNS):
        problems.append(
            Problem(path, 1, f"the first line is not '{' '.join(REGISTRY_COLUMNS)}'", "the columns' names, with tabs between")
        )
    entries: dict[str, RegisteredCode] = {}
    for number, row in enumerate(rows, start=2):
        if not row.strip() or row.startswith("#"):
            continue
        cells = [cell.strip() for cell in row.split("\t")]
        if wrong := row_problem(path, number, cells, entries):
            problems.append(wrong)
        elif (duplicate := entries.get(cells[0])) is None:
            entries[cells[0]] = RegisteredCode(cells[0], cells[1], cells[2], number)
        else:  # a merge kept both sides
            entries[cells[0]] = replace(duplicate, since=min(duplicate.since, cells[2]))  # a day is before 'unprinted'
    return tuple(entries.values()), problems


def row_problem(path: Path, number: int, cells: list[str], entries: Mapping[str, RegisteredCode]) -> Problem | None:
    if len(cells) != len(REGISTRY_COLUMNS):
        merged = "a merge left its mark here: keep the rows of both sides, and delete the marks"
        hint = merged if cells[0][:7] in MERGE_MARKERS else ""
        return Problem(path, number, f"expected three columns ({', '.join(REGISTRY_COLUMNS)}) with tabs between", hint)
    code = cells[0]
    if code in entries and entries[code].slug != cells[1]:
        hint = f"also on line {entries[code].line}; delete the row that was never printed: its how-to gets another code"
        return Problem(path, number, f"code '{code}' is registered twice", hint)
    if not 2 <= len(code) <= 4 or set(code) - set(CODE_ALPHABET):
        return Problem(path, number, f"'{code}' is no code", f"2 to 4 of {CODE_ALPHABET}")
    return None


def assign_codes(
    howtos: Mapping[str, CodeClaim],
    entries: Iterable[RegisteredCode],
    content: Path,
    reserved: Iterable[str],
    unreadable: Iterable[str],
    excluded: Iterable[str] = (),
) -> CodeAssignment:
    """Give each how-to its code. The code of a translation that is gone leads to its how-to.

    `taken` are names at the site's top that no code may have; `unread` are slugs of how-tos that have mistakes of their
    own: their codes are not said to be lost; `left_out` are slugs that the settings exclude. A how-to keeps the code of any
    slug that it had.
    """
    path = content / REGISTRY_FILE
    entries = tuple(entries)
    reserved, unreadable, excluded = set(reserved), set(unreadable), set(excluded)
    now = {old: slug for slug, h in howtos.items() for old in h.formerly} | {slug: slug for slug in howtos}
    slug_by_code: dict[str, str] = {}
    code_by_slug: dict[str, str] = {slug: h.code for slug, h in howtos.items() if h.code}
    claimed = {code: slug for slug, code in code_by_slug.items()}
    new = set(howtos) - {now[entry.slug] for entry in entries if entry.slug in now}
    problems, obsolete = [], []
    for entry in entries:
        slug, base = now.get(entry.slug), entry.slug.split(".")[0]
        if slug:
            slug_by_code[entry.code] = slug
            code_by_slug.setdefault(slug, entry.code)
        elif base in now:
            slug_by_code[entry.code] = now[base]
        elif base in excluded:
            problems += [excluded_code_problem(path, entry)] if entry.is_printed else []
        elif base not in unreadable:
            problems.append(lost_code_problem(path, entry, howtos, new))
            obsolete += [entry] if problems[-1].warning else []
        if entry.code in reserved:
            problems.append(Problem(path, entry.line, f"code '{entry.code}' is a name that the site needs", "rename that page"))
        if slug and code_by_slug[slug] != entry.code and claimed.get(entry.code, slug) != slug:
            message = f"code '{entry.code}' was printed for '{entry.slug}', and '{claimed[entry.code]}' wants it too"
            problems.append(Problem(path, entry.line, message, f"take 'code: {entry.code}' out of '{claimed[entry.code]}'"))
    holders = {entry.code: entry.slug for entry in entries} | {code: slug for slug, code in code_by_slug.items()}
    for slug in sorted(set(howtos) - set(code_by_slug), key=lambda slug: (howtos[slug].published, slug)):
        code_by_slug[slug] = new_code(slug, {*holders, *reserved})
        if (first := new_code(slug, ())) != code_by_slug[slug]:
            problems.append(contested_code_problem(howtos[slug], slug, first, holders.get(first), code_by_slug[slug]))
        holders[code_by_slug[slug]] = slug
    return CodeAssignment(
        code_by_slug, {code: slug for slug, code in code_by_slug.items()} | slug_by_code, tuple(obsolete), problems
    )


def lost_code_problem(path: Path, entry: RegisteredCode, howtos: Iterable[str], new: Iterable[str]) -> Problem:
    """A code that leads nowhere now. A warning where nobody can hold it: it was never printed, and nothing has its place."""
    if entry.is_printed:
        message = f"code '{entry.code}' was printed for '{entry.slug}', and no how-to has that slug now"
        hint = did_you_mean(entry.slug, howtos, "if it was renamed,")
        return Problem(path, entry.line, message, f"{hint} a how-to takes its place with 'formerly: [{entry.slug}]'")
    message = f"code '{entry.code}' was given to '{entry.slug}', and no how-to has that slug now"
    if near := difflib.get_close_matches(entry.slug, list(new), n=1, cutoff=0.6):
        hint = f"if it became '{near[0]}', write 'formerly: [{entry.slug}]' there; if it is gone, delete this line"
        return Problem(path, entry.line, message, hint)
    hint = f"it was never printed: 'site-builder build' takes this line out; if renamed, 'formerly: [{entry.slug}]' keeps it"
    return Problem(path, entry.line, message, hint, warning=True)


def excluded_code_problem(path: Path, entry: RegisteredCode) -> Problem:
    message = f"code '{entry.code}' was printed for '{entry.slug}', which 'exclude_docs' leaves out"
    return Problem(
        path, entry.line, message, "who scans it finds no page; take it back in, or throw its prints away", warning=True
    )


def contested_code_problem(claim: CodeClaim, slug: str, first: str, holder: str | None, assigned: str) -> Problem:
    """A code that is not the slug's own first choice: what else is in the library decides it, and that may change."""
    has = f"'{holder}' has" if holder else "the site needs"
    message = f"'{slug}' would have the code '{first}', which {has}; it gets '{assigned}'"
    registry = where(claim.file.parent.parent)
    hint = f"write 'code: {assigned}' here, or let 'site-builder build' write it into {registry}, and commit that"
    return Problem(claim.file, claim.line, message, hint, warning=True)


def new_code(slug: str, taken: Collection[str]) -> str:
    """A free code of three characters with a digit in it; the same slug gets the same code wherever it is asked for.

    There are 6,804 of three; a library that has used most of them gets codes of four.
    """
    for attempt in range(10_000):
        number = int.from_bytes(hashlib.sha256(f"{slug} {attempt}".encode()).digest()[:8], "big")
        number, digit = divmod(number, len(DIGITS))
        letters = ""
        for _ in range(2 if attempt < THREE_CHARACTER_TRIES else 3):
            number, letter = divmod(number, len(LETTERS))
            letters += LETTERS[letter]
        at = number % (len(letters) + 1)
        code = letters[:at] + DIGITS[digit] + letters[at:]
        if code not in taken:
            return code
    raise OverflowError(f"no free code is left for '{slug}'")


def register(content: Path, slug_by_code: Mapping[str, str], since: str) -> list[str]:
    """Write codes (code to slug) into the registry: rows that are missing, and the day into those that are `unprinted`.

    `since` is a day, or UNPRINTED. Returns the codes that were not there before. Raises NotRegistered, and nothing is written.
    """
    entries, _ = read_registry(content)
    known = {entry.code: entry for entry in entries}
    new = {code: slug for code, slug in slug_by_code.items() if code not in known}
    dated = {code for code in slug_by_code if code in known and not known[code].is_printed and since != UNPRINTED}
    if not new and not dated:
        return []
    rows = registry_rows(content) or ["\t".join(REGISTRY_COLUMNS)]
    rows = ["\t".join([*row.split("\t")[:2], since]) if code_of_row(row) in dated else row for row in rows]
    rows += [f"{code}\t{slug}\t{since}" for code, slug in sorted(new.items(), key=lambda item: item[1])]
    write_registry(content, rows, [*new.values(), *(known[code].slug for code in sorted(dated))])
    return sorted(new)


def unregister(content: Path, gone: Collection[RegisteredCode]) -> None:
    """Take rows out whose how-tos are gone and were never printed. Raises NotRegistered."""
    if gone:
        unused = {entry.code for entry in gone}
        write_registry(
            content, [row for row in registry_rows(content) if code_of_row(row) not in unused], [entry.slug for entry in gone]
        )


def registry_rows(content: Path) -> list[str]:
    path = content / REGISTRY_FILE
    return text_files.read_text(path).removesuffix("\n").split("\n") if path.exists() else []


def code_of_row(row: str) -> str:
    return row.split("\t")[0].strip()


def write_registry(content: Path, rows: Iterable[str], about: Collection[str]) -> None:
    path = content / REGISTRY_FILE
    try:
        write_atomic(path, "\n".join(rows) + "\n")
    except OSError as error:
        raise NotRegistered(path, about, os_error_reason(error)) from error
