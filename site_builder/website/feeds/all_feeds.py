"""Every feed of a site by its address."""

from __future__ import annotations

from collections.abc import Mapping

from site_builder.website import urls
from site_builder.website.feeds.atom import atom_feed
from site_builder.website.feeds.podcast import ARTWORK_PX, podcast_feed
from site_builder.website.feeds.sitemap import sitemap
from site_builder.website.site import Site


def feed_files(site: Site) -> dict[str, bytes]:
    texts = {
        "sitemap.xml": sitemap(site),
        **{urls.news_feed(lang, site.base_lang): atom_feed(site, lang) for lang in site.langs},
    }
    if not site.lessons.has_films:
        return encode_texts(texts)
    texts |= {urls.podcast(lang, site.base_lang): podcast_feed(site, lang) for lang in site.langs}
    return {**encode_texts(texts), site.theme.icon_address(ARTWORK_PX): site.theme.icon(ARTWORK_PX)}


def encode_texts(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {address: text.encode() for address, text in texts.items()}
