"""Picture quality of a rendition beside its master: VMAF v0.6.1 and its phone model.

A yardstick of its own, so that the program is not judged by its own measure; the tests hold the two together. The reference is
the master at its own size (longer side at most 1280) and average rate. The rendition is brought to that rate, its frames
repeated, and scaled up bicubically. Every third frame counts.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from site_builder.cache import Cache
from site_builder.films import ffmpeg

RECIPE = 1  # part of every kept score's key
LONGEST, EVERY = 1280, 3
MODELS = {"vmaf": "version=vmaf_v0.6.1\\:name=vmaf", "phone": "version=vmaf_v0.6.1\\:name=phone\\:enable_transform=true"}


@dataclass(frozen=True)
class Measured:
    """A file of a clip: the rung or preset that it is of, bytes, CPU seconds of its making, scores as `measure` gives them."""

    clip: str
    name: str
    bytes: int
    cpu_s: float
    vmaf: dict[str, float]
    phone: dict[str, float]


@dataclass(frozen=True)
class Film:
    """What a media file is, as shown: with its rotation applied."""

    width: int
    height: int
    rate: str  # average frames a second, as a fraction
    seconds: float


def look(path: Path) -> Film:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frame = next(container.decode(stream))
        turned = abs(getattr(frame, "rotation", 0) or 0) % 180 == 90
        width, height = (frame.height, frame.width) if turned else (frame.width, frame.height)
        rate = stream.average_rate or stream.guessed_rate
        return Film(width, height, f"{rate.numerator}/{rate.denominator}", container.duration / 1e6)


def measure(master: Path, rendition: Path) -> dict[str, dict[str, float]]:
    """`{"vmaf": {mean, harmonic, p5}, "phone": {…}}`. Raises CalledProcessError."""
    film = look(master)
    share = min(1.0, LONGEST / max(film.width, film.height))
    width, height = (int(side * share) // 2 * 2 for side in (film.width, film.height))
    same = f"fps={film.rate},scale={width}:{height}:flags=bicubic,format=yuv420p,settb=AVTB,setpts=PTS-STARTPTS"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "vmaf.json"
        judge = f"libvmaf=model='{'|'.join(MODELS.values())}':n_threads=1:n_subsample={EVERY}:log_fmt=json:log_path={log}"
        graph = f"[0:v]{same}[d];[1:v]{same}[r];[d][r]{judge}"
        quiet = [ffmpeg.executable(), "-hide_banner", "-nostdin", "-nostats", "-v", "error"]
        films = ["-threads", "1", "-i", f"file:{rendition}", "-threads", "1", "-i", f"file:{master}"]
        subprocess.run([*quiet, *films, "-lavfi", graph, "-an", "-f", "null", "-"], check=True, stdin=subprocess.DEVNULL)
        frames = [frame["metrics"] for frame in json.loads(log.read_text())["frames"]]
    return {name: summed([frame[name] for frame in frames if name in frame]) for name in MODELS}


def summed(scores: list[float]) -> dict[str, float]:
    harmonic = len(scores) / sum(1 / (score + 1) for score in scores) - 1  # as libvmaf pools it
    hard = statistics.quantiles(scores, n=20, method="inclusive")[0]
    return {"mean": round(statistics.fmean(scores), 2), "harmonic": round(harmonic, 2), "p5": round(hard, 2)}


def scores(master: Path, rendition: Path, keep: Cache) -> dict[str, dict[str, float]]:
    """What `measure` says of any file, ours or a peer's; asked once for the same bytes."""
    hashes = {"master": hash_of(master), "rendition": hash_of(rendition)}

    def judge(draft: Path) -> dict[str, Any]:
        draft.touch()  # the facts are what is kept
        return measure(master, rendition)

    return keep.get({"score": RECIPE, "ffmpeg": ffmpeg.version(), **hashes}, ".score", judge).facts


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
