"""What is told: lines for people, objects for programs, and never a character that steers the terminal."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress, TextColumn

from site_builder import console, tables
from site_builder.events import Advanced, Began, Done, Event, Failed, Planned, Stage
from site_builder.library.problems import Problem
from tests.project import Project

BUILD = [
    Planned("film", 3, 1),
    Began("film", "wire-a-plug standard"),
    Advanced("wire-a-plug standard", "crf 30", 0.5),
    Done("film", "wire-a-plug standard", "0.88 MB, crf 31", 12.4),
    Began("film", "wire-a-plug lite"),
    Failed("film", "wire-a-plug lite", "ffmpeg said no"),
    Planned("leaflet", 1, 1),
    Stage("pages"),
]
HOSTILE = "\x1b[2J\x07\r\x9b31m\u202efilm"


def test_in_ci_each_thing_done_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    show = console.ConsoleListener(as_json=False)

    for event in BUILD:
        show(event)

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "3 films: 2 to make, 1 there already",
        "[1/2] wire-a-plug standard: 0.88 MB, crf 31 (12 CPU s)",
        "film wire-a-plug lite FAILED",
        "1 leaflet, all there already",
        "pages",
    ]


def test_for_programs_each_event_is_an_object_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    show = console.ConsoleListener(as_json=True)

    for event in (*BUILD, Stage(HOSTILE)):
        show(event)

    told = capsys.readouterr()
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert [row["event"] for row in rows] == [type(event).__name__.lower() for event in BUILD] + ["stage"]
    assert rows[0] == {"event": "planned", "kind": "film", "jobs": 3, "cached": 1}
    assert rows[5]["error"] == "ffmpeg said no"
    assert rows[-1]["said"] == HOSTILE
    assert told.err == ""
    assert told.out.isascii()


def drawn(events: Iterable[Event]) -> tuple[str, console.ConsoleListener]:
    """What a terminal is sent."""
    screen = io.StringIO()
    terminal = Console(file=screen, force_terminal=True, color_system=None, width=100)
    show = console.ConsoleListener(as_json=False)
    with Progress(TextColumn("{task.description}", markup=False), console=terminal, auto_refresh=False) as show.bar:
        for event in events:
            show(event)
        show.bar.refresh()
    return screen.getvalue(), show


def test_on_a_terminal_what_is_at_work_has_a_row_and_what_is_done_a_line() -> None:
    screen, show = drawn(BUILD[:5])

    assert "wire-a-plug standard: 0.88 MB, crf 31" in screen
    assert show.bar
    assert [(task.description, task.completed, task.total) for task in show.bar.tasks] == [
        ("films", 1, 2),
        ("  wire-a-plug lite", 0, None),
    ]


def test_a_failed_film_leaves_its_row_and_counts() -> None:
    screen, show = drawn(BUILD)

    assert "film wire-a-plug lite failed" in screen
    assert show.bar
    assert [(task.description, task.completed) for task in show.bar.tasks] == [("films", 2)]


def test_a_failed_leaflet_does_not_count_as_a_film() -> None:
    _, show = drawn([*BUILD[:4], Failed("leaflet", "wire-a-plug.en", "typst said no")])

    assert show.bar
    assert show.bar.tasks[0].completed == 1


def test_words_in_square_brackets_are_no_styling() -> None:
    screen, _ = drawn([Stage("[bold]pages[/bold] [x]"), Done("film", "[red]a[/red]", "[b]done")])

    assert "[bold]pages[/bold] [x]" in screen
    assert "[red]a[/red]: [b]done" in screen


EVENTS = [Stage(HOSTILE), Done("film", HOSTILE, HOSTILE, 1), Failed("film", HOSTILE, HOSTILE), Began("film", HOSTILE)]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_no_event_steers_the_terminal(event: Event, capsys: pytest.CaptureFixture[str]) -> None:
    plain, show = drawn([event])
    console.ConsoleListener(as_json=False)(event)

    said = capsys.readouterr().err + (plain.replace("\x1b[?25l", "").replace("\x1b[?25h", "") if show.bar else "")
    assert not set(said) & set("\x07\x9b\u202e")
    assert "\x1b[2J" not in said


def problem(**changes: object) -> Problem:
    values = {"file": Path("/shop/content/a/b.md"), "line": 4, "message": "no how-to 'x'", "hint": "did you mean 'y'?"}
    return Problem(**{**values, **changes})  # type: ignore[arg-type]


def test_a_problem_is_a_line_and_its_hint_another(capsys: pytest.CaptureFixture[str]) -> None:
    console.show_problems([problem(), problem(hint="", warning=True)], False, Path("/shop"))

    assert capsys.readouterr().err.splitlines() == [
        "content/a/b.md:4: warning: no how-to 'x'",
        "content/a/b.md:4: no how-to 'x'",
        "    hint: did you mean 'y'?",
    ]


def test_a_problem_is_an_object_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    console.show_problems([problem(warning=True), problem()], True, Path("/shop"))

    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[1] == {
        "event": "problem",
        "file": "content/a/b.md",
        "line": 4,
        "message": "no how-to 'x'",
        "hint": "did you mean 'y'?",
    }
    assert [row["event"] for row in rows] == ["warning", "problem"]


def test_a_problem_cannot_steer_the_terminal_or_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    forged = "x\ncontent/other.md:1: forged"

    console.show_problems(
        [problem(file=Path("/shop/a\n\x1b[2J.md"), message=forged + HOSTILE, hint=forged)], False, Path("/shop")
    )

    told = capsys.readouterr().err
    assert len(told.splitlines()) == 2
    assert not set(told) & set("\x1b\x07\r\x9b\u202e")
    assert "�" in told


def test_letters_of_all_kinds_are_told_as_they_are() -> None:
    assert console.printable("kêrel ∆ 漢字 „n prop” 🔌") == "kêrel ∆ 漢字 „n prop” 🔌"


def test_a_path_is_told_from_here_else_from_the_projects_top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "shop/content/a/b.md"
    (tmp_path / "shop/content").mkdir(parents=True)

    monkeypatch.chdir(tmp_path)
    from_above = console.display_path(page, tmp_path / "shop")
    monkeypatch.chdir(tmp_path / "shop/content")
    from_within = console.display_path(page, tmp_path / "shop")
    monkeypatch.chdir("/usr")
    from_elsewhere = console.display_path(page, tmp_path / "shop")

    assert (from_above, from_within, from_elsewhere) == ("shop/content/a/b.md", "a/b.md", "content/a/b.md")
    assert console.display_path(Path("mkdocs.yml"), tmp_path) == "mkdocs.yml"
    assert console.display_path(Path("/etc/hosts"), tmp_path) == "/etc/hosts"


@pytest.mark.parametrize(("jobs", "cached", "said"), [
    (1, 0, "1 film: 1 to make, 0 there already"),
    (1, 1, "1 film, all there already"),
    (60, 58, "60 films: 2 to make, 58 there already"),
])  # fmt: skip
def test_a_plan_is_a_sentence(jobs: int, cached: int, said: str) -> None:
    assert console.plan_text("film", jobs, cached) == said


def test_what_is_missing_is_given_back(capsys: pytest.CaptureFixture[str]) -> None:
    missing = list(tables.show_diagnosis([("ffmpeg", "7.1", True), ("  libsvtav1", "MISSING\x1b[2J", False)]))

    assert missing == ["libsvtav1"]
    assert "\x1b" not in capsys.readouterr().out


def test_without_a_terminal_nothing_is_drawn() -> None:
    with console.console_listener(as_json=False) as show:
        assert show.bar is None


def test_words_of_a_how_to_do_not_steer_the_terminal(project: Project) -> None:
    project.text("content/electrical/wire-a-plug.md", '---\n"\\e[2Jfield\\a": x\ntitle: "\\e]0;own\\a"\n---\n')

    told = project.run("check")

    assert told.exit_code == 1
    assert "\x1b" not in told.output
    assert "\x07" not in told.output


def test_mistakes_stand_last_and_a_hint_for_several_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unread = ("nobody has reviewed it", "name a reviewer")
    found = [
        Problem(tmp_path / "a.md", 9, "no such step", "is it 'plug'?"),
        Problem(tmp_path / "a.md", 12, *unread, warning=True),
        Problem(tmp_path / "b.md", 3, *unread, warning=True),
        Problem(tmp_path / "c.md", 3, "another matter", warning=True),
        Problem(tmp_path / "d.md", 4, *unread, warning=True),
    ]

    console.show_problems(found, as_json=False, root=tmp_path)

    assert capsys.readouterr().err.splitlines() == [
        "a.md:12: warning: nobody has reviewed it",
        "b.md:3: warning: nobody has reviewed it",
        "    hint: name a reviewer",
        "c.md:3: warning: another matter",
        "d.md:4: warning: nobody has reviewed it",
        "    hint: name a reviewer",
        "a.md:9: no such step",
        "    hint: is it 'plug'?",
    ]
