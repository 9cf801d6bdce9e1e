"""A strange film decoded once, from its first byte to its last: where it is damaged, changes its size, and can be heard."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

# Decoders of these go on after an error and mark the frame; all others tell it only where they are asked to stop at it.
CONCEALING_DECODERS = {"h264", "mpeg4", "mpeg2video", "mpeg1video", "h263"}
AUDIBLE_PEAK_DBFS = -60.0  # dBFS of a peak: a recorder's own noise lies below, a voice far above
CANCELLATION_DB = 20.0  # dB by which two channels lose to each other when they are mixed: one is the other's mirror
PEAK_BLOCK_SAMPLES = 4800  # samples of which a peak is taken: a tenth of a second
RUMBLE_HZ = 80  # Hz: no voice has words below, but hands on a camera, lorries and wind have
LOUDNESS_KEY, PEAK_KEY = "lavfi.r128.I", "Peak_level"  # as the meters name what they say
MIN_LUFS = -69.0  # LUFS that can be levelled
MIN_LOUDNESS_S = 0.4  # seconds of sound below which its loudness says nothing
MAX_AUDIO_TRACKS = 8  # tracks that are listened to


@dataclass
class Damage:
    """The seconds at which something could not be decoded, or only with a guess."""

    at: list[float] = field(default_factory=list)

    def add(self, error: Exception, second: float) -> None:
        """Raises `error` where it is the machine's: a film is no worse for a lack of memory. All else is the film's, whatever
        a decoder calls it ("Operation not permitted"): its bytes have been read before, to hash them.
        """
        if isinstance(error, MemoryError) and not self.at:  # dav1d says this too of a film, after a damage in it
            raise error
        self.at.append(max(0.0, second))


def configure_decoder(stream: Any) -> None:
    """To be decoded frame by frame in order, so that an error is told at its own packet. In-loop filters hide no error."""
    context = stream.codec_context
    context.thread_type = "NONE"
    context.thread_count = 1
    name = context.codec.canonical_name
    context.options = {"skip_loop_filter": "all"} if name in CONCEALING_DECODERS else {"err_detect": "explode"}


def decoded(packet: Any, damage: Damage, second: float) -> list[Any]:
    """A packet's frames; none where it cannot be decoded, which counts as damage where anybody would see or hear it."""
    import av

    try:
        frames: list[Any] = packet.decode()
    except (av.error.FFmpegError, ValueError) as error:
        if not packet.is_discard and second >= 0:
            damage.add(error, second)
        return []
    return frames


@dataclass
class PictureDecoder:
    """Decodes one picture track: whole, or (`whole` unset) up to its first frame."""

    stream: Any
    start_time: Fraction  # second of the file at which a player begins
    whole: bool = True
    first: Any = None
    sizes: list[tuple[float, int, int]] = field(default_factory=list)  # (second, width, height) at each change
    damage: Damage = field(default_factory=Damage)
    position: float = 0.0

    def feed(self, packet: Any) -> None:
        if self.first is not None and not self.whole:
            return
        if packet.pts is not None:
            self.position = float(packet.pts * self.stream.time_base - self.start_time)
        if self.whole and packet.size and not packet.is_discard and not self.has_intact_nal_units(bytes(packet)):
            self.damage.at.append(max(0.0, self.position))
        for frame in decoded(packet, self.damage, self.position):
            self.add_frame(frame)

    def has_intact_nal_units(self, data: bytes) -> bool:
        """False for a packet of HEVC that is not cut into NAL units as it claims, or holds what no encoder writes. Its decoder
        shows blocks without a word where that of H.264 tells an error; what a broken card leaves (zeros, another file) shows
        here.
        ISO/IEC 14496-15, 8.3.3; ITU-T H.265, 7.4.2: three bytes of 0, 0 and up to 2 are never within a unit.
        """
        extra = bytes(self.stream.codec_context.extradata or b"")
        if self.stream.codec_context.name != "hevc" or len(extra) < 23 or extra[0] != 1:
            return True
        at, prefix = 0, (extra[21] & 3) + 1
        while at < len(data):
            size = int.from_bytes(data[at : at + prefix])
            unit = data[at + prefix : at + prefix + size]
            if len(unit) < size or size < 2 or unit[0] & 0x80 or any(bytes((0, 0, low)) in unit for low in range(3)):
                return False
            at += prefix + size
        return True

    def add_frame(self, frame: Any) -> None:
        at = self.position if frame.pts is None else float(frame.pts * self.stream.time_base - self.start_time)
        if self.first is None:
            self.first = frame
        if frame.is_corrupt:
            self.damage.at.append(max(0.0, at))
        if not self.sizes or self.sizes[-1][1:] != (frame.width, frame.height):
            self.sizes.append((at, frame.width, frame.height))


@dataclass
class PacketStats:
    """When each shown packet of a picture is due, and the bytes of each second; counted, since headers lie."""

    start_time: Fraction
    time_base: Fraction
    max_seconds: float  # seconds, above which a clock is not believed
    timestamps: list[Fraction] = field(default_factory=list)
    weights: dict[int, list[int]] = field(default_factory=dict)  # by second
    last: Fraction = Fraction(0)
    trimmed: bool = False  # an edit list leaves some out
    too_long: bool = False

    def feed(self, packet: Any) -> None:
        if packet.pts is None or packet.size == 0:
            return
        if packet.is_discard:
            self.trimmed = True
            return
        at = packet.pts * self.time_base - self.start_time
        self.too_long |= at > self.max_seconds
        self.timestamps.append(at)
        self.last = max(self.last, at + (packet.duration or 0) * self.time_base)
        self.weights.setdefault(max(0, int(at)), []).append(packet.size)

    @property
    def seconds(self) -> float:
        """To the end of the picture; what lies before second 0 is cut by the edit list."""
        return float(self.last)

    @property
    def count(self) -> int:
        return len(self.timestamps)


def decode_tracks(container: Any, picture: PictureDecoder | None, audio: dict[int, AudioDecoder], spans: PacketStats) -> None:
    """Hand every packet to what waits for it, up to the end or to an hour."""
    import av

    streams = [*([picture.stream] if picture else []), *(decoder.stream for decoder in audio.values())]
    if not streams:
        return
    for stream in streams:
        configure_decoder(stream)
    try:
        for packet in container.demux(streams):
            if picture and packet.stream.index == picture.stream.index:
                spans.feed(packet)
                picture.feed(packet)
            else:
                decoder = audio[packet.stream.index]
                decoder.feed(packet)
                spans.too_long |= decoder.position > spans.max_seconds
            if spans.too_long:
                return
    except (av.error.FFmpegError, ValueError) as error:
        broken = picture or next(iter(audio.values()))
        broken.damage.add(error, broken.position)


@dataclass
class AudioDecoder:
    """A sound track: how long it is, and what of it is loud enough to be heard."""

    stream: Any
    start_time: Fraction
    packets: int = 0
    end: float = 0.0
    heard_to: float | None = None  # the last second at which there is something to be heard
    peaks: list[float] = field(default_factory=list)  # dBFS of each channel, rumble left out
    mix_peak: float = -math.inf  # the same of all channels as one
    loudness: float = -math.inf  # LUFS of that: what is below the gate of BS.1770 cannot be made louder
    damage: Damage = field(default_factory=Damage)
    position: float = 0.0
    frame_format: tuple[str, str, int] | None = None  # of the frames that the meters were made for
    meters: list[Any] = field(default_factory=list)

    def feed(self, packet: Any) -> None:
        self.packets += packet.size > 0
        if packet.pts is not None:
            self.position = float(packet.pts * packet.time_base - self.start_time)
        for frame in decoded(packet, self.damage, self.position):
            if frame.pts is not None:
                self.position = float(frame.pts * frame.time_base - self.start_time)
            self.position = min(self.position + frame.samples / frame.sample_rate, self.stated_end)
            self.end = max(self.end, self.position)
            self.measure_frame(frame)

    def measure_frame(self, frame: Any) -> None:
        import av

        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        try:
            if kind != self.frame_format:
                self.frame_format, self.meters = kind, [build_meter(frame, mix) for mix in (False, True)]
            apart, mixed = (read_meter(graph, frame) for graph in self.meters)
            self.loudness = max([self.loudness, *(block[LOUDNESS_KEY] for block in mixed if LOUDNESS_KEY in block)])
        except (av.error.FFmpegError, ValueError):  # an odd layout of channels: no judgement
            apart, mixed, self.loudness = [{PEAK_KEY: 0.0}], [{PEAK_KEY: 0.0}], 0.0
        for channel_peaks in [block_peaks(block) for block in apart]:
            before = [*self.peaks, *[-math.inf] * (len(channel_peaks) - len(self.peaks))]
            self.peaks = [max(pair) for pair in zip(before, [*channel_peaks, *before[len(channel_peaks) :]], strict=True)]
            if max(channel_peaks) > AUDIBLE_PEAK_DBFS:
                self.heard_to = self.position
        self.mix_peak = max([self.mix_peak, *(max(block_peaks(block)) for block in mixed)])

    @property
    def stated_end(self) -> float:
        """Second at which the file says that it ends: a codec's last packet is longer."""
        stream = self.stream
        if not stream.duration:
            return math.inf
        return float(((stream.start_time or 0) + stream.duration) * stream.time_base - self.start_time)

    @property
    def decodes(self) -> bool:
        return self.end > 0

    @property
    def audible(self) -> bool:
        return self.heard_to is not None

    @property
    def single_channel(self) -> int | None:
        """The channel to take alone, where two are each other's mirror: their mix is silence."""
        if len(self.peaks) != 2 or not self.audible or self.mix_peak > max(self.peaks) - CANCELLATION_DB:
            return None
        return self.peaks.index(max(self.peaks))

    @property
    def facts(self) -> dict[str, Any]:
        lost = self.mix_peak < AUDIBLE_PEAK_DBFS or (self.end > 2 * MIN_LOUDNESS_S and self.loudness < MIN_LUFS)
        silent = not self.audible or (self.single_channel is None and lost)
        return {"sound_end": round(self.end, 3), "silent": silent, "channel": self.single_channel}


def build_meter(frame: Any, mix: bool) -> Any:
    """A graph that tells the peak of each block, channel by channel or of their mix, without rumble."""
    import av

    graph = av.filter.Graph()
    options = {"sample_rate": frame.sample_rate, "format": frame.format.name, "layout": frame.layout.name}
    chain = [graph.add_abuffer(**options, time_base=frame.time_base)]
    if mix:
        chain.append(graph.add("aformat", "channel_layouts=mono"))
    chain.append(graph.add("highpass", f"f={RUMBLE_HZ}"))
    if mix:
        chain.append(graph.add("ebur128", "metadata=1"))
    chain.append(graph.add("asetnsamples", f"n={PEAK_BLOCK_SAMPLES}:p=0"))
    chain.append(graph.add("astats", "metadata=1:reset=1:measure_perchannel=Peak_level:measure_overall=none"))
    chain.append(graph.add("abuffersink"))
    graph.link_nodes(*chain).configure()
    return graph


def read_meter(graph: Any, frame: Any) -> list[dict[str, float]]:
    """What the meters say of each block that this frame completes: dBFS of each channel, LUFS of all up to here."""
    import av

    graph.push(frame)
    blocks: list[dict[str, float]] = []
    while True:
        try:
            block = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return blocks
        blocks.append(
            {name: float(value) for name, value in block.metadata.items() if name == LOUDNESS_KEY or name.endswith(PEAK_KEY)}
        )


def block_peaks(block: dict[str, float]) -> list[float]:
    return [value for name, value in block.items() if name.endswith(PEAK_KEY)]
