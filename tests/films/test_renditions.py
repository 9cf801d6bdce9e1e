"""Real encodes of two-second films: what comes out of each rung, from whatever went in."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest

from site_builder.cache import Cache
from site_builder.films import audio, ffmpeg, masters
from site_builder.films.job import EncodeJob
from site_builder.library.artifacts import Rendition
from tests.films.clips import H264, RUNGS, card, first_light, first_sound, heard, rendition, tone

Make = Callable[..., Path]


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.mark.parametrize("rung", RUNGS)
def test_each_rung_is_within_its_budget_and_in_its_codecs(rung: str, clip: Path, cache: Cache) -> None:
    made = rendition(masters.read_master(clip, cache), cache, rung)

    assert made.bytes == made.path.stat().st_size <= RUNGS[rung].budget
    with av.open(str(made.path)) as film:
        names = [stream.codec_context.name for stream in film.streams]
        wanted = {"av1": "libdav1d", "hevc": "hevc", "h264": "h264", "opus": "libopus", "aac": "aac"}
        found = {"libopus": "libopus", "opus": "libopus", "av1": "libdav1d"}
        row = RUNGS[rung]
        assert [found.get(name, name) for name in names] == [wanted[c] for c in (row.video, row.audio) if c]
        assert film.streams.audio[0].channels == 1
        assert abs(film.duration / 1e6 - 2) < 0.1


def test_a_film_names_its_codecs_as_a_source_element_wants_them(clip: Path, cache: Cache) -> None:
    master = masters.read_master(clip, cache)

    assert re.fullmatch(r"av01\.0\.\d\dM\.10,opus", rendition(master, cache, "standard").codecs)
    assert re.fullmatch(r"avc1\.64[0-9a-f]{4},mp4a\.40\.2", rendition(master, cache, "standard-h264").codecs)


@pytest.mark.parametrize("rung", ["standard", "standard-h264"])
def test_the_index_comes_before_the_film_so_that_it_plays_while_it_loads(rung: str, clip: Path, cache: Cache) -> None:
    data = rendition(masters.read_master(clip, cache), cache, rung).path.read_bytes()

    assert data.index(b"moov") < data.index(b"mdat")


def test_a_tight_budget_is_met_with_a_smaller_picture(make: Make, cache: Cache) -> None:
    noise = make("noise.mp4", "-f", "lavfi", "-i", "nullsrc=s=640x480:r=25:d=2,geq=random(1)*255:128:128", *H264)

    made = rendition(masters.read_master(noise, cache), cache, "standard-h264", budget=5_000)

    assert made.bytes <= 5_000
    assert made.height < 360


def test_a_budget_that_nothing_meets_is_told_with_how_near_it_came(make: Make, cache: Cache) -> None:
    silent = make("silent.mp4", *card(), *H264)

    with pytest.raises(audio.RenditionFailed, match=r"the smallest that could be made is [\d,]+ bytes .*; the budget is 900"):
        rendition(masters.read_master(silent, cache), cache, "standard-h264", budget=900)


def test_a_budget_that_the_sound_alone_breaks_is_told(clip: Path, cache: Cache) -> None:
    with pytest.raises(audio.RenditionFailed, match="its sound alone does not fit 2,000 bytes"):
        rendition(masters.read_master(clip, cache), cache, "standard-h264", budget=4_000)


def test_an_easy_film_stops_at_the_ceiling(make: Make, cache: Cache) -> None:
    still = make("still.mp4", "-f", "lavfi", "-i", "smptebars=size=640x480:rate=25:duration=2", *H264)

    made = rendition(masters.read_master(still, cache), cache)

    assert made.bytes < 60_000
    assert made.vmaf is not None
    assert made.vmaf.phone > 90


@pytest.mark.parametrize("effort", ["draft", "normal", "best"])
def test_efforts_have_keys_of_their_own(effort: str, clip: Path, cache: Cache) -> None:
    master = masters.read_master(clip, cache)
    keys = {json.dumps(EncodeJob(master, RUNGS["lite"], e, 96).key_inputs("")) for e in ("draft", "normal", "best")}  # type: ignore[arg-type]

    assert len(keys) == 3


def test_the_same_master_gives_the_same_bytes(clip: Path, tmp_path: Path) -> None:
    digests = set()
    for name in ("one", "two"):
        cache = Cache(tmp_path / name)
        digests.add(hashlib.sha256(rendition(masters.read_master(clip, cache), cache).path.read_bytes()).hexdigest())

    assert len(digests) == 1


# Films as they come


def shape(made: Rendition) -> tuple[int, int]:
    return made.width, made.height


def test_a_small_master_is_not_blown_up(clip: Path, cache: Cache) -> None:
    assert shape(rendition(masters.read_master(clip, cache), cache)) == (320, 240)


def test_a_portrait_film_keeps_its_shorter_side_to_the_rung(make: Make, cache: Cache) -> None:
    tall = make("tall.mp4", *card("540x960"), *H264)

    assert shape(rendition(masters.read_master(tall, cache), cache, "lite")) == (480, 854)


def test_a_rotated_phone_film_comes_out_upright(make: Make, cache: Cache) -> None:
    flat = make("flat.mp4", *card("320x180"), *tone(), *H264, "-c:a", "aac")
    turned = make("turned.mp4", "-display_rotation", "90", "-i", str(flat), "-c", "copy")
    master = masters.read_master(turned, cache)

    made = rendition(master, cache, "standard-h264")

    assert (master.width, master.height) == (180, 320)
    assert shape(made) == (180, 320)


def test_a_variable_frame_rate_becomes_even_and_keeps_its_length(make: Make, cache: Cache) -> None:
    drop = "select='not(mod(n,3))+lt(t,1)'"  # 30 a second, then 10
    phone = make("phone.mkv", *card("320x240", "30"), *tone(), "-vf", drop, "-fps_mode", "vfr", *H264, "-c:a", "aac")

    made = rendition(masters.read_master(phone, cache), cache, "standard-h264")

    with av.open(str(made.path)) as film:
        stamps = sorted(p.pts for p in film.demux(video=0) if p.pts is not None)
    gaps = {b - a for a, b in itertools.pairwise(stamps)}
    assert len(gaps) == 1
    assert abs(made.seconds - 2) < 0.15


@pytest.mark.parametrize("size", ["321x241", "319x177"])
def test_odd_sizes_become_even(size: str, make: Make, cache: Cache) -> None:
    odd = make("odd.mp4", *card(size), "-c:v", "libx264", "-pix_fmt", "yuv444p", "-preset", "ultrafast")

    width, height = shape(rendition(masters.read_master(odd, cache), cache, "standard-h264"))

    assert width % 2 == height % 2 == 0


def test_a_film_without_sound_has_a_picture_and_no_sound(make: Make, cache: Cache) -> None:
    silent = make("silent.mp4", *card(), *H264)
    master = masters.read_master(silent, cache)

    with av.open(str(rendition(master, cache).path)) as film:
        assert not film.streams.audio
    assert not master.has_audio


def test_sixty_frames_a_second_become_thirty(make: Make, cache: Cache) -> None:
    fast = make("fast.mp4", *card(rate="60"), *H264)

    assert rendition(masters.read_master(fast, cache), cache, "standard-h264").fps == 30


def test_a_ten_bit_hdr_film_comes_out_as_plain_sdr(make: Make, cache: Cache) -> None:
    tags = ("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc")
    hdr = make(
        "hdr.mp4",
        *card(),
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-pix_fmt",
        "yuv420p10le",
        *tags,
        "-tag:v",
        "hvc1",
        "-x265-params",
        "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc",
    )
    master = masters.read_master(hdr, cache)

    made = rendition(master, cache, "standard-h264")

    assert master.hdr
    with av.open(str(made.path)) as film:
        frame = next(film.decode(video=0))
    assert frame.format.name == "yuv420p"
    assert (int(frame.color_trc), int(frame.colorspace)) == (1, 1)  # BT.709


def test_an_anamorphic_film_gets_square_pixels(make: Make, cache: Cache) -> None:
    wide = make("wide.mp4", *card("320x240"), "-vf", "setsar=4/3", *H264)
    master = masters.read_master(wide, cache)

    assert (master.width, master.height) == (427, 240)
    assert shape(rendition(master, cache, "standard-h264")) == (428, 240)


def test_an_interlaced_film_is_woven_into_whole_frames(make: Make, cache: Cache) -> None:
    lines = make("tv.mp4", *card(), "-vf", "setfield=tff", "-flags", "+ilme+ildct", "-c:v", "libx264", "-x264opts", "tff=1")
    master = masters.read_master(lines, cache)

    made = rendition(master, cache, "standard-h264")

    assert master.interlaced
    with av.open(str(made.path)) as film:
        assert not next(film.decode(video=0)).interlaced_frame


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
def test_any_number_of_channels_becomes_one_voice(layout: str, make: Make, cache: Cache) -> None:
    many = make("many.mp4", *card(), *tone(rate=48000), "-af", f"aformat=channel_layouts={layout}", *H264, "-c:a", "aac")

    with av.open(str(rendition(masters.read_master(many, cache), cache, "audio").path)) as film:
        assert film.streams.audio[0].channels == 1


# Sound


@pytest.mark.parametrize("gain", [-30, 0])
@pytest.mark.parametrize("rung", ["audio", "audio-aac"])
def test_speech_that_was_too_quiet_or_too_loud_comes_out_at_minus_16_lufs(
    rung: str, gain: int, make: Make, cache: Cache
) -> None:
    voice = "aevalsrc='0.6*sin(2*PI*220*t)*(0.6+0.4*sin(2*PI*3*t))':d=6:s=48000"
    film = make("voice.mp4", *card(seconds=6), "-f", "lavfi", "-i", voice, "-af", f"volume={gain}dB", *H264, "-c:a", "aac")

    loudness, peak = heard(rendition(masters.read_master(film, cache), cache, rung).path, 6)

    assert abs(loudness - -16) < 1
    assert peak <= -1.5


def test_a_silent_track_stays_silent_instead_of_becoming_noise(make: Make, cache: Cache) -> None:
    film = make("silence.mp4", *card(), "-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo", "-t", "2", *H264, "-c:a", "aac")

    loudness, _ = heard(rendition(masters.read_master(film, cache), cache, "audio").path, 2)

    assert loudness < -60


@pytest.mark.parametrize("rung", ["standard", "standard-h264", "lite"])
def test_a_flash_and_its_beep_stay_together(rung: str, make: Make, cache: Cache) -> None:
    flash = "color=black:s=320x240:r=30:d=3,geq=lum='if(between(T,1,1.1),235,16)':cb=128:cr=128"
    beep = "aevalsrc='if(between(t,1,1.1),0.8*sin(2*PI*1000*t),0)':d=3:s=44100"
    film = make("sync.mp4", "-f", "lavfi", "-i", flash, "-f", "lavfi", "-i", beep, *H264, "-c:a", "aac")

    made = rendition(masters.read_master(film, cache), cache, rung)

    assert abs(first_light(made.path) - first_sound(made.path)) <= 0.04
    assert abs(first_light(made.path) - 1.0) <= 0.04


# The rest of the door


def test_a_failed_tool_shows_its_command_and_the_end_of_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(ffmpeg.ToolFailed) as failed:
        ffmpeg.run([ffmpeg.executable(), "-v", "error", "-nostdin", "-i", str(tmp_path / "no such.mp4")], seconds=20)

    assert "No such file" in str(failed.value)
    assert f"-i '{tmp_path}/no such.mp4'" in str(failed.value)


def test_a_tool_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(ffmpeg.ToolFailed, match="took longer than 1 s"):
        ffmpeg.run([ffmpeg.executable(), "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2", "-f", "null", "-"], seconds=1)


def test_a_tool_that_wants_too_much_memory_fails_alone(monkeypatch: pytest.MonkeyPatch, clip: Path) -> None:
    monkeypatch.setattr(ffmpeg, "MAX_MEMORY_BYTES", 100 * 1024**2)

    with pytest.raises(ffmpeg.ToolFailed):
        ffmpeg.run(
            [ffmpeg.executable(), "-v", "error", "-nostdin", "-i", str(clip), "-s", "7680x4320", "-f", "null", "-"], seconds=20
        )


def test_the_frame_rate_that_a_header_claims_is_not_believed(make: Make, cache: Cache) -> None:
    slow = make("slow.mkv", *card(rate="12"), *H264)

    assert masters.read_master(slow, cache).fps == Fraction(12)
