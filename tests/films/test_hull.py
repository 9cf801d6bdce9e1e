"""Which size a film gets, on arithmetic: busy films want fewer lines, still ones want them all."""

from __future__ import annotations

import pytest

from site_builder.films.crf_search import Target
from site_builder.films.hull import SizeSample, best_size
from site_builder.library.artifacts import Attempt

SIZES = (240, 288, 360, 432, 480, 540, 720)


class Film:
    """Quality is lost to blur (few lines) and to blocks (few bytes for many lines); counts what was looked at."""

    def __init__(self, detail: float, movement: float) -> None:
        self.detail, self.movement, self.looked = detail, movement, list[int]()

    def look(self, lines: int) -> tuple[SizeSample, ...]:
        self.looked.append(lines)
        return tuple(
            SizeSample(lines, Attempt(50, size, self.phone(lines, size), self.phone(lines, size) - 4)) for size in (4e5, 7e5)
        )

    def phone(self, lines: int, size: float) -> float:
        blur = self.detail * (720 / lines - 1) ** 1.5
        blocks = self.movement * (lines / 720) ** 1.2 * (8e5 / size) ** 0.7
        return max(0.0, 100 - blur - blocks)

    def best(self, budget: float) -> int:
        return max(SIZES, key=lambda lines: self.phone(lines, budget))


@pytest.mark.parametrize("detail", [0.5, 3, 12])
@pytest.mark.parametrize("movement", [4, 15, 45])
@pytest.mark.parametrize("start", [240, 480, 720])
def test_the_best_size_is_found_from_wherever_the_search_begins(detail: float, movement: float, start: int) -> None:
    film = Film(detail, movement)

    chosen, _, _ = best_size(SIZES, start, film.look, Target(budget=8e5, ceiling=101))

    assert film.phone(chosen, 8e5) >= film.phone(film.best(8e5), 8e5) - 1


def test_sizes_far_from_the_best_are_not_looked_at() -> None:
    film = Film(detail=3, movement=15)

    best_size(SIZES, film.best(8e5), film.look, Target(budget=8e5, ceiling=101))

    assert len(film.looked) == 3


def test_where_every_size_is_good_enough_the_one_of_fewest_bytes_is_taken() -> None:
    film = Film(detail=0.5, movement=1)

    chosen, looks, _ = best_size(SIZES, 480, film.look, Target(budget=8e5, ceiling=90))

    assert chosen < 480
    assert {look.lines for look in looks} == set(film.looked)


def test_a_film_that_hides_hard_moments_behind_its_mean_is_judged_by_both() -> None:
    def look(lines: int) -> tuple[SizeSample, ...]:
        p5 = 80.0 if lines == 360 else 40.0
        return (SizeSample(lines, Attempt(50, 800_000, 85.0 if lines == 360 else 88.0, p5)),)

    assert best_size((360, 480), 480, look, Target(budget=8e5, ceiling=96))[0] == 360


def test_a_size_that_is_too_heavy_at_the_worst_crf_offers_nothing() -> None:
    """It looks good at bytes that the budget does not have; what it would look like below them, no crf can show."""

    def look(lines: int) -> tuple[SizeSample, ...]:
        return (SizeSample(lines, Attempt(69, 250 * lines, phone=lines / 8, p5=lines / 10)),)

    chosen, _, offers = best_size(SIZES, 360, look, Target(budget=75_000, ceiling=96), worst=69)

    assert chosen == 288
    assert [offer.lines for offer in offers if offer.worth == 0] == [360]
