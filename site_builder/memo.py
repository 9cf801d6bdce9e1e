"""Small made things by the hash of all that went into them, in one file: what a build need not work out again.

Films and leaflets are files of their own (cache.py). Pages and their packed forms are too many and too small for that:
ten thousand of them would be thirty thousand files, each waited for until it is on the disk.

Each row has a hash of its bytes: SQLite does not notice a wrong one. What is wrong is made again; a file that is no database
any more is begun anew.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

MEMOISED_ROOMS = ("library", "website")  # whose functions ask for what is kept here
UNUSED_BUILDS = 5  # what none of the last builds used is let go
CHECKSUM_BYTES = 16  # bytes of a row's hash
# What SQLite says when the system says no, and not the file: there is nothing to mend by making it anew.
ERRNO_BY_SQLITE = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_AUTH: errno.EACCES,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_LOCKED: errno.EBUSY,
    sqlite3.SQLITE_NOMEM: errno.ENOMEM,
    sqlite3.SQLITE_IOERR: errno.EIO,
}
UNREADABLE = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ)  # a sector of the file, which is then begun anew


class Memo:
    """`get` gives what is kept under a kind and its inputs, or makes it. Without a file it keeps nothing for the next build.

    `damaged` counts rows that were made again, `renewed` says that the whole file was begun anew.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self.used: set[int] = set()
        self.damaged = 0
        self.renewed = False
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            self._renew(error)

    def get(self, kind: str, inputs: bytes, make: Callable[[], bytes | None], made_by: bytes | None = None) -> bytes | None:
        """What `make` returns must follow from kind, inputs and `made_by`, else this program's own text; None is not kept."""
        key = self._key(kind, inputs, made_by)
        kept = self._kept(key)
        if kept is None and (kept := make()) is not None:
            self._keep(key, kept)
        return kept

    def still_needs(self, kind: str, inputs: bytes, made_by: bytes | None = None) -> None:
        """Not let go of what `get` would give, though nothing asks for its bytes now."""
        try:
            row = self.db.execute("SELECT rowid FROM kept WHERE key = ?", (self._key(kind, inputs, made_by),)).fetchone()
        except sqlite3.DatabaseError as error:
            self._renew(error)
            return
        if row is not None:
            self.used.add(row[0])

    def has_fact(self, kind: str, inputs: bytes) -> bool:
        """Whether this was noted before: a fact that needs no words."""
        return self._kept(self._note_key(kind, inputs)) is not None

    def add_fact(self, kind: str, inputs: bytes) -> None:
        self._keep(self._note_key(kind, inputs), b"")

    def close(self) -> None:
        """Keep what this build used, and what a few before it did."""
        try:
            self._let_go()
        except sqlite3.DatabaseError as error:
            self._renew(error)
        self.db.close()

    def _key(self, kind: str, inputs: bytes, made_by: bytes | None) -> bytes:
        return hashlib.sha256(b"\0".join((kind.encode(), made_by or program_hash(), inputs))).digest()

    def _note_key(self, kind: str, inputs: bytes) -> bytes:
        return hashlib.sha256(kind.encode() + b"\0" + inputs).digest()

    def _kept(self, key: bytes) -> bytes | None:
        try:
            row = self.db.execute("SELECT rowid, bytes FROM kept WHERE key = ?", (key,)).fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            self._renew(error)
            return None
        if row is None:
            return None
        number, data = row
        if not isinstance(data, bytes) or data[:CHECKSUM_BYTES] != row_checksum(key, data[CHECKSUM_BYTES:]):
            self.damaged += 1
            return None
        self.used.add(number)
        return data[CHECKSUM_BYTES:]

    def _keep(self, key: bytes, data: bytes) -> None:
        values = (key, row_checksum(key, data) + data)
        try:
            number = self.db.execute("INSERT OR REPLACE INTO kept (key, bytes) VALUES (?, ?)", values).lastrowid
        except sqlite3.DatabaseError as error:
            self._renew(error)
            number = self.db.execute("INSERT OR REPLACE INTO kept (key, bytes) VALUES (?, ?)", values).lastrowid
        self.used.add(number or 0)

    def _let_go(self) -> None:
        self.db.executemany("INSERT OR REPLACE INTO used VALUES (?, ?)", ((row, self.build) for row in self.used))
        self.db.execute("DELETE FROM used WHERE build <= ?", (self.build - UNUSED_BUILDS,))
        self.db.execute("DELETE FROM kept WHERE rowid NOT IN (SELECT row FROM used)")
        self.db.execute(f"PRAGMA user_version = {self.build}")
        self.db.commit()

    def _open(self) -> None:
        self.db = sqlite3.connect(self.file or ":memory:", timeout=60)
        old = self.db.execute("SELECT 1 FROM sqlite_master WHERE name = 'made'").fetchone()
        if old:  # rows without hashes, of an earlier release
            self.db.execute("DROP TABLE made")
            self.db.execute("DROP TABLE used")
        self.db.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, bytes BLOB)")
        # the build that last used a row; apart, since another number in the row itself would write all its bytes again
        self.db.execute("CREATE TABLE IF NOT EXISTS used (row INTEGER PRIMARY KEY, build INTEGER)")
        self.db.execute("SELECT key, bytes FROM kept LIMIT 1")
        self.db.execute("SELECT row, build FROM used LIMIT 1")
        (last,) = self.db.execute("PRAGMA user_version").fetchone()
        self.build = (last if 0 <= last < 2**30 else 0) + 1

    def _renew(self, error: Exception) -> None:
        """A new file in place of one that cannot be read. Raises OSError where it is the system that says no."""
        with suppress(AttributeError, sqlite3.Error):
            self.db.close()
        code = getattr(error, "sqlite_errorcode", -1)
        refused = None if code in UNREADABLE else ERRNO_BY_SQLITE.get(code & 0xFF)
        if refused is not None and self.file is not None:
            raise OSError(refused, os.strerror(refused), str(self.file)) from error
        if self.file is None or self.renewed:
            raise error
        self.renewed = True
        self.used.clear()
        for name in ("", "-journal", "-wal", "-shm"):
            self.file.with_name(self.file.name + name).unlink(missing_ok=True)
        self._open()


@contextmanager
def open_memo(folder: Path, name: str = "pages.sqlite") -> Iterator[Memo]:
    """The shelf of a cache folder. What was made is kept, also where the build then stops at an editor's mistake."""
    folder.mkdir(parents=True, exist_ok=True)
    shelf = Memo(folder / name)
    try:
        yield shelf
    except BaseException:
        with suppress(OSError):  # the first error is the one to be heard of
            shelf.close()
        raise
    shelf.close()


def row_checksum(key: bytes, data: bytes) -> bytes:
    """Of the key too: a row's bytes under another's key are as wrong as any."""
    return hashlib.sha256(key + data).digest()[:CHECKSUM_BYTES]


@cache
def program_hash() -> bytes:
    """The hash of the code that makes what is kept here: with other code, templates or messages it is made anew."""
    return hash_of_code(Path(__file__).parent)


def hash_of_code(package: Path) -> bytes:
    """SHA-256 of the names and bytes of all files in `MEMOISED_ROOMS` of a package, fonts apart.

    Only library/ and website/ keep results here. A word changed in the command line, the films or the leaflets remakes no page.
    """
    files = (path for room in MEMOISED_ROOMS for path in sorted((package / room).rglob("*")))
    code = (path for path in files if path.is_file() and path.suffix not in (".pyc", ".ttf"))
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in code)).digest()
