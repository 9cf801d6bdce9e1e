"""Puts a finished site in place of the old one in one step (Linux `renameat2`), in three elsewhere."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from site_builder.atomic_files import folder_lock, write_atomic
from site_builder.website.output.ownership import SiteOwnership, file_list_path, pending_list_path

RENAME_EXCHANGE = 2  # RENAME_EXCHANGE, renameat2(2)
AT_FDCWD = -100  # AT_FDCWD


@contextmanager
def staging_folder(site: Path) -> Iterator[Path]:
    """A folder beside the site for the next one. It holds the site before the last, or what a killed build left of it.

    To make and take away a folder for each page was a third of a build in which one word had changed; so it is brought up
    to date instead. Brings a site back that a killed build had moved aside. A second build waits until this one is done.
    What is written within can be read by a web server, however much its user keeps to himself.
    """
    staging, old = sibling(site, "new"), sibling(site, "old")
    site.parent.mkdir(parents=True, exist_ok=True)
    with folder_lock(site.parent), world_readable():
        if old.exists() and not site.exists():
            old.rename(site)
        restore_foreign_folders(site, old, staging)
        shutil.rmtree(old, ignore_errors=True)
        if staging.is_symlink():  # the site was one, and what it leads to is not ours
            staging.unlink()
        staging.mkdir(exist_ok=True)
        yield staging


def swap(staging: Path, site: Path) -> None:
    """Put the draft where the site is, and the site where the draft is. On Linux in one step; elsewhere in three, which
    `draft_of` can finish. Folders that are not ours go back into the site."""
    pending = read_pending_list(site)
    if pending is None and not file_list_path(site).exists():
        pending = (
            "\n".join(sorted(path.relative_to(staging).as_posix() for path in staging.rglob("*") if not path.is_dir())),
            [],
        )
    elif pending and file_list_path(site).exists():  # if we are killed now, either site's files are known to be ours
        write_atomic(
            file_list_path(site),
            "\n".join(sorted({*pending[0].split("\n"), *file_list_path(site).read_text("utf-8", "replace").split("\n")})),
        )
    old = sibling(site, "old")
    if not site.exists():
        staging.rename(site)
    elif not exchange(staging, site):
        site.rename(old)
        staging.rename(site)
        old.rename(staging)
    if pending:
        restore_foreign_folders(site, staging)
        write_atomic(file_list_path(site), pending[0])
        pending_list_path(site).unlink(missing_ok=True)


def read_pending_list(site: Path) -> tuple[str, list[str]] | None:
    """Our files in the next site, as its list has them, and folders of strangers that go with it."""
    try:
        pending = json.loads(pending_list_path(site).read_bytes())
        return str(pending["ours"]), [str(name) for name in pending["folders"]]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def blocked_reason(site: Path, root: Path, apart: Sequence[Path]) -> str | None:
    """Why a build may not put its site there; None where it may. `apart` are folders of the library that must not be in it."""
    real = site.resolve()
    if any(one.resolve().is_relative_to(real) for one in (root, *apart)):
        return f"leads to {real}, which holds the library itself"
    if real.exists() and not real.is_dir():
        return "is a file, and a folder is needed there"
    known = SiteOwnership(real)
    taken = [name for name in ("index.html", "404.html", "sitemap.xml", "assets") if os.path.lexists(real / name)]
    if taken and known.listed_files is None and not known.is_our_site:
        return f"holds a site that this program did not make ({', '.join(taken)}), and a build would replace it"
    return None


def restore_foreign_folders(site: Path, *others: Path) -> None:
    """Moves folders that no build made back into the site, from wherever a killed build left them."""
    pending = read_pending_list(site)
    for name in pending[1] if pending else ():
        for other in others:
            if os.path.lexists(other / name) and not os.path.lexists(site / name):
                (site / name).parent.mkdir(parents=True, exist_ok=True)
                (other / name).rename(site / name)
    if pending is None and not file_list_path(site).exists():  # an earlier release took them with it
        for other in others:
            for lost in other.glob(".*"):
                if site.is_dir() and not os.path.lexists(site / lost.name):
                    lost.rename(site / lost.name)


@contextmanager
def world_readable() -> Iterator[None]:
    """Files that are made within can be read by all; who may write to them stays the user's own choice."""
    old_umask = os.umask(0o022)
    os.umask(old_umask & ~0o755)
    try:
        yield
    finally:
        os.umask(old_umask)


def sibling(site: Path, what: str) -> Path:
    return site.with_name(f".{site.name}.{what}")


def exchange(one: Path, other: Path) -> bool:
    """Swap two names at once; False where the system or its file system cannot. No library offers this call."""
    if sys.platform != "linux":
        return False
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EPERM):
        return False
    raise OSError(code, os.strerror(code), str(other))
