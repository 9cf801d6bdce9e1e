"""A page above its byte budget is told at its how-to's file."""

from __future__ import annotations

from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest

from site_builder import mkdocs_plugin
from site_builder.library import loading, settings_file
from site_builder.library.artifacts import Lesson
from site_builder.library.problems import Problem
from site_builder.memo import Memo
from site_builder.website.assets import bundles, precompress
from tests.project import Project

TALK = " ".join(sha256(f"{number}".encode()).hexdigest()[:14] for number in range(2000))  # does not pack well


def told(project: Project) -> list[Problem]:
    chosen = settings_file.load_settings(project.root / "mkdocs.yml")
    library, _ = loading.load_library(chosen)
    made: Any = SimpleNamespace(
        library=library, lessons=tuple(Lesson(howto) for howto in library.howtos), problems=(), figures={}, prints=()
    )
    return mkdocs_plugin.build_site(chosen, made, project.root / "out")


def test_a_page_that_is_too_heavy_is_a_problem_at_its_file(project: Project) -> None:
    heavy = project.write("talk-too-much", body=TALK)
    project.write("say-little")

    (problem,) = told(project)

    assert (problem.file, problem.warning) == (heavy, True)
    assert "14,000 are allowed" in problem.message


@pytest.mark.parametrize(("budget", "count"), [(1000, 1), (90_000, 0)])
def test_the_budget_is_the_editors(project: Project, budget: int, count: int) -> None:
    project.write()
    project.set(page_budget=budget)

    assert len(told(project)) == count


def test_strict_stops_at_it(project: Project) -> None:
    project.write(body=TALK)
    project.run("build")  # registers the code

    stopped = project.run("build", "--strict")

    assert stopped.exit_code == 1
    assert "wire-a-plug.md:1: warning: its page weighs" in stopped.stderr


def test_what_every_page_loads_first_stays_small() -> None:
    """All else comes at a tap: whoever only looks in pays for this script and a page."""
    assert precompress.transfer_size(bundles.core_bundle(), Memo()) <= 2_150
