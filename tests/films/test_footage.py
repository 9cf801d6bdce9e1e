"""Footage as phones and cameras deliver it: upright, in true colours, at an even pace, and with lips in step."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from site_builder.cache import Cache
from site_builder.films import masters
from site_builder.library.artifacts import Rendition
from tests.films.clips import (
    CARD,
    H264,
    RUNGS,
    Colour,
    card,
    corners,
    first_light,
    first_sound,
    near,
    rendition,
    seen,
    tone,
)

Make = Callable[..., Path]
RED, GREEN, BLUE, GREY = (192, 0, 0), (0, 192, 0), (0, 0, 192), (128, 128, 128)
CORNERS = [RED, GREEN, BLUE, GREY]  # top left, top right, bottom left, bottom right
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def tagged(matrix: str, primaries: str, curve: str, full: bool = False) -> tuple[str, ...]:
    range_ = "pc" if full else "tv"
    return ("-colorspace", matrix, "-color_primaries", primaries, "-color_trc", curve, "-color_range", range_)


PLAIN = ("-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", *tagged("bt709", "bt709", "bt709"), *H264[:4])


PICTURES = pytest.mark.parametrize("rung", ["standard-h264", "slides-h264"])  # slides go through stills of their own


@PICTURES
@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        (("-display_rotation", "90"), [GREEN, GREY, RED, BLUE]),
        (("-display_rotation", "180"), [GREY, BLUE, GREEN, RED]),
        (("-display_rotation", "270"), [BLUE, RED, GREY, GREEN]),
        (("-display_hflip",), [GREEN, RED, GREY, BLUE]),
    ],
)
def test_a_turned_phone_is_upright(flags: tuple[str, ...], wanted: list[Colour], rung: str, make: Make, cache: Cache) -> None:
    flat = make("flat.mp4", *corners(), *PLAIN)
    turned = masters.read_master(make("turned.mp4", *flags, "-i", str(flat), "-c", "copy"), cache)

    made = rendition(turned, cache, rung)

    assert near(seen(made), wanted)
    assert (made.width, made.height) == (turned.width, turned.height)
    assert (made.width > made.height) == (flags[-1] not in ("90", "270"))


YUV = "scale=out_color_matrix={}:out_range={},format={}"
WIDE = f"{YUV.format('bt709', 'tv', 'yuv420p10le')},setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
LIGHT = "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020,zscale=t={}:m=bt2020nc:r=tv:npl=203,format=yuv420p10le"


@PICTURES
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(PLAIN, id="BT.709"),
        pytest.param(
            ("-vf", YUV.format("bt709", "pc", "yuv420p"), *tagged("bt709", "bt709", "bt709", full=True), *H264[:4]),
            id="full range",
        ),
        pytest.param(
            (
                "-vf",
                YUV.format("bt601", "pc", "yuvj420p"),
                *tagged("smpte170m", "smpte170m", "smpte170m", full=True),
                *H264[:4],
            ),
            id="full range BT.601",
        ),
        pytest.param(
            ("-vf", YUV.format("bt601", "tv", "yuv420p"), *tagged("smpte170m", "smpte170m", "smpte170m"), *H264[:4]),
            id="BT.601",
        ),
        pytest.param(("-vf", YUV.format("bt601", "tv", "yuv420p"), *H264[:4]), id="no tags, small"),
        pytest.param(
            (
                *("-vf", f"{WIDE},zscale=p=bt2020:t=bt2020-10:m=bt2020nc:r=tv,format=yuv420p10le"),
                *tagged("bt2020nc", "bt2020", "bt2020-10"),
                *(*X265, "log-level=error"),
            ),
            id="BT.2020",
        ),
    ],
)
def test_colours_are_those_that_were_filmed(words: tuple[str, ...], rung: str, make: Make, cache: Cache) -> None:
    master = masters.read_master(make("colours.mp4", *corners(), *words), cache)

    # BT.2020 asks for blue and green that 8 bits of BT.709 round a little
    assert near(seen(rendition(master, cache, rung)), CORNERS, 18)


@PICTURES
def test_a_large_film_without_tags_is_taken_for_bt_709_as_players_do(rung: str, make: Make, cache: Cache) -> None:
    words = ("-vf", YUV.format("bt709", "tv", "yuv420p"), *H264[:4])
    master = masters.read_master(make("hd.mp4", *corners("1280x720", 0.12), *words), cache)

    assert near(seen(rendition(master, cache, rung)), CORNERS)


@PICTURES
@pytest.mark.parametrize("curve", ["smpte2084", "arib-std-b67"])
def test_hdr_keeps_its_hues_and_its_light(curve: str, rung: str, make: Make, cache: Cache) -> None:
    parameters = f"log-level=error:colorprim=bt2020:transfer={curve}:colormatrix=bt2020nc"
    words = ("-vf", f"{WIDE},{LIGHT.format(curve)}", *tagged("bt2020nc", "bt2020", curve), *X265, parameters)
    master = masters.read_master(make("hdr.mp4", *corners(), *words), cache)

    found = seen(rendition(master, cache, rung))

    assert master.hdr
    assert near(found, CORNERS, 40)  # a tone map makes room above: what was white paper is a little darker


def test_a_real_4k_frame_at_60_a_second_becomes_a_small_film_at_30(make: Make, cache: Cache) -> None:
    parameters = "log-level=error:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"
    words = ("-pix_fmt", "yuv420p10le", *tagged("bt2020nc", "bt2020", "arib-std-b67"), *X265, parameters)
    master = masters.read_master(make("4k.mov", *card("3840x2160", "60", 0.1), *words), cache)

    made = rendition(master, cache, "standard-h264")

    assert (master.width, master.height, master.fps) == (3840, 2160, 60)
    assert (made.height, made.fps) == (360, 30)


@pytest.mark.parametrize(("rate", "layout"), [(44100, "stereo"), (96000, "mono"), (48000, "5.1")])
def test_sound_of_any_kind_is_there(rate: int, layout: str, make: Make, cache: Cache) -> None:
    words = (*card("64x64"), *tone(rate=rate), "-af", f"aformat=channel_layouts={layout}", *H264, "-c:a", "flac")
    made = rendition(masters.read_master(make("sound.mkv", *words), cache), cache, "audio-aac")

    assert first_sound(made.path) < 0.1
    assert abs(made.seconds - 2) < 0.1


# Lips


@pytest.fixture(scope="module")
def clapper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A flash and a beep at second 1, for 0.2 s, in 2.4 s."""
    from tests.media import ffmpeg

    path = tmp_path_factory.mktemp("clapper") / "clapper.mp4"
    flash = "color=black:s=160x120:r=30:d=2.4,geq=lum='if(between(T,1,1.19),235,16)':cb=128:cr=128"
    beep = "aevalsrc='if(between(t,1,1.2),0.8*sin(2*PI*1000*t),0)':d=2.4:s=44100"
    ffmpeg(*CARD, flash, *CARD, beep, *H264, "-g", "300", "-c:a", "aac", path)
    return path


def lips(made: Rendition) -> float:
    """Seconds by which the beep comes after the flash."""
    return first_sound(made.path) - first_light(made.path)


@pytest.mark.parametrize(
    "rung", [name for name, rung in RUNGS.items() if rung.video and rung.shows == "film"]
)  # a slide shows no flash
def test_lips_are_in_step_in_each_rung(rung: str, clapper: Path, cache: Cache) -> None:
    made = rendition(masters.read_master(clapper, cache), cache, rung)

    assert abs(lips(made)) <= 0.04
    assert abs(first_light(made.path) - 1) <= 0.04


@pytest.mark.parametrize("rung", [name for name, rung in RUNGS.items() if not rung.video])
def test_sound_alone_keeps_the_films_time(rung: str, clapper: Path, cache: Cache) -> None:
    assert abs(first_sound(rendition(masters.read_master(clapper, cache), cache, rung).path) - 1) <= 0.04


SHIFTED = {
    "cut without a new encode": ("cut.mp4", "-ss 0.4 -i {} -c copy", 0.0, 0.6, 2.0),
    "sound delayed": ("late.mp4", "-i {} -itsoffset 0.5 -i {} -map 0:v -map 1:a -c copy", 0.5, 1.0, 2.4),
    "picture delayed": ("late.mkv", "-i {} -itsoffset 0.5 -i {} -map 1:v -map 0:a -c copy", -0.5, 1.5, 2.9),
    "times from 7": ("seven.mkv", "-i {} -c copy -output_ts_offset 7", 0.0, 1.0, 2.4),
    "times below 0": ("minus.mov", "-i {} -c copy -avoid_negative_ts disabled -output_ts_offset -0.3", 0.0, 0.7, 2.1),
    "no edit list": ("none.mp4", "-i {} -c copy -use_editlist 0 -avoid_negative_ts disabled", 0.023, 1.0, 2.4),
    "sound ends early": ("early.mp4", "-i {} -t 1.5 -i {} -map 0:v -map 1:a -c copy", 0.0, 1.0, 2.4),
    "sound ends late": ("over.mp4", "-t 1.5 -i {} -i {} -map 0:v -map 1:a -c copy", 0.0, 1.0, 1.5),
    "in fragments": ("parts.mp4", "-i {} -c copy -movflags frag_keyframe+empty_moov", 0.0, 1.0, 2.4),
}


@pytest.mark.parametrize("case", SHIFTED)
def test_lips_stay_in_step_whatever_the_files_clock(case: str, clapper: Path, make: Make, cache: Cache) -> None:
    name, words, late, at, seconds = SHIFTED[case]
    master = masters.read_master(make(name, *words.format(*[str(clapper)] * 2).split(" ")), cache)

    made = rendition(master, cache, "standard-h264")

    assert abs(lips(made) - late) <= 0.04
    assert abs(first_light(made.path) - at) <= 0.04
    assert abs(made.seconds - seconds) <= 0.1
    with av.open(str(made.path)) as film:
        stamps = sorted(p.pts for p in film.demux(video=0) if p.pts is not None)
        assert stamps[0] == 0
        assert len({b - a for a, b in itertools.pairwise(stamps)}) == 1
