"""What holds of the tests themselves: packages, helpers in modules of their own, and no silent skip."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import skips

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


@pytest.mark.parametrize(
    ("body", "ci", "failed"),
    [
        ('def test_it(): pytest.skip("no browser here")', "true", True),
        ('pytest.importorskip("no_such_module")\ndef test_it(): pass', "true", True),
        ('@pytest.mark.skipif(True, reason="not today")\ndef test_it(): pass', "true", True),
        ('def test_it(): pytest.skip("counts threads in /proc")', "true", False),
        ('def test_it(): pytest.xfail("known")', "true", False),
        ('def test_it(): pytest.skip("no browser here")', "", False),
    ],
    ids=["within a test", "a whole file", "by a mark", "named", "expected to fail", "at home"],
)
def test_in_ci_a_skip_fails_whose_reason_is_not_named(body: str, ci: str, failed: bool, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(f"import pytest\n{body}\n", "utf-8")
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.skips",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        tmp_path,
        tmp_path,
    ]

    done = subprocess.run(
        words,
        cwd=tmp_path,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(TESTS.parent)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode != 0) is failed, done.stdout + done.stderr
    assert ("does not name the reason" in done.stdout) is failed


def test_each_named_reason_is_some_tests() -> None:
    text = "".join(path.read_text("utf-8") for path in FILES if path.name != "skips.py")

    assert [reason for reason in skips.NAMED if f'"{reason}"' not in text] == []
