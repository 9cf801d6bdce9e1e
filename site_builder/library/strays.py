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

from site_builder.library import beside, codes, frontmatter, synonyms
from site_builder.library.beside import NARRATIONS, OTHER_SOUNDS
from site_builder.library.files import MASTERS
from site_builder.library.model import HowTo
from site_builder.library.names import composed, slug_of
from site_builder.library.problems import Problem
from site_builder.library.settings import Settings

CAPTIONS = (*beside.READ, *beside.UNREAD)
MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".mdx", ".txt")
DOCUMENTS = (".doc", ".docx", ".odt", ".rtf", ".pages", ".gdoc", ".wps")
LITTER = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__pycache__"}
ASIDE = "or begin its name with _ to keep it aside"


@dataclass(frozen=True)
class Known:
    """What how-tos name, those with mistakes too."""

    howtos: Collection[HowTo]
    films: Collection[Path]  # that are named in a front matter, there or not
    unread: Collection[str]  # slugs of how-tos that have mistakes, or that mkdocs.yml leaves out
    words: Callable[[], str]  # all that stands in their files


def found(known: Known, settings: Settings) -> list[Problem]:
    return [*in_videos(known, settings), *in_content(known, settings)]


def files_in(folder: Path) -> Iterator[Path]:
    for here, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith((".", "_")) and name.lower() not in LITTER)
        for name in sorted(names):
            if not name.startswith((".", "_")) and name.lower() not in LITTER:
                yield Path(here) / name


# ---- videos/


def in_videos(known: Known, settings: Settings) -> Iterator[Problem]:
    bases = {howto.slug: howto for howto in known.howtos if howto.lang == howto.base_lang}
    beside_films = (path for howto in known.howtos for path in (howto.narration, *howto.captions.values()) if path)
    used = {os.path.normpath(path) for path in (*known.films, *beside_films)}
    stems = {composed(path.stem) for path in known.films}
    for path in files_in(settings.videos):
        kind = path.suffix.lower()
        first = composed(path.name.split(".")[0])
        if str(path) in used or slug_of(first) in known.unread or path.name.upper().startswith(("README", "LICEN")):
            continue
        near = any(composed(path.name).casefold().startswith(stem.casefold()) for stem in stems)
        if kind in MASTERS:
            yield unused_film(path, bases, settings)
        elif kind in (*NARRATIONS, *OTHER_SOUNDS):
            yield unused_sound(path, kind, known.howtos, near)
        elif kind in CAPTIONS:
            if not near:  # else they are told with their film
                hint = f"captions stand beside their film under its name, as in wire-a-plug.en.vtt; {ASIDE}"
                yield told(path, "no film has the name of these captions", hint)
        else:
            yield told(path, "this is no film, no sound and no captions", f"take it away, {ASIDE}")


def unused_film(path: Path, bases: Mapping[str, HowTo], settings: Settings) -> Problem:
    name = path.relative_to(settings.root).as_posix()
    line = f"'video: {name}'"
    howto = bases.get(slug_of(path.stem))
    if howto and howto.video is None:
        return told(howto.source, f"'{name}' has this how-to's name, and it uses no film", f"add the line {line}", howto.line())
    if howto:
        line_of_film = howto.line("video", "master")
        return told(
            howto.source, f"'{name}' has this how-to's name too, and is not used", f"name it here, {ASIDE}", line_of_film
        )
    without = [slug for slug, one in bases.items() if one.video is None]
    near = difflib.get_close_matches(slug_of(path.stem), without, n=1, cutoff=0.6)
    at = f"is it of '{near[0]}'? then add the line {line} there" if near else f"add the line {line} to its how-to"
    return told(path, "no how-to uses this film", f"{at}, {ASIDE}")


def unused_sound(path: Path, kind: str, howtos: Collection[HowTo], near: bool) -> Problem:
    stem, _, lang = composed(path.stem).rpartition(".")
    own = [howto for howto in howtos if howto.master and composed(howto.master.stem) == stem]
    if kind in OTHER_SOUNDS:
        return told(path, f"sound in '{kind}' is not read", f"save it as one of {', '.join(NARRATIONS)}, {ASIDE}")
    if not own:
        hint = f"a narration stands beside its film under its name, with the language: wire-a-plug.zu{kind}; {ASIDE}"
        return told(path, "no film has the name of this narration" if not near else "this narration is not used", hint)
    for howto in own:
        if howto.lang == lang and howto.narration:
            return told(
                path, f"'{howto.narration.name}' is the narration in '{lang}', this one is not used", f"keep one, {ASIDE}"
            )
    return told(path, f"no how-to in '{lang}' plays this narration", f"write {own[0].slug}.{lang}.md, {ASIDE}")


# ---- content/


def in_content(known: Known, settings: Settings) -> Iterator[Problem]:
    named: str | None = None
    for path in files_in(settings.content):
        kind, at_top = path.suffix.lower(), path.parent == settings.content
        if settings.leaves_out(path) or path.suffix == ".md" or path.name.upper().startswith(("README", "LICEN")):
            continue
        if misnamed := of_ours(path, at_top, settings.content):
            yield misnamed
        elif kind in DOCUMENTS or (kind in MARKDOWN and not (at_top and path.suffix != ".MD")):
            new = f"{slug_of(path.stem) or 'wire-a-plug'}.md"
            hint = f"rename it to {new}" if kind in MARKDOWN else f"words stand in Markdown: 'site-builder new {new[:-3]}'"
            yield told(path, "this file is not read as a how-to", f"{hint}, {ASIDE}")
        elif kind in (*MASTERS, *NARRATIONS, *OTHER_SOUNDS, *CAPTIONS) and not at_top:
            named = all_words(known, settings) if named is None else named
            if composed(path.name) in named or quote(composed(path.name)) in named:
                continue
            folder = settings.videos.relative_to(settings.root).as_posix()
            yield told(path, "nothing uses this file", f"films, sound and captions stand in {folder}/; move it, {ASIDE}")


def of_ours(path: Path, at_top: bool, content: Path) -> Problem | None:
    """A table of ours under another name, or in another folder."""
    ours = (codes.REGISTRY, synonyms.FILE)
    if path.name in ours:
        return None if at_top else told(path, "this file is not read here", f"move it to {content.name}/")
    near = difflib.get_close_matches(path.name.lower(), ours, n=1, cutoff=0.8)
    if near and at_top:
        return told(path, "this file is not read", f"its name is {near[0]}")
    return None


def all_words(known: Known, settings: Settings) -> str:
    """The words of all pages, an editor's own too."""
    found = [known.words()]
    for path in files_in(settings.content):
        if path.suffix in (".md", ".html", ".css") and (path.parent == settings.content or path.name.startswith("index.")):
            try:
                found.append(frontmatter.read_text(path))
            except frontmatter.NotReadable:
                continue
    return "\n".join(found)


def told(file: Path, message: str, hint: str, line: int = 1) -> Problem:
    return Problem(file, line, message, hint, warning=True)
