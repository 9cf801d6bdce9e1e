"""What a built library weighs and what it cost: python benchmarks/library.py [site]. Prints a Markdown table.

CPU seconds are from the build's own account, .cache/account.json; the second build is timed here, as a whole command.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def main(site: Path) -> None:
    howtos = json.loads((site / "library.json").read_text("utf-8"))["howtos"]
    account = json.loads((site.parent / ".cache/account.json").read_text("utf-8"))
    spent = {film["key"][:8]: film["cpu_s"] for film in account["films"]}
    for film in (film for howto in howtos for film in howto["films"]):
        film["cpu_s"] = spent[film["path"].split(".")[-2]]
    films = {film["path"]: film for howto in howtos for film in howto["films"]}.values()
    print("| rung | films | bytes: median, most | budget | used | VMAF phone: median, worst | its p5, worst | CPU s, median |")
    print("|---|---|---|---|---|---|---|---|")
    for rung in dict.fromkeys(film["rung"] for film in films):
        row([film for film in films if film["rung"] == rung])
    print(f"\nOver budget: {sum(film['bytes'] > film['budget'] for film in films)} of {len(films)} films.")
    print(f"CPU s for one master on all rungs, median: {statistics.median(by_master(films)):.0f}.")
    leaflets = [howto["leaflet"]["bytes"] for howto in howtos]
    print(f"Leaflets: {len(leaflets)}, {statistics.median(leaflets):,.0f} bytes in the median, {max(leaflets):,} at most.")
    times = [second_build() for _ in range(3)]
    print(f"A build with nothing to do: {statistics.median(times):.1f} s (median of {len(times)}).")


def row(films: list[dict[str, Any]]) -> None:
    sizes = [film["bytes"] for film in films]
    seen = [film["vmaf"] for film in films if film["vmaf"]]
    phone = f"{statistics.median(v['phone'] for v in seen):.1f}, {min(v['phone'] for v in seen):.1f}" if seen else "–"
    hard = f"{min(v['phone_p5'] for v in seen):.1f}" if seen else "–"
    used = statistics.median(film["bytes"] / film["budget"] for film in films)
    cpu = statistics.median(film["cpu_s"] for film in films)
    print(
        f"| {films[0]['rung']} | {len(films)} | {statistics.median(sizes):,.0f}, {max(sizes):,} | {films[0]['budget']:,} "
        f"| {used:.0%} | {phone} | {hard} | {cpu:.0f} |"
    )


def by_master(films: Any) -> list[float]:
    total: dict[str, float] = {}
    for film in films:
        total[Path(film["path"]).parent.name] = total.get(Path(film["path"]).parent.name, 0) + film["cpu_s"]
    return list(total.values())


def second_build() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "site_builder.cli", "build", "--effort", "draft"], check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "site"))
