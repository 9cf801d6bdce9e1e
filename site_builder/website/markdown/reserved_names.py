"""Names that the site itself needs: an editor's page or file of that name could never be shown."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator

from site_builder.library.problems import Problem
from site_builder.website import urls
from site_builder.website.markdown.links import LinkMap, editor_page_address

RESERVED_PAGES = ("search", "phone", "print-desk", "404", "library", "hosts")
RESERVED_FOLDERS = (*urls.OUR_FOLDERS, "phone", "print-desk", "library")
# a category of such a name, or a page; robots.txt alone may be an editor's own
RESERVED_FILES = re.compile(
    r"(library|corrections|app|search\.[\w-]+)\.json|sw\.js|app\.webmanifest|news\.atom|films\.rss|sitemap\.xml|heard\.txt|"
    r"build-report\.html|404\.html|index\.html"
)


def reserved_name_problems(links: LinkMap) -> Iterator[Problem]:
    """At the file or the folder that has the name."""
    content, base = links.settings.content, links.settings.options.lang
    langs = {lang for lang in links.library.langs if lang != base}
    for category in links.library.categories:
        if category.slug in RESERVED_FOLDERS or category.slug in langs:
            what = "the pages of a language" if category.slug in langs else "the site itself"
            message = f"'{category.slug}' is a name that {what} needs"
            yield Problem(content / category.slug, 1, message, "give the category's folder another name")
    pages_by_address: dict[str, list[str]] = defaultdict(list)
    for name, spelt in links.files.items():
        first, _, rest = name.partition("/")
        name_in_language = rest if first in langs else name
        stem = name_in_language.removesuffix(".md").removesuffix("/index")
        if name in links.editor_page_files:
            pages_by_address[editor_page_address(name)].append(spelt)
            if stem in RESERVED_PAGES and name_in_language.endswith(".md"):
                hint = f"give the page another name, such as {'about-' if stem != '404' else 'lost-'}{stem}.md"
                yield Problem(content / spelt, 1, f"'{stem}' is a name that the site itself needs", hint)
            elif stem in links.library.slug_by_code:
                message = f"'{stem}' is a printed code, which leads to '{links.library.slug_by_code[stem]}'"
                yield Problem(content / spelt, 1, message, "give the page another name")
        elif RESERVED_FILES.fullmatch(name_in_language):
            yield Problem(content / spelt, 1, f"'{posixpath.basename(name)}' is a name that the site itself needs", "rename it")
    for address, same in pages_by_address.items():
        for name in same[1:]:
            message = f"this page stands at the same address as '{same[0]}': /{address}"
            yield Problem(content / name, 1, message, "keep one of them")
