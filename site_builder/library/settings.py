"""mkdocs.yml as the core needs it: read by ourselves, so that MkDocs stays behind one door."""

from __future__ import annotations

import difflib
import os
import re
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import pathspec
from pydantic import BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from site_builder.library import images, inherit, letters, messages, phones, text_files, web, yaml_values
from site_builder.library.field_types import Lang, Slug, StrictModel, Text
from site_builder.library.howto import Category
from site_builder.library.ladder import Rung
from site_builder.library.names import is_file, path_on_disk, real_path
from site_builder.library.problems import InvalidValue, Problem, Problems, did_you_mean
from site_builder.library.validation import ModelType, invalid_fields, quote_value, validate
from site_builder.library.yaml_values import FieldPath, line_of

PLUGIN_NAME = "site-builder"

Effort = Literal["draft", "normal", "best"]
FrameRate = Literal["auto", "full", "half"]
Folder = Annotated[str, Field(min_length=1)]
SiteAddress = Annotated[str, BeforeValidator(web.validate_site_url)]


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
        parts = [int(self.colour[at : at + 2], 16) for at in (1, 3, 5)]
        while contrast_on_white(parts) < 4.5:
            parts = [int(part * 0.95) for part in parts]
        return "#" + "".join(f"{part:02x}" for part in parts)


def contrast_on_white(rgb: list[int]) -> float:
    """Against white, WCAG 2.2 §1.4.3."""
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


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


class RungSetting(StrictModel):
    video: Literal["av1", "hevc", "h264"] | None
    audio: Literal["opus", "aac"]
    lines: int = Field(720, ge=120, le=1080, description="of the shorter side, at most; each film gets its own")
    audio_kbps: int = Field(ge=6, le=128, description="for a voice; music gets twice as much")
    budget: int = Field(gt=10_000, description="bytes of the whole file, never exceeded")
    shows: Literal["film", "slides"] = Field("film", description="slides: one still a step, changed at the step's second")
    card: bool = Field(False, description="title and link over the film's first seconds")


# A voice's bit rates are the lowest that benchmarks/sound.md finds to cost no words; bytes saved go to the picture.
LADDER = {
    "standard": RungSetting(video="av1", audio="opus", lines=720, audio_kbps=14, budget=900_000),
    "standard-hevc": RungSetting(video="hevc", audio="aac", lines=540, audio_kbps=20, budget=900_000),
    "standard-h264": RungSetting(video="h264", audio="aac", lines=480, audio_kbps=20, budget=900_000),
    "lite": RungSetting(video="av1", audio="opus", lines=480, audio_kbps=12, budget=360_000),
    "slides": RungSetting(video="av1", audio="opus", shows="slides", lines=480, audio_kbps=12, budget=200_000),
    "slides-h264": RungSetting(video="h264", audio="aac", shows="slides", lines=480, audio_kbps=16, budget=200_000),
    "whatsapp": RungSetting(video="h264", audio="aac", card=True, lines=480, audio_kbps=20, budget=900_000),
    "audio": RungSetting(video=None, audio="opus", audio_kbps=14, budget=130_000),
    "audio-aac": RungSetting(video=None, audio="aac", audio_kbps=20, budget=200_000),
}


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


MATERIAL_COLOURS = [  # of Material's palette
    "red", "pink", "purple", "deep-purple", "indigo", "blue", "light-blue", "cyan", "teal", "green", "light-green", "lime",
    "yellow", "amber", "orange", "deep-orange", "brown", "grey", "blue-grey", "black", "white", "custom",
]  # fmt: skip


def material_colour(given: object) -> object:
    """One of Material's; spaces in it may be hyphens. Raises InvalidValue."""
    if not isinstance(given, str) or given.strip().replace(" ", "-") not in MATERIAL_COLOURS:
        near = did_you_mean(given, MATERIAL_COLOURS) if isinstance(given, str) else ""
        raise InvalidValue("no colour that there is", near or f"one of {', '.join(MATERIAL_COLOURS)}")
    return given.strip().replace(" ", "-")


def validate_patterns(given: object) -> object:
    """Patterns as in .gitignore, one a line. Raises InvalidValue."""
    if given is not None and not isinstance(given, str):
        raise InvalidValue("no lines of names", "write '|' behind the colon, and one name a line below it")
    try:
        pathspec.GitIgnoreSpec.from_lines((given or "").splitlines())
    except ValueError as error:
        raise InvalidValue(f"no such pattern ({error})", "names and folders, one a line, as in .gitignore") from None
    return given


MaterialColour = Annotated[str, BeforeValidator(material_colour)]
IgnorePatterns = Annotated[str | None, BeforeValidator(validate_patterns)]


class PaletteSetting(StrictModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    primary: MaterialColour = "indigo"
    accent: MaterialColour = "indigo"


def as_list(given: object) -> object:
    """Material takes one palette, or several that a reader switches between."""
    return given if isinstance(given, list) else [{} if given is None else given]


class ThemeSetting(StrictModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    name: Text | None = None
    palette: Annotated[tuple[PaletteSetting, ...], BeforeValidator(as_list)] = ()


class MkDocsSettings(StrictModel):
    """The part of mkdocs.yml that we read; the rest is MkDocs'."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    site_name: Text
    site_url: SiteAddress
    site_description: str | None = None
    docs_dir: Folder = "content"
    site_dir: Folder = "site"
    theme: (
        Annotated[ThemeSetting, BeforeValidator(lambda given: {"name": given} if isinstance(given, str) else given)] | None
    ) = None
    exclude_docs: IgnorePatterns = None
    draft_docs: IgnorePatterns = None

    @field_validator("site_url")
    @classmethod
    def with_trailing_slash(cls, url: str) -> str:
        return url if url.endswith("/") else f"{url}/"


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
    skips_mkdocs: bool = True  # there is nothing to be asked of MkDocs: nothing that only it can judge, or mistakes already

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
        """The same, as one types it: no https://."""
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


@cache
def compile_patterns(lines: tuple[str, ...]) -> pathspec.GitIgnoreSpec:
    return pathspec.GitIgnoreSpec.from_lines(lines)


STARTER_FILE = """\
site_name: The clinic's how-to library
site_url: https://clinic.example/
docs_dir: content
theme: material
plugins: [site-builder]
"""
# what only MkDocs can judge: extensions, hooks, navigation and other plugins are asked of it
KNOWN_KEYS = {*MkDocsSettings.model_fields, "site_author", "copyright", "plugins"}
KNOWN_THEME_KEYS = {"name", "palette", "language", "font", "features"}
PLACEHOLDER_SETTINGS = {
    "site_name": "Library",
    "site_url": "https://library.example/",
}  # so that all else can be checked, and no more
ESSENTIAL_KEYS = {"docs_dir", "videos", "lang"}  # without them it is not known what is to be read, and as what


def load_settings(file: Path) -> Settings:
    """The settings in an mkdocs.yml. Raises Problems with everything that is wrong in it."""
    found, problems = try_load_settings(file)
    if problems or found is None:
        raise Problems([*problems, *(found.warnings if found else ())])
    return found


def try_load_settings(file: Path) -> tuple[Settings | None, list[Problem]]:
    """The settings, and the mistakes in them. Where there are some, they are good for checking the rest, and for no more: what
    is wrong counts as if it were not there. None where it is not known where the content is; warnings are then among them.
    """
    if not file.is_file():
        return None, [missing_file_problem(file)]
    try:
        values, lines, problems = inherit.read_with_parents(file)
    except text_files.NotReadable as error:
        return guess_settings(file), [error.problem]
    top, told, wrong = validate_partly(MkDocsSettings, PLACEHOLDER_SETTINGS, values, lines, file)
    problems += told
    given, where, told = plugin_options(values, lines, file)
    problems += told
    inner = {path[len(where) :]: line for path, line in lines.items() if path[: len(where)] == where}
    inner.setdefault((), yaml_values.line_of(lines, where))
    options, told, faulty = validate_partly(Options, {}, given, inner, file)
    root = file.parent.resolve()
    if "tariffs" not in given and options.country == phones.DEFAULT_COUNTRY and has_any_file(root / options.videos):
        options = options.model_copy(update={"tariffs": DEFAULT_TARIFFS})
    problems += [*told, *tariff_problems(options, inner, file), *phone_problems(options, inner, file)]
    named = (("docs_dir", top.docs_dir, lines), ("site_dir", top.site_dir, lines), ("videos", options.videos, inner))
    places = folder_problems(file, root, [(name, value, line_of(where, (name,))) for name, value, where in named])
    problems += [*places, *logo_problems(options.store, root, file, inner)]
    problems += letters.unprintable_in(values.get("site_name"), ("site_name",), lines, file)
    for name in ("store", "categories"):
        problems += letters.unprintable_in(given.get(name), (name,), inner, file)
    problems += unknown_languages(options, inner, file)
    if not places:
        problems += empty_categories(options, root / top.docs_dir, inner, file)
    problems = inherit.relocate_problems(problems)
    if places or (wrong | faulty) & ESSENTIAL_KEYS:
        return None, problems
    if not options.store.name:
        store = options.store.model_copy(update={"name": textwrap.shorten(top.site_name, 60, placeholder=" …")})
        options = options.model_copy(update={"store": store})
    mistakes = [problem for problem in problems if not problem.warning]
    found = Settings(
        root=root,
        file=file,
        site_name=top.site_name,
        site_url=top.site_url,
        site_description=top.site_description or "",
        content=root / top.docs_dir,
        videos=root / options.videos,
        site=root / top.site_dir,
        options=options,
        excluded=tuple((top.exclude_docs or "").splitlines()),
        drafts=tuple((top.draft_docs or "").splitlines()),
        warnings=tuple(problem for problem in problems if problem.warning),
        skips_mkdocs=bool(mistakes)
        or (
            set(values) <= KNOWN_KEYS
            and has_only_known_plugins(values.get("plugins"))
            and is_plain_material(values.get("theme"))
        ),
    )
    return found, mistakes


def missing_file_problem(file: Path) -> Problem:
    if file.is_dir():
        return Problem(file, 1, "this is a folder", "name the file in it with --config")
    return Problem(file, 1, "no such file", "run this where mkdocs.yml is, or name it with --config", snippet=STARTER_FILE)


def validate_partly(
    model: type[ModelType], stand_ins: Mapping[str, Any], values: Mapping[str, Any], lines: Mapping[FieldPath, int], file: Path
) -> tuple[ModelType, list[Problem], set[str]]:
    """The values as the model, what is wrong with them, and under which names: there the default or a stand-in is taken."""
    found, problems = validate(model, values, lines, file)
    wrong: set[str] = set()
    if found is None:
        wrong = invalid_fields(model, values)
        left = {name: value for name, value in values.items() if str(name) not in wrong}
        found = model.model_validate({**stand_ins, **left})
    return found, problems, wrong


def has_only_known_plugins(plugins: Any) -> bool:
    """Whether no other plugin than ours is asked for; `search` is MkDocs' own."""
    listed = plugins if isinstance(plugins, list) else [plugins]
    names = {name for entry in listed for name in (entry if isinstance(entry, dict) else [entry])}
    return names <= {PLUGIN_NAME, "search"}


def is_plain_material(theme: Any) -> bool:
    named = theme if isinstance(theme, dict) else {"name": theme}
    return named.get("name") == "material" and set(named) <= KNOWN_THEME_KEYS


def guess_settings(file: Path) -> Settings | None:
    """For settings that cannot be read at all: where the content likely is, so that it is checked all the same."""
    try:
        rows = dict(
            re.findall(
                r"^\s*(docs_dir|videos|lang|site_dir):[ ]*[\"']?([\w./-]+)", file.read_text("utf-8", "replace"), re.MULTILINE
            )
        )
        options = Options.model_validate({name: rows[name] for name in ("videos", "lang") if name in rows})
    except (OSError, ValidationError):
        return None
    root = file.parent.resolve()
    content, site = root / rows.get("docs_dir", "content"), root / rows.get("site_dir", "site")
    told = {"root": root, "file": file, "content": content, "videos": root / options.videos, "site": site, "options": options}
    words = {
        "site_name": PLACEHOLDER_SETTINGS["site_name"],
        "site_url": PLACEHOLDER_SETTINGS["site_url"],
        "site_description": "",
    }
    folders = [(name, str(path), 1) for name, path in told.items() if name in ("content", "videos", "site")]
    return Settings(**told, **words) if content.is_dir() and not folder_problems(file, root, folders) else None


def tariff_problems(options: Options, lines: Mapping[FieldPath, int], file: Path) -> list[Problem]:
    names = [tariff.name for tariff in options.tariffs]
    if not options.tariff or options.tariff in names:
        return []
    hint = did_you_mean(options.tariff, names, f"known: {', '.join(names)}")
    return [Problem(file, line_of(lines, ("tariff",)), f"no tariff is called '{options.tariff}'", hint)]


def unknown_languages(options: Options, lines: Mapping[FieldPath, int], file: Path) -> Iterator[Problem]:
    """Languages that the frame (Safety first, Tools, …) has no words in: it would stay English around them."""
    asked: list[tuple[str, FieldPath]] = [
        (options.lang, ("lang",)),
        *((lang, ("search_hint", lang)) for lang in options.search_hint),
    ]
    asked += [(lang, ("categories", slug, "titles", lang)) for slug, row in options.categories.items() for lang in row.titles]
    known = messages.known()
    told: set[str] = set()
    for lang, where in asked:
        if lang not in known and lang not in told:
            told.add(lang)
            without_country = lang.split("-")[0]
            otherwise = f"write '{without_country}'" if without_country in known else f"known: {', '.join(known)}"
            hint = did_you_mean(lang, known, otherwise)
            message = f"'{lang}' is no language that the pages' own words are in: they are shown in English"
            yield Problem(file, line_of(lines, where), message, hint, warning=True)


def empty_categories(options: Options, content: Path, lines: Mapping[FieldPath, int], file: Path) -> Iterator[Problem]:
    """Categories that no folder of the content has: no page shows their titles."""
    if not content.is_dir():
        return
    folders = sorted(path.name for path in content.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))
    for slug in options.categories:
        if slug not in folders:
            others = [name for name in folders if name not in options.categories]
            hint = did_you_mean(slug, others, f"make the folder {content.name}/{slug}, or take the category out")
            message = f"no folder {content.name}/{slug} for the category '{slug}'"
            yield Problem(file, line_of(lines, ("categories", slug)), message, hint, warning=True)


def has_any_file(folder: Path) -> bool:
    """Whether there is anything that a price could be shown of."""
    try:
        return any(not path.name.startswith(".") for path in folder.iterdir())
    except OSError:
        return False


def phone_problems(options: Options, lines: Mapping[FieldPath, int], file: Path) -> Iterator[Problem]:
    """Numbers that nobody can dial, and a country that is none."""
    if options.country not in phones.countries():
        hint = "its two letters, as at the end of many web addresses: ZA, KE, NG, BR"
        yield Problem(file, line_of(lines, ("country",)), f"no country is called '{options.country}'", hint)
        return
    for name in ("phone", "whatsapp", "missed_call"):
        number = getattr(options.store, name)
        if number and (why := phones.number_fault(number, options.country, abroad=name == "whatsapp")):
            hint = f"one number, as one dials it there, or with its country's code: {phones.EXAMPLE_NUMBER}"
            if options.country != phones.DEFAULT_COUNTRY:
                hint = f"{hint} ('country' is {options.country})"
            yield Problem(file, line_of(lines, ("store", name)), f"'{name}': '{number}' {why}", hint)


def folder_problems(file: Path, root: Path, named: list[tuple[str, str, int]]) -> list[Problem]:
    """Folders that are not below the project, or one within another: a build replaces the site's folder as a whole."""
    found = []
    seen: dict[str, Path] = {}
    for name, value, line in named:
        path = Path(os.path.normpath(root / value))
        if path == root or not path.is_relative_to(root):
            found.append(Problem(file, line, f"'{name}' is '{value}', which is no folder within {root.name}/"))
        elif is_file(path) or (path.is_symlink() and not path.is_dir()):
            what = "a file" if is_file(path) else "a link that leads nowhere"
            found.append(Problem(file, line, f"'{name}' is '{value}', which is {what}", "move it away, or name a folder"))
        elif name != "site_dir" and not path.resolve().is_relative_to(root):
            message = f"'{name}' is '{value}', a link that leads out of {root.name}/"
            found.append(Problem(file, line, message, "put the folder itself there: nothing outside is read"))
        for other, there in seen.items():
            if path.is_relative_to(there) or there.is_relative_to(path):
                found.append(
                    Problem(file, line, f"'{name}' and '{other}' are one within the other", "give each its own folder")
                )
        seen[name] = path
    return found


def logo_problems(store: Store, root: Path, file: Path, lines: Mapping[FieldPath, int]) -> list[Problem]:
    """A logo that is not there, or is of no kind that can be printed."""
    problems = []
    for name, value in (("logo", store.logo), ("logo_mono", store.logo_mono)):
        line = yaml_values.line_of(lines, ("store", name))
        path = path_on_disk(root / (value or ""))
        if value and not is_file(path):
            problems.append(Problem(file, line, f"no logo '{value}'", "name a file beside mkdocs.yml"))
        elif value and not real_path(path).is_relative_to(root):
            problems.append(Problem(file, line, f"the logo '{value}' is not within {root.name}/", "put it beside mkdocs.yml"))
        elif value and Path(value).suffix.lower() not in (".png", ".jpg", ".jpeg", ".svg"):
            problems.append(Problem(file, line, f"'{value}' cannot be printed", "a logo is PNG, JPEG or SVG"))
        elif value:
            try:
                images.load_logo(path)
            except images.UnusableImage as error:
                problems.append(Problem(file, line, f"the logo '{value}' {error.message}", error.hint))
    return problems


def plugin_options(
    values: dict[str, Any], lines: Mapping[FieldPath, int], file: Path
) -> tuple[dict[str, Any], FieldPath, list[Problem]]:
    """What stands under our plugin's name, and where; nothing where it only stands there by name."""
    plugins = values.get("plugins")
    found: dict[str, tuple[Any, FieldPath]] = {}
    for at, entry in plugins.items() if isinstance(plugins, dict) else enumerate(plugins if isinstance(plugins, list) else ()):
        if isinstance(at, str):
            found[at] = (entry, ("plugins", at))
        elif isinstance(entry, dict):
            found |= {str(name): (options, ("plugins", at, str(name))) for name, options in entry.items()}
            beside = [str(name) for name in entry if name != PLUGIN_NAME]
            if PLUGIN_NAME in entry and beside:  # two spaces too few; MkDocs knows only that it is invalid
                here = ("plugins", at, beside[0])
                message = f"'{beside[0]}' stands beside '{PLUGIN_NAME}', not below it"
                hint = f"begin it further to the right than '{PLUGIN_NAME}'"
                return {}, here, [Problem(file, line_of(lines, here), message, hint)]
        else:
            found[str(entry)] = (None, ("plugins", at))
    options, where = found.get(PLUGIN_NAME, (None, ("plugins",)))
    if PLUGIN_NAME not in found:
        near = difflib.get_close_matches(PLUGIN_NAME, found, n=1)
        hint = f"write '{PLUGIN_NAME}' in place of '{near[0]}'" if near else f"add '- {PLUGIN_NAME}' below 'plugins:'"
        return {}, where, [Problem(file, line_of(lines, where), f"'{PLUGIN_NAME}' is not among the plugins", hint)]
    if options is not None and not isinstance(options, dict):
        return (
            {},
            where,
            [Problem(file, line_of(lines, where), f"'{PLUGIN_NAME}' should be fields, not {quote_value(options)}")],
        )
    return options or {}, where, []
