"""The files that a how-to names: master, captions, pictures. Only what stands in its own folder is ever opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from site_builder.library import images, symlinks
from site_builder.library.model import FrontMatter, HowTo
from site_builder.library.names import is_file, nearest, on_disk, real
from site_builder.library.problems import Problem, Tell, did_you_mean
from site_builder.library.settings import Settings
from site_builder.shelf import Shelf

MASTERS = (".mp4", ".mov", ".mkv", ".webm")
NARRATIONS = (".wav", ".m4a", ".opus", ".flac")  # the first that is there counts
LANG = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


def is_inside(folder: Path, path: Path) -> bool:
    """A file below the folder, not reached through `..`, an absolute path or a link out of it."""
    there = real(path)
    return there.is_relative_to(real(folder)) and is_file(there)


def master(front: FrontMatter, settings: Settings) -> Path | None:
    """The film, where it is one that may be opened."""
    path = on_disk(settings.root / front.video.master) if front.video else None
    return path if path and is_inside(settings.videos, path) and path.suffix.lower() in MASTERS else None


def captions(front: FrontMatter, settings: Settings) -> dict[str, Path]:
    """Captions by language, there or not: those beside the master, and those that are named."""
    if front.video is None:
        return {}
    film = on_disk(settings.root / front.video.master)
    found = {}
    for path in sorted(film.parent.glob(f"{glob_safe(film.stem)}.*.vtt")):
        lang = path.name.removeprefix(f"{film.stem}.").removesuffix(".vtt")
        if LANG.fullmatch(lang):  # else they are another film's: plug.v2.en.vtt
            found[lang] = path
    return found | {lang: on_disk(film.parent / name) for lang, name in front.video.captions.items()}


def narration(front: FrontMatter, settings: Settings, lang: str) -> Path | None:
    """The film's sound in a language, where such a file stands beside the master."""
    if front.video is None:
        return None
    film = on_disk(settings.root / front.video.master)
    there = (film.with_name(f"{film.stem}.{lang}{suffix}") for suffix in NARRATIONS)
    return next((path for path in there if is_inside(settings.videos, path)), None)


def glob_safe(stem: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", stem)


def check(howto: HowTo, settings: Settings, tell: Tell, shelf: Shelf) -> Iterator[Problem]:
    """What is not there, or not where it should be."""
    yield from check_master(howto, settings, tell)
    for lang, path in captions(howto, settings).items():
        if symlinks.barred(path, settings.root):
            continue  # told at the link itself
        if not is_inside(settings.videos, path):
            hint = did_you_mean(path.name, (there.name for there in settings.videos.glob("*.vtt")))
            yield tell(("video", "captions", lang), f"no captions '{path.name}' beside the master", hint)
    for index, step in enumerate(howto.steps):
        if step.image in ("auto", "none"):
            continue
        where, path = ("steps", index, "image"), on_disk(howto.source.parent / step.image)
        if not is_inside(howto.source.parent, path):
            hint = nearest(step.image, pictures_in(howto.source.parent), "auto, none, or a file in the same folder")
            yield tell(where, f"no picture '{step.image}' beside the how-to", hint)
        elif found := images.problem(path, shelf):
            yield tell(where, f"the picture '{step.image}' {found.message}", found.hint)


def pictures_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix.lower() in images.SUFFIXES)


def check_master(howto: HowTo, settings: Settings, tell: Tell) -> Iterator[Problem]:
    if howto.video is None or howto.master:
        return
    name, folder = howto.video.master, settings.videos.relative_to(settings.root).as_posix()
    path = on_disk(settings.root / name)
    if symlinks.barred(path, settings.root):
        return  # told at the link itself
    if not real(path).is_relative_to(real(settings.videos)):
        hint = f"films stand in one folder: {folder}/{path.name}"
        yield tell(("video", "master"), f"master '{name}' is not in {folder}/", hint)
    elif not is_file(path):
        there = sorted(f"{folder}/{film.name}" for film in settings.videos.glob("*") if film.suffix.lower() in MASTERS)
        yield tell(("video", "master"), f"no master '{name}'", nearest(name, there, f"{folder}/ has {len(there)} masters"))
    else:
        yield tell(("video", "master"), f"'{name}' is no film", f"one of {', '.join(MASTERS)}")
