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


def body_problems(howto: HowTo, parsed: prose.Prose, links: LinkMap, origin: LinkOrigin) -> Iterator[Problem]:
    """Problems in a how-to's own body; borrowed text is reported at the file it comes from."""
    if isinstance(howto.body, FallbackText):
        return
    first_line = howto.line("body")
    for fault in parsed.faults:
        yield Problem(howto.source, first_line + fault.line - 1, fault.message, fault.hint, fault.warning)
    for reference, error in broken_links(parsed, origin, links):
        yield Problem(howto.source, first_line + reference.line - 1, error.message, error.hint)
    weakest = {line.level for line in howto.safety}
    for level, line, _ in parsed.levels:
        if (level == "danger" and "danger" not in weakest) or (level == "warning" and not weakest & {"danger", "warning"}):
            message = f"this {level} stands in the words alone: no leaflet prints it"
            hint = f"say it under 'safety' too: '- {{level: {level}, text: …}}'"
            yield Problem(howto.source, first_line + line - 1, message, hint, warning=True)


def broken_links(parsed: prose.Prose, origin: LinkOrigin, links: LinkMap) -> Iterator[tuple[prose.Reference, BrokenLink]]:
    """Links and pictures that resolve to nothing."""
    for reference in parsed.references:
        try:
            if reference.is_image:
                links.picture_file(reference.address, origin)
            else:
                links.resolve(reference.address, origin)
        except BrokenLink as error:
            yield reference, error


def check_bodies(links: LinkMap, memo: Memo) -> tuple[dict[str, dict[Path, bool]], list[Problem]]:
    """(pictures of each page: file → whether a link leads to it, problems), over how-tos and editors' own pages."""
    pictures_by_page: dict[str, dict[Path, bool]] = {}
    problems: list[Problem] = []
    for howto in links.library.howtos:
        parsed = prose.read_prose_memoised(howto.body, memo)
        if not (parsed.references or parsed.faults or parsed.levels):
            continue
        origin = LinkOrigin.of(howto)
        pictures_by_page[howto.page] = picture_files(parsed.references, origin, links)
        problems += body_problems(howto, parsed, links, origin)
        if not isinstance(howto.body, FallbackText):
            problems += unreadable_pictures(parsed, origin, links, howto.source, howto.line("body"), memo)
    for path, origin in editor_page_sources(links):
        try:
            text = text_files.read_text(path)
        except text_files.NotReadable as error:
            problems.append(error.problem)
            continue
        parsed = prose.read_prose_memoised(text, memo)
        pictures_by_page[origin.page] = pictures_by_page.get(origin.page, {}) | picture_files(parsed.references, origin, links)
        problems += [Problem(path, fault.line, fault.message, fault.hint) for fault in parsed.faults if fault.any_parser]
        problems += python_markdown_problems(path, text, parsed)
        problems += unreadable_pictures(parsed, origin, links, path, 1, memo)
        # what is not there may be made by another plugin: MkDocs warns of it too
        for reference, lost in broken_links(parsed, origin, links):
            problems.append(Problem(path, reference.line, lost.message, lost.hint, warning=not lost.elsewhere))
    problems += [*unused_photos(pictures_by_page, links), *reserved_names.reserved_name_problems(links)]
    return {page: files for page, files in pictures_by_page.items() if files}, problems


def unused_photos(pictures_by_page: Mapping[str, Mapping[Path, bool]], links: LinkMap) -> Iterator[Problem]:
    """Photos that lie in the content folder and on no page."""
    howtos = links.library.howtos
    content = links.settings.content
    if len({howto.source for howto in howtos}) < sum(1 for name in links.files if name.endswith(".md") and "/" in name) - sum(
        1 for name in links.editor_page_files if "/" in name
    ):
        return  # how-tos that cannot be read may show them
    used = {path for files in pictures_by_page.values() for path in files}
    drawn = ((howto, step.image) for howto in howtos for step in howto.steps if step.image not in ("auto", "none"))
    used |= {howto.source.parent / image for howto, image in drawn}
    for name, spelt in links.files.items():
        if images.is_photo(name) and not NOT_PUBLISHED.search(name) and content / spelt not in used:
            message = "this picture is shown on no page, and is not published"
            yield Problem(content / spelt, 1, message, "name it in a step ('image:') or in the words", warning=True)


def python_markdown_problems(path: Path, text: str, parsed: prose.Prose) -> Iterator[Problem]:
    """What Python-Markdown, which reads these pages, would show as typed, or be kept busy with for seconds and minutes."""
    for level, line, sign in parsed.levels:
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
    if (headings := len(re.findall(r"<h\d", parsed.html))) > MAX_HEADINGS:
        message = f"this page has {headings} headings, {MAX_HEADINGS} are let through"
        yield Problem(path, 1, message, "make two pages of it")


def unreadable_pictures(
    parsed: prose.Prose, origin: LinkOrigin, links: LinkMap, source: Path, first_line: int, memo: Memo
) -> Iterator[Problem]:
    """Pictures that are there and cannot be opened."""
    for reference in parsed.references:
        for path in picture_files((reference,), origin, links):
            if fault := images.image_problem(path, memo):
                yield Problem(
                    source, first_line + reference.line - 1, f"the picture '{reference.address}' {fault.message}", fault.hint
                )


def picture_files(references: Sequence[prose.Reference], origin: LinkOrigin, links: LinkMap) -> dict[Path, bool]:
    """The files of pictures, each once; True for those that a link leads to."""
    files: dict[Path, bool] = {}
    for reference in references:
        with suppress(BrokenLink):
            if reference.is_image:
                files.setdefault(links.picture_file(reference.address, origin), False)
            elif path := links.linked_picture_file(reference.address, origin):
                files[path] = True
    return files


def editor_page_sources(links: LinkMap) -> Iterator[tuple[Path, LinkOrigin]]:
    """Files of pages that are no how-tos: about.md, a category's index.md."""
    base = links.settings.options.lang
    for name, spelt in links.files.items():
        if name in links.editor_page_files:
            yield links.settings.content / spelt, LinkOrigin(posixpath.dirname(name), editor_page_address(name), base)
