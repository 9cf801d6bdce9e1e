"""A master's sound: one channel at −16 LUFS without rumble, levelled once, then encoded for each rung."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import ffmpeg as graph

from site_builder.cache import Cache, CacheEntry
from site_builder.films import ffmpeg, packets
from site_builder.films.decoding import RUMBLE_HZ
from site_builder.library.artifacts import Master
from site_builder.library.codecs import AUDIO_CODECS
from site_builder.library.ladder import Rung

RECIPE = 2
TARGET_LUFS = -16.0  # LUFS, ITU-R BS.1770: loud enough for a phone's speaker
TARGET_PEAK_DBTP = -2.5  # dBTP asked of loudnorm: coding adds up to 1 dB, and −1.5 dBTP is what we promise
TARGET_RANGE_LU = 20  # LU: loudnorm stays linear (no pumping) while the master's range is within it
MIN_KBPS = 8
MIN_LOUDNORM_S = 3.2  # seconds: a sound that is too short to be levelled as it is
LOUDNESS_BLOCK_S = 0.4  # seconds of which BS.1770 takes the power: what is shorter has no loudness
# Wind and hum lie low: cut steeper and higher, where a phone's speaker gives little; then the noise that goes on and on, by
# its spectrum, followed as it changes. It softens more than it cleans, and costs a clean voice a little (benchmarks/sound.md).
DENOISE_FILTERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("highpass", {"f": 120}),
    ("highpass", {"f": 120}),
    ("afftdn", {"nr": 12, "tn": 1}),
)
MUSIC_BITRATE_FACTOR = 2  # times a rung's bit rate, which is that of a voice


def normalised(master: Master, cache: Cache) -> CacheEntry:
    """The master's sound as mono FLAC, exactly as long as its picture, two-pass loudness. Kept for all rungs."""

    def make(draft: Path) -> dict[str, Any]:
        measured, cpu_s = measure_loudness(master)
        stream = mono_stream(master)
        if measured and too_short_for_loudnorm(master):
            stream = with_gain(stream, TARGET_LUFS - float(measured["measured_I"]))
        elif measured:
            stream = stream.filter("loudnorm", **loudnorm_target(), **measured, linear="true")
        stream = stream.filter("aresample", 48000).filter("apad", whole_dur=master.seconds)
        stream = stream.filter("asetnsamples", n=4096, p=0)  # findings/loudnorm-flac-block.sh
        out = graph.output(stream, f"file:{draft}", t=master.seconds, **{"c:a": "flac", "sample_fmt": "s16"}, **BITEXACT)
        cpu_s += ffmpeg.run_composed(ffmpeg.compose(out), seconds=timeout_s(master)).cpu_s
        music, detect_cpu_s = detect_music(draft)
        return {"measured": measured, "music": music, "cpu_s": round(cpu_s + detect_cpu_s, 2)}

    return cache.get(key_inputs(master), ".flac", make)


def key_inputs(master: Master) -> dict[str, Any]:
    """All that decides the levelled sound: part of each rendition's key too."""
    unusual = {
        "track": master.sound.number or None,
        "channel": master.sound.channel,
        "padded": too_short_for_loudnorm(master) or None,
    }
    return {
        **{name: value for name, value in unusual.items() if value is not None},
        "sound": RECIPE,
        "ffmpeg": ffmpeg.version(),
        "master": master.sha256,
        "seconds": master.seconds,
        "denoise": master.denoise,
        "loudness": TARGET_LUFS,
        "peak": TARGET_PEAK_DBTP,
    }


def detect_music(levelled: Path) -> tuple[bool, float]:
    """Whether it is music rather than a voice, by libopus' own ear, and CPU seconds.

    At 16 kbit/s libopus codes what it hears as a voice in SILK or hybrid packets and music in CELT packets, as the first
    five bits of each packet tell (RFC 6716, section 3.1). Of speech and silence 0 % were CELT, of a noisy room's murmur 58 %,
    of music 91 to 99 %.
    """
    options = {"c:a": "libopus", "b:a": "16k", "application": "audio", "ar": 48000}
    out = graph.output(graph.input(f"file:{levelled}").audio, "pipe:1", format="matroska", **options)
    done = ffmpeg.run_composed(ffmpeg.compose(out), seconds=300)
    modes = [first >> 3 for first in packets.packet_first_bytes(done.stdout)]
    return sum(mode >= 16 for mode in modes) > 0.75 * len(modes), done.cpu_s


BITEXACT: dict[str, Any] = {"map_metadata": -1, "fflags": "+bitexact", "flags:a": "+bitexact"}


def mono_stream(master: Master) -> Any:
    """The sound track that is taken, padded or cut to begin at second 0, as one channel."""
    number, channel = master.sound.number, master.sound.channel
    stream = ffmpeg.master_input(master.path)[f"a:{number}" if number else "a"]
    stream = stream.filter("aresample", **{"async": 1, "first_pts": 0})
    if channel is None:
        stream = stream.filter("aformat", channel_layouts="mono")
    else:
        stream = stream.filter("channelmap", map=channel, channel_layout="mono")
    stream = stream.filter("highpass", f=RUMBLE_HZ)
    if master.denoise:
        for name, options in DENOISE_FILTERS:
            stream = stream.filter(name, **options)
    return stream


def with_gain(stream: Any, gain: float) -> Any:
    """Louder by so many dB; at four times the rate a limiter sees the true peaks."""
    stream = stream.filter("volume", f"{gain:.2f}dB").filter("aresample", 4 * 48000)
    return stream.filter("alimiter", limit=f"{10 ** (TARGET_PEAK_DBTP / 20):.4f}", level=0, latency=1, attack=1, release=20)


def too_short_for_loudnorm(master: Master) -> bool:
    """Whether the sound is below MIN_LOUDNORM_S: loudnorm measures in windows of 3 s and leaves shorter ones 2 LU low."""
    return master.sound.seconds is not None and master.sound.seconds < MIN_LOUDNORM_S


def loudnorm_target() -> dict[str, Any]:
    return {"I": TARGET_LUFS, "TP": TARGET_PEAK_DBTP, "LRA": TARGET_RANGE_LU}


def measure_loudness(master: Master) -> tuple[dict[str, str], float]:
    """First pass: what loudnorm measured (empty for silence, which has no loudness), and CPU seconds."""
    stream = mono_stream(master)
    if too_short_for_loudnorm(master):
        stream = stream.filter("apad", whole_dur=LOUDNESS_BLOCK_S)
    stream = stream.filter("loudnorm", **loudnorm_target(), print_format="json")
    command = ffmpeg.compose(graph.output(stream, "-", format="null"))
    command[command.index("-v") + 1] = "info"  # loudnorm speaks at this level only
    done = ffmpeg.run_composed([command[0], "-nostats", *command[1:]], seconds=timeout_s(master))
    reports = re.findall(r"\{[^{}]*\"input_i\"[^{}]*\}", done.stderr)
    if not reports:
        return {}, done.cpu_s
    report = json.loads(reports[-1])
    names = {"measured_I": "input_i", "measured_TP": "input_tp", "measured_LRA": "input_lra", "measured_thresh": "input_thresh"}
    measured = {name: report[source] for name, source in names.items()} | {"offset": report["target_offset"]}
    silent = any("inf" in value for value in measured.values()) or float(measured["measured_I"]) < -69
    return ({} if silent else measured), done.cpu_s


def encode_track(normalised_audio: CacheEntry, rung: Rung, seconds: float, draft: Path, budget: int) -> float:
    """Write the rung's sound, at most `budget` bytes, to an .mp4; returns CPU seconds. Raises RenditionFailed."""
    music = normalised_audio.facts["music"]
    kbps: float = rung.audio_kbps * (MUSIC_BITRATE_FACTOR if music else 1)
    codec_options = AUDIO_CODECS[rung.audio].options_for(music)
    cpu_s = 0.0
    while kbps >= MIN_KBPS:
        stream = graph.input(f"file:{normalised_audio.path}").audio
        options = {**codec_options, "b:a": f"{kbps:.1f}k", "ac": 1, "movflags": "+faststart", **BITEXACT}
        out = graph.output(stream, f"file:{draft}", **options)
        cpu_s += ffmpeg.run_composed(ffmpeg.compose(out), seconds=60 + seconds * 4).cpu_s
        if draft.stat().st_size <= budget:
            return cpu_s
        kbps *= 0.98 * budget / draft.stat().st_size
    raise RenditionFailed(f"its sound alone does not fit {budget:,} bytes at {MIN_KBPS} kbit/s")


class RenditionFailed(Exception):
    """No rendition that may be published: over its budget at the worst quality allowed, or the finished file is not whole; says
    how near it came.
    """


def timeout_s(master: Master) -> float:
    """Wall-clock seconds after which a pass over the sound is stuck."""
    return 60 + master.seconds * 6
