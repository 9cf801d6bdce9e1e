"""The story of a build: load, film, picture, print, publish. It alone knows all four rooms."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from site_builder import desk, pool
from site_builder.cache import Cache, sweep_drafts, write_whole
from site_builder.events import Emit, Failed, Stage, ignore
from site_builder.films import ffmpeg, masters, studio
from site_builder.films.encode import Script
from site_builder.leaflets import formats
from site_builder.leaflets.said import Told
from site_builder.library import captions, codes, content, playback
from site_builder.library.content import Library
from site_builder.library.files import MASTERS
from site_builder.library.model import Captions, HowTo, Leaflet, Lesson, Master, Print, Rendition, Still
from site_builder.library.problems import FULL, Problem, Problems
from site_builder.library.settings import Settings
from site_builder.shelf import Shelf, shelf_in
from site_builder.website import markup
from site_builder.website.links import Map
from site_builder.website.swap import draft_of, refused, swap

TAKES = 4  # times its budgets that a film takes while it is made: tries, sound, and its copy in the site
HOWTO_BYTES = 1_500_000  # of a how-to without its film, in the cache and in the site

Pictures = tuple[Still | None, dict[str, Still]]


@dataclass(frozen=True)
class Checked:
    """A library without a mistake: how-tos, their masters and captions; and what is still to be told."""

    library: Library
    masters: Mapping[Path, Master]
    captions: Mapping[Path, Captions]
    warnings: tuple[Problem, ...]
    shown: Mapping[str, Mapping[Path, bool]] = field(default_factory=dict)  # pictures within words, by page


@dataclass(frozen=True)
class Made:
    """Everything that the site is published from."""

    library: Library
    lessons: tuple[Lesson, ...]
    problems: tuple[Problem, ...]  # warnings: the mistakes have stopped the build before this
    prints: tuple[Print, ...] = ()  # what lies on the print desk
    figures: Mapping[str, Mapping[Path, Still]] = field(default_factory=dict)  # pictures of the library's own pages, by address


class NotMade(Exception):
    """Some jobs failed. What was made is kept; the site is left as it was."""

    def __init__(self, failures: list[Failed]) -> None:
        self.failures = tuple(failures)
        super().__init__("\n".join(f"{failure.job}: {failure.error}" for failure in failures))


def build(settings: Settings, cache: Cache, workers: int = 0, emit: Emit = ignore) -> Made:
    """Make everything and replace the site. Raises Problems or codes.NotRegistered (nothing was made),
    or NotMade (the site is as it was)."""
    settings = settings.model_copy(update={"site": settings.site.resolve()})  # a link stays one: what it leads to is replaced
    cache.sweep()
    sweep_drafts(settings.content.glob(f".{codes.REGISTRY}.*"))
    with saying_how_much_room(settings, cache), shelf_in(cache.root, cache.pages_path.name) as shelf:
        checked = check(settings, cache, shelf)
        register_codes(settings, checked.library, emit)
        made = make(settings, cache, workers, emit, shelf=shelf, checked=checked)
        emit(Stage("pages"))
        with draft_of(settings.site) as draft:
            warnings = publish_site(settings, made, draft, shelf, lambda words: emit(Stage(words)))
            stop_at(settings, warnings)
            swap(draft, settings.site)
    cache.remember_used()
    write_whole(cache.account_path, account(made))
    for words in mended(cache, shelf):
        emit(Stage(words))
    return replace(made, problems=tuple(dict.fromkeys((*made.problems, *warnings))))


def account(made: Made) -> str:
    """The build's own account, as JSON: what each file of film cost, and whether this build made it. It is not published: the
    site is the same whoever builds it."""
    films = {film.key: film for lesson in made.lessons for film in lesson.renditions}
    rows = [{"key": key, "rung": one.rung.name, "cpu_s": one.cpu_s, "from_cache": one.from_cache} for key, one in films.items()]
    return json.dumps({"films": rows}, indent=1)


@contextmanager
def saying_how_much_room(settings: Settings, cache: Cache) -> Iterator[None]:
    """Add to the error of a full disk what the whole library takes, less what is there already."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            with suppress(OSError):
                error.needed = room_needed(settings, cache)  # type: ignore[attr-defined]
        raise


def room_needed(settings: Settings, cache: Cache) -> int:
    """Bytes that are still to be written, about: each film on all rungs, with its takes and a copy in the site; of each how-to
    its pages, pictures and prints."""
    films = len([path for path in settings.videos.glob("*") if path.suffix.lower() in MASTERS])
    howtos = len(list(content.pages(settings)))
    whole = films * TAKES * sum(rung.budget for rung in settings.options.rungs) + howtos * HOWTO_BYTES
    there = sum(path.stat().st_size for folder in (cache.root, settings.site) for path in folder.rglob("*") if path.is_file())
    return max(1_000_000, whole - there)


def mended(cache: Cache, shelf: Shelf) -> Iterator[str]:
    """What was damaged in the cache, and is not any more."""
    if cache.damaged:
        names = [path.relative_to(cache.root).as_posix() for path in dict.fromkeys(cache.damaged)]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        yield f"damaged in the cache, and made again: {', '.join(names[:3])}{more}"
    if shelf.renewed:
        yield f"damaged in the cache, and begun anew: {shelf.file.name if shelf.file else ''}"
    elif shelf.damaged:
        yield f"damaged in the cache, and made again: {shelf.damaged} of the pages"


def make(
    settings: Settings,
    cache: Cache,
    workers: int = 0,
    emit: Emit = ignore,
    only_cached: bool = False,
    shelf: Shelf | None = None,
    checked: Checked | None = None,
) -> Made:
    """Check, then make what is not there yet: films, stills, leaflets. With `only_cached` no film is encoded."""
    workers = workers or pool.cores()
    checked = checked or check(settings, cache, shelf)
    jobs = studio.jobs_of(checked.masters.values(), settings.options, scripts_of(checked, settings))
    films, failures = studio.encode_all(jobs, cache, workers, emit, only_cached)
    pictures, failed = picture_all(checked, settings, cache, workers, emit)
    figures, not_shown = figure_all(checked, settings, cache, workers, emit)
    wanted = list(desk.everything(told_all(checked, pictures, films), settings))
    if only_cached:  # an author who looks at a page waits for its leaflet alone
        wanted = [job for job in wanted if job.format == desk.usual(job.told[0].howto)]
    prints, not_set = desk.print_all(wanted, settings, cache, workers, emit)
    if failures := [*failures, *failed, *not_shown, *not_set]:
        raise NotMade(failures)
    leaflets = {(print.name, print.lang, print.format): print.leaflet for print in prints}
    lessons = tuple(lesson(howto, checked, films, pictures, leaflets, figures) for howto in checked.library.howtos)
    warnings = [*checked.warnings, *too_long(lessons), *too_heavy(lessons, prints)]
    stop_at(settings, warnings)
    own = {address: found for address, found in figures.items() if address not in {one.page for one in checked.library.howtos}}
    return Made(checked.library, lessons, tuple(sorted(warnings)), tuple(prints), own)


def to_print(settings: Settings, cache: Cache, workers: int = 0, emit: Emit = ignore) -> list[Told]:
    """All that a leaflet can be made from: how-tos with their stills, and what is known of films that are made already."""
    workers = workers or pool.cores()
    checked = check(settings, cache)
    jobs = studio.jobs_of(checked.masters.values(), settings.options, scripts_of(checked, settings))
    films, _ = studio.encode_all(jobs, cache, workers, ignore, only_cached=True)
    pictures, failures = picture_all(checked, settings, cache, workers, emit)
    if failures:
        raise NotMade(failures)
    return told_all(checked, pictures, films)


def told_all(checked: Checked, pictures: Mapping[str, Pictures], films: Mapping[Path, tuple[Rendition, ...]]) -> list[Told]:
    """Each how-to whose pictures are there, with its film's length, and the bytes that its page names."""
    found = []
    for howto in checked.library.howtos:
        if howto.slug not in pictures:
            continue
        master = masters.of(howto, checked.masters)
        made = films.get(master.path, ()) if master else ()
        bytes = playback.film_bytes(spoken(howto, made))
        found.append(Told(howto, pictures[howto.slug][1], master.seconds if master else None, bytes))
    return found


def check(settings: Settings, cache: Cache, shelf: Shelf | None = None) -> Checked:
    """Read everything that editors wrote. Raises Problems with all mistakes at once; warnings too where the build is strict."""
    library, problems = content.load_all(settings, shelf)
    films, found = masters.read_all(library.howtos, cache, settings)
    spoken, told = read_captions(library, films)
    shown, unread = markup.check(Map(library, settings), shelf or Shelf())
    problems = [*settings.warnings, *problems, *found, *told, *desk.wrong_wishes(library.howtos), *unread]
    problems += [*no_place(settings), *(() if settings.plain else wrong_to_mkdocs(settings))]
    if not library.howtos and not problems:
        hint = "write the first with 'site-builder new wash-your-hands', or what it is called"
        problems.append(Problem(settings.content, 1, "there is no how-to here yet", hint))
    stop_at(settings, problems)
    return Checked(library, films, spoken, tuple(sorted(p for p in problems if p.warning)), shown)


def wrong_to_mkdocs(settings: Settings) -> list[Problem]:
    """What MkDocs would say of its own settings, where more stands there than we read."""
    from site_builder.website import plugin  # MkDocs takes a second to import

    return plugin.wrong_settings(settings)


def no_place(settings: Settings) -> Iterator[Problem]:
    """A folder for the site that a build must not replace."""
    name = settings.site.name
    if why := refused(settings.site, settings.root, (settings.content, settings.videos)):
        rows = settings.file.read_text("utf-8", "replace").split("\n")
        line = next((number for number, row in enumerate(rows, start=1) if row.startswith("site_dir:")), 1)
        hint = f"move it away, or name another folder: 'site_dir: {'public' if name == 'site' else 'site'}'"
        yield Problem(settings.file, line, f"'{name}' {why}", hint)


def stop_at(settings: Settings, problems: list[Problem]) -> None:
    if any(not p.warning or settings.options.strict for p in problems):
        raise Problems(problems)


def register_codes(settings: Settings, library: Library, emit: Emit) -> None:
    """Bring the registry up to date with the library. A strict build, in CI, does without where it may not write.

    Raises codes.NotRegistered.
    """
    strict = settings.options.strict
    since = dt.date.today().isoformat() if strict else codes.UNPRINTED
    try:
        new = codes.register(settings.content, {howto.code: howto.registered_as for howto in library.howtos}, since)
        codes.forget(settings.content, library.gone)
    except codes.NotRegistered as error:
        if not strict:
            raise
        emit(Stage(f"{error.said}; a strict build goes on without"))
        return
    if new or library.gone:
        what = "new codes in" if new else "codes of how-tos that are gone taken out of"
        emit(Stage(f"{what} {codes.where(settings.content)}: commit it"))


def read_captions(library: Library, films: Mapping[Path, Master]) -> tuple[dict[Path, Captions], list[Problem]]:
    """Each caption file once, held against its film's length."""
    found: dict[Path, Captions] = {}
    tried: set[Path] = set()
    problems = []
    for howto in library.howtos:
        for path in howto.captions.values():
            if path not in tried and path.is_file():
                tried.add(path)
                master = masters.of(howto, films)
                said, told = captions.read(path, master.seconds if master else None)
                found |= {path: said} if said else {}
                problems += told
    return found, problems


def scripts_of(checked: Checked, settings: Settings) -> dict[Path, Script]:
    """What the how-tos say of their films; of those that share one, the first."""
    found: dict[Path, Script] = {}
    for howto in checked.library.howtos:
        master = masters.of(howto, checked.masters)
        if master and howto.lang == howto.base_lang:
            found.setdefault(master.path, studio.script(howto, master, f"{settings.short_words}/{howto.code}"))
    return found


def picture_all(
    checked: Checked, settings: Settings, cache: Cache, workers: int, emit: Emit
) -> tuple[dict[str, Pictures], list[Failed]]:
    """Poster and stills of each how-to, by slug: all its languages show the same."""
    base = [howto for howto in checked.library.howtos if howto.lang == howto.base_lang]
    failures = []
    found: dict[str, Pictures] = {}

    def work(howto: HowTo) -> Pictures:
        return studio.picture_all(
            howto, masters.of(howto, checked.masters), cache, settings.options, len(checked.shown.get(howto.page, ()))
        )

    for howto, result in pool.each(base, work, (ffmpeg.ToolFailed, studio.NoPicture), workers):
        if isinstance(result, Exception):
            failures.append(Failed("still", howto.slug, str(result)))
            emit(failures[-1])
        else:
            found[howto.slug] = result
    return found, failures


def figure_all(
    checked: Checked, settings: Settings, cache: Cache, workers: int, emit: Emit
) -> tuple[dict[str, Mapping[Path, Still]], list[Failed]]:
    """The pictures within words, by the address of their page."""
    howtos = {howto.page: howto for howto in checked.library.howtos}
    failures = []
    found: dict[str, Mapping[Path, Still]] = {}

    def work(page: str) -> Mapping[Path, Still]:
        return studio.figures(checked.shown[page], howtos.get(page), cache, settings.options)

    for page, result in pool.each([*checked.shown], work, (studio.NoPicture,), workers):
        if isinstance(result, Exception):
            failures.append(Failed("picture", page, str(result)))
            emit(failures[-1])
        else:
            found[page] = result
    return found, failures


def lesson(
    howto: HowTo,
    checked: Checked,
    films: Mapping[Path, tuple[Rendition, ...]],
    pictures: Mapping[str, Pictures],
    leaflets: Mapping[tuple[str, str, str], Leaflet],
    figures: Mapping[str, Mapping[Path, Still]],
) -> Lesson:
    """A how-to with all that was made of it."""
    master = masters.of(howto, checked.masters)
    poster, stills = pictures[howto.slug]
    return Lesson(
        howto=howto,
        master=master,
        renditions=spoken(howto, films.get(master.path, ())) if master else (),
        poster=poster,
        stills=stills,
        captions={lang: checked.captions[path] for lang, path in howto.captions.items() if path in checked.captions},
        leaflet=leaflets[howto.slug, howto.lang, desk.usual(howto)],
        figures=figures.get(howto.page, {}),
    )


def too_long(lessons: Sequence[Lesson]) -> Iterator[Problem]:
    """Leaflets that take more pages than their how-tos allow: type is not made too small to read for it."""
    for lesson in lessons:
        howto, most = lesson.howto, lesson.howto.leaflet.pages
        if lesson.leaflet and most and lesson.leaflet.pages > most:
            message = f"its {desk.usual(howto)} takes {lesson.leaflet.pages} pages, 'leaflet' allows {most}"
            hint = "say it in fewer words, print fewer pictures ('picture_steps'), or allow more"
            yield Problem(howto.source, howto.line("leaflet", "pages"), message, hint, warning=True)


def too_heavy(lessons: Sequence[Lesson], prints: Sequence[Print]) -> Iterator[Problem]:
    """Leaflets whose words alone weigh more than their file may: its pictures are as small as can be by then."""
    howtos = {(lesson.howto.slug, lesson.howto.lang): lesson.howto for lesson in lessons}
    for print in prints:
        format, howto = formats.all()[print.format], howtos.get((print.name, print.lang))
        if howto and format.alone and print.leaflet.bytes > format.limit():
            message = f"printed as '{print.format}' it weighs {print.leaflet.bytes:,} bytes; {format.limit():,} are allowed"
            hint = "say it in fewer words, or take a logo of fewer bytes"
            yield Problem(howto.source, howto.line("title"), message, hint, warning=True)


def spoken(howto: HowTo, films: Sequence[Rendition]) -> tuple[Rendition, ...]:
    """The renditions for a how-to's language: with its own narration, else in the base language's, else the master's."""
    told = {film.lang for film in films}
    lang = next((lang for lang in (howto.lang, howto.base_lang) if lang in told), "")
    return tuple(film for film in films if film.lang == lang)


def publish_site(
    settings: Settings, made: Made, into: Path, shelf: Shelf | None = None, note: Callable[[str], object] = str
) -> list[Problem]:
    """The site into a folder, which then holds nothing else; returns what only shows when pages are made. Raises Problems."""
    from site_builder.website import plugin  # MkDocs takes a second to import: `check` and `make` do without it

    return plugin.build_site(settings, made, into, shelf, note)
