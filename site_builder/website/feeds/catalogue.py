"""library.json: the public list of all that the site has. The same library gives the same bytes, whoever builds it and when."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from site_builder.library.artifacts import Lesson, Rendition, Still
from site_builder.library.howto import HowTo
from site_builder.website import urls

CATALOGUE_FILE, SCHEMA_FILE = "library.json", "library.schema.json"


class CatalogueModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class FilmQuality(CatalogueModel):
    """VMAF v0.6.1 against the master at its own size, 0–100; `phone` is the mean of its phone model."""

    mean: float
    harmonic: float
    p5: float = Field(description="5th percentile: the film's hard moments")
    phone: float
    phone_harmonic: float
    phone_p5: float


class Film(CatalogueModel):
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


class Picture(CatalogueModel):
    path: str
    jpeg: str
    width: int
    height: int
    bytes: int


class StepStill(Picture):
    step: str


class LeafletFile(CatalogueModel):
    path: str
    pages: int = Field(gt=0)
    bytes: int = Field(gt=0)
    link: str = Field(description="what its QR code says")


class CaptionFile(CatalogueModel):
    lang: str
    path: str
    bytes: int


class Entry(CatalogueModel):
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


class Catalogue(CatalogueModel):
    model_config = ConfigDict(title="Library", extra="forbid", frozen=True, populate_by_name=True)

    schema_file: str = Field(SCHEMA_FILE, alias="$schema")
    name: str
    url: str
    howtos: tuple[Entry, ...]


def catalogue_of(lessons: Iterable[Lesson], name: str, url: str) -> Catalogue:
    return Catalogue(name=name, url=url, howtos=tuple(howto_entry(lesson) for lesson in lessons))


def catalogue_json(catalogue: Catalogue) -> str:
    return json.dumps(catalogue.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1) + "\n"


def howto_entry(lesson: Lesson) -> Entry:
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
        checked=howto.is_reviewed,
        page=howto.page,
        leaflet=leaflet_entry(lesson),
        films=tuple(film_entry(howto, rendition) for rendition in lesson.renditions),
        poster=picture_entry(howto, "poster", lesson.poster) if lesson.poster else None,
        stills=tuple(StepStill(step=step, **dict(picture_entry(howto, step, still))) for step, still in lesson.stills.items()),
        captions=tuple(
            CaptionFile(lang=lang, path=urls.captions(lesson, lang), bytes=caption_bytes(lesson, lang))
            for lang in lesson.captions
        ),
    )


def caption_bytes(lesson: Lesson, lang: str) -> int:
    file = urls.caption_file(lesson, lang)
    return len(file) if isinstance(file, bytes) else file.stat().st_size


def leaflet_entry(lesson: Lesson) -> LeafletFile | None:
    leaflet = lesson.leaflet
    if leaflet is None:
        return None
    return LeafletFile(path=urls.leaflet(lesson.howto, leaflet), pages=leaflet.pages, bytes=leaflet.bytes, link=leaflet.link)


def film_entry(howto: HowTo, rendition: Rendition) -> Film:
    vmaf = rendition.vmaf
    return Film(
        rung=rendition.rung.name,
        path=urls.film(howto, rendition),
        codec=rendition.codecs,
        width=rendition.width,
        height=rendition.height,
        fps=rendition.fps,
        bytes=rendition.bytes,
        budget=rendition.rung.budget,
        seconds=rendition.seconds,
        vmaf=FilmQuality(**asdict(vmaf)) if vmaf else None,
    )


def picture_entry(howto: HowTo, stem: str, still: Still) -> Picture:
    return Picture(
        path=urls.picture(howto, stem, still.web),
        jpeg=urls.picture(howto, stem, still.jpeg),
        width=still.web.width,
        height=still.web.height,
        bytes=still.web.bytes,
    )
