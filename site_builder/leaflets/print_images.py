"""A film's still becomes a print: as many pixels as paper shows, as few bytes as the eye allows, under a leaflet's budget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageFilter, ImageMath, ImageOps

DPI_STEPS = (
    200,
    150,
    100,
    75,
)  # more cannot be seen on what an office laser screens at 106 lines an inch; fewer where bytes are few
TARGET_SSIM = 0.965  # SSIM of a still that is as good on paper as its master: no more bytes are spent
STILLS_BUDGET = (
    52_000  # bytes, all stills of a leaflet: what is no picture takes about 42,000 of the 100,000, more in a second script
)
TONER_STILLS_BUDGET = 34_000
# JPEG quality, and its bytes beside those of the first try: from 98 frames of real films
BYTES_BY_QUALITY = {
    80: 1.78,
    72: 1.43,
    64: 1.22,
    57: 1.1,
    50: 1.0,
    43: 0.9,
    36: 0.8,
    30: 0.71,
    24: 0.61,
    18: 0.5,
    13: 0.4,
    9: 0.3,
}
FIRST_QUALITY = 50
BYTES_EXPONENT = 0.75  # bytes go with (1 - SSIM) ** -BEND
SSIM_CELL = 8  # pixels, of SSIM
PLACEHOLDER_SIDE = 8  # pixels
SSIM_CONSTANTS = (2.55**2, 7.65**2)  # its constants, (0.01 × 255)² and (0.03 × 255)²


def compress_to_budget(stills: Sequence[tuple[Path, float]], budget: int, toner: bool = False) -> list[bytes]:
    """JPEGs of stills [(path, mm wide)] within `budget` bytes together, all at about one SSIM, at most TARGET_SSIM.

    Fewer dpi where no quality is small enough. May exceed the budget only at the lowest dpi.
    """
    jpegs: list[bytes] = []
    for dpi in DPI_STEPS if stills else ():
        jpegs = compress_at(dpi, stills, budget, toner)
        if sum(map(len, jpegs)) <= budget:
            break
    return jpegs


def compress_at(dpi: int, stills: Sequence[tuple[Path, float]], budget: int, toner: bool) -> list[bytes]:
    targets = [(path, 8 * math.ceil(millimetres / 25.4 * dpi / 8)) for path, millimetres in stills]
    first_tries = [encode_jpeg(path, pixels, toner, FIRST_QUALITY) for path, pixels in targets]
    # With all at one SSIM s, their bytes are sum(bytes × ((1 - own) / (1 - s)) ** BEND): the s for which that is the budget.
    dissimilarity = (sum(len(jpeg) * (1 - ssim_of) ** BYTES_EXPONENT for jpeg, ssim_of in first_tries) / max(budget, 1)) ** (
        1 / BYTES_EXPONENT
    )
    dissimilarity = max(dissimilarity, 1 - TARGET_SSIM)
    qualities = [quality_for(((1 - ssim_of) / dissimilarity) ** BYTES_EXPONENT) for _, ssim_of in first_tries]
    jpegs = [encode_jpeg(path, pixels, toner, quality)[0] for (path, pixels), quality in zip(targets, qualities, strict=True)]
    while sum(map(len, jpegs)) > budget and max(qualities) > min(BYTES_BY_QUALITY):
        largest = max(
            (n for n, quality in enumerate(qualities) if quality > min(BYTES_BY_QUALITY)), key=lambda n: len(jpegs[n])
        )
        qualities[largest] = max(q for q in BYTES_BY_QUALITY if q < qualities[largest])
        path, pixels = targets[largest]
        jpegs[largest] = encode_jpeg(path, pixels, toner, qualities[largest])[0]
    return jpegs


@lru_cache(maxsize=1_000)
def placeholder(name: str, grey: bool) -> bytes:
    """A tiny JPEG that Typst embeds instead of the still, which it would unpack; unique by its comment."""
    out = BytesIO()
    Image.new("L" if grey else "RGB", (PLACEHOLDER_SIDE, PLACEHOLDER_SIDE)).save(out, "JPEG", comment=name)
    return out.getvalue()


def quality_for(share: float) -> int:
    """The highest quality at which a still takes no more than this share of its first try."""
    return max((q for q, bytes in BYTES_BY_QUALITY.items() if bytes <= share), default=min(BYTES_BY_QUALITY))


@lru_cache(maxsize=1_000)
def encode_jpeg(path: Path, pixels: int, toner: bool, quality: int) -> tuple[bytes, float]:
    """(JPEG, its SSIM against reference_image at FIRST_QUALITY, else 0).

    Baseline: Typst decodes it three times as fast as progressive.
    """
    image = reference_image(path, pixels, toner)
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, subsampling="4:2:0")
    return out.getvalue(), ssim(image, Image.open(out)) if quality == FIRST_QUALITY else 0


@lru_cache(maxsize=16)
def reference_image(path: Path, pixels: int, toner: bool) -> Image.Image:
    """The still at `pixels` wide; grey and lightened where toner is to be saved."""
    with Image.open(path, formats=["JPEG"]) as still:
        image = still.convert("L" if toner else "RGB")
    image.thumbnail((pixels, 2 * pixels), Image.Resampling.HAMMING, reducing_gap=None)
    return save_toner(image) if toner else image


def save_toner(image: Image.Image) -> Image.Image:
    """Half the toner: only the upper half of the greys, and its edges drawn so that hands and tools are still seen.

    They are drawn on the darker side alone: white letters on a dark ground stay white, and can be read.
    """
    contrasted = ImageOps.autocontrast(image, cutoff=1)
    lightened = contrasted.point([128 + grey // 2 for grey in range(256)])
    edges = image.filter(ImageFilter.SMOOTH).filter(ImageFilter.FIND_EDGES)
    edge_lines = edges.point([255 - min(160, 2 * max(0, grey - 20)) for grey in range(256)])
    brighter = ImageChops.subtract(contrasted, contrasted.filter(ImageFilter.BoxBlur(3))).point(
        [min(255, 16 * grey) for grey in range(256)]
    )
    return ImageChops.darker(lightened, ImageChops.lighter(edge_lines, brighter))


def ssim(picture: Image.Image, reference: Image.Image) -> float:
    """Mean structural similarity of two pictures' greys in cells of 8 × 8 pixels, 1 where they are the same (Wang 2004)."""
    a, b = (image.convert("L").convert("F") for image in (picture, reference))

    def mean(image: Image.Image) -> Image.Image:
        return image.reduce(SSIM_CELL)

    squares = {
        "aa": ImageMath.lambda_eval(lambda of: of["a"] * of["a"], a=a),
        "bb": ImageMath.lambda_eval(lambda of: of["b"] * of["b"], b=b),
        "ab": ImageMath.lambda_eval(lambda of: of["a"] * of["b"], a=a, b=b),
    }
    means = {"a": mean(a), "b": mean(b)} | {name: mean(image) for name, image in squares.items()}
    result = ImageMath.lambda_eval(ssim_map, **means)
    return float(result.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)))


def ssim_map(of: dict[str, Any]) -> Any:
    a, b, first, second = of["a"], of["b"], *SSIM_CONSTANTS
    numerator = (2 * a * b + first) * (2 * (of["ab"] - a * b) + second)
    return numerator / ((a * a + b * b + first) * (of["aa"] - a * a + of["bb"] - b * b + second))
