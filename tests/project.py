"""A small project laid out as an editor would have it, and the command line run in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result

from benchmarks.faults import HOWTO
from site_builder import cli
from site_builder.cache import Cache
from site_builder.library import settings, settings_file

TIMES = [(0.0, 0.6), (0.6, 1.2), (1.2, 1.9)]  # of three steps in a film of two seconds
MKDOCS = {
    "site_name": "Test library",
    "site_url": "https://shop.example/",
    "docs_dir": "content",
    "theme": {"name": "material"},
}


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
        return settings_file.load_settings(self.root / "mkdocs.yml")

    @property
    def cache(self) -> Cache:
        return Cache(self.root / ".cache")
