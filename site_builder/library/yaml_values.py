"""YAML as people write it: values, and the line of each."""

from __future__ import annotations

import marshal
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from site_builder.library.problems import Problem
from site_builder.library.text_files import (
    CONTROL_CHARACTERS,
    INVISIBLE_SPACES,
    NotReadable,
    control_character_problem,
    misplaced_space_problem,
)
from site_builder.library.yaml_errors import MAX_BRACKETS, syntax_problem
from site_builder.memo import Memo

FieldPath = tuple[str | int, ...]
RECIPE = 1  # raise it when something is told of front matter in which nothing was wrong before
MAX_FLOW_DEPTH = 50  # brackets within brackets
DEEPLY_NESTED = re.compile(r"^ {100}|^ *(?:[-?] +){20}", re.MULTILINE)
MAX_VALUES = 100_000  # values in one file, what its aliases repeat counted each time: a few lines could stand for billions
MISPLACED_SPACE_IN_KEY = re.compile(rf"^[{INVISIBLE_SPACES}]|[{INVISIBLE_SPACES}]$|:[{INVISIBLE_SPACES}]")
# Quotes of a word processor round a whole value, which are letters to YAML; none of their kind within, where they are its own.
CURLY = re.compile(r"""[“”„«][^“”„«»"]+[“”"»]|[‘‚‹](?!n\b)[^‘‚‹›]+[’‘›]""")


class FrontMatterLoader(yaml.SafeLoader):
    """Safe YAML in which a date stays a word (the model reads dates)."""

    accepts_tags = False  # `!name` before a value

    def fetch_flow_collection_start(self, token_class: Any) -> None:
        if self.flow_level >= MAX_FLOW_DEPTH:
            message = f"more than {MAX_FLOW_DEPTH} brackets within brackets"
            raise yaml.scanner.ScannerError(None, None, message, self.get_mark())
        super().fetch_flow_collection_start(token_class)


class FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """libyaml's loader where PyYAML was built with it, ten times as fast.

    It limits no nesting, so compose_node uses it only for text with at most MAX_BRACKETS brackets.
    """


FrontMatterLoader.yaml_implicit_resolvers = FastLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for start in ("!", "tag:yaml.org,2002:python/"):
    FrontMatterLoader.add_multi_constructor(start, lambda loader, suffix, node: None)
STANDARD_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map", "merge", "value")
}


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
        duplicate_keys = list(record_lines(node, (), first_line, lines, path, loader.accepts_tags)) if node else []
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
    return values, lines, duplicate_keys


def construct_values(node: yaml.Node, reader: FrontMatterLoader, path: Path, first_line: int) -> Any:
    """The values. Raises NotReadable at the one that is not what it says: a number with thousands of digits, `!!int many`."""
    try:
        return reader.construct_document(node)
    except CONSTRUCTION_ERRORS:
        second_loader = type(reader)("")  # the other has stopped in the middle
        for scalar in scalar_nodes(node):
            try:
                second_loader.construct_object(scalar)
            except CONSTRUCTION_ERRORS as error:
                message = str(error).split(";")[0].lower() if isinstance(error, ValueError) else "not what its tag says"
                line = first_line + scalar.start_mark.line
                raise NotReadable(
                    Problem(path, line, f"this YAML does not parse: {message}", "put it between quotes")
                ) from None
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
    """The YAML node tree: by FastLoader if nesting is bounded, by the Python loader if that fails, for its better error
    messages.
    """
    if text.count("[") + text.count("{") <= MAX_BRACKETS and not DEEPLY_NESTED.search(text):
        try:
            node: yaml.Node | None = FastLoader(text).get_single_node()
            return node
        except yaml.YAMLError:
            pass
    return reader.get_single_node()


def load_memoised(
    text: str, path: Path, first_line: int, memo: Memo
) -> tuple[dict[str, Any], dict[FieldPath, int], list[Problem]]:
    """As load_yaml; front matter without problems is parsed once, and then taken from the memo."""
    parsed_now: list[tuple[dict[str, Any], dict[FieldPath, int], list[Problem]]] = []

    def parse() -> bytes | None:
        values, lines, problems = load_yaml(text, path, first_line)
        parsed_now.append((values, lines, problems))
        try:
            return None if problems else marshal.dumps((values, lines))
        except ValueError:  # it holds what is no plain value: `!!set`
            return None

    made_by = f"{RECIPE} {sys.version} {yaml.__version__} {first_line}".encode()  # marshal is one Python's own, and quick
    memoised = memo.get("front matter", text.encode(), parse, made_by)
    if parsed_now or memoised is None:
        return parsed_now[0]
    values, lines = marshal.loads(memoised)  # noqa: S302 - our own cache, and it holds no code
    return values, lines, []


def may_exceed_limit(text: str) -> bool:
    """Cheap test before counting: only long text or aliases (`*`) can exceed MAX_VALUES."""
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


def record_lines(
    node: yaml.Node, where: FieldPath, first: int, lines: dict[FieldPath, int], path: Path, takes_tags: bool = False
) -> list[Problem]:
    """Fill `lines`; a problem for each key that stands twice in one mapping, each tag, and curly quotes round values."""
    problems: list[Problem] = []
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
            message = f"YAML's '{tag}' does not stand here: words, numbers, lists and fields do"
            problems.append(Problem(path, first + node.start_mark.line, message, "put words that begin with ! between quotes"))
        if isinstance(node, yaml.ScalarNode) and (match := CONTROL_CHARACTERS.search(node.value)):  # written as "\\e"
            raise NotReadable(control_character_problem(path, first + node.start_mark.line, match[0]))
        if isinstance(node, yaml.ScalarNode) and not node.style and CURLY.fullmatch(node.value):
            message = f"curly quotes ({node.value[0]}…{node.value[-1]}) stand round these words, and are shown with them"
            hint = f'write straight quotes, or none: "{node.value[1:-1].strip()}"'
            problems.append(Problem(path, first + node.start_mark.line, message, hint, warning=True))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                line = first + key.start_mark.line
                inner = (*where, name := str(key.value))
                if match := MISPLACED_SPACE_IN_KEY.search(name):
                    raise NotReadable(misplaced_space_problem(path, line, match[0].lstrip(":")))
                if inner in lines:
                    problems.append(Problem(path, line, f"'{key.value}' is given twice", f"also on line {lines[inner]}"))
                lines[inner] = line
                stack.append((value, inner))
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                lines[(*where, index)] = first + item.start_mark.line
                stack.append((item, (*where, index)))
    return problems


def line_of(lines: Mapping[FieldPath, int], where: FieldPath) -> int:
    """The line of `where`, or of the nearest thing around it."""
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)
