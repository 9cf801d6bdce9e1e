"""The JSON that howto.typ reads: a how-to's texts in one language, its QR code as SVG, names of pictures, sizes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from site_builder.leaflets import copyfit, qr, text_metrics
from site_builder.leaflets.bidi import TextRun, localiser, text_direction
from site_builder.leaflets.formats import PrintFormat
from site_builder.library import calculator, logos, materials, prices, quantity
from site_builder.library.artifacts import Still
from site_builder.library.fallback import FallbackText
from site_builder.library.howto import HowTo
from site_builder.library.messages import Messages, messages_of
from site_builder.library.settings import Settings

DIFFICULTY_KEYS = {1: "common.easy", 2: "common.some_skill", 3: "common.skilled"}
CURRENCY_SYMBOLS = {"ZAR": "R"}


def printed_link(howto: HowTo, settings: Settings, print_format: PrintFormat, store: str = "") -> str:
    """The printed link: `…/b7x?s=l1.2-14` tells the medium, the version of the words on it, and the store that printed it.

    A label has no words of the how-to, so it carries no version: nothing on it can be wrong.
    """
    major, minor, patch = howto.version.split(".")
    version = f"{major}.{minor}" + (f".{patch}" if patch != "0" else "") if print_format.versioned else ""
    return f"{settings.short_url}/{howto.code}?s={print_format.mark}{version}" + (f"-{store}" if store else "")


def template_data(texts: dict[str, Any], geometry: copyfit.PageGeometry) -> dict[str, Any]:
    """All that howto.typ reads: a how-to's texts, its code, and what size everything gets on this page."""
    texts["qr"] = qr.symbol_for(texts["link"], geometry.side - 2 * CODE_FRAME_LINE).svg
    texts["warnings_share"] = round(copyfit.warnings_share(texts), 3)
    return texts | {"layout": copyfit.choose_layout(texts, geometry)}


def template_texts(
    howto: HowTo,
    stills: Mapping[str, Still],
    settings: Settings,
    print_format: PrintFormat,
    store: str = "",
    film_bytes: int | None = None,
) -> dict[str, Any]:
    """What howto.typ reads but for code and layout, which follow from it: it stands in the print's key. No clock is asked.

    `film`: bytes of the how-to's film.
    """
    messages = messages_of(howto.lang)
    say = localiser(messages)
    geometry = print_format.geometry(settings.options.paper)
    link_text = printed_link(howto, settings, print_format, store)
    day = howto.last_changed
    labels = {name: say(messages(where)) for name, where in LABEL_KEYS.items()}
    return {
        "lang": howto.lang.split("-")[0],
        "direction": text_direction(messages),
        "slug": howto.slug,
        "name": str(howto.title),
        "title": say(howto.title),
        "title_leading": text_metrics.title_leading(howto.lang.split("-")[0]),
        "description": str(howto.summary),
        "summary": say(howto.summary),
        "keywords": [howto.code, howto.slug, f"version {howto.version}", howto.licence],
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "date": say(day.isoformat()),
        "code": howto.code,
        "link": link_text,
        "typed": f"{settings.short_url_text}/{howto.code}",
        "scan_hint": say(messages("leaflet.scan_film" if howto.video else "leaflet.scan_page")),
        "film_price": [say(line) for line in film_price_lines(film_bytes, settings, messages)],
        "qr_alt": str(messages("leaflet.qr_alt", link=link_text)),
        "store": store_data(settings, print_format, say),
        "ink": None if print_format.toner else ink(settings),
        "toner": print_format.toner,
        "geometry": {
            name: getattr(geometry, name) for name in ("width", "height", "margin", "foot", "gutter", "side", "columns", "body")
        },
        "labels": labels | {"version": say(messages("common.version", version=howto.version))},
        "facts": [say(fact) for fact in key_facts(howto, messages)],
        "notices": list(notices(howto, messages)),
        "review": say(review_line(howto, messages)),
        "do_not_start_if": [say(line) for line in howto.do_not_start_if],
        "safety": [
            {"level": line.level, "label": say(messages(f"common.{line.level}")), "text": say(line.text)}
            for line in howto.safety
        ],
        "ppe": [say(messages(f"gear.{thing}")) for thing in howto.ppe],
        "emergency": say(howto.emergency),
        "tools": [
            {
                "name": say(tool.name),
                "instead": say(tool.instead),
                "hire": tool.hire,
                "place": say(aisle_and_sku(tool.aisle, None, messages)),
            }
            for tool in howto.tools
        ],
        "materials": [
            {
                "name": say(item.name),
                "quantity": say(item.quantity),
                "place": say(aisle_and_sku(item.aisle, item.sku, messages)),
            }
            for item in materials.supplies(howto, messages)
        ],
        "batch": say(messages("common.batch", asked=calculator.batch_text(howto, messages))) if howto.calculator else None,
        "steps": [
            {
                "number": number,
                "title": say(step.title),
                "text": say(step.text),
                "check": say(step.check),
                "critical": step.critical,
                "picture": picture_name(number) if step.id in stills and wants_picture(howto, step.id) else None,
                "height_to_width": height_to_width(stills.get(step.id)),
                "alt": str(messages("leaflet.still_alt", number=number, title=step.title)),
            }
            for number, step in enumerate(howto.steps, start=1)
        ],
        "done_when": say(howto.done_when),
        "mistakes": [
            {"see": say(mistake.see), "likely": say(mistake.likely), "do": say(mistake.do)} for mistake in howto.mistakes
        ],
        "questions": [{"q": say(question.q), "a": say(question.a)} for question in howto.faq],
        "law": say(howto.law),
        "note_lines": settings.options.notes if howto.leaflet.notes is None else howto.leaflet.notes,
        "worksheet": [{"label": say(label), "unit": say(unit)} for label, unit in worksheet_fields(howto, messages)],
    }


def wants_picture(howto: HowTo, step: str) -> bool:
    """Whether the how-to wants this step's picture on paper."""
    return howto.leaflet.picture_steps is None or step in howto.leaflet.picture_steps


CODE_FRAME_LINE = 1.5 * 25.4 / 72  # mm, around the code


def height_to_width(still: Still | None) -> float:
    """Height / width of a step's still; 9/16 without one."""
    return round(still.jpeg.height / still.jpeg.width, 4) if still else 0.5625


def store_data(settings: Settings, print_format: PrintFormat, say: Callable[[str | None], TextRun]) -> dict[str, Any]:
    """The store's name, contacts and logo, as each page's foot has them."""
    name, *more = [settings.options.store.name, *contact_lines(settings)]
    return {
        "name": name,
        "label": say(name),
        "more": [say(one) for one in more],
        "logo": logo_name(settings, print_format),
        "logo_across": logo_width(settings, print_format),
    }


def ink(settings: Settings) -> str | None:
    return settings.options.store.ink


def logo_name(settings: Settings, print_format: PrintFormat) -> str | None:
    """The logo's name inside the template; the mono one where toner is to be saved, none where there is none."""
    path = settings.logo(mono=print_format.toner)
    if path is None:
        return None
    image = logos.load_logo(path)
    return f"logo-{hashlib.sha256(image.data).hexdigest()[:8]}{image.suffix}"


LOGO_HEIGHT = 5  # mm, in a footer


def logo_width(settings: Settings, print_format: PrintFormat) -> float:
    """How wide it is in a footer, in mm."""
    path = settings.logo(mono=print_format.toner)
    if path is None:
        return 0
    image = logos.load_logo(path)
    return round(LOGO_HEIGHT * image.width / image.height, 2)


COMMON_LABELS = (
    "safety_first",
    "do_not_start_if",
    "emergency",
    "tools",
    "materials",
    "steps",
    "check",
    "done_when",
    "mistakes",
    "likely",
    "do",
    "questions",
    "wear",
    "law",
)
LEAFLET_LABELS = ("quantity", "instead", "hire", "see", "measurements")
LABEL_KEYS = {name: f"common.{name}" for name in COMMON_LABELS} | {name: f"leaflet.{name}" for name in LEAFLET_LABELS}


def key_facts(howto: HowTo, messages: Messages) -> Iterator[str]:
    """Time, difficulty, risk, cost: what one asks before one begins."""
    yield messages.duration(howto.time.hands_on)
    if howto.time.wait:
        yield messages("common.wait", time=messages.duration(howto.time.wait))
    yield messages(DIFFICULTY_KEYS[howto.difficulty])
    yield messages(f"common.{howto.risk}")
    if howto.cost:
        symbol = CURRENCY_SYMBOLS.get(howto.cost.currency, f"{howto.cost.currency} ")
        low, high = (f"{symbol}{sum:.10g}" for sum in (howto.cost.min, howto.cost.max))
        name = "leaflet.cost_one" if low == high else "leaflet.cost"
        yield messages(name, min=low, max=high, month=f"{howto.cost.as_of:%Y-%m}")


def notices(howto: HowTo, messages: Messages) -> Iterator[dict[str, Any]]:
    """What is still unread or unchecked, loud where that may harm somebody; and what older prints say wrongly."""
    say = localiser(messages)
    if not howto.is_reviewed:
        yield {"text": say(messages("common.not_checked")), "loud": howto.risk == "high"}
    if not howto.translation_read or (messages.is_draft and howto.lang != howto.base_lang):
        yield {"text": say(messages("common.translation_unread")), "loud": False}
    for correction in howto.corrections:
        if correction.serious:
            text = messages("leaflet.corrected", date=correction.date.isoformat(), what=correction.what)
            # corrections are written in the base language alone
            fallback = FallbackText(f"{correction.date.isoformat()}: {correction.what}", howto.base_lang)
            yield {"text": say(text if howto.lang == howto.base_lang else fallback), "loud": False}


def review_line(howto: HowTo, messages: Messages) -> str | None:
    """Who checked the how-to, and as what; None where nobody did."""
    by = howto.reviewed_by
    return messages("common.reviewed", name=by.name, role=by.known_as) if by else None


def worksheet_fields(howto: HowTo, messages: Messages) -> Iterator[tuple[str, str]]:
    """(label, unit) of each blank: first what to measure, then what to buy."""
    if howto.calculator:
        yield from ((ask.label, quantity.unit_name(ask.unit, 2, messages)) for ask in howto.calculator.ask)
        for give in howto.calculator.give:
            many = calculator.purchase_template(give, messages).replace("{p}", calculator.pack_name(give, 2, messages))
            yield give.label, many.replace("{a}\u00a0", "")


def aisle_and_sku(aisle: str | None, sku: str | None, messages: Messages) -> str | None:
    """Where in the store it is, and its number there."""
    return " · ".join(one for one in (messages("common.aisle", name=aisle) if aisle else "", sku) if one) or None


def contact_lines(settings: Settings) -> Iterator[str]:
    """The store's phone, WhatsApp and address, as far as it has them."""
    store = settings.options.store
    if store.phone:
        yield store.phone
    if store.whatsapp and store.whatsapp != store.phone:
        yield f"WhatsApp {store.whatsapp}"
    if store.address:
        yield store.address


def picture_name(number: int) -> str:
    """A still's name inside the template: ours, never the editor's words."""
    return f"step-{number}.jpg"


def renumber_pictures(data: Mapping[str, Any], first: int) -> None:
    """Give the stills of one how-to of many names of their own, from this number on."""
    for number, step in enumerate(data["steps"], start=first):
        step["picture"] = step["picture"] and picture_name(number)


def film_price_lines(bytes: int | None, settings: Settings, messages: Messages) -> Iterator[str]:
    """A line about size and price, then one with tariff and date; none without a film."""
    if bytes is not None:
        tariff = settings.tariff
        yield messages("common.film_price", price=prices.size_and_price(bytes, tariff, messages))
        if tariff:
            yield messages("common.price_at", tariff=f"{tariff.name} ({tariff.as_of})")
