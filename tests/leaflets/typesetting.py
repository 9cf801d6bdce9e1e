"""One how-to alone as a leaflet, as most tests want it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from site_builder.leaflets import formats, leaflet_data, typeset
from site_builder.leaflets.collection import PrintSource
from site_builder.library.artifacts import Leaflet, Still
from site_builder.library.howto import HowTo
from site_builder.library.settings import Settings


def typeset_leaflet(howto: HowTo, stills: Mapping[str, Still], settings: Settings, into: Path) -> Leaflet:
    """Write the how-to's leaflet to `into`. Raises TypesetFailed, or WrongCode when its code does not lead to its page."""
    return typeset.make_print("leaflet", [PrintSource(howto, stills)], settings, into)


def data_for_format(howto: HowTo, stills: Mapping[str, Still], settings: Settings, format: str = "leaflet") -> dict[str, Any]:
    """What the format's template reads of a how-to."""
    print_format = formats.load_formats()[format]
    texts = leaflet_data.template_texts(howto, stills, settings, print_format)
    return leaflet_data.template_data(texts, print_format.geometry(settings.options.paper))
