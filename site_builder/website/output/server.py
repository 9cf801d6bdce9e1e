"""Serves the built site on this machine as a good host would: compressed, in ranges, with its own page for lost addresses."""

from __future__ import annotations

import errno
import re
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import waitress
from whitenoise import WhiteNoise
from whitenoise.responders import Response, SlicedFile, StaticFile

from site_builder.website.output import headers

LOCALHOST = "127.0.0.1"
ANY_HOST = ("0.0.0.0", "::", "")  # noqa: S104  # as `--host` names them
ZERO_QUALITY = re.compile(r"q=0(\.0*)?")

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


def application(site: Path) -> WhiteNoise:
    """A WSGI application for a site folder. It looks again at each request, so that a new build is seen at once."""
    return StaticSite(
        NotFound(site),
        root=str(site),
        index_file=True,
        autorefresh=True,
        max_age=0,
        allow_all_origins=False,
        immutable_file_test=headers.HASHED_NAME,
        mimetypes=headers.MIME_TYPES,
        add_headers_function=add_headers,
    )


def add_headers(found: Any, path: str, url: str) -> None:
    if path.endswith((".mp4", ".pdf")):
        found["Accept-Ranges"] = "bytes"
    for name, value in headers.headers_for(path).items():
        found[name] = value


class StaticSite(WhiteNoise):  # type: ignore[misc]  # it has no types
    """Redirects keep what stands behind `?`, as other hosts' do: a code tells there from what print it was scanned."""

    def __call__(self, environ: dict[str, Any], respond: StartResponse) -> Any:
        # both look for a name alone: `br;q=0`, which refuses it, would be taken for a wish
        return super().__call__(
            {**environ, "HTTP_ACCEPT_ENCODING": accepted_encodings(environ.get("HTTP_ACCEPT_ENCODING", ""))}, respond
        )

    def get_static_file(self, *asked: Any, **more: Any) -> Any:
        found = super().get_static_file(*asked, **more)
        found.__class__ = RangedFile
        return found

    @staticmethod
    def serve(static_file: Any, environ: dict[str, Any], respond: StartResponse) -> Any:
        asked = environ.get("QUERY_STRING")

        def whole(status: str, told: list[tuple[str, str]]) -> Any:
            return respond(
                status, [(name, f"{value}?{asked}" if name == "Location" and asked else value) for name, value in told]
            )

        return WhiteNoise.serve(static_file, environ, whole)


class RangedFile(StaticFile):  # type: ignore[misc]
    """Ranges as RFC 9110 §14 has them: WhiteNoise 6.12 refuses those of one byte, and takes one that ends before it begins."""

    def get_range_response(self, asked: str, told: Any, file: Any) -> Any:
        size = next(int(value) for name, value in told if name == "Content-Length")
        start, end = self.parse_byte_range(asked)
        if end is not None and end < start:
            raise ValueError("no range: the whole file is sent")
        start, end = self.get_byte_range(asked, size)
        if start >= size or asked.strip().endswith("=-0"):
            return self.get_range_not_satisfiable_response(file, size)
        part = {"Content-Range": f"bytes {start}-{end}/{size}", "Content-Length": str(end - start + 1)}
        kept = [(name, value) for name, value in told if name not in part]
        return Response(HTTPStatus.PARTIAL_CONTENT, [*kept, *part.items()], file and SlicedFile(file, start, end))


def accepted_encodings(accept_encoding: str) -> str:
    """The encodings that a browser takes, of those that it names: RFC 9110 §12.5.3."""
    rows = [[part.strip().lower() for part in row.split(";")] for row in accept_encoding.split(",")]
    return ", ".join(name for name, *weights in rows if not any(ZERO_QUALITY.fullmatch(weight) for weight in weights))


class NotFound:
    """What is not in the folder: the site's own 404 page."""

    def __init__(self, site: Path) -> None:
        self.page = site / "404.html"

    def __call__(self, environ: dict[str, Any], respond: StartResponse) -> Iterable[bytes]:
        packed = self.page.with_name("404.html.br")
        told = {"Content-Type": "text/html; charset=utf-8", "Vary": "Accept-Encoding", **headers.headers_for("404.html")}
        if "br" in environ.get("HTTP_ACCEPT_ENCODING", "").split(", ") and packed.is_file():
            body = packed.read_bytes()
            told["Content-Encoding"] = "br"
        else:
            body = self.page.read_bytes() if self.page.is_file() else b"Not found. Is the site built?"
        respond("404 Not Found", [*told.items(), ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def serve(site: Path, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` is told the address. Raises OSError where host or port cannot be had."""
    try:
        server = waitress.create_server(application(site), host=host, port=port, threads=8, ident="", **connection_limits())
    except ValueError as error:  # a name that leads nowhere
        raise OSError(errno.EADDRNOTAVAIL, str(error)) from None
    ready(server_url(host, server.effective_port))
    server.run()


def connection_limits() -> dict[str, Any]:
    """Phones leave connections open and say nothing: many may do so, and none for long."""
    return {"connection_limit": max_connections(), "channel_timeout": 30, "cleanup_interval": 5, "asyncore_use_poll": True}


def max_connections() -> int:
    """As many as this process may have files open, but for some."""
    try:
        import resource
    except ImportError:  # Windows
        return 400
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 4000 if soft == resource.RLIM_INFINITY else max(100, min(4000, soft - 100))


def server_url(host: str, port: int) -> str:
    """The address to type: of a server for everybody, this machine's own on its network."""
    if host in ANY_HOST:
        host = lan_address(":" in host) or host
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def lan_address(six: bool) -> str | None:
    """This machine's on the network that leads out of it. Nothing is sent."""
    family, there = (socket.AF_INET6, "2001:db8::1") if six else (socket.AF_INET, "192.0.2.1")
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asked:
        asked.connect((there, 9))
        found: str = asked.getsockname()[0]
        return found
    return None


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach it."""
    return host == "localhost" or host.startswith("127.") or host == "::1"
