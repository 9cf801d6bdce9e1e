"""Leaflets as they come from the printer: real Typst, read back with PDFium and a QR reader."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from site_builder.leaflets import bidi, leaflet_data, qr, typeset, typst_compiler
from site_builder.leaflets import pdf as paper
from site_builder.leaflets.collection import PrintSource
from site_builder.library.howto_parts import Correction, Reviewer
from tests.leaflets.reading import words_of
from tests.leaflets.rules import walk
from tests.leaflets.typesetting import data_for_format, typeset_leaflet

LINK = "https://khaya.example/b7x?s=l1.2"


def made(howto, pictures, settings, path):
    return typeset_leaflet(howto, pictures, settings, path)


def steps(count, text="Set the brick on its bed and tap it down with the handle until it sits at the line."):
    return [
        {"id": f"s{n}", "title": f"alpha{n} begins", "text": text, "check": f"It sits well omega{n}"}
        for n in range(1, count + 1)
    ]


# ---- the code


def test_a_leaflet_leads_to_its_page(load, stills, tmp_path):
    howto, settings = load()

    leaflet = made(howto, stills(howto), settings, tmp_path / "a.pdf")

    assert leaflet.link == LINK
    assert leaflet.bytes == leaflet.path.stat().st_size
    assert paper.read_codes(leaflet.path.read_bytes())[0] == [LINK]


@pytest.mark.parametrize("site", ["https://khaya.example/", "https://a.za/", "https://building.example.co.za/library/"])
def test_the_code_with_its_quiet_zone_is_34_mm_or_more(load, stills, tmp_path, site):
    howto, settings = load(options={"short_url": site})

    leaflet = made(howto, {}, settings, tmp_path / "a.pdf")

    code = qr.symbol_for(leaflet.link)
    assert symbol_mm(leaflet.path) * (code.size + 2 * qr.QUIET_ZONE) / code.size >= 34


def symbol_mm(pdf):
    bitmap = pypdfium2.PdfDocument(pdf)[0].render(scale=300 / 72, grayscale=True)
    [found] = zxingcpp.read_barcodes(memoryview(bytes(bitmap.buffer)).cast("B", shape=(bitmap.height, bitmap.stride)))
    return (found.position.top_right.x - found.position.top_left.x) / 300 * 25.4


def test_nothing_stands_in_the_quiet_zone(load, tmp_path):
    howto, settings = load()

    made(howto, {}, settings, tmp_path / "a.pdf")

    bitmap = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0].render(scale=300 / 72, grayscale=True)
    image = bitmap.to_pil()
    [found] = zxingcpp.read_barcodes(memoryview(bytes(bitmap.buffer)).cast("B", shape=(bitmap.height, bitmap.stride)))
    left, top, right = found.position.top_left.x, found.position.top_left.y, found.position.top_right.x
    module = (right - left) / qr.symbol_for(LINK).size
    zone = image.crop((round(left - 3.8 * module), round(top - 3.8 * module), round(right + 3.8 * module), round(top - 3)))
    assert zone.getextrema() == (255, 255)


def test_the_code_is_drawn_not_an_image(load, stills, tmp_path):
    howto, settings = load()

    made(howto, stills(howto), settings, tmp_path / "a.pdf")

    assert len(images(tmp_path / "a.pdf")) == len(howto.steps)


def test_the_link_is_printed_as_one_types_it(load, tmp_path):
    howto, settings = load()

    made(howto, {}, settings, tmp_path / "a.pdf")

    assert "khaya.example/b7x" in words_of(tmp_path / "a.pdf")[0]


def test_a_code_that_leads_elsewhere_stops_the_leaflet(load, tmp_path, monkeypatch):
    howto, settings = load()
    wrong = qr.symbol_for("https://khaya.example/bad")
    monkeypatch.setattr(leaflet_data.qr, "symbol_for", lambda link, side: wrong)

    with pytest.raises(typeset.WrongCode) as told:
        made(howto, {}, settings, tmp_path / "a.pdf")

    assert (told.value.slug, told.value.expected, told.value.found) == ("hang-a-shelf", LINK, ("https://khaya.example/bad",))
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize("pages", [[[]], [[LINK, "https://other.example/"]], [[], [LINK]], [[LINK], [LINK]]])
def test_a_missing_or_second_code_stops_the_leaflet(pages):
    with pytest.raises(typeset.WrongCode):
        typeset.require_links("hang-a-shelf", [LINK], pages)


# ---- the same bytes

PROGRAM = """
import hashlib, json, sys
from site_builder.leaflets import typst_compiler
pdf = typst_compiler.compile_pdf(json.load(open(sys.argv[1])), {"step-1.jpg": open(sys.argv[2], "rb").read()})
print(hashlib.sha256(pdf).hexdigest())
"""


def test_the_same_input_gives_the_same_bytes_elsewhere(load, stills, tmp_path):
    howto, settings = load()
    drawn = stills(howto)
    said = data_for_format(howto, {"mark": drawn["mark"]}, settings)
    (tmp_path / "data.json").write_text(json.dumps(said), "utf-8")
    here = hashlib.sha256(typst_compiler.compile_pdf(said, {"step-1.jpg": drawn["mark"].jpeg.path.read_bytes()})).hexdigest()
    (tmp_path / "elsewhere").mkdir()

    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path / "data.json", drawn["mark"].jpeg.path],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path / "elsewhere",
        env=os.environ
        | {
            "TZ": "Pacific/Kiritimati",
            "LC_ALL": "tr_TR.UTF-8",
            "PYTHONHASHSEED": "7",
            "SOURCE_DATE_EPOCH": "1",
            "TMPDIR": str(tmp_path / "elsewhere"),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )

    assert run.stdout.strip() == here


def test_data_does_not_depend_on_where_the_library_stands(load):
    first, first_settings = load(folder="one")
    second, second_settings = load(folder="two")

    assert data_for_format(first, {}, first_settings) == data_for_format(second, {}, second_settings)


def test_threads_give_the_same_bytes(load):
    howto, settings = load()
    said = data_for_format(howto, {}, settings)
    pdfs = []

    threads = [threading.Thread(target=lambda: pdfs.append(typst_compiler.compile_pdf(said, {}))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(pdfs) == 4
    assert len(set(pdfs)) == 1


def test_the_key_changes_with_words_and_pictures_and_nothing_else(load, stills):
    howto, settings = load()
    drawn = stills(howto)
    said = data_for_format(howto, drawn, settings)
    other = drawn | {"mark": drawn["fix"]}

    same = typeset.data_key(data_for_format(howto, drawn, settings), drawn)

    assert typeset.data_key(said, drawn) == same
    assert typeset.data_key(said | {"title": "Hang two shelves"}, drawn) != same
    assert typeset.data_key(said, other) != same


def test_the_day_printed_is_the_last_corrections(load):
    howto, settings = load({"corrections": [{"date": "2027-02-03", "version": "1.2.0", "what": "Longer plugs"}]})

    assert data_for_format(howto, {}, settings)["date"] == "2027-02-03"


# ---- words


@pytest.mark.parametrize(
    "title", ['<script>alert("#1")</script> & \\ $x$ @ref', "#set page _*bold*_ `raw` //no /*no*/ = ~ --- '"]
)
def test_words_are_printed_literally(load, tmp_path, title):
    howto, settings = load({"title": title, "done_when": f"It works {title}"})

    made(howto, {}, settings, tmp_path / "a.pdf")

    assert "".join(title.split()) in "".join(words_of(tmp_path / "a.pdf")[0].split())
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert str(pdf.docinfo["/Title"]) == title


def test_words_come_in_the_how_tos_order(load, stills, tmp_path):
    howto, settings = load({"faq": []})

    made(howto, stills(howto), settings, tmp_path / "a.pdf")

    told = " ".join(words_of(tmp_path / "a.pdf"))
    wanted = [
        "Hang a shelf", "Put up a level shelf", "Not yet checked", "Safety first", "Live cables can kill",
        "Do not start if", "A cable runs", "Goggles", "Shock: switch off", "khaya.example/b7x",
        "Drill", "Spirit level", "Materials", "Plank",
        "Mark the holes", "Draw a level line", "The bubble sits", "Drill 50 mm deep", "The plug fits", "Fix the brackets",
        "The shelf is level", "The plug turns", "Use a thicker plug", "Flats may need", "My measurements",
    ]  # fmt: skip
    places = [told.find(words) for words in wanted]
    assert -1 not in places, wanted[places.index(-1)]
    assert places == sorted(places)


def test_quantities_are_as_one_buys_them(load):
    rows = [("a", 1, "bag"), ("b", 2.5, "barrow"), ("c", 0.5, "bag"), ("d", 12, "each"), ("e", 2.4, "m"), ("f", 3, "m2")]
    howto, settings = load({"materials": [{"name": name, "qty": qty, "unit": unit} for name, qty, unit in rows]})

    bought = [row["quantity"].replace("\u00a0", " ") for row in data_for_format(howto, {}, settings)["materials"]]

    assert bought == ["1 bag", "2½ barrows", "½ bag", "12", "2.4 m", "3 m²"]


def test_an_unchecked_dangerous_job_says_so_loudly(load, tmp_path):
    howto, settings = load()

    made(howto, {}, settings, tmp_path / "a.pdf")

    assert data_for_format(howto, {}, settings)["notices"][0]["loud"]
    assert "Not yet checked by a qualified person" in words_of(tmp_path / "a.pdf")[0]


def test_a_checked_job_names_who_checked_it(load, tmp_path):
    reviewer = {"name": "N. Dlamini", "role": "registered electrician", "registration_no": "IE 123"}
    howto, settings = load({"reviewed_by": reviewer})

    made(howto, {}, settings, tmp_path / "a.pdf")

    [front, *_] = words_of(tmp_path / "a.pdf")
    assert "Not yet checked" not in front
    assert "Checked by N. Dlamini, registered electrician (IE 123)" in front


def test_a_serious_correction_is_printed_on_the_front(load, tmp_path):
    howto, settings = load()
    howto = howto.model_copy(
        update={
            "reviewed_by": Reviewer(name="A", role="B"),
            "corrections": (Correction(date="2027-01-02", version="1.2.0", what="Earth goes to E", serious=True),),
        }
    )

    made(howto, {}, settings, tmp_path / "a.pdf")

    assert "Corrected 2027-01-02: Earth goes to E" in words_of(tmp_path / "a.pdf")[0]


def test_an_unread_translation_says_so_and_marks_borrowed_words(load, tmp_path):
    howto, settings = load(translation={"summary": "'n Rak wat waterpas is."})
    assert howto.lang == "af"

    made(howto, {}, settings, tmp_path / "a.pdf")

    pdf = pikepdf.open(tmp_path / "a.pdf")
    assert leaflet_data.messages_of("af")("common.translation_unread") in words_of(tmp_path / "a.pdf")[0]
    assert str(pdf.Root.Lang) == "af"
    assert "en" in languages(pdf)


def test_a_page_in_its_own_words_marks_none_as_borrowed(load, tmp_path):
    howto, settings = load()

    made(howto, {}, settings, tmp_path / "a.pdf")

    assert set(languages(pikepdf.open(tmp_path / "a.pdf"))) <= {"en"}


def test_latin_runs_are_kept_together_in_arabic():
    assert bidi.isolate_latin("استخدم 8 mm ثم Type M هنا") == "استخدم \u20668 mm\u2069 ثم \u2066Type M\u2069 هنا"


def test_a_number_and_its_unit_are_not_parted(load):
    howto, settings = load(
        {"summary": "Plug of 16 A, 2½ m² and 5 × 60 °C, 3 ways.", "materials": [{"name": "Lead, 3 m", "qty": 1}]}
    )

    told = data_for_format(howto, {}, settings)

    assert told["summary"] == "Plug of 16\u00a0A, 2½\u00a0m² and 5 × 60\u00a0°C, 3 ways."
    assert told["materials"][0]["name"] == "Lead, 3\u00a0m"
    assert bidi.localiser(leaflet_data.messages_of("ar"))("استخدم 8 mm هنا") == "استخدم \u20668\u00a0mm\u2069 هنا"


@pytest.mark.parametrize(("lang", "title"), [
    ("ve", "Ḓisani ḽiṱhu ṋamusi ṱhanziela Ṅwana Ḽiṅwe Ḓuvha ṋwana"), ("hi", "शुरू करने से पहले दीवार पर अलमारी ठीक से लगाएँ"),
])  # fmt: skip
def test_marks_of_a_titles_lines_do_not_meet(load, tmp_path, lang, title):
    howto, settings = load({"title": title}, options={"lang": lang})

    made(howto, {}, settings, tmp_path / "a.pdf")

    text = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0].get_textpage()
    lines, at = [[]], 0
    while sum(map(len, lines)) < len(title.replace(" ", "")) - 1:  # the title is what comes first
        box = text.get_charbox(at)
        if text.get_text_range(at, 1) == "\n":
            lines.append([])
        elif box[3] > box[1]:
            lines[-1].append(box)
        at += 1
    first, second = (line for line in lines[:2])
    assert min(box[1] for box in first) > max(box[3] for box in second)


@pytest.mark.parametrize("format", ["leaflet", "booklet"])
def test_marks_above_an_arabic_title_are_within_the_printers_margin(load, tmp_path, format):
    howto, settings = load({"title": "رفٍّ"}, options={"lang": "ar"})

    typeset.make_print(format, [PrintSource(howto)], settings, tmp_path / "a.pdf")

    image = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0].render(scale=10 / 72 * 25.4, grayscale=True).to_pil()  # 10 a mm
    assert not image.crop((0, 0, image.width, 50)).point(lambda grey: 255 * (grey < 200)).getbbox()


# ---- languages

SAMPLES = {
    "en": "Pull the plug out – “always” ½ ¼ ¾ of 2 ℓ, 3 m², 4 m³, 5 × 6 ≤ 7 ≥ 8 → 60 °C — ☐ ≈ ÷ − ✓ R 5’s",
    "af": "Sit die krag af: môre, reën, sê, 'n brûe, ïdee",
    "zu": "Khipha ipulaki odongeni ngaphambi kokuqala umsebenzi",
    "xh": "Khupha iplagi eludongeni phambi kokuba uqale umsebenzi",
    "nr": "Khupha ipulagi ebodeni ngaphambi kokuthoma umsebenzi",
    "ss": "Khipha ipulaki elubondzeni ngaphambi kwekucala umsebenti",
    "nso": "Ntšha polaka lebotong pele o thoma mošomo: Š š Ê ê Ô ô",
    "st": "Ntsha polaka leboteng pele o qala mosebetsi: š",
    "tn": "Ntsha polaka mo loboteng pele o simolola tiro: ê ô š",
    "ts": "Humesa pulaka ekhumbini u nga si sungula ntirho",
    "ve": "Bvisani pulaka luvhondoni: ḓ ḽ ṋ ṱ ṅ Ḓ Ḽ Ṋ Ṱ Ṅ hu sa athu u thomiwa mushumo",
    "ar": "افصل القابس قبل أن تبدأ العمل",
    "hi": "काम शुरू करने से पहले प्लग निकालें",
}


@pytest.mark.parametrize("lang", SAMPLES)
def test_every_letter_of_a_language_is_printed(load, tmp_path, lang):
    howto, settings = load({"summary": SAMPLES[lang], "law": f"{SAMPLES[lang]} 8 mm"}, options={"lang": lang})

    made(howto, {}, settings, tmp_path / "a.pdf")

    told = "".join(words_of(tmp_path / "a.pdf"))
    assert set(SAMPLES[lang]) - set(told) == set()
    assert "\ufffd" not in told
    assert str(pikepdf.open(tmp_path / "a.pdf").Root.Lang) == lang


@pytest.mark.parametrize("lang", ["ar", "hi"])
def test_words_of_a_script_and_their_spaces_are_one_piece(load, tmp_path, lang):
    """A space from another face would make a piece, and a mark in the structure, of each word."""
    howto, settings = load({"law": " ".join([SAMPLES[lang]] * 3)}, options={"lang": lang})

    made(howto, {}, settings, tmp_path / "a.pdf")

    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        *_, law = (element for element, _ in walk(pdf.Root.StructTreeRoot, None) if element.S == "/P")
        assert len(law.K) <= 2  # lines


def test_a_letter_that_no_font_has_stops_the_leaflet_and_is_named(load, tmp_path):
    howto, settings = load()
    howto = howto.model_copy(update={"summary": "Well done 🎉"})  # `check` lets none through

    with pytest.raises(typst_compiler.TypesetFailed, match=r"leaflet 'hang-a-shelf' \(en\)") as told:
        made(howto, {}, settings, tmp_path / "a.pdf")

    assert "🎉" in str(told.value)


@pytest.mark.parametrize("format", ["pack", "labels"])
def test_what_holds_many_names_the_one_that_cannot_be_printed(load, tmp_path, format):
    howto, settings = load()
    wrong = howto.model_copy(update={"slug": "lay-bricks", "code": "b2x", "title": "Lay 🎉", "summary": "Lay 🎉"})

    with pytest.raises(typst_compiler.TypesetFailed, match=rf"for 'lay-bricks' \(en\) in it: {format}.*🎉"):
        typeset.make_print(format, [PrintSource(howto), PrintSource(wrong)], settings, tmp_path / "a.pdf")


@pytest.mark.parametrize("lang", ["en", "ar", "hi"])
def test_only_our_fonts_are_used_and_all_are_embedded(load, tmp_path, lang):
    howto, settings = load({"summary": SAMPLES[lang]}, options={"lang": lang})

    made(howto, {}, settings, tmp_path / "a.pdf")

    found = fonts(tmp_path / "a.pdf")
    assert found
    assert all(embedded for embedded in found.values())
    assert all(name.startswith("NotoSans") for name in found)


# ---- accessibility


def test_title_language_and_standards_are_declared(load, tmp_path):
    howto, settings = load()

    made(howto, {}, settings, tmp_path / "a.pdf")

    pdf = pikepdf.open(tmp_path / "a.pdf")
    told = pdf.open_metadata()
    assert str(pdf.Root.Lang) == "en"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.Root.MarkInfo.Marked
    assert told["dc:title"] == "Hang a shelf"
    assert told["pdfuaid:part"] == "1"
    assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "A")
    assert "1.2.0" in str(pdf.docinfo.get("/Keywords", "")) + str(told.get("pdf:Keywords", "")) + str(
        told.get("dc:subject", "")
    )


def test_headings_are_one_title_sections_and_steps(load, stills, tmp_path):
    howto, settings = load()

    made(howto, stills(howto), settings, tmp_path / "a.pdf")

    kinds = [kind for kind, _ in elements(pikepdf.open(tmp_path / "a.pdf"))]
    headings = [kind for kind in kinds if kind in ("H1", "H2", "H3")]
    assert headings[0] == "H1"
    assert headings.count("H1") == 1
    assert headings.count("H2") >= 5
    assert headings.count("H3") == len(howto.steps) + 1  # and "do not start if"
    assert "Table" in kinds
    assert "TH" in kinds
    assert "L" in kinds


def test_bookmarks_of_steps_are_their_number_and_title(load, stills, tmp_path):
    howto, settings = load()

    made(howto, stills(howto), settings, tmp_path / "a.pdf")

    with pikepdf.open(tmp_path / "a.pdf") as pdf, pdf.open_outline() as outline:
        [title] = outline.root
        [steps] = [section for section in title.children if section.title == "Steps"]
        assert [step.title for step in steps.children][::2] == ["1 Mark the holes", "3 Fix the brackets"]


def test_each_still_is_described_by_its_step(load, stills, tmp_path):
    howto, settings = load()

    made(howto, stills(howto), settings, tmp_path / "a.pdf")

    told = [alt for kind, alt in elements(pikepdf.open(tmp_path / "a.pdf")) if kind == "Figure"]
    assert told == [f"QR code: {LINK}", "Step 1, Mark the holes", "Step 2, Drill", "Step 3, Fix the brackets"]


# ---- pages


FEW_WORDS = {
    "risk": "low", "do_not_start_if": [], "safety": [{"level": "note", "text": "Wear goggles."}], "emergency": None, "ppe": [],
    "mistakes": [], "faq": [], "law": None,
}  # fmt: skip


def test_a_short_how_to_is_one_page_with_large_pictures_below_each_other(load, stills, tmp_path):
    howto, settings = load(FEW_WORDS)

    leaflet = made(howto, stills(howto), settings, tmp_path / "a.pdf")

    assert leaflet.pages == 1
    page = pypdfium2.PdfDocument(leaflet.path)[0]
    boxes = [image.get_bounds() for image in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)]
    assert [round(left) for left, *_ in boxes] == [round(boxes[0][0])] * 3
    assert min(right - left for left, _, right, _ in boxes) > 60 * 72 / 25.4


def test_a_how_to_of_one_page_has_its_questions_and_room_to_write_where_they_fit(load, stills, tmp_path):
    howto, settings = load(FEW_WORDS | {"faq": [{"q": "Will it hold?", "a": "Yes."}], "steps": steps(4, "Tap it down.")})

    leaflet = made(howto, stills(howto), settings, tmp_path / "a.pdf")

    [page] = words_of(leaflet.path)
    assert page.index("Will it hold?") < page.index("My measurements and notes")


def lines_to_write_on(path):
    """Dotted lines of each page."""
    found = []
    for page in pypdfium2.PdfDocument(path):
        raw = page.get_textpage().get_text_range()
        text = pypdfium2.raw
        drawn = list(page.get_objects(filter=[text.FPDF_PAGEOBJ_PATH], max_depth=3))
        found.append(sum(text.FPDFPageObj_GetDashCount(path.raw) > 0 and is_flat(path) for path in drawn) if raw else 0)
    return found


def is_flat(path):
    _, bottom, _, top = path.get_bounds()
    return top - bottom < 3


SIX = "Cut each wire to reach its screw. Keep the earth wire longest. Twist it tight."


@pytest.mark.parametrize(
    ("setting", "own", "lines"), [(None, None, 6), (3, None, 3), (0, None, 0), (0, 4, 4), (None, 0, 0), (None, 12, 12)]
)
def test_a_leaflet_has_no_more_lines_for_notes_than_is_wished(load, stills, tmp_path, setting, own, lines):
    wish = {"leaflet": {"notes": own}} if own is not None else {}
    howto, settings = load({"steps": steps(6, SIX)} | wish, {"notes": setting} if setting is not None else {})

    leaflet = made(howto, stills(howto), settings, tmp_path / "a.pdf")

    assert lines_to_write_on(leaflet.path) == [0, lines]
    assert ("My measurements" in words_of(leaflet.path)[1]) == (lines > 0)


@pytest.mark.parametrize("format", ["leaflet", "toner", "booklet", "two-a5", "pack"])
def test_no_format_has_lines_for_notes_where_none_are_wished(load, stills, tmp_path, format):
    howto, settings = load({"steps": steps(6, SIX)}, {"notes": 0})

    leaflet = typeset.make_print(format, [PrintSource(howto, stills(howto))], settings, tmp_path / "a.pdf")

    assert "My measurements" not in " ".join(words_of(leaflet.path))
    assert sum(lines_to_write_on(leaflet.path)) == 0


def test_what_is_to_be_filled_in_stays_without_lines(load, stills, tmp_path):
    calculator = {
        "basis": "The bag wins.",
        "ask": [{"id": "a", "label": "Wall area", "unit": "m2", "min": 1, "max": 9, "default": 2}],
        "per": "a",
        "give": [{"label": "Cement", "per": "m2", "rate": 1, "pack_size": 1, "pack_unit": "bag"}],
    }
    howto, settings = load({"calculator": calculator, "leaflet": {"notes": 0}})

    leaflet = made(howto, stills(howto), settings, tmp_path / "a.pdf")

    assert "My measurements and notes Wall area m² Cement" in words_of(leaflet.path)[-1]


def test_a_second_page_with_little_on_it_is_set_in_larger_type(load, stills):
    few, settings = load({"steps": steps(6, SIX)})
    many, _ = load({"steps": steps(6, SIX), "law": "Read it. " * 560}, folder="other")

    assert data_for_format(few, stills(few), settings)["layout"]["end_size"] >= 13
    assert data_for_format(many, stills(many), settings)["layout"]["end_size"] <= 11


def test_six_steps_and_their_end_stand_beside_each_other_on_the_front(load, stills, tmp_path):
    howto, settings = load(
        {"steps": steps(6, "Cut each wire to reach its screw. Keep the earth wire longest. Twist it tight.")}
    )

    leaflet = made(howto, stills(howto), settings, tmp_path / "a.pdf")

    front = words_of(leaflet.path)[0]
    assert [n for n in range(1, 7) if f"omega{n}" not in front] == []
    assert "You are done when" in front
    assert symbol_mm(leaflet.path) > 40


def test_many_materials_keep_the_full_width(load):
    few, settings = load()
    many, _ = load({"materials": [{"name": f"Thing {n}", "qty": n} for n in range(1, 26)]}, folder="other")

    assert data_for_format(few, {}, settings)["layout"]["two_columns"]
    assert not data_for_format(many, {}, settings)["layout"]["two_columns"]


def test_real_pictures_are_printed_each_in_its_own_place(load, stills, tmp_path):
    """Typst sees only stand-ins. A circle stands a little further right on each step's still."""
    howto, settings = load()

    made(howto, stills(howto), settings, tmp_path / "a.pdf")

    page = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0]
    shown = list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    shown.sort(key=lambda image: (-round(image.get_bounds()[3]), image.get_bounds()[0]))
    greys = [image.get_bitmap().to_pil().convert("L") for image in shown]
    middle = [[grey.getpixel((x, round(grey.height * 65 / 180))) for x in range(grey.width)] for grey in greys]
    assert [len(row) >= 300 for row in middle] == [True] * 3
    lefts = [next(x for x, value in enumerate(row) if value < 100) / len(row) * 320 for row in middle]
    assert lefts == pytest.approx([0, 10, 20], abs=2)


@pytest.mark.parametrize("pictured", [True, False])
def test_ten_steps_and_25_materials_keep_each_step_on_one_page(load, stills, tmp_path, pictured):
    materials = [{"name": f"Thing number {n} of a kind, 50 kg", "qty": n, "unit": "bag"} for n in range(1, 26)]
    howto, settings = load({"steps": steps(10), "materials": materials})

    leaflet = made(howto, stills(howto) if pictured else {}, settings, tmp_path / "a.pdf")

    pages = words_of(leaflet.path)
    for n in range(1, 11):
        begins = [at for at, page in enumerate(pages) if f"alpha{n} " in page]
        ends = [at for at, page in enumerate(pages) if f"omega{n} " in f"{page} "]
        assert len(begins) == 1
        assert begins == ends
    assert leaflet.pages <= 3
    assert sum(f"Thing number {n} of" in page for page in pages for n in range(1, 26)) == 25


@pytest.mark.parametrize("count", range(3, 11))
def test_every_number_of_steps_ends_with_when_one_is_done(load, stills, tmp_path, count):
    howto, settings = load({"steps": steps(count)})

    leaflet = made(howto, stills(howto), settings, tmp_path / "a.pdf")

    told = " ".join(words_of(leaflet.path))
    assert leaflet.pages <= 2
    assert told.find(f"omega{count}") < told.find("You are done when") < told.find("When it goes wrong")


def test_without_stills_there_is_no_picture_and_no_empty_box(load, tmp_path):
    howto, settings = load()

    made(howto, {}, settings, tmp_path / "a.pdf")

    assert images(tmp_path / "a.pdf") == []
    assert [alt for kind, alt in elements(pikepdf.open(tmp_path / "a.pdf")) if kind == "Figure"] == [f"QR code: {LINK}"]


def test_some_steps_may_lack_a_still(load, stills, tmp_path):
    howto, settings = load()
    drawn = stills(howto)
    del drawn["drill"]

    made(howto, drawn, settings, tmp_path / "a.pdf")

    assert len(images(tmp_path / "a.pdf")) == 2


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))])
def test_the_paper_is_the_settings(load, tmp_path, paper, size):
    howto, settings = load(options={"paper": paper})

    leaflet = made(howto, {}, settings, tmp_path / "a.pdf")

    assert tuple(round(side) for side in pypdfium2.PdfDocument(leaflet.path)[0].get_size()) == size


@pytest.mark.parametrize("count", [3, 8, 10])
def test_no_ink_comes_nearer_than_5_mm_to_an_edge(load, stills, tmp_path, count):
    store = {
        "name": "A store with quite a long name and town",
        "phone": "+27 10 000 0000",
        "whatsapp": "+27 60 000 0000",
        "address": "12 Long Street, corner of an even longer one, Somewhere West",
    }
    howto, settings = load({"steps": steps(count)}, options={"store": store})

    made(howto, stills(howto), settings, tmp_path / "a.pdf")

    for page in pypdfium2.PdfDocument(tmp_path / "a.pdf"):
        image = page.render(scale=100 / 72, grayscale=True).to_pil().point(lambda grey: 255 * (grey < 200))
        left, top, right, bottom = image.getbbox()
        edge = 5 / 25.4 * 100
        assert min(left, top, image.width - right, image.height - bottom) >= edge


def test_the_footer_names_code_version_day_and_store(load, tmp_path):
    howto, settings = load()

    made(howto, {}, settings, tmp_path / "a.pdf")

    [front] = words_of(tmp_path / "a.pdf")
    assert "b7x · Version 1.2.0 · 2026-11-21" in front
    assert "Sample Hardware · +27 10 000 0000" in front


def test_the_calculators_names_are_blanks_to_fill_in(load, tmp_path):
    howto, settings = load(
        {
            "calculator": {
                "basis": "The bag wins.",
                "ask": [{"id": "a", "label": "Wall area", "unit": "m2", "min": 1, "max": 9, "default": 2}],
                "per": "a",
                "give": [{"label": "Cement", "per": "m2", "rate": 1, "pack_size": 1, "pack_unit": "bag"}],
            }
        }
    )

    assert data_for_format(howto, {}, settings)["worksheet"] == [
        {"label": "Wall area", "unit": "m²"},
        {"label": "Cement", "unit": "bags"},
    ]


PAINT = {
    "tools": [{"name": "Roller", "aisle": "Paint"}, {"name": "Ladder", "hire": True}],
    "materials": [{"name": "Wall paint", "qty": 2, "unit": "tin", "aisle": "Paint", "sku": "KH-20417"}],
    "calculator": {
        "basis": "The tin wins.",
        "ask": [{"id": "a", "label": "Wall area", "unit": "m2", "min": 1, "max": 500, "default": 40}],
        "per": "a",
        "give": [{"label": "Paint", "per": "m2", "rate": 0.125, "unit": "l", "waste_pct": 10, "pack": "tin", "pack_size": 5}],
    },
}


@pytest.mark.parametrize("format", ["leaflet", "toner", "booklet", "two-a5"])
def test_a_leaflet_says_where_things_stand_and_for_which_numbers_the_list_is(load, stills, tmp_path, format):
    howto, settings = load(PAINT)

    typeset.make_print(format, [PrintSource(howto, stills(howto))], settings, tmp_path / "a.pdf")

    said = " ".join(" ".join(words_of(tmp_path / "a.pdf")).split())
    assert "Wall paint (Aisle: Paint · KH-20417)" in said
    assert "Roller (Aisle: Paint)" in said
    assert "2 tins of 5 ℓ" in said
    assert "For: Wall area 40 m²" in said
    assert (tmp_path / "a.pdf").stat().st_size <= 150_000


def test_a_leaflet_says_what_its_film_costs_and_at_which_tariff(load, tmp_path):
    tariffs = [{"name": "Dear", "rand_per_mb": 0.99, "as_of": "March 2026", "source": "A newspaper"}]
    howto, settings = load(options={"tariffs": tariffs})

    typeset.make_print("leaflet", [PrintSource(howto, film_seconds=58, film_bytes=601_234)], settings, tmp_path / "a.pdf")
    typeset.make_print("leaflet", [PrintSource(howto, film_seconds=58)], settings, tmp_path / "b.pdf")

    said, not_made = (" ".join(" ".join(words_of(tmp_path / name)).split()) for name in ("a.pdf", "b.pdf"))
    assert "Film: up to 0.61 MB · 60c of data Prices at Dear (March 2026)" in said
    assert "Film:" not in not_made


def test_the_blanks_name_packs_and_what_is_in_them(load):
    howto, settings = load(PAINT)

    assert data_for_format(howto, {}, settings)["worksheet"] == [
        {"label": "Wall area", "unit": "m²"},
        {"label": "Paint", "unit": "tins of 5\u00a0ℓ"},
    ]


@pytest.mark.parametrize("lines", range(8, 50, 3))
def test_blanks_stand_whole_above_the_footer_however_full_the_page_is(load, stills, tmp_path, lines):
    ask = [
        {"id": "abcdefg"[n], "label": f"Length of wall {n}", "unit": "m", "min": 1, "max": 9, "default": 2} for n in range(7)
    ]
    give = [{"label": "Cement", "per": "m", "rate": 1, "pack_size": 1, "pack_unit": "bag"}]
    howto, settings = load(
        {
            "steps": steps(6),
            "law": "ḓ " * 70 * lines,  # marks below: an estimate of lines is off by some
            "calculator": {"basis": "The bag wins.", "ask": ask, "per": "a", "give": give},
        }
    )

    made(howto, stills(howto), settings, tmp_path / "a.pdf")

    *_, page = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    text = page.get_textpage()
    said = text.get_text_range()
    assert "Length of wall 6" in said
    blank = text.get_charbox(said.index("Cement"))
    footer = text.get_charbox(said.index("Sample Hardware"))
    assert blank[1] > footer[3] + 8


@pytest.mark.parametrize("format", ["leaflet", "booklet"])
def test_a_logo_and_a_long_address_keep_within_the_printers_margin(load, stills, tmp_path, format):
    howto, settings = load()
    Image.new("RGB", (400, 80), "black").save(settings.root / "logo.png")
    address = "12 Long Street, corner of an even longer one, Somewhere West"
    store = settings.options.store.model_copy(update={"logo": "logo.png", "address": address})
    settings = settings.model_copy(update={"options": settings.options.model_copy(update={"store": store})})

    typeset.make_print(format, [PrintSource(howto, stills(howto))], settings, tmp_path / "a.pdf")

    for page in pypdfium2.PdfDocument(tmp_path / "a.pdf"):
        image = page.render(scale=10 / 72 * 25.4, grayscale=True).to_pil().point(lambda grey: 255 * (grey < 200))
        assert image.getbbox()[3] <= image.height - 50


# ---- reading PDFs


def elements(pdf):
    """Kind and description of every structure element, in order."""

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield str(node.S)[1:], str(node.get("/Alt", ""))
            if "/K" in node:
                yield from walk(node.K)

    return list(walk(pdf.Root.StructTreeRoot))


def languages(pdf):
    """Every language that is declared within the document."""
    found = []
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and "/Lang" in thing and "/S" in thing:
            found.append(str(thing.Lang))
    for page in pdf.pages:
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "BDC" and isinstance(operands[1], pikepdf.Dictionary) and "/Lang" in operands[1]:
                found.append(str(operands[1].Lang))
    return found


def fonts(path):
    """Name of every font, and whether it is inside."""
    with pikepdf.open(path) as pdf:
        found = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/FontName" in thing]
        return {str(font.FontName)[1:].split("+")[-1]: any(f"/FontFile{n}" in font for n in ("", "2", "3")) for font in found}


def images(path):
    """The key of every picture in the file."""
    with pikepdf.open(path) as pdf:
        return [
            thing.objgen
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Stream) and str(thing.get("/Subtype")) == "/Image"
        ]
