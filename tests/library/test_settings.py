"""mkdocs.yml as its owner writes it: mistakes at their line, MkDocs' own things left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import MKDOCS, Project
from tests.library.conftest import hint_after, line_of, problems

ROW = {"video": "av1", "audio": "opus", "lines": 480, "audio_kbps": 20, "budget": 900_000}
TARIFF = {"name": "MTN", "rand_per_mb": 0.99, "as_of": "2017", "source": "its list"}

WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    ({"efort": "best"}, "efort", "unknown field 'efort'", "did you mean 'effort'?"),
    ({"effort": "most"}, "effort", "'effort' is 'most'", "one of 'draft', 'normal', 'best'"),
    ({"max_seconds": "long"}, "max_seconds", "'max_seconds' should be a number, not 'long'", ""),
    ({"max_seconds": float("nan")}, "max_seconds", "'max_seconds'", ""),
    ({"grace_seconds": -1}, "grace_seconds", "'grace_seconds' is '-1': it should be greater than or equal to 0", ""),
    ({"lang": "english"}, "lang", "'lang' is 'english', which has not the right form", "a language tag: en, af, zu"),
    ({"short_url": "k.example"}, "short_url", "'short_url' is 'k.example', which has not the right form", "such as https://"),
    ({"store": {"name": "x", "nam": "y"}}, "nam", "unknown field 'nam' in 'store'", "did you mean 'name'?"),
    ({"ladder": {}}, "ladder", "'ladder' has 0 entries, at least 1 are needed", ""),
    ({"ladder": {"lite": {**ROW, "buget": 1}}}, "buget", "unknown field 'buget' in 'ladder.lite'", "did you mean 'budget'?"),
    (
        {"ladder": {"lite": {**ROW, "video": "vp9"}}},
        "video: vp9",
        "'ladder.lite.video' is 'vp9'",
        "one of 'av1', 'hevc', 'h264'",
    ),
    ({"ladder": {"../x": ROW}}, "../x", "a name in 'ladder' is '../x', which has not the right form", "small letters"),
    (
        {"categories": {"Tools": {"titles": {"en": "x"}}}},
        "Tools:",
        "a name in 'categories' is 'Tools', which has",
        "small letters",
    ),
    ({"tariffs": [{**TARIFF, "rand_per_mb": 0}]}, "rand_per_mb", "tariffs 1 'rand_per_mb' is '0': it should be greater", ""),
    ({"tariffs": [TARIFF], "tariff": "MTM"}, "tariff:", "no tariff is called 'MTM'", "did you mean 'MTN'?"),
    ({"videos": "../films"}, "videos", "'videos' is '../films', which is no folder within shop/", ""),
    ({"videos": "content/films"}, "videos", "'videos' and 'docs_dir' are one within the other", "give each its own folder"),
]


@pytest.mark.parametrize(("options", "at", "message", "hint"), WRONG, ids=[row[2][:50] for row in WRONG])
def test_a_wrong_setting_is_told_at_its_line(
    project: Project, options: dict[str, Any], at: str, message: str, hint: str
) -> None:
    project.write()
    project.set(**options)

    told = project.run("check")

    assert told.exit_code == 1
    (problem,) = problems(told)
    assert problem.startswith(f"mkdocs.yml:{line_of(project.root / 'mkdocs.yml', at)}: ")
    assert message in problem
    assert hint in hint_after(told, message)


def mkdocs(project: Project, plugins: str = "plugins: [site-builder]", **changes: Any) -> Path:
    values = {name: value for name, value in {**MKDOCS, **changes}.items() if value is not None}
    return project.text("mkdocs.yml", yaml.safe_dump(values) + plugins + "\n")


@pytest.mark.parametrize(("changes", "message"), [
    ({"site_name": None}, "missing field 'site_name'"),
    ({"site_url": "shop.example"}, "'site_url' is 'shop.example', which has not the right form"),
    ({"docs_dir": "."}, "'docs_dir' is '.', which is no folder within shop/"),
    ({"site_dir": "/"}, "'site_dir' is '/', which is no folder within shop/"),
    ({"site_dir": "content/site"}, "'site_dir' and 'docs_dir' are one within the other"),
    ({"site_dir": "videos"}, "'videos' and 'site_dir' are one within the other"),
])  # fmt: skip
def test_what_mkdocs_reads_too_is_checked(project: Project, changes: dict[str, Any], message: str) -> None:
    mkdocs(project, **changes)

    told = project.run("check")

    assert told.exit_code == 1
    assert message in told.stderr


@pytest.mark.parametrize(("plugins", "message", "hint"), [
    ("", "'site-builder' is not among the plugins", "add '- site-builder' below 'plugins:'"),
    ("plugins: [search]", "'site-builder' is not among the plugins", "add '- site-builder' below 'plugins:'"),
    ("plugins: [site-bulider]", "'site-builder' is not among the plugins", "is it 'site-bulider'?"),
    ("plugins: 5", "'site-builder' is not among the plugins", "add"),
    ("plugins:\n  - site-builder: draft", "'site-builder' should be fields, not 'draft'", ""),
    ("plugins:\n  - site-builder:\n    - effort", "'site-builder' should be fields, not a list", ""),
])  # fmt: skip
def test_our_plugin_must_be_there(project: Project, plugins: str, message: str, hint: str) -> None:
    mkdocs(project, plugins)

    told = project.run("check")

    assert told.exit_code == 1
    assert f": {message}" in told.stderr
    assert hint in hint_after(told, message)


@pytest.mark.parametrize("plugins", [
    "plugins: [search, site-builder]",
    "plugins:\n  - site-builder:",
    "plugins:\n  - search: {}\n  - site-builder: {effort: draft}",
    "plugins:\n  site-builder: {effort: draft}",
])  # fmt: skip
def test_our_plugin_may_be_written_in_each_of_mkdocs_ways(project: Project, plugins: str) -> None:
    mkdocs(project, plugins)

    assert project.settings.options.effort == ("draft" if "effort" in plugins else "normal")


def test_what_belongs_to_mkdocs_is_left_alone(project: Project) -> None:
    path = mkdocs(project)
    path.write_text(
        path.read_text("utf-8")
        + "extra: {key: !ENV [ANALYTICS, none], more: !relative $docs_dir}\n"
        + "markdown_extensions:\n  - toc:\n      slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}\n"
        + "  - pymdownx.emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji ''}\n"
        + "nav: [{Home: index.md}]\n",
        "utf-8",
    )

    assert project.settings.site_name == "Test library"


@pytest.mark.parametrize(("written", "environment", "url"), [
    ("!ENV SITE", {"SITE": "https://a.example/x"}, "https://a.example/x/"),
    ("!ENV [SITE, 'https://b.example/']", {}, "https://b.example/"),
    ("!ENV [OTHER, SITE, 'https://b.example/']", {"SITE": "https://c.example/"}, "https://c.example/"),
])  # fmt: skip
def test_a_setting_may_stand_in_the_environment(
    project: Project, monkeypatch: pytest.MonkeyPatch, written: str, environment: dict[str, str], url: str
) -> None:
    path = mkdocs(project)
    path.write_text(path.read_text("utf-8").replace("https://shop.example/", written), "utf-8")
    monkeypatch.delenv("SITE", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert project.settings.site_url == url


def test_a_how_to_cannot_read_the_environment(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "secret-words")
    path = project.write()
    path.write_text(path.read_text("utf-8").replace("summary: Fit a new plug to a lead.", "summary: !ENV TOKEN"), "utf-8")

    told = project.run("check")

    assert told.exit_code == 1
    assert "'summary' should be words, not empty" in told.stderr
    assert "secret-words" not in told.stderr


def test_yaml_that_does_not_parse_is_told(project: Project) -> None:
    project.text("mkdocs.yml", "site_name: Our shop: the library\n")

    told = project.run("check")

    assert told.exit_code == 1
    assert "mkdocs.yml:1: this YAML does not parse" in told.stderr


def test_no_settings_say_where_to_run(project: Project) -> None:
    (project.root / "mkdocs.yml").unlink()

    told = project.run("check")

    assert told.exit_code == 1
    assert "mkdocs.yml:1: no such file" in told.stderr
    assert hint_after(told, "no such file") == "run this where mkdocs.yml is, or name it with --config"


def test_the_price_shown_is_of_the_named_tariff_else_of_the_dearest(project: Project) -> None:
    project.set(tariffs=[{**TARIFF, "name": "cheap", "rand_per_mb": 0.1}, TARIFF])
    dearest = project.settings.tariff
    project.set(tariff="cheap")
    named = project.settings.tariff

    assert [tariff and tariff.name for tariff in (dearest, named)] == ["MTN", "cheap"]


def test_printed_links_begin_with_the_short_address(project: Project) -> None:
    assert (project.settings.short_url, project.settings.short_words) == ("https://shop.example", "shop.example")

    project.set(short_url="https://k.example/x/")

    assert (project.settings.short_url, project.settings.short_words) == ("https://k.example/x", "k.example/x")
