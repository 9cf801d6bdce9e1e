"""Paper lasts: a code that was ever printed leads to a page for ever, wherever its how-to moves."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from site_builder.library import codes, loading
from site_builder.library.field_types import CODE_ALPHABET
from tests.files import read_only
from tests.project import Project
from tests.reports import hint_after, line_of, problems

REGISTERED = "code\tslug\tsince\nk7q\twire-a-plug\t2026-11-21\n"


def led(project: Project) -> dict[str, str]:
    """Every printed code and the slug that it leads to."""
    library, wrong = loading.load_library(project.settings)
    assert [problem.message for problem in wrong if not problem.warning] == []
    return dict(library.slug_by_code)


def test_a_code_has_two_to_four_characters_that_cannot_be_mistaken() -> None:
    given = [codes.new_code(f"how-to-{number}", ()) for number in range(300)]

    assert all(re.fullmatch(r"[2-9a-z]{2,4}", code) for code in given)
    assert not set("".join(given)) & set("0o1il")
    assert not set("".join(given)) & set("aeiou")  # no words by accident
    assert all(set(code) <= set(CODE_ALPHABET) for code in given)


def test_a_slug_is_given_the_same_code_wherever_it_is_asked_for(project: Project) -> None:
    project.write()
    (first,) = led(project)
    project.write("another-job")

    assert led(project)[first] == "wire-a-plug"


def test_no_code_is_given_twice() -> None:
    taken: set[str] = set()
    for number in range(800):
        code = codes.new_code(f"how-to-{number}", taken)
        assert code not in taken
        taken.add(code)


def rows(project: Project) -> list[list[str]]:
    path = project.root / "content/codes.tsv"
    return [row.split("\t") for row in path.read_text("utf-8").splitlines()[1:]] if path.exists() else []


TODAY = dt.date.today().isoformat()


def test_a_new_how_to_needs_no_row_yet(project: Project) -> None:
    project.write()

    told = project.run("check", "--strict")

    assert (told.exit_code, told.stderr) == (0, "1 how-to, 0 films, no mistake; 0 warnings\n")
    assert rows(project) == []  # `check` makes nothing


def test_a_strict_build_takes_a_new_how_to_and_writes_the_day(project: Project) -> None:
    project.write()
    (given,) = led(project)

    told = project.run("build", "--strict")

    assert told.exit_code == 0, told.stderr
    assert rows(project) == [[given, "wire-a-plug", TODAY]]
    assert (project.root / "site" / given / "index.html").is_file()


def test_a_strict_build_goes_on_where_it_may_not_write_and_any_other_says_why_not(project: Project) -> None:
    project.write()
    content_folder = project.root / "content"
    with read_only(content_folder):
        strict, plain, printed = (project.run(*words) for words in (("build", "--strict"), ("build",), ("print",)))

    assert strict.exit_code == 0, strict.stderr
    assert "the codes of wire-a-plug must stand in content/codes.tsv, and it cannot be written" in strict.stderr
    for told in (plain, printed):
        assert told.exit_code == 3
        assert (
            "content/codes.tsv: the codes of wire-a-plug must stand in content/codes.tsv, and it cannot be written ("
            in told.stderr
        )
        assert "hint: make it writable, or run 'site-builder build' where it is" in told.stderr
    project.run("build")
    with read_only(content_folder):
        assert project.run("build").exit_code == 0  # all codes are there


def test_an_ordinary_build_marks_new_rows_as_unprinted(project: Project) -> None:
    project.write()

    assert project.run("build").exit_code == 0
    assert [row[1:] for row in rows(project)] == [["wire-a-plug", "unprinted"]]


def test_a_how_to_that_was_never_printed_may_be_deleted_and_written_again(project: Project) -> None:
    project.write("save-water")
    path = project.write()
    project.run("build")
    (code,) = (row[0] for row in rows(project) if row[1] == "wire-a-plug")
    text = path.read_text("utf-8")
    path.unlink()

    told, built = project.run("check"), project.run("build")

    assert told.exit_code == built.exit_code == 0
    line = 3
    assert (
        f"content/codes.tsv:{line}: warning: code '{code}' was given to 'wire-a-plug', and no how-to has that slug"
        in told.stderr
    )
    assert "'site-builder build' takes this line out" in hint_after(told, code)
    assert [row[1] for row in rows(project)] == ["save-water"]
    assert project.run("check", "--strict").exit_code == 0
    path.write_text(text, "utf-8")
    assert led(project)[code] == "wire-a-plug"


def test_a_how_to_that_was_printed_may_not_be_deleted(project: Project) -> None:
    project.write("save-water")
    path = project.write()
    project.run("build")
    assert project.run("print", "wire-a-plug", "--out", str(project.root / "printed")).exit_code == 0
    assert [row[1:] for row in rows(project)] == [["save-water", "unprinted"], ["wire-a-plug", TODAY]]  # no other's
    path.unlink()

    told = project.run("check")

    assert told.exit_code == 1
    assert "was printed for 'wire-a-plug', and no how-to has that slug now" in told.stderr


def test_a_how_to_that_was_likely_renamed_is_a_mistake_though_nothing_was_printed(project: Project) -> None:
    path = project.write()
    project.run("build")
    path.rename(path.with_name("wire-a-plug-top.md"))

    told = project.run("check")

    assert told.exit_code == 1
    assert hint_after(told, "was given to") == (
        "if it became 'wire-a-plug-top', write 'formerly: [wire-a-plug]' there; if it is gone, delete this line"
    )


def two_of_one_code() -> tuple[str, str]:
    """Two slugs that come to the same code."""
    known: dict[str, str] = {}
    for number in range(2000):
        slug = f"how-to-{number}"
        if other := known.get(code := codes.new_code(slug, ())):
            return other, slug
        known[code] = slug
    raise AssertionError


def test_of_two_that_come_to_one_code_the_older_keeps_it_and_a_strict_build_wants_it_written_down(project: Project) -> None:
    one, other = two_of_one_code()
    code = codes.new_code(one, ())
    newer = project.write(one, published="2026-11-21")
    project.write(other, published="2025-01-01")

    told, strict = project.run("check"), project.run("check", "--strict")

    assert (told.exit_code, strict.exit_code) == (0, 1)
    assert led(project)[code] == other
    message = (
        f"{newer.relative_to(project.root)}:2: warning: '{one}' would have the code '{code}', which '{other}' has; it gets '"
    )
    assert message in told.stderr
    given = told.stderr.split("it gets '")[1].split("'")[0]
    project.write(one, published="2026-11-21", code=given)
    assert project.run("check", "--strict").exit_code == 0
    project.write(one, published="2026-11-21")
    project.run("build")
    assert project.run("check", "--strict").exit_code == 0
    project.write(one, published="2020-01-01")  # what is registered stays
    assert led(project)[code] == other


def test_a_merge_may_keep_the_rows_of_both_sides(project: Project) -> None:
    project.write()
    project.text("content/codes.tsv", REGISTERED.replace("2026-11-21", "unprinted") + "k7q\twire-a-plug\t2026-11-21\n")

    assert led(project) == {"k7q": "wire-a-plug"}
    assert codes.read_registry(project.root / "content")[0][0].is_printed


def test_a_registered_code_that_leads_nowhere_fails_the_check(project: Project) -> None:
    path = project.text("content/codes.tsv", REGISTERED + "b3t\tfix-a-tap\t2026-11-21\n")
    project.write()

    told = project.run("check")

    assert told.exit_code == 1
    message = "code 'b3t' was printed for 'fix-a-tap', and no how-to has that slug now"
    assert problems(told) == [f"content/codes.tsv:{line_of(path, 'b3t')}: {message}"]
    assert hint_after(told, "b3t") == "if it was renamed, a how-to takes its place with 'formerly: [fix-a-tap]'"


def test_a_how_to_in_another_category_keeps_its_code(project: Project) -> None:
    project.text("content/codes.tsv", REGISTERED)
    project.write(category="plugs-and-leads")

    assert led(project) == {"k7q": "wire-a-plug"}


def test_a_renamed_how_to_keeps_its_code(project: Project) -> None:
    project.text("content/codes.tsv", REGISTERED)
    project.write("fit-a-plug", formerly=["wire-a-plug"])

    library, wrong = loading.load_library(project.settings)

    assert wrong == []
    assert library.slug_by_code == {"k7q": "fit-a-plug"}
    assert library.howtos[0].code == "k7q"


def test_a_how_to_that_was_renamed_without_a_word_is_told_with_the_likely_new_name(project: Project) -> None:
    project.text("content/codes.tsv", REGISTERED)
    project.write("wire-a-plug-top")

    told = project.run("check")

    assert told.exit_code == 1
    assert "did you mean 'wire-a-plug-top'? a how-to takes its place" in hint_after(told, "k7q")


def test_two_how_tos_made_one_keep_both_codes(project: Project) -> None:
    project.text("content/codes.tsv", REGISTERED + "b3t\tchange-a-plug\t2026-11-21\n")
    project.write(formerly=["change-a-plug"])

    assert led(project) == {"b3t": "wire-a-plug", "k7q": "wire-a-plug"}


def test_a_how_to_with_a_new_code_is_still_found_by_its_old_one(project: Project) -> None:
    project.text("content/codes.tsv", REGISTERED)
    project.write(code="ptg")

    assert led(project) == {"k7q": "wire-a-plug", "ptg": "wire-a-plug"}


@pytest.mark.parametrize("broken", ["---\ntitle: a: b\n---\n", "---\ntitle: x\nformerly: [change-a-plug]\n---\n"])
def test_the_code_of_a_how_to_with_mistakes_is_not_said_to_be_lost(project: Project, broken: str) -> None:
    project.text("content/codes.tsv", REGISTERED + ("b3t\tchange-a-plug\t2026-11-21\n" if "formerly" in broken else ""))
    project.text("content/electrical/wire-a-plug.md", broken)

    told = project.run("check")

    assert told.exit_code == 1
    assert "codes.tsv" not in told.stderr


def test_a_code_is_taken_once(project: Project) -> None:
    project.write("fit-a-plug", code="ptg")
    path = project.write("wire-a-plug", code="ptg")

    told = project.run("check")

    assert told.exit_code == 1
    assert problems(told) == [
        f"content/electrical/wire-a-plug.md:{line_of(path, 'code:')}: code 'ptg' is taken by 'fit-a-plug'"
    ]
    assert hint_after(told, "'ptg' is taken") == "leave 'code' out to be given one"


@pytest.mark.parametrize("own", [None, "ptg"])
def test_a_code_on_paper_cannot_be_given_to_another_how_to(project: Project, own: str | None) -> None:
    project.text("content/codes.tsv", REGISTERED)
    project.write(code=own)
    project.write("save-water", category="water", code="k7q")

    told = project.run("check")

    assert told.exit_code == 1
    assert "code 'k7q'" in problems(told)[0]


@pytest.mark.parametrize("name", ["content/faq.md", "content/faq/wire-a-lamp.md"])
def test_a_code_is_no_name_that_the_site_needs(project: Project, name: str) -> None:
    project.write("fit-a-plug", code="faq")
    text = project.write("wire-a-lamp").read_text("utf-8")
    (project.root / "content/electrical/wire-a-lamp.md").unlink()
    project.text(name, text)

    told = project.run("check")

    assert told.exit_code == 1
    assert "code 'faq' is a name that the site needs" in told.stderr


def test_a_code_on_paper_is_no_language(project: Project) -> None:
    project.text("content/codes.tsv", "code\tslug\tsince\naf\twire-a-plug\t2026-11-21\n")
    project.write(code="ptg")
    project.text("content/electrical/wire-a-plug.af.md", "---\ntranslates: 1.0.0\ntitle: Prop\n---\n")

    assert "content/codes.tsv:2: code 'af' is a name that the site needs" in project.run("check").stderr


def test_an_earlier_slug_belongs_to_one_how_to(project: Project) -> None:
    project.write("fit-a-plug", formerly=["old-plug"])
    path = project.write("wire-a-plug", formerly=["old-plug"])

    told = project.run("check")

    assert told.exit_code == 1
    assert f"wire-a-plug.md:{line_of(path, '- old-plug')}: 'old-plug' was 'fit-a-plug' before" in told.stderr


def test_an_earlier_slug_is_no_how_to_of_today(project: Project) -> None:
    project.write("fit-a-plug", formerly=["wire-a-plug"])
    project.write("wire-a-plug")

    assert "'wire-a-plug' is a how-to of its own" in project.run("check").stderr


WRONG = [
    ("k7q\twire-a-plug\t2026-11-21\n", 1, "the first line is not 'code slug since'"),
    (REGISTERED + "k7r wire-a-plug 2026-11-21\n", 3, "expected three columns (code, slug, since) with tabs between"),
    (REGISTERED + "<<<<<<< HEAD\n", 3, "expected three columns"),
    (REGISTERED + "k7q\tsave-water\t2026-11-21\n", 3, "code 'k7q' is registered twice"),
    (REGISTERED + "k1q\twire-a-plug\t2026-11-21\n", 3, "'k1q' is no code"),
    (REGISTERED + "k\twire-a-plug\t2026-11-21\n", 3, "'k' is no code"),
    (REGISTERED + '"\twire-a-plug\t2026-11-21\nb3t\tgone\t2026-11-21\n', 4, "code 'b3t' was printed for 'gone'"),
]


@pytest.mark.parametrize(("text", "line", "message"), WRONG, ids=[row[2] for row in WRONG])
def test_a_row_of_the_registry_that_is_none_is_told(project: Project, text: str, line: int, message: str) -> None:
    project.write()
    project.text("content/codes.tsv", text)

    told = project.run("check")

    assert told.exit_code == 1
    assert f"content/codes.tsv:{line}: {message}" in told.stderr


def test_the_registry_may_have_notes_and_any_line_ends(project: Project) -> None:
    project.write()
    text = REGISTERED + "\n# printed in Durban\n"
    (project.root / "content/codes.tsv").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))

    assert led(project) == {"k7q": "wire-a-plug"}


def test_a_registry_that_is_not_utf_8_is_told(project: Project) -> None:
    project.write()
    (project.root / "content/codes.tsv").write_bytes(REGISTERED.encode() + b"\xe9")

    assert "content/codes.tsv:3: this is not UTF-8 text" in project.run("check").stderr


def test_registering_only_appends(tmp_path: Path) -> None:
    (tmp_path / "codes.tsv").write_text(REGISTERED.rstrip("\n"), "utf-8")  # an editor took the last newline away

    given = {"b3t": "fix-a-tap", "c4d": "a-job", "k7q": "wire-a-plug"}
    assert codes.register(tmp_path, given, "2026-12-01") == ["b3t", "c4d"]

    after = (tmp_path / "codes.tsv").read_text("utf-8")
    assert after == REGISTERED + "c4d\ta-job\t2026-12-01\nb3t\tfix-a-tap\t2026-12-01\n"


def test_the_first_registered_codes_begin_the_file(tmp_path: Path) -> None:
    codes.register(tmp_path, {"k7q": "wire-a-plug"}, "2026-11-21")

    assert (tmp_path / "codes.tsv").read_text("utf-8") == REGISTERED
    assert codes.read_registry(tmp_path) == ((codes.RegisteredCode("k7q", "wire-a-plug", "2026-11-21", 2),), [])


AFRIKAANS = "---\nlang: af\ntranslates: 1.0.0\ntitle: Bedraad 'n prop\n---\nWoorde.\n"


def test_each_language_has_a_code_of_its_own_that_leads_to_its_page(project: Project) -> None:
    project.write()
    project.text("content/electrical/wire-a-plug.af.md", AFRIKAANS)

    library, problems = loading.load_library(project.settings)

    assert problems == []
    english, afrikaans = library.howtos
    assert english.code != afrikaans.code
    assert library.slug_by_code[afrikaans.code] == "wire-a-plug.af"


def test_the_code_of_a_translation_that_is_gone_leads_to_its_how_to(project: Project) -> None:
    project.write()
    project.text("content/codes.tsv", "code\tslug\tsince\nk7p\twire-a-plug\t2026-11-21\nx4d\twire-a-plug.af\t2026-11-21\n")

    library, problems = loading.load_library(project.settings)

    assert problems == []
    assert library.slug_by_code["x4d"] == "wire-a-plug"


def test_a_renamed_how_to_keeps_the_codes_of_its_translations(project: Project) -> None:
    project.write("fit-a-plug", formerly=["wire-a-plug"])
    project.text("content/electrical/fit-a-plug.af.md", AFRIKAANS)
    project.text("content/codes.tsv", "code\tslug\tsince\nk7p\twire-a-plug\t2026-11-21\nx4d\twire-a-plug.af\t2026-11-21\n")

    library, problems = loading.load_library(project.settings)

    assert problems == []
    assert [(h.lang, h.code) for h in library.howtos] == [("en", "k7p"), ("af", "x4d")]


def test_a_large_library_gets_codes_of_four_when_those_of_three_are_used_up() -> None:
    taken: set[str] = set()
    for number in range(9000):
        taken.add(codes.new_code(f"how-to-{number}", taken))

    assert len(taken) == 9000
    assert {len(code) for code in taken} == {3, 4}
