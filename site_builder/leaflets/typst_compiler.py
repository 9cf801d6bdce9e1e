"""One document from Typst: the only file that starts it. It sees one folder of its own, our fonts, and no clock."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from site_builder.atomic_files import temporary_folder
from site_builder.leaflets import formats, text_metrics

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
DATA_FILE = "print.json"  # what the templates read
TYPST_CACHE_AGE = 10  # documents, after which Typst drops what it did not use again
EVICT_PER_DOCUMENT = 6  # of them pass with each: to go through what it remembers of other leaflets takes longer than that saves


# Leaflets are set side by side; Typst's own threads would only get in each other's way: with one each, two workers are 1.8
# times as fast as one, with two each no faster at all.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

per_thread = threading.local()


class TypesetFailed(Exception):
    """Typst refused a leaflet; says which, and Typst's reason."""


def compile_pdf(data: Mapping[str, Any], files: Mapping[str, bytes], format_name: str = "leaflet") -> bytes:
    """The PDF of a format's template. Raises TypesetFailed.

    Typst sees neither the content folder nor the machine's fonts nor the clock.
    """
    day = dt.datetime(**data["day"], tzinfo=dt.UTC)
    template = formats.load_formats()[format_name].path
    # What it is told is a file as well: with inputs of its own, Typst would take its whole library for another one, and not
    # remember a line of the leaflet before.
    data_json = json.dumps(data, ensure_ascii=False).encode()
    root = compile_root({template.name: template.read_bytes(), **files, DATA_FILE: data_json})
    try:
        pdf_bytes = compiler().compile(root / template.name, root=root, format="pdf", pdf_standards=STANDARDS, timestamp=day)
    except typst.TypstError as error:
        hints = "".join(f"\n    hint: {hint}" for hint in error.hints)
        raise TypesetFailed(f"{format_name} '{data['slug']}' ({data['lang']}): {error.message}{hints}") from None
    assert isinstance(pdf_bytes, bytes)
    evict(EVICT_PER_DOCUMENT)
    return pdf_bytes


def compile_root(files: Mapping[str, bytes]) -> Path:
    """The thread's folder as Typst's root, with shared templates and `files`; rewrites only what changed."""
    if not hasattr(per_thread, "table"):
        per_thread.table, per_thread.lies = temporary_folder(), {}
        files = {path.name: path.read_bytes() for path in formats.SHARED_TEMPLATES} | dict(files)
    root = Path(per_thread.table.name)
    for name, file in files.items():
        if per_thread.lies.get(name) != file:
            (root / name).write_bytes(file)
            per_thread.lies[name] = file
    return root


def evict(documents: int = TYPST_CACHE_AGE + 1) -> None:
    """Compiles `documents` empty documents, so that Typst's cache drops what it did not use: some 4 MB a leaflet."""
    for _ in range(documents):
        compiler().compile(b"", format="svg")


def compiler() -> typst.Compiler:
    """This thread's compiler: it keeps the fonts, and what the last leaflet had in common with the next."""
    if not hasattr(per_thread, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[text_metrics.FONTS])
        per_thread.compiler = typst.Compiler(font_paths=fonts)
    compiler_of_thread: typst.Compiler = per_thread.compiler
    return compiler_of_thread
