"""Home, categories and the list from A to Z; long lists in pages."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.library.artifacts import Lesson
from site_builder.library.categories import Category
from site_builder.website import urls
from site_builder.website.lesson_index import LessonIndex
from site_builder.website.pages import logo, social_card
from site_builder.website.pages.context import alternates, as_other_home, context_of, editor_body
from site_builder.website.pages.pagination import ListPage, paginate
from site_builder.website.pages.templates import render_template
from site_builder.website.search.folding import fold_text
from site_builder.website.site import Site


def in_category(lessons: LessonIndex, category: Category | None, lang: str) -> tuple[Lesson, ...]:
    """Each how-to of a category (of all, for None) once, by title; untranslated ones in the base language."""
    slugs = {lesson.howto.slug for lesson in lessons if category is None or lesson.howto.category == category.slug}
    nearest = (lessons.nearest(slug, lang) for slug in slugs)
    return tuple(sorted((lesson for lesson in nearest if lesson), key=lambda lesson: fold_text(lesson.howto.title)))


def category_pages(site: Site, category: Category, lang: str, intro: str = "") -> Iterator[tuple[str, str]]:
    """By address: one, or the leaves of a long list; the introduction stands on the first."""
    others = alternates(site, lang, lambda other: urls.category(category.slug, other, site.base_lang))
    about = {"category": category, "preview": social_card.card_address(site, category, lang)}
    for leaf, all_leaves in list_pages(site, category, lang, urls.category(category.slug, lang, site.base_lang)):
        first = leaf == all_leaves[0]
        page = context_of(site, lang, leaf.address, others if first else as_other_home(others))
        intro_here = editor_body(site, intro if first else "", leaf.address, lang)
        yield (
            leaf.address,
            render_template("category.html", page, list_page=leaf, list_pages=all_leaves, intro=intro_here, **about),
        )


def list_pages(site: Site, category: Category | None, lang: str, top: str) -> Iterator[tuple[ListPage, tuple[ListPage, ...]]]:
    """Each leaf of a list with all of them."""
    found = paginate(top, in_category(site.lessons, category, lang))
    yield from ((leaf, found) for leaf in found)


def home_page(site: Site, lang: str, intro: str = "") -> str:
    others = alternates(site, lang, lambda other: urls.language_root(other, site.base_lang))
    page = context_of(site, lang, urls.language_root(lang, site.base_lang), others)
    counts = {category.slug: len(in_category(site.lessons, category, lang)) for category in site.lessons.categories}
    # a subject is shown by its first how-to that has a film
    with_picture = [lesson for lesson in in_category(site.lessons, None, lang) if lesson.poster and lesson.poster.thumb]
    examples = {lesson.howto.category: lesson for lesson in reversed(with_picture)}
    return render_template(
        "home.html",
        page,
        counts=counts,
        examples=examples,
        logo=logo.logo_address(site),
        preview=social_card.card_address(site, None, lang),
        intro=editor_body(site, intro, page.address or "", lang),
    )


def a_to_z_pages(site: Site, lang: str) -> Iterator[tuple[str, str]]:
    """All how-tos by address of their leaf, for who has no script or would rather look than type."""
    others = alternates(site, lang, lambda other: urls.a_to_z(other, site.base_lang))
    for leaf, all_leaves in list_pages(site, None, lang, urls.a_to_z(lang, site.base_lang)):
        page = context_of(site, lang, leaf.address, others if leaf == all_leaves[0] else as_other_home(others))
        yield leaf.address, render_template("a-z.html", page, list_page=leaf, list_pages=all_leaves)
