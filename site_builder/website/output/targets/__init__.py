"""One file for each host that a site can be published on: `files()`, texts by their address in the site."""

from __future__ import annotations

import pkgutil
from importlib import import_module


def host_files() -> dict[str, bytes]:
    """What every host is told. `_headers` stands where its hosts look; others are copied from hosts/."""
    files: dict[str, str] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        files |= import_module(module.name).files()
    return {address: text.encode() for address, text in files.items()}
