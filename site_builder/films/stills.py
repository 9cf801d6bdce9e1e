"""Poster and one still a step: a frame of the master, small enough for a phone and sharp enough for a leaflet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import ffmpeg as graph
import PIL
from PIL import Image

from site_builder.cache import Cache, hash_of
from site_builder.films import ffmpeg, filters
from site_builder.films.efforts import EFFORTS
from site_builder.library import images
from site_builder.library.artifacts import ImageFile, Master, Still
from site_builder.library.howto import HowTo
from site_builder.library.howto_parts import Step
from site_builder.library.settings import Options

RECIPE = 2
# Pixels of the longer side, AVIF's quality; the first that is small enough is taken. 720: a phone 360 px wide with two pixels
# to one. Smaller ones are enlarged by the phone, which looks better than 720 at a quality below these.
WEB_FORMS = ((720, 45), (720, 36), (720, 28), (540, 34), (540, 26), (400, 26))
MAX_WEB_BYTES = 14_000  # bytes; with the page it stands on, a poster fills about two of TCP's first windows
THUMB_SIDE, THUMB_QUALITY = 144, 32  # 72 px wide in a list, two pixels to one
PRINT_SIDE = 600  # 60 mm on paper at 250 dpi
JPEG_OPTIONS: dict[str, Any] = {"format": "JPEG", "quality": 60, "optimize": True, "progressive": True, "subsampling": "4:2:0"}
LARGE_SIDE = 1600  # of a plan or a table that was photographed: its small print can be read
LARGE_JPEG_OPTIONS: dict[str, Any] = {**JPEG_OPTIONS, "quality": 70}
STILL_POSITION = 0.85  # share of a step's time at which its still is taken: the hands are where they belong by then
MIN_PHOTO_SIDE = 2 * WEB_FORMS[0][0]  # pixels of a large photo's longer side: enough to be made smaller well


class UnusablePicture(Exception):
    """A picture beside a how-to is none."""


def still_time(step: Step) -> float | None:
    """The second of the film at which a step's still is taken; None where the step has no times."""
    if step.start is None or step.end is None:
        return None
    return step.start + (step.end - step.start) * STILL_POSITION


def bytes_per_picture(budget: int, howto: HowTo, beside: int = 0) -> int:
    """What each picture of a page may weigh, so that all of them and the poster keep within `bytes`. `beside`: how many
    stand within its words."""
    return min(MAX_WEB_BYTES, budget // (len(howto.steps) + 1 + beside))


def poster_still(howto: HowTo, master: Master, cache: Cache, avif_speed: int, max_bytes: int) -> Still:
    """The frame at its moment."""
    return still_at(master, poster_time(howto, master), cache, avif_speed, max_bytes, thumb=True)


def poster_time(howto: HowTo, master: Master) -> float:
    """`poster_at`, else the moment of the first step, else a third into the film."""
    first = still_time(howto.steps[0])
    at = howto.video.poster_at if howto.video and howto.video.poster_at is not None else first
    return at if at is not None else master.seconds / 3


def step_still(howto: HowTo, step: Step, master: Master | None, cache: Cache, avif_speed: int, max_bytes: int) -> Still | None:
    """The step's own picture, else its moment of the film; None where it has neither."""
    if step.image == "none":
        return None
    if step.image != "auto":
        return still_from_file((howto.source.parent / step.image).resolve(), cache, avif_speed, max_bytes)
    at = still_time(step)
    return still_at(master, at, cache, avif_speed, max_bytes) if master and at is not None else None


def still_at(master: Master, at: float, cache: Cache, avif_speed: int, max_bytes: int, thumb: bool = False) -> Still:
    """One frame of the master, upright, progressive and in SDR."""
    at = max(0.0, min(at, filters.last_second(master) - 0.1))
    inputs = {"ffmpeg": ffmpeg.version(), "master": master.picture_key, "at": round(at, 3)}

    def grab() -> Image.Image:
        width, height = filters.output_size(master, min(master.width, master.height))
        stream = filters.picture_stream(master, ss=f"{at:.3f}")
        stream = filters.constant_rate(stream, master, Fraction(25))
        stream = filters.to_display(stream, master, width, height, "rgb24")
        out = graph.output(stream, "pipe:1", format="image2pipe", vcodec="ppm", **{"frames:v": 1})
        return Image.open(BytesIO(ffmpeg.run_composed(ffmpeg.compose(out), seconds=120).stdout), formats=["PPM"])

    return make_still(inputs, grab, cache, avif_speed, max_bytes, thumb)


def still_from_file(path: Path, cache: Cache, avif_speed: int, max_bytes: int, whole: bool = False) -> Still:
    """A picture that an editor made. Raises images.UnusableImage for what is none."""
    data = path.read_bytes()
    inputs = {"picture": path.name, "data": hash_of(data), "opened": images.RECIPE}
    result = make_still(inputs, lambda: images.open_image(data, least=MIN_PHOTO_SIDE), cache, avif_speed, max_bytes)
    if not whole:
        return result

    def to_read(draft: Path) -> dict[str, Any]:
        image = images.open_image(data, least=LARGE_SIDE)
        image.thumbnail((LARGE_SIDE, LARGE_SIDE), Image.Resampling.LANCZOS)
        image.save(draft, **LARGE_JPEG_OPTIONS)
        return {"width": image.width, "height": image.height}

    entry = cache.get(
        {"whole": 1, "pillow": PIL.__version__, **inputs, "side": LARGE_SIDE, **LARGE_JPEG_OPTIONS}, ".jpg", to_read
    )
    size = entry.path.stat().st_size
    return replace(result, full_size=ImageFile(entry.path, entry.key, entry.facts["width"], entry.facts["height"], size))


def make_still(
    inputs: Mapping[str, Any],
    grab: Callable[[], Image.Image],
    cache: Cache,
    avif_speed: int,
    max_bytes: int,
    thumb: bool = False,
) -> Still:
    """The forms of a picture; it is grabbed once, and only where one of them is missing. `speed` is AVIF's, 0–10.

    The phone's form weighs at most `most` bytes, if that is any picture at all.
    """
    taken: list[Image.Image] = []

    def small(side: int) -> Image.Image:
        if not taken:
            taken.append(grab())
        image = taken[0].copy()
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        return image

    def for_web(draft: Path) -> dict[str, Any]:
        for side, quality in WEB_FORMS:
            image = small(side)
            image.save(draft, format="AVIF", quality=quality, speed=avif_speed)
            if draft.stat().st_size <= max_bytes:
                break
        return {"width": image.width, "height": image.height}

    def for_lists(draft: Path) -> dict[str, Any]:
        image = small(THUMB_SIDE)
        image.save(draft, format="AVIF", quality=THUMB_QUALITY, speed=avif_speed)
        return {"width": image.width, "height": image.height}

    def for_print(draft: Path) -> dict[str, Any]:
        image = small(PRINT_SIDE)
        image.save(draft, **JPEG_OPTIONS)
        return {"width": image.width, "height": image.height}

    def form(make: Callable[[Path], dict[str, Any]], options: Mapping[str, Any], suffix: str) -> ImageFile:
        all_inputs = {"still": RECIPE, "pillow": PIL.__version__, **inputs, "options": dict(options)}
        entry = cache.get(all_inputs, suffix, make)
        return ImageFile(entry.path, entry.key, entry.facts["width"], entry.facts["height"], entry.path.stat().st_size)

    return Still(
        web=form(for_web, {"web": WEB_FORMS, "most": max_bytes, "speed": avif_speed}, ".avif"),
        jpeg=form(for_print, {"side": PRINT_SIDE, **JPEG_OPTIONS}, ".jpg"),
        thumb=form(for_lists, {"thumb": [THUMB_SIDE, THUMB_QUALITY], "speed": avif_speed}, ".avif") if thumb else None,
    )


def stills_of_howto(
    howto: HowTo, master: Master | None, cache: Cache, options: Options, beside: int = 0
) -> tuple[Still | None, dict[str, Still]]:
    """Poster and the steps' stills; `beside` them, so many pictures stand within its words.

    Raises ffmpeg.ToolFailed, or UnusablePicture for an editor's file that is none.
    """
    avif_speed = EFFORTS[options.effort].avif_speed
    max_bytes = bytes_per_picture(options.visit_budget - options.page_budget, howto, beside)
    try:
        poster = poster_still(howto, master, cache, avif_speed, max_bytes) if master else None
        steps = {step.id: step_still(howto, step, master, cache, avif_speed, max_bytes) for step in howto.steps}
    except images.UnusableImage as error:  # it was usable when it was checked
        raise UnusablePicture(f"a picture {error.message}") from None
    return poster, {name: still for name, still in steps.items() if still}


def figure_stills(files: Mapping[Path, bool], howto: HowTo | None, cache: Cache, options: Options) -> dict[Path, Still]:
    """The pictures within words, of a how-to or of another page; True for those that words lead to. Raises UnusablePicture."""
    avif_speed = EFFORTS[options.effort].avif_speed
    max_bytes = bytes_per_picture(options.visit_budget - options.page_budget, howto, len(files)) if howto else MAX_WEB_BYTES
    try:
        return {path: still_from_file(path, cache, avif_speed, max_bytes, whole) for path, whole in files.items()}
    except images.UnusableImage as error:
        raise UnusablePicture(f"a picture {error.message}") from None
