"""What a phone needs to keep the site: the service worker, the app's name and icons, the list of serious corrections."""

from __future__ import annotations

from site_builder.library.compact_json import json_bytes
from site_builder.library.letters import graphemes
from site_builder.library.messages import messages_of
from site_builder.website import bundles, urls
from site_builder.website.site import Site

CORRECTIONS_FILE = "corrections.json"
APP_ICONS = ((192, "any"), (512, "any"), (512, "maskable"))
MAX_SHORT_NAME = 24  # letters; a home screen cuts longer ones


def offline_files(site: Site) -> dict[str, bytes]:
    return {
        urls.SERVICE_WORKER_FILE: bundles.service_worker({lang: messages_of(lang) for lang in site.langs}, site.base_lang),
        **{urls.manifest(lang, site.base_lang): manifest(site, lang) for lang in site.langs},
        CORRECTIONS_FILE: json_bytes(corrections(site)),
        **{site.theme.icon_address(edge, use): site.theme.icon(edge, use) for edge, use in APP_ICONS},
    }


def manifest(site: Site, lang: str) -> bytes:
    """With addresses from the manifest's own, so that the site may stand below a path."""
    store = site.settings.options.store.name
    here = urls.language_root(lang, site.base_lang)
    return json_bytes(
        {
            "id": "./",
            "name": site.settings.site_name,
            "short_name": short_name(store),
            "lang": lang,
            "dir": messages_of(lang).direction,
            "start_url": "./",
            "scope": urls.relative(here, ""),
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": site.theme.bar,
            "icons": [
                {
                    "src": urls.relative(here, site.theme.icon_address(edge, use)),
                    "sizes": f"{edge}x{edge}",
                    "type": "image/png",
                    "purpose": use,
                }
                for edge, use in APP_ICONS
            ],
            "shortcuts": [{"name": str(messages_of(lang)("page.on_phone")), "url": "phone/"}],
        }
    )


def short_name(name: str) -> str:
    """Whole words of a name, as many as a home screen shows."""
    letters = graphemes(name)
    return name if len(letters) <= MAX_SHORT_NAME else "".join(letters[:MAX_SHORT_NAME]).rsplit(" ", 1)[0]


def corrections(site: Site) -> dict[str, list[str]]:
    """The last serious correction of each page: the version that has it, and its words."""
    found = {}
    for lesson in site.lessons:
        serious = [one for one in lesson.howto.corrections if one.serious]
        if serious:
            last = max(serious, key=lambda one: [int(part) for part in one.version.split(".")])
            found[lesson.howto.page] = [last.version, str(last.what)]
    return found
