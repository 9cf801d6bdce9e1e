"""The command line: parse, call one verb, show.

Exit codes: 0 done, 1 an editor's mistakes, 2 wrong use of a command, 3 a tool or the system failed (a full disk, too little
memory), 130 stopped.
"""

from __future__ import annotations

import datetime as dt
import errno
import gc
import json
import os
import sys
from inspect import cleandoc
from pathlib import Path
from typing import Any, get_args

import click

from site_builder import __version__, build, console, pipeline, pool, tables
from site_builder.cache import BrokenUsedList, Cache
from site_builder.doctor import diagnose
from site_builder.failures import EXIT_TOOL_FAILED, report_errors
from site_builder.films import scheduler
from site_builder.leaflets import formats, label_sheets, print_requests, qr
from site_builder.library import scaffold, schemas, settings, settings_file
from site_builder.library.ladder import LADDER
from site_builder.library.problems import Problem, Problems
from site_builder.library.settings import Effort, Settings

PRINT_FORMATS = formats.load_formats()
# Objects made before Python looks for garbage. A library's live until the end: to look through all of them again and again,
# as Python does from 700 on, took a seventh of a build of 4,000 how-tos, and found next to nothing.
GC_THRESHOLDS = (100_000, 50, 100)

config = click.option(
    "--config", "-f", default="mkdocs.yml", show_default=True, type=click.Path(path_type=Path), help="The settings file."
)
cache_dir = click.option(
    "--cache-dir",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SITE_BUILDER_CACHE",
    help="Where made files are kept [default: .cache beside the settings, or in --out; or SITE_BUILDER_CACHE].",
)
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout, for programs.")
strict = click.option("--strict", is_flag=True, help="Warnings stop the build too. For CI, and before publishing.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """How-tos and one-minute films in, a library for phones and a counter full of leaflets out.

    Write how-tos in content/, put films in videos/, settings in mkdocs.yml; then:

    \b
      site-builder check     what is wrong, at file and line
      site-builder build     makes site/
      site-builder serve     shows it on this machine
      site-builder print     leaflets, packs, labels and posters
    """
    gc.set_threshold(*GC_THRESHOLDS)


@main.command("build")
@config
@cache_dir
@click.option("--effort", type=click.Choice(get_args(Effort)), help="How hard the encoders try [default: the setting].")
@click.option("--jobs", "-j", default=0, help="Films encoded at a time [default: one a core].")
@strict
@as_json
def build_command(config: Path, cache_dir: Path | None, effort: Effort | None, jobs: int, strict: bool, as_json: bool) -> None:
    """Make everything that is not made yet, and replace site/ as a whole."""
    with report_errors(config, as_json):
        chosen = read_settings(config, strict, effort, cache_dir)
        cache = open_cache(chosen, cache_dir)
        with cache.lock_build(announce_wait), console.console_listener(as_json) as show:
            made = build.build(chosen, cache, jobs, show)
        console.show_problems(made.problems, as_json, chosen.root)
        if not as_json:
            tables.show_summary(chosen, made)


@main.command()
@config
@cache_dir
@strict
@as_json
def check(config: Path, cache_dir: Path | None, strict: bool, as_json: bool) -> None:
    """Read every how-to, film and caption, and tell what is wrong. Makes nothing."""
    with report_errors(config, as_json):
        chosen = read_settings(config, strict, cache_dir=cache_dir)
        found = pipeline.check_library(chosen, open_cache(chosen, cache_dir))
        console.show_problems(found.warnings, as_json, chosen.root)
        if not as_json:
            howtos, films = console.plural(len(found.library.howtos), "how-to"), console.plural(len(found.masters), "film")
            console.to_stderr(f"{howtos}, {films}, no mistake; {console.plural(len(found.warnings), 'warning')}")


@main.command()
@config
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 shows it to phones on the same network too.")
@click.option("--port", default=8000, type=click.IntRange(0, 65535), show_default=True, help="0 takes a free one.")
def serve(config: Path, host: str, port: int) -> None:
    """Show the built site on this machine as a good host would: compressed, and films in ranges.

    With --host 0.0.0.0, phones on the same network see it too; the address is then shown as a code to scan.
    """
    from site_builder.website.output import server as server

    with report_errors(config):
        chosen = read_settings(config)
        if not (chosen.site / "index.html").is_file():
            hint = "run 'site-builder build' first"
            raise Problems([Problem(chosen.site, 1, "there is no built site here", hint)])

        def ready(url: str) -> None:
            console.to_stdout(f"{url}  (Ctrl-C ends it)")
            if not server.is_loopback(host):
                tables.show_qr_code(qr.symbol_for(url).rows)
                console.to_stderr(
                    "Scan it with a phone on the same network. Until Ctrl-C, everybody on that network can see this site. "
                    "'Save on this phone' needs https, and is not offered there."
                )

        try:
            server.serve(chosen.site, host, port, ready)
        except OSError as error:
            other = "--host 0.0.0.0" if error.errno == errno.EADDRNOTAVAIL else "--port 0"
            where = f"port {port}" if server.is_loopback(host) else f"host {host}, port {port}"
            raise click.UsageError(f"{where} cannot be used: {error.strerror}; try {other}") from None


@main.command("print")
@config
@cache_dir
@click.argument("names", nargs=-1, metavar="[HOW-TO|CODE|CATEGORY]...")
@click.option("--format", "-F", "formats", multiple=True, type=click.Choice(list(PRINT_FORMATS)), help="May be repeated.")
@click.option("--category", "-c", "categories", multiple=True, help="All how-tos of a category; may be repeated.")
@click.option("--lang", help="Only this language [default: the library's own].")
@click.option("--store", default="", help="The store's number: stands in every code, so that its prints can be told apart.")
@click.option("--title", default="", help="On a pack or a poster [default: the category's, or the library's].")
@click.option(
    "--stock", type=click.Choice(list(label_sheets.stocks())), default="L7160", show_default=True, help="Label sheet."
)
@click.option("--start-at", default=1, show_default=True, metavar="N", help="First label that is still on a part-used sheet.")
@click.option("--aisle", default="", help="Labels of how-tos that need something from this aisle, with names and SKUs.")
@click.option("--changed-since", metavar="DATE|TAG", help="What must be printed again: corrected seriously since then.")
@click.option("--all-changes", is_flag=True, help="With --changed-since: what changed at all, be it serious or not.")
@click.option("--out", default="printed", show_default=True, type=click.Path(file_okay=False, path_type=Path), help="Folder.")
@click.option("--jobs", "-j", default=0, help="Prints made at a time [default: one a core].")
@as_json
def print_command(config: Path, cache_dir: Path | None, out: Path, jobs: int, as_json: bool, **said: Any) -> None:
    """Print how-tos for the counter, the shelf and the wall: PDFs, ready for an office printer.

    Names are how-tos (wire-a-plug), codes (c9b) or categories (electrical); with none, the whole library.

    \b
    Formats:
    {formats}

    \b
      site-builder print wire-a-plug                        its leaflet, in its own format
      site-builder print -F pack -c electrical --store 14   a morning's leaflets for store 14
      site-builder print -F labels --aisle Timber --start-at 5
      site-builder print --changed-since 2026-05-01         what must replace older prints
    """
    with report_errors(config, as_json):
        chosen = read_settings(config)
        wish = print_requests.from_cli(**said)
        cache = open_cache(chosen, cache_dir)
        with cache.lock_build(announce_wait), console.console_listener(as_json) as show:
            made = print_requests.run_request(
                wish, pipeline.prepare_print(chosen, cache, jobs, show), chosen, cache, jobs or pool.cores(), show
            )
        tables.show_prints(
            [(print_requests.export_pdf(one, out), one, print_requests.printing_advice(one, wish.options)) for one in made],
            as_json,
        )


print_command.help = cleandoc(print_command.help or "").replace(
    "{formats}", "\n".join(f"  {one.name:9} {one.short_description}" for one in PRINT_FORMATS.values())
)


@main.command()
@click.argument("masters", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to write to.")
@click.option("--rung", "names", multiple=True, type=click.Choice(list(LADDER)), help="Only this; may be repeated.")
@click.option("--budget", type=click.IntRange(min=10_001), help="Bytes of a whole file, in place of each rung's own.")
@click.option("--per-minute", is_flag=True, help="Budgets are for a minute of film: a film of 20 s has a third.")
@click.option("--effort", type=click.Choice(get_args(Effort)), default="normal", show_default=True, help="How hard to try.")
@click.option("--jobs", "-j", default=0, help="Films encoded at a time [default: one a core].")
@cache_dir
@as_json
def film(
    masters: tuple[Path, ...],
    out: Path,
    names: tuple[str, ...],
    budget: int | None,
    per_minute: bool,
    effort: Effort,
    jobs: int,
    cache_dir: Path | None,
    as_json: bool,
) -> None:
    """See what a film will cost: make it on every rung, outside any library, and print the table.

    Prices are at the tariff of the mkdocs.yml that is here, else at the dearest that is known.
    """
    with report_errors(Path("mkdocs.yml"), as_json):
        here = settings_file.try_load_settings(Path("mkdocs.yml"))[0]
        tariff = here.tariff if here else settings.DEFAULT_TARIFFS[0]
        ladder = {name: row for name, row in LADDER.items() if not names or name in names}
        if budget:
            ladder = {name: row.model_copy(update={"budget": budget}) for name, row in ladder.items()}
        if len({path.stem for path in masters}) < len(masters):
            raise click.UsageError("two masters have one name, and so would their films")
        cache = Cache((cache_dir or out / ".cache").resolve())
        with cache.lock_build(announce_wait), console.console_listener(False) as show:
            flaws = scheduler.problems_of_files(masters, cache)
            if any(not flaw.warning for flaw in flaws):
                raise Problems(flaws)
            options = settings.Options(ladder=ladder, effort=effort)
            made, failures = scheduler.encode_files(masters, options, cache, jobs, show, per_minute)
        console.show_problems(flaws, as_json, Path.cwd())
        for master, films in made:
            tables.show_films([(scheduler.export_rendition(one, master.stem, out), one) for one in films], as_json, tariff)
        if failures:
            raise pipeline.BuildFailed(failures)


@main.command()
@config
@click.argument("slug", metavar="NAME")
@click.option("--category", "-c", help="Its folder [default: the first of the settings].")
def new(config: Path, slug: str, category: str | None) -> None:
    """Write content/<category>/NAME.md, complete but for its TODOs; and what a new library lacks (.gitignore, schemas).

    NAME is its address too: small letters and hyphens, as in wash-your-hands.
    """
    with report_errors(config):
        chosen = read_settings(config)
        folder = category or next((c.slug for c in chosen.categories), "general")
        path = scaffold.create_howto(chosen, slug, folder, dt.date.today().isoformat())
        console.to_stdout(console.display_path(path, chosen.root))
        beside = [*schemas.write_schemas(chosen.content, again=False), scaffold.write_gitignore(chosen)]
        for extra in filter(None, beside):
            console.to_stderr(f"{console.display_path(extra, chosen.root)} was not there yet: commit it too")
        console.to_stderr("Fill in what says TODO, then run 'site-builder check'.")


@main.command()
@config
def doctor(config: Path) -> None:
    """Say which tools, versions and encoders are in use, and what is missing."""
    with report_errors(config):
        missing = list(tables.show_diagnosis(diagnose(config)))
        if missing:
            console.to_stderr(f"missing: {', '.join(missing)}")
            sys.exit(EXIT_TOOL_FAILED)


@main.command()
@config
@click.option("--write", is_flag=True, help="Write them into the content folder, where the how-tos name them.")
def schema(config: Path, write: bool) -> None:
    """Print the JSON Schema of a how-to, with which editors complete and check while typing."""
    with report_errors(config):
        if not write:
            console.to_stdout(schemas.SCHEMAS["howto.schema.json"]().rstrip())
            return
        folder = read_settings(config).content
        for path in schemas.write_schemas(folder):
            console.to_stdout(console.display_path(path, folder.parent))


@main.group("cache")
def cache_group() -> None:
    """The files that were made: how many, why, and which may go."""


@cache_group.command("size")
@config
@cache_dir
def cache_size(config: Path, cache_dir: Path | None) -> None:
    """How many files are kept, and how much room they take."""
    with report_errors(config):
        sizes = [size for _, _, size in open_cache(read_settings(config), cache_dir).entries()]
        console.to_stdout(f"{len(sizes)} files, {sum(sizes) / 1e6:,.1f} MB")


@cache_group.command("why")
@config
@cache_dir
@click.argument("name")
def cache_why(config: Path, cache_dir: Path | None, name: str) -> None:
    """Print all that decided the bytes of NAME: a file of site/, or the start of its key."""
    with report_errors(config):
        parts = Path(name).name.split(".")
        wanted = [part for part in parts if len(part) >= 4 and set(part) <= set("0123456789abcdef")] or parts[:1]
        found = [
            (key, about)
            for key, about, _ in open_cache(read_settings(config), cache_dir).entries()
            if any(key.startswith(part) for part in wanted)
        ]
        if not found:
            raise click.UsageError(f"nothing that is kept has the key of '{name}'")
        for key, about in found:
            console.to_stdout(json.dumps({"key": key, **about}, ensure_ascii=False, indent=1))


@cache_group.command("prune")
@config
@cache_dir
def cache_prune(config: Path, cache_dir: Path | None) -> None:
    """Remove what the last build did not use."""
    with report_errors(config):
        cache = open_cache(read_settings(config), cache_dir)
        with cache.lock_all_builds(announce_wait):
            try:
                gone, freed = cache.prune()
            except FileNotFoundError:
                raise click.UsageError("there was no build here yet, so nothing is known to be unused") from None
            except BrokenUsedList as error:
                hint = "build that library again, then prune; or delete the file, if the library is no more"
                raise click.UsageError(f"{error.path} cannot be read, so it is not known what is unused: {hint}") from None
        console.to_stdout(f"{gone} files removed, {freed / 1e6:,.1f} MB freed")


def announce_wait() -> None:
    console.to_stderr("another build of this library is at work; this one begins when it is done (Ctrl-C ends it)")


def read_settings(config: Path, strict: bool = False, effort: Effort | None = None, cache_dir: Path | None = None) -> Settings:
    """The settings, with what the command line says in their place.

    Where they have mistakes, the how-tos are looked at all the same, as far as can be: all that is wrong is told at once.
    """
    found, problems = settings_file.try_load_settings(config)  # warnings are told with the library's own
    changes: dict[str, Any] = {"strict": True} if strict else {}
    changes |= {"effort": effort} if effort else {}
    chosen = found and found.model_copy(update={"options": found.options.model_copy(update=changes)})
    if problems or chosen is None:
        raise Problems([*problems, *(other_problems(chosen, cache_dir) if chosen else ())])
    return chosen


def other_problems(chosen: Settings, cache_dir: Path | None) -> tuple[Problem, ...]:
    """What is wrong besides the settings."""
    try:
        return pipeline.check_library(chosen, open_cache(chosen, cache_dir)).warnings
    except Problems as error:
        return error.problems


def open_cache(chosen: Settings, folder: Path | None) -> Cache:
    return Cache(Path(os.path.realpath(folder or chosen.root / ".cache")), chosen.root)


if __name__ == "__main__":
    main()
