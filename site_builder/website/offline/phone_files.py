"""Files that only phones ask for: service worker, manifests, icons, the list of serious corrections."""

from __future__ import annotations

from site_builder.library.compact_json import json_bytes
from site_builder.library.messages import messages_of
from site_builder.website import urls
from site_builder.website.assets import bundles
from site_builder.website.offline.web_manifest import APP_ICONS, manifest
from site_builder.website.site import Site

CORRECTIONS_FILE = "corrections.json"


def offline_files(site: Site) -> dict[str, bytes]:
    return {
        urls.SERVICE_WORKER_FILE: bundles.service_worker({lang: messages_of(lang) for lang in site.langs}, site.base_lang),
        **{urls.manifest(lang, site.base_lang): manifest(site, lang) for lang in site.langs},
        CORRECTIONS_FILE: json_bytes(corrections(site)),
        **{site.theme.icon_address(edge, use): site.theme.icon(edge, use) for edge, use in APP_ICONS},
    }


def corrections(site: Site) -> dict[str, list[str]]:
    """The last serious correction of each page: the version that has it, and its words."""
    corrections_by_page = {}
    for lesson in site.lessons:
        serious = [correction for correction in lesson.howto.corrections if correction.serious]
        if serious:
            last = max(serious, key=lambda correction: [int(part) for part in correction.version.split(".")])
            corrections_by_page[lesson.howto.page] = [last.version, str(last.what)]
    return corrections_by_page
