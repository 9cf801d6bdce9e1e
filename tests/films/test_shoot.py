"""The first takes of a film: what a quick rehearsal foretells wrongly, the shots that follow make up for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from site_builder.cache import Cache
from site_builder.films import masters, picture, shots
from site_builder.films.camera import Camera
from site_builder.films.ladder import EFFORTS, VIDEO
from site_builder.films.shoot import Shoot
from tests.films.conftest import H264, card

LINES = 96


@pytest.fixture
def shoot(make: Callable[..., Path], tmp_path: Path) -> Callable[[str, float], Shoot]:
    """Work on a busy film of six shots, with a codec of which rehearsals are so far from the truth."""
    film = make("busy.mp4", *card(size="320x240", seconds=9), "-vf", "noise=alls=20:allf=t", *H264)
    cache = Cache(tmp_path / "cache")
    master = masters.read(film, cache)

    def made(codec: str, factor: float) -> Shoot:
        row = VIDEO[codec]
        assert row.slowly
        wrong = replace(row, slowly=(row.slowly[0] * factor, row.slowly[1]))
        camera = Camera(master, wrong, Fraction(25), lambda doing, share: None, picture.Plain(master))
        split = shots.split(9, Fraction(25), (1.5, 3.0, 4.5, 6.0, 7.5), ())
        return Shoot(camera, LINES, EFFORTS["normal"], split, cache)

    return made


@pytest.mark.parametrize("codec", ["av1", "hevc"])
@pytest.mark.parametrize("factor", [0.6, 1.0, 1.6])
def test_first_takes_land_near_the_budget_though_the_rehearsal_is_wrong(
    shoot: Callable[[str, float], Shoot], codec: str, factor: float
) -> None:
    work = shoot(codec, factor)
    usual = VIDEO[codec].usual
    room = 0.8 * work.weight(work.first([usual] * len(work.shots)))
    fresh = shoot(codec, factor)

    crfs = fresh.rehearsed(usual, room, ceiling=99)

    assert 0.92 * room < fresh.weight(crfs) < 1.06 * room
    assert all(len(found) == 1 for found in fresh.taken)
