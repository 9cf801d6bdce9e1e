"""Words in Markdown become HTML that is safe to print: no script, no style, no picture from elsewhere, no link to nowhere."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nh3
from markupsafe import Markup, escape

from site_builder.library import admonitions, images, prose, text_files
from site_builder.library.artifacts import Still
from site_builder.library.fallback import FallbackText
from site_builder.library.howto import HowTo
from site_builder.library.library import Library
from site_builder.library.messages import Messages, messages_of
from site_builder.library.problems import Problem
from site_builder.library.settings import Settings
from site_builder.memo import Memo
from site_builder.website import material, taken, urls
from site_builder.website.links import NOT_PUBLISHED, BrokenLink, LinkMap, LinkOrigin, editor_page_address

ALLOWED_ATTRIBUTES: Mapping[str, set[str]] = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "id", "hreflang"},
    "img": {"src", "alt", "width", "height", "loading"},
    "th": {"colspan", "rowspan", "scope", "align"},
    "td": {"colspan", "rowspan", "align"},
    "ol": {"start", "type"},
    **{f"h{n}": {"id"} for n in range(1, 7)},
}
ALLOWED_CLASSES = {"div": {"notice", "serious", "beside", "danger", "warning", "note"}}  # those of our own warnings
# Left out with all that stands in it: words of a page that only a program or a frame would show.
DROPPED_WITH_CONTENT = {"script", "style", "iframe", "object", "svg", "math", "noscript", "template", "title"}
MAX_OPEN_BRACKETS, MAX_HEADINGS = 50, 500  # on a page that Python-Markdown reads: its time grows with their square
ADMONITION = re.compile(r'<div class="admonition ([\w-]+)[^"]*">(?:\s*<p class="admonition-title">(.*?)</p>)?', re.S)
IMG_TAG = re.compile(r'<img(?: [a-z]+="[^"]*")*>')
SRC_ATTRIBUTE = re.compile(r' src="([^"]*)"')
LEVEL_MARK = re.compile(f"{admonitions.LEVEL_START}([a-z]+){admonitions.LEVEL_END}")
AttributeFilter = Callable[[str, str, str], str | None]
Figures = Mapping[Path, Still]


def sanitise(html: str, rewrite: AttributeFilter | None = None) -> Markup:
    """HTML with only what a text needs. `rewrite` sees each tag, attribute and value, and may drop it with None."""
    kept = nh3.clean(
        html,
        tags=set(prose.ALLOWED_TAGS) - {"picture", "source"},
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes={tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()},
        allowed_classes=ALLOWED_CLASSES,
        attribute_filter=rewrite,
        url_schemes={"http", "https", "mailto", "tel", "sms", "whatsapp"},
        link_rel="noopener",
        set_tag_attribute_values={"img": {"loading": "lazy"}},
    )
    return Markup(kept)  # noqa: S704 - cleaned above


def render_body(
    howto: HowTo,
    library: Library,
    settings: Settings,
    there: LinkMap | None = None,
    shelf: Memo | None = None,
    figures: Figures | None = None,
) -> tuple[Markup, list[Problem]]:
    """A how-to's words as HTML, and what is wrong in them. `figures` are its pictures as they are shown."""
    there, stands = there or LinkMap(library, settings), LinkOrigin.of(howto)
    found = prose.read_prose_memoised(howto.body, shelf or Memo())

    def rewrite(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            return None  # a step's id is an anchor
        try:
            if (tag, attribute) == ("a", "href"):
                written = value if urlsplit(value).scheme else unquote(value)
                path = there.linked_picture_file(written, stands)
                still = (figures or {}).get(path) if path else None
                return (
                    full_size_link(still, path, howto.page)
                    if path and still and still.full_size
                    else there.relative_link(written, stands)
                )
            if (tag, attribute) == ("img", "src"):
                return str(there.picture_file(unquote(value), stands))
        except (BrokenLink, ValueError):
            return None
        return value

    html = with_level_labels(sanitise(found.html, rewrite), messages_of(howto.lang))
    return with_figures(html, howto.page, figures or {}), [*body_problems(howto, found, there, stands)]


def with_level_labels(html: str, said: Messages) -> Markup:
    """With the levels of warnings in the page's own language."""

    def label(found: re.Match[str]) -> str:
        word = said(f"common.{found[1]}")
        lang = f' lang="{word.lang}"' if isinstance(word, FallbackText) else ""
        return f"<span{lang}>{escape(str(word))}</span>" if lang else str(escape(word))

    return Markup(LEVEL_MARK.sub(label, html))  # noqa: S704 - cleaned before, and each word is escaped


def with_figures(html: str, page: str, figures: Figures) -> Markup:
    """Each picture in its small forms, from the file that its `src` names by now; one that was not made is left out."""

    def figure(found: re.Match[str]) -> str:
        source = SRC_ATTRIBUTE.search(found[0])
        still = figures.get(Path(unescape(source[1]))) if source else None
        if source is None or still is None:
            return ""
        web, jpeg = (urls.relative(page, urls.figure(one, stem_of_src(source[1]))) for one in (still.web, still.jpeg))
        size = f' width="{still.web.width}" height="{still.web.height}"'
        plain = re.sub(r' (?:width|height)="[^"]*"', "", found[0])
        image = SRC_ATTRIBUTE.sub(lambda _: f' src="{escape(jpeg)}"{size}', plain)
        return f'<picture><source srcset="{escape(web)}" type="image/{still.web.path.suffix[1:]}">{image}</picture>'

    return Markup(IMG_TAG.sub(figure, html))  # noqa: S704 - cleaned before


def stem_of_src(escaped: str) -> str:
    return Path(unescape(escaped)).stem


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
    problems += [*unused_photos(shown, there), *taken.reserved_name_problems(there), *material.unknown_icons(there.settings)]
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


def editor_page_body(html: str, links: LinkMap, figures: Figures, address: str, lang: str) -> Markup:
    """The body of an editor's own page, as MkDocs made it, with its pictures (`figures`) in their small forms."""

    def rewrite(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) not in (("img", "src"), ("a", "href")):
            return value
        try:
            parts = urlsplit(value)
        except ValueError:
            return None
        if attribute == "src" and (parts.scheme or parts.netloc):
            return None
        path = posixpath.normpath(posixpath.join(address, unquote(parts.path)))
        file = links.settings.content / links.files.get(unicodedata.normalize("NFC", path), path)
        if attribute == "src":
            return str(file)
        still = figures.get(file)
        return full_size_link(still, file, address) if still and still.full_size else value

    return with_figures(
        with_level_labels(sanitise(ADMONITION.sub(admonition_box, html), rewrite), messages_of(lang)), address, figures
    )


def admonition_box(found: re.Match[str]) -> str:
    """A box of Material's as one of our warnings."""
    kind, title = found[1], found[2] or ""
    level = admonitions.ADMONITION_LEVELS.get(kind, "warning")
    shown = "" if title.strip().lower() == kind else f" <strong>{title}</strong>"
    label = f"<b>{admonitions.LEVEL_START}{level}{admonitions.LEVEL_END}</b>"
    return f'<div class="{admonitions.admonition_classes(level)}"><p>{label}{shown}</p>'


def full_size_link(still: Still, file: Path, page: str) -> str:
    assert still.full_size
    return urls.relative(page, urls.figure(still.full_size, file.stem))
