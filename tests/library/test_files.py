"""Files as people and programs leave them: other line ends, broken YAML, bytes that are no text. Never a traceback."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from PIL import Image

from site_builder.library import loading
from tests.project import Project
from tests.reports import hint_after, line_of, problems

FILE = "content/electrical/wire-a-plug.md"


def bomb(levels: int) -> str:
    """A few lines of YAML that stand for 10 to the power of `levels` words."""
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join([*rows, f"steps: *a{levels - 1}"])


FAR = "\n".join(f"word{n}: x" for n in range(20))
BROKEN = [
    # front matter, line in the file, message, hint
    ("title: Stop: think", 2, "this YAML does not parse: mapping values are not allowed here", "put words that hold a colon"),
    ("title: x\nsteps:\n\t- y", 4, "this YAML does not parse", "indent with spaces, not tabs"),
    ("title: x\nsummary: 'n Prop\nrisk: low", 3, "this 'n opens a quote that does not close", "between double quotes"),
    ("safety:\n  - ander\n  - 'n Los skroef", 4, "this 'n opens a quote", """double quotes: "'n prop\""""),
    ("title: x\ntools: [{name: 'n Mes, aisle: b}]", 3, "this 'n opens a quote", "double quotes"),
    ('title: "Stop: \'n prop"\nsummary: a: b', 3, "mapping values are not allowed here", "put words that hold a colon"),
    ('title: "open\nsummary: x', 2, "a quote opens here and does not close", "close it"),
    ("title: x\ntools:\n  - a\n   - b: c", 5, "mapping values are not allowed here", "put words that hold a colon"),
    ("title: x\ntools:\n  - {name: a}\n   - {name: b}", 5, "this YAML does not parse", "a space too many or too few"),
    ("title: x\nsafety: []\n   level: a", 4, "this YAML does not parse", "a space too many or too few"),
    ("title: x\ntools: [a, b", 3, "a '[' opens here and does not close", "close it with ']'"),
    ("title: x\ntime: {work: PT1M\nsummary: y\nrisk: low", 3, "a '{' opens here and does not close", "close it with '}'"),
    ("tools:\n  - {name: a}\n  - {name: b\nmaterials:\n  - {name: c}", 4, "a '{' opens here", "close it with '}'"),
    ("safety:\n  - {level: a, text: b\n  - {level: c, text: d}\nrisk: x", 3, "a '{' opens here", "close it with '}'"),
    ("tools: [\n  {name: a},\n  {name: b\n]\nsummary: y", 4, "a '{' opens here and does not close", "close it with '}'"),
    ("tools: [\n  {name: a},\n  {name: b},\nsummary: y\nrisk: z", 2, "a '[' opens here", "close it with ']'"),
    ("law: [\"a]\", b\nsummary: y", 2, "a '[' opens here and does not close", "close it with ']'"),
    ("steps:\n  - id: a\n    note: {x: 1, y: [2, 3}\n    text: b", 4, "a '[' opens here", "close it with ']'"),
    ("tools: [\n  {name: a},\n  {name: b, c: d e: f},\n]\nrisk: z", 4, "this YAML does not parse", "missing comma"),
    ("title: “Plug: wire it”\nrisk: low", 2, "mapping values are not allowed here", "curly quotes are letters to YAML"),
    (f'title: x\nsummary: "Fit it\n{FAR}\nlaw: "x"', 3, "a quote opens here and does not close", "close it"),
    (f"title: x\nsummary: 'Fit it\n{FAR}\nlaw: 'x'", 3, "a quote opens here and does not close", "close it"),
    (f'title: x\ntools: [{{name: "A}}]\n{FAR}\nlaw: "x"', 3, "a quote opens here and does not close", "close it"),
    ('title: x\nlaw: "two\n  lines"\nsummary: a: b', 5, "mapping values are not allowed here", "put words that hold a colon"),
    ("title:\u00a0Wire it\nrisk: low", 2, "a no-break space (U+00A0) stands here", "type a usual space"),
    ("title: x\nsteps:\n\u00a0\u00a0- id: x", 4, "a no-break space (U+00A0) stands here", "type a usual space"),
    ("title: x\nsafety:\n  - {level:\u00a0danger, text: x}", 4, "a no-break space (U+00A0) stands here", "type a usual"),
    ("title: x\nrisk\u00a0: low", 3, "a no-break space (U+00A0) stands here", "type a usual space"),
    ("title: x\n\u3000risk: low", 3, "a space of another kind (ideographic space) (U+3000) stands here", "usual space"),
    ("title: x\n\u200brisk: low", 3, "a sign that cannot be seen (zero width space) (U+200B) stands here", "delete it"),
    ("title: x\nrisk:\u202flow", 3, "a space of another kind (narrow no-break space) (U+202F)", "type a usual space"),
    ("title: x\n\ufeffrisk: low", 3, "a byte order mark (U+FEFF) stands here", "delete it"),
    ("title: a\u2028b", 2, "control character (line separator, U+2028)", "delete it"),
    ("title: a\u202eb", 2, "turns the direction of text (right-to-left override, U+202E)", "delete it"),
    ("title: =", 2, "this YAML does not parse", "put it between quotes"),
    ("title: x\ndifficulty: !!int many", 3, "this YAML does not parse: invalid literal for int()", "between quotes"),
    ("title: x\nrisk: !!bool many", 3, "this YAML does not parse: not what its tag says", "between quotes"),
    ("title: x\nrisk: !!timestamp many", 3, "this YAML does not parse: not what its tag says", "between quotes"),
    ("title: x" + "x" * 100_000, 1, "the front matter has 100,009 characters, 100,000 are allowed", "stand below it"),
    ("title: @home", 2, "cannot start any token", "put words that begin with a sign between quotes"),
    ("title: *bold* words", 2, "this YAML does not parse", "put words that begin with * or & between quotes"),
    ("title: {{name}}", 2, "this YAML does not parse", "put words that begin with a bracket between quotes"),
    ("- a\n- b", 2, "expected 'field: value' lines", ""),
    ("just words", 2, "expected 'field: value' lines", ""),
    (f"title: {'[' * 5000}", 2, "more than 50 brackets within brackets", "close the brackets"),
    ("- " * 3000, 2, "lists within lists, too deep", ""),
    (bomb(9), 2, "more than 100,000 values in one file", "look at its aliases"),
    ("title: &a [*a]", 2, "more than 100,000 values in one file", "look at its aliases"),
    ("difficulty: " + "9" * 5000, 2, "this YAML does not parse", ""),
    ('title: "\\e[31mred"', 2, "this line holds a control character (0x1b)", "delete it"),
    ("title: x\nsummary: a\x07b", 3, "this line holds a control character (0x07)", "delete it"),
    ("title: x\nsummary: a\ufffeb", 3, "YAML has no character U+FFFE", "delete it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message", "hint"), BROKEN, ids=[f"{row[2][:40]} {row[0][:20]!r}" for row in BROKEN])
def test_yaml_that_does_not_parse_is_told_at_its_line(project: Project, text: str, line: int, message: str, hint: str) -> None:
    project.text(FILE, f"---\n{text}\n---\nWords.\n")
    began = time.process_time()

    told = project.run("check")

    assert told.exit_code == 1
    (problem,) = problems(told)
    assert problem.startswith(f"{FILE}:{line}: ")
    assert message in problem
    assert hint in hint_after(told, message)
    assert time.process_time() - began < 10  # of CPU: a slow machine is not wrong, a bomb takes for ever


CURLY = [
    # a row that is written, the row as an editor's program makes it, what stands round its words, how it is written
    ("title: Wire a three-pin plug", "title: “Wire a plug”", "“…”", '"Wire a plug"'),
    ("title: Wire a three-pin plug", 'title: “Wire a plug"', '“…"', '"Wire a plug"'),
    ("title: Wire a three-pin plug", "title: „Wire a plug“", "„…“", '"Wire a plug"'),
    ("title: Wire a three-pin plug", "title: ‘Don’t wire a plug’", "‘…’", '"Don’t wire a plug"'),
    ("title: Wire a three-pin plug", "title: « Wire a plug »", "«…»", '"Wire a plug"'),
    ("- name: Screwdriver", "- {name: “Pliers”}", "“…”", '"Pliers"'),
    ("emergency: null", "do_not_start_if: [“it is wet”]", "“…”", '"it is wet"'),
]


@pytest.mark.parametrize(("plain", "written", "quotes", "right"), CURLY, ids=[row[1] for row in CURLY])
def test_curly_quotes_round_a_value_are_told_at_its_line(
    project: Project, plain: str, written: str, quotes: str, right: str
) -> None:
    path = project.write(body="Words.")
    text = path.read_text("utf-8").replace("done_when:", "emergency: null\ndone_when:")
    path.write_text(text.replace(plain, written).replace("emergency: null\n", ""), "utf-8")

    told = project.run("check")

    message = f"warning: curly quotes ({quotes}) stand round these words, and are shown with them"
    assert f"{FILE}:{line_of(path, written)}: {message}" in told.stderr
    assert hint_after(told, message) == f"write straight quotes, or none: {right}"
    assert told.exit_code == 0


@pytest.mark.parametrize("title", [
    "“Wire” or “mend” a plug", '"“Wire a plug”"', "‘n Prop se ’n draad", "Wire a “three-pin” plug", "’n Prop",
])  # fmt: skip
def test_curly_quotes_within_words_or_within_straight_ones_are_the_editors_own(project: Project, title: str) -> None:
    path = project.write(body="Words.")
    rows = path.read_text("utf-8").split("\n")
    path.write_text("\n".join(f"title: {title}" if row.startswith("title:") else row for row in rows), "utf-8")

    told = project.run("check")

    assert "curly" not in told.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Just words.\n", "no front matter"),
        ("", "no front matter"),
        ("---\ntitle: x\n", "the front matter does not end"),
        ("\u2014\u2014\ntitle: x\n---\n", "no front matter"),
        ("\ufeff\ufeff---\ntitle: x\n---\n", "a byte order mark (U+FEFF) stands here"),
        ("\u00a0---\ntitle: x\n---\n", "a no-break space (U+00A0) stands here"),
    ],
)
def test_a_file_without_front_matter_is_told(project: Project, text: str, message: str) -> None:
    project.text(FILE, text)

    told = project.run("check")

    assert told.exit_code == 1
    assert f"{FILE}:1: {message}" in told.stderr


@pytest.mark.parametrize(("written", "tag"), [
    ("emergency: !ENV HOME", "!ENV"), ("emergency: !foo x", "!foo"), ("tools: !!set {a, b}", "!!set"),
    ("emergency: !!binary aGk=", "!!binary"), ("emergency: !!python/name:os.system x", "!!python/name:os.system"),
    ("emergency: !!timestamp 2026-01-01", "!!timestamp"), ("mistakes: !!omap [a: 1]", "!!omap"),
])  # fmt: skip
def test_a_tag_of_yaml_is_told_at_its_line(project: Project, written: str, tag: str) -> None:
    path = project.write(body="Words.", tools=None if written.startswith("tools") else [{"name": "Pliers"}])
    path.write_text(path.read_text("utf-8").replace("done_when:", f"{written}\ndone_when:"), "utf-8")

    told = project.run("check")

    assert told.exit_code == 1
    line = line_of(path, written)
    assert f"{FILE}:{line}: YAML's '{tag}' does not stand here" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_sign_that_cannot_be_seen_is_named_where_it_makes_a_value_wrong(project: Project) -> None:
    path = project.write(risk="low\u00a0", version="1.0.0\u200b")
    path.write_text(path.read_text("utf-8").replace("done_when:", "tit\u200dle2: x\ndone_when:"), "utf-8")

    told = project.run("check")

    assert hint_after(told, "'risk' is") == "a sign that cannot be seen stands in it (no-break space, U+00A0)"
    assert hint_after(told, "'version' is") == "a sign that cannot be seen stands in it (zero width space, U+200B)"
    assert hint_after(told, "unknown field") == "a sign that cannot be seen stands in it (zero width joiner, U+200D)"


def test_spaces_of_other_kinds_within_words_are_an_editors_own(project: Project) -> None:
    project.write(title="Fit 16\u00a0A", summary="\u00a0Ratio:\u00a01\u202f:\u202f3 \u200b", body="\u00a0\u00a0Words:\u00a0x")

    assert project.run("check").exit_code == 0


def test_a_number_of_thousands_of_digits_is_told(project: Project) -> None:
    project.write()
    path = project.root / FILE
    path.write_text(path.read_text("utf-8").replace("difficulty: 1", f"difficulty: 0x{'f' * 5000}"), "utf-8")

    told = project.run("check")

    assert told.exit_code == 1
    assert "'difficulty' is a number of far too many digits" in told.stderr


def test_a_file_that_is_far_too_large_is_not_read(project: Project) -> None:
    project.text("content/electrical/film.md", "---\n" + "x" * 5_100_000)

    assert "film.md:1: this file has 5.1 MB, 5 are allowed" in project.run("check").stderr


def test_a_key_that_is_given_twice_is_told_with_both_lines(project: Project) -> None:
    path = project.write()
    first = line_of(path, "risk:")
    path.write_text(path.read_text("utf-8").replace("done_when:", "risk: high\ndone_when:"), "utf-8")

    told = project.run("check")

    assert f"{FILE}:{line_of(path, 'risk: high')}: 'risk' is given twice" in told.stderr
    assert hint_after(told, "given twice") == f"also on line {first}"


def test_a_file_that_is_not_utf_8_is_told_at_the_line_of_the_byte(project: Project) -> None:
    path = project.write(title="Bedraad die kêrel")
    line = line_of(path, "kêrel")
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))

    told = project.run("check")

    assert told.exit_code == 1
    assert f"{FILE}:{line}: this is not UTF-8 text (byte 0xea)" in told.stderr
    assert "save the file as UTF-8" in hint_after(told, "not UTF-8")


def test_a_control_character_in_the_words_below_is_told(project: Project) -> None:
    path = project.write(body="Some \x1b[2Jwords.")

    told = project.run("check")

    assert f"{FILE}:{line_of(path, 'Some')}: this line holds a control character" in told.stderr


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_from_another_system_is_read(project: Project, end: str, mark: str) -> None:
    path = project.write(body="One.\n\nTwo.")
    path.write_bytes((mark + path.read_text("utf-8").replace("\n", end)).encode())

    told = project.run("check")

    assert told.exit_code == 0, told.stderr


def test_lines_are_counted_right_in_a_file_from_another_system(project: Project) -> None:
    path = project.write(sumary="x")
    line = line_of(path, "sumary")
    path.write_bytes(path.read_text("utf-8").replace("\n", "\r\n").encode("utf-8-sig"))

    assert f"{FILE}:{line}: unknown field 'sumary'" in project.run("check").stderr


NAMES = [
    ("content/electrical/Wire A Plug.md", "'Wire A Plug' is no slug", "small letters, digits and single hyphens"),
    ("content/electrical/wire_a_plug.md", "'wire_a_plug' is no slug", "wire-a-plug.md"),
    ("content/electrical/" + "long" * 16 + ".md", "is no slug", "at most 60"),
    ("content/electrical/wire.a.plug.md", "'wire.a.plug.md' is no name for a how-to", "slug.md, or slug.lang.md"),
    ("content/electrical/more/wire-a-plug.md", "a how-to stands in a folder of content", "content/<category>/<slug>.md"),
    ("content/Electrical Things/wire-a-plug.md", "'Electrical Things' is no category", "small letters"),
    ("content/electrical/wire\x1b[2J.md", "is no slug", "small letters"),
]


@pytest.mark.parametrize(("name", "message", "hint"), NAMES, ids=[row[0][:50] for row in NAMES])
def test_a_files_name_that_is_none_is_told(project: Project, name: str, message: str, hint: str) -> None:
    path = project.write()
    project.text(name, path.read_text("utf-8"))
    path.unlink() if path != project.root / name else None

    told = project.run("check")

    assert told.exit_code == 1
    assert message in told.stderr
    assert hint in hint_after(told, message)
    assert "\x1b" not in told.stderr


def test_a_name_that_is_no_text_is_told_to_people_and_to_programs(project: Project) -> None:
    project.write()
    (Path(os.fsdecode(os.fsencode(project.root) + b"/content/electrical/caf\xe9.md"))).write_text("x", "utf-8")

    assert "content/electrical/caf�.md:1: " in project.run("check").stderr
    assert project.run("check", "--json").exit_code == 1


def test_a_link_that_leads_nowhere_is_told(project: Project) -> None:
    project.write()
    (project.root / "content/electrical/gone.md").symlink_to("nowhere.md")

    assert "content/electrical/gone.md:1: this link leads nowhere" in project.run("check").stderr


def test_readmes_drafts_and_pages_at_the_top_are_no_how_tos(project: Project) -> None:
    project.write()
    for name in ("about.md", "index.md", "electrical/README.md", "electrical/_draft.md", "electrical/.hidden.md", "_old/x.md"):
        project.text(f"content/{name}", "No front matter.\n")

    told = project.run("check")

    assert told.exit_code == 0
    assert "1 how-to," in told.stderr


@pytest.mark.parametrize("folder", [True, False])
def test_a_library_without_how_tos_says_how_to_begin(project: Project, folder: bool) -> None:
    if not folder:
        (project.root / "content").rmdir()

    told = project.run("check")

    assert told.exit_code == 1
    assert "content:1: there is no how-to here yet" in told.stderr
    assert "site-builder new" in told.stderr


def test_a_name_in_composed_letters_is_that_of_a_disk_in_decomposed_ones(project: Project, clip: Path) -> None:
    """As a Mac writes names, and a keyboard does."""
    project.film(clip, video={"master": "videos/geys\u00e9r.mp4"})
    (project.root / "videos/wire-a-plug.mp4").rename(project.root / "videos/geyse\u0301r.mp4")
    project.text("videos/geyse\u0301r.en.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nPull it out.\n")
    path = project.root / FILE
    path.write_text(path.read_text("utf-8").replace("id: unplug", "id: unplug\n  image: e\u0301.png"), "utf-8")
    Image.new("RGB", (640, 360), "red").save(project.root / "content/electrical/\u00e9.png")

    told = project.run("check")
    library, _ = loading.load_library(project.settings)

    assert told.exit_code == 0, told.stderr
    assert "1 film, no mistake" in told.stderr
    assert library.howtos[0].captions["en"].is_file()
    assert (path.parent / library.howtos[0].steps[0].image).is_file()


def test_capitals_count_in_a_files_name(project: Project, clip: Path) -> None:
    project.film(clip, video={"master": "videos/wire-a-plug.mp4"})
    (project.root / "videos/wire-a-plug.mp4").rename(project.root / "videos/WIRE-A-PLUG.MP4")

    assert hint_after(project.run("check"), "no master") == "did you mean 'videos/WIRE-A-PLUG.MP4'? capitals count"


@pytest.mark.parametrize(("setting", "message"), [("docs_dir", "'docs_dir' is 'content', which is a file"),
                                                  ("videos", "'videos' is 'videos', which is a file")])  # fmt: skip
def test_a_file_where_a_folder_must_be_is_told(project: Project, setting: str, message: str) -> None:
    folder = project.root / ("content" if setting == "docs_dir" else "videos")
    folder.rmdir()
    folder.write_text("x", "utf-8")

    told = project.run("check")

    assert told.exit_code == 1
    assert message in told.stderr


def test_synonyms_that_cannot_be_read_are_told(project: Project) -> None:
    project.write()
    path = project.root / "content/synonyms.yml"
    path.write_bytes("same:\n  - [kêrel, man]\n".encode("latin-1"))
    latin = project.run("check")
    path.unlink()
    path.mkdir()
    folder = project.run("check")

    assert latin.exit_code == folder.exit_code == 1
    assert "content/synonyms.yml:2: this is not UTF-8 text (byte 0xea)" in latin.stderr
    assert "content/synonyms.yml:1: this file cannot be read: is a directory" in folder.stderr
