"""A folder is brought to hold the new site, whatever it held before: what is right already is left as it is.

Right is only what the site that stands there now has too, byte by byte: the folder's file is then a second name of the site's.
So nothing has to be known of how the folder came to be what it is; a build that was killed in the middle may have left it.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import stat
from collections.abc import Mapping
from io import FileIO
from pathlib import Path

from site_builder.shelf import Shelf
from site_builder.website import addresses
from site_builder.website.packed import TEXT, packed

Bytes = Path | bytes
Tree = dict[str, "Tree | Bytes"]


def put_all(files: Mapping[str, Bytes], into: Path, before: Path | None = None, shelf: Shelf | None = None) -> None:
    """Files by address, texts packed too, and nothing else. `before` is the site that stands there now, on the same disk."""
    into.mkdir(parents=True, exist_ok=True)
    bring(str(into), tree_of(files), str(before) if before and before.is_dir() else None, shelf or Shelf())


def tree_of(files: Mapping[str, Bytes]) -> Tree:
    top: Tree = {}
    for address, data in files.items():
        *folders, name = addresses.file_of(address).split("/")
        folder = top
        for inner in folders:
            folder = folder.setdefault(inner, {})  # type: ignore[assignment]  # no address is a file and a folder
        folder[name] = data
    return top


def bring(folder: str, wanted: Tree, before: str | None, shelf: Shelf) -> None:
    """The folder, down to its last file."""
    wanted = with_packed(wanted, shelf)
    there = set()
    with os.scandir(folder) as entries:
        for entry in entries:
            there.add(entry.name)
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name not in wanted or isinstance(wanted[entry.name], dict) != is_folder:
                there.remove(entry.name)
                shutil.rmtree(entry.path) if is_folder else Path(entry.path).unlink()
    for name, data in wanted.items():
        path, old = f"{folder}/{name}", before and f"{before}/{name}"
        if isinstance(data, dict):
            if name not in there:
                Path(path).mkdir()
            bring(path, data, old, shelf)
        else:
            put(data, path, old, name in there)


def with_packed(wanted: Tree, shelf: Shelf) -> Tree:
    """A folder's texts with their packed forms beside them."""
    found = dict(wanted)
    for name, data in wanted.items():
        if name.endswith(TEXT) and not isinstance(data, dict):
            text = found[name] = data if isinstance(data, bytes) else data.read_bytes()
            for suffix, smaller in zip((".br", ".gz"), packed(text, shelf), strict=True):
                if len(smaller) < len(text):
                    found[name + suffix] = smaller
    return found


def put(data: Bytes, path: str, before: str | None, there: bool) -> None:
    """One file. What is `there` may be the site's own under a second name: it is never written to, but replaced."""
    same = before and same_file(data, before)
    if same and there and os.path.samestat(same, os.lstat(path)):
        return
    if there:
        Path(path).unlink()
    if before and same and linked(before, path):
        return
    if isinstance(data, bytes):
        Path(path).write_bytes(data)
    else:
        shutil.copyfile(data, path)


def same_file(data: Bytes, path: str) -> os.stat_result | None:
    """What the disk knows of the file at `path`, where it has these bytes."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    if isinstance(data, bytes):
        same = found.st_size == len(data) and read(path) == data
    else:
        same = found.st_size == data.stat().st_size and (has_its_key(data, path) or filecmp.cmp(data, path, shallow=False))
    return found if same else None


def read(path: str) -> bytes:
    with FileIO(path) as file:
        return file.read()


def has_its_key(source: Path, path: str) -> bool:
    """A film or a picture of the cache: its name there, and 8 digits of it here, are the hash of all that it was made from."""
    return path.split(".")[-2:-1] == [source.stem[:8]]


def linked(before: str, path: str) -> bool:
    """A second name for the same bytes; the old name goes with the old site. False where a disk has no such thing."""
    try:
        os.link(before, path)
    except OSError:
        return False
    return True
