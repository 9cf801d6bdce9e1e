"""Puts files into a new site. What the old site has already, byte by byte, is not written again: it gets a second name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from shutil import copyfile

from site_builder.shelf import Shelf
from site_builder.website import addresses
from site_builder.website.packed import TEXT, packed

Bytes = Path | bytes


def put_all(files: Mapping[str, Bytes], into: Path, before: Path | None = None, shelf: Shelf | None = None) -> None:
    """Files by address, texts packed too. `before` is the site that stands there now, on the same disk."""
    shelf = shelf or Shelf()
    folders: set[str] = set()
    for address, data in files.items():
        name = addresses.file_of(address)
        folder = name.rpartition("/")[0]
        if folder not in folders:
            (into / folder).mkdir(parents=True, exist_ok=True)
            folders.add(folder)
        if isinstance(data, Path):
            put_copy(data, into / name, before and before / name)
            data = data.read_bytes() if name.endswith(TEXT) else b""
        else:
            put(data, into / name, before and before / name)
        if name.endswith(TEXT):
            for suffix, smaller in zip((".br", ".gz"), packed(data, shelf), strict=True):
                if len(smaller) < len(data):
                    put(smaller, into / (name + suffix), before and before / (name + suffix))


def put(data: bytes, path: Path, before: Path | None) -> None:
    if not (before and is_there(before, data) and linked(before, path)):
        path.write_bytes(data)


def put_copy(source: Path, path: Path, before: Path | None) -> None:
    """A film or a picture: its name holds the hash of all that it was made from, so name and size tell enough."""
    same = before and before.is_file() and before.stat().st_size == source.stat().st_size
    if not (before and same and linked(before, path)):
        copyfile(source, path)


def is_there(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def linked(before: Path, path: Path) -> bool:
    """A second name for the same bytes; the old name goes with the old site. False where a disk has no such thing."""
    try:
        os.link(before, path)
    except OSError:
        return False
    return True
