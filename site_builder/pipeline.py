"""The pipeline: read and check what editors wrote, encode films, take stills, typeset leaflets. It knows all four rooms.

Publishing stands above it: `mkdocs_plugin` turns what is made here into pages, `build` puts them in place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from site_builder import pool
from site_builder.cache import Cache
from site_builder.events import Emit, Failed, ignore
from site_builder.films import ffmpeg, masters, scheduler, stills
from site_builder.films.job import FilmSpec, film_spec
from site_builder.leaflets import formats, print_jobs
from site_builder.leaflets.collection import PrintSource
from site_builder.library import captions, loading, playback
from site_builder.library.artifacts import Captions, Leaflet, Lesson, Master, Print, Rendition, Still
from site_builder.library.howto import HowTo
from site_builder.library.library import Library
from site_builder.library.problems import Problem, Problems
from site_builder.library.settings import Settings
from site_builder.memo import Memo
from site_builder.website.assets.material import unknown_icons
from site_builder.website.markdown import body_check
from site_builder.website.markdown.links import LinkMap
from site_builder.website.output.atomic_swap import blocked_reason

PosterAndStills = tuple[Still | None, dict[str, Still]]


@dataclass(frozen=True)
class CheckedLibrary:
    """A library without a mistake: how-tos, their masters and captions; and what is still to be told."""

    library: Library
    masters: Mapping[Path, Master]
    captions: Mapping[Path, Captions]
    warnings: tuple[Problem, ...]
    figure_paths: Mapping[str, Mapping[Path, bool]] = field(default_factory=dict)  # pictures within words, by page


@dataclass(frozen=True)
class BuildResult:
    """Everything that the site is published from."""

    library: Library
    lessons: tuple[Lesson, ...]
    problems: tuple[Problem, ...]  # warnings: the mistakes have stopped the build before this
    prints: tuple[Print, ...] = ()  # what lies on the print desk
    figures: Mapping[str, Mapping[Path, Still]] = field(default_factory=dict)  # pictures of the library's own pages, by address


class BuildFailed(Exception):
    """Some jobs failed. What was made is kept; the site is left as it was."""

    def __init__(self, failures: list[Failed]) -> None:
        self.failures = tuple(failures)
        super().__init__("\n".join(f"{failure.job}: {failure.error}" for failure in failures))


def make_artifacts(
    settings: Settings,
    cache: Cache,
    workers: int = 0,
    emit: Emit = ignore,
    only_cached: bool = False,
    shelf: Memo | None = None,
    checked: CheckedLibrary | None = None,
) -> BuildResult:
    """Check, then make what is not there yet: films, stills, leaflets. With `only_cached` no film is encoded."""
    workers = workers or pool.cores()
    checked = checked or check_library(settings, cache, shelf)
    jobs = scheduler.jobs_of(checked.masters.values(), settings.options, film_specs(checked, settings))
    films, failures = scheduler.encode_all(jobs, cache, workers, emit, only_cached)
    pictures, failed = make_stills(checked, settings, cache, workers, emit)
    figures, not_shown = make_figures(checked, settings, cache, workers, emit)
    wanted = list(print_jobs.all_jobs(print_sources(checked, pictures, films), settings))
    if only_cached:  # an author who looks at a page waits for its leaflet alone
        wanted = [job for job in wanted if job.format == print_jobs.default_format(job.sources[0].howto)]
    prints, not_set = print_jobs.print_all(wanted, settings, cache, workers, emit)
    if failures := [*failures, *failed, *not_shown, *not_set]:
        raise BuildFailed(failures)
    leaflets = {(print.name, print.lang, print.format): print.leaflet for print in prints}
    lessons = tuple(built_howto(howto, checked, films, pictures, leaflets, figures) for howto in checked.library.howtos)
    warnings = [*checked.warnings, *page_limit_warnings(lessons), *size_limit_warnings(lessons, prints)]
    raise_if_blocking(settings, warnings)
    own = {address: found for address, found in figures.items() if address not in {one.page for one in checked.library.howtos}}
    return BuildResult(checked.library, lessons, tuple(sorted(warnings)), tuple(prints), own)


def prepare_print(settings: Settings, cache: Cache, workers: int = 0, emit: Emit = ignore) -> list[PrintSource]:
    """All that a leaflet can be made from: how-tos with their stills, and what is known of films that are made already."""
    workers = workers or pool.cores()
    checked = check_library(settings, cache)
    jobs = scheduler.jobs_of(checked.masters.values(), settings.options, film_specs(checked, settings))
    films, _ = scheduler.encode_all(jobs, cache, workers, ignore, only_cached=True)
    pictures, failures = make_stills(checked, settings, cache, workers, emit)
    if failures:
        raise BuildFailed(failures)
    return print_sources(checked, pictures, films)


def print_sources(
    checked: CheckedLibrary, pictures: Mapping[str, PosterAndStills], films: Mapping[Path, tuple[Rendition, ...]]
) -> list[PrintSource]:
    """Each how-to whose pictures are there, with its film's length, and the bytes that its page names."""
    found = []
    for howto in checked.library.howtos:
        if howto.slug not in pictures:
            continue
        master = masters.master_of(howto, checked.masters)
        made = films.get(master.path, ()) if master else ()
        bytes = playback.film_bytes(renditions_for(howto, made))
        found.append(PrintSource(howto, pictures[howto.slug][1], master.seconds if master else None, bytes))
    return found


def check_library(settings: Settings, cache: Cache, shelf: Memo | None = None) -> CheckedLibrary:
    """Read everything that editors wrote. Raises Problems with all mistakes at once; warnings too where the build is strict."""
    library, problems = loading.load_library(settings, shelf)
    films, found = masters.read_masters(library.howtos, cache, settings)
    spoken, told = read_all_captions(library, films)
    shown, unread = body_check.check_bodies(LinkMap(library, settings), shelf or Memo())
    problems = [
        *settings.warnings,
        *problems,
        *found,
        *told,
        *print_jobs.check_formats(library.howtos),
        *unread,
        *unknown_icons(settings),
    ]
    problems += [*site_folder_problems(settings), *(() if settings.skips_mkdocs else mkdocs_problems(settings))]
    if not library.howtos and not problems:
        hint = "write the first with 'site-builder new wash-your-hands', or what it is called"
        problems.append(Problem(settings.content, 1, "there is no how-to here yet", hint))
    raise_if_blocking(settings, problems)
    return CheckedLibrary(library, films, spoken, tuple(sorted(p for p in problems if p.warning)), shown)


def mkdocs_problems(settings: Settings) -> list[Problem]:
    """What MkDocs would say of its own settings, where more stands there than we read."""
    from site_builder.website.markdown import mkdocs_complaints  # MkDocs takes a second to import

    return mkdocs_complaints.mkdocs_config_problems(settings)


def site_folder_problems(settings: Settings) -> Iterator[Problem]:
    """A folder for the site that a build must not replace."""
    name = settings.site.name
    if why := blocked_reason(settings.site, settings.root, (settings.content, settings.videos)):
        rows = settings.file.read_text("utf-8", "replace").split("\n")
        line = next((number for number, row in enumerate(rows, start=1) if row.startswith("site_dir:")), 1)
        hint = f"move it away, or name another folder: 'site_dir: {'public' if name == 'site' else 'site'}'"
        yield Problem(settings.file, line, f"'{name}' {why}", hint)


def raise_if_blocking(settings: Settings, problems: list[Problem]) -> None:
    if any(not p.warning or settings.options.strict for p in problems):
        raise Problems(problems)


def read_all_captions(library: Library, films: Mapping[Path, Master]) -> tuple[dict[Path, Captions], list[Problem]]:
    """Each caption file once, held against its film's length."""
    found: dict[Path, Captions] = {}
    tried: set[Path] = set()
    problems = []
    for howto in library.howtos:
        for path in howto.captions.values():
            if path not in tried and path.is_file():
                tried.add(path)
                master = masters.master_of(howto, films)
                said, told = captions.read_caption_file(path, master.seconds if master else None)
                found |= {path: said} if said else {}
                problems += told
    return found, problems


def film_specs(checked: CheckedLibrary, settings: Settings) -> dict[Path, FilmSpec]:
    """What the how-tos say of their films; of those that share one, the first."""
    found: dict[Path, FilmSpec] = {}
    for howto in checked.library.howtos:
        master = masters.master_of(howto, checked.masters)
        if master and howto.lang == howto.base_lang:
            found.setdefault(master.path, film_spec(howto, master, f"{settings.short_url_text}/{howto.code}"))
    return found


def make_stills(
    checked: CheckedLibrary, settings: Settings, cache: Cache, workers: int, emit: Emit
) -> tuple[dict[str, PosterAndStills], list[Failed]]:
    """Poster and stills of each how-to, by slug: all its languages show the same."""
    base = [howto for howto in checked.library.howtos if howto.lang == howto.base_lang]
    failures = []
    found: dict[str, PosterAndStills] = {}

    def work(howto: HowTo) -> PosterAndStills:
        return stills.stills_of_howto(
            howto,
            masters.master_of(howto, checked.masters),
            cache,
            settings.options,
            len(checked.figure_paths.get(howto.page, ())),
        )

    for howto, result in pool.run_jobs(base, work, (ffmpeg.ToolFailed, stills.UnusablePicture), workers):
        if isinstance(result, Exception):
            failures.append(Failed("still", howto.slug, str(result)))
            emit(failures[-1])
        else:
            found[howto.slug] = result
    return found, failures


def make_figures(
    checked: CheckedLibrary, settings: Settings, cache: Cache, workers: int, emit: Emit
) -> tuple[dict[str, Mapping[Path, Still]], list[Failed]]:
    """The pictures within words, by the address of their page."""
    howtos = {howto.page: howto for howto in checked.library.howtos}
    failures = []
    found: dict[str, Mapping[Path, Still]] = {}

    def work(page: str) -> Mapping[Path, Still]:
        return stills.figure_stills(checked.figure_paths[page], howtos.get(page), cache, settings.options)

    for page, result in pool.run_jobs([*checked.figure_paths], work, (stills.UnusablePicture,), workers):
        if isinstance(result, Exception):
            failures.append(Failed("picture", page, str(result)))
            emit(failures[-1])
        else:
            found[page] = result
    return found, failures


def built_howto(
    howto: HowTo,
    checked: CheckedLibrary,
    films: Mapping[Path, tuple[Rendition, ...]],
    pictures: Mapping[str, PosterAndStills],
    leaflets: Mapping[tuple[str, str, str], Leaflet],
    figures: Mapping[str, Mapping[Path, Still]],
) -> Lesson:
    """A how-to with all that was made of it."""
    master = masters.master_of(howto, checked.masters)
    poster, stills = pictures[howto.slug]
    return Lesson(
        howto=howto,
        master=master,
        renditions=renditions_for(howto, films.get(master.path, ())) if master else (),
        poster=poster,
        stills=stills,
        captions={lang: checked.captions[path] for lang, path in howto.captions.items() if path in checked.captions},
        leaflet=leaflets[howto.slug, howto.lang, print_jobs.default_format(howto)],
        figures=figures.get(howto.page, {}),
    )


def page_limit_warnings(lessons: Sequence[Lesson]) -> Iterator[Problem]:
    """Leaflets that take more pages than their how-tos allow: type is not made too small to read for it."""
    for lesson in lessons:
        howto, most = lesson.howto, lesson.howto.leaflet.pages
        if lesson.leaflet and most and lesson.leaflet.pages > most:
            message = f"its {print_jobs.default_format(howto)} takes {lesson.leaflet.pages} pages, 'leaflet' allows {most}"
            hint = "say it in fewer words, print fewer pictures ('picture_steps'), or allow more"
            yield Problem(howto.source, howto.line("leaflet", "pages"), message, hint, warning=True)


def size_limit_warnings(lessons: Sequence[Lesson], prints: Sequence[Print]) -> Iterator[Problem]:
    """Leaflets whose words alone weigh more than their file may: its pictures are as small as can be by then."""
    howtos = {(lesson.howto.slug, lesson.howto.lang): lesson.howto for lesson in lessons}
    for print in prints:
        format, howto = formats.load_formats()[print.format], howtos.get((print.name, print.lang))
        if howto and format.for_one_howto and print.leaflet.bytes > format.max_bytes():
            message = f"printed as '{print.format}' it weighs {print.leaflet.bytes:,} bytes; {format.max_bytes():,} are allowed"
            hint = "say it in fewer words, or take a logo of fewer bytes"
            yield Problem(howto.source, howto.line("title"), message, hint, warning=True)


def renditions_for(howto: HowTo, films: Sequence[Rendition]) -> tuple[Rendition, ...]:
    """The renditions for a how-to's language: with its own narration, else in the base language's, else the master's."""
    told = {film.lang for film in films}
    lang = next((lang for lang in (howto.lang, howto.base_lang) if lang in told), "")
    return tuple(film for film in films if film.lang == lang)
