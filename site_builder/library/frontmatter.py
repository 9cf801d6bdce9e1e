"""YAML as people write it: values, the line of each, and what does not fit the model in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from site_builder.library.problems import Problem, did_you_mean

Where = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class NotReadable(Exception):
    """The file is not what it should be; carries the one problem that says so."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


class Loader(yaml.SafeLoader):
    """Safe YAML in which a date stays a word (the model reads dates) and unknown tags (`!ENV`) are passed over."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same, written in C where PyYAML has that: thousands of how-tos are read in seconds."""


FastLoader.yaml_implicit_resolvers = Loader.yaml_implicit_resolvers
for each in (Loader, FastLoader):
    each.add_multi_constructor("!", lambda loader, suffix, node: None)
    each.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)


def loader_of(text: str) -> Loader | FastLoader:
    """The fast one; for a text that does not parse the other, which says better why."""
    try:
        yaml.compose(text, Loader=FastLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return Loader(text)
    return FastLoader(text)


def read_text(path: Path) -> str:
    """The file's text. Raises NotReadable at the line of the first byte that is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        byte = data[error.start]
        raise NotReadable(
            Problem(path, line, f"this is not UTF-8 text (byte 0x{byte:02x})", "save the file as UTF-8 in your editor")
        ) from None


def split(text: str, path: Path) -> tuple[str, str]:
    """Front matter and body. Raises NotReadable without the two `---` lines."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != "---":
        raise NotReadable(Problem(path, 1, "no front matter", "start the file with a line '---'; see 'site-builder new'"))
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]) + "\n", "\n".join(lines[number + 1 :])
    raise NotReadable(Problem(path, 1, "the front matter does not end", "close it with a line '---'"))


def load(text: str, path: Path, first_line: int = 1) -> tuple[dict[str, Any], dict[Where, int], list[Problem]]:
    """Values of a YAML mapping, the line of each, and keys given twice. `first_line` is where the text begins in the file.

    Raises NotReadable, at its line, when the YAML does not parse or is no mapping.
    """
    loader = loader_of(text)
    try:
        node = loader.get_single_node()
        lines: dict[Where, int] = {}
        twice = list(note_lines(node, (), first_line, lines, path)) if node else []
        values = loader.construct_document(node) if node else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else first_line
        message = f"this YAML does not parse: {error.problem or error.context}"
        raise NotReadable(Problem(path, line, message, yaml_hint(error))) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotReadable(Problem(path, first_line, f"this YAML does not parse: {error}".split("\n")[0])) from None
    finally:
        loader.dispose()
    if not isinstance(values, dict):
        raise NotReadable(Problem(path, first_line, "expected 'field: value' lines"))
    return values, lines, twice


def yaml_hint(error: yaml.MarkedYAMLError) -> str:
    said = f"{error.problem} {error.context}"
    if "mapping values are not allowed" in said:
        return "put words that hold a colon between quotes"
    if "'\\t'" in said or "tab" in said:
        return "indent with spaces, not tabs"
    if "expected ',' or" in said or "flow" in said:
        return "look for a missing comma, quote or bracket just before"
    return "look for a missing quote, colon or space just before"


def note_lines(node: yaml.Node, where: Where, first: int, lines: dict[Where, int], path: Path) -> list[Problem]:
    """Fill `lines`; return a problem for each key that stands twice in one mapping."""
    twice: list[Problem] = []
    stack: list[tuple[yaml.Node, Where]] = [(node, where)]
    lines[where] = first + node.start_mark.line
    seen: set[int] = set()
    while stack:
        node, where = stack.pop()
        if id(node) in seen:  # an alias: its lines are known
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                line = first + key.start_mark.line
                inner = (*where, str(key.value))
                if inner in lines:
                    twice.append(Problem(path, line, f"'{key.value}' is given twice", f"also on line {lines[inner]}"))
                lines[inner] = line
                stack.append((value, inner))
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                lines[(*where, index)] = first + item.start_mark.line
                stack.append((item, (*where, index)))
    return twice


def line_of(lines: Mapping[Where, int], where: Where) -> int:
    """The line of `where`, or of the nearest thing around it."""
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)


def fit(
    model: type[Model], values: Mapping[str, Any], lines: Mapping[Where, int], path: Path
) -> tuple[Model | None, list[Problem]]:
    """The values as the model, or None and every problem that keeps them from it."""
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        return None, [in_words(e, model, lines, path) for e in error.errors(include_url=False)]


def in_words(error: ErrorDetails, model: type[BaseModel], lines: Mapping[Where, int], path: Path) -> Problem:
    """A pydantic error as an editor's problem."""
    where: Where = error["loc"]
    line = line_of(lines, where)
    name = spoken(where)
    given = error.get("input")
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            known = fields_at(model, where[:-1])
            word = str(where[-1])
            inside = f" in {spoken(where[:-1])}" if where[:-1] else ""
            return Problem(
                path, line, f"unknown field '{word}'{inside}", did_you_mean(word, known, f"known: {', '.join(known)}")
            )
        case "missing":
            inside = f" in {spoken(where[:-1])}" if where[:-1] else ""
            hint = explained(model, where)
            return Problem(path, line, f"missing field '{where[-1]}'{inside}", hint)
        case "string_too_long":
            long = len(given) if isinstance(given, str) else "?"
            return Problem(
                path, line, f"{name} has {long} characters, {context['max_length']} are allowed", "say it in fewer words"
            )
        case "string_too_short":
            return Problem(path, line, f"{name} is empty", "write it, or leave the line out if it is optional")
        case "too_long" | "too_short":
            wanted = context.get("max_length", context.get("min_length"))
            least = "at most" if error["type"] == "too_long" else "at least"
            return Problem(path, line, f"{name} has {context.get('actual_length')} entries, {least} {wanted} are needed")
        case "literal_error":
            return Problem(path, line, f"{name} is {shown(given)}", f"one of {str(context['expected']).replace(' or ', ', ')}")
        case "string_pattern_mismatch":
            return Problem(path, line, f"{name} is {shown(given)}, which has not the right form", pattern_hint(where, context))
        case "string_type" | "tuple_type" | "model_type" | "dict_type" | "model_attributes_type":
            kind = {"string_type": "words", "tuple_type": "a list", "dict_type": "fields"}.get(error["type"], "fields")
            hint = "put it between quotes" if kind == "words" and isinstance(given, int | float) else ""
            if kind == "words" and isinstance(given, dict):
                hint = "put words that hold a colon between quotes"
            return Problem(path, line, f"{name} should be {kind}, not {shown(given)}", hint)
        case "time_delta_parsing" | "time_delta_type":
            return Problem(path, line, f"{name} is {shown(given)}, not a duration", "such as PT10M, PT2H30M or P1D")
        case "date_from_datetime_parsing" | "date_parsing" | "date_type" | "date_from_datetime_inexact":
            return Problem(path, line, f"{name} is {shown(given)}, not a date", "such as 2026-11-21")
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return Problem(path, line, f"{name} is {shown(given)}: {error['msg'].lower().replace('input ', 'it ')}")
        case kind if kind.endswith(("_type", "_parsing")):
            wanted = {"float": "a number", "int": "a whole number", "bool": "true or false"}
            what = wanted.get(kind.split("_")[0], kind.replace("_", " "))
            return Problem(path, line, f"{name} should be {what}, not {shown(given)}")
        case _:
            return Problem(path, line, f"{name}: {error['msg'].removeprefix('Value error, ')}")


def spoken(where: Where) -> str:
    """A place in the words an editor uses: `step 3 'text'`, `'video.master'`."""
    if len(where) >= 2 and isinstance(where[1], int):
        one = {"steps": "step", "materials": "material", "tools": "tool", "mistakes": "mistake"}.get(str(where[0]), where[0])
        rest = f" '{'.'.join(map(str, where[2:]))}'" if where[2:] else ""
        return f"{one} {where[1] + 1}{rest}"
    return f"'{'.'.join(map(str, where))}'" if where else "the file"


def shown(given: Any) -> str:
    text = "empty" if given is None else f"'{given}'"
    return text if len(text) <= 60 else f"{text[:57]}…'"


def pattern_hint(where: Where, context: Mapping[str, Any]) -> str:
    hints = {
        "slug": "small letters, digits and single hyphens: wire-a-plug",
        "formerly": "small letters, digits and single hyphens: wire-a-plug",
        "related": "small letters, digits and single hyphens: wire-a-plug",
        "id": "small letters, digits and single hyphens: tighten-clamp",
        "lang": "a language tag: en, af, zu",
        "version": "three numbers: 1.0.0",
        "translates": "three numbers: 1.0.0",
        "code": "2 to 4 of 23456789abcdefghjkmnpqrstuvwxyz (no 0, 1, i, l, o)",
        "review_every": "such as P12M",
    }
    names = [str(w) for w in where if not isinstance(w, int)]
    return hints.get(names[-1] if names else "", f"pattern {context.get('pattern')}")


def fields_at(model: type[BaseModel], where: Where) -> list[str]:
    """Names that may stand at a place of the model."""
    inner = model_at(model, where)
    return [field.alias or name for name, field in inner.model_fields.items()] if inner else []


def model_at(model: type[BaseModel], where: Where) -> type[BaseModel] | None:
    found: type[BaseModel] | None = model
    for name in where:
        if isinstance(name, int) or found is None:
            continue
        field = found.model_fields.get(str(name))
        found = first_model(field.annotation) if field else None
    return found


def first_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        if found := first_model(inner):
            return found
    return None


def explained(model: type[BaseModel], where: Where) -> str:
    inner = model_at(model, where[:-1])
    field = inner.model_fields.get(str(where[-1])) if inner else None
    return (field.description or "") if field else ""
