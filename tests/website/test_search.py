"""Search as people type: the right how-to first, with misspellings and in the languages of the street."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from site_builder.library import content, settings
from site_builder.library.model import Lesson
from site_builder.website import search
from site_builder.website.look import THEME
from site_builder.website.site import Site
from tests.conftest import Project

PROJECT = Path(__file__).parents[2]

# query, the how-to that should be first
QUERIES = [
    ("plug", "wire-a-plug"),
    ("how to wire a plug", "wire-a-plug"),
    ("wich wire goes where in a plugg", "wire-a-plug"),
    ("tpa driping", "fix-a-dripping-tap"),
    ("driping tap", "fix-a-dripping-tap"),
    ("kraan drup", "fix-a-dripping-tap"),
    ("mortor mix", "mix-mortar"),
    ("dagha", "mix-mortar"),
    ("dagga for bricks", "mix-mortar"),
    ("concreet", "mix-concrete"),
    ("beton meng", "mix-concrete"),
    ("cement mix ratio for slab", "mix-concrete"),
    ("lay bricks straight", "lay-bricks"),
    ("toilet keeps running", "fix-a-running-toilet"),
    ("sink blocked", "unblock-a-drain"),
    ("verstopte drein", "unblock-a-drain"),
    ("multiplug overload", "use-extension-leads-safely"),
    ("extenshun cord", "use-extension-leads-safely"),
    ("LADDER", "use-a-ladder"),
    ("leer veilig", "use-a-ladder"),
    ("pain wall", "paint-a-wall"),
    ("verf muur", "paint-a-wall"),
    ("shelf rawlplug", "hang-a-shelf"),
    ("rak ophang", "hang-a-shelf"),
    ("kitchen tiles", "tile-a-splashback"),
    ("plaster wall", "plaster-a-wall"),
    ("aardlek toets", "test-earth-leakage"),
    ("dak lek", "fix-a-leaking-roof"),
    ("damp wall paint bubbling", "treat-damp"),
    ("earth leekage keeps triping", "test-earth-leakage"),
    ("gutter overflowing leaves", "clean-gutters"),
    ("krake in muur", "patch-cracks"),
    ("plaveisel", "lay-paving"),
    ("polyfilla crack in wall", "patch-cracks"),
    ("power trips db board", "test-earth-leakage"),
    ("uphahla luyavuza", "fix-a-leaking-roof"),
    ("udaka", "mix-mortar"),
    ("mixing dagha for building wall", "mix-mortar"),
    ("daka yezitina", "mix-mortar"),
    ("plaster mix ratio", "plaster-a-wall"),
    ("ukubhada udonga", "plaster-a-wall"),
    ("black spots on bedroom wall", "treat-damp"),
    ("salpeter muur", "treat-damp"),
    ("isikhunta odongeni", "treat-damp"),
    ("taps wont close properly", "fix-a-dripping-tap"),
    ("tep leaking", "fix-a-dripping-tap"),
    ("ithephu iyavuza", "fix-a-dripping-tap"),
    ("tiolet leaking inside bowl", "fix-a-running-toilet"),
    ("plug got hot and melted", "wire-a-plug"),
    ("laying pavers sand", "lay-paving"),
    ("collect rain water", "set-up-a-rainwater-tank"),
    ("main switch keeps falling", "test-earth-leakage"),
    ("intambo kagesi", "use-extension-leads-safely"),
    ("isitebhisi", "use-a-ladder"),
    ("prepaid electricity finish fast", "save-electricity"),
    ("bou 'n muur", "lay-bricks"),
    ("how many bricks per m2", "lay-bricks"),
    ("gate in muur toemaak", "patch-cracks"),
    ("sinc is blocked", "unblock-a-drain"),
]


# as typed by customers, held back while the search was made
UNSEEN = [
    ("umpompi uyavuza", "fix-a-dripping-tap"),
    ("udaka lokwakha", "mix-mortar"),
    ("ukuxuba ukhonkolo", "mix-concrete"),
    ("leeking tap", "fix-a-dripping-tap"),
    ("plascon wall paint how many litres", "paint-a-wall"),
    ("drain smells and wont go down", "unblock-a-drain"),
    ("extention cord safety", "use-extension-leads-safely"),
    ("toilet keeps running cistern", "fix-a-running-toilet"),
    ("wire plug colors", "wire-a-plug"),
    ("jojo tank", "set-up-a-rainwater-tank"),
    ("boiler uses too much electricity", "save-electricity"),
    ("mutiplug", "use-extension-leads-safely"),
    ("earth leakage switch test button", "test-earth-leakage"),
    ("my lights keep tripping", "test-earth-leakage"),
    ("krag skop heeltyd uit", "test-earth-leakage"),
    ("trip swich", "test-earth-leakage"),
    ("ugesi uyacima njalo", "test-earth-leakage"),
    ("paving driveway", "lay-paving"),
    ("plaveistene lê", "lay-paving"),
    ("how many pavers do i need", "lay-paving"),
    ("payving bricks yard", "lay-paving"),
    ("fix crack in the wall", "patch-cracks"),
    ("hairline craks", "patch-cracks"),
    ("kraak in die muur vul", "patch-cracks"),
    ("polly filla", "patch-cracks"),
    ("wall is wet and paint peels", "treat-damp"),
    ("rising damp", "treat-damp"),
    ("klam muur", "treat-damp"),
    ("mold on bedroom wall", "treat-damp"),
    ("umswakama odongeni", "treat-damp"),
    ("grout coming out of tiles", "regrout-tiles"),
    ("regrouting kitchen tiles", "regrout-tiles"),
    ("dirty growt", "regrout-tiles"),
    ("roof leeks when it rains", "fix-a-leaking-roof"),
    ("water coming through the ceiling", "fix-a-leaking-roof"),
    ("lekkende dak regmaak", "fix-a-leaking-roof"),
    ("waterproofing flat roof", "fix-a-leaking-roof"),
    ("geute skoonmaak", "clean-gutters"),
    ("blocked guters", "clean-gutters"),
    ("leaves in downpipe", "clean-gutters"),
    ("replace inside door", "hang-a-door"),
    ("deur insit skarniere", "hang-a-door"),
]

Find = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def real() -> Site:
    """The project's own how-tos; no film is needed to find them."""
    told = settings.load(PROJECT / "mkdocs.yml")
    library, _ = content.load_all(told)
    return Site(told, library, tuple(Lesson(howto) for howto in library.howtos))


@pytest.fixture(scope="module")
def find(real: Site, browser: Browser) -> Iterator[Find]:
    """Search in a browser with the site's own script and files; gives slugs, best first."""
    page = browser.new_page()
    matcher = (THEME / "matcher.js").read_text("utf-8").replace("export const", "const")
    files = {name: json.loads(data) for name, data in real.search_files.items()}
    facts = {**search.constants("en"), **json.loads(real.search_facts("en"))}
    page.evaluate(
        f"([files, facts]) => {{ {matcher}; window.find = query => find(query, facts, async name => files[name]) }}",
        [files, facts],
    )
    slugs = [lesson.howto.slug for lesson in real.found_in]
    yield lambda query: [slugs[at] for at, _ in page.evaluate("query => window.find(query)", query)["found"]]
    page.close()


@pytest.mark.parametrize(("query", "slug"), QUERIES)
def test_the_right_one_is_first(find: Find, real: Site, query: str, slug: str) -> None:
    if not any(lesson.howto.slug == slug for lesson in real.lessons):
        pytest.skip(f"no how-to '{slug}' in this library")

    assert find(query)[0] == slug


@pytest.mark.parametrize(("query", "slug"), UNSEEN)
def test_the_right_one_is_among_the_first_three(find: Find, real: Site, query: str, slug: str) -> None:
    if not any(lesson.howto.slug == slug for lesson in real.lessons):
        pytest.skip(f"no how-to '{slug}' in this library")

    assert slug in find(query)[:3]


@pytest.mark.parametrize("query", ["xqzw", "!!!", "🙂", "((("])
def test_what_nothing_has_finds_nothing(find: Find, query: str) -> None:
    assert find(query) == []


def test_accents_and_case_do_not_matter(find: Find) -> None:
    assert find("PLÚG") == find("plug")


@pytest.mark.parametrize(
    ("typed", "read"), [("Geyser’s Plég", "geysers pleg"), ("  A–Z, 50 kg! ", "a z 50 kg"), ("İ", "i"), ("", "")]
)
def test_words_are_read_plainly(typed: str, read: str) -> None:
    assert search.plain(typed) == read


@pytest.mark.parametrize(
    "words", ["concreet concrete konkreet", "driping dripping", "umpompi impompo", "cistern sistern", "extension extention"]
)
def test_words_that_sound_alike_stand_together(words: str) -> None:
    starts = {search.sound(word)[:3] for word in words.split()}

    assert len(starts) == 1


def test_the_script_hears_words_as_the_index_does(real: Site, browser: Browser) -> None:
    page = browser.new_page()
    matcher = (THEME / "matcher.js").read_text("utf-8").replace("export const", "const")
    words = sorted({word for data in real.index.files for word in json.loads(data)})

    heard = page.evaluate(f"words => {{ {matcher}; return words.map(sound) }}", words)

    page.close()
    assert heard == [search.sound(word) for word in words]


def test_a_product_is_found_by_its_number(browser: Browser, real: Site) -> None:
    lesson = real.found_in[0]
    thing = lesson.howto.materials[0].model_copy(update={"sku": "KH-20417"})
    howto = lesson.howto.model_copy(update={"materials": (thing,)})

    assert search.words_of([howto], search.phrases(real.library.synonyms))["20417"] == search.NAME


def test_no_file_of_words_is_large(real: Site) -> None:
    assert max(len(data) for data in real.index.files) < 2 * search.WORDS_IN_A_FILE


def test_a_synonym_leads_to_what_is_meant(find: Find) -> None:
    assert find("rhinolite")[0] == "plaster-a-wall"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("same:\n  - [tap]\n", 2, "'tap' stands alone"),
        ("same:\n  - [tap, faucet]\nsmae: []\n", 3, "unknown field 'smae'"),
        ("typed:\n  dagga: [motor]\n", 2, "no how-to says any of: motor"),
        ("same: [\n", 2, "does not parse"),
    ],
)
def test_a_mistake_in_the_synonyms_is_told_at_its_line(project: Project, text: str, line: int, message: str) -> None:
    project.write()
    path = project.text("content/synonyms.yml", text)

    _, problems = content.load_all(project.settings)

    (problem,) = [problem for problem in problems if problem.file == path]
    assert message in problem.message
    assert problem.line in (line, line - 1)
