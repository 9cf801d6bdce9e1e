"""What a media file is. A program of its own, so that a file which crashes its demuxer costs us only the answer."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

# A master can name other files or hosts (a playlist in an .mp4, a QuickTime reference): only these are opened, from disk only.
FORMATS = "mov,matroska,webm,mp4"
PROTOCOLS = "file"
SOUND_FORMATS = "wav,mov,mp4,m4a,ogg,flac"  # of narrations
HDR = {16: "smpte2084", 18: "arib-std-b67"}  # AVCOL_TRC_*: PQ and HLG


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


def facts(container: Any, video: Any) -> dict[str, Any]:
    audio = container.streams.audio[0] if container.streams.audio else None
    frame = next(container.decode(video), None)
    if frame is None:
        raise NoFilm("its picture cannot be decoded: no frame in it")
    container.seek(0)
    begins, ends, weights = spans(container, video)
    count = sum(len(second) for second in weights.values())
    seconds = float((ends - begins) * video.time_base)
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
        "fps": str(rate(video, seconds, count)),
        "has_audio": audio is not None,
        "hdr": int(frame.color_trc) in HDR,
        "interlaced": bool(frame.interlaced_frame),
        "weights": [sum(weights.get(second, ())) for second in range(max(weights, default=0) + 1)],
        "codecs": ",".join(codec_name(s) for s in (video, audio) if s is not None),
    }


def spans(container: Any, video: Any) -> tuple[int, int, dict[int, list[int]]]:
    """First and last moment of the picture in its time base, and the bytes of each second's frames: counted, since
    headers lie."""
    first, last = None, 0
    weights: dict[int, list[int]] = {}
    for packet in container.demux(video):
        if packet.pts is None or packet.size == 0:
            continue
        first = packet.pts if first is None else min(first, packet.pts)
        last = max(last, packet.pts + (packet.duration or 0))
        weights.setdefault(max(0, int(packet.pts * video.time_base)), []).append(packet.size)
    return max(first or 0, 0), last, weights  # what lies before zero is cut by the edit list


def rate(video: Any, seconds: float, count: int) -> Fraction:
    """Frames a second on average: `r_frame_rate` lies for phone films, whose rate varies."""
    average = video.average_rate or (Fraction(count / seconds).limit_denominator(1001) if seconds else Fraction(25))
    return min(max(Fraction(average), Fraction(1)), Fraction(240)).limit_denominator(1001)


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


def whole_bytes(scenes: Path, scene: float, seconds: float, gop: float) -> int:
    """Bytes that a film of `seconds` would have, from an encode (of ours) of a few scenes, `scene` seconds each.

    A scene's first second pays for its first picture; a film pays that only once in `gop` seconds.
    """
    import av

    settle = min(1.1, scene / 2)  # seconds: the encoders' longest group of pictures that depend on each other
    begin = rest = count = 0.0
    with av.open(str(scenes)) as container:
        stream = container.streams.video[0]
        for packet in container.demux(stream):
            if packet.pts is None:
                continue
            at = float(packet.pts * packet.time_base) % scene
            begin, rest = (begin + packet.size, rest) if at < settle else (begin, rest + packet.size)
            count = max(count, float(packet.pts * packet.time_base) / scene)
    number = max(1, round(count))
    keys = max(1.0, seconds / gop)
    return round(begin / number * keys + rest / (number * (scene - settle)) * max(0.0, seconds - keys * settle))


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
