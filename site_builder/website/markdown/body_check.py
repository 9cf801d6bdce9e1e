"""What is wrong in the Markdown of how-tos and of editors' own pages: links, pictures, markup that would show as typed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from site_builder.library import images, prose, text_files
from site_builder.library.fallback import FallbackText
from site_builder.library.howto import HowTo
from site_builder.library.problems import Problem
from site_builder.memo import Memo
from site_builder.website.markdown import reserved_names
from site_builder.website.markdown.links import NOT_PUBLISHED, BrokenLink, LinkMap, LinkOrigin, editor_page_address

MAX_OPEN_BRACKETS, MAX_HEADINGS = 50, 500  # on a page that Python-Markdown reads: its time grows with their square


def body_problems(howto: HowTo, found: prose.Prose, there: LinkMap, stands: LinkOrigin) -> Iterator[Problem]:
    """What is wrong in a how-to's own words. Borrowed ones are told at the file that lends them."""
    if isinstance(howto.body, FallbackText):
        return
    first = howto.line("body")
    for fault in found.faults:
        yield Problem(howto.source, first + fault.line - 1, fault.message, fault.hint, fault.warning)
    for named, error in broken_links(found, stands, there):
        yield Problem(howto.source, first + named.line - 1, error.message, error.hint)
    weakest = {line.level for line in howto.safety}
    for level, line, _ in found.levels:
        if (level == "danger" and "danger" not in weakest) or (level == "warning" and not weakest & {"danger", "warning"}):
            message = f"this {level} stands in the words alone: no leaflet prints it"
            hint = f"say it under 'safety' too: '- {{level: {level}, text: …}}'"
            yield Problem(howto.source, first + line - 1, message, hint, warning=True)


def broken_links(found: prose.Prose, stands: LinkOrigin, there: LinkMap) -> Iterator[tuple[prose.Reference, BrokenLink]]:
    """Links and pictures that are not there, or not where they should be."""
    for named in found.references:
        try:
            if named.is_image:
                there.picture_file(named.address, stands)
            else:
                there.resolve(named.address, stands)
        except BrokenLink as error:
            yield named, error


def check_bodies(there: LinkMap, shelf: Memo) -> tuple[dict[str, dict[Path, bool]], list[Problem]]:
    """The files of the pictures within the words of each page, by its address, and what is wrong in all these words."""
    shown: dict[str, dict[Path, bool]] = {}
    problems: list[Problem] = []
    for howto in there.library.howtos:
        found = prose.read_prose_memoised(howto.body, shelf)
        if not (found.references or found.faults or found.levels):
            continue
        stands = LinkOrigin.of(howto)
        shown[howto.page] = picture_files(found.references, stands, there)
        problems += body_problems(howto, found, there, stands)
        if not isinstance(howto.body, FallbackText):
            problems += unreadable_pictures(found, stands, there, howto.source, howto.line("body"), shelf)
    for path, stands in editor_page_sources(there):
        try:
            text = text_files.read_text(path)
        except text_files.NotReadable as error:
            problems.append(error.problem)
            continue
        found = prose.read_prose_memoised(text, shelf)
        shown[stands.page] = shown.get(stands.page, {}) | picture_files(found.references, stands, there)
        problems += [Problem(path, fault.line, fault.message, fault.hint) for fault in found.faults if fault.any_parser]
        problems += python_markdown_problems(path, text, found)
        problems += unreadable_pictures(found, stands, there, path, 1, shelf)
        # what is not there may be made by another plugin: MkDocs warns of it too
        for named, lost in broken_links(found, stands, there):
            problems.append(Problem(path, named.line, lost.message, lost.hint, warning=not lost.elsewhere))
    problems += [*unused_photos(shown, there), *reserved_names.reserved_name_problems(there)]
    return {page: files for page, files in shown.items() if files}, problems


def unused_photos(shown: Mapping[str, Mapping[Path, bool]], there: LinkMap) -> Iterator[Problem]:
    """Photos that lie in the content folder and on no page."""
    howtos = there.library.howtos
    content = there.settings.content
    if len({howto.source for howto in howtos}) < sum(1 for name in there.files if name.endswith(".md") and "/" in name) - sum(
        1 for name in there.editor_page_files if "/" in name
    ):
        return  # how-tos that cannot be read may show them
    used = {path for files in shown.values() for path in files}
    drawn = ((howto, step.image) for howto in howtos for step in howto.steps if step.image not in ("auto", "none"))
    used |= {howto.source.parent / image for howto, image in drawn}
    for name, spelt in there.files.items():
        if images.is_photo(name) and not NOT_PUBLISHED.search(name) and content / spelt not in used:
            message = "this picture is shown on no page, and is not published"
            yield Problem(content / spelt, 1, message, "name it in a step ('image:') or in the words", warning=True)


def python_markdown_problems(path: Path, text: str, found: prose.Prose) -> Iterator[Problem]:
    """What Python-Markdown, which reads these pages, would show as typed, or be kept busy with for seconds and minutes."""
    for level, line, sign in found.levels:
        if sign != "!!!":
            hint = f"on a page that is no how-to, write '!!! {level} \"Title\"' and indent its words by four spaces"
            yield Problem(path, line, f"this '{sign}' would be shown as typed", hint, warning=True)
    row = 1
    for block in text.split("\n\n"):
        left_open = max(block.count(opens) - block.count(closes) for opens, closes in ("[]", "()", "<>"))
        if left_open > MAX_OPEN_BRACKETS or block.count("\\") > 10 * MAX_OPEN_BRACKETS:
            yield Problem(path, row, f"more than {MAX_OPEN_BRACKETS} brackets are opened here and not closed", "close them")
            break
        row += block.count("\n") + 2
    if (headings := len(re.findall(r"<h\d", found.html))) > MAX_HEADINGS:
        message = f"this page has {headings} headings, {MAX_HEADINGS} are let through"
        yield Problem(path, 1, message, "make two pages of it")


def unreadable_pictures(
    found: prose.Prose, stands: LinkOrigin, there: LinkMap, source: Path, first: int, shelf: Memo
) -> Iterator[Problem]:
    """Pictures that are there and cannot be opened."""
    for named in found.references:
        for path in picture_files((named,), stands, there):
            if wrong := images.image_problem(path, shelf):
                yield Problem(source, first + named.line - 1, f"the picture '{named.address}' {wrong.message}", wrong.hint)


def picture_files(words: Sequence[prose.Reference], stands: LinkOrigin, there: LinkMap) -> dict[Path, bool]:
    """The files of pictures, each once; True for those that a link leads to."""
    files: dict[Path, bool] = {}
    for named in words:
        with suppress(BrokenLink):
            if named.is_image:
                files.setdefault(there.picture_file(named.address, stands), False)
            elif path := there.linked_picture_file(named.address, stands):
                files[path] = True
    return files


def editor_page_sources(there: LinkMap) -> Iterator[tuple[Path, LinkOrigin]]:
    """Files of pages that are no how-tos: about.md, a category's index.md."""
    base = there.settings.options.lang
    for name, spelt in there.files.items():
        if name in there.editor_page_files:
            yield there.settings.content / spelt, LinkOrigin(posixpath.dirname(name), editor_page_address(name), base)
