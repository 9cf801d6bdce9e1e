"""Describes a media file as JSON: a program of its own, so that a file which crashes its demuxer costs only the answer."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from site_builder.films import colours, decoding
from site_builder.library import codecs

# A master can name other files or hosts (a playlist in an .mp4, a QuickTime reference): only these are opened, from disk only.
FILM_FORMATS = "mov,matroska,webm,mp4"
PROTOCOLS = "file"
AUDIO_FORMATS = "wav,mov,mp4,m4a,ogg,flac"  # of narrations

MAX_FRAME_PIXELS = 8192 * 4608  # of a picture
MAX_DECODED_S = 3600
MAX_TRACKS = 64  # a phone writes seven at most
MAX_AUDIO_OVERHANG_S = 0.3  # seconds by which a sound may end after its picture: an encoder's last packet is often so long
DRM_CODEC_TAGS = {"encv", "drmi", "drmt", "p608", "enca", "drms"}  # codec tags of what a shop for films sells
SAVE_AS_MP4 = "save it as mp4 (H.264 and AAC): any video editor and most phones do"
# What begins so is no mp4, mov, mkv or webm: its name for people.
OTHER_SIGNATURES = (
    (b"FLV", "Flash video"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media"),
    (b"\x00\x00\x01\xba", "MPEG, as on a DVD"),
    (b"\x00\x00\x01\xb3", "MPEG without a container"),
    (b"OggS", "Ogg"),
    (b".RMF", "RealMedia"),
)


class UnusableFilm(Exception):
    """The file is not a film that we take; says why in an editor's words, and what to do."""

    def __init__(self, why: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(why)


def probe_film(path: Path, whole: bool = True) -> dict[str, Any]:
    """Facts of a film: opened, counted and decoded, all of it or (`whole` unset: a film of ours) up to its first frame.

    Raises UnusableFilm; what is the machine's fault (MemoryError, OSError) stays what it is.
    """
    refuse_non_media(path)
    refuse_other_containers(path)
    with open_container(path, FILM_FORMATS, "it cannot be read as mp4, mov, mkv or webm: not a film, or cut off") as container:
        tracks = picture_tracks(container)
    why = ""
    for track in tracks:
        with open_container(path, FILM_FORMATS, "it cannot be read") as container:
            refuse_excess(container, container.streams.video[track])
            facts, why = describe_film(container, track, whole)
            if facts:
                return facts
    raise UnusableFilm(f"its picture cannot be decoded ({why})", SAVE_AS_MP4)


@contextlib.contextmanager
def open_container(path: Path, formats: str, why_not: str) -> Iterator[Any]:
    """The container. What is the file's fault becomes UnusableFilm; what is the machine's (memory, disk) stays what it is."""
    import av

    options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": formats}
    try:
        container = av.open(f"file:{path}", options=options, metadata_errors="replace")
    except (MemoryError, FileNotFoundError, PermissionError):
        raise
    except (av.error.FFmpegError, ValueError):
        raise UnusableFilm(why_not) from None
    with container:
        yield container


def refuse_non_media(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if not head:
        raise UnusableFilm("it is empty (0 bytes)" if path.stat().st_size == 0 else "it is blank")
    if head.startswith((b"#EXTM3U", b"ffconcat", b"<?xml", b"<MPD", b"[playlist]")):
        raise UnusableFilm("it is a playlist that points at other files, not a film; deliver the film itself")
    if head.startswith(b"version https://git-lfs"):
        raise UnusableFilm(
            "it is a pointer of Git LFS, the film itself is not here", "run 'git lfs pull'; in CI, check out with LFS"
        )


def refuse_other_containers(path: Path) -> None:
    """Whatever the file is called."""
    with path.open("rb") as file:
        if kind := other_container(file.read(4096)):
            raise UnusableFilm(f"it is {kind} inside", SAVE_AS_MP4)


def other_container(start: bytes) -> str:
    """The name of a kind of film that we do not take."""
    if start[:4] == b"RIFF" and start[8:12] == b"AVI ":
        return "AVI"
    if any(start[at::step][:4] == b"GGGG" for at, step in ((0, 188), (4, 192))):
        return "a camcorder's MPEG transport stream"
    return next((name for begin, name in OTHER_SIGNATURES if start.startswith(begin)), "")


def refuse_excess(container: Any, video: Any) -> None:
    """Claims that would cost memory or hours to find untrue."""
    if len(container.streams) > MAX_TRACKS:
        raise UnusableFilm(f"it has {len(container.streams):,} tracks; a film has one of picture and one of sound")
    width, height = video.codec_context.width, video.codec_context.height
    if width * height > MAX_FRAME_PIXELS:
        raise UnusableFilm(f"its picture is {width:,} × {height:,}, larger than any camera's")


def is_cover_art(stream: Any) -> bool:
    import av

    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def picture_tracks(container: Any) -> list[int]:
    """Numbers of the picture tracks that have a decoder, among all of the container, in the order in which players choose."""
    videos = [(n, stream) for n, stream in enumerate(container.streams.video) if not is_cover_art(stream)]
    if not videos:
        raise UnusableFilm("it has no picture, only sound" if container.streams.audio else "it has neither picture nor sound")
    if any(stream.codec_context and stream.codec_context.codec_tag in DRM_CODEC_TAGS for _, stream in videos):
        raise UnusableFilm("it is protected: only the shop that sold it can play it")
    decodable = [n for n, stream in sorted(videos, key=lambda pair: track_rank(pair[1])) if stream.codec_context]
    if not decodable:
        raise UnusableFilm("its picture is in a codec that has no free decoder", SAVE_AS_MP4)
    return decodable


def track_rank(stream: Any) -> tuple[bool, bool]:
    """Sort key: tracks in the order in which players choose them. No comments or descriptions, then the default one."""
    import av

    kinds = av.stream.Disposition
    extra = kinds.comment | kinds.hearing_impaired | kinds.visual_impaired | kinds.karaoke
    return bool(stream.disposition & extra), not stream.disposition & kinds.default


def describe_film(container: Any, number: int, whole: bool) -> tuple[dict[str, Any], str]:
    """(facts, "") of the film by one of its picture tracks; or ({}, why) where that gives no frame."""
    zero = Fraction(container.start_time or 0, 1_000_000)  # where a player begins: with sound, if the picture comes later
    video = container.streams.video[number]
    picture = decoding.PictureDecoder(video, zero, whole)
    audio_streams = [stream for stream in container.streams.audio if stream.codec_context][: decoding.MAX_AUDIO_TRACKS]
    audio = {stream.index: decoding.AudioDecoder(stream, zero) for stream in audio_streams if whole}
    stats = decoding.PacketStats(zero, video.time_base, MAX_DECODED_S)
    decoding.decode_tracks(container, picture, audio, stats)
    if stats.too_long:
        raise UnusableFilm("it lasts longer than an hour, or its clock is broken")
    if picture.first is None:
        return {}, "an error in each of its frames" if picture.damage.at else "no frame in it"
    claimed = float(video.duration * video.time_base) if video.duration else stats.seconds
    if container.duration and stats.seconds < 0.9 * min(claimed, container.duration / 1e6) - 0.5:
        raise UnusableFilm(f"it is cut off: {stats.seconds:.1f} s of {claimed:.1f} s are there")
    sound_facts = audio_facts(container, audio) if whole else {"has_audio": bool(container.streams.audio)}
    length = {"seconds": round(max(stats.seconds, 0.0), 3)}
    if (
        sound_facts.get("heard_to", 0.0) > stats.seconds + 0.1
        and sound_facts["sound_end"] > stats.seconds + MAX_AUDIO_OVERHANG_S
    ):
        length = {"seconds": sound_facts["sound_end"], "held_from": length["seconds"]}
    of_film = [video, *container.streams.audio[:1]]
    return {
        **length,
        **frame_facts(picture.first, video),
        "track": None if video is next(s for s in container.streams.video if not is_cover_art(s)) else number,
        "fps": str(measured_fps(video, stats)),
        "weights": [sum(stats.weights.get(second, ())) for second in range(max(stats.weights, default=0) + 1)],
        "codecs": ",".join(codec_name(stream) for stream in of_film if stream.codec_context),
        "sizes": picture.sizes,
        "damaged": picture.damage.at,
        **sound_facts,
    }, ""


def frame_facts(frame: Any, video: Any) -> dict[str, Any]:
    """How a frame is to be shown: its size, upright and with square pixels, and its colours."""
    width, height = round(frame.width * (video.sample_aspect_ratio or Fraction(1))), frame.height
    rotation = round(getattr(frame, "rotation", 0) or 0) % 360
    if rotation in (90, 270):
        width, height = height, width
    tagged = int(frame.color_primaries), int(frame.color_trc), int(frame.colorspace)
    resolved = colours.resolve_colours(*tagged, rgb=frame.format.is_rgb, lines=min(width, height))
    return {"width": width, "height": height, "interlaced": bool(frame.interlaced_frame), **asdict(resolved)}


def audio_facts(container: Any, audio: dict[int, decoding.AudioDecoder]) -> dict[str, Any]:
    """The sound track that is taken, of all that are there: the first that can be heard, in the order in which players choose.

    `audio_track` counts among the sound tracks. Raises UnusableFilm where there are some, and none can be decoded.
    """
    tracks = list(container.streams.audio)
    decoded = [(n, audio[s.index]) for n, s in enumerate(tracks) if s.index in audio and audio[s.index].decodes]
    if not decoded:
        if any(stream.index not in audio or audio[stream.index].packets for stream in tracks):
            raise UnusableFilm("its sound is in a codec that has no free decoder, or is damaged", "save its sound as AAC")
        return {"has_audio": False}
    order = sorted(decoded, key=lambda pair: track_rank(pair[1].stream))
    audible = [(n, track) for n, track in order if track.audible]
    number, track = (audible or order)[0]
    return {
        "has_audio": True,
        "audio_track": number,
        "audible_tracks": sorted(n for n, _ in audible),
        "players_take": order[0][0],
        "heard_to": track.heard_to or 0.0,
        "damaged_sound": track.damage.at,
        **track.facts,
    }


def typical_gap(stamps: list[Fraction]) -> float:
    """Seconds from one frame to the next, most of the time; a Matroska file rounds each to milliseconds."""
    gaps = sorted(float(b - a) for a, b in pairwise(stamps))
    median = gaps[len(gaps) // 2] if gaps else 0.0
    similar = [gap for gap in gaps if abs(gap - median) <= max(0.05 * median, 0.001)]
    return sum(similar) / len(similar) if similar else 0.0


def measured_fps(video: Any, stats: decoding.PacketStats) -> Fraction:
    """Frames a second: the usual gap's where frames come evenly, else the average. `r_frame_rate` lies for phone films,
    whose rate varies."""
    counted = Fraction(stats.count / stats.seconds).limit_denominator(1001) if stats.seconds > 0 else Fraction(25)
    average = counted if stats.trimmed else video.average_rate or counted  # a file's own counts what an edit list leaves out
    gap = typical_gap(stats.timestamps)
    if gap and abs(average * gap - 1) < 0.03:
        average = snap_fps(1 / gap)
    return min(max(Fraction(average), Fraction(1)), Fraction(240)).limit_denominator(1001)


def snap_fps(fps: float) -> Fraction:
    """The rate that was meant: whole, or a thousandth under as television has it."""
    whole = round(fps)
    meant = min((Fraction(whole), Fraction(whole * 1000, 1001)), key=lambda rate: abs(rate - fps))
    return meant if abs(meant - fps) < 0.002 * fps else Fraction(fps).limit_denominator(1001)


def codec_name(stream: Any) -> str:
    """RFC 6381 name, as `<source type>` wants it (avc1.64001e, av01.0.04M.10, opus), else ffmpeg's name of the decoder."""
    context = stream.codec_context
    return codecs.rfc6381_name(context.codec.canonical_name, bytes(context.extradata or b"")) or str(context.name)


def probe_audio(path: Path) -> dict[str, Any]:
    """Open a narration and decode it to its end. Raises UnusableFilm."""
    refuse_non_media(path)
    why = "it cannot be read as wav, m4a, opus or flac: no sound, or cut off"
    with open_container(path, AUDIO_FORMATS, why) as container:
        audio_streams = [stream for stream in container.streams.audio if stream.codec_context][: decoding.MAX_AUDIO_TRACKS]
        audio = {stream.index: decoding.AudioDecoder(stream, Fraction(0)) for stream in audio_streams}
        decoding.decode_tracks(container, None, audio, decoding.PacketStats(Fraction(0), Fraction(1), MAX_DECODED_S))
        facts = audio_facts(container, audio)
    if not facts["has_audio"]:
        raise UnusableFilm("it has no sound")
    return {"seconds": facts["sound_end"], **facts}


def limit_cpu(path: Path) -> None:
    """Where the system can: a small file must not keep a decoder busy for long, whatever it claims to be."""
    with contextlib.suppress(ImportError, AttributeError, ValueError):
        import resource

        seconds = 60 + 10 * path.stat().st_size // 1_000_000
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


def main(path: str, kind: str = "film") -> None:
    limit_cpu(Path(path))
    kinds: dict[str, Callable[[Path], dict[str, Any]]] = {
        "film": probe_film,
        "ours": partial(probe_film, whole=False),
        "sound": probe_audio,
    }
    try:
        print(json.dumps(kinds[kind](Path(path))))
    except UnusableFilm as error:
        print(json.dumps({"error": str(error), "hint": error.hint}))


if __name__ == "__main__":
    main(*sys.argv[1:])
