"""Names of how-tos and categories as addresses have them."""

from __future__ import annotations

import re
import unicodedata

SLUG_FORM = r"[a-z0-9]+(-[a-z0-9]+)*"
SLUG_PATTERN, SLUG_LENGTH = re.compile(SLUG_FORM), 60


def slugify(words: str) -> str:
    """Words as a name in addresses: `Wash your hands!` is wash-your-hands. Empty where nothing of them can stand there."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    parts = re.findall("[a-z0-9]+", plain.replace("'", ""))
    while parts and len("-".join(parts)) > SLUG_LENGTH:
        parts.pop()
    return "-".join(parts)
