"""What a visit costs: python benchmarks/visit.py [SITE] [--lighthouse PROGRAM]. Prints Markdown.

SITE is a built site (`site/` unless given), served as `site-builder serve` does, seen in Chromium at 360×780 and 2 pixels
to one. Bytes are those on the line, headers of HTTP/1.1 included. Slow 3G is 400 kbit/s, 400 ms and a fourth of the CPU.
PROGRAM is Lighthouse's (`npm install lighthouse`: node_modules/.bin/lighthouse); it finds Chromium by CHROME_PATH.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import waitress
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from site_builder.website.output.server import application

QUERIES = ("plug", "tap driping", "paint bedroom wall", "how to mix mortar for bricks", "geyser")
LCP = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
  .observe({ type: 'largest-contentful-paint', buffered: true }))"""
CHROMIUM = Path("/usr/bin/chromium")


class Meter:
    """Bytes and requests since it was last asked, by kind."""

    def __init__(self, session: CDPSession) -> None:
        self.kinds: dict[str, str] = {}
        self.bytes: Counter[str] = Counter()
        self.count: Counter[str] = Counter()
        session.send("Network.enable")
        session.on("Network.responseReceived", self.came)
        session.on("Network.loadingFinished", self.done)

    def came(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        if answer["url"].startswith("http") and not answer.get("fromDiskCache"):
            self.kinds[event["requestId"]] = "image" if answer["mimeType"].startswith("image/") else "text"

    def done(self, event: dict[str, Any]) -> None:
        kind = self.kinds.pop(event["requestId"], None)
        if kind and event["encodedDataLength"]:  # nothing came of what was in the cache
            self.bytes[kind] += int(event["encodedDataLength"])
            self.count[kind] += 1

    def take(self) -> str:
        told = f"{self.bytes['text']:,} in {self.count['text']}, images {self.bytes['image']:,} in {self.count['image']}"
        self.bytes.clear(), self.count.clear()
        return told


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("site", nargs="?", default="site", type=Path)
    given.add_argument("--lighthouse")
    chosen = given.parse_args()
    server = waitress.create_server(application(chosen.site), host="127.0.0.1", port=0, threads=8, ident="")
    threading.Thread(target=server.run, daemon=True).start()
    top = f"http://127.0.0.1:{server.effective_port}/"
    howtos = sorted(
        path.parent.relative_to(chosen.site).as_posix() + "/"
        for path in chosen.site.glob("*/*/index.html")
        if "data-page=" in path.read_text("utf-8")
    )
    first, second = howtos[0], howtos[len(howtos) // 2]
    pages = {"home": "", "category": f"{first.split('/')[0]}/", "how-to": first, "A to Z": "search/", "on this phone": "phone/"}
    others = {"behind a how-to": f"{first}more/", "print desk": "print-desk/", "lost address": "404.html"}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM if CHROMIUM.exists() else None, args=["--no-sandbox"])
        visit(browser, top, first, second)
        searches(browser, top)
        print("\n| page | LCP on slow 3G, s, median of 5 |\n|---|---|")
        for name, there in pages.items():
            print(f"| {name} | {statistics.median(lcp(browser, top + there) for _ in range(5)) / 1000:.2f} |", flush=True)
        browser.close()
    if chosen.lighthouse:
        print("\n| page | performance | accessibility | best practices | SEO |\n|---|---|---|---|---|")
        for name, there in (pages | others).items():
            print(f"| {name} | {' | '.join(lighthouse(chosen.lighthouse, top + there))} |", flush=True)
    server.close()


def phone(browser: Browser, top: str, **more: Any) -> tuple[Page, CDPSession]:
    context = browser.new_context(
        viewport={"width": 360, "height": 780}, device_scale_factor=2, is_mobile=True, has_touch=True, **more
    )
    page = context.new_page()
    return page, context.new_cdp_session(page)


def visit(browser: Browser, top: str, first: str, second: str) -> None:
    page, session = phone(browser, top)
    meter = Meter(session)
    page.goto(top + first, wait_until="networkidle")
    print(f"first visit ({first}): {meter.take()}")
    page.evaluate("there => { location = there }", top + second)
    page.wait_for_url(top + second)
    page.wait_for_load_state("networkidle")
    print(f"second page ({second}): {meter.take()}")
    page.context.close()


def searches(browser: Browser, top: str) -> None:
    for query in QUERIES:
        page, session = phone(browser, top, service_workers="block")
        page.goto(top, wait_until="networkidle")
        meter = Meter(session)
        page.locator("[data-search]").click()
        page.keyboard.type(query)
        page.locator("#r li a").first.wait_for()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(1000)
        print(f"first search ({query}): {meter.take()}", flush=True)
        page.context.close()


def lcp(browser: Browser, url: str) -> float:
    """Milliseconds until the largest thing on the screen is painted."""
    page, session = phone(browser, url)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    session.send("Network.emulateNetworkConditions", slow)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(url, wait_until="networkidle")
    found = float(page.evaluate(LCP))
    page.context.close()
    return found


def lighthouse(program: str, url: str) -> list[str]:
    words = [program, url, "--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox"]
    found = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    for audit in found["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9 and audit["scoreDisplayMode"] == "binary":
            print(f"<!-- {url}: {audit['id']}: {audit['title']} -->")
    names = ("performance", "accessibility", "best-practices", "seo")
    return [f"{found['categories'][name]['score'] * 100:.0f}" for name in names]


if __name__ == "__main__":
    main()
