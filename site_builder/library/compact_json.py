"""JSON in as few bytes as it takes, for what phones load."""

from __future__ import annotations

import json


def json_text(data: object) -> str:
    """Letters as they are, no spaces."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def json_bytes(data: object) -> bytes:
    return json_text(data).encode()
