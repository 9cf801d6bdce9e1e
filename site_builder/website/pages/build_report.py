"""build-report.html: what each film came to, what was tried, and what would help; the worst first. For the shop's own eyes."""

from __future__ import annotations

from functools import cache

import jinja2

from site_builder.library import prices
from site_builder.library.artifacts import Rendition
from site_builder.library.messages import messages_of
from site_builder.library.settings import Tariff
from site_builder.website import urls
from site_builder.website.assets.theme_files import STYLES, TEMPLATES
from site_builder.website.pages import rate_plot
from site_builder.website.pages.film_advice import film_report, lessons_with_films
from site_builder.website.site import Site

REPORT_FILE = "build-report.html"


def report_files(site: Site) -> dict[str, bytes]:
    """The report and its style, by their addresses."""
    css = (STYLES / "build-report.css").read_bytes()
    address = urls.asset("report.css", css)
    return {REPORT_FILE: render_report(site, address).encode(), address: css}


def render_report(site: Site, css_address: str) -> str:
    """The whole document; the same library gives the same bytes."""
    reports = sorted(
        (film_report(lesson) for lesson in lessons_with_films(site.lessons)), key=lambda s: (s.worst, s.lesson.howto.slug)
    )
    tariffs = site.settings.options.tariffs
    english = messages_of("en")

    def price(count: int, tariff: Tariff) -> str:
        return prices.price_text(count, tariff, english)

    variables = {"site": site, "reports": reports, "tariffs": tariffs, "css_address": css_address}
    return report_template().render(**variables, price=price, rate_plot=rate_plot, reason_for_size=reason_for_size, urls=urls)


@cache
def report_template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(
        "build-report.html"
    )


def reason_for_size(rendition: Rendition) -> str:
    """Why this picture size: VMAF predicted for each size that was sampled."""
    if not rendition.hull_points:
        return "the usual size: sizes are looked for at effort normal and best"
    given = [
        f"{offer.lines} lines {offer.worth:.0f}{'' if offer.fps == rendition.fps else f' at {offer.fps:g}/s'}"
        + ("" if offer.bytes >= 0.97 * max(o.bytes for o in rendition.hull_points) else f" in {offer.bytes:,.0f} bytes")
        for offer in sorted(rendition.hull_points, key=lambda offer: (offer.fps, offer.lines))
    ]
    return f"mean and hard moments together, foreseen: {', '.join(given)}"
