"""How long something takes: ISO 8601 (PT1H30M), or as people write it (1 h 30 min)."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial

from site_builder.library.problems import InvalidValue

MAX_DURATION = dt.timedelta(days=366)
DURATION_HINT = "such as PT10M, PT2H30M or P1D; or 10 min, 2 h 30 min, 1 day"
DURATION_UNITS = {  # seconds of each, and how it may be written
    "weeks": (7 * 86_400, "w|wk|wks|week|weeks"),
    "days": (86_400, "d|day|days"),
    "hours": (3600, "h|hr|hrs|hour|hours"),
    "minutes": (60, "min|mins|minute|minutes"),
    "seconds": (1, "s|sec|secs|second|seconds"),
}
NUMBER_PATTERN, WHOLE_PATTERN = r"[0-9]{1,9}(?:[.][0-9]{1,2})?", "[0-9]{1,9}"
# from the longest unit to the shortest, each at most once
CAPITALISED = partial(re.sub, r"([a-z])([a-z]*)", lambda word: f"[{word[1]}{word[1].upper()}]{word[2]}")
SPOKEN_DURATION = r"[ ,]*".join(
    rf"(?:(?P<{name}>{NUMBER_PATTERN}) ?(?:{CAPITALISED(words)})[.]?(?: and)?)?" for name, (_, words) in DURATION_UNITS.items()
)
ISO_8601 = (
    f"P(?=.)(?:(?P<weeks>{WHOLE_PATTERN})W)?(?:(?P<days>{WHOLE_PATTERN})D)?"
    f"(?:T(?=.)(?:(?P<hours>{WHOLE_PATTERN})H)?(?:(?P<minutes>{WHOLE_PATTERN})M)?(?:(?P<seconds>{WHOLE_PATTERN})S)?)?"
)
DURATION_SCHEMA = {  # for editors that check while one types: named groups are Python's own
    "type": "string",
    "pattern": "^({}|{})$".format(*(re.sub(r"[?]P<[a-z]+>", "?:", form) for form in (ISO_8601, f"(?=[0-9]){SPOKEN_DURATION}"))),
    "description": f"a duration, {DURATION_HINT}",
}


def parse_duration(value: object) -> dt.timedelta:
    """The duration. Raises InvalidValue; a bare number is refused too: `work: 15` would be 15 seconds."""
    if isinstance(value, dt.timedelta):
        return value
    text = " ".join(value.split()) if isinstance(value, str) else ""
    match = re.fullmatch(ISO_8601, text) or (re.fullmatch(SPOKEN_DURATION, text) if text else None)
    if match is None or not re.search("[1-9]", text):
        raise InvalidValue("not a duration", DURATION_HINT)
    parts = {name: float(number) for name, number in match.groupdict().items() if number}
    total = dt.timedelta(seconds=round(sum(number * DURATION_UNITS[name][0] for name, number in parts.items())))
    if total > MAX_DURATION:
        raise InvalidValue("longer than a year", DURATION_HINT)
    return total


PERIOD_PATTERN = r"^P([0-9]{1,2}Y([0-9]{1,2}M)?([0-9]{1,3}D)?|[0-9]{1,3}M([0-9]{1,3}D)?|[0-9]{1,4}D)$"  # ISO 8601 in whole days
SPOKEN_PERIOD = r"^(?P<number>[0-9]{1,4}) ?(?P<unit>days?|weeks?|months?|years?)$"
PERIOD_HINT = "such as P12M, or 12 months, 2 years"
PERIOD_SCHEMA = {
    "type": "string",
    "pattern": f"{PERIOD_PATTERN}|{re.sub(r'[?]P<[a-z]+>', '', SPOKEN_PERIOD)}",
    "description": "how long a review holds; then check and build warn",
}


def parse_period(value: object) -> str:
    """A period of days, months and years in ISO 8601, at most 99 years. Raises InvalidValue."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if match := re.match(SPOKEN_PERIOD, text.lower()):
        number, unit = int(match["number"]), match["unit"][0].upper()
        text = f"P{number * 7}D" if unit == "W" else f"P{number}{unit}"
    if not re.fullmatch(PERIOD_PATTERN, text) or not re.search("[1-9]", text):
        raise InvalidValue("no period that can be", PERIOD_HINT)
    return text
