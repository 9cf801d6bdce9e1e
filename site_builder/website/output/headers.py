"""What a host says with each file: how long it may be kept, what a page may do. `targets/` has each host's form of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from site_builder.website import urls

HASHED_NAME = r"\.[0-9a-f]{8}\.\w+$"  # a name that holds its content's hash may be kept for ever


IMMUTABLE = "max-age=31536000, immutable"


NO_CACHE = "no-cache"


ONE_DAY = "max-age=86400"  # the worker does not depend on the build: phones need not ask at every page


COMMON_HEADERS = {"X-Content-Type-Options": "nosniff"}


# nothing inline, nothing from elsewhere, no frame around us; `data:` is for the icons in the style sheet
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self';img-src 'self' data:;object-src 'none';base-uri 'none';"
    "form-action 'self';frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(),geolocation=(),microphone=()",
}


# what some hosts do not know yet; none of it is a page
MIME_TYPES = {
    ".avif": "image/avif",
    ".vtt": "text/vtt",
    ".webmanifest": "application/manifest+json",
    ".atom": "application/atom+xml",
    ".rss": "application/rss+xml",
}


HASHED_SUFFIXES = (".avif", ".vtt")


COMPRESSED_SUFFIXES = "html|css|js|json|vtt|xml|svg|txt|webmanifest|atom|rss"


def headers_for(path: str) -> Mapping[str, str]:
    """The headers of a file of the site, by its path."""
    if re.search(HASHED_NAME, path):
        return {**COMMON_HEADERS, "Cache-Control": IMMUTABLE}
    if path.endswith(urls.SERVICE_WORKER_FILE):
        return {**COMMON_HEADERS, "Cache-Control": ONE_DAY}
    page = PAGE_HEADERS if path.endswith((".html", "/")) else {}
    return {**COMMON_HEADERS, **page, "Cache-Control": NO_CACHE}
