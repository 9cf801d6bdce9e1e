"""What lies on the print desk after a build: each how-to in each format, packs for each category, all with a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from site_builder import pipeline
from site_builder.cache import Cache
from site_builder.events import Event, Planned, ignore
from site_builder.leaflets import formats, leaflet_data, print_jobs
from site_builder.leaflets.collection import PrintSource
from site_builder.library.artifacts import Print
from site_builder.library.howto import HowTo
from site_builder.library.problems import Problems
from site_builder.website import urls
from tests.project import Project

ALONE = {name for name, format in formats.load_formats().items() if format.holds == "one" or format.fold == "two-up"}
TOGETHER = set(formats.load_formats()) - ALONE


@pytest.fixture(scope="module")
def shop(new_project: Callable[[str], Project]) -> Project:
    project = new_project("desk")
    project.set(categories={"walls": {"titles": {"en": "Walls", "af": "Mure"}}, "electrical": {"titles": {"en": "Power"}}})
    project.write("wire-a-plug", code="c9b")
    project.write("hang-a-shelf", category="walls", code="h4k", title="Hang a shelf")
    project.text("content/walls/hang-a-shelf.af.md", "---\nlang: af\ntranslates: 1.0.0\ntitle: Hang 'n rak\n---\n")
    return project


@pytest.fixture(scope="module")
def told(shop: Project) -> list[PrintSource]:
    return pipeline.prepare_print(shop.settings, shop.cache, 1)


def printed(shop: Project, told: list[PrintSource], cache: Cache, workers: int = 1) -> tuple[list[Print], list[Event]]:
    events: list[Event] = []
    prints, failures = print_jobs.print_all(
        list(print_jobs.all_jobs(told, shop.settings)), shop.settings, cache, workers, events.append
    )
    assert failures == []
    return prints, events


def test_every_how_to_has_every_format_and_every_category_its_packs(shop: Project, told: list[PrintSource]) -> None:
    jobs = list(print_jobs.all_jobs(told, shop.settings))

    found = {
        (job.name, job.lang): {other.format for other in jobs if (other.name, other.lang) == (job.name, job.lang)}
        for job in jobs
    }
    assert found == {
        ("wire-a-plug", "en"): ALONE,
        ("hang-a-shelf", "en"): ALONE,
        ("hang-a-shelf", "af"): ALONE,
        ("walls", "en"): TOGETHER,
        ("walls", "af"): TOGETHER,
        ("electrical", "en"): TOGETHER,
        ("", "en"): TOGETHER,
        ("", "af"): TOGETHER,
    }
    titles = {(job.name, job.lang): job.options.title for job in jobs if job.format == "pack"}
    assert titles["walls", "af"] == "Mure"
    assert titles["", "en"] == shop.settings.site_name


def test_a_print_is_made_once_and_has_a_picture_of_its_first_page(
    shop: Project, told: list[PrintSource], tmp_path: Path
) -> None:
    prints, _ = printed(shop, told[:1], Cache(tmp_path))

    again, events = printed(shop, told[:1], Cache(tmp_path))

    assert again == prints
    assert events == [Planned("print", len(prints), len(prints))]
    for one in prints:
        with Image.open(one.preview.path) as picture:
            assert picture.format == "WEBP"
            assert picture.size == (one.preview.width, one.preview.height) == (print_jobs.PREVIEW_WIDTH, picture.height)
            assert picture.convert("L").getextrema()[0] < 100  # something stands on it
        assert one.preview.bytes < 25_000
    [offered] = [one.leaflet for one in prints if one.leaflet.thumb]
    assert offered.format == "leaflet"
    assert offered.thumb
    assert offered.thumb.width == print_jobs.THUMB_WIDTH
    assert offered.thumb.bytes < 2_500  # a customer's


def test_processes_print_the_same_bytes(
    shop: Project, told: list[PrintSource], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, _ = printed(shop, told[:1], Cache(tmp_path / "alone"))
    monkeypatch.setattr(print_jobs, "MIN_JOBS_FOR_PROCESSES", 1)
    cache = Cache(tmp_path / "shared")

    shared, _ = printed(shop, told[:1], cache, workers=2)

    assert [one.leaflet.path.read_bytes() for one in shared] == [one.leaflet.path.read_bytes() for one in alone]
    assert {key for one in shared for key in (one.leaflet.key, one.preview.key)} <= cache.used  # prune keeps them


def test_one_failure_does_not_stop_the_other_prints(shop: Project, told: list[PrintSource], tmp_path: Path) -> None:
    bad = PrintSource(told[0].howto.model_copy(update={"summary": "No font has 🎉", "slug": "bad"}))
    jobs = [print_jobs.howto_job(bad, "leaflet"), print_jobs.howto_job(told[1], "leaflet")]

    prints, failures = print_jobs.print_all(jobs, shop.settings, Cache(tmp_path), 1, ignore)

    assert [one.name for one in prints] == [told[1].howto.slug]
    assert [failure.job for failure in failures] == ["bad.en.leaflet"]


@pytest.mark.parametrize("only_cached", [True, False])
def test_the_page_offers_the_format_that_its_how_to_chose(project: Project, only_cached: bool) -> None:
    project.write("wire-a-plug", code="c9b", leaflet={"format": "booklet"})
    project.write("hang-a-shelf", code="h4k", title="Hang a shelf")

    made = pipeline.make_artifacts(project.settings, project.cache, 1, only_cached=only_cached)

    links = [lesson.leaflet.link for lesson in made.lessons if lesson.leaflet]
    assert links == ["https://shop.example/h4k?s=l1.0", "https://shop.example/c9b?s=b1.0"]
    assert len(made.prints) == 2 or not only_cached
    desks = {urls.print_pdf(one): one.leaflet for one in made.prints}
    for lesson in made.lessons:
        assert lesson.leaflet
        assert desks[urls.leaflet(lesson.howto, lesson.leaflet)] == lesson.leaflet  # once in the site


def test_a_leaflet_with_more_pages_than_are_wished_is_a_warning_at_its_line(project: Project) -> None:
    text = "Lay it on its bed. " * 5
    steps = [{"id": f"s{n}", "title": f"Act {n}", "text": text, "check": text} for n in range(10)]
    mistakes = [{"see": text, "likely": text, "do": text}] * 4
    path = project.write("wire-a-plug", code="c9b", steps=steps, mistakes=mistakes, leaflet={"pages": 1})
    project.write("hang-a-shelf", code="h4k", title="Hang a shelf", leaflet={"pages": 1})
    project.text("content/codes.tsv", "code\tslug\tsince\nc9b\twire-a-plug\t2026-05-01\nh4k\thang-a-shelf\t2026-05-01\n")

    made = pipeline.make_artifacts(project.settings, project.cache, 1, only_cached=True)

    found = [problem for problem in made.problems if "allows" in problem.message]
    line = path.read_text("utf-8").splitlines().index("  pages: 1") + 1
    assert [(problem.file, problem.line, problem.warning) for problem in found] == [(path, line, True)]
    assert found[0].message == "its leaflet takes 2 pages, 'leaflet' allows 1"
    project.set(strict=True)
    with pytest.raises(Problems, match="takes 2 pages"):
        pipeline.make_artifacts(project.settings, project.cache, 1, only_cached=True)


def test_a_leaflet_that_weighs_more_than_is_allowed_is_a_warning_at_its_how_to(project: Project) -> None:
    path = project.write("wire-a-plug", code="c9b")
    project.text("content/codes.tsv", "code\tslug\tsince\nc9b\twire-a-plug\t2026-05-01\n")
    Image.effect_noise((400, 400), 90).save(project.root / "logo.png")
    project.set(store={"name": "Shop", "logo": "logo.png"})

    made = pipeline.make_artifacts(project.settings, project.cache, 1, only_cached=True)

    [found] = [problem for problem in made.problems if "weighs" in problem.message]
    assert (found.file, found.warning) == (path, True)
    assert found.message.startswith("printed as 'leaflet' it weighs 1")
    assert "150,000 are allowed" in found.message


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The how-tos whose texts were worked out, each as often as they were."""
    worked_out: list[str] = []
    template_texts = leaflet_data.template_texts

    def count(howto: HowTo, *inputs: Any) -> dict[str, Any]:
        worked_out.append(howto.page)
        return template_texts(howto, *inputs)

    monkeypatch.setattr(leaflet_data, "template_texts", count)
    return worked_out


@pytest.mark.parametrize("format", ["leaflet", "booklet", "two-a5"])
def test_a_leaflets_texts_are_worked_out_once(
    shop: Project, told: list[PrintSource], tmp_path: Path, counted: list[str], format: str
) -> None:
    fresh = PrintSource(told[0].howto, told[0].stills)

    print_jobs.print_all([print_jobs.howto_job(fresh, format)], shop.settings, Cache(tmp_path), 1, ignore)

    assert counted == [fresh.howto.page]
    assert fresh.texts == {}


def test_the_texts_of_a_pack_are_worked_out_once_each(
    shop: Project, told: list[PrintSource], tmp_path: Path, counted: list[str]
) -> None:
    fresh = [PrintSource(one.howto, one.stills) for one in told[:2]]
    jobs = [job for job in print_jobs.collection_jobs(fresh, "", "All") if job.format == "pack"]

    print_jobs.print_all(jobs, shop.settings, Cache(tmp_path), 1, ignore)

    assert counted == [one.howto.page for one in fresh]


def test_what_is_printed_already_keeps_no_texts(
    shop: Project, told: list[PrintSource], tmp_path: Path, counted: list[str]
) -> None:
    for _ in range(2):
        fresh = PrintSource(told[0].howto, told[0].stills)
        print_jobs.print_all([print_jobs.howto_job(fresh, "leaflet")], shop.settings, Cache(tmp_path), 1, ignore)

    assert counted == 2 * [fresh.howto.page]
    assert fresh.texts == {}
