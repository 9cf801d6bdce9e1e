"""The web app's manifest of each language: name, icons, start page."""

from __future__ import annotations

from site_builder.library.compact_json import json_bytes
from site_builder.library.letters import graphemes
from site_builder.library.messages import messages_of
from site_builder.website import urls
from site_builder.website.site import Site

APP_ICONS = ((192, "any"), (512, "any"), (512, "maskable"))


MAX_SHORT_NAME = 24  # letters; a home screen cuts longer ones


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
