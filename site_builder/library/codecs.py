"""The table of codecs. A codec is one row: its name in settings, how its encoder is called, and what players must know of it.

It stands in the library's room because settings, films and pages all read it. The rows stand in the order in which a player is
offered them: the same picture or sound costs more bytes from one to the next.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

KEYINT = 9999  # frames between key frames: never within a shot, which begins with its only one
Options = dict[str, Any]  # of ffmpeg's output, in the order in which they are written


def no_record(record: bytes) -> str:
    return ""


@dataclass(frozen=True)
class VideoCodec:
    """One codec of pictures.

    CRF runs from `best_crf` to `worst_crf` in steps of `crf_step`; a search begins at `start_crf`, for slides at `slides_crf`.
    `octave` is the linear steps that halve the bytes; `knots` (pairs of CRF and linear step, both rising) map CRF to them
    where it is steeper or flatter: see crf_search.CrfScale. `cpu_s_per_minute` and `slides_cpu_s_per_minute` are CPU seconds
    that a minute of film takes at effort normal, from benchmarks/films.md; `cost` is the encoding time beside H.264's, by
    which jobs are put in order.
    """

    encoder: str  # ffmpeg's name for it: `doctor` asks whether it is there
    options: Callable[[float, Any], Options]  # CRF and preset → ffmpeg's options
    presets: Mapping[str, Any]  # the encoder's preset by the name of an EffortPreset: draft, normal, best, fast
    pix_fmt: str
    best_crf: float
    worst_crf: float
    start_crf: float
    slides_crf: float
    octave: float
    default_lines: int  # picture size (shorter side) that is usual at 900,000 bytes a minute
    cost: float
    cpu_s_per_minute: float
    slides_cpu_s_per_minute: float
    stream_name: str  # what ffmpeg calls the coded format: the name of its decoder's codec
    crf_step: float = 0.25
    knots: tuple[tuple[float, float], ...] = ()
    # (bytes, loss) of an encode with a slow preset divided by those of the fast one at the same CRF, measured on real footage.
    # None where a first pass with the fast one does not pay.
    slow_preset_ratios: tuple[float, float] | None = None
    # From this CRF up the encoder may write another sequence header; all shots of one file must share one.
    header_changes_at: float = math.inf
    mp4_tag: str = ""  # of its track, where ffmpeg's own choice is not what players want
    rfc6381: Callable[[bytes], str] = (
        no_record  # decoder configuration record → name for `<source type>`; "": the record is none
    )
    plays_anywhere: bool = False  # on any phone: what one gets that says nothing of itself
    # A media type that pages' scripts ask of a browser before lists and search tell the price of this codec's film beside that
    # of the one that plays anywhere; "": they tell none. player-controls.js has the same words.
    asked_as: str = ""
    skipped_efforts: tuple[str, ...] = ()  # that do not make it: a draft is for looking, and the others play anywhere
    also_called: tuple[str, ...] = ()  # in names of rungs: `standard-h265` is the same thing to play as `standard`


@dataclass(frozen=True)
class AudioCodec:
    """One codec of sound, always of one channel."""

    encoder: str
    options: Options
    voice_options: Options  # in place of those, where the sound is a voice and no music
    rfc6381: str
    stream_name: str
    plays_anywhere: bool = False
    also_called: tuple[str, ...] = ()

    def options_for(self, music: bool) -> Options:
        return self.options | ({} if music else self.voice_options)


# ---- AV1

# CRF and linear steps, measured on real footage: CRF that halve the bytes are 14 below CRF 50, 11 to 55, 8.5 to 58, 4.6 to 63
# and 7.4 beyond.
SVT_KNOTS = ((20.0, 32.9), (50.0, 50.0), (55.0, 53.65), (58.0, 56.5), (63.0, 65.2), (69.0, 71.7))


def svt_options(crf: float, preset: int) -> Options:
    # crf as a parameter: the option of that name ends at 63 (findings/svt-av1-crf-above-63.sh).
    # lp=1: side by side beats inside, and one thread is repeatable.
    params = f"crf={crf:g}:lp=1:keyint={KEYINT}:scd=1"
    return {"c:v": "libsvtav1", "preset": preset, "svtav1-params": params}


def av1_name(record: bytes) -> str:
    """From an av1C record, AV1-ISOBMFF section 5: av01.0.04M.10."""
    if len(record) <= 3:
        return "av01"
    depth = {0: "08", 0x40: "10", 0x60: "12"}[record[2] & 0x60]
    return f"av01.{record[1] >> 5}.{record[1] & 31:02}{'H' if record[2] & 0x80 else 'M'}.{depth}"


# ---- HEVC and H.264

# At so few bits, what these encoders do to please the eye at many costs more than it gives: grain and texture that they make
# room for are paid by edges of hands and tools. Without it HEVC gains 1 VMAF on a phone and H.264 2; with less of
# the usual weight on flat parts, 1.4 and 4 to 7 more (none at all gains a little again, and shows bands on a painted wall).
X265_NO_PSY = "psy-rd=0:psy-rdoq=0:aq-mode=2:aq-strength=0.5"
X264_NO_PSY = "psy=0:aq-strength=0.2"
# A lookahead of 60 and 5 frames to refer to: 0.4 VMAF more, a sixth slower.
X265_EXTRA = {"slow": ":bframes=8:rc-lookahead=40:ref=3"}
X264_EXTRA = {"slow": ":bframes=8:rc-lookahead=60"}  # the picture of "slower" in two thirds of its time
HVC1 = "hvc1"  # iPhones play no HEVC that is tagged hev1


def x265_options(crf: float, preset: str) -> Options:
    # One thread is repeatable.
    extra = X265_EXTRA.get(preset, "")
    params = f"log-level=error:pools=none:frame-threads=1:keyint={KEYINT}:info=0:{X265_NO_PSY}{extra}"
    return {"c:v": "libx265", "preset": preset, "crf": f"{crf:g}", "tag:v": HVC1, "x265-params": params}


def hevc_name(record: bytes) -> str:
    """From an hvcC record, ISO/IEC 14496-15 annex E.3: hvc1.1.6.L93.90."""
    if len(record) <= 12:
        return ""
    profile, tier = record[1] & 31, "H" if record[1] & 32 else "L"
    compatible = int(f"{int.from_bytes(record[2:6]):032b}"[::-1], 2)
    constraints = [f"{byte:x}" for byte in record[6:12].rstrip(b"\0")]
    return ".".join([f"hvc1.{profile}.{compatible:x}.{tier}{record[12]}", *constraints])


def x264_options(crf: float, preset: str) -> Options:
    return {
        "c:v": "libx264",
        "preset": preset,
        "crf": f"{crf:g}",
        "profile:v": "high",
        "g": KEYINT,
        "threads": 1,
        # stitchable: one header for shots of any CRF
        "x264-params": f"stitchable=1:{X264_NO_PSY}{X264_EXTRA.get(preset, '')}",
    }


def h264_name(record: bytes) -> str:
    """From an avcC record, ISO/IEC 14496-15 annex E.2: avc1.64001e."""
    return f"avc1.{record[1:4].hex()}" if len(record) > 3 else ""


# ---- the tables

VIDEO_CODECS: dict[str, VideoCodec] = {
    "av1": VideoCodec(
        encoder="libsvtav1",
        options=svt_options,
        presets={"draft": 9, "normal": 5, "best": 3, "fast": 8},  # SVT-AV1 warns of artefacts from preset 10 up
        pix_fmt="yuv420p10le",
        best_crf=20,
        worst_crf=69,
        start_crf=55,
        slides_crf=58,
        octave=8.8,
        knots=SVT_KNOTS,
        default_lines=480,
        cost=3.0,
        cpu_s_per_minute=101.0,
        slides_cpu_s_per_minute=12.0,
        stream_name="av1",
        slow_preset_ratios=(0.94, 0.83),
        header_changes_at=58,  # larger blocks: findings/svt-av1-header-by-crf.sh
        rfc6381=av1_name,
        asked_as="video/mp4;codecs=av01.0.04M.08",
    ),
    "hevc": VideoCodec(
        encoder="libx265",
        options=x265_options,
        presets={"draft": "ultrafast", "normal": "slow", "best": "slower", "fast": "fast"},
        pix_fmt="yuv420p",
        best_crf=16,
        worst_crf=48,
        start_crf=31,
        slides_crf=35,
        octave=5,
        default_lines=360,
        cost=2.5,
        cpu_s_per_minute=88.0,
        slides_cpu_s_per_minute=12.0,
        stream_name="hevc",
        slow_preset_ratios=(1.12, 0.64),
        mp4_tag=HVC1,
        rfc6381=hevc_name,
        skipped_efforts=("draft",),
        also_called=("h265",),
    ),
    "h264": VideoCodec(
        encoder="libx264",
        options=x264_options,
        presets={"draft": "veryfast", "normal": "slow", "best": "veryslow", "fast": "fast"},
        pix_fmt="yuv420p",
        best_crf=16,
        worst_crf=48,
        start_crf=33,
        slides_crf=37,
        octave=6,
        default_lines=360,  # fewer than AV1 at the same bytes: 360 beat 480 by 11 to 14 VMAF points on real footage
        cost=1.0,
        cpu_s_per_minute=43.0,
        slides_cpu_s_per_minute=9.0,
        stream_name="h264",
        rfc6381=h264_name,
        plays_anywhere=True,
    ),
}

# A voice is wideband, 8 kHz: left alone, libopus goes to 20 kHz from 14 kbit/s on and takes the bits from the words, so that
# 14 kbit/s are then understood as well as 20; ffmpeg's AAC loses fewer words at 16 kHz than at 24 or 32 (benchmarks/sound.md).
AUDIO_CODECS: dict[str, AudioCodec] = {
    "opus": AudioCodec(
        encoder="libopus",
        # 60 ms frames: 7 % fewer bytes than 20 ms; nobody waits for a film's sound
        options={"c:a": "libopus", "frame_duration": 60, "vbr": "on", "ar": 48000},
        voice_options={"cutoff": 8000},
        rfc6381="opus",
        stream_name="opus",
    ),
    "aac": AudioCodec(
        encoder="aac",
        options={"c:a": "aac", "ar": 32000},
        voice_options={"ar": 16000},
        rfc6381="mp4a.40.2",
        stream_name="aac",
        plays_anywhere=True,
    ),
}


# ---- what is asked of them


def rows() -> Iterator[tuple[str, VideoCodec | AudioCodec]]:
    """Name and row of every codec, in the order in which players are offered them."""
    yield from VIDEO_CODECS.items()
    yield from AUDIO_CODECS.items()


def encoders() -> tuple[str, ...]:
    """Every encoder that ffmpeg must have, by its own name."""
    return tuple(dict.fromkeys(row.encoder for _, row in rows()))


def preference(name: str) -> int:
    """The rank of a codec among all: the lowest is offered first."""
    return [known for known, _ in rows()].index(name)


def plays_anywhere(name: str) -> bool:
    return dict(rows())[name].plays_anywhere


def strip_codec(rung: str) -> str:
    """The name of a rung without the codec at its end: `standard` for `standard-h264`."""
    stem, hyphen, last = rung.rpartition("-")
    return stem if hyphen and any(last in (name, *row.also_called) for name, row in rows()) else rung


def mp4_tag(stream_name: str) -> str:
    """The tag that a track of this format gets; "" for ffmpeg's own choice."""
    return next((row.mp4_tag for row in VIDEO_CODECS.values() if row.stream_name == stream_name), "")


def rfc6381_name(stream_name: str, record: bytes) -> str:
    """The name of a coded stream for `<source type>` (RFC 6381), by its format and decoder configuration record; "" for a
    format that is in no table.
    """
    for row in VIDEO_CODECS.values():
        if row.stream_name == stream_name:
            return row.rfc6381(record)
    return next((row.rfc6381 for row in AUDIO_CODECS.values() if row.stream_name == stream_name), "")
