"""How the site looks: our style sheet in Material's colours, with its icons, in one file named by its own hash."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from io import BytesIO

from PIL import Image, ImageDraw

from site_builder.website import material, minify_assets, urls
from site_builder.website.assets.theme_files import STYLES

# Icons that any page may show. They stand in the style sheet, which is loaded once, and not in every page.
STYLESHEET_ICONS = {
    "home": "material/home",
    "search": "material/magnify",
    "lang": "material/translate",
    "time": "material/clock-time-four-outline",
    "alert": "material/alert",
    "play": "material/play",
    "sound": "material/volume-medium",
    "save": "material/cellphone-arrow-down",
    "whatsapp": "material/message-text",
    "share": "material/share",
}
MIN_CONTRAST = 7.0  # WCAG's AAA: she reads in bright sun
NIGHT_BACKGROUND = (0x12, 0x18, 0x18)

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class SiteTheme:
    """The style sheet, and the colours of the phone's own bar."""

    css: bytes
    bar: str
    on_bar: str

    def with_rtl(self) -> SiteTheme:
        """The look of a library of which a language runs from right to left."""
        rule = minified_style("rtl.css").encode()
        return self if rule in self.css else replace(self, css=self.css + rule)

    def icon(self, edge: int, use: str = "any") -> bytes:
        return app_icon(edge, use, parse_colour(self.bar), parse_colour(self.on_bar))

    def icon_address(self, edge: int, use: str = "any") -> str:
        return urls.asset(f"icon-{edge}-{use}.png", self.icon(edge, use))

    @cached_property
    def css_address(self) -> str:
        return urls.asset("site.css", self.css)


@cache
def site_theme(primary: str = "indigo", accent: str = "indigo") -> SiteTheme:
    """The look in the colours of `theme.palette`."""
    named = material.palette(primary, accent)
    words = parse_colour(named["--md-primary-bg-color"])
    bar = raise_contrast(parse_colour(named["--md-primary-fg-color"]), darker if luminance(words) > 0.5 else lighter, words)
    colours = {
        "bar": bar,
        "on-bar": words,
        "accent": parse_colour(named["--md-accent-fg-color"]),
        "link": raise_contrast(parse_colour(named["--md-primary-fg-color"]), darker, (255, 255, 255)),
        "link-night": raise_contrast(parse_colour(named["--md-primary-fg-color"]), lighter, NIGHT_BACKGROUND),
    }
    root = ":root{" + ";".join(f"--{name}:{to_hex(colour)}" for name, colour in colours.items()) + "}"
    css = root + minified_style("site.css") + "".join(icon_rule(*pair) for pair in STYLESHEET_ICONS.items())
    return SiteTheme(css.encode(), to_hex(bar), to_hex(words))


def minified_style(name: str) -> str:
    """A style sheet of the theme, made smaller."""
    return minify_assets.minify_css((STYLES / name).read_text("utf-8"))


def icon_rule(name: str, file: str) -> str:
    """The icon is cut out of a square in the colour of the words beside it. As a mask, each would be a picture of its own,
    which a cheap phone must open before it shows the first word."""
    return f'.i-{name}{{clip-path:path("{material.icon_path(file)}")}}'


def parse_colour(colour: str) -> Rgb:
    """`#0af`, `#00aaff`, `#00aaffde` (the last two digits are let go) or `hsl(38,100%,50%)`."""
    if colour.startswith("hsl"):
        hue, saturation, lightness = (float(n) for n in re.findall(r"[\d.]+", colour)[:3])
        parts = colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
        return (round(parts[0] * 255), round(parts[1] * 255), round(parts[2] * 255))
    digits = colour.lstrip("#")
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    return (int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def to_hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: Rgb) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb, other: Rgb) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def darker(colour: Rgb) -> Rgb:
    return (int(colour[0] * 0.96), int(colour[1] * 0.96), int(colour[2] * 0.96))


def lighter(colour: Rgb) -> Rgb:
    return (*(part + -(-(255 - part) // 20) for part in colour),)  # type: ignore[return-value]


def raise_contrast(colour: Rgb, step: Callable[[Rgb], Rgb], against: Rgb) -> Rgb:
    """The colour moved as far as it takes to be read on (or under) `against`."""
    while contrast(colour, against) < MIN_CONTRAST and colour != step(colour):
        colour = step(colour)
    return colour


@cache
def app_icon(edge: int, use: str, ground: Rgb, shape: Rgb) -> bytes:
    """A play sign on the bar's colour. A `maskable` one leaves a margin that a phone may cut to its own form."""
    large = edge * 4 if edge < 1000 else edge  # drawn larger and made smaller: smooth edges
    picture = Image.new("RGB", (large, large), ground)
    size = 0.21 if use == "maskable" else 0.28
    middle, half = large * 0.5, large * size
    corners = [(middle - half * 0.75, middle - half), (middle - half * 0.75, middle + half), (middle + half, middle)]
    ImageDraw.Draw(picture).polygon(corners, fill=shape)
    out = BytesIO()
    picture.resize((edge, edge), Image.Resampling.LANCZOS).quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()
