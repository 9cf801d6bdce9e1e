"""What a phone needs to keep the site: the service worker, the app's name and icons, the list of serious corrections."""

from __future__ import annotations

import json

from site_builder.library.words import words
from site_builder.website import scripts
from site_builder.website.site import Site

WORKER, MANIFEST, CORRECTIONS = "sw.js", "app.webmanifest", "corrections.json"
ICONS = ((192, "any"), (512, "any"), (512, "maskable"))
NAME_ON_A_PHONE = 24  # letters; a home screen cuts longer ones


def files(site: Site) -> dict[str, bytes]:
    named = {site.look.icon_address(edge, use): (edge, use, site.look.icon(edge, use)) for edge, use in ICONS}
    rows = [
        {"src": address, "sizes": f"{edge}x{edge}", "type": "image/png", "purpose": use}
        for address, (edge, use, _) in named.items()
    ]
    return {
        WORKER: scripts.worker({lang: words(lang) for lang in site.langs}, site.base_lang),
        MANIFEST: manifest(site, rows),
        CORRECTIONS: as_json(corrections(site)),
        **{address: data for address, (_, _, data) in named.items()},
    }


def manifest(site: Site, icons: list[dict[str, str]]) -> bytes:
    """With addresses from the manifest's own, so that the site may stand below a path."""
    store = site.settings.options.store.name
    return as_json(
        {
            "id": "./",
            "name": site.settings.site_name,
            "short_name": store if len(store) <= NAME_ON_A_PHONE else store[:NAME_ON_A_PHONE].rsplit(" ", 1)[0],
            "lang": site.base_lang,
            "start_url": "./",
            "scope": "./",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": site.look.bar,
            "icons": icons,
            "shortcuts": [{"name": str(words(site.base_lang)("page.on_phone")), "url": "phone/"}],
        }
    )


def corrections(site: Site) -> dict[str, list[str]]:
    """The last serious correction of each page: the version that has it, and its words."""
    found = {}
    for lesson in site.lessons:
        serious = [one for one in lesson.howto.corrections if one.serious]
        if serious:
            last = max(serious, key=lambda one: [int(part) for part in one.version.split(".")])
            found[lesson.howto.page] = [last.version, str(last.what)]
    return found


def as_json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
