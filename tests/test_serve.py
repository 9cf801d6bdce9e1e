"""The site as `site-builder serve` hands it out: compressed, in ranges, and its own page for lost addresses."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import waitress
import zxingcpp
from PIL import Image, ImageOps

from site_builder.website.output import server
from site_builder.website.output.server import application
from site_builder.website.output.sync import sync_site
from tests.project import Project

LOST = "<p>lost</p>" * 20


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    texts = {"": b"<p>home</p>" * 100, "k7p/": b"<p>plug</p>", "404.html": LOST.encode()}
    sync_site({**texts, "standard.0123abcd.mp4": bytes(range(256)) * 10}, tmp_path)
    server = waitress.create_server(application(tmp_path), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_text_travels_compressed_to_those_who_take_it(url: str, encoding: str) -> None:
    _, headers, body = get(f"{url}/", **{"Accept-Encoding": encoding})

    assert headers["Content-Encoding"] == encoding
    assert len(body) < 200


def test_a_part_of_a_film_can_be_asked_for(url: str) -> None:
    status, headers, body = get(f"{url}/standard.0123abcd.mp4", Range="bytes=256-259")

    assert (status, body) == (206, bytes([0, 1, 2, 3]))
    assert headers["Content-Range"] == "bytes 256-259/2560"
    assert headers["Content-Type"] == "video/mp4"


def test_a_name_with_a_hash_may_be_kept_and_a_page_is_asked_for_again(url: str) -> None:
    assert "immutable" in get(f"{url}/standard.0123abcd.mp4")[1]["Cache-Control"]
    assert get(f"{url}/")[1]["Cache-Control"] == "no-cache"


def test_a_printed_code_is_found_without_its_slash(url: str) -> None:
    assert get(f"{url}/k7p")[2] == b"<p>plug</p>"


@pytest.mark.parametrize("path", ["/no-such-page/", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd"])
def test_a_lost_address_gets_the_sites_own_page(url: str, path: str) -> None:
    assert get(url + path)[::2] == (404, LOST.encode())

    status, headers, body = get(url + path, **{"Accept-Encoding": "br"})
    assert (status, headers["Content-Encoding"], brotli.decompress(body)) == (404, "br", LOST.encode())


def test_serving_before_a_build_says_what_to_do(project: Project) -> None:
    told = project.run("serve")

    assert told.exit_code == 1
    assert "hint: run 'site-builder build' first" in told.stderr


@pytest.mark.parametrize(("asked", "status", "body"), [
    ("bytes=0-0", 206, b"\x00"), ("bytes=2559-2559", 206, b"\xff"), ("bytes=2559-", 206, b"\xff"), ("bytes=-1", 206, b"\xff"),
    ("bytes=2558-9999", 206, b"\xfe\xff"), ("bytes=2560-", 416, b""), ("bytes=-0", 416, b""), ("bytes=9-3", 200, None),
    ("lines=1-2", 200, None),
])  # fmt: skip
def test_ranges_are_those_that_were_asked_for(url: str, asked: str, status: int, body: bytes | None) -> None:
    answer = get(f"{url}/standard.0123abcd.mp4", Range=asked)

    assert answer[0] == status
    assert answer[2] == (bytes(range(256)) * 10 if body is None else body)
    assert int(answer[1].get("Content-Length", 0)) == len(answer[2])


@pytest.mark.parametrize(("said", "encoding"), [
    ("br;q=0, gzip", "gzip"), ("br;q=0.0, gzip;q=0", None), ("gzip;q=1, br;q=0.001", "br"), ("GZIP", "gzip"), ("", None),
])  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/no-such-page/"])
def test_an_encoding_that_is_refused_is_not_used(url: str, path: str, said: str, encoding: str | None) -> None:
    headers = get(url + path, **{"Accept-Encoding": said})[1]

    assert headers.get("Content-Encoding") == (encoding if path == "/" or encoding == "br" else None)


def test_the_head_of_a_lost_page_has_no_body(url: str) -> None:
    place = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    for _ in range(2):  # a body would be taken for the next answer
        place.request("HEAD", "/no-such-page/")
        answer = place.getresponse()
        assert (answer.status, answer.getheader("Content-Length"), answer.read()) == (404, str(len(LOST)), b"")


def test_hundreds_of_silent_readers_do_not_shut_out_the_next(tmp_path: Path) -> None:
    sync_site({"": b"home", "404.html": LOST.encode()}, tmp_path)
    places: list[str] = []
    threading.Thread(target=server.serve, args=(tmp_path, "127.0.0.1", 0, places.append), daemon=True).start()
    while not places:
        time.sleep(0.01)
    host, port = places[0].removeprefix("http://").strip("/").split(":")
    silent = [socket.create_connection((host, int(port)), timeout=10) for _ in range(300)]
    try:
        assert get(places[0])[2] == b"home"
    finally:
        for one in silent:
            one.close()


def test_a_phone_on_the_network_is_shown_the_address_as_a_code(project: Project) -> None:
    project.text("site/index.html", "home")
    words = [sys.executable, "-m", "site_builder.cli", "serve", "--host", "0.0.0.0", "--port", "0"]
    server = subprocess.Popen(words, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout
    assert server.stderr
    try:
        first = server.stdout.readline().split()[0]
        said = server.stderr.readline()
        assert get(first)[2] == b"home"
    finally:
        server.terminate()
    shown = server.communicate()[0]

    assert "everybody on that network can see this site" in said
    assert "0.0.0.0" not in first or server.own_address(six=False) is None
    assert scanned(shown) == [first.upper().removesuffix("/") + "/"] or scanned(shown) == [first]


def scanned(shown: str) -> list[str]:
    """What a phone reads from a terminal's screen."""
    rows = [row for row in shown.split("\n") if row.strip(" ▀▄█") == "" and len(row) > 20]
    dark = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    dots = [[dark[letter][half] for letter in row] for row in rows for half in (0, 1)]
    picture = Image.new("L", (len(dots[0]), len(dots)))
    picture.putdata([255 * (1 - dot) for row in dots for dot in row])
    large = ImageOps.expand(picture, 4, 255).resize((8 * (len(dots[0]) + 8), 8 * (len(dots) + 8)), Image.Resampling.NEAREST)
    return [code.text for code in zxingcpp.read_barcodes(large)]


def test_a_host_that_is_none_is_told(project: Project) -> None:
    project.text("site/index.html", "home")

    told = project.run("serve", "--host", "no.such.host.example", "--port", "0")

    assert told.exit_code == 2
    assert "host no.such.host.example, port 0 cannot be used" in told.stderr


@pytest.mark.parametrize(("words", "told"), [
    (("--port", "80000"), "80000 is not in the range 0<=x<=65535"),  # the system would take the rest of a division
    (("--host", "192.0.2.77", "--port", "0"), "try --host 0.0.0.0"),  # an address of documents: no machine has it
])  # fmt: skip
def test_a_port_or_an_address_that_cannot_be_had_is_told_with_one_that_can(
    project: Project, words: tuple[str, ...], told: str
) -> None:
    project.text("site/index.html", "home")

    done = project.run("serve", *words)

    assert done.exit_code == 2
    assert told in done.stderr
