"""A folder is brought to hold the new site, whatever it held before: what is right already is left as it is.

Right is only what the site that stands there now has too, byte by byte: the folder's file is then a second name of the site's.
So nothing has to be known of how the folder came to be what it is; a build that was killed in the middle may have left it.

What stands in the site and is not ours (a `.git`, a CNAME, an editor's own file) stays: files get a second name in the new
site, folders are told to the caller, who moves them.
"""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from io import FileIO
from pathlib import Path, PurePosixPath

from site_builder.cache import naming, write_whole
from site_builder.shelf import Shelf
from site_builder.website import addresses
from site_builder.website.packed import TEXT, packed

Bytes = Path | bytes
Tree = dict[str, "Tree | Bytes"]
READABLE = 0o444  # by a web server too, whoever that runs as
WITNESS = b'"$schema": "library.schema.json"'  # stands in every library.json of ours
KEPT = re.compile(r"[0-9a-f]{64}\.")  # the name of a file in the cache
OURS = ("assets", "media", "print", "search", "hosts")  # folders that are ours whole


@dataclass
class Placed:
    """What a site's folder then holds: our files; files and folders that no build of ours made; and which of these stand where
    a file of ours belongs."""

    ours: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    in_the_way: list[str] = field(default_factory=list)

    @property
    def strangers(self) -> list[str]:
        return sorted([*self.folders, *self.files])


def put_all(files: Mapping[str, Bytes], into: Path, before: Path | None = None, shelf: Shelf | None = None) -> Placed:
    """Files by address, texts packed too, and nothing else but what was not ours. `before` is the site that stands there now,
    on the same disk; what `swap` must know of it is put down beside it."""
    into.mkdir(parents=True, exist_ok=True)
    if stat.S_IMODE(into.stat().st_mode) & READABLE != READABLE:  # from an earlier release, by a user who keeps to himself
        for folder, _, _ in os.walk(into):
            Path(folder).chmod(0o755)
    work = Placing(shelf or Shelf(), before if before and before.is_dir() else None)
    work.bring(str(into), tree_of(files), str(before) if work.before else None, "")
    if before:
        remember(before, work.placed)
    return work.placed


def tree_of(files: Mapping[str, Bytes]) -> Tree:
    top: Tree = {}
    for address, data in files.items():
        *folders, name = addresses.file_of(address).split("/")
        folder = top
        for inner in folders:
            folder = folder.setdefault(inner, {})  # type: ignore[assignment]  # no address is a file and a folder
        folder[name] = data
    return top


# ---- what is ours


def list_of(site: Path) -> Path:
    """The files of the last build, beside the site: what else is there is not ours."""
    return site.with_name(f".{site.name}.list")


def next_of(site: Path) -> Path:
    """Ours and folders of strangers in the site that is about to take its place; there only while a build is at work."""
    return site.with_name(f".{site.name}.next")


def remember(site: Path, placed: Placed) -> None:
    """For `swap`, where there is anything to be done."""
    text = "\n".join(sorted(placed.ours))
    with suppress(OSError, UnicodeDecodeError):
        if not placed.folders and list_of(site).read_text("utf-8") == text:
            next_of(site).unlink(missing_ok=True)
            return
    write_whole(next_of(site), json.dumps({"ours": text, "folders": placed.folders}))


class Known:
    """Whether a file of a site is ours: by the list beside it; where there is none, by what only we write."""

    def __init__(self, site: Path) -> None:
        self.site = site

    @cached_property
    def listed(self) -> frozenset[str] | None:
        try:
            return frozenset(list_of(self.site).read_text("utf-8").split("\n"))
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    @cached_property
    def listed_folders(self) -> frozenset[str]:
        return frozenset(str(folder) for path in self.listed or () for folder in PurePosixPath(path).parents)

    @cached_property
    def witnessed(self) -> bool:
        """The site is one of ours, of which no list is left."""
        try:
            return WITNESS in (self.site / "library.json").read_bytes()[:200]
        except OSError:
            return False

    def file(self, path: str) -> bool:
        if self.listed is not None:
            return path in self.listed
        top, _, rest = path.partition("/")
        if not self.witnessed or top.startswith("."):
            return False
        if (rest and top in OURS) or path.endswith(("index.html", ".br", ".gz")):
            return True
        return any((self.site / f"{path}{suffix}").exists() for suffix in (".br", ".gz"))

    def folder(self, path: str) -> bool:
        """Whether one of ours is somewhere in it."""
        if self.listed is not None:
            return path in self.listed_folders
        if not self.witnessed or path.startswith("."):
            return False
        with os.scandir(self.site / path) as entries:
            inner = [(f"{path}/{entry.name}", entry.is_dir(follow_symlinks=False)) for entry in entries]
        return any(self.folder(name) if is_folder else self.file(name) for name, is_folder in inner)


# ---- how it is brought there


@dataclass
class Placing:
    """One site, from top to bottom. Paths in it are put together as texts: a large one has a hundred thousand."""

    shelf: Shelf
    before: Path | None
    placed: Placed = field(default_factory=Placed)

    @cached_property
    def known(self) -> Known:
        assert self.before
        return Known(self.before)

    def bring(self, folder: str, wanted: Tree, before: str | None, at: str) -> None:
        """A folder, down to its last file. `at` is its path in the site, with a slash at its end."""
        wanted = with_packed(wanted, self.shelf)
        there = set()
        with os.scandir(folder) as entries:
            for entry in entries:
                there.add(entry.name)
                is_folder = entry.is_dir(follow_symlinks=False)
                if entry.name not in wanted or isinstance(wanted[entry.name], dict) != is_folder:
                    there.remove(entry.name)
                    shutil.rmtree(entry.path) if is_folder else Path(entry.path).unlink()
        folders, strangers = self.look(before, wanted, at) if before else (set(), [])
        for name, data in wanted.items():
            path, old = f"{folder}/{name}", before and f"{before}/{name}"
            if isinstance(data, dict):
                if name not in there:
                    os.mkdir(path)  # noqa: PTH102
                self.bring(path, data, old if name in folders else None, f"{at}{name}/")
            else:
                self.placed.ours.append(f"{at}{name}")
                self.put(data, path, old, name in there, f"{at}{name}")
        for path in strangers:
            self.carry(f"{self.before}/{path}", f"{folder}/{path[len(at) :]}", path)

    def put(self, data: Bytes, path: str, before: str | None, there: bool, at: str) -> None:
        """One file. What is `there` may be the site's own under a second name: it is never written to, but replaced."""
        same = same_file(data, before, self.shelf) if before else None
        if same and there and os.path.samestat(same, os.lstat(path)):
            return
        if there:
            Path(path).unlink()
        if before and same and linked(before, path):
            note(data, path, self.shelf)
            return
        if before and not same and os.path.lexists(before) and not self.known.file(at):
            self.placed.in_the_way.append(at)
        with naming(Path(path)):
            if isinstance(data, bytes):
                Path(path).write_bytes(data)
            else:
                shutil.copyfile(data, path)
                note(data, path, self.shelf)

    def look(self, before: str, wanted: Tree, at: str) -> tuple[set[str], list[str]]:
        """Names of a folder's wanted folders that the site before has, and paths of files in it that are not ours, also below
        folders that are wanted no more. Whole folders that are not ours are put down apart."""
        folders, strangers = set(), []
        with os.scandir(before) as entries:
            for entry in entries:
                name, path = entry.name, f"{at}{entry.name}"
                is_folder = entry.is_dir(follow_symlinks=False)
                if name in wanted and isinstance(wanted[name], dict) == is_folder:
                    folders |= {name} if is_folder else set()
                elif self.known.folder(path) if is_folder else self.known.file(path):
                    strangers += self.look(entry.path, {}, f"{path}/")[1] if is_folder else []
                elif name in wanted:
                    self.placed.in_the_way.append(path)
                elif entry.is_file(follow_symlinks=False) or entry.is_symlink():
                    strangers.append(path)
                else:
                    self.placed.folders.append(path)
        return folders, strangers

    def carry(self, source: str, path: str, at: str) -> None:
        """A stranger's file, under a second name or as a copy."""
        self.placed.files.append(at)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        if Path(source).is_symlink():
            Path(path).symlink_to(Path(source).readlink())
        elif not linked(source, path):
            shutil.copy2(source, path)


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


def same_file(data: Bytes, path: str, shelf: Shelf) -> os.stat_result | None:
    """What the disk knows of the file at `path`, where it has these bytes and anybody may read it."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_mode & READABLE != READABLE:
        return None
    if isinstance(data, bytes):
        same = found.st_size == len(data) and read(path) == data
    else:
        same = found.st_size == data.stat().st_size
        if same and not (KEPT.match(data.name) and shelf.has("placed", seal(data, found))):
            same = filecmp.cmp(data, path, shallow=False)
            note(data if same else b"", path, shelf)
    return found if same else None


def note(data: Bytes, path: str, shelf: Shelf) -> None:
    """The file at `path` has these bytes: it need not be read again until it looks otherwise from outside. Only of kept
    files: others are made anew for each build."""
    if isinstance(data, Path) and KEPT.match(data.name):
        shelf.note("placed", seal(data, os.lstat(path)))


def seal(source: Path, copy: os.stat_result) -> bytes:
    """A source and its copy as they look from outside. Whoever writes to a file changes its ctime, whatever he does to the
    mtime."""
    own = source.stat()
    parts = (own.st_ino, own.st_mtime_ns, own.st_ctime_ns, copy.st_ino, copy.st_mtime_ns, copy.st_ctime_ns, copy.st_size)
    return repr((source.name, *parts)).encode()


def read(path: str) -> bytes:
    with FileIO(path) as file:
        return file.read()


def linked(before: str, path: str) -> bool:
    """A second name for the same bytes; the old name goes with the old site. False where a disk has no such thing."""
    try:
        os.link(before, path)
    except OSError:
        return False
    return True
