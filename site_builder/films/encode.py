"""A master and a rung become renditions: the best picture that the rung's bytes buy, once, with each language's sound."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from site_builder.cache import Cache, Entry
from site_builder.films import card, ffmpeg, mux, picture, quality, shots, slides, sound
from site_builder.films.camera import Camera, Told
from site_builder.films.card import Card
from site_builder.films.ladder import EFFORTS, LOOKING, SIZES, VIDEO
from site_builder.films.look import Plan, Scout
from site_builder.films.shoot import Filmed, Shoot
from site_builder.films.slides import Slide
from site_builder.films.sound import TooBig
from site_builder.library.model import Attempt, Master, Offer, Rendition, Rung, Take, Vmaf
from site_builder.library.settings import Effort, FrameRate

RECIPE = 12
SMALLEST = 180  # lines, to fall back on where the worst crf is still too heavy
LATE = 0.1  # seconds that a finished file may differ from its master
SOUNDS = {"opus": "opus", "aac": "mp4a.40.2"}  # RFC 6381


@dataclass(frozen=True)
class Script:
    """What a how-to says of its film: its language, the seconds at which steps begin, the still of each, title and link."""

    lang: str = ""
    steps: tuple[float, ...] = ()
    slides: tuple[Slide, ...] = ()
    card: Card | None = None


@dataclass(frozen=True)
class Job:
    """A master on one rung, in all of its languages."""

    master: Master
    rung: Rung
    effort: Effort
    ceiling: float
    frame_rate: FrameRate = "auto"
    script: Script = field(default_factory=Script)

    @property
    def name(self) -> str:
        return f"{self.master.path.stem} {self.rung.name}"

    @property
    def voices(self) -> dict[str, Master | None]:
        """The master with each sound that it has, by language; its own is "" and gives way to a narration in its language."""
        told = {
            n.lang: replace(self.master, path=n.path, sha256=n.sha256, has_audio=True, denoise=False, sound=n.sound)
            for n in self.master.narrations
        }
        own = {} if self.script.lang in told else {"": self.master if self.master.has_audio else None}
        return {lang: voice for lang, voice in {**own, **told}.items() if voice or self.rung.video}

    def inputs(self, lang: str) -> dict[str, Any]:
        """All that decides a rendition's bytes: its key. Its picture depends on every language, by the longest sound."""
        voices = {name: sound.inputs(voice) for name, voice in sorted(self.voices.items()) if voice}
        if not self.rung.video:
            return {"rendition": RECIPE, "ffmpeg": ffmpeg.version(), "rung": asdict(self.rung), "sound": voices[lang]}
        says = asdict(self.script)
        seen = {
            "master": self.master.picture_key,
            "effort": self.effort,
            "ceiling": self.ceiling,
            "frame_rate": self.frame_rate,
            "script": {name: says[name] for name in self.minds},
        }
        return {
            "rendition": RECIPE,
            "ffmpeg": ffmpeg.version(),
            "rung": asdict(self.rung),
            "sound": voices,
            "lang": lang,
            **seen,
        }

    @property
    def minds(self) -> tuple[str, ...]:
        """The parts of its script that matter to the picture."""
        if self.rung.shows == "slides":
            return ("slides",)
        return ("steps", "card") if self.rung.card else ("steps",)

    @property
    def weight(self) -> float:
        """How long it takes, about, beside other jobs."""
        dear = {"av1": 3.0, "hevc": 2.5, "h264": 1.0, None: 0.05}[self.rung.video]
        # a film with a card shares its shots with the one without, which goes before
        dear = 0.001 if self.rung.card else 0.1 if self.rung.shows == "slides" else dear
        return self.master.seconds * self.rung.budget * dear


def kept(job: Job, cache: Cache) -> tuple[Rendition, ...] | None:
    """The renditions, if all of them were made before."""
    entries = [(lang, cache.find(job.inputs(lang), ".mp4")) for lang in job.voices]
    found = tuple(rendition(job, lang, entry) for lang, entry in entries if entry)
    return found if len(found) == len(entries) else None


def make(job: Job, cache: Cache, told: Told) -> tuple[Rendition, ...]:
    """The renditions, into the cache. Raises ffmpeg.ToolFailed, or TooBig where nothing fits the budget."""
    with cache.draft_folder() as folder:
        voices, cpu = encode_voices(job, folder, cache)
        film = Film(job, folder, told, cache, longest(voices)) if job.rung.video else None
        facts = film.make() if film else {**NO_PICTURE, "cpu_s": 0.0}
        found = []
        for lang, voice in voices.items():
            whole = film.join(film.drafts, voice) if film else voice
            assert whole
            told_now = {**facts, **looked_at(job, whole, voice), "cpu_s": round(facts["cpu_s"] + cpu, 2)}
            found.append(rendition(job, lang, cache.keep(job.inputs(lang), ".mp4", whole, told_now)))
            facts, cpu = {**facts, "cpu_s": 0.0}, 0.0  # the languages after the first cost nothing more
        return tuple(found)


def rendition(job: Job, lang: str, entry: Entry) -> Rendition:
    facts = entry.facts
    return Rendition(
        rung=job.rung,
        path=entry.path,
        key=entry.key,
        codecs=facts["codecs"],
        width=facts["width"],
        height=facts["height"],
        fps=facts["fps"],
        bytes=facts["bytes"],
        seconds=facts["seconds"],
        crf=facts["crf"],
        vmaf=Vmaf(**facts["vmaf"]) if facts["vmaf"] else None,
        attempts=tuple(Attempt(**a) for a in facts["attempts"]),
        looks=tuple(Attempt(**a) for a in facts["looks"]),
        offers=tuple(Offer(**o) for o in facts["offers"]),
        takes=tuple(Take(**t) for t in facts["takes"]),
        cpu_s=facts["cpu_s"],
        from_cache=entry.from_cache,
        lang=lang,
    )


NO_PICTURE: dict[str, Any] = {
    **{"width": 0, "height": 0, "fps": 0.0, "crf": None, "vmaf": None},
    **{"attempts": [], "looks": [], "offers": [], "takes": []},
}


def encode_voices(job: Job, folder: Path, cache: Cache) -> tuple[dict[str, Path | None], float]:
    """Each language's sound as an .mp4, None for silence; and CPU seconds. Raises TooBig."""
    most = job.rung.budget // 2 if job.rung.video else job.rung.budget
    found: dict[str, Path | None] = {}
    cpu = 0.0
    for lang, voice in job.voices.items():
        found[lang] = folder / f"voice.{lang}.mp4" if voice else None
        if voice and (path := found[lang]):
            cpu += sound.encode(sound.levelled(voice, cache), job.rung, job.master.seconds, path, most)
    return found, cpu


def longest(voices: dict[str, Path | None]) -> Path | None:
    """The one of most bytes: the picture leaves room for it, and so for each."""
    return max((voice for voice in voices.values() if voice), key=lambda voice: voice.stat().st_size, default=None)


def looked_at(job: Job, whole: Path, voice: Path | None) -> dict[str, Any]:
    """What a finished file is, decoded once from its beginning to its end. Raises TooBig where it is not whole."""
    ffmpeg.decode(whole, seconds=60 + job.master.seconds * 4)
    size, seconds, codecs, late = whole.stat().st_size, mux.seconds(whole), SOUNDS[job.rung.audio], LATE
    if size > job.rung.budget:
        raise TooBig(f"{job.name}: {size:,} bytes; the budget is {job.rung.budget:,}")
    if job.rung.video:
        seen = json.loads(ffmpeg.probe(whole, "ours"))
        if "error" in seen or seen["has_audio"] != (voice is not None):
            raise TooBig(f"{job.name}: the encoded film is not whole: {seen}")
        seconds = min(seconds, seen["seconds"])
        codecs, late = seen["codecs"], max(LATE, float(1 / slides.FPS) if job.rung.shows == "slides" else 0.0)
    if abs(seconds - job.master.seconds) > late:
        raise TooBig(f"{job.name}: the encoded film lasts {seconds:.2f} s, its master {job.master.seconds:.2f} s")
    return {"codecs": codecs, "bytes": size, "seconds": job.master.seconds}


class Film:
    """The work on one rung's picture, in its own folder of drafts; `voice` is the longest sound that goes with it."""

    def __init__(self, job: Job, folder: Path, told: Told, cache: Cache, voice: Path | None) -> None:
        assert job.rung.video
        self.job, self.folder, self.told, self.cache, self.voice = job, folder, told, cache, voice
        self.trying = EFFORTS[job.effort]
        self.camera = Camera(job.master, VIDEO[job.rung.video], picture.rate(job.master), told, picture.Plain(job.master))
        self.shots: tuple[shots.Shot, ...] = ()
        self.drafts: tuple[Path, ...] = ()
        taken = voice.stat().st_size if voice else 0
        self.aim = quality.Aim(job.rung.budget - taken, job.ceiling, use=self.trying.use, below=self.trying.below)

    def make(self) -> dict[str, Any]:
        """Plan, then take the shots, until the whole fits; `drafts` are then the chosen ones. Raises TooBig."""
        plan, filmed = self.shoot()
        self.drafts = filmed.drafts
        mux.hold_alike(self.drafts)
        width, height = self.camera.size(filmed.lines)
        return {
            "width": width,
            "height": height,
            "fps": round(float(self.camera.fps), 3),
            "crf": filmed.crf,
            "vmaf": asdict(filmed.vmaf),
            "attempts": [asdict(attempt) for attempt in filmed.attempts],
            "looks": [asdict(look) for look in plan.looks],
            "offers": [asdict(offer) for offer in plan.offers],
            "takes": [asdict(take) for take in filmed.takes],
            "cpu_s": self.camera.cpu,
        }

    def shoot(self) -> tuple[Plan, Filmed]:
        if self.job.rung.shows == "slides":
            return self.slides()
        return self.with_card(self.job.script.card) if self.job.rung.card and self.job.script.card else self.plain()

    def plain(self) -> tuple[Plan, Filmed]:
        plan = Scout(self.camera, self.job.rung, self.trying, self.job.frame_rate, self.cache).plan(self.aim)
        self.shots = self.split(self.job.script.steps)
        return plan, self.film(plan, lambda work: work.rehearsed(plan.crf, self.aim.budget, self.job.ceiling))

    def with_card(self, shown: Card) -> tuple[Plan, Filmed]:
        """The film without it, whose shots are kept if there is such a rung; then the few that the card changes."""
        without = Film(
            replace(self.job, rung=replace(self.job.rung, card=False)), self.folder, self.told, self.cache, self.voice
        )
        plan, known = without.shoot()
        self.camera = replace(without.camera, source=card.carded(self.job.master, shown, self.folder))
        self.shots = self.split((card.SECONDS, *self.job.script.steps))
        self.trying = replace(self.trying, rounds=min(2, self.trying.rounds))  # what the card saves goes to a shot
        return plan, self.film(replace(plan, lines=known.lines), lambda work: work.first(work.like(known.takes)))

    def slides(self) -> tuple[Plan, Filmed]:
        """Nothing to look for: stills are cheap at any size. Without a script, each shot of the film shows its middle."""
        master = self.job.master
        unsaid = [Slide(float(shot.start), float(shot.start) + shot.seconds / 2) for shot in self.split(())]
        shown = slides.ordered(self.job.script.slides or unsaid, master.seconds)
        source = slides.Slides(master, shown, self.folder)
        self.camera = replace(self.camera, fps=slides.FPS, source=source, cpu=source.cut())
        self.shots = slides.shots(master.seconds, shown)
        self.trying = replace(LOOKING, rounds=1, every=29)  # nothing moves that a harder try could follow
        plan = Plan(min(self.job.rung.lines, master.width, master.height), slides.FPS, self.camera.codec.still)
        return plan, self.film(plan, lambda work: work.first([plan.crf] * len(self.shots)))

    def split(self, steps: Sequence[float]) -> tuple[shots.Shot, ...]:
        master = self.job.master
        return shots.split(master.seconds, self.camera.fps, steps, shots.changes(master, self.cache))

    def film(self, plan: Plan, begin: Callable[[Shoot], list[float]]) -> Filmed:
        """At the planned size, or at the next smaller one where even the worst crf is too heavy. Raises TooBig."""
        tried: list[Attempt] = []
        aim = replace(self.aim, budget=self.job.rung.budget)
        for lines in (plan.lines, *(n for n in reversed((SMALLEST, *SIZES)) if n < plan.lines)):
            work = Shoot(self.camera, lines, self.trying, self.shots, self.cache)
            if done := work.film(aim, begin(work), lambda drafts: self.join(drafts, self.voice).stat().st_size):
                return done
            tried += work.attempts
        smallest = min(tried, key=lambda attempt: attempt.bytes)
        raise TooBig(
            f"{self.job.name}: the smallest that could be made is {smallest.bytes:,} bytes "
            f"({smallest.lines} lines, crf {smallest.crf:g}); the budget is {aim.budget:,}"
        )

    def join(self, drafts: Sequence[Path], voice: Path | None) -> Path:
        """The whole of these drafts, one for each shot, with a sound."""
        whole = self.folder / "whole.mp4"
        mux.mux([(draft, shot.start) for draft, shot in zip(drafts, self.shots, strict=True)], voice, self.camera.fps, whole)
        return whole
