"""Our films beside those of others, from the same masters: python -m benchmarks.films FOLDER [--keep DIR] [--again] [--fresh].

Writes benchmarks/films.md and films.svg. Takes hours of CPU the first time; what was made and measured is kept in --keep, so
that the next run makes only what would be other files now. --fresh makes all of ours again, for honest CPU seconds; --again
makes them twice and compares the bytes. Budgets are for a minute: a clip of 20 s has a third.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from benchmarks.films import measure, ours, peers, plot, tables
from benchmarks.films.found import Clip, Found
from benchmarks.films.ours import RUNG, Ours
from site_builder.cache import Cache
from site_builder.library.ladder import LADDER
from site_builder.library.settings import Options

HERE = Path(__file__).parents[1]
FACTORS = (0.25, 0.5, 1.5)  # of its budget: with the rung itself, the curve on which equal quality is read


def main() -> None:
    wishes = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wishes.add_argument("films", type=Path, help="a folder of masters: mp4, mov, mkv, webm")
    wishes.add_argument("--keep", type=Path, default=HERE.parent / ".cache/bench", help="where files and scores are kept")
    wishes.add_argument("--effort", default="normal")
    wishes.add_argument("--factors", type=float, nargs="*", default=FACTORS, help="budgets of the curve, in the rung's own")
    wishes.add_argument("--fresh", action="store_true", help="forget our films first (the peers' stay)")
    wishes.add_argument("--again", action="store_true", help="make ours twice, and compare")
    wishes.add_argument("--out", type=Path, default=HERE, help="where films.md and films.svg go")
    given = wishes.parse_args()
    found = run(given)
    (given.out / "films.md").write_text("\n".join(tables.report(found)) + "\n", "utf-8")
    plot.draw(found, given.out / "films.svg")
    print("\n".join(tables.report(found)))


def run(given: argparse.Namespace) -> Found:
    clips = [clip(path) for path in sorted(given.films.iterdir()) if path.suffix in (".mp4", ".mov", ".mkv", ".webm")]
    masters = [one.path for one in clips]
    load = os.getloadavg()[0]
    keep, folder = Cache(given.keep.resolve()), given.keep.resolve() / "ours"
    if given.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    effort = ["--effort", given.effort]
    theirs = [peers.make(master, name, keep) for name in (*peers.PRESETS, *peers.CURVE) for master in masters]
    ladder = ours.film(masters, folder / "ladder", folder / "cache", effort)
    ceiling = Options.model_fields["ceiling"].default
    curve: list[Ours] = []
    for factor in given.factors:
        words = [*effort, "--rung", RUNG, "--budget", str(round(LADDER[RUNG].budget * factor))]
        at = ours.film(masters, folder / f"x{factor:g}", folder / "cache", words)
        curve += ours.measured(masters, at, ceiling, keep)
    return Found(
        clips=clips,
        ours=ours.measured(masters, ladder, ceiling, keep),
        curve=curve,
        peers=theirs,
        rows=ladder.rows,
        account=ladder.account,
        again=ours.again(masters, folder / "again", effort, ladder) if given.again else None,
        load=load,
        command=command(given),
    )


def command(given: argparse.Namespace) -> str:
    more = " ".join(f"--{name}" for name in ("fresh", "again") if getattr(given, name))
    return " ".join(
        ["make bench-films", f"FILMS={given.films.name}", f"EFFORT={given.effort}", *([f"MORE='{more}'"] if more else [])]
    )


def clip(path: Path) -> Clip:
    film = measure.look(path)
    return Clip(path, path.stem, film.seconds, min(film.width, film.height))


if __name__ == "__main__":
    main()
