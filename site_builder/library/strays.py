"""Files that an editor put into videos/ or content/ and that nothing uses: each is told, with what would make it used.

A name that begins with a dot or `_` keeps a file aside; so are a README, a licence, and what systems leave behind. Pictures in
content/ are looked for where words are read.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from site_builder.library import codes, sidecars, synonyms, text_files
from site_builder.library.files import MASTER_SUFFIXES
from site_builder.library.howto import HowTo
from site_builder.library.names import nfc
from site_builder.library.problems import Problem
from site_builder.library.settings import Settings
from site_builder.library.sidecars import NARRATION_SUFFIXES, UNSUPPORTED_SOUNDS
from site_builder.library.slugs import slugify

ALL_CAPTION_SUFFIXES = (*sidecars.CAPTION_SUFFIXES, *sidecars.UNSUPPORTED_CAPTIONS)
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".mdx", ".txt")
WORD_PROCESSOR_SUFFIXES = (".doc", ".docx", ".odt", ".rtf", ".pages", ".gdoc", ".wps")
SYSTEM_FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__pycache__"}
SET_ASIDE_HINT = "or begin its name with _ to keep it aside"


@dataclass(frozen=True)
class LibraryUse:
    """What how-tos name, those with mistakes too."""

    howtos: Collection[HowTo]
    films: Collection[Path]  # that are named in a front matter, there or not
    unread_slugs: Collection[str]  # slugs of how-tos that have mistakes, or that mkdocs.yml leaves out
    all_text: Callable[[], str]  # all that stands in their files


def stray_problems(known: LibraryUse, settings: Settings) -> list[Problem]:
    return [*strays_in_videos(known, settings), *strays_in_content(known, settings)]


def visible_files(folder: Path) -> Iterator[Path]:
    for here, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith((".", "_")) and name.lower() not in SYSTEM_FILES)
        for name in sorted(names):
            if not name.startswith((".", "_")) and name.lower() not in SYSTEM_FILES:
                yield Path(here) / name


# ---- videos/


def strays_in_videos(known: LibraryUse, settings: Settings) -> Iterator[Problem]:
    bases = {howto.slug: howto for howto in known.howtos if howto.lang == howto.base_lang}
    beside_films = (path for howto in known.howtos for path in (howto.narration, *howto.captions.values()) if path)
    used = {os.path.normpath(path) for path in (*known.films, *beside_films)}
    stems = {nfc(path.stem) for path in known.films}
    for path in visible_files(settings.videos):
        kind = path.suffix.lower()
        first = nfc(path.name.split(".")[0])
        if str(path) in used or slugify(first) in known.unread_slugs or path.name.upper().startswith(("README", "LICEN")):
            continue
        belongs_to_film = any(nfc(path.name).casefold().startswith(stem.casefold()) for stem in stems)
        if kind in MASTER_SUFFIXES:
            yield unused_film_warning(path, bases, settings)
        elif kind in (*NARRATION_SUFFIXES, *UNSUPPORTED_SOUNDS):
            yield unused_sound_warning(path, kind, known.howtos, belongs_to_film)
        elif kind in ALL_CAPTION_SUFFIXES:
            if not belongs_to_film:  # else they are told with their film
                hint = f"captions stand beside their film under its name, as in wire-a-plug.en.vtt; {SET_ASIDE_HINT}"
                yield stray_warning(path, "no film has the name of these captions", hint)
        else:
            yield stray_warning(path, "this is no film, no sound and no captions", f"take it away, {SET_ASIDE_HINT}")


def unused_film_warning(path: Path, bases: Mapping[str, HowTo], settings: Settings) -> Problem:
    name = path.relative_to(settings.root).as_posix()
    yaml_line = f"'video: {name}'"
    howto = bases.get(slugify(path.stem))
    if howto and howto.video is None:
        return stray_warning(
            howto.source, f"'{name}' has this how-to's name, and it uses no film", f"add the line {yaml_line}", howto.line()
        )
    if howto:
        line_of_film = howto.line("video", "master")
        return stray_warning(
            howto.source,
            f"'{name}' has this how-to's name too, and is not used",
            f"name it here, {SET_ASIDE_HINT}",
            line_of_film,
        )
    without = [slug for slug, base in bases.items() if base.video is None]
    near = difflib.get_close_matches(slugify(path.stem), without, n=1, cutoff=0.6)
    at = f"is it of '{near[0]}'? then add the line {yaml_line} there" if near else f"add the line {yaml_line} to its how-to"
    return stray_warning(path, "no how-to uses this film", f"{at}, {SET_ASIDE_HINT}")


def unused_sound_warning(path: Path, kind: str, howtos: Collection[HowTo], belongs_to_film: bool) -> Problem:
    stem, _, lang = nfc(path.stem).rpartition(".")
    howtos_of_film = [howto for howto in howtos if howto.master and nfc(howto.master.stem) == stem]
    if kind in UNSUPPORTED_SOUNDS:
        return stray_warning(
            path, f"sound in '{kind}' is not read", f"save it as one of {', '.join(NARRATION_SUFFIXES)}, {SET_ASIDE_HINT}"
        )
    if not howtos_of_film:
        hint = f"a narration stands beside its film under its name, with the language: wire-a-plug.zu{kind}; {SET_ASIDE_HINT}"
        return stray_warning(
            path, "no film has the name of this narration" if not belongs_to_film else "this narration is not used", hint
        )
    for howto in howtos_of_film:
        if howto.lang == lang and howto.narration:
            return stray_warning(
                path,
                f"'{howto.narration.name}' is the narration in '{lang}', this one is not used",
                f"keep one, {SET_ASIDE_HINT}",
            )
    return stray_warning(
        path, f"no how-to in '{lang}' plays this narration", f"write {howtos_of_film[0].slug}.{lang}.md, {SET_ASIDE_HINT}"
    )


# ---- content/


def strays_in_content(known: LibraryUse, settings: Settings) -> Iterator[Problem]:
    named: str | None = None
    for path in visible_files(settings.content):
        kind, at_top = path.suffix.lower(), path.parent == settings.content
        if settings.excludes(path) or path.suffix == ".md" or path.name.upper().startswith(("README", "LICEN")):
            continue
        if misnamed := misplaced_table_warning(path, at_top, settings.content):
            yield misnamed
        elif kind in WORD_PROCESSOR_SUFFIXES or (kind in MARKDOWN_SUFFIXES and not (at_top and path.suffix != ".MD")):
            new = f"{slugify(path.stem) or 'wire-a-plug'}.md"
            hint = (
                f"rename it to {new}"
                if kind in MARKDOWN_SUFFIXES
                else f"words stand in Markdown: 'site-builder new {new[:-3]}'"
            )
            yield stray_warning(path, "this file is not read as a how-to", f"{hint}, {SET_ASIDE_HINT}")
        elif kind in (*MASTER_SUFFIXES, *NARRATION_SUFFIXES, *UNSUPPORTED_SOUNDS, *ALL_CAPTION_SUFFIXES) and not at_top:
            named = all_page_text(known, settings) if named is None else named
            if nfc(path.name) in named or quote(nfc(path.name)) in named:
                continue
            folder = settings.videos.relative_to(settings.root).as_posix()
            yield stray_warning(
                path, "nothing uses this file", f"films, sound and captions stand in {folder}/; move it, {SET_ASIDE_HINT}"
            )


def misplaced_table_warning(path: Path, at_top: bool, content: Path) -> Problem | None:
    """A table of ours under another name, or in another folder."""
    ours = (codes.REGISTRY_FILE, synonyms.SYNONYMS_FILE)
    if path.name in ours:
        return None if at_top else stray_warning(path, "this file is not read here", f"move it to {content.name}/")
    near = difflib.get_close_matches(path.name.lower(), ours, n=1, cutoff=0.8)
    if near and at_top:
        return stray_warning(path, "this file is not read", f"its name is {near[0]}")
    return None


def all_page_text(known: LibraryUse, settings: Settings) -> str:
    """The words of all pages, an editor's own too."""
    texts = [known.all_text()]
    for path in visible_files(settings.content):
        if path.suffix in (".md", ".html", ".css") and (path.parent == settings.content or path.name.startswith("index.")):
            try:
                texts.append(text_files.read_text(path))
            except text_files.NotReadable:
                continue
    return "\n".join(texts)


def stray_warning(file: Path, message: str, hint: str, line: int = 1) -> Problem:
    return Problem(file, line, message, hint, warning=True)
