"""What a host says with each file: how long it may be kept, and what a page may do. One table; each host has its own form."""

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


def netlify() -> str:
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


def nginx() -> str:
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


def apache() -> str:
    pages = "\n".join(f'  Header always set {k} "{v}"' for k, v in PAGE_HEADERS.items())
    every = "\n".join(f'Header always set {k} "{v}"' for k, v in COMMON_HEADERS.items())
    types = "\n".join(f"AddType {kind} {end}" for end, kind in MIME_TYPES.items())
    # what is rewritten to its .br has that name from there on; to some hosts .br is the Breton language
    return f"""# .htaccess: copy it to the site's top. Needs mod_headers and mod_rewrite.
ErrorDocument 404 /404.html
{types}
AddEncoding br .br
RemoveLanguage .br
Header set Cache-Control "{NO_CACHE}"
{every}
<FilesMatch "{HASHED_NAME[:-1]}(\\.br)?$">
  Header set Cache-Control "{IMMUTABLE}"
</FilesMatch>
<FilesMatch "^{re.escape(urls.SERVICE_WORKER_FILE)}(\\.br)?$">
  Header set Cache-Control "{ONE_DAY}"
</FilesMatch>
<FilesMatch "\\.html(\\.br)?$">
{pages}
</FilesMatch>
<FilesMatch "\\.({COMPRESSED_SUFFIXES})(\\.br)?$">
  Header merge Vary Accept-Encoding
</FilesMatch>
RewriteEngine On
RewriteCond %{{HTTP:Accept-Encoding}} br
RewriteCond %{{REQUEST_FILENAME}}.br -f
RewriteRule ^(.*)\\.({COMPRESSED_SUFFIXES})$ $1.$2.br [L]
"""


def s3() -> str:
    every = "\n".join(f"#   {k}: {v}" for k, v in {**COMMON_HEADERS, **PAGE_HEADERS}.items())
    named = [f"{folder}/*" for folder in urls.HASHED_FOLDERS if folder != "search"] + ["search/*.json"]
    hashed = "--exclude '*' " + " ".join(f"--include '{one}'" for one in named) + " --exclude '*.br' --exclude '*.gz'"
    others = " ".join(f"--exclude '{one}'" for one in (*named, "hosts/*", "_headers", ".nojekyll", "*.br", "*.gz"))
    typed = {end: f"--exclude '*' --include '*{end}' --content-type {kind}" for end, kind in MIME_TYPES.items()}
    kept = "\n".join(f"keep {typed[end]}" for end in HASHED_SUFFIXES)
    rest = "\n".join(f"put '{NO_CACHE}' {words}" for end, words in typed.items() if end not in HASHED_SUFFIXES)
    return f"""#!/bin/sh
# Amazon S3 behind CloudFront: sh s3.sh BUCKET, in the site's folder. The origin is the bucket's website address (index
# document index.html, error document 404.html): only that finds the page of a folder. S3 keeps no .br beside a file: let
# CloudFront compress (Compress objects automatically: yes), and add these in a response headers policy:
{every}
set -eu
bucket="s3://$1"
keep() {{ aws s3 sync . "$bucket" --size-only --cache-control '{IMMUTABLE}' "$@"; }}
put() {{ for="$1"; shift; aws s3 cp . "$bucket" --recursive --cache-control "$for" "$@"; }}
# files with a hash first, so that no page names one that is not there yet; they are never deleted: an open page, or a saved
# one, still names the old ones. Some types are told, as not every list has them.
{kept}
keep {hashed}
# all others always: a page in which one letter was corrected is as long as it was
put '{NO_CACHE}' {others}
{rest}
put '{ONE_DAY}' --exclude '*' --include {urls.SERVICE_WORKER_FILE}
aws s3 sync . "$bucket" --size-only --delete {others}
"""


def github() -> str:
    return """GitHub Pages sets its own headers: ten minutes for every file, gzip, no Content-Security-Policy of ours. The site
works there as it is (names with a hash are safe at any age). Keep the empty file `.nojekyll` at the top: the build writes it,
so that folders are served as they stand. For immutable caching put Cloudflare in front of it.
"""


def host_files() -> dict[str, bytes]:
    """The forms of each host. `_headers` stands where its hosts look; the others are copied from hosts/."""
    found = {
        "_headers": netlify(),
        ".nojekyll": "",
        "hosts/nginx.conf": nginx(),
        "hosts/htaccess.txt": apache(),
        "hosts/s3.sh": s3(),
        "hosts/github-pages.txt": github(),
    }
    return {name: text.encode() for name, text in found.items()}
