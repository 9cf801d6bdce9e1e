"""Sharing, as one does it on a phone."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from lxml import html
from PIL import Image
from playwright.sync_api import expect

from site_builder.website import site_files
from site_builder.website.pages import howto_page, lists, share
from site_builder.website.site import Site
from tests.website.phone import Phone, until

PLUG = "electrical/wire-a-plug/"
SHARES = """
navigator.canShare = () => true
navigator.share = async what => {
  window.shared = { ...what, files: what.files?.map(file => [file.name, file.type, file.size]) }
}
"""


def test_whatsapp_opens_with_title_link_and_price(phone_without_script: Phone) -> None:
    page = phone_without_script.page
    asked: list[str] = []
    page.context.route("https://wa.me/**", lambda route: (asked.append(route.request.url), route.fulfill(body="WhatsApp")))
    phone_without_script.go(PLUG)

    page.locator("a", has_text="WhatsApp").click()

    page.wait_for_url("https://wa.me/**")
    (sent,) = parse_qs(urlsplit(asked[0]).query)["text"]
    assert re.fullmatch(
        r"Wire a three-pin plug\nhttps://shop.example/how-to/electrical/wire-a-plug/\n"
        r"Film: up to 0\.\d\d\xa0MB ·\xa0\d+c of data",
        sent,
    )


def test_a_message_carries_every_sign(phone: Phone) -> None:
    """Letters beyond ASCII stand as they are in the link, a browser encodes them; those that mean something there do not."""
    text = "50% & 1+1 #2 “Bêre” 'n ?\nتوصيل  ·\xa089c <b>"
    page = phone.go(PLUG)

    read = page.evaluate("link => new URL(link).searchParams.get('text')", share.whatsapp_link(text))

    assert read == text


def test_the_short_link_is_shown_and_copied(phone: Phone) -> None:
    page = phone.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.go(PLUG)
    expect(page.locator("#_short")).to_have_text("shop.example/how-to/k7p")

    page.locator("[data-do=share]").click()
    page.get_by_role("button", name="Copy the short link").click()

    expect(page.locator(".sheet [role=status]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "shop.example/how-to/k7p"


def test_the_film_itself_is_sent_with_its_price_before(phone: Phone) -> None:
    phone.page.add_init_script(SHARES)
    page = phone.go(PLUG)
    page.locator("[data-do=share]").click()
    send = page.get_by_role("button", name="Send the film itself")
    expect(send).to_contain_text(re.compile(r"0\.\d\d\sMB"))
    assert phone.films_asked == []

    send.click()

    until(page, "window.shared")
    assert page.evaluate("window.shared.files[0].slice(0, 2)") == ["wire-a-plug.mp4", "video/mp4"]
    assert "standard-h264" in phone.films_asked[0]


def test_a_saved_film_is_sent_without_data(phone: Phone) -> None:
    phone.page.add_init_script(SHARES)
    page = phone.go(PLUG)
    page.locator("[data-do=save]").click()
    page.get_by_role("button", name="Save now").click()
    expect(page.locator(".sheet [role=status]")).to_contain_text("Saved.")
    page.get_by_role("button", name="Close").click()
    before = len(phone.films_asked)

    page.locator("[data-do=share]").click()
    send = page.get_by_role("button", name="Send the film itself")
    expect(send).to_contain_text("uses no data")
    send.click()

    until(page, "window.shared")
    assert len(phone.films_asked) == before


def subject(site: Site, lang: str) -> str:
    ((_, text),) = lists.category_pages(site, site.lessons.categories[0], lang)
    return text


def test_every_page_that_is_shared_has_a_picture_to_show(site: Site) -> None:
    """A how-to's film, where there is one; else its subject's name, in letters that can be told from the ground."""
    there = site_files.static_files(site)
    filmless = replace(next(one for one in site.lessons if one.howto.slug == "wire-a-plug"), poster=None)
    shown = {}
    for name, text in {
        "home": lists.home_page(site, "en"),
        "subject": subject(site, "en"),
        "subject in Afrikaans": subject(site, "af"),
        "how-to without a film": howto_page.howto_page(site, filmless),
        "how-to": howto_page.howto_page(site, next(one for one in site.lessons if one.poster)),
    }.items():
        (address,) = html.document_fromstring(text).xpath("//meta[@property='og:image']/@content")
        data = there[address.removeprefix(site.settings.site_url)]
        shown[name] = data if isinstance(data, bytes) else data.read_bytes()
        with Image.open(BytesIO(shown[name])) as picture:
            assert picture.width > 1.5 * picture.height
            low, high = picture.convert("L").getextrema()
            assert high - low > 100 or name == "how-to"  # whose film is of one grey here
    assert shown["how-to without a film"] == shown["subject"]
    assert len(set(shown.values())) == 4
