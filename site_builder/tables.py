"""What a command shows when it has ended: films, prints, the worst films, a code to scan; as tables or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from site_builder import pipeline
from site_builder.console import display_path, plural, printable, printable_lines, to_stderr, to_stdout
from site_builder.library import prices
from site_builder.library.artifacts import Print, Rendition
from site_builder.library.messages import messages_of as words_of
from site_builder.library.settings import Settings, Tariff

NUMBER_COLUMNS = ("bytes", "of budget", "VMAF phone", "its p5")


def show_films(made: Sequence[tuple[Path, Rendition]], as_json: bool, tariff: Tariff | None) -> None:
    """What each file of one master came to, and costs: a table, or one JSON object a file."""
    english = words_of("en")
    if as_json:
        for path, rendition in made:
            rand = {"tariff": tariff.name, "rand": prices.price_cents(rendition.bytes, tariff) / 100} if tariff else None
            to_stdout(json.dumps({**film_row(path, rendition), "price": rand}))
        return
    table = Table(
        Column("rung", no_wrap=True),
        "picture",
        "codec",
        *(Column(name, justify="right") for name in (*NUMBER_COLUMNS, "costs")),
    )
    for _, one in made:
        picture = f"{one.width}×{one.height}, {one.fps:g}/s" if one.width else "–"
        seen = (f"{one.vmaf.phone:.1f}", f"{one.vmaf.phone_p5:.1f}") if one.vmaf else ("–", "–")
        price = prices.price_text(one.bytes, tariff, english) if tariff else "–"
        share = f"{one.bytes / one.rung.budget:.0%}"
        table.add_row(one.rung.name, picture, one.codecs, f"{one.bytes:,}", share, *seen, price)
    Console().print(table)
    if tariff:
        to_stderr(
            f"costs: to load it once at '{tariff.name}' ({tariff.as_of}; {tariff.source}), R{tariff.rand_per_mb:g} a megabyte"
        )
    for path, _ in made:
        to_stdout(str(path))


MAX_WORST_FILMS = 10  # films that the terminal shows; the report has all


def show_worst_films(rows: Sequence[tuple[str, Rendition, str, str]]) -> None:
    """The films that need a look, the worst first: name, its best rendition, what it costs, what would help."""
    right = [Column(name, justify="right", no_wrap=True) for name in ("picture", "worst")]
    table = Table(
        Column("film", overflow="fold"), *right, Column("costs", no_wrap=True), "what would help", box=box.SIMPLE_HEAD
    )
    for name, one, price, advice in rows[:MAX_WORST_FILMS]:
        assert one.vmaf
        table.add_row(name, f"{one.vmaf.phone:.1f}", f"{one.vmaf.phone_p5:.1f}", price, advice)
    Console(stderr=True).print(table)
    to_stderr("picture: VMAF on a phone, 100 is the master's own; worst: what all but the worst twentieth of the film reaches.")


def show_prints(made: Sequence[tuple[Path, Print, str]], as_json: bool) -> None:
    """What came out, and what to tell the printer; paths alone on stdout, for who pipes them on."""
    if as_json:
        for path, one, advice in made:
            row = {"path": str(path), "format": one.format, "name": one.name, "lang": one.lang, "advice": advice}
            to_stdout(json.dumps({**row, "pages": one.leaflet.pages, "bytes": one.leaflet.bytes}, ensure_ascii=False))
        return
    table = Table("format", "what", Column("pages", justify="right"), Column("kB", justify="right"), "printer")
    for _, one, advice in made:
        size = f"{one.leaflet.bytes / 1000:,.0f}"
        table.add_row(
            one.format, Text(printable(f"{one.name or 'all'} ({one.lang})")), str(one.leaflet.pages), size, Text(advice)
        )
    Console(stderr=True).print(table)
    to_stderr("Print at 100 %, not 'fit to page': codes are scanned best at their full size.")
    for path, _, _ in made:
        to_stdout(str(path))


def film_row(path: Path, one: Rendition) -> dict[str, Any]:
    seen = one.vmaf
    return {
        "rung": one.rung.name,
        "path": str(path),
        "bytes": one.bytes,
        "budget": one.rung.budget,
        "seconds": one.seconds,
        "width": one.width,
        "height": one.height,
        "fps": one.fps,
        "codec": one.codecs,
        "crf": one.crf,
        "vmaf": seen and {"mean": seen.mean, "harmonic": seen.harmonic, "p5": seen.p5},
        "phone": seen and {"mean": seen.phone, "harmonic": seen.phone_harmonic, "p5": seen.phone_p5},
        "cpu_s": one.cpu_s,
        "attempts": [asdict(attempt) for attempt in one.attempts],
        "looks": [asdict(look) for look in one.size_samples],
        "from_cache": one.from_cache,
    }


def show_qr_code(rows: Sequence[str], quiet: int = 2) -> None:
    """A QR code, `1` a dark module: two rows in one line of letters, black on white whatever the terminal's own colours."""
    width = len(rows) + 2 * quiet
    blank = ["0" * width] * quiet
    whole = [*blank, *(f"{'0' * quiet}{row}{'0' * quiet}" for row in rows), *blank]
    lines = ["".join(HALF_BLOCKS[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in row_pairs(whole)]
    for line in lines:
        Console(width=max(width, 80)).print(Text(line), style="black on bright_white")


HALF_BLOCKS = {("1", "1"): "█", ("1", "0"): "▀", ("0", "1"): "▄", ("0", "0"): " "}


def row_pairs(rows: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each two rows; an odd last one with a light one."""
    return zip(rows[::2], [*rows[1::2], "0" * len(rows[0])][: len(rows[::2])], strict=True)


def show_diagnosis(rows: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    """Print what is in use, and give the names of what is not as it should be."""
    for name, words, good in rows:
        to_stdout(f"{name:18} {printable_lines(words)}")
        if not good:
            yield name.strip()


def show_summary(chosen: Settings, made: pipeline.BuildResult) -> None:
    """What was made, what it costs, and how to look at it."""
    from site_builder.website.pages import build_report, film_advice

    films = [rendition for lesson in made.lessons for rendition in lesson.renditions]
    masters = {lesson.master.path for lesson in made.lessons if lesson.master}
    leaflets = sum(1 for lesson in made.lessons if lesson.leaflet)
    fresh = sum(not film.from_cache for film in {film.key: film for film in films}.values())
    site = display_path(chosen.site, chosen.root)
    to_stderr("")
    worst = film_advice.worst_first(made.lessons, chosen)
    if worst:
        show_worst_films(worst)
        to_stderr(f"All films, with what was tried: {site}/{build_report.REPORT_FILE}")
    there = [plural(len(made.lessons), "page"), plural(leaflets, "leaflet")]
    if films:
        sizes = {film.rung.name for film in films}
        there.append(f"{plural(len(masters), 'film')} in {plural(len(sizes), 'size')}")
    to_stderr(", ".join(there))
    if films:
        to_stderr(f"{plural(fresh, 'file')} of film encoded now; effort: {chosen.options.effort}")
        if chosen.options.effort == "draft":
            to_stderr("For publishing: --effort normal or best (slower, more tries: a better picture in the same bytes).")
    to_stderr(f"The library is in {site}/. Look at it with: site-builder serve")
