"""Encoders end with the build that began them, however that ended."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

BUILD = """
import sys
from site_builder.films import ffmpeg
from site_builder import pool

def encode(number):
    words = [ffmpeg.executable(), "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2", "-t", "60", "-f", "null", sys.argv[1]]
    ffmpeg.run(words, seconds=120)

print("begins", flush=True)
list(pool.run_jobs(range(3), encode, (), 3))
"""


def running(mark: str) -> list[int]:
    """Processes whose command has this word."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue  # it has just ended
        if mark.encode() in words and b"-re" in words:
            found.append(int(path.parent.name))
    return found


def until(done: float, mark: str, count: int) -> bool:
    end = time.monotonic() + done
    while time.monotonic() < end:
        if len(running(mark)) == count:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes where Linux lists them")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_encoder_outlives_its_build(number: signal.Signals, tmp_path: Path) -> None:
    mark = str(tmp_path / "mark")
    build = subprocess.Popen([sys.executable, "-c", BUILD, mark], stdout=subprocess.PIPE)
    assert until(60, mark, 3)

    build.send_signal(number)
    build.wait(20)

    assert until(5, mark, 0), running(mark)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes where Linux lists them")
@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.2, 0.3])
def test_an_encoder_that_only_just_begins_ends_as_well(delay: float, tmp_path: Path) -> None:
    mark = str(tmp_path / "mark")
    build = subprocess.Popen([sys.executable, "-c", BUILD, mark], stdout=subprocess.PIPE)
    assert build.stdout
    assert build.stdout.readline()
    time.sleep(delay)

    build.kill()
    build.wait(20)

    time.sleep(1)  # what was about to begin has begun
    assert until(5, mark, 0), running(mark)
