"""The site is replaced as a whole or not at all."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

EXCHANGE = 2  # RENAME_EXCHANGE, renameat2(2)
HERE = -100  # AT_FDCWD


@contextmanager
def draft_of(site: Path) -> Iterator[Path]:
    """A folder beside the site for the next one. It holds the site before the last, or what a killed build left of it.

    To make and take away a folder for each page was a third of a build in which one word had changed; so it is brought up
    to date instead. Brings a site back that a killed build had moved aside. A second build waits until this one is done.
    """
    draft, old = beside(site, "new"), beside(site, "old")
    site.parent.mkdir(parents=True, exist_ok=True)
    with alone_in(site.parent):
        if old.exists() and not site.exists():
            old.rename(site)
        shutil.rmtree(old, ignore_errors=True)
        if draft.is_symlink():  # the site was one, and what it leads to is not ours
            draft.unlink()
        draft.mkdir(exist_ok=True)
        yield draft


def swap(draft: Path, site: Path) -> None:
    """Put the draft where the site is, and the site where the draft is. On Linux in one step; elsewhere in three, which
    `draft_of` can finish."""
    if not site.exists():
        draft.rename(site)
    elif not exchange(draft, site):
        old = beside(site, "old")
        site.rename(old)
        draft.rename(site)
        old.rename(draft)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """One build at a time, where the system can see to it; the lock goes with its process, however that ends."""
    if fcntl is None:
        yield
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some disks of other machines have no locks
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        with suppress(OSError):
            fcntl.flock(opened, fcntl.LOCK_UN)  # a process that was forked meanwhile would hold it still
        os.close(opened)


def beside(site: Path, what: str) -> Path:
    return site.with_name(f".{site.name}.{what}")


def exchange(one: Path, other: Path) -> bool:
    """Swap two names at once; False where the system or its file system cannot. No library offers this call."""
    if sys.platform != "linux":
        return False
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EPERM):
        return False
    raise OSError(code, os.strerror(code), str(other))
