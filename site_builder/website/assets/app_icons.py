"""The app's icon on a home screen, drawn in the theme's colours."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from site_builder.library.contrast import Rgb


@cache
def app_icon(edge: int, use: str, ground: Rgb, shape: Rgb) -> bytes:
    """PNG, `edge` px square: a play sign on the bar's colour; a `maskable` one leaves a margin that phones may cut off."""
    large = edge * 4 if edge < 1000 else edge  # drawn larger and made smaller: smooth edges
    picture = Image.new("RGB", (large, large), ground)
    size = 0.21 if use == "maskable" else 0.28
    middle, half = large * 0.5, large * size
    corners = [(middle - half * 0.75, middle - half), (middle - half * 0.75, middle + half), (middle + half, middle)]
    ImageDraw.Draw(picture).polygon(corners, fill=shape)
    buffer = BytesIO()
    picture.resize((edge, edge), Image.Resampling.LANCZOS).quantize(16).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
