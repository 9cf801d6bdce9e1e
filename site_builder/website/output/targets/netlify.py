"""Netlify and Cloudflare Pages: the `_headers` file that both read at the top of a site."""

from __future__ import annotations

from site_builder.website import urls
from site_builder.website.output.headers import COMMON_HEADERS, IMMUTABLE, ONE_DAY, PAGE_HEADERS


def files() -> dict[str, str]:
    return {"_headers": text()}


def text() -> str:
    """`_headers`, as Netlify and Cloudflare Pages read it. Rules add up, so no path gets one header from two of them."""
    pages = {**COMMON_HEADERS, **PAGE_HEADERS}
    rows = [
        "# Written by site-builder; the same headers for other hosts are in hosts/.",
        "/*",
        *(f"  {k}: {v}" for k, v in pages.items()),
    ]
    for folder in urls.HASHED_FOLDERS:
        if folder != "search":  # its pages stand in the same folder
            rows += [f"/{folder}/*", f"  Cache-Control: {IMMUTABLE}"]
    rows += [
        "/search/*.json",
        f"  Cache-Control: {IMMUTABLE}",
        f"/{urls.SERVICE_WORKER_FILE}",
        f"  Cache-Control: {ONE_DAY}",
    ]
    return "\n".join(rows) + "\n"
