"""What is done to a film's sound before it is coded, and what of it arrives."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from site_builder.cache import Cache
from site_builder.films import audio, masters
from site_builder.library import loading
from site_builder.library.ladder import LADDER, Rung
from tests.films.clips import CARD, H264, card, decoded
from tests.project import Project

RUNGS = {name: Rung(name=name, **dict(row)) for name, row in LADDER.items()}
# Chords that change twice a second.
CHORDS = "+".join(f"0.1*sin(2*PI*t*{note}*pow(2\\,mod(floor(t*2)*5\\,12)/12))" for note in (220, 277, 330, 440, 554, 660))
Make = Callable[..., Path]


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def film(make: Make, expression: str, seconds: float = 4, channels: str = "mono", **more: str) -> Path:
    heard = (*CARD, f"aevalsrc='{expression}':d={seconds}:s=48000:c={channels}")
    return make("film.mkv", *card(seconds=seconds), *heard, *H264, "-c:a", "flac", *more)


def loud(samples: np.ndarray, hertz: float) -> float:
    """Share of a sound's energy within 5 Hz of a tone."""
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    near = np.abs(np.fft.rfftfreq(len(samples), 1 / 48000) - hertz) < 5
    return float(spectrum[near].sum() / spectrum.sum())


def test_rumble_below_a_voice_is_taken_out(make: Make, cache: Cache) -> None:
    master = masters.read_master(film(make, "0.3*sin(2*PI*30*t)+0.3*sin(2*PI*300*t)"), cache)

    samples = decoded(audio.normalised(master, cache).path)

    assert loud(samples, 30) < 0.05
    assert loud(samples, 300) > 0.9


def test_denoise_takes_a_transformers_hum_and_hiss_out(make: Make, cache: Cache) -> None:
    noise = "0.1*sin(2*PI*50*t)+0.02*(random(0)-0.5)"
    master = masters.read_master(film(make, f"{noise}+if(lt(mod(t,1),0.5),0.3*sin(2*PI*400*t),0)"), cache)
    pause = slice(int(3.6 * 48000), int(3.9 * 48000))

    plain, clean = (decoded(audio.normalised(dataclasses.replace(master, denoise=on), cache).path) for on in (False, True))

    assert np.std(clean[pause]) < 0.4 * np.std(plain[pause])


def test_a_how_to_asks_for_its_films_sound_to_be_cleaned(project: Project, clip: Path) -> None:
    path = project.film(clip, video={"master": "videos/wire-a-plug.mp4", "denoise": True})

    films, _ = masters.read_masters(loading.load_library(project.settings)[0].howtos, project.cache, project.settings)

    assert films[path].denoise


def test_music_gets_twice_the_bits_of_a_voice(make: Make, cache: Cache, tmp_path: Path) -> None:
    sizes = {}
    for name, expression in (("music", CHORDS), ("pause", "0")):
        master = masters.read_master(film(make, expression, 8), cache)
        levelled = audio.normalised(master, cache)
        sizes[name] = levelled.facts["music"]
        audio.encode_track(levelled, RUNGS["audio"], master.seconds, tmp_path / f"{name}.mp4", 10**6)

    assert sizes == {"music": True, "pause": False}
    assert (tmp_path / "music.mp4").stat().st_size * 8 / 8 > 1.4 * 14_000


def test_a_voice_on_the_right_channel_alone_is_heard(make: Make, cache: Cache) -> None:
    master = masters.read_master(film(make, "0|0.3*sin(2*PI*300*t)", channels="stereo"), cache)

    assert loud(decoded(audio.normalised(master, cache).path), 300) > 0.9


@pytest.mark.parametrize("rung", ["audio", "audio-aac"])
def test_a_codecs_own_delay_is_cut_off_by_the_files_edit_list(rung: str, make: Make, cache: Cache, tmp_path: Path) -> None:
    master = masters.read_master(film(make, "if(between(t,1,1.05),0.8*sin(2*PI*1000*t),0)", 3), cache)
    out = tmp_path / "out.mp4"

    audio.encode_track(audio.normalised(master, cache), RUNGS[rung], master.seconds, out, 10**6)

    samples = np.abs(decoded(out))
    assert abs(int(np.argmax(samples > 0.3 * samples.max())) / 48000 - 1) < 0.01
    assert abs(len(samples) / 48000 - 3) < 0.1
