"""nginx: lines for a `server` block with the headers, types and compressed files that a host is told."""

from __future__ import annotations

from site_builder.website import urls
from site_builder.website.output.headers import (
    COMMON_HEADERS,
    HASHED_NAME,
    IMMUTABLE,
    MIME_TYPES,
    NO_CACHE,
    ONE_DAY,
    PAGE_HEADERS,
)


def files() -> dict[str, str]:
    return {"hosts/nginx.conf": text()}


def text() -> str:
    """What goes into the site's `server` block: the same headers, and packed files served as they lie."""
    pages = "\n".join(f'    add_header {k} "{v}" always;' for k, v in PAGE_HEADERS.items())
    every = "\n".join(f'    add_header {k} "{v}" always;' for k, v in COMMON_HEADERS.items())
    # a `types` block in a server takes the place of the host's own, which would leave pages without a type
    return f"""# Put these into the `server` block of the site. Needs ngx_brotli for .br files; without it remove that line.
gzip_static on;
gzip_vary on;
brotli_static on;
error_page 404 /404.html;
location / {{
    add_header Cache-Control "{NO_CACHE}" always;
{every}
{pages}
}}
location ~ "{HASHED_NAME}" {{
    add_header Cache-Control "{IMMUTABLE}";
{every}
}}
location = /{urls.SERVICE_WORKER_FILE} {{
    add_header Cache-Control "{ONE_DAY}";
{every}
}}
include mime.types;
types {{ {" ".join(f"{kind} {end[1:]};" for end, kind in MIME_TYPES.items())} }}
"""
