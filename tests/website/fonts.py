"""The fonts that the tests' browser has: those of the package, whatever the machine has installed.

Chromium asks fontconfig for a page's fonts. A configuration of its own names one folder, gives every family that a page
can ask for to the same faces, and draws them alike: without hinting, in greys.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "site_builder/leaflets/fonts"
GENERIC = ("system-ui", "sans-serif", "serif", "monospace", "cursive", "fantasy", "Roboto")
FACES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans Symbols2", "Noto Sans Math")
DRAWN = {"antialias": "true", "hinting": "false", "autohint": "false"}
AS_IT_IS = {"hintstyle": "hintnone", "rgba": "none", "lcdfilter": "lcdnone"}

CONFIGURATION = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{cache}</cachedir>
{rules}
</fontconfig>
"""


def environment(folder: Path) -> dict[str, str]:
    """The variables under which a program knows the package's fonts alone; `folder` is for fontconfig's own files."""
    faces = "".join(f"<family>{face}</family>" for face in FACES)
    rules = [f"  <alias binding='strong'><family>{family}</family><prefer>{faces}</prefer></alias>" for family in GENERIC]
    edits = [f"<edit name='{name}' mode='assign'><bool>{value}</bool></edit>" for name, value in DRAWN.items()]
    edits += [f"<edit name='{name}' mode='assign'><const>{value}</const></edit>" for name, value in AS_IT_IS.items()]
    rules += [f"  <match target='{target}'>{''.join(edits)}</match>" for target in ("pattern", "font")]
    file = folder / "fonts.conf"
    words = {"folder": escape(str(PACKAGE)), "cache": escape(str(folder / "cache")), "rules": "\n".join(rules)}
    file.write_text(CONFIGURATION.format(**words), "utf-8")
    return {"FONTCONFIG_FILE": str(file)}
