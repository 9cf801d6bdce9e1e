"""A cheap phone: a page in Chromium that keeps account of what it asked for, and a server to ask."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path

import waitress
from playwright.sync_api import Browser, Page

from site_builder.website.output.server import application


def serving(built: Path) -> waitress.server.BaseWSGIServer:
    """A server of the folder above the site, with ranges as a good host has them."""
    served = application(built.parent)
    served.application.page = built / "404.html"
    server = waitress.create_server(served, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    return server


NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")  # as tests/browser.sh looks for them


def chromium() -> str | None:
    """The machine's own Chromium, or nothing: Playwright then takes the one that it brought."""
    named = (os.environ.get("SITE_BUILDER_CHROMIUM"), *NAMES)
    return next((path for name in named if name and (path := shutil.which(name))), None)


FORGET = """async () => {
  localStorage.clear()
  sessionStorage.clear()
  for (const name of await caches.keys()) await caches.delete(name)
}"""


class Phone:
    """A page on a cheap phone, and what it asked for and complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)

    def go(self, there: str = "") -> Page:
        self.page.goto(self.address + there)
        return self.page

    def forget(self) -> None:
        """Whatever the page keeps of its own: settings, what is saved, what was seen. The browser's own cache stays."""
        self.page.evaluate(FORGET)

    @property
    def films_asked(self) -> list[str]:
        return [url for url in self.asked if ".mp4" in url or ".vtt" in url]


AT_HOME = {"locale": "en-ZA", "timezone_id": "Africa/Johannesburg"}


def phone_of(browser: Browser, address: str, **more: object) -> Phone:
    """As sold in South Africa: what a machine that runs the tests is set to does not matter."""
    phone = {"viewport": {"width": 360, "height": 640}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
    context = browser.new_context(**{**phone, **AT_HOME, **more})
    context.set_default_timeout(10_000)
    return Phone(context.new_page(), address)


def until(page: Page, script: str, seconds: float = 20) -> None:
    """Wait until the script says yes. Not wait_for_function: it evaluates words in the page, and the page forbids that."""
    end = time.monotonic() + seconds
    while not page.evaluate(script):
        assert time.monotonic() < end, f"never came true: {script}"
        page.wait_for_timeout(50)
