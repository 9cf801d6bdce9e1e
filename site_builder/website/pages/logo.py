"""The shop's logo on the home page: what is printed on leaflets, in a few bytes of a customer's data."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import PIL
from PIL import Image

from site_builder.library import images, logos
from site_builder.library.problems import Problem
from site_builder.website import urls
from site_builder.website.assets import minifier
from site_builder.website.assets.precompress import transfer_size
from site_builder.website.site import Site

MAX_RASTER_BYTES = 2_000  # bytes, as they travel
MAX_SVG_BYTES = 4_000
HEIGHTS_PX = (96, 72, 48)  # pixels: it stands 48 high, rather with two pixels to one
MAX_ASPECT = 6  # times its height
WEBP_QUALITIES = (100, 80, 60, 40, 20)  # of WebP; 100 is lossless


def logo_files(site: Site) -> dict[str, bytes]:
    logo = optimised_logo(site)
    if logo is None:
        return {}
    kind, data = logo
    return {urls.asset(f"logo.{kind}", data): data}


def logo_address(site: Site) -> str | None:
    return next(iter(logo_files(site)), None)


def logo_weight_problems(site: Site) -> Iterator[Problem]:
    """A drawing that costs each customer too much is left out, and the editor is told."""
    path = site.settings.logo()
    if path and optimised_logo(site) is None:
        message = f"the logo '{path.name}' weighs more than {MAX_SVG_BYTES:,} bytes as it travels: the home page is without it"
        yield Problem(site.settings.file, 1, message, "simplify the drawing, or name a PNG", warning=True)


def optimised_logo(site: Site) -> tuple[str, bytes] | None:
    """(suffix, bytes), or None: no logo, or an SVG above MAX_SVG_BYTES."""
    path = site.settings.logo()
    if path is None:
        return None
    logo = logos.load_logo(path)
    if logo.suffix == ".svg":
        drawing = minifier.minify_svg(logo.data.decode("utf-8", "replace")).encode()
        return ("svg", drawing) if transfer_size(drawing, site.memo) <= MAX_SVG_BYTES else None
    packed = site.memo.get("logo", PIL.__version__.encode() + logo.data, lambda: compress_raster(logo.data))
    return ("webp", packed) if packed else None


def compress_raster(data: bytes) -> bytes:
    """The largest, sharpest WebP below MAX_RASTER_BYTES, else the lightest."""
    with Image.open(BytesIO(data), formats=images.PILLOW_FORMATS) as opened:
        picture = opened.convert("RGBA")
    best = b""
    for height in HEIGHTS_PX:
        sized = picture.copy()
        sized.thumbnail((height * MAX_ASPECT, height), Image.Resampling.LANCZOS)
        for quality in WEBP_QUALITIES:
            buffer = BytesIO()
            sized.save(buffer, "WEBP", quality=quality, lossless=quality == 100, method=6)
            best = min(best or buffer.getvalue(), buffer.getvalue(), key=len)
            if len(buffer.getvalue()) <= MAX_RASTER_BYTES:
                return buffer.getvalue()
    return best
