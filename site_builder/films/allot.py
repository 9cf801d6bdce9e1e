"""How a film's bytes are shared among its shots: the hard ones get what the easy ones would not show. Pure.

One crf for a whole film gives a still hand as much care as a waving one. Here every shot has its own, such that the sum
of what is lost (100 − VMAF on a phone), weighed so that bad moments count for more than their share, is the least that the
budget allows; and no shot is better than the ceiling. It is a Lagrangian allocation (Shoham and Gersho 1988), as in encoding
by shots (Katsavounidis and Guo 2018), over what was tried and what follows from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat

from site_builder.films import quality
from site_builder.films.quality import Aim, Scale
from site_builder.library.model import Attempt, Take

HARDNESS = 1.5  # 1 would give the best mean and let hard shots fall; 2 and more make all shots alike
GAIN, BONUS = 1.0, 4.2  # of what is lost, in octaves, for an octave of bytes, where only one take tells; more where little is
NEAR = 0.25  # crf: a take so near to the wanted one stands for it
APART = 1.5  # crf: two takes that are nearer to each other tell more of chance than of slopes
LITTLE = 0.05  # less pain than this is not worth another encode
ALMOST = 0.025, 0.015  # of the whole plan's pain and bytes: what fewer takes may miss of it
FIRST = 5.0  # crf: no further from an only take, of which the slopes are not known yet
WIDEST = 9.0  # crf that shots may differ from the film's middle: no shot is to look like another film


@dataclass(frozen=True)
class Option:
    """One way to make a shot: tried, or foreseen."""

    crf: float
    bytes: float
    loss: float  # of worth, 0–100
    tried: bool


Menu = Sequence[Option]


def worth(take: Take) -> float:
    """The mean, or the hard moments where they are far worse than the mean: what the ceiling is held against."""
    return quality.worth(Attempt(take.crf, take.bytes, take.phone, take.p5)) or 0.0


def tried(takes: Sequence[Take]) -> Menu:
    return [Option(take.crf, take.bytes, max(0.1, 100 - worth(take)), tried=True) for take in takes]


def foreseen(takes: Sequence[Take], scale: Scale, reach: float | None = None) -> Menu:
    """What was tried, and what other crf within reach would give by it."""
    known = sorted(tried(takes), key=lambda option: option.crf)
    middle = known[len(known) // 2].crf
    reach = reach or (WIDEST if len(known) > 1 else FIRST)
    low, high = max(scale.best, middle - reach), min(scale.worst, middle + reach)
    steps = [low + n * scale.grain for n in range(int((high - low) / scale.grain) + 1)]
    fresh = [guess(known, crf, scale) for crf in steps if all(abs(crf - one.crf) >= NEAR for one in known)]
    return [*known, *fresh]


def guess(known: Menu, crf: float, scale: Scale) -> Option:
    """Bytes and loss at a crf, on straight lines through the two nearest that are known and apart (both are near to straight
    in octaves), or by the usual slopes from the nearest."""
    near, *others = sorted(known, key=lambda one: abs(one.crf - crf))
    others = [one for one in others if abs(one.crf - near.crf) >= APART]
    bytes_slope, loss_slope = -1 / scale.octave, (GAIN + BONUS / (1 + near.loss)) / scale.octave
    if others:
        step = scale.even(others[0].crf) - scale.even(near.crf)
        bytes_slope = within(math.log2(others[0].bytes / near.bytes) / step, 2.5 * bytes_slope, 0.4 * bytes_slope)
        loss_slope = within(math.log2(others[0].loss / near.loss) / step, 0.1 * loss_slope, 2.5 * loss_slope)
    far = scale.even(crf) - scale.even(near.crf)
    return Option(crf, near.bytes * 2 ** (bytes_slope * far), min(100.0, near.loss * 2 ** (loss_slope * far)), tried=False)


def within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def pain(option: Option, seconds: float, ceiling: float) -> float:
    """What a viewer loses by it. Nothing more is lost above the ceiling: bytes that nobody would see are not spent."""
    return seconds * float(max(option.loss, 100 - ceiling) ** HARDNESS)


def one_kind(crf: float) -> str:
    return ""


@dataclass(frozen=True)
class Terms:
    """What a film's picture is allotted under: the seconds of each shot, the bytes of all, the ceiling, the codec's scale.

    `kind` tells the header that a shot at a crf has: one film's shots must share it.
    """

    seconds: Sequence[float]
    budget: float
    ceiling: float
    scale: Scale
    kind: Callable[[float], str] = one_kind


def choose(menus: Sequence[Menu], terms: Terms) -> tuple[Option, ...] | None:
    """One option for each shot, all of one kind: the least pain within the budget; None where nothing fits it."""
    kinds = sorted({terms.kind(option.crf) for menu in menus for option in menu})
    among = [[[option for option in menu if terms.kind(option.crf) == one] for menu in menus] for one in kinds]
    found = [chosen for some in among if all(some) and (chosen := allotted(some, terms))]
    return min(found, key=lambda chosen: (summed(chosen, terms), total(chosen)), default=None)


def allotted(menus: Sequence[Menu], terms: Terms) -> tuple[Option, ...] | None:
    """By the price of a byte: the lower it is, the more bytes each shot takes."""
    budget = terms.budget
    priced = [[(pain(o, length, terms.ceiling), o) for o in menu] for menu, length in zip(menus, terms.seconds, strict=True)]

    def at(price: float) -> list[Option]:
        """What each shot takes where a byte costs so much pain."""
        return [min(menu, key=lambda row: (row[0] + price * row[1].bytes, row[1].bytes))[1] for menu in priced]

    found = list(smallest(menus))
    if total(found) > budget:
        return None
    low, high = -18.0, 3.0  # decimal logarithms of the price
    for _ in range(48):
        middle = (low + high) / 2
        taken = at(10**middle)
        if total(taken) <= budget:
            found, high = taken, middle
        else:
            low = middle
    return tuple(filled(found, priced, budget))


def smallest(menus: Sequence[Menu]) -> tuple[Option, ...]:
    """The fewest bytes, whatever it looks like."""
    return tuple(min(menu, key=lambda option: (option.bytes, option.loss)) for menu in menus)


def filled(found: list[Option], priced: list[list[tuple[float, Option]]], budget: float) -> list[Option]:
    """What is left of the budget goes where it takes away most pain a byte: prices meet a budget only in steps."""
    found = list(found)
    while True:
        left = budget - total(found)
        best: tuple[float, int, Option] | None = None
        for index, (menu, now) in enumerate(zip(priced, found, strict=True)):
            pain_now = next(cost for cost, option in menu if option == now)
            for cost, option in menu:
                more = option.bytes - now.bytes
                if cost < pain_now and more <= left:
                    gain = (pain_now - cost) / max(more, 1.0)
                    if best is None or gain > best[0]:
                        best = gain, index, option
        if best is None:
            return found
        found[best[1]] = best[2]


def summed(options: Sequence[Option], terms: Terms) -> float:
    """The pain of a film."""
    return sum(map(pain, options, terms.seconds, repeat(terms.ceiling)))


def total(options: Sequence[Option]) -> float:
    return sum(option.bytes for option in options)


def at_ceiling(options: Sequence[Option], ceiling: float, below: float) -> bool:
    """No shot could be made better so that anyone would see it."""
    return all(option.loss <= 100 - ceiling + below for option in options)


def plan(takes: Sequence[Sequence[Take]], terms: Terms) -> tuple[Option, ...]:
    """What should be made of each shot, by what was tried; where nothing within reach fits, from further, or the smallest."""
    for reach in (None, terms.scale.worst - terms.scale.best):
        menus = [foreseen(shot, terms.scale, reach) for shot in takes]
        if found := choose(menus, terms):
            return found
    return smallest(menus)


def fewest(takes: Sequence[Sequence[Take]], terms: Terms) -> tuple[Option, ...]:
    """A plan that promises nearly as much as `plan`, by as few seconds of new takes as may be: an encode is dear."""
    wanted = plan(takes, terms)
    goal = summed(wanted, terms)
    menus: list[Menu] = [tried(shot) for shot in takes]
    left = {index for index, option in enumerate(wanted) if not option.tried}
    now = summed([Option(0, 0, 100, tried=True)] * len(takes), terms)
    while left:
        ways = []
        for index in sorted(left):
            some = [foreseen(takes[n], terms.scale) if n == index else menu for n, menu in enumerate(menus)]
            if found := choose(some, terms):
                ways.append((summed(found, terms), index, some, found))
        if not ways:  # too heavy for any one of them to help
            return wanted
        now, index, menus, found = max(ways, key=lambda way: (now - way[0]) / terms.seconds[way[1]])
        left.discard(index)
        if now <= (1 + ALMOST[0]) * goal and abs(total(found) / total(wanted) - 1) <= ALMOST[1]:
            return found
    return wanted


def near_enough(chosen: Sequence[Option], plan: Sequence[Option], terms: Terms, aim: Aim) -> bool:
    """The budget is used, or the ceiling reached, and the plan promises little more: neither less pain nor fewer bytes."""
    used = total(chosen) >= aim.use * terms.budget or at_ceiling(chosen, aim.ceiling, aim.below)
    now, then = summed(chosen, terms), summed(plan, terms)
    return used and then > (1 - LITTLE) * now and total(plan) > (1 - 2 * LITTLE) * total(chosen)


def middle(crfs: Sequence[float], seconds: Sequence[float]) -> float:
    """The crf of a film: that of its shots, by their length."""
    return round(sum(crf * length for crf, length in zip(crfs, seconds, strict=True)) / sum(seconds), 2)
