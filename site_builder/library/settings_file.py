"""mkdocs.yml read by ourselves, so that MkDocs stays behind one door."""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from site_builder.library import inherit, letters, phones, text_files, yaml_values
from site_builder.library.mkdocs_settings import (
    KNOWN_KEYS,
    PLUGIN_NAME,
    MkDocsSettings,
    has_only_known_plugins,
    is_plain_material,
)
from site_builder.library.problems import Problem, Problems
from site_builder.library.settings import DEFAULT_TARIFFS, Options, Settings
from site_builder.library.settings_checks import (
    empty_categories,
    folder_problems,
    logo_problems,
    phone_problems,
    tariff_problems,
    unknown_languages,
)
from site_builder.library.validation import ModelType, invalid_fields, quote_value, validate
from site_builder.library.yaml_values import FieldPath, line_of

STARTER_FILE = """\
site_name: The clinic's how-to library
site_url: https://clinic.example/
docs_dir: content
theme: material
plugins: [site-builder]
"""
PLACEHOLDER_SETTINGS = {
    "site_name": "Library",
    "site_url": "https://library.example/",
}  # so that all else can be checked, and no more
ESSENTIAL_KEYS = {"docs_dir", "videos", "lang"}  # without them it is not known what is to be read, and as what


def load_settings(file: Path) -> Settings:
    """The settings in an mkdocs.yml. Raises Problems with everything that is wrong in it."""
    settings, problems = try_load_settings(file)
    if problems or settings is None:
        raise Problems([*problems, *(settings.warnings if settings else ())])
    return settings


def try_load_settings(file: Path) -> tuple[Settings | None, list[Problem]]:
    """Settings and the problems in them.

    With problems, invalid values are defaults or placeholders: enough to check the how-tos, not to build. None where it is not
    known where the content is; warnings are then among the problems.
    """
    if not file.is_file():
        return None, [missing_file_problem(file)]
    try:
        values, lines, problems = inherit.read_with_parents(file)
    except text_files.NotReadable as error:
        return guess_settings(file), [error.problem]
    mkdocs, more_problems, wrong = validate_partly(MkDocsSettings, PLACEHOLDER_SETTINGS, values, lines, file)
    problems += more_problems
    raw_options, options_path, more_problems = plugin_options(values, lines, file)
    problems += more_problems
    option_lines = {
        path[len(options_path) :]: line for path, line in lines.items() if path[: len(options_path)] == options_path
    }
    option_lines.setdefault((), yaml_values.line_of(lines, options_path))
    options, more_problems, invalid_options = validate_partly(Options, {}, raw_options, option_lines, file)
    root = file.parent.resolve()
    if "tariffs" not in raw_options and options.country == phones.DEFAULT_COUNTRY and has_any_file(root / options.videos):
        options = options.model_copy(update={"tariffs": DEFAULT_TARIFFS})
    problems += [*more_problems, *tariff_problems(options, option_lines, file), *phone_problems(options, option_lines, file)]
    named = (
        ("docs_dir", mkdocs.docs_dir, lines),
        ("site_dir", mkdocs.site_dir, lines),
        ("videos", options.videos, option_lines),
    )
    folder_faults = folder_problems(
        file, root, [(name, value, line_of(options_path, (name,))) for name, value, options_path in named]
    )
    problems += [*folder_faults, *logo_problems(options.store, root, file, option_lines)]
    problems += letters.unprintable_in(values.get("site_name"), ("site_name",), lines, file)
    for name in ("store", "categories"):
        problems += letters.unprintable_in(raw_options.get(name), (name,), option_lines, file)
    problems += unknown_languages(options, option_lines, file)
    if not folder_faults:
        problems += empty_categories(options, root / mkdocs.docs_dir, option_lines, file)
    problems = inherit.relocate_problems(problems)
    if folder_faults or (wrong | invalid_options) & ESSENTIAL_KEYS:
        return None, problems
    if not options.store.name:
        store = options.store.model_copy(update={"name": textwrap.shorten(mkdocs.site_name, 60, placeholder=" …")})
        options = options.model_copy(update={"store": store})
    mistakes = [problem for problem in problems if not problem.warning]
    found = Settings(
        root=root,
        file=file,
        site_name=mkdocs.site_name,
        site_url=mkdocs.site_url,
        site_description=mkdocs.site_description or "",
        content=root / mkdocs.docs_dir,
        videos=root / options.videos,
        site=root / mkdocs.site_dir,
        options=options,
        excluded=tuple((mkdocs.exclude_docs or "").splitlines()),
        drafts=tuple((mkdocs.draft_docs or "").splitlines()),
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
    validated, problems = validate(model, values, lines, file)
    wrong: set[str] = set()
    if validated is None:
        wrong = invalid_fields(model, values)
        left = {name: value for name, value in values.items() if str(name) not in wrong}
        validated = model.model_validate({**stand_ins, **left})
    return validated, problems, wrong


def guess_settings(file: Path) -> Settings | None:
    """For settings that cannot be read at all: where the content likely is, so that it is checked all the same."""
    try:
        fields = dict(
            re.findall(
                r"^\s*(docs_dir|videos|lang|site_dir):[ ]*[\"']?([\w./-]+)", file.read_text("utf-8", "replace"), re.MULTILINE
            )
        )
        options = Options.model_validate({name: fields[name] for name in ("videos", "lang") if name in fields})
    except (OSError, ValidationError):
        return None
    root = file.parent.resolve()
    content, site = root / fields.get("docs_dir", "content"), root / fields.get("site_dir", "site")
    paths = {"root": root, "file": file, "content": content, "videos": root / options.videos, "site": site, "options": options}
    placeholders = {
        "site_name": PLACEHOLDER_SETTINGS["site_name"],
        "site_url": PLACEHOLDER_SETTINGS["site_url"],
        "site_description": "",
    }
    folders = [(name, str(path), 1) for name, path in paths.items() if name in ("content", "videos", "site")]
    return Settings(**paths, **placeholders) if content.is_dir() and not folder_problems(file, root, folders) else None


def has_any_file(folder: Path) -> bool:
    """Whether there is anything that a price could be shown of."""
    try:
        return any(not path.name.startswith(".") for path in folder.iterdir())
    except OSError:
        return False


def plugin_options(
    values: dict[str, Any], lines: Mapping[FieldPath, int], file: Path
) -> tuple[dict[str, Any], FieldPath, list[Problem]]:
    """What stands under our plugin's name, and where; nothing where it only stands there by name."""
    plugins = values.get("plugins")
    plugins_by_name: dict[str, tuple[Any, FieldPath]] = {}
    for at, entry in plugins.items() if isinstance(plugins, dict) else enumerate(plugins if isinstance(plugins, list) else ()):
        if isinstance(at, str):
            plugins_by_name[at] = (entry, ("plugins", at))
        elif isinstance(entry, dict):
            plugins_by_name |= {str(name): (options, ("plugins", at, str(name))) for name, options in entry.items()}
            beside = [str(name) for name in entry if name != PLUGIN_NAME]
            if PLUGIN_NAME in entry and beside:  # two spaces too few; MkDocs knows only that it is invalid
                here = ("plugins", at, beside[0])
                message = f"'{beside[0]}' stands beside '{PLUGIN_NAME}', not below it"
                hint = f"begin it further to the right than '{PLUGIN_NAME}'"
                return {}, here, [Problem(file, line_of(lines, here), message, hint)]
        else:
            plugins_by_name[str(entry)] = (None, ("plugins", at))
    options, where = plugins_by_name.get(PLUGIN_NAME, (None, ("plugins",)))
    if PLUGIN_NAME not in plugins_by_name:
        near = difflib.get_close_matches(PLUGIN_NAME, plugins_by_name, n=1)
        hint = f"write '{PLUGIN_NAME}' in place of '{near[0]}'" if near else f"add '- {PLUGIN_NAME}' below 'plugins:'"
        return {}, where, [Problem(file, line_of(lines, where), f"'{PLUGIN_NAME}' is not among the plugins", hint)]
    if options is not None and not isinstance(options, dict):
        return (
            {},
            where,
            [Problem(file, line_of(lines, where), f"'{PLUGIN_NAME}' should be fields, not {quote_value(options)}")],
        )
    return options or {}, where, []
