"""Rows that pages leave in a host's access log: `beacon.toml` describes them, for the script that sends and for who reads."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

SCHEMA_FILE_PATH = Path(__file__).with_name("beacon.toml")


@dataclass(frozen=True)
class BeaconSchema:
    """`file` is what is asked for, at the site's root; `events` has the fields of each event's rows by the event's name."""

    file: str
    events: dict[str, frozenset[str]]


@cache
def beacon_schema() -> BeaconSchema:
    schema = tomllib.loads(SCHEMA_FILE_PATH.read_text("utf-8"))
    common = frozenset(schema["fields"])
    return BeaconSchema(
        schema["file"], {name: common | set(event.get("fields", ())) for name, event in schema["events"].items()}
    )


def read_row(query: str) -> dict[str, str] | None:
    """Fields of a row by their names, from the query of a logged address; None for what no page of ours sends."""
    row = dict(parse_qsl(query, keep_blank_values=True))
    return row if row.keys() == beacon_schema().events.get(row.get("e", "")) else None
