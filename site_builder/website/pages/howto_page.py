"""A how-to's page, and the page of its details: values in, HTML out; no MkDocs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from site_builder.library import calculator, formula, materials
from site_builder.library.artifacts import Cue, ImageFile, Lesson
from site_builder.library.fallback import FallbackText
from site_builder.library.howto import HowTo
from site_builder.library.howto_parts import Safety, Step
from site_builder.library.messages import Messages
from site_builder.website import media_sources, urls
from site_builder.website.markdown import body_html
from site_builder.website.pages import jsonld, share, social_card
from site_builder.website.pages.context import LanguageLink, PageContext, context_of, lang_name
from site_builder.website.pages.templates import render_template
from site_builder.website.site import Site


def howto_page(site: Site, lesson: Lesson, body: Markup | None = None) -> str:
    """`body` is the how-to's own, where it is rendered already."""
    howto = lesson.howto
    others = [LanguageLink(other.lang, lang_name(other.lang), other.page, True) for other in site.library.other_langs(howto)]
    page = context_of(site, howto.lang, howto.page, others)
    if body is None:
        body, _ = body_html.render_body(howto, site.library, site.settings, site.links, site.memo, lesson.figures)
    store, country = site.settings.options.store, site.settings.options.country
    return render_template(
        "howto.html",
        page,
        **player_facts(page, lesson),
        **calculator_facts(howto, page.w),
        supplies=list(materials.supplies(howto, page.w)),
        lesson=lesson,
        howto=howto,
        category=site.lessons.category(howto),
        preview=preview_image(site, lesson),
        body=body,
        body_lang=howto.body.lang if isinstance(howto.body, FallbackText) else None,
        danger_first=howto.risk == "high",
        warnings=warnings_by_step(howto),
        picture_bytes=sum(one.bytes for one in page_pictures(lesson)),
        detail_sections=detail_sections(lesson),
        chat_link=share.whatsapp_link(share.chat_message(lesson, page.canonical, site.settings.tariff, page.w)),
        list_link=share.whatsapp_link(share.shopping_list(howto, page.w), store.whatsapp, country) if howto.materials else None,
        feedback_links={
            said: share.whatsapp_link(
                f"{howto.code} {howto.version}: {page.w(f'page.verdict_{said}')}", store.whatsapp, country
            )
            for said in ("yes", "no")
        },
        related=[found for slug in howto.related if (found := site.lessons.nearest(slug, howto.lang))],
        jsonld=jsonld.script_element(jsonld.graph(lesson, site.settings.site_url)),
    )


def preview_image(site: Site, lesson: Lesson) -> str | None:
    """What a chat shows beside a link to a how-to: its poster, else its category's picture."""
    if lesson.poster:
        return urls.picture(lesson.howto, "poster", lesson.poster.jpeg)
    return social_card.card_address(site, site.lessons.category(lesson.howto), lesson.howto.lang)


def page_pictures(lesson: Lesson) -> list[ImageFile]:
    """All that its page shows."""
    stills = [*lesson.stills.values(), *lesson.figures.values(), *([lesson.poster] if lesson.poster else [])]
    thumb = lesson.leaflet.thumb if lesson.leaflet else None
    return [*(still.web for still in stills), *([thumb] if thumb else [])]


def player_facts(page: PageContext, lesson: Lesson) -> dict[str, Any]:
    """What the player's part of the template is filled with."""
    howto = lesson.howto
    choices = media_sources.choices(lesson)
    main = next((choice for choice in choices if not choice.audio_only), choices[0] if choices else None)
    here = page.address or ""
    names = {lang: lang_name(lang) for lang in lesson.captions}
    text = media_sources.chapters_vtt(howto) if choices else None
    return {
        "choices": choices,
        "main": main,
        "sources_json": {c.name: media_sources.sources_json(c, here) for c in choices},
        "chat_film": media_sources.chat_film_json(lesson, here),
        "captions": media_sources.captions_json(lesson, here, names),
        "chapters": urls.relative(here, urls.chapters_file(howto, text)) if text else None,
    }


def detail_sections(lesson: Lesson) -> list[str]:
    """Sections of the details page (transcript, download, sources): on the how-to's page every reader would pay for them."""
    content_by_section = {"transcript": transcript_cues(lesson), "download": lesson.renditions, "sources": lesson.howto.sources}
    return [name for name, content in content_by_section.items() if content]


def transcript_cues(lesson: Lesson) -> tuple[Cue, ...]:
    captions = lesson.captions.get(lesson.howto.lang) or lesson.captions.get(lesson.howto.base_lang)
    return captions.cues if captions else ()


def details_page(site: Site, lesson: Lesson) -> str:
    """The film in words, its files, the sources."""
    howto = lesson.howto
    translations = [site.lessons.by_page[(howto.slug, other.lang)] for other in site.library.other_langs(howto)]
    others = [
        LanguageLink(other.howto.lang, lang_name(other.howto.lang), urls.details(other.howto), True)
        for other in translations
        if detail_sections(other)
    ]
    return render_template(
        "details.html",
        context_of(site, howto.lang, urls.details(howto), others),
        howto=howto,
        detail_sections=detail_sections(lesson),
        choices=media_sources.choices(lesson),
        transcript=transcript_cues(lesson),
        transcript_lang=howto.lang if howto.lang in lesson.captions else howto.base_lang,
    )


def calculator_facts(howto: HowTo, messages: Messages) -> dict[str, Any]:
    """The formula for the script, and what it needs to say each answer; the answers to the how-to's own batch."""
    if howto.calculator is None:
        return {"rpn": None, "batch": None}
    return {
        "rpn": " ".join(formula.postfix(howto.calculator.per)),
        "batch": calculator.batch_text(howto, messages),
        "calculator_inputs": [(ask, calculator.input_text(ask, "{}", messages)) for ask in howto.calculator.ask],
        "answers": [
            {
                "label": one.give.label,
                "shown": one.full_text(messages),
                "rate": calculator.amount_per_unit(one.give),
                "size": one.packaging.size or "",
                "amount": calculator.amount_template(one.give, messages),
                "buy": calculator.purchase_template(one.give, messages),
                "one": calculator.pack_name(one.give, 1, messages),
                "many": calculator.pack_name(one.give, 2, messages),
            }
            for one in calculator.answers(howto)
        ],
    }


def warnings_by_step(howto: HowTo) -> Mapping[str, list[Safety]]:
    """Warnings that have a second of the film, under the step that holds it."""

    def holds(step: Step, at: float) -> bool:
        return step.start is not None and step.end is not None and step.start <= at < step.end

    return {step.id: [line for line in howto.safety if line.at is not None and holds(step, line.at)] for step in howto.steps}
