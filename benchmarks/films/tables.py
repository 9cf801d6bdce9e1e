"""films.md: what was measured, held against what was to be reached."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.films import curves, goals, peers
from benchmarks.films.curves import Equal
from benchmarks.films.found import PLAIN, Clip, Found
from benchmarks.films.measure import Measured
from site_builder.films import ffmpeg


def report(found: Found) -> Iterator[str]:
    yield "# Films, measured"
    yield ""
    masters = f"{len(found.clips)} masters, {sum(clip.seconds for clip in found.clips):.0f} s"
    yield f"`{found.command}`: {masters}. Budgets are for a minute, scaled to each length; files count whole, with sound."
    yield f"ffmpeg {ffmpeg.version()}, {os.cpu_count()} cores that others use too, load {found.load:.1f} when it began."
    yield "VMAF v0.6.1 and its phone model at the master's size and rate, every third frame, by one measure for all."
    yield ""
    yield "![Quality beside bytes, a panel for each master](films.svg)"
    yield ""
    yield "| figure | reach | beyond | here | reached |"
    yield "|---|---|---|---|---|"
    yield from (goal.row() for goal in goals.reached(found))
    yield ""
    yield from rungs(found)
    yield from equals(found)
    yield from files(found)
    yield from others(found)


def rungs(found: Found) -> Iterator[str]:
    yield from head(
        "rung",
        "files",
        "bytes a minute, median",
        "budget used: median, least",
        "phone: median, worst",
        "its p5, worst",
        "CPU s a minute, median",
    )
    for name in dict.fromkeys(row["rung"] for row in found.rows):
        rows = [row for row in found.rows if row["rung"] == name]
        seen = [one for one in found.ours if one.name == name]
        size, cpu = (median(curves.per_minute(row[key], row["seconds"]) for row in rows) for key in ("bytes", "cpu_s"))
        used = [row["bytes"] / row["budget"] for row in rows]
        phones = [one.phone["mean"] for one in seen]
        judged = f"{median(phones):.1f}, {min(phones):.1f} | {min(one.phone['p5'] for one in seen):.1f}" if seen else "– | –"
        yield f"| {name} | {len(rows)} | {size:,.0f} | {median(used):.1%}, {min(used):.1%} | {judged} | {cpu:.0f} |"
    made = {(row["clip"], row["rung"]) for row in found.rows}
    missing = [f"{clip.name} {rung}" for rung in sorted({rung for _, rung in made}) for clip in found.clips]
    missing = [name for name in missing if tuple(name.rsplit(" ", 1)) not in made]
    if missing:
        yield f"\nNot made: {', '.join(missing)}."
    yield ""


def equals(found: Found) -> Iterator[str]:
    yield "## Bytes where the picture is as good"
    yield ""
    yield "Ours divided by the peer's, at the peer's VMAF mean, on the curve of `standard` at some budgets. ≤: even our least"
    yield "is better than the peer's. >: the peer's is better than our largest, and takes more bytes."
    yield ""
    yield f"| master | {' | '.join(peers.PRESETS)} | BD-rate beside {PLAIN} |"
    yield f"|---|{'---|' * len(peers.PRESETS)}---|"
    columns = {name: found.shares(name) for name in peers.PRESETS}
    rates = [found.bd_rate(clip) for clip in found.whole]
    for at, clip in enumerate(found.whole):
        cells = " | ".join(share(*columns[name][at]) for name in peers.PRESETS)
        yield f"| {clip.name} | {cells} | {signed(rates[at])} |"
    medians = " | ".join(bold(median(value for _, value in column)) for column in columns.values())
    known = [rate for rate in rates if rate is not None]
    yield f"| **median** | {medians} | **{signed(median(known) if known else None)}** |"
    yield ""
    crfs = ", ".join(map(str, peers.PLAIN_CRF))
    yield f"BD-rate (PCHIP, package bjontegaard): bytes more or less than {PLAIN}'s H.264 at crf 23, {crfs}, at the VMAF that"
    yield "both reach."
    yield ""


def files(found: Found) -> Iterator[str]:
    yield "## Each film"
    yield ""
    yield from head(
        "master", "rung", "codec", "size", "bytes a minute", "used", "phone: mean, harmonic, p5", "VMAF", "CPU s a minute"
    )
    for clip in found.clips:
        for one in (one for one in found.ours if one.clip == clip.name):
            used = f"{one.bytes / one.budget:.1%}{' ceiling' if one.reached else ''}"
            yield f"| {clip.name} | {one.name} | {one.codec.split('.')[0]} | {one.size} | {common(one, clip, used)}"
    yield ""


def others(found: Found) -> Iterator[str]:
    yield "## Each film of the others"
    yield ""
    yield from head("master", "preset", "bytes a minute", "phone: mean, harmonic, p5", "VMAF", "CPU s a minute")
    for clip in found.clips:
        for one in (one for one in found.peers if one.clip == clip.name):
            yield f"| {clip.name} | {one.name} | {common(one, clip)}"
    yield ""
    yield "Their arguments, after `-i` and the master:"
    yield ""
    yield from (f"- {name}: `{words or '(none)'}`" for name, (words, _) in peers.PRESETS.items())


def common(one: Measured, clip: Clip, used: str | None = None) -> str:
    size, cpu = curves.per_minute(one.bytes, clip.seconds), curves.per_minute(one.cpu_s, clip.seconds)
    cells = [
        f"{size:,.0f}",
        *([used] if used else []),
        ", ".join(f"{one.phone[key]:.1f}" for key in ("mean", "harmonic", "p5")),
    ]
    return " | ".join([*cells, f"{one.vmaf['mean']:.1f}", f"{cpu:.0f} |"])


def head(*names: str) -> Sequence[str]:
    return f"| {' | '.join(names)} |", "|---" * len(names) + "|"


def share(equal: Equal, value: float) -> str:
    return ">" if equal.bound == ">" else f"{equal.bound} {value:.2f}".strip()


def bold(value: float) -> str:
    return f"**{value:.2f}**" if math.isfinite(value) else "**>**"


def signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+.0%}".replace("-", "−")
