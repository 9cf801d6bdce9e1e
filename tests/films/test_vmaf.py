"""The measure agrees with libvmaf's own, whatever is left out to make it cheap."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from site_builder.cache import Cache
from site_builder.films import ffmpeg as door
from site_builder.films import filters, masters, vmaf
from site_builder.films.efforts import FAST_PRESET
from site_builder.films.shot_encoder import ShotEncoder
from site_builder.library.codecs import VIDEO_CODECS
from tests.media import ffmpeg


@pytest.mark.parametrize("every", [5, 11])
def test_the_scores_are_those_of_libvmaf_on_all_frames(every: int, clip: Path, tmp_path: Path) -> None:
    poor = tmp_path / "poor.mp4"
    ffmpeg("-i", clip, "-vf", "scale=160:120", "-c:v", "libx264", "-crf", "40", "-an", poor)
    log = tmp_path / "vmaf.json"
    models = "version=vmaf_v0.6.1\\:name=vmaf|version=vmaf_v0.6.1\\:name=phone\\:enable_transform=true"
    graph = (
        f"[0:v]scale=320:240:flags=bicubic,format=yuv420p[d];[1:v]format=yuv420p[r];"
        f"[d][r]libvmaf=model='{models}':log_fmt=json:log_path={log}"
    )
    subprocess.run([door.executable(), "-v", "error", "-i", poor, "-i", clip, "-lavfi", graph, "-f", "null", "-"], check=True)
    every_frame = [f["metrics"]["phone"] for f in json.loads(log.read_text())["frames"]][::every]

    master = masters.read_master(clip, Cache(tmp_path / "cache"))
    seen, _ = vmaf.measure_rendition(master, poor, master.fps, every)

    assert seen.phone == pytest.approx(sum(every_frame) / len(every_frame), abs=0.02)
    assert seen.phone < 95


def test_what_is_measured_while_it_is_encoded_is_what_its_file_scores(clip: Path, tmp_path: Path) -> None:
    master = masters.read_master(clip, Cache(tmp_path / "cache"))
    draft = tmp_path / "draft.mp4"
    camera = ShotEncoder(master, VIDEO_CODECS["h264"], master.fps, lambda doing, share: None, filters.PlainSource(master))

    seen = camera.encode(draft, 44, FAST_PRESET, 120, [(0, None)], every=5)

    assert vmaf.pool_scores([seen]) == vmaf.measure_rendition(master, draft, master.fps, every=5)[0]
    assert vmaf.pool_scores([seen]).phone < 95


def test_a_film_measured_against_itself_is_nearly_perfect(clip: Path, tmp_path: Path) -> None:
    master = masters.read_master(clip, Cache(tmp_path / "cache"))

    seen, _ = vmaf.measure_rendition(master, clip, master.fps, every=5)

    assert seen.phone > 99
    assert seen.mean > 95
