"""The benchmarks' arithmetic is right, and their yardstick is the program's own: figures that nobody checks are believed."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from benchmarks.films import curves, goals, measure, ours
from benchmarks.films.found import Clip, Found
from benchmarks.films.measure import Measured
from benchmarks.films.ours import Ours
from site_builder.cache import Cache
from site_builder.films import masters, vmaf
from tests.media import ffmpeg

CURVE = [(400_000.0, 60.0), (100_000.0, 40.0), (200_000.0, 50.0)]


def test_bytes_at_equal_quality_lie_between_neighbours_on_a_scale_of_log_bytes() -> None:
    assert curves.at_equal(CURVE, 50).bytes == pytest.approx(200_000)
    assert curves.at_equal(CURVE, 55).bytes == pytest.approx(200_000 * math.sqrt(2))
    assert curves.at_equal(CURVE, 42.5).bytes == pytest.approx(100_000 * 2**0.25)


def test_beyond_the_curve_only_a_bound_is_told() -> None:
    assert curves.at_equal(CURVE, 30) == curves.Equal(100_000, "≤")
    assert curves.at_equal(CURVE, 61) == curves.Equal(math.inf, ">")


def test_a_file_that_costs_more_than_a_better_one_is_not_on_the_curve() -> None:
    assert curves.at_equal([*CURVE, (300_000.0, 45.0)], 55).bytes == pytest.approx(200_000 * math.sqrt(2))


def test_amounts_are_scaled_to_a_minute() -> None:
    assert curves.per_minute(300_000, 20) == 900_000


def test_half_the_bytes_at_each_quality_is_a_bd_rate_of_minus_one_half() -> None:
    pytest.importorskip(
        "bjontegaard",
        reason="comes with `make bench-films`: plots are not worth a minute of each test run",
    )

    assert curves.bd_rate([(size / 2, quality) for size, quality in CURVE], CURVE) == pytest.approx(-0.5, abs=0.001)
    assert curves.bd_rate([(size, quality + 18) for size, quality in CURVE], CURVE) is None  # two points in common


def scores(mean: float) -> dict[str, float]:
    return {"mean": mean, "harmonic": mean - 1, "p5": mean - 10}


def film(clip: str, rung: str, size: int, mean: float, codec: str = "av01", budget: int = 450_000) -> Ours:
    return Ours(clip, rung, size, 60.0, scores(mean), scores(min(100, mean + 20)), budget, codec, "854×480", mean > 76)


def found(**changes: object) -> Found:
    """Two clips of half a minute: of one our film is poor, of the other it is at the ceiling with half of its budget."""
    clips = [Clip(Path(f"{name}.mp4"), name, 30.0, 720) for name in ("hands", "face")]
    made = [
        film("hands", "standard", 441_000, 66),
        film("hands", "standard-hevc", 445_000, 61, "hvc1"),
        film("hands", "standard-h264", 445_000, 52, "avc1"),
        film("face", "standard", 225_000, 80),
        film("face", "standard-hevc", 450_000, 79, "hvc1"),
        film("face", "lite", 180_000, 79.5, budget=180_000),
    ]
    curve = [film("hands", "standard", 110_250, 46), film("face", "standard", 112_500, 70)]
    peers = [
        Measured(clip, name, size, 9.0, scores(mean), scores(mean + 20))
        for clip, mean in (("hands", 56), ("face", 75))
        for name, size in (("openZIM webm low", 900_000), ("ricecooker mp4", 1_800_000))
    ]
    rows = [{"clip": one.clip, "rung": one.name, "bytes": one.bytes, "budget": one.budget, "cpu_s": one.cpu_s} for one in made]
    given = {"clips": clips, "ours": made, "curve": curve, "peers": peers, "rows": rows}
    return Found(**{**given, "account": None, "again": None, "load": 0.0, "command": "", **changes})  # type: ignore[arg-type]


def figures(some: Found) -> dict[str, goals.Goal]:
    return {goal.name: goal for goal in goals.reached(some)}


def test_each_figure_is_that_of_its_goal() -> None:
    told = {name: goal.figures for name, goal in figures(found()).items()}

    assert told["phone-model VMAF, `standard`: worst / median"] == (86, 93)
    assert told["its 5th percentile, worst"] == (76,)
    # hands: 220,500 bytes beside 900,000; face: 159,099, as far between 112,500 and 225,000 on the scale of log bytes
    shares = [220_500 / 900_000, 159_099 / 900_000]
    assert told["bytes at equal VMAF beside openZIM webm low, median"] == pytest.approx((sum(shares) / 2,), rel=1e-5)
    assert told["VMAF of the best fallback below AV1's, median"] == (3,)  # 5 and 1; lite is of another budget
    used = told["budget used below the ceiling: median / least"]
    assert used == pytest.approx((445 / 450, 441 / 450))
    assert told["files over their budget"] == (0,)
    assert told["CPU s for a minute of 720p master, all rungs: median"] == (360,)


def test_a_clip_whose_film_could_not_be_made_is_left_out() -> None:
    some = found()
    without = [one for one in some.ours if (one.clip, one.name) != ("face", "standard")]

    told = figures(found(ours=without))

    assert told["bytes at equal VMAF beside openZIM webm low, median"].figures == pytest.approx((0.245,))


@pytest.mark.parametrize(
    ("figures", "verdict"), [((85.0, 96.0), "yes"), ((90.0, 98.0), "**beyond**"), ((90.0, 95.9), "**no**"), ((), "–")]
)
def test_a_goal_is_reached_when_each_of_its_figures_is(figures: tuple[float, ...], verdict: str) -> None:
    assert goals.Goal("", figures, goals.plain, (84, 96), (90, 98), least=True).verdict == verdict


def test_the_yardstick_of_the_benchmarks_agrees_with_the_programs_own(clip: Path, tmp_path: Path) -> None:
    poor = tmp_path / "poor.mp4"
    ffmpeg("-i", clip, "-vf", "scale=160:120", "-c:v", "libx264", "-crf", "40", "-an", poor)
    master = masters.read_master(clip, Cache(tmp_path / "cache"))

    ours, _ = vmaf.measure_rendition(master, poor, master.fps, every=3)
    theirs = measure.measure(clip, poor)

    assert theirs["vmaf"] == pytest.approx({"mean": ours.mean, "harmonic": ours.harmonic, "p5": ours.p5}, abs=0.05)
    assert theirs["phone"]["mean"] == pytest.approx(ours.phone, abs=0.05)
    assert theirs["phone"]["mean"] < 95


def test_a_folder_is_encoded_in_one_run_whose_account_is_kept(clip: Path, tmp_path: Path) -> None:
    words = ("--rung", "audio", "--rung", "standard-h264", "--effort", "draft")

    first, second = (ours.film([clip], tmp_path / "out", tmp_path / "cache", words) for _ in range(2))
    seen = ours.measured([clip], first, 96, Cache(tmp_path / "keep"))

    assert {row["clip"] for row in first.rows} == {"clip"}
    assert first.hashes.keys() == {"clip.audio.mp4", "clip.standard-h264.mp4"}
    assert first.account
    assert second.account == first.account  # nothing was made: it is still what these files cost
    assert [(one.name, one.codec[:4], one.budget) for one in seen] == [("standard-h264", "avc1", 30_000)]
    assert 0 < seen[0].vmaf["mean"] < 100


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts threads in /proc")
def test_the_test_itself_is_among_the_running() -> None:
    assert ours.running(os.getpid()) >= 1
