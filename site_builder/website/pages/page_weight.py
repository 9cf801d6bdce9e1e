"""What a reader pays before she taps anything, held against the library's budgets: told at the how-to's own file."""

from __future__ import annotations

from site_builder.library.artifacts import Lesson
from site_builder.library.problems import Problem
from site_builder.website.assets.precompress import transfer_size
from site_builder.website.site import Site


def shared_bytes(site: Site) -> int:
    """Bytes of style and script, which each first visit loads."""
    return transfer_size(site.theme.css, site.memo) + transfer_size(site.scripts.core.data, site.memo)


def weight_problems(site: Site, lesson: Lesson, page: bytes, shared: int) -> list[Problem]:
    """Warnings at the how-to's file when a first visit exceeds page_budget (without pictures) or visit_budget (with them)."""
    page_bytes = transfer_size(page, site.memo) + shared
    stills = [*lesson.stills.values(), *lesson.figures.values(), *([lesson.poster] if lesson.poster else [])]
    pictures = sum(still.web.bytes for still in stills)
    options = site.settings.options
    problems = []
    if page_bytes > options.page_budget:
        message = (
            f"its page weighs {page_bytes:,} bytes at a first visit, without pictures; {options.page_budget:,} are allowed"
        )
        problems.append(Problem(lesson.howto.source, 1, message, "shorten it, or make two how-tos of it", warning=True))
    if page_bytes + pictures > options.visit_budget:
        message = f"page and pictures weigh {page_bytes + pictures:,} bytes; {options.visit_budget:,} are allowed"
        hint = "take steps together, each has a still; show fewer pictures within the words"
        problems.append(Problem(lesson.howto.source, 1, message, hint, warning=True))
    return problems
