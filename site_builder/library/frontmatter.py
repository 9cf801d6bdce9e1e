"""YAML as people write it: values, the line of each, and where it cannot be read."""

from __future__ import annotations

import marshal
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from site_builder.library.problems import Problem
from site_builder.memo import Memo

FieldPath = tuple[str | int, ...]

RECIPE = 1  # raise it when something is told of front matter in which nothing was wrong before
MAX_FLOW_DEPTH = 50  # brackets within brackets
MAX_BRACKETS = 500  # brackets in a whole file; as deep as C may go
DEEPLY_NESTED = re.compile(r"^ {100}|^ *(?:[-?] +){20}", re.MULTILINE)
MAX_VALUES = 100_000  # values in one file, what its aliases repeat counted each time: a few lines could stand for billions
MAX_FILE_BYTES = 5_000_000  # bytes of a file that is read as text
MAX_FRONT_MATTER_CHARACTERS = 100_000  # characters of a front matter: some take a parser's time with the square of their length
# Embeddings, overrides and isolates: they turn what follows them, in lists, feeds and messages too. Plain marks (U+200E,
# U+200F, U+061C) turn nothing but themselves, and people who write Arabic need them.
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# control characters, separators that YAML and browsers count as lines, and signs that turn the words behind them round
CONTROL_CHARACTERS = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]|{BIDI_CONTROLS.pattern}")
INVISIBLE_SPACES = "\u00a0\u00ad\u1680\u180e\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"  # looks like a space, or like nothing
# where YAML wants a usual space or none: before a line's first word, behind its dash, before and behind a field's colon
MISPLACED_SPACE = re.compile(
    rf"^ *(?:- +)*-?([{INVISIBLE_SPACES}])"
    rf"|^ *(?:- +)*[\"']?[\w$-]+[\"']?([{INVISIBLE_SPACES}])*:([{INVISIBLE_SPACES}]| *$)"
    rf"|[{{,] *[\w-]+:([{INVISIBLE_SPACES}])",
    re.MULTILINE,
)
INVISIBLE_CHARACTERS = re.compile(rf"[{INVISIBLE_SPACES}\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
MISPLACED_SPACE_IN_KEY = re.compile(rf"^[{INVISIBLE_SPACES}]|[{INVISIBLE_SPACES}]$|:[{INVISIBLE_SPACES}]")
# Quotes of a word processor round a whole value, which are letters to YAML; none of their kind within, where they are its own.
CURLY = re.compile(r"""[“”„«][^“”„«»"]+[“”"»]|[‘‚‹](?!n\b)[^‘‚‹›]+[’‘›]""")
CURLY_IN_A_ROW = re.compile(r"(?:^ *(?:- +)*(?:[\w-]+: +)?|[\[{,] *[\w-]+: +)[“”„«‘‚‹](?!n\b)")
APOSTROPHE_N = re.compile(r"""^(?:[^"\n]|"[^"\n]*")*?(?:-[ ]+|:[ ]+|[\[{,][ ]*)('n)\s""", re.MULTILINE)


class NotReadable(Exception):
    """The file is not what it should be; carries the one problem that says so."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


class FrontMatterLoader(yaml.SafeLoader):
    """Safe YAML in which a date stays a word (the model reads dates)."""

    accepts_tags = False  # `!name` before a value

    def fetch_flow_collection_start(self, token_class: Any) -> None:
        if self.flow_level >= MAX_FLOW_DEPTH:
            said = f"more than {MAX_FLOW_DEPTH} brackets within brackets"
            raise yaml.scanner.ScannerError(None, None, said, self.get_mark())
        super().fetch_flow_collection_start(token_class)


class FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same in C where PyYAML was built with it: a tenth of the time. It counts no depth, so `compose_node` looks before."""


FrontMatterLoader.yaml_implicit_resolvers = FastLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for start in ("!", "tag:yaml.org,2002:python/"):
    FrontMatterLoader.add_multi_constructor(start, lambda loader, suffix, node: None)
STANDARD_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map", "merge", "value")
}


def read_text(path: Path) -> str:
    """The file's text, lines ending in one newline, letters in their composed form (NFC): as one types a name, and as a disk
    has it, are then the same. Raises NotReadable where it is no text: not UTF-8, a control character, or far too long.
    """
    try:
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            said = f"this file has {size / 1e6:,.1f} MB, {MAX_FILE_BYTES / 1e6:g} are allowed"
            raise NotReadable(Problem(path, 1, said, "is it text at all?"))
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise NotReadable(Problem(path, 1, f"this file cannot be read: {(error.strerror or str(error)).lower()}")) from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        said = f"this is not UTF-8 text (byte 0x{data[error.start]:02x})"
        raise NotReadable(Problem(path, line, said, "save the file as UTF-8 in your editor")) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := CONTROL_CHARACTERS.search(text):
        raise NotReadable(control_character_problem(path, text.count("\n", 0, found.start()) + 1, found[0]))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def control_character_problem(path: Path, line: int, found: str) -> Problem:
    """Such characters come from broken copies. They steer terminals, and pages and leaflets cannot show them."""
    if BIDI_CONTROLS.match(found):
        turned = f"this line holds a sign that turns the direction of text ({character_name(found)})"
        return Problem(path, line, turned, "delete it: words find their own direction, Arabic ones too")
    code = f"0x{ord(found):02x}" if found < "\u0100" else character_name(found)
    said = f"this line holds a control character ({code})"
    return Problem(path, line, said, "delete it, or type the words again")


def character_name(sign: str) -> str:
    """`no-break space, U+00A0`"""
    return f"{unicodedata.name(sign, 'a sign').lower()}, U+{ord(sign):04X}"


def misplaced_space_problem(path: Path, line: int, sign: str) -> Problem:
    """Such signs come from web pages and word processors. YAML takes them for letters."""
    known = {"\u00a0": "a no-break space", "\ufeff": "a byte order mark"}
    name = known.get(sign, f"a sign that cannot be seen ({unicodedata.name(sign, '?').lower()})" if sign.isspace() is False
                     else f"a space of another kind ({unicodedata.name(sign, '?').lower()})")  # fmt: skip
    hint = "type a usual space in its place" if sign.isspace() else "delete it, and what stands between the letters beside it"
    return Problem(path, line, f"{name} (U+{ord(sign):04X}) stands here", hint)


def split_front_matter(text: str, path: Path) -> tuple[str, str]:
    """Front matter and body. Raises NotReadable without the two `---` lines, or with far too much between them."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise NotReadable(missing_front_matter_problem(lines, path))
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            head = "\n".join(lines[1:number]) + "\n"
            if len(head) > MAX_FRONT_MATTER_CHARACTERS:
                said = f"the front matter has {len(head):,} characters, {MAX_FRONT_MATTER_CHARACTERS:,} are allowed"
                raise NotReadable(Problem(path, 1, said, "words for the page stand below it"))
            return head, "\n".join(lines[number + 1 :])
    raise NotReadable(Problem(path, 1, "the front matter does not end", "close it with a line '---'"))


def missing_front_matter_problem(lines: list[str], path: Path) -> Problem:
    hint = "start the file with a line '---'; see 'site-builder new'"
    at = next((number for number, line in enumerate(lines) if line.strip()), 0)
    first = lines[at]
    if found := re.match(rf"[{INVISIBLE_SPACES}]", first):
        return misplaced_space_problem(path, at + 1, found[0])
    if re.fullmatch(r"\s*[-‐‑‒–—―−]+\s*", first):
        hint = "write it as three hyphens, at the very start of the file: ---"
    return Problem(path, at + 1 if first.strip() else 1, "no front matter", hint)


def load_yaml(
    text: str, path: Path, first_line: int = 1, loader: type[FrontMatterLoader] = FrontMatterLoader
) -> tuple[dict[str, Any], dict[FieldPath, int], list[Problem]]:
    """Values of a YAML mapping, the line of each, and keys given twice. `first_line` is where the text begins in the file.

    Raises NotReadable, at its line, when the YAML does not parse or is no mapping.
    """
    try:
        reader = loader(text)
        node = compose_node(text, reader)
        lines: dict[FieldPath, int] = {}
        twice = list(record_lines(node, (), first_line, lines, path, loader.accepts_tags)) if node else []
        if node and may_exceed_limit(text) and count_values(node, {}) > MAX_VALUES:
            hint = "look at its aliases (*name)"
            raise NotReadable(Problem(path, first_line, f"more than {MAX_VALUES:,} values in one file", hint))
        values = construct_values(node, reader, path, first_line) if node else {}
    except yaml.MarkedYAMLError as error:
        raise NotReadable(syntax_problem(error, text, path, first_line)) from None
    except RecursionError:
        raise NotReadable(Problem(path, first_line, "this YAML does not parse: lists within lists, too deep")) from None
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        raise NotReadable(Problem(path, line, f"YAML has no character U+{error.character:04X}", "delete it")) from None
    if not isinstance(values, dict):
        raise NotReadable(Problem(path, first_line, "expected 'field: value' lines"))
    return values, lines, twice


def construct_values(node: yaml.Node, reader: FrontMatterLoader, path: Path, first_line: int) -> Any:
    """The values. Raises NotReadable at the one that is not what it says: a number with thousands of digits, `!!int many`."""
    try:
        return reader.construct_document(node)
    except CONSTRUCTION_ERRORS:
        again = type(reader)("")  # the other has stopped in the middle
        for scalar in scalar_nodes(node):
            try:
                again.construct_object(scalar)
            except CONSTRUCTION_ERRORS as error:
                said = str(error).split(";")[0].lower() if isinstance(error, ValueError) else "not what its tag says"
                line = first_line + scalar.start_mark.line
                raise NotReadable(Problem(path, line, f"this YAML does not parse: {said}", "put it between quotes")) from None
        raise


CONSTRUCTION_ERRORS = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)


def scalar_nodes(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    stack, seen = [node], set()
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            stack += child_nodes(node)
            if isinstance(node, yaml.ScalarNode):
                yield node


def compose_node(text: str, reader: FrontMatterLoader) -> yaml.Node | None:
    """The text's tree: read quickly where it is surely flat, and slowly where something is wrong, for the better words."""
    if text.count("[") + text.count("{") <= MAX_BRACKETS and not DEEPLY_NESTED.search(text):
        try:
            node: yaml.Node | None = FastLoader(text).get_single_node()
            return node
        except yaml.YAMLError:
            pass
    return reader.get_single_node()


def load_memoised(
    text: str, path: Path, first_line: int, shelf: Memo
) -> tuple[dict[str, Any], dict[FieldPath, int], list[Problem]]:
    """As `load_yaml`; front matter in which nothing is wrong is read once, and then remembered."""
    fresh: list[tuple[dict[str, Any], dict[FieldPath, int], list[Problem]]] = []

    def read() -> bytes | None:
        values, lines, problems = load_yaml(text, path, first_line)
        fresh.append((values, lines, problems))
        try:
            return None if problems else marshal.dumps((values, lines))
        except ValueError:  # it holds what is no plain value: `!!set`
            return None

    made_by = f"{RECIPE} {sys.version} {yaml.__version__} {first_line}".encode()  # marshal is one Python's own, and quick
    found = shelf.get("front matter", text.encode(), read, made_by)
    if fresh or found is None:
        return fresh[0]
    values, lines = marshal.loads(found)  # noqa: S302 - our own cache, and it holds no code
    return values, lines, []


def may_exceed_limit(text: str) -> bool:
    """Whether it may hold too many values: each takes a letter or so, unless an alias repeats it."""
    return "*" in text or len(text) >= MAX_VALUES


def count_values(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a node holds, an alias counted as often as it stands; too many where a node stands within itself."""
    if id(node) not in known:
        known[id(node)] = MAX_VALUES + 1  # while it is being counted
        known[id(node)] = 1 + sum(count_values(inner, known) for inner in child_nodes(node))
    return known[id(node)]


def child_nodes(node: yaml.Node) -> Iterable[yaml.Node]:
    match node:
        case yaml.MappingNode():
            return [part for pair in node.value for part in pair]
        case yaml.SequenceNode():
            return list(node.value)
    return ()


def syntax_problem(error: yaml.MarkedYAMLError, text: str, path: Path, first_line: int) -> Problem:
    """What keeps the YAML from being read, at the line where an editor will look for it."""
    mark = error.problem_mark or error.context_mark
    at = mark.line if mark else 0
    if found := APOSTROPHE_N.search(text):
        line = text.count("\n", 0, found.start(1))
        if line <= at:
            hint = 'put the words between double quotes: "\'n prop"'
            return Problem(path, first_line + line, "this 'n opens a quote that does not close", hint)
    for found in MISPLACED_SPACE.finditer(text):
        sign = next((group for group in found.groups() if group), "")
        if sign.strip(" ") and (line := text.count("\n", 0, found.end())) <= at + 1:
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
    opened = error.context_mark if error.context == "while scanning a quoted scalar" else None
    last = opened.line if opened else at
    quoted: yaml.ScalarToken | None = None
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if token.start_mark.line > last:
                break
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                quoted = token
                if token.end_mark.line > token.start_mark.line and token.end_mark.line == at:
                    return int(token.start_mark.line)
    except yaml.MarkedYAMLError as stopped:
        if stopped.context == "while scanning a quoted scalar" and stopped.context_mark:
            runs_on = quoted is not None and quoted.end_mark.line > quoted.start_mark.line
            return int(quoted.start_mark.line if quoted is not None and runs_on else stopped.context_mark.line)
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
    said = f"{error.problem} {error.context}"
    return next(
        (hint for part, hint in YAML_HINTS.items() if part in said), "look for a missing quote, colon or space just before"
    )


def record_lines(
    node: yaml.Node, where: FieldPath, first: int, lines: dict[FieldPath, int], path: Path, takes_tags: bool = False
) -> list[Problem]:
    """Fill `lines`; a problem for each key that stands twice in one mapping, each tag, and curly quotes round values."""
    wrong: list[Problem] = []
    stack: list[tuple[yaml.Node, FieldPath]] = [(node, where)]
    lines[where] = first + node.start_mark.line
    seen: set[int] = set()
    while stack:
        node, where = stack.pop()
        if id(node) in seen:  # an alias: its lines are known
            continue
        seen.add(id(node))
        if not takes_tags and node.tag not in STANDARD_TAGS:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            said = f"YAML's '{tag}' does not stand here: words, numbers, lists and fields do"
            wrong.append(Problem(path, first + node.start_mark.line, said, "put words that begin with ! between quotes"))
        if isinstance(node, yaml.ScalarNode) and (found := CONTROL_CHARACTERS.search(node.value)):  # written as "\\e"
            raise NotReadable(control_character_problem(path, first + node.start_mark.line, found[0]))
        if isinstance(node, yaml.ScalarNode) and not node.style and CURLY.fullmatch(node.value):
            said = f"curly quotes ({node.value[0]}…{node.value[-1]}) stand round these words, and are shown with them"
            hint = f'write straight quotes, or none: "{node.value[1:-1].strip()}"'
            wrong.append(Problem(path, first + node.start_mark.line, said, hint, warning=True))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                line = first + key.start_mark.line
                inner = (*where, name := str(key.value))
                if found := MISPLACED_SPACE_IN_KEY.search(name):
                    raise NotReadable(misplaced_space_problem(path, line, found[0].lstrip(":")))
                if inner in lines:
                    wrong.append(Problem(path, line, f"'{key.value}' is given twice", f"also on line {lines[inner]}"))
                lines[inner] = line
                stack.append((value, inner))
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                lines[(*where, index)] = first + item.start_mark.line
                stack.append((item, (*where, index)))
    return wrong


def line_of(lines: Mapping[FieldPath, int], where: FieldPath) -> int:
    """The line of `where`, or of the nearest thing around it."""
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)
