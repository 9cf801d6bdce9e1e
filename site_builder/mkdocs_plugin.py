"""The MkDocs plugin: hands our pages and files over, and puts an editor's own pages into our templates.

MkDocs has two doors, this file and `website/markdown/mkdocs_complaints.py`, which asks it for the faults of mkdocs.yml.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

import jinja2
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from site_builder.atomic_files import temporary_folder, write_atomic
from site_builder.cache import Cache
from site_builder.library import images, settings_file, sources
from site_builder.library.os_errors import describe_os_error
from site_builder.library.problems import Problem, Problems
from site_builder.library.settings import Settings
from site_builder.memo import Memo
from site_builder.pipeline import BuildFailed, BuildResult, make_artifacts
from site_builder.website import site_files, urls
from site_builder.website.assets.stylesheet import SiteTheme, site_theme
from site_builder.website.assets.theme_files import MKDOCS_TEMPLATES
from site_builder.website.markdown.links import NOT_PUBLISHED
from site_builder.website.markdown.mkdocs_complaints import captured_warnings
from site_builder.website.output.ownership import file_list_path
from site_builder.website.output.sync import sync_site
from site_builder.website.pages import howto_memo, logo, other_pages
from site_builder.website.site import EditorPage, EditorPages, site_of

PLUGIN_NAME = "site-builder"
PASSTHROUGH_TEMPLATE = "site-builder.html"  # prints the document that it is given, nothing else
MAX_NAMES_SHOWN = 5  # names that one line tells
LINK_IN_MESSAGE = re.compile(r"contains a link '([^']+)'")

log = logging.getLogger(f"mkdocs.plugins.{PLUGIN_NAME}")


class AnyConfig(Config):  # type: ignore[no-untyped-call]
    """Anything goes here: the core reads mkdocs.yml itself and tells what is wrong at its line."""

    def validate(self) -> tuple[list[Any], list[Any]]:
        return [], []


class HowToFile(File):
    """A how-to's file as MkDocs knows it: links of an editor's own pages lead to it, no more.

    MkDocs does not read, list or render it: our own loader has, and its navigation is the categories.
    """

    def __init__(self, uri: str, config: MkDocsConfig, dest_uri: str) -> None:
        super().__init__(uri, config.docs_dir, config.site_dir, True, dest_uri=dest_uri, inclusion=InclusionLevel.NOT_IN_NAV)
        self.is_shown_to_plugins = True

    def is_documentation_page(self) -> bool:
        """Other plugins find pages among the files (redirects lead to them); MkDocs, when it comes to render them, does not."""
        return self.is_shown_to_plugins

    def copy_file(self, dirty: bool = False) -> None:
        """Its page is another file of ours, at the same address."""


class SiteBuilder(BasePlugin[AnyConfig]):  # type: ignore[no-untyped-call]
    command: str = "build"
    dirty: bool = False
    built: BuildResult | None = None  # handed over by build_site; else asked for at each build
    from_our_build: bool = False
    memo: Memo | None = None

    def __init__(self) -> None:
        self.turn = ExitStack()  # held while a build of MkDocs' own is at work: no other begins

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self.command, self.dirty = command, dirty

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        config.use_directory_urls = True
        if "admonition" not in config.markdown_extensions:
            config.markdown_extensions.append("admonition")  # a warning on a page of the library's own is one of ours too
        config.theme.dirs.insert(0, str(MKDOCS_TEMPLATES))
        # ours hold the days of the words and the right language; MkDocs' would hold the day of the build
        config.theme.static_templates -= {"404.html", "sitemap.xml"}
        with as_plugin_error():
            found = settings_file.load_settings(Path(config.config_file_path or "mkdocs.yml"))
            self.settings = found.model_copy(update={"shows_drafts": self.command == "serve"})
            if not self.from_our_build:
                cache = cache_of(self.settings)
                self.turn.close()
                self.turn.enter_context(cache.lock_build(lambda: log.info("Another build of this library is at work; waiting")))
                self.built = build_now(self.settings, cache, only_cached=self.command == "serve")
        return config

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Last of all plugins. MkDocs has emptied the folder but for hidden names, so what is in it now was made by a build."""
        site = Path(config.site_dir)
        if not self.from_our_build and not self.dirty:
            if site.resolve() == self.settings.site.resolve():
                made = (path.relative_to(site) for path in site.rglob("*") if not path.is_dir())
                write_atomic(
                    file_list_path(site), "\n".join(sorted(path.as_posix() for path in made if path.parts[0][0] != "."))
                )
            else:
                file_list_path(site).unlink(missing_ok=True)
        self.turn.close()

    def on_build_error(self, *, error: Exception) -> None:
        self.turn.close()

    def on_shutdown(self) -> None:
        self.turn.close()

    @event_priority(100)
    def files_for_plugins(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """First of all plugins: the others see a library's files as they will be."""
        assert self.built
        self.ready: dict[str, Path | bytes] = {}
        drop_unpublished(files, config)
        for path in sources.excluded_paths(self.settings):  # a translation goes with its how-to: to MkDocs it would be a page
            if file := files.get_file_from_path(path.relative_to(self.settings.content).as_posix()):
                files.remove(file)
        for lesson in self.built.lessons:
            uri = lesson.howto.source.relative_to(self.settings.content).as_posix()
            if file := files.get_file_from_path(uri):
                files.remove(file)
                files.append(HowToFile(uri, config, urls.file_of(lesson.howto.page)))
        return files

    @event_priority(-100)
    def files_for_mkdocs(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """Last of all plugins."""
        for file in files:
            if isinstance(file, HowToFile):
                file.is_shown_to_plugins = False
        return files

    on_files = CombinedEvent(files_for_plugins, files_for_mkdocs)

    def on_nav(self, nav: Navigation, /, *, config: MkDocsConfig, files: Files) -> Navigation:
        self.nav = nav
        return nav

    def on_page_markdown(self, markdown: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        page.meta["template"] = PASSTHROUGH_TEMPLATE
        return markdown

    def on_env(self, env: jinja2.Environment, /, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Here all words are read and no page is written yet: the site is known as a whole."""
        assert self.built
        ordinary = [f.page for f in files.documentation_pages() if f.page]
        own = set(site_files.intro_addresses(site_of(self.settings, self.built.library, self.built.lessons)))
        intros = {page_address(page): page.content or "" for page in ordinary if page_address(page) in own}
        extras = tuple(to_editor_page(page) for page in self.nav.pages if page in ordinary and page_address(page) not in own)
        addresses = tuple(sorted(page_address(page) for page in ordinary if page_address(page) not in own))
        self.site = site_of(
            *(self.settings, self.built.library, self.built.lessons, theme_of(config), self.built.prints),
            EditorPages(extras, addresses, self.built.figures),
            self.memo,
        )
        self.others = dict(site_files.other_pages(self.site, intros))
        for address, data in {**site_files.static_files(self.site), **self.others}.items():
            name = urls.file_of(address)
            # what an editor put there is the editor's: an introduction (index.md), or a file (robots.txt)
            if address not in intros and not files.get_file_from_path(name):
                self.add_file(address, data, files, config)
        for file in list(files):  # MkDocs has read by now which are there; pages show them in small forms, without a place
            if file.src_dir == config.docs_dir and images.is_photo(file.src_uri):
                files.remove(file)
        self.problems: list[Problem] = [*logo.logo_weight_problems(self.site)]
        for documents, problems in howto_memo.howto_pages(self.site):
            self.problems += problems
            for address, document in documents.items():
                self.add_file(address, document, files, config)
        if not self.from_our_build:
            for problem in dict.fromkeys((*self.built.problems, *self.problems)):
                log.warning(one_line(problem))
        return env

    def add_file(self, address: str, data: Path | bytes | str, files: Files, config: MkDocsConfig) -> None:
        """A file of ours: to the build that handed everything over, which knows what the site has already; else to MkDocs."""
        if self.from_our_build:
            self.ready[address] = data.encode() if isinstance(data, str) else data
        else:
            files.append(generated_file(config, urls.file_of(address), data))

    def on_page_context(
        self, context: TemplateContext, /, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        document = self.others.get(page_address(page)) or other_pages.editor_page(self.site, to_editor_page(page))
        context["site_builder_document"] = document  # type: ignore[typeddict-unknown-key]
        return context

    def on_serve(self, server: LiveReloadServer, /, *, config: MkDocsConfig, builder: Callable[..., Any]) -> LiveReloadServer:
        if self.settings.videos.is_dir():
            server.watch(str(self.settings.videos))
        return server


def build_site(
    settings: Settings, made: BuildResult, into: Path, shelf: Memo | None = None, note: Callable[[str], object] = str
) -> list[Problem]:
    """Let MkDocs build the site from what was made; returns what it and the pages complain of. Raises Problems.

    `note` is told what else stands in the site and stays.

    The folder then holds the site and nothing else. MkDocs empties the one that it is given, so it gets one of its own for the
    few files that it makes.
    """
    with captured_warnings(settings) as complaints, temporary_folder() as own:
        try:
            config = load_config(config_file=str(settings.file), docs_dir=str(settings.content), site_dir=own)
            plugin = config.plugins.get(PLUGIN_NAME)
            if not isinstance(plugin, SiteBuilder):
                raise Problems(
                    [Problem(settings.file, 1, f"'{PLUGIN_NAME}' is not among the plugins", f"plugins: [{PLUGIN_NAME}]")]
                )
            plugin.built, plugin.from_our_build, plugin.memo = made, True, shelf
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
            config.plugins.on_shutdown()
            placed = sync_site({**files_below(Path(own)), **plugin.ready}, into, settings.site, shelf)
        except (ConfigurationError, Abort) as error:
            told = [complaint for complaint in complaints if not complaint.warning]
            raise Problems(told or [Problem(settings.file, 1, str(error))]) from error
    if placed.conflicts:
        raise Problems(conflict_problems(placed.conflicts, settings))
    if others := placed.foreign:
        more = f" and {len(others) - MAX_NAMES_SHOWN} more" if len(others) > MAX_NAMES_SHOWN else ""
        note(f"not of this library, and left in {settings.site.name}/: {', '.join(others[:MAX_NAMES_SHOWN])}{more}")
    return sorted({*new_complaints(complaints, made.problems), *plugin.problems})


def new_complaints(complaints: list[Problem], known: tuple[Problem, ...]) -> Iterator[Problem]:
    """What MkDocs complains of, without the links that were told before, at their own lines."""
    for complaint in complaints:
        link = LINK_IN_MESSAGE.search(complaint.message)
        if not link or not any(one.file == complaint.file and f"'{link[1]}'" in one.message for one in known):
            yield complaint


def conflict_problems(paths: list[str], settings: Settings) -> Iterator[Problem]:
    """What an editor put into the site's own folder where a page or a file of ours belongs."""
    for path in paths[:MAX_NAMES_SHOWN]:
        message = f"{settings.site.name}/{path} was not made by a build, and the library has a file of that name"
        yield Problem(settings.file, 1, message, f"move it out of {settings.site.name}/: a build would replace it")


def files_below(folder: Path) -> dict[str, Path | bytes]:
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def cache_of(settings: Settings) -> Cache:
    folder = Path(os.environ.get("SITE_BUILDER_CACHE") or settings.root / ".cache")
    return Cache(folder.resolve(), settings.root)


def build_now(settings: Settings, cache: Cache, only_cached: bool) -> BuildResult:
    """What `mkdocs build` and `mkdocs serve` show, as they come without a build of ours. Raises PluginError."""
    try:
        # MkDocs has looked at its own settings already
        return make_artifacts(settings.model_copy(update={"skips_mkdocs": True}), cache, only_cached=only_cached)
    except BuildFailed as error:
        raise PluginError(str(error)) from error


@contextmanager
def as_plugin_error() -> Iterator[None]:
    """An editor's mistakes, in MkDocs' own way of telling them."""
    try:
        yield
    except Problems as error:
        raise PluginError("\n".join(one_line(p) for p in error.problems if not p.warning) or str(error)) from error
    except OSError as error:
        raise PluginError(describe_os_error(error)) from error


def one_line(problem: Problem) -> str:
    where = os.path.relpath(problem.file)
    return f"{where}:{problem.line}: {problem.message}" + (f" ({problem.hint})" if problem.hint else "")


def drop_unpublished(files: Files, config: MkDocsConfig) -> None:
    """Editors' own notes and tables; and Material's bundle, since no page of ours asks for it."""
    kept = {config.docs_dir, config.theme.custom_dir}
    for file in list(files):
        bundled = file.src_dir not in kept and file.generated_by is None
        if bundled or NOT_PUBLISHED.search(file.src_uri):
            files.remove(file)


def page_address(page: Page) -> str:
    return page.file.dest_uri.removesuffix("index.html")


def to_editor_page(page: Page) -> EditorPage:
    return EditorPage(page.title or page.file.name, page_address(page), page.content or "")


def generated_file(config: MkDocsConfig, uri: str, data: Path | bytes | str) -> File:
    if isinstance(data, Path):
        return File.generated(config, uri, abs_src_path=str(data))
    return File.generated(config, uri, content=data)


def theme_of(config: MkDocsConfig) -> SiteTheme:
    """The look in the palette of mkdocs.yml; of several palettes (day and night) the first, as ours has its own night."""
    palette = config.theme.get("palette") or {}
    if isinstance(palette, list):
        palette = palette[0] if palette else {}
    return site_theme(*(str(palette.get(name, "indigo")).replace(" ", "-") for name in ("primary", "accent")))
