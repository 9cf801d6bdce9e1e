"""What stands around the code: commands of make, CI, release, forms, hooks, and what is in the package."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from site_builder import __version__

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
YAML = sorted(
    path
    for pattern in ("*.yml", "*.yaml", ".*.yml", ".*.yaml", ".github/**/*.yml", "docs/**/*.yml")
    for path in ROOT.glob(pattern)
)
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = [path for path in sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")) if path.name != "config.yml"]
FOLLOWED = {"pypa/gh-action-pypi-publish@release/v1"}  # the index asks for its newest; its own folder names no commit


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def steps(workflow: Path) -> list[dict[str, Any]]:
    return [step for job in read(workflow)["jobs"].values() for step in job["steps"]]


# ---- make


def targets() -> list[str]:
    return re.findall(r"^([a-z][\w-]*):(?!=| *\w+ *=)", MAKEFILE, re.MULTILINE)


def test_make_help_names_each_command() -> None:
    said = subprocess.run(
        ["make", "-s", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert [row.split()[1] for row in said.splitlines()] == targets()


def test_no_command_of_make_is_a_file() -> None:
    phony = re.findall(r"^\.PHONY: (.*)", MAKEFILE, re.MULTILINE)

    assert sorted(phony[0].split()) == sorted(targets())


# ---- CI and release


@pytest.mark.parametrize("path", YAML, ids=name_of)
def test_each_yaml_file_can_be_read(path: Path) -> None:
    assert isinstance(read(path), dict)


def test_both_hosts_run_what_everybody_runs() -> None:
    assert ".ci/run" in [step.get("run") for step in steps(ROOT / ".github/workflows/ci.yml")]
    assert read(ROOT / ".gitlab-ci.yml")["test"]["script"] == ".ci/run"
    assert "make test" in (ROOT / ".ci/run").read_text("utf-8")


@pytest.mark.parametrize("path", WORKFLOWS, ids=name_of)
def test_a_workflow_has_few_rights_and_names_actions_by_commit(path: Path) -> None:
    used = {step["uses"] for step in steps(path) if "uses" in step}

    assert read(path)["permissions"] == {"contents": "read"}
    assert {one for one in used - FOLLOWED if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", one)} == set()


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / ".gitlab-ci.yml"], ids=name_of)
def test_what_ci_runs_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    programs = re.findall(r"(?<![\w/])\.ci/\w+", re.sub(r"#.*", "", text))

    assert [name for name in programs if not os.access(ROOT / name, os.X_OK)] == []
    assert [name for name in re.findall(r"(?:run|script): make (\w+)", text) if name not in targets()] == []


def test_a_release_is_tested_before_it_is_built_and_attested_before_it_is_published() -> None:
    jobs = read(ROOT / ".github/workflows/release.yml")["jobs"]

    assert (jobs["build"]["needs"], jobs["publish"]["needs"]) == ("test", "build")
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert [step["run"] for step in jobs["test"]["steps"] if "run" in step] == ['.ci/version "$GITHUB_REF_NAME"', ".ci/run"]
    assert any("attest" in step.get("uses", "") for step in jobs["build"]["steps"])


@pytest.mark.parametrize("tag", [f"v{__version__}", __version__, "v99.0.0", ""])
def test_only_a_tag_of_the_programs_own_version_is_released(tag: str) -> None:
    done = subprocess.run([ROOT / ".ci/version", tag], capture_output=True, text=True)

    assert (done.returncode == 0) == (tag == f"v{__version__}")
    assert done.returncode == 0 or f"tag it 'v{__version__}'" in done.stderr


def test_an_audit_that_can_ask_nobody_says_so() -> None:
    nowhere = {
        **os.environ,
        "PYTHON": sys.executable,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "/nowhere",
        "PIP_CONFIG_FILE": os.devnull,
    }

    done = subprocess.run([ROOT / ".ci/audit"], env=nowhere, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "")
    assert "audit SKIPPED: pip-audit could not be installed. Nothing is known of the locked packages" in done.stderr


# ---- forms and hooks


@pytest.mark.parametrize("path", FORMS, ids=name_of)
def test_a_form_asks_each_thing_once(path: Path) -> None:
    form = read(path)
    asked = [row for row in form["body"] if row["type"] != "markdown"]
    ids = [row["id"] for row in asked]

    assert {"name", "description", "labels", "body"} == form.keys()
    assert {row["type"] for row in form["body"]} <= {"markdown", "textarea", "input", "dropdown", "checkboxes"}
    assert len(set(ids)) == len(ids)
    assert all(row["attributes"]["label"] for row in asked)
    assert any(row.get("validations", {}).get("required") for row in asked)
    for row in asked:
        options = row["attributes"].get("options", ["a text"])
        assert options
        assert all(isinstance(option, str) for option in options)  # yes and no would be true and false


def test_hooks_run_the_locked_tools_and_fetch_nothing() -> None:
    [repo] = read(ROOT / ".pre-commit-config.yaml")["repos"]
    programs = {shlex.split(hook["entry"])[0] for hook in repo["hooks"]}
    locked = (ROOT / "requirements-dev.lock").read_text("utf-8")

    assert repo["repo"] == "local"
    assert {hook["language"] for hook in repo["hooks"]} == {"system"}
    for program in programs - {".venv/bin/site-builder"}:
        assert re.search(rf"^{program.removeprefix('.venv/bin/')}==", locked, re.MULTILINE)


# ---- the package


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    make = "from flit_core import buildapi; import sys; buildapi.build_sdist(sys.argv[1]); buildapi.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", make, str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder


def test_all_of_the_program_is_in_its_packages(packages: Path) -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "site_builder").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    [wheel], [sdist] = packages.glob("*.whl"), packages.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as file:
        in_wheel = set(file.namelist())
    with tarfile.open(sdist) as file:
        in_sdist = {name.partition("/")[2] for name in file.getnames()}

    assert ours - in_wheel == set()
    assert ours - in_sdist == set()
    assert "site_builder/py.typed" in in_wheel


def test_the_package_says_what_it_is(packages: Path) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [wheel] = packages.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        [name] = [name for name in file.namelist() if name.endswith(".dist-info/METADATA")]
        said = file.read(name).decode()
        assert name.replace("METADATA", "licenses/LICENSE") in file.namelist()

    assert f"\nVersion: {__version__}\n" in said
    assert "\nAuthor: site_builder contributors\n" in said
    assert re.findall(r"^Classifier: (.*)", said, re.MULTILINE) == declared["classifiers"]
    assert "\nLicense-Expression: Apache-2.0\n" in said
