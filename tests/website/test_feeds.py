"""Feeds and the map, read with an XML parser."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from site_builder.library.words import words
from site_builder.website import feeds, share
from site_builder.website.site import Site

SPACES = {
    "a": "http://www.w3.org/2005/Atom",
    "s": feeds.SITEMAP,
    "v": feeds.VIDEO,
    "i": feeds.ITUNES,
}


def read(site: Site, name: str) -> etree._Element:
    return etree.fromstring(feeds.files(site)[name])


def test_the_news_have_every_how_to_and_its_corrections(site: Site) -> None:
    feed = read(site, "news.atom")

    assert feed.xpath("a:entry/a:title/text()", namespaces=SPACES)[0] == "Wire a three-pin plug"
    assert "Brown goes to L." in feed.xpath("a:entry/a:summary/text()", namespaces=SPACES)[0]
    assert feed.xpath("a:updated/text()", namespaces=SPACES) == ["2026-04-02T12:00:00+02:00"]
    for name in ("id", "title", "updated", "author"):
        assert feed.xpath(f"a:{name}", namespaces=SPACES)


def test_films_are_a_podcast_of_files_that_are_there(site: Site, built: Path) -> None:
    (item,) = read(site, "films.rss").xpath("channel/item")

    (enclosure,) = item.xpath("enclosure")
    path = built / enclosure.get("url").removeprefix("https://shop.example/how-to/")
    assert path.stat().st_size == int(enclosure.get("length"))
    assert "standard-h264" in path.name
    assert item.xpath("i:duration/text()", namespaces=SPACES) == ["3"]


def test_the_map_has_each_page_with_its_day_and_film(site: Site) -> None:
    urls = read(site, "sitemap.xml").xpath("s:url", namespaces=SPACES)

    found = {url.xpath("string(s:loc)", namespaces=SPACES): url for url in urls}
    plug = found["https://shop.example/how-to/af/electrical/wire-a-plug/"]
    assert plug.xpath("s:lastmod/text()", namespaces=SPACES) == ["2026-04-02"]
    assert plug.xpath("v:video/v:title/text()", namespaces=SPACES) == ["Bedraad 'n prop"]
    assert "poster" in plug.xpath("string(v:video/v:thumbnail_loc)", namespaces=SPACES)


def test_a_message_has_link_and_price(site: Site) -> None:
    lesson = site.by_page[("wire-a-plug", "en")]

    text = share.message(lesson, "https://shop.example/x/", site.settings.tariff, words("en"))

    assert re.fullmatch(r"Wire a three-pin plug\nhttps://shop.example/x/\nFilm: 0\.\d\d\xa0MB ·\xa0\d+c of data", text)
    assert unquote(share.whatsapp("a b&c", "082 123 4567")) == "https://wa.me/27821234567?text=a b&c"
