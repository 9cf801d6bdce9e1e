"""What is kept between builds is kept for as long as the code that makes it is the same."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from site_builder import memo

PACKAGE = Path(memo.__file__).parent


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = shutil.ignore_patterns("*.pyc", "__pycache__", "*.ttf")
    return Path(shutil.copytree(PACKAGE, tmp_path_factory.mktemp("package") / "site_builder", ignore=kept))


def one_of(package: Path, room: str, pattern: str) -> Path:
    return sorted((package / room).rglob(pattern))[0]


@pytest.mark.parametrize("name", ["cli.py", "console.py", "films/ffmpeg.py", "leaflets/typeset.py", "mkdocs_plugin.py"])
def test_a_word_changed_elsewhere_remakes_no_page(package: Path, name: str) -> None:
    before = memo.hash_of_code(package)
    with (package / name).open("a") as file:
        file.write("# a word\n")

    assert memo.hash_of_code(package) == before


@pytest.mark.parametrize(
    ("room", "pattern"), [("website", "*.py"), ("website", "*.html"), ("website", "*.js"), ("library", "en.toml")]
)
def test_other_code_templates_scripts_or_messages_remake_the_pages(package: Path, room: str, pattern: str) -> None:
    before = memo.hash_of_code(package)
    with one_of(package, room, pattern).open("a") as file:
        file.write("\n")

    assert memo.hash_of_code(package) != before


def test_only_the_rooms_that_are_hashed_keep_anything_here() -> None:
    asks = re.compile(r"\b(memo|shelf)\.(get|add_fact|has_fact|still_needs)\(")
    rooms = {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py") if asks.search(path.read_text("utf-8"))}

    assert rooms == set(memo.MEMOISED_ROOMS)
