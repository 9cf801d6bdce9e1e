"""The one list of materials that page, shopping list and leaflet show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.library import quantity
from site_builder.library.calculator import answers, packaging_of
from site_builder.library.howto import FrontMatter, Give, HowTo, Material
from site_builder.library.messages import Messages


@dataclass(frozen=True)
class Supply:
    """A row of the list: what an editor wrote, or what the calculator found (`index` is then the answer's)."""

    name: str
    quantity: str
    is_counted: bool  # without a unit's name: one by one
    aisle: str | None = None
    sku: str | None = None
    index: int | None = None


def supplies(howto: HowTo, words: Messages) -> Iterator[Supply]:
    """Everything to bring, for the how-to's own batch: its materials, then what the calculator counts beside them in packs."""
    found = answers(howto)
    by_material = {material: index for index, material in enumerate(howto.answer_materials) if material is not None}
    for at, material in enumerate(howto.materials):
        index = by_material.get(at)
        said = (
            quantity.format_quantity(material.qty, material.unit, words) if index is None else found[index].purchase_text(words)
        )
        single = material.unit == "each" if index is None else is_counted_singly(found[index].give)
        yield Supply(material.name, said, single, material.aisle, material.sku, index)
    for index, one in enumerate(found):
        if is_sold_in_packs(one.give) and howto.answer_materials[index : index + 1] in ((), (None,)):
            yield Supply(one.give.label, one.purchase_text(words), is_counted_singly(one.give), index=index)


def is_counted_singly(give: Give) -> bool:
    kind = packaging_of(give)
    return kind.unit == "each" and not kind.pack


def is_sold_in_packs(give: Give) -> bool:
    """Whether it is sold in packs: rain on a roof is not."""
    return bool(packaging_of(give).pack)


def match_materials(front: FrontMatter) -> tuple[int | None, ...]:
    """For each answer the index of its material: the one that is named, else the only one with the label's words."""
    if front.calculator is None:
        return ()
    found: list[int | None] = []
    for give in front.calculator.give:
        fits = [index for index in matching_materials(give, front.materials) if index not in found]
        found.append(fits[0] if len(fits) == 1 else None)
    return tuple(found)


def matching_materials(give: Give, materials: tuple[Material, ...]) -> list[int]:
    """Materials that an answer may count; where several have its words, those in a unit that it is sold in."""
    if give.material is not None:
        return [index for index, material in enumerate(materials) if material.name.casefold() == give.material.casefold()]
    wanted = word_set(give.label)
    fits = [index for index, material in enumerate(materials) if wanted and wanted <= word_set(material.name)]
    kind = packaging_of(give)
    near = [index for index in fits if materials[index].unit in (kind.pack, kind.unit, give.pack_unit)]
    return near if len(fits) > 1 else fits


def word_set(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
