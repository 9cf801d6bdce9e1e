"""The build: everything that the pipeline makes, published as one site that replaces the old one whole."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from site_builder.atomic_files import sweep_drafts, write_atomic
from site_builder.cache import Cache
from site_builder.disk_space import add_space_needed
from site_builder.events import Emit, Stage, ignore
from site_builder.library import codes
from site_builder.library.library import Library
from site_builder.library.problems import Problem
from site_builder.library.settings import Settings
from site_builder.memo import Memo, open_memo
from site_builder.pipeline import BuildResult, check_library, make_artifacts, raise_if_blocking
from site_builder.website.output.atomic_swap import staging_folder, swap


def build(settings: Settings, cache: Cache, workers: int = 0, emit: Emit = ignore) -> BuildResult:
    """Make everything and replace the site. Raises Problems or codes.NotRegistered (nothing was made),
    or pipeline.BuildFailed (the site is as it was)."""
    settings = settings.model_copy(update={"site": settings.site.resolve()})  # a link stays one: what it leads to is replaced
    cache.sweep()
    sweep_drafts(settings.content.glob(f".{codes.REGISTRY_FILE}.*"))
    with add_space_needed(settings, cache), open_memo(cache.root, cache.memo_path.name) as shelf:
        checked = check_library(settings, cache, shelf)
        update_registry(settings, checked.library, emit)
        made = make_artifacts(settings, cache, workers, emit, shelf=shelf, checked=checked)
        emit(Stage("pages"))
        with staging_folder(settings.site) as draft:
            warnings = publish_site(settings, made, draft, shelf, lambda words: emit(Stage(words)))
            raise_if_blocking(settings, warnings)
            swap(draft, settings.site)
    cache.write_used_list()
    write_atomic(cache.account_path, account_json(made))
    for words in cache_repairs(cache, shelf):
        emit(Stage(words))
    return replace(made, problems=tuple(dict.fromkeys((*made.problems, *warnings))))


def update_registry(settings: Settings, library: Library, emit: Emit) -> None:
    """Bring the registry up to date with the library. A strict build, in CI, does without where it may not write.

    Raises codes.NotRegistered.
    """
    strict = settings.options.strict
    since = dt.date.today().isoformat() if strict else codes.UNPRINTED
    try:
        new = codes.register(settings.content, {howto.code: howto.registry_key for howto in library.howtos}, since)
        codes.unregister(settings.content, library.obsolete_codes)
    except codes.NotRegistered as error:
        if not strict:
            raise
        emit(Stage(f"{error.reason}; a strict build goes on without"))
        return
    if new or library.obsolete_codes:
        what = "new codes in" if new else "codes of how-tos that are gone taken out of"
        emit(Stage(f"{what} {codes.where(settings.content)}: commit it"))


def publish_site(
    settings: Settings, made: BuildResult, into: Path, shelf: Memo | None = None, note: Callable[[str], object] = str
) -> list[Problem]:
    """The site into a folder, which then holds nothing else; returns what only shows when pages are made. Raises Problems."""
    from site_builder import mkdocs_plugin  # MkDocs takes a second to import: what imports this module may never publish

    return mkdocs_plugin.build_site(settings, made, into, shelf, note)


def account_json(made: BuildResult) -> str:
    """The build's own account, as JSON: what each file of film cost, and whether this build made it. It is not published: the
    site is the same whoever builds it."""
    films = {film.key: film for lesson in made.lessons for film in lesson.renditions}
    rows = [{"key": key, "rung": one.rung.name, "cpu_s": one.cpu_s, "from_cache": one.from_cache} for key, one in films.items()]
    return json.dumps({"films": rows}, indent=1)


def cache_repairs(cache: Cache, shelf: Memo) -> Iterator[str]:
    """What was damaged in the cache, and is not any more."""
    if cache.damaged:
        names = [path.relative_to(cache.root).as_posix() for path in dict.fromkeys(cache.damaged)]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        yield f"damaged in the cache, and made again: {', '.join(names[:3])}{more}"
    if shelf.renewed:
        yield f"damaged in the cache, and begun anew: {shelf.file.name if shelf.file else ''}"
    elif shelf.damaged:
        yield f"damaged in the cache, and made again: {shelf.damaged} of the pages"
