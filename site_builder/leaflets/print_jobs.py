"""The print desk: what a store prints of a library, each thing kept with a picture of it, and what must be printed again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from site_builder import pool
from site_builder.cache import Cache, CacheEntry
from site_builder.events import Emit, Failed, Planned
from site_builder.leaflets import formats, label_sheets, typeset, typst_compiler
from site_builder.leaflets.collection import PrintOptions, PrintSource, aisles_of, sources_for_aisle
from site_builder.library.artifacts import ImageFile, Leaflet, Print
from site_builder.library.howto import HowTo
from site_builder.library.problems import Problem, did_you_mean
from site_builder.library.settings import Settings

MIN_JOBS_FOR_PROCESSES = 100  # prints to make for which it pays to begin other processes: each takes a second to start
PREVIEW_WIDTH = 320  # pixels across, and how it is packed: its words cannot be read, its shape is known at a glance
THUMB_WIDTH = 96  # the same for its how-to's page, where every byte is a customer's
PREVIEW_QUALITY = 40


@dataclass(frozen=True)
class PrintJob:
    """One file to print: these how-tos in this format. `name` and `category` as of a Print."""

    format: str
    name: str
    lang: str
    category: str
    sources: tuple[PrintSource, ...]
    options: PrintOptions = field(default_factory=PrintOptions)

    @property
    def display_name(self) -> str:
        """For people: `wire-a-plug.en.booklet`."""
        return f"{self.name or 'all'}.{self.lang}.{self.format}"


# ---- which


def all_jobs(told: Sequence[PrintSource], settings: Settings) -> Iterator[PrintJob]:
    """What lies on the desk: each how-to in each format for one, then what holds many for each category and for all."""
    for one in told:
        for format in formats.load_formats().values():
            if format.for_one_howto:
                yield howto_job(one, format.name)
    for lang in dict.fromkeys(one.howto.lang for one in told):
        spoken = [one for one in told if one.howto.lang == lang]
        for category in (*ordered_categories(spoken, settings), ""):
            some = [one for one in spoken if category in ("", one.howto.category)]
            title = category_title(category, lang, settings)
            yield from collection_jobs(some, category, title)
        yield from aisle_jobs(spoken)


def default_format(howto: HowTo) -> str:
    """The format that its page offers, and that is printed unless another is asked for."""
    return howto.leaflet.format or formats.usual_format("a5" if howto.leaflet.paper == "A5" else "a4").name


def check_formats(howtos: Iterable[HowTo]) -> Iterator[Problem]:
    """Formats that are not there, hold many how-tos, or are not on the paper that is wished for."""
    alone = [format.name for format in formats.load_formats().values() if format.for_one_howto]
    small = [name for name in alone if formats.load_formats()[name].page == "a5"]
    for howto in howtos:
        name, line = howto.leaflet.format, howto.line("leaflet", "format")
        if howto.lang != howto.base_lang or name is None:
            continue  # a translation has its how-to's wishes
        if name not in formats.load_formats():
            hint = did_you_mean(name, alone, f"formats: {', '.join(alone)}")
            yield Problem(howto.source, line, f"no format '{name}'", hint)
        elif name not in alone:
            yield Problem(howto.source, line, f"format '{name}' is for many how-tos", f"formats for one: {', '.join(alone)}")
        elif howto.leaflet.paper == "A5" and name not in small:
            hint = f"leave one of them out; on A5: {', '.join(small)}"
            yield Problem(howto.source, line, f"format '{name}' is not on A5", hint)


def howto_job(one: PrintSource, format: str, order: PrintOptions | None = None) -> PrintJob:
    howto = one.howto
    return PrintJob(format, howto.slug, howto.lang, howto.category, (one,), order or PrintOptions())


def collection_jobs(told: Sequence[PrintSource], category: str, title: str) -> Iterator[PrintJob]:
    """Packs, labels, stickers and posters of some how-tos in one language."""
    lang = told[0].howto.lang
    for format in formats.load_formats().values():
        if not format.for_one_howto:
            yield PrintJob(format.name, category, lang, category, tuple(told), PrintOptions(title=title))


def aisle_jobs(told: Sequence[PrintSource]) -> Iterator[PrintJob]:
    """Shelf labels of each aisle, with the names and numbers of its goods."""
    for aisle in sorted({name for one in told for name in aisles_of(one.howto)}):
        some, lang = tuple(sources_for_aisle(told, aisle)), told[0].howto.lang
        name, options = f"aisle-{safe_file_name(aisle.casefold())}", PrintOptions(title=aisle, aisle=aisle)
        for format in formats.load_formats().values():
            if format.aisle_items:
                yield PrintJob(format.name, name, lang, "", some, options)


def safe_file_name(name: str) -> str:
    """A name as a file may have it: an aisle or a tag may hold a slash."""
    return re.sub(r"[^\w.+-]+", "-", name).strip("-.")


def ordered_categories(told: Iterable[PrintSource], settings: Settings) -> list[str]:
    """Categories of these how-tos, in the order in which customers see them."""
    known = [category.slug for category in settings.categories]
    found = {one.howto.category for one in told}
    return [slug for slug in known if slug in found] + sorted(found - set(known))


def category_title(category: str, lang: str, settings: Settings) -> str:
    """A category's own; the library's name for all of it."""
    named = {one.slug: one for one in settings.categories}
    if category in named:
        return named[category].title(lang)
    return category.replace("-", " ").capitalize() if category else settings.site_name


# ---- made


def print_all(
    jobs: Sequence[PrintJob], settings: Settings, cache: Cache, workers: int, emit: Emit
) -> tuple[list[Print], list[Failed]]:
    """Each job's file and its picture, in the order of the jobs: those that are kept first, the others side by side."""
    made: dict[int, Print] = {}
    todo = []
    for at, job in enumerate(jobs):
        if found := cached_print(job, settings, cache):
            made[at] = found
        else:
            todo.append((at, job))
    emit(Planned("print", len(jobs), len(made)))
    failures = []
    work = partial(run_print_job, settings=settings, folder=cache.root)
    expected = (typst_compiler.TypesetFailed, typeset.WrongCode)
    # what holds many how-tos takes longest: begun first, no core stands idle at the end
    todo.sort(key=lambda row: -len(row[1].sources))
    for (at, job), result in pool.run_jobs(todo, work, expected, workers, processes=len(todo) >= MIN_JOBS_FOR_PROCESSES):
        if isinstance(result, Exception):
            failures.append(Failed("print", job.display_name, str(result)))
            emit(failures[-1])
        else:
            made[at] = result
            cache.used |= {result.leaflet.key, result.preview.key}
            cache.used |= {result.leaflet.thumb.key} if result.leaflet.thumb else set()
    return [made[at] for at in sorted(made)], failures


def cached_print(job: PrintJob, settings: Settings, cache: Cache) -> Print | None:
    """What was printed before from the same words and pictures."""
    key = typeset.print_key(job.format, job.sources, settings, job.options)
    entry = cache.find({"print": key}, ".pdf")
    found = [cache.find(preview_inputs(key, across), ".webp") for across in preview_widths(job)]
    seen = [one for one in found if one]
    if entry is None or len(seen) < len(found):
        return None
    typeset.drop_texts(job.format, job.sources)
    return print_of_entry(job, entry, seen)


def run_print_job(numbered: tuple[int, PrintJob], settings: Settings, folder: Path) -> Print:
    """Print a job and draw its picture, or take them from the cache. Raises typst_compiler.TypesetFailed or WrongCode."""
    from site_builder.leaflets import pdf  # its libraries take a seventh of a second to import: most builds print nothing

    _, job = numbered
    cache = Cache(folder)
    key = typeset.print_key(job.format, job.sources, settings, job.options)

    def set_type(draft: Path) -> dict[str, Any]:
        leaflet = typeset.make_print(job.format, job.sources, settings, draft, job.options)
        codes = pdf.code_positions(draft) if formats.load_formats()[job.format].for_one_howto or uses_label_stock(job) else []
        return {"pages": leaflet.pages, "link": leaflet.link, "codes": codes}

    entry = cache.get({"print": key}, ".pdf", set_type)

    def draw(draft: Path, across: int) -> dict[str, Any]:
        picture = pdf.preview(entry.path, across, trimmed=across == PREVIEW_WIDTH)
        picture.save(draft, "WEBP", quality=PREVIEW_QUALITY, method=6)
        return {"width": picture.width, "height": picture.height}

    seen = [cache.get(preview_inputs(key, across), ".webp", partial(draw, across=across)) for across in preview_widths(job)]
    return print_of_entry(job, entry, seen)


def print_of_entry(job: PrintJob, entry: CacheEntry, seen: Sequence[CacheEntry]) -> Print:
    """A print with its pictures: the desk's, and the small one where there is one."""
    size, facts = entry.path.stat().st_size, entry.facts
    first, *others = map(preview_file, seen)
    leaflet = Leaflet(entry.path, entry.key, facts["pages"], size, facts["link"], job.format, others[0] if others else None)
    format = formats.load_formats()[job.format]
    return Print(
        *(job.format, job.name, job.lang, job.category, leaflet, first, format.short_description),
        qr_boxes=tuple((page, left, bottom, right, top, text) for page, left, bottom, right, top, text in facts["codes"]),
        aisle=job.options.aisle,
        sheet=asdict(label_sheets.stocks()[job.options.stock]) if uses_label_stock(job) else None,
        folded=bool(format.fold),
        usual_for=format.usual_for,
    )


def uses_label_stock(job: PrintJob) -> bool:
    """Labels and stickers."""
    format = formats.load_formats()[job.format]
    return not (format.for_one_howto or format.page or format.tiles)


def preview_widths(job: PrintJob) -> tuple[int, ...]:
    """Pixels across of the pictures that are made of it: one, and a small one of what a how-to's page offers."""
    one = job.sources[0].howto
    offered = len(job.sources) == 1 and formats.load_formats()[job.format].for_one_howto and job.format == default_format(one)
    return (PREVIEW_WIDTH, THUMB_WIDTH) if offered else (PREVIEW_WIDTH,)


def preview_inputs(key: str, across: int) -> dict[str, Any]:
    return {"preview": key, "across": across, "quality": PREVIEW_QUALITY}


def preview_file(entry: CacheEntry) -> ImageFile:
    return ImageFile(entry.path, entry.key, entry.facts["width"], entry.facts["height"], entry.path.stat().st_size)
