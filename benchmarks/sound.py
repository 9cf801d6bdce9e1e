"""What each bit rate costs a listener: python benchmarks/sound.py [FOLDER …] [--seconds 20].

Writes benchmarks/sound.md. The films in the FOLDERs (videos/ unless given) are levelled as a build does, coded at each setting,
decoded, laid over the levelled sound and compared by STOI and ESTOI (Taal 2011, Jensen 2016: how much of the words gets
through; 1 is all), and by PESQ (ITU-T P.862.2: what a listener would say, 1 to 4.64) where the package `pesq` is installed.
Films whose sound is music are left out: none of the three knows music. Bytes are those of the whole sound file, for a minute.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from pystoi import stoi

from site_builder.cache import Cache
from site_builder.films import audio, ffmpeg, masters
from site_builder.library.artifacts import Master
from site_builder.library.codecs import AUDIO_CODECS
from site_builder.library.ladder import LADDER

try:
    from pesq import pesq
except ImportError:
    pesq = None

ROOT = Path(__file__).parents[1]
RATE = 48000
Sound = Any  # a float array of one channel, RATE samples a second

OPUS = {"c:a": "libopus", "vbr": "on", "ar": RATE}
SETTINGS: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
    "Opus, 60 ms, 8 kHz wide (ours)": (AUDIO_CODECS["opus"].options_for(music=False), (10, 12, 14, 16, 20)),
    "Opus, 60 ms, as wide as it likes": ({**OPUS, "frame_duration": 60}, (14, 16, 20, 24)),
    "Opus, 20 ms, as wide as it likes": ({**OPUS, "frame_duration": 20}, (16,)),
    "Opus, 120 ms, 8 kHz wide": ({**OPUS, "frame_duration": 120, "cutoff": 8000}, (14,)),
    "Opus, 60 ms, 8 kHz wide, voip": ({**OPUS, "frame_duration": 60, "cutoff": 8000, "application": "voip"}, (14,)),
    "AAC-LC, 16 kHz (ours)": (AUDIO_CODECS["aac"].options_for(music=False), (16, 20, 24, 32)),
    "AAC-LC, 24 kHz": ({"c:a": "aac", "ar": 24000}, (20, 24)),
    "AAC-LC, 32 kHz": ({"c:a": "aac", "ar": 32000}, (20, 24, 32)),
}


@dataclass(frozen=True)
class Score:
    """Bytes a minute, and how it sounds beside the levelled sound."""

    bytes: float
    stoi: float
    estoi: float
    pesq: float | None


def main() -> None:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("folders", type=Path, nargs="*", default=[ROOT / "videos"])
    wishes.add_argument("--most", type=int, default=12, help="films of each folder")
    wishes.add_argument("--seconds", type=float, default=20, help="of each film that are compared; all of it is coded")
    given = wishes.parse_args()
    warnings.filterwarnings("ignore", category=RuntimeWarning)
    with tempfile.TemporaryDirectory() as folder:
        lines = list(report(given.folders, given.most, given.seconds, Path(folder)))
    (ROOT / "benchmarks/sound.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


def report(folders: list[Path], most: int, seconds: float, folder: Path) -> Iterator[str]:
    cache = Cache(folder / "cache")
    found = {place: (masters.read_master(path.resolve(), cache) for path in sorted(place.glob("*.mp4"))) for place in folders}
    voices = [v for films in found.values() for v in islice((f for f in films if f.has_audio and is_voice(f, cache)), most)]
    yield "# The sound, measured"
    yield ""
    named = ", ".join(f"{sum(v.path.parent == p.resolve() for v in voices)} in {p.name}/" for p in folders)
    folders_said = " ".join(place.name for place in folders)
    yield f"`make bench-sound VOICES='{folders_said}'`: {len(voices)} films with a voice ({named}), {seconds:g} s of each."
    yield "Median and worst."
    yield f"ffmpeg {ffmpeg.version()}, pystoi {version('pystoi')}{', pesq ' + version('pesq') if pesq else ''}."
    yield ""
    yield from rates(voices, cache, seconds, folder)
    yield from noises(voices, cache, seconds, folder)


def is_voice(film: Master, cache: Cache) -> bool:
    """Neither music nor silence, nor a room's murmur."""
    facts = audio.normalised(film, cache).facts
    return not facts["music"] and float(facts["measured"].get("measured_I", -70)) > -35


# ---- bit rates


def rates(voices: list[Master], cache: Cache, seconds: float, folder: Path) -> Iterator[str]:
    rungs = ", ".join(f"{name} {row.audio} {row.audio_kbps}k" for name, row in LADDER.items())
    yield f"The ladder: {rungs}."
    yield ""
    yield "| setting | kbit/s | bytes a minute | STOI | worst | ESTOI | worst | PESQ | worst |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, (options, kbps) in SETTINGS.items():
        for rate in kbps:
            scores = [coded(voice, {**options, "b:a": f"{rate}k"}, cache, seconds, folder) for voice in voices]
            yield f"| {name} | {rate} | {statistics.median(s.bytes for s in scores):,.0f} | {summed(scores)} |"
    yield ""


def coded(voice: Master, options: dict[str, Any], cache: Cache, seconds: float, folder: Path) -> Score:
    levelled = audio.normalised(voice, cache).path
    out = folder / "coded.mp4"
    extra = [word for name, value in {**options, "ac": 1, **audio.BITEXACT}.items() for word in (f"-{name}", str(value))]
    run("-i", str(levelled), *extra, "-movflags", "+faststart", str(out))
    size = out.stat().st_size * 60 / voice.seconds
    return scored(heard(levelled), heard(out), seconds, size)


def summed(scores: list[Score]) -> str:
    cells = []
    for name in ("stoi", "estoi", "pesq"):
        values = [getattr(score, name) for score in scores]
        digits = 2 if name == "pesq" else 3
        known = None not in values
        cells += [f"{v:.{digits}f}" if known else "–" for v in ((statistics.median(values), min(values)) if known else (0, 0))]
    return " | ".join(cells)


def scored(was: Sound, now: Sound, seconds: float, size: float = 0) -> Score:
    now = laid_over(was, now)
    length = min(len(was), len(now), round(seconds * RATE))
    was, now = was[:length], now[:length]
    good = float(pesq(16000, at_16k(was), at_16k(now), "wb")) if pesq else None
    return Score(size, float(stoi(was, now, RATE)), float(stoi(was, now, RATE, extended=True)), good)


def at_16k(samples: Sound) -> Sound:
    from scipy.signal import resample_poly

    return resample_poly(samples, 1, 3)


def laid_over(was: Sound, now: Sound) -> Sound:
    """Shifted by what a codec came early or late, up to 0.1 s: STOI judges four milliseconds as lost words."""
    length, most = min(len(was), len(now), 8 * RATE), RATE // 10
    seen = np.fft.irfft(np.fft.rfft(now[:length], 2 * length) * np.conj(np.fft.rfft(was[:length], 2 * length)))
    late = int(np.argmax(np.concatenate([seen[-most:], seen[:most]]))) - most
    return now[late:] if late >= 0 else np.concatenate([np.zeros(-late), now])


# ---- noise


def noises(voices: list[Master], cache: Cache, seconds: float, folder: Path) -> Iterator[str]:
    yield "Noise that this benchmark adds to the voices, against the voice alone; `denoise: true` in front matter."
    yield ""
    yield "| noise | denoise | STOI | worst | ESTOI | worst | PESQ | worst |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, noise in NOISES.items():
        for denoise in (False, True):
            scores = [noisy(voice, noise, denoise, cache, seconds, folder) for voice in voices]
            yield f"| {name} | {'yes' if denoise else 'no'} | {summed(scores)} |"


def noisy(voice: Master, noise: Any, denoise: bool, cache: Cache, seconds: float, folder: Path) -> Score:
    clean = heard(audio.normalised(voice, cache).path)
    mixed = clean + noise(clean)
    path = folder / "noisy.mka"
    raw = (mixed / max(1.0, np.abs(mixed).max())).astype("<f4").tobytes()
    subprocess.run(
        [ffmpeg.executable(), "-v", "error", "-y", "-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "-", str(path)],
        input=raw,
        check=True,
    )
    key = f"{voice.sha256} {noise.__name__} {denoise}"
    film = Master(path, key, voice.seconds, 0, 0, Fraction(1), has_audio=True, denoise=denoise)
    return scored(clean, heard(audio.normalised(film, cache).path), seconds)


def none(clean: Sound) -> Sound:
    return np.zeros(len(clean))


def at(noise: Sound, clean: Sound, decibels: float) -> Sound:
    """The noise, so many decibels under the voice."""
    return noise * np.sqrt(np.mean(clean**2) / np.mean(noise**2)) * 10 ** (-decibels / 20)


def wind(clean: Sound) -> Sound:
    """Gusts: noise that falls by 12 dB an octave above 100 Hz, louder and softer within a second; as loud as the voice."""
    rng = np.random.default_rng(1)
    spectrum = np.fft.rfft(rng.standard_normal(len(clean)))
    hertz = np.fft.rfftfreq(len(clean), 1 / RATE)
    rumble = np.fft.irfft(spectrum / (1 + (hertz / 100) ** 2), len(clean))
    knots = rng.uniform(0.1, 1, len(clean) // RATE + 2)
    gusts = np.interp(np.arange(len(clean)) / RATE, np.arange(len(knots)), knots)
    return at(rumble * gusts, clean, 0)


def hum(clean: Sound) -> Sound:
    """A transformer: 50 Hz and its first eleven harmonics, 5 dB under the voice."""
    seconds = np.arange(len(clean)) / RATE
    return at(sum(np.sin(2 * np.pi * 50 * n * seconds) / n for n in range(1, 13)), clean, 5)


def hiss(clean: Sound) -> Sound:
    """A phone's microphone in a quiet room, turned up: white, 15 dB under the voice."""
    return at(np.random.default_rng(2).standard_normal(len(clean)), clean, 15)


NOISES = {"none": none, "wind": wind, "hum": hum, "hiss": hiss}

# ---- ffmpeg


def run(*words: str) -> bytes:
    return subprocess.run(
        [ffmpeg.executable(), "-v", "error", "-nostdin", "-y", *words], check=True, stdout=subprocess.PIPE
    ).stdout


def heard(path: Path) -> Sound:
    """Decoded as a player does, delay and padding cut off by the file's edit list."""
    return np.frombuffer(run("-i", str(path), "-f", "f32le", "-ac", "1", "-ar", str(RATE), "-"), "<f4").astype(float)


if __name__ == "__main__":
    main()
