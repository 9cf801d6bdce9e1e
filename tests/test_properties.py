"""What holds of every input: pure functions tried with many that nobody wrote down."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import unquote, urljoin

from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.films import bit_allocation
from site_builder.films.bit_allocation import Constraints, OperatingPoint
from site_builder.films.crf_search import CrfScale
from site_builder.leaflets import imposition
from site_builder.library import codes, durations
from site_builder.website import urls

settings.register_profile("quick", max_examples=50, derandomize=True, deadline=None, database=None)
settings.load_profile("quick")

NAME = st.text(st.sampled_from("abcé09-. '+%"), min_size=1, max_size=8).filter(lambda name: name.strip(".") != "")
PAGE = st.lists(NAME, max_size=4).map(lambda names: "".join(f"{name}/" for name in names))
POINT = st.builds(OperatingPoint, st.floats(20, 69), st.integers(1, 60), st.floats(0, 100), st.booleans())
SHOTS = st.lists(st.lists(POINT, min_size=1, max_size=5), min_size=1, max_size=5)


@given(SHOTS, st.integers(1, 200))
def test_an_allocation_keeps_to_its_budget_and_leaves_nothing_that_would_still_fit(
    shots: list[list[OperatingPoint]], budget: float
) -> None:
    constraints = Constraints([8.0] * len(shots), budget, 97.0, CrfScale(best=20, worst=69, octave=6.5))

    chosen = bit_allocation.best_allocation(shots, constraints)

    if chosen is None:
        assert bit_allocation.total_bytes(bit_allocation.fewest_bytes(shots)) > budget
        return
    assert all(point in points for point, points in zip(chosen, shots, strict=True))
    assert bit_allocation.total_bytes(chosen) <= budget
    left = budget - bit_allocation.total_bytes(chosen)
    for point, points in zip(chosen, shots, strict=True):
        worth = bit_allocation.distortion(point, 8.0, 97.0)
        fitting = [other for other in points if other.bytes - point.bytes <= left]
        assert min(bit_allocation.distortion(other, 8.0, 97.0) for other in fitting) >= worth


@given(st.integers(1, 60), st.booleans())
def test_a_booklet_has_each_page_once_and_turns_into_order(pages: int, rtl: bool) -> None:
    sides = imposition.booklet(pages, rtl)

    assert sorted(page for side in sides for page in side if page is not None) == list(range(pages))
    assert len(sides) == 2 * -(-pages // 4)
    for front, back in zip(sides[::2], sides[1::2], strict=True):  # of a sheet: what lies behind a page follows or leads it
        for page, behind in zip(front, back[::-1], strict=True):
            assert page is None or behind is None or abs(page - behind) == 1


@given(st.integers(1, 12), st.integers(1, 12))
def test_two_leaflets_on_a_sheet_have_each_page_once(left: int, right: int) -> None:
    sides = imposition.two_up((left, right))

    assert sorted(page for side in sides for page in side if page is not None) == list(range(left + right))


@given(PAGE, PAGE, st.sampled_from(["", "index.json", "#steps"]))
def test_a_relative_link_leads_from_any_page_to_any_other_below_any_prefix(here: str, there: str, end: str) -> None:
    link = urls.relative(here, there + end)

    for top in ("https://shop.example/", "https://shop.example/how-to/"):
        assert unquote(urljoin(urls.absolute(top, here), link)) == unquote(urls.absolute(top, there + end))


@given(st.lists(NAME, unique=True, max_size=300))
def test_each_how_to_gets_a_code_of_its_own(slugs: list[str]) -> None:
    given_codes: dict[str, str] = {}
    for slug in slugs:
        given_codes[slug] = codes.new_code(slug, given_codes.values())

    assert len(set(given_codes.values())) == len(slugs)
    assert all(re.fullmatch("[a-z0-9]{3,4}", code) and re.search("[0-9]", code) for code in given_codes.values())


def test_a_how_to_gets_the_same_code_on_every_machine() -> None:
    assert codes.new_code("wire-a-plug", ()) == "c9b"


@given(st.integers(0, 300), st.integers(0, 23), st.integers(0, 59))
def test_a_duration_is_the_same_in_words_and_in_iso_8601(days: int, hours: int, minutes: int) -> None:
    wanted = dt.timedelta(days=days, hours=hours, minutes=minutes)
    if not wanted:
        return
    spoken = ", ".join(
        f"{number} {unit}" for number, unit in ((days, "days"), (hours, "hours"), (minutes, "minutes")) if number
    )
    clock = f"T{hours}H{minutes}M"

    assert durations.parse_duration(f"P{days}D{clock}") == wanted
    assert durations.parse_duration(spoken) == wanted
