"""Pictures that people hand in: a step's photo, one within the words, a logo. Opened by an allow-list, upright, in sRGB."""

from __future__ import annotations

import json
import re
import struct
import warnings
import zlib
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import PIL
from PIL import Image, ImageCms, ImageOps

from site_builder.memo import Memo

RECIPE = 1
PILLOW_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
IMAGE_SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".avif")
# What cameras leave: none is ever published as it is, since it may tell where it was taken. Icons of the site are the editor's.
PHOTO_SUFFIXES = (*IMAGE_SUFFIXES, ".heic", ".heif", ".tif", ".tiff", ".dng")
SITE_ICON_PATTERN = re.compile(r"(favicon|apple-touch-icon|android-chrome)[\w.-]*")
SAVE_AS = "save it as JPEG or PNG; WebP and AVIF can be used too"
MAX_IMAGE_BYTES = 60_000_000
# Pixels. The largest sensors of phones give 200 million; JPEG alone can be opened at a part of its size.
MAX_PIXELS_BY_FORMAT = {"JPEG": 210_000_000}
MAX_PIXELS = 50_000_000
MAX_LOGO_SIDE = 1200  # pixels of the longer side: 16 mm on a poster, at the printer's own dots
MAX_LOGO_SVG_BYTES = 1_000_000  # bytes
SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
# Pillow's readers raise whatever a broken file makes them stumble over.
PILLOW_ERRORS = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, AttributeError, RuntimeError),
    *(struct.error, zlib.error, MemoryError),
)
Image.MAX_IMAGE_PIXELS = max(
    MAX_PIXELS_BY_FORMAT.values()
)  # far above, it is never opened; our own limits are told in an editor's words
warnings.filterwarnings("ignore", module=r"PIL\.")  # of odd metadata, which is not kept


class UnusableImage(Exception):
    """What the file is instead of a picture, as the end of a sentence that begins with its name; and a way out."""

    def __init__(self, message: str, hint: str = SAVE_AS) -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


# what phones, CI, Git LFS and downloads leave under a picture's name: first bytes, what it is, what can be done
FILE_SIGNATURES = (
    (rb"version https://git-lfs", "is a pointer of Git LFS, not the picture", "run 'git lfs pull'; in CI, check out with LFS"),
    (rb"(?s)\s*(<!--.*?-->\s*)?<(!doctype\s+html|html|head|body)\b", "is a web page, not a picture",
     "open the picture itself in the browser and save that"),
    (rb"GIF8", "is a GIF", "save its best moment as PNG; what moves belongs into the film"),
    (rb"(?s).{4}ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)(?!.{0,40}avi[fs])", "is HEIC, which most phones cannot show",
     "save it as JPEG; an iPhone takes JPEG with Settings > Camera > Formats > Most Compatible"),
    (rb"(?s).{4}ftyp(?!avi[fs]|mif1|msf1)", "is a film", "films are named under 'video'; a step needs a picture of it"),
    (rb"\x1aE\xdf\xa3", "is a film", "films are named under 'video'; a step needs a picture of it"),
    (rb"(?s)RIFF.{4}(AVI |WAVE)", "is a film or a sound", "a step needs a picture"),
    (rb"II\*\x00|MM\x00\*", "is TIFF or a camera's raw file", SAVE_AS),
    (rb"(?s)BM.{4}\x00{4}", "is BMP", SAVE_AS),
    (rb"8BPS|gimp xcf", "is a picture editor's own file", "export it as JPEG or PNG"),
    (rb"\x00\x00\x01\x00", "is an icon (ICO)", SAVE_AS),
    (rb"\xff\x0a|\x00\x00\x00\x0cJXL ", "is JPEG XL, which most phones cannot show", SAVE_AS),
    (rb"\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51", "is JPEG 2000, which most phones cannot show", SAVE_AS),
    (rb"%PDF-", "is a PDF", "export its page as PNG, or link to it in the words"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "is PostScript", "export it as PNG"),
    (rb"PK\x03\x04", "is a ZIP or an Office file, not a picture", "take the picture out of it"),
    (rb"\x1f\x8b", "is packed (gzip)", "unpack it"),
    (rb"\x00\x05\x16[\x00\x07]", "is a Mac's note about a file, not the picture", "copy the file without '._' before its name"),
    (rb"bplist00", "is a note of iCloud, not the picture", "download it in the Finder first"),
    (rb"(?s)\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)", "is a drawing (SVG)", "export it as PNG, about 1200 pixels wide"),
)  # fmt: skip


def reject_other_kinds(data: bytes) -> None:
    """Raises UnusableImage for what its first bytes show to be something else."""
    if not data:
        raise UnusableImage("is empty (0 bytes)", "copy it again: the copy was cut short")
    if not any(data[:4096]):
        raise UnusableImage("holds nothing but zeros", "copy it again from where it came from")
    for sign, what, hint in FILE_SIGNATURES:
        if re.match(sign, data[:2048].removeprefix(b"\xef\xbb\xbf"), re.I if b"<" in sign else 0):
            raise UnusableImage(what, hint)
    if data[:400].isascii() and data[:400].decode("ascii").replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        raise UnusableImage("is text, not a picture", "copy the picture again: a program has put its own words in its place")


def is_photo(name: str) -> bool:
    """Of a file below content, by its path there."""
    return name.lower().endswith(PHOTO_SUFFIXES) and not SITE_ICON_PATTERN.fullmatch(name)


def open_image(data: bytes, least: int = 0) -> Image.Image:
    """The picture upright, in sRGB, on white. Raises UnusableImage.

    `least` is how many pixels of its longer side are needed: a large JPEG is then opened at half, a quarter or an eighth.
    """
    reject_other_kinds(data)
    try:
        with Image.open(BytesIO(data), formats=PILLOW_FORMATS) as image:
            check_limits(image, len(data))
            if least:
                image.draft(None, (least, least))
            image.load()
            return flatten_on_white(to_srgb(upright(image)))
    except PIL.UnidentifiedImageError:
        raise UnusableImage("is no picture that can be opened") from None
    except Image.DecompressionBombError:
        raise UnusableImage("has too many pixels", "make it smaller: 2000 pixels are enough") from None
    except PILLOW_ERRORS:
        raise UnusableImage("is damaged, or cut short", "copy it again from where it came from, or save it anew") from None


def check_limits(image: Image.Image, size: int) -> None:
    most = MAX_PIXELS_BY_FORMAT.get(image.format or "", MAX_PIXELS)
    if image.width * image.height > most:
        message = f"has {image.width:,} × {image.height:,} pixels"
        raise UnusableImage(message, f"make it smaller: 2000 across are enough, {most:,} in all are let through")
    if size > MAX_IMAGE_BYTES:
        raise UnusableImage(f"weighs {size:,} bytes", "make it smaller: 2000 pixels across are enough")


def upright(image: Image.Image) -> Image.Image:
    """Turned as the camera says. What else a camera notes (a place, a name) goes no further than here."""
    try:
        return ImageOps.exif_transpose(image)
    except PILLOW_ERRORS:  # notes that cannot be read say nothing of which way is up
        return image


def to_srgb(image: Image.Image) -> Image.Image:
    """A phone's wide colours, or a printer's, as a web page means them."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *PILLOW_ERRORS):
        return image
    return turned or image


def flatten_on_white(image: Image.Image) -> Image.Image:
    """Without transparency or palette, 8 bits a colour."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGB", "L", "CMYK") and "transparency" not in image.info:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")


def image_problem(path: Path, shelf: Memo) -> UnusableImage | None:
    """What keeps a file from being used as a picture. One that was opened before, and has not changed since, is not again."""
    try:
        about = path.stat()
        where = json.dumps([RECIPE, PIL.__version__, str(path), about.st_size, about.st_mtime_ns]).encode()

        def look() -> bytes:
            open_image(path.read_bytes(), least=1)
            return b"opened"

        shelf.get("picture opens", where, look, made_by=b"picture")
    except UnusableImage as error:
        return error
    except OSError as error:
        return UnusableImage(f"cannot be read: {(error.strerror or str(error)).lower()}", "look at its rights and its name")
    return None


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
        about = path.stat()
        return load_logo_cached(path, about.st_size, about.st_mtime_ns)
    except OSError as error:
        raise UnusableImage(
            f"cannot be read: {(error.strerror or str(error)).lower()}", "look at its rights and its name"
        ) from None


@lru_cache(maxsize=8)
def load_logo_cached(path: Path, size: int, time_ns: int) -> Logo:
    """Each leaflet asks for it; it is opened once."""
    data = path.read_bytes()
    if path.suffix.lower() == ".svg":
        return Logo(data, ".svg", *validate_svg(data))
    image = open_image(data)
    with Image.open(BytesIO(data), formats=PILLOW_FORMATS) as own:
        plain = own.format in ("PNG", "JPEG") and own.mode in ("1", "L", "LA", "P", "RGB", "RGBA") and own.size == image.size
        turned = own.getexif().get(0x0112, 1) != 1 if plain else True
    if plain and not turned and max(image.size) <= MAX_LOGO_SIDE:
        return Logo(data, ".png" if own.format == "PNG" else ".jpg", *image.size)
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
            shown = value if len(value) <= 40 else f"{value[:37]}…"
            raise UnusableImage(
                f"names a picture elsewhere ('{shown}')", "put the picture into the drawing, or export it as PNG"
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
                yield from ((tag, found) for found in css_urls(value))
        if tag == "style" and element.text:
            yield from ((tag, found) for found in css_urls(element.text))


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
    numbers = [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))]
    if len(numbers) != 4:
        sides = [re.match(r"\s*(\d+(?:\.\d+)?)(?!\s*%|[\d.])", root.get(name, "")) for name in ("width", "height")]
        numbers = [0, 0, *(float(side[1]) for side in sides if side)]
    if len(numbers) != 4:
        return 4.0, 1.0
    if not (numbers[2] > 0 and numbers[3] > 0):
        raise UnusableImage("has no size", "export it again with a width and a height, or as PNG")
    return numbers[2], numbers[3]
