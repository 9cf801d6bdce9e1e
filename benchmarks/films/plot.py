"""films.svg: quality beside bytes a minute, a panel for each master; ours as a curve, the others as the points they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.films import curves, peers
from benchmarks.films.found import PLAIN, Clip, Found, points
from benchmarks.films.ours import RUNG

INK, QUIET, FAINT, OURS = "#1f2933", "#6b7785", "#e4e7eb", "#0a6c74"
COLUMNS = 2
# Colours that stay apart for eyes that see no red or no green (Okabe and Ito); shapes say the same once more.
PEERS = dict(
    zip(peers.PRESETS, (("s", "#d55e00"), ("D", "#e69f00"), ("^", "#cc79a7"), ("v", "#8a5a83"), ("X", "#7a828c")), strict=True)
)
RUNGS = {"standard-hevc": (">", "HEVC"), "standard-h264": ("<", "H.264"), "lite": ("o", "lite")}
STYLE = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "films",  # the same names in the file each time
}


def draw(found: Found, path: Path) -> None:
    import matplotlib  # of the extra `bench`

    matplotlib.use("Agg")
    from matplotlib import pyplot

    with matplotlib.rc_context(STYLE):
        rows = -(-len(found.whole) // COLUMNS)
        figure, axes = pyplot.subplots(rows, COLUMNS, figsize=(9, height(rows)), sharex=True, sharey=True, squeeze=False)
        for clip, axis in zip(found.whole, axes.flat, strict=False):
            panel(axis, found, clip)
        for axis in axes.flat[len(found.whole) :]:
            axis.set_axis_off()
        for axis in axes[:, 0]:
            axis.set_ylabel("VMAF, mean")
        for axis in axes[-1]:
            axis.set_xlabel("bytes for a minute, with sound")
        frame(figure, axes[0, 0], rows)
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)


def panel(axis: Any, found: Found, clip: Clip) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    axis.set_title(f"{clip.name.replace('_', ' ')}  ·  {clip.seconds:.0f} s, {clip.lines} lines", loc="left", fontsize=10)
    axis.set_xscale("log")
    axis.xaxis.set_major_locator(FixedLocator([n * 1e6 for n in (0.25, 0.5, 1, 2, 4, 8, 16, 32)]))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 1e6:g} MB"))
    axis.grid(color=FAINT, linewidth=0.8)
    axis.set_axisbelow(True)
    curve = sorted(found.rate_curve(clip))
    best = found.one(clip, RUNG)
    axis.axvline(
        curves.per_minute(best.budget, clip.seconds),
        color=OURS,
        linewidth=1,
        linestyle=(0, (2, 3)),
        label="the budget of a minute",
    )
    axis.plot(
        *zip(*curve, strict=True), color=OURS, linewidth=2, marker=".", markersize=5, label="ours, AV1 at several budgets"
    )
    ((x, y),) = points([best], clip)
    axis.plot(
        x, y, "o", color=OURS, markersize=9, markeredgecolor="white", markeredgewidth=1.2, label="ours, standard: AV1", zorder=5
    )
    for name, (shape, said) in RUNGS.items():
        mark(
            axis,
            points([one for one in found.ours if (one.clip, one.name) == (clip.name, name)], clip),
            shape,
            OURS,
            f"ours, {said}",
            False,
        )
    plain = sorted(found.plain_curve(clip))
    axis.plot(*zip(*plain, strict=True), color=PEERS[PLAIN][1], linewidth=1, zorder=1)
    for name, (shape, colour) in PEERS.items():
        mark(axis, points([found.one(clip, name)], clip), shape, colour, name, True)


def mark(axis: Any, points: list[tuple[float, float]], shape: str, colour: str, label: str, full: bool) -> None:
    """Points of one kind; those of ours that are no curve are hollow."""
    if points:
        face = colour if full else "white"
        axis.scatter(
            *zip(*points, strict=True),
            marker=shape,
            s=42,
            facecolor=face,
            edgecolor=colour,
            linewidth=1.3,
            label=label,
            zorder=4,
        )


def frame(figure: Any, first: Any, rows: int) -> None:
    """Title, one legend for all panels, and room for both."""
    figure.suptitle(
        "Up and to the left is better: the picture that a minute's bytes buy", x=0.07, ha="left", fontsize=13, fontweight="bold"
    )
    handles, labels = first.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="lower left", bbox_to_anchor=(0.06, 0), ncols=4, columnspacing=2.5, frameon=False, fontsize=8.5
    )
    figure.subplots_adjust(
        left=0.07, right=0.985, top=1 - 0.75 / height(rows), bottom=1.3 / height(rows), hspace=0.25, wspace=0.06
    )


def height(rows: int) -> float:
    """Inches."""
    return 1.5 + 2.8 * rows
