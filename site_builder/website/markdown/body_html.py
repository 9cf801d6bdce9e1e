"""Markdown as HTML that is safe to publish: no script, no style, no picture from elsewhere, no link to nowhere."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nh3
from markupsafe import Markup, escape

from site_builder.library import admonitions, prose
from site_builder.library.artifacts import Still
from site_builder.library.fallback import FallbackText
from site_builder.library.howto import HowTo
from site_builder.library.library import Library
from site_builder.library.messages import Messages, messages_of
from site_builder.library.problems import Problem
from site_builder.library.settings import Settings
from site_builder.memo import Memo
from site_builder.website import urls
from site_builder.website.markdown.body_check import body_problems
from site_builder.website.markdown.links import BrokenLink, LinkMap, LinkOrigin

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


ADMONITION = re.compile(r'<div class="admonition ([\w-]+)[^"]*">(?:\s*<p class="admonition-title">(.*?)</p>)?', re.S)


IMG_TAG = re.compile(r'<img(?: [a-z]+="[^"]*")*>')


SRC_ATTRIBUTE = re.compile(r' src="([^"]*)"')


LEVEL_MARK = re.compile(f"{admonitions.LEVEL_START}([a-z]+){admonitions.LEVEL_END}")


AttributeFilter = Callable[[str, str, str], str | None]


Figures = Mapping[Path, Still]


def sanitise(html: str, rewrite: AttributeFilter | None = None) -> Markup:
    """HTML with only what a text needs. `rewrite` sees each tag, attribute and value, and may drop it with None."""
    cleaned = nh3.clean(
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
    return Markup(cleaned)  # noqa: S704 - cleaned above


def render_body(
    howto: HowTo,
    library: Library,
    settings: Settings,
    links: LinkMap | None = None,
    memo: Memo | None = None,
    figures: Figures | None = None,
) -> tuple[Markup, list[Problem]]:
    """A how-to's words as HTML, and what is wrong in them. `figures` are its pictures as they are shown."""
    links, origin = links or LinkMap(library, settings), LinkOrigin.of(howto)
    parsed = prose.read_prose_memoised(howto.body, memo or Memo())

    def rewrite(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            return None  # a step's id is an anchor
        try:
            if (tag, attribute) == ("a", "href"):
                written = value if urlsplit(value).scheme else unquote(value)
                path = links.linked_picture_file(written, origin)
                still = (figures or {}).get(path) if path else None
                return (
                    full_size_link(still, path, howto.page)
                    if path and still and still.full_size
                    else links.relative_link(written, origin)
                )
            if (tag, attribute) == ("img", "src"):
                return str(links.picture_file(unquote(value), origin))
        except (BrokenLink, ValueError):
            return None
        return value

    html = with_level_labels(sanitise(parsed.html, rewrite), messages_of(howto.lang))
    return with_figures(html, howto.page, figures or {}), [*body_problems(howto, parsed, links, origin)]


def with_level_labels(html: str, messages: Messages) -> Markup:
    """With the levels of warnings in the page's own language."""

    def label(match: re.Match[str]) -> str:
        word = messages(f"common.{match[1]}")
        lang = f' lang="{word.lang}"' if isinstance(word, FallbackText) else ""
        return f"<span{lang}>{escape(str(word))}</span>" if lang else str(escape(word))

    return Markup(LEVEL_MARK.sub(label, html))  # noqa: S704 - cleaned before, and each word is escaped


def with_figures(html: str, page: str, figures: Figures) -> Markup:
    """Each picture in its small forms, from the file that its `src` names by now; one that was not made is left out."""

    def figure(match: re.Match[str]) -> str:
        source = SRC_ATTRIBUTE.search(match[0])
        still = figures.get(Path(unescape(source[1]))) if source else None
        if source is None or still is None:
            return ""
        web, jpeg = (urls.relative(page, urls.figure(one, stem_of_src(source[1]))) for one in (still.web, still.jpeg))
        size = f' width="{still.web.width}" height="{still.web.height}"'
        plain = re.sub(r' (?:width|height)="[^"]*"', "", match[0])
        image = SRC_ATTRIBUTE.sub(lambda _: f' src="{escape(jpeg)}"{size}', plain)
        return f'<picture><source srcset="{escape(web)}" type="image/{still.web.path.suffix[1:]}">{image}</picture>'

    return Markup(IMG_TAG.sub(figure, html))  # noqa: S704 - cleaned before


def stem_of_src(escaped: str) -> str:
    return Path(unescape(escaped)).stem


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


def admonition_box(match: re.Match[str]) -> str:
    """A box of Material's as one of our warnings."""
    kind, title = match[1], match[2] or ""
    level = admonitions.ADMONITION_LEVELS.get(kind, "warning")
    heading = "" if title.strip().lower() == kind else f" <strong>{title}</strong>"
    label = f"<b>{admonitions.LEVEL_START}{level}{admonitions.LEVEL_END}</b>"
    return f'<div class="{admonitions.admonition_classes(level)}"><p>{label}{heading}</p>'


def full_size_link(still: Still, file: Path, page: str) -> str:
    assert still.full_size
    return urls.relative(page, urls.figure(still.full_size, file.stem))
