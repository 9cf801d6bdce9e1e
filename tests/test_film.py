"""`site-builder film`: one master outside any library, for an editor who wants to see what it will cost."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from site_builder import cli
from site_builder.library.ladder import LADDER
from site_builder.library.settings import DEFAULT_TARIFFS


def film(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.main, ["film", *map(str, words)], catch_exceptions=False)


def test_each_file_is_an_object_with_all_that_is_known_of_it(clip: Path, tmp_path: Path) -> None:
    told = film(clip, "--out", tmp_path, "--effort", "draft", "--rung", "standard-h264", "--rung", "audio", "--json")

    rows = [json.loads(line) for line in told.stdout.splitlines()]
    assert [row["rung"] for row in rows] == ["standard-h264", "audio"]
    assert {"path", "bytes", "seconds", "width", "height", "fps", "codec", "vmaf", "phone", "cpu_s", "attempts"} <= rows[
        0
    ].keys()
    assert set(rows[0]["phone"]) == {"mean", "harmonic", "p5"}
    assert rows[1]["phone"] is None
    assert all(Path(row["path"]).stat().st_size == row["bytes"] for row in rows)


def test_a_budget_of_ones_own_is_held(clip: Path, tmp_path: Path) -> None:
    words = ("--effort", "draft", "--rung", "standard-h264", "--budget", "60000", "--json")

    row = json.loads(film(clip, "--out", tmp_path, *words).stdout)

    assert row["bytes"] <= row["budget"] == 60_000


def test_budgets_for_a_minute_are_scaled_to_each_of_many_films(clip: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(clip.read_bytes())
    words = ("--effort", "draft", "--rung", "audio", "--budget", "600000", "--per-minute", "--json")

    rows = [json.loads(line) for line in film(clip, other, "--out", tmp_path, *words).stdout.splitlines()]

    assert [Path(row["path"]).name for row in rows] == ["clip.audio.mp4", "other.audio.mp4"]
    assert all(row["budget"] == 20_000 and row["seconds"] == 2 for row in rows)


def test_what_was_made_before_is_told(clip: Path, tmp_path: Path) -> None:
    words = (clip, "--out", tmp_path, "--rung", "audio", "--cache-dir", tmp_path / "kept", "--json")

    first, second = (json.loads(film(*words).stdout) for _ in range(2))

    assert (first["from_cache"], second["from_cache"]) == (False, True)
    assert not (tmp_path / ".cache").exists()


def test_two_masters_of_one_name_are_refused(clip: Path, tmp_path: Path) -> None:
    told = film(clip, clip, "--out", tmp_path)

    assert told.exit_code == 2


def test_hevc_is_made_for_iphones(clip: Path, tmp_path: Path) -> None:
    row = json.loads(film(clip, "--out", tmp_path, "--rung", "standard-hevc", "--json").stdout)

    assert row["codec"].startswith("hvc1.1.6.L")
    assert row["bytes"] <= LADDER["standard-hevc"].budget
    assert b"hvc1" in Path(row["path"]).read_bytes()


def test_the_table_names_every_rung_and_its_share_of_the_budget(clip: Path, tmp_path: Path) -> None:
    told = film(clip, "--out", tmp_path, "--effort", "draft")

    assert told.exit_code == 0
    for rung in LADDER:
        assert (rung in told.stdout) == (rung != "standard-hevc")  # a draft leaves HEVC out
    assert "%" in told.stdout


def test_what_is_no_film_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film")

    told = film(tmp_path / "text.mp4", "--out", tmp_path / "out")

    assert told.exit_code == 1
    assert "'text.mp4' is not a film that can be used: it cannot be read" in told.stderr


def test_a_table_says_what_each_file_costs_and_where(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where there is no mkdocs.yml
    monkeypatch.setenv("COLUMNS", "80")
    words = (clip, "--out", tmp_path, "--rung", "audio-aac", "--cache-dir", tmp_path / "kept")

    told = film(*words)
    row = json.loads(film(*words, "--json").stdout)

    assert row["price"] == {"tariff": DEFAULT_TARIFFS[0].name, "rand": math.ceil(row["bytes"] * 0.99 / 10_000) / 100}
    assert f"{math.ceil(row['bytes'] * 0.99 / 10_000)}c" in told.stdout
    assert "│ audio-aac │" in told.stdout  # whole: half a name is the name of many
    assert "costs: to load it once at 'MTN, out of bundle' (about 2017; MyBroadband 232725), R0.99 a megabyte" in told.stderr
