"""How much room a build needs on the disk: what a full disk's error tells besides."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from site_builder.cache import Cache
from site_builder.library import sources
from site_builder.library.files import MASTER_SUFFIXES
from site_builder.library.os_errors import DISK_FULL_ERRNOS
from site_builder.library.settings import Settings

FILM_SPACE_FACTOR = 4  # times its budgets that a film takes while it is made: tries, sound, and its copy in the site
HOWTO_BYTES = 1_500_000  # of a how-to without its film, in the cache and in the site


@contextmanager
def add_space_needed(settings: Settings, cache: Cache) -> Iterator[None]:
    """Add to the error of a full disk what the whole library takes, less what is there already."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL_ERRNOS:
            with suppress(OSError):
                error.needed = space_needed(settings, cache)  # type: ignore[attr-defined]
        raise


def space_needed(settings: Settings, cache: Cache) -> int:
    """Bytes that are still to be written, about: each film on all rungs, with its takes and a copy in the site; of each how-to
    its pages, pictures and prints."""
    films = len([path for path in settings.videos.glob("*") if path.suffix.lower() in MASTER_SUFFIXES])
    howtos = len(list(sources.source_paths(settings)))
    whole = films * FILM_SPACE_FACTOR * sum(rung.budget for rung in settings.options.rungs) + howtos * HOWTO_BYTES
    there = sum(path.stat().st_size for folder in (cache.root, settings.site) for path in folder.rglob("*") if path.is_file())
    return max(1_000_000, whole - there)
