"""Signs of other Markdown dialects, which a page would show as they were typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from site_builder.library.text_files import BIDI_CONTROLS

if TYPE_CHECKING:  # where nothing changed nothing is read, and it need not be imported
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token
from site_builder.library.admonitions import ADMONITION_HINT
from site_builder.library.prose_fault import ProseFault

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
        if bidi := BIDI_CONTROLS.search(row):
            hint = "delete it: words find their own direction, Arabic ones too"
            yield ProseFault(number, f"a sign here turns the direction of text (U+{ord(bidi[0]):04X})", hint, any_parser=True)
        matches = [(match[0], hint, warning) for sign, hint, warning in LINE_START_RULES if (match := sign.match(row))]
        matches = matches or [(match[0], hint, warning) for sign, hint, warning in INLINE_RULES if (match := sign.search(row))]
        for matched, hint, warning in matches[:1]:
            short = matched.strip() if len(matched) <= 40 else f"{matched.strip()[:39]}…"
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
