"""What a media file is. A program of its own, so that a file which crashes its demuxer costs us only the answer."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

# A master can name other files or hosts (a playlist in an .mp4, a QuickTime reference): only these are opened, from disk only.
FORMATS = "mov,matroska,webm,mp4"
PROTOCOLS = "file"
SOUND_FORMATS = "wav,mov,mp4,m4a,ogg,flac"  # of narrations
HDR = {16: "smpte2084", 18: "arib-std-b67"}  # AVCOL_TRC_*: PQ and HLG

WIDE = {9: "bt2020", 11: "smpte431", 12: "smpte432"}  # AVCOL_PRI_*: colours that a plain screen does not have
MOST_PIXELS = 8192 * 4608  # of a picture
MOST_SECONDS = 3600
MOST_TRACKS = 64  # a phone writes seven at most
RGB, UNTAGGED = 0, 2  # AVCOL_SPC_RGB, AVCOL_SPC_UNSPECIFIED


class NoFilm(Exception):
    """The file is not a film that we take; says why in an editor's words."""


def look(path: Path) -> dict[str, Any]:
    """Open, count, and decode one frame. Raises NoFilm."""
    import av

    refuse_what_is_no_film(path)
    try:
        container = av.open(
            f"file:{path}", options={"protocol_whitelist": PROTOCOLS, "format_whitelist": FORMATS}, metadata_errors="replace"
        )
    except (av.error.FFmpegError, ValueError):
        raise NoFilm("it cannot be read as mp4, mov, mkv or webm: not a film, or cut off") from None
    with container:
        videos = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
        if not videos:
            raise NoFilm("it has no picture, only sound" if container.streams.audio else "it has neither picture nor sound")
        refuse_what_is_too_much(container, videos[0])
        try:
            return facts(container, videos[0])
        except av.error.FFmpegError as error:
            raise NoFilm(f"its picture cannot be decoded ({error.strerror})") from None


def refuse_what_is_no_film(path: Path) -> None:
    head = path.open("rb").read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if not head:
        raise NoFilm("it is empty (0 bytes)" if path.stat().st_size == 0 else "it is blank")
    if head.startswith((b"#EXTM3U", b"ffconcat", b"<?xml", b"<MPD", b"[playlist]")):
        raise NoFilm("it is a playlist that points at other files, not a film; deliver the film itself")


def refuse_what_is_too_much(container: Any, video: Any) -> None:
    """Claims that would cost memory or hours to find untrue."""
    if len(container.streams) > MOST_TRACKS:
        raise NoFilm(f"it has {len(container.streams):,} tracks; a film has one of picture and one of sound")
    width, height = video.codec_context.width, video.codec_context.height
    if width * height > MOST_PIXELS:
        raise NoFilm(f"its picture is {width:,} × {height:,}, larger than any camera's")


def facts(container: Any, video: Any) -> dict[str, Any]:
    audio = container.streams.audio[0] if container.streams.audio else None
    frame = next(container.decode(video), None)
    if frame is None:
        raise NoFilm("its picture cannot be decoded: no frame in it")
    container.seek(0)
    zero = Fraction(container.start_time or 0, 1_000_000)  # where a player begins: with sound, if the picture comes later
    seconds, gap, weights = spans(container, video, zero)
    count = sum(len(second) for second in weights.values())
    claimed = float(video.duration * video.time_base) if video.duration else seconds
    if container.duration and seconds < 0.9 * min(claimed, container.duration / 1e6) - 0.5:
        raise NoFilm(f"it is cut off: {seconds:.1f} s of {claimed:.1f} s are there")
    width, height = frame.width, frame.height
    aspect = video.sample_aspect_ratio or Fraction(1)
    width = round(width * aspect)
    rotation = round(getattr(frame, "rotation", 0) or 0) % 360
    if rotation in (90, 270):
        width, height = height, width
    return {
        "seconds": round(max(seconds, 0.0), 3),
        "width": width,
        "height": height,
        "fps": str(rate(video, seconds, count, gap)),
        "has_audio": audio is not None,
        "hdr": int(frame.color_trc) in HDR,
        "wide": int(frame.color_trc) not in HDR and (int(frame.color_primaries) in WIDE or int(frame.colorspace) == RGB),
        "untagged": int(frame.colorspace) == UNTAGGED,
        "interlaced": bool(frame.interlaced_frame),
        "weights": [sum(weights.get(second, ())) for second in range(max(weights, default=0) + 1)],
        "codecs": ",".join(codec_name(s) for s in (video, audio) if s is not None),
    }


def spans(container: Any, video: Any, zero: Fraction) -> tuple[float, float, dict[int, list[int]]]:
    """Seconds from `zero` to the end of the picture, the usual seconds from frame to frame, and the bytes of each second's
    frames: counted, since headers lie."""
    stamps = []
    last = Fraction(0)
    weights: dict[int, list[int]] = {}
    for packet in container.demux(video):
        if packet.pts is None or packet.size == 0:
            continue
        at = packet.pts * video.time_base - zero
        if at > MOST_SECONDS:
            raise NoFilm("it lasts longer than an hour, or its clock is broken")
        stamps.append(at)
        last = max(last, at + (packet.duration or 0) * video.time_base)
        weights.setdefault(max(0, int(at)), []).append(packet.size)
    return float(last), usual(sorted(stamps)), weights  # what lies before zero is cut by the edit list


def usual(stamps: list[Fraction]) -> float:
    """Seconds from one frame to the next, most of the time; a Matroska file rounds each to milliseconds."""
    gaps = sorted(float(b - a) for a, b in pairwise(stamps))
    middle = gaps[len(gaps) // 2] if gaps else 0.0
    near = [gap for gap in gaps if abs(gap - middle) <= max(0.05 * middle, 0.001)]
    return sum(near) / len(near) if near else 0.0


def rate(video: Any, seconds: float, count: int, gap: float) -> Fraction:
    """Frames a second: the usual gap's where frames come evenly, else the average. `r_frame_rate` lies for phone films,
    whose rate varies."""
    average = video.average_rate or (Fraction(count / seconds).limit_denominator(1001) if seconds else Fraction(25))
    if gap and abs(average * gap - 1) < 0.03:
        average = plain(1 / gap)
    return min(max(Fraction(average), Fraction(1)), Fraction(240)).limit_denominator(1001)


def plain(fps: float) -> Fraction:
    """The rate that was meant: whole, or a thousandth under as television has it."""
    whole = round(fps)
    meant = min((Fraction(whole), Fraction(whole * 1000, 1001)), key=lambda one: abs(one - fps))
    return meant if abs(meant - fps) < 0.002 * fps else Fraction(fps).limit_denominator(1001)


def codec_name(stream: Any) -> str:
    """RFC 6381 name, as `<source type>` wants it: avc1.64001e, av01.0.04M.10, opus, mp4a.40.2."""
    name: str = stream.codec_context.name
    extra = bytes(stream.codec_context.extradata or b"")
    if name == "h264" and len(extra) > 3:
        return f"avc1.{extra[1:4].hex()}"
    if stream.codec_context.codec.canonical_name in ("av1",) or "av1" in name:
        if len(extra) > 3:
            profile, level = extra[1] >> 5, extra[1] & 31
            tier = "H" if extra[2] & 0x80 else "M"
            depth = {0: "08", 0x40: "10", 0x60: "12"}[extra[2] & 0x60]
            return f"av01.{profile}.{level:02}{tier}.{depth}"
        return "av01"
    if name == "hevc" and len(extra) > 12:
        return hevc_name(extra)
    return {"aac": "mp4a.40.2", "libopus": "opus"}.get(name, name)


def hevc_name(extra: bytes) -> str:
    """From an hvcC record, ISO/IEC 14496-15 annex E.3: hvc1.1.6.L93.90."""
    profile, tier = extra[1] & 31, "H" if extra[1] & 32 else "L"
    compatible = int(f"{int.from_bytes(extra[2:6]):032b}"[::-1], 2)
    constraints = [f"{byte:x}" for byte in extra[6:12].rstrip(b"\0")]
    return ".".join([f"hvc1.{profile}.{compatible:x}.{tier}{extra[12]}", *constraints])


def whole_bytes(scenes: Path, scene: int, frames: int, gop: float) -> int:
    """Bytes that a film of so many frames would have, from an encode (of ours) of a few scenes, `scene` frames each.

    A scene pays for a picture that stands alone, its first; a film pays that only once in `gop` frames.
    """
    import av

    with av.open(str(scenes)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.pts is not None]
    sizes = [packet.size for packet in sorted(packets, key=lambda packet: packet.pts or 0)]
    firsts = sizes[::scene]
    keys = max(1.0, frames / gop)
    rest = (sum(sizes) - sum(firsts)) / (len(sizes) - len(firsts))
    return round(sum(firsts) / len(firsts) * keys + rest * (frames - keys))


def first_bytes(sound: bytes) -> list[int]:
    """Of each packet of a sound (of ours): in Opus it tells how the packet is coded."""
    import av

    with av.open(BytesIO(sound), "r") as container:
        return [bytes(packet)[0] for packet in container.demux(audio=0) if packet.size]


def hear(path: Path) -> dict[str, Any]:
    """Open a narration and decode it to its end. Raises NoFilm."""
    import av

    refuse_what_is_no_film(path)
    options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": SOUND_FORMATS}
    try:
        with av.open(f"file:{path}", options=options, metadata_errors="replace") as container:
            if not container.streams.audio:
                raise NoFilm("it has no sound")
            length = sum(Fraction(frame.samples, frame.sample_rate) for frame in container.decode(container.streams.audio[0]))
    except (av.error.FFmpegError, ValueError):
        raise NoFilm("it cannot be read as wav, m4a, opus or flac: no sound, or cut off") from None
    if not length:
        raise NoFilm("it has no sound")
    return {"seconds": round(float(length), 3)}


def main(path: str, kind: str = "film") -> None:
    try:
        print(json.dumps(hear(Path(path)) if kind == "sound" else look(Path(path))))
    except NoFilm as error:
        print(json.dumps({"error": str(error)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
