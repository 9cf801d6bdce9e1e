"""Copyfitting: chooses type sizes, picture widths and page breaks of a leaflet from estimated heights in mm.

Typst breaks lines and pages afterwards: a wrong estimate costs looks, never words. The lengths are those of howto.typ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from site_builder.leaflets.text_metrics import (
    MM_PER_PT,
    SECOND_SCRIPT_LANGS,
    TYPED_LEADING,
    TextStyle,
    largest_size,
    line_count,
    line_width,
    lines_height,
    size_typed_link,
    text_height,
    text_of,
    widest_word,
)  # fmt: skip

# Two Arabic marks above each other reach so far above a title, in em, that a large one comes to where no printer prints.
STACKED_MARKS, MARKS_REACH_EM, UNPRINTABLE_EDGE = re.compile("[\u064b-\u0652]{2}"), 0.37, 5.1  # mm
ESTIMATE_ERROR = 6.0  # mm more than an estimate is off by
NOTE_LINE_PITCH = 8.5  # mm, between lines to write on
MAX_STEPS_IN_COLUMN = 5  # steps, that may stand below each other
TYPICAL_GAP = 4.4  # mm between parts of the front; the true one depends on what is chosen


@dataclass(frozen=True)
class PageGeometry:
    """A page and what stands on it, in mm; `settings` go from large to small: (picture's width, pt of its words, air)."""

    width: float
    height: float
    margin: float
    foot: float
    gutter: float
    side: float  # of the code with its frame
    columns: int  # of steps
    body: float  # pt
    title_sizes: tuple[float, ...]  # pt
    size_steps: tuple[tuple[float, float, float], ...]
    page_targets: tuple[int, ...]  # aims: the largest setting that needs no more pages than the first of these that can be had
    min_notes_height: float = 30  # room that is worth a box for the reader's own notes
    reserve: float = ESTIMATE_ERROR  # room that there must be: for what is to be filled in, and for what estimates are off by
    column_size_steps: tuple[
        tuple[float, float, float], ...
    ] = ()  # settings of few steps below each other, where they leave one page
    checks_beside: bool = False  # a step's check stands beside its picture, not below
    end_sizes: tuple[float, ...] = ()  # pt of what stands behind the last step, instead of `body`, where there is room

    @property
    def inner_width(self) -> float:
        return self.width - 2 * self.margin

    @property
    def inner_height(self) -> float:
        return self.height - self.margin - self.foot


FIRST_SAFETY_MARGIN, *LATER_SAFETY_MARGINS = (
    -3.0,
    4.0,
    14.0,
)  # mm that are left free on each page: estimates are off by so much, Typst has the last word


def choose_layout(
    data: Mapping[str, Any], geometry: PageGeometry, safety_margin: float = FIRST_SAFETY_MARGIN
) -> dict[str, Any]:
    """Sizes and page breaks for one leaflet, as howto.typ reads them in `it.layout`: pt for *_size, else mm.

    `safety_margin`: mm left free on each page. `break_after`: "" | "steps" | "end"; `new_page_for`: "" | "notes" | "questions".
    """
    leading = 0.85 if data["lang"] in SECOND_SCRIPT_LANGS else 0.56
    if STACKED_MARKS.search(text_of(data["title"])):
        geometry = replace(
            geometry,
            title_sizes=tuple(
                size for size in geometry.title_sizes if MARKS_REACH_EM * size * MM_PER_PT <= geometry.margin - UNPRINTABLE_EDGE
            ),
        )
    notes_box = notes_box_height(data, geometry)
    if data["worksheet"]:
        geometry = replace(
            geometry, min_notes_height=max(geometry.min_notes_height, notes_box), reserve=max(geometry.reserve, notes_box)
        )
    front = front_header(data, geometry, leading)
    front_heights = [
        front["header_height"],
        *(part for part in (safety_height(data, geometry, leading), supplies_height(data, geometry, leading)) if part),
    ]
    if (two_columns := two_column_front(data, geometry, leading)) and two_columns["header_height"] < sum(front_heights) + (
        len(front_heights) - 1
    ) * TYPICAL_GAP:
        front, front_heights = two_columns, [two_columns["header_height"]]
    end = end_heights(data, geometry, leading)
    questions_mm = questions_height(data, geometry, leading)
    reserve = geometry.reserve

    def try_step(size_step: tuple[float, float, float], geometry: PageGeometry) -> dict[str, Any]:
        return try_layout(
            size_step, data, geometry, front_heights, end, step_row_heights(data, geometry, size_step, leading), safety_margin
        )

    chosen, set_page = single_column_trial(data, geometry, try_step, questions_mm, reserve), as_single_column(geometry)
    if chosen is None:
        last = len(geometry.size_steps) - 1
        size_steps = [
            step for at, step in enumerate(geometry.size_steps) if at == last or has_room_for_words(data, geometry, step)
        ]
        chosen, set_page = (
            choose_trial([try_step(setting, geometry) for setting in size_steps], geometry, questions_mm),
            geometry,
        )
    left, pages = chosen["left"], chosen["pages"]
    left_after_questions = left - questions_mm - chosen["gap"]  # what questions would leave
    has_questions = bool(questions_mm) and left_after_questions >= reserve
    left, new_page_for = left_after_questions if has_questions else left, ""
    notes = data["note_lines"]  # lines
    sheet_has_empty_page = (
        pages % geometry.page_targets[0] > 0
        and (pages > 1 or geometry.page_targets[0] > 2)
        and sum(front_heights) < geometry.inner_height
    )
    # Where a page of the sheet stays empty, there is room for questions, or behind them for what is filled in; or for notes.
    if questions_mm and not has_questions and sheet_has_empty_page:
        new_page_for = "notes" if left_after_questions > ESTIMATE_ERROR else "questions"
        left = geometry.inner_height - (
            0 if new_page_for == "notes" else questions_mm + law_height(data, geometry, leading) + 2 * chosen["gap"]
        )
        has_questions, pages = True, pages + 1
    elif notes and left < geometry.min_notes_height and sheet_has_empty_page:
        new_page_for, left, pages = "notes", geometry.inner_height, pages + 1
    body = geometry.body
    if not new_page_for:
        wanted = max(reserve, notes_box + NOTE_LINE_PITCH * notes if notes else 0)
        body, left = enlarge_end(data, set_page, chosen, front_heights, has_questions, (left, wanted), leading, safety_margin)
    fixed_lines = notes if notes_box + NOTE_LINE_PITCH * notes + ESTIMATE_ERROR <= left else 0
    return front | {
        "columns": set_page.columns,
        "end_size": body,
        "two_columns": front is two_columns,
        "tool_columns": tool_columns(data, geometry),
        "picture_width": chosen["picture_width"],
        "step_size": chosen["step_size"],
        "row_padding": chosen["row_padding"],
        "gap": chosen["gap"],
        "extra_gap": min(2.5, chosen["spare"] / len(front_heights)) if chosen["break_after"] else 0,
        "break_after": chosen["break_after"],
        "has_questions": has_questions,
        "new_page_for": new_page_for,
        "has_notes": notes > 0 and left >= geometry.min_notes_height,
        "fixed_lines": fixed_lines,
        "notes_min_height": round(notes_box, 2),
        "pages": pages,
        "footer_size": footer_size(data, geometry),
    }


def single_column_trial(
    data: Mapping[str, Any],
    geometry: PageGeometry,
    try_step: Callable[[tuple[float, float, float], PageGeometry], dict[str, Any]],
    questions_mm: float,
    keep: float,
) -> dict[str, Any] | None:
    """Few steps with large pictures, in one column; None where they would not stand on one page with all else."""
    column = as_single_column(geometry)
    for setting in geometry.column_size_steps if len(data["steps"]) <= MAX_STEPS_IN_COLUMN else ():
        if has_room_for_words(data, column, setting):
            trial = try_step(setting, column)
            if trial["pages"] == 1 and trial["left"] - (questions_mm + trial["gap"] if questions_mm else 0) >= keep:
                return trial
    return None


def as_single_column(geometry: PageGeometry) -> PageGeometry:
    """The page with its steps in one column, each check beside its picture."""
    return replace(geometry, columns=1, checks_beside=True)


def enlarge_end(
    data: Mapping[str, Any],
    geometry: PageGeometry,
    chosen: Mapping[str, Any],
    front_heights: Sequence[float],
    has_questions: bool,
    room: tuple[float, float],
    leading: float,
    safety_margin: float,
) -> tuple[float, float]:
    """(largest type in pt of what follows the last step, mm left): used where paper would otherwise be lines to write on."""
    left, wanted = room
    setting = (chosen["picture_width"], chosen["step_size"], chosen["row_padding"])
    for body in geometry.end_sizes if left > wanted else ():
        larger = replace(geometry, body=body)
        if widest_word([mistake["see"] for mistake in data["mistakes"]], TextStyle(body, face="bold")) > mistake_column_width(
            geometry
        ):
            continue
        again = try_layout(
            setting, data, geometry, front_heights, end_heights(data, larger, leading), chosen["heights"], safety_margin
        )
        rest = again["left"] - (questions_height(data, larger, leading) + again["gap"] if has_questions else 0)
        rest -= (body / geometry.body - 1) * again["gap"] * 4  # gaps grow too
        if (again["pages"], again["break_after"]) == (chosen["pages"], chosen["break_after"]) and rest >= wanted:
            return body, rest
    return geometry.body, left


def end_heights(data: Mapping[str, Any], geometry: PageGeometry, leading: float) -> list[float]:
    """Heights in mm of what always follows the last step: mistakes and law, where there are any."""
    return [part for part in (mistakes_height(data, geometry, leading), law_height(data, geometry, leading)) if part]


def choose_trial(tries: Sequence[dict[str, Any]], geometry: PageGeometry, questions_mm: float) -> dict[str, Any]:
    """The best trial that also has room for the questions; else the best without; else the one with the fewest pages."""
    with_questions = (
        best_trial(tries, geometry, questions_mm, geometry.page_targets[:-1], geometry.body) if questions_mm else None
    )
    return (
        with_questions
        or best_trial(tries, geometry, 0, geometry.page_targets, 0)
        or min(tries, key=lambda trial: trial["pages"])
    )


def best_trial(
    tries: Sequence[dict[str, Any]], geometry: PageGeometry, questions_mm: float, aims: Sequence[int], above: float
) -> dict[str, Any] | None:
    """The largest on one page; else with all steps on page 1; else, of the four largest in `aims` pages the least wasteful.

    Only type above `above` pt counts there. None where nothing fits.
    """
    tries = [
        trial for trial in tries if trial["left"] >= geometry.reserve + (questions_mm + trial["gap"] if questions_mm else 0)
    ]
    single = [trial for trial in tries if trial["pages"] == 1]
    front = [trial for trial in tries if trial["break_after"] == "end"]
    steps = [trial for trial in tries if trial["break_after"] == "steps"]
    if fitting := single or front or steps:
        return fitting[0]
    for aim in aims:
        if fitting := [trial for trial in tries if trial["pages"] <= aim and trial["step_size"] > above]:
            return min(fitting[:4], key=lambda trial: trial["waste"]) if geometry.columns > 1 else fitting[0]
    return None


def try_layout(
    size_step: tuple[float, float, float],
    data: Mapping[str, Any],
    geometry: PageGeometry,
    front_heights: Sequence[float],
    end: Sequence[float],
    heights: Sequence[float],
    safety_margin: float,
) -> dict[str, Any]:
    """Estimates one step size: pages needed, mm left on the last, where to break. `heights`: mm of each row of steps."""
    picture, size, air = size_step
    gap = air + 0.7
    slack = safety_margin + 1.0 + 0.006 * sum(heights)  # what a guess may be wrong by
    left = left_of_first = geometry.inner_height - sum(front_heights) - len(front_heights) * gap - slack
    spare = left - sum(heights)
    on_one_page = spare - gap - sum(part + gap for part in end) - geometry.reserve >= 0
    # Where it takes two pages, all steps stand on the first: with their end, or that begins the second.
    last_row = heights[-1] if len(data["steps"]) % geometry.columns == 0 else 0
    break_after = ""
    if not on_one_page and geometry.columns > 1 and spare + last_row >= 0:
        break_after, spare = ("end", spare) if spare >= 0 else ("steps", spare + last_row)
    if break_after:
        first = [last_row + gap] if break_after == "steps" else []
        page, left = flow(2, geometry.inner_height - slack, [*first, *(part + gap for part in end)])
    else:
        page, down = 1, geometry.inner_height - max(0, safety_margin)
        while left < 0:  # tools and materials go on, on the next page
            page, left = page + 1, left + down
        page, left = flow(page, left, [*heights, gap, *(part + gap for part in end)], down)
    return {
        "picture_width": picture, "step_size": size, "row_padding": air, "gap": gap,
        "break_after": break_after, "pages": page, "left": left, "spare": max(0, spare),
        "waste": wasted_height(left_of_first, heights),
        "heights": heights,
    }  # fmt: skip


def wasted_height(left: float, heights: Iterable[float]) -> float:
    """mm that stay empty below the last row that fits on the first page."""
    for part in heights:
        if part > left:
            break
        left -= part
    return left


def flow(page: int, left: float, heights: Iterable[float], down: float | None = None) -> tuple[int, float]:
    """(page, mm left on it) after unbreakable parts of these heights."""
    down = left if down is None else down
    for part in heights:
        if part > left:
            page, left = page + 1, down
        left -= part
    return page, left


# ---- the parts of a leaflet, as howto.typ sets them


def two_column_front(data: Mapping[str, Any], geometry: PageGeometry, leading: float) -> dict[str, Any] | None:
    """Tools and materials below the code, all else of the front beside them: a page wins what a large code takes.

    None where a page has no room for two columns, or the one below the code none for a word.
    """
    if geometry.columns == 1 or too_narrow(data, geometry):
        return None
    column = geometry.inner_width - geometry.side - geometry.gutter
    link, scan = code_block(data, geometry, leading)
    title = text_of(data["title"])
    size = largest_size(title, column, geometry.inner_height, geometry.title_sizes[:5], lines_at_most=1)
    if line_width(title, TextStyle(size, face="black")) > column:  # two lines, then; or as many as it needs
        size = largest_size(title, column, 34, geometry.title_sizes, leading=data["title_leading"])
    left = title_block_height(data, geometry, column, size, leading) + facts_block_height(data, geometry, column, leading)
    if warned := safety_height(data, geometry, leading, column, two=False):
        left += TYPICAL_GAP + warned
    right = scan
    if data["tools"]:
        right += TYPICAL_GAP + tools_height(data, geometry, leading, 1, geometry.side)
    if data["materials"]:
        right += TYPICAL_GAP + materials_height(data, data["materials"], geometry, geometry.side, leading)
    return {"title_size": size, "front_height": None, "header_height": max(left, right)} | link


def too_narrow(data: Mapping[str, Any], geometry: PageGeometry) -> bool:
    """Whether a tool or material has a word that is wider than the column below the code."""
    body, many = TextStyle(geometry.body), data["materials"]
    tools = widest_word([tool_text(data, tool) for tool in data["tools"]], body)
    names = widest_word(map(name_with_place, many), body)
    return tools > ticked_text_width(geometry, geometry.side) or names > ticked_text_width(
        geometry, material_text_width(many, geometry, geometry.side)
    )


def code_block(data: Mapping[str, Any], geometry: PageGeometry, leading: float) -> tuple[dict[str, Any], float]:
    """(the typed link's lines and its size in pt, height in mm of code, link, prices and hint)."""
    small_sizes = (15.5, 14, 12.5, 11.5, 10.5, 9.5, 8.5, 7.5, 6.5, 5.5)
    size, lines = size_typed_link(data["typed"], geometry.side, small_sizes)
    down = geometry.side + 2 + lines_height(len(lines), TextStyle(size, TYPED_LEADING)) + 1.7
    down += sum(
        1.6 + text_height(line, geometry.side, TextStyle(pt, leading))
        for line, pt in zip(data["film_price"], (8.5, 7), strict=False)
    )
    return {"typed": lines, "typed_size": size}, down + text_height(data["scan_hint"], geometry.side, TextStyle(8.5, leading))


def title_block_height(data: Mapping[str, Any], geometry: PageGeometry, column: float, size: float, leading: float) -> float:
    """Height in mm of title and summary."""
    title = text_height(data["title"], column, TextStyle(size, data["title_leading"], "black"))
    return title + 4.4 + text_height(data["summary"], column, TextStyle(geometry.body + 2, leading))


def facts_block_height(data: Mapping[str, Any], geometry: PageGeometry, column: float, leading: float) -> float:
    """What stands below title and summary: what one asks before one begins, and notices."""
    rest = 3.6 + chips_height(data["facts"], column, TextStyle(geometry.body - 0.5, face="bold"))
    if data["review"]:
        rest += 3 + text_height(data["review"], column - 4, TextStyle(geometry.body - 0.5, leading))
    for notice in data["notices"]:
        loud = notice["loud"]
        rest += (
            2.6
            + 5.1
            + text_height(notice["text"], column - 11, TextStyle(13 if loud else 10, leading, "black" if loud else "bold"))
        )
    return rest


def front_header(data: Mapping[str, Any], geometry: PageGeometry, leading: float) -> dict[str, Any]:
    """The front's head: {title_size pt, front_height mm or None, header_height mm} and the typed link.

    The title is as large as its column and the code's height allow.
    """
    column = geometry.inner_width - geometry.side - geometry.gutter
    link, scan = code_block(data, geometry, leading)
    rest = facts_block_height(data, geometry, column, leading)

    def top(size: float) -> float:
        return title_block_height(data, geometry, column, size, leading)

    unbroken_sizes = [
        size for size in geometry.title_sizes if line_width(text_of(data["title"]), TextStyle(size, face="black")) <= column
    ]
    large_sizes = [size for size in geometry.title_sizes if size >= geometry.title_sizes[3]]
    sizes = [
        *(unbroken_sizes if unbroken_sizes and unbroken_sizes[0] in large_sizes else large_sizes),
        *(size for size in geometry.title_sizes if size < geometry.title_sizes[3]),
    ]
    fitting_sizes = [
        size for size in sizes
        if top(size) + rest + 2 <= scan
        and widest_word([text_of(data["title"])], TextStyle(size, face="black")) <= column
    ]  # fmt: skip
    size = fitting_sizes[0] if fitting_sizes else geometry.title_sizes[-1]
    title_higher_than_code = top(size) + rest + 2 > scan
    return {
        "title_size": size,
        "front_height": None if title_higher_than_code else scan,
        "header_height": max(scan, top(size) + rest + 1),
    } | link


def chips_height(facts: Iterable[Any], room: float, style: TextStyle) -> float:
    """Height in mm of the facts in their frames, in lines of `room` mm."""
    count, left = 1, room
    for fact in facts:
        chip_width = line_width(text_of(fact), style) + 3.8 + 1.5
        if chip_width - 1.5 > left:
            count, left = count + 1, room
        left -= chip_width
    return count * (lines_height(1, style) + 2.7) + (count - 1) * 1.5


def safety_height(
    data: Mapping[str, Any], geometry: PageGeometry, leading: float, across: float = 0, two: bool = True
) -> float:
    """Height in mm of the safety box, 0 without content; `across`: its width, the page's if 0."""
    if not (data["safety"] or data["do_not_start_if"] or data["ppe"] or data["emergency"]):
        return 0
    body = TextStyle(geometry.body, leading)
    inner = (across or geometry.inner_width) - 8
    two = two and bool(data["do_not_start_if"]) and geometry.columns > 1
    share = warnings_share(data) if two else 1
    room = inner * share - (4 if two else 0)
    first = lines_height(1, TextStyle(geometry.body * 1.5)) + 2.9
    for at, line in enumerate(data["safety"]):
        label = line_width(f"⚠ {text_of(line['label'])}: ", TextStyle(geometry.body, face="bold"))
        first += text_height(line["text"], room, body, label) + (0 if at == 0 else (leading + 0.3) * geometry.body * MM_PER_PT)
    stop = 0.0
    if data["do_not_start_if"]:
        room = inner * (1 - share) - 4 if two else inner
        stop = lines_height(1, TextStyle(11.5)) + 2.5
        for at, line in enumerate(data["do_not_start_if"]):
            stop += text_height(line, room - 1.3 * geometry.body * MM_PER_PT, body) + (
                0 if at == 0 else (leading + 0.16) * geometry.body * MM_PER_PT
            )
    total = max(first, stop) if two else first + (3.4 + stop if stop else 0)
    for label, text in ((data["labels"]["wear"], ppe_line(data)), (data["labels"]["emergency"], text_of(data["emergency"]))):
        if text:
            total += 6.1 + text_height(f"{text_of(label)}: {text}", inner, body)
    return total + 8.2


def ppe_line(data: Mapping[str, Any]) -> str:
    """What to wear, each with its box to tick, as one text."""
    return "    ".join(f"☐ {text_of(thing)}" for thing in data["ppe"])


def warnings_share(data: Mapping[str, Any]) -> float:
    """The share of the safety box's width that warnings get beside stop conditions, so that both end together."""
    warning_letters = sum(len(text_of(line["text"])) + 9 for line in data["safety"])
    stop_letters = sum(len(text_of(line)) for line in data["do_not_start_if"])
    return min(0.6, max(0.42, warning_letters / (warning_letters + stop_letters))) if warning_letters + stop_letters else 0.5


def supplies_height(data: Mapping[str, Any], geometry: PageGeometry, leading: float) -> float:
    """Height in mm of tools and materials, 0 without content."""
    half = (geometry.inner_width - geometry.gutter) / 2
    tools, materials = data["tools"], data["materials"]
    if not tools and not materials:
        return 0
    if not materials:
        return tools_height(data, geometry, leading, tool_columns(data, geometry))
    if not tools or geometry.columns == 1 or len(materials) > 8:
        total = tools_height(data, geometry, leading, tool_columns(data, geometry)) + 4 if tools else 0
        if len(materials) < 4 or geometry.columns == 1:
            return total + materials_height(data, materials, geometry, geometry.inner_width, leading)
        cut = (len(materials) + 1) // 2
        return total + max(
            materials_height(data, materials[:cut], geometry, half, leading),
            materials_height(data, materials[cut:], geometry, half, leading),
        )
    return max(tools_height(data, geometry, leading, 1, half), materials_height(data, materials, geometry, half, leading))


def tool_columns(data: Mapping[str, Any], geometry: PageGeometry) -> int:
    """As many as there are tools for, none narrower than their widest word; one on a small page."""
    most = min(3, len(data["tools"])) if geometry.columns > 1 else 1
    need = widest_word([tool_text(data, tool) for tool in data["tools"]], TextStyle(geometry.body))
    return next(
        (
            count
            for count in range(most, 1, -1)
            if need <= ticked_text_width(geometry, equal_column_width(geometry, geometry.inner_width, count))
        ),
        1,
    )


def equal_column_width(geometry: PageGeometry, across: float, count: int) -> float:
    """Width in mm of each of `count` columns in `across` mm."""
    return (across - (count - 1) * geometry.gutter) / count


def ticked_text_width(geometry: PageGeometry, across: float) -> float:
    """What a box to tick leaves of so many mm."""
    return across - 1.35 * geometry.body * MM_PER_PT


def tool_text(data: Mapping[str, Any], tool: Mapping[str, Any]) -> str:
    """A tool as it is printed: name, place, whether it can be hired, what would do instead."""
    text = name_with_place(tool)
    text += f" ({text_of(data['labels']['hire'])})" if tool["hire"] else ""
    return text + (f". {text_of(data['labels']['instead'])}: {text_of(tool['instead'])}" if tool["instead"] else "")


def name_with_place(item: Mapping[str, Any]) -> str:
    """A thing with its place in the store."""
    return text_of(item["name"]) + (f" ({text_of(item['place'])})" if item["place"] else "")


def tools_height(
    data: Mapping[str, Any], geometry: PageGeometry, leading: float, columns: int, room: float | None = None
) -> float:
    """Height in mm of the tools with their heading, in so many columns."""
    wide = ticked_text_width(geometry, equal_column_width(geometry, room or geometry.inner_width, columns))
    per = -(-len(data["tools"]) // columns)
    body = TextStyle(geometry.body, leading)
    stacks = [data["tools"][at : at + per] for at in range(0, len(data["tools"]), per)]
    gap = (leading + 0.16) * geometry.body * MM_PER_PT
    return section_heading_height(geometry) + max(
        sum(text_height(tool_text(data, tool), wide, body) + gap for tool in stack) - gap for stack in stacks
    )


def section_heading_height(geometry: PageGeometry) -> float:
    """Height in mm of a section's heading with the rule below it."""
    return lines_height(1, TextStyle(geometry.body + 2.5)) + 1.9 + 0.2 + 2.6


def materials_height(
    data: Mapping[str, Any], some: Sequence[Mapping[str, Any]], geometry: PageGeometry, room: float, leading: float
) -> float:
    """Height in mm of materials with their heading, in `room` mm."""
    body = TextStyle(geometry.body, leading)
    across = material_text_width(some, geometry, room)
    batch = text_height(data["batch"], across, TextStyle(geometry.body * 0.92, leading)) + 1.4 if data["batch"] else 0
    items_height = sum(text_height(name_with_place(item), ticked_text_width(geometry, across), body) + 3.1 for item in some)
    return lines_height(1, TextStyle(geometry.body + 2.5)) + batch + 1.9 + items_height


def material_text_width(some: Sequence[Mapping[str, Any]], geometry: PageGeometry, room: float) -> float:
    """What the widest quantity leaves of so many mm."""
    amount = max([line_width(text_of(item["quantity"]), TextStyle(geometry.body, face="black")) for item in some] + [14])
    return room - 4 - amount


def step_row_heights(
    data: Mapping[str, Any], geometry: PageGeometry, size_step: tuple[float, float, float], leading: float
) -> list[float]:
    """The height of each row of steps, the title of all in the first; the end stands in the last place where it is free."""
    picture, size, air = size_step
    cells = [step_height(step, geometry, picture, size, leading) for step in data["steps"]]
    last = done_when_height(data, geometry, size, leading)
    if len(cells) % geometry.columns:
        cells.append(last)
        last = 0
    heights = [max(cells[at : at + geometry.columns]) + 2 * air + 0.3 for at in range(0, len(cells), geometry.columns)]
    heights[0] += lines_height(1, TextStyle(geometry.body + 2.5)) + 1.9
    return [*heights, last] if last else heights


def step_column_width(geometry: PageGeometry) -> float:
    """Width in mm of a column of steps."""
    return (geometry.inner_width - (geometry.columns - 1) * geometry.gutter) / geometry.columns


def step_text_width(geometry: PageGeometry, picture: float, size: float, bare: bool) -> float:
    """Room for a step's words beside its picture, or its number."""
    return step_column_width(geometry) - (size * 2.6 * MM_PER_PT + 2.6 if bare else picture + 4)


def has_room_for_words(data: Mapping[str, Any], geometry: PageGeometry, size_step: tuple[float, float, float]) -> bool:
    """Whether each step's words fit beside its picture without a word being cut."""
    picture, size, _ = size_step
    return all(
        widest_word([step["title"]], TextStyle(size * 1.12, face="black"))
        <= (room := step_text_width(geometry, picture, size, not step["picture"]))
        and widest_word([step["text"]], TextStyle(size)) <= room
        for step in data["steps"]
    )


def step_height(step: Mapping[str, Any], geometry: PageGeometry, picture: float, size: float, leading: float) -> float:
    """Height in mm of one step: picture, words and check."""
    bare = not step["picture"]
    room = step_text_width(geometry, picture, size, bare)
    title = f"{text_of(step['title'])} ⚠" if step["critical"] else step["title"]
    words_height = text_height(title, room, TextStyle(size * 1.12, leading, "black")) + 0.85 * size * MM_PER_PT
    words_height += text_height(step["text"], room, TextStyle(size, leading))
    total = max(words_height, 0 if bare else picture * step["height_to_width"] + 0.6)
    if step["check"] and geometry.checks_beside:
        check = text_height(f"Check:  {text_of(step['check'])}", room - 1.35 * size * MM_PER_PT, TextStyle(size, leading))
        return max(words_height + 0.85 * size * MM_PER_PT + check, total)
    if step["check"]:
        wide = step_column_width(geometry) - (size * 2.6 * MM_PER_PT + 2.6 if bare else 0) - 1.35 * size * MM_PER_PT
        total += 0.85 * size * MM_PER_PT + text_height(f"Check:  {text_of(step['check'])}", wide, TextStyle(size, leading))
    return total


def done_when_height(data: Mapping[str, Any], geometry: PageGeometry, size: float, leading: float) -> float:
    """Height in mm of the frame that says when all is done."""
    room = (step_column_width(geometry) if len(data["steps"]) % geometry.columns else geometry.inner_width) - 7.2
    return (
        6.6
        + lines_height(1, TextStyle(size * 1.12))
        + 0.8 * size * MM_PER_PT
        + text_height(data["done_when"], room - 1.35 * size * MM_PER_PT, TextStyle(size, leading))
    )


def mistakes_height(data: Mapping[str, Any], geometry: PageGeometry, leading: float) -> float:
    """Height in mm of the table of mistakes, 0 without content."""
    if not data["mistakes"]:
        return 0
    unit = mistake_column_width(geometry)
    body = TextStyle(geometry.body, leading)
    bold = TextStyle(geometry.body, leading, "bold")
    rows_height = sum(
        max(
            text_height(mistake["see"], unit, bold),
            text_height(mistake["likely"], unit, body),
            text_height(mistake["do"], 1.5 * unit, body),
        )
        + 3.4
        for mistake in data["mistakes"]
    )
    return lines_height(1, TextStyle(geometry.body + 2.5)) + 2.6 + lines_height(1, bold) + 1.7 + rows_height


def mistake_column_width(geometry: PageGeometry) -> float:
    """The narrower columns of what goes wrong."""
    return (geometry.inner_width - 10) / 3.5


def law_height(data: Mapping[str, Any], geometry: PageGeometry, leading: float) -> float:
    """Height in mm of what the law asks, 0 without content."""
    return (
        section_heading_height(geometry) + text_height(data["law"], geometry.inner_width, TextStyle(geometry.body, leading))
        if data["law"]
        else 0
    )


def questions_height(data: Mapping[str, Any], geometry: PageGeometry, leading: float) -> float:
    """Height in mm of the questions in their columns, 0 without content."""
    if not data["questions"]:
        return 0
    room = step_column_width(geometry)
    body, bold = TextStyle(geometry.body, leading), TextStyle(geometry.body, leading, "bold")
    each = [
        text_height(question["q"], room, bold)
        + text_height(question["a"], room, body)
        + leading * geometry.body * MM_PER_PT
        + 3.4
        for question in data["questions"]
    ]
    cut = -(-len(each) // geometry.columns)
    return section_heading_height(geometry) + max(sum(each[at : at + cut]) for at in range(0, len(each), cut)) - 3.4


def notes_box_height(data: Mapping[str, Any], geometry: PageGeometry) -> float:
    """The height of the box for notes with what is to be filled in, without a line to write on."""
    body = TextStyle(geometry.body)
    room = left = geometry.inner_width - 8
    count = 1 if data["worksheet"] else 0
    for blank in data["worksheet"]:
        blank_width = line_width(f"{text_of(blank['label'])}  {text_of(blank['unit'])}", body) + 20
        if blank_width > left and left < room:
            count, left = count + 1, room
        left -= blank_width + 7
    lines = count * (lines_height(1, body) + 5)
    return 4 + lines_height(1, TextStyle(geometry.body + 2.5)) + lines + 9 + 2


def footer_size(data: Mapping[str, Any], geometry: PageGeometry) -> float:
    """pt of the store's line in the footer: 8.5 to 6.5 on one line, else 5.5 on two or 4.5 on three."""
    ours = f"{data['code']} · {text_of(data['labels']['version'])} · {data['date']} · 9/9"
    room = geometry.inner_width - line_width(ours, TextStyle(8.5, face="bold")) - 6
    room -= data["store"]["logo_across"] + 2.5 if data["store"]["logo"] else 0
    store = " · ".join([data["store"]["name"], *data["store"]["more"]])
    if one_line := next((size for size in (8.5, 7.5, 6.5) if line_width(store, TextStyle(size, face="bold")) <= room), 0.0):
        return one_line
    return 5.5 if line_count(store, room, TextStyle(5.5, face="bold")) <= 2 else 4.5
