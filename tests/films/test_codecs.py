"""Rungs beyond the film itself: slides, a film to send, narrations in other languages; and where a tap on a step lands."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from site_builder.cache import Cache
from site_builder.films import encode, masters, per_title, slideshow, title_card
from site_builder.films.job import EncodeJob, FilmSpec
from site_builder.films.slideshow import Slide
from site_builder.films.title_card import TitleCard
from site_builder.library.artifacts import Master, Narration, Rendition
from site_builder.library.ladder import LADDER, Rung
from tests.films import clips
from tests.films.clips import H264, tone

RUNGS = {name: Rung(name=name, **dict(row)) for name, row in LADDER.items()}
Make = Callable[..., Path]
COLOURS = ("red", "green", "blue")
DRAWN = {"red": "red", "green": "lime", "blue": "blue"}  # a change of colour alone is no cut to ffmpeg


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def colours(make: Make) -> Path:
    """Two seconds each of red, green and blue, with a tone."""
    sources = [
        word for name in COLOURS for word in ("-f", "lavfi", "-i", f"color={DRAWN[name]}:size=320x240:rate=25:duration=2")
    ]
    joined = ("-filter_complex", "[0:v][1:v][2:v]concat=n=3[v]", "-map", "[v]", "-map", "3:a")
    return make("colours.mp4", *sources, *tone(6), *joined, *H264, "-c:a", "aac")


def made(master: Master, rung: str, cache: Cache, script: FilmSpec | None = None, **changes: object) -> tuple[Rendition, ...]:
    row = dataclasses.replace(RUNGS[rung], **changes)  # type: ignore[arg-type]
    return encode.encode_renditions(
        EncodeJob(master, row, "draft", 96, spec=script or FilmSpec()), cache, lambda doing, share: None
    )


def frame_at(film: Path, second: float) -> np.ndarray:
    with av.open(str(film)) as container:
        return next(f for f in container.decode(video=0) if f.time >= second - 1e-6).to_ndarray(format="rgb24")


def colour_at(film: Path, second: float) -> str:
    mean = frame_at(film, second).mean(axis=(0, 1))
    return max(COLOURS, key=lambda name: mean[COLOURS.index(name)])


def key_frames(film: Path) -> list[float]:
    with av.open(str(film)) as container:
        return sorted(float(p.pts * p.time_base) for p in container.demux(video=0) if p.is_keyframe and p.pts is not None)


@pytest.mark.parametrize("rung", ["standard", "standard-hevc", "standard-h264"])
def test_a_tap_on_a_step_finds_a_whole_picture(rung: str, make: Make, cache: Cache) -> None:
    film = make("long.mp4", *clips.card(seconds=6), *tone(6), *H264, "-c:a", "aac")

    (rendition,) = made(masters.read_master(film, cache), rung, cache, FilmSpec(steps=(1.6, 3.72)))

    assert {0, 1.6, 3.72} <= {round(at, 3) for at in key_frames(rendition.path)}


@pytest.mark.parametrize("rung", ["slides", "slides-h264"])
def test_slides_show_a_still_for_each_step_from_its_second_on(rung: str, colours: Path, cache: Cache) -> None:
    script = FilmSpec(slides=(Slide(0.0, 4.5), Slide(1.6, 0.5), Slide(4.0, 3.0)))

    (rendition,) = made(masters.read_master(colours, cache), rung, cache, script)

    assert [colour_at(rendition.path, at) for at in (0.2, 1.2, 1.8, 3.6, 4.2, 5.6)] == [
        "blue", "blue", "red", "red", "green", "green",
    ]  # fmt: skip
    assert rendition.bytes <= 200_000
    assert key_frames(rendition.path) == pytest.approx([0, 1.6, 4.0])
    assert rendition.fps == float(slideshow.SLIDES_FPS)


def test_slides_without_a_script_follow_the_films_own_cuts(colours: Path, cache: Cache) -> None:
    (rendition,) = made(masters.read_master(colours, cache), "slides-h264", cache)

    assert [colour_at(rendition.path, at) for at in (1, 3, 5)] == ["red", "green", "blue"]


def test_slides_that_begin_in_one_moment_are_one() -> None:
    assert slideshow.sort_slides([Slide(3, 1), Slide(3.05, 2), Slide(1, 0)], 6) == (Slide(0.0, 0), Slide(3.0, 1))


def test_the_film_to_send_begins_with_its_card_and_goes_on_with_the_film(colours: Path, cache: Cache) -> None:
    script = FilmSpec(card=TitleCard("Wire a plug", "shop.example/2k"))

    (rendition,) = made(masters.read_master(colours, cache), "whatsapp", cache, script)

    drawn = np.asarray(title_card.draw_title_card(script.card, (320, 240)))  # type: ignore[arg-type]
    assert np.abs(frame_at(rendition.path, 0.5).astype(int) - drawn).mean() < 6
    assert colour_at(rendition.path, title_card.CARD_SECONDS + 0.1) == "green"
    assert rendition.seconds == pytest.approx(6)
    assert rendition.codecs.startswith("avc1.")
    assert rendition.codecs.endswith("mp4a.40.2")


def test_the_film_to_send_takes_the_shots_that_are_there(make: Make, cache: Cache) -> None:
    master = masters.read_master(make("long.mp4", *clips.card(seconds=6), *tone(6), *H264, "-c:a", "aac"), cache)
    script = FilmSpec(steps=(3.0,), card=TitleCard("Wire a plug", "shop.example/2k"))

    (plain,) = made(master, "standard-h264", cache, script)
    (carded,) = made(master, "whatsapp", cache, script)

    assert [take.crf for take in carded.takes if take.start == 3] == [take.crf for take in plain.takes if take.start == 3]
    assert len(list(cache.root.glob("*/*.take.mp4"))) == 2 + 2  # the card and what it leaves of the first shot


@pytest.mark.parametrize("size", [(854, 480), (480, 854), (320, 240)])
@pytest.mark.parametrize("title", ["Wire a plug", "Fix a toilet that goes on running", "Nospaces" * 8])
def test_a_cards_words_stay_within_it(size: tuple[int, int], title: str) -> None:
    pixels = np.asarray(title_card.draw_title_card(TitleCard(title, "shop.example/2k"), size).convert("L")).astype(int)

    background = pixels[0, 0]
    edge = np.concatenate([pixels[:2].ravel(), pixels[-2:].ravel(), pixels[:, :2].ravel(), pixels[:, -2:].ravel()])
    assert (edge == background).all()
    assert (pixels > 200).any()


def picture_hash(film: Path) -> str:
    with av.open(str(film)) as container:
        return hashlib.sha256(b"".join(bytes(p) for p in container.demux(video=0) if p.size)).hexdigest()


def sound_frequency(film: Path) -> float:
    with av.open(str(film)) as container:
        rate = container.streams.audio[0].rate
        wave = np.concatenate([f.to_ndarray().astype(float).mean(axis=0) for f in container.decode(audio=0)])
    return float(np.argmax(np.abs(np.fft.rfft(wave))) * rate / len(wave))


def test_languages_share_one_picture_and_each_fits_the_budget(clip: Path, make: Make, cache: Cache) -> None:
    zulu = make("clip.zu.wav", "-f", "lavfi", "-i", "sine=frequency=700:duration=2")
    master = masters.read_master(clip, cache)
    spoken = dataclasses.replace(master, narrations=(Narration("zu", zulu, "7", 2.0),))

    own, narrated = made(spoken, "standard-h264", cache, FilmSpec(lang="en"))

    assert (own.lang, narrated.lang) == ("", "zu")
    assert picture_hash(own.path) == picture_hash(narrated.path)
    assert [sound_frequency(film.path) for film in (own, narrated)] == pytest.approx([300, 700], abs=15)
    assert max(own.bytes, narrated.bytes) <= RUNGS["standard-h264"].budget


def test_a_narration_in_the_how_tos_own_language_takes_the_place_of_the_masters_sound(clip: Path, cache: Cache) -> None:
    spoken = dataclasses.replace(masters.read_master(clip, cache), narrations=(Narration("en", clip, "7", 2.0),))

    assert set(EncodeJob(spoken, RUNGS["audio"], "draft", 96, spec=FilmSpec(lang="en")).audio_tracks) == {"en"}


def test_a_longer_sound_leaves_less_for_the_picture(make: Make, clip: Path, cache: Cache) -> None:
    """All languages together decide the budget: the key of each holds the others."""
    master = masters.read_master(clip, cache)
    both = dataclasses.replace(master, narrations=(Narration("zu", clip, "7", 2.0),))

    keys = {str(EncodeJob(film, RUNGS["lite"], "draft", 96).key_inputs("")) for film in (master, both)}

    assert len(keys) == 2


@pytest.mark.parametrize(("rate", "fps"), [("full", 25.0), ("half", 12.5), ("auto", 25.0)])
def test_the_frame_rate_is_a_policy(rate: str, fps: float, clip: Path, cache: Cache) -> None:
    job = EncodeJob(masters.read_master(clip, cache), RUNGS["standard-h264"], "draft", 96, rate)  # type: ignore[arg-type]

    (rendition,) = encode.encode_renditions(job, cache, lambda doing, share: None)

    assert rendition.fps == fps


def test_auto_halves_only_a_film_that_would_be_mush(make: Make, cache: Cache) -> None:
    noise = make("noise.mp4", "-f", "lavfi", "-i", "nullsrc=s=320x240:r=25:d=1,geq=random(1)*255:128:128", *H264)
    job = EncodeJob(masters.read_master(noise, cache), dataclasses.replace(RUNGS["standard-h264"], budget=12_000), "normal", 96)

    (rendition,) = encode.encode_renditions(job, cache, lambda doing, share: None)

    assert rendition.hull_points[0].worth < per_title.HALF_RATE_BELOW_WORTH
    assert Fraction(rendition.fps).limit_denominator(10) == Fraction(25, 2)
