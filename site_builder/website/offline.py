"""What a phone needs to keep the site: the service worker, the app's name and icons, the list of serious corrections."""

from __future__ import annotations

import json

from site_builder.library.words import words
from site_builder.website import addresses, leaves, scripts
from site_builder.website.site import Site

WORKER, CORRECTIONS = "sw.js", "corrections.json"
ICONS = ((192, "any"), (512, "any"), (512, "maskable"))
NAME_ON_A_PHONE = 24  # letters; a home screen cuts longer ones


def files(site: Site) -> dict[str, bytes]:
    return {
        WORKER: scripts.worker({lang: words(lang) for lang in site.langs}, site.base_lang),
        **{addresses.manifest(lang, site.base_lang): manifest(site, lang) for lang in site.langs},
        CORRECTIONS: as_json(corrections(site)),
        **{site.look.icon_address(edge, use): site.look.icon(edge, use) for edge, use in ICONS},
    }


def manifest(site: Site, lang: str) -> bytes:
    """With addresses from the manifest's own, so that the site may stand below a path."""
    store = site.settings.options.store.name
    here = addresses.top(lang, site.base_lang)
    return as_json(
        {
            "id": "./",
            "name": site.settings.site_name,
            "short_name": short(store),
            "lang": lang,
            "dir": words(lang).direction,
            "start_url": "./",
            "scope": addresses.relative(here, ""),
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": site.look.bar,
            "icons": [
                {
                    "src": addresses.relative(here, site.look.icon_address(edge, use)),
                    "sizes": f"{edge}x{edge}",
                    "type": "image/png",
                    "purpose": use,
                }
                for edge, use in ICONS
            ],
            "shortcuts": [{"name": str(words(lang)("page.on_phone")), "url": "phone/"}],
        }
    )


def short(name: str) -> str:
    """Whole words of a name, as many as a home screen shows."""
    letters = leaves.letters(name)
    return name if len(letters) <= NAME_ON_A_PHONE else "".join(letters[:NAME_ON_A_PHONE]).rsplit(" ", 1)[0]


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
