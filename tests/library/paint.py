"""A calculator with nothing wrong, and changes of it."""

from __future__ import annotations

import copy
from typing import Any

PAINT: dict[str, Any] = {
    "basis": "The tin wins.",
    "ask": [
        {"id": "a", "label": "Wall area", "unit": "m2", "min": 1, "max": 500, "default": 20},
        {"id": "c", "label": "Coats", "unit": "each", "min": 1, "max": 4, "default": 2},
    ],
    "per": "a*c",
    "give": [{"label": "Paint", "per": "m2", "rate": 0.125, "unit": "l", "waste_pct": 10, "pack": "tin", "pack_size": 5}],
}
LISTED = [{"name": "Wall paint", "qty": 2, "unit": "tin"}]


def paint(**changes: Any) -> dict[str, Any]:
    """The calculator with another answer, or another `per` or `ask`."""
    found = copy.deepcopy(PAINT)
    for name, value in changes.items():
        if name in ("per", "ask"):
            found[name] = value
        elif value is None:
            found["give"][0].pop(name)
        else:
            found["give"][0]["per" if name == "of" else name] = value
    return found
