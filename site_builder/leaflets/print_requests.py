"""A request from the command line becomes print jobs: which how-tos, which formats, and which prints are outdated."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from site_builder.cache import Cache
from site_builder.events import Emit, Failed, Stage
from site_builder.leaflets import formats, label_sheets, print_jobs, typeset
from site_builder.leaflets.collection import PrintOptions, PrintSource, aisles_of, sources_for_aisle
from site_builder.leaflets.print_jobs import PrintJob
from site_builder.library import codes, history, letters
from site_builder.library.artifacts import Print
from site_builder.library.howto import HowTo, version_tuple
from site_builder.library.problems import did_you_mean
from site_builder.library.settings import Settings

STORE_NUMBER = re.compile(r"[0-9a-z]{1,5}")


class InvalidRequest(Exception):
    """Nothing can be printed as it was asked for; says why, and what can."""


@dataclass(frozen=True)
class PrintRequest:
    """The command line of `print`, parsed. No name and no category means all; no format means each how-to's own."""

    names: tuple[str, ...] = ()  # slugs, codes or categories
    categories: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    lang: str | None = None
    changed_since: str | None = None  # a date, or a tag of git
    all_changes: bool = False  # also those that are not serious
    options: PrintOptions = typeset.DEFAULT_OPTIONS


def from_cli(
    names: tuple[str, ...],
    categories: tuple[str, ...],
    formats: tuple[str, ...],
    lang: str | None,
    changed_since: str | None,
    all_changes: bool,
    store: str,
    title: str,
    stock: str,
    start_at: int,
    aisle: str,
) -> PrintRequest:
    """The words of the command line."""
    order = PrintOptions(store=store, title=title, stock=stock, start=start_at, aisle=aisle)
    return PrintRequest(names, categories, formats, lang, changed_since, all_changes, order)


def run_request(
    request: PrintRequest, library: Sequence[PrintSource], settings: Settings, cache: Cache, workers: int, emit: Emit
) -> list[Print]:
    """Print what was asked for; its codes stand in the registry before they are on paper, since paper lasts.

    Raises InvalidRequest, NothingToDo, codes.NotRegistered, or NotPrinted.
    """
    wanted = jobs_for(request, library, settings)
    howtos = [source.howto for job in wanted for source in job.sources]
    today = dt.date.today().isoformat()
    if codes.register(settings.content, {howto.code: howto.registry_key for howto in howtos}, today):
        emit(Stage(f"new codes in {codes.where(settings.content)}: commit it"))
    prints, failures = print_jobs.print_all(wanted, settings, cache, workers, emit)
    if failures:
        raise PrintFailed(failures)
    return prints


class PrintFailed(Exception):
    """Some prints failed."""

    def __init__(self, failures: list[Failed]) -> None:
        self.failures = tuple(failures)
        super().__init__("\n".join(f"{failure.job}: {failure.error}" for failure in failures))


def jobs_for(request: PrintRequest, library: Sequence[PrintSource], settings: Settings) -> list[PrintJob]:
    """The jobs that a request asks for. Raises InvalidRequest or NothingToDo."""
    validate_request(request)
    sources = select_sources(request, library, settings)
    if request.options.aisle:
        sources = require_aisle(sources, request.options.aisle)
    names = request.formats
    if not names and (request.changed_since or request.options.aisle):
        names = (formats.usual_format("changes" if request.changed_since else "aisle").name,)
    if not names:
        return [print_jobs.howto_job(source, print_jobs.default_format(source.howto), request.options) for source in sources]
    requested: list[PrintJob] = []
    for name in dict.fromkeys(names):
        format = formats.load_formats()[name]
        if format.holds == "one":
            requested += [print_jobs.howto_job(source, name, request.options) for source in sources]
        elif format.fold == "two-up":
            requested += two_up_jobs(sources, name, request.options)
        else:
            requested.append(combined_job(request, sources, name, settings))
    return requested


def validate_request(request: PrintRequest) -> None:
    """Raises InvalidRequest for a store, a title or a first label that cannot be."""
    if request.options.store and not STORE_NUMBER.fullmatch(request.options.store):
        raise InvalidRequest(
            f"store '{request.options.store}': 1 to 5 figures or small letters, since they stand in every code"
        )
    if unprintable := letters.unprintable_characters(request.options.title):
        raise InvalidRequest(
            f"title '{request.options.title}': no font on paper has {letters.character_label(unprintable[0])}; write the word"
        )
    if not 1 <= request.options.start <= (each := label_sheets.stocks()[request.options.stock].per_sheet):
        raise InvalidRequest(f"a sheet {request.options.stock} has labels 1 to {each}, not {request.options.start}")


def two_up_jobs(sources: Sequence[PrintSource], format_name: str, options: PrintOptions) -> list[PrintJob]:
    """Two leaflets on a sheet: the two that were asked for, else each one twice."""
    if len(sources) != 2:
        return [print_jobs.howto_job(source, format_name, options) for source in sources]
    first, second = sources
    return [
        replace(
            print_jobs.howto_job(first, format_name, options),
            name=f"{first.howto.slug}+{second.howto.slug}",
            sources=(first, second),
        )
    ]


def combined_job(request: PrintRequest, sources: Sequence[PrintSource], format_name: str, settings: Settings) -> PrintJob:
    """One file for all of them, named after what they have in common."""
    categories = {source.howto.category for source in sources}
    category = categories.pop() if len(categories) == 1 else ""
    if request.changed_since:
        name = f"changed-since-{request.changed_since}"
    elif request.options.aisle:
        name = f"aisle-{request.options.aisle.casefold()}"
    else:
        name = sources[0].howto.slug if len(sources) == 1 else category or ("some" if request.names else "all")
    title = request.options.title or (
        sources[0].howto.title if len(sources) == 1 else print_jobs.category_title(category, sources[0].howto.lang, settings)
    )
    return PrintJob(format_name, name, sources[0].howto.lang, category, tuple(sources), replace(request.options, title=title))


# ---- which how-tos


def select_sources(request: PrintRequest, library: Sequence[PrintSource], settings: Settings) -> list[PrintSource]:
    """Those that were named, in the language that was named, or in the library's own where a slug has more than one."""
    sources = [source for name in (*request.names, *request.categories) for source in sources_named(name, library)] or list(
        library
    )
    if request.lang:
        sources = [source for source in sources if source.howto.lang == request.lang]
        if not sources:
            langs = sorted({source.howto.lang for source in library})
            raise InvalidRequest(f"nothing of that is in '{request.lang}'; there is {', '.join(langs)}")
    elif not request.changed_since:  # a wrong leaflet is wrong in each language
        by_code = {name for name in request.names if any(source.howto.code == name for source in library)}
        sources = [it for it in sources if it.howto.lang == settings.options.lang or it.howto.code in by_code] or sources
    if request.changed_since:
        sources = with_outdated_prints(sources, request.changed_since, settings, request.all_changes)
        if not sources:
            raise NothingToDo(f"no leaflet must be printed again since {request.changed_since}")
    return list({source.howto.page: source for source in sources}.values())


class NothingToDo(Exception):
    """The request is right, and nothing need be printed for it."""


def sources_named(name: str, library: Sequence[PrintSource]) -> list[PrintSource]:
    sources = [
        source
        for source in library
        if name in (source.howto.slug, source.howto.code, source.howto.category, *source.howto.formerly)
    ]
    if not sources:
        known = {text for source in library for text in (source.howto.slug, source.howto.code, source.howto.category)}
        hint = did_you_mean(name, sorted(known))
        raise InvalidRequest(f"no how-to, code or category is called '{name}'" + (f"; {hint}" if hint else ""))
    return sources


def require_aisle(sources: Sequence[PrintSource], aisle: str) -> list[PrintSource]:
    if wanted := sources_for_aisle(sources, aisle):
        return wanted
    known = sorted({item for some in sources for item in aisles_of(some.howto)})
    hint = did_you_mean(aisle, known) or f"aisles: {', '.join(known) or 'none'}"
    raise InvalidRequest(f"no how-to needs anything from aisle '{aisle}'; {hint}")


# ---- what must be printed again


def with_outdated_prints(
    sources: Iterable[PrintSource], since: str, settings: Settings, all_changes: bool = False
) -> list[PrintSource]:
    """How-tos whose prints from before `since` (ISO date or git tag) must be replaced.

    They have serious corrections since then, or any change with `all_changes`.
    """
    try:
        day = dt.date.fromisoformat(since)
    except ValueError:
        versions_then = versions_at_tag(settings, since)
        return [source for source in sources if changed_since_version(source.howto, versions_then, all_changes)]
    return [source for source in sources if corrected_since_day(source.howto, day, all_changes)]


def corrected_since_day(howto: HowTo, day: dt.date, all_changes: bool) -> bool:
    return any(correction.date >= day for correction in (howto.corrections if all_changes else howto.serious_corrections))


def changed_since_version(howto: HowTo, versions_then: dict[str, str], all_changes: bool) -> bool:
    """Whether a print of those versions is wrong now; False for what was not there then: no print of it can be wrong."""
    old = next((versions_then[slug] for slug in (howto.slug, *howto.formerly) if slug in versions_then), None)
    if old is None:
        return False
    newer = [howto.version] if all_changes else [correction.version for correction in howto.serious_corrections]
    return any(version_tuple(version) > version_tuple(old) for version in newer)


def versions_at_tag(settings: Settings, tag: str) -> dict[str, str]:
    try:
        return history.versions_at(settings.content, tag)
    except history.NoHistory as error:
        raise InvalidRequest(f"'{tag}' is no date (2026-05-01) and no tag of git: {error}") from None


# ---- handed over


def export_pdf(one_print: Print, folder: Path) -> Path:
    """A copy under a name for people: `wire-a-plug.en.booklet.pdf`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{print_jobs.safe_file_name(one_print.name) or 'all'}.{one_print.lang}.{one_print.format}.pdf"
    shutil.copyfile(one_print.leaflet.path, path)
    return path


def printing_advice(one_print: Print, options: PrintOptions) -> str:
    """One line for whoever prints: both sides, cut, fold, label sheet."""
    format = formats.load_formats()[one_print.format]
    if format.fold:
        cut = "cut along the dotted line" if format.fold == "two-up" else "fold once"
        return f"both sides, turned on the short edge; {cut}"
    if not format.page and not format.tiles:
        return f"on {options.stock}, first free label {options.start}; at 100 %"
    return f"on {format.sheet.upper()}" if format.sheet else "both sides" if one_print.leaflet.pages > 1 else ""
