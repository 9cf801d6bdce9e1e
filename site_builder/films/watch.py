"""Ends the programs of a build that is no more: a build that is killed outright (SIGKILL, out of memory) cannot do it itself.

A process of its own, begun with the first program. It holds the other end of a pipe and is told which programs run; when the
pipe ends, the build has ended, however that came, and what is still on the list is killed with all its children. Linux alone
could do it without (PR_SET_PDEATHSIG), but only for the thread that began a program, and not safely beside other threads.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import BinaryIO


def kill_with_parent(lines: BinaryIO) -> None:
    """`told` has lines: `+123` for a program that began, `-123` for one that has ended, each the first of its own group."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a terminal's or a CI's: the build answers them
        signal.signal(number, signal.SIG_IGN)
    running: set[int] = set()
    for line in lines:
        (running.add if line.startswith(b"+") else running.discard)(int(line[1:]))
    for group in running:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    kill_with_parent(sys.stdin.buffer)
