"""The first takes of a film: what a quick rehearsal foretells wrongly, the shots that follow make up for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from site_builder.cache import Cache
from site_builder.films import filters, masters, shots
from site_builder.films.efforts import EFFORTS
from site_builder.films.rate_control import RateController
from site_builder.films.shot_encoder import ShotEncoder
from site_builder.library.codecs import VIDEO_CODECS
from tests.films.clips import H264, card

LINES = 96


@pytest.fixture
def shoot(make: Callable[..., Path], tmp_path: Path) -> Callable[[str, float], RateController]:
    """Work on a busy film of six shots, with a codec of which rehearsals are so far from the truth."""
    film = make("busy.mp4", *card(size="320x240", seconds=9), "-vf", "noise=alls=20:allf=t", *H264)
    cache = Cache(tmp_path / "cache")
    master = masters.read_master(film, cache)

    def made(codec: str, factor: float) -> RateController:
        row = VIDEO_CODECS[codec]
        assert row.slow_preset_ratios
        wrong = replace(row, slow_preset_ratios=(row.slow_preset_ratios[0] * factor, row.slow_preset_ratios[1]))
        camera = ShotEncoder(master, wrong, Fraction(25), lambda doing, share: None, filters.PlainSource(master))
        split = shots.split_shots(9, Fraction(25), (1.5, 3.0, 4.5, 6.0, 7.5), ())
        return RateController(camera, LINES, EFFORTS["normal"], split, cache)

    return made


@pytest.mark.parametrize("codec", ["av1", "hevc"])
@pytest.mark.parametrize("factor", [0.6, 1.0, 1.6])
def test_first_takes_land_near_the_budget_though_the_rehearsal_is_wrong(
    shoot: Callable[[str, float], RateController], codec: str, factor: float
) -> None:
    work = shoot(codec, factor)
    usual = VIDEO_CODECS[codec].start_crf
    room = 0.8 * work.payload_bytes(work.first_takes([usual] * len(work.shots)))
    fresh = shoot(codec, factor)

    crfs = fresh.first_pass(usual, room, ceiling=99)

    assert 0.92 * room < fresh.payload_bytes(crfs) < 1.06 * room
    assert all(len(found) == 1 for found in fresh.takes_by_crf)
