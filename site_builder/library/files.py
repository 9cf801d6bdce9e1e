"""The files that a how-to names: master, captions, pictures. Only what stands in its own folder is ever opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from site_builder.library import images, sidecars, symlinks
from site_builder.library.howto import FrontMatter, HowTo
from site_builder.library.names import is_file, path_on_disk, real_path, suggest_file
from site_builder.library.problems import Problem, ProblemAt
from site_builder.library.settings import Settings
from site_builder.memo import Memo

# Names that films have. What is in it decides: an mp4 under any of these is taken, for others it is said what to save them as.
MASTER_SUFFIXES = (
    *(".mp4", ".mov", ".mkv", ".webm", ".m4v", ".3gp", ".3g2", ".qt", ".avi", ".mts", ".m2ts", ".ts", ".wmv", ".asf", ".flv"),
    *(".mpg", ".mpeg", ".vob", ".ogv", ".divx", ".f4v", ".mod", ".tod", ".dv", ".insv", ".lrv", ".hevc", ".h264"),
)
SUGGESTED_SUFFIXES = MASTER_SUFFIXES[:4]  # that are named to editors
DOCUMENT_SUFFIXES = (".txt", ".md", ".doc", ".docx", ".odt", ".pdf", ".rtf", ".zip", ".html")


def is_inside(folder: Path, path: Path) -> bool:
    """A file below the folder, not reached through `..`, an absolute path or a link out of it."""
    real = real_path(path)
    return real.is_relative_to(real_path(folder)) and is_file(real)


def master_path(front: FrontMatter, settings: Settings) -> Path | None:
    """The film, where it is one that may be opened."""
    path = path_on_disk(settings.root / front.video.master) if front.video else None
    return path if path and is_inside(settings.videos, path) and may_be_film(path.suffix.lower()) else None


def may_be_film(suffix: str) -> bool:
    """All but what its name says is something else: `plug`, `plug.mp4.part`."""
    others = (
        *sidecars.CAPTION_SUFFIXES,
        *sidecars.UNSUPPORTED_CAPTIONS,
        *sidecars.NARRATION_SUFFIXES,
        *sidecars.UNSUPPORTED_SOUNDS,
        *images.IMAGE_SUFFIXES,
        *DOCUMENT_SUFFIXES,
    )
    return suffix in MASTER_SUFFIXES or suffix not in others


def caption_paths(front: FrontMatter, settings: Settings) -> dict[str, Path]:
    """Captions by language, there or not: those beside the master, and those that are named."""
    if front.video is None:
        return {}
    film = path_on_disk(settings.root / front.video.master)
    by_lang = sidecars.files_by_language(film, settings.options.lang, sidecars.CAPTION_SUFFIXES, MASTER_SUFFIXES)
    beside_master = {lang: paths[0] for lang, paths in by_lang.items()}
    return beside_master | {lang: path_on_disk(film.parent / name) for lang, name in front.video.captions.items()}


def narration_path(front: FrontMatter, settings: Settings, lang: str) -> Path | None:
    """The film's sound in a language, where such a file stands beside the master."""
    if front.video is None:
        return None
    film = path_on_disk(settings.root / front.video.master)
    narrations = sidecars.files_by_language(film, "", sidecars.NARRATION_SUFFIXES, MASTER_SUFFIXES).get(lang, ())
    return next((path for path in narrations if is_inside(settings.videos, path)), None)


def check_files(howto: HowTo, settings: Settings, problem_at: ProblemAt, memo: Memo) -> Iterator[Problem]:
    """What is not there, or not where it should be."""
    yield from check_master(howto, settings, problem_at)
    yield from check_captions(howto, settings, problem_at)
    for index, step in enumerate(howto.steps):
        if step.image in ("auto", "none"):
            continue
        where, path = ("steps", index, "image"), path_on_disk(howto.source.parent / step.image)
        if symlinks.is_forbidden(path, settings.root):
            continue  # told at the link itself
        if path.is_symlink() and not is_inside(howto.source.parent, path):
            message = f"the picture '{step.image}' is a link that leads out of {howto.source.parent.name}/"
            yield problem_at(where, message, symlinks.COPY_HINT)
        elif not is_inside(howto.source.parent, path):
            hint = suggest_file(step.image, image_names(howto.source.parent), "auto, none, or a file in the same folder")
            yield problem_at(where, f"no picture '{step.image}' beside the how-to", hint)
        elif unusable := images.image_problem(path, memo):
            yield problem_at(where, f"the picture '{step.image}' {unusable.message}", unusable.hint)


def check_captions(howto: HowTo, settings: Settings, problem_at: ProblemAt) -> Iterator[Problem]:
    """Captions that are not there, or that are there and are not taken."""
    for lang, path in caption_paths(howto, settings).items():
        if symlinks.is_forbidden(path, settings.root):
            continue  # told at the link itself
        if not is_inside(settings.videos, path):
            hint = suggest_file(path.name, sorted({*unclaimed_captions(path, howto, settings)} - {path.name}))
            yield problem_at(("video", "captions", lang), f"no captions '{path.name}' beside the master", hint)
    if howto.video and howto.lang == howto.base_lang:
        film, named = path_on_disk(settings.root / howto.video.master), [*howto.video.captions.values()]
        for message, hint in sidecars.unused_sidecars(film, settings.options.lang, MASTER_SUFFIXES, named):
            yield problem_at(("video", "master"), message, hint, warning=True)


def unclaimed_captions(named: Path, howto: HowTo, settings: Settings) -> Iterator[str]:
    """Names of captions in the masters' folder that are not another film's by their name."""
    siblings = sorted(settings.videos.glob("*"))
    own_stem = Path(howto.video.master).stem if howto.video else ""
    stems = [film.stem for film in siblings if film.suffix.lower() in MASTER_SUFFIXES]
    others = [stem for stem in stems if stem != own_stem and not named.name.startswith(f"{stem}.")]
    for path in siblings:
        if path.suffix.lower() in sidecars.CAPTION_SUFFIXES and not any(path.name.startswith(f"{stem}.") for stem in others):
            yield path.name


def image_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix.lower() in images.IMAGE_SUFFIXES)


def check_master(howto: HowTo, settings: Settings, problem_at: ProblemAt) -> Iterator[Problem]:
    if howto.video is None or howto.master:
        return
    name, folder = howto.video.master, settings.videos.relative_to(settings.root).as_posix()
    path = path_on_disk(settings.root / name)
    if symlinks.is_forbidden(path, settings.root):
        return  # told at the link itself
    if not real_path(path).is_relative_to(real_path(settings.videos)):
        path_hint = f"write '{folder}/{path.name}': " if is_file(settings.videos / path.name) else ""
        yield problem_at(("video", "master"), f"master '{name}' is not in {folder}/", f"{path_hint}films stand in one folder")
    elif not is_file(path):
        masters = sorted(film.name for film in settings.videos.glob("*") if film.suffix.lower() in MASTER_SUFFIXES)
        hint = (
            suggest_file(path.name, masters).replace("mean '", f"mean '{folder}/", 1) or f"{folder}/ has {len(masters)} masters"
        )
        yield problem_at(("video", "master"), f"no master '{name}'", hint)
    else:
        yield problem_at(("video", "master"), f"'{name}' is no film", f"one of {', '.join(SUGGESTED_SUFFIXES)}")
