"""Masters as odd phones, recorders and editors write them: what is taken of them, and what is told."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from click.testing import CliRunner, Result

from site_builder import cli
from site_builder.cache import Cache
from site_builder.films import audio, colours, ffmpeg, masters, stills
from site_builder.library.artifacts import Master
from tests.films.clips import CARD, H264, Colour, card, corners, decoded, first_light, heard, near, rendition, seen, tone
from tests.project import Project

Make = Callable[..., Path]
CASES = Path(__file__).parent / "cases"
SILENCE = (*CARD, "anullsrc=r=44100:cl=mono")
AAC = ("-c:a", "aac")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def check(project: Project, film: Path, *words: str) -> tuple[int, str]:
    project.film(film)
    told = project.run("check", *words)
    return told.exit_code, told.stderr


# ---- sound


def test_a_sound_that_no_free_decoder_knows_gives_way_to_the_next(cache: Cache) -> None:
    """As new phones write spatial sound: the first track in a codec of their maker's, the second in AAC."""
    master = masters.read_master(CASES / "spatial.mov", cache)

    assert master.sound.number == 1
    assert abs(heard(rendition(master, cache, "audio").path, 3)[0] - -16) < 1


def test_a_sound_that_no_free_decoder_knows_and_no_other_is_told(project: Project, tmp_path: Path) -> None:
    data = (CASES / "spatial.mov").read_bytes()
    (tmp_path / "spatial.mov").write_bytes(data.replace(b"mp4a", b"apac").replace(b"esds", b"free"))

    code, said = check(project, tmp_path / "spatial.mov")

    assert code == 1
    assert "its sound is in a codec that has no free decoder" in said
    assert "hint: save its sound as AAC" in said


def test_a_recorders_default_track_is_taken_before_its_first(project: Project, cache: Cache) -> None:
    master = masters.read_master(CASES / "recorder.mkv", cache)

    assert master.sound.number == 1
    assert np.abs(decoded(audio.normalised(master, cache).path)).max() > 0.05
    assert check(project, CASES / "recorder.mkv")[0] == 0


def test_where_several_tracks_can_be_heard_the_one_that_is_taken_is_named(project: Project, make: Make) -> None:
    two = make(
        "two.mkv", *card(), *tone(), *tone(), *("-map", "0", "-map", "1", "-map", "2"), *H264, *AAC,
        *("-disposition:a:0", "0", "-disposition:a:1", "default"),
    )  # fmt: skip

    code, said = check(project, two)

    assert code == 0
    assert "warning: 'wire-a-plug.mkv' has sound on several tracks (1, 2): 2 is taken, as players do" in said


def test_a_voice_that_stands_beside_a_silent_default_track_is_taken_and_told(
    project: Project, make: Make, cache: Cache
) -> None:
    words = (
        "-map",
        "0",
        "-map",
        "1",
        "-map",
        "2",
        "-t",
        "2",
        *H264,
        *AAC,
        "-disposition:a:0",
        "default",
        "-disposition:a:1",
        "0",
    )
    odd = make("odd.mkv", *card(), *SILENCE, *tone(), *words)

    code, said = check(project, odd)

    assert code == 0
    assert "the sound track of 'wire-a-plug.mkv' that players take (1) is silent: 2 is taken" in said
    assert masters.read_master(odd, cache).sound.number == 1


def test_a_description_for_the_blind_is_not_taken_for_the_films_own_sound(make: Make, cache: Cache) -> None:
    words = ("-map", "0", "-map", "1", "-map", "2", *H264, *AAC)
    odd = make("odd.mkv", *card(), *tone(), *tone(), *words, "-disposition:a:0", "default+visual_impaired")

    assert masters.read_master(odd, cache).sound.number == 1


def test_a_silent_sound_is_told(project: Project, make: Make) -> None:
    code, said = check(project, make("silent.mp4", *card(), *SILENCE, "-t", "2", *H264, *AAC))

    assert code == 0
    assert "warning: the sound of 'wire-a-plug.mp4' is silent" in said


def test_a_sound_that_is_too_quiet_to_be_levelled_is_told(project: Project, make: Make) -> None:
    hum = (*CARD, "aevalsrc='0.0013*sin(2*PI*90*t)*lt(mod(t,1),0.05)':d=2:s=48000")
    code, said = check(project, make("quiet.mkv", *card("64x64"), *hum, *H264, "-c:a", "flac"))

    assert code == 0
    assert "warning: the sound of 'wire-a-plug.mkv' comes out silent" in said


def test_two_channels_that_cancel_each_other_out_are_heard_all_the_same(project: Project, make: Make, cache: Cache) -> None:
    """As microphones that are wired the wrong way round give: their mix is silence."""
    mirror = (*CARD, "aevalsrc='0.3*sin(2*PI*300*t)|-0.3*sin(2*PI*300*t)':d=4:s=48000:c=stereo")
    odd = make("odd.mkv", *card(seconds=4), *mirror, *H264, "-c:a", "flac")
    master = masters.read_master(odd, cache)

    code, said = check(project, odd)

    assert code == 0
    assert "the two channels of 'wire-a-plug.mkv' cancel each other out: the left one is taken alone" in said
    assert abs(heard(rendition(master, cache, "audio").path, 4)[0] - -16) < 1


@pytest.mark.parametrize(("expression", "layout"), [
    ("0|0|0.3*sin(2*PI*300*t)|0|0|0", "5.1"), ("0|0.3*sin(2*PI*300*t)", "stereo"), ("0.3*sin(2*PI*300*t)|0", "stereo"),
])  # fmt: skip
def test_a_voice_in_one_channel_of_many_is_nothing_to_tell(expression: str, layout: str, project: Project, make: Make) -> None:
    voice = (*CARD, f"aevalsrc='{expression}':d=2:s=48000:c={layout}")

    code, said = check(project, make("voice.mkv", *card(), *voice, *H264, "-c:a", "flac"))

    assert (code, "warning:" in said) == (0, False)


@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.0, 2.9, 3.3])
def test_a_short_film_is_as_loud_as_a_long_one(seconds: float, make: Make, cache: Cache) -> None:
    voice = (*CARD, f"aevalsrc='0.1*sin(2*PI*220*t)':d={seconds}:s=48000")
    master = masters.read_master(make("short.mkv", *card("64x64", seconds=seconds), *voice, *H264, "-c:a", "flac"), cache)

    assert abs(heard(audio.normalised(master, cache).path, 3)[0] - -16) < 0.5


def test_the_blows_of_a_short_film_are_no_louder_than_promised(make: Make, cache: Cache) -> None:
    blows = (*CARD, "aevalsrc='0.5*sin(2*PI*220*t)*exp(-20*mod(t\\,0.5))':d=2:s=48000")
    master = masters.read_master(make("blows.mkv", *card("64x64"), *blows, *H264, "-c:a", "flac"), cache)

    loudness, peak = heard(audio.normalised(master, cache).path, 2)

    assert abs(loudness - -16) < 1
    assert peak <= -1.5


def test_a_word_that_is_shorter_than_a_block_is_not_taken_for_silence(make: Make, cache: Cache) -> None:
    word = (*CARD, "aevalsrc='0.1*sin(2*PI*220*t)':d=0.3:s=48000")
    master = masters.read_master(make("word.mkv", *card("64x64"), *word, *H264, "-c:a", "flac"), cache)

    assert np.abs(decoded(audio.normalised(master, cache).path)).max() > 0.2


# ---- time


def test_the_last_picture_is_held_until_the_voice_ends(project: Project, cache: Cache) -> None:
    master = masters.read_master(CASES / "short-picture.mp4", cache)

    made = rendition(master, cache, "standard-h264")
    code, said = check(project, CASES / "short-picture.mp4")

    assert (master.seconds, made.seconds) == (5, 5)
    with av.open(str(made.path)) as film:
        shown = [frame.to_ndarray(format="gray") for frame in film.decode(video=0)]
    assert len(shown) == 125
    assert np.abs(shown[-1].astype(int) - shown[50].astype(int)).mean() < 6
    assert code == 0
    assert "the picture of 'wire-a-plug.mp4' ends at 2.0 s, its sound at 5.0 s" in said


def test_a_still_of_a_second_at_which_the_last_picture_is_held_shows_it(cache: Cache) -> None:
    master = masters.read_master(CASES / "short-picture.mp4", cache)

    last, held = (stills.still_at(master, at, cache, 8, 14_000) for at in (1.9, 4.5))

    assert held.jpeg.path.read_bytes() == last.jpeg.path.read_bytes()


def test_slides_of_a_held_picture_last_as_long_as_the_voice(cache: Cache) -> None:
    assert rendition(masters.read_master(CASES / "short-picture.mp4", cache), cache, "slides-h264").seconds == 5


def test_a_held_picture_has_keys_of_its_own(cache: Cache) -> None:
    """What was made of it by a program that did not hold it must not be taken for it."""
    odd, usual = masters.read_master(CASES / "short-picture.mp4", cache), masters.read_master(CASES / "recorder.mkv", cache)

    assert odd.picture_key != odd.sha256
    assert usual.picture_key == usual.sha256


def test_silence_after_the_picture_holds_nothing(make: Make, cache: Cache) -> None:
    long = make("long.mp4", *card(), *tone(), "-af", "apad=whole_dur=6", *H264, *AAC)

    assert masters.read_master(long, cache).seconds == 2


def test_a_picture_that_goes_on_after_the_sound_is_nothing_to_tell(project: Project, make: Make) -> None:
    code, said = check(project, make("long.mp4", *card(seconds=4), *tone(), *H264, *AAC))

    assert (code, "warning:" in said) == (0, False)


def test_a_film_lasts_as_long_as_its_edit_list_shows(project: Project, cache: Cache) -> None:
    """Seconds 1 to 4 of 6, as a phone's own trimming leaves them in the file."""
    master = masters.read_master(CASES / "trimmed.mov", cache)

    made = rendition(master, cache, "standard-h264")

    assert (master.seconds, made.seconds, master.fps) == (3, 3, 25)
    assert made.vmaf
    assert made.vmaf.mean > 80
    project.film(CASES / "trimmed.mov", video={"master": "videos/wire-a-plug.mov", "duration": 3})
    assert project.run("check").exit_code == 0


def test_a_still_of_a_trimmed_film_is_that_of_its_second(make: Make, cache: Cache) -> None:
    flash = "color=black:s=160x120:r=25:d=6,geq=lum='if(between(T,2,2.5),235,16)':cb=128:cr=128"
    whole = make("whole.mov", *CARD, flash, *H264, "-g", "300")
    trimmed = make("trimmed.mov", "-ss", "1", "-i", str(whole), "-t", "3", "-c", "copy")
    master = masters.read_master(trimmed, cache)

    assert abs(first_light(rendition(master, cache, "standard-h264").path) - 1) < 0.05
    found = {}
    for at in (0.5, 1.2, 2.0):
        with av.open(str(stills.still_at(master, at, cache, 8, 14_000).jpeg.path)) as still:
            found[at] = next(still.decode(video=0)).to_ndarray(format="gray").mean() > 120
    assert found == {0.5: False, 1.2: True, 2.0: False}


# ---- shape


def test_a_picture_that_changes_its_size_is_told_with_its_second(project: Project) -> None:
    code, said = check(project, CASES / "turned.webm")

    assert code == 1
    assert "the picture of 'wire-a-plug.webm' changes from 320 × 240 to 240 × 320 at 2.0 s" in said


def test_a_change_of_size_within_h264_is_told_too(project: Project, make: Make, tmp_path: Path) -> None:
    for name, size in (("a", "160x120"), ("b", "120x160")):
        make(f"{name}.ts", *card(size, seconds=1), *H264)
    (tmp_path / "both.ts").write_bytes((tmp_path / "a.ts").read_bytes() + (tmp_path / "b.ts").read_bytes())

    code, said = check(project, make("both.mkv", "-i", str(tmp_path / "both.ts"), "-c", "copy"))

    assert code == 1
    assert "changes from 160 × 120 to 120 × 160" in said


# ---- colours


WHOLE = (9, 14, 9)  # H.273: primaries, curve and matrix of BT.2020


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """BT.2020 with a plain curve, as bare H.264."""
    from tests.media import ffmpeg as make

    path = tmp_path_factory.mktemp("wide") / "wide.h264"
    plain = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    begin = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    light = "zscale=p=bt2020:t=bt2020-10:m=bt2020nc:r=tv,format=yuv420p"
    make(*corners(), "-vf", f"{plain},{begin},{light}", *H264[:4], path)
    return path


def retagged(film: Path, tags: tuple[int, int, int], make: Make, name: str) -> Path:
    """The same frames under other tags."""
    words = "h264_metadata=colour_primaries={}:transfer_characteristics={}:matrix_coefficients={}".format(*tags)
    bare = make(f"{name}.h264", "-i", str(film), "-c", "copy", "-bsf:v", words)
    return make(f"{name}.mkv", "-r", "25", "-i", str(bare), "-c", "copy")


def shown(master: Master, cache: Cache) -> list[Colour]:
    return seen(rendition(master, cache, "standard-h264"))


@pytest.mark.parametrize("tags", [
    (9, 2, 9), (9, 2, 2), (2, 2, 9), (9, 14, 2), (2, 14, 2), (9, 14, 0), (9, 2, 11), (9, 17, 9), (3, 14, 3),
])  # fmt: skip
def test_half_the_tags_show_the_hues_of_all(tags: tuple[int, int, int], wide: Path, make: Make, cache: Cache) -> None:
    whole = masters.read_master(retagged(wide, WHOLE, make, "whole"), cache)
    half = masters.read_master(retagged(wide, tags, make, "half"), cache)

    assert (whole.tags, bool(half.tags)) == ((), True)
    assert near(shown(half, cache), shown(whole, cache), 3)


@pytest.mark.parametrize(("case", "tags"), [("hlg-only.mp4", (9, 18, 9)), ("bt2020-no-curve.mp4", (9, 1, 9))])
def test_half_the_tags_of_a_phones_film_are_enough(case: str, tags: tuple[int, int, int], make: Make, cache: Cache) -> None:
    words = "h264_metadata=colour_primaries={}:transfer_characteristics={}:matrix_coefficients={}".format(*tags)
    whole = masters.read_master(make("whole.mkv", "-i", str(CASES / case), "-c", "copy", "-bsf:v", words), cache)

    assert not whole.tags
    assert near(shown(masters.read_master(CASES / case, cache), cache), shown(whole, cache), 3)


@pytest.mark.parametrize("tags", [(2, 1, 0), (1, 1, 3), (1, 1, 15)])
def test_a_matrix_that_cannot_be_is_taken_for_none(tags: tuple[int, int, int], wide: Path, make: Make, cache: Cache) -> None:
    odd, none = (masters.read_master(retagged(wide, t, make, str(t[2])), cache) for t in (tags, (tags[0], 1, 2)))

    assert near(shown(odd, cache), shown(none, cache), 3)


@pytest.mark.parametrize("rgb", ["bgr0", "gbrp"])
def test_a_screens_recording_in_rgb_without_tags_keeps_its_colours(rgb: str, make: Make, cache: Cache) -> None:
    recorded = make("screen.mkv", *corners(), "-pix_fmt", rgb, "-c:v", "ffv1")

    assert near(shown(masters.read_master(recorded, cache), cache), [(192, 0, 0), (0, 192, 0), (0, 0, 192), (128, 128, 128)])


def test_all_tags_that_can_be_are_made_complete() -> None:
    """What a conversion needs is there: of wide and HDR films all three, each one that the converter knows."""
    for primaries, curve, matrix, rgb in itertools.product(range(24), range(20), range(19), (False, True)):
        found = colours.resolve_colours(primaries, curve, matrix, rgb, 480)
        if found.hdr or found.wide:
            assert "color_primaries" in found.tags or primaries in colours.KNOWN_PRIMARIES
            assert "color_trc" in found.tags or curve in colours.KNOWN_TRANSFERS
        assert found.untagged or "colorspace" in found.tags or matrix not in (2, 3, 11, 15, 16, 17)
        assert not (rgb and found.untagged)


@pytest.mark.parametrize("tags", [
    (9, 1, 10), (9, 16, 10), (9, 16, 14), (2, 18, 0), (12, 17, 2), (2, 1, 12), (1, 1, 8), (9, 16, 9), (2, 16, 2), (12, 2, 2),
])  # fmt: skip
def test_odd_tags_are_converted_by_the_real_converter(tags: tuple[int, int, int], wide: Path, make: Make, cache: Cache) -> None:
    master = masters.read_master(retagged(wide, tags, make, "odd"), cache)

    assert rendition(master, cache, "standard-h264").seconds == master.seconds


# ---- names and kinds


@pytest.mark.parametrize("suffix", [".m4v", ".3gp", ".avi", ".mts", ".MP4", "", ".part"])
def test_an_mp4_is_let_through_whatever_its_name_ends_in(suffix: str, project: Project, clip: Path, tmp_path: Path) -> None:
    other = tmp_path / f"clip{suffix}"
    shutil.copy(clip, other)

    code, said = check(project, other)

    assert code == 0, said


@pytest.mark.parametrize(("name", "words", "kind"), [
    ("film.avi", ("-c:v", "mpeg4", "-f", "avi"), "AVI"),
    ("film.mp4", ("-c:v", "mpeg4", "-f", "avi"), "AVI"),
    ("film.mts", (*H264, "-f", "mpegts"), "a camcorder's MPEG transport stream"),
    ("film.m2ts", (*H264, "-f", "mpegts", "-mpegts_m2ts_mode", "1"), "a camcorder's MPEG transport stream"),
    ("film.wmv", ("-c:v", "wmv2", "-f", "asf"), "Windows Media"),
    ("film.flv", ("-c:v", "flv1", "-f", "flv"), "Flash video"),
    ("film.mpg", ("-c:v", "mpeg2video", "-f", "mpeg"), "MPEG, as on a DVD"),
])  # fmt: skip
def test_another_kind_of_film_is_told_with_a_way_out(
    name: str, words: tuple[str, ...], kind: str, project: Project, make: Make
) -> None:
    code, said = check(project, make(name, *card(), *words))

    assert code == 1
    assert f"it is {kind} inside" in said
    assert "hint: save it as mp4 (H.264 and AAC)" in said


def test_a_pointer_of_git_lfs_is_told(project: Project, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n")

    code, said = check(project, tmp_path / "film.mp4")

    assert code == 1
    assert "hint: run 'git lfs pull'" in said


# ---- damage


def damaged(film: Path, into: Path, flips: int, seed: int = 1) -> Path:
    """The same film with so many bits turned, within what it holds and not in its index."""
    data = bytearray(film.read_bytes())
    begin = data.index(b"mdat") + 2000  # after the encoder's own name, which no decoder reads
    end = data.index(b"moov") if data.find(b"moov") > begin else len(data)
    chance = random.Random(seed)
    for _ in range(flips):
        data[chance.randrange(begin, end)] ^= 1 << chance.randrange(8)
    into.write_bytes(data)
    return into


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds, a whole picture a second, and no sound."""
    from tests.media import ffmpeg as make

    path = tmp_path_factory.mktemp("good") / "good.mp4"
    make(*card("160x120", seconds=6), "-c:v", "libx264", "-g", "25", "-pix_fmt", "yuv420p", path)
    return path


def test_a_glitch_is_a_warning_with_its_second(good: Path, project: Project, tmp_path: Path) -> None:
    code, said = check(project, damaged(good, tmp_path / "glitch.mp4", 1, seed=3))

    assert code == 0
    assert "warning: the picture of 'wire-a-plug.mp4' is damaged at " in said
    assert check(project, damaged(good, tmp_path / "glitch.mp4", 1, seed=3), "--strict")[0] == 1


def test_damage_in_many_places_is_a_mistake(good: Path, project: Project, tmp_path: Path) -> None:
    code, said = check(project, damaged(good, tmp_path / "bad.mp4", 60))

    assert code == 1
    assert "the picture of 'wire-a-plug.mp4' is damaged at 0–5 s" in said
    assert project.run("build").exit_code == 1


@pytest.mark.parametrize("seed", range(8))
def test_one_flipped_bit_in_each_second_or_so_is_never_silent(seed: int, good: Path, tmp_path: Path, cache: Cache) -> None:
    facts = masters.probe_file(damaged(good, tmp_path / "bad.mp4", 8, seed), cache)

    assert "error" in facts or facts["damaged"]


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_hole_of_zeros_as_a_broken_card_leaves_is_told(codec: str, make: Make, project: Project, tmp_path: Path) -> None:
    data = bytearray(make("whole.mp4", *card(), "-c:v", codec, "-pix_fmt", "yuv420p").read_bytes())
    at = data.index(b"mdat") + 5_000
    data[at : at + 1000] = bytes(1000)
    (tmp_path / "hole.mp4").write_bytes(data)

    _, said = check(project, tmp_path / "hole.mp4")

    assert "the picture of 'wire-a-plug.mp4' is damaged at" in said


def test_a_damaged_sound_is_told(project: Project, make: Make, tmp_path: Path) -> None:
    spoken = make("spoken.mp4", *card("64x64", "1"), *CARD, "anoisesrc=d=2:a=0.3", *H264, *AAC)

    _, said = check(project, damaged(spoken, tmp_path / "bad.mp4", 60))

    assert "the sound of 'wire-a-plug.mp4' is damaged at" in said


@pytest.mark.parametrize("codec", ["libx264", "libx265", "libvpx", "libvpx-vp9", "libsvtav1", "mpeg4", "mjpeg", "prores"])
def test_a_whole_film_is_not_damaged(codec: str, make: Make, cache: Cache) -> None:
    facts = masters.probe_file(make("whole.mkv", *card("160x120"), *tone(), "-c:v", codec, "-c:a", "libopus"), cache)

    assert (facts["damaged"], facts["damaged_sound"]) == ([], [])


def test_a_film_that_was_cut_without_a_new_encode_is_not_damaged(make: Make, cache: Cache) -> None:
    whole = make("whole.mp4", *card(seconds=4), *tone(4), "-c:v", "libx264", "-g", "50", *AAC)
    cut = make("cut.mp4", "-ss", "1.3", "-i", str(whole), "-t", "2", "-c", "copy")

    assert masters.probe_file(cut, cache)["damaged"] == []


# ---- what is remembered


def test_a_probe_that_was_stopped_is_not_remembered(project: Project, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "MAX_MEMORY_BYTES", 80 * 1024**2)
    code, said = check(project, clip)
    assert code == 1
    assert "'wire-a-plug.mp4' is not a film that can be used: reading it failed (" in said
    assert "hint: run this again" in said

    monkeypatch.undo()

    assert project.run("check").exit_code == 0


def test_a_probe_that_took_too_long_is_not_remembered(project: Project, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ffmpeg.PROBE_TIMEOUT_S, "film", 0.001)
    code, said = check(project, clip)
    assert code == 1
    assert "took longer than 0 s and was stopped" in said

    monkeypatch.undo()

    assert project.run("check").exit_code == 0


def test_a_probe_that_was_killed_names_its_signal(project: Project, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = ffmpeg.limit_memory
    monkeypatch.setattr(ffmpeg, "limit_memory", lambda pid: (real(pid), os.kill(pid, 9)))

    assert "reading it failed (stopped by SIGKILL)" in check(project, clip)[1]


def test_the_same_film_under_another_time_is_not_decoded_again(
    clip: Path, tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout in CI has other times each time."""
    copy = tmp_path / "copy.mp4"
    shutil.copy(clip, copy)
    first = masters.read_master(copy, cache)
    os.utime(copy, (1, 1))
    monkeypatch.setitem(ffmpeg.PROBE_TIMEOUT_S, "film", 0.001)

    assert masters.read_master(copy, cache) == first


def test_a_film_of_all_good_things_is_told_in_json(cache: Cache, clip: Path) -> None:
    facts: dict[str, Any] = masters.probe_file(clip, cache)

    assert json.loads(json.dumps(facts)) == facts


# ---- outside any library


def test_the_table_of_costs_tells_the_same_of_a_master(good: Path, tmp_path: Path) -> None:
    def film(path: Path) -> Result:
        words = ["film", str(path), "--out", str(tmp_path / "out"), "--rung", "slides-h264", "--effort", "draft"]
        return CliRunner().invoke(cli.main, words, catch_exceptions=False)

    refused, told = film(damaged(good, tmp_path / "bad.mp4", 60)), film(CASES / "short-picture.mp4")

    assert (refused.exit_code, told.exit_code) == (1, 0)
    assert "the picture of 'bad.mp4' is damaged at 0–5 s" in refused.stderr
    assert "the picture of 'short-picture.mp4' ends at 2.0 s, its sound at 5.0 s" in told.stderr
