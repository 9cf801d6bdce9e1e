"""Data -> Typst -> PDF, then read back as a phone would. The only file that starts Typst."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from site_builder.leaflets import formats, measure, pdf, pictures, said
from site_builder.leaflets.formats import Format
from site_builder.library.model import HowTo, Leaflet, Still
from site_builder.library.settings import Settings

RECIPE = 2  # raise it when the same inputs would make other bytes
FONTS = formats.HERE / "fonts"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

here = threading.local()


class TypesetFailed(Exception):
    """Typst refused a leaflet; says which, and Typst's reason."""


class WrongCode(Exception):
    """The code on a printed page does not say the leaflet's link."""

    def __init__(self, slug: str, expected: str, found: Iterable[str]) -> None:
        self.slug = slug
        self.expected = expected
        self.found = tuple(found)
        super().__init__(
            f"leaflet '{slug}': its code should say '{expected}', a phone reads {', '.join(self.found) or 'nothing'}"
        )


def typeset(howto: HowTo, stills: Mapping[str, Still], settings: Settings, into: Path) -> Leaflet:
    """Write the how-to's leaflet to `into`. Raises TypesetFailed, or WrongCode when its code does not lead to its page."""
    return make("leaflet", [(howto, stills)], settings, into)


def data(howto: HowTo, stills: Mapping[str, Still], settings: Settings, format: str = "leaflet") -> dict[str, Any]:
    return said.data(howto, stills, settings, formats.all()[format])


def key(data: Mapping[str, Any], stills: Mapping[str, Still], format: str = "leaflet") -> str:
    """A hash of all that makes the leaflet's bytes."""
    facts = {
        "recipe": RECIPE,
        "typst": version("typst"),
        "format": format,
        "data": data,
        "stills": {step: still.jpeg.key for step, still in stills.items()},
        "frame": frame_hash(),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@cache
def frame_hash() -> str:
    """Of templates and fonts, which do not change while the program runs."""
    digest = hashlib.sha256()
    for path in (*sorted(formats.FOLDER.glob("*.typ")), *formats.PARTS, *sorted(FONTS.glob("*.ttf"))):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def compile(told: Mapping[str, Any], files: Mapping[str, bytes], format: str = "leaflet") -> bytes:
    """The PDF. Typst sees one folder of its own and nothing else: not the content, not the machine's fonts, not the clock."""
    day = dt.datetime(**told["day"], tzinfo=dt.UTC)
    with TemporaryDirectory(prefix="leaflet-") as folder:
        root = Path(folder)
        for name, file in {**frame(format), **files}.items():
            (root / name).write_bytes(file)
        try:
            made = compiler().compile(
                root / "main.typ",
                root=root,
                sys_inputs={"print": json.dumps(told, ensure_ascii=False)},
                format="pdf",
                pdf_standards=STANDARDS,
                timestamp=day,
            )
        except typst.TypstError as error:
            hints = "".join(f"\n    hint: {hint}" for hint in error.hints)
            raise TypesetFailed(f"{format} '{told['slug']}' ({told['lang']}): {error.message}{hints}") from None
    assert isinstance(made, bytes)
    return made


@cache
def frame(format: str) -> dict[str, bytes]:
    """The templates, by the names they have for Typst."""
    return {"main.typ": formats.all()[format].path.read_bytes()} | {path.name: path.read_bytes() for path in formats.PARTS}


def compiler() -> typst.Compiler:
    """One a thread: it keeps the fonts, and what the last leaflet had in common with the next."""
    if not hasattr(here, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        here.compiler = typst.Compiler(font_paths=fonts)
    made: typst.Compiler = here.compiler
    return made


# ---- orders


@dataclass(frozen=True)
class Order:
    """What staff may wish when they print: the number of their store, and for labels the stock and its first free place."""

    store: str = ""


Told = tuple[HowTo, Mapping[str, Still]]


def make(format: str, howtos: Sequence[Told], settings: Settings, into: Path, order: Order = Order()) -> Leaflet:
    """Print how-tos in a format. Raises TypesetFailed, or WrongCode where a code on it does not say what it should."""
    chosen = formats.all()[format]
    [(howto, stills)] = howtos
    told = said.data(howto, stills, settings, chosen, order.store)
    files = files_of(told, stills, howto, settings, chosen)
    made = pages_as_guessed(told, files, chosen, settings)
    pages = pdf.codes(made)
    check(howto.slug, told["link"], pages)
    made = pdf.small(made)
    into.write_bytes(made)
    return Leaflet(path=into, key=key(told, stills, format), pages=len(pages), bytes=len(made), link=told["link"])


def pages_as_guessed(told: dict[str, Any], files: Mapping[str, bytes], format: Format, settings: Settings) -> bytes:
    """Set it; where it took more pages than was guessed, set it again more carefully, and at last with the true number."""
    made = compile(told, files, format.name)
    for careful in (8, 0):
        count = pdf.count(made)
        if count == told["fit"]["pages"]:
            break
        fit = measure.fit(told, format.shape(settings.options.paper), careful) if careful else told["fit"] | {"pages": count}
        told = told | {"fit": fit}
        made = compile(told, files, format.name)
    return made


def files_of(
    told: Mapping[str, Any], stills: Mapping[str, Still], howto: HowTo, settings: Settings, format: Format
) -> dict[str, bytes]:
    """The pictures that the template asks for, by its names for them."""
    named = [(one["picture"], step) for one, step in zip(told["steps"], howto.steps, strict=True) if one["picture"]]
    jpegs = pictures.fitted([stills[step.id].jpeg.path for _, step in named], told["fit"]["picture"], format.toner)
    files = dict(zip((name for name, _ in named), jpegs, strict=True))
    if logo := settings.logo(mono=format.toner):
        files[told["store"]["logo"]] = logo.read_bytes()
    return files


def check(slug: str, link: str, pages: list[list[str]]) -> None:
    """Raise WrongCode unless the first page's code says the link, and no other code stands on any page."""
    found = [text for page in pages for text in page]
    if found != [link] or pages[0] != [link]:
        raise WrongCode(slug, link, found)
