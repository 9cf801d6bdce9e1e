"""What `build` refuses, `check` tells first, in the same words: one broken library of each kind, given to both."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.faults import HOWTO
from tests.project import Project

STEPS = HOWTO["steps"]
PLACE = re.compile(r"^\S+:\d+: ")


Change = Callable[[Project], object]


def several(*changes: Change) -> Change:
    return lambda project: [change(project) for change in changes]


def fields(**values: object) -> Change:
    """A how-to that says other things than the usual one."""
    return lambda project: project.write(**values)


def prose(body: str) -> Change:
    """A how-to with other words below its front matter."""
    return lambda project: project.write(body=body)


def setting(**values: object) -> Change:
    """A good how-to under other settings."""
    return several(fields(), lambda project: project.set(**values))


def file(name: str, data: bytes) -> Change:
    """A good how-to, and one more file."""

    def change(project: Project) -> None:
        path = project.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    return several(fields(), change)


def picture(name: str, data: bytes) -> Change:
    """A how-to whose first step shows a picture of an editor's."""
    return several(file(f"content/electrical/{name}", data), fields(steps=[{**STEPS[0], "image": name}, *STEPS[1:]]))


def cut_photo() -> bytes:
    whole = BytesIO()
    Image.effect_noise((640, 480), 90).convert("RGB").save(whole, "JPEG")
    return whole.getvalue()[:-4000]


def mkdocs(old: str, new: str) -> Change:
    """A good how-to, and mkdocs.yml with other words in it."""

    def change(project: Project) -> None:
        path = project.root / "mkdocs.yml"
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    return several(fields(), change)


def link_out(project: Project) -> None:
    path = project.root / "content/electrical/sheet.pdf"
    path.parent.mkdir(parents=True)
    path.symlink_to(Path(__file__))


BROKEN: dict[str, Change] = {
    "a film that is not there": fields(video={"master": "videos/none.mp4"}),
    "a film that is none": several(
        file("videos/wire-a-plug.mp4", b"no film at all"), fields(video={"master": "videos/wire-a-plug.mp4"})
    ),
    "a photo cut short": picture("photo.jpg", cut_photo()),
    "a photo as new phones write them": picture("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64),
    "a page saved in a picture's place": picture("photo.jpg", b"<!doctype html><title>Sign in</title>"),
    "a pointer that Git LFS left": picture("photo.png", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
    "an animated picture": picture("moving.gif", b"GIF89a\1\0\1\0\0\0\0;"),
    "a letter that no font has": fields(title="Wire a plug ⚡"),
    "a picture within a word's address": prose("![x](data:image/png;base64,AAAA)"),
    "a dead link": prose("See [the sheet](sheet.pdf)."),
    "a dead link to a how-to": prose("See [the geyser](../electrical/geyser.md)."),
    "a link out of the library": several(link_out, prose("See [the sheet](sheet.pdf).")),
    "words that are not in UTF-8": file("content/synonyms.yml", "- [prop, stekkerdoos, é]".encode("latin-1")),
    "synonyms that are no list": file("content/synonyms.yml", b"plug"),
    "a code registered twice": file("content/codes.tsv", b"code\tslug\tsince\nk7p\ta\t2026-01-01\nk7p\tb\t2026-01-01\n"),
    "a code that leads nowhere": file("content/codes.tsv", b"code\tslug\tsince\nk7p\tgone\t2026-01-01\n"),
    "a logo that is not there": setting(store={"name": "A shop", "logo": "logo.png"}),
    "a logo that is none": several(file("logo.png", b"no picture"), setting(store={"name": "A shop", "logo": "logo.png"})),
    "a store's name that cannot be printed": setting(store={"name": "Plugs ⚡ and more"}),
    "an address with a question mark": mkdocs("https://shop.example/", "https://shop.example/?a=1"),
    "an address with no host": mkdocs("https://shop.example/", "https:///"),
    "an unknown setting": setting(efort="draft"),
    "a title that is empty": fields(title=""),
    "a day that is none": fields(published="2026-02-30"),
    "a period that never ends": fields(review_every="P999999999Y"),
    "a version in other digits": fields(version="١.٠.٠"),
    "a time that never ends": fields(time={"work": "PT99999999999H"}),
    "a related how-to that is not there": fields(related=["geyser"]),
    "a calculator that divides by nothing": fields(
        calculator={
            "ask": [{"id": "a", "label": "Area", "unit": "m2", "min": 0, "max": 10, "default": 5}],
            "per": "1 / a",
            "give": [{"label": "Plug", "per": "m2", "rate": 1, "pack_size": 1, "pack_unit": "each"}],
            "basis": "A leaflet",
        }
    ),
    "a page whose name the site needs": file("content/search.md", b"# Search\n\nOurs.\n"),
    "a file where a folder must be": lambda project: (
        (
            project.write(),
            project.set(videos="films"),
            (project.root / "films").write_text("no folder"),
        )[0]
        and None
    ),
    "a YAML tag": file("content/electrical/other.md", b"---\ntitle: !!python/name:os.system x\n---\n"),
    "a quote that never ends": file("content/electrical/other.md", b'---\ntitle: "Wire\nsummary: x\n---\n'),
    "a how-to that says nothing": file("content/electrical/other.md", b""),
}


def told(text: str) -> list[str]:
    """The mistakes and warnings, without their hints."""
    return sorted(line for line in text.splitlines() if PLACE.match(line))


@pytest.mark.parametrize("name", BROKEN)
def test_check_tells_what_build_refuses(name: str, project: Project) -> None:
    BROKEN[name](project)

    check = project.run("check")
    build = project.run("build")

    assert (check.exit_code, build.exit_code) == (1, 1), check.stderr + build.stderr
    assert told(check.stderr) == told(build.stderr) != []
    assert not (project.root / "site").exists()
