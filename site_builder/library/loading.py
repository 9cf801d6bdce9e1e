"""The content folder becomes how-tos: read, translated, tied to each other, and checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from site_builder.library import (
    calculator_checks,
    codes,
    files,
    materials,
    strays,
    symlinks,
    synonyms,
    translation,
    yaml_values,
)
from site_builder.library.categories import Category
from site_builder.library.checks import check_howto, problem_factory
from site_builder.library.howto import FrontMatter, HowTo
from site_builder.library.howto_parts import Step
from site_builder.library.library import Library
from site_builder.library.names import path_on_disk
from site_builder.library.problems import Problem, did_you_mean
from site_builder.library.settings import Settings
from site_builder.library.slug_claims import Slugs, classify_slugs, code_claims, duplicate_claims
from site_builder.library.slugs import SLUG_LENGTH, SLUG_PATTERN, slugify
from site_builder.library.sources import SourceFile, named_film, read_sources
from site_builder.library.validation import invalid_fields, validate
from site_builder.memo import Memo


@dataclass(frozen=True)
class BaseHowTos:
    """The how-tos in the base language that have no mistake in their front matter, by slug."""

    front_matter: Mapping[str, FrontMatter]  # as it was written
    howtos: Mapping[str, HowTo]  # the same with their files found


def load_library(settings: Settings, memo: Memo | None = None) -> tuple[Library, list[Problem]]:
    """The library of `settings.content`, and everything that is wrong in it, in no order. Nothing is raised.

    Read, validate, give codes, check each how-to, translate, check the whole. Codes are given before anything is translated: a
    translation takes over its how-to's values.
    """
    memo = memo or Memo()
    links = symlinks.forbidden_links(settings)
    if any(settings.content / name in links for name in (codes.REGISTRY_FILE, synonyms.SYNONYMS_FILE)):
        return Library((), (), {}, {}), [*links.values()]
    sources, problems = read_sources(settings, memo)
    problems += links.values()

    base, more_problems = validate_base_howtos(sources, settings)
    problems += more_problems
    categories = used_categories(settings, base.howtos)
    slugs = classify_slugs(sources, base.howtos, categories, settings, memo)

    registered, more_problems = codes.read_registry(settings.content)
    problems += more_problems
    claims = code_claims(sources, base.front_matter, settings.options.lang)
    assigned = codes.assign_codes(claims, registered, settings.content, slugs.reserved, slugs.unreadable, slugs.excluded)
    problems += assigned.problems

    howtos = with_codes(base.howtos, assigned)
    problems += check_base_howtos(howtos, sources, slugs, settings, memo)
    translations, more_problems = translate_howtos(sources, howtos, assigned, slugs, settings)
    problems += more_problems
    all_howtos = [*howtos.values(), *translations]

    known_synonyms, more_problems = synonyms.read_synonyms(settings.content)
    problems += [*more_problems, *synonyms.unused_rows(known_synonyms, all_howtos, settings.content)]
    problems += check_strays(all_howtos, sources, slugs, settings)

    registered_codes = {row.code for row in registered}
    library = Library(
        howtos=tuple(sorted(all_howtos, key=lambda howto: (howto.slug, howto.lang != howto.base_lang, howto.lang))),
        categories=categories,
        slug_by_code=dict(sorted(assigned.slug_by_code.items())),
        unregistered_codes={code: slug for slug, code in assigned.code_by_slug.items() if code not in registered_codes},
        obsolete_codes=assigned.obsolete,
        synonyms=known_synonyms,
    )
    return library, problems


def with_codes(howtos: Mapping[str, HowTo], assigned: codes.CodeAssignment) -> dict[str, HowTo]:
    return {slug: howto.model_copy(update={"code": assigned.code_by_slug[slug]}) for slug, howto in howtos.items()}


def check_base_howtos(
    howtos: Mapping[str, HowTo], sources: Iterable[SourceFile], slugs: Slugs, settings: Settings, memo: Memo
) -> list[Problem]:
    """Each how-to in the base language by itself, those with mistakes in their front matter too, and what two of them claim."""
    problems = duplicate_claims(howtos, slugs.reserved)
    known = slugs.present | slugs.excluded
    for howto in howtos.values():
        problems += check_howto(howto, howtos, known, settings, memo)
    for source in sources:
        if source.lang == settings.options.lang and source.slug not in howtos:
            problems += check_valid_fields(source, howtos, known, settings, memo)
    return problems


def translate_howtos(
    sources: Iterable[SourceFile],
    howtos: Mapping[str, HowTo],
    assigned: codes.CodeAssignment,
    slugs: Slugs,
    settings: Settings,
) -> tuple[list[HowTo], list[Problem]]:
    """The how-tos in other languages than the base language, each with its own code and its film's narration."""
    translations: list[HowTo] = []
    problems: list[Problem] = []
    for source in sources:
        if source.lang == settings.options.lang:
            continue
        howto, more_problems = apply_translation(source, howtos, slugs.present)
        problems += more_problems
        if howto:
            problems += calculator_checks.check_translation(howto, problem_factory(howto))
            code = assigned.code_by_slug[howto.registry_key]
            narration = files.narration_path(howto, settings, howto.lang)
            translations.append(howto.model_copy(update={"code": code, "narration": narration}))
    return translations, problems


def check_strays(howtos: Collection[HowTo], sources: Collection[SourceFile], slugs: Slugs, settings: Settings) -> list[Problem]:
    """Files that nothing uses, as far as it is known: what a how-to with mistakes may use is not told."""
    valid = {howto.slug for howto in howtos}
    use = strays.LibraryUse(
        howtos=howtos,
        films={film for source in sources if (film := named_film(source, settings))},
        unread_slugs=slugs.present - valid | slugs.excluded,
        all_text=lambda: "\n".join(f"{source.body} {source.values.get('steps')}" for source in sources),
    )
    return strays.stray_problems(use, settings)


def validate_base_howtos(sources: Iterable[SourceFile], settings: Settings) -> tuple[BaseHowTos, list[Problem]]:
    """How-tos in the base language, by slug: what was written, and with their files found."""
    front_matter: dict[str, FrontMatter] = {}
    howtos: dict[str, HowTo] = {}
    problems: list[Problem] = []
    for source in sources:
        if source.lang != settings.options.lang:
            continue
        front, more_problems = validate_front_matter(source)
        if front is None and "translates" in source.values and "difficulty" not in source.values:
            message = f"'{source.path.name}' is named as a how-to, and says that it is a translation"
            hint = "a translation stands beside its how-to, named after it with its language: wire-a-plug.af.md"
            more_problems = [Problem(source.path, 1, message, hint)]
        problems += more_problems
        if front and source.slug in howtos:
            other = howtos[source.slug].source.relative_to(settings.root).as_posix()
            problems.append(Problem(source.path, 1, f"slug '{source.slug}' is taken", f"by {other}; rename one of them"))
        elif front:
            front_matter[source.slug] = front
            howtos[source.slug] = assemble_howto(source, front, settings)
    return BaseHowTos(front_matter, howtos), problems


def validate_front_matter(source: SourceFile) -> tuple[FrontMatter | None, list[Problem]]:
    """A how-to's front matter. Slug, language and category are the file's own; where they are written too, they agree."""
    front, problems = validate(FrontMatter, source.values, source.lines, source.path)
    for name, what, example, end in (
        (source.slug, "slug", "wire-a-plug", source.path.name.removeprefix(source.slug)),
        (source.path.parent.name, "category", "garden-paths", "/"),
    ):
        if not SLUG_PATTERN.fullmatch(name) or len(name) > SLUG_LENGTH:
            hint = f"small letters, digits and single hyphens, at most {SLUG_LENGTH}: {slugify(name) or example}{end}"
            problems.append(Problem(source.path, 1, f"'{name}' is no {what}", hint))
    says = {"slug": source.slug, "lang": source.lang, "category": source.path.parent.name}
    malformed = {p.line for p in problems}
    problems += [p for p in filename_conflicts(source, says) if p.line not in malformed]
    if front is None or problems:
        return None, problems
    return front.model_copy(update=says), []


PLACEHOLDER_VALUES: Mapping[str, Any] = {  # field values that no check objects to
    "title": "A how-to",
    "summary": "What is done.",
    "difficulty": 1,
    "time": {"work": "PT1M"},
    "risk": "low",
    "do_not_start_if": ("it is not safe",),
    "safety": ({"level": "danger", "text": "Mind."},),
    "emergency": "Stop.",
    "tools": (),
    "materials": (),
    "steps": tuple({"id": f"step-{n}", "title": "Do", "text": "Do it."} for n in range(3)),
    "done_when": "It is done.",
    "related": (),
    "reviewed_by": {"name": "Nobody", "role": "stand-in"},
    "version": "1.0.0",
    "published": "2026-01-01",
    "licence": "CC-BY-4.0",
}
DEPENDENT_FIELDS = {
    "steps": {"leaflet", "video"},
    "video": {"steps"},
}  # if the key field is invalid, these cannot be checked either


def check_valid_fields(
    source: SourceFile, howtos: Mapping[str, HowTo], known: Set[str], settings: Settings, memo: Memo
) -> list[Problem]:
    """Checks the valid fields of a how-to whose other fields are invalid, so that an editor who has put right the first round
    does not find a second.

    Invalid fields are replaced by PLACEHOLDER_VALUES, and problems at them dropped.
    """
    invalid = invalid_fields(FrontMatter, source.values)
    invalid |= {other for name in invalid for other in DEPENDENT_FIELDS.get(name, ())}
    valid = {name: value for name, value in source.values.items() if str(name) not in invalid}
    front, _ = validate(
        FrontMatter,
        {**{name: PLACEHOLDER_VALUES[name] for name in PLACEHOLDER_VALUES if name not in valid}, **valid},
        source.lines,
        source.path,
    )
    if front is None:
        return []
    lines = {where: line for where, line in source.lines.items() if not where or where[0] not in invalid}
    says = {"slug": source.slug, "lang": source.lang, "category": source.path.parent.name}
    howto = assemble_howto(replace(source, lines=lines), front.model_copy(update=says), settings)
    return [problem for problem in check_howto(howto, howtos, known, settings, memo) if problem.line != howto.line()]


def assemble_howto(source: SourceFile, front: FrontMatter, settings: Settings) -> HowTo:
    """The how-to with its files found."""
    captions = {
        lang: path for lang, path in files.caption_paths(front, settings).items() if files.is_inside(settings.videos, path)
    }
    values: dict[str, Any] = dict(front) | {"code": front.code or "", "base_lang": settings.options.lang}
    values |= {"source": source.path, "body": source.body, "lines": source.lines}
    values |= {"answer_materials": materials.match_materials(front)}
    values |= {"steps": tuple(with_image_on_disk(step, source.path.parent) for step in front.steps)}
    values |= {"master": files.master_path(front, settings), "narration": files.narration_path(front, settings, front.lang)}
    return HowTo.model_construct(**values, captions=captions)


def with_image_on_disk(step: Step, folder: Path) -> Step:
    """A step whose picture has its name as the disk has it."""
    if step.image in ("auto", "none") or (name := path_on_disk(folder / step.image).name) == Path(step.image).name:
        return step
    return step.model_copy(update={"image": Path(step.image).with_name(name).as_posix()})


def apply_translation(source: SourceFile, howtos: Mapping[str, HowTo], present: Set[str]) -> tuple[HowTo | None, list[Problem]]:
    texts, problems = validate(translation.Translation, source.values, source.lines, source.path)
    base = howtos.get(source.slug)
    if base is None:
        if source.slug in present and any(path.stem == source.slug for path in source.path.parent.glob("*.md")):
            return None, problems  # its how-to has problems of its own
        message = f"a translation of '{source.slug}', which is no how-to"
        return None, [*problems, Problem(source.path, 1, message, did_you_mean(source.slug, howtos))]
    if base.source.parent != source.path.parent:
        hint = f"move it to {base.source.parent.name}/"
        return None, [*problems, Problem(source.path, 1, "a translation stands beside its how-to", hint)]
    if texts is None:
        return None, problems
    problems += filename_conflicts(source, {"slug": source.slug, "lang": source.lang})
    problems += translation.mismatches(base, texts, source.lines, source.path)
    texts = texts.model_copy(update={"lang": source.lang})
    return translation.translate(base, texts, source.path, source.body, source.lines), problems


def filename_conflicts(source: SourceFile, says: Mapping[str, str]) -> list[Problem]:
    """What is written though the file's own name says it, and says another thing."""
    return [
        Problem(
            source.path,
            yaml_values.line_of(source.lines, (name,)),
            f"'{name}' is '{source.values[name]}', the file says '{value}'",
            f"leave '{name}' out, or rename",
        )
        for name, value in says.items()
        if isinstance(source.values.get(name), str) and source.values[name] not in ("", value)
    ]


def used_categories(settings: Settings, howtos: Mapping[str, HowTo]) -> tuple[Category, ...]:
    """Those of the settings in their order, then folders that the settings do not name."""
    named = [c for c in settings.categories if any(h.category == c.slug for h in howtos.values())]
    others = sorted({h.category for h in howtos.values()} - {c.slug for c in named})
    return (*named, *(Category(slug, {}) for slug in others))
