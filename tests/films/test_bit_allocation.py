"""How bytes are shared among shots, on arithmetic: shots whose bytes and loss follow their crf by simple laws."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from site_builder.films import bit_allocation
from site_builder.films.bit_allocation import Constraints
from site_builder.films.crf_search import CrfScale
from site_builder.library.artifacts import Take

SCALE = CrfScale(best=20, worst=69, octave=6.5)
CEILING = 97.0


@dataclass(frozen=True)
class Shot:
    """`hard` is what is lost at crf 50, of 100; bytes halve every 6 crf, and what is lost grows by half."""

    hard: float
    bytes_at_50: float
    seconds: float = 8.0

    def take(self, crf: float) -> Take:
        lost = min(100.0, self.hard * 1.5 ** ((crf - 50) / 6))
        return Take(0, self.seconds, crf, round(self.bytes_at_50 * 2 ** ((50 - crf) / 6)), 100 - lost, 100 - lost)


STILL, BUSY = Shot(hard=4, bytes_at_50=60_000), Shot(hard=20, bytes_at_50=200_000)


def terms_of(shots: list[Shot], budget: float) -> Constraints:
    return Constraints([shot.seconds for shot in shots], budget, CEILING, SCALE)


def worked_out(shots: list[Shot], budget: float, rounds: int = 5) -> list[Take]:
    """As rate_control.py does it: take all alike, then what the plan says, and choose among all takes."""
    taken = [[shot.take(50)] for shot in shots]
    terms = terms_of(shots, budget)
    for _ in range(rounds):
        plan = bit_allocation.best_plan(taken, terms)
        for shot, takes, option in zip(shots, taken, plan, strict=True):
            if not option.is_measured:
                takes.append(shot.take(option.crf))
    chosen = bit_allocation.best_allocation([bit_allocation.measured_points(takes) for takes in taken], terms)
    assert chosen is not None
    return [shot.take(option.crf) for shot, option in zip(shots, chosen, strict=True)]


def lost(takes: list[Take]) -> float:
    return sum(
        take.seconds * (100 - bit_allocation.effective_vmaf_of(take)) ** bit_allocation.DISTORTION_EXPONENT for take in takes
    )


@pytest.mark.parametrize("budget", [120_000, 240_000, 400_000])
def test_the_budget_is_used_and_never_exceeded(budget: int) -> None:
    takes = worked_out([STILL, BUSY, BUSY], budget)

    assert 0.95 * budget <= sum(take.bytes for take in takes) <= budget


def test_hard_shots_get_what_easy_ones_would_not_show() -> None:
    budget = 260_000

    still, busy = worked_out([STILL, BUSY], budget)
    alike = min((c for c in range(20, 70) if STILL.take(c).bytes + BUSY.take(c).bytes <= budget), default=69)

    assert busy.crf < alike < still.crf
    assert lost([still, busy]) < lost([STILL.take(alike), BUSY.take(alike)])


def test_few_new_takes_gain_nearly_what_all_would() -> None:
    shots = [STILL, *[Shot(hard=8, bytes_at_50=90_000)] * 5, BUSY]
    taken = [[take, shot.take(take.crf + 4)] for shot, take in zip(shots, worked_out(shots, 560_000), strict=True)]
    terms = terms_of(shots, 590_000)

    whole, few = bit_allocation.best_plan(taken, terms), bit_allocation.cheapest_plan(taken, terms)

    assert 0 < sum(not option.is_measured for option in few) < sum(not option.is_measured for option in whole)
    assert 0.98 * bit_allocation.total_bytes(whole) <= bit_allocation.total_bytes(few) <= 590_000
    assert bit_allocation.total_distortion(few, terms) < 1.02 * bit_allocation.total_distortion(whole, terms)


def test_no_shot_is_better_than_the_ceiling() -> None:
    takes = worked_out([STILL, Shot(hard=2, bytes_at_50=50_000)], 10_000_000)

    assert all(CEILING - 0.3 <= bit_allocation.effective_vmaf_of(take) <= CEILING + 0.5 for take in takes)
    assert sum(take.bytes for take in takes) < 300_000


def test_no_shot_is_left_far_behind_the_others() -> None:
    takes = worked_out([STILL, STILL, STILL, Shot(hard=45, bytes_at_50=400_000)], 300_000)

    assert max(take.crf for take in takes) - min(take.crf for take in takes) <= 2 * bit_allocation.MAX_CRF_SPREAD


def test_where_nothing_fits_there_is_no_choice_and_the_plan_is_to_go_down() -> None:
    taken, terms = [[STILL.take(50)], [BUSY.take(50)]], terms_of([STILL, BUSY], 10_000)

    assert bit_allocation.best_allocation([bit_allocation.measured_points(takes) for takes in taken], terms) is None
    assert all(option.crf > 55 for option in bit_allocation.best_plan(taken, terms))


def test_all_shots_are_of_one_kind() -> None:
    menus = [bit_allocation.candidate_points([shot.take(57)], SCALE) for shot in (STILL, BUSY)]

    terms = replace(terms_of([STILL, BUSY], 110_000), header_of=lambda crf: "large" if crf >= 57 else "small")

    chosen = bit_allocation.best_allocation(menus, terms)

    assert chosen is not None
    assert len({option.crf >= 57 for option in chosen}) == 1


def test_a_take_that_is_as_good_as_wanted_is_not_made_again() -> None:
    budget = STILL.take(50).bytes + BUSY.take(50).bytes
    taken = [[STILL.take(crf) for crf in (50, 52, 54)], [BUSY.take(crf) for crf in (46, 48, 50)]]

    plan = bit_allocation.best_plan(taken, terms_of([STILL, BUSY], budget))

    for takes, option in zip(taken, plan, strict=True):
        assert option.is_measured or all(abs(option.crf - take.crf) >= bit_allocation.SAME_CRF_WITHIN for take in takes)


def test_a_curve_that_two_takes_show_is_believed_rather_than_the_usual_one() -> None:
    steep = [Take(0, 8, 50, 100_000, 90, 90), Take(0, 8, 53, 50_000, 85, 85)]

    guessed = bit_allocation.predict_point(bit_allocation.measured_points(steep), 51.5, SCALE)

    assert guessed.bytes == pytest.approx(70_711, rel=0.01)
    assert 10 < guessed.loss < 15
