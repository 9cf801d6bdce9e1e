"""What an editor may set: the options of the plugin, and with them everything that a build is told."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field

from site_builder.library import phones
from site_builder.library.categories import Category
from site_builder.library.contrast import WHITE, contrast
from site_builder.library.field_types import Folder, Lang, SiteAddress, Slug, StrictModel, Text
from site_builder.library.ladder import LADDER, Rung, RungSetting
from site_builder.library.mkdocs_settings import compile_patterns
from site_builder.library.names import path_on_disk
from site_builder.library.problems import Problem

Effort = Literal["draft", "normal", "best"]
FrameRate = Literal["auto", "full", "half"]


class Store(StrictModel):
    """Whose library this is; printed in each leaflet's footer."""

    name: str = Field("", max_length=60, description="the library's name unless given")
    phone: Text | None = Field(None, max_length=30)
    whatsapp: Text | None = Field(None, max_length=30)
    missed_call: Text | None = Field(
        None, description="a number that rings once and is called back, which costs a reader nothing"
    )
    address: Text | None = Field(None, max_length=120)
    logo: Text | None = Field(None, description="PNG, JPEG or SVG for the leaflets' footer, beside mkdocs.yml")
    logo_mono: Text | None = Field(None, description="the same in black, for leaflets that save toner")
    colour: str | None = Field(None, pattern=r"^#[0-9a-f]{6}$", description="of headings and numbers on leaflets: #0a5c4a")

    @property
    def ink(self) -> str | None:
        """The colour, darkened until it can be read on white (4.5:1), so that a mono printer makes no pale grey of it."""
        if self.colour is None:
            return None
        red, green, blue = (int(self.colour[at : at + 2], 16) for at in (1, 3, 5))
        while contrast((red, green, blue), WHITE) < 4.5:
            red, green, blue = int(red * 0.95), int(green * 0.95), int(blue * 0.95)
        return f"#{red:02x}{green:02x}{blue:02x}"


class CategorySetting(StrictModel):
    icon: Text = "material/tools"
    titles: dict[Lang, Text]
    words: tuple[Text, ...] = Field(())


class Tariff(StrictModel):
    """What a megabyte (1,000,000 bytes) costs. A price is shown only with its date."""

    name: Text
    rand_per_mb: float = Field(gt=0)
    as_of: Text
    source: Text


# What a library in South Africa shows unless it says otherwise. No complete table of this year was found: the shop's own person
# checks it, and writes what is true there.
DEFAULT_TARIFFS = tuple(
    Tariff(name=name, rand_per_mb=price, as_of=day, source=source)
    for name, price, day, source in (
        ("MTN, out of bundle", 0.99, "about 2017", "MyBroadband 232725"),
        ("Vodacom, after a bundle ends", 0.49, "undated", "Vodacom once-off data terms"),
        ("Telkom, out of bundle", 0.29, "about 2017", "MyBroadband 232725"),
        ("Vodacom 500 MB, R69", 0.14, "April 2022", "ITWeb/ICASA"),
        ("Cell C 500 MB, R65", 0.13, "April 2022", "ITWeb/ICASA"),
        ("Vodacom 1 GB, R85", 0.085, "year not shown", "Three Streams Media"),
    )
)


class Options(StrictModel):
    """What stands under `plugins: - site-builder:`. Everything has a default."""

    store: Store = Store()
    short_url: SiteAddress | None = Field(None, description="start of printed links; site_url unless given")
    lang: Lang = "en"
    categories: dict[Slug, CategorySetting] = Field(default_factory=dict)
    search_hint: dict[Lang, Text] = Field(default_factory=dict, description="what people look for, in the empty search field")
    videos: Folder = "videos"
    max_seconds: float = Field(60, gt=0)
    grace_seconds: float = Field(5, ge=0)
    effort: Effort = "normal"
    ceiling: float = Field(97, ge=50, le=100, description="phone-model VMAF above which a film costs for nothing")
    frame_rate: FrameRate = Field("auto", description="auto: half only where the film would be mush at full rate")
    ladder: dict[Slug, RungSetting] = Field(default_factory=lambda: dict(LADDER), min_length=1)
    country: str = Field(
        phones.DEFAULT_COUNTRY, pattern="^[A-Z]{2}$", description="whose phone numbers need no country's code (ISO 3166)"
    )
    tariffs: tuple[Tariff, ...] = ()
    tariff: Text | None = Field(None, description="name of the tariff that prices are shown at; the dearest unless given")
    page_budget: int = Field(14_000, gt=0, description="bytes of a first visit of a how-to, packed, without pictures and film")
    visit_budget: int = Field(100_000, gt=0, description="the same with poster and stills")
    paper: Literal["a4", "us-letter"] = "a4"
    notes: int = Field(6, ge=0, le=28, description="lines to write on at the end of a leaflet, at most; 0 for none")
    listen: bool = Field(True, description="pages tell the host's own access log what is played, saved, searched and said")
    strict: bool = False

    @property
    def rungs(self) -> tuple[Rung, ...]:
        return tuple(Rung(name=name, **dict(row)) for name, row in self.ladder.items())


class Settings(StrictModel):
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
    excluded: tuple[str, ...] = ()  # `exclude_docs`, line by line
    drafts: tuple[str, ...] = ()  # `draft_docs`
    shows_drafts: bool = False  # as `mkdocs serve` does
    warnings: tuple[Problem, ...] = ()  # what is odd in mkdocs.yml, and stops a strict build alone
    skips_mkdocs: bool = True  # MkDocs need not check its own settings: none that only it knows, or problems already

    def excludes(self, path: Path) -> bool:
        """Whether mkdocs.yml keeps a file of the content folder out of the site, as MkDocs understands it."""
        lines = self.excluded if self.shows_drafts else (*self.excluded, *self.drafts)
        return bool(lines) and compile_patterns(lines).match_file(path.relative_to(self.content).as_posix())

    @property
    def short_url(self) -> str:
        """Start of printed links, without a slash at its end."""
        return (self.options.short_url or self.site_url).rstrip("/")

    def logo(self, mono: bool = False) -> Path | None:
        """The logo's file; in mono the black one, or none."""
        name = self.options.store.logo_mono if mono else self.options.store.logo
        return path_on_disk(self.root / name) if name else None

    @property
    def short_url_text(self) -> str:
        """short_url without its scheme, as printed for people to type."""
        parts = urlsplit(self.short_url)
        return f"{parts.netloc}{parts.path}"

    @property
    def ladder(self) -> tuple[Rung, ...]:
        return self.options.rungs

    @property
    def categories(self) -> tuple[Category, ...]:
        """In the order of the settings."""
        return tuple(Category(slug, row.titles, row.icon, row.words) for slug, row in self.options.categories.items())

    @property
    def tariff(self) -> Tariff | None:
        """The tariff that prices are shown at: the one that is named, else the dearest, so that nobody pays more."""
        tariffs = self.options.tariffs
        named = [t for t in tariffs if t.name == self.options.tariff]
        return named[0] if named else max(tariffs, key=lambda t: t.rand_per_mb, default=None)
