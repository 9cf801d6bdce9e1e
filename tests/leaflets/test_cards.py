"""Labels, stickers and posters: codes as large as can be, words beside them that meet nothing, in their how-tos' language."""

from __future__ import annotations

from itertools import pairwise

import pikepdf
import pypdfium2
import pytest

from site_builder.leaflets import formats, label_sheets, typeset
from site_builder.leaflets import pdf as paper
from site_builder.leaflets.collection import PrintOptions, PrintSource
from tests.leaflets.reading import words_of
from tests.leaflets.rules import faults

MM = 72 / 25.4
LONG = "Fit a wall bracket and a very long shelf board"
TITLES = {
    "en": LONG,
    "ve": "Ḓisani ḽiṱhu ṋamusi ṱhanziela Ṅwana Ḽiṅwe Ḓuvha ṋwana",
    "hi": "शुरू करने से पहले दीवार पर अलमारी ठीक से लगाएँ रूपये",
    "ar": "كيفية تثبيت رفٍّ على الجدار بشكلٍ آمنٍ ومستوٍ",
}


def made(load, tmp_path, format, count=1, lang="en", order=None, **changes):
    """So many how-tos of one language in a format: the settings' own language stays English."""
    howto, settings = load({"title": TITLES[lang]} | changes)
    some = [
        PrintSource(
            howto.model_copy(update={"lang": lang, "base_lang": lang, "code": f"b{n + 2}x"}),
            film_seconds=58,
            film_bytes=912_000,
        )
        for n in range(count)
    ]
    return typeset.make_print(format, some, settings, tmp_path / f"{format}.pdf", order or PrintOptions())


@pytest.mark.parametrize(("format", "stock", "least"), [
    ("labels", "L7160", 27), ("labels", "L7163", 29), ("stickers", "L7160", 29), ("stickers", "L7163", 29),
])  # fmt: skip
def test_a_labels_code_is_as_large_as_its_label_allows(load, tmp_path, format, stock, least):
    leaflet = made(load, tmp_path, format, order=PrintOptions(stock=stock))

    page = pypdfium2.PdfDocument(leaflet.path)[0]
    [(left, bottom, right, top)] = [[edge / MM for edge in box] for box in paper.code_rects(page)]
    label = label_sheets.stocks()[stock]
    quiet = (right - left) * 4 / 29  # of the largest modules that it may have
    assert right - left > least
    assert left - label.left > quiet * 0.9
    assert page.get_height() / MM - label.top - top > quiet * 0.9
    assert bottom - (page.get_height() / MM - label.top - label.height) > quiet * 0.9


@pytest.mark.parametrize(("count", "least"), [(4, 65), (8, 45), (15, 35)])
def test_a_poster_of_few_has_larger_codes_on_one_page(load, tmp_path, count, least):
    leaflet = made(load, tmp_path, "poster", count)

    _, *tiles = paper.code_rects(pypdfium2.PdfDocument(leaflet.path)[0])
    assert leaflet.pages == 1
    assert len(tiles) == count
    assert min(right - left for left, _, right, _ in tiles) / MM > least


@pytest.mark.parametrize("format", ["labels", "stickers", "poster", "pack"])
def test_what_is_in_one_language_is_all_in_it(load, tmp_path, format):
    leaflet = made(load, tmp_path, format, 3, "ar")

    with pikepdf.open(leaflet.path) as pdf:
        assert str(pdf.Root.Lang) == "ar"
    told = " ".join(words_of(leaflet.path))
    assert "Point your phone" not in told
    assert "Contents" not in told
    assert faults(leaflet.path) == []


@pytest.mark.parametrize("stock", ["L7159", "L7160", "L7163", "5160"])
@pytest.mark.parametrize("lang", ["en", "ve", "hi"])
@pytest.mark.parametrize("format", ["labels", "stickers"])
def test_a_labels_lines_meet_neither_each_other_nor_its_edge(load, tmp_path, format, lang, stock):
    leaflet = made(load, tmp_path, format, lang=lang, order=PrintOptions(stock=stock))

    label = label_sheets.stocks()[stock]
    page = pypdfium2.PdfDocument(leaflet.path)[0]
    lines = lines_of(page)
    assert len(lines) >= 3
    assert [(upper, lower) for upper, lower in pairwise(lines) if upper[0] < lower[1]] == []
    top = page.get_height() / MM - label.top
    assert lines[0][1] / MM < top - 0.5
    assert lines[-1][0] / MM > top - label.height + 0.5


@pytest.mark.parametrize("lang", ["en", "ve", "hi"])
def test_a_posters_lines_do_not_meet(load, tmp_path, lang):
    leaflet = made(load, tmp_path, "poster", lang=lang)

    lines = lines_of(pypdfium2.PdfDocument(leaflet.path)[0], left=35)[2:-1]  # beside the tile's code
    assert len(lines) >= 3
    assert [(upper, lower) for upper, lower in pairwise(lines) if upper[0] < lower[1]] == []


@pytest.mark.parametrize("format", ["labels", "stickers"])
@pytest.mark.parametrize("stock", label_sheets.stocks())
def test_no_ink_is_where_a_sheet_is_cut_or_a_printer_cannot_print(load, tmp_path, format, stock):
    label = label_sheets.stocks()[stock]

    leaflet = made(load, tmp_path, format, label.per_sheet, order=PrintOptions(stock=stock, store="99999"))

    image = pypdfium2.PdfDocument(leaflet.path)[0].render(scale=10 / MM, grayscale=True).to_pil()  # 10 pixels a mm
    ink = image.point(lambda grey: 255 * (grey < 200))
    left, top, right, bottom = ink.getbbox()
    assert min(left, top, ink.width - right, ink.height - bottom) >= 50
    for x, y in label_sheets.label_positions(label, label.per_sheet)[0]:
        edges = [round(10 * edge) for edge in (x, y, x + label.width, y + label.height)]
        inside = [edges[0] + 5, edges[1] + 5, edges[2] - 5, edges[3] - 5]
        assert ink.crop(inside).getbbox()
        ink.paste(0, inside)
    assert ink.getbbox() is None


@pytest.mark.parametrize("stock", ["L7160", "5160"])
def test_a_label_names_what_it_has_room_for(load, tmp_path, stock):
    tools = [{"name": f"Spirit level {n}", "aisle": "Tools"} for n in range(20)]
    leaflet = made(load, tmp_path, "labels", order=PrintOptions(aisle="Tools", stock=stock), tools=tools)

    page = pypdfium2.PdfDocument(leaflet.path)[0]
    [told] = words_of(leaflet.path)
    assert "Spirit level 1" in told
    assert "…" in told
    assert "Spirit level 19" not in told
    lines = lines_of(page)
    assert [(upper, lower) for upper, lower in pairwise(lines) if upper[0] < lower[1]] == []


def lines_of(page, left=0):
    """Bottom and top of the ink of each line of words right of `left` mm, marks above and below with it."""
    text = page.get_textpage()
    found = [[]]
    for at in range(text.count_chars()):
        box = text.get_charbox(at)
        if text.get_text_range(at, 1) in "\r\n":
            found.append([])
        elif box[3] > box[1] and box[0] > left * MM:
            found[-1].append(box)
    return [(min(box[1] for box in line), max(box[3] for box in line)) for line in found if line]


SHEET = (
    "Wire a plug",
    "Clean low gutters",
    "Mix mortar (dagha) for brickwork",
    "Plan paving before you buy",
    "Lay bricks straight",
)


def sizes(load, format, titles):
    """pt of each title, typed link and note."""
    howto, settings = load()
    some = [
        PrintSource(howto.model_copy(update={"title": title, "code": f"b{n + 2}x"}), film_seconds=58, film_bytes=912_000)
        for n, title in enumerate(titles)
    ]
    page = typeset.print_data(some, settings, formats.load_formats()[format], PrintOptions())
    cards = page["cards"] if "cards" in page else page["sheets"][0]
    return [[card[name] for card in cards] for name in ("size", "typed_size", "note_size")]


@pytest.mark.parametrize("format", ["labels", "stickers", "poster"])
def test_titles_of_a_sheet_have_one_size(load, format):
    for found in sizes(load, format, SHEET):
        assert len(set(found)) == 1


@pytest.mark.parametrize("format", ["labels", "stickers", "poster"])
def test_a_title_with_no_room_for_it_does_not_make_all_others_small(load, format):
    titles, *rest = sizes(load, format, (*SHEET, "Oorspanningsbeveiligingsapparate"))

    assert len(set(titles[:-1])) == 1
    assert titles[-1] <= titles[0]
    assert all(len(set(found)) == 1 for found in rest)
