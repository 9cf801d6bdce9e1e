"""mkdocs.yml with the files that it inherits from, put together as MkDocs does, each value's line in its own file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from yaml_env_tag import construct_env_tag

from site_builder.library import text_files, yaml_values
from site_builder.library.problems import Problem, did_you_mean
from site_builder.library.text_files import NotReadable
from site_builder.library.yaml_values import FieldPath, line_of

INHERIT_KEY = "INHERIT"
MAX_INHERITED_FILES = 10  # files, one inheriting from the next


class MkDocsLoader(yaml_values.FrontMatterLoader):
    """Knows MkDocs' `!ENV`. Front matter does not: a page must not print what stands in the environment.

    Other tags are MkDocs' business.
    """

    accepts_tags = True


MkDocsLoader.add_constructor("!ENV", construct_env_tag)


class InheritedLine(int):
    """A line number that knows its file: of a value inherited from a parent mkdocs.yml."""

    file: Path

    @classmethod
    def of(cls, line: int, file: Path) -> InheritedLine:
        self = cls(line)
        self.file = file
        return self


def read_with_parents(
    file: Path, inheriting: tuple[Path, ...] = ()
) -> tuple[dict[str, Any], dict[FieldPath, int], list[Problem]]:
    """Values, the line of each, and what is wrong: of this file over its parent. Raises NotReadable.

    As in MkDocs a parent is named from the folder of the file that names it; fields are put together, of lists and words the
    nearer one counts.
    `below` are the files on the way here.
    """
    values, lines, problems = yaml_values.load_yaml(text_files.read_text(file), file, loader=MkDocsLoader)
    if INHERIT_KEY not in values:
        return values, lines, problems
    name, line = values.pop(INHERIT_KEY), line_of(lines, (INHERIT_KEY,))
    parent = Path(os.path.normpath(file.parent / name)) if isinstance(name, str) and name else None
    chain = (*inheriting, file.resolve())
    if parent is None:
        raise NotReadable(Problem(file, line, f"'{INHERIT_KEY}' should be a file's name", f"such as '{INHERIT_KEY}: base.yml'"))
    if not parent.is_file():
        near = did_you_mean(parent.name, (path.name for path in parent.parent.glob("*.y*ml")))
        raise NotReadable(Problem(file, line, f"no file '{name}' to inherit from", near or "named from this file's folder"))
    if parent.resolve() in chain or len(chain) >= MAX_INHERITED_FILES:
        hint = "settings go one way, from the special to the general"
        raise NotReadable(Problem(file, line, f"'{name}' inherits from itself", hint))
    parent_values, parent_lines, parent_problems = read_with_parents(parent, chain)
    marked = {
        where: number if isinstance(number, InheritedLine) else InheritedLine.of(number, parent)
        for where, number in parent_lines.items()
    }
    merged = merge(parent_values, values)
    inherited_lines = {where: number for where, number in marked.items() if where and is_inherited(where, values)}
    return merged, inherited_lines | lines, [*parent_problems, *problems]


def merge(parent_values: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Fields within fields; anything else is replaced."""
    merged = dict(parent_values)
    for name, value in own.items():
        old = merged.get(name)
        merged[name] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def is_inherited(where: FieldPath, own: Any) -> bool:
    """True if no value of the inheriting file replaces the one at this path."""
    for name in where:
        if not isinstance(own, dict):
            return False
        if name not in own:
            return True
        own = own[name]
    return isinstance(own, dict)


def relocate_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem in the file in which its line stands."""
    return [replace(p, file=p.line.file, line=int(p.line)) if isinstance(p.line, InheritedLine) else p for p in problems]
