"""A print's recipe: its data, its key, Typst, its codes read back as a phone would, its stills, its sheets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache, partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from site_builder.leaflets import (
    cards,
    collection,
    copyfit,
    formats,
    label_sheets,
    leaflet_data,
    print_images,
    qr,
    text_metrics,
    typst_compiler,
)
from site_builder.leaflets.collection import PrintOptions, PrintSource
from site_builder.leaflets.formats import PrintFormat
from site_builder.library import logos
from site_builder.library.artifacts import Leaflet, Still
from site_builder.library.settings import Settings

if TYPE_CHECKING:
    from site_builder.leaflets import pdf

RECIPE = 4  # raise it when the same inputs would make other bytes

DEFAULT_OPTIONS = PrintOptions()
PAPER_BY_WISH = {"A4": "a4", "Letter": "us-letter"}  # sheets that a how-to may wish for
# This room's modules that a print's bytes depend on: all that this one imports. Jobs and requests only say what is printed.
MODULES_IN_KEY = (
    "bidi", "cards", "collection", "copyfit", "formats", "imposition", "label_sheets", "leaflet_data", "pdf", "print_images",
    "qr", "text_metrics", "typeset", "typst_compiler",
)  # fmt: skip
PACKING_RESERVE = 200  # bytes by which the rest of a file may grow when only its pictures' lengths change
EVICT_ALL_FROM = 5  # how-tos in a print for which one is too much


class WrongCode(Exception):
    """The code on a printed page does not say the leaflet's link."""

    def __init__(self, slug: str, expected: str, found: Iterable[str]) -> None:
        self.slug = slug
        self.expected = expected
        self.found = tuple(found)
        super().__init__(
            f"leaflet '{slug}': its code should say '{expected}', a phone reads {', '.join(self.found) or 'nothing'}"
        )


def data_key(data: Mapping[str, Any], stills: Mapping[str, Still], format: str = "leaflet") -> str:
    """A hash of all that makes the leaflet's bytes."""
    facts = {
        "recipe": RECIPE,
        **tool_versions(),
        "format": format,
        "data": data,
        "stills": {step: still.jpeg.key for step, still in stills.items()},
        "frame": templates_hash(format),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@cache
def tool_versions() -> dict[str, str]:
    """What prints, by version: asked once, since each answer is a file to be found and read."""
    return {name: version(name) for name in ("typst", "pikepdf", "pillow")}


@cache
def templates_hash(format: str) -> str:
    """Hash of all files that a print of this format is made with, besides its words and stills."""
    digest = hashlib.sha256()
    for path in files_of_format(format):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def files_of_format(format: str) -> list[Path]:
    """Its template, what all templates share, the fonts, the tables, and the modules that choose sizes, codes and bytes."""
    code = [formats.HERE / f"{name}.py" for name in MODULES_IN_KEY]
    tables = sorted(formats.HERE.glob("*.toml"))
    return [
        formats.load_formats()[format].path,
        *formats.SHARED_TEMPLATES,
        *sorted(text_metrics.FONTS.glob("*.ttf")),
        *tables,
        *code,
    ]


def make_print(
    format: str, told: Sequence[PrintSource], settings: Settings, into: Path, order: PrintOptions = DEFAULT_OPTIONS
) -> Leaflet:
    """Print how-tos in a format. Raises TypesetFailed, or WrongCode where a code on it does not say what it should."""
    chosen, settings = formats.load_formats()[format], with_own_paper(told, settings)
    page = print_data(told, settings, chosen, order)
    files = template_files(page, told, settings, chosen)
    links = expected_links(page, chosen)
    if chosen.holds == "one":
        page, made, found = until_pages_match(page, files, chosen, settings)
    else:
        made = compile_collection(page, files, told, settings, chosen, order)
        found = read_links(made, rtl=chosen.tiles and page["direction"] == "rtl")
    if len(told) >= EVICT_ALL_FROM:
        typst_compiler.evict()
    require_links(page["slug"], links, found, front=chosen.holds == "one")
    put = partial(impose_on_sheets, made, page=page, found=found, links=links, format=chosen)
    made, pages = within_max_bytes(chosen.max_bytes(len(told)), put, partial(replacement_images, page, told, chosen))
    into.write_bytes(made)
    return Leaflet(path=into, key=print_key(format, told, settings, order), pages=pages, bytes=len(made), link=links[0])


def compile_collection(
    page: dict[str, Any],
    files: Mapping[str, bytes],
    told: Sequence[PrintSource],
    settings: Settings,
    format: PrintFormat,
    order: PrintOptions,
) -> bytes:
    """What holds many how-tos. Raises TypesetFailed with the one that Typst refuses: it says only where in its own files."""
    try:
        return typst_compiler.compile_pdf(page, files, format.name)
    except typst_compiler.TypesetFailed:
        for one in told if len(told) > 1 else ():
            alone = print_data([one], settings, format, order)
            try:
                typst_compiler.compile_pdf(alone, template_files(alone, [one], settings, format), format.name)
            except typst_compiler.TypesetFailed as error:
                raise typst_compiler.TypesetFailed(f"for '{one.howto.slug}' ({one.howto.lang}) in it: {error}") from None
        raise


def print_key(format: str, told: Sequence[PrintSource], settings: Settings, order: PrintOptions = DEFAULT_OPTIONS) -> str:
    """The key of what `make` would print, from its words alone: nothing need be printed again that has it."""
    chosen, settings = formats.load_formats()[format], with_own_paper(told, settings)
    words: dict[str, Any] = {
        "howtos": [texts_key(one, settings, chosen, order.store) for one in told],
        "films": [(one.film_seconds, one.film_bytes) for one in told if not chosen.page],
        "order": asdict(order),
        "site": (settings.site_name, settings.short_url, settings.options.lang),
        "things": [list(collection.aisle_items(one.howto, order.aisle)) for one in told],
    }
    return data_key(words, stills_of(told), format)


def texts_key(source: PrintSource, settings: Settings, format: PrintFormat, store: str) -> str:
    """The hash of a how-to's texts in a format, worked out once: it stands in its category's labels, its aisles' and all.

    Texts that a leaflet needs are kept until it is made (`take_texts`) or was found to be there (`drop_texts`).
    """
    asked = (format.name, store, settings.options.paper)
    if asked not in source.text_hashes:
        texts = texts_json(source, settings, format, store)
        source.text_hashes[asked] = hashlib.sha256(texts.encode()).hexdigest()
        if format.page:
            source.texts[asked] = texts
    return source.text_hashes[asked]


def texts_json(source: PrintSource, settings: Settings, format: PrintFormat, store: str) -> str:
    texts = leaflet_data.template_texts(source.howto, source.stills, settings, format, store, source.film_bytes)
    return json.dumps(texts, sort_keys=True)


def take_texts(source: PrintSource, settings: Settings, format: PrintFormat, store: str) -> str:
    """A how-to's texts as JSON. A print's key was made of them a moment ago: they are not worked out again."""
    asked = (format.name, store, settings.options.paper)
    return source.texts.pop(asked, None) or texts_json(source, settings, format, store)


def drop_texts(format: str, told: Sequence[PrintSource]) -> None:
    """Let go of texts that were kept for a print in this format: it is there already, and a library has thousands."""
    for source in told:
        for asked in [asked for asked in source.texts if asked[0] == format]:
            source.texts.pop(asked, None)


def with_own_paper(told: Sequence[PrintSource], settings: Settings) -> Settings:
    """The settings, with the paper that a how-to wishes where it is printed alone: what holds many lies in one tray."""
    wish = PAPER_BY_WISH.get(told[0].howto.leaflet.paper or "") if len(told) == 1 else None
    if wish is None:
        return settings
    return settings.model_copy(update={"options": settings.options.model_copy(update={"paper": wish})})


def stills_of(told: Sequence[PrintSource]) -> dict[str, Still]:
    if len(told) == 1:
        return dict(told[0].stills)
    return {f"{one.howto.page}#{step}": still for one in told for step, still in one.stills.items()}


def print_data(told: Sequence[PrintSource], settings: Settings, format: PrintFormat, order: PrintOptions) -> dict[str, Any]:
    """All that the format's template is told."""
    geometry = format.geometry(settings.options.paper)
    if format.holds == "one":
        [one] = told
        return leaflet_data.template_data(json.loads(take_texts(one, settings, format, order.store)), geometry)
    around = collection.collection_data(told, settings, format, order)
    if format.page:
        leaflets = two_up_pair(told) if format.fold == "two-up" else told
        texts = {one.howto.page: take_texts(one, settings, format, order.store) for one in told}
        pages = [leaflet_data.template_data(json.loads(texts[one.howto.page]), geometry) for one in leaflets]
        for number, data in enumerate(pages):
            leaflet_data.renumber_pictures(data, first=100 * number + 1)
        share_picture_names(pages, leaflets)
        return (
            around | (cards.cover_data(order.title or settings.site_name, settings) if format.cover else {}) | {"howtos": pages}
        )
    if format.tiles:
        return around | cards.poster_data(told, settings, format, order)
    return around | cards.labels_data(told, settings, format, order)


def share_picture_names(pages: Sequence[Mapping[str, Any]], leaflets: Sequence[PrintSource]) -> None:
    """The same still gets the same name on every page of a print, which then has it once."""
    names: dict[str, str] = {}
    for own, one in zip(pages, leaflets, strict=True):
        for row, still in pictured_steps(own, one):
            row["picture"] = names.setdefault(still.jpeg.key, row["picture"])


def two_up_pair(told: Sequence[PrintSource]) -> list[PrintSource]:
    """Two leaflets beside each other: the first twice where there is no second."""
    return [told[0], told[-1]]


def expected_links(page: Mapping[str, Any], format: PrintFormat) -> list[str]:
    """The links of a print, in the order in which their codes stand."""
    if "howtos" in page:
        return [*([page["link"]] if format.cover else []), *(one["link"] for one in page["howtos"])]
    if "sheets" in page:
        return [one["link"] for sheet in page["sheets"] for one in sheet]
    return [page["link"], *(one["link"] for one in page.get("cards", []))]


def template_files(
    page: Mapping[str, Any], told: Sequence[PrintSource], settings: Settings, format: PrintFormat
) -> dict[str, bytes]:
    """The files that the template asks for, by its names for them: the logo, and stand-ins for the pictures."""
    files = {
        row["picture"]: print_images.placeholder(row["picture"], format.toner)
        for own, one in leaflets_of_print(page, told, format)
        for row, _ in pictured_steps(own, one)
    }
    if logo := settings.logo(mono=format.toner):
        files[page["store"]["logo"]] = logos.load_logo(logo).data
    return files


def within_max_bytes(
    limit: int, put: Callable[[pdf.ImageReplacements], tuple[bytes, int]], stills: Callable[[int | None], pdf.ImageReplacements]
) -> tuple[bytes, int]:
    """With each leaflet's stills in their own budget; where the file is too large so, with all in what its rest leaves."""
    fitted = stills(None)
    made, sides = put(fitted)
    if len(made) > limit:
        rest = len(made) - sum(map(len, fitted.values()))
        made, sides = put(stills(limit - rest - PACKING_RESERVE))
    return made, sides


def replacement_images(
    page: Mapping[str, Any], told: Sequence[PrintSource], format: PrintFormat, room: int | None
) -> dict[bytes, bytes]:
    """What is to be printed in the place of each stand-in, as wide as it came out: all in `room` bytes, or by leaflet."""
    leaflets = [stills_by_placeholder(own, one, format.toner) for own, one in leaflets_of_print(page, told, format)]
    found: dict[bytes, bytes] = {}
    for stills in leaflets if room is None else [dict(chain.from_iterable(one.items() for one in leaflets))]:
        budget = room if room is not None else print_images.TONER_STILLS_BUDGET if format.toner else print_images.STILLS_BUDGET
        found |= zip(stills, print_images.compress_to_budget(list(stills.values()), budget, format.toner), strict=True)
    return found


def stills_by_placeholder(own: Mapping[str, Any], one: PrintSource, toner: bool) -> dict[bytes, tuple[Path, float]]:
    """A leaflet's stills: where each is, and its width in mm, by what stands in for it."""
    across = own["layout"]["picture_width"]
    return {
        print_images.placeholder(row["picture"], toner): (still.jpeg.path, across) for row, still in pictured_steps(own, one)
    }


def leaflets_of_print(
    page: Mapping[str, Any], told: Sequence[PrintSource], format: PrintFormat
) -> list[tuple[Mapping[str, Any], PrintSource]]:
    """The how-tos of a print that has leaflets, each with what its template is told."""
    if "howtos" in page:
        return list(zip(page["howtos"], two_up_pair(told) if format.fold == "two-up" else told, strict=True))
    return [(page, told[0])] if "steps" in page else []


def pictured_steps(own: Mapping[str, Any], one: PrintSource) -> list[tuple[dict[str, Any], Still]]:
    """The steps that have a picture."""
    rows = zip(own["steps"], one.howto.steps, strict=True)
    return [(row, one.stills[step.id]) for row, step in rows if row["picture"]]


def impose_on_sheets(
    made: bytes,
    pictures: pdf.ImageReplacements,
    page: Mapping[str, Any],
    found: list[list[str]],
    links: list[str],
    format: PrintFormat,
) -> tuple[bytes, int]:
    """As it goes to the printer, and how many sides of paper that are: where it folds or cuts, two pages beside each other."""
    from site_builder.leaflets import imposition, pdf  # as below

    if not format.fold:
        return pdf.compact_pdf(made, pictures), len(found)
    if format.fold == "booklet":
        sides = imposition.booklet(len(found), page["direction"] == "rtl")
    else:
        second = next(at for at in range(1, len(found)) if links[1] in found[at])
        sides = imposition.two_up((second, len(found) - second))
    across = label_sheets.PAPER_SIZES[paper_of_print(page, format)][1] * 72 / 25.4
    return imposition.impose(made, pictures, sides, across, cut=format.fold == "two-up"), len(sides)


def paper_of_print(page: Mapping[str, Any], format: PrintFormat) -> str:
    shape = page["geometry"] if "geometry" in page else page["howtos"][0]["geometry"]
    return "a4" if shape["width"] == formats.A5.width else "us-letter"


def until_pages_match(
    told: dict[str, Any], files: Mapping[str, bytes], format: PrintFormat, settings: Settings
) -> tuple[dict[str, Any], bytes, list[list[str]]]:
    """Set it; where it took more pages than was hoped, set it again more carefully, and at last with the true number."""
    made = typst_compiler.compile_pdf(told, files, format.name)
    found = read_links(made)
    for careful in (*copyfit.LATER_SAFETY_MARGINS, None):
        if len(found) == told["layout"]["pages"]:
            break
        shape = format.geometry(settings.options.paper)
        sizes = told["layout"] | {"pages": len(found)} if careful is None else copyfit.choose_layout(told, shape, careful)
        told = told | {"layout": sizes}
        made = typst_compiler.compile_pdf(told, files, format.name)
        found = read_links(made)
    return told, made, found


def read_links(made: bytes, rtl: bool = False) -> list[list[str]]:
    """The links that the codes of each page lead to."""
    from site_builder.leaflets import pdf  # its libraries take a seventh of a second to import: most builds print nothing

    return [[qr.lowercase_host(text) for text in page] for page in pdf.read_codes(made, rtl)]


def require_links(slug: str, links: Sequence[str], pages: list[list[str]], front: bool = True) -> None:
    """Raise WrongCode unless the codes say the links, in order, and no other; the first stands on the first page if `front`."""
    found = [text for page in pages for text in page]
    if found == list(links) and (not front or pages[0]):
        return
    wrong = next((link for link, text in zip(links, [*found, *[""] * len(links)], strict=False) if link != text), links[0])
    raise WrongCode(slug, wrong, found if len(links) == 1 else [text for text in found if text not in links])
