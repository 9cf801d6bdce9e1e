"""Serves the built site on this machine as a good host would: compressed, in ranges, with its own page for lost addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import waitress
from whitenoise import WhiteNoise

from site_builder.website import headers

HERE = "127.0.0.1"

Respond = Callable[[str, list[tuple[str, str]]], Any]


def application(site: Path) -> WhiteNoise:
    """A WSGI application for a site folder. It looks again at each request, so that a new build is seen at once."""
    return Files(
        Lost(site),
        root=str(site),
        index_file=True,
        autorefresh=True,
        max_age=0,
        allow_all_origins=False,
        immutable_file_test=headers.HASHED,
        mimetypes=headers.TYPES,
        add_headers_function=add_headers,
    )


def add_headers(found: Any, path: str, url: str) -> None:
    if path.endswith((".mp4", ".pdf")):
        found["Accept-Ranges"] = "bytes"
    for name, value in headers.of(path).items():
        found[name] = value


class Files(WhiteNoise):  # type: ignore[misc]  # it has no types
    """Redirects keep what stands behind `?`, as other hosts' do: a code tells there from what print it was scanned."""

    @staticmethod
    def serve(static_file: Any, environ: dict[str, Any], respond: Respond) -> Any:
        asked = environ.get("QUERY_STRING")

        def whole(status: str, told: list[tuple[str, str]]) -> Any:
            return respond(
                status, [(name, f"{value}?{asked}" if name == "Location" and asked else value) for name, value in told]
            )

        return WhiteNoise.serve(static_file, environ, whole)


class Lost:
    """What is not in the folder: the site's own 404 page."""

    def __init__(self, site: Path) -> None:
        self.page = site / "404.html"

    def __call__(self, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        packed = self.page.with_name("404.html.br")
        told = {"Content-Type": "text/html; charset=utf-8", "Vary": "Accept-Encoding", **headers.of("404.html")}
        if "br" in environ.get("HTTP_ACCEPT_ENCODING", "") and packed.is_file():
            body = packed.read_bytes()
            told["Content-Encoding"] = "br"
        else:
            body = self.page.read_bytes() if self.page.is_file() else b"Not found. Is the site built?"
        respond("404 Not Found", [*told.items(), ("Content-Length", str(len(body)))])
        return [body]


def serve(site: Path, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` is told the address. Raises OSError where the port is taken."""
    server = waitress.create_server(application(site), host=HERE, port=port, threads=8, ident="")
    ready(f"http://{HERE}:{server.effective_port}/")
    server.run()
