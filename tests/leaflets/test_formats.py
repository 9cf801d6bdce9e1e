"""Everything that a store prints: every format is complete, tagged, readable in the how-to's order, and leads where it says."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from functools import partial
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from site_builder.leaflets import formats, imposition, label_sheets, print_jobs, qr, typeset
from site_builder.leaflets import pdf as paper
from site_builder.leaflets.collection import PrintOptions, PrintSource
from site_builder.library.contrast import WHITE, contrast
from site_builder.library.problems import Problems
from tests.leaflets.library import draw_stills, load_howto
from tests.leaflets.pictures import photograph, still_of
from tests.leaflets.reading import Reading, words_of
from tests.leaflets.rules import faults
from tests.leaflets.typesetting import data_for_format

LIBRARYS = ("pack", "poster")  # have the library's own code too
MANY = {"pack": 3, "two-a5": 2, "labels": 5, "stickers": 5, "poster": 4}


def several(load, stills, count):
    """So many how-tos that differ in code, title and words, and the settings."""
    howto, settings = load(
        {
            "faq": [],
            "tools": [{"name": "Drill", "aisle": "Tools"}],
            "materials": [{"name": "Plank", "qty": 1, "aisle": "Timber", "sku": "PL-9"}],
        }
    )
    made = []
    for number in range(count):
        changes = {"code": f"b{number + 2}x", "slug": f"hang-{number}", "title": f"Hang shelf {number}"}
        made.append(PrintSource(howto.model_copy(update=changes), stills(howto), film_seconds=58, film_bytes=912_000))
    return made, settings


@pytest.fixture(scope="module", params=sorted(formats.load_formats()))
def printed(request, tmp_path_factory):
    """Every format that there is, printed once for all that is asked of it."""
    folder = tmp_path_factory.mktemp(request.param)
    told, settings = several(partial(load_howto, folder), partial(draw_stills, folder), MANY.get(request.param, 1))
    leaflet = typeset.make_print(request.param, told, settings, folder / "a.pdf", PrintOptions(store="14", title="All of it"))
    return formats.load_formats()[request.param], told, leaflet


def test_every_format_says_what_it_is(printed):
    format, _, leaflet = printed

    with pikepdf.open(leaflet.path) as pdf:
        about = pdf.open_metadata()
        assert (about["pdfuaid:part"], about["pdfaid:part"], about["pdfaid:conformance"]) == ("1", "2", "A")
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.Root.Lang) == "en"
        assert about["dc:title"]
        assert len(format.description) > 20


def test_no_format_breaks_a_rule_of_its_standards(printed):
    _, _, leaflet = printed

    assert faults(leaflet.path) == []


def test_every_piece_of_content_stands_in_the_structure_once(printed):
    _, _, leaflet = printed

    with pikepdf.open(leaflet.path) as pdf:
        reading = Reading(pdf)

        assert sorted(reading.used) == sorted(reading.words)
        assert len(set(reading.used)) == len(reading.used)


def test_every_format_is_read_in_the_order_of_its_how_tos(printed):
    format, told, leaflet = printed

    with pikepdf.open(leaflet.path) as pdf:
        text = Reading(pdf).text
    places = [
        text.rfind(f"Hang shelf {n}") if format.name == "pack" else text.find(f"Hang shelf {n}") for n in range(len(told))
    ]
    assert places == sorted(places)
    assert -1 not in places
    if format.page:
        first = ["Safety first", "Live cables", "Do not start if", "Tools", "Materials", "Mark the holes", "Draw a level line"]
        last = ["The bubble sits", "Fix the brackets", "You are done when", "When it goes wrong", "The law", "My measurements"]
        found = [text.find(part) for part in first + last]
        assert found == sorted(found)
        assert -1 not in found


def test_every_format_has_headings_and_each_picture_is_described(printed):
    format, told, leaflet = printed

    with pikepdf.open(leaflet.path) as pdf:
        elements = Reading(pdf).elements
    levels = [int(e["kind"][1]) for e in elements if e["kind"] in ("H1", "H2", "H3", "H4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    figures = [e["alt"] for e in elements if e["kind"] == "Figure"]
    assert all(figures)
    assert len([alt for alt in figures if alt.startswith("QR code")]) == len(told) + (format.name in LIBRARYS)


def test_tick_boxes_are_lists_and_materials_a_table(load, stills, tmp_path):
    told, settings = several(load, stills, 1)

    leaflet = typeset.make_print("booklet", told, settings, tmp_path / "a.pdf")

    with pikepdf.open(leaflet.path) as pdf:
        reading = Reading(pdf)
    assert reading.kinds("L")
    assert len(reading.kinds("LI")) >= len(told[0].howto.steps)
    assert reading.kinds("Table", "TH", "TD").count("TH") >= 2
    assert reading.artifacts > 4


def test_every_code_leads_to_its_page_and_tells_medium_version_and_store(printed):
    format, told, leaflet = printed

    marks = {
        "leaflet": "l1.2",
        "toner": "l1.2",
        "two-a5": "a1.2",
        "booklet": "b1.2",
        "pack": "k1.2",
        "labels": "e",
        "stickers": "s",
        "poster": "p",
    }
    wanted = {f"https://khaya.example/{one.howto.code}?s={marks[format.name]}-14" for one in told}
    wanted |= {f"https://khaya.example/?s={marks[format.name]}-14".replace("k1.2", "k")} if format.name in LIBRARYS else set()
    found = {qr.lowercase_host(text) for page in paper.read_codes(leaflet.path.read_bytes()) for text in page}
    assert found == wanted


def test_the_mark_does_not_make_a_leaflets_code_larger(load):
    howto, settings = load({"version": "12.34.56"})
    said = data_for_format(howto, {}, settings)

    assert said["link"] == "https://khaya.example/b7x?s=l12.34.56"
    assert qr.symbol_for(said["link"]).version == qr.symbol_for(f"https://khaya.example/{howto.code}").version


def test_nothing_is_printed_where_a_printer_cannot(printed):
    _, _, leaflet = printed

    for page in pypdfium2.PdfDocument(leaflet.path):
        image = page.render(scale=100 / 72, grayscale=True).to_pil().point(lambda grey: 255 * (grey < 200))
        if box := image.getbbox():
            left, top, right, bottom = box
            assert min(left, top, image.width - right, image.height - bottom) >= 5 / 25.4 * 100 - 1


PROGRAM = """
import hashlib, json, pickle, sys
from pathlib import Path
from site_builder.leaflets import formats, typeset
told, settings = pickle.loads(Path(sys.argv[1]).read_bytes())
found = {}
for format in formats.load_formats().values():
    leaflet = typeset.make_print(format.name, told[:1] if format.holds == "one" else told, settings, Path("a.pdf"))
    found[format.name] = hashlib.sha256(leaflet.path.read_bytes()).hexdigest()
print(json.dumps(found))
"""


def test_every_format_has_the_same_bytes_in_other_folders_locales_and_time_zones(load, stills, tmp_path):
    (tmp_path / "told.pickle").write_bytes(pickle.dumps(several(load, stills, 2)))

    def hashes(name, **environment):
        (tmp_path / name).mkdir()
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, tmp_path / "told.pickle"],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path / name,
            env=os.environ | environment | {"TMPDIR": str(tmp_path / name), "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        return json.loads(run.stdout)

    here = hashes("here", TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    there = hashes("there", TZ="Pacific/Kiritimati", LC_ALL="tr_TR.UTF-8", PYTHONHASHSEED="7", SOURCE_DATE_EPOCH="1")

    assert here == there
    assert set(here) == set(formats.load_formats())


# ---- bytes

SAYS = {
    "en": "Set the brick on its bed and tap it down until it sits at the line, then look along the whole course again.",
    "ar": "ضع الطوبة على فراشها واطرقها بالمقبض حتى تستقر عند الخيط ثم افحص الصف كله من جديد قبل أن يجف الملاط.",
    "hi": "ईंट को उसकी तह पर रखें और हत्थे से ठोकें जब तक वह रेखा पर न बैठे, फिर पूरी पंक्ति को दोबारा जाँच लें।",
}


@pytest.mark.parametrize("lang", SAYS)
@pytest.mark.parametrize("format", [name for name, format in formats.load_formats().items() if format.for_one_howto])
def test_no_file_is_above_its_limit_however_hard_its_stills_and_wordy_its_how_to(load, tmp_path, format, lang):
    """Ten steps, a second script's faces, stills as from a handheld film, and a logo of 14 kB."""
    text = SAYS[lang]
    steps = [{"id": f"s{n}", "title": text[n : n + 30], "text": text, "check": text[:50]} for n in range(10)]
    howto, settings = load({"steps": steps}, lang=lang)
    logo = Image.effect_noise((120, 120), 90)
    logo.save(settings.root / "logo.png")
    store = settings.options.store.model_copy(update={"logo": "logo.png"})
    settings = settings.model_copy(update={"options": settings.options.model_copy(update={"store": store})})
    told = [
        PrintSource(
            howto.model_copy(update=own),
            {
                step["id"]: still_of(photograph(tmp_path / f"{at}{step['id']}.jpg", 10 * at + n))
                for n, step in enumerate(steps)
            },
        )
        for at, own in enumerate(({"code": "b2x"}, {"code": "b3x", "slug": "another"}))
    ]  # fmt: skip

    leaflet = typeset.make_print(
        format, told if formats.load_formats()[format].fold == "two-up" else told[:1], settings, tmp_path / "a.pdf"
    )

    assert leaflet.bytes <= (80_000 if format == "toner" else 150_000)
    with pikepdf.open(leaflet.path) as pdf:
        widths = [int(image.Width) for image in paper.page_images(pdf) if image.get("/Filter") == pikepdf.Name.DCTDecode]
    assert len(widths) == 20 if format == "two-a5" else 10
    assert min(widths) >= 120


@pytest.mark.parametrize(("format", "count"), [("two-a5", 1), ("pack", 3)])
def test_what_shows_the_same_stills_again_has_them_once(load, stills, tmp_path, format, count):
    told, settings = several(load, stills, count)

    leaflet = typeset.make_print(format, told, settings, tmp_path / "a.pdf")

    with pikepdf.open(leaflet.path) as pdf:
        assert len(paper.page_images(pdf)) == len(told[0].howto.steps)


# ---- packs


def test_a_pack_has_one_bookmark_a_leaflet_and_its_code_on_every_page(load, stills, tmp_path):
    told, settings = several(load, stills, 3)

    leaflet = typeset.make_print("pack", told, settings, tmp_path / "a.pdf", PrintOptions(title="Walls"))

    with pikepdf.open(leaflet.path) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root][-3:] == [one.howto.title for one in told]
    cover, contents, *pages = words_of(leaflet.path)
    assert "Walls" in cover
    assert contents.startswith("Contents")
    assert [at for at, page in enumerate(pages) if not page] == [1, 3]  # backs of leaflets of one page
    assert [next(one.howto.code for one in told if f"{one.howto.code} · Version" in page) for page in pages if page] == sorted(
        one.howto.code for one in told for page in pages if f"{one.howto.code} · Version" in page
    )


def test_a_pack_printed_on_both_sides_can_be_taken_apart(load, stills, tmp_path):
    told, settings = several(load, stills, 3)

    leaflet = typeset.make_print("pack", told, settings, tmp_path / "a.pdf")

    pages = words_of(leaflet.path)
    begins = [next(at for at, page in enumerate(pages) if page.startswith(str(one.howto.title))) for one in told]
    assert all(at % 2 == 0 for at in begins)  # the first page is 0
    assert len(set(begins)) == 3
    with pikepdf.open(leaflet.path) as pdf, pdf.open_outline() as outline:
        places = {page.obj.objgen: at for at, page in enumerate(pdf.pages)}
        assert [places[(item.destination or item.action.D)[0].objgen] for item in outline.root][-3:] == begins


# ---- sheets


@pytest.mark.parametrize("stock", label_sheets.stocks().values(), ids=str)
def test_labels_fill_their_sheet_evenly(stock):
    width, height = label_sheets.PAPER_SIZES[stock.paper]

    assert stock.left * 2 + stock.across * stock.width + (stock.across - 1) * stock.gap_x == pytest.approx(width, abs=0.6)
    assert stock.top * 2 + stock.down * stock.height + (stock.down - 1) * stock.gap_y == pytest.approx(height, abs=0.6)


def test_a_part_used_sheet_begins_at_its_first_label():
    stock = label_sheets.stocks()["L7160"]

    first, second = label_sheets.label_positions(stock, 20, start=4)

    assert first[0] == (stock.left, pytest.approx(stock.top + stock.height))
    assert (len(first), len(second)) == (18, 2)
    assert second[0] == (stock.left, stock.top)
    with pytest.raises(ValueError, match="labels 1 to 21"):
        label_sheets.label_positions(stock, 1, start=22)


def test_labels_of_an_aisle_name_what_stands_there(load, stills, tmp_path):
    told, settings = several(load, stills, 2)

    typeset.make_print("labels", told, settings, tmp_path / "a.pdf", PrintOptions(aisle="timber"))

    [page] = words_of(tmp_path / "a.pdf")
    assert page.count("Plank (PL-9)") == 2
    assert "Drill" not in page
    assert page.count("1 min film · up to 0.92 MB") == 2


@pytest.mark.parametrize(
    ("pages", "sides"),
    [
        (4, [(3, 0), (1, 2)]),
        (3, [(None, 0), (1, 2)]),
        (8, [(7, 0), (1, 6), (5, 2), (3, 4)]),
        (6, [(None, 0), (1, None), (5, 2), (3, 4)]),
    ],
)
def test_a_booklet_folds_into_order(pages, sides):
    assert imposition.booklet(pages) == sides


@pytest.mark.parametrize("count", range(3, 9))
def test_a_booklets_last_page_is_used_before_questions_are_left_out(load, stills, tmp_path, count):
    steps = [{"id": f"s{n}", "title": f"Do {n}", "text": "Tap it down with the handle. " * 3} for n in range(count)]
    howto, settings = load({"steps": steps, "faq": [{"q": f"Is it {n}?", "a": "Read the label. " * 9} for n in range(5)]})

    leaflet = typeset.make_print("booklet", [PrintSource(howto, stills(howto))], settings, tmp_path / "a.pdf")

    told = " ".join(words_of(leaflet.path))
    assert leaflet.pages == 2
    assert [n for n in range(5) if f"Is it {n}?" not in told] == []
    assert faults(leaflet.path) == []


def test_an_arabic_booklet_opens_from_the_right(load, stills, tmp_path):
    howto, settings = load({"title": "رف على الجدار"}, options={"lang": "ar"})

    leaflet = typeset.make_print("booklet", [PrintSource(howto, stills(howto))], settings, tmp_path / "a.pdf")

    cover, inside = pypdfium2.PdfDocument(leaflet.path)
    [code] = paper.code_rects(cover)
    assert code[2] < cover.get_width() / 2  # the front, and on it the code, is the left half: the fold is on its right
    assert "2/" in numbers(inside, right=True)
    assert faults(leaflet.path) == []


def numbers(page, right):
    """The footer on one half of a sheet."""
    half = page.get_width() / 2
    return page.get_textpage().get_text_bounded(half * right, 0, half * (1 + right), 40)


def test_backs_lie_behind_their_fronts():
    assert imposition.two_up((2, 2)) == [(0, 2), (3, 1)]
    assert imposition.two_up((3, 2)) == [(0, 3), (4, 1), (2, None)]


@pytest.mark.parametrize("paper_size", ["a4", "us-letter"])
@pytest.mark.parametrize("format", ["two-a5", "booklet"])
def test_small_pages_stand_on_a_whole_sheet(load, stills, tmp_path, paper_size, format):
    howto, settings = load(options={"paper": paper_size})

    leaflet = typeset.make_print(format, [PrintSource(howto, stills(howto))], settings, tmp_path / "a.pdf")

    for page in pypdfium2.PdfDocument(leaflet.path):
        width, height = page.get_size()
        assert (width, height) == pytest.approx(
            [side / 25.4 * 72 for side in label_sheets.PAPER_SIZES[paper_size][::-1]], abs=1
        )


# ---- to add a format, add one file


def test_a_format_is_one_file(load, stills, tmp_path, monkeypatch):
    handbook = (formats.HERE.parents[1] / "docs/architecture.md").read_text("utf-8")
    (tmp_path / "formats").mkdir()
    (tmp_path / "formats/words.typ").write_text(handbook.split("```typst\n")[1].split("```")[0], "utf-8")
    monkeypatch.setattr(formats, "FORMATS_FOLDER", tmp_path / "formats")
    formats.load_formats.cache_clear()
    told, settings = several(load, stills, 1)

    try:
        leaflet = typeset.make_print("words", told, settings, tmp_path / "a.pdf")
    finally:
        monkeypatch.undo()
        formats.load_formats.cache_clear()

    assert leaflet.link == "https://khaya.example/b2x?s=w1.2"
    assert "Hang shelf 0" in words_of(leaflet.path)[0]


def test_a_format_is_asked_for_by_what_it_is_and_never_by_its_name(load, tmp_path, monkeypatch):
    shutil.copytree(formats.FORMATS_FOLDER, tmp_path / "formats")
    names = {"labels": "tags", "pack": "bundle", "leaflet": "sheet", "booklet": "fold", "stickers": "dots", "poster": "wall"}
    for old, new in names.items():
        (tmp_path / f"formats/{old}.typ").rename(tmp_path / f"formats/{new}.typ")
    howto, settings = load({"tools": [{"name": "Drill", "aisle": "12"}]})
    before = {(names.get(job.format, job.format), job.name) for job in print_jobs.all_jobs([PrintSource(howto)], settings)}
    monkeypatch.setattr(formats, "FORMATS_FOLDER", tmp_path / "formats")
    formats.load_formats.cache_clear()

    try:
        after = {(job.format, job.name) for job in print_jobs.all_jobs([PrintSource(howto)], settings)}
        usual = print_jobs.default_format(howto)
    finally:
        monkeypatch.undo()
        formats.load_formats.cache_clear()

    assert after == before
    assert ("tags", "aisle-12") in after
    assert usual == "sheet"


@pytest.mark.parametrize("use", ["a4", "a5", "changes", "aisle"])
def test_one_format_is_the_usual_one_for_each_use(use):
    assert [one.name for one in formats.load_formats().values() if one.usual_for == use] == [formats.usual_format(use).name]


def test_no_module_asks_for_a_format_by_its_name():
    asked = re.compile(rf"(?:==|!=|in) \(?[\"'](?:{'|'.join(formats.load_formats())})[\"']")

    found = [(path.name, line) for path in formats.HERE.glob("*.py") for line in path.read_text("utf-8").splitlines()
             if asked.search(line) and "fold" not in line]  # fmt: skip

    assert found == []


def test_the_handbook_names_every_format():
    handbook = (formats.HERE.parents[1] / "docs/printers/formats.md").read_text("utf-8")

    assert [name for name in formats.load_formats() if f"`{name}`" not in handbook] == []


# ---- the store's own


def test_a_stores_colour_is_darkened_until_it_can_be_read(load):
    _, settings = load(options={"store": {"name": "Shop", "colour": "#e8a000"}})

    ink = settings.options.store.ink

    assert ink < "#e8a000"
    assert contrast((int(ink[1:3], 16), int(ink[3:5], 16), int(ink[5:7], 16)), WHITE) >= 4.5


def test_toner_is_saved_without_colour(load):
    howto, settings = load(options={"store": {"name": "Shop", "colour": "#004080"}})

    assert data_for_format(howto, {}, settings)["ink"] == "#004080"
    assert data_for_format(howto, {}, settings, "toner")["ink"] is None


def test_a_logo_stands_in_the_footer_and_is_described(load, stills, tmp_path):
    howto, settings = load()
    logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    (settings.root / "logo.svg").write_text(logo, "utf-8")
    store = settings.options.store.model_copy(update={"logo": "logo.svg"})
    settings = settings.model_copy(update={"options": settings.options.model_copy(update={"store": store})})

    leaflet = typeset.make_print("leaflet", [PrintSource(howto, stills(howto))], settings, tmp_path / "a.pdf")

    assert leaflet.pages == 1


def test_a_logo_that_is_not_there_is_told_with_its_line(load):
    with pytest.raises(Problems, match=r"no logo 'none\.png'"):
        load(options={"store": {"name": "Shop", "logo": "none.png"}})
