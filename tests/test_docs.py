"""The README is true: every command, option, setting and file in it is there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from site_builder import cli
from site_builder.library.settings import BEGINNING, LADDER, Options

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", cli.main.commands)
def test_each_command_is_explained(name: str) -> None:
    command = cli.main.commands[name]

    assert command.help
    assert f"`site-builder {name}" in README


@pytest.mark.parametrize("name", cli.main.commands)
def test_each_option_has_help(name: str) -> None:
    for option in cli.main.commands[name].params:
        assert isinstance(option, click.Argument) or getattr(option, "help", None)


@pytest.mark.parametrize("name", Options.model_fields)
def test_each_setting_is_explained(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("name", LADDER)
def test_the_ladder_in_the_readme_is_the_ladder(name: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `{name}` |"))

    assert f"{LADDER[name].budget:,}" in row
    assert LADDER[name].video is None or f"{LADDER[name].lines} lines" in row


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)h][^)]*)\)", README) + re.findall(r"`(site_builder/[\w/.]+?)`", README))
def test_each_file_that_the_readme_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_a_new_library_begins_with_the_lines_that_the_program_says() -> None:
    assert f"```yaml\n{BEGINNING}```" in README
    assert len(BEGINNING.splitlines()) == 5
