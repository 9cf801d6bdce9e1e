"""The one list of materials that page, shopping list and leaflet show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.library import quantity
from site_builder.library.calculator import answers, packaging_of
from site_builder.library.howto import FrontMatter, HowTo
from site_builder.library.howto_parts import Give, Material
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


def supplies(howto: HowTo, messages: Messages) -> Iterator[Supply]:
    """Everything to bring, for the how-to's own batch: its materials, then what the calculator counts beside them in packs."""
    all_answers = answers(howto)
    by_material = {material: index for index, material in enumerate(howto.answer_materials) if material is not None}
    for at, material in enumerate(howto.materials):
        index = by_material.get(at)
        amount = (
            quantity.format_quantity(material.qty, material.unit, messages)
            if index is None
            else all_answers[index].purchase_text(messages)
        )
        single = material.unit == "each" if index is None else is_counted_singly(all_answers[index].give)
        yield Supply(material.name, amount, single, material.aisle, material.sku, index)
    for index, answer in enumerate(all_answers):
        if is_sold_in_packs(answer.give) and howto.answer_materials[index : index + 1] in ((), (None,)):
            yield Supply(answer.give.label, answer.purchase_text(messages), is_counted_singly(answer.give), index=index)


def is_counted_singly(give: Give) -> bool:
    packaging = packaging_of(give)
    return packaging.unit == "each" and not packaging.pack


def is_sold_in_packs(give: Give) -> bool:
    """Whether it is sold in packs: rain on a roof is not."""
    return bool(packaging_of(give).pack)


def match_materials(front: FrontMatter) -> tuple[int | None, ...]:
    """For each calculator output the index into `materials` that it computes.

    By `material:`, else the only one whose name holds all the label's words; None if none or several.
    """
    if front.calculator is None:
        return ()
    indices: list[int | None] = []
    for give in front.calculator.give:
        matching = [index for index in matching_materials(give, front.materials) if index not in indices]
        indices.append(matching[0] if len(matching) == 1 else None)
    return tuple(indices)


def matching_materials(give: Give, materials: tuple[Material, ...]) -> list[int]:
    """Materials that an answer may count; where several have its words, those in a unit that it is sold in."""
    if give.material is not None:
        return [index for index, material in enumerate(materials) if material.name.casefold() == give.material.casefold()]
    label_words = word_set(give.label)
    matching = [index for index, material in enumerate(materials) if label_words and label_words <= word_set(material.name)]
    packaging = packaging_of(give)
    in_same_unit = [index for index in matching if materials[index].unit in (packaging.pack, packaging.unit, give.pack_unit)]
    return in_same_unit if len(matching) > 1 else matching


def word_set(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
