"""In which script and in which direction a language is written."""

from __future__ import annotations

import re

ARABIC_LANGS = ("ar", "fa", "ur")  # from right to left
DEVANAGARI_LANGS = ("hi", "mr", "ne")
RTL_CHARACTER = re.compile("[\u0590-\u08ff]")  # Hebrew, Arabic, and the scripts between them
