"""The search, on arithmetic: bytes and quality fall as crf rises."""

from __future__ import annotations

import pytest

from site_builder.films import crf_search
from site_builder.films.crf_search import CrfScale, Target, best_attempt, search
from site_builder.library.artifacts import Attempt

SCALE = CrfScale(best=20, worst=69, octave=9)


def film(bytes_at_50: float, octave: float = 7.0, phone_at_50: float = 97.0, fade: float = 0.5):  # type: ignore[no-untyped-def]
    """A film whose bytes halve every `octave` crf and whose quality falls by `fade` a crf."""
    return lambda crf: Attempt(crf, round(bytes_at_50 * 2 ** ((50 - crf) / octave)), phone_at_50 - fade * (crf - 50))


BUSY = film(2_000_000, phone_at_50=80)
EASY = film(200_000, phone_at_50=99)


@pytest.mark.parametrize("octave", [4.0, 7.0, 12.0])
@pytest.mark.parametrize("first", [25.0, 50.0, 69.0])
def test_a_busy_film_gets_nearly_all_of_its_budget_and_never_more(octave: float, first: float) -> None:
    aim = Target(budget=900_000, ceiling=96)

    attempts = search(aim, SCALE, film(2_000_000, octave, phone_at_50=80), first, tries=6)
    chosen = best_attempt(attempts, aim)

    assert chosen is not None
    assert 0.95 * 900_000 <= chosen.bytes <= 900_000


@pytest.mark.parametrize("first", [25.0, 50.0, 69.0])
def test_an_easy_film_stops_at_the_ceiling_and_leaves_bytes_unspent(first: float) -> None:
    aim = Target(budget=900_000, ceiling=96, vmaf_below=0.3)

    chosen = best_attempt(search(aim, SCALE, EASY, first, tries=6), aim)

    assert chosen is not None
    assert chosen.phone is not None
    assert 95.7 <= chosen.phone <= 97.0
    assert chosen.bytes < 300_000


def test_a_first_guess_that_is_right_costs_one_encode() -> None:
    attempts = search(Target(budget=900_000, ceiling=96), SCALE, BUSY, first=58.25, tries=6)

    assert len(attempts) == 1


def test_one_try_goes_on_until_a_file_fits() -> None:
    attempts = search(Target(budget=900_000, ceiling=96), SCALE, BUSY, first=40, tries=1)

    assert attempts[0].bytes > 900_000
    assert attempts[-1].bytes <= 900_000


def test_a_film_that_no_crf_makes_small_enough_has_no_best() -> None:
    aim = Target(budget=1_000, ceiling=96)

    attempts = search(aim, SCALE, BUSY, first=50, tries=4)

    assert best_attempt(attempts, aim) is None
    assert max(a.crf for a in attempts) == SCALE.worst


def test_a_film_that_cannot_be_made_heavier_is_tried_at_the_best_crf_and_kept() -> None:
    aim = Target(budget=900_000, ceiling=99.9)

    attempts = search(aim, SCALE, film(1_000, phone_at_50=60, fade=0.1), first=50, tries=8)

    assert best_attempt(attempts, aim) == min(attempts, key=lambda a: a.crf)


def test_the_search_ends_on_a_curve_that_jumps() -> None:
    def jumping(crf: float) -> Attempt:
        return Attempt(crf, 2_000_000 if crf < 61 else 400_000, 80)

    aim = Target(budget=900_000, ceiling=96)
    chosen = best_attempt(search(aim, SCALE, jumping, first=50, tries=5), aim)

    assert chosen is not None
    assert chosen.bytes == 400_000


def test_a_guess_far_beyond_the_scale_is_brought_to_its_end() -> None:
    assert crf_search.snap_crf(82.6, SCALE) == SCALE.worst
    assert crf_search.snap_crf(-5, SCALE) == SCALE.best
    assert crf_search.snap_crf(50.1, SCALE) == 50
