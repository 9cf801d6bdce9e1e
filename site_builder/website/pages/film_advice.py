"""What a shop's video person can do about a film, from its measured quality."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from site_builder.library import playback, prices
from site_builder.library.artifacts import Lesson, Rendition, Take
from site_builder.library.grades import GOOD_VMAF, POOR_VMAF
from site_builder.library.messages import messages_of
from site_builder.library.settings import Settings
from site_builder.website import media_sources

HARD_SHOT_DROP = 4  # VMAF that a shot lies under its film
UNEVEN_DROP = 12  # VMAF that the hard moments lie under the mean
NO_ADVICE = "Good as it is."


@dataclass(frozen=True)
class FilmReport:
    """One film in the report."""

    lesson: Lesson
    worst: float
    advice: tuple[str, ...]


def lessons_with_films(lessons: Iterable[Lesson]) -> list[Lesson]:
    """Each film once: all languages share it."""
    return [lesson for lesson in lessons if lesson.renditions and lesson.howto.lang == lesson.howto.base_lang]


def worst_first(lessons: Iterable[Lesson], settings: Settings) -> list[tuple[str, Rendition, str, str]]:
    """(slug, main rendition, its size and price, first advice) of each film that something would help, worst VMAF first."""
    rows = []
    for report in sorted(
        (film_report(lesson) for lesson in lessons_with_films(lessons)), key=lambda s: (s.worst, s.lesson.howto.slug)
    ):
        main = next((film for film in report.lesson.renditions if film.vmaf), None)
        if main and report.advice != (NO_ADVICE,):
            price = prices.size_and_price(main.bytes, settings.tariff, messages_of("en"))
            rows.append((report.lesson.howto.slug, main, price, report.advice[0]))
    return rows


def film_report(lesson: Lesson) -> FilmReport:
    measured = [rendition for rendition in lesson.renditions if rendition.vmaf and rendition.rung.shows == "film"]
    best = max(measured, key=lambda one: one.vmaf.phone if one.vmaf else 0, default=None)
    worst = best.vmaf.phone_p5 if best and best.vmaf else 100.0
    return FilmReport(lesson, worst, tuple(advice(best, playback.below_floor(lesson.renditions))))


def advice(best: Rendition | None, left_out: Sequence[Rendition]) -> list[str]:
    """What a shop's video person can do about it, from the best picture that the film has."""
    if best is None or best.vmaf is None:
        return ["There is no picture here to judge."]
    sentences = []
    if best.vmaf.phone < POOR_VMAF:
        sentences.append(
            "A busy picture: film against a plain wall, hold the camera still, and leave leaves, grass and patterns out."
        )
    elif best.vmaf.phone < GOOD_VMAF:
        sentences.append("A little busy: a tripod and a plain table would make it sharper for the same bytes.")
    if best.vmaf.phone - best.vmaf.phone_p5 > UNEVEN_DROP:
        sentences.append("Some moments are far busier than the rest: slow down pans and cuts, one thing at a time.")
    if hard := hardest_shot(best.takes):
        begin, end = media_sources.clock(hard.start), media_sources.clock(hard.start + hard.seconds)
        sentences.append(f"The hardest part is from {begin} to {end}: look there first.")
    sentences += [
        f"Too busy for the size '{one.rung.name}' ({one.vmaf.phone:.0f}): the page offers slides instead."
        for one in left_out
        if one.vmaf
    ]
    return sentences or [NO_ADVICE]


def hardest_shot(takes: Sequence[Take]) -> Take | None:
    """The shot whose phone VMAF is `HARD_SHOT_DROP` below the film's mean, or None."""
    measured = [take for take in takes if take.phone is not None]
    worst = min(measured, key=lambda take: take.phone or 0, default=None)
    if worst is None or len(measured) < 2:
        return None
    mean = sum((take.phone or 0) * take.seconds for take in measured) / sum(take.seconds for take in measured)
    return worst if (worst.phone or 0) < mean - HARD_SHOT_DROP else None
