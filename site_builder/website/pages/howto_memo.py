"""The pages of each how-to, from the memo where nothing changed that they are made from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

import PIL

from site_builder.library.artifacts import Lesson
from site_builder.library.problems import Problem
from site_builder.website import urls
from site_builder.website.markdown import body_html
from site_builder.website.pages import howto_page, page_weight
from site_builder.website.site import Site


def howto_pages(site: Site) -> Iterator[tuple[dict[str, bytes], list[Problem]]]:
    """The pages of each lesson by address, and what only shows when they are made. Those of which nothing changed
    come from the shelf."""
    shared_bytes, shared_hash = page_weight.shared_bytes(site), shared_inputs_hash(site)
    for lesson in site.lessons:
        kept = (
            site.memo.get("page", page_inputs(site, lesson, shared_hash), partial(render_howto, site, lesson, shared_bytes))
            or b""
        )
        head, _, rest = kept.partition(b"\n")
        sizes, rows = json.loads(head)
        documents, at = {}, 0
        for address, size in sizes.items():
            documents[address] = rest[at : at + size]
            at += size
        yield documents, [Problem(lesson.howto.source, line, message, hint, warning) for line, message, hint, warning in rows]


def shared_inputs_hash(site: Site) -> str:
    """Hash of everything that how-to pages share: settings, asset addresses, the list of how-tos, files beside them.

    The code that makes them is hashed by `memo.program()`.
    """
    content = site.settings.content
    other_files = (path for path in content.rglob("*") if path.suffix != ".md" or path.parent == content)
    files = sorted(path.relative_to(content).as_posix() for path in other_files)
    scripts = sorted(site.scripts.files())
    menu = [(page.title, page.address) for page in site.editor_pages.menu]
    howtos = [(lesson.howto.slug, lesson.howto.lang, lesson.howto.page) for lesson in site.lessons]
    card_inputs = (site.library.categories, PIL.__version__)  # social cards are named by their bytes
    inputs = (site.settings, site.theme.css_address, scripts, site.langs, menu, card_inputs, howtos, files)
    return urls.short_hash(repr(inputs).encode())


def page_inputs(site: Site, lesson: Lesson, shared_hash: str) -> bytes:
    """Bytes that a how-to's pages follow from: shared inputs, the lesson, its related ones. The memo's key."""
    related = [other for slug in lesson.howto.related if (other := site.lessons.nearest(slug, lesson.howto.lang))]
    return "\n".join([shared_hash, *(site.lessons.fingerprint(each) for each in (lesson, *related))]).encode()


def render_howto(site: Site, lesson: Lesson, shared: int) -> bytes:
    """A line of JSON: the size of each page by its address, and the problems; then the pages as they are. A page within JSON
    would be read letter by letter at every build."""
    howto = lesson.howto
    body, problems = body_html.render_body(howto, site.library, site.settings, site.links, site.memo, lesson.figures)
    documents = {howto.page: howto_page.howto_page(site, lesson, body).encode()}
    if howto_page.detail_sections(lesson):
        documents[urls.details(howto)] = howto_page.details_page(site, lesson).encode()
    problems = [*problems, *page_weight.weight_problems(site, lesson, documents[howto.page], shared)]
    sizes = {address: len(document) for address, document in documents.items()}
    head = json.dumps([sizes, [[p.line, p.message, p.hint, p.warning] for p in problems]])
    return b"".join((head.encode(), b"\n", *documents.values()))
