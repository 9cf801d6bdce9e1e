"""Colours of the theme, and the contrast that they need to be read in bright sun (WCAG 2)."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable

from site_builder.library.contrast import Rgb, contrast

MIN_CONTRAST = 7.0  # WCAG's AAA: she reads in bright sun


NIGHT_BACKGROUND = (0x12, 0x18, 0x18)


def parse_colour(colour: str) -> Rgb:
    """`#0af`, `#00aaff`, `#00aaffde` (the last two digits are let go) or `hsl(38,100%,50%)`."""
    if colour.startswith("hsl"):
        hue, saturation, lightness = (float(n) for n in re.findall(r"[\d.]+", colour)[:3])
        parts = colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
        return (round(parts[0] * 255), round(parts[1] * 255), round(parts[2] * 255))
    digits = colour.lstrip("#")
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    return (int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def to_hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def darker(colour: Rgb) -> Rgb:
    return (int(colour[0] * 0.96), int(colour[1] * 0.96), int(colour[2] * 0.96))


def lighter(colour: Rgb) -> Rgb:
    return (*(part + -(-(255 - part) // 20) for part in colour),)  # type: ignore[return-value]


def raise_contrast(colour: Rgb, step: Callable[[Rgb], Rgb], against: Rgb) -> Rgb:
    """Steps the colour until its WCAG 2 contrast against `against` is MIN_CONTRAST."""
    while contrast(colour, against) < MIN_CONTRAST and colour != step(colour):
        colour = step(colour)
    return colour
