"""Phone numbers as people write them, and as links want them. The only file that knows the library of numbers."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat

DEFAULT_COUNTRY = "ZA"  # whose numbers are written without a country's code, unless the settings say otherwise
EXAMPLE_NUMBER = "+27 82 123 4567"


def countries() -> frozenset[str]:
    """ISO 3166-1 codes of which numbers are known."""
    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def number_fault(number: str, country: str, abroad: bool = False) -> str | None:
    """What is wrong with a number as it was written; None where nothing is. `abroad`: it must lead there from any country."""
    parsed = parse_number(number, country)
    if parsed is None:
        return "is no phone number"
    if not abroad and phonenumbers.is_possible_short_number_for_region(parsed, country):
        return None
    if abroad and not phonenumbers.is_valid_number(parsed):
        return f"is no whole number of {region_of(parsed, country)}"
    why = phonenumbers.is_possible_number_with_reason(parsed)
    if why == phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    if why == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return "lacks its area's code"
    if why == phonenumbers.ValidationResult.TOO_LONG:
        return f"is too long for a number of {region_of(parsed, country)}"
    return f"is too short for a number of {region_of(parsed, country)}"


def parse_number(number: str, country: str) -> phonenumbers.PhoneNumber | None:
    if any(sign.isalpha() for sign in number):
        return None  # the library would read letters as keys of a phone: 0800 PLUMBER
    try:
        return phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None


def region_of(parsed: phonenumbers.PhoneNumber, country: str) -> str:
    return phonenumbers.region_code_for_country_code(parsed.country_code or 0) or country


def e164_digits(number: str | None, country: str = DEFAULT_COUNTRY) -> str:
    """As wa.me wants it: the country's code and the number in it, figures alone (ITU-T E.164 without its sign)."""
    parsed = parse_number(number, country) if number else None
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164).removeprefix("+") if parsed else ""


def tel_number(number: str | None) -> str:
    """As a `tel:` link wants it: what one dials, without the signs between (RFC 3966)."""
    digits = "".join(sign for sign in number or "" if sign.isdigit())
    return f"+{digits}" if (number or "").strip().startswith("+") else digits
