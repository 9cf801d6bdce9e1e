"""Apache: an `.htaccess` with the headers, types and compressed files that a host is told."""

from __future__ import annotations

import re

from site_builder.website import urls
from site_builder.website.output.headers import (
    COMMON_HEADERS,
    COMPRESSED_SUFFIXES,
    HASHED_NAME,
    IMMUTABLE,
    MIME_TYPES,
    NO_CACHE,
    ONE_DAY,
    PAGE_HEADERS,
)


def files() -> dict[str, str]:
    return {"hosts/htaccess.txt": text()}


def text() -> str:
    """`.htaccess` with the same headers; packed files are served by rewriting."""
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
