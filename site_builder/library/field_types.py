"""The kinds of values that an editor writes into front matter, settings and tables, and what each may be."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from site_builder.library import durations, web
from site_builder.library.problems import InvalidValue
from site_builder.library.slugs import SLUG_FORM, SLUG_LENGTH


def require_letter_or_digit(value: str) -> str:
    """What has a letter or a figure in it. Raises InvalidValue for a dash or a space that only stands in for words."""
    if not (value[0].isalnum() or any(map(str.isalnum, value))):
        raise InvalidValue("no words", "write it, or leave the line out if it is optional")
    return value


CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 o, 1 i l

Slug = Annotated[str, Field(pattern=f"^{SLUG_FORM}$", max_length=SLUG_LENGTH)]
Lang = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", description="BCP 47 language tag, such as en or af")]
Version = Annotated[str, Field(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]  # not \\d: other scripts have digits too
ShortCode = Annotated[str, Field(pattern=f"^[2-9{CODE_ALPHABET[8:]}]{{2,4}}$", description="short code of the printed link")]
Number = Annotated[float, BeforeValidator(lambda value: reject_boolean(value)), Field(ge=-1e9, le=1e9)]
Seconds = Annotated[Number, Field(ge=0, le=86_400, description="seconds into the film")]
Text = Annotated[str, Field(min_length=1), AfterValidator(require_letter_or_digit)]
Duration = Annotated[dt.timedelta, BeforeValidator(durations.parse_duration), WithJsonSchema(durations.DURATION_SCHEMA)]
Period = Annotated[str, BeforeValidator(durations.parse_period), WithJsonSchema(durations.PERIOD_SCHEMA)]
DATE_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
Date = Annotated[
    dt.date, BeforeValidator(lambda value: parse_date(value)), WithJsonSchema({"type": "string", "format": "date"})
]
Link = Annotated[str, BeforeValidator(web.validate_link), WithJsonSchema({"type": "string", "pattern": "^https?://"})]
Unit = Literal[
    "each", "m", "m2", "m3", "mm", "cm", "l", "ml", "kg", "g",
    "bag", "barrow", "bucket", "roll", "pack", "tin", "box", "bottle", "tube",
]  # fmt: skip
Container = Literal["bag", "barrow", "bucket", "roll", "pack", "tin", "box", "bottle", "tube"]
CalculatorNumber = Annotated[Number, Field(ge=0, le=1_000_000)]
Gear = Literal["gloves", "goggles", "dust-mask", "boots", "ear", "harness"]
Risk = Literal["low", "medium", "high"]
EARLIEST_DATE, LATEST_DATE = dt.date(1900, 1, 1), dt.date(2199, 12, 31)  # beyond, a date is a slip


def parse_date(value: object) -> dt.date:
    """A date as 2026-11-21. Raises InvalidValue; a bare number is refused too: `published: 0` would be a day of 1970."""
    if isinstance(value, dt.date):
        return value
    try:
        date = dt.date.fromisoformat(value) if isinstance(value, str) and re.fullmatch(DATE_PATTERN, value) else None
    except ValueError:
        date = None
    if date is None:
        raise InvalidValue("not a date", "such as 2026-11-21")
    if not EARLIEST_DATE <= date <= LATEST_DATE:
        raise InvalidValue("a date that cannot be meant", "such as 2026-11-21")
    return date


def reject_boolean(value: object) -> object:
    """Whatever may be a number. Raises InvalidValue for yes and no, which would be 1 and 0."""
    if isinstance(value, bool):
        raise InvalidValue("not a number", "such as 1 or 0.5")
    return value


class StrictModel(BaseModel):
    """Something an editor writes: no field that we do not know, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


Folder = Annotated[str, Field(min_length=1)]
SiteAddress = Annotated[str, BeforeValidator(web.validate_site_url)]
