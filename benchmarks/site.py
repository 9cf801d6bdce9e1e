"""What the site costs as the library grows: python benchmarks/site.py [60 2000 10000]. Prints a Markdown table.

Each library is made from the project's own how-tos with other words in them, without films and leaflets, and built as
`site-builder build` builds it. Bytes are those of the .br files, without headers.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brotli
import yaml

from site_builder import build as build_module
from site_builder import cli
from site_builder.library import loading, settings_file
from site_builder.library.artifacts import Lesson
from site_builder.memo import open_memo
from site_builder.website.output.atomic_swap import staging_folder, swap
from site_builder.website.search import folding, results

PROJECT = Path(__file__).parents[1]
SYLLABLES = "ba be bo da de di do fa fe ga go ka ke ki ko la le lo ma me mo na ne no pa pe po ra re ro sa se so ta te to wa we"
QUERIES = ("plug", "tap driping", "paint bedroom wall", "how to mix mortar for bricks")


def main(sizes: list[int]) -> None:
    print(
        "| how-tos | first build, CPU s per 1,000 | of it packing | next build, CPU s per 1,000 | one word changed, CPU s "
        "| how-to page, median | home | A to Z | words: files, largest | search: script and facts, then by query |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            row(size, Path(folder))


def row(size: int, root: Path) -> None:
    generate(size, root)
    first, packing = built(root)
    again, _ = built(root)
    changed = sorted((root / "content").glob("*/*.md"))[size // 2]
    text = changed.read_text("utf-8")
    changed.write_text(text.replace("done_when: ", "done_when: Indeed. ", 1), "utf-8")
    word, _ = built(root)
    told = settings_file.load_settings(root / "mkdocs.yml")
    into = told.site
    pages = sorted(path.stat().st_size for path in into.glob("*/*/index.html.br"))
    words = [path.stat().st_size for path in into.glob("search/w*.json.br")]
    known = json.loads((into / "search.en.json").read_text("utf-8"))
    asked = ", ".join(f"{searched(known, into, query):,}" for query in QUERIES)
    script = sum(path.stat().st_size for path in (*into.glob("assets/search.en.*.js.br"), into / "search.en.json.br"))
    print(
        f"| {size:,} | {first / size * 1000:.1f} | {packing / size * 1000:.1f} | {again / size * 1000:.1f} | {word:.1f} "
        f"| {pages[len(pages) // 2]:,} | {weight(into / 'index.html'):,} | {weight(into / 'search/index.html'):,} "
        f"| {len(words)}, {max(words):,} | {script:,}; {asked} |",
        flush=True,
    )


def built(root: Path) -> tuple[float, float]:
    """CPU seconds of a build in a process of its own, its start included; and those of packing text."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, __file__, "--build", root], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, float(done.stdout.split()[-1])


def build(root: Path) -> None:
    """As `site-builder build` does it, films and leaflets apart."""
    gc.set_threshold(*cli.GC_THRESHOLDS)
    told = settings_file.load_settings(root / "mkdocs.yml")
    spent = 0.0
    pack = brotli.compress

    def timed(*words: Any, **more: Any) -> bytes:
        nonlocal spent
        began = time.process_time()
        found: bytes = pack(*words, **more)
        spent += time.process_time() - began
        return found

    brotli.compress = timed
    with open_memo(root / ".cache") as shelf:
        library, problems = loading.load_library(told, shelf)
        mistakes = [problem for problem in problems if not problem.warning]
        assert not mistakes, mistakes[:3]
        lessons = tuple(Lesson(howto) for howto in library.howtos)
        made: Any = SimpleNamespace(library=library, lessons=lessons, problems=(), figures={}, prints=())
        with staging_folder(told.site) as draft:
            build_module.publish_site(told, made, draft, shelf)
            swap(draft, told.site)
    print(spent)


def generate(size: int, root: Path) -> None:
    """How-tos of the project, each with its own few words, as in a library that grew over years."""
    chance = random.Random(1)
    nouns = ["".join(chance.choices(SYLLABLES.split(), k=chance.choice((2, 3, 3)))) for _ in range(400 + size // 5)]
    originals = []
    for path in sorted((PROJECT / "content").glob("*/*.md")):
        if path.name.count(".") == 1:
            _, front, body = path.read_text("utf-8").split("---\n", 2)
            values = yaml.safe_load(front)
            for drop in ("video", "slug", "code", "category", "$schema", "related"):
                values.pop(drop, None)
            for step in values["steps"]:
                step.pop("start", None), step.pop("end", None)
            originals.append((path.parent.name, path.stem, values, body))
    text = (PROJECT / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(text, "utf-8")
    for number in range(size):
        category, stem, values, body = originals[number % len(originals)]
        own = chance.sample(nouns, 3)
        folder = root / "content" / category
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{stem}-{number}.md").write_text(f"---\n{dump(varied(values, own, number))}---\n{body}", "utf-8")
    (root / "content/synonyms.yml").write_text((PROJECT / "content/synonyms.yml").read_text("utf-8"), "utf-8")


def varied(values: dict[str, Any], own: list[str], number: int) -> dict[str, Any]:
    title = f"{values['title'][:38].rstrip()} {own[0]} {own[1]}"[:60].rstrip()
    search = {**values.get("search", {}), "keywords": [*values.get("search", {}).get("keywords", []), own[2]]}
    return {**values, "title": title, "search": search, "related": [], "formerly": []}


def dump(values: dict[str, Any]) -> str:
    return yaml.dump(values, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def searched(known: dict[str, Any], into: Path, query: str) -> int:
    """Bytes of the files that a query loads: those of its words, and those of the first results' rows."""
    starts = ["", *known["starts"].split()]
    files: set[str] = set()
    found: dict[int, int] = {}
    for word in folding.tokens(query):
        at = max(place for place, start in enumerate(starts) if start <= folding.phonetic_key(word))
        files.add(f"w{at}")
        for mark in json.loads((into / f"search/w{at}.{known['version']}.json").read_text("utf-8")).get(word, []):
            found[mark >> 2] = found.get(mark >> 2, 0) + 1 + (mark & 3)
    best = sorted(found, key=lambda at: (-found[at], at))[:8]
    files |= {f"en-{at // results.ROWS_PER_FILE}" for at in best}
    return sum(weight(into / f"search/{name}.{known['version']}.json") for name in files)


def weight(path: Path) -> int:
    packed = path.with_name(f"{path.name}.br")
    return (packed if packed.exists() else path).stat().st_size


if __name__ == "__main__":
    if sys.argv[1:2] == ["--build"]:
        build(Path(sys.argv[2]))
    else:
        main([int(word) for word in sys.argv[1:]] or [60, 2000, 10000])
