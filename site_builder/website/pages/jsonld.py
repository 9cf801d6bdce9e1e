"""What search engines read of a how-to: schema.org HowTo, and VideoObject with a Clip for each step."""

from __future__ import annotations

import datetime as dt
from typing import Any

from markupsafe import Markup

from site_builder.library import materials
from site_builder.library.artifacts import Lesson
from site_builder.library.compact_json import json_text
from site_builder.library.howto import HowTo
from site_builder.library.howto_parts import Cost
from site_builder.library.messages import messages_of
from site_builder.website import media_sources, urls


def script_element(data: dict[str, Any]) -> Markup:
    """JSON that may stand inside `<script>`: no `<`, `>` or `&` in it, so nothing can end it early."""
    text = json_text(data)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704 - escaped above


def graph(lesson: Lesson, site_url: str) -> dict[str, Any]:
    """Everything said of the page; addresses are whole ones."""
    video = video_object(lesson, site_url)
    return {"@context": "https://schema.org", **howto_object(lesson, site_url), **({"video": video} if video else {})}


def howto_object(lesson: Lesson, site_url: str) -> dict[str, Any]:
    """The job: what it takes, what it costs, its steps. Most of it stands in the page too, so it packs to little."""
    howto = lesson.howto
    data: dict[str, Any] = {
        "@type": "HowTo",
        "name": howto.title,
        "description": howto.summary,
        "inLanguage": howto.lang,
        "totalTime": iso_duration(howto.time.hands_on + (howto.time.wait or dt.timedelta())),
        "tool": [{"@type": "HowToTool", "name": tool.name} for tool in howto.tools],
        "supply": [
            {"@type": "HowToSupply", "name": one.name, "requiredQuantity": one.quantity.replace("\u00a0", " ")}
            for one in materials.supplies(howto, messages_of(howto.lang))
        ],
        "step": [howto_step(lesson, number, site_url) for number in range(len(howto.steps))],
    }
    if howto.cost:
        data["estimatedCost"] = estimated_cost(howto.cost)
    return {name: value for name, value in data.items() if value != []}


def howto_step(lesson: Lesson, number: int, site_url: str) -> dict[str, Any]:
    """One step, counted from 0, with its picture."""
    step = lesson.howto.steps[number]
    still = lesson.stills.get(step.id)
    picture = {"image": urls.absolute(site_url, urls.picture(lesson.howto, step.id, still.jpeg))} if still else {}
    return {"@type": "HowToStep", "name": step.title, "text": step.text, **picture}


def estimated_cost(cost: Cost) -> dict[str, Any]:
    """What the materials cost, in rands."""
    amount = {"value": cost.min} if cost.min == cost.max else {"minValue": cost.min, "maxValue": cost.max}
    return {"@type": "MonetaryAmount", "currency": "ZAR", **amount}


def video_object(lesson: Lesson, site_url: str) -> dict[str, Any] | None:
    """The film as search engines show it; None without a file that any phone plays, or without a poster."""
    howto = lesson.howto
    film = media_sources.first_film(lesson)
    if film is None or lesson.poster is None:
        return None
    url = urls.absolute(site_url, howto.page)
    # a clip ends where the next one starts, as the search engine assumes
    clips = [
        {
            "@type": "Clip",
            "name": one.title,
            "startOffset": one.start,
            "url": f"{url}?t={one.start:g}",
        }
        for one in howto.steps
        if one.start is not None
    ]
    return {
        "@type": "VideoObject",
        "name": howto.title,
        "description": howto.summary,
        "inLanguage": howto.lang,
        "thumbnailUrl": urls.absolute(site_url, urls.picture(howto, "poster", lesson.poster.jpeg)),
        "uploadDate": upload_date(howto),
        "duration": iso_duration(dt.timedelta(seconds=round(film.fallback.rendition.seconds))),
        "contentUrl": urls.absolute(site_url, film.fallback.address),
        **({"hasPart": clips} if clips else {}),
    }


def upload_date(howto: HowTo) -> str:
    """Noon of the day, South African time: search engines want an hour, and editors write days."""
    return f"{howto.published.isoformat()}T12:00:00+02:00"


def iso_duration(time: dt.timedelta) -> str:
    """ISO 8601: `PT1H20M`, `PT58S`."""
    seconds = round(time.total_seconds())
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    return f"PT{parts or '0S'}"
