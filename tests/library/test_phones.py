"""Numbers of any country: refused where nobody could dial them, and links that lead there from anywhere."""

from __future__ import annotations

import pytest

from site_builder.library import phones
from site_builder.library.settings import DEFAULT_TARIFFS
from site_builder.website.pages import share
from tests.project import Project


@pytest.mark.parametrize(("number", "country", "digits"), [
    ("082 123 4567", "ZA", "27821234567"), ("+27 (0)82 123-4567", "ZA", "27821234567"), ("0027821234567", "ZA", "27821234567"),
    ("+254 712 345678", "ZA", "254712345678"), ("0712 345 678", "KE", "254712345678"), ("0803 123 4567", "NG", "2348031234567"),
    ("84 123 4567", "MZ", "258841234567"), ("71 123 456", "BW", "26771123456"), ("06 1234 5678", "IT", "390612345678"),
    ("8 (912) 345-67-89", "RU", "79123456789"), ("11 91234-5678", "BR", "5511912345678"), ("98765 43210", "IN", "919876543210"),
])  # fmt: skip
def test_a_link_to_whatsapp_has_the_countrys_code(number: str, country: str, digits: str) -> None:
    assert phones.number_fault(number, country, abroad=True) is None
    assert phones.e164_digits(number, country) == digits
    assert share.whatsapp_link("hello", number, country) == f"https://wa.me/{digits}?text=hello"


@pytest.mark.parametrize(("number", "dialled"), [
    ("011 555 0100", "0115550100"), ("+27 11 555-0100", "+27115550100"), ("(011) 555.0100", "0115550100"), ("10111", "10111"),
])  # fmt: skip
def test_a_number_is_dialled_as_it_is_written(number: str, dialled: str) -> None:
    assert phones.number_fault(number, "ZA") is None
    assert phones.tel_number(number) == dialled


@pytest.mark.parametrize(("field", "number", "why"), [
    ("phone", "ask Thandi", "is no phone number"), ("phone", "0800 PLUMBER", "is no phone number"),
    ("whatsapp", "082 12", "is no whole number of ZA"), ("whatsapp", "+254 712", "is no whole number of KE"),
    ("missed_call", "011 555 0100 / 082 123 4567", "is no phone number"), ("phone", "1 2", "is no phone number"),
])  # fmt: skip
def test_a_number_that_nobody_can_dial_is_told_at_its_line(project: Project, field: str, number: str, why: str) -> None:
    project.write()
    project.set(store={"name": "Shop", field: number})

    told = project.run("check")

    assert told.exit_code == 1
    row = next(row for row in told.stderr.splitlines() if f"'{field}': '{number}' {why}" in row)
    line = int(row.split(":")[1])
    assert number in (project.root / "mkdocs.yml").read_text("utf-8").splitlines()[line - 1]
    assert "with its country's code: +27 82 123 4567" in told.stderr


def test_a_country_that_is_none_is_told(project: Project) -> None:
    project.write()
    project.set(country="XX")

    assert "no country is called 'XX'" in project.run("check").stderr


def test_a_new_library_shows_a_price_from_its_first_film_on_and_none_where_it_says_so(project: Project) -> None:
    project.write()
    assert project.settings.tariff is None
    project.text("videos/wire-a-plug.mp4", "a film")

    assert project.settings.options.tariffs == DEFAULT_TARIFFS
    assert project.settings.tariff == DEFAULT_TARIFFS[0]
    assert all(tariff.as_of and tariff.source for tariff in DEFAULT_TARIFFS)
    project.set(tariffs=[])
    assert project.settings.tariff is None
    project.options.pop("tariffs")
    project.set(country="KE")
    assert project.settings.tariff is None
