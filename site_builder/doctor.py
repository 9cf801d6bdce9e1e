"""The diagnosis that `site-builder doctor` prints: tools, versions and encoders in use, and what is missing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.metadata import version as installed
from pathlib import Path

from site_builder import __version__, pool
from site_builder.console import plural
from site_builder.films import ffmpeg
from site_builder.library import codecs, settings_file
from site_builder.library.problems import Problems


def diagnose(config: Path) -> Iterator[tuple[str, str, bool]]:
    """What is in use: name, words, and whether it is as it should be."""
    yield "site-builder", __version__, True
    yield "python", sys.version.split()[0], sys.version_info >= (3, 11)
    yield "cores", str(pool.cores()), True
    own = "SITE_BUILDER_FFMPEG" if os.environ.get("SITE_BUILDER_FFMPEG") else "the wheel imageio-ffmpeg"
    try:
        yield "ffmpeg", f"{ffmpeg.version()} ({own}: {ffmpeg.executable()})", True
        has = ffmpeg.available("encoders") | ffmpeg.available("filters")
        for name in (*codecs.encoders(), *ffmpeg.REQUIRED_FILTERS):
            yield f"  {name}", "yes" if name in has else "MISSING", name in has
    except ffmpeg.ToolFailed as error:
        yield "ffmpeg", f"MISSING: {error}", False
    for package in ("av", "pillow", "typst", "pikepdf", "zxing-cpp", "mkdocs", "mkdocs-material", "click"):
        yield package, installed(package), True
    try:
        chosen = settings_file.load_settings(config)
        yield "settings", f"{config}: {chosen.site_name}, effort {chosen.options.effort}", True
    except Problems as error:
        yield "settings", f"{plural(len(error.problems), 'mistake')}; see 'site-builder check'", False
