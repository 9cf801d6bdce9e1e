"""Picture and sound, each encoded by us, into one .mp4: always in the same order, so always the same bytes.

PyAV and not the ffmpeg program: that reads its inputs in threads, and with chunks of two seconds its order of arrival
changes the file (in 54 of 720 runs on a busy machine). Only files of our own making come here.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

# The index first, so that a film plays while it loads; two seconds of each stream in turn: 1 % less index than the default.
OPTIONS = {"movflags": "+faststart", "chunk_duration": "2000000", "fflags": "+bitexact"}


def mux(picture: Path, voice: Path | None, fps: Fraction, whole: Path) -> None:
    """Write `whole` from the streams of two files, nothing re-encoded."""
    clock = {"video_track_timescale": str(fps.numerator * (1 if fps.numerator > 1000 else 512))}
    sources = [av.open(str(path)) for path in (picture, voice) if path]
    try:
        with av.open(str(whole), "w", format="mp4", container_options={**OPTIONS, **clock}) as out:
            streams = [(source, out.add_stream_from_template(source.streams[0], opaque=True)) for source in sources]
            for _, stream in streams:
                if stream.codec_context.name == "hevc":
                    stream.codec_context.codec_tag = "hvc1"  # iPhones play no hev1
            for _, _, packet in heapq.merge(*(packets(*pair, rank) for rank, pair in enumerate(streams))):
                out.mux_one(packet)
    finally:
        for source in sources:
            source.close()


def packets(source: Any, stream: Any, rank: int) -> Iterator[tuple[float, int, Any]]:
    """Packets in the order of their decoding, with a rank that settles ties."""
    for packet in source.demux(source.streams[0]):
        if packet.dts is not None:
            packet.stream = stream
            yield float(packet.dts * packet.time_base), rank, packet
