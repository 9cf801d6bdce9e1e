"""Addresses of the web as an editor gives them: only such as lead somewhere from paper, a feed and a phone alike."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from site_builder.library.problems import InvalidValue

MAX_SITE_CHARACTERS = 120  # characters: a longer one makes a code too fine to be scanned from a label
MAX_LINK_CHARACTERS = 2000
EXAMPLE_HINT = "such as https://clinic.example/ or https://clinic.example/how-to/"
DNS_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
URL_PATH = re.compile(r"(?:[A-Za-z0-9\-._~!$&()*+,;=:@/]|%[0-9A-Fa-f]{2})*")  # RFC 3986 without the apostrophe
URL_QUERY = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]|]|%[0-9A-Fa-f]{2})*")


def validate_site_url(value: object) -> str:
    """Where the site is, or where printed links begin: everything else is added to it. Raises InvalidValue."""
    text = validate_url(value, MAX_SITE_CHARACTERS, EXAMPLE_HINT)
    if "?" in text or "#" in text:
        raise InvalidValue("which has a '?' or '#': the pages' own addresses are added behind it", EXAMPLE_HINT)
    parts = urlsplit(text)
    if not URL_PATH.fullmatch(parts.path) or "//" in parts.path or any(part in (".", "..") for part in parts.path.split("/")):
        raise InvalidValue("which has signs in it that no address has", EXAMPLE_HINT)
    return f"{parts.scheme.lower()}://{parts.netloc}{parts.path}"


def validate_link(value: object) -> str:
    """A page somewhere. Raises InvalidValue."""
    example = "such as https://example.org/a-page"
    text = validate_url(value, MAX_LINK_CHARACTERS, example)
    parts = urlsplit(text)
    if not all(URL_QUERY.fullmatch(part) or not part.isascii() for part in (parts.path, parts.query, parts.fragment)):
        raise InvalidValue("which has signs in it that no address has", example)
    return text


def validate_url(value: object, longest: int, example: str) -> str:
    """The parts that all addresses have. Raises InvalidValue."""
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise InvalidValue("no web address", example)
    if len(text) > longest:
        raise InvalidValue(f"which has {len(text):,} characters, {longest} are allowed", example)
    if any(sign.isspace() or sign in "\"'<>\\^`{}" or not sign.isprintable() for sign in text):
        raise InvalidValue("which has a space, a quote or another sign in it that no address has", example)
    if not re.match("https?://", text, re.IGNORECASE):
        raise InvalidValue("which has not the right form: it begins with https:// or http://", example)
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidValue("which has not the right form", example) from None
    if "@" in parts.netloc:
        raise InvalidValue("which names a user before the '@'", f"leave that out; {example}")
    if "[" in parts.netloc:
        raise InvalidValue("which is a bare number of version 6", f"a name that can be typed from paper; {example}")
    if not host.isascii():
        raise InvalidValue(
            "whose name has letters that not every phone sends", f"write it as {idna_host(host) or 'xn--…'}; {example}"
        )
    if not is_valid_host(host) or parts.netloc.endswith(":"):
        raise InvalidValue("which names no computer that can be", example)
    return text


def is_valid_host(host: str) -> bool:
    """A name, or four numbers."""
    if re.fullmatch("[0-9.]+", host):
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            return False
    return len(host) <= 253 and all(DNS_LABEL.fullmatch(label) for label in host.split("."))


def idna_host(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""
