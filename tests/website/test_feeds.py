"""Feeds and the map, read with an XML parser."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import feedparser
import podcastparser
import pytest
from lxml import etree, html
from PIL import Image

from site_builder.library.howto_parts import Correction
from site_builder.library.messages import messages_of
from site_builder.website.feeds import all_feeds, sitemap
from site_builder.website.feeds.podcast import ITUNES_NS
from site_builder.website.pages import share
from site_builder.website.site import Site, site_of

SPACES = {
    "a": "http://www.w3.org/2005/Atom",
    "s": sitemap.SITEMAP_NS,
    "v": sitemap.VIDEO_NS,
    "i": ITUNES_NS,
    "x": sitemap.XHTML_NS,
}


def read(site: Site, name: str) -> etree._Element:
    return etree.fromstring(all_feeds.feed_files(site)[name])


def test_the_news_have_every_how_to_and_its_corrections(site: Site) -> None:
    feed = read(site, "news.atom")

    assert feed.xpath("a:entry/a:title/text()", namespaces=SPACES)[0] == "Wire a three-pin plug"
    assert "Brown goes to L." in feed.xpath("a:entry/a:summary/text()", namespaces=SPACES)[0]
    assert feed.xpath("a:updated/text()", namespaces=SPACES) == ["2026-04-02T12:00:00+02:00"]
    for name in ("id", "title", "updated", "author"):
        assert feed.xpath(f"a:{name}", namespaces=SPACES)


@pytest.mark.parametrize("name", ["news.atom", "films.rss", "af/news.atom", "af/films.rss"])
def test_a_feed_reader_finds_nothing_to_complain_of(site: Site, name: str) -> None:
    feed = feedparser.parse(all_feeds.feed_files(site)[name])

    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.feed.title == "Tom & Thandi's library"
    plug = next(entry for entry in feed.entries if entry.link.endswith("electrical/wire-a-plug/"))
    assert "Brown goes to L." in plug.summary
    assert plug.published_parsed[:5] == (2026, 3, 1, 10, 0)  # noon in South Africa
    assert plug.enclosures[0].type == "video/mp4"


def episodes(site: Site) -> list[dict[str, object]]:
    """As a podcast programme reads them."""
    podcast = podcastparser.parse("https://shop.example/how-to/films.rss", BytesIO(all_feeds.feed_files(site)["films.rss"]))
    return list(podcast["episodes"])


def with_plug(site: Site, **changes: object) -> Site:
    """The library after a change of the plug's how-to, or of its films' bytes."""
    encoded = changes.pop("encoded", None)
    lessons = []
    for lesson in site.lessons:
        if lesson.howto.slug == "wire-a-plug" and lesson.howto.lang == "en":
            films = lesson.renditions if encoded is None else tuple(replace(film, key=encoded) for film in lesson.renditions)
            lesson = replace(lesson, howto=lesson.howto.model_copy(update=changes), renditions=films)
        lessons.append(lesson)
    return site_of(site.settings, site.library, lessons, site.theme, site.prints)


def test_a_film_that_is_encoded_better_is_the_same_episode(site: Site) -> None:
    """Else every subscriber's phone would load it again, at her cost."""
    (before,) = episodes(site)

    (after,) = episodes(with_plug(site, encoded="f" * 64))

    assert before["guid"] == after["guid"]
    assert before["enclosures"] != after["enclosures"]


def test_a_how_to_under_a_new_name_is_the_same_episode_and_entry(site: Site) -> None:
    renamed = with_plug(site, slug="fit-a-plug", formerly=("wire-a-plug",))

    assert [one["guid"] for one in episodes(renamed)] == [one["guid"] for one in episodes(site)]
    ids = [{entry.id for entry in feedparser.parse(all_feeds.feed_files(one)["news.atom"]).entries} for one in (site, renamed)]
    assert ids[0] == ids[1]


def test_a_film_that_could_hurt_is_a_new_episode_once_it_is_corrected(site: Site) -> None:
    (before,) = episodes(site)
    wrong = Correction(date=dt.date(2026, 6, 1), version="1.2.0", what="The fuse was wrong.", serious=True)
    plug = site.lessons.by_page[("wire-a-plug", "en")].howto

    (after,) = episodes(with_plug(site, corrections=(*plug.corrections, wrong)))

    assert before["guid"] != after["guid"]
    assert "The fuse was wrong." in str(after["description"])


def test_films_are_a_podcast_of_files_that_are_there(site: Site, built: Path) -> None:
    (item,) = read(site, "films.rss").xpath("channel/item")

    (enclosure,) = item.xpath("enclosure")
    path = built / enclosure.get("url").removeprefix("https://shop.example/how-to/")
    assert path.stat().st_size == int(enclosure.get("length"))
    assert "standard-h264" in path.name
    assert item.xpath("i:duration/text()", namespaces=SPACES) == ["3"]


def test_a_podcast_has_what_directories_ask_for(site: Site, built: Path) -> None:
    (channel,) = read(site, "films.rss").xpath("channel")

    for name in ("title", "link", "description", "language", "i:author", "i:category", "i:explicit"):
        assert channel.xpath(name, namespaces=SPACES), name
    (artwork,) = channel.xpath("i:image/@href", namespaces=SPACES)
    picture = Image.open(built / artwork.removeprefix("https://shop.example/how-to/"))
    assert (picture.format, picture.size) == ("PNG", (1400, 1400))
    for item in channel.xpath("item"):
        for name in ("title", "guid", "enclosure/@url", "enclosure/@length", "enclosure/@type"):
            assert item.xpath(name), name
        assert parsedate_to_datetime(item.xpath("string(pubDate)")).utcoffset() is not None


def test_the_map_and_the_pages_name_the_same_languages(site: Site, built: Path) -> None:
    """Search engines believe it only if each of the pages says it of all, of itself too."""
    urls = read(site, "sitemap.xml").xpath("s:url", namespaces=SPACES)

    for url in urls:
        here = url.xpath("string(s:loc)", namespaces=SPACES)
        path = here.removeprefix("https://shop.example/how-to/")
        page = html.fromstring((built / path / "index.html").read_bytes())
        mapped = {link.get("hreflang"): link.get("href") for link in url.xpath("x:link", namespaces=SPACES)}
        assert mapped == {link.get("hreflang"): link.get("href") for link in page.xpath("//link[@hreflang]")}
        assert here in mapped.values() or not mapped
    assert len([url for url in urls if url.xpath("x:link", namespaces=SPACES)]) == 8  # home, two categories, the plug: twice


def test_the_map_has_each_page_with_its_day_and_film(site: Site) -> None:
    urls = read(site, "sitemap.xml").xpath("s:url", namespaces=SPACES)

    found = {url.xpath("string(s:loc)", namespaces=SPACES): url for url in urls}
    plug = found["https://shop.example/how-to/af/electrical/wire-a-plug/"]
    assert plug.xpath("s:lastmod/text()", namespaces=SPACES) == ["2026-04-02"]
    assert plug.xpath("v:video/v:title/text()", namespaces=SPACES) == ["Bedraad 'n prop"]
    assert "poster" in plug.xpath("string(v:video/v:thumbnail_loc)", namespaces=SPACES)


def test_a_message_has_link_and_price(site: Site) -> None:
    lesson = site.lessons.by_page[("wire-a-plug", "en")]

    text = share.chat_message(lesson, "https://shop.example/x/", site.settings.tariff, messages_of("en"))

    assert re.fullmatch(r"Wire a three-pin plug\nhttps://shop.example/x/\nFilm: up to 0\.\d\d\xa0MB ·\xa0\d+c of data", text)
    assert unquote(share.whatsapp_link("a b&c", "082 123 4567")) == "https://wa.me/27821234567?text=a b&c"
