"""Files and folders that are whole or absent, also when a build is killed or the power goes: written beside, flushed, renamed.

Locks go with the process that holds them, and what a killed build left behind is swept by the next.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

TEMP_PREFIX = "site-builder-"  # how the names of our folders begin where the system keeps temporary ones


@contextmanager
def file_lock(path: Path, waiting: Callable[[], object]) -> Iterator[None]:
    """Locks a file; the lock goes with its process, however that ends. Where a disk has no locks, nothing is held."""
    lock = filelock.FileLock(path)
    try:
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            waiting()
            lock.acquire()
    except NotImplementedError:
        pass
    try:
        yield
    finally:
        lock.release()


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Locks a folder against others who would change it, where the system can."""
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


def write_atomic(path: Path, text: str) -> None:
    """Write beside, then replace, so that no reader ever sees half of it. Not mkstemp: mode 0600 shuts other workers out."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        with filename_in_errors(path):
            draft.write_text(text, "utf-8", newline="\n")
            fsync(draft)
            draft.replace(path)
    finally:
        with suppress(OSError):  # the first error is the one to be heard of
            draft.unlink(missing_ok=True)


@contextmanager
def filename_in_errors(path: Path) -> Iterator[None]:
    """Say which file it was, of an error that does not: of a write that finds the disk full."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = str(path)
        raise


def sweep_drafts(paths: Iterator[Path]) -> None:
    """Remove what `write_atomic` left in processes that were killed."""
    for path in paths:
        if names_dead_process(re.fullmatch(r"\..+\.(\d+)-[0-9a-f]{8}", path.name)):
            with suppress(OSError):
                path.unlink()


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder where the system keeps such, by a name that tells whose it is: `sweep` removes those of the dead."""
    return tempfile.TemporaryDirectory(prefix=f"{TEMP_PREFIX}{host_and_pid()}-", ignore_cleanup_errors=True)


def names_dead_process(named: re.Match[str] | None) -> bool:
    """Whether the matched name holds the pid (group 1) of a process of this machine that no longer runs."""
    return named is not None and not is_running(int(named[1]))


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def host_and_pid() -> str:
    """This process, by its machine and number."""
    return f"{socket.gethostname()}-{os.getpid()}"


def user_id() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def fsync(path: Path) -> None:
    """Wait until the bytes are on the disk: without it, a power failure can leave a name with nothing behind it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
