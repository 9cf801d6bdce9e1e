"""Address of everything below the site's root. Names hold 8 hex digits of a hash, so hosts may cache them for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from site_builder.library.artifacts import ImageFile, Leaflet, Lesson, Print, Rendition, Still
from site_builder.library.howto import HowTo

SERVICE_WORKER_FILE = "sw.js"  # at the top: it may only serve what stands below it
HASHED_FOLDERS = ("assets", "media", "print", "search")  # names in them hold a hash of the content
OUR_FOLDERS = (*HASHED_FOLDERS, "hosts")  # nothing in them is an editor's


def film(howto: HowTo, rendition: Rendition) -> str:
    return f"media/{howto.slug}/{rendition.rung.name}.{rendition.key[:8]}.mp4"


def picture(howto: HowTo, stem: str, image: ImageFile) -> str:
    """`stem` is `poster` or a step's id."""
    return f"media/{howto.slug}/{stem}.{image.key[:8]}{image.path.suffix}"


def figure(image: ImageFile, stem: str) -> str:
    """A picture within words: several pages may show the same."""
    return f"media/pictures/{stem}.{image.key[:8]}{image.path.suffix}"


def figures(shown: Mapping[Path, Still]) -> Iterator[tuple[str, Path]]:
    for file, still in shown.items():
        for picture in (still.web, still.jpeg, *([still.full_size] if still.full_size else [])):
            yield figure(picture, file.stem), picture.path


def leaflet(howto: HowTo, leaflet: Leaflet) -> str:
    return pdf_address(howto.slug, howto.lang, leaflet.format, leaflet.key)


def print_pdf(one_print: Print) -> str:
    """The leaflet of a how-to's page has the same address here."""
    return pdf_address(one_print.name or "all", one_print.lang, one_print.format, one_print.leaflet.key)


def pdf_address(name: str, lang: str, print_format: str, key: str) -> str:
    return f"print/{name}.{lang}{'' if print_format == 'leaflet' else f'.{print_format}'}.{key[:8]}.pdf"


def leaflet_thumb(howto: HowTo, image: ImageFile) -> str:
    """The leaflet, small."""
    return f"print/{howto.slug}.{howto.lang}.small.{image.key[:8]}.webp"


def print_preview(one_print: Print) -> str:
    return f"print/{one_print.name or 'all'}.{one_print.lang}.{one_print.format}.{one_print.preview.key[:8]}.webp"


def print_desk(category: str = "") -> str:
    """The print desk, or its page of one category: one for all languages, since it is the store's."""
    return f"print-desk/{category}/" if category else "print-desk/"


def captions(lesson: Lesson, lang: str) -> str:
    file = caption_file(lesson, lang)
    data = file if isinstance(file, bytes) else file.read_bytes()
    return f"media/{lesson.howto.slug}/captions.{lang}.{short_hash(data)}.vtt"


def caption_file(lesson: Lesson, lang: str) -> Path | bytes:
    """The editor's own file, or what was made of it."""
    return lesson.captions[lang].webvtt or lesson.howto.captions[lang]


def details(howto: HowTo) -> str:
    """What few readers want of a how-to: the film in words, its files, the sources."""
    return f"{howto.page}more/"


def built_files(lessons: Iterable[Lesson]) -> Iterator[tuple[str, Path | bytes]]:
    """Every file that is made and shown: its address, and where its bytes are now."""
    for lesson in lessons:
        howto = lesson.howto
        for rendition in lesson.renditions:
            yield film(howto, rendition), rendition.path
        stills = {**lesson.stills, **({"poster": lesson.poster} if lesson.poster else {})}
        for stem, still in stills.items():
            yield picture(howto, stem, still.web), still.web.path
            yield picture(howto, stem, still.jpeg), still.jpeg.path
            if still.thumb:
                yield picture(howto, "thumb", still.thumb), still.thumb.path
        yield from figures(lesson.figures)
        for lang in lesson.captions:
            yield captions(lesson, lang), caption_file(lesson, lang)
        if lesson.leaflet:
            yield leaflet(howto, lesson.leaflet), lesson.leaflet.path
            if lesson.leaflet.thumb:
                yield leaflet_thumb(howto, lesson.leaflet.thumb), lesson.leaflet.thumb.path


def chapters_file(howto: HowTo, text: str) -> str:
    return f"media/{howto.slug}/chapters.{howto.lang}.{short_hash(text.encode())}.vtt"


def language_root(lang: str, base_lang: str) -> str:
    """Where a language's pages begin: the base language at the site's top."""
    return "" if lang == base_lang else f"{lang}/"


def category(slug: str, lang: str, base_lang: str) -> str:
    return f"{language_root(lang, base_lang)}{slug}/"


def a_to_z(lang: str, base_lang: str) -> str:
    return f"{language_root(lang, base_lang)}search/"


def news_feed(lang: str, base_lang: str) -> str:
    return f"{language_root(lang, base_lang)}news.atom"


def podcast(lang: str, base_lang: str) -> str:
    return f"{language_root(lang, base_lang)}films.rss"


def saved(lang: str, base_lang: str) -> str:
    """The page of what is on this phone: saved lessons, data used, tariff."""
    return f"{language_root(lang, base_lang)}phone/"


def manifest(lang: str, base_lang: str) -> str:
    """Each language has its own: the icon on the home screen opens the home in which it was put there."""
    return f"{language_root(lang, base_lang)}app.webmanifest"


def short_code(code: str) -> str:
    """Always at the top: a printed link is short. Each language has codes of its own."""
    return f"{code}/"


def old_urls(howto: HowTo) -> list[str]:
    """Where it stood under the slugs that it had, in the folder where it is now."""
    return [howto.page.removesuffix(f"{howto.slug}/") + f"{old}/" for old in howto.formerly]


def asset(name: str, data: bytes) -> str:
    stem, suffix = name.rsplit(".", 1)
    return f"assets/{stem}.{short_hash(data)}.{suffix}"


def search_file(name: str, version: str) -> str:
    return f"search/{name}.{version}.json"


def search_facts(lang: str) -> str:
    """No hash in it: it is what names the files of the index as they are now."""
    return f"search.{lang}.json"


def short_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]


def file_of(address: str) -> str:
    """The file that a server shows at an address: `a/` → `a/index.html`."""
    return f"{address}index.html" if address == "" or address.endswith("/") else address


def relative(from_address: str, to_address: str) -> str:
    """The address `there` as a link on the page `here`: works below any prefix, and from a file."""
    path, mark, anchor = to_address.partition("#")
    start, goal = path_parts(from_address), path_parts(path)
    same = 0
    while same < min(len(start), len(goal)) and start[same] == goal[same]:
        same += 1
    way = "/".join([".."] * (len(start) - same) + goal[same:]) or "."
    return quote(f"{way}/" if path == "" or path.endswith("/") else way) + mark + anchor


def path_parts(address: str) -> list[str]:
    return [part for part in address.split("/") if part]


def absolute(site_url: str, address: str) -> str:
    """The address with its host, for those who read it elsewhere."""
    return site_url + quote(address, safe="/#?=")
