"""What readers tell us: to the host's own log, never with a cookie, kept without a connection, off where they say so."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from site_builder.website import site_files
from site_builder.website.assets import beacon
from site_builder.website.assets.theme_files import SCRIPTS, TEMPLATES
from site_builder.website.pages import lists
from site_builder.website.site import Site
from tests.website.phone import Phone, until

PLUG = "electrical/wire-a-plug/"


def heard(phone: Phone) -> list[dict[str, str]]:
    """Rows of the log, as a reader of logs reads them: each is one that the schema describes."""
    asked = [urlsplit(url) for url in phone.asked]
    rows = [beacon.read_row(url.query) for url in asked if url.path.endswith(f"/{beacon.beacon_schema().file}")]
    assert None not in rows
    return [row for row in rows if row]


def test_scripts_and_templates_send_just_the_rows_that_the_schema_describes() -> None:
    scripts = "\n".join(path.read_text("utf-8") for path in sorted(SCRIPTS.rglob("*.js")))
    templates = "\n".join(path.read_text("utf-8") for path in sorted(TEMPLATES.glob("*.html")))
    common = set(re.findall(r"(\w): ", re.findall(r"new URLSearchParams\(\{(.*?)\}\)", scripts)[0]))
    sent = dict.fromkeys(re.findall(r'data-tell="([\w-]+)"', templates), common)
    for call, fields in re.findall(r"\bheard\((`[^`]*`|[^{)]+?)(?:, \{(.*?)\})?\)", scripts):
        quarters = ("25", "50", "75", "100") if call.startswith("`${25 *") else ()
        for event in quarters or re.findall(r"'([\w-]+)'", call):
            sent[event] = common | set(re.findall(r"(?:^|,) ?(\w)\b", fields.strip()))

    assert sent == beacon.beacon_schema().events
    assert f"${{site.top}}{beacon.beacon_schema().file}?" in scripts


def test_a_row_that_no_page_sends_is_none() -> None:
    assert beacon.read_row("e=ask&p=&v=&q=roof&n=7") == {"e": "ask", "p": "", "v": "", "q": "roof", "n": "7"}
    assert [beacon.read_row(query) for query in ("", "e=ask&n=7", "e=sold&p=&v=&n=7", "e=share&p=&v=&n=7&x=1")] == [None] * 4


def test_a_film_that_is_watched_is_told_in_quarters(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.locator(".play").click()
    until(page, "() => document.querySelector('video')?.ended")
    page.wait_for_timeout(500)

    told = heard(phone)

    assert next(row["e"] for row in told) == "play"
    assert {row["e"] for row in told} == {"play", "25", "50", "75", "100"}
    assert {(row["p"], row["v"]) for row in told} == {(PLUG, "1.1.0")}
    assert told[0]["r"] == "standard"
    assert len({row["n"] for row in told}) == 1
    assert page.context.cookies() == []


def test_what_is_taken_along_is_told(phone: Phone) -> None:
    page = phone.page
    page.context.route("https://wa.me/**", lambda route: route.abort())
    phone.go(PLUG)
    page.locator("[data-search]").click()
    page.keyboard.type("plug")
    expect(page.locator("dialog li a").first).to_be_visible()
    page.wait_for_timeout(1800)
    page.get_by_role("button", name="Close").click()
    page.locator("[data-do=share]").click()
    page.get_by_role("button", name="Close").click()

    with page.expect_download():
        page.locator("[data-leaflet]").click()

    until(page, "!localStorage.unheard")
    assert [(row["e"], row.get("q")) for row in heard(phone)] == [("search", "plug"), ("share", None), ("leaflet", None)]


def test_did_this_work_is_answered_in_one_tap(phone: Phone) -> None:
    page = phone.go(PLUG)

    page.get_by_role("link", name="Yes").click()

    expect(page.locator(".verdict")).to_have_text("Thank you. It helps the next one.")
    page.wait_for_timeout(300)
    assert [(row["e"], row["a"]) for row in heard(phone)] == [("verdict", "yes")]


def test_not_yet_has_a_reason_and_the_stores_own_channels(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.get_by_role("link", name="Not yet").click()
    assert "k7p" in (page.locator(".sheet a", has_text="SMS").get_attribute("href") or "")
    assert page.locator(".sheet a", has_text="Call 011").get_attribute("href") == "tel:0115550100"
    assert page.locator(".sheet a", has_text="we call back").get_attribute("href") == "tel:0115550199"

    page.get_by_role("button", name="I lack a tool or material").click()

    expect(page.locator(".verdict")).to_contain_text("Thank you.")
    page.wait_for_timeout(300)
    assert [row["a"] for row in heard(phone)] == ["thing"]


def test_what_is_not_found_can_be_asked_for(phone: Phone) -> None:
    page = phone.go()
    page.locator("[data-find]").click()
    page.locator("dialog input").fill("xqzw")

    page.locator("dialog li a", has_text="Ask us").click()

    expect(page.locator(".sheet")).to_contain_text("Thank you.")
    page.wait_for_timeout(1800)
    assert {(row["e"], row["q"]) for row in heard(phone)} == {("ask", "xqzw"), ("search-none", "xqzw")}


def test_what_is_only_near_is_told_as_not_found(phone: Phone) -> None:
    page = phone.go()
    page.locator("[data-find]").click()

    page.locator("dialog input").fill("braai plug")

    expect(page.locator("dialog li a").first).to_contain_text("plug")
    page.wait_for_timeout(1800)
    assert [(row["e"], row["q"]) for row in heard(phone)] == [("search-none", "braai plug")]


def test_without_a_connection_it_waits(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.locator("[data-do=share]").click()
    page.get_by_role("button", name="Close").click()
    page.route("**/heard.txt*", lambda route: route.abort())
    page.get_by_role("link", name="Yes").click()
    until(page, "() => JSON.parse(localStorage.unheard ?? '[]').length === 1")

    page.unroute("**/heard.txt*")
    page.evaluate("dispatchEvent(new Event('online'))")

    until(page, "() => !localStorage.unheard")
    phone.errors.clear()


@pytest.mark.parametrize("wish", ["globalPrivacyControl: { value: true }", "doNotTrack: { value: '1' }"])
def test_who_does_not_want_to_be_followed_is_not(phone: Phone, wish: str) -> None:
    phone.page.add_init_script(f"Object.defineProperties(navigator, {{ {wish} }})")
    page = phone.go(PLUG)

    page.get_by_role("link", name="Yes").click()

    expect(page.locator(".verdict")).to_contain_text("Thank you.")
    page.locator("[data-search]").click()
    page.keyboard.type("xqzw")
    page.locator("dialog li a", has_text="Ask us").click()
    expect(page.locator(".sheet")).to_contain_text("in your own words")
    expect(page.locator(".sheet")).not_to_contain_text("noted")
    page.wait_for_timeout(1800)
    assert heard(phone) == []


def test_a_library_may_listen_to_nobody(site: Site) -> None:
    options = site.settings.options.model_copy(update={"listen": False})
    quiet = replace(site, settings=site.settings.model_copy(update={"options": options}))

    assert "data-listen" in lists.home_page(site, "en")
    assert "data-listen" not in lists.home_page(quiet, "en")
    assert not [name for name in site_files.static_files(quiet) if "heard" in name or "listen" in name]


def test_the_shopping_list_goes_to_whom_she_chooses(phone: Phone) -> None:
    page = phone.page
    page.context.route("https://wa.me/**", lambda route: route.fulfill(body="WhatsApp"))
    phone.go(PLUG)
    page.locator(".need .pick", has_text="Plug").click()

    page.get_by_role("link", name="Send my list").click()

    page.wait_for_url("https://wa.me/**")
    assert parse_qs(urlsplit(page.url).query)["text"] == ["Wire a three-pin plug (k7p 1.1.0)\n- 1 × Plug"]
    phone.asked.clear()
