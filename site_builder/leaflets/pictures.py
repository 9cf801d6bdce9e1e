"""A film's still becomes a print: as many pixels as paper shows, as few bytes as the eye allows, all under a leaflet's budget."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageFilter, ImageMath, ImageOps

DPI = 200  # more cannot be seen on what an office laser screens at 106 lines an inch
GOOD = 0.965  # SSIM of a still that is as good on paper as its master: no more bytes are spent
QUALITIES = (75, 68, 62, 56, 50, 44, 38, 32, 26, 20, 14)
BEGIN = 4  # where most end, so that most are encoded twice or thrice
BUDGET = 58_000  # bytes, all stills of a leaflet: what is no picture takes about 40,000 of the 100,000
CELL = 8  # pixels, of SSIM
STEADY = (2.55**2, 7.65**2)  # its constants, (0.01 × 255)² and (0.03 × 255)²


def fitted(stills: Sequence[Path], millimetres: float, toner: bool = False, budget: int = BUDGET) -> list[bytes]:
    """The stills as JPEG for a width on paper; where they are above the budget together, the largest give way first."""
    pixels = 8 * math.ceil(millimetres / 25.4 * DPI / 8)
    chosen = [good(still, pixels, toner) for still in stills]
    made = [encoded(still, pixels, toner, at)[0] for still, at in zip(stills, chosen, strict=True)]
    while sum(map(len, made)) > budget:
        least = [n for n, at in enumerate(chosen) if at < len(QUALITIES) - 1]
        if not least:
            break
        largest = max(least, key=lambda n: len(made[n]))
        chosen[largest] += 1
        made[largest] = encoded(stills[largest], pixels, toner, chosen[largest])[0]
    return made


@lru_cache(maxsize=1_000)
def good(path: Path, pixels: int, toner: bool) -> int:
    """The lowest quality that is good enough, by its place among QUALITIES."""
    at = BEGIN
    if encoded(path, pixels, toner, at)[1] >= GOOD:
        while at + 1 < len(QUALITIES) and encoded(path, pixels, toner, at + 1)[1] >= GOOD:
            at += 1
        return at
    while at > 0 and encoded(path, pixels, toner, at)[1] < GOOD:
        at -= 1
    return at


@lru_cache(maxsize=1_000)
def encoded(path: Path, pixels: int, toner: bool, at: int) -> tuple[bytes, float]:
    """JPEG, and how like its master it is. Not progressive: Typst decodes every picture, and that one takes thrice as long."""
    image = master(path, pixels, toner)
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITIES[at], optimize=True, subsampling="4:2:0")
    return out.getvalue(), ssim(image, Image.open(out))


@lru_cache(maxsize=16)
def master(path: Path, pixels: int, toner: bool) -> Image.Image:
    image = Image.open(path, formats=["JPEG"])
    image.draft("RGB", (pixels, pixels))
    image = image.convert("L" if toner else "RGB")
    image.thumbnail((pixels, 2 * pixels), Image.Resampling.LANCZOS, reducing_gap=None)
    return light(image) if toner else image


def light(image: Image.Image) -> Image.Image:
    """Half the toner: only the upper half of the greys, and its edges drawn so that hands and tools are still seen."""
    lifted = ImageOps.autocontrast(image, cutoff=1).point(lambda grey: 128 + grey // 2)
    edges = ImageOps.invert(image.filter(ImageFilter.SMOOTH).filter(ImageFilter.FIND_EDGES)).point(lambda grey: 255 - min(160, 2 * max(0, 235 - grey)))
    return ImageMath.lambda_eval(lambda all: all["min"](all["a"], all["b"]), a=lifted, b=edges).convert("L")


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Mean structural similarity of two pictures' greys in cells of 8 × 8 pixels, 1 where they are the same (Wang 2004)."""
    a, b = (image.convert("L").convert("F") for image in (one, other))

    def mean(image: Image.Image) -> Image.Image:
        return image.reduce(CELL)

    squares = {
        "aa": ImageMath.lambda_eval(lambda of: of["a"] * of["a"], a=a),
        "bb": ImageMath.lambda_eval(lambda of: of["b"] * of["b"], b=b),
        "ab": ImageMath.lambda_eval(lambda of: of["a"] * of["b"], a=a, b=b),
    }
    means = {"a": mean(a), "b": mean(b)} | {name: mean(image) for name, image in squares.items()}
    found = ImageMath.lambda_eval(similar, **means)
    return float(found.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)))


def similar(of: dict[str, ImageMath.ImageOperand]) -> ImageMath.ImageOperand:  # type: ignore[name-defined]
    a, b, first, second = of["a"], of["b"], *STEADY
    numerator = (2 * a * b + first) * (2 * (of["ab"] - a * b) + second)
    return numerator / ((a * a + b * b + first) * (of["aa"] - a * a + of["bb"] - b * b + second))
