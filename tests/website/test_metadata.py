"""What search engines and chats read of a page, with the tools that others read it with: JSON-LD, schema.org, Open Graph."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec_schemaorg.models
import pytest
from lxml import html
from pyld import jsonld

SCHEMA = "https://schema.org/"
PLUG = "electrical/wire-a-plug/"


def page(built: Path, there: str) -> html.HtmlElement:
    return html.document_fromstring((built / there / "index.html").read_bytes())


# a step is three things in schema.org; the package's class has the words of one of them
PARENTS = {"HowToStep": ("HowToStep", "CreativeWork", "ListItem")}


def fields(kind: str) -> tuple[str, ...]:
    return getattr(msgspec_schemaorg.models, kind).__struct_fields__


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every typed thing in expanded JSON-LD."""
    if isinstance(value, list):
        for one in value:
            yield from nodes(one)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for one in value.values():
            yield from nodes(one)


@pytest.fixture(scope="module")
def data(built: Path) -> list[dict[str, Any]]:
    """The plug's JSON-LD as a processor expands it: schema.org's context gives every word schema.org's address."""
    (text,) = page(built, PLUG).xpath("//script[@type='application/ld+json']/text()")
    said = json.loads(text)
    assert said.pop("@context") == "https://schema.org"
    return list(nodes(jsonld.expand({"@context": {"@vocab": SCHEMA}, **said})))


def of(data: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [node for node in data if node["@type"] == [SCHEMA + kind]]


def value(node: dict[str, Any], name: str) -> Any:
    (found,) = node[SCHEMA + name]
    return found.get("@value", found)


def test_every_word_is_one_of_schema_org(data: list[dict[str, Any]]) -> None:
    assert {"HowTo", "HowToStep", "HowToTool", "HowToSupply", "MonetaryAmount", "VideoObject", "Clip"} <= {
        node["@type"][0].removeprefix(SCHEMA) for node in data
    }
    for node in data:
        kind = node["@type"][0].removeprefix(SCHEMA)
        known = {name for parent in PARENTS.get(kind, (kind,)) for name in fields(parent)}
        assert {name.removeprefix(SCHEMA) for name in node if not name.startswith("@")} - known == set(), kind


def test_it_says_what_the_job_takes_and_costs(data: list[dict[str, Any]]) -> None:
    (cost,) = of(data, "MonetaryAmount")

    assert [value(one, "name") for one in of(data, "HowToTool")] == ["Screwdriver"]
    assert [value(one, "name") for one in of(data, "HowToSupply")] == ["Plug"]
    assert (value(cost, "currency"), value(cost, "minValue"), value(cost, "maxValue")) == ("ZAR", 30, 60)


def test_each_step_has_a_picture_that_is_there(data: list[dict[str, Any]], built: Path) -> None:
    steps = of(data, "HowToStep")

    assert len(steps) == 3
    for step in steps:
        assert (built / value(step, "image").removeprefix("https://shop.example/how-to/")).is_file()


@pytest.mark.parametrize(
    ("there", "kind", "title"),
    [
        ("", "website", "Tom & Thandi's library"),
        ("electrical/", "website", "Electricity"),
        ("af/electrical/", "website", "Elektrisiteit"),
        (PLUG, "article", "Wire a three-pin plug"),
        (f"af/{PLUG}", "article", "Bedraad 'n prop"),
    ],
)
def test_a_chat_that_is_sent_a_page_shows_what_it_is(built: Path, there: str, kind: str, title: str) -> None:
    """The four that https://ogp.me requires, and a description; the address is the one that search engines are told."""
    tree = page(built, there)
    said = {meta.get("property"): meta.get("content") for meta in tree.xpath("//meta[@property]")}

    assert (said["og:type"], said["og:title"]) == (kind, title)
    assert [said["og:url"]] == tree.xpath("//link[@rel='canonical']/@href") == [f"https://shop.example/how-to/{there}"]
    assert (built / said["og:image"].removeprefix("https://shop.example/how-to/")).is_file()
    assert [said["og:description"]] == tree.xpath("//meta[@name='description']/@content")


@pytest.mark.parametrize("there", ["print-desk/index.html", "print-desk/electrical/index.html", "404.html"])
def test_what_is_for_staff_or_leads_nowhere_asks_search_engines_to_stay_away(built: Path, there: str) -> None:
    tree = html.document_fromstring((built / there).read_bytes())

    assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert "Disallow" not in (built / "robots.txt").read_text("utf-8")  # a page that may not be read cannot say so


def test_a_list_says_which_titles_are_not_translated(built: Path) -> None:
    rows = page(built, "af/search/").xpath("//ul[@class='rows']/li")

    said = {row.xpath("string(.//strong)"): row.xpath("string(.//span[@class='facts']/span[1])") for row in rows}
    assert "English" not in said["Bedraad 'n prop"]
    assert said['Mix <script>alert(1)</script> "C#" & mortar'] == "English"
