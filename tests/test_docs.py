"""README and handbook are true: every command in them runs, every option, setting and file in them is there."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from site_builder import cli
from site_builder.leaflets import label_sheets
from site_builder.library.howto import FrontMatter
from site_builder.library.ladder import LADDER
from site_builder.library.settings import Options
from site_builder.library.settings_file import STARTER_FILE
from site_builder.library.translation import Translation
from tests.project import Project

ROOT = Path(__file__).parent.parent
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md")))
}
COMMANDS, SETTINGS, FIELDS = PAGES["docs/commands.md"], PAGES["docs/settings.md"], PAGES["docs/editors/how-to.md"]
# What is not run, and why; `make …` is held against the Makefile, `serve` runs until it has said its address.
NOT_RUN = {
    "python3 -m venv": "makes an environment, which takes a while and shows nothing of ours",
    ".venv/bin/pip install": "asks a package registry",
    ". .venv/bin/activate": "changes the shell that it is typed into",
    "sh findings/": "asks a package registry for the exact versions that a surprise was seen with",
    ".venv/bin/pre-commit install": "writes into the repository's own .git",
}


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[str]:
    """Each command of a page's shell blocks, without comments."""
    lines = [line for block in blocks(text, "sh") for line in block.replace("\\\n", " ").splitlines()]
    return [command for line in lines if (command := shlex.join(shlex.split(line, comments=True)))]


def section(name: str) -> str:
    """The part of the commands' page under a heading that names it."""
    parts = re.split(r"^## ", COMMANDS, flags=re.MULTILINE)
    return next(part for part in parts if f"`site-builder {name}" in part.split("\n")[0])


def every_command() -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in cli.main.commands.items():
        inner = command.commands if isinstance(command, click.Group) else {}
        found |= {f"{name} {below}": one for below, one in inner.items()} or {name: command}
    return found


# ---- what there is stands in the handbook


@pytest.mark.parametrize("name", every_command())
def test_each_command_and_each_of_its_options_is_explained(name: str) -> None:
    command = every_command()[name]
    options = [option for option in command.params if isinstance(option, click.Option)]
    about = section(name)

    assert command.help
    assert [option.name for option in options if not option.help] == []
    assert [word for option in options for word in option.opts if f"`{word}`" not in about and word != "-f"] == []


@pytest.mark.parametrize("name", Options.model_fields)
def test_each_setting_is_explained_with_what_it_is_unless_given(name: str) -> None:
    row = next(line for line in SETTINGS.splitlines() if line.startswith(f"| `{name}` |"))
    unless_given = Options.model_fields[name].get_default(call_default_factory=True)

    said = {True: "yes", False: "no"}.get(unless_given) if isinstance(unless_given, bool) else None
    if said is None and isinstance(unless_given, int | float):
        said = f"{unless_given:,}"
    if said is None and isinstance(unless_given, str):
        said = f"`{unless_given}`"
    assert said is None or row.endswith(f"| {said} |")


@pytest.mark.parametrize("name", LADDER)
def test_the_ladder_in_the_handbook_is_the_ladder(name: str) -> None:
    row = next(line for line in SETTINGS.splitlines() if line.startswith(f"| `{name}` |"))

    assert f"{LADDER[name].budget:,}" in row
    assert LADDER[name].video is None or f"{LADDER[name].lines} lines" in row


def test_each_field_of_a_how_to_is_explained() -> None:
    names = [field.alias or name for name, field in FrontMatter.model_fields.items()]

    assert [name for name in names if f"`{name}`" not in FIELDS] == []


def test_each_label_sheet_is_in_the_handbook_with_its_measures() -> None:
    paper = {"a4": "A4", "us-letter": "US Letter"}
    rows = [
        f"| `{one.name}` | {paper[one.paper]} | {one.across} × {one.down} | {one.width:g} × {one.height:g} |"
        for one in label_sheets.stocks().values()
    ]

    assert [row for row in rows if row not in PAGES["docs/printers/labels.md"]] == []


def test_each_language_of_the_site_is_in_the_handbook() -> None:
    langs = [path.stem for path in (ROOT / "site_builder/library/locales").glob("*.toml")]

    assert len(langs) == 13
    assert "thirteen languages" in PAGES["README.md"]
    assert [lang for lang in langs if f"(`{lang}`)" not in PAGES["docs/editors/translations.md"]] == []


def test_a_new_library_begins_with_the_lines_that_the_program_says() -> None:
    assert f"```yaml\n{STARTER_FILE}```" in PAGES["docs/index.md"]
    assert len(STARTER_FILE.splitlines()) == 5


# ---- what stands in the handbook is there


def test_the_readme_is_short() -> None:
    assert len(PAGES["README.md"].splitlines()) <= 120


LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
PATH = re.compile(r"`((?:site_builder|tests|findings|benchmarks|docs|\.github|\.ci)/[a-z_\d/.-]*[a-z]/?)`")
NAMED = {(page, path) for page, text in PAGES.items() for path in LINK.findall(re.sub("`[^`]*`", "", text))}
NAMED |= {(page, f"/{path}") for page, text in PAGES.items() for path in PATH.findall(text)}


@pytest.mark.parametrize(("page", "path"), sorted(NAMED))
def test_each_file_that_is_named_is_there(page: str, path: str) -> None:
    found = ROOT / path[1:] if path.startswith("/") else (ROOT / page).parent / path

    assert found.exists()


def test_each_module_that_the_architecture_names_is_there() -> None:
    """By the end of its path: a room's table calls `hull.py` what is `site_builder/films/hull.py`."""
    names = re.findall(r"`((?:[\w-]+/)*\w+\.(?:py|typ|toml))`", PAGES["docs/architecture.md"])
    files = [f"/{path.relative_to(ROOT).as_posix()}" for path in ROOT.glob("site_builder/**/*")] + ["/tests/test_layers.py"]

    assert [name for name in names if not any(file.endswith(f"/{name}") for file in files)] == []
    assert len(names) > 40


def test_only_the_architecture_and_the_glossary_name_modules() -> None:
    named = {page: re.findall(r"`(?:[\w/]+/)?\w+\.py`", text) for page, text in PAGES.items()}

    del named["docs/architecture.md"], named["docs/glossary.md"]  # tests of their own hold these
    allowed = {"docs/developers.md": ["`site_builder/__init__.py`"]}
    assert {page: names for page, names in named.items() if names and names != allowed.get(page)} == {}


@pytest.mark.parametrize("page", [page for page, text in PAGES.items() if blocks(text, "yaml")])
def test_yaml_in_the_handbook_is_yaml_with_fields_that_there_are(page: str) -> None:
    fields = {field.alias or name for name, field in FrontMatter.model_fields.items()}
    fields |= {field.alias or name for name, field in Translation.model_fields.items()}
    for block in blocks(PAGES[page], "yaml"):
        for values in yaml.safe_load_all(block):
            if not isinstance(values, dict) or values.keys() & {"library", "same"}:
                continue  # words below a front matter, a CI's own, synonyms
            for plugin in values.get("plugins", []):
                assert isinstance(plugin, str) or plugin["site-builder"].keys() <= Options.model_fields.keys()
            assert "site_name" in values or "plugins" in values or values.keys() <= fields


def test_the_handbooks_whole_how_to_is_right(project: Project) -> None:
    whole = blocks(FIELDS, "yaml")[0]
    project.text("content/counter/fold-a-booklet.md", whole)
    project.run("schema", "--write")

    done = project.run("check", "--strict")

    assert done.exit_code == 0, done.stderr
    assert "1 how-to, 0 films, no mistake; 0 warnings" in done.stderr


# ---- what the handbook says can be typed

Library = Callable[[Path], Project]


@pytest.fixture(scope="module")
def library(new_project: Callable[[str], Project], clip: Path) -> Library:
    """A small library that was built once; each page's commands run in a copy."""
    built = new_project("handbook")
    rungs = {"audio-aac": LADDER["audio-aac"].model_dump()}  # as little as makes a film
    built.set(ladder=rungs, store={"name": "Shop"})
    plug = {"name": "Plug, 16 A", "qty": 1, "unit": "each", "aisle": "Electrical", "sku": "1234"}
    built.film(clip, materials=[plug])
    assert built.run("build").exit_code == 0

    def copied(to: Path) -> Project:
        shutil.copytree(built.root, to / "shop")
        own = Project.__new__(Project)
        own.root, own.options = to / "shop", built.options
        return own

    return copied


RUN = {page: commands(text) for page, text in PAGES.items()}


def asked(page: str) -> list[str]:
    return [command for command in RUN[page] if command.startswith("site-builder ")]


def once() -> list[str]:
    """The pages with commands of ours, without those whose commands are all typed in the same order on another page."""
    lines = {page: "\n".join(asked(page)) for page in RUN if asked(page)}
    return [page for page, own in lines.items() if not any(own in other for name, other in lines.items() if name != page)]


@pytest.mark.parametrize("page", once())
def test_each_command_of_a_page_runs_on_a_small_library(
    page: str, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = library(tmp_path)
    monkeypatch.chdir(project.root)
    for command in asked(page):
        words = shlex.split(command)[1:]
        if words[0] == "serve":
            serve(words)
            continue
        film = next(Path("site/media").rglob("*.mp4"))
        done = CliRunner().invoke(cli.main, [film.as_posix() if word == "site/media/FILE" else word for word in words])
        assert done.exit_code == 0, f"{command}\n{done.output}"
        fill_in(project)


def fill_in(project: Project) -> None:
    """What `new` leaves to the editor."""
    for path in project.root.glob("content/*/*.md"):
        text = path.read_text("utf-8")
        if "TODO" in text:
            path.write_text(re.sub(r"TODO[:,]? ?", "", text), "utf-8")


def serve(words: list[str]) -> None:
    """Until it has said its address."""
    port = [] if "--port" in words else ["--port", "0"]
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "site_builder.cli", *words, *port], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout
        assert server.stdout.readline().startswith("http://")
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)
    assert server.returncode in (0, 130)  # 130 where it was stopped before its first visitor could come


@pytest.mark.parametrize("command", sorted({row for found in RUN.values() for row in found if row.startswith("make ")}))
def test_each_make_command_is_in_the_makefile(command: str) -> None:
    done = subprocess.run([*shlex.split(command), "--dry-run"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


def test_what_is_not_run_is_few_and_known() -> None:
    others = [row for found in RUN.values() for row in found if not row.startswith(("site-builder ", "make "))]

    assert [row for row in others if not row.startswith(tuple(NOT_RUN))] == []
    assert [start for start in NOT_RUN if not any(row.startswith(start) for row in others)] == []


def test_no_command_hides_in_another_kind_of_block() -> None:
    """Blocks without a kind show what a program says; those of `console`, `bash`, `shell` would be run by nobody."""
    kinds = {kind for text in PAGES.values() for kind in re.findall(r"^```(\w+)", text, re.MULTILINE)}

    assert kinds <= {"sh", "yaml", "markdown", "typst"}
    plain = [row for text in PAGES.values() for block in re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
             for row in block.splitlines()]  # fmt: skip
    assert [row for row in plain if row.startswith(("site-builder ", "make ", "$ "))] == []


# ---- the handbook as a site


def test_the_handbook_is_built_without_a_warning_and_asks_no_other_host(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-f", "mkdocs.docs.yml", "-d", str(tmp_path / "site")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loads = re.compile(r"<(?:script|img|link|iframe|source)\b[^>]*?\b(?:src|href)=\"?(https?:[^\" >]+)")
    pages = sorted((tmp_path / "site").rglob("*.html"))

    assert len(pages) > len([page for page in PAGES if page.startswith("docs/")])
    assert {found for page in pages for found in loads.findall(page.read_text("utf-8"))} == set()
