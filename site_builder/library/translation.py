"""A translation: only words, tied to a how-to's own order and step ids; what it lacks is borrowed and marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, Field

from site_builder.library.fallback import FallbackText
from site_builder.library.field_types import Lang, Slug, StrictModel, Text, Version
from site_builder.library.howto import HowTo, Reviewer, Search
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


def mismatches(base: HowTo, words: Translation, lines: Mapping[FieldPath, int], path: Path) -> list[Problem]:
    """Where a translation does not sit on its how-to."""
    found = []
    if words.translates != base.version:
        found.append(
            Problem(
                path,
                line_of(lines, ("translates",)),
                f"these words follow version {words.translates}, the how-to is version {base.version}",
                f"compare with {base.source.name}, then set 'translates: {base.version}'",
            )
        )
    for name in ("do_not_start_if", "safety", "tools", "materials", "mistakes", "faq"):
        has, wanted = len(getattr(words, name)), len(getattr(base, name))
        if has not in (0, wanted):
            message = f"'{name}' has {has} entries, the how-to has {wanted}"
            found.append(Problem(path, line_of(lines, (name,)), message, "same number, same order; null for one left out"))
    ids = [step.id for step in base.steps]
    for index, step in enumerate(words.steps):
        if step.id not in ids:
            line = line_of(lines, ("steps", index, "id"))
            found.append(Problem(path, line, f"the how-to has no step '{step.id}'", did_you_mean(step.id, ids, ", ".join(ids))))
    if len({step.id for step in words.steps}) < len(words.steps):
        found.append(Problem(path, line_of(lines, ("steps",)), "a step is translated twice"))
    asked = base.calculator
    labels = [ask.label for ask in asked.ask] + [give.label for give in asked.give] if asked else []
    for label in words.calculator:
        if label not in (*labels, "basis"):
            line = line_of(lines, ("calculator", label))
            found.append(Problem(path, line, f"the how-to's calculator has no '{label}'", did_you_mean(label, labels)))
    return found


def translate(base: HowTo, words: Translation, source: Path, body: str, lines: Mapping[FieldPath, int]) -> HowTo:
    """The how-to in the language of `words`."""
    lang = words.lang or ""

    def said(own: str | None, lent: str | None) -> Any:
        return own if own or lent is None else FallbackText(lent, base.lang)

    def each(own: Sequence[Any], lent: Sequence[Item], put: Callable[[Any, Item], Mapping[str, Any]]) -> tuple[Item, ...]:
        padded = [*own, *[None] * (len(lent) - len(own))]
        return tuple(item.model_copy(update=dict(put(word, item))) for word, item in zip(padded, lent, strict=False))

    def fields(*names: str) -> Callable[[Any, StrictModel], Mapping[str, Any]]:
        return lambda word, item: {name: said(getattr(word, name, None), getattr(item, name)) for name in names}

    by_id = {step.id: step for step in words.steps}
    calculator = base.calculator and base.calculator.model_copy(
        update={
            part: tuple(
                row.model_copy(update={"label": said(words.calculator.get(row.label), row.label)})
                for row in getattr(base.calculator, part)
            )
            for part in ("ask", "give")
        }
        | {"basis": said(words.calculator.get("basis"), base.calculator.basis)}
    )
    cost = base.cost and base.cost.model_copy(update={"note": said(words.cost_note, base.cost.note)})
    return base.model_copy(
        update={
            "lang": lang,
            "source": source,
            "lines": lines,
            "body": body if body.strip() else said(None, base.body),
            "title": words.title,
            "summary": said(words.summary, base.summary),
            "do_not_start_if": tuple(
                said(own, lent)
                for own, lent in zip(
                    words.do_not_start_if or [None] * len(base.do_not_start_if), base.do_not_start_if, strict=False
                )
            ),
            "safety": each(words.safety, base.safety, lambda word, item: {"text": said(word, item.text)}),
            "emergency": said(words.emergency, base.emergency),
            "tools": each(words.tools, base.tools, fields("name", "instead")),
            "materials": each(words.materials, base.materials, lambda word, item: {"name": said(word, item.name)}),
            "calculator": calculator,
            "cost": cost,
            "steps": each([by_id.get(step.id) for step in base.steps], base.steps, fields("title", "text", "check")),
            "done_when": said(words.done_when, base.done_when),
            "mistakes": each(words.mistakes, base.mistakes, fields("see", "likely", "do")),
            "faq": each(words.faq, base.faq, fields("q", "a")),
            "law": said(words.law, base.law),
            "corrections": each((), base.corrections, fields("what")),
            "search": words.search,
            "reviewed_by": base.reviewed_by if words.reviewed_by else None,
            "translation_read": words.reviewed_by is not None,
        }
    )
