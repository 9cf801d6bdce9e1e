"""What can be printed is what `check` lets through: every letter of the fonts in every weight, and no other on paper."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
import typst
import yaml

from benchmarks.faults import HOWTO
from site_builder.leaflets import formats, typeset, typst_compiler
from site_builder.leaflets.collection import PrintSource
from site_builder.library import letters, messages
from site_builder.library.howto import FrontMatter
from site_builder.library.translation import Translation
from tests.leaflets.reading import words_of
from tests.project import Project
from tests.reports import hint_after, line_of, problems

TRADES = "⌀ ∅ ½ ¼ ¾ ⅓ ⅔ ⅛ ² ³ ° ± × ÷ ≤ ≥ ≈ → ← ↑ ↓ ✓ ✗ ☐ ⚠ Ω Ω µ μ ℓ № ™ ® © € £ ₹ R % ‰ ′ ″ ℃ … – — • § ⊥ ∠ ♀ ♂ ⏚ ⎓ ▼"
VIETNAMESE = "Đổi ổ cắm điện, khoá nước trước; vặn ốc ngược chiều kim đồng hồ: ẤẦẨẪẬ ặẵẳằắ ỹỷỵỳý"
NOT_THERE = ("⚡", "☎", "①", "🔌", "Щ", "插", "ไ", "Ⅳ")


def set_in_every_weight(text: str) -> None:
    """Raises where a weight lacks a letter."""
    root = typst_compiler.compile_root({"letters.json": b"", "all.typ": b""})
    lines = "".join(f'#text(weight: {weight}, "{text}")\n' for weight in ("400", "700", "900"))
    (root / "all.typ").write_text('#import "/parts.typ": *\n#show: base.with("en", 10pt)\n#set document(title: "x")\n' + lines)
    typst_compiler.compiler().compile(root / "all.typ", root=root, format="pdf", pdf_standards=typst_compiler.STANDARDS)


def test_every_letter_that_is_let_through_is_in_every_weight() -> None:
    seen = [chr(code) for code in sorted(letters.PRINTABLE) if chr(code) not in '"\\']

    for at in range(0, len(seen), 200):
        set_in_every_weight("\u25cc".join(seen[at : at + 200]))


@pytest.mark.parametrize("letter", NOT_THERE)
def test_what_is_refused_cannot_be_printed(letter: str) -> None:
    assert letters.unprintable_characters(f"a{letter}b") == [letter]
    with pytest.raises(typst.TypstError):
        set_in_every_weight(letter)


def test_what_trades_and_the_offered_languages_write_can_be_printed() -> None:
    files = {path.name: path.read_text("utf-8") for path in messages.LOCALES.glob("*.toml")}
    assert len(files) >= 13
    for name, text in {**files, "trades": TRADES, "vietnamese": VIETNAMESE}.items():
        assert (name, letters.unprintable_characters(text)) == (name, [])
        assert (name, letters.unprintable_characters(unicodedata.normalize("NFD", text))) == (name, [])


def test_letters_of_two_parts_are_printed_as_one_and_a_sign_in_its_plain_look(load: Any, tmp_path: Path) -> None:
    howto, settings = load({"title": unicodedata.normalize("NFD", "Geysér ḓ ẹ́"), "law": "⚠\ufe0f Ask first."})

    typeset.make_print("leaflet", [PrintSource(howto)], settings, tmp_path / "a.pdf")

    [page] = words_of(tmp_path / "a.pdf")
    assert "Geysér ḓ" in page
    assert "⚠ Ask first." in page


# ---- check

FIELDS: dict[str, Any] = {
    "title": "Wire ⚡",
    "summary": "Fit ⚡ it.",
    "do_not_start_if": ["It ⚡ sparks."],
    "safety": [{"level": "warning", "text": "Pull ⚡ it."}],
    "emergency": "Ring ⚡ now.",
    "tools": [{"name": "Tester", "aisle": "Aisle ⚡"}],
    "materials": [{"name": "Plug", "qty": 1, "sku": "⚡-16"}],
    "calculator": {
        "ask": [{"id": "a", "label": "Long ⚡", "unit": "m", "min": 1, "max": 9, "default": 2}],
        "per": "a",
        "give": [{"label": "Cable", "per": "m", "rate": 1, "pack_size": 1, "pack_unit": "roll"}],
        "basis": "By the roll.",
    },
    "steps": [*HOWTO["steps"][:2], {"id": "test", "title": "Test", "text": "On.", "check": "It ⚡ glows."}],
    "done_when": "It ⚡ works.",
    "mistakes": [{"see": "Dark", "likely": "No ⚡ there", "do": "Look."}],
    "faq": [{"q": "Why?", "a": "For ⚡ it."}],
    "law": "Ask ⚡ first.",
    "reviewed_by": {"name": "A. B.", "role": "Electrician ⚡"},
    "corrections": [{"date": "2026-01-02", "version": "1.0.0", "what": "Was ⚡ wrong.", "serious": True}],
}  # fmt: skip


def test_a_letter_that_is_written_as_its_number_is_told_too(project: Project) -> None:
    path = project.write()
    rows = path.read_text("utf-8").split("\n")
    at = next(number for number, row in enumerate(rows) if row.startswith("title:"))
    rows[at] = r'title: "Wire \u26a1 plug"'
    path.write_text("\n".join(rows), "utf-8")

    told = problems(project.run("check"))

    assert told == [f"content/electrical/wire-a-plug.md:{at + 1}: no font on paper has '⚡' (U+26A1, high voltage sign)"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_letter_that_no_font_has_is_told_at_its_line(project: Project, field: str) -> None:
    path = project.write(**{field: FIELDS[field]})

    told = project.run("check")

    line = line_of(path, "⚡")
    wanted = f"content/electrical/wire-a-plug.md:{line}: no font on paper has '⚡' (U+26A1, high voltage sign)"
    assert problems(told) == [wanted]
    assert hint_after(told, "no font on paper") == "take it out or write the word"
    assert told.exit_code == 1


def test_several_letters_of_a_field_are_told_at_once(project: Project) -> None:
    project.write(done_when="☎ or ① or ☎.")

    told = project.run("check")

    assert "has '☎' (U+260E, black telephone) and '①' (U+2460, circled digit one)" in told.stderr


def test_a_letter_that_no_font_has_is_told_in_settings_and_translations(project: Project) -> None:
    project.write()
    words = {"translates": "1.0.0", "title": "Prop", "steps": [{"id": "test", "title": "Toets", "text": "Sit 🔌 aan."}]}
    project.text("content/electrical/wire-a-plug.af.md", f"---\n{yaml.safe_dump(words, allow_unicode=True)}---\n")

    assert problems(project.run("check")) == [
        "content/electrical/wire-a-plug.af.md:4: no font on paper has '🔌' (U+1F50C, electric plug)"
    ]

    store = {"name": "Shop ①", "phone": "☎ 010", "address": "插"}
    project.set(store=store, categories={"electrical": {"titles": {"en": "Power ⚡"}}})
    told = problems(project.run("check"))
    for letter, words_there in (("①", "Shop"), ("☎", "010"), ("插", "address"), ("⚡", "Power")):
        line = line_of(project.root / "mkdocs.yml", words_there)
        assert any(row.startswith(f"mkdocs.yml:{line}: no font on paper has '{letter}'") for row in told)


def test_what_only_a_page_shows_may_have_any_letter(project: Project) -> None:
    project.write(search={"keywords": ["plug ⚡"]}, sources=[{"title": "IEC ⚡"}], body="Words ⚡ below.")

    assert problems(project.run("check")) == []


def test_each_field_of_words_is_known_to_reach_paper_or_not() -> None:
    """A new field is looked at unless it is named: one that no longer is there must not be."""
    known = {*FrontMatter.model_fields, *Translation.model_fields, "$schema", "schema"}
    assert known >= letters.NOT_ON_PAPER


@pytest.mark.parametrize("format", sorted(formats.load_formats()))
def test_every_format_prints_what_trades_write(load: Any, tmp_path: Path, format: str) -> None:
    howto, settings = load({"summary": TRADES, "title": "Drill ⌀ 8 mm ≥ ½″"})

    made = typeset.make_print(format, [PrintSource(howto)], settings, tmp_path / "a.pdf")

    assert made.pages
