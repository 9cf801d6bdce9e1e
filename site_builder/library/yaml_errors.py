"""Why YAML does not parse, at the line where an editor will look for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from site_builder.library.problems import Problem
from site_builder.library.text_files import INVISIBLE_SPACES, misplaced_space_problem

MAX_BRACKETS = 500  # brackets in a whole file; as deep as C may go
# where YAML wants a usual space or none: before a line's first word, behind its dash, before and behind a field's colon
MISPLACED_SPACE = re.compile(
    rf"^ *(?:- +)*-?([{INVISIBLE_SPACES}])"
    rf"|^ *(?:- +)*[\"']?[\w$-]+[\"']?([{INVISIBLE_SPACES}])*:([{INVISIBLE_SPACES}]| *$)"
    rf"|[{{,] *[\w-]+:([{INVISIBLE_SPACES}])",
    re.MULTILINE,
)
CURLY_IN_A_ROW = re.compile(r"(?:^ *(?:- +)*(?:[\w-]+: +)?|[\[{,] *[\w-]+: +)[“”„«‘‚‹](?!n\b)")
APOSTROPHE_N = re.compile(r"""^(?:[^"\n]|"[^"\n]*")*?(?:-[ ]+|:[ ]+|[\[{,][ ]*)('n)\s""", re.MULTILINE)


def syntax_problem(error: yaml.MarkedYAMLError, text: str, path: Path, first_line: int) -> Problem:
    """What keeps the YAML from being read, at the line where an editor will look for it."""
    mark = error.problem_mark or error.context_mark
    at = mark.line if mark else 0
    if match := APOSTROPHE_N.search(text):
        line = text.count("\n", 0, match.start(1))
        if line <= at:
            hint = 'put the words between double quotes: "\'n prop"'
            return Problem(path, first_line + line, "this 'n opens a quote that does not close", hint)
    for match in MISPLACED_SPACE.finditer(text):
        sign = next((group for group in match.groups() if group), "")
        if sign.strip(" ") and (line := text.count("\n", 0, match.end())) <= at + 1:
            return misplaced_space_problem(path, first_line + line, sign)
    if (opened := unclosed_quote_line(error, text, at)) is not None:
        hint = "close it; a quote within quotes is written twice"
        return Problem(path, first_line + opened, "a quote opens here and does not close", hint)
    if (bracket := open_bracket(text)) and bracket.line <= at:
        hint = f"close it with '{CLOSES[bracket.sign]}'; words that begin with a bracket stand between quotes"
        return Problem(path, first_line + bracket.line, f"a '{bracket.sign}' opens here and does not close", hint)
    hint = yaml_hint(error)
    if CURLY_IN_A_ROW.search(text.split("\n")[at] if at <= text.count("\n") else ""):
        hint = 'curly quotes are letters to YAML: write straight ones ("…")'
    return Problem(path, first_line + at, f"this YAML does not parse: {error.problem or error.context}", hint)


CLOSES = {"[": "]", "{": "}"}


@dataclass(frozen=True)
class Bracket:
    """One that opens, where `line` counts from 0 and `indent` is of that line."""

    sign: str
    line: int
    indent: int


def open_bracket(text: str) -> Bracket | None:
    """The first bracket that nobody closed: YAML goes on in it, and gives up some lines below.

    It is not closed where another one closes in its place, where the text ends, or where a new row begins further left without
    a comma before it.
    """
    if text.count("[") + text.count("{") > MAX_BRACKETS:  # here PyYAML takes long
        return None
    rows = text.split("\n")
    opened: list[Bracket] = []
    last: yaml.Token | None = None
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            line, column = token.start_mark.line, token.start_mark.column
            indent = len(rows[line]) - len(rows[line].lstrip(" ")) if line < len(rows) else 0
            if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                opened.append(Bracket("[" if isinstance(token, yaml.FlowSequenceStartToken) else "{", line, indent))
            elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
                sign = "[" if isinstance(token, yaml.FlowSequenceEndToken) else "{"
                if not opened or opened[-1].sign != sign:
                    return opened[-1] if opened else None
                opened.pop()
            elif opened and isinstance(token, yaml.KeyToken | yaml.BlockEntryToken):
                goes_on = isinstance(last, yaml.FlowEntryToken | yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken)
                if column == indent <= opened[-1].indent and line > opened[-1].line and not goes_on:
                    return opened[-1]
            last = token
    except yaml.MarkedYAMLError:
        return None
    return opened[-1] if opened else None


def unclosed_quote_line(error: yaml.MarkedYAMLError, text: str, at: int) -> int | None:
    """The line of a quote that nobody closed: it runs on to the next quote, many lines below, and there YAML gives up."""
    if text.count("[") + text.count("{") > MAX_BRACKETS:  # here PyYAML takes long
        return None
    open_mark = error.context_mark if error.context == "while scanning a quoted scalar" else None
    last = open_mark.line if open_mark else at
    last_quoted: yaml.ScalarToken | None = None
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if token.start_mark.line > last:
                break
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                last_quoted = token
                if token.end_mark.line > token.start_mark.line and token.end_mark.line == at:
                    return int(token.start_mark.line)
    except yaml.MarkedYAMLError as stopped:
        if stopped.context == "while scanning a quoted scalar" and stopped.context_mark:
            runs_on = last_quoted is not None and last_quoted.end_mark.line > last_quoted.start_mark.line
            return int(last_quoted.start_mark.line if last_quoted is not None and runs_on else stopped.context_mark.line)
    return None


COLUMN_HINT = "what belongs together begins in one column: look for a space too many or too few"
YAML_HINTS = {  # what YAML says: what an editor can do
    "mapping values are not allowed": "put words that hold a colon between quotes",
    "'\\t'": "indent with spaces, not tabs",
    "cannot start any token": "put words that begin with a sign between quotes",
    "undefined alias": "put words that begin with * or & between quotes",
    "alphabetic or numeric character": "put words that begin with * or & between quotes",
    "could not determine a constructor": "put it between quotes",
    "unhashable": "put words that begin with a bracket between quotes",
    "brackets within brackets": "close the brackets that were opened",
    "another document": "a line '---' stands only before and after the front matter",
    "expected ',' or": "look for a missing comma, quote or bracket just before",
    "'<block sequence start>'": COLUMN_HINT,
    "'<block mapping start>'": COLUMN_HINT,
    "flow": "look for a missing comma, quote or bracket just before",
}


def yaml_hint(error: yaml.MarkedYAMLError) -> str:
    message = f"{error.problem} {error.context}"
    return next(
        (hint for part, hint in YAML_HINTS.items() if part in message), "look for a missing quote, colon or space just before"
    )
