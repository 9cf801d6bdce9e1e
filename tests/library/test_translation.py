"""A translation holds only words, tied to its how-to's steps; what it lacks is borrowed, and marked as such."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml

from site_builder.library import loading
from site_builder.library.fallback import FallbackText
from site_builder.library.howto import HowTo
from site_builder.library.messages import messages_of
from tests.project import Project
from tests.reports import hint_after, line_of, problems

FILE = "content/electrical/wire-a-plug.af.md"
WORDS: dict[str, Any] = {"translates": "1.0.0", "title": "Bedraad 'n driepenprop"}
CALCULATOR = {
    "ask": [{"id": "l", "label": "Length", "unit": "m", "min": 1, "max": 9, "default": 4}],
    "per": "l * 2",
    "give": [{"label": "Bags", "per": "m2", "rate": 1.5, "pack_size": 1, "pack_unit": "bag"}],
    "basis": "The bag's label.",
}


def translation(project: Project, name: str = FILE, body: str = "", **changes: Any) -> Path:
    text = yaml.safe_dump({**WORDS, **changes}, sort_keys=False, allow_unicode=True)
    return project.text(name, f"---\n{text}---\n{body}")


def afrikaans(project: Project) -> HowTo:
    library, wrong = loading.load_library(project.settings)
    assert [problem for problem in wrong if not problem.warning] == []
    (howto,) = library.in_lang("af")
    return howto


def lent_by(words: Any) -> str | None:
    return words.lang if isinstance(words, FallbackText) else None


def test_words_are_translated_and_everything_else_is_inherited(project: Project, clip: Path) -> None:
    project.film(clip, body="Words.")
    translation(
        project,
        summary="Sit 'n nuwe prop aan.",
        safety=["Trek die prop uit."],
        tools=[{"name": "Skroewedraaier"}],
        materials=["Prop, 16 A"],
        steps=[{"id": "connect", "title": "Verbind", "text": "Volg die letters.", "check": "Lees hardop."}],
        done_when="Dit werk.",
        body="Woorde.\n",
    )

    howto = afrikaans(project)

    assert (howto.lang, howto.page) == ("af", "af/electrical/wire-a-plug/")
    assert (howto.title, howto.summary, howto.done_when) == (WORDS["title"], "Sit 'n nuwe prop aan.", "Dit werk.")
    assert howto.body.strip() == "Woorde."
    assert (howto.safety[0].text, howto.safety[0].level) == ("Trek die prop uit.", "warning")
    assert (howto.materials[0].name, howto.materials[0].qty) == ("Prop, 16 A", 1)
    connect = howto.steps[1]
    assert (connect.id, connect.title, connect.check, connect.start, connect.end) == (
        "connect",
        "Verbind",
        "Lees hardop.",
        0.6,
        1.2,
    )
    assert howto.master == project.root / "videos/wire-a-plug.mp4"
    assert (howto.risk, howto.version, howto.time.work.seconds) == ("low", "1.0.0", 600)


def test_what_a_translation_lacks_is_borrowed_and_marked(project: Project) -> None:
    project.write(law="Fixed wiring is for others.", cost={"min": 1, "max": 2, "as_of": "2026-11-21", "note": "Ask."})
    translation(project, steps=[{"id": "connect", "title": "Verbind"}])

    howto = afrikaans(project)

    assert lent_by(howto.title) is None
    assert lent_by(howto.steps[1].title) is None
    borrowed = [howto.summary, howto.body, howto.done_when, howto.law, howto.cost and howto.cost.note, howto.safety[0].text]
    borrowed += [howto.tools[0].name, howto.materials[0].name, howto.steps[0].title, howto.steps[1].text, howto.steps[1].check]
    assert [lent_by(words) for words in borrowed] == ["en"] * len(borrowed)
    assert howto.steps[1].check == "Read them aloud."
    assert howto.emergency is None
    assert howto.steps[0].check is None


def test_one_entry_of_a_list_may_be_left_to_the_base_language(project: Project) -> None:
    project.write(do_not_start_if=["It is cut.", "It is burnt."], tools=[{"name": "Pliers"}, {"name": "Knife"}])
    translation(project, do_not_start_if=[None, "Dit is gebrand."], tools=[None, {"name": "Mes"}])

    howto = afrikaans(project)

    assert [(str(said), lent_by(said)) for said in howto.do_not_start_if] == [("It is cut.", "en"), ("Dit is gebrand.", None)]
    assert [(tool.name, lent_by(tool.name)) for tool in howto.tools] == [("Pliers", "en"), ("Mes", None)]


def test_a_calculators_labels_are_translated(project: Project) -> None:
    project.write(calculator=CALCULATOR)
    translation(project, calculator={"Length": "Lengte", "basis": "Die sak se etiket."})

    calculator = afrikaans(project).calculator

    assert calculator
    assert (calculator.ask[0].label, calculator.basis) == ("Lengte", "Die sak se etiket.")
    assert lent_by(calculator.give[0].label) == "en"
    assert calculator.per == "l * 2"


def test_a_translation_that_no_speaker_has_read_is_marked(project: Project) -> None:
    project.write(reviewed_by={"name": "T. Nkosi", "role": "Electrician"})
    translation(project)
    unread = afrikaans(project)
    translation(project, reviewed_by={"name": "A. Botha", "role": "Teacher"})
    read = afrikaans(project)

    assert (unread.translation_read, unread.is_reviewed) == (False, False)
    assert (read.translation_read, read.is_reviewed) == (True, True)


def test_a_library_knows_its_languages_and_the_nearest_how_to(project: Project) -> None:
    project.write()
    project.write("save-water", category="water")
    translation(project)

    library, _ = loading.load_library(project.settings)

    assert library.langs == ("en", "af")
    assert [howto.slug for howto in library.in_lang("af")] == ["wire-a-plug"]
    nearest = [library.in_lang_or_base(slug, "af") for slug in ("wire-a-plug", "save-water", "nothing")]
    assert [howto and (howto.slug, howto.lang) for howto in nearest] == [("wire-a-plug", "af"), ("save-water", "en"), None]
    assert [howto.lang for howto in library.other_langs(library.in_lang("af")[0])] == ["en"]


def test_the_base_language_is_a_setting(project: Project) -> None:
    project.set(lang="af")
    project.write()
    translation(project, name="content/electrical/wire-a-plug.en.md", title="Wire a plug")

    library, wrong = loading.load_library(project.settings)

    assert [problem for problem in wrong if not problem.warning] == []
    assert [(howto.lang, howto.page) for howto in library.howtos] == [
        ("af", "electrical/wire-a-plug/"),
        ("en", "en/electrical/wire-a-plug/"),
    ]


WRONG = [
    ({"version": "1.0.0"}, "version:", "unknown field 'version'", ""),
    ({"risk": "low"}, "risk:", "unknown field 'risk'", ""),
    ({"titel": "x"}, "titel:", "unknown field 'titel'", "did you mean 'title'?"),
    ({"translates": "0.9.0"}, "translates:", "these words follow version 0.9.0, the how-to is version 1.0.0",
     "compare with wire-a-plug.md"),
    ({"steps": [{"id": "conect"}]}, "conect", "the how-to has no step 'conect'", "did you mean 'connect'?"),
    ({"steps": [{"id": "x"}]}, "id: x", "the how-to has no step 'x'", "unplug, connect, test"),
    ({"steps": [{"id": "test"}, {"id": "test"}]}, "steps:", "a step is translated twice", ""),
    ({"safety": ["Een.", "Twee."]}, "safety:", "'safety' has 2 entries, the how-to has 1", "same number, same order; null"),
    ({"lang": "zu"}, "lang:", "'lang' is 'zu', the file says 'af'", "leave 'lang' out, or rename"),
    ({"slug": "save-water"}, "slug:", "'slug' is 'save-water', the file says 'wire-a-plug'", "leave 'slug' out, or rename"),
    ({"calculator": {"Lenght": "Lengte"}}, "Lenght", "the how-to's calculator has no 'Lenght'", "did you mean 'Length'?"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "at", "message", "hint"), WRONG, ids=[row[2] for row in WRONG])
def test_a_translation_that_does_not_sit_on_its_how_to_is_told(
    project: Project, changes: dict[str, Any], at: str, message: str, hint: str
) -> None:
    project.write(calculator=CALCULATOR)
    path = translation(project, **changes)

    told = project.run("check")

    assert told.exit_code == 1
    assert problems(told) == [f"{FILE}:{line_of(path, at)}: {message}"]
    assert hint in hint_after(told, message)


def test_a_translation_needs_its_how_to(project: Project) -> None:
    project.write()
    translation(project, name="content/electrical/wire-a-plg.af.md")

    told = project.run("check")

    assert told.exit_code == 1
    assert "content/electrical/wire-a-plg.af.md:1: a translation of 'wire-a-plg', which is no how-to" in told.stderr
    assert hint_after(told, "no how-to") == "did you mean 'wire-a-plug'?"


def test_a_translation_stands_beside_its_how_to(project: Project) -> None:
    project.write()
    translation(project, name="content/water/wire-a-plug.af.md")

    told = project.run("check")

    assert told.exit_code == 1
    assert "content/water/wire-a-plug.af.md:1: a translation stands beside its how-to" in told.stderr
    assert hint_after(told, "beside") == "move it to electrical/"


def test_a_translation_of_a_how_to_with_mistakes_is_not_said_to_have_none(project: Project) -> None:
    project.write(title=None)
    translation(project)

    assert len(problems(project.run("check"))) == 1


def test_borrowed_words_are_words_that_know_their_language() -> None:
    lent = FallbackText("Tools", "en")

    assert lent == "Tools"
    assert pickle.loads(pickle.dumps(lent)).lang == "en"


def test_the_frames_words_are_borrowed_from_english_where_a_language_lacks_them() -> None:
    english, unknown = messages_of("en"), messages_of("xx")

    key = next(key for key in english.own_texts if "{" not in english.own_texts[key])

    assert lent_by(unknown(key)) == "en"
    assert lent_by(english(key)) is None
    assert unknown(key) == english(key)
