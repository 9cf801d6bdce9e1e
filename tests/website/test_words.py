"""An editor's words from file to page: links, pictures and warnings within them, in how-tos and on the library's own pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from tests.project import Project
from tests.reports import hint_after, line_of, problems

SAFETY = [{"level": "danger", "text": "Pull the plug out first."}]


def photo(path: Path, size: tuple[int, int] = (1600, 1200), orientation: int = 6) -> Path:
    """As a phone takes it: held upright, with the place in its notes."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[2] = (33.0, 55.0, 0.0)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.effect_noise(size, 30).convert("RGB").save(path, "JPEG", exif=exif, quality=90)
    return path


LINKS = [
    # what is written, what is told of it, the hint
    ("[x](../building/mix-morter.md)", "the link to '../building/mix-morter.md' leads nowhere", "'../building/mix-mortar.md'?"),
    ("[x](mix-mortar.md)", "the link to 'mix-mortar.md' leads nowhere", "did you mean '../building/mix-mortar.md'?"),
    ("[x](../building/mix-mortar.af.md)", "to '../building/mix-mortar.af.md' leads nowhere", "../building/mix-mortar.md"),
    ("[x](../building/mix-mortar.md#uze)", "the link to '../building/mix-mortar.md#uze': no step 'uze'", "steps: unplug"),
    ("[x](#unplugg)", "the link to '#unplugg': no step 'unplugg'", "did you mean 'unplug'?"),
    ("[x](shet.pdf)", "the link to 'shet.pdf' leads nowhere", "did you mean 'sheet.pdf'?"),
    ("[x](Sheet.pdf)", "the link to 'Sheet.pdf' leads nowhere", "did you mean 'sheet.pdf'?"),
    ("[x](../electrical/geyser/)", "the link to '../electrical/geyser/' leads nowhere", "as seen from the file"),
    ("[x](../../building/mix-mortar/)", "the link to '../../building/mix-mortar/' leads out of the library", ""),
    ("[x](../../mkdocs.yml)", "the link to '../../mkdocs.yml' leads out of the library", "content folder"),
    ("[x](/building/nothing/)", "the link to '/building/nothing/' leads nowhere", ""),
    ("[x](tool.exe)", "the link to 'tool.exe' leads to a kind of file that is not published", "PDF"),
    ("[x](../_notes.md)", "the link to '../_notes.md' leads to what is not published", ""),
    ("[x](..\\\\building\\\\mix-mortar.md)", "leads nowhere", "write '../building/mix-mortar.md'"),
    ("[x](javascript:alert)", "the link to 'javascript:alert' is not let through", ""),
    ("[x](data:text/html,x)", "the link to 'data:text/html,x' is not let through", ""),
    ("[x](file:///etc/passwd)", "the link to 'file:///etc/passwd' is not let through", "https"),
    ("[x](//shop.example/a)", "the link to '//shop.example/a' does not say how to get there", "write https://shop.example/a"),
    ("[x](https:///a)", "the link to 'https:///a' names no host", "such as"),
    ("[x](<http://[1>)", "the link to 'http://[1' is no address", "such as"),
    ("[x]()", "a link leads nowhere", "write where it leads"),
    ('<a href="nothing.md">x</a>', "the link to 'nothing.md' leads nowhere", ""),
    ("![x](data:image/png;base64,AAAA)", "a picture is written into the words ('data:')", ""),
    ('<img src="data:image/png;base64,AAAA" alt="x">', "a picture is written into the words ('data:')", "put its file beside"),
    ("![x](https://evil.example/x.png)", "no picture 'https://evil.example/x.png'", ""),
    ("![x](//evil.example/x.png)", "no picture '//evil.example/x.png'", "not shown"),
    ("![x](tpa.jpg)", "no picture 'tpa.jpg'", "did you mean 'tap.jpg'?"),
    ("![x](../../../etc/passwd)", "no picture '../../../etc/passwd'", ""),
    ("![x](sheet.pdf)", "the picture 'sheet.pdf' is a PDF", "link to it"),
    ("![x](cut.jpg)", "the picture 'cut.jpg' is damaged, or cut short", "copy it again"),
]  # fmt: skip


@pytest.fixture
def library(project: Project) -> Project:
    project.write("mix-mortar", category="building")
    project.text("content/_notes.md", "x")
    for name in ("sheet.pdf", "tool.exe"):
        (project.text(f"content/electrical/{name}", "")).write_bytes(b"%PDF-1.4\n%\xff")
    data = photo(project.root / "content/electrical/tap.jpg", (64, 48)).read_bytes()
    (project.root / "content/electrical/cut.jpg").write_bytes(data[:-400])
    return project


def test_everything_that_leads_nowhere_is_told_by_check_at_its_line(library: Project) -> None:
    """All at once: one how-to, one fault a paragraph."""
    source = library.write(safety=SAFETY, body="\n\n".join(row[0] for row in LINKS))

    told = library.run("check")

    assert told.exit_code == 1
    found = problems(told)
    assert len(found) == len(LINKS), "\n".join(found)
    for written, message, hint in LINKS:
        (row,) = [row for row in found if row.startswith(f"content/electrical/wire-a-plug.md:{line_of(source, written)}: ")]
        assert message in row
        assert hint in hint_after(told, row), row


def test_a_fault_within_words_stands_at_the_line_of_the_words(project: Project) -> None:
    source = project.write(summary="See sheet.pdf for more.", body="One.\n\n[x](sheet.pdf)")

    (row,) = problems(project.run("check"))

    assert row.startswith(f"content/electrical/wire-a-plug.md:{line_of(source, '[x](sheet.pdf)')}: ")


def test_a_translations_own_words_are_read_and_borrowed_ones_told_once(project: Project) -> None:
    project.write(body="[x](a.md)")
    project.text("content/electrical/wire-a-plug.af.md", "---\ntranslates: 1.0.0\ntitle: Prop\n---\n\n[y](b.md)\n")
    project.text("content/electrical/wire-a-plug.zu.md", "---\ntranslates: 1.0.0\ntitle: Ipulaki\n---\n")

    found = problems(project.run("check"))

    assert ["wire-a-plug.af.md:6:" in row or "wire-a-plug.md:" in row for row in found] == [True, True]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("!!! danger\n    It kills.", "this danger stands in the words alone: no leaflet prints it"),
        ("> [!WARNING]\n> It is hot.", None),  # a warning is among the safety lines
        ("!!! note\n    It is green.", None),
    ],
)
def test_a_danger_that_no_leaflet_prints_is_told(project: Project, body: str, told: str | None) -> None:
    project.write(body=body)

    found = project.run("check")

    assert found.exit_code == 0, found.stderr
    assert (told in found.stderr) if told else ("stands in the words" not in found.stderr)


@pytest.fixture(scope="module")
def built(new_project: Callable[[str], Project]) -> Project:
    """A library with all of it right, built."""
    project = new_project("words")
    project.set(visit_budget=200_000)
    body = """
[mortar](../building/mix-mortar.md#test), [its place](../building/mix-mortar/), [absolute](/building/mix-mortar/),
[the sheet](sheet.pdf), [the plan](plan%20a.jpg), [us](../about.md), [all](../building/), [there](https://x.example/?a=1&b=2),
[step](#unplug), [call](tel:+27115550100)

![A tap, "open" > 1](tap.jpg "Turn it")

<img src="tap.jpg" alt="raw">

!!! danger "Live <b>wires</b>"
    They kill.

> [!NOTE]
> Green is earth.
"""
    project.write(safety=SAFETY, body=body)
    project.write("mix-mortar", category="building")
    afrikaans = "!!! danger\n    Dit maak dood.\n\n[vel](sheet.pdf) ![kraan](tap.jpg)\n"
    project.text("content/electrical/wire-a-plug.af.md", f"---\ntranslates: 1.0.0\ntitle: Prop\n---\n\n{afrikaans}")
    about = "# About\n\n![Us](us.jpg)\n\n[plug](electrical/wire-a-plug.md) [sheet](electrical/sheet.pdf)\n"
    project.text("content/about.md", about)
    project.text("content/building/index.md", "Bricks.\n\n![Bricks](bricks.jpg)\n")
    content = project.root / "content"
    (content / "electrical/sheet.pdf").write_bytes(b"%PDF-1.4\n")
    for name in ("electrical/tap.jpg", "electrical/plan a.jpg", "us.jpg", "building/bricks.jpg", "building/unused.jpg"):
        photo(content / name)
    Image.new("RGB", (32, 32), "red").save(content / "favicon.png")
    told = project.run("build")
    assert told.exit_code == 0, told.stderr
    assert "building/unused.jpg:1: warning: this picture is shown on no page, and is not published" in told.stderr
    assert told.stderr.count("warning:") == 1, told.stderr
    return project


def page(project: Project, address: str) -> html.HtmlElement:
    return html.document_fromstring((project.root / f"site/{address}index.html").read_text("utf-8"))


def test_links_lead_from_the_file_that_they_stand_in(built: Project) -> None:
    plug = page(built, "electrical/wire-a-plug/")
    hrefs = plug.xpath("//section[@class='prose']//a/@href")

    mortar = "../../building/mix-mortar/"
    assert hrefs[:3] == [f"{mortar}#test", mortar, mortar]
    assert hrefs[3] == "../sheet.pdf"
    assert hrefs[4].startswith("../../media/pictures/plan%20a.")
    assert hrefs[5:] == ["../../about/", "../../building/", "https://x.example/?a=1&b=2", "#unplug", "tel:+27115550100"]
    for address in ("electrical/wire-a-plug/", "af/electrical/wire-a-plug/"):
        tree = page(built, address)
        for href in tree.xpath("//section[@class='prose']//a/@href | //section[@class='prose']//img/@src | //source/@srcset"):
            if "://" not in href and not href.startswith(("#", "tel:")):
                there = (built.root / "site" / address / href.split("#")[0].replace("%20", " ")).resolve()
                assert (there / "index.html").is_file() if href.split("#")[0].endswith("/") else there.is_file(), href


def test_a_photo_within_words_is_small_upright_and_tells_no_place(built: Project) -> None:
    for address in ("electrical/wire-a-plug/", "af/electrical/wire-a-plug/", "about/", "building/"):
        tree = page(built, address)
        found = [one for one in tree.xpath("//main//picture//img") if "media/pictures" in one.get("src")]
        assert found, address
        first = found[0]
        assert first.get("loading") == "lazy"
        assert int(first.get("width")) * 4 == int(first.get("height")) * 3  # stored 4:3, and held upright
    site = built.root / "site"
    photos = [path for path in site.rglob("*") if path.suffix in (".jpg", ".avif", ".png") and "assets" not in path.parts]
    assert sorted(path.relative_to(site).as_posix() for path in photos if "media" not in path.parts) == ["favicon.png"]
    for path in photos:
        with Image.open(path) as image:
            assert not image.getexif(), path
        assert b"33.0" not in path.read_bytes()
    small = [path for path in photos if path.suffix == ".avif" and path.parent.name == "pictures"]
    assert small
    assert all(path.stat().st_size < 20_000 for path in small)


def test_a_photos_words_and_title_are_kept(built: Project) -> None:
    images = page(built, "electrical/wire-a-plug/").xpath("//section[@class='prose']//img")

    assert [(image.get("alt"), image.get("title")) for image in images] == [('A tap, "open" > 1', "Turn it"), ("raw", None)]


def test_warnings_within_words_look_like_ours_in_the_pages_language(built: Project) -> None:
    boxes = page(built, "electrical/wire-a-plug/").xpath("//section[@class='prose']//div[contains(@class, 'notice')]")
    (afrikaans,) = page(built, "af/electrical/wire-a-plug/").xpath("//section[@class='prose']//div[contains(@class, 'notice')]")

    assert [(box.get("class"), " ".join(box.text_content().split())) for box in boxes] == [
        ("notice serious beside danger", "Danger Live wires They kill."),
        ("notice beside note", "Note Green is earth."),
    ]
    assert " ".join(afrikaans.text_content().split()) == "Gevaar Dit maak dood."


def test_what_words_show_counts_towards_the_visit(built: Project) -> None:
    built.set(visit_budget=1, page_budget=1)
    try:
        told = built.run("build")
    finally:
        built.set(visit_budget=200_000, page_budget=14_000)

    page, visit = (
        int(re.search(rf"wire-a-plug.md:1: warning: {said} ([\d,]+) bytes", told.stderr)[1].replace(",", ""))
        for said in ("its page weighs", "page and pictures weigh")
    )
    assert visit > page + 300


@pytest.mark.parametrize(
    ("body", "message", "warning"),
    [
        ("# A\n\n![x](https://evil.example/x.png)", "no picture 'https://evil.example/x.png'", False),
        ("# A\n\n![x](data:image/png;base64,AA)", "a picture is written into the words ('data:')", False),
        ("# A\n\n![x](odd.jpg)", "the picture 'odd.jpg' is text, not a picture", False),
        ("# A\n\n[x](lost.md)", "the link to 'lost.md' leads nowhere", True),  # another plugin may make it
        ("# A\n\n" + "[" * 50_000, "these words are too long", False),
    ],
)
def test_a_page_of_the_librarys_own_is_read_too(project: Project, body: str, message: str, warning: bool) -> None:
    project.write()
    project.text("content/about.md", body)
    project.text("content/odd.jpg", "404: Not Found")

    told = project.run("check")

    assert told.exit_code == (0 if warning else 1)
    assert f"content/about.md:3: {'warning: ' if warning else ''}{message}" in told.stderr


def test_a_sign_that_turns_text_is_told_with_its_number_and_a_mark_is_let_through(project: Project) -> None:
    source = project.write(title="Wire \u202eplug", body="A mark \u200f is fine.")

    (row,) = problems(project.run("check"))

    line = line_of(source, "title:")
    assert (
        f"wire-a-plug.md:{line}: this line holds a sign that turns the direction of text (right-to-left override, U+202E" in row
    )
    project.write(body="A mark \u200f is fine.")
    assert project.run("check").exit_code == 0
