"""What a how-to says, in one language: its front matter as an editor writes it, and the how-to with its files found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, field_validator

from site_builder.library.field_types import (
    Date,
    Gear,
    Lang,
    Period,
    Risk,
    ShortCode,
    Slug,
    StrictModel,
    Text,
    Version,
    reject_boolean,
)
from site_builder.library.howto_parts import (
    Calculator,
    Correction,
    Cost,
    LeafletWishes,
    Material,
    Mistake,
    Question,
    Reviewer,
    Safety,
    Search,
    Source,
    Step,
    Time,
    Tool,
    Video,
    video_from_string,
)


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
