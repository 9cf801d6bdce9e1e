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
from site_builder.library import logos, writing_systems
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


def data_key(data: Mapping[str, Any], stills: Mapping[str, Still], format_name: str = "leaflet") -> str:
    """Hash of recipe, tool versions, template data, stills, and the files that the format is made with."""
    facts = {
        "recipe": RECIPE,
        **tool_versions(),
        "format": format_name,
        "data": data,
        "stills": {step: still.jpeg.key for step, still in stills.items()},
        "frame": templates_hash(format_name),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@cache
def tool_versions() -> dict[str, str]:
    """Versions of the tools that print; asked once, since each answer is a file to be found and read."""
    return {name: version(name) for name in ("typst", "pikepdf", "pillow")}


@cache
def templates_hash(format_name: str) -> str:
    """Hash of all files that a print of this format is made with, besides its words and stills."""
    digest = hashlib.sha256()
    for path in files_of_format(format_name):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def files_of_format(format_name: str) -> list[Path]:
    """Its template, what all templates share, the fonts, the tables, and the modules that choose sizes, codes and bytes."""
    code = [*(formats.HERE / f"{name}.py" for name in MODULES_IN_KEY), Path(writing_systems.__file__)]
    tables = sorted(formats.HERE.glob("*.toml"))
    return [
        formats.load_formats()[format_name].path,
        *formats.SHARED_TEMPLATES,
        *sorted(text_metrics.FONTS.glob("*.ttf")),
        *tables,
        *code,
    ]


def make_print(
    format_name: str, sources: Sequence[PrintSource], settings: Settings, into: Path, options: PrintOptions = DEFAULT_OPTIONS
) -> Leaflet:
    """Writes a print of these how-tos to `into`. Raises TypesetFailed, or WrongCode where a code says something else."""
    print_format, settings = formats.load_formats()[format_name], with_own_paper(sources, settings)
    data = print_data(sources, settings, print_format, options)
    files = template_files(data, sources, settings, print_format)
    links = expected_links(data, print_format)
    if print_format.holds == "one":
        data, pdf_bytes, pages_links = until_pages_match(data, files, print_format, settings)
    else:
        pdf_bytes = compile_collection(data, files, sources, settings, print_format, options)
        pages_links = read_links(pdf_bytes, rtl=print_format.tiles and data["direction"] == "rtl")
    if len(sources) >= EVICT_ALL_FROM:
        typst_compiler.evict()
    require_links(data["slug"], links, pages_links, front=print_format.holds == "one")
    impose = partial(impose_on_sheets, pdf_bytes, page=data, pages_links=pages_links, links=links, print_format=print_format)
    pdf_bytes, pages = within_max_bytes(
        print_format.max_bytes(len(sources)), impose, partial(replacement_images, data, sources, print_format)
    )
    into.write_bytes(pdf_bytes)
    return Leaflet(
        path=into, key=print_key(format_name, sources, settings, options), pages=pages, bytes=len(pdf_bytes), link=links[0]
    )


def compile_collection(
    page: dict[str, Any],
    files: Mapping[str, bytes],
    sources: Sequence[PrintSource],
    settings: Settings,
    print_format: PrintFormat,
    options: PrintOptions,
) -> bytes:
    """The PDF of many how-tos. Raises TypesetFailed with the how-to that Typst refuses: Typst names only its own files."""
    try:
        return typst_compiler.compile_pdf(page, files, print_format.name)
    except typst_compiler.TypesetFailed:
        for source in sources if len(sources) > 1 else ():
            alone = print_data([source], settings, print_format, options)
            try:
                typst_compiler.compile_pdf(alone, template_files(alone, [source], settings, print_format), print_format.name)
            except typst_compiler.TypesetFailed as error:
                raise typst_compiler.TypesetFailed(f"for '{source.howto.slug}' ({source.howto.lang}) in it: {error}") from None
        raise


def print_key(
    format_name: str, sources: Sequence[PrintSource], settings: Settings, options: PrintOptions = DEFAULT_OPTIONS
) -> str:
    """The key of what `make_print` would print, from its texts alone: what has it need not be printed again."""
    print_format, settings = formats.load_formats()[format_name], with_own_paper(sources, settings)
    parts: dict[str, Any] = {
        "howtos": [texts_key(source, settings, print_format, options.store) for source in sources],
        "films": [(source.film_seconds, source.film_bytes) for source in sources if not print_format.page],
        "order": asdict(options),
        "site": (settings.site_name, settings.short_url, settings.options.lang),
        "things": [list(collection.aisle_items(source.howto, options.aisle)) for source in sources],
    }
    return data_key(parts, stills_of(sources), format_name)


def texts_key(source: PrintSource, settings: Settings, print_format: PrintFormat, store: str) -> str:
    """The hash of a how-to's texts in a format, worked out once: it stands in its category's labels, its aisles' and all.

    Texts that a leaflet needs are kept until it is made (`take_texts`) or was found to be there (`drop_texts`).
    """
    asked = (print_format.name, store, settings.options.paper)
    if asked not in source.text_hashes:
        texts = texts_json(source, settings, print_format, store)
        source.text_hashes[asked] = hashlib.sha256(texts.encode()).hexdigest()
        if print_format.page:
            source.texts[asked] = texts
    return source.text_hashes[asked]


def texts_json(source: PrintSource, settings: Settings, print_format: PrintFormat, store: str) -> str:
    texts = leaflet_data.template_texts(source.howto, source.stills, settings, print_format, store, source.film_bytes)
    return json.dumps(texts, sort_keys=True)


def take_texts(source: PrintSource, settings: Settings, print_format: PrintFormat, store: str) -> str:
    """A how-to's texts as JSON. A print's key was made of them a moment ago: they are not worked out again."""
    asked = (print_format.name, store, settings.options.paper)
    return source.texts.pop(asked, None) or texts_json(source, settings, print_format, store)


def drop_texts(format_name: str, sources: Sequence[PrintSource]) -> None:
    """Let go of texts that were kept for a print in this format: it is there already, and a library has thousands."""
    for source in sources:
        for asked in [asked for asked in source.texts if asked[0] == format_name]:
            source.texts.pop(asked, None)


def with_own_paper(sources: Sequence[PrintSource], settings: Settings) -> Settings:
    """The settings, with the paper that a how-to wishes where it is printed alone: what holds many lies in one tray."""
    paper = PAPER_BY_WISH.get(sources[0].howto.leaflet.paper or "") if len(sources) == 1 else None
    if paper is None:
        return settings
    return settings.model_copy(update={"options": settings.options.model_copy(update={"paper": paper})})


def stills_of(sources: Sequence[PrintSource]) -> dict[str, Still]:
    if len(sources) == 1:
        return dict(sources[0].stills)
    return {f"{source.howto.page}#{step}": still for source in sources for step, still in source.stills.items()}


def print_data(
    sources: Sequence[PrintSource], settings: Settings, print_format: PrintFormat, options: PrintOptions
) -> dict[str, Any]:
    """All that the format's template reads."""
    geometry = print_format.geometry(settings.options.paper)
    if print_format.holds == "one":
        [source] = sources
        return leaflet_data.template_data(json.loads(take_texts(source, settings, print_format, options.store)), geometry)
    around = collection.collection_data(sources, settings, print_format, options)
    if print_format.page:
        leaflets = two_up_pair(sources) if print_format.fold == "two-up" else sources
        texts = {source.howto.page: take_texts(source, settings, print_format, options.store) for source in sources}
        pages = [leaflet_data.template_data(json.loads(texts[source.howto.page]), geometry) for source in leaflets]
        for number, data in enumerate(pages):
            leaflet_data.renumber_pictures(data, first=100 * number + 1)
        share_picture_names(pages, leaflets)
        return (
            around
            | (cards.cover_data(options.title or settings.site_name, settings) if print_format.cover else {})
            | {"howtos": pages}
        )
    if print_format.tiles:
        return around | cards.poster_data(sources, settings, print_format, options)
    return around | cards.labels_data(sources, settings, print_format, options)


def share_picture_names(pages: Sequence[Mapping[str, Any]], leaflets: Sequence[PrintSource]) -> None:
    """The same still gets the same name on every page of a print, which then has it once."""
    names: dict[str, str] = {}
    for data, source in zip(pages, leaflets, strict=True):
        for row, still in pictured_steps(data, source):
            row["picture"] = names.setdefault(still.jpeg.key, row["picture"])


def two_up_pair(sources: Sequence[PrintSource]) -> list[PrintSource]:
    """Two leaflets beside each other: the first twice where there is no second."""
    return [sources[0], sources[-1]]


def expected_links(page: Mapping[str, Any], print_format: PrintFormat) -> list[str]:
    """The links of a print, in the order in which their codes stand."""
    if "howtos" in page:
        return [*([page["link"]] if print_format.cover else []), *(howto["link"] for howto in page["howtos"])]
    if "sheets" in page:
        return [card["link"] for sheet in page["sheets"] for card in sheet]
    return [page["link"], *(card["link"] for card in page.get("cards", []))]


def template_files(
    page: Mapping[str, Any], sources: Sequence[PrintSource], settings: Settings, print_format: PrintFormat
) -> dict[str, bytes]:
    """The files that the template asks for, by its names for them: the logo, and stand-ins for the pictures."""
    files = {
        row["picture"]: print_images.placeholder(row["picture"], print_format.toner)
        for own, source in leaflets_of_print(page, sources, print_format)
        for row, _ in pictured_steps(own, source)
    }
    if logo := settings.logo(mono=print_format.toner):
        files[page["store"]["logo"]] = logos.load_logo(logo).data
    return files


def within_max_bytes(
    limit: int,
    impose: Callable[[pdf.ImageReplacements], tuple[bytes, int]],
    stills: Callable[[int | None], pdf.ImageReplacements],
) -> tuple[bytes, int]:
    """(PDF, sheet sides): each leaflet's stills in their own budget; if too large, all in what the rest leaves."""
    replacements = stills(None)
    pdf_bytes, sides = impose(replacements)
    if len(pdf_bytes) > limit:
        rest = len(pdf_bytes) - sum(map(len, replacements.values()))
        pdf_bytes, sides = impose(stills(limit - rest - PACKING_RESERVE))
    return pdf_bytes, sides


def replacement_images(
    page: Mapping[str, Any], sources: Sequence[PrintSource], print_format: PrintFormat, room: int | None
) -> dict[bytes, bytes]:
    """The JPEG to print for each placeholder, as wide as it came out.

    All in `room` bytes; None: each leaflet's in its own budget.
    """
    leaflets = [
        stills_by_placeholder(own, source, print_format.toner) for own, source in leaflets_of_print(page, sources, print_format)
    ]
    replacements: dict[bytes, bytes] = {}
    for stills in leaflets if room is None else [dict(chain.from_iterable(source.items() for source in leaflets))]:
        share = (
            room if room is not None else print_images.TONER_STILLS_BUDGET if print_format.toner else print_images.STILLS_BUDGET
        )
        replacements |= zip(
            stills, print_images.compress_to_budget(list(stills.values()), share, print_format.toner), strict=True
        )
    return replacements


def stills_by_placeholder(data: Mapping[str, Any], source: PrintSource, toner: bool) -> dict[bytes, tuple[Path, float]]:
    """A leaflet's stills: where each is, and its width in mm, by what stands in for it."""
    across = data["layout"]["picture_width"]
    return {
        print_images.placeholder(row["picture"], toner): (still.jpeg.path, across)
        for row, still in pictured_steps(data, source)
    }


def leaflets_of_print(
    page: Mapping[str, Any], sources: Sequence[PrintSource], print_format: PrintFormat
) -> list[tuple[Mapping[str, Any], PrintSource]]:
    """The how-tos of a print that has leaflets, each with what its template is told."""
    if "howtos" in page:
        return list(zip(page["howtos"], two_up_pair(sources) if print_format.fold == "two-up" else sources, strict=True))
    return [(page, sources[0])] if "steps" in page else []


def pictured_steps(data: Mapping[str, Any], source: PrintSource) -> list[tuple[dict[str, Any], Still]]:
    """The steps that have a picture."""
    rows = zip(data["steps"], source.howto.steps, strict=True)
    return [(row, source.stills[step.id]) for row, step in rows if row["picture"]]


def impose_on_sheets(
    pdf_bytes: bytes,
    pictures: pdf.ImageReplacements,
    page: Mapping[str, Any],
    pages_links: list[list[str]],
    links: list[str],
    print_format: PrintFormat,
) -> tuple[bytes, int]:
    """As it goes to the printer, and how many sides of paper that are: where it folds or cuts, two pages beside each other."""
    from site_builder.leaflets import imposition, pdf  # as below

    if not print_format.fold:
        return pdf.compact_pdf(pdf_bytes, pictures), len(pages_links)
    if print_format.fold == "booklet":
        sides = imposition.booklet(len(pages_links), page["direction"] == "rtl")
    else:
        second = next(at for at in range(1, len(pages_links)) if links[1] in pages_links[at])
        sides = imposition.two_up((second, len(pages_links) - second))
    across = label_sheets.PAPER_SIZES[paper_of_print(page, print_format)][1] * 72 / 25.4
    return imposition.impose(pdf_bytes, pictures, sides, across, cut=print_format.fold == "two-up"), len(sides)


def paper_of_print(page: Mapping[str, Any], print_format: PrintFormat) -> str:
    geometry = page["geometry"] if "geometry" in page else page["howtos"][0]["geometry"]
    return "a4" if geometry["width"] == formats.A5.width else "us-letter"


def until_pages_match(
    data: dict[str, Any], files: Mapping[str, bytes], print_format: PrintFormat, settings: Settings
) -> tuple[dict[str, Any], bytes, list[list[str]]]:
    """Compiles; while Typst needs another number of pages than estimated, chooses a smaller layout.

    At last it takes the layout as it is, with the true number of pages.
    """
    pdf_bytes = typst_compiler.compile_pdf(data, files, print_format.name)
    pages_links = read_links(pdf_bytes)
    for margin in (*copyfit.LATER_SAFETY_MARGINS, None):
        if len(pages_links) == data["layout"]["pages"]:
            break
        geometry = print_format.geometry(settings.options.paper)
        sizes = (
            data["layout"] | {"pages": len(pages_links)} if margin is None else copyfit.choose_layout(data, geometry, margin)
        )
        data = data | {"layout": sizes}
        pdf_bytes = typst_compiler.compile_pdf(data, files, print_format.name)
        pages_links = read_links(pdf_bytes)
    return data, pdf_bytes, pages_links


def read_links(pdf_bytes: bytes, rtl: bool = False) -> list[list[str]]:
    """The links that the codes of each page lead to."""
    from site_builder.leaflets import pdf  # its libraries take a seventh of a second to import: most builds print nothing

    return [[qr.lowercase_host(text) for text in page] for page in pdf.read_codes(pdf_bytes, rtl)]


def require_links(slug: str, links: Sequence[str], pages: list[list[str]], front: bool = True) -> None:
    """Raise WrongCode unless the codes say the links, in order, and no other; the first stands on the first page if `front`."""
    texts = [text for page in pages for text in page]
    if texts == list(links) and (not front or pages[0]):
        return
    wrong = next((link for link, text in zip(links, [*texts, *[""] * len(links)], strict=False) if link != text), links[0])
    raise WrongCode(slug, wrong, texts if len(links) == 1 else [text for text in texts if text not in links])
