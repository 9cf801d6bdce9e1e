"""build-report.html: what each film came to, what was tried, and what would help; the worst first. For the shop's own eyes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import jinja2

from site_builder.library import playback, prices
from site_builder.library.model import Lesson, Rendition, Take
from site_builder.library.settings import Settings, Tariff
from site_builder.library.words import words
from site_builder.website import addresses, player, plot
from site_builder.website.look import THEME
from site_builder.website.site import Site

FILE = "build-report.html"
GOOD, POOR = 92, 80  # VMAF on a phone: above, nobody complains; below, hands and tools get lost
STANDS_OUT = 4  # VMAF that a shot lies under its film
UNEVEN = 12  # VMAF that the hard moments lie under the mean
GOOD_AS_IT_IS = "Good as it is."


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
    """The whole document; the same library gives the same bytes."""
    sheets = sorted((sheet(lesson) for lesson in films(site.lessons)), key=lambda s: (s.worst, s.lesson.howto.slug))
    tariffs = site.settings.options.tariffs
    english = words("en")

    def price(count: int, tariff: Tariff) -> str:
        return prices.rands(count, tariff, english)

    facts = {"site": site, "sheets": sheets, "tariffs": tariffs, "css_address": css_address}
    return template().render(**facts, price=price, plot=plot, why=why, addresses=addresses)


@cache
def template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(THEME)
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template("report.html")


def films(lessons: Iterable[Lesson]) -> list[Lesson]:
    """Each film once: all languages share it."""
    return [lesson for lesson in lessons if lesson.renditions and lesson.howto.lang == lesson.howto.base_lang]


def worst_first(lessons: Iterable[Lesson], settings: Settings) -> list[tuple[str, Rendition, str, str]]:
    """For a terminal: films that something would help; name, main rendition, what that costs, first advice; the worst first."""
    found = []
    for one in sorted((sheet(lesson) for lesson in films(lessons)), key=lambda s: (s.worst, s.lesson.howto.slug)):
        main = next((film for film in one.lesson.renditions if film.vmaf), None)
        if main and one.advice != (GOOD_AS_IT_IS,):
            price = prices.tag(main.bytes, settings.tariff, words("en"))
            found.append((one.lesson.howto.slug, main, price, one.advice[0]))
    return found


def sheet(lesson: Lesson) -> Sheet:
    seen = [rendition for rendition in lesson.renditions if rendition.vmaf and rendition.rung.shows == "film"]
    best = max(seen, key=lambda one: one.vmaf.phone if one.vmaf else 0, default=None)
    worst = best.vmaf.phone_p5 if best and best.vmaf else 100.0
    return Sheet(lesson, worst, tuple(advice(best, playback.too_busy(lesson.renditions))))


def advice(best: Rendition | None, left_out: Sequence[Rendition]) -> list[str]:
    """What a shop's video person can do about it, from the best picture that the film has."""
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
    if hard := hardest(best.takes):
        begin, end = player.clock(hard.start), player.clock(hard.start + hard.seconds)
        found.append(f"The hardest part is from {begin} to {end}: look there first.")
    found += [
        f"Too busy for the size '{one.rung.name}' ({one.vmaf.phone:.0f}): the page offers slides instead."
        for one in left_out
        if one.vmaf
    ]
    return found or [GOOD_AS_IT_IS]


def hardest(takes: Sequence[Take]) -> Take | None:
    """The shot that looks much worse than the others, if there is one."""
    seen = [take for take in takes if take.phone is not None]
    worst = min(seen, key=lambda take: take.phone or 0, default=None)
    if worst is None or len(seen) < 2:
        return None
    mean = sum((take.phone or 0) * take.seconds for take in seen) / sum(take.seconds for take in seen)
    return worst if (worst.phone or 0) < mean - STANDS_OUT else None


def why(rendition: Rendition) -> str:
    """The size that was chosen, and what the others would have given."""
    if not rendition.offers:
        return "the usual size: sizes are looked for at effort normal and best"
    given = [
        f"{offer.lines} lines {offer.worth:.0f}{'' if offer.fps == rendition.fps else f' at {offer.fps:g}/s'}"
        + ("" if offer.bytes >= 0.97 * max(o.bytes for o in rendition.offers) else f" in {offer.bytes:,.0f} bytes")
        for offer in sorted(rendition.offers, key=lambda offer: (offer.fps, offer.lines))
    ]
    return f"mean and hard moments together, foreseen: {', '.join(given)}"
