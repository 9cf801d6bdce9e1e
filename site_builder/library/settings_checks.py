"""What is wrong with settings that are of the right form: folders, numbers, languages and logos that there are not."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from site_builder.library import images, logos, messages, phones, yaml_values
from site_builder.library.names import is_file, path_on_disk, real_path
from site_builder.library.problems import Problem, did_you_mean
from site_builder.library.settings import Options, Store
from site_builder.library.yaml_values import FieldPath, line_of


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
    named: set[str] = set()
    for lang, where in asked:
        if lang not in known and lang not in named:
            named.add(lang)
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


def phone_problems(options: Options, lines: Mapping[FieldPath, int], file: Path) -> Iterator[Problem]:
    """Numbers that nobody can dial, and a country that is none."""
    if options.country not in phones.countries():
        hint = "its two letters, as at the end of many web addresses: ZA, KE, NG, BR"
        yield Problem(file, line_of(lines, ("country",)), f"no country is called '{options.country}'", hint)
        return
    for name in ("phone", "whatsapp", "missed_call"):
        number = getattr(options.store, name)
        if number and (fault := phones.number_fault(number, options.country, abroad=name == "whatsapp")):
            hint = f"one number, as one dials it there, or with its country's code: {phones.EXAMPLE_NUMBER}"
            if options.country != phones.DEFAULT_COUNTRY:
                hint = f"{hint} ('country' is {options.country})"
            yield Problem(file, line_of(lines, ("store", name)), f"'{name}': '{number}' {fault}", hint)


def folder_problems(file: Path, root: Path, named: list[tuple[str, str, int]]) -> list[Problem]:
    """Folders that are not below the project, or one within another: a build replaces the site's folder as a whole."""
    problems = []
    earlier: dict[str, Path] = {}
    for name, value, line in named:
        path = Path(os.path.normpath(root / value))
        if path == root or not path.is_relative_to(root):
            problems.append(Problem(file, line, f"'{name}' is '{value}', which is no folder within {root.name}/"))
        elif is_file(path) or (path.is_symlink() and not path.is_dir()):
            what = "a file" if is_file(path) else "a link that leads nowhere"
            problems.append(Problem(file, line, f"'{name}' is '{value}', which is {what}", "move it away, or name a folder"))
        elif name != "site_dir" and not path.resolve().is_relative_to(root):
            message = f"'{name}' is '{value}', a link that leads out of {root.name}/"
            problems.append(Problem(file, line, message, "put the folder itself there: nothing outside is read"))
        for other, other_path in earlier.items():
            if path.is_relative_to(other_path) or other_path.is_relative_to(path):
                problems.append(
                    Problem(file, line, f"'{name}' and '{other}' are one within the other", "give each its own folder")
                )
        earlier[name] = path
    return problems


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
                logos.load_logo(path)
            except images.UnusableImage as error:
                problems.append(Problem(file, line, f"the logo '{value}' {error.message}", error.hint))
    return problems
