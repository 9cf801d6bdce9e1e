"""A codec is one row of one table: settings take it, a film is made with it, named by it and offered."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from site_builder.cache import Cache
from site_builder.films import masters, scheduler
from site_builder.library import codecs, playback, settings_file
from site_builder.library.codecs import AUDIO_CODECS, VIDEO_CODECS
from site_builder.library.problems import Problems

PACKAGE = Path(codecs.__file__).parents[1]
NEW_RUNG = "site_name: x\nsite_url: https://x.example/\nplugins:\n  - site-builder:\n      effort: draft\n      ladder:\n"
ROWS = """\
        standard-zoo: {video: zoo, audio: aac, audio_kbps: 20, budget: 400000}
        standard-h264: {video: h264, audio: aac, audio_kbps: 20, budget: 400000}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "mkdocs.yml"
    path.write_text(NEW_RUNG + ROWS)
    return path


@pytest.fixture
def zoo() -> Iterator[None]:
    """One more codec, before all others: H.264 by another name. The order of rows means something, so it is put back whole."""
    rows = dict(VIDEO_CODECS)
    row = replace(rows["h264"], encoder="libzoo", plays_anywhere=False)
    VIDEO_CODECS.clear()
    VIDEO_CODECS.update({"zoo": row, **rows})
    yield
    VIDEO_CODECS.clear()
    VIDEO_CODECS.update(rows)


def test_a_codec_that_is_in_no_row_is_refused_with_those_that_are(config: Path) -> None:
    with pytest.raises(Problems) as refused:
        settings_file.load_settings(config)

    (problem,) = refused.value.problems
    assert "is 'zoo'" in problem.message
    assert problem.hint == "one of 'av1', 'hevc', 'h264'"


@pytest.mark.usefixtures("zoo")
def test_one_row_makes_a_codec_known_everywhere(config: Path, clip: Path, tmp_path: Path) -> None:
    options = settings_file.load_settings(config).options
    master = masters.read_master(clip, Cache(tmp_path / "cache"))

    jobs = scheduler.jobs_of([master], options)
    renditions, failures = scheduler.encode_all(jobs, Cache(tmp_path / "cache"), 2, lambda event: None)

    assert failures == []
    (choice,) = playback.group_renditions(renditions[master.path]).items()
    assert choice[0] == "standard"
    assert [rendition.rung.video for rendition in choice[1]] == ["zoo", "h264"]
    assert all(re.fullmatch(r"avc1\.6400[0-9a-f]{2},mp4a\.40\.2", rendition.codecs) for rendition in choice[1])
    assert playback.universal_rendition(choice[1]).rung.video == "h264"
    assert "libzoo" in codecs.encoders()


def test_no_other_file_knows_a_codec_by_its_name() -> None:
    """But for the ladder that every library gets, and for what is known of strangers' films and pictures."""
    allowed = {"library/codecs.py", "library/ladder.py", "films/decoding.py"}
    known = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in VIDEO_CODECS.keys() | AUDIO_CODECS.keys()
    }

    assert known <= allowed


def test_pages_scripts_ask_for_the_codec_that_the_table_says() -> None:
    script = next(PACKAGE.rglob("player-controls.js")).read_text("utf-8")

    (asked,) = [row.asked_as for row in VIDEO_CODECS.values() if row.asked_as]
    assert f"'{asked}'" in script


@pytest.mark.parametrize("row", VIDEO_CODECS.values(), ids=VIDEO_CODECS)
def test_a_row_has_a_preset_for_each_effort_and_a_scale_that_rises(row: codecs.VideoCodec) -> None:
    assert row.presets.keys() == {"draft", "normal", "best", "fast"}
    assert row.best_crf < row.start_crf < row.worst_crf
    assert list(row.knots) == sorted(row.knots)


@pytest.mark.parametrize(("rung", "name"), [("standard-h264", "standard"), ("lite-h265", "lite"), ("audio-aac", "audio"),
                                            ("lite", "lite"), ("h264", "h264"), ("slides-small", "slides-small")])  # fmt: skip
def test_rungs_that_differ_in_their_codec_alone_are_one_thing_to_play(rung: str, name: str) -> None:
    assert codecs.strip_codec(rung) == name


def test_the_probe_loads_no_more_for_it() -> None:
    """It is begun for every file of strangers and every film of ours: pydantic alone would double its start."""
    loads = "import sys, site_builder.films.probe; sys.exit('pydantic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", loads], check=False).returncode == 0
