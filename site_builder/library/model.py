"""The nouns: what a how-to says, and what was made of it. Frozen; every room speaks of these and of nothing else."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator

from site_builder.library import durations, web
from site_builder.library.problems import InvalidValue


def require_letter_or_digit(given: str) -> str:
    """What has a letter or a figure in it. Raises InvalidValue for a dash or a space that only stands in for words."""
    if not (given[0].isalnum() or any(map(str.isalnum, given))):
        raise InvalidValue("no words", "write it, or leave the line out if it is optional")
    return given


Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Lang = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", description="BCP 47 language tag, such as en or af")]
Version = Annotated[str, Field(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]  # not \\d: other scripts have digits too
ShortCode = Annotated[str, Field(pattern=r"^[2-9abcdefghjkmnpqrstuvwxyz]{2,4}$", description="short code of the printed link")]
Number = Annotated[float, BeforeValidator(lambda given: reject_boolean(given)), Field(ge=-1e9, le=1e9)]
Seconds = Annotated[Number, Field(ge=0, le=86_400, description="seconds into the film")]
Text = Annotated[str, Field(min_length=1), AfterValidator(require_letter_or_digit)]
Duration = Annotated[dt.timedelta, BeforeValidator(durations.parse_duration), WithJsonSchema(durations.DURATION_SCHEMA)]
Period = Annotated[str, BeforeValidator(durations.parse_period), WithJsonSchema(durations.PERIOD_SCHEMA)]
DATE_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
Date = Annotated[
    dt.date, BeforeValidator(lambda given: parse_date(given)), WithJsonSchema({"type": "string", "format": "date"})
]
Link = Annotated[str, BeforeValidator(web.validate_link), WithJsonSchema({"type": "string", "pattern": "^https?://"})]
Unit = Literal[
    "each", "m", "m2", "m3", "mm", "cm", "l", "ml", "kg", "g",
    "bag", "barrow", "bucket", "roll", "pack", "tin", "box", "bottle", "tube",
]  # fmt: skip
Container = Literal["bag", "barrow", "bucket", "roll", "pack", "tin", "box", "bottle", "tube"]
CalculatorNumber = Annotated[Number, Field(ge=0, le=1_000_000)]
Gear = Literal["gloves", "goggles", "dust-mask", "boots", "ear", "harness"]
Risk = Literal["low", "medium", "high"]

EARLIEST_DATE, LATEST_DATE = dt.date(1900, 1, 1), dt.date(2199, 12, 31)  # beyond, a date is a slip


def parse_date(given: object) -> dt.date:
    """A date as 2026-11-21. Raises InvalidValue; a bare number is refused too: `published: 0` would be a day of 1970."""
    if isinstance(given, dt.date):
        return given
    try:
        found = dt.date.fromisoformat(given) if isinstance(given, str) and re.fullmatch(DATE_PATTERN, given) else None
    except ValueError:
        found = None
    if found is None:
        raise InvalidValue("not a date", "such as 2026-11-21")
    if not EARLIEST_DATE <= found <= LATEST_DATE:
        raise InvalidValue("a date that cannot be meant", "such as 2026-11-21")
    return found


def reject_boolean(given: object) -> object:
    """Whatever may be a number. Raises InvalidValue for yes and no, which would be 1 and 0."""
    if isinstance(given, bool):
        raise InvalidValue("not a number", "such as 1 or 0.5")
    return given


class StrictModel(BaseModel):
    """Something an editor writes: no field that we do not know, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


class Time(StrictModel):
    """How long the job takes: 15 min, 1 h 30 min, 2 days, or ISO 8601 (PT15M, PT1H30M, P2D)."""

    prep: Duration | None = None
    work: Duration
    wait: Duration | None = Field(None, description="drying, curing")


class Cost(StrictModel):
    """What the materials cost, never without a date."""

    currency: str = Field("ZAR", pattern=r"^[A-Z]{3}$")
    min: Number = Field(ge=0)
    max: Number = Field(ge=0)
    as_of: Date
    note: Text | None = None


class Video(StrictModel):
    """Which master is this how-to's film. Captions beside the master are found by name; others are named here."""

    master: Text = Field(description="the file, from the project's top: videos/wire-a-plug.mp4")
    duration: Number | None = Field(None, gt=0, description="seconds; the build refuses a film of another length")
    poster_at: Seconds | None = None
    captions: dict[Lang, Text] = Field(default_factory=dict, description="language: file beside the master")
    described: bool = Field(False, description="all that is shown is also said")
    denoise: bool = Field(False, description="soften wind, hum and hiss in the sound; costs a clean voice a little")
    made_by: Text | None = None


def video_from_string(given: object) -> object:
    """`video: videos/wire-a-plug.mp4` is its master."""
    return {"master": given} if isinstance(given, str) else given


class Safety(StrictModel):
    """One warning, shown above the steps, beside its second of the film, and in the leaflet's heaviest frame."""

    level: Literal["danger", "warning", "note"]
    text: Text = Field(max_length=160)
    at: Seconds | None = None


class Tool(StrictModel):
    name: Text
    aisle: Text | None = None
    instead: Text | None = Field(None, description="what also does the job")
    hire: bool = False


class Material(StrictModel):
    name: Text
    qty: Number = Field(gt=0)
    unit: Unit = "each"
    sku: str | None = None
    aisle: Text | None = None


class Step(StrictModel):
    """One act. Its `id` is its anchor on the page; start and end are its seconds of the film."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    title: Text = Field(max_length=40)
    text: Text = Field(max_length=240)
    start: Seconds | None = None
    end: Seconds | None = None
    image: Text = Field("auto", description="auto: the film at this step's middle; none; or a file beside the how-to")
    check: Text | None = Field(None, description="how you know that it worked")
    critical: bool = False


class Mistake(StrictModel):
    see: Text
    likely: Text
    do: Text


class Question(StrictModel):
    q: Text
    a: Text


class Ask(StrictModel):
    """One number that the calculator asks for. What the page begins with (`default`) is the how-to's own batch."""

    id: str = Field(pattern=r"^[a-z]{1,8}$")
    label: Text
    unit: Unit
    min: CalculatorNumber
    max: CalculatorNumber
    default: CalculatorNumber


class Give(StrictModel):
    """One answer: amount = formula × rate × (1 + waste_pct / 100) in `unit`; packs = amount / pack_size, rounded up."""

    label: Text
    per: Unit = Field(description="what the formula counts in")
    rate: Number = Field(gt=0, description="how much of 'unit' is needed for one 'per'")
    unit: Unit | None = Field(None, description="what the amount is measured in; the pack's unit unless given")
    waste_pct: Number = Field(0, ge=0, le=100)
    pack: Container | None = Field(None, description="what it is sold in: tin, bag, box")
    pack_size: Number | None = Field(None, gt=0, description="how much is in one pack; left out: any amount can be had")
    pack_unit: Unit | None = Field(None, description="the unit of 'pack_size'; 'unit' unless given")
    material: Text | None = Field(None, description="the row of 'materials' that it counts; found by 'label' unless given")


class Calculator(StrictModel):
    """How much to buy. `per` is a formula of the asked numbers with + - * / ( ); `basis` is shown beside the answer."""

    ask: tuple[Ask, ...] = Field(min_length=1, max_length=8)
    per: str = Field(max_length=80, pattern=r"^[a-z0-9.+\-*/() ]+$")
    give: tuple[Give, ...] = Field(min_length=1, max_length=12)
    basis: Text


class Search(StrictModel):
    keywords: tuple[Text, ...] = ()
    local: dict[str, tuple[Text, ...]] = Field(default_factory=dict, description="language: words people use")
    typos: tuple[Text, ...] = ()


class LeafletWishes(StrictModel):
    """How this how-to is printed where that is not as usual."""

    format: Text | None = Field(
        None, description="what its page offers: leaflet, toner, booklet or two-a5; leaflet unless given"
    )
    paper: Literal["A4", "A5", "Letter"] | None = Field(None, description="A5 is the booklet, on the sheets of the settings")
    pages: int | None = Field(None, ge=1, le=8, description="printed sides at most: a leaflet that takes more is a warning")
    notes: int | None = Field(None, ge=0, le=28, description="lines to write on, at most; as the settings say unless given")
    picture_steps: tuple[str, ...] | None = Field(None, description="ids of the steps printed with a picture; all unless given")


class Reviewer(StrictModel):
    name: Text
    role: Text
    registration_no: Text | None = None

    @property
    def known_as(self) -> str:
        """The role, with the number under which anybody can look it up."""
        return f"{self.role} ({self.registration_no})" if self.registration_no else self.role


class Correction(StrictModel):
    date: Date
    version: Version
    what: Text
    serious: bool = False


class Source(StrictModel):
    title: Text
    note: Text | None = None
    url: Link | None = None


def version_tuple(version: str) -> tuple[int, ...]:
    """A version as it is compared: 1.10.0 is newer than 1.9.0, and 1.2 is 1.2.0."""
    given = [int(part) for part in version.split(".")]
    return tuple(given + [0] * (3 - len(given)))


class FrontMatter(StrictModel):
    """What stands between the two `---` of a how-to."""

    model_config = ConfigDict(title="How-to", extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)

    schema_file: str | None = Field(None, alias="$schema", description="so that editors complete and check")
    schema_version: Literal[1] = Field(1, alias="schema")
    slug: Slug = Field("", validate_default=False, description="its name in addresses; the file's name unless given")
    lang: Lang = Field("", validate_default=False, description="the site's language unless given")
    code: ShortCode | None = Field(None, description="short code; the registry gives one unless given")
    formerly: tuple[Slug, ...] = Field((), description="slugs it had before: printed codes and links go on working")
    title: Text = Field(max_length=60, description='says the job: "Wire a three-pin plug"')
    summary: Text = Field(max_length=140)
    category: str = Field("", description="the folder's name unless given")
    difficulty: Annotated[Literal[1, 2, 3], BeforeValidator(reject_boolean)] = Field(
        description="1 easy, 2 some skill, 3 skilled"
    )
    time: Time
    cost: Cost | None = None
    risk: Risk
    standards: tuple[Text, ...] = ()
    video: Annotated[Video, BeforeValidator(video_from_string, json_schema_input_type=Video | str)] | None = None
    do_not_start_if: tuple[Text, ...] = ()
    safety: tuple[Safety, ...] = Field(description="what may hurt whom; 'safety: []' where nothing can")
    emergency: Text | None = None
    ppe: tuple[Gear, ...] = ()
    tools: tuple[Tool, ...] = Field(description="each with its 'name'; 'tools: []' where none are needed")
    materials: tuple[Material, ...] = Field(description="each with its 'name'; 'materials: []' where none are needed")
    calculator: Calculator | None = None
    steps: tuple[Step, ...] = Field(min_length=3, max_length=10)
    done_when: Text
    mistakes: tuple[Mistake, ...] = ()
    faq: tuple[Question, ...] = ()
    law: Text | None = None
    search: Search = Field(default_factory=Search)
    related: tuple[Slug, ...] = Field(description="slugs of other how-tos; 'related: []' where there are none")
    leaflet: LeafletWishes = Field(default_factory=LeafletWishes)
    reviewed_by: Reviewer | None = Field(description="'name' and 'role'; 'reviewed_by: null' until somebody has")
    reviewed_on: Date | None = None
    review_every: Period | None = None
    version: Version
    published: Date
    corrections: tuple[Correction, ...] = ()
    licence: Text
    sources: tuple[Source, ...] = ()

    @field_validator("search", "leaflet", mode="before")
    @classmethod
    def none_to_default(cls, value: Any) -> Any:
        return {} if value is None else value

    @field_validator("corrections", "sources", "mistakes", "faq", "ppe", "formerly", "standards", mode="before")
    @classmethod
    def none_to_empty(cls, value: Any) -> Any:
        return () if value is None else value


class HowTo(FrontMatter):
    """A how-to in one language, checked and complete: what the page and the leaflet are made from."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, ignored_types=(cached_property,))

    code: str
    base_lang: str
    source: Path
    body: str  # Markdown
    master: Path | None = None
    narration: Path | None = None  # of the film, in this how-to's language
    captions: Mapping[str, Path] = {}
    lines: Mapping[tuple[str | int, ...], int] = {}  # where each field stands in `source`
    translation_read: bool = True  # False: no speaker has read this translation yet
    answer_materials: tuple[
        int | None, ...
    ] = ()  # for each of the calculator's answers the index of its material, if it has one

    @property
    def page(self) -> str:
        """Address below the site's top, with a slash at its end: `electrical/wire-a-plug/`, `af/electrical/…/`."""
        own = f"{self.category}/{self.slug}/"
        return own if self.lang == self.base_lang else f"{self.lang}/{own}"

    @property
    def registry_key(self) -> str:
        """Its name in the registry of codes: each language's prints have their own code."""
        return self.slug if self.lang == self.base_lang else f"{self.slug}.{self.lang}"

    @property
    def is_reviewed(self) -> bool:
        return self.reviewed_by is not None

    @property
    def serious_corrections(self) -> tuple[Correction, ...]:
        """Corrections for which a print must be thrown away, the newest first."""
        return tuple(sorted((c for c in self.corrections if c.serious), key=lambda c: version_tuple(c.version), reverse=True))

    def line(self, *where: str | int) -> int:
        """The line of a field, or of the nearest thing around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)


class FallbackText(str):
    """Words that a translation lacks, lent by the base language; shown with that `lang`."""

    lang: str

    def __new__(cls, words: str, lang: str) -> FallbackText:
        self = super().__new__(cls, words)
        self.lang = lang
        return self

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.lang

    def __repr__(self) -> str:
        return f"Borrowed({str(self)!r}, {self.lang!r})"


@dataclass(frozen=True)
class Category:
    slug: str
    titles: Mapping[str, str]  # language: words
    icon: str = "material/tools"
    search_words: tuple[str, ...] = ()  # by which search finds it, besides its titles

    def title(self, lang: str) -> str:
        return self.titles.get(lang) or self.titles.get("en") or self.slug.replace("-", " ").capitalize()


@dataclass(frozen=True)
class Cue:
    """One caption: seconds and words."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Captions:
    """What a file of captions says; `made` is published in its place where it is no WebVTT, or says things again and again."""

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
        unusual = {"tags": self.tags, "held_from": self.held_from, "track": self.picture_track}
        told = {name: value for name, value in unusual.items() if value not in (None, ())}
        return f"{self.sha256} {json.dumps(told)}" if told else self.sha256


@dataclass(frozen=True)
class Rung:
    """One row of the ladder. `lines` bounds the shorter side; `budget` is bytes of the whole file.

    `shows` is the film, or `slides`: one still a step. `card` puts a title with the link over the film's first seconds.
    """

    name: str
    video: Literal["av1", "hevc", "h264"] | None
    audio: Literal["opus", "aac"]
    lines: int
    audio_kbps: int
    budget: int
    shows: Literal["film", "slides"] = "film"
    card: bool = False


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
    hull_points: tuple[HullPoint, ...] = ()  # the hull that these looks gave
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
