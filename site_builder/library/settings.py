"""mkdocs.yml as the core needs it: read by ourselves, so that MkDocs stays behind one door."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from site_builder.library import frontmatter
from site_builder.library.model import Category, Lang, Part, Rung, Text
from site_builder.library.problems import Problem, Problems

Effort = Literal["draft", "normal", "best"]
Address = Annotated[str, Field(pattern=r"^https?://[^\s]+$")]


class Store(Part):
    """Whose library this is; printed in each leaflet's footer."""

    name: Text
    phone: Text | None = None
    whatsapp: Text | None = None
    address: Text | None = None


class CategorySetting(Part):
    icon: Text = "material/tools"
    titles: dict[Lang, Text]


class Tariff(Part):
    """What a megabyte (1,000,000 bytes) costs. A price is shown only with its date."""

    name: Text
    rand_per_mb: float = Field(gt=0)
    as_of: Text
    source: Text


class RungSetting(Part):
    video: Literal["av1", "h264"] | None
    audio: Literal["opus", "aac"]
    lines: int = Field(480, ge=120, le=1080, description="of the shorter side, at most")
    audio_kbps: int = Field(ge=6, le=128)
    budget: int = Field(gt=10_000, description="bytes of the whole file, never exceeded")


LADDER = {
    "standard": RungSetting(video="av1", audio="opus", lines=480, audio_kbps=20, budget=900_000),
    # H.264 wants fewer lines than AV1 at the same bytes: 360 beat 480 by 11 to 14 VMAF points on real footage
    "standard-h264": RungSetting(video="h264", audio="aac", lines=360, audio_kbps=28, budget=900_000),
    "lite": RungSetting(video="av1", audio="opus", lines=360, audio_kbps=14, budget=360_000),
    "audio": RungSetting(video=None, audio="opus", audio_kbps=16, budget=130_000),
    "audio-aac": RungSetting(video=None, audio="aac", audio_kbps=24, budget=200_000),
}


class Options(Part):
    """What stands under `plugins: - site-builder:`. Everything has a default."""

    store: Store = Store(name="Our shop")
    short_url: Address | None = Field(None, description="start of printed links; site_url unless given")
    lang: Lang = "en"
    categories: dict[str, CategorySetting] = Field(default_factory=dict)
    videos: Text = "videos"
    max_seconds: float = Field(60, gt=0)
    grace_seconds: float = Field(5, ge=0)
    effort: Effort = "normal"
    ceiling: float = Field(96, ge=50, le=100, description="phone-model VMAF above which a film costs for nothing")
    ladder: dict[str, RungSetting] = Field(default_factory=lambda: dict(LADDER), min_length=1)
    tariffs: tuple[Tariff, ...] = ()
    tariff: Text | None = Field(None, description="name of the tariff that prices are shown at; the dearest unless given")
    paper: Literal["a4", "us-letter"] = "a4"
    listen: bool = Field(True, description="pages tell the host's own access log what is played, saved, searched and said")
    strict: bool = False


class Palette(Part):
    primary: str = "indigo"
    accent: str = "indigo"


class MkDocsFile(Part):
    """The part of mkdocs.yml that we read; the rest is MkDocs'."""

    model_config = {**Part.model_config, "extra": "ignore"}

    site_name: Text
    site_url: Address
    site_description: str = ""
    docs_dir: Text = "content"
    site_dir: Text = "site"

    @field_validator("site_url")
    @classmethod
    def ends_in_slash(cls, url: str) -> str:
        return url if url.endswith("/") else f"{url}/"


class Settings(Part):
    """Everything that a build is told."""

    root: Path
    file: Path
    site_name: str
    site_url: str
    site_description: str
    content: Path
    videos: Path
    site: Path
    options: Options

    @property
    def short_url(self) -> str:
        """Start of printed links, without a slash at its end."""
        return (self.options.short_url or self.site_url).rstrip("/")

    @property
    def short_words(self) -> str:
        """The same, as one types it: no https://."""
        parts = urlsplit(self.short_url)
        return f"{parts.netloc}{parts.path}"

    @property
    def ladder(self) -> tuple[Rung, ...]:
        return tuple(Rung(name=name, **dict(row)) for name, row in self.options.ladder.items())

    @property
    def categories(self) -> tuple[Category, ...]:
        """In the order of the settings."""
        return tuple(Category(slug, row.titles, row.icon) for slug, row in self.options.categories.items())

    @property
    def tariff(self) -> Tariff | None:
        """The tariff that prices are shown at: the one that is named, else the dearest, so that nobody pays more."""
        tariffs = self.options.tariffs
        named = [t for t in tariffs if t.name == self.options.tariff]
        return named[0] if named else max(tariffs, key=lambda t: t.rand_per_mb, default=None)


def load(file: Path) -> Settings:
    """The settings in an mkdocs.yml. Raises Problems with everything that is wrong in it."""
    if not file.is_file():
        raise Problems([Problem(file, 1, "no such file", "run this where mkdocs.yml is, or name it with --config")])
    try:
        values, lines, problems = frontmatter.load(frontmatter.read_text(file), file)
    except frontmatter.NotReadable as error:
        raise Problems([error.problem]) from None
    top, found = frontmatter.fit(MkDocsFile, values, lines, file)
    problems += found
    given, where = plugin_options(values)
    inner = {path[len(where) :]: line for path, line in lines.items() if path[: len(where)] == where}
    inner.setdefault((), frontmatter.line_of(lines, where))
    options, found = frontmatter.fit(Options, given, inner, file)
    problems += found
    if options and options.tariff and options.tariff not in {t.name for t in options.tariffs}:
        problems.append(Problem(file, frontmatter.line_of(inner, ("tariff",)), f"no tariff is called '{options.tariff}'"))
    if problems or top is None or options is None:
        raise Problems(problems)
    root = file.parent.resolve()
    return Settings(
        root=root,
        file=file,
        site_name=top.site_name,
        site_url=top.site_url,
        site_description=top.site_description,
        content=root / top.docs_dir,
        videos=root / options.videos,
        site=root / top.site_dir,
        options=options,
    )


def plugin_options(values: dict[str, Any]) -> tuple[dict[str, Any], tuple[str | int, ...]]:
    """What stands under our plugin's name, and where; nothing where it only stands there by name."""
    plugins = values.get("plugins") or []
    entries = plugins.items() if isinstance(plugins, dict) else enumerate(plugins)
    for at, entry in entries:
        if at == "site-builder" and isinstance(entry, dict):
            return entry, ("plugins", "site-builder")
        if isinstance(entry, dict) and isinstance(entry.get("site-builder"), dict):
            return entry["site-builder"], ("plugins", at, "site-builder")
    return {}, ("plugins",)
