"""A library in Arabic beside English: the page runs from right to left, and nothing in it falls over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from site_builder import mkdocs_plugin
from site_builder.library import loading, settings_file
from site_builder.library.artifacts import Lesson, Rendition
from site_builder.website.site import site_of
from tests.website.library import CAPTIONS, MKDOCS, MORTAR, PLUG, still
from tests.website.phone import Phone, serving

PLUG_AR = """\
---
translates: 1.1.0
title: ركّب قابساً بثلاثة أسنان
summary: ركّب قابساً جديداً على سلك.
do_not_start_if: [السلك محروق.]
safety: [جهد 230 V يقتل., البراغي المرتخية تسبب الحريق.]
emergency: اتصل بالطوارئ.
tools: [{name: مفك براغي}]
materials: [قابس]
steps:
  - {id: unplug, title: أطفئ التيار, text: اسحب القابس من الجدار.}
  - {id: connect, title: وصّل E و L و N, text: اتبع الحروف., check: اقرأها بصوت عالٍ.}
  - {id: test, title: أغلق واختبر, text: أغلق الغطاء.}
done_when: إنه يعمل.
mistakes: [{see: ينقطع التيار, likely: شعرة نحاس مرتخية, do: ابدأ من جديد.}]
faq: [{q: "سلكان فقط؟", a: اسأل.}]
law: مسموح لك.
search: {keywords: [قابس كهرباء]}
---

انظر من الخلف.
"""
WHERE = ["ar/", "ar/electrical/", "ar/electrical/wire-a-plug/", "ar/search/", "ar/phone/"]


@pytest.fixture(scope="module")
def address(films: tuple[Rendition, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("arabic")
    files = {
        "mkdocs.yml": MKDOCS.replace("en: Electricity,", "en: Electricity, ar: الكهرباء,"),
        "content/electrical/wire-a-plug.md": PLUG,
        "content/electrical/wire-a-plug.ar.md": PLUG_AR,
        "content/building/mix-mortar.md": MORTAR,
        "videos/plug.en.vtt": CAPTIONS,
        "videos/plug.mp4": "",
        "videos/mortar.mp4": "",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    told = settings_file.load_settings(root / "mkdocs.yml")
    library, problems = loading.load_library(told)
    assert [problem.message for problem in problems if not problem.warning] == []
    site = site_of(told, library, tuple(Lesson(howto, None, films, still(root, "poster", "grey")) for howto in library.howtos))
    assert (
        mkdocs_plugin.build_site(
            told,
            SimpleNamespace(library=library, lessons=site.lessons, problems=(), figures={}, prints=site.prints),
            root / "how-to",
        )
        == []
    )
    server = serving(root / "how-to")
    yield f"http://127.0.0.1:{server.effective_port}/how-to/"
    server.close()


@pytest.mark.parametrize("there", WHERE)
def test_a_page_runs_from_right_to_left_and_does_not_scroll_sideways(phone: Phone, there: str) -> None:
    page = phone.go(there)

    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [360, 360]


# the letters of an element's text in the order in which the eye meets them, from the left
FROM_THE_LEFT = """element => {
  const text = element.firstChild
  const seen = [...text.data].map((letter, at) => {
    const range = document.createRange()
    range.setStart(text, at)
    range.setEnd(text, at + 1)
    return [range.getBoundingClientRect().left, letter]
  })
  return seen.sort((a, b) => a[0] - b[0]).map(([, letter]) => letter).join('').replace(/\\s/g, '')
}"""


def test_arabic_stands_on_the_right(phone: Phone) -> None:
    title = phone.go("ar/electrical/wire-a-plug/").locator("h1")

    gap = title.evaluate(
        """title => {
          const range = document.createRange()
          range.selectNodeContents(title)
          return innerWidth - range.getBoundingClientRect().right
        }"""
    )
    assert gap < 40


def test_lent_english_words_keep_their_own_way(phone: Phone) -> None:
    """A full stop on the wrong side of a correction looks like a mistake in it."""
    lent = phone.go("ar/electrical/wire-a-plug/").locator("[lang=en]", has_text="Brown goes to L.")

    assert lent.last.evaluate(FROM_THE_LEFT) == "BrowngoestoL."


@pytest.mark.parametrize("place", ["data", "footer a[href^='tel:']"])
def test_prices_and_phone_numbers_read_as_they_are_written(phone: Phone, place: str) -> None:
    """`0.1 MB · 4c` torn apart by the Arabic around it would be another price, `0100 555 011` another phone."""
    found = phone.go("ar/electrical/wire-a-plug/").locator(place).first

    assert found.evaluate(FROM_THE_LEFT) == "".join(found.inner_text().split())


def test_a_price_within_a_sentence_reads_as_it_is_written(phone: Phone) -> None:
    page = phone.go("ar/phone/")
    used = page.locator("[data-used]").last
    expect(used).to_contain_text("MB")

    assert re.search(r"\d\.\d\dMB\(\d+c\)", used.evaluate(FROM_THE_LEFT))


def test_search_finds_arabic_words(phone: Phone) -> None:
    page = phone.go("ar/")
    page.locator("a.find").click()
    page.get_by_role("searchbox").fill("قابس")

    expect(page.get_by_role("dialog").get_by_text("ركّب قابساً").first).to_be_visible()
    price = page.get_by_role("dialog").locator(".facts data")
    assert re.fullmatch(r"\d\.\d\dMB·\d+c", price.evaluate(FROM_THE_LEFT))


def test_the_other_language_is_one_tap_away(phone: Phone) -> None:
    page = phone.go("ar/electrical/wire-a-plug/")
    page.get_by_role("link", name="English").first.click()

    page.wait_for_url("**/how-to/electrical/wire-a-plug/")
    assert page.evaluate("document.documentElement.dir") == ""
