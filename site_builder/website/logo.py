"""The shop's logo on the home page: what is printed on leaflets, in a few bytes of a customer's data."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import PIL
from PIL import Image

from site_builder.library import images
from site_builder.library.problems import Problem
from site_builder.website import addresses, smaller
from site_builder.website.packed import weight
from site_builder.website.site import Site

MOST = 2_000  # bytes, as they travel
MOST_DRAWING = 4_000
HEIGHTS = (96, 72, 48)  # pixels: it stands 48 high, rather with two pixels to one
WIDEST = 6  # times its height
QUALITIES = (100, 80, 60, 40, 20)  # of WebP; 100 is lossless


def files(site: Site) -> dict[str, bytes]:
    found = made(site)
    if found is None:
        return {}
    kind, data = found
    return {addresses.asset(f"logo.{kind}", data): data}


def address(site: Site) -> str | None:
    return next(iter(files(site)), None)


def problems(site: Site) -> Iterator[Problem]:
    """A drawing that costs each customer too much is left out, and the editor is told."""
    path = site.settings.logo()
    if path and made(site) is None:
        said = f"the logo '{path.name}' weighs more than {MOST_DRAWING:,} bytes as it travels: the home page is without it"
        yield Problem(site.settings.file, 1, said, "simplify the drawing, or name a PNG", warning=True)


def made(site: Site) -> tuple[str, bytes] | None:
    """The kind of file, and its bytes."""
    path = site.settings.logo()
    if path is None:
        return None
    logo = images.logo(path)
    if logo.suffix == ".svg":
        drawing = smaller.drawing(logo.data.decode("utf-8", "replace")).encode()
        return ("svg", drawing) if weight(drawing, site.shelf) <= MOST_DRAWING else None
    packed = site.shelf.get("logo", PIL.__version__.encode() + logo.data, lambda: small(logo.data))
    return ("webp", packed) if packed else None


def small(data: bytes) -> bytes:
    """The sharpest WebP that is light enough, else the lightest."""
    with Image.open(BytesIO(data), formats=images.KINDS) as opened:
        picture = opened.convert("RGBA")
    best = b""
    for height in HEIGHTS:
        sized = picture.copy()
        sized.thumbnail((height * WIDEST, height), Image.Resampling.LANCZOS)
        for quality in QUALITIES:
            out = BytesIO()
            sized.save(out, "WEBP", quality=quality, lossless=quality == 100, method=6)
            best = min(best or out.getvalue(), out.getvalue(), key=len)
            if len(out.getvalue()) <= MOST:
                return out.getvalue()
    return best
