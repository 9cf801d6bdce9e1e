"""What is read from media, and what is made of it: captions, masters, renditions, pictures, leaflets, prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from site_builder.library.howto import HowTo
from site_builder.library.ladder import Rung


@dataclass(frozen=True)
class Cue:
    """One caption: seconds and words."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Captions:
    """What a file of captions says; `webvtt` is published in its place where it is no WebVTT, or repeats its words."""

    cues: tuple[Cue, ...]
    webvtt: bytes | None = None


@dataclass(frozen=True)
class SoundTrack:
    """Which sound of a file is taken: a track, counted among its sound tracks, and one channel of it alone, or all."""

    number: int = 0
    channel: int | None = None
    seconds: float | None = None  # of the sound, where it is known


@dataclass(frozen=True)
class Narration:
    """A film's sound in another language: a file beside the master."""

    lang: str
    path: Path
    sha256: str
    seconds: float
    sound: SoundTrack = SoundTrack()


@dataclass(frozen=True)
class Master:
    """A film as its maker delivered it; width and height as shown, rotation applied."""

    path: Path
    sha256: str
    seconds: float
    width: int
    height: int
    fps: Fraction
    has_audio: bool
    hdr: bool = False
    wide_gamut: bool = False  # SDR in more colours than BT.709 has
    untagged: bool = False  # does not say which colours its numbers mean
    interlaced: bool = False
    bytes_per_second: tuple[int, ...] = ()  # bytes of each second of its picture: where it is busy
    narrations: tuple[Narration, ...] = ()
    denoise: bool = False  # its how-to asks for it
    tags: tuple[tuple[str, str], ...] = ()  # of colour that it lacks or that cannot be, as ffmpeg's setparams has them
    rare_colours: bool = False  # its numbers mean colours in a way that few programs know
    held_from: float | None = None  # the end of its picture, where its sound goes on: the last picture is shown until then
    picture_track: int | None = (
        None  # of its picture, counted among its picture tracks, covers too; None: the first that is no cover
    )
    sound: SoundTrack = SoundTrack()

    @property
    def picture_key(self) -> str:
        """All that decides its picture: its bytes, and how they are read where that is not as usual."""
        unusual_facts = {"tags": self.tags, "held_from": self.held_from, "track": self.picture_track}
        known = {name: value for name, value in unusual_facts.items() if value not in (None, ())}
        return f"{self.sha256} {json.dumps(known)}" if known else self.sha256


@dataclass(frozen=True)
class Vmaf:
    """Picture quality, 0–100, rendition scaled to the master's size: VMAF v0.6.1, and its phone model."""

    mean: float
    harmonic: float
    p5: float
    phone: float
    phone_harmonic: float
    phone_p5: float


@dataclass(frozen=True)
class Attempt:
    """One encode of the search: of the whole film, or of a few scenes (`bytes` is then what the whole would weigh)."""

    crf: float
    bytes: int
    phone: float | None = None  # VMAF, phone model: its mean and its 5th percentile
    p5: float | None = None
    lines: int | None = None


@dataclass(frozen=True)
class Take:
    """One shot of a film, as it was encoded: `bytes` of its picture alone, and its own quality (VMAF, phone model)."""

    start: float
    seconds: float
    crf: float
    bytes: int
    phone: float | None = None
    p5: float | None = None


@dataclass(frozen=True)
class HullPoint:
    """What a picture size gives at the budget, or at the ceiling where that costs less: a point of the film's hull."""

    lines: int
    fps: float
    bytes: float
    worth: float  # mean of the phone-model VMAF's mean and 5th percentile


@dataclass(frozen=True)
class Rendition:
    """A master encoded on a rung: a file of the cache, and what is known of it."""

    rung: Rung
    path: Path
    key: str
    codecs: str  # RFC 6381, as `<source type>` wants it
    width: int
    height: int
    fps: float
    bytes: int
    seconds: float
    crf: float | None
    vmaf: Vmaf | None
    attempts: tuple[Attempt, ...]
    cpu_s: float
    from_cache: bool
    size_samples: tuple[Attempt, ...] = ()  # at a few scenes, to choose the picture's size
    hull_points: tuple[HullPoint, ...] = ()  # the hull that these samples gave
    takes: tuple[Take, ...] = ()  # of its shots, as chosen
    lang: str = ""  # of its narration; empty: the master's own sound


@dataclass(frozen=True)
class ImageFile:
    path: Path
    key: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class Still:
    """One frame twice: `web` (AVIF or WebP, for the page) and `jpeg` (for the leaflet and old phones)."""

    web: ImageFile
    jpeg: ImageFile
    thumb: ImageFile | None = None  # of a poster: AVIF of about a kilobyte, for lists
    full_size: ImageFile | None = None  # of one that words lead to: as large as a drawing needs to be read


@dataclass(frozen=True)
class Leaflet:
    path: Path
    key: str
    pages: int
    bytes: int
    link: str  # what its QR code says
    format: str = "leaflet"
    thumb: ImageFile | None = None  # its first page, small, for its how-to's page


@dataclass(frozen=True)
class Print:
    """Something on the print desk. `name` is a how-to's slug or a category's; empty: the whole library."""

    format: str
    name: str
    lang: str
    category: str
    leaflet: Leaflet
    preview: ImageFile  # its first page, as WebP
    format_description: str = ""  # what the format is, in English
    qr_boxes: tuple[tuple[int, float, float, float, float, str], ...] = ()  # page; left, bottom, right, top in pt; what it says
    aisle: str = ""  # whose labels they are
    sheet: Mapping[str, Any] | None = None  # of labels: how many across and down, and mm, as the stock has them
    folded: bool = False  # turned on the short edge
    usual_for: str = ""  # "a4", "a5": a how-to's usual leaflet; "changes", "aisle": what is printed for them


@dataclass(frozen=True)
class Lesson:
    """A how-to and all that was made of it. Without a film: no renditions, no poster, no stills, no captions."""

    howto: HowTo
    master: Master | None = None
    renditions: tuple[Rendition, ...] = ()
    poster: Still | None = None
    stills: Mapping[str, Still] = field(default_factory=dict)  # by step id
    captions: Mapping[str, Captions] = field(default_factory=dict)  # by language
    leaflet: Leaflet | None = None
    figures: Mapping[Path, Still] = field(default_factory=dict)  # pictures within its words, by their file
