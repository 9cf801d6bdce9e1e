"""The parts of a how-to's front matter, as an editor writes them: time, cost, safety, steps, calculator and the rest."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from site_builder.library.field_types import (
    CalculatorNumber,
    Container,
    Date,
    Duration,
    Lang,
    Link,
    Number,
    Seconds,
    StrictModel,
    Text,
    Unit,
    Version,
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
