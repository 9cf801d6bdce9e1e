"""The picture beside a shared link that has no film to show: a name in the library's colours."""

from __future__ import annotations

import textwrap
from io import BytesIO
from pathlib import Path

import PIL
from PIL import Image, ImageDraw, ImageFont, features

from site_builder.library.model import Category
from site_builder.library.words import words
from site_builder.website import addresses
from site_builder.website.site import Site

SIZE = (600, 315)  # what chats and networks show whole: 1.91 to 1
EDGE = 40
COLUMNS = 16  # letters of a name in a row
FONTS = Path(__file__).parents[1] / "leaflets" / "fonts"  # files, not code: the rooms share them
# Scripts with faces of their own; their letters join, which a Pillow without Raqm cannot draw.
JOINED = (("\u0600", "\u06ff", "NotoSansArabic"), ("\u0900", "\u097f", "NotoSansDevanagari"))
LATIN = "NotoSans-SemiCondensed"


def files(site: Site) -> dict[str, bytes]:
    """The library's and each subject's, in each language."""
    cards = (card(site, category, lang) for lang in site.langs for category in (None, *site.categories))
    return {addresses.asset("card.png", data): data for data in cards if data}


def address(site: Site, category: Category | None, lang: str) -> str | None:
    """Where the picture of a subject, or of the library, stands; None where this machine cannot write its script."""
    data = card(site, category, lang)
    return addresses.asset("card.png", data) if data else None


def card(site: Site, category: Category | None, lang: str) -> bytes | None:
    """The picture, drawn once."""
    library, store = site.settings.site_name, site.settings.options.store.name
    said = (category.title(lang), library) if category else (library, store)
    asked = (*said, lang, site.look.bar, site.look.on_bar)
    return site.shelf.get("card", repr((PIL.__version__, asked)).encode(), lambda: drawn(*asked))


def drawn(name: str, below: str, lang: str, ground: str, ink: str) -> bytes | None:
    if (family(name), family(below)) != (LATIN, LATIN) and not features.check("raqm"):
        return None
    picture = Image.new("RGB", SIZE, ground)
    pen = ImageDraw.Draw(picture)
    x, side, align = (SIZE[0] - EDGE, "r", "right") if words(lang).direction == "rtl" else (EDGE, "l", "left")
    rows = "\n".join(textwrap.wrap(name, COLUMNS, break_long_words=False))
    pen.multiline_text((x, 130), rows, ink, fitting(pen, rows, "Bold", 80, 150), anchor=f"{side}m", align=align)
    pen.text((x, SIZE[1] - EDGE), below, ink, fitting(pen, below, "", 26, 34), anchor=f"{side}s")
    out = BytesIO()
    picture.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


def family(said: str) -> str:
    return next((face for first, last, face in JOINED if any(first <= letter <= last for letter in said)), LATIN)


def fitting(pen: ImageDraw.ImageDraw, said: str, weight: str, most: int, height: int) -> ImageFont.FreeTypeFont:
    """The largest type, of `most` pixels, in which the words fit between the edges and into `height`."""
    face = f"{LATIN}{weight}" if family(said) == LATIN else f"{family(said)}-{weight or 'Regular'}"
    for size in range(most, 11, -2):
        font = ImageFont.truetype(FONTS / f"{face}.ttf", size)
        left, top, right, bottom = pen.multiline_textbbox((0, 0), said, font)
        if right - left <= SIZE[0] - 2 * EDGE and bottom - top <= height:
            break
    return font
