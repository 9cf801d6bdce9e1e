"""library.json: the public list of all that the site has. The same library gives the same bytes, whoever builds it and when."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from site_builder.library.model import HowTo, Lesson, Rendition, Still
from site_builder.website import addresses

FILE, SCHEMA = "library.json", "library.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class FilmQuality(Row):
    """VMAF v0.6.1 against the master at its own size, 0–100; `phone` is the mean of its phone model."""

    mean: float
    harmonic: float
    p5: float = Field(description="5th percentile: the film's hard moments")
    phone: float
    phone_harmonic: float
    phone_p5: float


class Film(Row):
    rung: str
    path: str = Field(description="below the site's top")
    codec: str = Field(description="RFC 6381")
    width: int = Field(ge=0, description="0 for sound alone")
    height: int = Field(ge=0)
    fps: float = Field(ge=0)
    bytes: int = Field(gt=0)
    budget: int = Field(gt=0)
    seconds: float = Field(gt=0)
    vmaf: FilmQuality | None


class Picture(Row):
    path: str
    jpeg: str
    width: int
    height: int
    bytes: int


class StepStill(Picture):
    step: str


class LeafletFile(Row):
    path: str
    pages: int = Field(gt=0)
    bytes: int = Field(gt=0)
    link: str = Field(description="what its QR code says")


class CaptionFile(Row):
    lang: str
    path: str
    bytes: int


class Entry(Row):
    """One how-to in one language."""

    slug: str
    lang: str
    code: str
    title: str
    summary: str
    category: str
    risk: Literal["low", "medium", "high"]
    version: str
    checked: bool = Field(description="a qualified person has reviewed it")
    page: str
    leaflet: LeafletFile | None
    films: tuple[Film, ...]
    poster: Picture | None
    stills: tuple[StepStill, ...]
    captions: tuple[CaptionFile, ...]


class Catalogue(Row):
    model_config = ConfigDict(title="Library", extra="forbid", frozen=True, populate_by_name=True)

    schema_file: str = Field(SCHEMA, alias="$schema")
    name: str
    url: str
    howtos: tuple[Entry, ...]


def of(lessons: Iterable[Lesson], name: str, url: str) -> Catalogue:
    return Catalogue(name=name, url=url, howtos=tuple(entry(lesson) for lesson in lessons))


def text(catalogue: Catalogue) -> str:
    return json.dumps(catalogue.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1) + "\n"


def schema(model: type[BaseModel] = Catalogue) -> str:
    """The model as JSON Schema."""
    found = {"$schema": DIALECT, **model.model_json_schema(by_alias=True, mode="validation")}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def entry(lesson: Lesson) -> Entry:
    howto = lesson.howto
    return Entry(
        slug=howto.slug,
        lang=howto.lang,
        code=howto.code,
        title=howto.title,
        summary=str(howto.summary),
        category=howto.category,
        risk=howto.risk,
        version=howto.version,
        checked=howto.checked,
        page=howto.page,
        leaflet=leaflet(lesson),
        films=tuple(film(howto, rendition) for rendition in lesson.renditions),
        poster=picture(howto, "poster", lesson.poster) if lesson.poster else None,
        stills=tuple(StepStill(step=step, **dict(picture(howto, step, still))) for step, still in lesson.stills.items()),
        captions=tuple(
            CaptionFile(lang=lang, path=addresses.captions(lesson, lang), bytes=caption_bytes(lesson, lang))
            for lang in lesson.captions
        ),
    )


def caption_bytes(lesson: Lesson, lang: str) -> int:
    file = addresses.caption_file(lesson, lang)
    return len(file) if isinstance(file, bytes) else file.stat().st_size


def leaflet(lesson: Lesson) -> LeafletFile | None:
    made = lesson.leaflet
    if made is None:
        return None
    return LeafletFile(path=addresses.leaflet(lesson.howto, made), pages=made.pages, bytes=made.bytes, link=made.link)


def film(howto: HowTo, rendition: Rendition) -> Film:
    seen = rendition.vmaf
    return Film(
        rung=rendition.rung.name,
        path=addresses.film(howto, rendition),
        codec=rendition.codecs,
        width=rendition.width,
        height=rendition.height,
        fps=rendition.fps,
        bytes=rendition.bytes,
        budget=rendition.rung.budget,
        seconds=rendition.seconds,
        vmaf=FilmQuality(**asdict(seen)) if seen else None,
    )


def picture(howto: HowTo, stem: str, still: Still) -> Picture:
    return Picture(
        path=addresses.picture(howto, stem, still.web),
        jpeg=addresses.picture(howto, stem, still.jpeg),
        width=still.web.width,
        height=still.web.height,
        bytes=still.web.bytes,
    )
