"""The page's script, the page without it, the shopping list and the range: the same answers as those worked out by hand."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, Route, expect

from site_builder import mkdocs_plugin
from site_builder.leaflets import formats
from site_builder.leaflets import leaflet_data as leaflet_data
from site_builder.library import calculator, loading, quantity, settings_file
from site_builder.library.artifacts import Lesson
from site_builder.library.formula import to_fraction
from site_builder.library.howto import HowTo
from site_builder.library.library import Library
from site_builder.library.messages import LOCALES, messages_of
from tests.website.phone import Phone, phone_of, serving

ROOT = Path(__file__).parents[2]
TABLE = [row.split("\t") for row in (ROOT / "tests/library/calculators.tsv").read_text("utf-8").splitlines()[1:]]
LANGS = sorted(path.stem for path in LOCALES.glob("*.toml"))
SLUGS = sorted({row[0] for row in TABLE})


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Library]:
    """The sample's how-tos with a calculator, and one of them in every language that the program speaks."""
    root = tmp_path_factory.mktemp("calculators")
    for slug in {slug for slug, *_ in TABLE}:
        for source in (ROOT / "content").glob(f"*/{slug}*.md"):
            path = root / "content" / source.parent.name / source.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source.read_bytes())
    for lang in LANGS:
        page = root / f"content/walls/paint-a-wall.{lang}.md"
        if lang != "en":
            page.write_text("---\ntranslates: 1.0.1\ntitle: Paint\ncalculator: {Wall area: Area, Coats: Times}\n---\n", "utf-8")
    (root / "videos").mkdir()
    (root / "mkdocs.yml").write_text(
        "site_name: A shop\nsite_url: https://shop.example/\ndocs_dir: content\ntheme: {name: material}\n"
        "plugins: [site-builder: {store: {name: Thandi's shop, whatsapp: 082 123 4567}}]\n"
    )
    found, _ = loading.load_library(settings_file.load_settings(root / "mkdocs.yml"))
    return root, found


@pytest.fixture(scope="module")
def calculators(library: tuple[Path, Library], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root, found = library
    # what this shop does not have is not linked to: these are its only how-tos
    howtos = tuple(howto.model_copy(update={"related": ()}) for howto in found.howtos)
    lessons = tuple(Lesson(howto) for howto in howtos)
    top = tmp_path_factory.mktemp("shop")
    told = settings_file.load_settings(root / "mkdocs.yml")
    made = SimpleNamespace(
        library=dataclasses.replace(found, howtos=howtos), lessons=lessons, problems=(), figures={}, prints=()
    )
    mkdocs_plugin.build_site(told, made, top / "how-to")
    server = serving(top / "how-to")
    yield f"http://127.0.0.1:{server.effective_port}/how-to/"
    server.close()


@pytest.fixture(scope="module")
def page(browser: Browser, calculators: str) -> Iterator[Phone]:
    """One phone for all rows: each opens its page anew."""
    found = phone_of(browser, calculators, service_workers="block")
    yield found
    found.page.context.close()
    assert found.errors == []


def type_in(page: Page, typed: str, decimal: str = ".") -> None:
    for name, value in (pair.split("=") for pair in typed.split()):
        page.locator(f".asks [name={name}]").fill(value.replace(".", decimal))


def rows(page: Page) -> dict[str, str]:
    """Each answer by its label, with plain spaces."""
    labels, answers = page.locator(".calculator dt").all_inner_texts(), page.locator(".calculator output").all_inner_texts()
    return dict(zip(labels, (answer.replace("\u00a0", " ") for answer in answers), strict=True))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_script_gives_the_answers_worked_out_by_hand(page: Phone, library: tuple[Path, Library], slug: str) -> None:
    here = page.go(library[1].by_slug[slug]["en"].page)
    here.locator(".asks input").first.focus()

    for _, typed, label, shown, *_ in (row for row in TABLE if row[0] == slug):
        type_in(here, typed)

        row = here.locator(".calculator dl div", has=here.get_by_text(label, exact=True))
        expect(row.locator("output")).to_have_text(shown)


def test_without_script_the_page_has_the_answers_for_what_it_begins_with(
    browser: Browser, calculators: str, library: tuple[Path, Library]
) -> None:
    phone = phone_of(browser, calculators, java_script_enabled=False)
    for howto in library[1].howtos:
        assert howto.calculator
        begins = " ".join(f"{ask.id}={ask.default:g}" for ask in howto.calculator.ask)
        wanted = {label: shown for of, given, label, shown, *_ in TABLE if (of, given) == (howto.slug, begins)}
        here = phone.go(howto.page)
        labels = [give.label for give in howto.calculator.give]
        found = rows(here)

        assert here.locator(".asks input:not([readonly])").count() == 0  # an answer never stands beside another number
        assert list(found) == [str(label) for label in labels]
        if howto.lang == "en":
            assert wanted.items() <= found.items()
        for one in calculator.answers(howto):
            assert found[one.give.label] == one.full_text(messages_of(howto.lang)).replace("\u00a0", " ")
    phone.page.context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_in_every_language_script_and_python_write_the_same(page: Phone, library: tuple[Path, Library], lang: str) -> None:
    howto, frame = library[1].by_slug["paint-a-wall"][lang], messages_of(lang)
    assert howto.calculator
    here = page.go(howto.page)
    here.locator(".asks input").first.focus()

    for typed in ("a=12.5 c=1", "a=36.37 c=1", "a=1 c=1", "a=500 c=4"):
        values = {name: to_fraction(value) for name, value in (pair.split("=") for pair in typed.split())}
        [one] = calculator.answers(howto, values)
        type_in(here, typed, str(frame("unit.decimal")))

        expect(here.locator("output")).to_have_text(one.full_text(frame))
        expect(here.locator("[data-give]")).to_have_text(one.purchase_text(frame))
        asked = " · ".join(
            calculator.input_text(ask, quantity.format_number(values[ask.id], frame), frame) for ask in howto.calculator.ask
        )
        expect(here.locator("[data-batch]")).to_have_text(frame("common.batch", asked=asked))


TYPED = {
    "en": {"2,5": "0.688 ℓ", " 2.5 ": "0.688 ℓ", "1 20": "33 ℓ", "۱۲۰": "33 ℓ", "2.": "0.55 ℓ", "1.375": "0.379 ℓ"},
    "af": {"2.5": "0,688 ℓ", "2,5": "0,688 ℓ", "1,500": "0,413 ℓ"},
    "ar": {"٢٫٥": "0.688 ℓ", "١٢٠": "33 ℓ"},
    "hi": {"१२०": "33 ℓ"},
}


@pytest.mark.parametrize("lang", TYPED)
def test_numbers_are_read_as_people_type_them(page: Phone, library: tuple[Path, Library], lang: str) -> None:
    here = page.go(library[1].by_slug["paint-a-wall"][lang].page)
    here.locator(".asks input").first.focus()

    for typed, shown in TYPED[lang].items():
        here.locator("[name=a]").fill(typed)

        expect(here.locator("output")).to_contain_text(shown)


NO_NUMBERS = [
    "0",
    "0.99",
    "500.01",
    "-5",
    "1e2",
    "abc",
    "",
    "1.2.3",
    "999999999999",
    "٠",
    "1/2",
    "NaN",
    "Infinity",
    ".",
    "5 5 5 5",
]


@pytest.mark.parametrize("lang", ["en", "af", "ar", "hi"])
def test_a_number_out_of_range_says_why_and_which_range(page: Phone, library: tuple[Path, Library], lang: str) -> None:
    here = page.go(library[1].by_slug["paint-a-wall"][lang].page)
    before = here.locator("[data-batch]").inner_text()
    here.locator(".asks input").first.focus()
    alert, number = here.locator(".calculator [role=alert]"), here.locator("[name=a]")
    label = "Wall area" if lang == "en" else "Area"
    most = quantity.join_unit("500", "m²", messages_of(lang))

    for typed in [*NO_NUMBERS, "1.500" if lang == "af" else "1,500"]:
        number.fill(typed)

        expect(alert).to_have_text(f"{label}: {messages_of(lang)('page.range', min=1, max=most)}")
        expect(here.locator("output")).to_have_text("–")
        assert number.get_attribute("aria-invalid") == "true"
        assert here.locator("[data-batch]").inner_text() == before  # the list stays what it was, and says for which numbers
        number.fill("20")
        expect(alert).to_have_text("")
        expect(here.locator("output")).not_to_have_text("–")


def test_without_a_connection_no_old_answer_stands_beside_a_new_number(
    browser: Browser, calculators: str, library: tuple[Path, Library]
) -> None:
    phone = phone_of(browser, calculators, service_workers="block")
    here = phone.go(library[1].by_slug["paint-a-wall"]["en"].page)
    waiting: list[Route] = []
    asked: list[str] = []

    def answer(route: Route) -> None:
        """The first is kept waiting; nothing else comes either."""
        asked.append(route.request.url)
        waiting.append(route) if len(asked) == 1 else route.abort()

    here.route("**/calculator.*.js", answer)

    here.locator("[name=a]").fill("120")
    expect(here.locator("output")).to_have_text("–")
    while not waiting:
        here.wait_for_timeout(50)
    waiting.pop().abort()

    expect(here.locator("[name=a]")).to_have_value("20")
    expect(here.locator("output")).to_have_text("5.5 ℓ: 2 tins of 5 ℓ")
    expect(here.locator(".calculator [role=alert]")).to_have_text(
        "There is no connection now. Try again when the line is back."
    )

    here.locator("[name=a]").fill("121")
    expect(here.locator("output")).to_have_text("–")

    here.unroute("**/calculator.*.js")
    here.locator("[name=a]").blur()
    here.locator("[name=a]").fill("20")
    expect(here.locator("output")).to_have_text("5.5 ℓ: 2 tins of 5 ℓ")
    expect(here.locator(".calculator [role=alert]")).to_have_text("")
    phone.page.context.close()


def list_sent(here: Page) -> tuple[str, str]:
    """To whom the list goes, and its words."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="")

    here.route("https://wa.me/**", answer)
    here.locator("[data-do=list]").click()
    here.wait_for_url("https://wa.me/**")
    url = urlsplit(asked[0])
    return url.path.strip("/"), parse_qs(url.query)["text"][0].replace("\u00a0", " ")


def test_the_list_has_the_amounts_that_were_calculated(page: Phone, library: tuple[Path, Library]) -> None:
    howto = library[1].by_slug["mix-concrete"]["en"]
    here = page.go(howto.page)
    here.locator(".asks input").first.focus()
    type_in(here, "l=4 w=1 t=75")
    expect(here.locator("output").first).to_have_text("127 kg: 3 bags of 50 kg")

    to, text = list_sent(here)

    assert to == "27821234567"
    assert text.splitlines()[1] == "For: Length 4 m · Width 1 m · Thickness 75 mm"
    assert "- 3 bags of 50 kg Cement Aisle: Building" in text.splitlines()
    assert "- 4 barrows of 65 ℓ River sand, damp Aisle: Building" in text.splitlines()
    assert "- 1 × Plastic sheet to cover Aisle: Building" in text.splitlines()


@pytest.mark.parametrize("slug", SLUGS)
def test_with_and_without_script_the_same_list_is_sent(page: Phone, library: tuple[Path, Library], slug: str) -> None:
    here = page.go(library[1].by_slug[slug]["en"].page)
    href = here.locator("[data-do=list]").get_attribute("href") or ""
    plain = parse_qs(urlsplit(href).query)["text"][0].replace("\u00a0", " ")

    _, text = list_sent(here)

    assert text == plain


def test_search_engines_read_the_same_amounts(page: Phone, library: tuple[Path, Library]) -> None:
    here = page.go(library[1].by_slug["paint-a-wall"]["en"].page)

    data = json.loads(here.locator("script[type='application/ld+json']").first.inner_text())

    assert {one["name"]: one["requiredQuantity"] for one in data["supply"]}["Wall paint"] == "2 tins of 5 ℓ"


def howto_of(library: tuple[Path, Library], slug: str) -> HowTo:
    return library[1].by_slug[slug]["en"]


def test_what_is_ticked_is_sent_alone(page: Phone, library: tuple[Path, Library]) -> None:
    here = page.go(howto_of(library, "paint-a-wall").page)
    here.locator(".need .pick", has_text="Wall paint").click()

    _, text = list_sent(here)

    assert text.splitlines()[1:] == ["For: Wall area 20 m² · Coats 2", "- 2 tins of 5 ℓ Wall paint Aisle: Paint"]


def test_the_button_names_who_gets_the_list(page: Phone, library: tuple[Path, Library]) -> None:
    here = page.go(howto_of(library, "paint-a-wall").page)

    expect(here.locator("[data-do=list]")).to_have_text("Send my list to Thandi's shop")


STORES = re.compile(
    r"\b(store|shop|winkel|isitolo|esitolo|venkile|lebenkele|lebenkeleng|xitolo|vhengele)\b|متجر|दुकान", re.IGNORECASE
)


@pytest.mark.parametrize("lang", LANGS)
def test_a_clinics_page_list_and_leaflet_speak_of_no_store(tmp_path: Path, lang: str) -> None:
    """Its things stand in no aisle, and it has no number to which a list is sent: nothing says that it sells anything."""
    page = "---\ntitle: Wash your hands\nsummary: With soap.\ndifficulty: 1\ntime: {work: PT1M}\nrisk: low\nsafety: []\n" + (
        "tools: [{name: Basin}]\nmaterials: [{name: Soap, qty: 1}]\nsteps:\n"
        + "".join(f"  - {{id: s{n}, title: Rub {n}, text: Rub.}}\n" for n in range(3))
        + "done_when: Clean.\nrelated: []\nreviewed_by: null\nversion: 1.0.0\npublished: 2026-11-21\nlicence: CC-BY-4.0\n---\n"
    )
    path = tmp_path / "content/hygiene/wash-your-hands.md"
    path.parent.mkdir(parents=True)
    path.write_text(page)
    (tmp_path / "videos").mkdir()
    (tmp_path / "mkdocs.yml").write_text(
        f"site_name: Our clinic\nsite_url: https://clinic.example/\ndocs_dir: content\ntheme: material\n"
        f"plugins: [site-builder: {{lang: {lang}}}]\n"
    )
    told = settings_file.load_settings(tmp_path / "mkdocs.yml")
    found, _ = loading.load_library(told)
    [howto] = found.howtos
    made = SimpleNamespace(library=found, lessons=(Lesson(howto),), problems=(), figures={}, prints=())
    mkdocs_plugin.build_site(told, made, tmp_path / "site")

    site = {
        path.name: path.read_text("utf-8")
        for path in (tmp_path / "site").rglob("*.*")
        if path.suffix in (".html", ".js", ".webmanifest")
    }
    leaflet = leaflet_data.template_texts(howto, {}, told, formats.load_formats()["leaflet"])

    words_of_pages = {
        name: html.document_fromstring(text).text_content() for name, text in site.items() if name.endswith(".html")
    }
    assert {name: STORES.findall(text) for name, text in words_of_pages.items() if STORES.search(text)} == {}
    assert leaflet["store"]["name"] == "Our clinic"
    assert not STORES.search(json.dumps(leaflet, ensure_ascii=False).replace('"store"', ""))
    assert not STORES.search(
        unquote(
            html.document_fromstring((tmp_path / "site" / howto.page / "index.html").read_text()).xpath("//@data-do/../@href")[
                0
            ]
        )
    )
