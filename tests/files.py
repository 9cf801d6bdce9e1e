"""Folders read whole, and folders that nothing can be written to."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder in which nothing can be written. Permissions do not hold root back: for root its files are made immutable."""
    if os.geteuid():
        before = folder.stat().st_mode
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(before)
        return
    if subprocess.run(["chattr", "-R", "+i", folder], capture_output=True, check=False).returncode:
        pytest.skip("this file system has no immutable files: run it as another user than root")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-R", "-i", folder], check=True)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
