"""build-report.html: what each film came to, what was tried, and what would help; the worst first. For the shop's own eyes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import jinja2

from site_builder.library.model import Attempt, Lesson, Rendition
from site_builder.library.settings import Tariff
from site_builder.library.words import words
from site_builder.website import addresses, prices
from site_builder.website.look import THEME
from site_builder.website.site import Site

FILE = "build-report.html"
WIDE, HIGH, EDGE = 320, 150, 24  # of a plot, in its own units
GOOD, POOR = 92, 80  # VMAF on a phone: above, nobody complains; below, hands and tools get lost
UNEVEN = 12  # VMAF that the hard moments lie under the mean


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    said: str
    kind: str  # chosen, tried, look


@dataclass(frozen=True)
class Plot:
    """Quality against bytes (logarithmic): what was tried, what was chosen, and where the budget ends."""

    dots: tuple[Dot, ...]
    budget_x: float


@dataclass(frozen=True)
class Sheet:
    """One film in the report."""

    lesson: Lesson
    worst: float
    advice: tuple[str, ...]


def files(site: Site) -> dict[str, bytes]:
    """The report and its style, by their addresses."""
    css = (THEME / "report.css").read_bytes()
    address = addresses.asset("report.css", css)
    return {FILE: page(site, address).encode(), address: css}


def page(site: Site, css_address: str) -> str:
    """The whole document; the same library gives the same bytes but for seconds and what came from the cache."""
    sheets = sorted((sheet(lesson) for lesson in films(site.lessons)), key=lambda s: (s.worst, s.lesson.howto.slug))
    tariffs = site.settings.options.tariffs
    english = words("en")

    def price(count: int, tariff: Tariff) -> str:
        return prices.rands(count, tariff, english)

    facts = {"site": site, "sheets": sheets, "tariffs": tariffs, "size": (WIDE, HIGH), "css_address": css_address}
    return template().render(**facts, price=price, plot=plot, addresses=addresses)


@cache
def template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(THEME)
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template("report.html")


def films(lessons: Iterable[Lesson]) -> list[Lesson]:
    """Each film once: all languages share it."""
    return [lesson for lesson in lessons if lesson.renditions and lesson.howto.lang == lesson.howto.base_lang]


def sheet(lesson: Lesson) -> Sheet:
    seen = [rendition for rendition in lesson.renditions if rendition.vmaf]
    worst = min((one.vmaf.phone_p5 for one in seen if one.vmaf), default=100.0)
    return Sheet(lesson, worst, tuple(advice(seen)))


def advice(seen: list[Rendition]) -> list[str]:
    """What a shop's video person can do about it, from the best picture that the film has."""
    best = max(seen, key=lambda one: one.vmaf.phone if one.vmaf else 0, default=None)
    if best is None or best.vmaf is None:
        return ["There is no picture here to judge."]
    found = []
    if best.vmaf.phone < POOR:
        found.append(
            "A busy picture: film against a plain wall, hold the camera still, and leave leaves, grass and patterns out."
        )
    elif best.vmaf.phone < GOOD:
        found.append("A little busy: a tripod and a plain table would make it sharper for the same bytes.")
    if best.vmaf.phone - best.vmaf.phone_p5 > UNEVEN:
        found.append("Some moments are far busier than the rest: slow down pans and cuts, one thing at a time.")
    light = [one for one in seen if one.rung.name == "lite" and one.vmaf and one.vmaf.phone < POOR - 15]
    if light:
        found.append("Too busy for the light size: those who choose it see little. The sound and the stills still serve them.")
    return found or ["Good as it is."]


def plot(rendition: Rendition) -> Plot | None:
    """None where nothing was measured."""
    tried = [a for a in rendition.attempts if a.phone is not None]
    looks = [a for a in rendition.looks if a.phone is not None]
    if not tried:
        return None
    sizes = [a.bytes for a in (*tried, *looks)] + [rendition.rung.budget]
    low, high = math.log(min(sizes) * 0.9), math.log(max(sizes) * 1.1)
    floor = min(60.0, *((a.phone or 0.0) for a in (*tried, *looks)))

    def x(size: float) -> float:
        return round(EDGE + (math.log(size) - low) / (high - low) * (WIDE - 2 * EDGE), 1)

    def y(phone: float) -> float:
        return round(HIGH - EDGE - (phone - floor) / (100 - floor) * (HIGH - 2 * EDGE), 1)

    def dot(a: Attempt, kind: str) -> Dot:
        return Dot(x(a.bytes), y(a.phone or 0), f"{a.lines or '?'} lines, crf {a.crf:g}: {a.bytes:,} bytes, {a.phone}", kind)

    dots = [dot(a, "look") for a in looks]
    dots += [dot(a, "chosen" if a.crf == rendition.crf else "tried") for a in tried]
    return Plot(tuple(dots), x(rendition.rung.budget))
