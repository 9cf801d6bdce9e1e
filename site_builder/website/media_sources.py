"""What a lesson offers to play: choices (standard, light, sound only), each with its files, sizes and prices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from site_builder.library import codecs, playback
from site_builder.library.artifacts import Lesson, Rendition
from site_builder.library.compact_json import json_text
from site_builder.library.howto import HowTo
from site_builder.library.messages import Messages
from site_builder.website import urls


@dataclass(frozen=True)
class MediaSource:
    """One file to play: a rendition and its address."""

    rendition: Rendition
    address: str

    @property
    def mime_type(self) -> str:
        """As `<source type>` wants it, so that a phone knows before it asks for a byte."""
        kind = "video" if self.rendition.rung.video else "audio"
        return f'{kind}/mp4; codecs="{self.rendition.codecs}"'

    @property
    def needs_new_decoder(self) -> bool:
        return not codecs.plays_anywhere(playback.main_codec(self.rendition))


@dataclass(frozen=True)
class Choice:
    """One thing to play, in one or more codecs: the best first."""

    name: str
    sources: tuple[MediaSource, ...]

    @property
    def audio_only(self) -> bool:
        return self.sources[0].rendition.rung.video is None

    @property
    def fallback(self) -> MediaSource:
        """The file for a phone that says nothing of itself: what plays anywhere, if there is one."""
        rendition = playback.universal_rendition([source.rendition for source in self.sources])
        return next(source for source in self.sources if source.rendition == rendition)

    @property
    def newer(self) -> MediaSource | None:
        """The one that newer phones take (VideoCodec.asked_as), where another is the fallback: lists and the search tell them
        its price.
        """
        first = self.sources[0]
        video = first.rendition.rung.video
        return first if video and codecs.VIDEO_CODECS[video].asked_as and first != self.fallback else None

    def label(self, messages: Messages) -> str:
        known = messages.own_texts.get(f"page.rung_{self.name}") or messages.fallback_texts.get(f"page.rung_{self.name}")
        return messages(f"page.rung_{self.name}") if known else self.name.replace("-", " ").capitalize()


def choices(lesson: Lesson) -> tuple[Choice, ...]:
    """Each choice with its files, as `playback.choices` says."""
    groups = playback.group_renditions(lesson.renditions)
    return tuple(
        Choice(name, tuple(MediaSource(rendition, urls.film(lesson.howto, rendition)) for rendition in group))
        for name, group in groups.items()
    )


def first_film(lesson: Lesson) -> Choice | None:
    """The first choice that has a picture."""
    return next((choice for choice in choices(lesson) if not choice.audio_only), None)


def chat_film(lesson: Lesson) -> MediaSource | None:
    """The film for a chat: with its card, in what WhatsApp takes."""
    rendition = next((each for each in lesson.renditions if each.rung.card), None)
    return MediaSource(rendition, urls.film(lesson.howto, rendition)) if rendition else None


def json_attribute(data: object) -> Markup:
    """JSON for an attribute in single quotes, so that its own need no escape."""
    text = json_text(data)
    return Markup(text.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;"))  # noqa: S704 - escaped here


def sources_json(choice: Choice, here: str) -> Markup:
    """What the page's script needs to know of a choice: type, link and bytes of each file."""
    return json_attribute([source_row(source, here) for source in choice.sources])


def chat_film_json(lesson: Lesson, here: str) -> Markup | None:
    """Type, link and bytes of the film to send, if there is one."""
    source = chat_film(lesson)
    return json_attribute(source_row(source, here)) if source else None


def source_row(source: MediaSource, here: str) -> list[object]:
    return [source.mime_type, urls.relative(here, source.address), source.rendition.bytes]


def captions_json(lesson: Lesson, here: str, names: dict[str, str]) -> Markup:
    """Language, name and link of each captions file; the page's own language first, which is the one shown."""
    langs = sorted(lesson.captions, key=lambda lang: (lang != lesson.howto.lang, lang != lesson.howto.base_lang, lang))
    rows = [[lang, names.get(lang, lang), urls.relative(here, urls.captions(lesson, lang))] for lang in langs]
    return json_attribute(rows)


def chapters_vtt(howto: HowTo) -> str | None:
    """The steps as a WebVTT chapters file."""
    timed = [step for step in howto.steps if step.start is not None and step.end is not None]
    if not timed:
        return None
    cues = (f"{vtt_timestamp(step.start or 0)} --> {vtt_timestamp(step.end or 0)}\n{escape_vtt(step.title)}" for step in timed)
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def escape_vtt(words: str) -> str:
    """Words that WebVTT does not read as a tag, an entity or a time."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace("-->", "→")


def chapter_files(lessons: Iterable[Lesson]) -> dict[str, bytes]:
    """Every chapters file of the site, by its address."""
    files = {}
    for lesson in lessons:
        text = chapters_vtt(lesson.howto) if lesson.renditions else None
        if text:
            files[urls.chapters_file(lesson.howto, text)] = text.encode()
    return files


def vtt_timestamp(seconds: float) -> str:
    """`00:00:29.500`, as WebVTT writes it."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def clock(seconds: float) -> str:
    """`0:29`, as a player shows it."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02}"
