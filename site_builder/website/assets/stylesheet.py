"""The style sheet: ours in Material's colours, with its icons, in one file named by its own hash."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property

from site_builder.library.contrast import luminance
from site_builder.website import urls
from site_builder.website.assets import material, minifier
from site_builder.website.assets.app_icons import app_icon
from site_builder.website.assets.theme_colours import NIGHT_BACKGROUND, darker, lighter, parse_colour, raise_contrast, to_hex
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
    palette = material.palette(primary, accent)
    text_colour = parse_colour(palette["--md-primary-bg-color"])
    bar = raise_contrast(
        parse_colour(palette["--md-primary-fg-color"]), darker if luminance(text_colour) > 0.5 else lighter, text_colour
    )
    colours = {
        "bar": bar,
        "on-bar": text_colour,
        "accent": parse_colour(palette["--md-accent-fg-color"]),
        "link": raise_contrast(parse_colour(palette["--md-primary-fg-color"]), darker, (255, 255, 255)),
        "link-night": raise_contrast(parse_colour(palette["--md-primary-fg-color"]), lighter, NIGHT_BACKGROUND),
    }
    root = ":root{" + ";".join(f"--{name}:{to_hex(colour)}" for name, colour in colours.items()) + "}"
    css = root + minified_style("site.css") + "".join(icon_rule(*pair) for pair in STYLESHEET_ICONS.items())
    return SiteTheme(css.encode(), to_hex(bar), to_hex(text_colour))


def minified_style(name: str) -> str:
    """A style sheet of the theme, made smaller."""
    return minifier.minify_css((STYLES / name).read_text("utf-8"))


def icon_rule(name: str, file: str) -> str:
    """The icon is cut out of a square in the colour of the words beside it. As a mask, each would be a picture of its own,
    which a cheap phone must open before it shows the first word."""
    return f'.i-{name}{{clip-path:path("{material.icon_path(file)}")}}'
