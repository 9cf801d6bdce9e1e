"""Small made things by the hash of all that went into them, in one file: what a build need not work out again.

Films and leaflets are files of their own (cache.py). Pages and their packed forms are too many and too small for that:
ten thousand of them would be thirty thousand files, each waited for until it is on the disk.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

KEPT_BUILDS = 5  # what none of the last builds used is let go


class Shelf:
    """`get` gives what is kept under a kind and its inputs, or makes it. Without a file it keeps nothing for the next build."""

    def __init__(self, file: Path | None = None) -> None:
        self.used: set[int] = set()
        self.db = opened(file)
        (last,) = self.db.execute("PRAGMA user_version").fetchone()
        self.build = last + 1

    def get(self, kind: str, inputs: bytes, make: Callable[[], bytes | None], made_by: bytes | None = None) -> bytes | None:
        """What `make` returns must follow from kind, inputs and `made_by`, else this program's own text; None is not kept."""
        key = hashlib.sha256(b"\0".join((kind.encode(), made_by or program(), inputs))).digest()
        found = self.db.execute("SELECT rowid, bytes FROM made WHERE key = ?", (key,)).fetchone()
        if found:
            row, kept = found
            self.used.add(row)
            return bytes(kept)
        made = make()
        if made is not None:
            row = self.db.execute("INSERT OR REPLACE INTO made (key, bytes) VALUES (?, ?)", (key, made)).lastrowid
            self.used.add(row or 0)
        return made

    def close(self) -> None:
        """Keep what this build used, and what a few before it did."""
        self.db.executemany("INSERT OR REPLACE INTO used VALUES (?, ?)", ((row, self.build) for row in self.used))
        self.db.execute("DELETE FROM used WHERE build <= ?", (self.build - KEPT_BUILDS,))
        self.db.execute("DELETE FROM made WHERE rowid NOT IN (SELECT row FROM used)")
        self.db.execute(f"PRAGMA user_version = {self.build}")
        self.db.commit()
        self.db.close()


@contextmanager
def shelf_in(folder: Path) -> Iterator[Shelf]:
    """The shelf of a cache folder. What was made is kept, also where the build then stops at an editor's mistake."""
    folder.mkdir(parents=True, exist_ok=True)
    shelf = Shelf(folder / "pages.sqlite")
    try:
        yield shelf
    finally:
        shelf.close()


def opened(file: Path | None) -> sqlite3.Connection:
    """The database; a new one in place of one that cannot be read."""
    try:
        return prepared(file)
    except sqlite3.DatabaseError:
        if file is None:
            raise
        file.unlink(missing_ok=True)
        return prepared(file)


def prepared(file: Path | None) -> sqlite3.Connection:
    db = sqlite3.connect(file or ":memory:", timeout=60)
    db.execute("CREATE TABLE IF NOT EXISTS made (key BLOB PRIMARY KEY, bytes BLOB)")
    # the build that last used a row; apart, since another number in the row itself would write all its bytes again
    db.execute("CREATE TABLE IF NOT EXISTS used (row INTEGER PRIMARY KEY, build INTEGER)")
    db.execute("SELECT * FROM made LIMIT 1")
    return db


@cache
def program() -> bytes:
    """The hash of this program's own files: with other code or templates, everything is made anew."""
    package = Path(__file__).parent
    files = (path for path in sorted(package.rglob("*")) if path.is_file() and path.suffix not in (".pyc", ".ttf"))
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).digest()
