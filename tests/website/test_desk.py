"""The print desk, and what a code on paper says when the paper is wrong."""

from __future__ import annotations

from lxml import html
from playwright.sync_api import expect

from site_builder.website import site_files, urls
from site_builder.website.pages import howto_memo, other_pages, print_desk
from site_builder.website.site import Site, site_of
from tests.website.phone import Phone

PLUG = "electrical/wire-a-plug/"


def tree_of(site: Site, address: str) -> html.HtmlElement:
    return html.document_fromstring(dict(print_desk.print_desk_pages(site))[address])


def words(tree: html.HtmlElement) -> str:
    return " ".join(tree.text_content().split())


# ---- the desk


def test_everything_that_was_printed_can_be_had_from_the_desk(site: Site) -> None:
    published = site_files.static_files(site)

    linked = set()
    for address, document in print_desk.print_desk_pages(site):
        here = html.document_fromstring(document)
        here.make_links_absolute(f"https://x/{address}")
        linked |= {link.removeprefix("https://x/") for *_, link, _ in here.iterlinks()}

    for print in site.prints:
        assert published[urls.print_pdf(print)] == print.leaflet.path
        assert published[urls.print_preview(print)] == print.preview.path
        assert {urls.print_pdf(print), urls.print_preview(print)} <= linked


def test_the_leaflet_of_a_page_is_the_same_file_as_the_desks(site: Site) -> None:
    lesson = next(one for one in site.lessons if one.leaflet)
    own = next(
        one for one in site.prints if (one.name, one.lang, one.format) == (lesson.howto.slug, lesson.howto.lang, "leaflet")
    )

    assert urls.print_pdf(own) == urls.leaflet(lesson.howto, lesson.leaflet)


def test_a_format_without_words_of_the_desk_tells_its_own(site: Site) -> None:
    told = words(tree_of(site, "print-desk/"))

    assert "Tea towel to hang up" in told
    assert "All leaflets in one" in told
    assert "Never shown" not in told


def test_the_desk_tells_which_prints_to_bin(site: Site) -> None:
    [bin] = tree_of(site, "print-desk/").xpath("//section[@class='bin']")

    assert "Wire a three-pin plug (k7p)" in words(bin)
    assert "below version 1.1.0, printed before 2 April 2026" in words(bin)
    assert "Brown goes to L." in words(bin)
    assert "Mix" not in words(bin)
    assert bin.xpath(".//a[contains(@href, 'wire-a-plug.en.')]")


def test_a_desk_without_wrong_prints_says_so(site: Site) -> None:
    right = site_of(site.settings, site.library, (one for one in site.lessons if not one.howto.serious_corrections))

    tree = tree_of(right, "print-desk/")

    assert tree.xpath("//section[@class='bin']") == []
    assert "No print has to be binned" in words(tree)


def test_customers_pages_neither_lead_to_the_desk_nor_load_anything_of_it(site: Site) -> None:
    documents = {address: document for address, document in site_files.other_pages(site) if "print-desk" not in address}
    for found, _ in howto_memo.howto_pages(site):
        documents |= {address: document.decode() for address, document in found.items()}

    assert [address for address, document in documents.items() if "print-desk" in document or "desk." in document] == []


# ---- the revision promise


def test_an_older_leaflets_code_says_first_what_is_wrong_on_it(phone: Phone) -> None:
    page = phone.go("k7p?s=l1.0-14")

    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Your leaflet is version 1.0.")
    expect(notice).to_contain_text("Brown goes to L.")
    page.get_by_role("link", name="Open the right page").click()
    expect(page).to_have_url(phone.address + PLUG)


def test_newer_prints_and_those_that_cannot_be_wrong_lead_straight_on(phone: Phone) -> None:
    for mark in ("?s=l1.1", "?s=k1.10.2-14", "?s=e", "?s=p-14", "?s=1.0", "?s=%3Cb%3E", ""):
        page = phone.go(f"k7p/{mark}")

        expect(page).to_have_url(phone.address + PLUG)


def test_without_script_the_code_tells_what_is_wrong_below_which_version(phone_without_script: Phone) -> None:
    page = phone_without_script.go("k7p/?s=l1.0")

    expect(page.get_by_role("alert")).to_contain_text("below version 1.1.0")
    expect(page.get_by_role("alert")).to_contain_text("Brown goes to L.")
    page.get_by_role("link", name="Open the right page").click()
    expect(page).to_have_url(phone_without_script.address + PLUG)


def test_no_other_page_pays_for_the_promise(site: Site) -> None:
    mortar = next(one for one in site.lessons if one.howto.slug == "mix-mortar")

    way = other_pages.redirect_page(site, f"{mortar.howto.code}/", mortar)

    assert "<script" not in way
    assert "stylesheet" not in way
    assert not [found for found, _ in howto_memo.howto_pages(site) if any(b"older" in document for document in found.values())]
