"""`site-builder print`: what staff ask for at the counter, with a store's number, a part-used sheet, or after a correction."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from benchmarks.faults import HOWTO
from site_builder.leaflets import formats, qr
from site_builder.leaflets import pdf as paper
from tests.leaflets.reading import Reading
from tests.project import Project

TIMBER = {"materials": [{"name": "Shelf board", "qty": 1, "unit": "each", "aisle": "Timber", "sku": "SB-18"}]}
WRONG = {"date": "2026-05-02", "version": "1.2.0", "what": "Step 2 was wrong: brown goes to L.", "serious": True}
SMALL = {"date": "2026-05-03", "version": "1.0.1", "what": "A comma.", "serious": False}


@pytest.fixture
def shop(new_project: Callable[[str], Project]) -> Project:
    """Four how-tos without films: two of one category, one of another, and a translation."""
    project = new_project("shop")
    project.write("wire-a-plug", code="c9b")
    project.write("save-power", code="p7r", title="Save power")
    project.write("hang-a-shelf", category="walls", code="h4k", title="Hang a shelf", **TIMBER)
    project.text("content/walls/hang-a-shelf.af.md", "---\nlang: af\ntranslates: 1.0.0\ntitle: Hang 'n rak\n---\n")
    project.text("content/codes.tsv", "code\tslug\tsince\nr6k\thang-a-shelf.af\t2026-05-01\n")
    return project


def printed(project: Project, *words: str) -> list[dict[str, Any]]:
    """What came out, by what the command says of it."""
    told = project.run("print", *words, "--out", str(project.root / "out"), "--json")
    assert told.exit_code == 0, told.output
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    return [row for row in rows if "path" in row]


def names(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(Path(row["path"]).name for row in rows)


def links(row: dict[str, Any]) -> set[str]:
    return {qr.lowercase_host(text) for page in paper.read_codes(Path(row["path"]).read_bytes()) for text in page}


def refused(project: Project, *words: str) -> str:
    told = project.run("print", *words)
    assert told.exit_code == 2
    assert not (project.root / "printed").exists()
    return told.stderr


def test_a_how_to_is_named_by_slug_code_or_category(shop: Project) -> None:
    assert names(printed(shop, "wire-a-plug")) == ["wire-a-plug.en.leaflet.pdf"]
    assert names(printed(shop, "c9b", "-F", "toner")) == ["wire-a-plug.en.toner.pdf"]
    assert names(printed(shop, "electrical")) == names(printed(shop, "-c", "electrical"))
    assert len(printed(shop, "electrical")) == 2
    assert len(printed(shop)) == 3  # the library's own language
    assert names(printed(shop, "--lang", "af")) == names(printed(shop, "r6k")) == ["hang-a-shelf.af.leaflet.pdf"]


@pytest.mark.parametrize("format", formats.load_formats())
def test_every_format_can_be_ordered_and_carries_the_stores_number(shop: Project, format: str) -> None:
    [row] = printed(shop, "wire-a-plug", "-F", format, "--store", "14")

    assert row["format"] == format
    assert row["pages"] == len(pypdfium2.PdfDocument(row["path"]))
    assert row["bytes"] == Path(row["path"]).stat().st_size
    assert all(link.endswith("-14") for link in links(row))


def test_a_code_is_registered_before_it_is_on_paper(shop: Project) -> None:
    printed(shop, "wire-a-plug")

    assert "c9b\twire-a-plug\t" in (shop.root / "content/codes.tsv").read_text("utf-8")


def test_a_pack_is_one_file_named_after_what_its_how_tos_share(shop: Project) -> None:
    assert names(printed(shop, "electrical", "-F", "pack")) == ["electrical.en.pack.pdf"]
    assert names(printed(shop, "-F", "pack")) == ["all.en.pack.pdf"]
    assert names(printed(shop, "wire-a-plug", "hang-a-shelf", "-F", "pack")) == ["some.en.pack.pdf"]


def test_two_how_tos_stand_side_by_side_and_more_than_two_each_twice(shop: Project) -> None:
    [both] = printed(shop, "wire-a-plug", "hang-a-shelf", "-F", "two-a5")

    assert {link.split("?")[0][-3:] for link in links(both)} == {"c9b", "h4k"}
    assert len(printed(shop, "-F", "two-a5")) == 3


def test_labels_begin_where_a_part_used_sheet_still_has_some(shop: Project) -> None:
    def top(start: str) -> float:
        [row] = printed(shop, "wire-a-plug", "-F", "labels", "--start-at", start)
        page = pypdfium2.PdfDocument(row["path"])[0]
        return max(box[3] for box in paper.code_rects(page)) / 72 * 25.4

    assert top("1") - top("4") == pytest.approx(38.1, abs=0.3)  # one row of L7160 lower


def test_an_aisle_gets_labels_with_names_and_numbers_of_what_stands_there(shop: Project) -> None:
    [row] = printed(shop, "--aisle", "timber")

    words = pypdfium2.PdfDocument(row["path"])[0].get_textpage().get_text_range()
    assert Path(row["path"]).name == "aisle-timber.en.labels.pdf"
    assert "Shelf board (SB-18)" in " ".join(words.split())
    assert len(links(row)) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["wire-a-plugg"], "did you mean 'wire-a-plug'?"),
        (["--aisle", "Timbre"], "did you mean 'Timber'?"),
        (["--lang", "zu"], "nothing of that is in 'zu'; there is af, en"),
        (["--store", "14?x=<b>"], "1 to 5 figures or small letters"),
        (["-F", "labels", "--start-at", "22"], "a sheet L7160 has labels 1 to 21, not 22"),
        (["--changed-since", "v9"], "'v9' is no date (2026-05-01) and no tag of git"),
        (["--changed-since", "--help"], "no tag of git"),
        (["wire-a-plug", "--title", "Power ⚡"], "no font on paper has '⚡' (U+26A1, high voltage sign)"),
    ],
)
def test_what_cannot_be_printed_is_told_with_a_way_out(shop: Project, words: list[str], told: str) -> None:
    assert told in " ".join(refused(shop, *words).split())


# ---- what must be printed again


def codes(row: dict[str, Any]) -> set[str]:
    """The how-tos' codes in a print; its cover has the library's own too."""
    return {urlsplit(link).path.strip("/") for link in links(row)} - {""}


def test_a_pack_of_all_that_was_seriously_wrong_since_a_day(shop: Project) -> None:
    shop.write("wire-a-plug", code="c9b", version="1.2.0", corrections=[WRONG])
    shop.write("save-power", code="p7r", title="Save power", version="1.0.1", corrections=[SMALL])

    [row] = printed(shop, "--changed-since", "2026-05-02")

    assert Path(row["path"]).name == "changed-since-2026-05-02.en.pack.pdf"
    assert codes(row) == {"c9b"}
    [row] = printed(shop, "--changed-since", "2026-05-02", "--all-changes")
    assert codes(row) == {"c9b", "p7r"}


def test_nothing_to_print_again_is_no_failure(shop: Project) -> None:
    shop.write("wire-a-plug", code="c9b", version="1.2.0", corrections=[WRONG])

    told = shop.run("print", "--changed-since", "2026-05-03")

    assert told.exit_code == 0
    assert "no leaflet must be printed again since 2026-05-03" in told.stderr


def test_a_wrong_how_to_is_printed_again_in_every_language(shop: Project) -> None:
    shop.write("hang-a-shelf", category="walls", code="h4k", title="Hang a shelf", version="1.2.0", corrections=[WRONG])
    shop.text("content/walls/hang-a-shelf.af.md", "---\nlang: af\ntranslates: 1.2.0\ntitle: Hang 'n rak\n---\n")

    rows = printed(shop, "--changed-since", "2026-05-01", "-F", "leaflet")

    assert names(rows) == ["hang-a-shelf.af.leaflet.pdf", "hang-a-shelf.en.leaflet.pdf"]


def test_since_a_tag_versions_are_compared_not_days(shop: Project) -> None:
    """The correction was dated before the tag was set, and came into the library after it; the how-to was renamed since."""

    def git(*words: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *words], cwd=shop.root, check=True, capture_output=True)

    git("init", "-q")
    git("add", "content")
    git("commit", "-qm", "First")
    git("tag", "printed-in-may")
    (shop.root / "content/electrical/wire-a-plug.md").unlink()
    shop.write(
        "fit-a-plug", code="c9b", formerly=["wire-a-plug"], version="1.2.0", corrections=[WRONG | {"date": "2026-01-01"}]
    )
    shop.write("new-one", code="n3w", title="New", version="1.2.0", corrections=[WRONG])

    [row] = printed(shop, "--changed-since", "printed-in-may")

    assert codes(row) == {"c9b"}  # nobody can have printed the new one


# ---- what a how-to wishes


def size_of(row: dict[str, Any]) -> tuple[int, int]:
    """Of the first page, in mm."""
    width, height = pypdfium2.PdfDocument(row["path"])[0].get_size()
    return round(width / 72 * 25.4), round(height / 72 * 25.4)


A4, LETTER = (210, 297), (216, 279)
IMAGE = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE


@pytest.mark.parametrize(("wish", "format", "size"), [
    ({}, "leaflet", A4),
    ({"format": "toner"}, "toner", A4),
    ({"format": "two-a5"}, "two-a5", A4[::-1]),
    ({"paper": "A5"}, "booklet", A4[::-1]),
    ({"paper": "Letter"}, "leaflet", LETTER),
    ({"paper": "Letter", "format": "booklet"}, "booklet", LETTER[::-1]),
])  # fmt: skip
def test_a_how_to_chooses_its_format_and_paper(
    project: Project, wish: dict[str, str], format: str, size: tuple[int, int]
) -> None:
    project.write(code="c9b", leaflet=wish)
    project.text("content/electrical/wire-a-plug.af.md", "---\nlang: af\ntranslates: 1.0.0\ntitle: Bedraad\n---\n")

    for lang in ("en", "af"):
        [row] = printed(project, "wire-a-plug", "--lang", lang)

        assert (row["format"], size_of(row)) == (format, size)


def test_the_command_line_has_the_last_word_on_the_format(project: Project) -> None:
    project.write(code="c9b", leaflet={"format": "booklet"})

    assert names(printed(project, "c9b", "-F", "leaflet")) == ["wire-a-plug.en.leaflet.pdf"]


def test_a_wish_for_a4_holds_against_the_settings_and_not_in_a_pack(shop: Project) -> None:
    shop.set(paper="us-letter")
    shop.write("save-power", code="p7r", title="Save power", leaflet={"paper": "A4"})

    rows = {row["format"]: size_of(row) for row in printed(shop, "p7r", "-F", "leaflet", "-F", "toner")}
    [pack] = printed(shop, "electrical", "-F", "pack")

    assert rows == {"leaflet": A4, "toner": A4}
    sizes = {tuple(round(side) for side in page.get_size()) for page in pypdfium2.PdfDocument(pack["path"])}
    assert sizes == {(612, 792)}  # a printer's tray holds one paper


@pytest.mark.parametrize(("wish", "shown"), [(None, ["unplug", "connect", "test"]), (["connect"], ["connect"]), ([], [])])
def test_only_the_wished_steps_have_a_picture(project: Project, wish: list[str] | None, shown: list[str]) -> None:
    steps = [{**step, "image": f"{step['id']}.png"} for step in HOWTO["steps"]]
    for at, step in enumerate(steps):
        drawn = project.text(f"content/electrical/{step['image']}", "")
        Image.new("RGB", (320, 180), (60 * at, 90, 120)).save(drawn)
    project.write(code="c9b", steps=steps, leaflet={"picture_steps": wish})

    [row] = printed(project, "c9b")

    with pikepdf.open(row["path"]) as pdf:
        told = [element["alt"] for element in Reading(pdf).elements if element["kind"] == "Figure"]
    assert told[1:] == [
        f"Step {at}, {step['title']}" for at, step in enumerate(steps, start=1) if step["id"] in shown
    ]  # [0]: code
    document = pypdfium2.PdfDocument(row["path"])
    assert sum(len(list(page.get_objects([IMAGE]))) for page in document) == len(shown)
