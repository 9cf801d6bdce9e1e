"""The content folder becomes how-tos: read, translated, tied to each other, and checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
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
from site_builder.library.checks import check_howto, problem_factory
from site_builder.library.howto import Category, FrontMatter, HowTo, Step
from site_builder.library.library import Library
from site_builder.library.names import path_on_disk
from site_builder.library.problems import Problem, did_you_mean
from site_builder.library.settings import Settings
from site_builder.library.slugs import SLUG_LENGTH, SLUG_PATTERN, slugify
from site_builder.library.sources import SourceFile, excluded_slugs, former_slugs, named_film, read_sources, source_paths
from site_builder.library.validation import invalid_fields, validate
from site_builder.library.yaml_values import line_of
from site_builder.memo import Memo

# the site's own names at its top
RESERVED = ("assets", "media", "print", "phone", "print-desk", "search", "library", "404", "index")


def load_library(settings: Settings, shelf: Memo | None = None) -> tuple[Library, list[Problem]]:
    """The library of `settings.content`, and everything that is wrong in it."""
    base_lang = settings.options.lang
    shelf = shelf or Memo()
    barred = symlinks.forbidden_links(settings)
    if any(settings.content / name in barred for name in (codes.REGISTRY_FILE, synonyms.SYNONYMS_FILE)):
        return Library((), (), {}, {}), [*barred.values()]
    written, problems = read_sources(settings, shelf)
    problems += barred.values()
    fronts, bases, told = validate_base_howtos([page for page in written if page.lang == base_lang], settings)
    problems += told
    here = {path.name.split(".")[0] for path in source_paths(settings)}
    left_out = excluded_slugs(settings, shelf)
    categories = used_categories(settings, bases)
    entries, told = codes.read_registry(settings.content)
    problems += told
    tops = {path.name.split(".")[0] for path in settings.content.glob("*")}
    taken = {*RESERVED, *tops, *(category.slug for category in categories), *(page.lang for page in written)}
    unread = here - set(bases) | {old for page in written if page.slug not in bases for old in former_slugs(page)}
    claims = {}
    for page in written:
        if (front := fronts.get(page.slug)) and page.path.parent.name == front.category:
            name = page.slug if page.lang == base_lang else f"{page.slug}.{page.lang}"
            old = front.formerly if page.lang == base_lang else tuple(f"{slug}.{page.lang}" for slug in front.formerly)
            chosen = front.code if page.lang == base_lang else None
            claims[name] = codes.CodeClaim(chosen, old, front.published, page.path, line_of(page.lines, ("code",)))
    assigned = codes.assign_codes(claims, entries, settings.content, taken, unread, left_out)
    own = assigned.code_by_slug
    problems += assigned.problems
    bases = {slug: howto.model_copy(update={"code": own[slug]}) for slug, howto in bases.items()}
    for howto in bases.values():
        problems += check_howto(howto, bases, here | left_out, settings, shelf)
    for page in written:
        if page.lang == base_lang and page.slug not in fronts:
            problems += check_valid_fields(page, bases, here | left_out, settings, shelf)
    problems += duplicate_claims(bases, taken)
    howtos = list(bases.values())
    for page in written:
        if page.lang != base_lang:
            translated, told = apply_translation(page, bases, here)
            problems += told
            if translated:
                problems += calculator_checks.check_translation(translated, problem_factory(translated))
                spoken = files.narration_path(translated, settings, page.lang)
                howtos.append(translated.model_copy(update={"code": own[f"{page.slug}.{page.lang}"], "narration": spoken}))
    same, told = synonyms.read_synonyms(settings.content)
    problems += [*told, *synonyms.unused_rows(same, howtos, settings.content)]
    problems += strays.stray_problems(
        strays.LibraryUse(
            howtos=howtos,
            films={film for page in written if (film := named_film(page, settings))},
            unread_slugs=here - set(bases) | left_out,
            all_text=lambda: "\n".join(f"{page.body} {page.values.get('steps')}" for page in written),
        ),
        settings,
    )
    registered = {entry.code for entry in entries}
    library = Library(
        howtos=tuple(sorted(howtos, key=lambda h: (h.slug, h.lang != base_lang, h.lang))),
        categories=categories,
        slug_by_code=dict(sorted(assigned.slug_by_code.items())),
        unregistered_codes={code: slug for slug, code in own.items() if code not in registered},
        obsolete_codes=assigned.obsolete,
        synonyms=same,
    )
    return library, problems


def validate_base_howtos(
    written: list[SourceFile], settings: Settings
) -> tuple[dict[str, FrontMatter], dict[str, HowTo], list[Problem]]:
    """How-tos in the base language, by slug: what was written, and with their files found."""
    fronts: dict[str, FrontMatter] = {}
    howtos: dict[str, HowTo] = {}
    problems = []
    for page in written:
        front, told = validate_front_matter(page)
        if front is None and "translates" in page.values and "difficulty" not in page.values:
            hint = "a translation stands beside its how-to, named after it with its language: wire-a-plug.af.md"
            told = [Problem(page.path, 1, f"'{page.path.name}' is named as a how-to, and says that it is a translation", hint)]
        problems += told
        if front and page.slug in howtos:
            other = howtos[page.slug].source.relative_to(settings.root).as_posix()
            problems.append(Problem(page.path, 1, f"slug '{page.slug}' is taken", f"by {other}; rename one of them"))
        elif front:
            fronts[page.slug] = front
            howtos[page.slug] = assemble_howto(page, front, settings)
    return fronts, howtos, problems


def validate_front_matter(page: SourceFile) -> tuple[FrontMatter | None, list[Problem]]:
    """A how-to's front matter. Slug, language and category are the file's own; where they are written too, they agree."""
    front, problems = validate(FrontMatter, page.values, page.lines, page.path)
    for name, what, example, end in (
        (page.slug, "slug", "wire-a-plug", page.path.name.removeprefix(page.slug)),
        (page.path.parent.name, "category", "garden-paths", "/"),
    ):
        if not SLUG_PATTERN.fullmatch(name) or len(name) > SLUG_LENGTH:
            hint = f"small letters, digits and single hyphens, at most {SLUG_LENGTH}: {slugify(name) or example}{end}"
            problems.append(Problem(page.path, 1, f"'{name}' is no {what}", hint))
    says = {"slug": page.slug, "lang": page.lang, "category": page.path.parent.name}
    malformed = {p.line for p in problems}
    problems += [p for p in filename_conflicts(page, says) if p.line not in malformed]
    if front is None or problems:
        return None, problems
    return front.model_copy(update=says), []


PLACEHOLDER_VALUES: Mapping[str, Any] = {  # a how-to of which nothing is to be told
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
DEPENDENT_FIELDS = {"steps": {"leaflet", "video"}, "video": {"steps"}}  # what cannot be judged without the other


def check_valid_fields(
    page: SourceFile, bases: Mapping[str, HowTo], known: set[str], settings: Settings, shelf: Memo
) -> list[Problem]:
    """What else is wrong with a how-to that has mistakes in some fields: those are told already, the others are as good as any.

    An editor who has put right the first round should not find a second.
    """
    wrong = invalid_fields(FrontMatter, page.values)
    wrong |= {other for name in wrong for other in DEPENDENT_FIELDS.get(name, ())}
    left = {name: value for name, value in page.values.items() if str(name) not in wrong}
    front, _ = validate(
        FrontMatter,
        {**{name: PLACEHOLDER_VALUES[name] for name in PLACEHOLDER_VALUES if name not in left}, **left},
        page.lines,
        page.path,
    )
    if front is None:
        return []
    lines = {where: line for where, line in page.lines.items() if not where or where[0] not in wrong}
    says = {"slug": page.slug, "lang": page.lang, "category": page.path.parent.name}
    howto = assemble_howto(replace(page, lines=lines), front.model_copy(update=says), settings)
    return [problem for problem in check_howto(howto, bases, known, settings, shelf) if problem.line != howto.line()]


def assemble_howto(page: SourceFile, front: FrontMatter, settings: Settings) -> HowTo:
    """The how-to with its files found."""
    there = {
        lang: path for lang, path in files.caption_paths(front, settings).items() if files.is_inside(settings.videos, path)
    }
    values: dict[str, Any] = dict(front) | {"code": front.code or "", "base_lang": settings.options.lang}
    values |= {"source": page.path, "body": page.body, "lines": page.lines}
    values |= {"answer_materials": materials.match_materials(front)}
    values |= {"steps": tuple(with_image_on_disk(step, page.path.parent) for step in front.steps)}
    values |= {"master": files.master_path(front, settings), "narration": files.narration_path(front, settings, front.lang)}
    return HowTo.model_construct(**values, captions=there)


def with_image_on_disk(step: Step, folder: Path) -> Step:
    """A step whose picture has its name as the disk has it."""
    if step.image in ("auto", "none") or (there := path_on_disk(folder / step.image).name) == Path(step.image).name:
        return step
    return step.model_copy(update={"image": Path(step.image).with_name(there).as_posix()})


def apply_translation(page: SourceFile, bases: Mapping[str, HowTo], here: set[str]) -> tuple[HowTo | None, list[Problem]]:
    words, problems = validate(translation.Translation, page.values, page.lines, page.path)
    base = bases.get(page.slug)
    if base is None:
        if page.slug in here and any(path.stem == page.slug for path in page.path.parent.glob("*.md")):
            return None, problems  # its how-to has problems of its own
        message = f"a translation of '{page.slug}', which is no how-to"
        return None, [*problems, Problem(page.path, 1, message, did_you_mean(page.slug, bases))]
    if base.source.parent != page.path.parent:
        hint = f"move it to {base.source.parent.name}/"
        return None, [*problems, Problem(page.path, 1, "a translation stands beside its how-to", hint)]
    if words is None:
        return None, problems
    problems += filename_conflicts(page, {"slug": page.slug, "lang": page.lang})
    problems += translation.mismatches(base, words, page.lines, page.path)
    words = words.model_copy(update={"lang": page.lang})
    return translation.translate(base, words, page.path, page.body, page.lines), problems


def filename_conflicts(page: SourceFile, says: Mapping[str, str]) -> list[Problem]:
    """What is written though the file's own name says it, and says another thing."""
    return [
        Problem(
            page.path,
            yaml_values.line_of(page.lines, (name,)),
            f"'{name}' is '{page.values[name]}', the file says '{value}'",
            f"leave '{name}' out, or rename",
        )
        for name, value in says.items()
        if isinstance(page.values.get(name), str) and page.values[name] not in ("", value)
    ]


def used_categories(settings: Settings, howtos: Mapping[str, HowTo]) -> tuple[Category, ...]:
    """Those of the settings in their order, then folders that the settings do not name."""
    named = [c for c in settings.categories if any(h.category == c.slug for h in howtos.values())]
    others = sorted({h.category for h in howtos.values()} - {c.slug for c in named})
    return (*named, *(Category(slug, {}) for slug in others))


def duplicate_claims(howtos: Mapping[str, HowTo], taken: set[str]) -> list[Problem]:
    """What two how-tos want for themselves, or the site needs for itself: codes, earlier slugs."""
    codes_of, old_of = defaultdict(list), defaultdict(list)
    for howto in howtos.values():
        codes_of[howto.code].append(howto)
        for index, old in enumerate(howto.formerly):
            old_of[old].append((howto, index))
    found = []
    for code, same in codes_of.items():
        for howto in same[1:]:
            message = f"code '{code}' is taken by '{same[0].slug}'"
            found.append(Problem(howto.source, howto.line("code"), message, "leave 'code' out to be given one"))
        if code in taken:
            found.append(Problem(same[0].source, same[0].line("code"), f"code '{code}' is a name that the site needs"))
    for old, claims in old_of.items():
        for howto, index in claims[1:]:
            message = f"'{old}' was '{claims[0][0].slug}' before, it cannot have been two how-tos"
            found.append(Problem(howto.source, howto.line("formerly", index), message))
    return found
