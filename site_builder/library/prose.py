"""Words in Markdown, read into HTML that is not yet cleaned; what they lead to and what would be shown as typed, by line.

CommonMark by markdown-it-py: it knows the line of everything, and no text keeps it busy for long. Python-Markdown, which
MkDocs has, takes seconds for a few kilobytes of brackets, and falls over lists within lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from site_builder.memo import Memo

if TYPE_CHECKING:  # where nothing changed nothing is read, and it need not be imported
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token
from site_builder.library.admonitions import ADMONITION_HINT, admonition_rule, alert_rule, fenced_admonition_rule
from site_builder.library.literal_syntax import literal_syntax_rule
from site_builder.library.prose_fault import ProseFault

PARSER_VERSION = version("markdown-it-py")
MAX_TEXT_CHARACTERS = 40_000  # characters of one text: a page's words weigh 14,000 bytes at most, packed
MAX_NESTING = 12  # lists and quotes within one another
ALLOWED_TAG_NAMES = (
    "p br hr strong em b i u s sub sup mark small ul ol li dl dt dd blockquote code pre kbd abbr del ins "
    "h1 h2 h3 h4 h5 h6 a img picture source table caption thead tbody tr th td figure figcaption details summary div span"
)
ALLOWED_TAGS = frozenset(ALLOWED_TAG_NAMES.split())


@dataclass(frozen=True)
class Reference:
    """A link or a picture: its line within the text, from 1, and the address as it was written."""

    line: int
    address: str
    is_image: bool = False


@dataclass(frozen=True)
class Prose:
    """`html` has addresses as they were written, and a level's name where a page says it in its own language."""

    html: str
    references: tuple[Reference, ...] = ()
    faults: tuple[ProseFault, ...] = ()
    levels: tuple[tuple[str, int, str], ...] = ()  # of its boxes, with the line of each and the sign that it is written with


def read_prose_memoised(text: str, memo: Memo) -> Prose:
    """As read_prose; the same text is read once, and then taken from the memo."""
    if not text.strip():
        return Prose("")

    def parse() -> bytes:
        prose = read_prose(text)
        rows = [[vars(row) for row in prose.references], [vars(row) for row in prose.faults], prose.levels]
        return json.dumps([prose.html, *rows]).encode()

    html, references, faults, levels = json.loads(memo.get("prose", f"{PARSER_VERSION}\n{text}".encode(), parse) or b"")
    levels = tuple((level, line, sign) for level, line, sign in levels)
    return Prose(html, tuple(Reference(**row) for row in references), tuple(ProseFault(**row) for row in faults), levels)


def read_prose(text: str) -> Prose:
    if len(text) > MAX_TEXT_CHARACTERS:
        line = text.count("\n", 0, MAX_TEXT_CHARACTERS) + 1
        message = f"these words are too long: {len(text):,} characters, {MAX_TEXT_CHARACTERS:,} are let through"
        return Prose("", faults=(ProseFault(line, message, "make two of it, or link to a PDF", any_parser=True),))
    reader = markdown_parser()
    env: dict[str, Any] = {"faults": [], "levels": []}
    tokens = reader.parse(text, env)
    shift_headings(tokens)
    references: list[Reference] = []
    faults: list[ProseFault] = env["faults"]
    for token, line in tokens_with_lines(tokens):
        if token.type in ("html_block", "html_inline"):
            within = InlineHtmlParser(line)
            within.feed(token.content)
            references += within.named
            faults += within.faults
        elif token.type == "link_open":
            references.append(Reference(line, unquote(str(token.attrs.get("href", "")))))
        elif token.type == "image":
            references.append(Reference(line, unquote(str(token.attrs.get("src", ""))), is_image=True))
            if not token.content.strip():
                hint = "![what it shows](picture.jpg): who cannot see it hears these words"
                faults.append(ProseFault(line, "this picture has no words of what it shows", hint, warning=True))
        elif token.type == "fence" and re.match(r"\s*\{", token.info):
            faults.append(ProseFault(line, f"'{token.markup}{token.info.strip()}' is shown as code", ADMONITION_HINT))
    html = reader.renderer.render(tokens, reader.options, env)
    return Prose(html, tuple(references), tuple(dict.fromkeys(faults)), tuple(env["levels"]))


def markdown_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable(["table", "strikethrough"])
    reader.validateLink = lambda url: True  # type: ignore[method-assign]  # what an address may be is told at its line
    reader.disable("text_join")  # so that `\*` is still known from `*`
    parts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    reader.block.ruler.before("code", "depth", nesting_rule)
    reader.block.ruler.before("fence", "box", admonition_rule, parts)
    reader.block.ruler.before("fence", "fenced_box", fenced_admonition_rule, parts)
    reader.core.ruler.after("block", "alerts", alert_rule)
    reader.core.ruler.after("inline", "typed", literal_syntax_rule)
    return reader


def tokens_with_lines(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Every token, those within a line of words too, and the line of each, from 1."""
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        yield token, line
        at = line
        for inner in token.children or ():
            yield inner, at
            at += inner.type in ("softbreak", "hardbreak") or inner.content.count("\n") if inner.type != "image" else 0


def shift_headings(tokens: Sequence[Token]) -> None:
    """They begin below the page's own h1 and h2, wherever an editor begins."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) + 3 - highest)}"
    for token in tokens:
        if token.tag in ("td", "th") and (style := token.attrs.pop("style", None)):
            token.attrs["align"] = str(style).removeprefix("text-align:")


def nesting_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """No rule, but a look at each: what stands deeper than it may would be left out without a word."""
    if state.level > 2 * MAX_NESTING and not state.env.get("deep"):
        state.env["deep"] = True
        message = "lists or quotes stand too deep within one another"
        state.env["faults"].append(ProseFault(start + 1, message, "use fewer levels", any_parser=True))
    return False


class InlineHtmlParser(HTMLParser):
    """HTML within Markdown: its links and pictures, and tags that a page leaves out with what they should do."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.first = line
        self.named: list[Reference] = []
        self.faults: list[ProseFault] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.first + self.getpos()[0] - 1
        attributes = {name: value or "" for name, value in attrs}
        if tag not in ALLOWED_TAGS:
            hint = TAG_HINTS.get(tag, "take it out; for a < write &lt;")
            self.faults.append(ProseFault(line, f"a page leaves '<{tag}>' out", hint, warning=tag in ("font", "center")))
        elif tag == "img":
            self.named.append(Reference(line, unquote(attributes.get("src", "")), is_image=True))
        elif tag == "a" and "href" in attributes:
            self.named.append(Reference(line, unquote(attributes["href"])))
        if "markdown" in attributes:
            self.faults.append(ProseFault(line, "Markdown within HTML is not read", "take the HTML around it out"))


TAG_HINTS = {
    **dict.fromkeys(("video", "iframe", "embed", "object"), "a film is named under 'video'; link to what stands elsewhere"),
    "audio": "a narration stands beside the master",
    **dict.fromkeys(("script", "style", "link"), "take it out: pages run nothing and look alike"),
    "svg": "export the drawing as PNG, beside the how-to",
    **dict.fromkeys(("form", "input", "button"), "take it out: a page asks for nothing"),
    **dict.fromkeys(("font", "center"), "take it out: the page has one look"),
}  # fmt: skip
