"""What a reader pays before she taps anything, held against the library's budgets: told at the how-to's own file."""

from __future__ import annotations

from site_builder.library.artifacts import Lesson
from site_builder.library.problems import Problem
from site_builder.website.assets.precompress import transfer_size
from site_builder.website.site import Site


def shared_bytes(site: Site) -> int:
    """Bytes of style and script, which each first visit loads."""
    return transfer_size(site.theme.css, site.memo) + transfer_size(site.scripts.core.data, site.memo)


def weight_problems(site: Site, lesson: Lesson, page: bytes, frame: int) -> list[Problem]:
    """A first visit that is heavier than it may be: of words, or with its pictures. `frame` is what every page loads."""
    words = transfer_size(page, site.memo) + frame
    stills = [*lesson.stills.values(), *lesson.figures.values(), *([lesson.poster] if lesson.poster else [])]
    pictures = sum(still.web.bytes for still in stills)
    options = site.settings.options
    found = []
    if words > options.page_budget:
        said = f"its page weighs {words:,} bytes at a first visit, without pictures; {options.page_budget:,} are allowed"
        found.append(Problem(lesson.howto.source, 1, said, "shorten it, or make two how-tos of it", warning=True))
    if words + pictures > options.visit_budget:
        said = f"page and pictures weigh {words + pictures:,} bytes; {options.visit_budget:,} are allowed"
        hint = "take steps together, each has a still; show fewer pictures within the words"
        found.append(Problem(lesson.howto.source, 1, said, hint, warning=True))
    return found
