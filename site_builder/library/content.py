"""The content folder becomes how-tos: read, translated, tied to each other, and checked."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from site_builder.library import codes, frontmatter, synonyms, translation
from site_builder.library.frontmatter import NotReadable, Where
from site_builder.library.model import Category, FrontMatter, HowTo
from site_builder.library.problems import Problem, did_you_mean
from site_builder.library.settings import Settings
from site_builder.library.synonyms import Synonyms

MASTERS = (".mp4", ".mov", ".mkv", ".webm")
PAGE = re.compile(r"^(?P<slug>[^.]+)(?:\.(?P<lang>[a-z]{2,3}(?:-[A-Z]{2})?))?\.md$")
OURS = ("assets", "media", "print", "phone", "search", "library", "404", "index")  # the site's own names at its top
WORDS_IN_A_STEP = 30


@dataclass(frozen=True)
class Library:
    """All how-tos in all their languages; every printed code and the slug it leads to."""

    howtos: tuple[HowTo, ...]
    categories: tuple[Category, ...]
    codes: Mapping[str, str]
    unregistered: Mapping[str, str]  # codes that the registry does not have yet, to their slugs
    synonyms: Synonyms = field(default_factory=Synonyms)

    def in_lang(self, lang: str) -> tuple[HowTo, ...]:
        return tuple(h for h in self.howtos if h.lang == lang)

    @property
    def langs(self) -> tuple[str, ...]:
        """The base language first."""
        base = {h.base_lang for h in self.howtos}
        return tuple(sorted({h.lang for h in self.howtos}, key=lambda lang: (lang not in base, lang)))

    def other_langs(self, howto: HowTo) -> tuple[HowTo, ...]:
        return tuple(h for h in self.howtos if h.slug == howto.slug and h.lang != howto.lang)

    def nearest(self, slug: str, lang: str) -> HowTo | None:
        """The how-to in that language, else in the base language."""
        same = {h.lang: h for h in self.howtos if h.slug == slug}
        return same.get(lang) or next((h for h in same.values() if h.lang == h.base_lang), None)


@dataclass(frozen=True)
class Written:
    """One file as it was read, before it is tied to the others."""

    path: Path
    slug: str
    lang: str
    values: dict[str, Any]
    lines: Mapping[Where, int]
    body: str


def load_all(settings: Settings) -> tuple[Library, list[Problem]]:
    """The library of `settings.content`, and everything that is wrong in it."""
    base_lang = settings.options.lang
    problems: list[Problem] = []
    bases: dict[str, HowTo] = {}
    fronts: dict[str, FrontMatter] = {}
    known = set()
    written = []
    for path in pages(settings.content):
        found, told = read(path, settings)
        problems += told
        known.add(path.name.split(".")[0])
        if found:
            written.append(found)
    for page in written:
        if page.lang == base_lang:
            front, told = front_matter(page)
            problems += told
            if front and page.slug in bases:
                problems.append(
                    Problem(page.path, 1, f"slug '{page.slug}' is taken", f"by {bases[page.slug].source}; rename one of them")
                )
            elif front:
                fronts[page.slug] = front
                bases[page.slug] = howto_of(page, front, settings)
    categories = all_categories(settings, bases)
    entries, told = codes.read(settings.content)
    problems += told
    taken = {*OURS, *(c.slug for c in categories), *(page.lang for page in written)}
    own, leads, told = codes.assign(fronts, entries, settings.content, taken)
    # a how-to that could not be read still has its slug: its printed code is not said to be lost
    problems += [p for p in told if not any(f"'{slug}'" in p.message for slug in known - set(bases))]
    bases = {slug: h.model_copy(update={"code": own[slug]}) for slug, h in bases.items()}
    for howto in bases.values():
        problems += check(howto, bases, known, settings)
    problems += twice(bases, own, taken)
    howtos = list(bases.values())
    for page in written:
        if page.lang != base_lang:
            translated, told = translate(page, bases, known)
            problems += told
            howtos += [translated] if translated else []
    same, told = synonyms.read(settings.content)
    problems += [*told, *synonyms.unused(same, howtos, settings.content)]
    registered = {entry.code for entry in entries}
    library = Library(
        howtos=tuple(sorted(howtos, key=lambda h: (h.slug, h.lang != base_lang, h.lang))),
        categories=categories,
        codes=dict(sorted(leads.items())),
        unregistered={code: slug for slug, code in own.items() if code not in registered},
        synonyms=same,
    )
    return library, problems


def pages(content: Path) -> Iterator[Path]:
    """Every how-to's file, in order. The top of the folder and names that begin with a dot or `_` are not how-tos."""
    for folder, inner, files in os.walk(content):
        inner[:] = sorted(name for name in inner if not name.startswith((".", "_")))
        here = Path(folder)
        if here != content:
            for name in sorted(files):
                if name.endswith(".md") and not name.startswith((".", "_", "index.", "README.")):
                    yield here / name


def read(path: Path, settings: Settings) -> tuple[Written | None, list[Problem]]:
    name = PAGE.match(path.name)
    if not name:
        return None, [Problem(path, 1, f"'{path.name}' is no name for a how-to", "slug.md, or slug.lang.md for a translation")]
    if path.parent.parent != settings.content:
        return None, [Problem(path, 1, "a how-to stands in a folder of content", "content/<category>/<slug>.md")]
    try:
        head, body = frontmatter.split(frontmatter.read_text(path), path)
        values, lines, problems = frontmatter.load(head, path, first_line=2)
    except NotReadable as error:
        return None, [error.problem]
    lang = name["lang"] or settings.options.lang
    return Written(path, name["slug"], lang, values, lines, body), problems


def front_matter(page: Written) -> tuple[FrontMatter | None, list[Problem]]:
    """A how-to's front matter. Slug, language and category are the file's own; where they are written too, they agree."""
    front, problems = frontmatter.fit(FrontMatter, page.values, page.lines, page.path)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", page.slug):
        hint = "small letters, digits and single hyphens: wire-a-plug.md"
        problems.append(Problem(page.path, 1, f"'{page.slug}' is no slug", hint))
    for name, value in (("slug", page.slug), ("lang", page.lang), ("category", page.path.parent.name)):
        given = page.values.get(name)
        malformed = any(f"'{name}'" in p.message for p in problems)
        if isinstance(given, str) and given and given != value and not malformed:
            line = frontmatter.line_of(page.lines, (name,))
            problems.append(
                Problem(page.path, line, f"'{name}' is '{given}', the file says '{value}'", f"leave '{name}' out, or rename")
            )
    if front is None or problems:
        return None, problems
    return front.model_copy(update={"slug": page.slug, "lang": page.lang, "category": page.path.parent.name}), []


def howto_of(page: Written, front: FrontMatter, settings: Settings) -> HowTo:
    """The how-to with its files found."""
    master = settings.root / front.video.master if front.video else None
    found = {}
    if front.video and master:
        for sidecar in sorted(master.parent.glob(f"{glob_safe(master.stem)}.*.vtt")):
            found[sidecar.name.removeprefix(f"{master.stem}.").removesuffix(".vtt")] = sidecar
        found |= {lang: master.parent / name for lang, name in front.video.captions.items()}
    return HowTo.model_construct(
        **dict(front)
        | {
            "code": front.code or "",
            "base_lang": settings.options.lang,
            "source": page.path,
            "body": page.body,
            "master": master,
            "captions": found,
            "lines": page.lines,
        }
    )


def glob_safe(stem: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", stem)


def translate(page: Written, bases: Mapping[str, HowTo], known: set[str]) -> tuple[HowTo | None, list[Problem]]:
    words, problems = frontmatter.fit(translation.Translation, page.values, page.lines, page.path)
    base = bases.get(page.slug)
    if base is None:
        if page.slug in known and any(path.stem == page.slug for path in page.path.parent.glob("*.md")):
            return None, problems  # its how-to has problems of its own
        message = f"a translation of '{page.slug}', which is no how-to"
        return None, [*problems, Problem(page.path, 1, message, did_you_mean(page.slug, bases))]
    if words is None:
        return None, problems
    if words.lang not in (None, page.lang):
        line = frontmatter.line_of(page.lines, ("lang",))
        problems.append(Problem(page.path, line, f"'lang' is '{words.lang}', the file says '{page.lang}'"))
    problems += translation.mismatches(base, words, page.lines, page.path)
    words = words.model_copy(update={"lang": page.lang})
    return translation.translate(base, words, page.path, page.body, page.lines), problems


def all_categories(settings: Settings, howtos: Mapping[str, HowTo]) -> tuple[Category, ...]:
    """Those of the settings in their order, then folders that the settings do not name."""
    named = [c for c in settings.categories if any(h.category == c.slug for h in howtos.values())]
    others = sorted({h.category for h in howtos.values()} - {c.slug for c in named})
    return (*named, *(Category(slug, {}) for slug in others))


def twice(howtos: Mapping[str, HowTo], own: Mapping[str, str], taken: set[str]) -> list[Problem]:
    """Codes that two how-tos want, or that the site needs for itself."""
    by_code = defaultdict(list)
    for slug, howto in howtos.items():
        by_code[own[slug]].append(howto)
    found = []
    for code, same in by_code.items():
        for howto in same[1:]:
            message = f"code '{code}' is taken by '{same[0].slug}'"
            found.append(Problem(howto.source, howto.line("code"), message, "leave 'code' out to be given one"))
        if code in taken:
            found.append(Problem(same[0].source, same[0].line("code"), f"code '{code}' is a name that the site needs"))
    return found


def check(howto: HowTo, howtos: Mapping[str, HowTo], known: set[str], settings: Settings) -> list[Problem]:
    """What the model alone cannot see: safety, order, files, and links to others."""
    found: list[Problem] = []

    def problem(where: Where, message: str, hint: str = "", warning: bool = False) -> None:
        found.append(Problem(howto.source, howto.line(*where), message, hint, warning))

    if howto.risk == "high":
        if not any(line.level == "danger" for line in howto.safety):
            problem(("safety",), "risk is high and no safety line is a danger", "add '- {level: danger, text: …}'")
        for name in ("do_not_start_if", "emergency"):
            if not getattr(howto, name):
                problem(("risk",), f"risk is high and '{name}' is missing")
        if not howto.checked:
            hint = "page and leaflet say 'Not yet checked by a qualified person'; a strict build fails"
            problem(("reviewed_by",), "risk is high and nobody has reviewed it", hint, warning=True)
    ids: dict[str, int] = {}
    ended, last = 0.0, ""
    for index, step in enumerate(howto.steps):
        at: Where = ("steps", index)
        if step.id in ids:
            problem((*at, "id"), f"step id '{step.id}' is used twice", f"also by step {ids[step.id]}")
        ids.setdefault(step.id, index + 1)
        if step.critical and not step.check:
            problem(at, f"step {index + 1} is critical and has no 'check'", "say how one sees that it is right", warning=True)
        if len(step.text.split()) > WORDS_IN_A_STEP:
            problem(
                (*at, "text"),
                f"step {index + 1} has {len(step.text.split())} words",
                f"{WORDS_IN_A_STEP} are enough: make it two steps",
                warning=True,
            )
        if (step.start is None) != (step.end is None):
            problem(at, f"step {index + 1} has a start or an end, not both")
        elif step.start is not None and step.end is not None:
            if howto.video is None:
                problem((*at, "start"), f"step {index + 1} has a time, and there is no film")
            if step.end <= step.start:
                problem((*at, "end"), f"step {index + 1} ends at {step.end:g} s, before it starts ({step.start:g} s)")
            elif step.start < ended:
                problem((*at, "start"), f"step {index + 1} starts at {step.start:g} s, before step '{last}' ends ({ended:g} s)")
            ended, last = max(ended, step.end), step.id
        if step.image not in ("auto", "none") and not inside(howto.source.parent, step.image):
            problem((*at, "image"), f"no picture '{step.image}' beside the how-to", "auto, none, or a file in the same folder")
    for index, slug in enumerate(howto.related):
        if slug == howto.slug:
            problem(("related", index), "a how-to is not related to itself")
        elif slug not in known and slug not in howtos:
            problem(("related", index), f"no how-to '{slug}'", did_you_mean(slug, howtos))
    for index, old in enumerate(howto.formerly):
        if old in howtos:
            problem(("formerly", index), f"'{old}' is a how-to of its own")
    found += missing_files(howto, settings)
    if howto.cost and howto.cost.max < howto.cost.min:
        problem(("cost",), f"costs from {howto.cost.min:g} up to {howto.cost.max:g}")
    if howto.calculator:
        found += sums(howto)
    return found


def inside(folder: Path, name: str) -> bool:
    """A file below the folder, not reached through `..`, an absolute path or a link out of it."""
    path = (folder / name).resolve()
    return path.is_relative_to(folder.resolve()) and path.is_file()


def missing_files(howto: HowTo, settings: Settings) -> list[Problem]:
    """Master and captions that are not there, or not in the videos folder."""
    if howto.video is None or howto.master is None:
        return []
    found = []
    name, where = howto.video.master, howto.line("video", "master")
    there = sorted(p.name for p in settings.videos.glob("*") if p.suffix.lower() in MASTERS) if settings.videos.is_dir() else []
    folder = settings.videos.relative_to(settings.root)
    if not howto.master.resolve().is_relative_to(settings.videos.resolve()):
        found.append(Problem(howto.source, where, f"master '{name}' is not in {folder}/", "films stand in one folder"))
    elif not howto.master.is_file():
        hint = did_you_mean(howto.master.name, there, f"{folder}/ has {len(there)} masters")
        found.append(Problem(howto.source, where, f"no master '{name}'", hint))
    elif howto.master.suffix.lower() not in MASTERS:
        found.append(Problem(howto.source, where, f"'{name}' is no film", f"one of {', '.join(MASTERS)}"))
    for lang, path in howto.captions.items():
        at = howto.line("video", "captions", lang)
        if not inside(settings.videos, str(path)):
            near = did_you_mean(path.name, (p.name for p in settings.videos.glob("*.vtt")))
            found.append(Problem(howto.source, at, f"no captions '{path.name}' beside the master", near))
    return found


def sums(howto: HowTo) -> list[Problem]:
    """A calculator whose sum uses what it did not ask for, or asks outside its own bounds."""
    assert howto.calculator
    found = []
    asked = {ask.id for ask in howto.calculator.ask}
    for name in re.findall(r"[a-z]+", howto.calculator.per):
        if name not in asked:
            line = howto.line("calculator", "per")
            found.append(Problem(howto.source, line, f"the sum uses '{name}', which is not asked", did_you_mean(name, asked)))
    for index, ask in enumerate(howto.calculator.ask):
        if not ask.min <= ask.default <= ask.max:
            line = howto.line("calculator", "ask", index)
            found.append(
                Problem(howto.source, line, f"'{ask.label}' starts at {ask.default:g}, outside {ask.min:g}–{ask.max:g}")
            )
    return found
