"""mkdocs.yml as its owner writes it: mistakes at their line, MkDocs' own things left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from mkdocs.config import load_config

from tests.project import MKDOCS, Project
from tests.reports import hint_after, line_of, problems

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


TITLES = {"en": "Roof"}
ODD: list[tuple[dict[str, Any], str, str, str]] = [
    ({"lang": "fr"}, "lang: fr", "'fr' is no language that the pages' own words are in", "known: af, ar, en, hi, nr, "),
    ({"lang": "en-ZA"}, "lang: en-ZA", "'en-ZA' is no language that the pages' own words are in", "write 'en'"),
    ({"search_hint": {"en": "tap", "nbl": "umpompi"}}, "nbl:", "'nbl' is no language", "known: af, ar, en, hi, nr"),
    ({"categories": {"electrical": {"titles": {"en": "Power", "zuu": "Ugesi"}}}}, "zuu:", "'zuu' is no language",
     "did you mean 'zu'?"),
    ({"categories": {"electrical": {"titles": TITLES}, "roof": {"titles": TITLES}}}, "roof:",
     "no folder content/roof for the category 'roof'", "make the folder content/roof, or take the category out"),
    ({"categories": {"electric": {"titles": TITLES}}}, "electric:", "no folder content/electric for the category 'electric'",
     "did you mean 'electrical'?"),
    ({"store": {"name": "“Khaya Corner”"}}, "name:", "curly quotes (“…”) stand round these words", 'none: "Khaya Corner"'),
]  # fmt: skip


@pytest.mark.parametrize(("options", "at", "message", "hint"), ODD, ids=[row[2][:50] for row in ODD])
def test_what_is_odd_in_the_settings_is_a_warning_at_its_line(
    project: Project, options: dict[str, Any], at: str, message: str, hint: str
) -> None:
    project.write()
    project.set(**options)

    told, strict = project.run("check"), project.run("check", "--strict")

    assert f"mkdocs.yml:{line_of(project.root / 'mkdocs.yml', at)}: warning: {message}" in told.stderr
    assert hint in hint_after(told, message)
    assert (told.exit_code, strict.exit_code) == (0, 1)


def test_what_is_odd_is_told_beside_mistakes_once(project: Project) -> None:
    project.write(risk="none")
    project.set(efort="best", categories={"roof": {"titles": TITLES}})

    told = project.run("check")

    assert told.stderr.count("no folder content/roof") == 1
    assert "unknown field 'efort'" in told.stderr
    assert "'risk' is 'none'" in told.stderr


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
    ("plugins: [site-bulider]", "'site-builder' is not among the plugins", "write 'site-builder' in place of 'site-bulider'"),
    ("plugins:\n  - site-builder:\n    strict: true", "'strict' stands beside 'site-builder', not below it", "to the right"),
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
    assert (project.settings.short_url, project.settings.short_url_text) == ("https://shop.example", "shop.example")

    project.set(short_url="https://k.example/x/")

    assert (project.settings.short_url, project.settings.short_url_text) == ("https://k.example/x", "k.example/x")


# ---- from other files


BASE = "site_url: https://base.example/\ntheme: material\nplugins:\n  - site-builder:\n      store: {name: Base}\n"


def inheriting(project: Project, own: str, base: str = BASE) -> None:
    project.write()
    project.text("settings/base.yml", base)
    project.text("mkdocs.yml", f"INHERIT: settings/base.yml\nsite_name: Own\ndocs_dir: content\n{own}")


def test_settings_are_inherited_as_mkdocs_does_it(project: Project) -> None:
    inheriting(
        project,
        "theme: {name: material, palette: {primary: teal}}\n",
        BASE.replace("theme: material", "theme: {name: material, language: en}\nextra: {a: 1}"),
    )
    ours = project.settings
    theirs = load_config(str(project.root / "mkdocs.yml"))

    assert ours.site_url == theirs.site_url == "https://base.example/"
    assert (ours.site_name, ours.options.store.name) == ("Own", "Base")
    assert (theirs.theme["language"], theirs.theme["palette"]) == ("en", {"primary": "teal"})


def test_of_lists_the_nearer_one_counts(project: Project) -> None:
    inheriting(project, "plugins:\n  - site-builder:\n      effort: draft\n")

    assert (project.settings.options.effort, project.settings.options.store.name) == ("draft", "Own")


def test_what_is_wrong_is_told_in_the_file_in_which_it_stands(project: Project) -> None:
    base = BASE.replace("name: Base}", "nam: Base}\n      efort: best").replace("https://base.example/", "base.example")
    inheriting(project, "site_dir: content/site\n", base)

    told = project.run("check")

    assert told.exit_code == 1
    assert sorted(row.split(": ", 1)[0] for row in problems(told)) == [
        "mkdocs.yml:4", "settings/base.yml:1", "settings/base.yml:5", "settings/base.yml:6",
    ]  # fmt: skip


@pytest.mark.parametrize(("named", "message"), [
    ("settings/bas.yml", "mkdocs.yml:1: no file 'settings/bas.yml' to inherit from"),
    ("mkdocs.yml", "mkdocs.yml:1: 'mkdocs.yml' inherits from itself"),
    ("[a.yml]", "mkdocs.yml:1: 'INHERIT' should be a file's name"),
    ("''", "mkdocs.yml:1: 'INHERIT' should be a file's name"),
    ("settings/loop.yml", "settings/loop.yml:1: '../mkdocs.yml' inherits from itself"),
    ("settings/broken.yml", "settings/broken.yml:2: this YAML does not parse"),
])  # fmt: skip
def test_a_parent_that_is_none_is_told(project: Project, named: str, message: str) -> None:
    inheriting(project, "")
    project.text("settings/loop.yml", "INHERIT: ../mkdocs.yml\n")
    project.text("settings/broken.yml", "site_name: x\ntheme: a: b\n")
    project.text("mkdocs.yml", f"INHERIT: {named}\nsite_name: Own\n")

    told = project.run("check")

    assert told.exit_code == 1
    assert message in told.stderr


# ---- left out


@pytest.mark.parametrize(("setting", "pattern"), [("exclude_docs", "electrical/wire-a-plug.md"), ("draft_docs", "*\n!*lamp*")])
def test_what_mkdocs_leaves_out_is_nowhere(project: Project, setting: str, pattern: str) -> None:
    project.write(code="k7q", formerly=["old-plug"])
    project.text("content/electrical/wire-a-plug.af.md", "---\ntranslates: 1.0.0\ntitle: Prop\n---\n")
    project.write("hang-a-lamp", related=["wire-a-plug"])
    rows = "k7q\twire-a-plug\t2026-11-21\nk7r\told-plug\tunprinted\nk7s\twire-a-plug.af\tunprinted\n"
    project.text("content/codes.tsv", f"code\tslug\tsince\n{rows}")
    mkdocs(project, **{setting: pattern})

    told, built = project.run("check"), project.run("build")

    assert told.exit_code == built.exit_code == 0, told.stderr
    assert told.stderr.splitlines()[-1] == "1 how-to, 0 films, no mistake; 1 warning"
    assert "warning: code 'k7q' was printed for 'wire-a-plug', which 'exclude_docs' leaves out" in told.stderr
    assert rows in (project.root / "content/codes.tsv").read_text("utf-8")
    site = project.root / "site"
    assert not (site / "electrical/wire-a-plug").exists()
    assert not (site / "k7q").exists()
    named = [path for path in site.rglob("*") if path.is_file() and b"electrical/wire-a-plug" in path.read_bytes()]
    assert named == []
    assert project.run("print", "wire-a-plug").exit_code == 2


@pytest.mark.parametrize(("given", "message"), [
    (["a.md"], "'exclude_docs' is a list, no lines of names"),
    ("!", "'exclude_docs' is '!', no such pattern"),
])  # fmt: skip
def test_patterns_that_are_none_are_told(project: Project, given: Any, message: str) -> None:
    project.write()
    mkdocs(project, exclude_docs=given)

    assert message in project.run("check").stderr


# ---- addresses, colours


ADDRESSES = [
    ("https://a.example/?x=1", "has a '?' or '#'"), ("https://a.example/#x", "has a '?' or '#'"),
    ('https://a.example/"x', "a space, a quote or another sign"), ("https://a.example/it's", "a space, a quote"),
    ("https://[2001:db8::1]/", "a bare number of version 6"), ("https://a.example/" + "x" * 5000, "5,018 characters, 120 are"),
    ("https://me:pw@a.example/", "names a user"), ("https://a b.example/", "a space, a quote"),
    ("ftp://a.example/", "begins with https:// or http://"), ("//a.example/", "begins with https:// or http://"),
    ("https://", "names no computer"), ("https:///x", "names no computer"), ("https://a..example/", "names no computer"),
    ("https://a.example:99999/", "has not the right form"), ("https://a.example:/", "names no computer"),
    ("https://300.1.1.1/", "names no computer"), ("https://a.example/../x", "signs in it that no address has"),
    ("https://a.example//x", "signs in"), ("https://a.example/%zz", "signs in it"), ("https://a.example/\\x", "a space, a q"),
    ("https://k\u00e4se.example/", "letters that not every phone sends"),
    ("https://a.example/<b>", "a space, a quote"), ("", "no web address"), (7, "no web address"), (["x"], "no web address"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["site_url", "short_url"])
@pytest.mark.parametrize(("given", "message"), ADDRESSES, ids=[str(row[0])[:30] for row in ADDRESSES])
def test_an_address_that_leads_nowhere_is_refused_at_its_line(project: Project, name: str, given: Any, message: str) -> None:
    project.write()
    project.set(**({"short_url": given} if name == "short_url" else {}))
    path = project.root / "mkdocs.yml"
    if name == "site_url":
        values = yaml.safe_load(path.read_text("utf-8"))
        path.write_text(yaml.safe_dump({**values, "site_url": given}, allow_unicode=True, width=9999), "utf-8")

    told = project.run("check")

    assert told.exit_code == 1
    (problem,) = problems(told)
    assert problem.startswith(f"mkdocs.yml:{line_of(path, name)}: '{name}' is ")
    assert message in problem
    assert "https://clinic.example/" in hint_after(told, f"'{name}' is")


@pytest.mark.parametrize("given", ["https://a.example", "HTTPS://a.example/x/y/", "http://127.0.0.1:8000/", "http://localhost/",
                                   "https://xn--kse-qla.example/", "https://a.example/~shop/how_to/%C3%A9/"])  # fmt: skip
def test_an_address_that_leads_somewhere_is_taken(project: Project, given: str) -> None:
    mkdocs(project, site_url=given)

    assert project.settings.site_url == given.replace("HTTPS", "https").rstrip("/") + "/"


@pytest.mark.parametrize(("theme", "message"), [
    ({"name": "material", "palette": "teal"}, "theme palette 1 should be fields, not 'teal'"),
    ({"name": "material", "palette": {"primary": "tael"}}, "is 'tael', no colour that there is"),
    ({"name": "material", "palette": [{"primary": ["red"]}]}, "is a list, no colour that there is"),
    ({"name": "material", "palette": 3}, "theme palette 1 should be fields, not '3'"),
    (["material"], "'theme' should be fields, not a list"),
])  # fmt: skip
def test_a_palette_that_is_none_is_told(project: Project, theme: Any, message: str) -> None:
    project.write()
    mkdocs(project, theme=theme)

    told = project.run("check")

    assert told.exit_code == 1
    assert message in told.stderr


def test_mistakes_in_the_settings_hide_no_others(project: Project) -> None:
    project.write(sumary="x", related=["no-such"])
    mkdocs(project, site_url="a.example", plugins="plugins:\n  - site-builder: {efort: draft}")

    told = project.run("check")

    assert [row.split(": ", 1)[1].split(",")[0] for row in problems(told)] == [
        "no how-to 'no-such'", "unknown field 'sumary'", "'site_url' is 'a.example'", "unknown field 'efort'",
    ]  # fmt: skip
    assert told.stderr.splitlines()[-1] == "4 mistakes; nothing was made"
    assert problems(project.run("build")) == problems(told)


def test_a_library_that_names_no_store_is_its_own(project: Project) -> None:
    project.set(store={"phone": "011 555 0100"})

    assert project.settings.options.store.name == "Test library"


@pytest.mark.parametrize(("changes", "plugins", "line", "message"), [
    ({}, "plugins: [site-builder, no-such-plugin]", "plugins:", 'The "no-such-plugin" plugin is not installed'),
    ({"theme": {"name": "material", "custom_dir": "gone"}}, "plugins: [site-builder]", "theme:", "custom_dir"),
    ({"theme": "no-such-theme"}, "plugins: [site-builder]", "theme:", "Unrecognised theme name: 'no-such-theme'"),
    ({"markdown_extensions": ["no_such_extension"]}, "plugins: [site-builder]", "markdown_extensions:", "Failed to load ext"),
    ({"hooks": ["gone.py"]}, "plugins: [site-builder]", "hooks:", "gone.py"),
    ({"nav": 5}, "plugins: [site-builder]", "nav:", "Config value 'nav'"),
])  # fmt: skip
def test_what_mkdocs_would_refuse_is_told_by_check_at_its_line(
    project: Project, changes: dict[str, Any], plugins: str, line: str, message: str
) -> None:
    project.write()
    path = mkdocs(project, plugins, **changes)

    told = project.run("check")

    assert told.exit_code == 1
    (problem,) = problems(told)
    assert problem.startswith(f"mkdocs.yml:{line_of(path, line)}: ")
    assert message in problem


def test_settings_that_cannot_be_read_hide_no_mistakes_of_how_tos(project: Project) -> None:
    path = project.write(sumary="x")
    project.text("mkdocs.yml", "site_name: a: b\ndocs_dir: content\n")

    told = project.run("check")

    assert [row.split(": ")[0] for row in problems(told)] == [
        f"content/electrical/wire-a-plug.md:{line_of(path, 'sumary')}",
        "mkdocs.yml:1",
    ]
