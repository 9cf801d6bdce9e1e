"""Words in Markdown become HTML that is safe to print: no script, no style, no picture from elsewhere, no link to nowhere."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import nh3
from markupsafe import Markup, escape

from site_builder.library import frontmatter, images, prose
from site_builder.library.content import Library
from site_builder.library.model import Borrowed, HowTo, Still
from site_builder.library.problems import Problem
from site_builder.library.settings import Settings
from site_builder.library.words import Words, words
from site_builder.shelf import Shelf
from site_builder.website import addresses, material, taken
from site_builder.website.links import NOT_PUBLISHED, LeadsNowhere, Map, Stands, page_of

if TYPE_CHECKING:
    from site_builder.website.site import Site

ATTRIBUTES: Mapping[str, set[str]] = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "id", "hreflang"},
    "img": {"src", "alt", "width", "height", "loading"},
    "th": {"colspan", "rowspan", "scope", "align"},
    "td": {"colspan", "rowspan", "align"},
    "ol": {"start", "type"},
    **{f"h{n}": {"id"} for n in range(1, 7)},
}
CLASSES = {"div": {"notice", "serious", "beside", "danger", "warning", "note"}}  # those of our own warnings
# Left out with all that stands in it: words of a page that only a program or a frame would show.
EMPTIED = {"script", "style", "iframe", "object", "svg", "math", "noscript", "template", "title"}
MOST_OPEN, MOST_HEADINGS = 50, 500  # on a page that Python-Markdown reads: its time grows with their square
ADMONITION = re.compile(r'<div class="admonition ([\w-]+)[^"]*">(?:\s*<p class="admonition-title">(.*?)</p>)?', re.S)
IMG = re.compile(r'<img(?: [a-z]+="[^"]*")*>')
SRC = re.compile(r' src="([^"]*)"')
LABEL = re.compile(f"{prose.LEVEL}([a-z]+){prose.END}")
Rewrite = Callable[[str, str, str], str | None]
Figures = Mapping[Path, Still]


def clean(html: str, rewrite: Rewrite | None = None) -> Markup:
    """HTML with only what a text needs. `rewrite` sees each tag, attribute and value, and may drop it with None."""
    kept = nh3.clean(
        html,
        tags=set(prose.TAGS) - {"picture", "source"},
        clean_content_tags=EMPTIED,
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        allowed_classes=CLASSES,
        attribute_filter=rewrite,
        url_schemes={"http", "https", "mailto", "tel", "sms", "whatsapp"},
        link_rel="noopener",
        set_tag_attribute_values={"img": {"loading": "lazy"}},
    )
    return Markup(kept)  # noqa: S704 - cleaned above


def render(
    howto: HowTo,
    library: Library,
    settings: Settings,
    there: Map | None = None,
    shelf: Shelf | None = None,
    figures: Figures | None = None,
) -> tuple[Markup, list[Problem]]:
    """A how-to's words as HTML, and what is wrong in them. `figures` are its pictures as they are shown."""
    there, stands = there or Map(library, settings), Stands.of(howto)
    found = prose.kept(howto.body, shelf or Shelf())

    def rewrite(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            return None  # a step's id is an anchor
        try:
            if (tag, attribute) == ("a", "href"):
                written = value if urlsplit(value).scheme else unquote(value)
                path = there.linked_picture(written, stands)
                still = (figures or {}).get(path) if path else None
                return whole(still, path, howto.page) if path and still and still.whole else there.address(written, stands)
            if (tag, attribute) == ("img", "src"):
                return str(there.picture(unquote(value), stands))
        except (LeadsNowhere, ValueError):
            return None
        return value

    html = labelled(clean(found.html, rewrite), words(howto.lang))
    return with_figures(html, howto.page, figures or {}), [*in_words(howto, found, there, stands)]


def labelled(html: str, said: Words) -> Markup:
    """With the levels of warnings in the page's own language."""

    def label(found: re.Match[str]) -> str:
        word = said(f"common.{found[1]}")
        lang = f' lang="{word.lang}"' if isinstance(word, Borrowed) else ""
        return f"<span{lang}>{escape(str(word))}</span>" if lang else str(escape(word))

    return Markup(LABEL.sub(label, html))  # noqa: S704 - cleaned before, and each word is escaped


def with_figures(html: str, page: str, figures: Figures) -> Markup:
    """Each picture in its small forms, from the file that its `src` names by now; one that was not made is left out."""

    def figure(found: re.Match[str]) -> str:
        source = SRC.search(found[0])
        still = figures.get(Path(unescape(source[1]))) if source else None
        if source is None or still is None:
            return ""
        web, jpeg = (addresses.relative(page, addresses.figure(one, source_name(source[1]))) for one in (still.web, still.jpeg))
        size = f' width="{still.web.width}" height="{still.web.height}"'
        plain = re.sub(r' (?:width|height)="[^"]*"', "", found[0])
        image = SRC.sub(lambda _: f' src="{escape(jpeg)}"{size}', plain)
        return f'<picture><source srcset="{escape(web)}" type="image/{still.web.path.suffix[1:]}">{image}</picture>'

    return Markup(IMG.sub(figure, html))  # noqa: S704 - cleaned before


def source_name(escaped: str) -> str:
    return Path(unescape(escaped)).stem


def in_words(howto: HowTo, found: prose.Prose, there: Map, stands: Stands) -> Iterator[Problem]:
    """What is wrong in a how-to's own words. Borrowed ones are told at the file that lends them."""
    if isinstance(howto.body, Borrowed):
        return
    first = howto.line("body")
    for fault in found.faults:
        yield Problem(howto.source, first + fault.line - 1, fault.message, fault.hint, fault.warning)
    for named, error in nowhere(found, stands, there):
        yield Problem(howto.source, first + named.line - 1, error.message, error.hint)
    weakest = {line.level for line in howto.safety}
    for level, line, _ in found.levels:
        if (level == "danger" and "danger" not in weakest) or (level == "warning" and not weakest & {"danger", "warning"}):
            message = f"this {level} stands in the words alone: no leaflet prints it"
            hint = f"say it under 'safety' too: '- {{level: {level}, text: …}}'"
            yield Problem(howto.source, first + line - 1, message, hint, warning=True)


def nowhere(found: prose.Prose, stands: Stands, there: Map) -> Iterator[tuple[prose.Named, LeadsNowhere]]:
    """Links and pictures that are not there, or not where they should be."""
    for named in found.named:
        try:
            if named.picture:
                there.picture(named.address, stands)
            else:
                there.target(named.address, stands)
        except LeadsNowhere as error:
            yield named, error


def check(there: Map, shelf: Shelf) -> tuple[dict[str, dict[Path, bool]], list[Problem]]:
    """The files of the pictures within the words of each page, by its address, and what is wrong in all these words."""
    shown: dict[str, dict[Path, bool]] = {}
    problems: list[Problem] = []
    for howto in there.library.howtos:
        found = prose.kept(howto.body, shelf)
        if not (found.named or found.faults or found.levels):
            continue
        stands = Stands.of(howto)
        shown[howto.page] = pictures_in(found.named, stands, there)
        problems += in_words(howto, found, there, stands)
        if not isinstance(howto.body, Borrowed):
            problems += not_usable(found, stands, there, howto.source, howto.line("body"), shelf)
    for path, stands in own_pages(there):
        try:
            text = frontmatter.read_text(path)
        except frontmatter.NotReadable as error:
            problems.append(error.problem)
            continue
        found = prose.kept(text, shelf)
        shown[stands.page] = shown.get(stands.page, {}) | pictures_in(found.named, stands, there)
        problems += [Problem(path, fault.line, fault.message, fault.hint) for fault in found.faults if fault.whole]
        problems += by_mkdocs(path, text, found)
        problems += not_usable(found, stands, there, path, 1, shelf)
        # what is not there may be made by another plugin: MkDocs warns of it too
        for named, lost in nowhere(found, stands, there):
            problems.append(Problem(path, named.line, lost.message, lost.hint, warning=not lost.elsewhere))
    problems += [*shown_nowhere(shown, there), *taken.problems(there), *material.unknown(there.settings)]
    return {page: files for page, files in shown.items() if files}, problems


def shown_nowhere(shown: Mapping[str, Mapping[Path, bool]], there: Map) -> Iterator[Problem]:
    """Photos that lie in the content folder and on no page."""
    howtos = there.library.howtos
    content = there.settings.content
    if len({howto.source for howto in howtos}) < sum(1 for name in there.files if name.endswith(".md") and "/" in name) - sum(
        1 for name in there.own_pages if "/" in name
    ):
        return  # how-tos that cannot be read may show them
    used = {path for files in shown.values() for path in files}
    drawn = ((howto, step.image) for howto in howtos for step in howto.steps if step.image not in ("auto", "none"))
    used |= {howto.source.parent / image for howto, image in drawn}
    for name, spelt in there.files.items():
        if images.is_a_photo(name) and not NOT_PUBLISHED.search(name) and content / spelt not in used:
            message = "this picture is shown on no page, and is not published"
            yield Problem(content / spelt, 1, message, "name it in a step ('image:') or in the words", warning=True)


def by_mkdocs(path: Path, text: str, found: prose.Prose) -> Iterator[Problem]:
    """What Python-Markdown, which reads these pages, would show as typed, or be kept busy with for seconds and minutes."""
    for level, line, sign in found.levels:
        if sign != "!!!":
            hint = f"on a page that is no how-to, write '!!! {level} \"Title\"' and indent its words by four spaces"
            yield Problem(path, line, f"this '{sign}' would be shown as typed", hint, warning=True)
    row = 1
    for block in text.split("\n\n"):
        left_open = max(block.count(opens) - block.count(closes) for opens, closes in ("[]", "()", "<>"))
        if left_open > MOST_OPEN or block.count("\\") > 10 * MOST_OPEN:
            yield Problem(path, row, f"more than {MOST_OPEN} brackets are opened here and not closed", "close them")
            break
        row += block.count("\n") + 2
    if (headings := len(re.findall(r"<h\d", found.html))) > MOST_HEADINGS:
        message = f"this page has {headings} headings, {MOST_HEADINGS} are let through"
        yield Problem(path, 1, message, "make two pages of it")


def not_usable(found: prose.Prose, stands: Stands, there: Map, source: Path, first: int, shelf: Shelf) -> Iterator[Problem]:
    """Pictures that are there and cannot be opened."""
    for named in found.named:
        for path in pictures_in((named,), stands, there):
            if wrong := images.problem(path, shelf):
                yield Problem(source, first + named.line - 1, f"the picture '{named.address}' {wrong.message}", wrong.hint)


def pictures_in(words: Sequence[prose.Named], stands: Stands, there: Map) -> dict[Path, bool]:
    """The files of pictures, each once; True for those that a link leads to."""
    files: dict[Path, bool] = {}
    for named in words:
        with suppress(LeadsNowhere):
            if named.picture:
                files.setdefault(there.picture(named.address, stands), False)
            elif path := there.linked_picture(named.address, stands):
                files[path] = True
    return files


def own_pages(there: Map) -> Iterator[tuple[Path, Stands]]:
    """Files of pages that are no how-tos: about.md, a category's index.md."""
    base = there.settings.options.lang
    for name, spelt in there.files.items():
        if name in there.own_pages:
            yield there.settings.content / spelt, Stands(posixpath.dirname(name), page_of(name), base)


def own_page(html: str, site: Site, address: str, lang: str) -> Markup:
    """The words of a page of the library's own, as MkDocs made them, with its pictures in their small forms."""
    figures = site.figures.get(address, {})

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
        file = site.settings.content / site.there.files.get(unicodedata.normalize("NFC", path), path)
        if attribute == "src":
            return str(file)
        still = figures.get(file)
        return whole(still, file, address) if still and still.whole else value

    return with_figures(labelled(clean(ADMONITION.sub(box, html), rewrite), words(lang)), address, figures)


def box(found: re.Match[str]) -> str:
    """A box of Material's as one of our warnings."""
    kind, title = found[1], found[2] or ""
    level = prose.LEVELS.get(kind, "warning")
    shown = "" if title.strip().lower() == kind else f" <strong>{title}</strong>"
    return f'<div class="{prose.classes(level)}"><p><b>{prose.LEVEL}{level}{prose.END}</b>{shown}</p>'


def whole(still: Still, file: Path, page: str) -> str:
    assert still.whole
    return addresses.relative(page, addresses.figure(still.whole, file.stem))
