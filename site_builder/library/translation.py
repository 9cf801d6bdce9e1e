"""A translation: only words, tied to a how-to's own order and step ids; what it lacks is borrowed and marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, Field

from site_builder.library.fallback import FallbackText
from site_builder.library.field_types import Lang, Slug, StrictModel, Text, Version
from site_builder.library.howto import HowTo
from site_builder.library.howto_parts import Reviewer, Search
from site_builder.library.problems import Problem, did_you_mean
from site_builder.library.yaml_values import FieldPath, line_of

Item = TypeVar("Item", bound=StrictModel)


class ToolWords(StrictModel):
    name: Text | None = None
    instead: Text | None = None


class StepWords(StrictModel):
    id: str
    title: Text | None = Field(None, max_length=48)
    text: Text | None = Field(None, max_length=300)
    check: Text | None = None


class MistakeWords(StrictModel):
    see: Text | None = None
    likely: Text | None = None
    do: Text | None = None


class QuestionWords(StrictModel):
    q: Text | None = None
    a: Text | None = None


class Translation(StrictModel):
    """What stands in `<slug>.<lang>.md`. Lists follow the how-to's own; null leaves an entry to the base language."""

    model_config = ConfigDict(title="Translation", extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)

    schema_file: str | None = Field(None, alias="$schema")
    lang: Lang | None = None
    slug: Slug | None = None
    translates: Version = Field(description="the version of the how-to that these words follow")
    title: Text = Field(max_length=80)
    summary: Text | None = Field(None, max_length=180)
    do_not_start_if: tuple[Text | None, ...] = ()
    safety: tuple[Text | None, ...] = ()
    emergency: Text | None = None
    tools: tuple[ToolWords | None, ...] = ()
    materials: tuple[Text | None, ...] = ()
    calculator: dict[str, Text] = Field(default_factory=dict, description="label: its translation")
    steps: tuple[StepWords, ...] = ()
    done_when: Text | None = None
    mistakes: tuple[MistakeWords | None, ...] = ()
    faq: tuple[QuestionWords | None, ...] = ()
    law: Text | None = None
    cost_note: Text | None = None
    search: Search = Search()
    reviewed_by: Reviewer | None = Field(None, description="who has read the translation; null marks it as unread")


def mismatches(base: HowTo, translation: Translation, lines: Mapping[FieldPath, int], path: Path) -> list[Problem]:
    """Where a translation does not sit on its how-to."""
    problems = []
    if translation.translates != base.version:
        problems.append(
            Problem(
                path,
                line_of(lines, ("translates",)),
                f"these words follow version {translation.translates}, the how-to is version {base.version}",
                f"compare with {base.source.name}, then set 'translates: {base.version}'",
            )
        )
    for name in ("do_not_start_if", "safety", "tools", "materials", "mistakes", "faq"):
        count, expected = len(getattr(translation, name)), len(getattr(base, name))
        if count not in (0, expected):
            message = f"'{name}' has {count} entries, the how-to has {expected}"
            problems.append(Problem(path, line_of(lines, (name,)), message, "same number, same order; null for one left out"))
    ids = [step.id for step in base.steps]
    for index, step in enumerate(translation.steps):
        if step.id not in ids:
            line = line_of(lines, ("steps", index, "id"))
            problems.append(
                Problem(path, line, f"the how-to has no step '{step.id}'", did_you_mean(step.id, ids, ", ".join(ids)))
            )
    if len({step.id for step in translation.steps}) < len(translation.steps):
        problems.append(Problem(path, line_of(lines, ("steps",)), "a step is translated twice"))
    asked = base.calculator
    labels = [ask.label for ask in asked.ask] + [give.label for give in asked.give] if asked else []
    for label in translation.calculator:
        if label not in (*labels, "basis"):
            line = line_of(lines, ("calculator", label))
            problems.append(Problem(path, line, f"the how-to's calculator has no '{label}'", did_you_mean(label, labels)))
    return problems


def translate(base: HowTo, translation: Translation, source: Path, body: str, lines: Mapping[FieldPath, int]) -> HowTo:
    """The how-to in the language of `translation`."""
    lang = translation.lang or ""

    def own_or_fallback(text: str | None, base_text: str | None) -> Any:
        return text if text or base_text is None else FallbackText(base_text, base.lang)

    def translate_rows(
        rows: Sequence[Any], base_rows: Sequence[Item], put: Callable[[Any, Item], Mapping[str, Any]]
    ) -> tuple[Item, ...]:
        padded = [*rows, *[None] * (len(base_rows) - len(rows))]
        return tuple(item.model_copy(update=dict(put(word, item))) for word, item in zip(padded, base_rows, strict=False))

    def text_fields(*names: str) -> Callable[[Any, StrictModel], Mapping[str, Any]]:
        return lambda word, item: {name: own_or_fallback(getattr(word, name, None), getattr(item, name)) for name in names}

    by_id = {step.id: step for step in translation.steps}
    calculator = base.calculator and base.calculator.model_copy(
        update={
            part: tuple(
                row.model_copy(update={"label": own_or_fallback(translation.calculator.get(row.label), row.label)})
                for row in getattr(base.calculator, part)
            )
            for part in ("ask", "give")
        }
        | {"basis": own_or_fallback(translation.calculator.get("basis"), base.calculator.basis)}
    )
    cost = base.cost and base.cost.model_copy(update={"note": own_or_fallback(translation.cost_note, base.cost.note)})
    return base.model_copy(
        update={
            "lang": lang,
            "source": source,
            "lines": lines,
            "body": body if body.strip() else own_or_fallback(None, base.body),
            "title": translation.title,
            "summary": own_or_fallback(translation.summary, base.summary),
            "do_not_start_if": tuple(
                own_or_fallback(text, base_text)
                for text, base_text in zip(
                    translation.do_not_start_if or [None] * len(base.do_not_start_if), base.do_not_start_if, strict=False
                )
            ),
            "safety": translate_rows(
                translation.safety, base.safety, lambda word, item: {"text": own_or_fallback(word, item.text)}
            ),
            "emergency": own_or_fallback(translation.emergency, base.emergency),
            "tools": translate_rows(translation.tools, base.tools, text_fields("name", "instead")),
            "materials": translate_rows(
                translation.materials, base.materials, lambda word, item: {"name": own_or_fallback(word, item.name)}
            ),
            "calculator": calculator,
            "cost": cost,
            "steps": translate_rows(
                [by_id.get(step.id) for step in base.steps], base.steps, text_fields("title", "text", "check")
            ),
            "done_when": own_or_fallback(translation.done_when, base.done_when),
            "mistakes": translate_rows(translation.mistakes, base.mistakes, text_fields("see", "likely", "do")),
            "faq": translate_rows(translation.faq, base.faq, text_fields("q", "a")),
            "law": own_or_fallback(translation.law, base.law),
            "corrections": translate_rows((), base.corrections, text_fields("what")),
            "search": translation.search,
            "reviewed_by": base.reviewed_by if translation.reviewed_by else None,
            "translation_read": translation.reviewed_by is not None,
        }
    )
