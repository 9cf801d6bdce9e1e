"""A small library of its own for each test."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from site_builder.library.artifacts import Still
from site_builder.library.howto import HowTo
from site_builder.library.settings import Settings
from tests.leaflets.library import draw_stills, load_howto


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., tuple[HowTo, Settings]]:
    """`load(changes, options, …)` reads a how-to as an editor would have written it."""
    return partial(load_howto, tmp_path)


@pytest.fixture
def stills(tmp_path: Path) -> Callable[[HowTo], dict[str, Still]]:
    return partial(draw_stills, tmp_path)
