"""Contrast of two colours."""

from __future__ import annotations


def contrast_on_white(rgb: list[int]) -> float:
    """Against white, WCAG 2.2 §1.4.3."""
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
