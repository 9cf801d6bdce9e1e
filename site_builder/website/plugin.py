"""The only file that imports MkDocs: it hands our pages and files over, and puts an editor's own pages into our frame."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

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

from site_builder.cache import Cache, temporary, write_whole
from site_builder.library import content, images, inherit
from site_builder.library import settings as library_settings
from site_builder.library.content import Library
from site_builder.library.frontmatter import line_of
from site_builder.library.model import Lesson, Print, Still
from site_builder.library.problems import Problem, Problems, refusal
from site_builder.library.settings import Settings
from site_builder.shelf import Shelf
from site_builder.website import addresses, logo, pages, publish
from site_builder.website.links import NOT_PUBLISHED
from site_builder.website.look import THEME, Look, look
from site_builder.website.placed import list_of, put_all
from site_builder.website.site import Extra, Site

NAME = "site-builder"
SHELL = "site-builder.html"  # prints the document that it is given, nothing else
SHOWN = 5  # names that one line tells
LINK = re.compile(r"contains a link '([^']+)'")
SETTING = re.compile(r"^Config value '([^']+)'")
DOC_FILE = re.compile(r"Doc file '([^']+)'")

log = logging.getLogger(f"mkdocs.plugins.{NAME}")


class Made(Protocol):
    """What a build made, as far as pages need it."""

    @property
    def library(self) -> Library: ...
    @property
    def lessons(self) -> tuple[Lesson, ...]: ...
    @property
    def problems(self) -> tuple[Problem, ...]: ...
    @property
    def prints(self) -> tuple[Print, ...]: ...
    @property
    def figures(self) -> Mapping[str, Mapping[Path, Still]]: ...


class Options(Config):  # type: ignore[no-untyped-call]
    """Anything goes here: the core reads mkdocs.yml itself and tells what is wrong at its line."""

    def validate(self) -> tuple[list[Any], list[Any]]:
        return [], []


class OurPage(File):
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


class SiteBuilder(BasePlugin[Options]):  # type: ignore[no-untyped-call]
    command: str = "build"
    dirty: bool = False
    made: Made | None = None  # handed over by build_site; else asked for at each build
    handed: bool = False
    shelf: Shelf | None = None

    def __init__(self) -> None:
        self.turn = ExitStack()  # held while a build of MkDocs' own is at work: no other begins

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self.command, self.dirty = command, dirty

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        config.use_directory_urls = True
        if "admonition" not in config.markdown_extensions:
            config.markdown_extensions.append("admonition")  # a warning on a page of the library's own is one of ours too
        config.theme.dirs.insert(0, str(THEME / "mkdocs"))
        # ours hold the days of the words and the right language; MkDocs' would hold the day of the build
        config.theme.static_templates -= {"404.html", "sitemap.xml"}
        with told_by_mkdocs():
            found = library_settings.load(Path(config.config_file_path or "mkdocs.yml"))
            self.settings = found.model_copy(update={"shows_drafts": self.command == "serve"})
            if not self.handed:
                cache = cache_of(self.settings)
                self.turn.close()
                self.turn.enter_context(cache.alone(lambda: log.info("Another build of this library is at work; waiting")))
                self.made = make_now(self.settings, cache, only_cached=self.command == "serve")
        return config

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Last of all plugins. MkDocs has emptied the folder but for hidden names, so what is in it now was made by a build."""
        site = Path(config.site_dir)
        if not self.handed and not self.dirty:
            if site.resolve() == self.settings.site.resolve():
                made = (path.relative_to(site) for path in site.rglob("*") if not path.is_dir())
                write_whole(list_of(site), "\n".join(sorted(path.as_posix() for path in made if path.parts[0][0] != ".")))
            else:
                list_of(site).unlink(missing_ok=True)
        self.turn.close()

    def on_build_error(self, *, error: Exception) -> None:
        self.turn.close()

    def on_shutdown(self) -> None:
        self.turn.close()

    @event_priority(100)
    def files_for_plugins(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """First of all plugins: the others see a library's files as they will be."""
        assert self.made
        self.ready: dict[str, Path | bytes] = {}
        drop_what_is_not_shown(files, config)
        for path in content.hidden(self.settings):  # a translation goes with its how-to: to MkDocs it would be a page
            if file := files.get_file_from_path(path.relative_to(self.settings.content).as_posix()):
                files.remove(file)
        for lesson in self.made.lessons:
            uri = lesson.howto.source.relative_to(self.settings.content).as_posix()
            if file := files.get_file_from_path(uri):
                files.remove(file)
                files.append(OurPage(uri, config, addresses.file_of(lesson.howto.page)))
        return files

    @event_priority(-100)
    def files_for_mkdocs(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """Last of all plugins."""
        for file in files:
            if isinstance(file, OurPage):
                file.is_shown_to_plugins = False
        return files

    on_files = CombinedEvent(files_for_plugins, files_for_mkdocs)

    def on_nav(self, nav: Navigation, /, *, config: MkDocsConfig, files: Files) -> Navigation:
        self.nav = nav
        return nav

    def on_page_markdown(self, markdown: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        page.meta["template"] = SHELL
        return markdown

    def on_env(self, env: jinja2.Environment, /, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Here all words are read and no page is written yet: the site is known as a whole."""
        assert self.made
        ordinary = [f.page for f in files.documentation_pages() if f.page]
        own = set(publish.addresses_of_others(Site(self.settings, self.made.library, self.made.lessons)))
        intros = {address_of(page): page.content or "" for page in ordinary if address_of(page) in own}
        extras = tuple(extra(page) for page in self.nav.pages if page in ordinary and address_of(page) not in own)
        self.site = Site(
            *(self.settings, self.made.library, self.made.lessons, look_of(config), extras),
            own_pages=tuple(sorted(address_of(page) for page in ordinary if address_of(page) not in own)),
            prints=self.made.prints,
            figures=self.made.figures,
            shelf=self.shelf or Shelf(),
        )
        self.others = dict(publish.other_pages(self.site, intros))
        for address, data in {**publish.files(self.site), **self.others}.items():
            name = addresses.file_of(address)
            # what an editor put there is the editor's: an introduction (index.md), or a file (robots.txt)
            if address not in intros and not files.get_file_from_path(name):
                self.give(address, data, files, config)
        for file in list(files):  # MkDocs has read by now which are there; pages show them in small forms, without a place
            if file.src_dir == config.docs_dir and images.is_a_photo(file.src_uri):
                files.remove(file)
        self.problems: list[Problem] = [*logo.problems(self.site)]
        for documents, problems in publish.howto_pages(self.site):
            self.problems += problems
            for address, document in documents.items():
                self.give(address, document, files, config)
        if not self.handed:
            for problem in dict.fromkeys((*self.made.problems, *self.problems)):
                log.warning(in_one_line(problem))
        return env

    def give(self, address: str, data: Path | bytes | str, files: Files, config: MkDocsConfig) -> None:
        """A file of ours: to the build that handed everything over, which knows what the site has already; else to MkDocs."""
        if self.handed:
            self.ready[address] = data.encode() if isinstance(data, str) else data
        else:
            files.append(generated(config, addresses.file_of(address), data))

    def on_page_context(
        self, context: TemplateContext, /, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        document = self.others.get(address_of(page)) or pages.extra_page(self.site, extra(page))
        context["site_builder_document"] = document  # type: ignore[typeddict-unknown-key]
        return context

    def on_serve(self, server: LiveReloadServer, /, *, config: MkDocsConfig, builder: Callable[..., Any]) -> LiveReloadServer:
        if self.settings.videos.is_dir():
            server.watch(str(self.settings.videos))
        return server


def build_site(
    settings: Settings, made: Made, into: Path, shelf: Shelf | None = None, note: Callable[[str], object] = str
) -> list[Problem]:
    """Let MkDocs build the site from what was made; returns what it and the pages complain of. Raises Problems.

    `note` is told what else stands in the site and stays.

    The folder then holds the site and nothing else. MkDocs empties the one that it is given, so it gets one of its own for the
    few files that it makes.
    """
    with quiet(settings) as complaints, temporary() as own:
        try:
            config = load_config(config_file=str(settings.file), docs_dir=str(settings.content), site_dir=own)
            plugin = config.plugins.get(NAME)
            if not isinstance(plugin, SiteBuilder):
                raise Problems([Problem(settings.file, 1, f"'{NAME}' is not among the plugins", f"plugins: [{NAME}]")])
            plugin.made, plugin.handed, plugin.shelf = made, True, shelf
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
            config.plugins.on_shutdown()
            placed = put_all({**files_in(Path(own)), **plugin.ready}, into, settings.site, shelf)
        except (ConfigurationError, Abort) as error:
            told = [complaint for complaint in complaints if not complaint.warning]
            raise Problems(told or [Problem(settings.file, 1, str(error))]) from error
    if placed.in_the_way:
        raise Problems(in_the_way(placed.in_the_way, settings))
    if others := placed.strangers:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        note(f"not of this library, and left in {settings.site.name}/: {', '.join(others[:SHOWN])}{more}")
    return sorted({*new(complaints, made.problems), *plugin.problems})


def new(complaints: list[Problem], known: tuple[Problem, ...]) -> Iterator[Problem]:
    """What MkDocs complains of, without the links that were told before, at their own lines."""
    for complaint in complaints:
        link = LINK.search(complaint.message)
        if not link or not any(one.file == complaint.file and f"'{link[1]}'" in one.message for one in known):
            yield complaint


def in_the_way(paths: list[str], settings: Settings) -> Iterator[Problem]:
    """What an editor put into the site's own folder where a page or a file of ours belongs."""
    for path in paths[:SHOWN]:
        message = f"{settings.site.name}/{path} was not made by a build, and the library has a file of that name"
        yield Problem(settings.file, 1, message, f"move it out of {settings.site.name}/: a build would replace it")


def wrong_settings(settings: Settings) -> list[Problem]:
    """What MkDocs complains of when it reads mkdocs.yml: other plugins, extensions, hooks, a theme."""
    with quiet(settings) as complaints:
        try:
            load_config(config_file=str(settings.file), docs_dir=str(settings.content), site_dir=str(settings.site))
        except Abort:
            return complaints
        except ConfigurationError as error:
            return [*complaints, Problem(settings.file, 1, str(error))]
    return complaints


def files_in(folder: Path) -> dict[str, Path | bytes]:
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def cache_of(settings: Settings) -> Cache:
    folder = Path(os.environ.get("SITE_BUILDER_CACHE") or settings.root / ".cache")
    return Cache(folder.resolve(), settings.root)


def make_now(settings: Settings, cache: Cache, only_cached: bool) -> Made:
    """Ask the core, as `mkdocs build` and `mkdocs serve` come without a build of ours."""
    # here and not above: the build stands over its rooms, and only the plugin turns the arrow round
    from site_builder import build as story

    try:
        # MkDocs has looked at its own settings already
        return story.make(settings.model_copy(update={"plain": True}), cache, only_cached=only_cached)
    except story.NotMade as error:
        raise PluginError(str(error)) from error


@contextmanager
def told_by_mkdocs() -> Iterator[None]:
    """An editor's mistakes, in MkDocs' own way of telling them."""
    try:
        yield
    except Problems as error:
        raise PluginError("\n".join(in_one_line(p) for p in error.found if not p.warning) or str(error)) from error
    except OSError as error:
        raise PluginError(refusal(error)) from error


def in_one_line(problem: Problem) -> str:
    where = os.path.relpath(problem.file)
    return f"{where}:{problem.line}: {problem.message}" + (f" ({problem.hint})" if problem.hint else "")


def drop_what_is_not_shown(files: Files, config: MkDocsConfig) -> None:
    """Editors' own notes and tables; and Material's bundle, since no page of ours asks for it."""
    kept = {config.docs_dir, config.theme.custom_dir}
    for file in list(files):
        bundled = file.src_dir not in kept and file.generated_by is None
        if bundled or NOT_PUBLISHED.search(file.src_uri):
            files.remove(file)


def address_of(page: Page) -> str:
    return page.file.dest_uri.removesuffix("index.html")


def extra(page: Page) -> Extra:
    return Extra(page.title or page.file.name, address_of(page), page.content or "")


def generated(config: MkDocsConfig, uri: str, data: Path | bytes | str) -> File:
    if isinstance(data, Path):
        return File.generated(config, uri, abs_src_path=str(data))
    return File.generated(config, uri, content=data)


def look_of(config: MkDocsConfig) -> Look:
    """The look in the palette of mkdocs.yml; of several palettes (day and night) the first, as ours has its own night."""
    palette = config.theme.get("palette") or {}
    if isinstance(palette, list):
        palette = palette[0] if palette else {}
    return look(*(str(palette.get(name, "indigo")).replace(" ", "-") for name in ("primary", "accent")))


@contextmanager
def quiet(settings: Settings) -> Iterator[list[Problem]]:
    """What MkDocs would print, as problems; errors are those without `warning`."""
    complaints: list[Problem] = []
    lines = inherit.read(settings.file)[1]

    class Listen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message = record.getMessage()
            about = DOC_FILE.search(message)
            file = settings.content / about[1] if about else settings.file
            field = SETTING.search(message)
            line = line_of(lines, (field[1],)) if field and not about else 1
            complaints.append(Problem(file, line, message, warning=record.levelno < logging.ERROR))

    logger = logging.getLogger("mkdocs")
    listen, propagate = Listen(logging.WARNING), logger.propagate
    logger.addHandler(listen)
    logger.propagate = False
    try:
        yield complaints
    finally:
        complaints[:] = inherit.at_home(complaints)
        logger.removeHandler(listen)
        logger.propagate = propagate
