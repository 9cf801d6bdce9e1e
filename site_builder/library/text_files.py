"""Text that an editor saved: decoded, in one form, and without characters that nobody can see."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from site_builder.library.os_errors import os_error_reason
from site_builder.library.problems import Problem

MAX_FILE_BYTES = 5_000_000  # bytes of a file that is read as text
# Embeddings, overrides and isolates: they turn what follows them, in lists, feeds and messages too. Plain marks (U+200E,
# U+200F, U+061C) turn nothing but themselves, and people who write Arabic need them.
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# control characters, separators that YAML and browsers count as lines, and signs that turn the words behind them round
CONTROL_CHARACTERS = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]|{BIDI_CONTROLS.pattern}")
INVISIBLE_SPACES = "\u00a0\u00ad\u1680\u180e\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"  # looks like a space, or like nothing
INVISIBLE_CHARACTERS = re.compile(rf"[{INVISIBLE_SPACES}\u200c-\u200f\u202a-\u202e\u2066-\u2069]")


class NotReadable(Exception):
    """The file is not what it should be; carries the one problem that says so."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


def read_text(path: Path) -> str:
    """Decoded text of a file: UTF-8, lines ending in one newline, letters composed (NFC), so that a name is the same as one
    types it and as a disk has it. Raises NotReadable where it is no text: not UTF-8, a control character, or far too long.
    """
    try:
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            message = f"this file has {size / 1e6:,.1f} MB, {MAX_FILE_BYTES / 1e6:g} are allowed"
            raise NotReadable(Problem(path, 1, message, "is it text at all?"))
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise NotReadable(Problem(path, 1, f"this file cannot be read: {os_error_reason(error)}")) from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"this is not UTF-8 text (byte 0x{data[error.start]:02x})"
        raise NotReadable(Problem(path, line, message, "save the file as UTF-8 in your editor")) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := CONTROL_CHARACTERS.search(text):
        raise NotReadable(control_character_problem(path, text.count("\n", 0, control.start()) + 1, control[0]))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def control_character_problem(path: Path, line: int, sign: str) -> Problem:
    """Such characters come from broken copies. They steer terminals, and pages and leaflets cannot show them."""
    if BIDI_CONTROLS.match(sign):
        message = f"this line holds a sign that turns the direction of text ({character_name(sign)})"
        return Problem(path, line, message, "delete it: words find their own direction, Arabic ones too")
    code = f"0x{ord(sign):02x}" if sign < "\u0100" else character_name(sign)
    message = f"this line holds a control character ({code})"
    return Problem(path, line, message, "delete it, or type the words again")


def character_name(sign: str) -> str:
    """`no-break space, U+00A0`"""
    return f"{unicodedata.name(sign, 'a sign').lower()}, U+{ord(sign):04X}"


def misplaced_space_problem(path: Path, line: int, sign: str) -> Problem:
    """Such signs come from web pages and word processors. YAML takes them for letters."""
    known = {"\u00a0": "a no-break space", "\ufeff": "a byte order mark"}
    name = known.get(sign, f"a sign that cannot be seen ({unicodedata.name(sign, '?').lower()})" if sign.isspace() is False
                     else f"a space of another kind ({unicodedata.name(sign, '?').lower()})")  # fmt: skip
    hint = "type a usual space in its place" if sign.isspace() else "delete it, and what stands between the letters beside it"
    return Problem(path, line, f"{name} (U+{ord(sign):04X}) stands here", hint)
