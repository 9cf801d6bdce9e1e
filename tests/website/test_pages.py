"""What stands on the pages, read with an HTML parser."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import brotli
import pytest
from lxml import html

from site_builder.library.artifacts import Lesson
from site_builder.library.contrast import contrast
from site_builder.library.library import Library
from site_builder.library.messages import LOCALES, messages_of
from site_builder.website import media_sources, site_files, urls
from site_builder.website.assets import stylesheet, theme_colours
from site_builder.website.feeds import all_feeds
from site_builder.website.markdown import body_html
from site_builder.website.pages import howto_memo, howto_page, lists, other_pages
from site_builder.website.site import Site, site_of


def lesson(site: Site, slug: str, lang: str = "en") -> Lesson:
    return site.lessons.by_page[(slug, lang)]


def page(site: Site, slug: str = "wire-a-plug", lang: str = "en", **changes: Any) -> html.HtmlElement:
    """The how-to's page, parsed; some of the how-to's fields may be other ones."""
    found = lesson(site, slug, lang)
    if changes:
        found = replace(found, howto=found.howto.model_copy(update=changes))
    return html.document_fromstring(howto_page.howto_page(site, found))


def more(site: Site) -> html.HtmlElement:
    return html.document_fromstring(howto_page.details_page(site, lesson(site, "wire-a-plug")))


def graph(tree: html.HtmlElement) -> dict[str, dict[str, Any]]:
    (script,) = tree.xpath("//script[@type='application/ld+json']/text()")
    howto = json.loads(script)
    return {thing["@type"]: thing for thing in (howto, howto.get("video")) if thing}


def words_of(tree: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in tree.xpath(path)]


def test_safety_stands_before_the_play_control_where_risk_is_high(site: Site) -> None:
    text = howto_page.howto_page(site, lesson(site, "wire-a-plug"))

    # what must not be started stands right above the film: who jumps to it comes by there
    assert text.index("230 V can kill.") < text.index("The lead is burnt.") < text.index('class="play"')


def test_where_risk_is_not_high_the_film_comes_first(site: Site) -> None:
    text = html.tostring(page(site, risk="medium")).decode()

    assert text.index('class="play"') < text.index("230 V can kill.")


def test_every_link_to_a_file_says_its_size_and_price(site: Site) -> None:
    links = page(site).xpath("//main//a[contains(@href, 'media/') or contains(@href, 'print/')]")

    assert len(links) == 1 + 3 + 3 + 1  # play, choices, steps, leaflet
    links += more(site).xpath("//main//a[contains(@href, 'media/')]")
    assert len(links) == 8 + 5  # and every file, behind
    assert [link for link in links if "\u00a0MB ·\u00a0" not in link.text_content()] == []


def test_a_booklet_is_offered_as_one(site: Site) -> None:
    plain = lesson(site, "wire-a-plug")
    assert plain.leaflet
    folded = replace(plain, leaflet=replace(plain.leaflet, format="booklet"))

    [link] = html.document_fromstring(howto_page.howto_page(site, folded)).xpath("//a[@data-leaflet]")

    assert link.text_content().startswith("Booklet, to fold (PDF)")
    assert link.get("href").endswith(f".booklet.{plain.leaflet.key[:8]}.pdf")
    assert link.xpath("img/@loading") == ["lazy"]


def test_the_play_control_prices_the_film_that_any_phone_plays(site: Site) -> None:
    (play,) = page(site).xpath("//a[@class='play']")
    h264 = next(r for r in lesson(site, "wire-a-plug").renditions if r.rung.name == "standard-h264")

    assert f"/standard-h264.{h264.key[:8]}.mp4" in play.get("href")
    rows = json.loads(play.get("data-sources"))
    assert [row[0] for row in rows] == ['video/mp4; codecs="av01.0.00M.08,opus"', 'video/mp4; codecs="avc1.42C00B,mp4a.40.2"']
    assert str(rows[1][2]) == play.xpath(".//*[@class='price']")[0].get("value")


def test_prices_have_a_tariff_a_date_and_a_source(site: Site) -> None:
    tree = page(site)

    assert "Prices at Dear (March 2026)" in tree.text_content()
    (shown,) = html.document_fromstring(other_pages.saved_page(site, "en")).xpath("//tr[@class='shown']")
    assert "Dear" in shown.text_content()
    assert "March 2026" in shown.text_content()
    assert "A newspaper" in shown.text_content()


def test_nothing_of_a_film_is_in_the_page(site: Site) -> None:
    tree = page(site)

    assert tree.xpath("//video | //audio | //source[contains(@src, '.mp4')] | //link[@rel='preload' or @rel='prefetch']") == []


def test_pictures_have_sizes_and_load_late(site: Site) -> None:
    pictures = page(site).xpath("//img")

    assert len(pictures) == 5
    assert {(img.get("width"), img.get("height"), img.get("loading")) for img in pictures} == {("160", "90", "lazy")}


def test_a_film_that_is_not_made_shows_its_poster_and_a_note(site: Site) -> None:
    tree = page(site, "mix-mortar")

    assert len(tree.xpath("//*[@class='stage']//img")) == 1
    assert "The film is not made yet." in tree.text_content()
    assert tree.xpath("//*[@class='play']") == []


def test_a_how_to_that_nobody_has_checked_says_so(site: Site) -> None:
    assert "Not yet checked by a qualified person" in page(site).text_content()
    assert "Not yet checked by a qualified person" not in page(site, "mix-mortar").text_content()


def test_corrections_stand_dated_at_the_top(site: Site) -> None:
    (notice,) = words_of(page(site), "//*[contains(@class, 'serious')]")

    assert notice == "Important correction 2 April 2026, version 1.1.0: Brown goes to L."


def test_words_that_a_translation_lacks_are_marked_with_their_language(site: Site) -> None:
    tree = page(site, lang="af")

    assert tree.get("lang") == "af"
    assert words_of(tree, "//h1") == ["Bedraad 'n prop"]
    assert words_of(tree, "//*[@id='unplug']/h3/span[@lang='en'] | //*[@id='test']/h3/span[@lang='en']") == ["Close and test"]
    assert "Translation not yet checked" not in tree.text_content()
    assert messages_of("af")("common.translation_unread") in tree.text_content()


def test_each_language_names_the_others(site: Site) -> None:
    for lang in ("en", "af"):
        links = page(site, lang=lang).xpath("//link[@rel='alternate']")
        assert {(link.get("hreflang"), link.get("href")) for link in links} == {
            ("en", "https://shop.example/how-to/electrical/wire-a-plug/"),
            ("af", "https://shop.example/how-to/af/electrical/wire-a-plug/"),
        }


def test_markup_in_a_title_is_shown_as_written(site: Site) -> None:
    tree = page(site, "mix-mortar")

    assert words_of(tree, "//h1") == ['Mix <script>alert(1)</script> "C#" & mortar']
    assert tree.findtext(".//title").startswith('Mix <script>alert(1)</script> "C#" & mortar')
    assert len(tree.xpath("//script")) == 2
    assert tree.xpath("//meta[@property='og:title']/@content") == ['Mix <script>alert(1)</script> "C#" & mortar']


def test_json_ld_cannot_be_ended_by_its_own_words(site: Site) -> None:
    found = graph(page(site, "mix-mortar"))

    assert found["HowTo"]["name"] == 'Mix <script>alert(1)</script> "C#" & mortar'
    assert found["HowTo"]["description"] == "One </script><b>bag</b> & 'sand'"


def test_json_ld_has_the_video_with_a_clip_for_each_step(site: Site) -> None:
    found = graph(page(site))

    video = found["VideoObject"]
    assert [(c["name"], c["startOffset"]) for c in video["hasPart"]] == [
        ("Switch off", 0),
        ("Connect E L N", 1),
        ("Close and test", 2),
    ]
    assert video["duration"] == "PT3S"
    for name in ("name", "description", "thumbnailUrl", "uploadDate", "contentUrl"):
        assert video[name]
    assert video["contentUrl"].startswith("https://shop.example/how-to/media/wire-a-plug/standard-h264.")
    assert found["HowTo"]["video"] is video
    assert found["HowTo"]["totalTime"] == "PT1H20M"
    assert [step["name"] for step in found["HowTo"]["step"]] == ["Switch off", "Connect E L N", "Close and test"]


def test_no_page_speaks_to_another_host(built: Path) -> None:
    for path in built.rglob("*.html"):
        tree = html.document_fromstring(path.read_text("utf-8"))
        loaded = tree.xpath("//script/@src | //img/@src | //source/@srcset | //link[@rel='stylesheet']/@href | //iframe/@src")
        assert [address for address in loaded if "//" in address] == []
        assert tree.xpath("//*[@*[starts-with(name(), 'on')]] | //*[@style] | //style") == []


def test_every_link_of_every_page_leads_somewhere(built: Path) -> None:
    lost = []
    for path in built.rglob("*.html"):
        tree = html.document_fromstring(path.read_text("utf-8"))
        for link in tree.xpath("//a/@href | //img/@src | //source/@srcset | //link[@rel='stylesheet']/@href | //script/@src"):
            there = link.split("#")[0].split("?")[0]
            if not there or there.startswith(("http", "tel:", "mailto:")):
                continue
            target = built.parent / there.lstrip("/") if there.startswith("/") else path.parent / there
            if not (target / "index.html" if there.endswith("/") else target).is_file():
                lost.append((str(path.relative_to(built)), link))
    assert lost == []


def test_warnings_stand_beside_their_second(site: Site) -> None:
    assert words_of(page(site), "//*[@id='connect']//*[contains(@class, 'beside')]") == ["Danger 230 V can kill."]
    assert words_of(page(site), "//*[@id='test']//*[contains(@class, 'beside')]") == []


def test_the_transcript_comes_from_the_captions(site: Site) -> None:
    assert "Pull it out. Follow the letters." in more(site).text_content()


def test_a_link_to_another_how_to_becomes_its_address(site: Site) -> None:
    assert page(site).xpath("//section[@class='prose']//a/@href") == ["../../building/mix-mortar/#use"]


def test_a_dead_link_is_a_problem_at_its_line(site: Site) -> None:
    howto = lesson(site, "wire-a-plug").howto.model_copy(
        update={"body": "[x](../building/mix-mortar.md) [y](../building/mix-morter.md)"}
    )

    made, problems = body_html.render_body(howto, site.library, site.settings)

    assert [(p.message, p.hint) for p in problems] == [
        ("the link to '../building/mix-morter.md' leads nowhere", "did you mean '../building/mix-mortar.md'?")
    ]
    assert "morter" not in made


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "<a href='data:text/html,<script>'>x</a>",
        "<iframe src='//evil.example'></iframe>",
        "<style>*{display:none}</style>",
        "<p style='position:fixed' onclick='x()'>x</p>",
        "![x](https://evil.example/x.png)",
        "<svg><script>1</script></svg>",
        "<form action='//evil.example'><input></form>",
    ],
)
def test_a_text_cannot_do_anything(site: Site, body: str) -> None:
    howto = lesson(site, "wire-a-plug").howto.model_copy(update={"body": body})

    made, _ = body_html.render_body(howto, site.library, site.settings)

    for evil in ("script", "onerror", "onclick", "style", "iframe", "evil.example", "data:", "<form", "<svg"):
        assert evil not in made.replace("alert(1)", "")


def test_the_markup_that_editors_use_is_kept(site: Site) -> None:
    howto = lesson(site, "wire-a-plug").howto.model_copy(
        update={"body": "# Big\n\n**b** *i*\n\n- one\n\n| a | b |\n|---|--:|\n| 1 | 2 |"}
    )

    made, problems = body_html.render_body(howto, site.library, site.settings)

    for tag in ("<h3>Big</h3>", "<strong>b</strong>", "<em>i</em>", "<li>one</li>", "<th>a</th>"):
        assert tag in made
    assert problems == []


def test_chapters_are_the_steps(site: Site) -> None:
    assert media_sources.chapters_vtt(lesson(site, "wire-a-plug").howto) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nSwitch off\n\n00:00:01.000 --> 00:00:02.000\nConnect E L N\n\n"
        "00:00:02.000 --> 00:00:03.000\nClose and test\n"
    )


def test_the_page_for_lost_addresses_works_at_any_depth(site: Site) -> None:
    tree = html.document_fromstring(other_pages.not_found_page(site))

    for link in tree.xpath("//a/@href | //link[@rel='stylesheet']/@href | //script/@src | //@data-search"):
        assert link.startswith(("/how-to/", "#", "tel:"))
    assert tree.xpath("//link[@rel='canonical']") == []


def test_a_printed_code_leads_on_without_a_script(site: Site) -> None:
    tree = html.document_fromstring(other_pages.redirect_page(site, "m2x/", lesson(site, "mix-mortar")))

    assert tree.xpath("//meta[@http-equiv='refresh']/@content") == ["0;url=../building/mix-mortar/"]
    assert tree.xpath("//a/@href") == ["../building/mix-mortar/"]
    assert tree.xpath("//link[@rel='canonical']/@href") == ["https://shop.example/how-to/building/mix-mortar/"]


def test_a_library_without_tariffs_shows_sizes_alone(site: Site) -> None:
    options = site.settings.options.model_copy(update={"tariffs": ()})
    bare = replace(site, settings=site.settings.model_copy(update={"options": options}))

    tree = page(bare)

    assert "Prices at" not in tree.text_content()
    assert "\u00a0MB" in tree.xpath("//*[@class='play']")[0].text_content()
    assert tree.xpath("//@data-used") == ["You have used {size} here today."]


def test_in_each_language_the_price_can_be_left_out_of_the_meter() -> None:
    for lang in (path.stem for path in LOCALES.glob("*.toml")):
        assert " ({price})" in messages_of(lang)("page.used", size="{size}", price="{price}")


def test_a_library_without_films_speaks_of_none(site: Site) -> None:
    still = tuple(replace(one, renditions=()) for one in site.lessons)
    bare = site_of(site.settings.model_copy(update={"site_description": ""}), site.library, still)

    assert " film" in lists.home_page(site, "en")
    assert "ilm" not in lists.home_page(bare, "en")
    assert [name for name in all_feeds.feed_files(bare) if "films" in name] == []


def test_the_empty_search_field_says_what_this_library_has(site: Site) -> None:
    options = site.settings.options.model_copy(update={"search_hint": {"en": 'fever, "cuts"'}})
    told = replace(site, settings=site.settings.model_copy(update={"options": options}))

    def said(site: Site, lang: str) -> tuple[str, str]:
        tree = html.document_fromstring(lists.home_page(site, lang))
        return tree.xpath("//@data-hint")[0], words_of(tree, "//a[@class='searchbox']")[0]

    assert said(told, "en") == ('fever, "cuts"', 'Search: fever, "cuts"')
    assert said(told, "af") == ("", "Soek")


def test_every_page_says_what_it_is_to_who_looks_for_it(site: Site) -> None:
    """All but printed codes and former addresses, which only lead on."""
    site = replace(site, settings=site.settings.model_copy(update={"site_description": ""}))
    leads_on = {
        *map(urls.short_code, site.library.slug_by_code),
        *(old for one in site.lessons for old in urls.old_urls(one.howto)),
    }
    texts = {address: text for address, text in site_files.other_pages(site) if address not in leads_on}
    texts |= {address: text.decode() for documents, _ in howto_memo.howto_pages(site) for address, text in documents.items()}
    trees = {address: html.document_fromstring(text) for address, text in texts.items()}

    assert "404.html" in texts
    assert [address for address, tree in trees.items() if not "".join(tree.xpath("//meta[@name='description']/@content"))] == []
    hidden = [address for address, tree in trees.items() if tree.xpath("//meta[@name='robots']")]
    assert sorted(address for address in hidden if not address.startswith("print-desk/")) == ["404.html"]


def test_an_empty_library_has_a_home(site: Site) -> None:
    empty = site_of(site.settings, Library((), (), {}, {}), ())

    tree = html.document_fromstring(lists.home_page(empty, "en"))

    assert words_of(tree, "//h1") == ["How do I …?"]


@pytest.mark.parametrize("primary", ["teal", "indigo", "red", "amber", "yellow", "lime", "white", "black", "no-such"])
def test_the_bar_can_be_read_in_the_sun_in_every_palette(primary: str) -> None:
    made = stylesheet.site_theme(primary, "amber").css.decode()
    colour = {
        name: theme_colours.parse_colour(made.split(f"--{name}:")[1].split(";")[0].split("}")[0])
        for name in ("bar", "on-bar", "link", "link-night")
    }

    assert contrast(colour["bar"], colour["on-bar"]) >= 7
    assert contrast(colour["link"], (255, 255, 255)) >= 7
    assert contrast(colour["link-night"], theme_colours.NIGHT_BACKGROUND) >= 7


def test_the_style_sheet_opens_no_picture() -> None:
    """Each would be opened before the first word is shown; icons as masks were a twelfth of that wait."""
    css = stylesheet.site_theme("teal", "amber").css.decode()
    assert "url(" not in css
    assert all(f'.i-{name}{{clip-path:path("' in css for name in stylesheet.STYLESHEET_ICONS)


def test_a_page_and_what_it_asks_for_stay_small(site: Site) -> None:
    parts = [howto_page.howto_page(site, lesson(site, "wire-a-plug")).encode(), site.theme.css, site.scripts.core.data]

    assert sum(len(brotli.compress(part)) for part in parts) < 10_000
