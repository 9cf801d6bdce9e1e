"""What a host says with each file: how long it may be kept, and what a page may do. One table; each host has its own form."""

from __future__ import annotations

import re
from collections.abc import Mapping

from site_builder.website import offline

HASHED = r"\.[0-9a-f]{8}\.\w+$"  # a name that holds its content's hash may be kept for ever
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
A_DAY = "public, max-age=86400"  # the worker does not depend on the build: phones need not ask at every page

EVERYWHERE = {"X-Content-Type-Options": "nosniff"}
# nothing inline, nothing from elsewhere, no frame around us; `data:` is for the icons in the style sheet
PAGE = {
    "Content-Security-Policy": "default-src 'self';img-src 'self' data:;object-src 'none';base-uri 'none';"
    "form-action 'self';frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(),geolocation=(),microphone=()",
}
FOLDERS = ("assets", "media", "print", "search")  # where names hold a hash


def of(path: str) -> Mapping[str, str]:
    """The headers of a file of the site, by its path."""
    if re.search(HASHED, path):
        return {**EVERYWHERE, "Cache-Control": FOR_EVER}
    if path.endswith(offline.WORKER):
        return {**EVERYWHERE, "Cache-Control": A_DAY}
    page = PAGE if path.endswith((".html", "/")) else {}
    return {**EVERYWHERE, **page, "Cache-Control": ASK_AGAIN}


def netlify() -> str:
    """`_headers`, as Netlify and Cloudflare Pages read it. Rules add up, so no path gets one header from two of them."""
    pages = {**EVERYWHERE, **PAGE}
    rows = [
        "# Written by site-builder; the same headers for other hosts are in hosts/.",
        "/*",
        *(f"  {k}: {v}" for k, v in pages.items()),
    ]
    for folder in FOLDERS:
        if folder != "search":  # its pages stand in the same folder
            rows += [f"/{folder}/*", f"  Cache-Control: {FOR_EVER}"]
    rows += ["/search/*.json", f"  Cache-Control: {FOR_EVER}", f"/{offline.WORKER}", f"  Cache-Control: {A_DAY}"]
    return "\n".join(rows) + "\n"


def nginx() -> str:
    pages = "\n".join(f'    add_header {k} "{v}" always;' for k, v in PAGE.items())
    every = "\n".join(f'    add_header {k} "{v}" always;' for k, v in EVERYWHERE.items())
    return f"""# Put these into the `server` block of the site. Needs ngx_brotli for .br files; without it remove that line.
gzip_static on;
brotli_static on;
error_page 404 /404.html;
location / {{
    add_header Cache-Control "{ASK_AGAIN}" always;
{every}
{pages}
}}
location ~ "{HASHED}" {{
    add_header Cache-Control "{FOR_EVER}";
{every}
}}
location = /{offline.WORKER} {{
    add_header Cache-Control "{A_DAY}";
{every}
}}
types {{ application/manifest+json webmanifest; application/atom+xml atom; application/rss+xml rss; text/vtt vtt; }}
"""


def apache() -> str:
    pages = "\n".join(f'  Header always set {k} "{v}"' for k, v in PAGE.items())
    every = "\n".join(f'Header always set {k} "{v}"' for k, v in EVERYWHERE.items())
    return f"""# .htaccess: copy it to the site's top. Needs mod_headers and mod_rewrite.
ErrorDocument 404 /404.html
AddType application/manifest+json .webmanifest
AddType application/atom+xml .atom
AddType application/rss+xml .rss
AddType text/vtt .vtt
Header set Cache-Control "{ASK_AGAIN}"
{every}
<FilesMatch "{HASHED}">
  Header set Cache-Control "{FOR_EVER}"
</FilesMatch>
<FilesMatch "^{re.escape(offline.WORKER)}$">
  Header set Cache-Control "{A_DAY}"
</FilesMatch>
<FilesMatch "\\.html$">
{pages}
</FilesMatch>
RewriteEngine On
RewriteCond %{{HTTP:Accept-Encoding}} br
RewriteCond %{{REQUEST_FILENAME}}.br -f
RewriteRule ^(.*)\\.(html|css|js|json|vtt|xml|svg|txt|webmanifest|atom|rss)$ $1.$2.br [L]
<FilesMatch "\\.html\\.br$">
  ForceType text/html
{pages}
</FilesMatch>
<FilesMatch "\\.css\\.br$">
  ForceType text/css
</FilesMatch>
<FilesMatch "\\.js\\.br$">
  ForceType text/javascript
</FilesMatch>
<FilesMatch "\\.json\\.br$">
  ForceType application/json
</FilesMatch>
<FilesMatch "\\.br$">
  Header set Content-Encoding br
  Header append Vary Accept-Encoding
</FilesMatch>
"""


def s3() -> str:
    every = "\n".join(f"#   {k}: {v}" for k, v in {**EVERYWHERE, **PAGE}.items())
    hashed = " ".join(f'--include "{folder}/*"' for folder in FOLDERS if folder != "search") + ' --include "search/*.json"'
    return f"""#!/bin/sh
# Amazon S3 behind CloudFront: sh s3.sh BUCKET, in the site's folder. S3 keeps no .br beside a file:
# let CloudFront compress (Compress objects automatically: yes), and add these in a response headers policy:
{every}
set -eu
aws s3 sync . "s3://$1" --exclude "*" {hashed} --exclude "*.br" --exclude "*.gz" --cache-control "{FOR_EVER}"
aws s3 sync . "s3://$1" --exclude "hosts/*" --exclude "*.br" --exclude "*.gz" --cache-control "{ASK_AGAIN}" --size-only
aws s3 cp {offline.WORKER} "s3://$1/{offline.WORKER}" --cache-control "{A_DAY}"
# hashed files are never deleted here: a page that is open, or saved, still names the old ones
"""


def github() -> str:
    return """GitHub Pages sets its own headers: ten minutes for every file, gzip, no Content-Security-Policy of ours. The site
works there as it is (names with a hash are safe at any age). Keep the empty file `.nojekyll` at the top: the build writes it,
so that folders are served as they stand. For immutable caching put Cloudflare in front of it.
"""


def files() -> dict[str, bytes]:
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
