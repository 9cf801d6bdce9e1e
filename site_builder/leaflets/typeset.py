"""Data -> Typst -> PDF, then read back as a phone would. The only file that starts Typst."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache, partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from site_builder.cache import temporary
from site_builder.leaflets import cards, fit, formats, pictures, qr, said, sheets
from site_builder.leaflets.formats import Format
from site_builder.leaflets.said import Order, Told
from site_builder.library import images
from site_builder.library.model import HowTo, Leaflet, Still
from site_builder.library.settings import Settings

if TYPE_CHECKING:
    from site_builder.leaflets import pdf

RECIPE = 4  # raise it when the same inputs would make other bytes
FONTS = formats.HERE / "fonts"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

PLAIN = Order()
PAPERS = {"A4": "a4", "Letter": "us-letter"}  # sheets that a how-to may wish for
TOLD = "print.json"  # what the templates read
REMEMBERED = 10  # documents, after which Typst drops what it did not use again
PACKED = 200  # bytes by which the rest of a file may grow when only its pictures' lengths change
AGED = 6  # of them pass with each: to go through what it remembers of other leaflets takes longer than that saves
MANY = 5  # how-tos in a print for which one is too much

# Leaflets are set side by side; Typst's own threads would only get in each other's way: with one each, two workers are 1.8
# times as fast as one, with two each no faster at all.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

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
    return make("leaflet", [Told(howto, stills)], settings, into)


def data(howto: HowTo, stills: Mapping[str, Still], settings: Settings, format: str = "leaflet") -> dict[str, Any]:
    return said.data(howto, stills, settings, formats.all()[format])


def key(data: Mapping[str, Any], stills: Mapping[str, Still], format: str = "leaflet") -> str:
    """A hash of all that makes the leaflet's bytes."""
    facts = {
        "recipe": RECIPE,
        **tools(),
        "format": format,
        "data": data,
        "stills": {step: still.jpeg.key for step, still in stills.items()},
        "frame": frame_hash(),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@cache
def tools() -> dict[str, str]:
    """What prints, by version: asked once, since each answer is a file to be found and read."""
    return {name: version(name) for name in ("typst", "pikepdf", "pillow")}


@cache
def frame_hash() -> str:
    """Of templates, fonts and this room's own program, which do not change while it runs: sizes and codes follow from them."""
    digest = hashlib.sha256()
    ours = sorted([*formats.HERE.glob("*.py"), *formats.HERE.glob("*.toml")])
    for path in (*sorted(formats.FOLDER.glob("*.typ")), *formats.PARTS, *sorted(FONTS.glob("*.ttf")), *ours):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def compile(told: Mapping[str, Any], files: Mapping[str, bytes], format: str = "leaflet") -> bytes:
    """The PDF. Typst sees one folder of its own and nothing else: not the content, not the machine's fonts, not the clock."""
    day = dt.datetime(**told["day"], tzinfo=dt.UTC)
    template = formats.all()[format].path
    # What it is told is a file as well: with inputs of its own, Typst would take its whole library for another one, and not
    # remember a line of the leaflet before.
    words = json.dumps(told, ensure_ascii=False).encode()
    root = table({template.name: template.read_bytes(), **files, TOLD: words})
    try:
        made = compiler().compile(root / template.name, root=root, format="pdf", pdf_standards=STANDARDS, timestamp=day)
    except typst.TypstError as error:
        hints = "".join(f"\n    hint: {hint}" for hint in error.hints)
        raise TypesetFailed(f"{format} '{told['slug']}' ({told['lang']}): {error.message}{hints}") from None
    assert isinstance(made, bytes)
    forget(AGED)
    return made


def table(files: Mapping[str, bytes]) -> Path:
    """The thread's folder, with what formats are made from and these files in it: written only where they are not there yet."""
    if not hasattr(here, "table"):
        here.table, here.lies = temporary(), {}
        files = {path.name: path.read_bytes() for path in formats.PARTS} | dict(files)
    root = Path(here.table.name)
    for name, file in files.items():
        if here.lies.get(name) != file:
            (root / name).write_bytes(file)
            here.lies[name] = file
    return root


def forget(documents: int = REMEMBERED + 1) -> None:
    """Let so many documents pass for Typst: what none of the last ten used it drops, some 4 MB for each leaflet."""
    for _ in range(documents):
        compiler().compile(b"", format="svg")


def compiler() -> typst.Compiler:
    """One a thread: it keeps the fonts, and what the last leaflet had in common with the next."""
    if not hasattr(here, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        here.compiler = typst.Compiler(font_paths=fonts)
    made: typst.Compiler = here.compiler
    return made


# ---- orders


def make(format: str, told: Sequence[Told], settings: Settings, into: Path, order: Order = PLAIN) -> Leaflet:
    """Print how-tos in a format. Raises TypesetFailed, or WrongCode where a code on it does not say what it should."""
    chosen, settings = formats.all()[format], on_paper(told, settings)
    page = page_of(told, settings, chosen, order)
    files = files_of(page, told, settings, chosen)
    links = links_of(page, chosen)
    if chosen.holds == "one":
        page, made, found = pages_as_hoped(page, files, chosen, settings)
    else:
        made = compiled(page, files, told, settings, chosen, order)
        found = read_back(made, rtl=chosen.tiles and page["direction"] == "rtl")
    if len(told) >= MANY:
        forget()
    check(page["slug"], links, found, front=chosen.holds == "one")
    put = partial(on_sheets, made, page=page, found=found, links=links, format=chosen)
    made, pages = within(chosen.limit(len(told)), put, partial(real_pictures, page, told, chosen))
    into.write_bytes(made)
    return Leaflet(path=into, key=key_of(format, told, settings, order), pages=pages, bytes=len(made), link=links[0])


def compiled(
    page: dict[str, Any], files: Mapping[str, bytes], told: Sequence[Told], settings: Settings, format: Format, order: Order
) -> bytes:
    """What holds many how-tos. Raises TypesetFailed with the one that Typst refuses: it says only where in its own files."""
    try:
        return compile(page, files, format.name)
    except TypesetFailed:
        for one in told if len(told) > 1 else ():
            alone = page_of([one], settings, format, order)
            try:
                compile(alone, files_of(alone, [one], settings, format), format.name)
            except TypesetFailed as error:
                raise TypesetFailed(f"for '{one.howto.slug}' ({one.howto.lang}) in it: {error}") from None
        raise


def key_of(format: str, told: Sequence[Told], settings: Settings, order: Order = PLAIN) -> str:
    """The key of what `make` would print, from its words alone: nothing need be printed again that has it."""
    chosen, settings = formats.all()[format], on_paper(told, settings)
    words: dict[str, Any] = {
        "howtos": [words_key(one, settings, chosen, order.store) for one in told],
        "films": [(one.seconds, one.bytes) for one in told if not chosen.page],
        "order": asdict(order),
        "site": (settings.site_name, settings.short_url, settings.options.lang),
        "things": [list(said.things(one.howto, order.aisle)) for one in told],
    }
    return key(words, stills_of(told), format)


def words_key(one: Told, settings: Settings, format: Format, store: str) -> str:
    """The hash of a how-to's words in a format, worked out once: it stands in its category's labels, its aisles' and all."""
    asked = (format.name, store, id(settings))
    if asked not in one.hashes:
        words = said.wording(one.howto, one.stills, settings, format, store, film=one.bytes)
        one.hashes[asked] = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()
    return one.hashes[asked]


def on_paper(told: Sequence[Told], settings: Settings) -> Settings:
    """The settings, with the paper that a how-to wishes where it is printed alone: what holds many lies in one tray."""
    wish = PAPERS.get(told[0].howto.leaflet.paper or "") if len(told) == 1 else None
    if wish is None:
        return settings
    return settings.model_copy(update={"options": settings.options.model_copy(update={"paper": wish})})


def stills_of(told: Sequence[Told]) -> dict[str, Still]:
    if len(told) == 1:
        return dict(told[0].stills)
    return {f"{one.howto.page}#{step}": still for one in told for step, still in one.stills.items()}


def page_of(told: Sequence[Told], settings: Settings, format: Format, order: Order) -> dict[str, Any]:
    """All that the format's template is told."""
    if format.holds == "one":
        [one] = told
        return said.data(one.howto, one.stills, settings, format, order.store, film=one.bytes)
    around = said.collection(told, settings, format, order)
    if format.page:
        leaflets = pair(told) if format.fold == "two-up" else told
        pages = [
            said.data(one.howto, one.stills, settings, format, order.store, first=100 * number + 1, film=one.bytes)
            for number, one in enumerate(leaflets)
        ]
        once_each(pages, leaflets)
        return around | (cards.cover(order.title or settings.site_name, settings) if format.cover else {}) | {"howtos": pages}
    if format.tiles:
        return around | cards.tiles(told, settings, format, order)
    return around | cards.sheets_of_labels(told, settings, format, order)


def once_each(pages: Sequence[Mapping[str, Any]], leaflets: Sequence[Told]) -> None:
    """The same still gets the same name on every page of a print, which then has it once."""
    names: dict[str, str] = {}
    for own, one in zip(pages, leaflets, strict=True):
        for row, still in shown(own, one):
            row["picture"] = names.setdefault(still.jpeg.key, row["picture"])


def pair(told: Sequence[Told]) -> list[Told]:
    """Two leaflets beside each other: the first twice where there is no second."""
    return [told[0], told[-1]]


def links_of(page: Mapping[str, Any], format: Format) -> list[str]:
    """The links of a print, in the order in which their codes stand."""
    if "howtos" in page:
        return [*([page["link"]] if format.cover else []), *(one["link"] for one in page["howtos"])]
    if "sheets" in page:
        return [one["link"] for sheet in page["sheets"] for one in sheet]
    return [page["link"], *(one["link"] for one in page.get("cards", []))]


def files_of(page: Mapping[str, Any], told: Sequence[Told], settings: Settings, format: Format) -> dict[str, bytes]:
    """The files that the template asks for, by its names for them: the logo, and stand-ins for the pictures."""
    files = {
        row["picture"]: pictures.stand_in(row["picture"], format.toner)
        for own, one in leaflets_on(page, told, format)
        for row, _ in shown(own, one)
    }
    if logo := settings.logo(mono=format.toner):
        files[page["store"]["logo"]] = images.logo(logo).data
    return files


def within(
    limit: int, put: Callable[[pdf.Pictures], tuple[bytes, int]], stills: Callable[[int | None], pdf.Pictures]
) -> tuple[bytes, int]:
    """With each leaflet's stills in their own budget; where the file is too large so, with all in what its rest leaves."""
    fitted = stills(None)
    made, sides = put(fitted)
    if len(made) > limit:
        rest = len(made) - sum(map(len, fitted.values()))
        made, sides = put(stills(limit - rest - PACKED))
    return made, sides


def real_pictures(page: Mapping[str, Any], told: Sequence[Told], format: Format, room: int | None) -> dict[bytes, bytes]:
    """What is to be printed in the place of each stand-in, as wide as it came out: all in `room` bytes, or by leaflet."""
    leaflets = [wanted(own, one, format.toner) for own, one in leaflets_on(page, told, format)]
    found: dict[bytes, bytes] = {}
    for stills in leaflets if room is None else [dict(chain.from_iterable(one.items() for one in leaflets))]:
        budget = room if room is not None else pictures.TONER_BUDGET if format.toner else pictures.BUDGET
        found |= zip(stills, pictures.fitted(list(stills.values()), budget, format.toner), strict=True)
    return found


def wanted(own: Mapping[str, Any], one: Told, toner: bool) -> dict[bytes, tuple[Path, float]]:
    """A leaflet's stills: where each is, and its width in mm, by what stands in for it."""
    across = own["fit"]["picture"]
    return {pictures.stand_in(row["picture"], toner): (still.jpeg.path, across) for row, still in shown(own, one)}


def leaflets_on(page: Mapping[str, Any], told: Sequence[Told], format: Format) -> list[tuple[Mapping[str, Any], Told]]:
    """The how-tos of a print that has leaflets, each with what its template is told."""
    if "howtos" in page:
        return list(zip(page["howtos"], pair(told) if format.fold == "two-up" else told, strict=True))
    return [(page, told[0])] if "steps" in page else []


def shown(own: Mapping[str, Any], one: Told) -> list[tuple[dict[str, Any], Still]]:
    """The steps that have a picture."""
    rows = zip(own["steps"], one.howto.steps, strict=True)
    return [(row, one.stills[step.id]) for row, step in rows if row["picture"]]


def on_sheets(
    made: bytes, pictures: pdf.Pictures, page: Mapping[str, Any], found: list[list[str]], links: list[str], format: Format
) -> tuple[bytes, int]:
    """As it goes to the printer, and how many sides of paper that are: where it folds or cuts, two pages beside each other."""
    from site_builder.leaflets import pdf  # as below

    if not format.fold:
        return pdf.small(made, pictures), len(found)
    if format.fold == "booklet":
        sides = sheets.booklet(len(found), page["direction"] == "rtl")
    else:
        second = next(at for at in range(1, len(found)) if links[1] in found[at])
        sides = sheets.two_up((second, len(found) - second))
    across = sheets.SIZES[page_paper(page, format)][1] * 72 / 25.4
    return pdf.impose(made, pictures, sides, across, cut=format.fold == "two-up"), len(sides)


def page_paper(page: Mapping[str, Any], format: Format) -> str:
    shape = page["shape"] if "shape" in page else page["howtos"][0]["shape"]
    return "a4" if shape["width"] == formats.A5.width else "us-letter"


def pages_as_hoped(
    told: dict[str, Any], files: Mapping[str, bytes], format: Format, settings: Settings
) -> tuple[dict[str, Any], bytes, list[list[str]]]:
    """Set it; where it took more pages than was hoped, set it again more carefully, and at last with the true number."""
    made = compile(told, files, format.name)
    found = read_back(made)
    for careful in (*fit.CAREFUL, None):
        if len(found) == told["fit"]["pages"]:
            break
        shape = format.shape(settings.options.paper)
        sizes = told["fit"] | {"pages": len(found)} if careful is None else fit.fit(told, shape, careful)
        told = told | {"fit": sizes}
        made = compile(told, files, format.name)
        found = read_back(made)
    return told, made, found


def read_back(made: bytes, rtl: bool = False) -> list[list[str]]:
    """The links that the codes of each page lead to."""
    from site_builder.leaflets import pdf  # its libraries take a seventh of a second to import: most builds print nothing

    return [[qr.plain(text) for text in page] for page in pdf.codes(made, rtl)]


def check(slug: str, links: Sequence[str], pages: list[list[str]], front: bool = True) -> None:
    """Raise WrongCode unless the codes say the links, in order, and no other; the first stands on the first page if `front`."""
    found = [text for page in pages for text in page]
    if found == list(links) and (not front or pages[0]):
        return
    wrong = next((link for link, text in zip(links, [*found, *[""] * len(links)], strict=False) if link != text), links[0])
    raise WrongCode(slug, wrong, found if len(links) == 1 else [text for text in found if text not in links])
