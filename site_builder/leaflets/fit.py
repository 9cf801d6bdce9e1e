"""What size everything gets, so that a leaflet fills its page: found from estimates of each part's height.

What is decided here is only how large things are; Typst breaks lines and pages, so a wrong guess costs looks, never words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from site_builder.leaflets.measure import (
    PT,
    SECOND_SCRIPT,
    TYPED_LEADING,
    Type,
    high,
    largest,
    lines,
    tall,
    typed,
    widest,
    width,
    words,
)  # fmt: skip

# Two Arabic marks above each other reach so far above a title, in em, that a large one comes to where no printer prints.
STACKED, REACH, UNPRINTED = re.compile("[\u064b-\u0652]{2}"), 0.37, 5.1  # mm
SURE = 6.0  # mm more than an estimate is off by
LINE = 8.5  # mm, between lines to write on
FEW = 5  # steps, that may stand below each other
ABOUT_A_GAP = 4.4  # mm between parts of the front; the true one depends on what is chosen


@dataclass(frozen=True)
class Shape:
    """A page and what stands on it, in mm; `settings` go from large to small: (picture's width, pt of its words, air)."""

    width: float
    height: float
    margin: float
    foot: float
    gutter: float
    side: float  # of the code with its frame
    columns: int  # of steps
    body: float  # pt
    title: tuple[float, ...]  # pt
    settings: tuple[tuple[float, float, float], ...]
    pages: tuple[int, ...]  # aims: the largest setting that needs no more pages than the first of these that can be had
    least: float = 30  # room that is worth a box for the reader's own notes
    need: float = SURE  # room that there must be: for what is to be filled in, and for what estimates are off by
    alone: tuple[tuple[float, float, float], ...] = ()  # settings of few steps below each other, where they leave one page
    checks_beside: bool = False  # a step's check stands beside its picture, not below
    behind: tuple[float, ...] = ()  # pt of what stands behind the last step, instead of `body`, where there is room

    @property
    def across(self) -> float:
        return self.width - 2 * self.margin

    @property
    def down(self) -> float:
        return self.height - self.margin - self.foot


HOPEFUL, *CAREFUL = -3.0, 4.0, 14.0  # mm that are left free on each page: estimates are off by so much, Typst has the last word


def fit(said: Mapping[str, Any], shape: Shape, careful: float = HOPEFUL) -> dict[str, Any]:
    """What size everything gets on this page: what the template needs to know. `careful` mm are left free on each page."""
    leading = 0.85 if said["lang"] in SECOND_SCRIPT else 0.56
    if STACKED.search(words(said["title"])):
        shape = replace(shape, title=tuple(size for size in shape.title if REACH * size * PT <= shape.margin - UNPRINTED))
    filled_in = blanks(said, shape)
    if said["blanks"]:
        shape = replace(shape, least=max(shape.least, filled_in), need=max(shape.need, filled_in))
    head = header(said, shape, leading)
    fixed = [head["height"], *(part for part in (safety(said, shape, leading), gear(said, shape, leading)) if part)]
    if (aside := beside(said, shape, leading)) and aside["height"] < sum(fixed) + (len(fixed) - 1) * ABOUT_A_GAP:
        head, fixed = aside, [aside["height"]]
    end = ending(said, shape, leading)
    asked = questions(said, shape, leading)
    keep = shape.need

    def tried(setting: tuple[float, float, float], shape: Shape) -> dict[str, Any]:
        return attempt(setting, said, shape, fixed, end, rows(said, shape, setting, leading), careful)

    chosen, set_in = below_each_other(said, shape, tried, asked, keep), in_one_column(shape)
    if chosen is None:
        last = len(shape.settings) - 1
        settings = [one for at, one in enumerate(shape.settings) if at == last or fits_across(said, shape, one)]
        chosen, set_in = choose([tried(setting, shape) for setting in settings], shape, asked), shape
    left, pages = chosen["left"], chosen["pages"]
    behind = left - asked - chosen["gap"]  # what questions would leave
    ask = bool(asked) and behind >= keep
    left, fresh = behind if ask else left, ""
    notes = said["notes"]  # lines
    paid = pages % shape.pages[0] > 0 and (pages > 1 or shape.pages[0] > 2) and sum(fixed) < shape.down
    # Where a page of the sheet stays empty, there is room for questions, or behind them for what is filled in; or for notes.
    if asked and not ask and paid:
        fresh = "notes" if behind > SURE else "ask"
        left = shape.down - (0 if fresh == "notes" else asked + law(said, shape, leading) + 2 * chosen["gap"])
        ask, pages = True, pages + 1
    elif notes and left < shape.least and paid:
        fresh, left, pages = "notes", shape.down, pages + 1
    body = shape.body
    if not fresh:
        wanted = max(keep, filled_in + LINE * notes if notes else 0)
        body, left = larger_end(said, set_in, chosen, fixed, ask, (left, wanted), leading, careful)
    lines = notes if filled_in + LINE * notes + SURE <= left else 0
    return head | {
        "columns": set_in.columns,
        "behind": body,
        "beside": head is aside,
        "tools": tool_columns(said, shape),
        "picture": chosen["picture"],
        "size": chosen["size"],
        "air": chosen["air"],
        "gap": chosen["gap"],
        "loose": min(2.5, chosen["spare"] / len(fixed)) if chosen["turn"] else 0,
        "turn": chosen["turn"],
        "ask": ask,
        "fresh": fresh,
        "notes": notes > 0 and left >= shape.least,
        "lines": lines,
        "blanks": round(filled_in, 2),
        "pages": pages,
        "footer": footer(said, shape),
    }


def below_each_other(
    said: Mapping[str, Any],
    shape: Shape,
    tried: Callable[[tuple[float, float, float], Shape], dict[str, Any]],
    asked: float,
    keep: float,
) -> dict[str, Any] | None:
    """Few steps with large pictures, each as wide as the page; None where they would not all stand on one with the rest."""
    column = in_one_column(shape)
    for setting in shape.alone if len(said["steps"]) <= FEW else ():
        if fits_across(said, column, setting):
            found = tried(setting, column)
            if found["pages"] == 1 and found["left"] - (asked + found["gap"] if asked else 0) >= keep:
                return found
    return None


def in_one_column(shape: Shape) -> Shape:
    return replace(shape, columns=1, checks_beside=True)


def larger_end(
    said: Mapping[str, Any],
    shape: Shape,
    chosen: Mapping[str, Any],
    fixed: Sequence[float],
    ask: bool,
    room: tuple[float, float],
    leading: float,
    careful: float,
) -> tuple[float, float]:
    """The largest type of what stands behind the last step, and what it leaves: paper that would be lines to write on."""
    left, wanted = room
    setting = (chosen["picture"], chosen["size"], chosen["air"])
    for body in shape.behind if left > wanted else ():
        larger = replace(shape, body=body)
        if widest([one["see"] for one in said["mistakes"]], Type(body, face="bold")) > third(shape):
            continue
        again = attempt(setting, said, shape, fixed, ending(said, larger, leading), chosen["heights"], careful)
        rest = again["left"] - (questions(said, larger, leading) + again["gap"] if ask else 0)
        rest -= (body / shape.body - 1) * again["gap"] * 4  # gaps grow too
        if (again["pages"], again["turn"]) == (chosen["pages"], chosen["turn"]) and rest >= wanted:
            return body, rest
    return shape.body, left


def ending(said: Mapping[str, Any], shape: Shape, leading: float) -> list[float]:
    """What always stands behind the last step."""
    return [part for part in (mistakes(said, shape, leading), law(said, shape, leading)) if part]


def choose(tries: Sequence[dict[str, Any]], shape: Shape, asked: float) -> dict[str, Any]:
    """What leaves room for questions too, without a page for them alone or the smallest type for their sake; or for none."""
    found = best(tries, shape, asked, shape.pages[:-1], shape.body) if asked else None
    return found or best(tries, shape, 0, shape.pages, 0) or min(tries, key=lambda one: one["pages"])


def best(
    tries: Sequence[dict[str, Any]], shape: Shape, asked: float, aims: Sequence[int], above: float
) -> dict[str, Any] | None:
    """The largest on one page; else the largest with all steps on the first; else as few pages as can be, with little waste,
    in type above so many pt."""
    tries = [one for one in tries if one["left"] >= shape.need + (asked + one["gap"] if asked else 0)]
    single = [one for one in tries if one["pages"] == 1]
    front = [one for one in tries if one["turn"] == "end"]
    steps = [one for one in tries if one["turn"] == "steps"]
    if found := single or front or steps:
        return found[0]
    for aim in aims:
        if found := [one for one in tries if one["pages"] <= aim and one["size"] > above]:
            return min(found[:4], key=lambda one: one["waste"]) if shape.columns > 1 else found[0]
    return None


def attempt(
    setting: tuple[float, float, float],
    said: Mapping[str, Any],
    shape: Shape,
    fixed: Sequence[float],
    end: Sequence[float],
    heights: Sequence[float],
    careful: float,
) -> dict[str, Any]:
    """A setting, tried, with its rows of these heights: how many pages, and what is left on the last."""
    picture, size, air = setting
    gap = air + 0.7
    slack = careful + 1.0 + 0.006 * sum(heights)  # what a guess may be wrong by
    left = left_of_first = shape.down - sum(fixed) - len(fixed) * gap - slack
    spare = left - sum(heights)
    one = spare - gap - sum(part + gap for part in end) - shape.need >= 0
    # Where it takes two pages, all steps stand on the first: with their end, or that begins the second.
    behind = heights[-1] if len(said["steps"]) % shape.columns == 0 else 0
    turn = ""
    if not one and shape.columns > 1 and spare + behind >= 0:
        turn, spare = ("end", spare) if spare >= 0 else ("steps", spare + behind)
    if turn:
        first = [behind + gap] if turn == "steps" else []
        page, left = flow(2, shape.down - slack, [*first, *(part + gap for part in end)])
    else:
        page, down = 1, shape.down - max(0, careful)
        while left < 0:  # tools and materials go on, on the next page
            page, left = page + 1, left + down
        page, left = flow(page, left, [*heights, gap, *(part + gap for part in end)], down)
    return {
        "picture": picture, "size": size, "air": air, "gap": gap,
        "turn": turn, "pages": page, "left": left, "spare": max(0, spare), "waste": waste(left_of_first, heights),
        "heights": heights,
    }  # fmt: skip


def waste(left: float, heights: Iterable[float]) -> float:
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


def beside(said: Mapping[str, Any], shape: Shape, leading: float) -> dict[str, Any] | None:
    """Tools and materials below the code, all else of the front beside them: a page wins what a large code takes.

    None where a page has no room for two columns, or the one below the code none for a word.
    """
    if shape.columns == 1 or too_narrow(said, shape):
        return None
    column = shape.across - shape.side - shape.gutter
    link, scan = scanned(said, shape, leading)
    title = words(said["title"])
    size = largest(title, column, shape.down, shape.title[:5], lines_at_most=1)
    if width(title, Type(size, face="black")) > column:  # two lines, then; or as many as it needs
        size = largest(title, column, 34, shape.title, leading=said["title_leading"])
    left = titled(said, shape, column, size, leading) + told_first(said, shape, column, leading)
    if warned := safety(said, shape, leading, column, two=False):
        left += ABOUT_A_GAP + warned
    right = scan
    if said["tools"]:
        right += ABOUT_A_GAP + tools(said, shape, leading, 1, shape.side)
    if said["materials"]:
        right += ABOUT_A_GAP + shopping(said, said["materials"], shape, shape.side, leading)
    return {"title": size, "scan": None, "height": max(left, right)} | link


def too_narrow(said: Mapping[str, Any], shape: Shape) -> bool:
    """Whether a tool or material has a word that is wider than the column below the code."""
    body, many = Type(shape.body), said["materials"]
    tools = widest([tool(said, one) for one in said["tools"]], body)
    names = widest(map(placed, many), body)
    return tools > tick_room(shape, shape.side) or names > tick_room(shape, beside_amount(many, shape, shape.side))


def scanned(said: Mapping[str, Any], shape: Shape, leading: float) -> tuple[dict[str, Any], float]:
    """The link as large as the code is wide, in pt; and how high all of it is."""
    small_sizes = (15.5, 14, 12.5, 11.5, 10.5, 9.5, 8.5, 7.5, 6.5, 5.5)
    size, lines = typed(said["typed"], shape.side, small_sizes)
    down = shape.side + 2 + tall(len(lines), Type(size, TYPED_LEADING)) + 1.7
    down += sum(1.6 + high(line, shape.side, Type(pt, leading)) for line, pt in zip(said["price"], (8.5, 7), strict=False))
    return {"typed": lines, "typed_size": size}, down + high(said["scan"], shape.side, Type(8.5, leading))


def titled(said: Mapping[str, Any], shape: Shape, column: float, size: float, leading: float) -> float:
    title = high(said["title"], column, Type(size, said["title_leading"], "black"))
    return title + 4.4 + high(said["summary"], column, Type(shape.body + 2, leading))


def told_first(said: Mapping[str, Any], shape: Shape, column: float, leading: float) -> float:
    """What stands below title and summary: what one asks before one begins, and notices."""
    rest = 3.6 + tall_chips(said["facts"], column, Type(shape.body - 0.5, face="bold"))
    if said["reviewed"]:
        rest += 3 + high(said["reviewed"], column - 4, Type(shape.body - 0.5, leading))
    for notice in said["notices"]:
        loud = notice["loud"]
        rest += 2.6 + 5.1 + high(notice["text"], column - 11, Type(13 if loud else 10, leading, "black" if loud else "bold"))
    return rest


def header(said: Mapping[str, Any], shape: Shape, leading: float) -> dict[str, Any]:
    """The title as large as its column and the code's height allow; and the link as large as the code is wide."""
    column = shape.across - shape.side - shape.gutter
    link, scan = scanned(said, shape, leading)
    rest = told_first(said, shape, column, leading)

    def top(size: float) -> float:
        return titled(said, shape, column, size, leading)

    whole = [size for size in shape.title if width(words(said["title"]), Type(size, face="black")) <= column]
    large = [size for size in shape.title if size >= shape.title[3]]
    sizes = [*(whole if whole and whole[0] in large else large), *(size for size in shape.title if size < shape.title[3])]
    fits = [
        size for size in sizes
        if top(size) + rest + 2 <= scan
        and widest([words(said["title"])], Type(size, face="black")) <= column
    ]  # fmt: skip
    size = fits[0] if fits else shape.title[-1]
    tight = top(size) + rest + 2 > scan
    return {"title": size, "scan": None if tight else scan, "height": max(scan, top(size) + rest + 1)} | link


def tall_chips(facts: Iterable[Any], room: float, type: Type) -> float:
    count, left = 1, room
    for fact in facts:
        wide = width(words(fact), type) + 3.8 + 1.5
        if wide - 1.5 > left:
            count, left = count + 1, room
        left -= wide
    return count * (tall(1, type) + 2.7) + (count - 1) * 1.5


def safety(said: Mapping[str, Any], shape: Shape, leading: float, across: float = 0, two: bool = True) -> float:
    if not (said["safety"] or said["do_not_start_if"] or said["gear"] or said["emergency"]):
        return 0
    body = Type(shape.body, leading)
    inner = (across or shape.across) - 8
    two = two and bool(said["do_not_start_if"]) and shape.columns > 1
    share = shared(said) if two else 1
    room = inner * share - (4 if two else 0)
    first = tall(1, Type(shape.body * 1.5)) + 2.9
    for at, line in enumerate(said["safety"]):
        label = width(f"⚠ {words(line['label'])}: ", Type(shape.body, face="bold"))
        first += high(line["text"], room, body, label) + (0 if at == 0 else (leading + 0.3) * shape.body * PT)
    stop = 0.0
    if said["do_not_start_if"]:
        room = inner * (1 - share) - 4 if two else inner
        stop = tall(1, Type(11.5)) + 2.5
        for at, line in enumerate(said["do_not_start_if"]):
            stop += high(line, room - 1.3 * shape.body * PT, body) + (0 if at == 0 else (leading + 0.16) * shape.body * PT)
    total = max(first, stop) if two else first + (3.4 + stop if stop else 0)
    for label, text in ((said["words"]["wear"], gear_line(said)), (said["words"]["emergency"], words(said["emergency"]))):
        if text:
            total += 6.1 + high(f"{words(label)}: {text}", inner, body)
    return total + 8.2


def gear_line(said: Mapping[str, Any]) -> str:
    return "    ".join(f"☐ {words(thing)}" for thing in said["gear"])


def shared(said: Mapping[str, Any]) -> float:
    """The width of the warnings beside that of the stop conditions: as their words are many, so that both end together."""
    told = sum(len(words(line["text"])) + 9 for line in said["safety"])
    stop = sum(len(words(line)) for line in said["do_not_start_if"])
    return min(0.6, max(0.42, told / (told + stop))) if told + stop else 0.5


def gear(said: Mapping[str, Any], shape: Shape, leading: float) -> float:
    half = (shape.across - shape.gutter) / 2
    some, many = said["tools"], said["materials"]
    if not some and not many:
        return 0
    if not many:
        return tools(said, shape, leading, tool_columns(said, shape))
    if not some or shape.columns == 1 or len(many) > 8:
        high = tools(said, shape, leading, tool_columns(said, shape)) + 4 if some else 0
        if len(many) < 4 or shape.columns == 1:
            return high + shopping(said, many, shape, shape.across, leading)
        cut = (len(many) + 1) // 2
        return high + max(shopping(said, many[:cut], shape, half, leading), shopping(said, many[cut:], shape, half, leading))
    return max(tools(said, shape, leading, 1, half), shopping(said, many, shape, half, leading))


def tool_columns(said: Mapping[str, Any], shape: Shape) -> int:
    """As many as there are tools for, none narrower than their widest word; one on a small page."""
    most = min(3, len(said["tools"])) if shape.columns > 1 else 1
    need = widest([tool(said, one) for one in said["tools"]], Type(shape.body))
    return next((count for count in range(most, 1, -1) if need <= tick_room(shape, column_of(shape, shape.across, count))), 1)


def column_of(shape: Shape, across: float, count: int) -> float:
    return (across - (count - 1) * shape.gutter) / count


def tick_room(shape: Shape, across: float) -> float:
    """What a box to tick leaves of so many mm."""
    return across - 1.35 * shape.body * PT


def tool(said: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    text = placed(one)
    text += f" ({words(said['words']['hire'])})" if one["hire"] else ""
    return text + (f". {words(said['words']['instead'])}: {words(one['instead'])}" if one["instead"] else "")


def placed(one: Mapping[str, Any]) -> str:
    """A thing with its place in the store."""
    return words(one["name"]) + (f" ({words(one['place'])})" if one["place"] else "")


def tools(said: Mapping[str, Any], shape: Shape, leading: float, columns: int, room: float | None = None) -> float:
    wide = tick_room(shape, column_of(shape, room or shape.across, columns))
    per = -(-len(said["tools"]) // columns)
    body = Type(shape.body, leading)
    stacks = [said["tools"][at : at + per] for at in range(0, len(said["tools"]), per)]
    gap = (leading + 0.16) * shape.body * PT
    return section(shape) + max(sum(high(tool(said, one), wide, body) + gap for one in stack) - gap for stack in stacks)


def section(shape: Shape) -> float:
    return tall(1, Type(shape.body + 2.5)) + 1.9 + 0.2 + 2.6


def shopping(said: Mapping[str, Any], some: Sequence[Mapping[str, Any]], shape: Shape, room: float, leading: float) -> float:
    body = Type(shape.body, leading)
    across = beside_amount(some, shape, room)
    batch = high(said["batch"], across, Type(shape.body * 0.92, leading)) + 1.4 if said["batch"] else 0
    told = sum(high(placed(one), tick_room(shape, across), body) + 3.1 for one in some)
    return tall(1, Type(shape.body + 2.5)) + batch + 1.9 + told


def beside_amount(some: Sequence[Mapping[str, Any]], shape: Shape, room: float) -> float:
    """What the widest quantity leaves of so many mm."""
    amount = max([width(words(one["quantity"]), Type(shape.body, face="black")) for one in some] + [14])
    return room - 4 - amount


def rows(said: Mapping[str, Any], shape: Shape, setting: tuple[float, float, float], leading: float) -> list[float]:
    """The height of each row of steps, the title of all in the first; the end stands in the last place where it is free."""
    picture, size, air = setting
    cells = [step(one, shape, picture, size, leading) for one in said["steps"]]
    last = done(said, shape, size, leading)
    if len(cells) % shape.columns:
        cells.append(last)
        last = 0
    found = [max(cells[at : at + shape.columns]) + 2 * air + 0.3 for at in range(0, len(cells), shape.columns)]
    found[0] += tall(1, Type(shape.body + 2.5)) + 1.9
    return [*found, last] if last else found


def column(shape: Shape) -> float:
    return (shape.across - (shape.columns - 1) * shape.gutter) / shape.columns


def room_for(shape: Shape, picture: float, size: float, bare: bool) -> float:
    """Room for a step's words beside its picture, or its number."""
    return column(shape) - (size * 2.6 * PT + 2.6 if bare else picture + 4)


def fits_across(said: Mapping[str, Any], shape: Shape, setting: tuple[float, float, float]) -> bool:
    picture, size, _ = setting
    return all(
        widest([one["title"]], Type(size * 1.12, face="black")) <= (room := room_for(shape, picture, size, not one["picture"]))
        and widest([one["text"]], Type(size)) <= room
        for one in said["steps"]
    )


def step(one: Mapping[str, Any], shape: Shape, picture: float, size: float, leading: float) -> float:
    bare = not one["picture"]
    room = room_for(shape, picture, size, bare)
    title = f"{words(one['title'])} ⚠" if one["critical"] else one["title"]
    told = high(title, room, Type(size * 1.12, leading, "black")) + 0.85 * size * PT
    told += high(one["text"], room, Type(size, leading))
    total = max(told, 0 if bare else picture * one["aspect"] + 0.6)
    if one["check"] and shape.checks_beside:
        check = high(f"Check:  {words(one['check'])}", room - 1.35 * size * PT, Type(size, leading))
        return max(told + 0.85 * size * PT + check, total)
    if one["check"]:
        wide = column(shape) - (size * 2.6 * PT + 2.6 if bare else 0) - 1.35 * size * PT
        total += 0.85 * size * PT + high(f"Check:  {words(one['check'])}", wide, Type(size, leading))
    return total


def done(said: Mapping[str, Any], shape: Shape, size: float, leading: float) -> float:
    room = (column(shape) if len(said["steps"]) % shape.columns else shape.across) - 7.2
    return (
        6.6
        + tall(1, Type(size * 1.12))
        + 0.8 * size * PT
        + high(said["done_when"], room - 1.35 * size * PT, Type(size, leading))
    )


def mistakes(said: Mapping[str, Any], shape: Shape, leading: float) -> float:
    if not said["mistakes"]:
        return 0
    unit = third(shape)
    body = Type(shape.body, leading)
    bold = Type(shape.body, leading, "bold")
    told = sum(
        max(high(one["see"], unit, bold), high(one["likely"], unit, body), high(one["do"], 1.5 * unit, body)) + 3.4
        for one in said["mistakes"]
    )
    return tall(1, Type(shape.body + 2.5)) + 2.6 + tall(1, bold) + 1.7 + told


def third(shape: Shape) -> float:
    """The narrower columns of what goes wrong."""
    return (shape.across - 10) / 3.5


def law(said: Mapping[str, Any], shape: Shape, leading: float) -> float:
    return section(shape) + high(said["law"], shape.across, Type(shape.body, leading)) if said["law"] else 0


def questions(said: Mapping[str, Any], shape: Shape, leading: float) -> float:
    if not said["questions"]:
        return 0
    room = column(shape)
    body, bold = Type(shape.body, leading), Type(shape.body, leading, "bold")
    each = [
        high(one["q"], room, bold) + high(one["a"], room, body) + leading * shape.body * PT + 3.4 for one in said["questions"]
    ]
    cut = -(-len(each) // shape.columns)
    return section(shape) + max(sum(each[at : at + cut]) for at in range(0, len(each), cut)) - 3.4


def blanks(said: Mapping[str, Any], shape: Shape) -> float:
    """The height of the box for notes with what is to be filled in, without a line to write on."""
    body = Type(shape.body)
    room = left = shape.across - 8
    count = 1 if said["blanks"] else 0
    for blank in said["blanks"]:
        wide = width(f"{words(blank['label'])}  {words(blank['unit'])}", body) + 20
        if wide > left and left < room:
            count, left = count + 1, room
        left -= wide + 7
    lines = count * (tall(1, body) + 5)
    return 4 + tall(1, Type(shape.body + 2.5)) + lines + 9 + 2


def footer(said: Mapping[str, Any], shape: Shape) -> float:
    """pt at which the store stands beside the code and day: on one line, else on two or, very small, on three."""
    ours = f"{said['code']} · {words(said['words']['version'])} · {said['date']} · 9/9"
    room = shape.across - width(ours, Type(8.5, face="bold")) - 6
    room -= said["store"]["logo_across"] + 2.5 if said["store"]["logo"] else 0
    store = " · ".join([said["store"]["name"], *said["store"]["more"]])
    if one_line := next((size for size in (8.5, 7.5, 6.5) if width(store, Type(size, face="bold")) <= room), 0.0):
        return one_line
    return 5.5 if lines(store, room, Type(5.5, face="bold")) <= 2 else 4.5
