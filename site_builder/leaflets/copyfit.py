"""What size everything gets, so that a leaflet fills its page: found from estimates of each part's height.

What is decided here is only how large things are; Typst breaks lines and pages, so a wrong guess costs looks, never words.
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


def choose_layout(said: Mapping[str, Any], shape: PageGeometry, careful: float = FIRST_SAFETY_MARGIN) -> dict[str, Any]:
    """What size everything gets on this page: what the template needs to know. `careful` mm are left free on each page."""
    leading = 0.85 if said["lang"] in SECOND_SCRIPT_LANGS else 0.56
    if STACKED_MARKS.search(text_of(said["title"])):
        shape = replace(
            shape,
            title_sizes=tuple(
                size for size in shape.title_sizes if MARKS_REACH_EM * size * MM_PER_PT <= shape.margin - UNPRINTABLE_EDGE
            ),
        )
    filled_in = notes_box_height(said, shape)
    if said["worksheet"]:
        shape = replace(shape, min_notes_height=max(shape.min_notes_height, filled_in), reserve=max(shape.reserve, filled_in))
    head = front_header(said, shape, leading)
    fixed = [
        head["header_height"],
        *(part for part in (safety_height(said, shape, leading), supplies_height(said, shape, leading)) if part),
    ]
    if (aside := two_column_front(said, shape, leading)) and aside["header_height"] < sum(fixed) + (
        len(fixed) - 1
    ) * TYPICAL_GAP:
        head, fixed = aside, [aside["header_height"]]
    end = end_heights(said, shape, leading)
    asked = questions_height(said, shape, leading)
    keep = shape.reserve

    def tried(setting: tuple[float, float, float], shape: PageGeometry) -> dict[str, Any]:
        return try_layout(setting, said, shape, fixed, end, step_row_heights(said, shape, setting, leading), careful)

    chosen, set_in = single_column_trial(said, shape, tried, asked, keep), as_single_column(shape)
    if chosen is None:
        last = len(shape.size_steps) - 1
        settings = [one for at, one in enumerate(shape.size_steps) if at == last or has_room_for_words(said, shape, one)]
        chosen, set_in = choose_trial([tried(setting, shape) for setting in settings], shape, asked), shape
    left, pages = chosen["left"], chosen["pages"]
    behind = left - asked - chosen["gap"]  # what questions would leave
    ask = bool(asked) and behind >= keep
    left, fresh = behind if ask else left, ""
    notes = said["note_lines"]  # lines
    paid = pages % shape.page_targets[0] > 0 and (pages > 1 or shape.page_targets[0] > 2) and sum(fixed) < shape.inner_height
    # Where a page of the sheet stays empty, there is room for questions, or behind them for what is filled in; or for notes.
    if asked and not ask and paid:
        fresh = "notes" if behind > ESTIMATE_ERROR else "questions"
        left = shape.inner_height - (0 if fresh == "notes" else asked + law_height(said, shape, leading) + 2 * chosen["gap"])
        ask, pages = True, pages + 1
    elif notes and left < shape.min_notes_height and paid:
        fresh, left, pages = "notes", shape.inner_height, pages + 1
    body = shape.body
    if not fresh:
        wanted = max(keep, filled_in + NOTE_LINE_PITCH * notes if notes else 0)
        body, left = enlarge_end(said, set_in, chosen, fixed, ask, (left, wanted), leading, careful)
    lines = notes if filled_in + NOTE_LINE_PITCH * notes + ESTIMATE_ERROR <= left else 0
    return head | {
        "columns": set_in.columns,
        "end_size": body,
        "two_columns": head is aside,
        "tool_columns": tool_columns(said, shape),
        "picture_width": chosen["picture_width"],
        "step_size": chosen["step_size"],
        "row_padding": chosen["row_padding"],
        "gap": chosen["gap"],
        "extra_gap": min(2.5, chosen["spare"] / len(fixed)) if chosen["break_after"] else 0,
        "break_after": chosen["break_after"],
        "has_questions": ask,
        "new_page_for": fresh,
        "has_notes": notes > 0 and left >= shape.min_notes_height,
        "fixed_lines": lines,
        "notes_min_height": round(filled_in, 2),
        "pages": pages,
        "footer_size": footer_size(said, shape),
    }


def single_column_trial(
    said: Mapping[str, Any],
    shape: PageGeometry,
    tried: Callable[[tuple[float, float, float], PageGeometry], dict[str, Any]],
    asked: float,
    keep: float,
) -> dict[str, Any] | None:
    """Few steps with large pictures, each as wide as the page; None where they would not all stand on one with the rest."""
    column = as_single_column(shape)
    for setting in shape.column_size_steps if len(said["steps"]) <= MAX_STEPS_IN_COLUMN else ():
        if has_room_for_words(said, column, setting):
            found = tried(setting, column)
            if found["pages"] == 1 and found["left"] - (asked + found["gap"] if asked else 0) >= keep:
                return found
    return None


def as_single_column(shape: PageGeometry) -> PageGeometry:
    return replace(shape, columns=1, checks_beside=True)


def enlarge_end(
    said: Mapping[str, Any],
    shape: PageGeometry,
    chosen: Mapping[str, Any],
    fixed: Sequence[float],
    ask: bool,
    room: tuple[float, float],
    leading: float,
    careful: float,
) -> tuple[float, float]:
    """The largest type of what stands behind the last step, and what it leaves: paper that would be lines to write on."""
    left, wanted = room
    setting = (chosen["picture_width"], chosen["step_size"], chosen["row_padding"])
    for body in shape.end_sizes if left > wanted else ():
        larger = replace(shape, body=body)
        if widest_word([one["see"] for one in said["mistakes"]], TextStyle(body, face="bold")) > mistake_column_width(shape):
            continue
        again = try_layout(setting, said, shape, fixed, end_heights(said, larger, leading), chosen["heights"], careful)
        rest = again["left"] - (questions_height(said, larger, leading) + again["gap"] if ask else 0)
        rest -= (body / shape.body - 1) * again["gap"] * 4  # gaps grow too
        if (again["pages"], again["break_after"]) == (chosen["pages"], chosen["break_after"]) and rest >= wanted:
            return body, rest
    return shape.body, left


def end_heights(said: Mapping[str, Any], shape: PageGeometry, leading: float) -> list[float]:
    """What always stands behind the last step."""
    return [part for part in (mistakes_height(said, shape, leading), law_height(said, shape, leading)) if part]


def choose_trial(tries: Sequence[dict[str, Any]], shape: PageGeometry, asked: float) -> dict[str, Any]:
    """What leaves room for questions too, without a page for them alone or the smallest type for their sake; or for none."""
    found = best_trial(tries, shape, asked, shape.page_targets[:-1], shape.body) if asked else None
    return found or best_trial(tries, shape, 0, shape.page_targets, 0) or min(tries, key=lambda one: one["pages"])


def best_trial(
    tries: Sequence[dict[str, Any]], shape: PageGeometry, asked: float, aims: Sequence[int], above: float
) -> dict[str, Any] | None:
    """The largest on one page; else the largest with all steps on the first; else as few pages as can be, with little waste,
    in type above so many pt."""
    tries = [one for one in tries if one["left"] >= shape.reserve + (asked + one["gap"] if asked else 0)]
    single = [one for one in tries if one["pages"] == 1]
    front = [one for one in tries if one["break_after"] == "end"]
    steps = [one for one in tries if one["break_after"] == "steps"]
    if found := single or front or steps:
        return found[0]
    for aim in aims:
        if found := [one for one in tries if one["pages"] <= aim and one["step_size"] > above]:
            return min(found[:4], key=lambda one: one["waste"]) if shape.columns > 1 else found[0]
    return None


def try_layout(
    setting: tuple[float, float, float],
    said: Mapping[str, Any],
    shape: PageGeometry,
    fixed: Sequence[float],
    end: Sequence[float],
    heights: Sequence[float],
    careful: float,
) -> dict[str, Any]:
    """A setting, tried, with its rows of these heights: how many pages, and what is left on the last."""
    picture, size, air = setting
    gap = air + 0.7
    slack = careful + 1.0 + 0.006 * sum(heights)  # what a guess may be wrong by
    left = left_of_first = shape.inner_height - sum(fixed) - len(fixed) * gap - slack
    spare = left - sum(heights)
    one = spare - gap - sum(part + gap for part in end) - shape.reserve >= 0
    # Where it takes two pages, all steps stand on the first: with their end, or that begins the second.
    behind = heights[-1] if len(said["steps"]) % shape.columns == 0 else 0
    turn = ""
    if not one and shape.columns > 1 and spare + behind >= 0:
        turn, spare = ("end", spare) if spare >= 0 else ("steps", spare + behind)
    if turn:
        first = [behind + gap] if turn == "steps" else []
        page, left = flow(2, shape.inner_height - slack, [*first, *(part + gap for part in end)])
    else:
        page, down = 1, shape.inner_height - max(0, careful)
        while left < 0:  # tools and materials go on, on the next page
            page, left = page + 1, left + down
        page, left = flow(page, left, [*heights, gap, *(part + gap for part in end)], down)
    return {
        "picture_width": picture, "step_size": size, "row_padding": air, "gap": gap,
        "break_after": turn, "pages": page, "left": left, "spare": max(0, spare),
        "waste": wasted_height(left_of_first, heights),
        "heights": heights,
    }  # fmt: skip


def wasted_height(left: float, heights: Iterable[float]) -> float:
    """What stays empty below the last row that the first page holds."""
    for part in heights:
        if part > left:
            break
        left -= part
    return left


def flow(page: int, left: float, heights: Iterable[float], down: float | None = None) -> tuple[int, float]:
    """Page, and room left on it, after unbreakable parts of these heights."""
    down = left if down is None else down
    for part in heights:
        if part > left:
            page, left = page + 1, down
        left -= part
    return page, left


# ---- the parts of a leaflet, as howto.typ sets them


def two_column_front(said: Mapping[str, Any], shape: PageGeometry, leading: float) -> dict[str, Any] | None:
    """Tools and materials below the code, all else of the front beside them: a page wins what a large code takes.

    None where a page has no room for two columns, or the one below the code none for a word.
    """
    if shape.columns == 1 or too_narrow(said, shape):
        return None
    column = shape.inner_width - shape.side - shape.gutter
    link, scan = code_block(said, shape, leading)
    title = text_of(said["title"])
    size = largest_size(title, column, shape.inner_height, shape.title_sizes[:5], lines_at_most=1)
    if line_width(title, TextStyle(size, face="black")) > column:  # two lines, then; or as many as it needs
        size = largest_size(title, column, 34, shape.title_sizes, leading=said["title_leading"])
    left = title_block_height(said, shape, column, size, leading) + facts_block_height(said, shape, column, leading)
    if warned := safety_height(said, shape, leading, column, two=False):
        left += TYPICAL_GAP + warned
    right = scan
    if said["tools"]:
        right += TYPICAL_GAP + tools_height(said, shape, leading, 1, shape.side)
    if said["materials"]:
        right += TYPICAL_GAP + materials_height(said, said["materials"], shape, shape.side, leading)
    return {"title_size": size, "front_height": None, "header_height": max(left, right)} | link


def too_narrow(said: Mapping[str, Any], shape: PageGeometry) -> bool:
    """Whether a tool or material has a word that is wider than the column below the code."""
    body, many = TextStyle(shape.body), said["materials"]
    tools = widest_word([tool_text(said, one) for one in said["tools"]], body)
    names = widest_word(map(name_with_place, many), body)
    return tools > ticked_text_width(shape, shape.side) or names > ticked_text_width(
        shape, material_text_width(many, shape, shape.side)
    )


def code_block(said: Mapping[str, Any], shape: PageGeometry, leading: float) -> tuple[dict[str, Any], float]:
    """The link as large as the code is wide, in pt; and how high all of it is."""
    small_sizes = (15.5, 14, 12.5, 11.5, 10.5, 9.5, 8.5, 7.5, 6.5, 5.5)
    size, lines = size_typed_link(said["typed"], shape.side, small_sizes)
    down = shape.side + 2 + lines_height(len(lines), TextStyle(size, TYPED_LEADING)) + 1.7
    down += sum(
        1.6 + text_height(line, shape.side, TextStyle(pt, leading))
        for line, pt in zip(said["film_price"], (8.5, 7), strict=False)
    )
    return {"typed": lines, "typed_size": size}, down + text_height(said["scan_hint"], shape.side, TextStyle(8.5, leading))


def title_block_height(said: Mapping[str, Any], shape: PageGeometry, column: float, size: float, leading: float) -> float:
    title = text_height(said["title"], column, TextStyle(size, said["title_leading"], "black"))
    return title + 4.4 + text_height(said["summary"], column, TextStyle(shape.body + 2, leading))


def facts_block_height(said: Mapping[str, Any], shape: PageGeometry, column: float, leading: float) -> float:
    """What stands below title and summary: what one asks before one begins, and notices."""
    rest = 3.6 + chips_height(said["facts"], column, TextStyle(shape.body - 0.5, face="bold"))
    if said["review"]:
        rest += 3 + text_height(said["review"], column - 4, TextStyle(shape.body - 0.5, leading))
    for notice in said["notices"]:
        loud = notice["loud"]
        rest += (
            2.6
            + 5.1
            + text_height(notice["text"], column - 11, TextStyle(13 if loud else 10, leading, "black" if loud else "bold"))
        )
    return rest


def front_header(said: Mapping[str, Any], shape: PageGeometry, leading: float) -> dict[str, Any]:
    """The title as large as its column and the code's height allow; and the link as large as the code is wide."""
    column = shape.inner_width - shape.side - shape.gutter
    link, scan = code_block(said, shape, leading)
    rest = facts_block_height(said, shape, column, leading)

    def top(size: float) -> float:
        return title_block_height(said, shape, column, size, leading)

    whole = [size for size in shape.title_sizes if line_width(text_of(said["title"]), TextStyle(size, face="black")) <= column]
    large = [size for size in shape.title_sizes if size >= shape.title_sizes[3]]
    sizes = [
        *(whole if whole and whole[0] in large else large),
        *(size for size in shape.title_sizes if size < shape.title_sizes[3]),
    ]
    fits = [
        size for size in sizes
        if top(size) + rest + 2 <= scan
        and widest_word([text_of(said["title"])], TextStyle(size, face="black")) <= column
    ]  # fmt: skip
    size = fits[0] if fits else shape.title_sizes[-1]
    tight = top(size) + rest + 2 > scan
    return {
        "title_size": size,
        "front_height": None if tight else scan,
        "header_height": max(scan, top(size) + rest + 1),
    } | link


def chips_height(facts: Iterable[Any], room: float, type: TextStyle) -> float:
    count, left = 1, room
    for fact in facts:
        wide = line_width(text_of(fact), type) + 3.8 + 1.5
        if wide - 1.5 > left:
            count, left = count + 1, room
        left -= wide
    return count * (lines_height(1, type) + 2.7) + (count - 1) * 1.5


def safety_height(said: Mapping[str, Any], shape: PageGeometry, leading: float, across: float = 0, two: bool = True) -> float:
    if not (said["safety"] or said["do_not_start_if"] or said["ppe"] or said["emergency"]):
        return 0
    body = TextStyle(shape.body, leading)
    inner = (across or shape.inner_width) - 8
    two = two and bool(said["do_not_start_if"]) and shape.columns > 1
    share = warnings_share(said) if two else 1
    room = inner * share - (4 if two else 0)
    first = lines_height(1, TextStyle(shape.body * 1.5)) + 2.9
    for at, line in enumerate(said["safety"]):
        label = line_width(f"⚠ {text_of(line['label'])}: ", TextStyle(shape.body, face="bold"))
        first += text_height(line["text"], room, body, label) + (0 if at == 0 else (leading + 0.3) * shape.body * MM_PER_PT)
    stop = 0.0
    if said["do_not_start_if"]:
        room = inner * (1 - share) - 4 if two else inner
        stop = lines_height(1, TextStyle(11.5)) + 2.5
        for at, line in enumerate(said["do_not_start_if"]):
            stop += text_height(line, room - 1.3 * shape.body * MM_PER_PT, body) + (
                0 if at == 0 else (leading + 0.16) * shape.body * MM_PER_PT
            )
    total = max(first, stop) if two else first + (3.4 + stop if stop else 0)
    for label, text in ((said["labels"]["wear"], ppe_line(said)), (said["labels"]["emergency"], text_of(said["emergency"]))):
        if text:
            total += 6.1 + text_height(f"{text_of(label)}: {text}", inner, body)
    return total + 8.2


def ppe_line(said: Mapping[str, Any]) -> str:
    return "    ".join(f"☐ {text_of(thing)}" for thing in said["ppe"])


def warnings_share(said: Mapping[str, Any]) -> float:
    """The width of the warnings beside that of the stop conditions: as their words are many, so that both end together."""
    told = sum(len(text_of(line["text"])) + 9 for line in said["safety"])
    stop = sum(len(text_of(line)) for line in said["do_not_start_if"])
    return min(0.6, max(0.42, told / (told + stop))) if told + stop else 0.5


def supplies_height(said: Mapping[str, Any], shape: PageGeometry, leading: float) -> float:
    half = (shape.inner_width - shape.gutter) / 2
    some, many = said["tools"], said["materials"]
    if not some and not many:
        return 0
    if not many:
        return tools_height(said, shape, leading, tool_columns(said, shape))
    if not some or shape.columns == 1 or len(many) > 8:
        high = tools_height(said, shape, leading, tool_columns(said, shape)) + 4 if some else 0
        if len(many) < 4 or shape.columns == 1:
            return high + materials_height(said, many, shape, shape.inner_width, leading)
        cut = (len(many) + 1) // 2
        return high + max(
            materials_height(said, many[:cut], shape, half, leading), materials_height(said, many[cut:], shape, half, leading)
        )
    return max(tools_height(said, shape, leading, 1, half), materials_height(said, many, shape, half, leading))


def tool_columns(said: Mapping[str, Any], shape: PageGeometry) -> int:
    """As many as there are tools for, none narrower than their widest word; one on a small page."""
    most = min(3, len(said["tools"])) if shape.columns > 1 else 1
    need = widest_word([tool_text(said, one) for one in said["tools"]], TextStyle(shape.body))
    return next(
        (
            count
            for count in range(most, 1, -1)
            if need <= ticked_text_width(shape, equal_column_width(shape, shape.inner_width, count))
        ),
        1,
    )


def equal_column_width(shape: PageGeometry, across: float, count: int) -> float:
    return (across - (count - 1) * shape.gutter) / count


def ticked_text_width(shape: PageGeometry, across: float) -> float:
    """What a box to tick leaves of so many mm."""
    return across - 1.35 * shape.body * MM_PER_PT


def tool_text(said: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    text = name_with_place(one)
    text += f" ({text_of(said['labels']['hire'])})" if one["hire"] else ""
    return text + (f". {text_of(said['labels']['instead'])}: {text_of(one['instead'])}" if one["instead"] else "")


def name_with_place(one: Mapping[str, Any]) -> str:
    """A thing with its place in the store."""
    return text_of(one["name"]) + (f" ({text_of(one['place'])})" if one["place"] else "")


def tools_height(
    said: Mapping[str, Any], shape: PageGeometry, leading: float, columns: int, room: float | None = None
) -> float:
    wide = ticked_text_width(shape, equal_column_width(shape, room or shape.inner_width, columns))
    per = -(-len(said["tools"]) // columns)
    body = TextStyle(shape.body, leading)
    stacks = [said["tools"][at : at + per] for at in range(0, len(said["tools"]), per)]
    gap = (leading + 0.16) * shape.body * MM_PER_PT
    return section_heading_height(shape) + max(
        sum(text_height(tool_text(said, one), wide, body) + gap for one in stack) - gap for stack in stacks
    )


def section_heading_height(shape: PageGeometry) -> float:
    return lines_height(1, TextStyle(shape.body + 2.5)) + 1.9 + 0.2 + 2.6


def materials_height(
    said: Mapping[str, Any], some: Sequence[Mapping[str, Any]], shape: PageGeometry, room: float, leading: float
) -> float:
    body = TextStyle(shape.body, leading)
    across = material_text_width(some, shape, room)
    batch = text_height(said["batch"], across, TextStyle(shape.body * 0.92, leading)) + 1.4 if said["batch"] else 0
    told = sum(text_height(name_with_place(one), ticked_text_width(shape, across), body) + 3.1 for one in some)
    return lines_height(1, TextStyle(shape.body + 2.5)) + batch + 1.9 + told


def material_text_width(some: Sequence[Mapping[str, Any]], shape: PageGeometry, room: float) -> float:
    """What the widest quantity leaves of so many mm."""
    amount = max([line_width(text_of(one["quantity"]), TextStyle(shape.body, face="black")) for one in some] + [14])
    return room - 4 - amount


def step_row_heights(
    said: Mapping[str, Any], shape: PageGeometry, setting: tuple[float, float, float], leading: float
) -> list[float]:
    """The height of each row of steps, the title of all in the first; the end stands in the last place where it is free."""
    picture, size, air = setting
    cells = [step_height(one, shape, picture, size, leading) for one in said["steps"]]
    last = done_when_height(said, shape, size, leading)
    if len(cells) % shape.columns:
        cells.append(last)
        last = 0
    found = [max(cells[at : at + shape.columns]) + 2 * air + 0.3 for at in range(0, len(cells), shape.columns)]
    found[0] += lines_height(1, TextStyle(shape.body + 2.5)) + 1.9
    return [*found, last] if last else found


def step_column_width(shape: PageGeometry) -> float:
    return (shape.inner_width - (shape.columns - 1) * shape.gutter) / shape.columns


def step_text_width(shape: PageGeometry, picture: float, size: float, bare: bool) -> float:
    """Room for a step's words beside its picture, or its number."""
    return step_column_width(shape) - (size * 2.6 * MM_PER_PT + 2.6 if bare else picture + 4)


def has_room_for_words(said: Mapping[str, Any], shape: PageGeometry, setting: tuple[float, float, float]) -> bool:
    picture, size, _ = setting
    return all(
        widest_word([one["title"]], TextStyle(size * 1.12, face="black"))
        <= (room := step_text_width(shape, picture, size, not one["picture"]))
        and widest_word([one["text"]], TextStyle(size)) <= room
        for one in said["steps"]
    )


def step_height(one: Mapping[str, Any], shape: PageGeometry, picture: float, size: float, leading: float) -> float:
    bare = not one["picture"]
    room = step_text_width(shape, picture, size, bare)
    title = f"{text_of(one['title'])} ⚠" if one["critical"] else one["title"]
    told = text_height(title, room, TextStyle(size * 1.12, leading, "black")) + 0.85 * size * MM_PER_PT
    told += text_height(one["text"], room, TextStyle(size, leading))
    total = max(told, 0 if bare else picture * one["height_to_width"] + 0.6)
    if one["check"] and shape.checks_beside:
        check = text_height(f"Check:  {text_of(one['check'])}", room - 1.35 * size * MM_PER_PT, TextStyle(size, leading))
        return max(told + 0.85 * size * MM_PER_PT + check, total)
    if one["check"]:
        wide = step_column_width(shape) - (size * 2.6 * MM_PER_PT + 2.6 if bare else 0) - 1.35 * size * MM_PER_PT
        total += 0.85 * size * MM_PER_PT + text_height(f"Check:  {text_of(one['check'])}", wide, TextStyle(size, leading))
    return total


def done_when_height(said: Mapping[str, Any], shape: PageGeometry, size: float, leading: float) -> float:
    room = (step_column_width(shape) if len(said["steps"]) % shape.columns else shape.inner_width) - 7.2
    return (
        6.6
        + lines_height(1, TextStyle(size * 1.12))
        + 0.8 * size * MM_PER_PT
        + text_height(said["done_when"], room - 1.35 * size * MM_PER_PT, TextStyle(size, leading))
    )


def mistakes_height(said: Mapping[str, Any], shape: PageGeometry, leading: float) -> float:
    if not said["mistakes"]:
        return 0
    unit = mistake_column_width(shape)
    body = TextStyle(shape.body, leading)
    bold = TextStyle(shape.body, leading, "bold")
    told = sum(
        max(
            text_height(one["see"], unit, bold),
            text_height(one["likely"], unit, body),
            text_height(one["do"], 1.5 * unit, body),
        )
        + 3.4
        for one in said["mistakes"]
    )
    return lines_height(1, TextStyle(shape.body + 2.5)) + 2.6 + lines_height(1, bold) + 1.7 + told


def mistake_column_width(shape: PageGeometry) -> float:
    """The narrower columns of what goes wrong."""
    return (shape.inner_width - 10) / 3.5


def law_height(said: Mapping[str, Any], shape: PageGeometry, leading: float) -> float:
    return (
        section_heading_height(shape) + text_height(said["law"], shape.inner_width, TextStyle(shape.body, leading))
        if said["law"]
        else 0
    )


def questions_height(said: Mapping[str, Any], shape: PageGeometry, leading: float) -> float:
    if not said["questions"]:
        return 0
    room = step_column_width(shape)
    body, bold = TextStyle(shape.body, leading), TextStyle(shape.body, leading, "bold")
    each = [
        text_height(one["q"], room, bold) + text_height(one["a"], room, body) + leading * shape.body * MM_PER_PT + 3.4
        for one in said["questions"]
    ]
    cut = -(-len(each) // shape.columns)
    return section_heading_height(shape) + max(sum(each[at : at + cut]) for at in range(0, len(each), cut)) - 3.4


def notes_box_height(said: Mapping[str, Any], shape: PageGeometry) -> float:
    """The height of the box for notes with what is to be filled in, without a line to write on."""
    body = TextStyle(shape.body)
    room = left = shape.inner_width - 8
    count = 1 if said["worksheet"] else 0
    for blank in said["worksheet"]:
        wide = line_width(f"{text_of(blank['label'])}  {text_of(blank['unit'])}", body) + 20
        if wide > left and left < room:
            count, left = count + 1, room
        left -= wide + 7
    lines = count * (lines_height(1, body) + 5)
    return 4 + lines_height(1, TextStyle(shape.body + 2.5)) + lines + 9 + 2


def footer_size(said: Mapping[str, Any], shape: PageGeometry) -> float:
    """pt at which the store stands beside the code and day: on one line, else on two or, very small, on three."""
    ours = f"{said['code']} · {text_of(said['labels']['version'])} · {said['date']} · 9/9"
    room = shape.inner_width - line_width(ours, TextStyle(8.5, face="bold")) - 6
    room -= said["store"]["logo_across"] + 2.5 if said["store"]["logo"] else 0
    store = " · ".join([said["store"]["name"], *said["store"]["more"]])
    if one_line := next((size for size in (8.5, 7.5, 6.5) if line_width(store, TextStyle(size, face="bold")) <= room), 0.0):
        return one_line
    return 5.5 if line_count(store, room, TextStyle(5.5, face="bold")) <= 2 else 4.5
