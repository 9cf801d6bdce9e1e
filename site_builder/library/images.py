"""Pictures that people hand in: a step's photo, one within the words. Opened by an allow-list, upright, in sRGB."""

from __future__ import annotations

import json
import re
import struct
import warnings
import zlib
from io import BytesIO
from pathlib import Path

import PIL
from PIL import Image, ImageCms, ImageOps

from site_builder.library.os_errors import os_error_reason
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
    icc = image.info.get("icc_profile")
    if not icc or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *PILLOW_ERRORS):
        return image
    return converted or image


def flatten_on_white(image: Image.Image) -> Image.Image:
    """Without transparency or palette, 8 bits a colour."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGB", "L", "CMYK") and "transparency" not in image.info:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")


def image_problem(path: Path, memo: Memo) -> UnusableImage | None:
    """What keeps a file from being used as a picture. One that was opened before, and has not changed since, is not again."""
    try:
        stat = path.stat()
        key = json.dumps([RECIPE, PIL.__version__, str(path), stat.st_size, stat.st_mtime_ns]).encode()

        def try_open() -> bytes:
            open_image(path.read_bytes(), least=1)
            return b"opened"

        memo.get("picture opens", key, try_open, made_by=b"picture")
    except UnusableImage as error:
        return error
    except OSError as error:
        return UnusableImage(f"cannot be read: {os_error_reason(error)}", "look at its rights and its name")
    return None
