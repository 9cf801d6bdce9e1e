"""A content-addressed cache of files: the key is SHA-256 of everything that decides a file's bytes. A file is whole or absent,
also after a power cut.

Why not a library: diskcache and joblib keep pickles and a database behind their files. We need plain files that MkDocs
can copy, that several machines can share over a mount, and that a person can look at.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from site_builder.atomic_files import (
    TEMP_PREFIX,
    file_lock,
    filename_in_errors,
    folder_lock,
    fsync,
    host_and_pid,
    names_dead_process,
    sweep_drafts,
    user_id,
    write_atomic,
)

Facts = dict[str, Any]
# Of a file: mtime and ctime in ns, inode, and the day on which its bytes were last hashed.
Signature = tuple[int, int, int, int]
FACTS_PREFIX = '{\n "sum": "'  # how a file of facts begins; then 32 digits of the hash of its rest
REHASH_AFTER_DAYS = 30  # after which a file is hashed again that nobody seems to have touched: disks rot


class BrokenUsedList(Exception):
    """A library's list of used files cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(str(path))


@dataclass(frozen=True)
class CacheEntry:
    """A kept file, what is known of it, and whether it was there before."""

    path: Path
    key: str
    facts: Facts
    from_cache: bool


@dataclass(frozen=True)
class CacheAccount:
    """Keys that were used, files that were found damaged, and how each used file looked when it was hashed."""

    used: tuple[str, ...]
    damaged: tuple[Path, ...]
    signatures: Mapping[str, Signature]


def key_of(inputs: Mapping[str, Any]) -> str:
    """sha256 of the inputs as canonical JSON. Raises TypeError for what JSON cannot say."""
    return hashlib.sha256(canonical_json(inputs).encode()).hexdigest()


def canonical_json(inputs: Mapping[str, Any]) -> str:
    return json.dumps(inputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Cache:
    """`<k2>/<key><suffix>` is the file; `<k2>/<key>.json` its inputs, facts and hash, written last: with it, both are whole.

    Several libraries may share one: each has a list of what it used and a lock of its own, named after it where the cache
    is not within its folder. `damaged` are files whose bytes were not those that were kept: each is made again.
    """

    def __init__(self, root: Path, library: Path | None = None) -> None:
        self.root = root
        self.library = library
        self.used: set[str] = set()
        self.damaged: list[Path] = []
        inside = library is None or Path(os.path.realpath(root)).is_relative_to(os.path.realpath(library))
        self.suffix = "" if inside else f".{library.name}-{hash_of(os.fsencode(library.resolve()))[:8]}"  # type: ignore[union-attr]

    def __reduce__(self) -> tuple[type[Cache], tuple[Path, Path | None]]:
        """Pickled as its place alone: the copy in another process begins an account of its own, for `add_account`."""
        return Cache, (self.root, self.library)

    def account(self) -> CacheAccount:
        """What was used of it since it was opened, for a process that opened it elsewhere."""
        return CacheAccount(
            tuple(sorted(self.used)),
            tuple(self.damaged),
            {key: self.signatures[key] for key in self.used if key in self.signatures},
        )

    def add_account(self, account: CacheAccount) -> None:
        """Take what another process used of the same cache for used here: `prune` then keeps it."""
        self.used |= set(account.used)
        self.damaged += [path for path in account.damaged if path not in self.damaged]
        self.signatures.update(account.signatures)

    # ---- kept files

    def find(self, inputs: Mapping[str, Any], suffix: str) -> CacheEntry | None:
        """What is kept, if its bytes are those that were kept. Raises OSError where the system will not let us look."""
        key = key_of(inputs)
        path, meta_path = self.file_path(key, suffix), self.facts_path(key)
        try:
            meta = read_facts(meta_path.read_bytes())
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError):
            self.damaged.append(meta_path)
            return None
        if not self._is_whole(path, key, meta):
            self.damaged.append(path)
            return None
        self.used.add(key)
        return CacheEntry(path, key, meta["facts"], from_cache=True)

    def _is_whole(self, path: Path, key: str, meta: dict[str, Any]) -> bool:
        """Whether a file has the bytes that were kept. It is read only where its times or its inode say that it may not."""
        try:
            stat = path.stat()
            if stat.st_size != meta["bytes"]:
                return False
            before = self.signatures.get(key)
            if before and before[:3] == signature(stat)[:3] and day_number() - before[3] < REHASH_AFTER_DAYS:
                return True
            digest = hash_of_file(path)
        except (FileNotFoundError, IsADirectoryError):
            return False
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False  # a sector that cannot be read: the file is made again elsewhere
        if "hash" not in meta:  # from a release that kept none: taken as it is, from now on held to it
            if key_of(meta.get("inputs", {})) != key:
                return False
            with suppress(OSError):
                write_atomic(self.facts_path(key), facts_text({**meta, "hash": digest}))
        elif digest != meta["hash"]:
            return False
        self.signatures[key] = signature(stat)
        return True

    def get(self, inputs: Mapping[str, Any], suffix: str, make: Callable[[Path], Facts]) -> CacheEntry:
        """The kept file, or the one that `make` writes to the draft path it is given; its result is kept as facts."""
        if entry := self.find(inputs, suffix):
            return entry
        with _make_locks.setdefault(self.root / key_of(inputs), threading.RLock()):
            if entry := self.find(inputs, suffix):  # another job of this build wanted it at the same time
                return entry
            with filename_in_errors(self.root), self.draft_folder() as folder:
                draft = folder / f"made{suffix}"
                facts = make(draft)
                return self.store(inputs, suffix, draft, facts)

    def memoise(self, inputs: Mapping[str, Any], compute: Callable[[Path], Facts]) -> Facts:
        """Facts without a file of their own, computed once by `compute`; each time where the cache cannot be written (a full
        disk, one that may only be read)."""
        if entry := self.find(inputs, ".facts"):
            return entry.facts
        with _make_locks.setdefault(self.root / key_of(inputs), threading.RLock()), ExitStack() as stack:
            if entry := self.find(inputs, ".facts"):
                return entry.facts
            try:
                draft = stack.enter_context(self.draft_folder()) / "made.facts"
            except OSError:
                return compute(self.root / "drafts" / "none")
            facts = compute(draft)
            with suppress(OSError):
                draft.touch()
                self.store(inputs, ".facts", draft, facts)
            return facts

    def store(self, inputs: Mapping[str, Any], suffix: str, draft: Path, facts: Facts) -> CacheEntry:
        """Move a finished draft in. Facts go last. What another process has kept meanwhile stays."""
        key = key_of(inputs)
        path = self.file_path(key, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        meta = {"bytes": draft.stat().st_size, "suffix": suffix, "facts": facts, "inputs": inputs, "hash": hash_of_file(draft)}
        fsync(draft)
        with folder_lock(path.parent):
            with suppress(OSError, ValueError, TypeError, KeyError):
                existing = read_facts(self.facts_path(key).read_bytes())
                if self._is_whole(path, key, existing):
                    self.used.add(key)
                    return CacheEntry(path, key, existing["facts"], from_cache=False)
            self.facts_path(key).unlink(missing_ok=True)  # of a file that was found changed
            draft.replace(path)
            write_atomic(self.facts_path(key), facts_text(meta))
            self.signatures[key] = signature(path.stat())
        self.used.add(key)
        return CacheEntry(path, key, facts, from_cache=False)

    def file_path(self, key: str, suffix: str) -> Path:
        return self.root / key[:2] / f"{key}{suffix}"

    def facts_path(self, key: str) -> Path:
        return self.root / key[:2] / f"{key}.json"

    def entries(self) -> Iterator[tuple[str, dict[str, Any], int]]:
        """Key, what is known, and bytes of every kept file."""
        for path in sorted(self.root.glob("??/*.json")):
            with suppress(FileNotFoundError, ValueError, KeyError, TypeError):  # broken facts: `prune` removes them
                meta = read_facts(path.read_bytes())
                meta.pop("hash", None)
                yield path.stem, meta, meta["bytes"] + path.stat().st_size

    # ---- drafts

    @contextmanager
    def draft_folder(self) -> Iterator[Path]:
        """A folder for half-made things, on the same disk as the cache, gone afterwards."""
        drafts = self.root / "drafts"
        drafts.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{host_and_pid()}-", dir=drafts, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def sweep(self) -> None:
        """Remove what builds on this machine left that are no more (killed, power failed): drafts, and temporary folders."""
        ours = re.compile(rf"{re.escape(socket.gethostname())}-(\d+)-[^-]+")
        leftover = [folder for folder in (self.root / "drafts").glob("*") if names_dead_process(ours.fullmatch(folder.name))]
        for folder in leftover:
            shutil.rmtree(folder, ignore_errors=True)
        if leftover:  # a process that was killed may have been at its last step: the facts
            sweep_drafts(self.root.glob("??/.*"))
        with suppress(OSError):
            for folder in Path(tempfile.gettempdir()).glob(f"{TEMP_PREFIX}*"):
                match = ours.fullmatch(folder.name.removeprefix(TEMP_PREFIX))
                if names_dead_process(match) and not folder.is_symlink() and folder.stat().st_uid == user_id():
                    shutil.rmtree(folder, ignore_errors=True)

    # ---- libraries

    @cached_property
    def signatures(self) -> dict[str, Signature]:
        """Stat signature of each file at the time when this library's last build hashed it."""
        try:
            return {
                key: signature_of_file
                for key, signature_of_file in read_used_list(self.used_list_path).items()
                if signature_of_file
            }
        except FileNotFoundError:
            return {}
        except BrokenUsedList as error:
            self.damaged.append(error.path)
            return {}

    @property
    def used_list_path(self) -> Path:
        return self.root / f"used{self.suffix}.json"

    @property
    def account_path(self) -> Path:
        """What the library's last build made and what that cost."""
        return self.root / f"account{self.suffix}.json"

    @property
    def memo_path(self) -> Path:
        """The memo of pages and parsed files (memo.py)."""
        return self.root / f"pages{self.suffix}.sqlite"

    def write_used_list(self) -> None:
        """Note what the last build used, for `prune`, and how it looked, so that the next one need not read it all."""
        self.root.mkdir(parents=True, exist_ok=True)
        keys = {key: self.signatures.get(key) for key in sorted(self.used)}
        write_atomic(self.used_list_path, json.dumps({"library": str(self.library or ""), "keys": keys}))

    def prune(self) -> tuple[int, int]:
        """Remove what no library's last build used: entries and bytes that went. Raises FileNotFoundError before any build of
        this one, BrokenUsedList where it is not known what one of them uses.

        Files without facts go too: they are from a build that was killed between the two.
        """
        used = set(read_used_list(self.used_list_path))
        for path in self.root.glob("used*.json"):
            used |= set(read_used_list(path))
        unused: dict[str, list[Path]] = {}
        for path in sorted(self.root.glob("??/*"), key=lambda path: path.suffix != ".json"):  # facts first
            if (key := path.name.lstrip(".").split(".")[0]) not in used:
                unused.setdefault(key, []).append(path)
        freed = sum(path.stat().st_size for paths in unused.values() for path in paths)
        for path in (path for paths in unused.values() for path in paths):
            path.unlink(missing_ok=True)
        return len(unused), freed

    @contextmanager
    def lock_build(self, waiting: Callable[[], object]) -> Iterator[None]:
        """Locks this library's builds: one at a time, whichever command it comes from, since two would do the same work and
        fight for the site. `waiting` is called where there is one already, or where the cache is being pruned."""
        self.root.mkdir(parents=True, exist_ok=True)
        with file_lock(self.root / f"build{self.suffix}.lock", waiting):
            with file_lock(self.root / "prune.lock", waiting):
                pass  # no prune began before it could see that we are here
            yield

    @contextmanager
    def lock_all_builds(self, waiting: Callable[[], object]) -> Iterator[None]:
        """Locks the builds of every library that shares the cache, for `prune`: what they make is in no list yet."""
        self.root.mkdir(parents=True, exist_ok=True)
        with file_lock(self.root / "prune.lock", waiting), ExitStack() as stack:
            for path in sorted({*self.root.glob("build*.lock"), self.root / f"build{self.suffix}.lock"}):
                stack.enter_context(file_lock(path, waiting))
            yield


_make_locks: dict[Path, threading.RLock] = {}  # setdefault on it is one step: no thread comes in between


def read_facts(text: bytes) -> dict[str, Any]:
    """What a file of facts says. Raises ValueError, TypeError or KeyError where it is not as it was written."""
    if text.startswith(FACTS_PREFIX.encode()):
        start = len(FACTS_PREFIX)
        if text[start : start + 32].decode("ascii") != hash_of(text[start + 34 :])[:32]:
            raise ValueError("facts that were changed")
        text = b"{" + text[start + 34 :]
    meta: dict[str, Any] = json.loads(text)
    if "sum" in meta:
        raise ValueError("facts that were written again")
    if not isinstance(meta["bytes"], int) or not isinstance(meta["facts"], dict):
        raise TypeError("facts that are none")
    return meta


def facts_text(meta: Mapping[str, Any]) -> str:
    rest = json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True)[1:]
    return f'{FACTS_PREFIX}{hash_of(rest.encode())[:32]}",{rest}'


def read_used_list(path: Path) -> dict[str, Signature | None]:
    """The keys that a library's last build used. Raises FileNotFoundError, BrokenUsedList."""
    try:
        data = json.loads(path.read_bytes())
        keys = dict.fromkeys(data) if isinstance(data, list) else data["keys"]  # a list: from an earlier release
        return {str(key): tuple(map(int, known)) if known and len(known) == 4 else None for key, known in keys.items()}  # type: ignore[misc]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BrokenUsedList(path) from None


def hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def hash_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def signature(stat: os.stat_result) -> Signature:
    """What changes with a file's bytes: nobody can set a ctime, whatever is done to the mtime."""
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, day_number()


def day_number() -> int:
    """Days since 1970-01-01, UTC."""
    return int(time.time() // 86400)
