"""What a how-to says, in one language: its front matter as an editor writes it, and the how-to with its files found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, field_validator

from site_builder.library.field_types import (
    CalculatorNumber,
    Container,
    Date,
    Duration,
    Gear,
    Lang,
    Link,
    Number,
    Period,
    Risk,
    Seconds,
    ShortCode,
    Slug,
    StrictModel,
    Text,
    Unit,
    Version,
    reject_boolean,
)
from site_builder.library.slugs import SLUG_FORM


class Time(StrictModel):
    """How long the job takes: 15 min, 1 h 30 min, 2 days, or ISO 8601 (PT15M, PT1H30M, P2D)."""

    prep: Duration | None = None
    work: Duration
    wait: Duration | None = Field(None, description="drying, curing")

    @property
    def hands_on(self) -> dt.timedelta:
        """Preparation and work, without what must dry or cure."""
        return self.work + (self.prep or dt.timedelta())


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


def video_from_string(value: object) -> object:
    """`video: videos/wire-a-plug.mp4` is its master."""
    return {"master": value} if isinstance(value, str) else value


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

    id: str = Field(pattern=f"^{SLUG_FORM}$", max_length=40)
    title: Text = Field(max_length=40)
    text: Text = Field(max_length=240)
    start: Seconds | None = None
    end: Seconds | None = None
    image: Text = Field("auto", description="auto: the film near this step's end; none; or a file beside the how-to")
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
    numbers = [int(part) for part in version.split(".")]
    return tuple(numbers + [0] * (3 - len(numbers)))


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
        address = f"{self.category}/{self.slug}/"
        return address if self.lang == self.base_lang else f"{self.lang}/{address}"

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

    @property
    def last_changed(self) -> dt.date:
        """The day of its words, never of the build: the same library gives the same bytes."""
        return max([self.published, *(correction.date for correction in self.corrections)])

    def line(self, *where: str | int) -> int:
        """The line of a field, or of the nearest thing around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)


@dataclass(frozen=True)
class Category:
    slug: str
    titles: Mapping[str, str]  # language: words
    icon: str = "material/tools"
    search_words: tuple[str, ...] = ()  # by which search finds it, besides its titles

    def title(self, lang: str) -> str:
        return self.titles.get(lang) or self.titles.get("en") or self.slug.replace("-", " ").capitalize()
