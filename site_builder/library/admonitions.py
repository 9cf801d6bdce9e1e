"""Boxes in a Markdown text (danger, warning, note), in the forms that people know from elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from site_builder.library.problems import did_you_mean

if TYPE_CHECKING:  # where nothing changed nothing is read, and it need not be imported
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token
from site_builder.library.prose_fault import ProseFault

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


def admonition_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`!!! warning "Title"` and the indented lines below it, as Material for MkDocs has them."""
    match = None if state.is_code_block(start) else ADMONITION_PATTERN.match(line_at(state, start))
    if not match or not match[2]:
        return False
    if silent:
        return True
    after, indent = start + 1, 0
    while after < end:
        if not state.isEmpty(after):
            indent_here = state.sCount[after] - state.blkIndent
            if indent_here < (indent or 2):
                break
            indent = indent or min(indent_here, 4)
        after += 1
    while after > start + 1 and state.isEmpty(after - 1):
        after -= 1
    title = strip_quotes(match[3])
    if after == start + 1 and not title:
        hint = "indent its words by four spaces"
        state.env["faults"].append(ProseFault(start + 1, f"nothing stands in this '{match[1]} {match[2]}'", hint))
    push_admonition(state, start, (start + 1, after), indent, (match[1], match[2], title), after)
    return True


def fenced_admonition_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`:::warning` or `/// warning`, up to a line of the same signs alone."""
    match = None if state.is_code_block(start) else FENCED_ADMONITION_PATTERN.match(line_at(state, start))
    if not match or not match[2]:
        return False
    if silent:
        return True
    signs, depth, after = match[1][0], 1, start + 1
    while after < end and depth:
        inner = FENCED_ADMONITION_PATTERN.match(line_at(state, after))
        if inner and inner[1][0] == signs:
            depth += 1 if inner[2] else -1
        after += 1
    last = after if depth else after - 1
    if depth:
        message = f"this '{match[1]} {match[2]}' does not end"
        state.env["faults"].append(ProseFault(start + 1, message, f"close it with '{match[1]}'"))
    title = match[3].strip()
    title = strip_quotes(title[1:-1] if title.startswith("[") and title.endswith("]") else title)
    push_admonition(state, start, (start + 1, last), 0, (match[1], match[2], title), after)
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
    saved_state = state.parentType, state.lineMax, state.blkIndent
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
    state.parentType, state.lineMax, state.blkIndent = saved_state
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
    title_token = Token("inline", "", 0, content=title, map=[start, start + 1], children=[])
    title_tokens = (
        [Token("strong_open", "strong", 1), title_token, Token("strong_close", "strong", -1)]
        if title and label
        else [title_token]
    )
    row = [
        Token("title_open", tag, 1, block=True),
        Token("html_block", "", 0, content=f"{label} " if label else ""),
        *title_tokens,
    ]
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
            first_paragraph = tokens[min(at + 2, len(tokens) - 1)]  # after the quote and its first paragraph
            match = ALERT_PATTERN.match(first_paragraph.content.split("\n")[0]) if first_paragraph.type == "inline" else None
            if match:
                line = first_paragraph.map[0] if first_paragraph.map else 0
                level = admonition_level(match[1], line + 1, "[!", state.env, {"caution": "danger"})
                token.type, token.tag, token.meta = "box_open", "div", {"level": level}
                token.attrs["class"] = admonition_classes(level)
                rest = "\n".join(first_paragraph.content.split("\n")[1:])
                first_paragraph.content, first_paragraph.map = rest, [line + 1, line + 2]
                if not rest.strip():
                    del tokens[at + 1 : at + 4]
                tokens[at + 1 : at + 1] = push_title(state, line, level, match[3].strip(), False)
        elif token.type == "blockquote_close" and tokens[open_at.pop()].type == "box_open":
            token.type, token.tag = "box_close", "div"
        at += 1
