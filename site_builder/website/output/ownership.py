"""Which files of a site's folder a build made: by the list beside it, else by what only we write."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from site_builder.atomic_files import write_atomic
from site_builder.website import urls

OUR_SITE_MARK = b'"$schema": "library.schema.json"'  # stands in every library.json of ours


@dataclass
class SyncResult:
    """What a site's folder then holds: our files; files and folders that no build of ours made; and which of these stand where
    a file of ours belongs."""

    our_files: list[str] = field(default_factory=list)
    foreign_files: list[str] = field(default_factory=list)
    foreign_folders: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)

    @property
    def foreign(self) -> list[str]:
        return sorted([*self.foreign_folders, *self.foreign_files])


def file_list_path(site: Path) -> Path:
    """The files of the last build, beside the site: what else is there is not ours."""
    return site.with_name(f".{site.name}.list")


def pending_list_path(site: Path) -> Path:
    """Ours and folders of strangers in the site that is about to take its place; there only while a build is at work."""
    return site.with_name(f".{site.name}.next")


def save_pending_list(site: Path, result: SyncResult) -> None:
    """For `swap`, where there is anything to be done."""
    text = "\n".join(sorted(result.our_files))
    with suppress(OSError, UnicodeDecodeError):
        if not result.foreign_folders and file_list_path(site).read_text("utf-8") == text:
            pending_list_path(site).unlink(missing_ok=True)
            return
    write_atomic(pending_list_path(site), json.dumps({"ours": text, "folders": result.foreign_folders}))


class SiteOwnership:
    """Whether a file of a site is ours: by the list beside it; where there is none, by what only we write."""

    def __init__(self, site: Path) -> None:
        self.site = site

    @cached_property
    def listed_files(self) -> frozenset[str] | None:
        try:
            return frozenset(file_list_path(self.site).read_text("utf-8").split("\n"))
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    @cached_property
    def listed_folders(self) -> frozenset[str]:
        return frozenset(str(folder) for path in self.listed_files or () for folder in PurePosixPath(path).parents)

    @cached_property
    def is_our_site(self) -> bool:
        """The site is one of ours, of which no list is left."""
        try:
            return OUR_SITE_MARK in (self.site / "library.json").read_bytes()[:200]
        except OSError:
            return False

    def owns_file(self, path: str) -> bool:
        if self.listed_files is not None:
            return path in self.listed_files
        top, _, rest = path.partition("/")
        if not self.is_our_site or top.startswith("."):
            return False
        if (rest and top in urls.OUR_FOLDERS) or path.endswith(("index.html", ".br", ".gz")):
            return True
        return any((self.site / f"{path}{suffix}").exists() for suffix in (".br", ".gz"))

    def owns_folder(self, path: str) -> bool:
        """Whether one of ours is somewhere in it."""
        if self.listed_files is not None:
            return path in self.listed_folders
        if not self.is_our_site or path.startswith("."):
            return False
        with os.scandir(self.site / path) as entries:
            inner = [(f"{path}/{entry.name}", entry.is_dir(follow_symlinks=False)) for entry in entries]
        return any(self.owns_folder(name) if is_folder else self.owns_file(name) for name, is_folder in inner)
