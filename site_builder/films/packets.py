"""What the packets of a file of our own tell: its length, the bytes of its frames, and how they are coded."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path


def duration_s(path: Path) -> float:
    """Seconds of a file of ours: of its longest stream."""
    import av

    with av.open(str(path)) as source:
        return float(source.duration or 0) / av.time_base


def payload_and_header(path: Path) -> tuple[int, str]:
    """(bytes of the packets alone, decoder configuration record as hex) of a draft."""
    import av

    with av.open(str(path)) as source:
        stream = source.streams[0]
        return sum(packet.size for packet in source.demux(stream)), bytes(stream.codec_context.extradata or b"").hex()


def extrapolate_bytes(scenes: Path, scene: int, frames: int, gop: float) -> int:
    """Bytes that a film of `frames` frames would have, from an encode (of ours) of a few scenes, `scene` frames each.

    Mean bytes of the scenes' key frames, times the film's (one in `gop` frames); plus mean bytes of the other frames, times
    the rest of the film's frames.
    """
    import av

    with av.open(str(scenes)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.pts is not None]
    sizes = [packet.size for packet in sorted(packets, key=lambda packet: packet.pts or 0)]
    firsts = sizes[::scene]
    keys = max(1.0, frames / gop)
    rest = (sum(sizes) - sum(firsts)) / (len(sizes) - len(firsts))
    return round(sum(firsts) / len(firsts) * keys + rest * (frames - keys))


def packet_first_bytes(sound: bytes) -> list[int]:
    """Of each packet of a sound (of ours): in Opus it tells how the packet is coded."""
    import av

    with av.open(BytesIO(sound), "r") as container:
        return [bytes(packet)[0] for packet in container.demux(audio=0) if packet.size]
