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

from site_builder.library.problems import did_you_mean
from site_builder.library.text_files import BIDI_CONTROLS
from site_builder.memo import Memo

if TYPE_CHECKING:  # where nothing changed nothing is read, and it need not be imported
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

PARSER_VERSION = version("markdown-it-py")
MAX_TEXT_CHARACTERS = 40_000  # characters of one text: a page's words weigh 14,000 bytes at most, packed
MAX_NESTING = 12  # lists and quotes within one another
ALLOWED_TAG_NAMES = (
    "p br hr strong em b i u s sub sup mark small ul ol li dl dt dd blockquote code pre kbd abbr del ins "
    "h1 h2 h3 h4 h5 h6 a img picture source table caption thead tbody tr th td figure figcaption details summary div span"
)
ALLOWED_TAGS = frozenset(ALLOWED_TAG_NAMES.split())
# What others call their boxes: which of our three warnings each of them is.
ADMONITION_LEVELS = {
    **dict.fromkeys(("danger", "error"), "danger"),
    **dict.fromkeys(("warning", "caution", "attention", "important", "failure", "fail", "missing", "bug"), "warning"),
    **dict.fromkeys(
        ("note", "info", "tip", "hint", "success", "check", "done", "question", "help", "faq", "abstract", "summary", "tldr",
         "todo", "example", "quote", "cite", "seealso", "admonition", "details"), "note"),
}  # fmt: skip
ADMONITION_PATTERN = re.compile(r"^(!!!|\?\?\?\+?)[ \t]*([A-Za-z][\w-]*)?:?(.*)$")
FENCED_ADMONITION_PATTERN = re.compile(
    r"^(:{3,}|/{3,})[ \t]*(?:\{?[ \t]*\.?(?:callout-)?([A-Za-z][\w-]*)[ \t]*\}?)?[ \t]*[|:]?(.*)$"
)
ALERT_PATTERN = re.compile(r"^\[!([\w-]+)\]([+-]?)(.*)$")
ADMONITION_HINT = "write '!!! warning \"Title\"' and indent its words by four spaces"
LEVEL_START, LEVEL_END = "\x02", "\x03"  # around a level's name, until a page puts its own language's word there

# Shown as typed: a sign of what others understand, and what can be done. Where words or a way would be lost, it is a mistake.
LOST_SYNTAX = (
    (r"!?\[\[[^\[\]\n]{1,80}\]\]", "write [words](file.md), or ![what it shows](picture.jpg)"),
    (r"\{\{.{0,80}?\}\}|\{%.{0,80}?%\}", "nothing is filled in here: write the words themselves"),
    (r"-{1,2}8<-{1,2}", "no file is put in here: write the words themselves"),
    (r"\]\([^)\n]{0,80}\)?", "in an address, write %20 for a space, or put < > around it"),
    (r"\][ ]\((?:https?:|\.{0,2}/|[\w./-]{1,80}\.\w{1,9}\))", "no space between ] and ("),
    (r"\]\[[^\]\n]{0,80}\]", "the address is missing: '[name]: address' on a line of its own"),
)  # fmt: skip
LITERAL_SYNTAX = (
    (r"\[\^[^\]\s]{1,80}\]", "there are no footnotes: say it in the sentence, or under 'sources'"),
    (r"\$\$|\$[^$\n]{0,80}[\\^_{][^$\n]{0,80}\$", "there are no formulas: write m², ×, ÷, ½"),
    (r"\{:?[ ]{0,9}[.#][\w-][^}]{0,80}\}|\{:[^}]{0,80}\}", "take it out: the page has one look"),
    (r"\{[ ]{0,9}[\w-]{1,40}=[^}]{0,80}\}", "take it out: the page has one look"),
    (r"(?<![=\w])==[^=\n]{1,80}==(?![=\w])", "write **words** for what must be seen"),
    (r"(?<![+\w])\+\+[^+\n]{1,80}\+\+(?![+\w])", "write the words themselves"),
    (r"(?<=\w)(?:~[^~\s]{1,20}~|\^[^^\s]{1,20}\^)", "write m², CO₂, or <sup>…</sup> and <sub>…</sub>"),
    (r"(?<![\w:]):[a-z][a-z0-9_+-]{0,40}[a-z0-9]:(?![\w:])", "there are no names of pictures: write the word"),
    (r"%%.{1,80}?%%", "write <!-- … --> around what readers should not see"),
    (r"\[TOC\]", "take it out: a page is short"),
    (r"\*\*|(?<!_)__(?!_)(?=\w)", "no space between ** and the word, and as many at its end"),
    (r"`", "close it with as many ` as it opens with"),
)  # fmt: skip
LOST_AT_LINE_START = (
    (r"\.\.[ ]+[\w-]+::", ADMONITION_HINT),
    (r":{3,}|/{3,}", ADMONITION_HINT),
    (r"!!!|\?\?\?", ADMONITION_HINT),
)  # fmt: skip
LITERAL_AT_LINE_START = (
    (r"#{1,6}(?=[^\s#\d])", "a heading has a space after its #"),
    (r"=== ?\"", "there are no tabs: write one below the other"),
    (r":[ \t]+\S", "write '**word**: what it means'"),
    (r"\*\[[^\]]+\]:", "write <abbr title=\"…\">…</abbr>"),
)  # fmt: skip
LINE_START_RULES = [(re.compile(sign), hint, False) for sign, hint in LOST_AT_LINE_START]
LINE_START_RULES += [(re.compile(sign), hint, True) for sign, hint in LITERAL_AT_LINE_START]
INLINE_RULES = [(re.compile(sign), hint, False) for sign, hint in LOST_SYNTAX]
INLINE_RULES += [(re.compile(sign), hint, True) for sign, hint in LITERAL_SYNTAX]


@dataclass(frozen=True)
class Reference:
    """A link or a picture: its line within the text, from 1, and the address as it was written."""

    line: int
    address: str
    is_image: bool = False


@dataclass(frozen=True)
class ProseFault:
    """What an editor must put right, at a line within the text."""

    line: int
    message: str
    hint: str = ""
    warning: bool = False
    any_parser: bool = False  # of the text itself, whatever it is read with: too long, too deep


@dataclass(frozen=True)
class Prose:
    """`html` has addresses as they were written, and a level's name where a page says it in its own language."""

    html: str
    references: tuple[Reference, ...] = ()
    faults: tuple[ProseFault, ...] = ()
    levels: tuple[tuple[str, int, str], ...] = ()  # of its boxes, with the line of each and the sign that it is written with


def read_prose_memoised(text: str, shelf: Memo) -> Prose:
    """As `read_prose`; the same text is read once, and then remembered."""
    if not text.strip():
        return Prose("")

    def make() -> bytes:
        found = read_prose(text)
        rows = [[vars(one) for one in found.references], [vars(one) for one in found.faults], found.levels]
        return json.dumps([found.html, *rows]).encode()

    html, named, faults, levels = json.loads(shelf.get("prose", f"{PARSER_VERSION}\n{text}".encode(), make) or b"")
    levels = tuple((level, line, sign) for level, line, sign in levels)
    return Prose(html, tuple(Reference(**one) for one in named), tuple(ProseFault(**one) for one in faults), levels)


def read_prose(text: str) -> Prose:
    if len(text) > MAX_TEXT_CHARACTERS:
        line = text.count("\n", 0, MAX_TEXT_CHARACTERS) + 1
        message = f"these words are too long: {len(text):,} characters, {MAX_TEXT_CHARACTERS:,} are let through"
        return Prose("", faults=(ProseFault(line, message, "make two of it, or link to a PDF", any_parser=True),))
    reader = markdown_parser()
    env: dict[str, Any] = {"faults": [], "levels": []}
    tokens = reader.parse(text, env)
    shift_headings(tokens)
    named: list[Reference] = []
    faults: list[ProseFault] = env["faults"]
    for token, line in tokens_with_lines(tokens):
        if token.type in ("html_block", "html_inline"):
            within = InlineHtmlParser(line)
            within.feed(token.content)
            named += within.named
            faults += within.faults
        elif token.type == "link_open":
            named.append(Reference(line, unquote(str(token.attrs.get("href", "")))))
        elif token.type == "image":
            named.append(Reference(line, unquote(str(token.attrs.get("src", ""))), is_image=True))
            if not token.content.strip():
                hint = "![what it shows](picture.jpg): who cannot see it hears these words"
                faults.append(ProseFault(line, "this picture has no words of what it shows", hint, warning=True))
        elif token.type == "fence" and re.match(r"\s*\{", token.info):
            faults.append(ProseFault(line, f"'{token.markup}{token.info.strip()}' is shown as code", ADMONITION_HINT))
    html = reader.renderer.render(tokens, reader.options, env)
    return Prose(html, tuple(named), tuple(dict.fromkeys(faults)), tuple(env["levels"]))


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


def admonition_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`!!! warning "Title"` and the indented lines below it, as Material for MkDocs has them."""
    found = None if state.is_code_block(start) else ADMONITION_PATTERN.match(line_at(state, start))
    if not found or not found[2]:
        return False
    if silent:
        return True
    after, indent = start + 1, 0
    while after < end:
        if not state.isEmpty(after):
            own = state.sCount[after] - state.blkIndent
            if own < (indent or 2):
                break
            indent = indent or min(own, 4)
        after += 1
    while after > start + 1 and state.isEmpty(after - 1):
        after -= 1
    title = strip_quotes(found[3])
    if after == start + 1 and not title:
        hint = "indent its words by four spaces"
        state.env["faults"].append(ProseFault(start + 1, f"nothing stands in this '{found[1]} {found[2]}'", hint))
    push_admonition(state, start, (start + 1, after), indent, (found[1], found[2], title), after)
    return True


def fenced_admonition_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`:::warning` or `/// warning`, up to a line of the same signs alone."""
    found = None if state.is_code_block(start) else FENCED_ADMONITION_PATTERN.match(line_at(state, start))
    if not found or not found[2]:
        return False
    if silent:
        return True
    signs, depth, after = found[1][0], 1, start + 1
    while after < end and depth:
        inner = FENCED_ADMONITION_PATTERN.match(line_at(state, after))
        if inner and inner[1][0] == signs:
            depth += 1 if inner[2] else -1
        after += 1
    last = after if depth else after - 1
    if depth:
        message = f"this '{found[1]} {found[2]}' does not end"
        state.env["faults"].append(ProseFault(start + 1, message, f"close it with '{found[1]}'"))
    title = found[3].strip()
    title = strip_quotes(title[1:-1] if title.startswith("[") and title.endswith("]") else title)
    push_admonition(state, start, (start + 1, last), 0, (found[1], found[2], title), after)
    return True


def strip_quotes(title: str) -> str:
    title = title.strip()
    return title[1:-1].strip() if len(title) > 1 and title[0] == title[-1] == '"' else title.strip('"')


def line_at(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def push_admonition(
    state: StateBlock, start: int, lines: tuple[int, int], indent: int, head: tuple[str, str, str], after: int
) -> None:
    """The box with what stands in it; `head` is its sign, its kind and its title."""
    sign, kind, title = head
    level = admonition_level(kind, start + 1, sign, state.env)
    folded = sign == "???" and level == "note"
    kept = state.parentType, state.lineMax, state.blkIndent
    state.parentType = "blockquote"
    opening = state.push("box_open", "details" if folded else "div", 1)
    opening.map, opening.block = [start, after], True
    if not folded:
        opening.attrs["class"] = admonition_classes(level)
    opening.meta = {"level": level}
    push_title(state, start, level, title, folded)
    state.blkIndent += indent
    state.lineMax = lines[1]
    if lines[0] < lines[1]:
        state.md.block.tokenize(state, *lines)
    state.parentType, state.lineMax, state.blkIndent = kept
    state.push("box_close", opening.tag, -1).block = True
    state.line = after


def push_title(
    state: StateBlock | StateCore, start: int, level: str, title: str, folded: bool, into: Any = None
) -> list[Token]:
    """Its level in words, then its title. A folded one has its title alone: it is what one taps."""
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

    tag = "summary" if folded else "p"
    label = "" if folded and title else f"<b>{LEVEL_START}{level}{LEVEL_END}</b>"
    words = Token("inline", "", 0, content=title, map=[start, start + 1], children=[])
    heavy = [Token("strong_open", "strong", 1), words, Token("strong_close", "strong", -1)] if title and label else [words]
    row = [Token("title_open", tag, 1, block=True), Token("html_block", "", 0, content=f"{label} " if label else ""), *heavy]
    row.append(Token("title_close", tag, -1, block=True))
    if isinstance(state, StateBlock):
        state.tokens.extend(row)
    return row


def admonition_level(kind: str, line: int, sign: str, env: Any, otherwise: dict[str, str] | None = None) -> str:
    known = {**ADMONITION_LEVELS, **(otherwise or {})}
    level = known.get(kind.lower())
    if level is None:
        hint = did_you_mean(kind.lower(), known, "one of danger, warning, note")
        env["faults"].append(ProseFault(line, f"'{sign}{'' if sign == '[!' else ' '}{kind}' is no kind of warning", hint))
    env["levels"].append((level or "warning", line, f"{sign}{kind}]" if sign == "[!" else sign))
    return level or "warning"


def admonition_classes(level: str) -> str:
    return {"danger": "notice serious beside danger", "warning": "notice beside warning"}.get(level, "notice beside note")


def alert_rule(state: StateCore) -> None:
    """`> [!WARNING]`, as GitHub and Obsidian have it: a quote whose first line says what it is."""
    tokens = state.tokens
    open_at: list[int] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "blockquote_open":
            open_at.append(at)
            words = tokens[min(at + 2, len(tokens) - 1)]  # after the quote and its first paragraph
            found = ALERT_PATTERN.match(words.content.split("\n")[0]) if words.type == "inline" else None
            if found:
                line = words.map[0] if words.map else 0
                level = admonition_level(found[1], line + 1, "[!", state.env, {"caution": "danger"})
                token.type, token.tag, token.meta = "box_open", "div", {"level": level}
                token.attrs["class"] = admonition_classes(level)
                rest = "\n".join(words.content.split("\n")[1:])
                words.content, words.map = rest, [line + 1, line + 2]
                if not rest.strip():
                    del tokens[at + 1 : at + 4]
                tokens[at + 1 : at + 1] = push_title(state, line, level, found[3].strip(), False)
        elif token.type == "blockquote_close" and tokens[open_at.pop()].type == "box_open":
            token.type, token.tag = "box_close", "div"
        at += 1


def literal_syntax_rule(state: StateCore) -> None:
    """What would be shown as it was typed, though it is a sign of something; and tasks as what they are."""
    item = False
    for token in state.tokens:
        if token.type == "list_item_open":
            item = True
        if token.type != "inline":
            item = item and token.type in ("list_item_open", "paragraph_open")
            continue
        children = token.children or []
        if item and children and children[0].type == "text" and (task := re.match(r"\[([ xX])\](?=\s)", children[0].content)):
            children[0].content = ("☐" if task[1] == " " else "☑") + children[0].content[3:]
        item = False
        state.env["faults"].extend(literal_syntax_in(token, token.map[0] + 1 if token.map else 1))
        for child in children:
            if child.type == "text_special":  # a sign that was escaped: a letter like any other
                child.type = "text"


def literal_syntax_in(token: Token, line: int) -> Iterator[ProseFault]:
    """Of one paragraph, heading or cell."""
    for row, number in text_lines(token.children or [], line):
        if turned := BIDI_CONTROLS.search(row):
            hint = "delete it: words find their own direction, Arabic ones too"
            yield ProseFault(number, f"a sign here turns the direction of text (U+{ord(turned[0]):04X})", hint, any_parser=True)
        seen = [(found[0], hint, warning) for sign, hint, warning in LINE_START_RULES if (found := sign.match(row))]
        seen = seen or [(found[0], hint, warning) for sign, hint, warning in INLINE_RULES if (found := sign.search(row))]
        for shown, hint, warning in seen[:1]:
            short = shown.strip() if len(shown) <= 40 else f"{shown.strip()[:39]}…"
            yield ProseFault(number, f"'{short}' is shown as typed", hint, warning)


def text_lines(children: Sequence[Token], line: int) -> Iterator[tuple[str, int]]:
    """The words of each line, without code, links' addresses and signs that were escaped."""
    row = ""
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            yield row, line
            row, line = "", line + 1
        elif child.type == "text":
            row += child.content
        elif child.type in ("code_inline", "html_inline", "text_special", "image"):
            row += child.content if BIDI_CONTROLS.search(child.content) else "\ufffc"
            line += child.content.count("\n") if child.type != "image" else 0
    yield row, line


class InlineHtmlParser(HTMLParser):
    """HTML within Markdown: its links and pictures, and tags that a page leaves out with what they should do."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.first = line
        self.named: list[Reference] = []
        self.faults: list[ProseFault] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.first + self.getpos()[0] - 1
        given = {name: value or "" for name, value in attrs}
        if tag not in ALLOWED_TAGS:
            hint = TAG_HINTS.get(tag, "take it out; for a < write &lt;")
            self.faults.append(ProseFault(line, f"a page leaves '<{tag}>' out", hint, warning=tag in ("font", "center")))
        elif tag == "img":
            self.named.append(Reference(line, unquote(given.get("src", "")), is_image=True))
        elif tag == "a" and "href" in given:
            self.named.append(Reference(line, unquote(given["href"])))
        if "markdown" in given:
            self.faults.append(ProseFault(line, "Markdown within HTML is not read", "take the HTML around it out"))


TAG_HINTS = {
    **dict.fromkeys(("video", "iframe", "embed", "object"), "a film is named under 'video'; link to what stands elsewhere"),
    "audio": "a narration stands beside the master",
    **dict.fromkeys(("script", "style", "link"), "take it out: pages run nothing and look alike"),
    "svg": "export the drawing as PNG, beside the how-to",
    **dict.fromkeys(("form", "input", "button"), "take it out: a page asks for nothing"),
    **dict.fromkeys(("font", "center"), "take it out: the page has one look"),
}  # fmt: skip
