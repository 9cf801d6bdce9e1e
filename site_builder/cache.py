"""Files by the hash of all that went into them. A made file is whole or not there, whenever the power fails.

Why not a library: diskcache and joblib keep pickles and a database behind their files. We need plain files that MkDocs
can copy, that several machines can share over a mount, and that a person can look at.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Facts = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """A kept file, what is known of it, and whether it was there before."""

    path: Path
    key: str
    facts: Facts
    from_cache: bool


def key_of(inputs: Mapping[str, Any]) -> str:
    """sha256 of the inputs as canonical JSON. Raises TypeError for what JSON cannot say."""
    return hashlib.sha256(canonical(inputs).encode()).hexdigest()


def canonical(inputs: Mapping[str, Any]) -> str:
    return json.dumps(inputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Cache:
    """`<k2>/<key><suffix>` is the file; `<k2>/<key>.json` its inputs and facts, written last: where it is, both are whole."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.used: set[str] = set()

    def find(self, inputs: Mapping[str, Any], suffix: str) -> Entry | None:
        key = key_of(inputs)
        try:
            kept = json.loads(self.facts_path(key).read_text("utf-8"))
            path = self.file_path(key, suffix)
            if path.stat().st_size != kept["bytes"]:
                return None  # someone changed it: made again
            facts = kept["facts"]
        except (FileNotFoundError, ValueError, KeyError, TypeError):  # not there, or facts that are no facts
            return None
        self.used.add(key)
        return Entry(path, key, facts, from_cache=True)

    def get(self, inputs: Mapping[str, Any], suffix: str, make: Callable[[Path], Facts]) -> Entry:
        """The kept file, or the one that `make` writes to the draft path it is given; its result is kept as facts."""
        if entry := self.find(inputs, suffix):
            return entry
        with _making.setdefault(self.root / key_of(inputs), threading.RLock()):
            if entry := self.find(inputs, suffix):  # another job of this build wanted it at the same time
                return entry
            with self.draft_folder() as folder:
                draft = folder / f"made{suffix}"
                facts = make(draft)
                return self.keep(inputs, suffix, draft, facts)

    def know(self, inputs: Mapping[str, Any], look: Callable[[Path], Facts]) -> Facts:
        """What was found out before, or what `look` finds out now: facts without a file of their own."""

        def find_out(draft: Path) -> Facts:
            facts = look(draft)
            draft.touch()
            return facts

        return self.get(inputs, ".facts", find_out).facts

    def keep(self, inputs: Mapping[str, Any], suffix: str, draft: Path, facts: Facts) -> Entry:
        """Move a finished draft in. Facts go last."""
        key = key_of(inputs)
        path = self.file_path(key, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        size = draft.stat().st_size
        self.facts_path(key).unlink(missing_ok=True)  # of a file that was found changed
        flush(draft)
        draft.replace(path)
        about = {"bytes": size, "suffix": suffix, "facts": facts, "inputs": inputs}
        write_whole(self.facts_path(key), json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True))
        self.used.add(key)
        return Entry(path, key, facts, from_cache=False)

    def file_path(self, key: str, suffix: str) -> Path:
        return self.root / key[:2] / f"{key}{suffix}"

    def facts_path(self, key: str) -> Path:
        return self.root / key[:2] / f"{key}.json"

    @contextmanager
    def draft_folder(self) -> Iterator[Path]:
        """A folder for half-made things, on the same disk as the cache, gone afterwards."""
        drafts = self.root / "drafts"
        drafts.mkdir(parents=True, exist_ok=True)
        prefix = f"{socket.gethostname()}-{os.getpid()}-"
        with tempfile.TemporaryDirectory(prefix=prefix, dir=drafts, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def sweep(self) -> None:
        """Remove drafts of builds on this machine that are no more (killed, power failed)."""
        ours = re.compile(rf"{re.escape(socket.gethostname())}-(\d+)-[^-]+")
        for folder in (self.root / "drafts").glob("*"):
            if (found := ours.fullmatch(folder.name)) and not alive(int(found[1])):
                shutil.rmtree(folder, ignore_errors=True)

    def entries(self) -> Iterator[tuple[str, dict[str, Any], int]]:
        """Key, what is known, and bytes of every kept file."""
        for path in sorted(self.root.glob("??/*.json")):
            with suppress(FileNotFoundError, ValueError, KeyError, TypeError):  # broken facts: `prune` removes them
                about = json.loads(path.read_text("utf-8"))
                yield path.stem, about, about["bytes"] + path.stat().st_size

    def remember_used(self) -> None:
        """Note what the last build used, for `prune`."""
        self.root.mkdir(parents=True, exist_ok=True)
        write_whole(self.root / "used.json", json.dumps(sorted(self.used)))

    def prune(self) -> tuple[int, int]:
        """Remove what the last build did not use: entries and bytes that went. Raises FileNotFoundError before any build.

        Files without facts go too: they are from a build that was killed between the two.
        """
        used = set(json.loads((self.root / "used.json").read_text("utf-8")))
        unused: dict[str, list[Path]] = {}
        for path in sorted(self.root.glob("??/*"), key=lambda path: path.suffix != ".json"):  # facts first
            if (key := path.name.lstrip(".").split(".")[0]) not in used:
                unused.setdefault(key, []).append(path)
        freed = sum(path.stat().st_size for paths in unused.values() for path in paths)
        for path in (path for paths in unused.values() for path in paths):
            path.unlink(missing_ok=True)
        return len(unused), freed


_making: dict[Path, threading.RLock] = {}  # setdefault on it is one step: no thread comes in between


def write_whole(path: Path, text: str) -> None:
    """Write beside, then replace, so that no reader ever sees half of it. Not mkstemp: mode 0600 shuts other workers out."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        draft.write_text(text, "utf-8", newline="\n")
        flush(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Wait until the bytes are on the disk: without it, a power failure can leave a name with nothing behind it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
