"""Contrast of two colours, as WCAG 2.2 defines it (§1.4.3)."""

from __future__ import annotations

Rgb = tuple[int, int, int]  # 0–255 each, sRGB

WHITE = (255, 255, 255)


def luminance(colour: Rgb) -> float:
    """Relative luminance: 0 of black, 1 of white."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb, other: Rgb) -> float:
    """From 1, where both are equally bright, to 21, black on white."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
