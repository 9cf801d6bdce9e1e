"""The whole story on a small library: what is made, what is made again, and what is left when it goes wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pypdfium2
import pytest
import zxingcpp

from benchmarks.faults import HOWTO
from site_builder.films import ffmpeg as door
from site_builder.library.ladder import LADDER
from tests.media import ffmpeg
from tests.project import Project

AFRIKAANS = (
    "---\nlang: af\ntranslates: 1.0.0\ntitle: Bedraad 'n prop\nsteps:\n  - {id: unplug, title: Trek uit}\n---\nWoorde.\n"
)
NASTY = 'A <script>alert(1)</script> # "plug"'


@pytest.fixture(scope="module")
def built(new_project: Callable[[str], Project], clip: Path) -> Project:
    """A library of two how-tos, one with a film and a translation, built once. Its title is hostile."""
    project = new_project("built")
    project.film(clip, title=NASTY)
    project.text("videos/wire-a-plug.en.vtt", "WEBVTT\n\n00:00.100 --> 00:01.500\nPull the plug out.\n")
    project.text("content/electrical/wire-a-plug.af.md", AFRIKAANS)
    project.write("save-water", category="water", related=["wire-a-plug"])
    told = project.run("build")
    assert told.exit_code == 0, told.stderr
    return project


@pytest.fixture
def again(built: Project, tmp_path: Path) -> Project:
    """A copy of it, cache and all, to change."""
    shutil.copytree(built.root, tmp_path / "shop", symlinks=True)
    project = object.__new__(Project)
    project.root, project.options = tmp_path / "shop", dict(built.options)
    return project


def catalogue(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / "site/library.json").read_text("utf-8"))
    return found


def encoded(project: Project) -> set[str]:
    """The films that the last build made."""
    account = json.loads((project.root / ".cache/account.json").read_text("utf-8"))
    made = {film["key"][:8] for film in account["films"] if not film["from_cache"]}
    films = {film["path"] for howto in catalogue(project)["howtos"] for film in howto["films"]}
    return {path for path in films if path.split(".")[-2] in made}


def test_the_catalogue_is_valid_and_every_file_in_it_is_there_with_its_size(built: Project) -> None:
    found = catalogue(built)
    site = built.root / "site"

    jsonschema.validate(found, json.loads((site / "library.schema.json").read_text("utf-8")))
    assert [(h["slug"], h["lang"]) for h in found["howtos"]] == [
        ("save-water", "en"),
        ("wire-a-plug", "en"),
        ("wire-a-plug", "af"),
    ]
    for howto in found["howtos"]:
        assert (site / howto["page"] / "index.html").is_file()
        files = [howto["leaflet"], *howto["films"], *howto["stills"], *howto["captions"]]
        files += [howto["poster"]] if howto["poster"] else []
        for file in files:
            assert (site / file["path"]).stat().st_size == file["bytes"]


def test_every_rung_is_made_and_within_its_budget(built: Project) -> None:
    films = catalogue(built)["howtos"][1]["films"]

    assert [film["rung"] for film in films] == [name for name in LADDER if name != "standard-hevc"]  # which a draft leaves out
    assert all(film["bytes"] <= film["budget"] for film in films)


def test_all_languages_share_films_and_have_leaflets_and_codes_of_their_own(built: Project) -> None:
    _, english, afrikaans = catalogue(built)["howtos"]

    assert [f["path"] for f in english["films"]] == [f["path"] for f in afrikaans["films"]]
    assert english["leaflet"]["path"] != afrikaans["leaflet"]["path"]
    assert english["code"] != afrikaans["code"]


def test_the_code_on_every_leaflet_leads_to_its_page(built: Project) -> None:
    site = built.root / "site"
    for howto in catalogue(built)["howtos"]:
        document = pypdfium2.PdfDocument(site / howto["leaflet"]["path"])
        codes = zxingcpp.read_barcodes(document[0].render(scale=200 / 72, grayscale=True).to_numpy().squeeze())
        assert [code.text for code in codes] == [howto["leaflet"]["link"]]
        assert howto["leaflet"]["link"].split("?")[0] == f"https://shop.example/{howto['code']}"
        assert (site / howto["code"] / "index.html").is_file()


def test_a_hostile_title_is_words_on_the_page_and_in_the_catalogue(built: Project) -> None:
    page = (built.root / "site/electrical/wire-a-plug/index.html").read_text("utf-8")

    assert catalogue(built)["howtos"][1]["title"] == NASTY
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_text_is_there_compressed_too(built: Project) -> None:
    page = built.root / "site/electrical/wire-a-plug/index.html"

    assert page.with_name("index.html.br").stat().st_size < page.with_name("index.html.gz").stat().st_size < page.stat().st_size


def test_new_codes_are_registered_for_good(built: Project) -> None:
    rows = (built.root / "content/codes.tsv").read_text("utf-8").splitlines()

    assert rows[0] == "code\tslug\tsince"
    names = {h["code"]: h["slug"] + (f".{h['lang']}" if h["lang"] != "en" else "") for h in catalogue(built)["howtos"]}
    assert dict(row.split("\t")[:2] for row in rows[1:]) == names


def test_what_is_told_of_a_first_page_is_true_when_the_build_has_ended(project: Project) -> None:
    project.write()

    told = project.run("build").stderr

    assert "new codes in content/codes.tsv: commit it" in told
    assert "registered" not in told
    assert "1 page, 1 leaflet\n" in told
    assert "film" not in told


def test_a_second_build_encodes_nothing(again: Project) -> None:
    told = again.run("build")

    assert told.exit_code == 0
    assert encoded(again) == set()
    assert f"{len(LADDER) - 1} films, all there already" in told.stderr


def test_another_word_encodes_nothing_and_changes_page_and_leaflet(again: Project) -> None:
    before = catalogue(again)["howtos"][0]["leaflet"]["path"]
    again.write("save-water", category="water", done_when="The meter stands still.")

    assert again.run("build").exit_code == 0
    assert encoded(again) == set()
    assert catalogue(again)["howtos"][0]["leaflet"]["path"] != before
    assert "The meter stands still." in (again.root / "site/water/save-water/index.html").read_text("utf-8")


def test_another_master_encodes_that_one_only(again: Project, clip: Path) -> None:
    again.film(clip, slug="lay-bricks", category="building")
    assert again.run("build").exit_code == 0
    ffmpeg("-i", clip, "-vf", "hflip", "-c:a", "copy", again.root / "videos/lay-bricks.mp4")

    assert again.run("build").exit_code == 0
    made = encoded(again)
    assert made
    assert all(path.startswith("media/lay-bricks/") for path in made)


def test_a_mistake_leaves_the_site_as_it_was(again: Project) -> None:
    before = snapshot(again.root / "site")
    again.write("save-water", category="water", sumary="…")

    assert again.run("build").exit_code == 1
    assert snapshot(again.root / "site") == before


def test_a_failed_encode_is_told_with_its_command_while_the_others_are_made(
    again: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(again.root / ".cache")
    before = snapshot(again.root / "site")
    wrapper = again.text(
        "no-h264",
        f'#!/bin/sh\ncase "$*" in *libx264*) echo "out of toner" >&2; exit 9;; esac\nexec "{door.executable()}" "$@"\n',
    )
    wrapper.chmod(0o755)
    monkeypatch.setenv("SITE_BUILDER_FFMPEG", str(wrapper))
    door.executable.cache_clear()
    try:
        told = again.run("build")
    finally:
        door.executable.cache_clear()

    assert told.exit_code == 3
    assert "film wire-a-plug standard-h264 failed" in told.stderr
    assert "out of toner" in told.stderr
    assert f"command: {wrapper}" in told.stderr
    of, failed = len(LADDER) - 1, sum(row.video == "h264" for row in LADDER.values())
    assert f"[{of - failed}/{of}]" in told.stderr  # the others were made
    assert snapshot(again.root / "site") == before


def test_strict_takes_a_new_how_to_and_writes_the_day_beside_its_code(project: Project) -> None:
    project.write()

    told = project.run("build", "--strict")

    assert told.exit_code == 0, told.stderr
    [row] = (project.root / "content/codes.tsv").read_text("utf-8").splitlines()[1:]
    assert re.fullmatch(r"\w{3}\twire-a-plug\t\d{4}-\d\d-\d\d", row)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_stopped_goes_on_where_it_was(how: signal.Signals, project: Project, tmp_path: Path) -> None:
    film = tmp_path / "long.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=640x480:rate=25:duration=12", "-c:v", "libx264", "-preset", "ultrafast", film)
    project.film(film)
    words = [sys.executable, "-m", "site_builder.cli", "build", "-f", str(project.root / "mkdocs.yml"), "--jobs", "1"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: films_kept(project), process)
    process.send_signal(how)
    said = process.communicate(timeout=20)[1]
    kept = {path.stem[:8] for path in films_kept(project)}

    assert process.returncode == (-9 if how == signal.SIGKILL else 130)
    assert how == signal.SIGKILL or "stopped; what was finished is kept" in said
    assert "Traceback" not in said
    assert not (project.root / "site").exists()
    told = project.run("build")
    assert told.exit_code == 0
    assert {path.split(".")[-2] for path in encoded(project)}.isdisjoint(kept)
    assert len(encoded(project)) == SILENT - len(kept)
    assert list((project.root / ".cache/drafts").iterdir()) == []


SILENT = sum(bool(row.video) and row.video != "hevc" for row in LADDER.values())  # rungs of a silent film's draft


def films_kept(project: Project) -> list[Path]:
    """Films that the cache has whole: with their facts, and a size that agrees."""
    found = []
    for facts in project.cache.root.glob("??/*.json"):
        about = json.loads(facts.read_text("utf-8"))
        if "rendition" in about["inputs"]:
            assert facts.with_suffix(".mp4").stat().st_size == about["bytes"]
            found.append(facts.with_suffix(".mp4"))
    return found


def wait_for(found: Callable[[], list[Path]], process: subprocess.Popen[str]) -> list[Path]:
    """As soon as something is there. Raises AssertionError when the process ends before."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if paths := found():
            return paths
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.02)
    raise AssertionError("nothing was made within a minute")


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_how_to_without_a_film_has_page_and_leaflet(built: Project) -> None:
    save_water = catalogue(built)["howtos"][0]

    assert save_water["films"] == []
    assert save_water["poster"] is None
    assert save_water["leaflet"]["pages"] >= 1


def test_a_picture_beside_a_how_to_is_its_steps_still(project: Project) -> None:
    from PIL import Image

    path = project.write(steps=[{**HOWTO["steps"][0], "image": "plug.png"}, *HOWTO["steps"][1:]])
    Image.new("RGBA", (900, 600), (0, 120, 0, 128)).save(path.with_name("plug.png"))

    assert project.run("build").exit_code == 0
    stills = catalogue(project)["howtos"][0]["stills"]
    assert [(s["step"], s["width"], s["height"]) for s in stills] == [("unplug", 720, 480)]


def test_a_picture_that_is_none_is_told(project: Project) -> None:
    path = project.write(steps=[{**HOWTO["steps"][0], "image": "plug.png"}, *HOWTO["steps"][1:]])
    path.with_name("plug.png").write_text("no picture")

    told = project.run("build")

    assert told.exit_code == 1
    assert "content/electrical/wire-a-plug.md:" in told.stderr
    assert "plug.png" in told.stderr
    assert not (project.root / "site").exists()


def test_two_builds_in_two_places_give_the_same_site(built: Project, tmp_path: Path, clip: Path) -> None:
    other = Project(tmp_path / "elsewhere")
    for name in ("content", "videos"):
        shutil.copytree(built.root / name, other.root / name, dirs_exist_ok=True)
    environment = {**os.environ, "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    words = [sys.executable, "-m", "site_builder.cli", "build", "-f", str(other.root / "mkdocs.yml")]
    subprocess.run(words, check=True, env=environment, capture_output=True, timeout=120)

    def content(project: Project) -> dict[str, bytes]:
        site = project.root / "site"
        return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}

    ours, theirs = content(built), content(other)
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_the_old_address_of_a_renamed_how_to_leads_to_the_new_one(project: Project) -> None:
    project.write("fit-a-plug", formerly=["wire-a-plug"])

    assert project.run("build").exit_code == 0
    assert "../fit-a-plug/" in (project.root / "site/electrical/wire-a-plug/index.html").read_text("utf-8")
