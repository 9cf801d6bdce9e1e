"""What each how-to claims for itself (slugs, codes), what is left out of the site, and what the site keeps for itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from site_builder.library.categories import Category
from site_builder.library.codes import CodeClaim
from site_builder.library.howto import FrontMatter, HowTo
from site_builder.library.problems import Problem
from site_builder.library.settings import Settings
from site_builder.library.sources import SourceFile, excluded_slugs, former_slugs, source_paths
from site_builder.library.yaml_values import line_of
from site_builder.memo import Memo

# the site's own names at its top
RESERVED = ("assets", "media", "print", "phone", "print-desk", "search", "library", "404", "index")


@dataclass(frozen=True)
class Slugs:
    """Slugs by what became of their files."""

    present: frozenset[str]  # a file is there, readable or not
    excluded: frozenset[str]  # mkdocs.yml leaves it out; those that it had before too
    unreadable: frozenset[str]  # a file is there and has mistakes; those that it had before too
    reserved: frozenset[str]  # names at the site's top, which no code may have


def classify_slugs(
    sources: Iterable[SourceFile],
    howtos: Mapping[str, HowTo],
    categories: Iterable[Category],
    settings: Settings,
    memo: Memo,
) -> Slugs:
    """`howtos` are those in the base language without a mistake in their front matter."""
    sources = tuple(sources)
    present = {path.name.split(".")[0] for path in source_paths(settings)}
    former = {old for source in sources if source.slug not in howtos for old in former_slugs(source)}
    at_top = {path.name.split(".")[0] for path in settings.content.glob("*")}
    return Slugs(
        present=frozenset(present),
        excluded=frozenset(excluded_slugs(settings, memo)),
        unreadable=frozenset(present - howtos.keys() | former),
        reserved=frozenset(
            {*RESERVED, *at_top, *(category.slug for category in categories), *(source.lang for source in sources)}
        ),
    )


def code_claims(sources: Iterable[SourceFile], front_matter: Mapping[str, FrontMatter], base_lang: str) -> dict[str, CodeClaim]:
    """What each page claims, by its name in the registry; `front_matter` is of the base language, by slug."""
    claims = {}
    for source in sources:
        front = front_matter.get(source.slug)
        if front is None or source.path.parent.name != front.category:
            continue
        line = line_of(source.lines, ("code",))
        if source.lang == base_lang:
            claims[source.slug] = CodeClaim(front.code, front.formerly, front.published, source.path, line)
        else:  # each language's prints have a code of their own
            former = tuple(f"{slug}.{source.lang}" for slug in front.formerly)
            claims[f"{source.slug}.{source.lang}"] = CodeClaim(None, former, front.published, source.path, line)
    return claims


def duplicate_claims(howtos: Mapping[str, HowTo], reserved: Set[str]) -> list[Problem]:
    """A code or former slug that two how-tos claim, and a code that the site uses as a path."""
    by_code, by_former_slug = defaultdict(list), defaultdict(list)
    for howto in howtos.values():
        by_code[howto.code].append(howto)
        for index, old in enumerate(howto.formerly):
            by_former_slug[old].append((howto, index))
    problems = []
    for code, same in by_code.items():
        for howto in same[1:]:
            message = f"code '{code}' is taken by '{same[0].slug}'"
            problems.append(Problem(howto.source, howto.line("code"), message, "leave 'code' out to be given one"))
        if code in reserved:
            problems.append(Problem(same[0].source, same[0].line("code"), f"code '{code}' is a name that the site needs"))
    for old, claims in by_former_slug.items():
        for howto, index in claims[1:]:
            message = f"'{old}' was '{claims[0][0].slug}' before, it cannot have been two how-tos"
            problems.append(Problem(howto.source, howto.line("formerly", index), message))
    return problems
