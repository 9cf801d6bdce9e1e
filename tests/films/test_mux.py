"""Shots become one film only where one decoder can play them one after the other."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from site_builder.films import mux, packets
from site_builder.library.codecs import VIDEO_CODECS
from tests.films.clips import card

Make = Callable[..., Path]
SIZE = "768x432"  # at which libsvtav1 takes larger blocks, and so another header, from crf 58 on


@pytest.fixture
def shot(make: Make) -> Callable[[float], Path]:
    def made(crf: float) -> Path:
        av1 = VIDEO_CODECS["av1"]
        chosen = av1.options(crf, av1.presets["normal"])
        options = [str(word) for name, value in chosen.items() for word in (f"-{name}", value)]
        return make(f"{crf}.mp4", *card(SIZE, seconds=0.4), "-pix_fmt", "yuv420p10le", *options)

    return made


def test_shots_of_two_kinds_are_weighed_but_are_no_film(shot: Callable[[float], Path], tmp_path: Path) -> None:
    shots = [shot(50), shot(62)]

    mux.write_film([(shots[0], Fraction(0)), (shots[1], Fraction(2, 5))], None, Fraction(25), tmp_path / "whole.mp4")

    assert (tmp_path / "whole.mp4").stat().st_size > sum(packets.payload_and_header(path)[0] for path in shots)
    with pytest.raises(mux.HeadersDiffer, match="headers that differ"):
        mux.require_same_headers(shots)


def test_shots_of_one_kind_are_a_film(shot: Callable[[float], Path]) -> None:
    mux.require_same_headers([shot(58), shot(62)])
