"""The front matter of a file: what stands between its two lines `---`, and its body."""

from __future__ import annotations

import re
from pathlib import Path

from site_builder.library.problems import Problem
from site_builder.library.text_files import INVISIBLE_SPACES, NotReadable, misplaced_space_problem

MAX_FRONT_MATTER_CHARACTERS = 100_000  # characters of a front matter: some take a parser's time with the square of their length


def split_front_matter(text: str, path: Path) -> tuple[str, str]:
    """Front matter and body. Raises NotReadable without the two `---` lines, or with far too much between them."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise NotReadable(missing_front_matter_problem(lines, path))
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            head = "\n".join(lines[1:number]) + "\n"
            if len(head) > MAX_FRONT_MATTER_CHARACTERS:
                message = f"the front matter has {len(head):,} characters, {MAX_FRONT_MATTER_CHARACTERS:,} are allowed"
                raise NotReadable(Problem(path, 1, message, "words for the page stand below it"))
            return head, "\n".join(lines[number + 1 :])
    raise NotReadable(Problem(path, 1, "the front matter does not end", "close it with a line '---'"))


def missing_front_matter_problem(lines: list[str], path: Path) -> Problem:
    hint = "start the file with a line '---'; see 'site-builder new'"
    at = next((number for number, line in enumerate(lines) if line.strip()), 0)
    first = lines[at]
    if match := re.match(rf"[{INVISIBLE_SPACES}]", first):
        return misplaced_space_problem(path, at + 1, match[0])
    if re.fullmatch(r"\s*[-‐‑‒–—―−]+\s*", first):
        hint = "write it as three hyphens, at the very start of the file: ---"
    return Problem(path, at + 1 if first.strip() else 1, "no front matter", hint)
