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
    """By name, in the ladder's order; rungs that differ only in their codec (`standard`, `standard-h264`) are one, best first.

    A film to send (with a card) is none; nor is one too busy to be seen in its bytes, where slides serve better.
    """
    busy = below_floor(renditions)
    groups: dict[str, list[Rendition]] = {}
    for rendition in renditions:
        if not rendition.rung.card and rendition not in busy:
            groups.setdefault(codecs.strip_codec(rendition.rung.name), []).append(rendition)
    return {name: tuple(sorted(group, key=lambda one: codecs.preference(main_codec(one)))) for name, group in groups.items()}


def below_floor(renditions: Sequence[Rendition]) -> list[Rendition]:
    """Small films that show less than stills would: those under the floor, but for the first, where there are slides."""
    if not any(one.rung.shows == "slides" for one in renditions):
        return []
    films = [one for one in renditions if one.rung.shows == "film" and one.vmaf and not one.rung.card]
    full = max((one.rung.budget for one in films), default=0)
    return [one for one in films if one.rung.budget < full and one.vmaf and one.vmaf.phone < MIN_PHONE_VMAF]


def universal_rendition(choice: Sequence[Rendition]) -> Rendition:
    """The one for a phone that says nothing of itself: what plays anywhere, if there is one."""
    return next((one for one in choice if codecs.plays_anywhere(main_codec(one))), choice[0])


def film_bytes(renditions: Sequence[Rendition]) -> int | None:
    """What the film costs a reader at most: bytes at its play control, on the phone that spends most. None without a film.

    Paper and messages reach phones that they know nothing of; a page's own script shows what its phone will really take.
    """
    films = (choice for choice in group_renditions(renditions).values() if choice[0].rung.video)
    return next((max(one.bytes for one in choice) for choice in films), None)
