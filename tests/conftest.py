"""What most tests need: small real films, and small projects laid out as an editor would have them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.media import ffmpeg
from tests.project import Project
from tests.skips import pytest_collection_modifyitems, pytest_make_collect_report, pytest_runtest_makereport

__all__ = ["pytest_collection_modifyitems", "pytest_make_collect_report", "pytest_runtest_makereport"]  # hooks of pytest


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a moving test card with a voice-like tone: 320×240, 25 frames a second."""
    path = tmp_path_factory.mktemp("films") / "clip.mp4"
    picture = ("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=2")
    tone = ("-f", "lavfi", "-i", "sine=frequency=300:sample_rate=44100:duration=2")
    ffmpeg(*picture, *tone, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", path)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "shop")


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """For fixtures that build one project for many tests."""
    return lambda name: Project(tmp_path_factory.mktemp(name) / "shop")
