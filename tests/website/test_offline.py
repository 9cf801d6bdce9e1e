"""The site without a connection, in real Chromium: kept pages, saved lessons, a cut line, two versions one after the other."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urljoin

import pytest
from playwright.sync_api import Browser, Route, expect

from site_builder import mkdocs_plugin
from site_builder.library.howto import HowTo
from site_builder.library.howto_parts import Correction
from site_builder.library.messages import messages_of
from site_builder.website.search import index
from site_builder.website.site import Site
from tests.website.line import Line
from tests.website.phone import Phone, phone_of, serving, until

PLUG = "electrical/wire-a-plug/"
PLAYS = "() => { const film = document.querySelector('.stage video, .stage audio'); return film && film.currentTime > 0.2 }"
STYLED = "getComputedStyle(document.querySelector('.bar')).display === 'flex'"
KEPT = "async address => !!(await caches.match(address))"


class Host:
    """A host whose site can be published again, at the end of a line that can be cut."""

    def __init__(self, built: Path, top: Path) -> None:
        self.folder = top / "how-to"
        shutil.copytree(built, self.folder)
        self.server = serving(self.folder)
        self.line = Line(self.server.effective_port)
        self.address = f"http://127.0.0.1:{self.line.port}/how-to/"

    def publish(self, site: Site) -> None:
        """Another version, as a build does it: the whole folder is replaced, files that are not named any more are gone."""
        shutil.rmtree(self.folder)
        made = SimpleNamespace(library=site.library, lessons=site.lessons, problems=(), figures={}, prints=site.prints)
        mkdocs_plugin.build_site(site.settings, made, self.folder)

    def close(self) -> None:
        self.line.close()
        self.server.close()


@pytest.fixture
def host(built: Path, tmp_path: Path) -> Iterator[Host]:
    found = Host(built, tmp_path)
    yield found
    found.close()


@pytest.fixture
def kept(browser: Browser, host: Host) -> Iterator[Phone]:
    """A phone that keeps what it has seen."""
    found = phone_of(browser, host.address)
    yield found
    found.page.context.close()


def changed(
    site: Site, slug: str, change: Callable[[HowTo], HowTo], film: bytes | None = None, folder: Path | None = None
) -> Site:
    """The library with another version of one how-to, and perhaps of its film."""
    lessons = []
    for lesson in site.lessons:
        if lesson.howto.slug == slug:
            renditions = lesson.renditions
            if film and folder:
                renditions = tuple(
                    replace(one, path=path, key="f" * 8 + one.key[8:], bytes=path.stat().st_size)
                    for one in renditions
                    for path in [other(one.path, film, folder)]
                )
            lesson = replace(lesson, howto=change(lesson.howto), renditions=renditions)
        lessons.append(lesson)
    return replace(site, lessons=replace(site.lessons, lessons=tuple(lessons)))


def other(path: Path, more: bytes, folder: Path) -> Path:
    made = folder / path.name
    made.write_bytes(path.read_bytes() + more)
    return made


def wait_until_kept(phone: Phone, there: str) -> None:
    phone.page.locator("h1").tap()  # who only looks in is not charged for the worker; a heading leads nowhere
    for _ in range(100):
        if phone.page.evaluate(KEPT, phone.address + there):
            return
        phone.page.wait_for_timeout(50)
    raise AssertionError(f"{there} is not kept")


def save(phone: Phone, film: str = "Light") -> None:
    page = phone.page
    page.locator("[data-do=save]").click()
    page.locator(".sheet .pick", has_text=film).click()
    page.get_by_role("button", name="Save now").click()
    expect(page.locator(".sheet [role=status]")).to_have_text("Saved. It works without a connection now.")


def test_a_page_that_was_seen_is_there_without_a_connection(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    wait_until_kept(kept, PLUG)

    host.line.cut()
    page.reload()

    expect(page.locator("h1")).to_have_text("Wire a three-pin plug")
    assert page.evaluate(STYLED)


def test_a_page_that_was_never_seen_names_those_that_were(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    wait_until_kept(kept, PLUG)

    host.line.cut()
    page.goto(f"{kept.address}building/mix-mortar/")

    expect(page.locator("h1")).to_have_text("No connection")
    expect(page.locator("h2")).to_have_text(["Pages you have seen"])
    expect(page.locator(".rows .facts")).to_have_text("Electricity")
    assert page.evaluate(STYLED)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate("Math.min(...[...document.links].map(link => link.getBoundingClientRect().height)) >= 44")
    page.get_by_role("link", name="Wire a three-pin plug").click()
    expect(page.locator("h1")).to_have_text("Wire a three-pin plug")


def see(phone: Phone, *addresses: str) -> None:
    for there in addresses:
        phone.go(there)
        wait_until_kept(phone, there)


def test_the_page_without_a_connection_speaks_its_language_and_finds_what_is_kept(kept: Phone, host: Host) -> None:
    see(kept, f"af/{PLUG}", "af/", "building/mix-mortar/")
    page = kept.page
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    host.line.cut()

    page.goto(f"{kept.address}af/building/mix-mortar/")

    expect(page.locator("h1")).to_have_text("Geen verbinding nie")
    assert page.evaluate("document.documentElement.lang") == "af"
    page.locator("[data-search]").click()
    page.keyboard.type("mortar")
    expect(page.locator("dialog [role=status]")).to_have_text("Geen verbinding nie. Op hierdie foon gebêre:")
    page.keyboard.press("Enter")
    page.wait_for_url("**/how-to/building/mix-mortar/")


def test_a_category_without_a_connection_shows_what_is_kept_of_it(kept: Phone, host: Host) -> None:
    see(kept, "", "af/building/", "building/mix-mortar/")
    page = kept.go(PLUG)
    save(kept)
    host.line.cut()

    page.goto(f"{kept.address}electrical/")
    expect(page.locator("h2").first).to_have_text("Electricity")
    expect(page.get_by_role("link", name="Building", exact=True)).to_have_attribute("href", f"{kept.address}af/building/")
    expect(page.locator("h2 + ul").first.locator("a")).to_have_text(["Wire a three-pin plugElectricity"])

    page.locator("[data-search]").click()
    page.keyboard.type("building")
    expect(page.locator("dialog li strong").first).to_have_text("Building")
    page.keyboard.press("Enter")
    page.wait_for_url("**/building/")
    expect(page.locator("h2").first).to_have_text("Building")


def test_a_category_of_which_nothing_is_kept_says_so(kept: Phone, host: Host) -> None:
    see(kept, "", PLUG)
    page = kept.page
    host.line.cut()

    page.goto(f"{kept.address}building/")

    expect(page.locator("h2").first).to_have_text("Building")
    expect(page.locator("main")).to_contain_text("Nothing of this subject is kept on this phone.")
    page.get_by_role("link", name="Wire a three-pin plug").click()
    expect(page.locator("h1")).to_have_text("Wire a three-pin plug")


def test_nothing_is_found_without_a_connection_that_is_not_kept(kept: Phone, host: Host) -> None:
    see(kept, "", PLUG)
    page = kept.page
    host.line.cut()
    page.reload()

    page.locator("[data-search]").click()
    page.keyboard.type("xqzw")

    expect(page.locator("dialog [role=status]")).to_contain_text("did not load")
    page.locator("dialog input").fill("plug")
    expect(page.locator("dialog [role=status]")).to_have_text("No connection. Saved on this phone:")


def test_a_saved_lesson_plays_and_seeks_with_the_radio_off(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    save(kept)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("[data-do=save]")).to_have_text("Saved on this phone")

    host.line.cut()
    page.goto(kept.address + PLUG)
    page.locator(".choice", has_text="Light").click()

    until(page, PLAYS)
    page.locator("#test .watch").click()
    until(page, "document.querySelector('video').currentTime >= 2")
    expect(page.locator("#connect img").first).to_have_js_property("complete", True)
    assert page.evaluate("document.querySelector('#connect img').naturalWidth") == 160


def test_what_is_saved_is_found_by_search_and_listed_with_the_radio_off(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    save(kept)
    for there in ("", "phone/"):  # neither was ever opened
        until(page, f"caches.match('{kept.address}{there}').then(Boolean)")

    host.line.cut()
    page.goto(kept.address)
    expect(page.locator("h1")).to_have_text("How do I …?")
    assert page.evaluate(STYLED)
    page.locator("[data-search]").click()
    page.keyboard.type("plgu")
    expect(page.locator("dialog [role=status]")).to_have_text("No connection. Saved on this phone:")
    page.locator("dialog li a").click()
    page.wait_for_url(f"**/{PLUG}")

    page.goto(f"{kept.address}phone/")

    expect(page.locator("[data-saved]")).to_contain_text("1 saved")


def test_what_is_watched_with_the_radio_off_is_told_when_the_line_is_back(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    save(kept)
    until(page, "!localStorage.unheard")
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    host.line.cut()
    page.goto(kept.address + PLUG)
    page.locator(".choice", has_text="Light").click()
    until(page, "(localStorage.unheard ?? '').includes('e=100')")

    host.line.mend()
    page.evaluate("dispatchEvent(new Event('online'))")

    until(page, "!localStorage.unheard")
    told = [url.split("?")[1] for url in kept.asked if "heard.txt?" in url]
    assert {parse_qs(row)["e"][0] for row in told} == {"save", "play", "25", "50", "75", "100"}


def test_a_page_that_was_seen_keeps_its_style_when_its_lesson_is_deleted(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    save(kept)
    page.get_by_role("button", name="Close").click()
    page.evaluate("caches.delete('seen')")  # the worker comes with the first tap, later than what it saves
    page.reload()
    until(page, f"caches.open('seen').then(seen => seen.match('{kept.address}{PLUG}')).then(Boolean)")
    page.goto(f"{kept.address}phone/")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("[data-saved]")).to_contain_text("Nothing is saved yet.")

    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    host.line.cut()
    page.goto(kept.address + PLUG)

    assert page.evaluate(STYLED)


@pytest.mark.parametrize(
    ("asked", "status", "said", "length"),
    [
        ("bytes=0-1", 206, "bytes 0-1/{size}", 2),  # Safari's first question: who answers with all of it, plays nothing
        ("bytes=5-", 206, "bytes 5-{last}/{size}", -5),
        ("bytes=-7", 206, "bytes {tail}-{last}/{size}", 7),
        ("bytes=10-99999999", 206, "bytes 10-{last}/{size}", -10),
        ("bytes=99999999-", 416, "bytes */{size}", 0),
    ],
)
def test_a_kept_film_answers_in_slices(kept: Phone, host: Host, asked: str, status: int, said: str, length: int) -> None:
    page = kept.go(PLUG)
    save(kept)
    film = next(host.folder.glob("media/wire-a-plug/lite.*.mp4"))
    size = film.stat().st_size
    page.reload()
    until(page, "!!navigator.serviceWorker.controller")
    host.line.cut()

    told = page.evaluate(
        """async ([url, range]) => {
          const answer = await fetch(url, { headers: { Range: range } })
          return [answer.status, answer.headers.get('Content-Range'), (await answer.arrayBuffer()).byteLength]
        }""",
        [kept.address + film.relative_to(host.folder).as_posix(), asked],
    )

    assert told == [
        status,
        said.format(size=size, last=size - 1, tail=size - 7),
        length if length >= 0 else size + length,
    ]


def test_the_size_is_said_before_and_follows_the_choice(kept: Phone) -> None:
    page = kept.go(PLUG)
    page.locator("[data-do=save]").click()
    total = page.locator(".sheet .sum data")
    before = int(total.get_attribute("value") or 0)

    page.locator(".sheet .pick", has_text="Leaflet").click()

    assert int(total.get_attribute("value") or 0) == before + 120_009
    expect(total).to_have_text(re.compile(r"^0\.\d\d\sMB ·\s\d+c$"))


def test_a_cut_line_costs_no_byte_twice(kept: Phone, host: Host) -> None:
    big = next(host.folder.glob("media/wire-a-plug/standard.*.mp4"))
    padded = big.read_bytes() + b"\0\0\x07\xf8free" + b"x" * 600_000
    big.write_bytes(padded)
    page = host.folder / PLUG / "index.html"
    text = page.read_text("utf-8")
    page.write_text(re.sub(rf'({big.name}",)\d+', rf"\g<1>{len(padded)}", text), "utf-8")
    for old in page.parent.glob("index.html.*"):
        old.unlink()
    phone = kept.go(PLUG)
    phone.locator("[data-do=save]").click()
    phone.locator(".sheet .pick", has_text="Standard").click()

    host.line.cut(after=400_000)
    phone.get_by_role("button", name="Save now").click()
    expect(phone.locator(".sheet [role=status]")).to_contain_text("The connection was cut.")
    host.line.mend()
    before = host.line.sent
    phone.get_by_role("button", name="Go on saving").click()
    expect(phone.locator(".sheet [role=status]")).to_have_text("Saved. It works without a connection now.")

    assert host.line.sent - before < len(padded) - 200_000  # at most one part came again
    assert phone.evaluate(
        "async ([name, size]) => (await (await caches.match(name)).blob()).size === size",
        [kept.address + big.relative_to(host.folder).as_posix(), len(padded)],
    )


def test_that_the_line_was_cut_is_not_said_over_by_what_still_comes(phone: Phone) -> None:
    page = phone.go(PLUG)
    page.route("**/chapters.*", lambda route: route.abort())
    late: list[Route] = []
    page.route("**/captions.*", lambda route: late.append(route))
    page.locator("[data-do=save]").click()
    page.get_by_role("button", name="Save now").click()
    expect(page.locator(".sheet [role=status]")).to_contain_text("The connection was cut.")

    for route in late:
        route.continue_()
    page.wait_for_timeout(500)

    assert late
    expect(page.locator(".sheet [role=status]")).to_contain_text("The connection was cut.")
    phone.errors.clear()


def test_a_page_is_never_kept_without_its_style(kept: Phone, host: Host) -> None:
    for part in host.folder.glob("assets/site.*.css*"):
        part.rename(part.with_name(f"away-{part.name}"))

    page = kept.go(PLUG)
    page.touchscreen.tap(5, 300)
    page.wait_for_timeout(1000)

    assert not page.evaluate(KEPT, kept.address + PLUG)


def test_what_is_saved_is_listed_with_its_room_and_can_be_deleted(kept: Phone) -> None:
    page = kept.go(PLUG)
    save(kept)

    page.goto(f"{kept.address}phone/")

    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"1 saved, 0\.\d\d\sMB of this phone's room"))
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("[data-saved]")).to_contain_text("Nothing is saved yet.")
    assert page.evaluate("async () => (await (await caches.open('saved')).keys()).length") == 0


def test_a_page_that_is_open_goes_on_when_a_newer_site_is_published(kept: Phone, host: Host, site: Site) -> None:
    page = kept.go(PLUG)
    wait_until_kept(kept, PLUG)
    newer = changed(site, "wire-a-plug", lambda howto: howto.model_copy(update={"title": "Wire a plug, again"}))
    host.publish(replace(newer, theme=replace(site.theme, css=site.theme.css + b".x{}")))

    page.reload()
    expect(page.locator("h1")).to_have_text("Wire a plug, again")
    page.wait_for_timeout(500)
    host.line.cut()
    page.reload()

    expect(page.locator("h1")).to_have_text("Wire a plug, again")
    assert page.evaluate(STYLED)


def test_who_searches_while_a_newer_site_is_published_is_answered_from_it(
    kept: Phone, host: Host, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MAX_WORD_FILE_LETTERS", 60)  # so that this small library has more files than one
    host.publish(replace(site))
    page = kept.go(PLUG)
    page.locator("[data-search]").click()
    page.keyboard.type("mortar")
    expect(page.locator("dialog li strong")).to_have_count(1)
    host.publish(changed(site, "wire-a-plug", lambda howto: howto.model_copy(update={"title": "Wire a zigzag"})))

    page.locator("dialog input").fill("zigzag")  # in a file that has not been asked for yet, and is not there any more

    expect(page.locator("dialog li strong")).to_have_text("Wire a zigzag")


def test_a_saved_lesson_stays_whole_when_a_newer_one_was_only_looked_at(
    kept: Phone, host: Host, site: Site, tmp_path: Path
) -> None:
    page = kept.go(PLUG)
    save(kept)
    newer = changed(site, "wire-a-plug", lambda howto: howto.model_copy(update={"title": "Newer"}), b"\0\0\0\x08free", tmp_path)
    host.publish(newer)
    page.reload()
    expect(page.locator("h1")).to_have_text("Newer")
    page.wait_for_timeout(500)

    host.line.cut()
    page.reload()
    page.locator(".choice", has_text="Light").click()

    until(page, PLAYS)  # the saved page with the saved film


def test_a_serious_correction_replaces_the_saved_copy_and_says_so(kept: Phone, host: Host, site: Site, tmp_path: Path) -> None:
    page = kept.go(PLUG)
    save(kept)
    what = Correction(date="2026-06-01", version="1.2.0", what="Blue goes to N.", serious=True)  # type: ignore[arg-type]
    host.publish(
        changed(
            site,
            "wire-a-plug",
            lambda howto: howto.model_copy(update={"version": "1.2.0", "corrections": (*howto.corrections, what)}),
            b"\0\0\0\x08free",
            tmp_path,
        )
    )
    page.evaluate("delete localStorage.asked")  # the next day

    page.goto(f"{kept.address}building/")

    expect(page.locator("[role=status]").first).to_contain_text("was replaced. Blue goes to N.")
    expect(page.locator("[role=status]").first).to_contain_text("Its film was changed too")
    host.line.cut()
    page.goto(kept.address + PLUG)
    expect(page.locator(".serious")).to_contain_text("Blue goes to N.")
    page.goto(f"{kept.address}phone/")


def harm(phone: Phone, name: str, cache: str = "saved") -> str:
    """One byte of what the browser keeps is another one: as a worn card gives it back, its length and type the same."""
    return str(
        phone.page.evaluate(
            """async ([name, cache]) => {
              const kept = await caches.open(cache)
              const { url } = (await kept.keys()).find(({ url }) => url.includes(name))
              const whole = await kept.match(url)
              const bytes = new Uint8Array(await whole.arrayBuffer())
              bytes[bytes.length >> 1] ^= 1
              const headers = Object.fromEntries(whole.headers)
              await kept.put(url, new Response(bytes, { headers }))
              return url
            }""",
            [name, cache],
        )
    )


def same_as_published(phone: Phone, host: Host, name: str) -> bool:
    """Whether the saved file has the bytes that stand on the host."""
    kept = phone.page.evaluate(
        """async name => {
          const kept = await caches.open('saved')
          const found = (await kept.keys()).find(({ url }) => url.includes(name))
          return found && [found.url, [...new Uint8Array(await (await kept.match(found)).arrayBuffer())]]
        }""",
        name,
    )
    return bool(kept) and bytes(kept[1]) == (host.folder / kept[0].removeprefix(phone.address)).read_bytes()


@pytest.mark.parametrize("name", ["/lite.", "/connect.", "/site.", "/chapters.", "/captions.en."])
def test_a_saved_file_that_was_harmed_is_told_and_fetched_again(kept: Phone, host: Host, name: str) -> None:
    page = kept.go(PLUG)
    save(kept)
    harmed = harm(kept, name).removeprefix(kept.address)
    assert not same_as_published(kept, host, harmed)

    page.reload()

    expect(page.locator("main > [role=status]")).to_contain_text("A part of the saved lesson is damaged or gone.")
    expect(page.locator("[data-do=save]")).to_have_text("Go on saving")
    page.locator("[data-do=save]").click()
    page.get_by_role("dialog").get_by_role("button", name="Go on saving").click()
    expect(page.locator(".sheet [role=status]")).to_have_text("Saved. It works without a connection now.")
    assert same_as_published(kept, host, harmed)


def test_who_saves_again_while_the_page_is_open_has_what_was_harmed_fetched(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    save(kept)
    page.get_by_role("button", name="Close").click()
    harm(kept, "/lite.")

    page.locator("[data-do=save]").click()
    expect(page.locator(".sheet .sum data")).to_have_text(re.compile(r"^0\.0\d"))  # the film alone, not all again
    page.get_by_role("dialog").get_by_role("button", name="Go on saving").click()

    expect(page.locator(".sheet [role=status]")).to_have_text("Saved. It works without a connection now.")
    assert same_as_published(kept, host, "/lite.")


def test_the_list_of_what_is_saved_tells_what_was_harmed(kept: Phone, host: Host) -> None:
    kept.go(PLUG)
    save(kept)
    harm(kept, "/lite.")

    page = kept.go("phone/")

    expect(page.locator("main > [role=status]")).to_contain_text("damaged or gone")
    expect(page.locator("[data-saved]")).to_contain_text("Not all of it has come yet")
    page.locator("[data-saved]").get_by_role("button", name="Go on saving").click()
    page.get_by_role("dialog").get_by_role("button", name="Go on saving").click()
    expect(page.locator(".sheet [role=status]")).to_have_text("Saved. It works without a connection now.")
    assert same_as_published(kept, host, "/lite.")


@pytest.mark.parametrize("name", ["assets/site", ".webp"])
def test_a_file_of_a_page_that_was_seen_is_asked_for_again_where_it_was_harmed(kept: Phone, host: Host, name: str) -> None:
    """Else one byte of the script would break every page for ever."""
    page = kept.go(PLUG)
    wait_until_kept(kept, PLUG)
    page.reload()
    until(page, "!!navigator.serviceWorker.controller")
    harmed = harm(kept, name, "seen").removeprefix(kept.address)

    same = page.evaluate("async url => [...new Uint8Array(await (await fetch(url)).arrayBuffer())]", kept.address + harmed)

    assert bytes(same) == (host.folder / harmed).read_bytes()


def test_a_saved_film_that_was_harmed_is_not_played_from_the_phone(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    save(kept)
    page.reload()
    until(page, "!!navigator.serviceWorker.controller")
    harmed = harm(kept, "/lite.").removeprefix(kept.address)

    same = page.evaluate("async url => [...new Uint8Array(await (await fetch(url)).arrayBuffer())]", kept.address + harmed)

    assert bytes(same) == (host.folder / harmed).read_bytes()


def test_a_lesson_that_is_deleted_while_it_is_looked_over_stays_deleted(kept: Phone) -> None:
    page = kept.go(PLUG)
    save(kept)
    page.add_init_script(
        "const read = Blob.prototype.arrayBuffer;"
        "const later = () => new Promise(done => setTimeout(done, 300));"
        "Blob.prototype.arrayBuffer = async function () { await later(); return read.call(this) }"
    )
    kept.go("phone/")

    page.get_by_role("button", name="Delete").click()

    expect(page.locator("[data-saved]")).to_contain_text("Nothing is saved yet.")
    page.wait_for_timeout(1500)
    expect(page.locator("[data-saved]")).to_contain_text("Nothing is saved yet.")
    assert page.evaluate("localStorage.saved") == "{}"


SIGN_IN = "<!doctype html><title>Free Wi-Fi</title><form>Your number, please</form>"


@pytest.mark.parametrize(
    "what", ["**/lite.*.mp4", "**/chapters.*.vtt", "**/electrical/wire-a-plug/more/", "**/electrical/wire-a-plug/"]
)
def test_the_page_of_a_wi_fi_is_not_saved_in_place_of_a_lesson(kept: Phone, host: Host, what: str) -> None:
    page = kept.go(PLUG)
    page.context.route(what, lambda route: route.fulfill(status=200, content_type="text/html", body=SIGN_IN))
    page.locator("[data-do=save]").click()
    if not what.endswith("plug/"):
        page.locator(".sheet .pick", has_text="Light").click()
        page.get_by_role("button", name="Save now").click()
    expect(page.locator(".sheet")).to_contain_text("Something else came in place of the lesson.")
    assert "sign-in" not in (page.locator("[data-do=save]").text_content() or "")
    page.get_by_role("button", name="Close").click()

    page.context.unroute(what)
    page.locator("[data-do=save]").click()
    page.locator(".sheet .pick", has_text="Light").click()
    page.locator(".sheet .button.main").click()

    expect(page.locator(".sheet [role=status]")).to_have_text("Saved. It works without a connection now.")
    assert same_as_published(kept, host, "/lite.")


def test_the_page_of_a_wi_fi_is_not_kept_as_a_page_that_was_seen(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    wait_until_kept(kept, PLUG)
    for old in (host.folder / "building").glob("index.html*"):
        old.unlink()
    (host.folder / "building/index.html").write_text(SIGN_IN, "utf-8")
    see_it = "pages => navigator.serviceWorker.controller.postMessage({ seen: [], pages })"

    page.evaluate(see_it, [f"{kept.address}building/", f"{kept.address}about/"])

    until(page, f"caches.match('{kept.address}about/').then(Boolean)")
    assert not page.evaluate(KEPT, f"{kept.address}building/")


def test_a_lesson_stays_saved_when_there_is_no_room_to_save_more_of_it(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    save(kept)
    page.get_by_role("button", name="Close").click()
    page.evaluate("""() => { Cache.prototype.put = async () => { throw new DOMException('', 'QuotaExceededError') } }""")

    page.locator("[data-do=save]").click()
    page.locator(".sheet .pick", has_text="Leaflet").click()
    page.get_by_role("button", name="Save now").click()

    expect(page.locator(".sheet [role=status]")).to_contain_text("There is not enough room on this phone.")
    host.line.cut()
    page.goto(kept.address + PLUG)
    expect(page.locator("[data-do=save]")).to_have_text("Saved on this phone")
    page.locator(".choice", has_text="Light").click()
    until(page, PLAYS)


def test_what_is_saved_already_needs_no_room(kept: Phone) -> None:
    page = kept.go(PLUG)
    save(kept)
    page.get_by_role("button", name="Close").click()
    page.evaluate("navigator.storage.estimate = async () => ({ quota: 1000, usage: 1000 })")

    save(kept)


def weighing(host: Host, name: str, size: int) -> Path:
    """A film of the plug made longer, and what its page says of it."""
    big = next(host.folder.glob(f"media/wire-a-plug/{name}.*.mp4"))
    whole = big.read_bytes()
    padded = whole + (size - len(whole)).to_bytes(4, "big") + b"free" + b"x" * (size - len(whole) - 8)
    big.write_bytes(padded)
    page = host.folder / PLUG / "index.html"
    page.write_text(re.sub(rf'({big.name}",)\d+', rf"\g<1>{size}", page.read_text("utf-8")), "utf-8")
    for old in page.parent.glob("index.html.*"):
        old.unlink()
    return big


@pytest.mark.parametrize("over", [1, 2])
def test_a_film_that_is_a_byte_longer_than_its_parts_is_saved(kept: Phone, host: Host, over: int) -> None:
    """Some hosts refuse the range of a single byte."""
    weighing(host, "lite", 2 * (1 << 17) + over)
    page = kept.go(PLUG)

    save(kept)

    assert same_as_published(kept, host, "/lite.")
    assert page.evaluate("async () => (await (await caches.open('parts')).keys()).length") == 0


def test_a_host_that_refuses_ranges_gives_all_at_once(kept: Phone, host: Host) -> None:
    weighing(host, "lite", 400_000)
    page = kept.go(PLUG)
    refuse = {"status": 416, "body": ""}
    page.context.route(
        "**/lite.*.mp4", lambda route: route.fulfill(**refuse) if "range" in route.request.headers else route.continue_()
    )

    save(kept)

    assert same_as_published(kept, host, "/lite.")


def test_a_part_that_was_harmed_before_the_rest_came_is_fetched_again(kept: Phone, host: Host) -> None:
    weighing(host, "lite", 600_000)
    page = kept.go(PLUG)
    page.locator("[data-do=save]").click()
    page.locator(".sheet .pick", has_text="Light").click()
    host.line.cut(after=350_000)
    page.get_by_role("button", name="Save now").click()
    expect(page.locator(".sheet [role=status]")).to_contain_text("The connection was cut.")
    harm(kept, "/lite.", "parts")

    host.line.mend()
    page.get_by_role("button", name="Go on saving").click()

    expect(page.locator(".sheet [role=status]")).to_have_text("Saved. It works without a connection now.")
    assert same_as_published(kept, host, "/lite.")


def test_who_saves_while_a_newer_site_is_published_saves_that_one(kept: Phone, host: Host, site: Site, tmp_path: Path) -> None:
    page = kept.go(PLUG)
    page.locator("[data-do=save]").click()
    page.locator(".sheet .pick", has_text="Light").click()
    host.publish(changed(site, "wire-a-plug", lambda howto: howto, b"\0\0\0\x08free", tmp_path))

    page.get_by_role("button", name="Save now").click()

    expect(page.locator(".sheet [role=status]")).to_have_text("Saved. It works without a connection now.")
    assert same_as_published(kept, host, "/lite.ffffffff")


@pytest.mark.parametrize("gone", ["films", "player"])
def test_a_film_that_a_newer_site_took_away_is_said_to_be_newer_and_plays_after_a_reload(
    kept: Phone, host: Host, site: Site, tmp_path: Path, gone: str
) -> None:
    page = kept.go(PLUG)
    host.publish(changed(site, "wire-a-plug", lambda howto: howto, b"\0\0\0\x08free", tmp_path))
    if gone == "player":
        for path in host.folder.glob("assets/player.*"):
            path.rename(path.with_name(f"newer-{path.name}"))

    page.locator(".play").click()

    again = page.get_by_role("link", name="This page is newer now. Load it again")
    expect(again).to_be_visible()
    expect(page.locator(".failed")).to_be_hidden()
    assert [error for error in kept.errors if "404" not in error and "ERR_" not in error and "fetch" not in error] == []
    for path in host.folder.glob("assets/newer-*"):
        path.rename(path.with_name(path.name.removeprefix("newer-")))
    again.click()
    page.locator(".play").click()
    until(page, PLAYS)
    assert "standard.ffffffff" in page.evaluate("document.querySelector('video').currentSrc")


@pytest.mark.parametrize(
    ("there", "script", "control"),
    [
        ("building/mix-mortar/", "calculator", ".asks input"),
        (PLUG, "phone", "[data-do=save]"),
        (PLUG, "phone", "[data-do=share]"),
    ],
)
def test_whatever_a_newer_site_took_away_is_said_where_she_tapped(
    kept: Phone, host: Host, there: str, script: str, control: str
) -> None:
    page = kept.go(there)
    for path in host.folder.glob(f"assets/{script}.*"):
        path.unlink()

    page.locator(control).first.click()

    expect(page.get_by_role("link", name="This page is newer now. Load it again")).to_be_visible()
    assert page.url == kept.address + there


def test_captions_that_a_newer_site_took_away_are_said_to_be_newer(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    for path in host.folder.glob("media/wire-a-plug/captions.*"):
        path.unlink()

    page.locator(".play").click()

    expect(page.get_by_role("link", name="This page is newer now. Load it again")).to_be_visible()
    until(page, PLAYS)


def test_a_film_that_its_host_lost_is_not_called_newer_twice(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    for path in host.folder.glob("media/wire-a-plug/standard*"):
        path.unlink()
    page.locator(".play").click()
    page.get_by_role("link", name="This page is newer now. Load it again").click()

    page.locator(".play").click()

    expect(page.locator(".failed")).to_be_visible()


def test_it_can_be_installed(kept: Phone) -> None:
    page = kept.go("phone/")

    told = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert told["errors"] == []
    assert '"scope":"./"' in told["data"]
    for icon in re.findall(r'"src":"([^"]+)"', told["data"]):
        assert page.request.get(kept.address + icon).ok


@pytest.mark.parametrize("home", ["", "af/"])
def test_the_icon_opens_the_home_in_which_it_was_put_there(kept: Phone, home: str) -> None:
    page = kept.go(home)

    link = page.locator("link[rel=manifest]")
    manifest = link.evaluate("async link => ({ at: link.href, ...await (await fetch(link.href)).json() })")

    assert urljoin(manifest["at"], manifest["start_url"]) == kept.address + home
    assert urljoin(manifest["at"], manifest["scope"]) == kept.address
    assert manifest["lang"] == page.evaluate("document.documentElement.lang")
    assert page.request.get(urljoin(manifest["at"], manifest["shortcuts"][0]["url"])).ok
    for icon in manifest["icons"]:
        assert page.request.get(urljoin(manifest["at"], icon["src"])).ok


def test_the_tariff_is_chosen_once_and_every_price_follows(kept: Phone) -> None:
    page = kept.go(PLUG)
    page.locator(".at").first.click()

    page.locator(".sheet .pick", has_text="Cheap").click()
    page.get_by_role("button", name="Close").click()

    expect(page.locator(".play .price")).to_have_text(re.compile(r"MB ·\s1c$"))
    expect(page.locator(".at").first).to_have_text("Cheap (May 2026)")
    page.goto(f"{kept.address}af/{PLUG}")
    expect(page.locator(".play .price")).to_have_text(re.compile(r"^0,\d\d\sMB ·\s1c$"))


def test_the_meter_counts_what_came_over_the_line(kept: Phone, host: Host) -> None:
    page = kept.go(PLUG)
    wait_until_kept(kept, PLUG)
    page.locator(".play").click()
    until(page, PLAYS)
    page.goto(f"{kept.address}building/")
    page.goto(kept.address + PLUG)
    expect(page.locator("footer [data-used]")).to_have_text(re.compile(r"You have used 0\.\d\d\sMB \(\d+c\) here today\."))

    counted = page.evaluate("JSON.parse(localStorage.used)[1]")

    assert counted == pytest.approx(host.line.sent, rel=0.25)


def test_an_answer_given_with_the_radio_off_is_told_when_the_line_is_back(kept: Phone, host: Host) -> None:
    """Of a page that was seen and not saved: what asks for reasons is not there, and what was tapped is kept all the same."""
    page = kept.go(PLUG)
    wait_until_kept(kept, PLUG)
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    host.line.cut()
    page.goto(kept.address + PLUG)
    page.get_by_role("link", name="Yes").click()
    page.wait_for_timeout(800)

    host.line.mend()
    kept.go(PLUG)
    page.locator("[data-do=share]").click()
    until(page, "!localStorage.unheard")

    told = [url.split("?")[1] for url in kept.asked if "heard.txt?" in url]
    assert ["yes"] in [parse_qs(row).get("a") for row in told]


def test_over_plain_http_save_says_that_it_needs_https(browser: Browser, host: Host) -> None:
    """As `serve --host` gives it to a phone on the same Wi-Fi: a browser keeps nothing of what came that way."""
    phone = phone_of(browser, "http://shop.lan/how-to/")

    def from_host(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace(phone.address, host.address)))

    phone.page.route(f"{phone.address}**", from_host)
    page = phone.go(PLUG)
    assert page.evaluate("isSecureContext") is False

    page.locator("[data-do=save]").click()

    expect(page.locator("dialog.sheet .notice")).to_have_text(str(messages_of("en")("page.save_https")))
    assert phone.errors == []
    page.context.close()
