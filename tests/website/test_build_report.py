"""The build report: the worst film first, what was tried, and advice that a person with a camera can follow."""

from __future__ import annotations

import dataclasses

import pytest
from lxml import html

from site_builder.library.artifacts import Attempt, Rendition, Take, Vmaf
from site_builder.website.pages import build_report, film_advice, rate_plot
from site_builder.website.site import Site, site_of


def judged(rendition: Rendition, phone: float, p5: float) -> Rendition:
    tried = (Attempt(48, rendition.bytes * 2, phone + 1, p5, 360), Attempt(50, rendition.bytes, phone, p5, 360))
    return dataclasses.replace(
        rendition, vmaf=Vmaf(phone, phone, p5, phone, phone, p5), attempts=tried, size_samples=(tried[0],)
    )


@pytest.mark.parametrize(
    ("phone", "p5", "told"),
    [(70, 60, "film against a plain wall"), (88, 80, "a tripod"), (97, 80, "slow down pans"), (98, 96, "Good as it is")],
)
def test_advice_fits_what_is_wrong_with_the_picture(phone: float, p5: float, told: str, films: tuple[Rendition, ...]) -> None:
    picture = next(one for one in films if one.rung.video)

    assert any(told in line for line in film_advice.advice(judged(picture, phone, p5), []))


def test_a_plot_shows_what_was_chosen_left_of_the_budget(films: tuple[Rendition, ...]) -> None:
    picture = next(one for one in films if one.rung.video)

    drawn = rate_plot.plot_of(judged(picture, 90, 85))

    assert drawn is not None
    chosen = [dot for dot in drawn.dots if dot.kind == "chosen"]
    assert len(chosen) == 1
    assert chosen[0].x < drawn.budget_x
    assert "360 lines, crf 50" in chosen[0].tooltip
    assert max(tick.at for tick in drawn.across) <= rate_plot.WIDTH


def test_the_shots_are_drawn_in_their_order_and_the_poor_one_stands_out(films: tuple[Rendition, ...]) -> None:
    picture = judged(next(one for one in films if one.rung.video), 85, 70)
    takes = (Take(0, 6, 50, 90_000, 95, 90), Take(6, 4, 45, 99_000, 65, 60), Take(10, 10, 50, 90_000, 91, 90))

    drawn = rate_plot.plot_of(dataclasses.replace(picture, takes=takes))

    assert drawn is not None
    assert [block.kind for block in drawn.strip] == ["good", "poor", "good"]
    assert drawn.strip[2].width > 2 * drawn.strip[1].width
    assert "The hardest part is from 0:06 to 0:10: look there first." in film_advice.advice(
        dataclasses.replace(picture, takes=takes), []
    )


def test_a_size_that_the_page_leaves_out_is_told(films: tuple[Rendition, ...]) -> None:
    picture = next(one for one in films if one.rung.video)
    lite = dataclasses.replace(judged(picture, 40, 30), rung=dataclasses.replace(picture.rung, name="lite"))

    assert any(
        "'lite' (40): the page offers slides instead" in line for line in film_advice.advice(judged(picture, 90, 85), [lite])
    )


def test_the_worst_film_comes_first(site: Site) -> None:
    whole = next(lesson for lesson in site.lessons if lesson.renditions and lesson.howto.lang == "en")
    picture = next(one for one in whole.renditions if one.rung.video)
    poor = dataclasses.replace(
        whole, howto=whole.howto.model_copy(update={"title": "Poor"}), renditions=(judged(picture, 60, 40),)
    )
    fine = dataclasses.replace(
        whole, howto=whole.howto.model_copy(update={"title": "Fine"}), renditions=(judged(picture, 97, 95),)
    )

    page = html.document_fromstring(
        build_report.render_report(site_of(site.settings, site.library, (fine, poor)), "build-report.css")
    )

    assert [heading.text_content() for heading in page.iter("h2")] == ["Poor", "Fine"]
    assert page.xpath("//svg")
