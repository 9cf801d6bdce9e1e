"""Values held against the model; what does not fit is told in an editor's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from site_builder.library import text_files
from site_builder.library.field_types import CODE_ALPHABET
from site_builder.library.problems import Problem, did_you_mean
from site_builder.library.yaml_values import FieldPath, line_of

ModelType = TypeVar("ModelType", bound=BaseModel)

PYDANTIC_KEY = "[key]"  # pydantic's last word where a key does not fit


def validate(
    model: type[ModelType], values: Mapping[str, Any], lines: Mapping[FieldPath, int], path: Path
) -> tuple[ModelType | None, list[Problem]]:
    """The values as the model, or None and every problem that keeps them from it."""
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
        return None, [to_problem(detail, model, lines, path) for detail in errors if not is_consequence(detail)]


def invalid_fields(model: type[BaseModel], values: Mapping[str, Any]) -> set[str]:
    """Fields at the top in which something is wrong or missing."""
    try:
        model.model_validate(values)
    except ValidationError as error:
        return {str(detail["loc"][0]) for detail in error.errors(include_url=False) if detail["loc"]}
    return set()


def is_consequence(error: ErrorDetails) -> bool:
    """A list that is too short only because its wrong entries do not count: those are told already."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def to_problem(error: ErrorDetails, model: type[BaseModel], lines: Mapping[FieldPath, int], path: Path) -> Problem:
    """A pydantic error as an editor's problem. What cannot be seen in a value or a name is named."""
    problem = describe_error(error, model, lines, path)
    value = error["loc"][-1] if error["type"] == "extra_forbidden" else error.get("input")
    if (
        isinstance(value, str)
        and error["type"] != "string_too_long"
        and (match := text_files.INVISIBLE_CHARACTERS.search(value))
    ):
        return replace(problem, hint=f"a sign that cannot be seen stands in it ({text_files.character_name(match[0])})")
    return problem


def describe_error(error: ErrorDetails, model: type[BaseModel], lines: Mapping[FieldPath, int], path: Path) -> Problem:
    where: FieldPath = error["loc"]
    line = line_of(lines, where)
    name = field_label(where)
    if where[-1:] == (PYDANTIC_KEY,):  # what is wrong is the name that the editor chose
        where = where[:-2]
        name = f"a name in {field_label(where)}"
    value = error.get("input")
    context = error.get("ctx", {})
    match error["type"]:
        case "wrong":
            return Problem(path, line, f"{name} is {quote_value(value)}, {context['wrong']}", context["hint"])
        case "extra_forbidden":
            known = fields_at(model, where[:-1])
            word = str(where[-1])
            inside = f" in {field_label(where[:-1])}" if where[:-1] else ""
            return Problem(
                path, line, f"unknown field '{word}'{inside}", did_you_mean(word, known, f"known: {', '.join(known)}")
            )
        case "missing":
            inside = f" in {field_label(where[:-1])}" if where[:-1] else ""
            hint = field_description(model, where)
            return Problem(path, line, f"missing field '{where[-1]}'{inside}", hint)
        case "string_too_long":
            length = len(value) if isinstance(value, str) else "?"
            return Problem(
                path, line, f"{name} has {length} characters, {context['max_length']} are allowed", "say it in fewer words"
            )
        case "string_too_short":
            return Problem(path, line, f"{name} is empty", "write it, or leave the line out if it is optional")
        case "too_long" | "too_short":
            limit = context.get("max_length", context.get("min_length"))
            if isinstance(value, str):  # pydantic counts so where a text may also be missing
                most = f"{name} has {len(value)} characters, {limit} are allowed"
                return Problem(path, line, most, "say it in fewer words")
            least = "at most" if error["type"] == "too_long" else "at least"
            return Problem(path, line, f"{name} has {context.get('actual_length')} entries, {least} {limit} are needed")
        case "int_parsing_size":
            return Problem(path, line, f"{name} is {quote_value(value)}")
        case "finite_number":
            return Problem(path, line, f"{name} should be a number that ends, not {quote_value(value)}")
        case "invalid_key":
            return Problem(path, line, f"{name}: a field's name should be words", "put it between quotes")
        case "literal_error":
            return Problem(
                path, line, f"{name} is {quote_value(value)}", f"one of {str(context['expected']).replace(' or ', ', ')}"
            )
        case "string_pattern_mismatch":
            return Problem(
                path, line, f"{name} is {quote_value(value)}, which has not the right form", pattern_hint(where, context)
            )
        case "string_type" | "tuple_type" | "model_type" | "dict_type" | "model_attributes_type":
            kind = {"string_type": "words", "tuple_type": "a list", "dict_type": "fields"}.get(error["type"], "fields")
            hint = "put it between quotes" if kind == "words" and isinstance(value, int | float) else ""
            if kind == "words" and isinstance(value, dict):
                hint = "put words that hold a colon between quotes"
            if kind == "words" and where[-1:] in VERSION_FIELDS:
                hint = pattern_hint(where, {})
            if kind != "words" and isinstance(value, str):
                hint = entry_hint(kind, fields_at(model, where))
            return Problem(path, line, f"{name} should be {kind}, not {quote_value(value)}", hint)
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return Problem(path, line, f"{name} is {quote_value(value)}: {error['msg'].lower().replace('input ', 'it ')}")
        case kind if kind.endswith(("_type", "_parsing")):
            kinds = {"float": "a number", "int": "a whole number", "bool": "true or false"}
            what = kinds.get(kind.split("_")[0], kind.replace("_", " "))
            return Problem(path, line, f"{name} should be {what}, not {quote_value(value)}")
        case _:
            return Problem(path, line, f"{name}: {error['msg'].removeprefix('Value error, ')}")


def entry_hint(kind: str, known: list[str]) -> str:
    """How a list of such entries, or one of them, is written, for whom has written the words alone."""
    entry = f"{{{known[0]}: …}}" if known else "…"
    if kind == "a list":
        return f"one a line, such as - {entry}"
    return f"such as {entry}; known: {', '.join(known)}" if known else ""


VERSION_FIELDS = (("version",), ("translates",))
SINGULAR = {"steps": "step", "materials": "material", "tools": "tool", "mistakes": "mistake", "sources": "source"}


def field_label(where: FieldPath) -> str:
    """A place in the words an editor uses: `step 3 'text'`, `calculator ask 1 'min'`, `'video.master'`."""
    if not where:
        return "the file"
    last = max((at for at, name in enumerate(where) if isinstance(name, int)), default=0)
    if not last:
        return f"'{'.'.join(map(str, where))}'"
    words = [SINGULAR.get(str(name), str(name)) for name in where[:last] if isinstance(name, str)]
    rest = f" '{'.'.join(map(str, where[last + 1 :]))}'" if where[last + 1 :] else ""
    return f"{' '.join(words)} {int(where[last]) + 1}{rest}"


def quote_value(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return f"'{str(value).lower()}'"
        case list() | tuple():
            return "a list"
        case dict() if len(value) == 1 and all(isinstance(part, str) for part in value.values()):
            text = "".join(f"'{name}: {part}'" for name, part in value.items())
        case dict():
            return "fields"
        case int() if abs(value) >= 10**50:  # Python itself refuses to write thousands of digits
            return "a number of far too many digits"
        case _:
            text = f"'{value}'"
    return text if len(text) <= 60 else f"{text[:57]}…'"


def pattern_hint(where: FieldPath, context: Mapping[str, Any]) -> str:
    hints = {
        "slug": "small letters, digits and single hyphens: wire-a-plug",
        "formerly": "small letters, digits and single hyphens: wire-a-plug",
        "related": "small letters, digits and single hyphens: wire-a-plug",
        "id": "small letters, digits and single hyphens: tighten-clamp",
        "lang": "a language tag: en, af, zu",
        "titles": "a language tag: en, af, zu",
        "captions": "a language tag: en, af, zu",
        "categories": "small letters, digits and single hyphens: garden-paths",
        "ladder": "small letters, digits and single hyphens: lite-h264",
        "version": "three numbers: 1.0.0",
        "translates": "three numbers: 1.0.0",
        "code": f"2 to 4 of {CODE_ALPHABET} (no 0, 1, i, l, o)",
        "per": "numbers and asked names with + - * / and ( )",
    }
    names = [str(w) for w in where if not isinstance(w, int)]
    return hints.get(names[-1] if names else "", f"pattern {context.get('pattern')}")


def fields_at(model: type[BaseModel], where: FieldPath) -> list[str]:
    """Names that may stand at a place of the model."""
    inner = model_at(model, where)
    return [field.alias or name for name, field in inner.model_fields.items()] if inner else []


def model_at(model: type[BaseModel], where: FieldPath) -> type[BaseModel] | None:
    current: type[BaseModel] | None = model
    is_key = False  # by the editor: the next name is a key of `dict[str, …]`
    for name in where:
        if isinstance(name, int) or current is None or is_key:
            is_key = False
            continue
        field = current.model_fields.get(str(name))
        current = first_model(field.annotation) if field else None
        is_key = field is not None and get_origin(field.annotation) is dict
    return current


def first_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        if model := first_model(inner):
            return model
    return None


def field_description(model: type[BaseModel], where: FieldPath) -> str:
    inner = model_at(model, where[:-1])
    field = inner.model_fields.get(str(where[-1])) if inner else None
    return (field.description or "") if field else ""
