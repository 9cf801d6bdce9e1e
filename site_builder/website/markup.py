"""A how-to's own Markdown becomes HTML that is safe to print: no script, no style, no picture from elsewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import markdown
import nh3
from markupsafe import Markup

from site_builder.library.content import Library
from site_builder.library.model import HowTo
from site_builder.library.problems import Problem, did_you_mean
from site_builder.library.settings import Settings
from site_builder.website import addresses

ALLOWED = (
    "p br hr strong em b i u s sub sup mark small ul ol li dl dt dd blockquote code pre kbd abbr "
    "h1 h2 h3 h4 h5 h6 a img table caption thead tbody tr th td figure figcaption details summary div span"
)
ATTRIBUTES: Mapping[str, set[str]] = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "id", "hreflang"},
    "img": {"src", "alt", "width", "height", "loading"},
    "th": {"colspan", "rowspan", "scope", "align"},
    "td": {"colspan", "rowspan", "align"},
    "ol": {"start", "type"},
    **{f"h{n}": {"id"} for n in range(1, 7)},
}
Rewrite = Callable[[str, str, str], str | None]


def clean(html: str, rewrite: Rewrite | None = None) -> Markup:
    """HTML with only what a text needs. `rewrite` sees each tag, attribute and value, and may drop it with None."""
    kept = nh3.clean(
        html,
        tags=set(ALLOWED.split()),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=rewrite,
        url_schemes={"http", "https", "mailto", "tel", "sms", "whatsapp"},
        link_rel="noopener",
        set_tag_attribute_values={"img": {"loading": "lazy"}},
    )
    return Markup(kept)  # noqa: S704 - cleaned above


def render(howto: HowTo, library: Library, settings: Settings) -> tuple[Markup, list[Problem]]:
    """The body as HTML, and its links that lead nowhere."""
    # headings begin below the page's own h1 and h2, wherever an editor begins; their ids go, since a step's id is an anchor
    html = markdown.markdown(
        howto.body,
        extensions=["tables", "sane_lists", "toc"],
        extension_configs={"toc": {"baselevel": 4 - highest_heading(howto.body)}},
        output_format="html",
    )
    problems: list[Problem] = []

    def rewrite(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            return None
        if (tag, attribute) == ("a", "href") and urlsplit(value).path.endswith(".md") and not urlsplit(value).scheme:
            return page_link(value, howto, library, settings, problems)
        if (tag, attribute) == ("img", "src"):
            return picture_link(value, howto, settings, problems)
        return value

    return clean(html, rewrite), problems


def highest_heading(text: str) -> int:
    """1 for `#`, 2 for `##`: the first level that the text uses."""
    return min((len(signs) for signs in re.findall(r"^(#{1,6}) ", text, re.M)), default=1)


def page_link(value: str, howto: HowTo, library: Library, settings: Settings, problems: list[Problem]) -> str | None:
    """A link to another how-to's file, as the address of its page in this page's language."""
    path, _, anchor = value.partition("#")
    target = beside(howto, unquote(path), settings)
    slug = PurePosixPath(target).name.removesuffix(".md").split(".")[0]
    other = library.nearest(slug, howto.lang)
    if other and posixpath.dirname(target) == other.category:
        there = other.page
    elif "/" not in target and (settings.content / target).is_file():
        there = f"{target.removesuffix('.md')}/"
    else:
        near = did_you_mean(f"{slug}.md", {f"{h.slug}.md" for h in library.howtos})
        problems.append(Problem(howto.source, line_of(howto, value), f"the link to '{value}' leads nowhere", near))
        return None
    return addresses.relative(howto.page, f"{there}#{anchor}" if anchor else there)


def picture_link(value: str, howto: HowTo, settings: Settings, problems: list[Problem]) -> str | None:
    """A picture beside the how-to. Others cost data that nobody has counted, or tell another host who reads."""
    target = beside(howto, unquote(value), settings)
    if urlsplit(value).scheme or urlsplit(value).netloc or target.startswith("..") or not (settings.content / target).is_file():
        hint = "a file below the content folder; pictures from other sites are not shown"
        problems.append(Problem(howto.source, line_of(howto, value), f"no picture '{value}'", hint))
        return None
    return addresses.relative(howto.page, target)


def beside(howto: HowTo, path: str, settings: Settings) -> str:
    """A path as written in the how-to's file, as seen from the content folder."""
    folder = howto.source.parent.relative_to(settings.content).as_posix()
    return posixpath.normpath(posixpath.join(folder, path)).removeprefix("./")


def line_of(howto: HowTo, words: str) -> int:
    """The line of the how-to's file on which the words stand."""
    for number, line in enumerate(howto.source.read_text("utf-8-sig").splitlines(), start=1):
        if words in line:
            return number
    return 1
