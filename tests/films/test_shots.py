"""Where a film is cut, on arithmetic; and that the pieces are, frame by frame, the whole, whatever the master's clock did."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import ffmpeg as graph
import pytest

from site_builder.cache import Cache
from site_builder.films import ffmpeg, filters, masters, shots
from tests.films.clips import H264, card

Make = Callable[..., Path]
FPS = Fraction(25)


def starts(seconds: float, steps: tuple[float, ...] = (), changes: tuple[float, ...] = ()) -> list[float]:
    return [float(shot.start) for shot in shots.split_shots(seconds, FPS, steps, changes)]


def test_a_shot_begins_at_every_step() -> None:
    assert starts(30, steps=(4.0, 10.0, 18.0, 26.0)) == [0, 4, 10, 18, 26]


def test_a_film_without_steps_is_cut_where_it_cuts_itself() -> None:
    assert starts(20, changes=(7.0, 14.0)) == [0, 7, 14]


def test_a_cut_too_near_to_a_step_gives_way_to_it() -> None:
    assert starts(20, steps=(6.0,), changes=(6.8, 12.0)) == [0, 6, 12]


def test_a_flicker_is_not_a_cut() -> None:
    assert starts(10, changes=(0.2, 5.0, 5.4, 9.9)) == [0, 5]


def test_no_shot_is_longer_than_a_seek_may_take() -> None:
    found = shots.split_shots(60, FPS, (), ())

    assert max(shot.seconds for shot in found) <= shots.MAX_SHOT_S + 0.04
    assert sum(shot.seconds for shot in found) == pytest.approx(60)


@pytest.mark.parametrize("rate", ["30000/1001", "25", "53/2"])
def test_shots_follow_each_other_without_a_gap_at_any_rate(rate: str) -> None:
    found = shots.split_shots(20, Fraction(rate), (3.3, 7.77), ())

    assert found[0].first == 0
    assert found[-1].after is None
    assert [shot.after for shot in found[:-1]] == [shot.first for shot in found[1:]]


def test_a_films_own_cuts_are_found(make: Make, tmp_path: Path) -> None:
    scenes = ("-f", "lavfi", "-i", "smptebars=size=320x240:rate=25:duration=2", *card(seconds=2))
    film = make("two.mp4", *scenes, "-filter_complex", "[0:v][1:v]concat=n=2", *H264)
    cache = Cache(tmp_path / "cache")

    assert shots.scene_cuts(masters.read_master(film, cache), cache) == (2.0,)


def frames(film: Path, cache: Cache, *pieces: filters.FrameRange) -> list[str]:
    """A hash for each frame of those pieces."""
    stream = filters.stream_of_ranges(masters.read_master(film, cache), FPS, pieces)
    words = ffmpeg.compose(graph.output(stream, "-", format="framemd5", pix_fmt="yuv420p"), copyts=True)
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return [row.split()[-1] for row in said.splitlines() if not row.startswith("#")]


VARIABLE = ("-vf", "select='not(mod(n,4))+lt(t,1)'", "-fps_mode", "vfr")
SPARSE = ("-vf", "select='lt(t,0.5)+gt(t,3.5)'", "-fps_mode", "vfr")  # a screen on which nothing happens for three seconds
LATE = ("-output_ts_offset", "1.3")
EARLY = ("-bf", "3", "-avoid_negative_ts", "disabled", "-output_ts_offset", "-0.2")


@pytest.mark.parametrize("clock", [(), VARIABLE, SPARSE, LATE, EARLY])
def test_pieces_are_the_same_frames_as_the_whole(clock: tuple[str, ...], make: Make, tmp_path: Path) -> None:
    film = make("film.mkv", *card("160x120", "30", 4), *H264, "-g", "17", *clock)
    cache = Cache(tmp_path / "cache")

    whole = frames(film, cache, (0, None))

    assert len(set(whole)) > 10
    assert frames(film, cache, (0, 33), (33, 60), (60, None)) == whole
    assert [frame for piece in ((0, 33), (33, 60), (60, None)) for frame in frames(film, cache, piece)] == whole
