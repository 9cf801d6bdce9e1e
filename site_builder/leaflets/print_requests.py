"""What staff ask of the print desk becomes jobs: which how-tos, in which formats; and what must be printed again."""

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
    """As it was said on the command line. No name and no category means all; no format means each how-to's own."""

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
    wish: PrintRequest, library: Sequence[PrintSource], settings: Settings, cache: Cache, workers: int, emit: Emit
) -> list[Print]:
    """Print what was asked for; its codes stand in the registry before they are on paper, since paper lasts.

    Raises WrongOrder, NothingToDo, codes.NotRegistered, or NotPrinted.
    """
    wanted = jobs_for(wish, library, settings)
    howtos = [one.howto for job in wanted for one in job.sources]
    today = dt.date.today().isoformat()
    if codes.register(settings.content, {howto.code: howto.registry_key for howto in howtos}, today):
        emit(Stage(f"new codes in {codes.where(settings.content)}: commit it"))
    made, failures = print_jobs.print_all(wanted, settings, cache, workers, emit)
    if failures:
        raise PrintFailed(failures)
    return made


class PrintFailed(Exception):
    """Some prints failed."""

    def __init__(self, failures: list[Failed]) -> None:
        self.failures = tuple(failures)
        super().__init__("\n".join(f"{failure.job}: {failure.error}" for failure in failures))


def jobs_for(wish: PrintRequest, library: Sequence[PrintSource], settings: Settings) -> list[PrintJob]:
    """What to print. Raises WrongOrder."""
    validate_request(wish)
    told = select_sources(wish, library, settings)
    if wish.options.aisle:
        told = require_aisle(told, wish.options.aisle)
    names = wish.formats
    if not names and (wish.changed_since or wish.options.aisle):
        names = (formats.usual_format("changes" if wish.changed_since else "aisle").name,)
    if not names:
        return [print_jobs.howto_job(one, print_jobs.default_format(one.howto), wish.options) for one in told]
    found: list[PrintJob] = []
    for name in dict.fromkeys(names):
        format = formats.load_formats()[name]
        if format.holds == "one":
            found += [print_jobs.howto_job(one, name, wish.options) for one in told]
        elif format.fold == "two-up":
            found += two_up_jobs(told, name, wish.options)
        else:
            found.append(combined_job(wish, told, name, settings))
    return found


def validate_request(wish: PrintRequest) -> None:
    """Raise WrongOrder for a store, a title or a first label that cannot be."""
    if wish.options.store and not STORE_NUMBER.fullmatch(wish.options.store):
        raise InvalidRequest(f"store '{wish.options.store}': 1 to 5 figures or small letters, since they stand in every code")
    if found := letters.unprintable_characters(wish.options.title):
        raise InvalidRequest(
            f"title '{wish.options.title}': no font on paper has {letters.character_label(found[0])}; write the word"
        )
    if not 1 <= wish.options.start <= (each := label_sheets.stocks()[wish.options.stock].per_sheet):
        raise InvalidRequest(f"a sheet {wish.options.stock} has labels 1 to {each}, not {wish.options.start}")


def two_up_jobs(told: Sequence[PrintSource], format: str, order: PrintOptions) -> list[PrintJob]:
    """Two leaflets on a sheet: the two that were asked for, else each one twice."""
    if len(told) != 2:
        return [print_jobs.howto_job(one, format, order) for one in told]
    first, second = told
    return [
        replace(
            print_jobs.howto_job(first, format, order), name=f"{first.howto.slug}+{second.howto.slug}", sources=(first, second)
        )
    ]


def combined_job(wish: PrintRequest, told: Sequence[PrintSource], format: str, settings: Settings) -> PrintJob:
    """One file for all of them, named after what they have in common."""
    categories = {one.howto.category for one in told}
    category = categories.pop() if len(categories) == 1 else ""
    if wish.changed_since:
        name = f"changed-since-{wish.changed_since}"
    elif wish.options.aisle:
        name = f"aisle-{wish.options.aisle.casefold()}"
    else:
        name = told[0].howto.slug if len(told) == 1 else category or ("some" if wish.names else "all")
    title = wish.options.title or (
        told[0].howto.title if len(told) == 1 else print_jobs.category_title(category, told[0].howto.lang, settings)
    )
    return PrintJob(format, name, told[0].howto.lang, category, tuple(told), replace(wish.options, title=title))


# ---- which how-tos


def select_sources(wish: PrintRequest, library: Sequence[PrintSource], settings: Settings) -> list[PrintSource]:
    """Those that were named, in the language that was named, or in the library's own where a slug has more than one."""
    named = [one for name in (*wish.names, *wish.categories) for one in sources_named(name, library)] or list(library)
    if wish.lang:
        named = [one for one in named if one.howto.lang == wish.lang]
        if not named:
            langs = sorted({one.howto.lang for one in library})
            raise InvalidRequest(f"nothing of that is in '{wish.lang}'; there is {', '.join(langs)}")
    elif not wish.changed_since:  # a wrong leaflet is wrong in each language
        by_code = {name for name in wish.names if any(one.howto.code == name for one in library)}
        named = [one for one in named if one.howto.lang == settings.options.lang or one.howto.code in by_code] or named
    if wish.changed_since:
        named = with_outdated_prints(named, wish.changed_since, settings, wish.all_changes)
        if not named:
            raise NothingToDo(f"no leaflet must be printed again since {wish.changed_since}")
    return list({one.howto.page: one for one in named}.values())


class NothingToDo(Exception):
    """The order is right, and nothing need be printed for it."""


def sources_named(name: str, library: Sequence[PrintSource]) -> list[PrintSource]:
    found = [one for one in library if name in (one.howto.slug, one.howto.code, one.howto.category, *one.howto.formerly)]
    if not found:
        known = {text for one in library for text in (one.howto.slug, one.howto.code, one.howto.category)}
        hint = did_you_mean(name, sorted(known))
        raise InvalidRequest(f"no how-to, code or category is called '{name}'" + (f"; {hint}" if hint else ""))
    return found


def require_aisle(told: Sequence[PrintSource], aisle: str) -> list[PrintSource]:
    if found := sources_for_aisle(told, aisle):
        return found
    known = sorted({one for some in told for one in aisles_of(some.howto)})
    hint = did_you_mean(aisle, known) or f"aisles: {', '.join(known) or 'none'}"
    raise InvalidRequest(f"no how-to needs anything from aisle '{aisle}'; {hint}")


# ---- what must be printed again


def with_outdated_prints(
    told: Iterable[PrintSource], since: str, settings: Settings, all_changes: bool = False
) -> list[PrintSource]:
    """How-tos whose prints from before `since` (a date, or a tag of git) are dangerously wrong, or just old."""
    try:
        day = dt.date.fromisoformat(since)
    except ValueError:
        before = versions_at_tag(settings, since)
        return [one for one in told if changed_since_version(one.howto, before, all_changes)]
    return [one for one in told if corrected_since_day(one.howto, day, all_changes)]


def corrected_since_day(howto: HowTo, day: dt.date, all_changes: bool) -> bool:
    return any(one.date >= day for one in (howto.corrections if all_changes else howto.serious_corrections))


def changed_since_version(howto: HowTo, before: dict[str, str], all_changes: bool) -> bool:
    """What was not there then cannot be wrong on any shelf."""
    old = next((before[slug] for slug in (howto.slug, *howto.formerly) if slug in before), None)
    if old is None:
        return False
    newer = [howto.version] if all_changes else [one.version for one in howto.serious_corrections]
    return any(version_tuple(version) > version_tuple(old) for version in newer)


def versions_at_tag(settings: Settings, tag: str) -> dict[str, str]:
    try:
        return history.versions_at(settings.content, tag)
    except history.NoHistory as error:
        raise InvalidRequest(f"'{tag}' is no date (2026-05-01) and no tag of git: {error}") from None


# ---- handed over


def export_pdf(print: Print, folder: Path) -> Path:
    """A copy under a name for people: `wire-a-plug.en.booklet.pdf`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{print_jobs.safe_file_name(print.name) or 'all'}.{print.lang}.{print.format}.pdf"
    shutil.copyfile(print.leaflet.path, path)
    return path


def printing_advice(print: Print, order: PrintOptions) -> str:
    """What to tell the printer."""
    format = formats.load_formats()[print.format]
    if format.fold:
        cut = "cut along the dotted line" if format.fold == "two-up" else "fold once"
        return f"both sides, turned on the short edge; {cut}"
    if not format.page and not format.tiles:
        return f"on {order.stock}, first free label {order.start}; at 100 %"
    return f"on {format.sheet.upper()}" if format.sheet else "both sides" if print.leaflet.pages > 1 else ""
