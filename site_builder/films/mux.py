"""Picture and sound, each encoded by us, into one .mp4: always in the same order, so always the same bytes.

PyAV and not the ffmpeg program: that reads its inputs in threads, and with chunks of two seconds its order of arrival
changes the file (findings/ffmpeg-copy-mux-differs.sh). Only files of our own making come here.
"""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from site_builder.films import packets
from site_builder.library import codecs

# The index first, so that a film plays while it loads; two seconds of each stream in turn: 1 % less index than the default.
MUX_OPTIONS = {"movflags": "+faststart", "chunk_duration": "2000000", "fflags": "+bitexact"}


class HeadersDiffer(Exception):
    """Shots that one decoder cannot play one after the other: a bug of ours or of an encoder."""


def write_film(pictures: Sequence[tuple[Path, Fraction]], audio: Path | None, fps: Fraction, target: Path) -> None:
    """Write `whole` from the picture's shots, each with the second at which it begins, and the sound; nothing is re-encoded.

    It plays only where the shots are alike; the others may be weighed so.
    """
    import av

    clock = {"video_track_timescale": str(fps.numerator * (1 if fps.numerator > 1000 else 512))}
    with contextlib.ExitStack() as opened:
        out = opened.enter_context(av.open(str(target), "w", format="mp4", container_options={**MUX_OPTIONS, **clock}))
        shots = [(opened.enter_context(av.open(str(path))), start) for path, start in pictures]
        tracks = [shots] if shots else []
        if audio:
            tracks.append([(opened.enter_context(av.open(str(audio))), Fraction(0))])
        streams = [add_track(sources, out) for sources in tracks]
        queues = (timed_packets(*pair, rank) for rank, pair in enumerate(zip(tracks, streams, strict=True)))
        for _, _, packet in heapq.merge(*queues):
            out.mux_one(packet)


def add_track(sources: Sequence[tuple[Any, Fraction]], out: Any) -> Any:
    """A stream of `out` for what these files hold one after the other."""
    template = sources[0][0].streams[0]
    stream = out.add_stream_from_template(template, opaque=True)
    if tag := codecs.mp4_tag(template.codec_context.codec.canonical_name):
        stream.codec_context.codec_tag = tag
    return stream


def timed_packets(sources: Sequence[tuple[Any, Fraction]], stream: Any, rank: int) -> Iterator[tuple[float, int, Any]]:
    """Packets in the order of their decoding, with a rank that settles ties."""
    for source, start in sources:
        for packet in source.demux(source.streams[0]):
            if packet.dts is not None:
                ticks = round(start / packet.time_base)
                packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
                packet.stream = stream
                yield float(packet.dts * packet.time_base), rank, packet


def require_same_headers(shots: Sequence[Path]) -> None:
    """Raises HeadersDiffer where the decoder configuration records of shots differ."""
    if len({packets.payload_and_header(path)[1] for path in shots}) > 1:
        raise HeadersDiffer(f"the shots of a film have headers that differ: {', '.join(path.name for path in shots)}")
