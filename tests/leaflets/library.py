"""A small library of one how-to, and a picture for each of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from site_builder.library import loading, settings_file
from site_builder.library.artifacts import Still
from site_builder.library.howto import HowTo
from site_builder.library.settings import Settings
from tests.leaflets.pictures import still

MKDOCS: dict[str, Any] = {
    "site_name": "How-to library",
    "site_url": "https://khaya.example/",
    "plugins": [{"site-builder": {"store": {"name": "Sample Hardware", "phone": "+27 10 000 0000"}}}],
}
FRONT: dict[str, Any] = {
    "code": "b7x",
    "title": "Hang a shelf",
    "summary": "Put up a level shelf on a brick wall.",
    "difficulty": 1,
    "time": {"prep": "PT10M", "work": "PT50M"},
    "risk": "high",
    "do_not_start_if": ["A cable runs behind the wall."],
    "safety": [
        {"level": "danger", "text": "Live cables can kill. Find them first."},
        {"level": "warning", "text": "Wear goggles against dust."},
    ],
    "emergency": "Shock: switch off first.",
    "ppe": ["goggles", "dust-mask"],
    "tools": [{"name": "Drill", "hire": True}, {"name": "Spirit level", "instead": "a bottle half full of water"}],
    "materials": [{"name": "Plank", "qty": 1}, {"name": "Filler", "qty": 2.5, "unit": "bag"}],
    "steps": [
        {"id": "mark", "title": "Mark the holes", "text": "Draw a level line.", "check": "The bubble sits in the middle."},
        {"id": "drill", "title": "Drill", "text": "Drill 50 mm deep.", "check": "The plug fits.", "critical": True},
        {"id": "fix", "title": "Fix the brackets", "text": "Turn each screw until it holds."},
    ],
    "done_when": "The shelf is level and does not move.",
    "mistakes": [{"see": "The plug turns", "likely": "The hole is too wide", "do": "Use a thicker plug."}],
    "faq": [{"q": "Will it hold books?", "a": "Read the label of the brackets."}],
    "law": "Flats may need the body corporate's leave.",
    "related": [],
    "reviewed_by": None,
    "version": "1.2.0",
    "published": "2026-11-21",
    "licence": "CC-BY-4.0",
}


def load_howto(
    root: Path,
    changes: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    folder: str = "library",
    translation: Mapping[str, Any] | None = None,
    lang: str = "en",
) -> tuple[HowTo, Settings]:
    """A how-to as an editor would have written it, in a folder of `root`: the sample with some fields changed."""
    root = root / folder
    (root / "content" / "walls").mkdir(parents=True)
    plugin = MKDOCS["plugins"][0]["site-builder"] | {"lang": lang} | dict(options or {})
    (root / "mkdocs.yml").write_text(yaml.safe_dump(MKDOCS | {"plugins": [{"site-builder": plugin}]}), "utf-8")
    page(root / "content/walls/hang-a-shelf.md", FRONT | dict(changes or {}))
    if translation is not None:
        page(root / "content/walls/hang-a-shelf.af.md", {"translates": "1.2.0", "title": "Hang 'n rak"} | dict(translation))
    loaded = settings_file.load_settings(root / "mkdocs.yml")
    library, problems = loading.load_library(loaded)
    assert [problem for problem in problems if not problem.warning] == []
    return library.howtos[-1], loaded


def page(path: Path, front: Mapping[str, Any]) -> None:
    path.write_text(f"---\n{yaml.safe_dump(dict(front), allow_unicode=True, sort_keys=False)}---\n\nMore words.\n", "utf-8")


def draw_stills(folder: Path, howto: HowTo) -> dict[str, Still]:
    """A picture for each step, each another one."""
    return {step.id: still(folder / f"{step.id}.jpg", at) for at, step in enumerate(howto.steps)}
