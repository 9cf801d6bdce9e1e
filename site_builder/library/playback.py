"""What a reader may play of a how-to, and the one film whose size and price stand on page, list, label and leaflet."""

from __future__ import annotations

from collections.abc import Sequence

from site_builder.library import codecs
from site_builder.library.artifacts import Rendition
from site_builder.library.grades import MIN_PHONE_VMAF


def main_codec(rendition: Rendition) -> str:
    """What makes most of its bytes: of the picture, or of the sound where it is alone."""
    return rendition.rung.video or rendition.rung.audio


def group_renditions(renditions: Sequence[Rendition]) -> dict[str, tuple[Rendition, ...]]:
    """Renditions offered on the page, by rung name without codec suffix, in the ladder's order, best codec first.

    Left out: rungs with a title card, which are to be sent, and small films below MIN_PHONE_VMAF where slides exist.
    """
    unusable = below_floor(renditions)
    groups: dict[str, list[Rendition]] = {}
    for rendition in renditions:
        if not rendition.rung.card and rendition not in unusable:
            groups.setdefault(codecs.strip_codec(rendition.rung.name), []).append(rendition)
    return {
        name: tuple(sorted(group, key=lambda rendition: codecs.preference(main_codec(rendition))))
        for name, group in groups.items()
    }


def below_floor(renditions: Sequence[Rendition]) -> list[Rendition]:
    """Small films that show less than stills would: those under the floor, but for the first, where there are slides."""
    if not any(rendition.rung.shows == "slides" for rendition in renditions):
        return []
    films = [
        rendition for rendition in renditions if rendition.rung.shows == "film" and rendition.vmaf and not rendition.rung.card
    ]
    full = max((rendition.rung.budget for rendition in films), default=0)
    return [
        rendition
        for rendition in films
        if rendition.rung.budget < full and rendition.vmaf and rendition.vmaf.phone < MIN_PHONE_VMAF
    ]


def universal_rendition(choice: Sequence[Rendition]) -> Rendition:
    """The one for a phone that says nothing of itself: what plays anywhere, if there is one."""
    return next((rendition for rendition in choice if codecs.plays_anywhere(main_codec(rendition))), choice[0])


def film_bytes(renditions: Sequence[Rendition]) -> int | None:
    """What the film costs a reader at most: bytes at its play control, on the phone that spends most. None without a film.

    Paper and messages reach phones that they know nothing of; a page's own script shows what its phone will really take.
    """
    films = (choice for choice in group_renditions(renditions).values() if choice[0].rung.video)
    return next((max(rendition.bytes for rendition in choice) for choice in films), None)
