"""What hosts say with each file, and that no page does what its policy forbids."""

from __future__ import annotations

import os
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from playwright.sync_api import expect

from site_builder.website import urls
from site_builder.website.output import headers
from tests.website.phone import Phone, until

PLUG = "electrical/wire-a-plug/"
PLAYS = "() => { const film = document.querySelector('.stage video'); return film && film.currentTime > 0.2 }"


@pytest.mark.parametrize(
    "there", ["", "search/", "phone/", "electrical/", PLUG, f"af/{PLUG}", "building/mix-mortar/", "about/"]
)
def test_no_page_does_what_its_policy_forbids(phone: Phone, there: str) -> None:
    """The fixture fails on each complaint in the console; what is used at a tap is used here."""
    phone.page.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation', event => refused.push(event.violatedDirective))"
    )
    page = phone.go(there)
    if there == PLUG:
        page.locator("[data-do=save]").click()
        page.get_by_role("button", name="Close").click()
        page.locator(".play").click()
        until(page, PLAYS)
    if "mortar" in there:
        page.locator(".asks input").fill("3")
        expect(page.locator("output")).to_have_text("2 bags")
    page.locator("[data-search]").click()
    page.keyboard.type("plug")
    expect(page.locator("dialog li a").first).to_be_visible()

    assert page.evaluate("window.refused") == []


def test_pages_have_the_policy_and_files_with_a_hash_are_kept(address: str, built: Path) -> None:
    style = next(built.glob("assets/site.*.css")).name
    for there, name, value in (
        ("", "Content-Security-Policy", headers.PAGE_HEADERS["Content-Security-Policy"]),
        ("", "Cache-Control", headers.NO_CACHE),
        ("", "Permissions-Policy", headers.PAGE_HEADERS["Permissions-Policy"]),
        (f"assets/{style}", "Cache-Control", headers.IMMUTABLE),
        (f"assets/{style}", "X-Content-Type-Options", "nosniff"),
        ("sw.js", "Cache-Control", headers.ONE_DAY),
    ):
        with urllib.request.urlopen(address + there, timeout=10) as answer:
            assert answer.headers[name] == value


def test_the_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in headers.PAGE_HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["_headers", "hosts/nginx.conf", "hosts/htaccess.txt", "hosts/s3.sh"])
def test_each_host_is_told_the_same(built: Path, name: str) -> None:
    text = (built / name).read_text("utf-8")

    for value in (headers.IMMUTABLE, headers.ONE_DAY, headers.PAGE_HEADERS["Content-Security-Policy"], "nosniff"):
        assert value in text


def test_every_file_with_a_hash_is_in_a_folder_that_hosts_keep(built: Path) -> None:
    kept = [
        path.relative_to(built)
        for path in built.rglob("*")
        if headers.headers_for(path.name)["Cache-Control"] == headers.IMMUTABLE
    ]

    assert {path.parts[0] for path in kept} == set(urls.HASHED_FOLDERS)


def test_nginx_keeps_the_types_that_it_knows(built: Path) -> None:
    """A `types` block takes the place of the whole list: without it every page would be offered as a download."""
    text = (built / "hosts/nginx.conf").read_text("utf-8")

    assert text.index("include mime.types;") < text.index("types {")


def files(built: Path) -> list[str]:
    return sorted(path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file())


def of_apache(text: str, name: str) -> dict[str, str]:
    """What the sections of a .htaccess say of a file: the last one wins."""
    told: dict[str, str] = {}
    inside = True
    for line in text.splitlines():
        if opened := re.fullmatch(r'<FilesMatch "(.+)">', line):
            inside = re.search(opened[1], name) is not None
        elif line == "</FilesMatch>":
            inside = True
        elif inside and (said := re.match(r'\s*Header (?:always )?set (\S+) "(.+)"', line)):
            told[said[1]] = said[2]
    return told


def test_apache_says_of_a_packed_file_what_is_said_of_the_file(built: Path) -> None:
    text = (built / "hosts/htaccess.txt").read_text("utf-8")
    packed = [name for name in files(built) if name.endswith(".br")]

    for name in packed:
        plain = name.removesuffix(".br")
        assert of_apache(text, Path(name).name) == of_apache(text, Path(plain).name) == headers.headers_for(plain)
        assert re.search(f"\\.({headers.COMPRESSED_SUFFIXES})$", plain)
    assert packed


AWS = """#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word" >> "$TOLD"; done
printf '\\n' >> "$TOLD"
"""


def sent(command: list[str], names: list[str]) -> Iterator[str]:
    """The files that a command of aws is about: the last filter that fits one decides."""
    filters = [(word, command[at + 1]) for at, word in enumerate(command) if word in ("--exclude", "--include")]
    for name in names:
        fits = [word for word, pattern in filters if fnmatch(name, pattern)]
        if not fits or fits[-1] == "--include":
            yield name


def test_s3_gets_every_file_with_its_headers_and_each_page_anew(built: Path, tmp_path: Path) -> None:
    program = tmp_path / "aws"
    program.write_text(AWS)
    program.chmod(0o755)
    told = tmp_path / "told"
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "TOLD": str(told)}

    subprocess.run(["sh", "hosts/s3.sh", "shop"], cwd=built, env=env, check=True)

    commands = [row.rstrip("\0").split("\0") for row in told.read_text("utf-8").splitlines()]
    assert all(command[2:4] == [".", "s3://shop"] for command in commands)
    there: dict[str, str] = {}
    always: set[str] = set()
    for command in commands:
        if "--cache-control" not in command:
            continue
        for name in sent(command, files(built)):
            if command[1] == "cp":
                always.add(name)
            elif name in there:
                continue  # what is there already, as large as it is here, is not sent again
            there[name] = command[command.index("--cache-control") + 1]
    mine = [
        name for name in files(built) if not name.endswith((".br", ".gz")) and not re.match(r"hosts/|_headers|\.nojekyll", name)
    ]
    assert there == {name: headers.headers_for(name)["Cache-Control"] for name in mine}
    assert always == {name for name in mine if there[name] != headers.IMMUTABLE}
    deletes = [command for command in commands if "--delete" in command]
    assert deletes == [commands[-1]]
    assert not [name for name in sent(deletes[0], files(built)) if there.get(name) == headers.IMMUTABLE]
