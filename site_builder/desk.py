"""The print desk: what a store prints of a library, each thing kept with a picture of it, and what must be printed again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from site_builder import pool
from site_builder.cache import Cache, Entry
from site_builder.events import Emit, Failed, Planned
from site_builder.leaflets import formats, sheets, typeset
from site_builder.leaflets.said import Order, Told, aisles, of_aisle
from site_builder.library.model import HowTo, Leaflet, Picture, Print
from site_builder.library.problems import Problem, did_you_mean
from site_builder.library.settings import Settings

MANY = 100  # prints to make for which it pays to begin other processes: each takes a second to start
PREVIEW = 320  # pixels across, and how it is packed: its words cannot be read, its shape is known at a glance
THUMB = 96  # the same for its how-to's page, where every byte is a customer's
PREVIEW_QUALITY = 40


@dataclass(frozen=True)
class Job:
    """One file to print: these how-tos in this format. `name` and `category` as of a Print."""

    format: str
    name: str
    lang: str
    category: str
    told: tuple[Told, ...]
    order: Order = field(default_factory=Order)

    @property
    def called(self) -> str:
        """For people: `wire-a-plug.en.booklet`."""
        return f"{self.name or 'all'}.{self.lang}.{self.format}"


# ---- which


def everything(told: Sequence[Told], settings: Settings) -> Iterator[Job]:
    """What lies on the desk: each how-to in each format for one, then what holds many for each category and for all."""
    for one in told:
        for format in formats.all().values():
            if format.alone:
                yield of_one(one, format.name)
    for lang in dict.fromkeys(one.howto.lang for one in told):
        spoken = [one for one in told if one.howto.lang == lang]
        for category in (*settings_order(spoken, settings), ""):
            some = [one for one in spoken if category in ("", one.howto.category)]
            title = title_of(category, lang, settings)
            yield from of_many(some, category, title)
        yield from of_aisles(spoken)


def usual(howto: HowTo) -> str:
    """The format that its page offers, and that is printed unless another is asked for."""
    return howto.leaflet.format or ("booklet" if howto.leaflet.paper == "A5" else "leaflet")


def wrong_wishes(howtos: Iterable[HowTo]) -> Iterator[Problem]:
    """Formats that are not there, hold many how-tos, or are not on the paper that is wished for."""
    alone = [format.name for format in formats.all().values() if format.alone]
    small = [name for name in alone if formats.all()[name].page == "a5"]
    for howto in howtos:
        name, line = howto.leaflet.format, howto.line("leaflet", "format")
        if howto.lang != howto.base_lang or name is None:
            continue  # a translation has its how-to's wishes
        if name not in formats.all():
            hint = did_you_mean(name, alone, f"formats: {', '.join(alone)}")
            yield Problem(howto.source, line, f"no format '{name}'", hint)
        elif name not in alone:
            yield Problem(howto.source, line, f"format '{name}' is for many how-tos", f"formats for one: {', '.join(alone)}")
        elif howto.leaflet.paper == "A5" and name not in small:
            hint = f"leave one of them out; on A5: {', '.join(small)}"
            yield Problem(howto.source, line, f"format '{name}' is not on A5", hint)


def of_one(one: Told, format: str, order: Order | None = None) -> Job:
    howto = one.howto
    return Job(format, howto.slug, howto.lang, howto.category, (one,), order or Order())


def of_many(told: Sequence[Told], category: str, title: str) -> Iterator[Job]:
    """Packs, labels, stickers and posters of some how-tos in one language."""
    lang = told[0].howto.lang
    for format in formats.all().values():
        if not format.alone:
            yield Job(format.name, category, lang, category, tuple(told), Order(title=title))


def of_aisles(told: Sequence[Told]) -> Iterator[Job]:
    """Shelf labels of each aisle, with the names and numbers of its goods."""
    for aisle in sorted({name for one in told for name in aisles(one.howto)}):
        some = tuple(of_aisle(told, aisle))
        yield Job("labels", f"aisle-{safe(aisle.casefold())}", told[0].howto.lang, "", some, Order(title=aisle, aisle=aisle))


def safe(name: str) -> str:
    """A name as a file may have it: an aisle or a tag may hold a slash."""
    return re.sub(r"[^\w.+-]+", "-", name).strip("-.")


def settings_order(told: Iterable[Told], settings: Settings) -> list[str]:
    """Categories of these how-tos, in the order in which customers see them."""
    known = [category.slug for category in settings.categories]
    found = {one.howto.category for one in told}
    return [slug for slug in known if slug in found] + sorted(found - set(known))


def title_of(category: str, lang: str, settings: Settings) -> str:
    """A category's own; the library's name for all of it."""
    named = {one.slug: one for one in settings.categories}
    if category in named:
        return named[category].title(lang)
    return category.replace("-", " ").capitalize() if category else settings.site_name


# ---- made


def print_all(
    jobs: Sequence[Job], settings: Settings, cache: Cache, workers: int, emit: Emit
) -> tuple[list[Print], list[Failed]]:
    """Each job's file and its picture, in the order of the jobs: those that are kept first, the others side by side."""
    made: dict[int, Print] = {}
    todo = []
    for at, job in enumerate(jobs):
        if found := kept(job, settings, cache):
            made[at] = found
        else:
            todo.append((at, job))
    emit(Planned("print", len(jobs), len(made)))
    failures = []
    work = partial(one_print, settings=settings, folder=cache.root)
    expected = (typeset.TypesetFailed, typeset.WrongCode)
    # what holds many how-tos takes longest: begun first, no core stands idle at the end
    todo.sort(key=lambda row: -len(row[1].told))
    for (at, job), result in pool.each(todo, work, expected, workers, processes=len(todo) >= MANY):
        if isinstance(result, Exception):
            failures.append(Failed("print", job.called, str(result)))
            emit(failures[-1])
        else:
            made[at] = result
            cache.used |= {result.leaflet.key, result.preview.key}
            cache.used |= {result.leaflet.thumb.key} if result.leaflet.thumb else set()
    return [made[at] for at in sorted(made)], failures


def kept(job: Job, settings: Settings, cache: Cache) -> Print | None:
    """What was printed before from the same words and pictures."""
    key = typeset.key_of(job.format, job.told, settings, job.order)
    entry = cache.find({"print": key}, ".pdf")
    found = [cache.find(preview_inputs(key, across), ".webp") for across in looks(job)]
    seen = [one for one in found if one]
    return printed(job, entry, seen) if entry and len(seen) == len(found) else None


def one_print(numbered: tuple[int, Job], settings: Settings, folder: Path) -> Print:
    """Print a job and draw its picture, or take them from the cache. Raises typeset.TypesetFailed or WrongCode."""
    from site_builder.leaflets import pdf  # its libraries take a seventh of a second to import: most builds print nothing

    _, job = numbered
    cache = Cache(folder)
    key = typeset.key_of(job.format, job.told, settings, job.order)

    def set_type(draft: Path) -> dict[str, Any]:
        leaflet = typeset.make(job.format, job.told, settings, draft, job.order)
        codes = pdf.places(draft) if formats.all()[job.format].alone or has_sheets(job) else []
        return {"pages": leaflet.pages, "link": leaflet.link, "codes": codes}

    entry = cache.get({"print": key}, ".pdf", set_type)

    def draw(draft: Path, across: int) -> dict[str, Any]:
        picture = pdf.preview(entry.path, across, trimmed=across == PREVIEW)
        picture.save(draft, "WEBP", quality=PREVIEW_QUALITY, method=6)
        return {"width": picture.width, "height": picture.height}

    seen = [cache.get(preview_inputs(key, across), ".webp", partial(draw, across=across)) for across in looks(job)]
    return printed(job, entry, seen)


def printed(job: Job, entry: Entry, seen: Sequence[Entry]) -> Print:
    """A print with its pictures: the desk's, and the small one where there is one."""
    size, facts = entry.path.stat().st_size, entry.facts
    first, *others = map(picture, seen)
    leaflet = Leaflet(entry.path, entry.key, facts["pages"], size, facts["link"], job.format, others[0] if others else None)
    format = formats.all()[job.format]
    return Print(
        *(job.format, job.name, job.lang, job.category, leaflet, first, format.short),
        codes=tuple((page, left, bottom, right, top, text) for page, left, bottom, right, top, text in facts["codes"]),
        aisle=job.order.aisle,
        sheet=asdict(sheets.stocks()[job.order.stock]) if has_sheets(job) else None,
        folded=bool(format.fold),
    )


def has_sheets(job: Job) -> bool:
    """Labels and stickers."""
    format = formats.all()[job.format]
    return not (format.alone or format.page or format.tiles)


def looks(job: Job) -> tuple[int, ...]:
    """Pixels across of the pictures that are made of it: one, and a small one of what a how-to's page offers."""
    one = job.told[0].howto
    offered = len(job.told) == 1 and formats.all()[job.format].alone and job.format == usual(one)
    return (PREVIEW, THUMB) if offered else (PREVIEW,)


def preview_inputs(key: str, across: int) -> dict[str, Any]:
    return {"preview": key, "across": across, "quality": PREVIEW_QUALITY}


def picture(entry: Entry) -> Picture:
    return Picture(entry.path, entry.key, entry.facts["width"], entry.facts["height"], entry.path.stat().st_size)
