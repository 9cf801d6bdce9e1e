"""The site as `site-builder serve` hands it out: compressed, in ranges, and its own page for lost addresses."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import waitress

from site_builder.website.placed import put_all
from site_builder.website.serve import application
from tests.conftest import Project

LOST = "<p>lost</p>" * 20


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    texts = {"": b"<p>home</p>" * 100, "k7p/": b"<p>plug</p>", "404.html": LOST.encode()}
    put_all({**texts, "standard.0123abcd.mp4": bytes(range(256)) * 10}, tmp_path)
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
