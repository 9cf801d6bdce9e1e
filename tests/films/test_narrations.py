"""Narrations beside a master: found by their name, checked, and heard on the pages of their language."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.films.clips import H264, card, tone
from tests.project import Project

Make = Callable[..., Path]
AFRIKAANS = """---
translates: 1.0.0
title: Bedraad 'n prop
summary: Sit 'n nuwe prop aan 'n koord.
steps: []
---
"""


@pytest.fixture
def narrated(project: Project, clip: Path) -> Project:
    """A how-to with a film of two seconds, and its translation into Afrikaans."""
    project.film(clip)
    project.text("content/electrical/wire-a-plug.af.md", AFRIKAANS)
    project.set(ladder={"small": {"video": "h264", "audio": "aac", "audio_kbps": 24, "budget": 200_000}})
    return project


def films_of(project: Project) -> dict[str, str]:
    """The film's path by the language of the page."""
    found = json.loads((project.root / "site" / "library.json").read_text("utf-8"))["howtos"]
    return {howto["lang"]: howto["films"][0]["path"] for howto in found}


def test_a_page_plays_the_film_in_its_own_language(narrated: Project, make: Make) -> None:
    voice = make("voice.m4a", "-f", "lavfi", "-i", "sine=frequency=700:duration=2", "-c:a", "aac")
    narrated.text("videos/wire-a-plug.af.m4a", "").write_bytes(voice.read_bytes())

    told = narrated.run("build")

    assert told.exit_code == 0, told.stderr
    paths = films_of(narrated)
    assert paths["en"] != paths["af"]
    assert all((narrated.root / "site" / path).is_file() for path in paths.values())


def test_without_a_narration_all_languages_share_the_masters_sound(narrated: Project) -> None:
    assert narrated.run("build").exit_code == 0

    paths = films_of(narrated)
    assert paths["en"] == paths["af"]


@pytest.mark.parametrize("kind", [".wav", ".flac", ".opus", ".m4a"])
def test_each_kind_of_file_is_taken(kind: str, narrated: Project, make: Make) -> None:
    codec = {".opus": ("-c:a", "libopus"), ".m4a": ("-c:a", "aac")}.get(kind, ())
    voice = make(f"voice{kind}", *tone(2), *codec)
    narrated.text(f"videos/wire-a-plug.af{kind}", "").write_bytes(voice.read_bytes())

    assert narrated.run("check").exit_code == 0


def test_a_narration_longer_than_its_film_is_told(narrated: Project, make: Make) -> None:
    voice = make("voice.wav", *tone(4))
    narrated.text("videos/wire-a-plug.af.wav", "").write_bytes(voice.read_bytes())

    told = narrated.run("check")

    assert told.exit_code == 1
    assert "'wire-a-plug.af.wav' lasts 4.0 s, its film 2.0 s" in told.stderr
    assert "wire-a-plug.af.md:" in told.stderr


def test_a_narration_that_is_none_is_told(narrated: Project, make: Make) -> None:
    narrated.text("videos/wire-a-plug.af.wav", "no sound at all")

    told = narrated.run("check")

    assert told.exit_code == 1
    assert (
        "'wire-a-plug.af.wav' is not a narration that can be used: it cannot be read as wav, m4a, opus or flac" in told.stderr
    )


def test_a_film_dressed_as_a_narration_without_sound_is_told(narrated: Project, make: Make) -> None:
    silent = make("silent.mp4", *card(), *H264)
    narrated.text("videos/wire-a-plug.af.m4a", "").write_bytes(silent.read_bytes())

    told = narrated.run("check")

    assert told.exit_code == 1
    assert "it has no sound" in told.stderr
