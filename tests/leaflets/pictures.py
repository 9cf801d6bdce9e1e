"""Pictures of a film as leaflets take them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy
from PIL import Image, ImageDraw

from site_builder.library.artifacts import ImageFile, Still


def still(path: Path, at: int) -> Still:
    image = Image.new("RGB", (320, 180), (200, 200, 200 - at))
    ImageDraw.Draw(image).ellipse((10 * at, 20, 10 * at + 90, 110), fill=(40, 40, 40))
    image.save(path, quality=60)
    return still_of(path)


def still_of(path: Path) -> Still:
    with Image.open(path) as image:
        picture = ImageFile(path, hashlib.sha256(path.read_bytes()).hexdigest(), *image.size, path.stat().st_size)
    return Still(web=picture, jpeg=picture)


def photograph(path: Path, seed: int, rough: float = 40) -> Path:
    """As hard to encode as a handheld film: soft shapes under grain."""
    chance = numpy.random.default_rng(seed)
    soft = Image.fromarray(chance.integers(0, 255, (12, 20, 3), dtype="uint8")).resize((600, 338), Image.Resampling.BICUBIC)
    grain = chance.normal(0, rough, (338, 600, 3))
    Image.fromarray(numpy.clip(numpy.asarray(soft) + grain, 0, 255).astype("uint8")).save(path, "JPEG", quality=85)
    return path
