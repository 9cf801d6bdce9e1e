"""A library beside what else stands in mkdocs.yml and in the content folder: other plugins, an editor's own pages and files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml
from lxml import etree, html

from site_builder.website.markdown import reserved_names
from tests.project import Project
from tests.reports import hint_after, line_of, problems

AFRIKAANS = "---\ntranslates: 1.0.0\ntitle: Prop\n---\n"
PLUGIN = """
from pathlib import Path

PAGES = {}


def on_files(files, config):
    PAGES.update({file.src_uri: file.url for file in files.documentation_pages()})


def on_post_build(config):
    for old, new in (("old", "electrical/wire-a-plug.md"), ("oud", "electrical/wire-a-plug.af.md"), ("us", "about.md")):
        path = Path(config["site_dir"], old, "index.html")
        path.parent.mkdir()
        path.write_text(f"to {PAGES[new]}")
"""  # as mkdocs-redirects does: it asks for all pages when files are known, and writes at the end


@pytest.fixture(scope="module")
def built(new_project: Callable[[str], Project]) -> Project:
    project = new_project("neighbours")
    project.write()
    project.text("content/electrical/wire-a-plug.af.md", AFRIKAANS)
    project.text("content/index.md", "Welcome.\n")
    project.text("content/electrical/index.md", "Wires.\n")
    about = '# About\n\n!!! danger "Live **wires**"\n    They kill.\n\n!!! tip\n    Green is earth.\n'
    project.text("content/about.md", about)
    project.text("content/hidden.md", "# In no menu\n")
    project.text("content/robots.txt", "User-agent: *\nDisallow: /\n")
    project.text("leads_on.py", PLUGIN)
    settings = yaml.safe_load((project.root / "mkdocs.yml").read_text("utf-8"))
    settings["hooks"] = ["leads_on.py"]
    settings["nav"] = [{"About us": "about.md"}]
    (project.root / "mkdocs.yml").write_text(yaml.safe_dump(settings), "utf-8")
    told = project.run("build")
    assert told.exit_code == 0, told.stderr
    return project


@pytest.mark.parametrize(
    ("old", "page"), [("old", "electrical/wire-a-plug/"), ("oud", "af/electrical/wire-a-plug/"), ("us", "about/")]
)
def test_how_tos_are_pages_for_other_plugins(built: Project, old: str, page: str) -> None:
    assert (built.root / f"site/{old}/index.html").read_text("utf-8") == f"to {page}"


def test_an_editors_own_pages_are_in_the_sitemap_in_menus_or_not(built: Project) -> None:
    tree = etree.fromstring((built.root / "site/sitemap.xml").read_bytes())
    found = [loc.text.removeprefix("https://shop.example/") for loc in tree.iter("{*}loc")]

    assert {"about/", "hidden/", "electrical/wire-a-plug/", "electrical/", ""} <= set(found)
    assert len(found) == len(set(found))


def test_a_warning_on_a_page_of_the_librarys_own_looks_like_ours(built: Project) -> None:
    tree = html.document_fromstring((built.root / "site/about/index.html").read_text("utf-8"))

    boxes = tree.xpath("//main//div[contains(@class, 'notice')]")
    assert [(box.get("class"), " ".join(box.text_content().split())) for box in boxes] == [
        ("notice serious beside danger", "Danger Live wires They kill."),
        ("notice beside note", "Note Green is earth."),
    ]


def test_an_editors_robots_txt_is_the_editors(built: Project) -> None:
    assert "Disallow" in (built.root / "site/robots.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("search.md", "'search' is a name that the site itself needs"),
        ("phone.md", "'phone' is a name that the site itself needs"),
        ("print-desk.md", "'print-desk' is a name that the site itself needs"),
        ("af/search.md", "a how-to stands in"),
        ("phone/index.md", "'phone' is a name that the site itself needs"),
        ("404.md", "'404' is a name that the site itself needs"),
        ("library.json", "'library.json' is a name that the site itself needs"),
        ("sw.js", "'sw.js' is a name that the site itself needs"),
        ("sitemap.xml", "'sitemap.xml' is a name that the site itself needs"),
        ("electrical.md", "this page stands at the same address as"),
        ("m2x.md", "'m2x' is a printed code, which leads to 'wire-a-plug'"),
    ],
)
def test_a_name_that_is_taken_is_a_mistake_at_the_file(project: Project, name: str, message: str) -> None:
    project.write()
    project.text("content/codes.tsv", "code\tslug\tsince\nm2x\twire-a-plug\t2026-01-01\n")
    project.text("content/electrical/index.md", "Wires.\n")
    if name.startswith("af"):
        project.text("content/electrical/wire-a-plug.af.md", AFRIKAANS)
    project.text(f"content/{name}", "# Words\n")

    told = project.run("check")

    assert told.exit_code == 1, told.stderr
    if not name.startswith("af"):
        assert any(name in row and message in row for row in told.stderr.splitlines()), told.stderr


@pytest.mark.parametrize("category", ["search", "media", "print", "af"])
def test_a_category_of_a_name_that_is_taken_is_a_mistake_at_the_folder(project: Project, category: str) -> None:
    project.write(category=category)
    project.text(f"content/{category}/wire-a-plug.af.md", AFRIKAANS)

    (row,) = problems(project.run("check")) or [project.run("check").stderr]

    assert f"content/{category}:1: '{category}' is a name that" in row


@pytest.mark.parametrize(
    "text",
    [
        "[" * 9_000,
        "[a](" * 4_000,
        "<a " * 9_000,
        "\\" * 30_000,
        "# a\n" * 9_000,
        "- " * 9_000 + "x",
        "1. " * 9_000,
        "![" * 9_000,
    ],
    ids=lambda text: text[:4],
)
def test_a_page_that_would_keep_mkdocs_busy_is_told_before_it_does(project: Project, text: str) -> None:
    project.write()
    project.text("content/about.md", text)

    told = project.run("check")

    assert told.exit_code == 1
    assert "content/about.md:1: " in told.stderr


def test_a_warning_in_signs_that_mkdocs_does_not_know_is_told(project: Project) -> None:
    project.write()
    project.text("content/about.md", "# A\n\n> [!WARNING]\n> Hot.\n")

    told = project.run("check")

    assert told.exit_code == 0
    assert "content/about.md:3: warning: this '[!WARNING]' would be shown as typed" in told.stderr


def test_every_name_at_the_sites_top_is_known_to_be_taken(built: Project) -> None:
    """Names that a build gives itself: those of the library (its categories, languages, codes, pages) are held apart."""
    codes = {row.split("\t")[0] for row in (built.root / "content/codes.tsv").read_text("utf-8").splitlines()}
    own = {
        "electrical",
        "af",
        "about",
        "hidden",
        "old",
        "oud",
        "us",
        "index.html",
        "robots.txt",
        "_headers",
        ".nojekyll",
        *codes,
    }
    names = {path.name.removesuffix(".br").removesuffix(".gz") for path in (built.root / "site").iterdir()} - own
    unknown = {
        name for name in names if not (name in reserved_names.RESERVED_FOLDERS or reserved_names.RESERVED_FILES.fullmatch(name))
    }

    assert {name for name in unknown if not name.endswith(".schema.json")} == set()


def test_an_icon_that_is_none_is_told_at_its_line(project: Project) -> None:
    project.set(categories={"electrical": {"icon": "material/watr", "titles": {"en": "Wires"}}})
    project.write()

    told = project.run("check")

    line = line_of(project.root / "mkdocs.yml", "material/watr")
    assert f"mkdocs.yml:{line}: warning: no icon 'material/watr'" in told.stderr
    assert hint_after(told, "no icon") == "did you mean 'material/water'?"
