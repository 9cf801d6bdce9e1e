"""What most tests need: small real films, and small projects laid out as an editor would have them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
import yaml
from click.testing import CliRunner, Result

from benchmarks.faults import HOWTO
from site_builder import cli
from site_builder.cache import Cache
from site_builder.library import settings

TIMES = [(0.0, 0.6), (0.6, 1.2), (1.2, 1.9)]  # of three steps in a film of two seconds
MKDOCS = {
    "site_name": "Test library",
    "site_url": "https://shop.example/",
    "docs_dir": "content",
    "theme": {"name": "material"},
}


def ffmpeg(*words: str | Path) -> None:
    """The real one, to make a test's own small films."""
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-v", "error", "-nostdin", "-y", *map(str, words)], check=True, timeout=120)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a moving test card with a voice-like tone: 320×240, 25 frames a second."""
    path = tmp_path_factory.mktemp("films") / "clip.mp4"
    picture = ("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=2")
    tone = ("-f", "lavfi", "-i", "sine=frequency=300:sample_rate=44100:duration=2")
    ffmpeg(*picture, *tone, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", path)
    return path


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder in which nothing can be written. Permissions do not hold root back: for root its files are made immutable."""
    if os.geteuid():
        before = folder.stat().st_mode
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(before)
        return
    if subprocess.run(["chattr", "-R", "+i", folder], capture_output=True, check=False).returncode:
        pytest.skip("this file system has no immutable files: run it as another user than root")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-R", "-i", folder], check=True)


class Project:
    """A folder with mkdocs.yml, content/ and videos/, and the command line run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.options: dict[str, Any] = {"effort": "draft"}
        (root / "content").mkdir(parents=True)
        (root / "videos").mkdir()
        self.set()

    def set(self, **options: Any) -> None:
        """Change what stands under `site-builder:` in mkdocs.yml."""
        self.options |= options
        found = {**MKDOCS, "plugins": [{"site-builder": self.options}]}
        (self.root / "mkdocs.yml").write_text(yaml.safe_dump(found, allow_unicode=True), "utf-8")

    def write(self, slug: str = "wire-a-plug", category: str = "electrical", body: str = "Some words.", **changes: Any) -> Path:
        """A how-to: the usual one with `changes`; None drops a field (`reviewed_by` stays: it may be null)."""
        values = {**HOWTO, **changes}
        values = {name: value for name, value in values.items() if value is not None or name == "reviewed_by"}
        return self.text(
            f"content/{category}/{slug}.md", f"---\n{yaml.safe_dump(values, sort_keys=False, allow_unicode=True)}---\n{body}\n"
        )

    def text(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def film(self, source: Path, slug: str = "wire-a-plug", **changes: Any) -> Path:
        """A how-to with a film, its three steps timed on two seconds."""
        master = self.root / "videos" / f"{slug}{source.suffix}"
        master.write_bytes(source.read_bytes())
        steps = [{**step, "start": start, "end": end} for step, (start, end) in zip(HOWTO["steps"], TIMES, strict=True)]
        self.write(slug, **{"video": {"master": f"videos/{master.name}"}, "steps": steps, **changes})
        return master

    def run(self, *words: str) -> Result:
        """`site-builder …` in this project; `.stdout`, `.stderr` and `.exit_code` are what a user would see."""
        at = [] if not words or words[0].startswith("-") else ["--config", str(self.root / "mkdocs.yml")]
        command = words[:2] if words[:1] == ("cache",) else words[:1]
        result = CliRunner().invoke(cli.main, [*command, *at, *words[len(command) :]])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    @property
    def settings(self) -> settings.Settings:
        return settings.load_settings(self.root / "mkdocs.yml")

    @property
    def cache(self) -> Cache:
        return Cache(self.root / ".cache")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "shop")


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """For fixtures that build one project for many tests."""
    return lambda name: Project(tmp_path_factory.mktemp(name) / "shop")
