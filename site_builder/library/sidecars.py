"""Captions and narrations beside a film, found by their names: `plug.en.vtt`, and what programs and people write instead."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from site_builder.library.names import nfc

LANG_TAG = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
CAPTION_SUFFIXES = (".vtt", ".srt", ".sbv")  # kinds of captions that are taken: of two in one language, the first
UNSUPPORTED_CAPTIONS = (".ass", ".ssa", ".ttml", ".dfxp", ".smi", ".stl", ".scc", ".sub", ".lrc")
NARRATION_SUFFIXES = (".wav", ".m4a", ".opus", ".flac")  # the first that is there counts
UNSUPPORTED_SOUNDS = (".mp3", ".aac", ".ogg", ".oga", ".wma", ".amr", ".aif", ".aiff", ".caf")
# Words that services put into the name, which say nothing of the language.
FILLER_WORDS = {"orig", "original", "auto", "asr", "generated", "captions", "subtitles", "subs", "cc", "sdh"}
SEPARATORS = re.compile(r"[\s._()\[\]-]+")
MTIME_SETTLED_NS = 2_000_000_000  # nanoseconds after which a folder's time shows every later change


def files_of_film(film: Path, suffixes: Sequence[str], films: Sequence[str]) -> tuple[str, ...]:
    """Sidecars of a film: names in its folder that begin with the film's stem, where no longer stem of another film matches.

    `suffixes` are those of the files asked for, `films` those of films.
    """
    by_stem = files_by_film(film.parent, tuple(films))
    return tuple(name for name in by_stem.get(nfc(film.stem), ()) if Path(name).suffix.lower() in suffixes)


def files_by_film(folder: Path, films: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """The files of a folder by the stem of the film that they belong to, read once for all how-tos.

    A folder changed less than 2 s ago is read anew: its modification time may not show a second change.
    """
    try:
        mtime_ns = folder.stat().st_mtime_ns
    except OSError:
        return {}
    if time.time_ns() - mtime_ns < MTIME_SETTLED_NS:
        return group_by_film(folder, films)
    return files_by_film_cached(folder, mtime_ns, films)


@lru_cache(maxsize=4)
def files_by_film_cached(folder: Path, mtime_ns: int, films: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    return group_by_film(folder, films)


def group_by_film(folder: Path, films: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    names = sorted(path.name for path in folder.iterdir())
    stems = {nfc(Path(name).stem) for name in names if Path(name).suffix.lower() in films}
    by_stem: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if Path(name).suffix.lower() in films:
            continue
        normalised = nfc(name)
        ends = [at for at, letter in enumerate(normalised) if at and SEPARATORS.fullmatch(letter)]
        if owner := next((normalised[:at] for at in reversed(ends) if normalised[:at] in stems), None):
            by_stem[owner].append(name)
    return {stem: tuple(names) for stem, names in by_stem.items()}


def language_of(name: str, film: Path, default_lang: str) -> str | None:
    """The language tag in a sidecar's name: `default_lang` if the name has none, None if what stands there is no language."""
    rest = nfc(name)[len(nfc(film.stem)) :].removesuffix(Path(name).suffix)
    if rest.startswith(".") and LANG_TAG.fullmatch(rest[1:]):
        return (len(rest) == 4 and language_code(rest[1:])) or rest[1:]  # eng is en
    words = [word for word in SEPARATORS.split(rest) if word and word.lower() not in FILLER_WORDS]
    if words and words[0].lower() == film.suffix[1:].lower():  # plug.mp4.en.srt
        words = words[1:]
    match words:
        case []:
            return default_lang
        case [word]:
            return language_code(word)
        case [word, region] if re.fullmatch(r"[A-Za-z]{2}", region) and (lang := language_code(word)):
            return f"{lang}-{region.upper()}"
    return None


@cache
def language_code(word: str) -> str | None:
    """The code of a language that is written as `en`, `EN`, `eng`, or `English`."""
    from babel import Locale, localedata  # asked only for names that are not as they should be
    from babel.core import get_global

    normalised = word.lower()
    code = {**get_global("language_aliases")}.get(normalised, normalised)
    if re.fullmatch(r"[a-z]{2,3}", code) and (localedata.exists(code) or code in Locale("en").languages):
        return str(code)
    names = {name.lower(): code for code, name in Locale("en").languages.items() if LANG_TAG.fullmatch(code)}
    return names.get(normalised)


def files_by_language(film: Path, default_lang: str, suffixes: Sequence[str], films: Sequence[str]) -> dict[str, list[Path]]:
    """A film's files of these kinds in each language, the one to take first: named as it should be, then in order of kinds."""
    by_lang: dict[str, list[Path]] = defaultdict(list)
    for name in files_of_film(film, suffixes, films):
        if lang := language_of(name, film, default_lang):
            by_lang[lang].append(film.parent / name)

    def rank(path: Path, lang: str) -> tuple[bool, int, str]:
        return nfc(path.stem) != f"{nfc(film.stem)}.{lang}", suffixes.index(path.suffix.lower()), path.name

    return {lang: sorted(paths, key=lambda path: rank(path, lang)) for lang, paths in by_lang.items()}


def unused_sidecars(film: Path, default_lang: str, films: Sequence[str], named: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Files beside a film that look like its captions and are not taken: why, and what to do."""
    expected_name = f"{film.stem}.{default_lang}.vtt"
    for paths in files_by_language(film, default_lang, CAPTION_SUFFIXES, films).values():
        for path in paths[1:]:
            if path.name not in named:
                yield f"'{path.name}' is not used: '{paths[0].name}' is", "delete one of them"
    for name in files_of_film(film, CAPTION_SUFFIXES, films):
        if name not in named and language_of(name, film, default_lang) is None:
            yield (
                f"'{name}' is not used: its name does not tell its language",
                f"call it '{expected_name}', if it is in that one",
            )
    for name in files_of_film(film, UNSUPPORTED_CAPTIONS, films):
        yield f"'{name}' is not used: captions are WebVTT or SubRip", f"save it as '{expected_name}'"
