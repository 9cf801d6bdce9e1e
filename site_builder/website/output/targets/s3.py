"""Amazon S3 behind CloudFront: a script that uploads the site with its headers and types; CloudFront compresses."""

from __future__ import annotations

from site_builder.website import urls
from site_builder.website.output.headers import (
    COMMON_HEADERS,
    HASHED_SUFFIXES,
    IMMUTABLE,
    MIME_TYPES,
    NO_CACHE,
    ONE_DAY,
    PAGE_HEADERS,
)


def files() -> dict[str, str]:
    return {"hosts/s3.sh": text()}


def text() -> str:
    """A script that uploads the site with the same headers, files with a hash first."""
    every = "\n".join(f"#   {k}: {v}" for k, v in {**COMMON_HEADERS, **PAGE_HEADERS}.items())
    patterns = [f"{folder}/*" for folder in urls.HASHED_FOLDERS if folder != "search"] + ["search/*.json"]
    hashed = (
        "--exclude '*' " + " ".join(f"--include '{pattern}'" for pattern in patterns) + " --exclude '*.br' --exclude '*.gz'"
    )
    others = " ".join(f"--exclude '{pattern}'" for pattern in (*patterns, "hosts/*", "_headers", ".nojekyll", "*.br", "*.gz"))
    filters_by_suffix = {end: f"--exclude '*' --include '*{end}' --content-type {kind}" for end, kind in MIME_TYPES.items()}
    kept = "\n".join(f"keep {filters_by_suffix[end]}" for end in HASHED_SUFFIXES)
    rest = "\n".join(f"put '{NO_CACHE}' {options}" for end, options in filters_by_suffix.items() if end not in HASHED_SUFFIXES)
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
