"""What a lesson offers to play: choices (standard, light, sound only), each with its files, sizes and prices."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from site_builder.library import playback
from site_builder.library.model import HowTo, Lesson, Rendition
from site_builder.library.words import Words
from site_builder.website import addresses


@dataclass(frozen=True)
class Source:
    rendition: Rendition
    address: str

    @property
    def type(self) -> str:
        """As `<source type>` wants it, so that a phone knows before it asks for a byte."""
        kind = "video" if self.rendition.rung.video else "audio"
        return f'{kind}/mp4; codecs="{self.rendition.codecs}"'

    @property
    def newer(self) -> bool:
        return playback.codec(self.rendition) not in playback.PLAIN


@dataclass(frozen=True)
class Choice:
    """One thing to play, in one or more codecs: the best first."""

    name: str
    sources: tuple[Source, ...]

    @property
    def sound(self) -> bool:
        return self.sources[0].rendition.rung.video is None

    @property
    def plain(self) -> Source:
        """The one for a phone that says nothing of itself: what plays anywhere, if there is one."""
        rendition = playback.plain([source.rendition for source in self.sources])
        return next(source for source in self.sources if source.rendition == rendition)

    @property
    def av1(self) -> Source | None:
        """The one that newer phones take, where another is plain: lists and the search tell its price to them."""
        first = self.sources[0]
        return first if first.rendition.rung.video == "av1" and first != self.plain else None

    def told(self, words: Words) -> str:
        known = words.table.get(f"page.rung_{self.name}") or words.lent.get(f"page.rung_{self.name}")
        return words(f"page.rung_{self.name}") if known else self.name.replace("-", " ").capitalize()


def choices(lesson: Lesson) -> tuple[Choice, ...]:
    """Each choice with its files, as `playback.choices` says."""
    found = playback.choices(lesson.renditions)
    return tuple(
        Choice(name, tuple(Source(one, addresses.film(lesson.howto, one)) for one in group)) for name, group in found.items()
    )


def to_send(lesson: Lesson) -> Source | None:
    """The film for a chat: with its card, in what WhatsApp takes."""
    found = next((one for one in lesson.renditions if one.rung.card), None)
    return Source(found, addresses.film(lesson.howto, found)) if found else None


def attribute(data: object) -> Markup:
    """JSON for an attribute in single quotes, so that its own need no escape."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;"))  # noqa: S704 - escaped here


def for_script(choice: Choice, here: str) -> Markup:
    """What the page's script needs to know of a choice: type, link and bytes of each file."""
    return attribute([row(source, here) for source in choice.sources])


def send_for_script(lesson: Lesson, here: str) -> Markup | None:
    """Type, link and bytes of the film to send, if there is one."""
    source = to_send(lesson)
    return attribute(row(source, here)) if source else None


def row(source: Source, here: str) -> list[object]:
    return [source.type, addresses.relative(here, source.address), source.rendition.bytes]


def captions_for_script(lesson: Lesson, here: str, names: dict[str, str]) -> Markup:
    """Language, name and link of each captions file; the page's own language first, which is the one shown."""
    langs = sorted(lesson.captions, key=lambda lang: (lang != lesson.howto.lang, lang != lesson.howto.base_lang, lang))
    rows = [[lang, names.get(lang, lang), addresses.relative(here, addresses.captions(lesson, lang))] for lang in langs]
    return attribute(rows)


def chapters(howto: HowTo) -> str | None:
    """The steps as a WebVTT chapters file."""
    timed = [step for step in howto.steps if step.start is not None and step.end is not None]
    if not timed:
        return None
    cues = (f"{stamp(step.start or 0)} --> {stamp(step.end or 0)}\n{vtt_text(step.title)}" for step in timed)
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def vtt_text(words: str) -> str:
    """Words that WebVTT does not read as a tag, an entity or a time."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace("-->", "→")


def chapter_files(lessons: Iterable[Lesson]) -> dict[str, bytes]:
    """Every chapters file of the site, by its address."""
    found = {}
    for lesson in lessons:
        text = chapters(lesson.howto) if lesson.renditions else None
        if text:
            found[addresses.chapters(lesson.howto, text)] = text.encode()
    return found


def stamp(seconds: float) -> str:
    """`00:00:29.500`, as WebVTT writes it."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def clock(seconds: float) -> str:
    """`0:29`, as a player shows it."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02}"
