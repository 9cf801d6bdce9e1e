"""The site is replaced as a whole or not at all."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXCHANGE = 2  # RENAME_EXCHANGE, renameat2(2)
HERE = -100  # AT_FDCWD


@contextmanager
def draft_of(site: Path) -> Iterator[Path]:
    """An empty folder beside the site, gone afterwards. Brings a site back that a killed build had moved aside."""
    draft, old = beside(site, "new"), beside(site, "old")
    if old.exists() and not site.exists():
        old.rename(site)
    for left in (draft, old):
        shutil.rmtree(left, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def swap(draft: Path, site: Path) -> None:
    """Put the draft where the site is. On Linux in one step; elsewhere in two, which `draft_of` can finish."""
    if not site.exists():
        draft.rename(site)
        return
    if exchange(draft, site):
        shutil.rmtree(draft)
        return
    old = beside(site, "old")
    site.rename(old)
    draft.rename(site)
    shutil.rmtree(old)


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
