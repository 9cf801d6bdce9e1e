"""GitHub Pages: what that host does by itself, and the empty file that it needs."""

from __future__ import annotations


def files() -> dict[str, str]:
    return {"hosts/github-pages.txt": text(), ".nojekyll": ""}


def text() -> str:
    """What the host does without being told, and the empty `.nojekyll` that it needs."""
    return """GitHub Pages sets its own headers: ten minutes for every file, gzip, no Content-Security-Policy of ours. The site
works there as it is (names with a hash are safe at any age). Keep the empty file `.nojekyll` at the top: the build writes it,
so that folders are served as they stand. For immutable caching put Cloudflare in front of it.
"""
