"""What the operating system refuses, in one sentence: which file, why, and how much room is left."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

DISK_FULL_ERRNOS = (errno.ENOSPC, errno.EDQUOT)
OS_ERROR_REASONS = {
    errno.EROFS: "its disk may only be read",
    errno.EACCES: "there is no permission for it",
    errno.EPERM: "there is no permission for it",
    errno.ENOENT: "it is not there, or something took it away while this was at work",
    errno.EFBIG: "files may not be so large here (see 'ulimit -f')",
    errno.EMFILE: "too many files are open (see 'ulimit -n')",
    errno.ENFILE: "too many files are open on this machine",
    errno.EIO: "its disk fails",
    errno.EBUSY: "something else is using it; a folder that is a mount cannot be replaced: mount the one above it",
    errno.ENOTDIR: "a file stands where a folder must be",
    errno.EEXIST: "a file stands where a folder must be",
    errno.EISDIR: "a folder stands where a file must be",
    errno.ENAMETOOLONG: "its name is too long for this disk",
}


def os_error_reason(error: OSError) -> str:
    """What the system says, as the end of a sentence: `permission denied`."""
    return (error.strerror or str(error)).lower()


def describe_os_error(error: OSError) -> str:
    """The system said no, in one sentence: which file, and why; of a full disk, how much room there is and is needed.

    `error.needed` may hold the bytes that are still to be written.
    """
    names = [os.fsdecode(name) for name in (error.filename2, error.filename) if isinstance(name, str | bytes | os.PathLike)]
    name = names[0] if names else "a file"
    if error.errno not in DISK_FULL_ERRNOS:
        return f"{name} cannot be used: {OS_ERROR_REASONS.get(error.errno or 0) or error.strerror or error}"
    free_text = f"; {megabytes(free_bytes(Path(name)))} MB are free"
    needed: int | None = getattr(error, "needed", None)
    return f"no room is left on the disk of {name}{free_text}" + (
        f", about {megabytes(needed)} MB more are needed" if needed else ""
    )


def megabytes(count: int) -> str:
    """`0.4`, `12`: millions of bytes, with one decimal below ten."""
    return f"{count / 1e6:,.1f}" if count < 10e6 else f"{count / 1e6:,.0f}"


def free_bytes(path: Path) -> int:
    """Bytes that are left on a file's disk."""
    existing = next((folder for folder in (path, *path.absolute().parents) if folder.is_dir()), Path("/"))
    return shutil.disk_usage(existing).free
