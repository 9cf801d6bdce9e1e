"""What is to be encoded: a master on a rung, what its how-to contributes, and all that decides the bytes that come of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from site_builder.films import audio, ffmpeg
from site_builder.films.slideshow import Slide
from site_builder.films.stills import poster_time, still_time
from site_builder.films.title_card import TitleCard
from site_builder.library.artifacts import Master
from site_builder.library.codecs import VIDEO_CODECS
from site_builder.library.howto import HowTo
from site_builder.library.ladder import Rung
from site_builder.library.settings import Effort, FrameRate

RECIPE = 12  # of a rendition
AUDIO_COST = 0.05  # of encoding a sound alone: VideoCodec.cost


@dataclass(frozen=True)
class FilmSpec:
    """What a how-to contributes to its film: language, start of each step (seconds), slides, title card."""

    lang: str = ""
    steps: tuple[float, ...] = ()
    slides: tuple[Slide, ...] = ()
    card: TitleCard | None = None


@dataclass(frozen=True)
class EncodeJob:
    """A master on one rung, in all of its languages."""

    master: Master
    rung: Rung
    effort: Effort
    ceiling: float
    frame_rate: FrameRate = "auto"
    spec: FilmSpec = field(default_factory=FilmSpec)

    @property
    def name(self) -> str:
        return f"{self.master.path.stem} {self.rung.name}"

    @property
    def audio_tracks(self) -> dict[str, Master | None]:
        """The master with each sound that it has, by language; its own is "" and gives way to a narration in its language."""
        narrated = {
            n.lang: replace(self.master, path=n.path, sha256=n.sha256, has_audio=True, denoise=False, sound=n.sound)
            for n in self.master.narrations
        }
        own = {} if self.spec.lang in narrated else {"": self.master if self.master.has_audio else None}
        return {lang: track for lang, track in {**own, **narrated}.items() if track or self.rung.video}

    def key_inputs(self, lang: str) -> dict[str, Any]:
        """All that decides a rendition's bytes: its key. Its picture depends on every language, by the longest sound."""
        tracks = {name: audio.key_inputs(track) for name, track in sorted(self.audio_tracks.items()) if track}
        if not self.rung.video:
            return {"rendition": RECIPE, "ffmpeg": ffmpeg.version(), "rung": asdict(self.rung), "sound": tracks[lang]}
        spec = asdict(self.spec)
        picture = {
            "master": self.master.picture_key,
            "effort": self.effort,
            "ceiling": self.ceiling,
            "frame_rate": self.frame_rate,
            "script": {name: spec[name] for name in self.relevant_fields},
        }
        return {
            "rendition": RECIPE,
            "ffmpeg": ffmpeg.version(),
            "rung": asdict(self.rung),
            "sound": tracks,
            "lang": lang,
            **picture,
        }

    @property
    def relevant_fields(self) -> tuple[str, ...]:
        """Fields of `spec` that change the picture: they alone enter its key."""
        if self.rung.shows == "slides":
            return ("slides",)
        return ("steps", "card") if self.rung.card else ("steps",)

    @property
    def cost(self) -> float:
        """Relative encoding time, by which jobs are put in order: seconds × budget × the codec's factor (no unit)."""
        factor = VIDEO_CODECS[self.rung.video].cost if self.rung.video else AUDIO_COST
        # a film with a card shares its shots with the one without, which goes before
        factor = 0.001 if self.rung.card else 0.1 if self.rung.shows == "slides" else factor
        return self.master.seconds * self.rung.budget * factor


def film_spec(howto: HowTo, master: Master, link: str) -> FilmSpec:
    """What a how-to contributes to its film; `link` is its printed one, as one types it."""
    timed = [step for step in howto.steps if step.start is not None]
    first = poster_time(howto, master)
    slides = [Slide(step.start or 0.0, at) for step in timed if (at := still_time(step)) is not None]
    return FilmSpec(
        lang=howto.base_lang,
        steps=tuple(step.start or 0.0 for step in timed),
        slides=(Slide(0.0, first), *slides) if slides else (),
        card=TitleCard(str(howto.title), link),
    )
