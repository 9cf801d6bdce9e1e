"""How long something takes: ISO 8601 (PT1H30M), or as people write it (1 h 30 min)."""

from __future__ import annotations

import datetime as dt
import re

from site_builder.library.problems import Wrong

LONGEST = dt.timedelta(days=366)
HINT = "such as PT10M, PT2H30M or P1D; or 10 min, 2 h 30 min, 1 day"
UNITS = {  # seconds of each, and how it may be written
    "weeks": (7 * 86_400, "w|wk|wks|week|weeks"),
    "days": (86_400, "d|day|days"),
    "hours": (3600, "h|hr|hrs|hour|hours"),
    "minutes": (60, "min|mins|minute|minutes"),
    "seconds": (1, "s|sec|secs|second|seconds"),
}
NUMBER, WHOLE = r"[0-9]{1,9}(?:[.][0-9]{1,2})?", "[0-9]{1,9}"
# from the longest unit to the shortest, each at most once
PEOPLE = r"[ ,]*".join(
    rf"(?:(?P<{name}>{NUMBER}) ?(?:{re.sub(r'([a-z])([a-z]*)', lambda word: f'[{word[1]}{word[1].upper()}]{word[2]}', words)})"
    r"[.]?(?: and)?)?"
    for name, (_, words) in UNITS.items()
)
ISO_8601 = (
    f"P(?=.)(?:(?P<weeks>{WHOLE})W)?(?:(?P<days>{WHOLE})D)?"
    f"(?:T(?=.)(?:(?P<hours>{WHOLE})H)?(?:(?P<minutes>{WHOLE})M)?(?:(?P<seconds>{WHOLE})S)?)?"
)
SCHEMA = {  # for editors that check while one types: named groups are Python's own
    "type": "string",
    "pattern": "^({}|{})$".format(*(re.sub(r"[?]P<[a-z]+>", "?:", form) for form in (ISO_8601, f"(?=[0-9]){PEOPLE}"))),
    "description": f"a duration, {HINT}",
}


def read(given: object) -> dt.timedelta:
    """The duration. Raises Wrong; a bare number is refused too: `work: 15` would be 15 seconds."""
    if isinstance(given, dt.timedelta):
        return given
    text = " ".join(given.split()) if isinstance(given, str) else ""
    found = re.fullmatch(ISO_8601, text) or (re.fullmatch(PEOPLE, text) if text else None)
    if found is None or not re.search("[1-9]", text):
        raise Wrong("not a duration", HINT)
    parts = {name: float(number) for name, number in found.groupdict().items() if number}
    long = dt.timedelta(seconds=round(sum(number * UNITS[name][0] for name, number in parts.items())))
    if long > LONGEST:
        raise Wrong("longer than a year", HINT)
    return long


PERIOD = r"^P([0-9]{1,2}Y([0-9]{1,2}M)?([0-9]{1,3}D)?|[0-9]{1,3}M([0-9]{1,3}D)?|[0-9]{1,4}D)$"  # ISO 8601 in whole days
SPOKEN_PERIOD = r"^(?P<number>[0-9]{1,4}) ?(?P<unit>days?|weeks?|months?|years?)$"
PERIOD_HINT = "such as P12M, or 12 months, 2 years"
PERIOD_SCHEMA = {
    "type": "string",
    "pattern": f"{PERIOD}|{re.sub(r'[?]P<[a-z]+>', '', SPOKEN_PERIOD)}",
    "description": "how long a review holds; then check and build warn",
}


def read_period(given: object) -> str:
    """A period of days, months and years in ISO 8601, at most 99 years. Raises Wrong."""
    text = " ".join(given.split()) if isinstance(given, str) else ""
    if spoken := re.match(SPOKEN_PERIOD, text.lower()):
        number, unit = int(spoken["number"]), spoken["unit"][0].upper()
        text = f"P{number * 7}D" if unit == "W" else f"P{number}{unit}"
    if not re.fullmatch(PERIOD, text) or not re.search("[1-9]", text):
        raise Wrong("no period that can be", PERIOD_HINT)
    return text
