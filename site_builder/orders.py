"""What staff ask of the print desk becomes jobs: which how-tos, in which formats; and what must be printed again."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from site_builder import desk
from site_builder.cache import Cache
from site_builder.desk import Job
from site_builder.events import Emit, Failed, Stage
from site_builder.leaflets import formats, sheets, typeset
from site_builder.leaflets.said import Order, Told, aisles, of_aisle
from site_builder.library import codes, history, letters
from site_builder.library.model import HowTo, Print, numbers
from site_builder.library.problems import did_you_mean
from site_builder.library.settings import Settings

STORE = re.compile(r"[0-9a-z]{1,5}")


class WrongOrder(Exception):
    """Nothing can be printed as it was asked for; says why, and what can."""


@dataclass(frozen=True)
class Wish:
    """As it was said on the command line. No name and no category means all; no format means each how-to's own."""

    names: tuple[str, ...] = ()  # slugs, codes or categories
    categories: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    lang: str | None = None
    changed_since: str | None = None  # a date, or a tag of git
    all_changes: bool = False  # also those that are not serious
    order: Order = typeset.PLAIN


def wished(
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
) -> Wish:
    """The words of the command line."""
    order = Order(store=store, title=title, stock=stock, start=start_at, aisle=aisle)
    return Wish(names, categories, formats, lang, changed_since, all_changes, order)


def carry_out(wish: Wish, library: Sequence[Told], settings: Settings, cache: Cache, workers: int, emit: Emit) -> list[Print]:
    """Print what was asked for; its codes stand in the registry before they are on paper, since paper lasts.

    Raises WrongOrder, NothingToDo, codes.NotRegistered, or NotPrinted.
    """
    wanted = jobs(wish, library, settings)
    howtos = [one.howto for job in wanted for one in job.told]
    today = dt.date.today().isoformat()
    if codes.register(settings.content, {howto.code: howto.registered_as for howto in howtos}, today):
        emit(Stage(f"new codes in {codes.where(settings.content)}: commit it"))
    made, failures = desk.print_all(wanted, settings, cache, workers, emit)
    if failures:
        raise NotPrinted(failures)
    return made


class NotPrinted(Exception):
    """Some prints failed."""

    def __init__(self, failures: list[Failed]) -> None:
        self.failures = tuple(failures)
        super().__init__("\n".join(f"{failure.job}: {failure.error}" for failure in failures))


def jobs(wish: Wish, library: Sequence[Told], settings: Settings) -> list[Job]:
    """What to print. Raises WrongOrder."""
    fits(wish)
    told = chosen(wish, library, settings)
    if wish.order.aisle:
        told = of_wanted_aisle(told, wish.order.aisle)
    names = wish.formats or (("pack",) if wish.changed_since else ("labels",) if wish.order.aisle else ())
    if not names:
        return [desk.of_one(one, desk.usual(one.howto), wish.order) for one in told]
    found: list[Job] = []
    for name in dict.fromkeys(names):
        format = formats.all()[name]
        if format.holds == "one":
            found += [desk.of_one(one, name, wish.order) for one in told]
        elif format.fold == "two-up":
            found += side_by_side(told, name, wish.order)
        else:
            found.append(together(wish, told, name, settings))
    return found


def fits(wish: Wish) -> None:
    """Raise WrongOrder for a store, a title or a first label that cannot be."""
    if wish.order.store and not STORE.fullmatch(wish.order.store):
        raise WrongOrder(f"store '{wish.order.store}': 1 to 5 figures or small letters, since they stand in every code")
    if found := letters.missing(wish.order.title):
        raise WrongOrder(f"title '{wish.order.title}': no font on paper has {letters.called(found[0])}; write the word")
    if not 1 <= wish.order.start <= (each := sheets.stocks()[wish.order.stock].each):
        raise WrongOrder(f"a sheet {wish.order.stock} has labels 1 to {each}, not {wish.order.start}")


def side_by_side(told: Sequence[Told], format: str, order: Order) -> list[Job]:
    """Two leaflets on a sheet: the two that were asked for, else each one twice."""
    if len(told) != 2:
        return [desk.of_one(one, format, order) for one in told]
    first, second = told
    return [replace(desk.of_one(first, format, order), name=f"{first.howto.slug}+{second.howto.slug}", told=(first, second))]


def together(wish: Wish, told: Sequence[Told], format: str, settings: Settings) -> Job:
    """One file for all of them, named after what they have in common."""
    categories = {one.howto.category for one in told}
    category = categories.pop() if len(categories) == 1 else ""
    if wish.changed_since:
        name = f"changed-since-{wish.changed_since}"
    elif wish.order.aisle:
        name = f"aisle-{wish.order.aisle.casefold()}"
    else:
        name = told[0].howto.slug if len(told) == 1 else category or ("some" if wish.names else "all")
    title = wish.order.title or (
        told[0].howto.title if len(told) == 1 else desk.title_of(category, told[0].howto.lang, settings)
    )
    return Job(format, name, told[0].howto.lang, category, tuple(told), replace(wish.order, title=title))


# ---- which how-tos


def chosen(wish: Wish, library: Sequence[Told], settings: Settings) -> list[Told]:
    """Those that were named, in the language that was named, or in the library's own where a slug has more than one."""
    named = [one for name in (*wish.names, *wish.categories) for one in of_name(name, library)] or list(library)
    if wish.lang:
        named = [one for one in named if one.howto.lang == wish.lang]
        if not named:
            langs = sorted({one.howto.lang for one in library})
            raise WrongOrder(f"nothing of that is in '{wish.lang}'; there is {', '.join(langs)}")
    elif not wish.changed_since:  # a wrong leaflet is wrong in each language
        by_code = {name for name in wish.names if any(one.howto.code == name for one in library)}
        named = [one for one in named if one.howto.lang == settings.options.lang or one.howto.code in by_code] or named
    if wish.changed_since:
        named = changed(named, wish.changed_since, settings, wish.all_changes)
        if not named:
            raise NothingToDo(f"no leaflet must be printed again since {wish.changed_since}")
    return list({one.howto.page: one for one in named}.values())


class NothingToDo(Exception):
    """The order is right, and nothing need be printed for it."""


def of_name(name: str, library: Sequence[Told]) -> list[Told]:
    found = [one for one in library if name in (one.howto.slug, one.howto.code, one.howto.category, *one.howto.formerly)]
    if not found:
        known = {text for one in library for text in (one.howto.slug, one.howto.code, one.howto.category)}
        hint = did_you_mean(name, sorted(known))
        raise WrongOrder(f"no how-to, code or category is called '{name}'" + (f"; {hint}" if hint else ""))
    return found


def of_wanted_aisle(told: Sequence[Told], aisle: str) -> list[Told]:
    if found := of_aisle(told, aisle):
        return found
    known = sorted({one for some in told for one in aisles(some.howto)})
    hint = did_you_mean(aisle, known) or f"aisles: {', '.join(known) or 'none'}"
    raise WrongOrder(f"no how-to needs anything from aisle '{aisle}'; {hint}")


# ---- what must be printed again


def changed(told: Iterable[Told], since: str, settings: Settings, all_changes: bool = False) -> list[Told]:
    """How-tos whose prints from before `since` (a date, or a tag of git) are dangerously wrong, or just old."""
    try:
        day = dt.date.fromisoformat(since)
    except ValueError:
        before = versions(settings, since)
        return [one for one in told if since_version(one.howto, before, all_changes)]
    return [one for one in told if since_day(one.howto, day, all_changes)]


def since_day(howto: HowTo, day: dt.date, all_changes: bool) -> bool:
    return any(one.date >= day for one in (howto.corrections if all_changes else howto.serious))


def since_version(howto: HowTo, before: dict[str, str], all_changes: bool) -> bool:
    """What was not there then cannot be wrong on any shelf."""
    old = next((before[slug] for slug in (howto.slug, *howto.formerly) if slug in before), None)
    if old is None:
        return False
    newer = [howto.version] if all_changes else [one.version for one in howto.serious]
    return any(numbers(version) > numbers(old) for version in newer)


def versions(settings: Settings, tag: str) -> dict[str, str]:
    try:
        return history.versions_at(settings.content, tag)
    except history.NoHistory as error:
        raise WrongOrder(f"'{tag}' is no date (2026-05-01) and no tag of git: {error}") from None


# ---- handed over


def hand_out(print: Print, folder: Path) -> Path:
    """A copy under a name for people: `wire-a-plug.en.booklet.pdf`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{desk.safe(print.name) or 'all'}.{print.lang}.{print.format}.pdf"
    shutil.copyfile(print.leaflet.path, path)
    return path


def advice(print: Print, order: Order) -> str:
    """What to tell the printer."""
    format = formats.all()[print.format]
    if format.fold:
        cut = "cut along the dotted line" if format.fold == "two-up" else "fold once"
        return f"both sides, turned on the short edge; {cut}"
    if not format.page and not format.tiles:
        return f"on {order.stock}, first free label {order.start}; at 100 %"
    return "on A3" if format.name == "poster" else "both sides" if print.leaflet.pages > 1 else ""
