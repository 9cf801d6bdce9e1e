"""What holds of the tests themselves: packages, helpers in modules of their own, and no silent skip."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).parent
FILES = sorted(TESTS.rglob("*.py"))


def imported(path: Path) -> list[str]:
    """Every module of the tests' own that a file imports."""
    found = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name for node in found]
    return [name for name in names if name.partition(".")[0] == "tests"]


def test_every_folder_with_tests_is_a_package() -> None:
    assert [folder for folder in {path.parent for path in FILES} if not (folder / "__init__.py").is_file()] == []


def test_no_test_imports_from_another_test_or_from_a_conftest() -> None:
    shared = [
        (path, name) for path in FILES for name in imported(path) if name.rpartition(".")[2].startswith(("test_", "conf"))
    ]

    assert shared == []
