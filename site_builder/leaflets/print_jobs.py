"""Print jobs: which files a store prints of a library, each made once, kept with a picture of it."""

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
    """One PDF to make: these how-tos in this format. `name` is a slug or category, "" for the whole library."""

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


def all_jobs(sources: Sequence[PrintSource], settings: Settings) -> Iterator[PrintJob]:
    """Everything that can be printed: each how-to in each format for one; what holds many for each category, aisle and all."""
    for source in sources:
        for format in formats.load_formats().values():
            if format.for_one_howto:
                yield howto_job(source, format.name)
    for lang in dict.fromkeys(source.howto.lang for source in sources):
        in_language = [source for source in sources if source.howto.lang == lang]
        for category in (*ordered_categories(in_language, settings), ""):
            in_category = [source for source in in_language if category in ("", source.howto.category)]
            title = category_title(category, lang, settings)
            yield from collection_jobs(in_category, category, title)
        yield from aisle_jobs(in_language)


def default_format(howto: HowTo) -> str:
    """The format that its page offers, and that is printed unless another is asked for."""
    return howto.leaflet.format or formats.usual_format("a5" if howto.leaflet.paper == "A5" else "a4").name


def check_formats(howtos: Iterable[HowTo]) -> Iterator[Problem]:
    """Problems of front matter's `leaflet.format`: unknown, for many how-tos, or not on the paper asked for."""
    for_one = [format.name for format in formats.load_formats().values() if format.for_one_howto]
    on_a5 = [name for name in for_one if formats.load_formats()[name].page == "a5"]
    for howto in howtos:
        name, line = howto.leaflet.format, howto.line("leaflet", "format")
        if howto.lang != howto.base_lang or name is None:
            continue  # a translation has its how-to's wishes
        if name not in formats.load_formats():
            hint = did_you_mean(name, for_one, f"formats: {', '.join(for_one)}")
            yield Problem(howto.source, line, f"no format '{name}'", hint)
        elif name not in for_one:
            yield Problem(howto.source, line, f"format '{name}' is for many how-tos", f"formats for one: {', '.join(for_one)}")
        elif howto.leaflet.paper == "A5" and name not in on_a5:
            hint = f"leave one of them out; on A5: {', '.join(on_a5)}"
            yield Problem(howto.source, line, f"format '{name}' is not on A5", hint)


def howto_job(source: PrintSource, format_name: str, options: PrintOptions | None = None) -> PrintJob:
    howto = source.howto
    return PrintJob(format_name, howto.slug, howto.lang, howto.category, (source,), options or PrintOptions())


def collection_jobs(sources: Sequence[PrintSource], category: str, title: str) -> Iterator[PrintJob]:
    """Packs, labels, stickers and posters of some how-tos in one language."""
    lang = sources[0].howto.lang
    for format in formats.load_formats().values():
        if not format.for_one_howto:
            yield PrintJob(format.name, category, lang, category, tuple(sources), PrintOptions(title=title))


def aisle_jobs(sources: Sequence[PrintSource]) -> Iterator[PrintJob]:
    """Shelf labels of each aisle, with the names and numbers of its goods."""
    for aisle in sorted({name for source in sources for name in aisles_of(source.howto)}):
        wanted, lang = tuple(sources_for_aisle(sources, aisle)), sources[0].howto.lang
        name, options = f"aisle-{safe_file_name(aisle.casefold())}", PrintOptions(title=aisle, aisle=aisle)
        for format in formats.load_formats().values():
            if format.aisle_items:
                yield PrintJob(format.name, name, lang, "", wanted, options)


def safe_file_name(name: str) -> str:
    """A name with only letters that a file's may have: an aisle or a tag may hold a slash."""
    return re.sub(r"[^\w.+-]+", "-", name).strip("-.")


def ordered_categories(sources: Iterable[PrintSource], settings: Settings) -> list[str]:
    """Categories of these how-tos, in the order in which customers see them."""
    known = [category.slug for category in settings.categories]
    used = {source.howto.category for source in sources}
    return [slug for slug in known if slug in used] + sorted(used - set(known))


def category_title(category: str, lang: str, settings: Settings) -> str:
    """A category's title in a language; the library's name for all of it."""
    named = {size_step.slug: size_step for size_step in settings.categories}
    if category in named:
        return named[category].title(lang)
    return category.replace("-", " ").capitalize() if category else settings.site_name


# ---- made or taken from the cache


def print_all(
    jobs: Sequence[PrintJob], settings: Settings, cache: Cache, workers: int, emit: Emit
) -> tuple[list[Print], list[Failed]]:
    """(prints in the jobs' order, failures): what is kept is taken from the cache, the others are made side by side."""
    prints: dict[int, Print] = {}
    waiting = []
    for at, job in enumerate(jobs):
        if cached := cached_print(job, settings, cache):
            prints[at] = cached
        else:
            waiting.append((at, job))
    emit(Planned("print", len(jobs), len(prints)))
    failures = []
    work = partial(run_print_job, settings=settings, folder=cache.root)
    expected = (typst_compiler.TypesetFailed, typeset.WrongCode)
    # what holds many how-tos takes longest: begun first, no core stands idle at the end
    waiting.sort(key=lambda row: -len(row[1].sources))
    for (at, job), result in pool.run_jobs(waiting, work, expected, workers, processes=len(waiting) >= MIN_JOBS_FOR_PROCESSES):
        if isinstance(result, Exception):
            failures.append(Failed("print", job.display_name, str(result)))
            emit(failures[-1])
        else:
            prints[at] = result
            cache.used |= {result.leaflet.key, result.preview.key}
            cache.used |= {result.leaflet.thumb.key} if result.leaflet.thumb else set()
    return [prints[at] for at in sorted(prints)], failures


def cached_print(job: PrintJob, settings: Settings, cache: Cache) -> Print | None:
    """The print of a job from the cache, or None where its PDF or a picture of it is not there."""
    key = typeset.print_key(job.format, job.sources, settings, job.options)
    entry = cache.find({"print": key}, ".pdf")
    entries = [cache.find(preview_inputs(key, across), ".webp") for across in preview_widths(job)]
    pictures = [picture for picture in entries if picture]
    if entry is None or len(pictures) < len(entries):
        return None
    typeset.drop_texts(job.format, job.sources)
    return print_of_entry(job, entry, pictures)


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

    pictures = [cache.get(preview_inputs(key, across), ".webp", partial(draw, across=across)) for across in preview_widths(job)]
    return print_of_entry(job, entry, pictures)


def print_of_entry(job: PrintJob, entry: CacheEntry, pictures: Sequence[CacheEntry]) -> Print:
    """The Print of a cached PDF with its preview, and its thumbnail where there is one."""
    size, facts = entry.path.stat().st_size, entry.facts
    first, *others = map(preview_file, pictures)
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
    """Whether it is printed on label sheets."""
    format = formats.load_formats()[job.format]
    return not (format.for_one_howto or format.page or format.tiles)


def preview_widths(job: PrintJob) -> tuple[int, ...]:
    """Widths in pixels of the pictures made of a print: its preview, and a thumbnail of what a how-to's page offers."""
    howto = job.sources[0].howto
    offered = len(job.sources) == 1 and formats.load_formats()[job.format].for_one_howto and job.format == default_format(howto)
    return (PREVIEW_WIDTH, THUMB_WIDTH) if offered else (PREVIEW_WIDTH,)


def preview_inputs(key: str, across: int) -> dict[str, Any]:
    return {"preview": key, "across": across, "quality": PREVIEW_QUALITY}


def preview_file(entry: CacheEntry) -> ImageFile:
    return ImageFile(entry.path, entry.key, entry.facts["width"], entry.facts["height"], entry.path.stat().st_size)
