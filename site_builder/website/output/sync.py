"""Syncs the staging folder with the new site.

A file stays only if it is a hard link to an identical file of the live site; all else is rewritten, so nothing depends on how
the folder came to be: a build that was killed in the middle may have left it. Foreign files (`.git`, CNAME, an editor's own)
are kept: files by hard link, folders are named to the caller, who moves them.
"""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import FileIO
from pathlib import Path

from site_builder.atomic_files import filename_in_errors
from site_builder.memo import Memo
from site_builder.website import urls
from site_builder.website.assets.precompress import TEXT_SUFFIXES, brotli_and_gzip
from site_builder.website.output.ownership import SiteOwnership, SyncResult, save_pending_list

FileData = Path | bytes


FileTree = dict[str, "FileTree | FileData"]


READABLE_BY_ALL = 0o444  # by a web server too, whoever that runs as


CACHED_NAME = re.compile(r"[0-9a-f]{64}\.")  # the name of a file in the cache


def sync_site(files: Mapping[str, FileData], into: Path, before: Path | None = None, memo: Memo | None = None) -> SyncResult:
    """Files by address, texts packed too, and nothing else but what was not ours. `before` is the site that stands there now,
    on the same disk; what `swap` must know of it is put down beside it."""
    into.mkdir(parents=True, exist_ok=True)
    if (
        stat.S_IMODE(into.stat().st_mode) & READABLE_BY_ALL != READABLE_BY_ALL
    ):  # from an earlier release, by a user who keeps to himself
        for folder, _, _ in os.walk(into):
            Path(folder).chmod(0o755)
    work = SiteSync(memo or Memo(), before if before and before.is_dir() else None)
    work.sync_folder(str(into), tree_of(files), str(before) if work.previous else None, "")
    if before:
        save_pending_list(before, work.result)
    return work.result


def tree_of(files: Mapping[str, FileData]) -> FileTree:
    top: FileTree = {}
    for address, data in files.items():
        *folders, name = urls.file_of(address).split("/")
        folder = top
        for inner in folders:
            folder = folder.setdefault(inner, {})  # type: ignore[assignment]  # no address is a file and a folder
        folder[name] = data
    return top


@dataclass
class SiteSync:
    """One site, from top to bottom. Paths in it are put together as texts: a large one has a hundred thousand."""

    memo: Memo
    previous: Path | None
    result: SyncResult = field(default_factory=SyncResult)

    @cached_property
    def ownership(self) -> SiteOwnership:
        assert self.previous
        return SiteOwnership(self.previous)

    def sync_folder(self, folder: str, wanted: FileTree, previous: str | None, relative: str) -> None:
        """A folder, down to its last file. `at` is its path in the site, with a slash at its end."""
        wanted = with_compressed(wanted, self.memo)
        existing = set()
        with os.scandir(folder) as entries:
            for entry in entries:
                existing.add(entry.name)
                is_folder = entry.is_dir(follow_symlinks=False)
                if entry.name not in wanted or isinstance(wanted[entry.name], dict) != is_folder:
                    existing.remove(entry.name)
                    shutil.rmtree(entry.path) if is_folder else Path(entry.path).unlink()
        folders, foreign = self.scan_previous(previous, wanted, relative) if previous else (set(), [])
        for name, data in wanted.items():
            path, previous_path = f"{folder}/{name}", previous and f"{previous}/{name}"
            if isinstance(data, dict):
                if name not in existing:
                    os.mkdir(path)  # noqa: PTH102
                self.sync_folder(path, data, previous_path if name in folders else None, f"{relative}{name}/")
            else:
                self.result.our_files.append(f"{relative}{name}")
                self.sync_file(data, path, previous_path, name in existing, f"{relative}{name}")
        for path in foreign:
            self.keep_foreign_file(f"{self.previous}/{path}", f"{folder}/{path[len(relative) :]}", path)

    def sync_file(self, data: FileData, path: str, previous: str | None, exists: bool, relative: str) -> None:
        """One file. What is `there` may be the site's own under a second name: it is never written to, but replaced."""
        same = stat_if_same(data, previous, self.memo) if previous else None
        if same and exists and os.path.samestat(same, os.lstat(path)):
            return
        if exists:
            Path(path).unlink()
        if previous and same and hard_link(previous, path):
            record_same(data, path, self.memo)
            return
        if previous and not same and os.path.lexists(previous) and not self.ownership.owns_file(relative):
            self.result.conflicts.append(relative)
        with filename_in_errors(Path(path)):
            if isinstance(data, bytes):
                Path(path).write_bytes(data)
            else:
                shutil.copyfile(data, path)
                record_same(data, path, self.memo)

    def scan_previous(self, previous: str, wanted: FileTree, relative: str) -> tuple[set[str], list[str]]:
        """Names of a folder's wanted folders that the site before has, and paths of files in it that are not ours, also below
        folders that are wanted no more. Whole folders that are not ours are put down apart."""
        folders, foreign = set(), []
        with os.scandir(previous) as entries:
            for entry in entries:
                name, path = entry.name, f"{relative}{entry.name}"
                is_folder = entry.is_dir(follow_symlinks=False)
                if name in wanted and isinstance(wanted[name], dict) == is_folder:
                    folders |= {name} if is_folder else set()
                elif self.ownership.owns_folder(path) if is_folder else self.ownership.owns_file(path):
                    foreign += self.scan_previous(entry.path, {}, f"{path}/")[1] if is_folder else []
                elif name in wanted:
                    self.result.conflicts.append(path)
                elif entry.is_file(follow_symlinks=False) or entry.is_symlink():
                    foreign.append(path)
                else:
                    self.result.foreign_folders.append(path)
        return folders, foreign

    def keep_foreign_file(self, source: str, path: str, relative: str) -> None:
        """A stranger's file, under a second name or as a copy."""
        self.result.foreign_files.append(relative)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        if Path(source).is_symlink():
            Path(path).symlink_to(Path(source).readlink())
        elif not hard_link(source, path):
            shutil.copy2(source, path)


def with_compressed(wanted: FileTree, memo: Memo) -> FileTree:
    """A folder's texts with their packed forms beside them."""
    files = dict(wanted)
    for name, data in wanted.items():
        if name.endswith(TEXT_SUFFIXES) and not isinstance(data, dict):
            text = files[name] = data if isinstance(data, bytes) else data.read_bytes()
            for suffix, smaller in zip((".br", ".gz"), brotli_and_gzip(text, memo), strict=True):
                if len(smaller) < len(text):
                    files[name + suffix] = smaller
    return files


def stat_if_same(data: FileData, path: str, memo: Memo) -> os.stat_result | None:
    """What the disk knows of the file at `path`, where it has these bytes and anybody may read it."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode) or status.st_mode & READABLE_BY_ALL != READABLE_BY_ALL:
        return None
    if isinstance(data, bytes):
        same = status.st_size == len(data) and read_bytes(path) == data
    else:
        same = status.st_size == data.stat().st_size
        if same and not (CACHED_NAME.match(data.name) and memo.has_fact("placed", stat_fingerprint(data, status))):
            same = filecmp.cmp(data, path, shallow=False)
            record_same(data if same else b"", path, memo)
    return status if same else None


def record_same(data: FileData, path: str, memo: Memo) -> None:
    """The file at `path` has these bytes: it need not be read again until it looks otherwise from outside. Only of kept
    files: others are made anew for each build."""
    if isinstance(data, Path) and CACHED_NAME.match(data.name):
        memo.add_fact("placed", stat_fingerprint(data, os.lstat(path)))


def stat_fingerprint(source: Path, copy: os.stat_result) -> bytes:
    """A source and its copy as they look from outside. Whoever writes to a file changes its ctime, whatever he does to the
    mtime."""
    own = source.stat()
    parts = (own.st_ino, own.st_mtime_ns, own.st_ctime_ns, copy.st_ino, copy.st_mtime_ns, copy.st_ctime_ns, copy.st_size)
    return repr((source.name, *parts)).encode()


def read_bytes(path: str) -> bytes:
    with FileIO(path) as file:
        return file.read()


def hard_link(before: str, path: str) -> bool:
    """A second name for the same bytes; the old name goes with the old site. False where a disk has no such thing."""
    try:
        os.link(before, path)
    except OSError:
        return False
    return True
