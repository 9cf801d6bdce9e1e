"""The files of how-tos in the content folder, each as it was read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from site_builder.library import (
    frontmatter,
    letters,
    symlinks,
    text_files,
    yaml_values,
)
from site_builder.library.names import path_on_disk
from site_builder.library.problems import Problem
from site_builder.library.settings import Settings
from site_builder.library.slugs import slugify
from site_builder.library.text_files import NotReadable
from site_builder.library.yaml_values import FieldPath
from site_builder.memo import Memo

HOWTO_FILE_PATTERN = re.compile(r"^(?P<slug>[^.]+)(?:\.(?P<lang>[a-z]{2,3}(?:-[A-Z]{2})?))?\.md$")
LANG_LIKE = re.compile(r"[a-z]{2,3}([-_][a-z]{2})?", re.IGNORECASE)
TODO_PATTERN = re.compile(r"\bTODO\b")


@dataclass(frozen=True)
class SourceFile:
    """One file as it was read, before it is tied to the others."""

    path: Path
    slug: str
    lang: str
    values: dict[str, Any]
    lines: Mapping[FieldPath, int]
    body: str


def read_sources(settings: Settings, memo: Memo) -> tuple[list[SourceFile], list[Problem]]:
    """Every file that can be read."""
    sources, problems = [], []
    for path in source_paths(settings):
        source, more_problems = read_source(path, settings, memo)
        problems += more_problems
        sources += [source] if source else []
    return sources, problems


def named_film(page: SourceFile, settings: Settings) -> Path | None:
    """The film of a how-to that may have mistakes elsewhere, there or not."""
    video = page.values.get("video")
    name = video.get("master") if isinstance(video, dict) else video
    return path_on_disk(settings.root / name) if isinstance(name, str) else None


def former_slugs(page: SourceFile) -> list[str]:
    """Earlier slugs of a how-to that may have mistakes elsewhere."""
    formerly = page.values.get("formerly")
    return [old for old in formerly if isinstance(old, str)] if isinstance(formerly, list) else []


def source_paths(settings: Settings) -> Iterator[Path]:
    """Every how-to's file that mkdocs.yml does not leave out, in order. A translation goes with its how-to."""
    for folder, names in walk_content(settings):
        included = [name for name in names if not settings.excludes(folder / name)]
        gone = {name.split(".")[0] for name in {*names} - {*included} if name.count(".") == 1}
        yield from (folder / name for name in included if name.split(".")[0] not in gone)


def walk_content(settings: Settings) -> Iterator[tuple[Path, list[str]]]:
    """Names of how-tos, by folder. The top of the content folder and names that begin with a dot or `_` are not how-tos."""
    for folder, inner, names in os.walk(settings.content):
        inner[:] = sorted(name for name in inner if not name.startswith((".", "_")))
        if (here := Path(folder)) != settings.content:
            ours = (name for name in sorted(names) if not name.startswith((".", "_", "index.", "README.")))
            yield (
                here,
                [
                    name
                    for name in ours
                    if name.endswith(".md") and not symlinks.is_forbidden(f"{folder}/{name}", settings.root)
                ],
            )


def excluded_paths(settings: Settings) -> list[Path]:
    """The how-tos' files that mkdocs.yml leaves out."""
    if not (settings.excluded or settings.drafts):
        return []
    included = {*source_paths(settings)}
    every = (folder / name for folder, names in walk_content(settings) for name in names)
    return [path for path in every if path not in included]


def excluded_slugs(settings: Settings, memo: Memo) -> set[str]:
    """Slugs that mkdocs.yml leaves out, and those that they had before."""
    gone = [path for path in excluded_paths(settings) if path.name.count(".") == 1]
    once = (read_source(path, settings, memo)[0] for path in gone)
    return {path.name.split(".")[0] for path in gone} | {old for page in once if page for old in former_slugs(page)}


def read_source(path: Path, settings: Settings, memo: Memo) -> tuple[SourceFile | None, list[Problem]]:
    name = HOWTO_FILE_PATTERN.match(path.name)
    if not name:
        hint = "slug.md, or slug.lang.md for a translation"
        slug, _, lang = path.name.removesuffix(".md").rpartition(".")
        if LANG_LIKE.fullmatch(lang):
            language, _, country = lang.replace("_", "-").partition("-")
            hint += f": {slugify(slug)}.{language.lower()}{f'-{country.upper()}' if country else ''}.md"
        return None, [Problem(path, 1, f"'{path.name}' is no name for a how-to", hint)]
    if path.parent.parent != settings.content:
        return None, [Problem(path, 1, "a how-to stands in a folder of content", "content/<category>/<slug>.md")]
    lang = name["lang"] or settings.options.lang
    try:
        text = text_files.read_text(path)
        head, body = frontmatter.split_front_matter(text, path)
        values, lines, problems = yaml_values.load_memoised(head, path, 2, memo)
    except NotReadable as error:
        return None, [error.problem]
    if "\\" in head or letters.unprintable_characters(head):  # an escape may stand for any letter
        problems += letters.unprintable_problems(values, lines, path)
    first = text.count("\n") - body.count("\n") + 1
    return SourceFile(path, name["slug"], lang, values, {("body",): first, **lines}, body), problems + todo_warnings(text, path)


def todo_warnings(text: str, path: Path) -> list[Problem]:
    """What 'site-builder new' left to be written, comments too: a risk that nobody has weighed is one."""
    if "TODO" not in text:
        return []
    lines = (number for number, line in enumerate(text.split("\n"), start=1) if TODO_PATTERN.search(line))
    return [Problem(path, number, "this line still says TODO", "a strict build fails", warning=True) for number in lines]
