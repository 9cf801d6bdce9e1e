"""A store's logo as it can be printed: PNG, JPEG or SVG."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image

from site_builder.library.images import PILLOW_ERRORS, PILLOW_FORMATS, UnusableImage, open_image, reject_other_kinds
from site_builder.library.os_errors import os_error_reason

MAX_LOGO_SIDE = 1200  # pixels of the longer side: 16 mm on a poster, at the printer's own dots
MAX_LOGO_SVG_BYTES = 1_000_000  # bytes
SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Logo:
    """A logo as it can be printed: PNG, JPEG or SVG. Width and height in any unit: only their ratio counts."""

    data: bytes
    suffix: str
    width: float
    height: float


def load_logo(path: Path) -> Logo:
    """Raises UnusableImage. Colours of a printing press become a screen's; what nothing is wrong with stays byte by byte."""
    try:
        stat = path.stat()
        return load_logo_cached(path, stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        raise UnusableImage(f"cannot be read: {os_error_reason(error)}", "look at its rights and its name") from None


@lru_cache(maxsize=8)
def load_logo_cached(path: Path, size: int, time_ns: int) -> Logo:
    """Each leaflet asks for it; it is opened once."""
    data = path.read_bytes()
    if path.suffix.lower() == ".svg":
        return Logo(data, ".svg", *validate_svg(data))
    image = open_image(data)
    with Image.open(BytesIO(data), formats=PILLOW_FORMATS) as original:
        is_usable_as_is = (
            original.format in ("PNG", "JPEG")
            and original.mode in ("1", "L", "LA", "P", "RGB", "RGBA")
            and original.size == image.size
        )
        is_rotated = original.getexif().get(0x0112, 1) != 1 if is_usable_as_is else True
    if is_usable_as_is and not is_rotated and max(image.size) <= MAX_LOGO_SIDE:
        return Logo(data, ".png" if original.format == "PNG" else ".jpg", *image.size)
    image.thumbnail((MAX_LOGO_SIDE, MAX_LOGO_SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return Logo(out.getvalue(), ".png", *image.size)


def validate_svg(data: bytes) -> tuple[float, float]:
    """Width and height of an SVG. Raises UnusableImage for one that cannot be printed, or that names what stands elsewhere."""
    if len(data) > MAX_LOGO_SVG_BYTES:
        raise UnusableImage(f"weighs {len(data):,} bytes", f"simplify the drawing: {MAX_LOGO_SVG_BYTES:,} are let through")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - expat ends what would grow, and loads nothing
    except (ElementTree.ParseError, ValueError, LookupError):
        reject_disguised_svg(data)
        raise UnusableImage("is no SVG that can be read", "export it again as 'plain SVG', or as PNG") from None
    if root.tag != f"{SVG_NAMESPACE}svg":
        raise UnusableImage("is no SVG", "export it again as 'plain SVG', or as PNG")
    for name, value in svg_references(root):
        if name == "script":
            raise UnusableImage("holds a script", "export it again as 'plain SVG', or as PNG")
        if value.startswith("data:image/"):
            check_embedded_image(value)
        elif not value.startswith("#"):
            shortened = value if len(value) <= 40 else f"{value[:37]}…"
            raise UnusableImage(
                f"names a picture elsewhere ('{shortened}')", "put the picture into the drawing, or export it as PNG"
            )
    return svg_size(root)


def reject_disguised_svg(data: bytes) -> None:
    """Raises UnusableImage for what has a drawing's name and is some other thing, if it shows."""
    try:
        reject_other_kinds(data)
    except UnusableImage as error:
        if "SVG" not in error.message:
            raise


def svg_references(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """All that a drawing leads to from within: element, address. Where a link would lead (`<a>`) nobody prints."""
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag == "script" or any(name.lower().startswith("on") for name in element.attrib):
            yield "script", "#"
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] == "href" and tag != "a" and value.strip():
                yield tag, value.strip()
            elif "url(" in value:
                yield from ((tag, address) for address in css_urls(value))
        if tag == "style" and element.text:
            yield from ((tag, address) for address in css_urls(element.text))


def css_urls(css: str) -> list[str]:
    return [a or b for a, b in re.findall(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""", css)]


def check_embedded_image(value: str) -> None:
    """A picture within a drawing: of the same kinds as any other. Raises UnusableImage."""
    head, _, body = value.partition(",")
    if head.startswith("data:image/svg"):
        raise UnusableImage("holds a drawing within the drawing", "export it as PNG")
    try:
        data = b64decode(re.sub(r"\s", "", body))
        open_image(data)
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.mode == "CMYK":
                raise UnusableImage("holds a picture in CMYK", "export it in RGB, or as PNG")
    except UnusableImage as error:
        raise UnusableImage(f"holds a picture that {error.message}", "export it as PNG") from None
    except PILLOW_ERRORS:
        raise UnusableImage("holds a picture that cannot be opened", "export it as PNG") from None


def svg_size(root: ElementTree.Element) -> tuple[float, float]:
    """From its viewBox, else its width and height; a drawing that does not say is taken for a wide one."""
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))]
    if len(numbers) != 4:
        sides = [re.match(r"\s*(\d+(?:\.\d+)?)(?!\s*%|[\d.])", root.get(name, "")) for name in ("width", "height")]
        numbers = [0, 0, *(float(side[1]) for side in sides if side)]
    if len(numbers) != 4:
        return 4.0, 1.0
    if not (numbers[2] > 0 and numbers[3] > 0):
        raise UnusableImage("has no size", "export it again with a width and a height, or as PNG")
    return numbers[2], numbers[3]
