"""Addresses of the web as an editor gives them: only such as lead somewhere from paper, a feed and a phone alike."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from site_builder.library.problems import Wrong

LONGEST_SITE = 120  # characters: a longer one makes a code too fine to be scanned from a label
LONGEST_LINK = 2000
EXAMPLE = "such as https://clinic.example/ or https://clinic.example/how-to/"
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
PATH = re.compile(r"(?:[A-Za-z0-9\-._~!$&()*+,;=:@/]|%[0-9A-Fa-f]{2})*")  # RFC 3986 without the apostrophe
QUERY = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]|]|%[0-9A-Fa-f]{2})*")


def site(given: object) -> str:
    """Where the site is, or where printed links begin: everything else is added to it. Raises Wrong."""
    text = checked(given, LONGEST_SITE, EXAMPLE)
    if "?" in text or "#" in text:
        raise Wrong("which has a '?' or '#': the pages' own addresses are added behind it", EXAMPLE)
    parts = urlsplit(text)
    if not PATH.fullmatch(parts.path) or "//" in parts.path or any(part in (".", "..") for part in parts.path.split("/")):
        raise Wrong("which has signs in it that no address has", EXAMPLE)
    return f"{parts.scheme.lower()}://{parts.netloc}{parts.path}"


def link(given: object) -> str:
    """A page somewhere. Raises Wrong."""
    example = "such as https://example.org/a-page"
    text = checked(given, LONGEST_LINK, example)
    parts = urlsplit(text)
    if not all(QUERY.fullmatch(part) or not part.isascii() for part in (parts.path, parts.query, parts.fragment)):
        raise Wrong("which has signs in it that no address has", example)
    return text


def checked(given: object, longest: int, example: str) -> str:
    """The parts that all addresses have. Raises Wrong."""
    text = given.strip() if isinstance(given, str) else ""
    if not text:
        raise Wrong("no web address", example)
    if len(text) > longest:
        raise Wrong(f"which has {len(text):,} characters, {longest} are allowed", example)
    if any(sign.isspace() or sign in "\"'<>\\^`{}" or not sign.isprintable() for sign in text):
        raise Wrong("which has a space, a quote or another sign in it that no address has", example)
    if not re.match("https?://", text, re.IGNORECASE):
        raise Wrong("which has not the right form: it begins with https:// or http://", example)
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Wrong("which has not the right form", example) from None
    if "@" in parts.netloc:
        raise Wrong("which names a user before the '@'", f"leave that out; {example}")
    if "[" in parts.netloc:
        raise Wrong("which is a bare number of version 6", f"a name that can be typed from paper; {example}")
    if not host.isascii():
        raise Wrong("whose name has letters that not every phone sends", f"write it as {in_ascii(host) or 'xn--…'}; {example}")
    if not good_host(host) or parts.netloc.endswith(":"):
        raise Wrong("which names no computer that can be", example)
    return text


def good_host(host: str) -> bool:
    """A name, or four numbers."""
    if re.fullmatch("[0-9.]+", host):
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            return False
    return len(host) <= 253 and all(LABEL.fullmatch(label) for label in host.split("."))


def in_ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""
