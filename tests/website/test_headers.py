"""What hosts say with each file, and that no page does what its policy forbids."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from site_builder.website import headers
from tests.website.conftest import Phone, until

PLUG = "electrical/wire-a-plug/"
PLAYS = "() => { const film = document.querySelector('.stage video'); return film && film.currentTime > 0.2 }"


@pytest.mark.parametrize(
    "there", ["", "search/", "phone/", "electrical/", PLUG, f"af/{PLUG}", "building/mix-mortar/", "about/"]
)
def test_no_page_does_what_its_policy_forbids(phone: Phone, there: str) -> None:
    """The fixture fails on each complaint in the console; what is used at a tap is used here."""
    phone.page.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation', event => refused.push(event.violatedDirective))"
    )
    page = phone.go(there)
    if there == PLUG:
        page.locator("[data-do=save]").click()
        page.get_by_role("button", name="Close").click()
        page.locator(".play").click()
        until(page, PLAYS)
    if "mortar" in there:
        page.locator(".asks input").fill("3")
        expect(page.locator("output")).to_have_text("2")
    page.locator("[data-search]").click()
    page.keyboard.type("plug")
    expect(page.locator("dialog li a").first).to_be_visible()

    assert page.evaluate("window.refused") == []


def test_pages_have_the_policy_and_files_with_a_hash_are_kept(address: str, built: Path) -> None:
    style = next(built.glob("assets/site.*.css")).name
    for there, name, value in (
        ("", "Content-Security-Policy", headers.PAGE["Content-Security-Policy"]),
        ("", "Cache-Control", headers.ASK_AGAIN),
        ("", "Permissions-Policy", headers.PAGE["Permissions-Policy"]),
        (f"assets/{style}", "Cache-Control", headers.FOR_EVER),
        (f"assets/{style}", "X-Content-Type-Options", "nosniff"),
        ("sw.js", "Cache-Control", headers.A_DAY),
    ):
        with urllib.request.urlopen(address + there, timeout=10) as answer:
            assert answer.headers[name] == value


def test_the_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in headers.PAGE["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["_headers", "hosts/nginx.conf", "hosts/htaccess.txt", "hosts/s3.sh"])
def test_each_host_is_told_the_same(built: Path, name: str) -> None:
    text = (built / name).read_text("utf-8")

    for value in (headers.FOR_EVER, headers.A_DAY, headers.PAGE["Content-Security-Policy"], "nosniff"):
        assert value in text


def test_every_file_with_a_hash_is_in_a_folder_that_hosts_keep(built: Path) -> None:
    kept = [path.relative_to(built) for path in built.rglob("*") if headers.of(path.name)["Cache-Control"] == headers.FOR_EVER]

    assert {path.parts[0] for path in kept} == set(headers.FOLDERS)
