"""Markdown as editors of many programs write it: read, told at its line, and never a reader's or a build's trouble."""

from __future__ import annotations

import random
import time

import pytest
from lxml import html

from site_builder.library import admonitions, prose
from site_builder.library.prose import Reference
from site_builder.library.prose_fault import ProseFault


def boxes(text: str) -> list[tuple[str, str]]:
    """Class and words of each box."""
    tree = html.fromstring(
        f"<main>{prose.read_prose(text).html.replace(admonitions.LEVEL_START, '[').replace(admonitions.LEVEL_END, ']')}</main>"
    )
    return [(box.get("class").split()[-1], " ".join(box.text_content().split())) for box in tree.xpath("//div")]


@pytest.mark.parametrize(
    "text",
    [
        '!!! warning "Hot iron"\n    Let it **cool**.\n',
        "!!! Warning Hot iron\n    Let it **cool**.\n",
        '!!!warning "Hot iron"\n\n    Let it **cool**.\n',
        '??? warning "Hot iron"\n    Let it **cool**.\n',
        "> [!WARNING] Hot iron\n> Let it **cool**.\n",
        "> [!warning]- Hot iron\n>\n> Let it **cool**.\n",
        ":::warning Hot iron\nLet it **cool**.\n:::\n",
        "::: {.callout-warning} Hot iron\nLet it **cool**.\n:::\n",
        ":::warning[Hot iron]\nLet it **cool**.\n:::\n",
        "/// warning | Hot iron\nLet it **cool**.\n///\n",
    ],
)
def test_a_warning_of_any_program_is_one_of_ours(text: str) -> None:
    found = prose.read_prose(f"Before.\n\n{text}\nAfter.\n")

    assert boxes(text) == [("warning", "[warning] Hot iron Let it cool.")]
    assert "<strong>cool</strong>" in found.html
    assert found.html.endswith("<p>After.</p>\n")
    assert found.faults == ()
    assert [row[:2] for row in found.levels] == [("warning", 3)]


@pytest.mark.parametrize(
    ("kind", "level"),
    [("danger", "danger"), ("error", "danger"), ("caution", "warning"), ("important", "warning"), ("tip", "note")],
)  # fmt: skip
def test_kinds_of_others_are_one_of_three_levels(kind: str, level: str) -> None:
    assert boxes(f"!!! {kind}\n    Words.\n") == [(level, f"[{level}] Words.")]


def test_githubs_caution_is_its_strongest() -> None:
    assert boxes("> [!CAUTION]\n> It kills.\n") == [("danger", "[danger] It kills.")]


def test_a_box_holds_lists_and_boxes_and_stands_in_lists() -> None:
    text = "- One\n\n    !!! danger\n        - a\n        - b\n\n        !!! note\n            inner\n\n- Two\n"

    assert boxes(text) == [("danger", "[danger] a b [note] inner"), ("note", "[note] inner")]
    assert prose.read_prose(text).faults == ()


def test_a_danger_is_never_folded_away() -> None:
    assert "<details" not in prose.read_prose('??? danger "Live wires"\n    They kill.\n').html
    assert "<details>\n<summary>" in prose.read_prose('??? tip "More"\n    Words.\n').html


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("a\n\n!!! achtung\n    x", 3, "'!!! achtung' is no kind of warning", "one of danger, warning, note"),
        ("!!! warnin\n    x", 1, "'!!! warnin' is no kind of warning", "did you mean 'warning'?"),
        ("> [!DAGNER]\n> x", 1, "'[!DAGNER' is no kind of warning", "did you mean 'danger'?"),
        ("!!! warning\nSwitch off.", 1, "nothing stands in this '!!! warning'", "indent its words by four spaces"),
        (":::warning\nSwitch off.", 1, "this '::: warning' does not end", "close it with ':::'"),
        ("a !!! warning\n!!!\n", 2, "'!!!' is shown as typed", admonitions.ADMONITION_HINT),
        (".. warning:: x", 1, "'.. warning::' is shown as typed", admonitions.ADMONITION_HINT),
        ("```{warning}\nx\n```", 1, "'```{warning}' is shown as code", admonitions.ADMONITION_HINT),
        ("see [[geyser]]", 1, "'[[geyser]]' is shown as typed", "write [words](file.md)"),
        ("![[photo.jpg]]", 1, "'![[photo.jpg]]' is shown as typed", "![what it shows](picture.jpg)"),
        ("a\nb {{ price }}", 2, "'{{ price }}' is shown as typed", "nothing is filled in here"),
        ("{% include 'x' %}", 1, "'{% include 'x' %}' is shown as typed", "nothing is filled in"),
        ('--8<-- "x.md"', 1, "'--8<--' is shown as typed", "no file is put in"),
        ("[plan](my plan.pdf)", 1, "'](my plan.pdf)' is shown as typed", "write %20"),
        ("[plan] (plan.pdf)", 1, "'] (plan.pdf)' is shown as typed", "no space between ] and ("),
        ("[plan][1]", 1, "'][1]' is shown as typed", "the address is missing"),
        ("cut <your name> here", 1, "a page leaves '<your>' out", "write &lt;"),
        ("<video src=x></video>", 1, "a page leaves '<video>' out", "'video'"),
        ("a\n\n<div>\n<iframe></iframe></div>", 4, "a page leaves '<iframe>' out", "'video'"),
        ("<div markdown='1'>x</div>", 1, "Markdown within HTML is not read", "take the HTML"),
        ("a &#x202e;b", 1, "a sign here turns the direction of text (U+202E)", "delete it"),
    ],
)
def test_what_would_be_lost_is_a_mistake_at_its_line(text: str, line: int, message: str, hint: str) -> None:
    faults = [fault for fault in prose.read_prose(text).faults if not fault.warning]

    assert [(fault.line, fault.message) for fault in faults] == [(line, message)]
    assert hint in faults[0].hint


@pytest.mark.parametrize(
    "text",
    [
        "x [^1]", "$$a$$", "$a_1$", "# Title {#id}", "{: .big }", "==seen==", "++ctrl++", "H~2~O", "10^2^", "a :smile: b",
        "%% a %%", "[TOC]", "**open", "a ** b **", "`open", "#Title", '=== "Tab"', ": meaning", "*[HTML]: words", "![](a.jpg)",
    ],
)  # fmt: skip
def test_what_reads_as_noise_is_a_warning(text: str) -> None:
    (fault,) = prose.read_prose(f"One.\n\n{text}\n").faults

    assert (fault.line, fault.warning) == (3, True)
    assert fault.hint


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.", "Cut at 10:30:45. Note: this.", "2 \\*\\* 3 \\[\\[x\\]\\]", "`[[x]] {{ y }} ==`", "    [[x]]",
        "```\n!!! warning\n{{ x }}\n```", "[a]: b.md\n\n[words][a] [a]", "3 < 4 > 2 & 5", "<!-- TODO [[x]] -->", "#1 and # 2",
        "a\\\nb", "https://a.example/x_y_z", "<kbd>Ctrl</kbd> m<sup>2</sup>", "- [ ] one\n- [x] two", "~~gone~~",
        "مرحبا\u200f (A)", "a ::: b", "Fill in ____ here", "snake_case and 2*3*4",
    ],
)  # fmt: skip
def test_plain_words_are_left_alone(text: str) -> None:
    assert prose.read_prose(text).faults == ()


def test_tasks_are_a_list_with_boxes() -> None:
    assert "<li>☐ one</li>\n<li>☑ two [x]</li>" in prose.read_prose("- [ ] one\n- [x] two [x]\n").html


def test_links_and_pictures_are_known_by_line_wherever_they_stand() -> None:
    text = (
        "# [a](1.md)\n\nb\n[c](<2 2.md>)\n\n- d\n\n  > ![e](3.jpg)\n\n| f |\n|---|\n| [g](4.md) |\n\n"
        '<p>\n<a href="5.md">h</a></p>\n\n!!! note\n    i\n    [j][k]\n\n[k]: 6.md\n'
    )

    assert prose.read_prose(text).references == (
        Reference(1, "1.md"),
        Reference(4, "2 2.md"),
        Reference(8, "3.jpg", True),
        Reference(12, "4.md"),
        Reference(15, "5.md"),
        Reference(19, "6.md"),
    )


def test_headings_begin_below_the_pages_own() -> None:
    assert prose.read_prose("## A\n\n### B\n\n###### C\n").html == "<h3>A</h3>\n<h4>B</h4>\n<h6>C</h6>\n"


HARD = {
    "brackets": "[" * 40_000, "pictures": "![[" * 13_000, "tags": "<a " * 13_000, "quotes": "> " * 20_000,
    "lists": "- " * 20_000, "boxes": "".join("    " * n + "!!! note\n" for n in range(130)), "stars": "*a _b " * 6_600,
    "braces": "{{" * 20_000, "spaces": "!!! a" + " " * 39_000 + "b", "headings": "# a\n" * 10_000, "table": "|a" * 20_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
def test_no_text_keeps_the_reader_busy(name: str) -> None:
    began = time.process_time()

    prose.read_prose(HARD[name])

    assert time.process_time() - began < 10


def test_a_text_that_is_too_long_or_too_deep_is_told_at_its_line() -> None:
    (long,) = prose.read_prose("word\n" * 10_000).faults
    deep = prose.read_prose("".join("  " * n + "- a\n" for n in range(40))).faults

    assert long == ProseFault(
        8001, "these words are too long: 50,000 characters, 40,000 are let through", long.hint, any_parser=True
    )
    assert [(fault.line, fault.message) for fault in deep] == [(13, "lists or quotes stand too deep within one another")]


def test_any_text_is_read() -> None:
    rng = random.Random(3)
    signs = ["!!! ", "warning ", '"t"', "\n", "\n\n", "    ", "> ", "[!", "]", "[[", "- ", "1. ", "|", "---", "`", "```",
             "<div>", "<img src=x>", "<a href=", "*", "**", ":::", "///", "[a](b)", "![c](d)", "&#x202e;", "{{", "$$", "#",
             "\\", "\t", "é", "ع", "<!--", "-->", "???", "~~", "[a]: b"]  # fmt: skip
    for _ in range(300):
        text = "".join(rng.choice(signs) for _ in range(rng.randint(1, 100)))
        found = prose.read_prose(text)
        assert all(1 <= one.line <= text.count("\n") + 1 for one in (*found.faults, *found.references))
