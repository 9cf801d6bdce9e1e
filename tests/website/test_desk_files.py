"""Files that the print desk's page makes in real Chromium: decoded and measured as they come out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from site_builder import mkdocs_plugin, pipeline
from site_builder.leaflets import label_sheets, print_jobs, qr
from site_builder.leaflets.collection import PrintSource
from site_builder.library.artifacts import Lesson
from tests.project import Project
from tests.website.phone import Phone, serving

MM = 72 / 25.4
DPI = 400
TOOLS = [{"name": "Screwdriver", "aisle": "Tools"}]
STOCK = label_sheets.stocks()["L7160"]
TITLES = {"c9b": "Wire a plug", "h4k": "Hang a shelf", "m2p": "Mix mortar", "t7r": "Fix a tap"}
Place = tuple[int, float, float, float, float, str]


@pytest.fixture(scope="module")
def shop(new_project: Callable[[str], Project]) -> Project:
    """Four how-tos in two languages, two of them with tools from one aisle."""
    project = new_project("desk-files")
    project.write("wire-a-plug", code="c9b", title=TITLES["c9b"], tools=TOOLS)
    project.write("hang-a-shelf", code="h4k", title=TITLES["h4k"], tools=[{"name": "Drill", "aisle": "Power/tools"}, *TOOLS])
    project.write("mix-mortar", code="m2p", title=TITLES["m2p"], tools=[])
    project.write("fix-a-tap", code="t7r", title=TITLES["t7r"], tools=[])
    project.text("content/electrical/wire-a-plug.af.md", "---\nlang: af\ntranslates: 1.0.0\ntitle: Bedraad 'n prop\n---\n")
    return project


@pytest.fixture(scope="module")
def site_folder(shop: Project) -> Path:
    told: list[PrintSource] = pipeline.prepare_print(shop.settings, shop.cache, 1)
    wanted = [
        job for job in print_jobs.all_jobs(told, shop.settings) if job.format in ("leaflet", "booklet", "labels", "stickers")
    ]
    prints, failures = print_jobs.print_all(wanted, shop.settings, shop.cache, 1, lambda event: None)
    assert failures == []
    library = pipeline.check_library(shop.settings, shop.cache).library
    lessons = tuple(Lesson(howto) for howto in library.howtos)
    made = SimpleNamespace(library=library, lessons=lessons, problems=(), prints=tuple(prints), figures={})
    mkdocs_plugin.build_site(shop.settings, made, shop.root / "www/site")
    return shop.root / "www/site"


@pytest.fixture
def staff(browser: Browser, site_folder: Path) -> Iterator[Page]:
    """The desk on an old PC. No request leaves it for another host, and the pages' own policy refuses nothing."""
    server = serving(site_folder)
    address = f"http://127.0.0.1:{server.effective_port}/site/"
    context = browser.new_context(viewport={"width": 1024, "height": 768}, accept_downloads=True, service_workers="block")
    found = Phone(context.new_page(), address)
    found.go("print-desk/")
    expect(found.page.locator(".make")).to_be_visible()
    yield found.page
    context.close()
    server.close()
    assert [url for url in found.asked if not url.startswith((address, "data:", "blob:"))] == []
    assert found.errors == []


def made(page: Page, into: Path) -> Path:
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name="Make the file").click()
    path = into / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def tick(page: Page, *codes: str) -> None:
    for code in codes:
        page.locator(f".picks input[value={code}]").check()


def places(path: Path) -> list[Place]:
    """Each code as a printer's paper has it: page; left, bottom, right, top in pt; what it says. Row by row."""
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(path)):
        picture = page.render(scale=DPI / 72, grayscale=True).to_pil()
        for one in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])):
            corners = [getattr(one.position, name) for name in ("top_left", "top_right", "bottom_right", "bottom_left")]
            x, y = ([getattr(corner, axis) * 72 / DPI for corner in corners] for axis in "xy")
            high = page.get_height()
            found.append((number, min(x), high - max(y), max(x), high - min(y), qr.lowercase_host(one.text)))
    return sorted(found, key=lambda one: (one[0], -round(one[4]), one[1]))


def text_of(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    return [page.get_textpage().get_text_bounded() for page in document]


def slots(path: Path) -> list[tuple[int, int, str]]:
    """Sheet, label (from 1) and link of each code; a code stands wholly within its label."""
    found = []
    for sheet, left, bottom, right, top, link in places(path):
        across, down = left / MM - STOCK.left, 297 - top / MM - STOCK.top
        column, row = int(across // (STOCK.width + STOCK.gap_x)), int(down // (STOCK.height + STOCK.gap_y))
        x, y = STOCK.left + column * (STOCK.width + STOCK.gap_x), STOCK.top + row * (STOCK.height + STOCK.gap_y)
        assert x <= left / MM < right / MM <= x + STOCK.width
        assert y <= 297 - top / MM < 297 - bottom / MM <= y + STOCK.height
        found.append((sheet, row * STOCK.across + column + 1, link))
    return sorted(found)


def link(code: str, rest: str) -> str:
    return f"https://shop.example/{code}?s={rest}"


def test_an_aisles_labels_go_onto_a_part_used_sheet_with_the_branchs_number(staff: Page, tmp_path: Path) -> None:
    staff.get_by_label("Aisle").select_option("Tools")
    staff.get_by_label("First free label").fill("20")
    staff.get_by_label("How many of each").fill("2")
    staff.get_by_label("Branch number").fill("14")

    path = made(staff, tmp_path)

    found = slots(path)
    assert [(sheet, label) for sheet, label, _ in found] == [(0, 20), (0, 21), (1, 1), (1, 2)]
    links = {one for *_, one in found}
    assert links == {found[0][2], found[2][2]}
    assert {re.sub(r"^.*/(\w+)\?", r"\1 ", one) for one in links} == {"c9b s=e-14", "h4k s=e-14"}
    # the goods of the aisle stand on what is printed: Typst's own letters, of the sheet that was made for the aisle
    assert all("Screwdriver" in text for text in text_of(path))
    page = pypdfium2.PdfDocument(path)[0]
    assert (round(page.get_width() / MM), round(page.get_height() / MM)) == (210, 297)


def test_labels_stand_as_exactly_as_the_ready_sheet_has_them(staff: Page, site_folder: Path, tmp_path: Path) -> None:
    """What the page makes from the first label on is the ready sheet, code for code."""
    staff.get_by_label("What to print").select_option("labels")
    staff.get_by_label("Tick all of these").check()

    path = made(staff, tmp_path)

    [ready] = (site_folder / "print").glob("all.en.labels.*.pdf")
    assert [one[5] for one in places(path)] == [one[5] for one in places(ready)]
    for own, other in zip(places(path), places(ready), strict=True):
        assert own[1:5] == pytest.approx(other[1:5], abs=0.2)  # a pixel of 400 dpi


def test_chosen_how_tos_come_in_one_file_each_on_its_own_sheet(staff: Page, site_folder: Path, tmp_path: Path) -> None:
    staff.get_by_label("What to print").select_option("leaflet")
    tick(staff, "m2p", "c9b", "t7r")
    staff.get_by_label("How many of each").fill("5")

    path = made(staff, tmp_path)

    with pikepdf.open(path) as document:
        wish = document.Root.ViewerPreferences
        assert (int(wish.NumCopies), str(wish.PrintScaling)) == (5, "/None")
        pages = len(document.pages)
    found = places(path)
    assert [re.search(r"/(\w+)\?", one[5])[1] for one in found] == ["t7r", "m2p", "c9b"]  # type: ignore[index]
    ready = {
        one: next((site_folder / "print").glob(f"{one}.en.????????.pdf")) for one in ("fix-a-tap", "mix-mortar", "wire-a-plug")
    }
    sides = [len(pypdfium2.PdfDocument(one)) for one in ready.values()]
    even = sides if max(sides) == 1 else [one + one % 2 for one in sides]
    assert pages == sum(even)
    assert [one[0] for one in found] == [sum(even[:at]) for at in range(3)]
    assert text_of(path)[0] == text_of(ready["fix-a-tap"])[0]
    expect(staff.locator(".make [role=status]")).to_contain_text("5 copies")


def test_a_branchs_number_stands_in_the_codes_of_leaflets_in_the_same_place(
    staff: Page, site_folder: Path, tmp_path: Path
) -> None:
    staff.get_by_label("What to print").select_option("leaflet")
    staff.get_by_label("Branch number").fill("7b")
    tick(staff, "c9b")

    [code, *others] = places(made(staff, tmp_path))

    [ready] = places(next((site_folder / "print").glob("wire-a-plug.en.????????.pdf")))
    assert others == []
    assert code[5] == f"{ready[5]}-7b"
    assert code[1:5] == pytest.approx(ready[1:5], abs=1.5)  # corners of codes with other modules
    side = (code[3] - code[1]) / MM
    assert side / qr.symbol_for(code[5], side).size > 0.6  # mm: no smaller than a phone reads


def test_a_booklet_is_turned_on_the_short_edge(staff: Page, tmp_path: Path) -> None:
    staff.get_by_label("What to print").select_option("booklet")
    tick(staff, "c9b")

    with pikepdf.open(made(staff, tmp_path)) as document:
        assert str(document.Root.ViewerPreferences.Duplex) == "/DuplexFlipShortEdge"


def test_another_language_has_its_own_how_tos(staff: Page, tmp_path: Path) -> None:
    staff.get_by_label("Language").select_option("af")
    expect(staff.locator(".picks .pick")).to_have_count(1)
    staff.get_by_label("What to print").select_option("stickers")
    staff.get_by_label("Tick all of these").check()

    assert len(places(made(staff, tmp_path))) == 1


def test_nothing_chosen_and_a_wrong_number_are_told(staff: Page) -> None:
    staff.get_by_role("button", name="Make the file").click()
    expect(staff.locator(".make [role=status]")).to_have_text("Tick a how-to first.")

    staff.get_by_label("Branch number").fill("Kloof 14")
    assert staff.locator(".make :invalid").count() > 0


def test_a_word_narrows_the_list_and_tick_all_takes_what_is_shown(staff: Page) -> None:
    staff.locator("[name=find]").fill("mortar")
    expect(staff.locator(".picks .pick:visible")).to_have_count(1)

    staff.get_by_label("Tick all of these").check()
    staff.locator("[name=find]").fill("")

    assert staff.locator(".picks input:checked").evaluate_all("all => all.map(one => one.value)") == ["m2p"]
