"""Parts a long list of how-tos into pages with guide words (`Bri – Cle`), so that no page grows with the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from site_builder.library.artifacts import Lesson
from site_builder.library.letters import graphemes

MAX_PER_PAGE = 200  # how-tos on a leaf: 3 KB on the line; with all of ten thousand on one page Lighthouse gave it 70 for 100
MAX_GUIDE_LETTERS = 16  # letters of a guide word


@dataclass(frozen=True)
class ListPage:
    """Some how-tos of a list by title, and its guide words: `Bri – Cle`, as many letters as tell it from its neighbours."""

    address: str
    guide_words: str
    lessons: tuple[Lesson, ...]


def paginate(top: str, lessons: Sequence[Lesson], most: int = MAX_PER_PAGE) -> tuple[ListPage, ...]:
    """At least one, of nearly the same length; the first stands at `top` itself."""
    count = max(1, -(-len(lessons) // most))
    cuts = [len(lessons) * at // count for at in range(count + 1)]
    parts = [tuple(lessons[begin:end]) for begin, end in pairwise(cuts)]
    titles = [(str(part[0].howto.title), str(part[-1].howto.title)) if part else ("", "") for part in parts]
    pages = []
    for at, (part, (first, last)) in enumerate(zip(parts, titles, strict=True)):
        begin = guide_word(first, titles[at - 1][1] if at else "")
        end = guide_word(last, titles[at + 1][0] if at + 1 < count else "", len(graphemes(begin)))
        pages.append(ListPage(top if at == 0 else f"{top}_{at + 1}/", f"{begin} – {end}", part))
    return tuple(pages)


def guide_word(title: str, neighbour: str, least: int = 1) -> str:
    """The shortest start of `title` that tells it from `neighbour`; `least` to MAX_GUIDE_LETTERS graphemes."""
    alike = 0
    for own, other in zip(graphemes(title.casefold()), graphemes(neighbour.casefold()), strict=False):
        if own != other:
            break
        alike += 1
    return "".join(graphemes(title)[: min(max(alike + 1, least), MAX_GUIDE_LETTERS)]).rstrip()
