"""What others would make of the same master: their presets, word for word, and what each costs. Kept by the hash of all that
went into it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.films.measure import Measured, hash_of, scores
from site_builder.cache import Cache
from site_builder.films import ffmpeg

LINES_480 = "scale='w=-2:h=trunc(min(ih,480)/2)*2'"
WIDE_480 = "scale='480:trunc(ow/a/2)*2'"
# openZIM: python-scraperlib, zimscraperlib/video/presets.py. ricecooker: ricecooker/utils/videos.py.
PRESETS = {
    "openZIM webm low": (
        f"-codec:v libvpx-vp9 -b:v 140k -qmin 30 -qmax 40 -g 240 -quality good -speed 4 -vf {WIDE_480} "
        "-codec:a libvorbis -b:a 48k -ar 44100 -ac 2",
        ".webm",
    ),
    "openZIM mp4 low": (
        f"-codec:v h264 -b:v 300k -maxrate 300k -minrate 300k -qmin 30 -qmax 42 -vf {WIDE_480} "
        "-codec:a aac -ar 44100 -b:a 48k -movflags +faststart -ac 2",
        ".mp4",
    ),
    "ricecooker mp4": (
        f"-vf {LINES_480} -b:a 32k -ac 1 -crf 32 -profile:v baseline -level 3.0 -preset slow -movflags faststart",
        ".mp4",
    ),
    "ricecooker webm": (
        f"-vf {LINES_480} -b:a 32k -ac 1 -crf 35 -c:v libvpx-vp9 -b:v 0 -deadline good -cpu-used 1",
        ".webm",
    ),
    "plain ffmpeg": ("", ".mp4"),
}
# One peer has no preset but a scale: with it as a curve beside ours, a BD-rate has a meaning.
PLAIN_CRF = (28, 35)
CURVE = {f"plain ffmpeg, crf {crf}": (f"-crf {crf}", ".mp4") for crf in PLAIN_CRF}


def make(master: Path, name: str, keep: Cache) -> Measured:
    """One preset's file of a master. Raises CalledProcessError."""
    words, suffix = (PRESETS | CURVE)[name]
    inputs = {"peer": words, "suffix": suffix, "ffmpeg": ffmpeg.version(), "master": hash_of(master)}
    entry = keep.get(inputs, suffix, lambda draft: encode(master, words, draft))
    return Measured(master.stem, name, entry.path.stat().st_size, entry.facts["cpu_s"], **scores(master, entry.path, keep))


def encode(master: Path, words: str, draft: Path) -> dict[str, Any]:
    command = [ffmpeg.executable(), "-nostdin", "-y", "-v", "error", "-i", f"file:{master}", *words.split(), f"file:{draft}"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return {"cpu_s": round(usage.ru_utime + usage.ru_stime, 2)}
