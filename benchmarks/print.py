"""What the print desk costs and what it is worth: python benchmarks/print.py [--films FOLDER] [--torture SCRIPT] [--count 200].

Writes benchmarks/print.md. Stills come from the films in FOLDER (real photographs weigh more than the sample's drawings).
SCRIPT is any program that takes a PDF and a link and prints JSON with `survival` and `degraded`. CPU seconds are user and
system of all threads, since a benchmark's machine is seldom alone; the speed-up is wall time, one worker beside two.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import av
from PIL import Image

from site_builder.leaflets import formats, leaflet_data, pdf, print_images, qr, typeset, typst_compiler
from site_builder.leaflets.collection import PrintOptions, PrintSource
from site_builder.library import loading, settings_file
from site_builder.library.artifacts import ImageFile, Still
from site_builder.library.settings import Settings

ROOT = Path(__file__).parents[1]
LETTERS = "bcdfghjkmnpqrtvwxz"


def main() -> None:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--films", type=Path, default=ROOT / "videos")
    wishes.add_argument("--torture", type=Path)
    wishes.add_argument("--count", type=int, default=200)
    wishes.add_argument("--many", type=int, default=1000)
    wishes.add_argument("--hashes", type=Path, help=argparse.SUPPRESS)
    given = wishes.parse_args()
    if given.hashes:
        print_hashes(given.hashes)
        return
    with tempfile.TemporaryDirectory() as folder:
        lines = list(report(given, Path(folder)))
    (ROOT / "benchmarks/print.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


def report(given: argparse.Namespace, folder: Path) -> Iterator[str]:
    chosen = settings_file.load_settings(ROOT / "mkdocs.yml")
    told = corpus(given.count, stills_of(given.films, folder), chosen)
    yield "# The print desk, measured"
    yield ""
    films, load = given.films.name, os.getloadavg()[0]
    yield f"`make bench-print FILMS={films} TORTURE=…`: {given.count} how-tos made from the sample library, stills of films."
    cores = f"{os.cpu_count()} cores that others use too, load {load:.1f} when it began"
    yield f"Typst {version('typst')}, pikepdf {version('pikepdf')}; {cores}."
    yield "CPU time grows with the load: compare the rows of one run."
    yield ""
    yield from speed(told, chosen, folder, given.many)
    yield from sizes(told[:32], chosen, folder)
    if given.torture:
        yield from survival(told, chosen, folder, given.torture)
    yield from same_bytes(told[0], chosen, folder)


# ---- what is printed


def stills_of(films: Path, folder: Path) -> list[Still]:
    """A frame each 1.6 seconds, as films/stills.py makes them for print."""
    found = []
    for film in sorted(films.glob("*.mp4")):
        last = -9.0
        with av.open(str(film)) as container:
            for frame in container.decode(video=0):
                if frame.time is not None and frame.time - last >= 1.6:
                    last = frame.time
                    found.append(still(frame.to_image(), folder / f"{film.stem}-{len(found)}.jpg"))
    return found


def still(image: Image.Image, path: Path) -> Still:
    image.thumbnail((600, 600), Image.Resampling.LANCZOS)
    image.save(path, "JPEG", quality=60, optimize=True, progressive=True, subsampling="4:2:0")
    key = hashlib.sha256(path.read_bytes()).hexdigest()
    picture = ImageFile(path, key, image.width, image.height, path.stat().st_size)
    return Still(picture, picture)


def corpus(count: int, stills: list[Still], chosen: Settings) -> list[PrintSource]:
    """The library's how-tos again and again, each with words, a code and pictures of its own."""
    base = [howto for howto in loading.load_library(chosen)[0].howtos if howto.lang == chosen.options.lang]
    chance = random.Random(1)
    made = []
    for n in range(count):
        howto = base[n % len(base)]
        code = LETTERS[n % 18] + "2345679"[n // 18 % 7] + LETTERS[n // 126 % 18]
        steps = tuple(step.model_copy(update={"text": f"{step.text[:200]} {n}."}) for step in howto.steps)
        changes = {"slug": f"{howto.slug}-{n}", "code": code, "summary": f"{howto.summary[:120]} ({n})", "steps": steps}
        own = howto.model_copy(update=changes)
        shown = chance.sample(stills, len(steps))
        made.append(PrintSource(own, {step.id: one for step, one in zip(steps, shown, strict=True)}, 58, 880_000))
    return made


# ---- speed


def speed(told: list[PrintSource], chosen: Settings, folder: Path, many: int) -> Iterator[str]:
    yield "| 1 core | ms of CPU a leaflet, median | mean |"
    yield "|---|---|---|"
    stages = [stage(one, chosen) for one in told]
    for at, name in enumerate(
        ("words, sizes, code", "stills fitted to the budget", "Typst", "code read back", "stills put in, objects packed")
    ):
        rows = [row[at] * 1000 for row in stages]
        yield f"| {name} | {statistics.median(rows):.1f} | {statistics.mean(rows):.1f} |"
    rows = [(sum(row) - row[1]) * 1000 for row in stages]
    yield f"| **leaflet**, its stills fitted before | **{statistics.median(rows):.1f}** | {statistics.mean(rows):.1f} |"
    rows = [sum(row) * 1000 for row in stages]
    yield f"| leaflet, its stills fitted for the first time | {statistics.median(rows):.1f} | {statistics.mean(rows):.1f} |"
    keys = [key_alone(one, chosen) for one in told]
    yield f"| nothing changed: its key alone | {statistics.median(keys):.1f} | {statistics.mean(keys):.1f} |"
    if rival := weasyprint(told[:8], chosen):
        yield f"| WeasyPrint {version('weasyprint')}, the same words and stills, PDF/UA-1 | {rival:.0f} | |"
    yield ""
    walls = {workers: wall(told, chosen, folder, workers) for workers in (1, 2)}
    gain = walls[1] / walls[2]
    yield f"{len(told)} leaflets: one worker {walls[1]:.1f} s, two {walls[2]:.1f} s of wall time, {gain:.2f} times."
    began, cpu = time.perf_counter(), cpu_of_all()
    pile = [told[n % len(told)] for n in range(many)]
    wall(pile, chosen, folder, 2, packs=True)
    spent = f"{time.perf_counter() - began:.0f} s of wall time, {cpu_of_all() - cpu:.0f} s of CPU"
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    yield f"{many} leaflets and a pack for each 50 of them on two cores: {spent}; the largest process {peak} MB."
    yield ""


def key_alone(one: PrintSource, chosen: Settings) -> float:
    """CPU milliseconds of finding out that a leaflet is there already."""
    began = time.process_time()
    typeset.print_key("leaflet", [one], chosen)
    return (time.process_time() - began) * 1000


def data_of(one: PrintSource, chosen: Settings) -> dict[str, Any]:
    """What a leaflet's template reads."""
    leaflet = formats.load_formats()["leaflet"]
    texts = leaflet_data.template_texts(one.howto, one.stills, chosen, leaflet)
    return leaflet_data.template_data(texts, leaflet.geometry(chosen.options.paper))


def stage(one: PrintSource, chosen: Settings) -> list[float]:
    """CPU seconds of each stage of a leaflet."""
    leaflet = formats.load_formats()["leaflet"]
    times = [time.process_time()]

    def tick(value: Any) -> Any:
        times.append(time.process_time())
        return value

    page = tick(data_of(one, chosen))
    real = tick(typeset.replacement_images(page, [one], leaflet, None))
    made = tick(typst_compiler.compile_pdf(page, typeset.template_files(page, [one], chosen, leaflet)))
    tick(pdf.read_codes(made))
    tick(pdf.compact_pdf(made, real))
    return [after - before for before, after in pairwise(times)]


def wall(told: list[PrintSource], chosen: Settings, folder: Path, workers: int, packs: bool = False) -> float:
    """Seconds of wall time for all of them in so many processes, which are begun before."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        list(executor.map(print_some, [told[:1]] * workers, [chosen] * workers, [folder] * workers))
        parts = [told[at : at + 25] for at in range(0, len(told), 25)]
        began = time.perf_counter()
        jobs = [executor.submit(print_some, part, chosen, folder) for part in parts]
        if packs:
            jobs += [executor.submit(print_pack, told[at : at + 50], chosen, folder) for at in range(0, len(told), 50)]
        for job in jobs:
            job.result()
        return time.perf_counter() - began


def print_some(told: list[PrintSource], chosen: Settings, folder: Path) -> None:
    for one in told:
        typeset.make_print("leaflet", [one], chosen, folder / f"{os.getpid()}.pdf")


def print_pack(told: list[PrintSource], chosen: Settings, folder: Path) -> None:
    typeset.make_print("pack", told, chosen, folder / f"{os.getpid()}-pack.pdf")


def cpu_of_all() -> float:
    return sum(t.ru_utime + t.ru_stime for t in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def weasyprint(told: list[PrintSource], chosen: Settings) -> float | None:
    """CPU milliseconds of a leaflet of the same words and pictures; None where WeasyPrint is not installed."""
    try:
        version("weasyprint")
    except PackageNotFoundError:
        return None
    import weasyprint as rival

    times = []
    for one in told:
        page = data_of(one, chosen)
        began = time.process_time()
        rival.HTML(string=as_html(page, one)).write_pdf(pdf_variant="pdf/ua-1")
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times[1:])


def as_html(page: dict[str, Any], one: PrintSource) -> str:
    def items(rows: list[str]) -> str:
        return "".join(f"<li>{row}</li>" for row in rows)

    rows = "".join(f"<tr><td>{m['name']}</td><td>{m['quantity']}</td></tr>" for m in page["materials"])
    wrong = "".join(f"<tr><td>{m['see']}</td><td>{m['likely']}</td><td>{m['do']}</td></tr>" for m in page["mistakes"])
    steps = "".join(
        f"<section><img src='{one.stills[step.id].jpeg.path.as_uri()}' alt='{row['alt']}'>"
        f"<h3>{row['number']} {row['title']}</h3>"
        f"<p>{row['text']}</p><p>☐ {row['check'] or ''}</p></section>"
        for row, step in zip(page["steps"], one.howto.steps, strict=True)
    )
    return (
        f"<html lang=en><title>{page['name']}</title><style>@page{{size:A4;margin:10mm}}body{{font:10pt Noto Sans}}"
        "section{display:inline-block;width:92mm}img{width:46mm}table{width:100%}</style>"
        f"<h1>{page['name']}</h1>{page['qr']}<p>{page['summary']}</p><h2>Safety first</h2>"
        f"<ul>{items([line['text'] for line in page['safety']])}</ul><ul>{items(page['do_not_start_if'])}</ul>"
        f"<h2>Tools</h2><ul>{items([tool['name'] for tool in page['tools']])}</ul><h2>Materials</h2><table>{rows}</table>"
        f"<h2>Steps</h2>{steps}<h2>When it goes wrong</h2><table>{wrong}</table>"
    )


# ---- size, survival, sameness


def sizes(told: list[PrintSource], chosen: Settings, folder: Path) -> Iterator[str]:
    yield "| format | bytes, median | most | pages |"
    yield "|---|---|---|---|"
    for format in formats.load_formats().values():
        size = 1 if format.holds == "one" else 2 if format.fold else 12
        groups = [told[at : at + size] for at in range(0, len(told) if format.for_one_howto else size, size)]
        made = [typeset.make_print(format.name, group, chosen, folder / "a.pdf") for group in groups]
        bytes = [one.bytes for one in made]
        pages = statistics.median(one.pages for one in made)
        yield f"| {format.name} | {statistics.median(bytes):,.0f} | {max(bytes):,} | {pages:g} |"
    yield ""
    most = f"{print_images.STILLS_BUDGET:,}"
    aim = print_images.TARGET_SSIM
    yield f"Packs, labels and posters hold 12 how-tos, a sheet two. Stills aim at SSIM {aim}, below {most} bytes a"
    yield "leaflet, and below what the rest of a file leaves them of its limit."
    yield ""


def survival(told: list[PrintSource], chosen: Settings, folder: Path, script: Path) -> Iterator[str]:
    yield "| format | code without quiet zone, mm | survival | on its bad day |"
    yield "|---|---|---|---|"
    for format in formats.load_formats().values():
        rows = []
        for one in told[:1]:
            some = [one] if format.holds == "one" else told[: 2 if format.fold else 12]
            typeset.make_print(format.name, some, chosen, folder / "a.pdf", PrintOptions(title="All"))
            page = 3 if format.name == "pack" else 1  # behind its contents
            link = leaflet_data.printed_link(one.howto, chosen, format)
            found = pdf.read_codes((folder / "a.pdf").read_bytes())[page - 1]
            link = next(text for text in found if qr.lowercase_host(text) == link)  # as it is written
            words = [sys.executable, script, folder / "a.pdf", link, "--page", str(page)]
            rows.append(json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout))
        found = [statistics.mean(row[name] for row in rows) for name in ("symbol_mm", "survival")]
        bad = statistics.mean(row["degraded"]["bad_day_combo"] for row in rows)
        yield f"| {format.name} | {found[0]:.0f} | {found[1]:.3f} | {bad:.2f} |"
    yield ""


def same_bytes(one: PrintSource, chosen: Settings, folder: Path) -> Iterator[str]:
    """Every format, made here and in another process with another clock, language and folder."""
    (folder / "one.pickle").write_bytes(pickle.dumps(one))
    hashes = [json.loads(hashes_in(zone, folder)) for zone in ("UTC", "Pacific/Kiritimati")]
    differ = [name for name in formats.load_formats() if hashes[0][name] != hashes[1][name]]
    told = f"{', '.join(differ)} differ" if differ else f"the same bytes in each of {len(hashes[0])} formats"
    yield f"Two processes in other folders, locales and time zones: {told}."


def hashes_in(zone: str, folder: Path) -> str:
    environment = os.environ | {"TZ": zone, "LC_ALL": "tr_TR.UTF-8" if zone != "UTC" else "C"}
    with tempfile.TemporaryDirectory() as elsewhere:
        words = [sys.executable, __file__, "--hashes", folder / "one.pickle"]
        return subprocess.run(words, check=True, capture_output=True, text=True, env=environment, cwd=elsewhere).stdout


def print_hashes(told: Path) -> None:
    one = pickle.loads(told.read_bytes())
    found = {}
    for name in formats.load_formats():
        made = typeset.make_print(name, [one], settings_file.load_settings(ROOT / "mkdocs.yml"), Path(f"{name}.pdf"))
        found[name] = hashlib.sha256(made.path.read_bytes()).hexdigest()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
