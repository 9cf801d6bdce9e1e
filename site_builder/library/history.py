"""What the how-tos said at a tag of git. The only file that starts git."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

FIELD_PATTERNS = {name: re.compile(rf"^{name}:[ \t]*[\"']?([\w.-]+)", re.MULTILINE) for name in ("slug", "version")}
FRONT_MATTER_PATTERN = re.compile(r"\A---\r?\n(.*?)^---", re.DOTALL | re.MULTILINE)


class NoHistory(Exception):
    """There is no such tag, or no git at all: says which."""


def versions_at(content: Path, tag: str) -> dict[str, str]:
    """The version of each how-to at a tag, branch or commit, by its slug; translations have none. Raises NoHistory."""
    commit = run_git(content, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{tag}^{{commit}}").decode().strip()
    listed = run_git(content, "ls-tree", "-r", "-z", "--name-only", commit, "--", ".").decode().split("\0")
    paths = [path for path in listed if path.endswith(".md")]
    stdin = "".join(f"{commit}:./{path}\n" for path in paths)
    version_by_slug = {}
    for path, text in zip(paths, split_blobs(run_git(content, "cat-file", "--batch", stdin=stdin.encode())), strict=True):
        front = FRONT_MATTER_PATTERN.match(text)
        fields = {name: row[1] for name, pattern in FIELD_PATTERNS.items() if front and (row := pattern.search(front[1]))}
        if "version" in fields:
            version_by_slug[fields.get("slug", Path(path).name.split(".")[0])] = fields["version"]
    return version_by_slug


def split_blobs(answer: bytes) -> list[str]:
    """The texts in what `git cat-file --batch` says: a line with kind and size before each."""
    texts = []
    while answer:
        head, _, answer = answer.partition(b"\n")
        size = int(head.split()[-1])
        texts.append(answer[:size].decode("utf-8", "replace"))
        answer = answer[size + 1 :]
    return texts


def run_git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    try:
        completed = subprocess.run(["git", "-C", str(folder), *arguments], input=stdin, capture_output=True, check=False)  # noqa: S607
    except FileNotFoundError:
        raise NoHistory("git is not installed here") from None
    if completed.returncode:
        stderr_lines = completed.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NoHistory(stderr_lines[-1] if stderr_lines else f"git knows no '{arguments[-1].removesuffix('^{commit}')}'")
    return completed.stdout
