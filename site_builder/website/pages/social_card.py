"""The picture beside a shared link that has no film to show: a name in the library's colours."""

from __future__ import annotations

import textwrap
from io import BytesIO
from pathlib import Path

import PIL
from PIL import Image, ImageDraw, ImageFont, features

from site_builder.library.categories import Category
from site_builder.library.messages import messages_of
from site_builder.website import urls
from site_builder.website.site import Site

CARD_SIZE_PX = (600, 315)  # what chats and networks show whole: 1.91 to 1
MARGIN_PX = 40
LETTERS_PER_ROW = 16  # letters of a name in a row
FONTS = Path(__file__).parents[2] / "leaflets" / "fonts"  # files, not code: the rooms share them
# Scripts with faces of their own; their letters join, which a Pillow without Raqm cannot draw.
JOINING_SCRIPTS = (("\u0600", "\u06ff", "NotoSansArabic"), ("\u0900", "\u097f", "NotoSansDevanagari"))
LATIN_FACE = "NotoSans-SemiCondensed"


def card_files(site: Site) -> dict[str, bytes]:
    """The library's and each subject's, in each language."""
    cards = (card_image(site, category, lang) for lang in site.langs for category in (None, *site.lessons.categories))
    return {urls.asset("card.png", data): data for data in cards if data}


def card_address(site: Site, category: Category | None, lang: str) -> str | None:
    """Where the picture of a subject, or of the library, stands; None where this machine cannot write its script."""
    data = card_image(site, category, lang)
    return urls.asset("card.png", data) if data else None


def card_image(site: Site, category: Category | None, lang: str) -> bytes | None:
    """The picture, drawn once."""
    library, store = site.settings.site_name, site.settings.options.store.name
    texts = (category.title(lang), library) if category else (library, store)
    inputs = (*texts, lang, site.theme.bar, site.theme.on_bar)
    return site.memo.get("card", repr((PIL.__version__, inputs)).encode(), lambda: draw_card(*inputs))


def draw_card(name: str, below: str, lang: str, ground: str, ink: str) -> bytes | None:
    if (font_family(name), font_family(below)) != (LATIN_FACE, LATIN_FACE) and not features.check("raqm"):
        return None
    picture = Image.new("RGB", CARD_SIZE_PX, ground)
    pen = ImageDraw.Draw(picture)
    x, side, align = (
        (CARD_SIZE_PX[0] - MARGIN_PX, "r", "right") if messages_of(lang).direction == "rtl" else (MARGIN_PX, "l", "left")
    )
    rows = "\n".join(textwrap.wrap(name, LETTERS_PER_ROW, break_long_words=False))
    pen.multiline_text((x, 130), rows, ink, largest_font(pen, rows, "Bold", 80, 150), anchor=f"{side}m", align=align)
    pen.text((x, CARD_SIZE_PX[1] - MARGIN_PX), below, ink, largest_font(pen, below, "", 26, 34), anchor=f"{side}s")
    buffer = BytesIO()
    picture.quantize(16).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def font_family(text: str) -> str:
    return next((face for first, last, face in JOINING_SCRIPTS if any(first <= letter <= last for letter in text)), LATIN_FACE)


def largest_font(pen: ImageDraw.ImageDraw, text: str, weight: str, most: int, height: int) -> ImageFont.FreeTypeFont:
    """The largest size of at most `most` px at which the text fits the card's width and `height` px."""
    face = f"{LATIN_FACE}{weight}" if font_family(text) == LATIN_FACE else f"{font_family(text)}-{weight or 'Regular'}"
    for size in range(most, 11, -2):
        font = ImageFont.truetype(FONTS / f"{face}.ttf", size)
        left, top, right, bottom = pen.multiline_textbbox((0, 0), text, font)
        if right - left <= CARD_SIZE_PX[0] - 2 * MARGIN_PX and bottom - top <= height:
            break
    return font
