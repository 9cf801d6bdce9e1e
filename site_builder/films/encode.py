"""A master and a rung become a rendition: the best picture that the rung's bytes buy."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import ffmpeg as graph

from site_builder.cache import Cache, Entry
from site_builder.films import ffmpeg, hull, mux, picture, probe, quality, sound, vmaf
from site_builder.films.ladder import EFFORTS, GOP_SECONDS, LOOKING, SIZES, THRIFTY, VIDEO, Trying
from site_builder.films.sound import BITEXACT, TooBig
from site_builder.library.model import Attempt, Master, Rendition, Rung, Vmaf
from site_builder.library.settings import Effort

RECIPE = 4
SMALLEST = 180  # lines, to fall back on where the worst crf is still too heavy
NEAR = 0.7  # of the budget: a look this near needs no second
SCENE, SCENES = 3, 3  # probes look at so many scenes of so many seconds


@dataclass(frozen=True)
class Job:
    """One rendition to make."""

    master: Master
    rung: Rung
    effort: Effort
    ceiling: float

    @property
    def name(self) -> str:
        return f"{self.master.path.stem} {self.rung.name}"

    @property
    def inputs(self) -> dict[str, Any]:
        """All that decides the bytes: the rendition's key."""
        return {
            "rendition": RECIPE,
            "ffmpeg": ffmpeg.version(),
            "master": self.master.sha256,
            "rung": asdict(self.rung),
            "sound": sound.inputs(self.master) if self.master.has_audio else None,
            "effort": self.effort if self.rung.video else None,
            "ceiling": self.ceiling if self.rung.video else None,
        }

    @property
    def weight(self) -> float:
        """How long it takes, about, beside other jobs."""
        return self.master.seconds * {"av1": 3.0, "hevc": 2.5, "h264": 2.0, None: 0.05}[self.rung.video] * self.rung.budget


Told = Callable[[str, float], None]


def kept(job: Job, cache: Cache) -> Rendition | None:
    """The rendition, if it was made before."""
    entry = cache.find(job.inputs, ".mp4")
    return rendition(job, entry) if entry else None


def make(job: Job, cache: Cache, told: Told) -> Rendition:
    """The rendition, into the cache. Raises ffmpeg.ToolFailed, or TooBig where nothing fits the budget."""
    with cache.draft_folder() as folder:
        done = Film(job, folder, told).make(cache) if job.rung.video else only_sound(job, folder, cache)
        return rendition(job, cache.keep(job.inputs, ".mp4", folder / "whole.mp4", done))


def rendition(job: Job, entry: Entry) -> Rendition:
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
        cpu_s=facts["cpu_s"],
        from_cache=entry.from_cache,
    )


def only_sound(job: Job, folder: Path, cache: Cache) -> dict[str, Any]:
    whole = folder / "whole.mp4"
    cpu = sound.encode(sound.levelled(job.master, cache), job.rung, job.master.seconds, whole, job.rung.budget)
    codecs = {"opus": "opus", "aac": "mp4a.40.2"}[job.rung.audio]
    return facts(job, whole, codecs, (0, 0), Fraction(0), None, None, (), [], cpu)


def facts(
    job: Job,
    whole: Path,
    codecs: str,
    size: tuple[int, int],
    fps: Fraction,
    crf: float | None,
    measured: Vmaf | None,
    attempts: tuple[Attempt, ...],
    looks: list[Attempt],
    cpu: float,
) -> dict[str, Any]:
    return {
        "codecs": codecs,
        "width": size[0],
        "height": size[1],
        "fps": round(float(fps), 3),
        "bytes": whole.stat().st_size,
        "seconds": job.master.seconds,
        "crf": crf,
        "vmaf": asdict(measured) if measured else None,
        "attempts": [asdict(a) for a in attempts],
        "looks": [asdict(a) for a in looks],
        "cpu_s": round(cpu, 2),
    }


class Film:
    """The work on one rendition with a picture, in its own folder of drafts."""

    def __init__(self, job: Job, folder: Path, told: Told) -> None:
        assert job.rung.video
        self.job, self.folder, self.told = job, folder, told
        self.codec = VIDEO[job.rung.video]
        self.trying = EFFORTS[job.effort]
        self.fps = picture.rate(job.master)
        self.size = picture.size(job.master, job.rung.lines)
        self.cpu = 0.0
        self.measured: dict[float, Vmaf] = {}
        self.looks: list[Attempt] = []
        self.scale = quality.Scale(self.codec.best, self.codec.worst, self.codec.octave, self.codec.grain)

    def make(self, cache: Cache) -> dict[str, Any]:
        """Sound, then the picture that fits beside it, then both in one file."""
        voice = self.voice(cache)
        taken = voice.stat().st_size if voice else 0
        aim = quality.Aim(self.job.rung.budget - taken, self.job.ceiling, use=self.trying.use, below=self.trying.below)
        lines = self.best_size(aim, cache)
        for smaller in (lines, *(n for n in reversed((SMALLEST, *SIZES)) if n < lines)):
            self.size = picture.size(self.job.master, smaller)
            self.measured.clear()
            measure = partial(self.measure, voice=voice)
            attempts = quality.search(aim, self.scale, measure, self.first(aim, cache), self.tries)
            if chosen := quality.best(attempts, aim):
                return self.finish(chosen, attempts, voice)
        least = min(attempts, key=lambda a: a.bytes)
        raise TooBig(
            f"{self.job.name}: the smallest that could be made is {least.bytes + taken:,} bytes "
            f"({self.size[1]} lines, crf {least.crf:g}); the budget is {self.job.rung.budget:,}"
        )

    def voice(self, cache: Cache) -> Path | None:
        if not self.job.master.has_audio:
            return None
        path = self.folder / "voice.mp4"
        most = self.job.rung.budget // 2
        self.cpu += sound.encode(sound.levelled(self.job.master, cache), self.job.rung, self.job.master.seconds, path, most)
        return path

    @property
    def short(self) -> bool:
        """So short that trying it whole is as cheap as looking at scenes."""
        return self.job.master.seconds < 2 * SCENE * SCENES

    @property
    def tries(self) -> int:
        return self.trying.tries + (self.trying.looks if self.short else 0)

    def best_size(self, aim: quality.Aim, cache: Cache) -> int:
        """Lines of the shorter side: the film's own where it is worth looking for, else the codec's usual ones."""
        most = min(self.job.rung.lines, self.job.master.width, self.job.master.height)
        thrifty = self.job.rung.budget * 60 / self.job.master.seconds < THRIFTY
        usual = SIZES[max(0, SIZES.index(self.codec.lines) - 2 * thrifty)]
        sizes = [*(n for n in SIZES if n < most), most]
        if not self.trying.sizes or self.short or len(sizes) == 1:
            return min(usual, most)

        def look(lines: int) -> tuple[hull.Look, ...]:
            self.size = picture.size(self.job.master, lines)
            peek = partial(self.peek, trying=LOOKING, cache=cache)
            tried = quality.search(aim, self.scale, peek, self.codec.usual, LOOKING.looks, at_least_fit=0)
            return tuple(hull.Look(lines, attempt) for attempt in tried)

        lines, seen = hull.climb(sizes, min(usual, most), look, aim)
        self.looks += [replace(one.attempt, lines=one.lines) for one in seen]
        return lines

    def first(self, aim: quality.Aim, cache: Cache) -> float:
        """A first crf, from cheap encodes of a few scenes; the usual one for a film that is short anyway."""
        if self.short:
            return self.codec.usual
        peek = partial(self.peek, trying=self.trying, cache=cache)
        near = replace(aim, use=NEAR, above=3.0, below=3.0)  # from here the slopes that are usual lead to the aim
        attempts = quality.search(near, self.scale, peek, self.codec.usual, self.trying.looks, at_least_fit=1)
        return quality.guess(list(attempts), aim, self.scale)

    def scenes(self) -> list[tuple[float, float]]:
        """Start and length of the scenes that stand for the whole: in each part of the film, the one that is as busy as
        that part."""
        weights = self.job.master.weights
        part = len(weights) / SCENES
        found = []
        for n in range(SCENES):
            seconds = range(round(part * n), round(part * (n + 1)))
            mean = sum(weights[s] for s in seconds) / len(seconds)
            starts = [s for s in seconds if s + SCENE <= seconds.stop]
            start = min(starts, key=lambda s: abs(sum(weights[s : s + SCENE]) / SCENE - mean))
            found.append((float(start), float(SCENE)))
        return found

    def peek(self, crf: float, trying: Trying, cache: Cache) -> Attempt:
        """Bytes and quality of the whole film, guessed from the scenes; kept, since rungs of one codec ask the same."""
        self.told(f"looks at scenes, {min(self.size)} lines, crf {crf:g}", 0.0)
        options = self.codec.options(crf, float(self.fps), trying)
        inputs = {"look": RECIPE, "ffmpeg": ffmpeg.version(), "master": self.job.master.sha256, "size": self.size}

        def make(draft: Path) -> dict[str, Any]:
            self.encode(draft, options, self.scenes())
            seen, cpu = vmaf.measure(self.job.master, draft, self.fps, every=5, scenes=self.scenes())
            self.cpu += cpu
            weight = probe.whole_bytes(draft, SCENE, self.job.master.seconds, GOP_SECONDS)
            draft.write_bytes(b"")  # the facts are what is kept
            return {"bytes": weight, "phone": seen.phone, "p5": seen.phone_p5}

        seen = cache.get({**inputs, "options": options, "scenes": self.scenes()}, ".look.mp4", make).facts
        return Attempt(crf, seen["bytes"], seen["phone"], seen["p5"])

    def measure(self, crf: float, voice: Path | None) -> Attempt:
        """Bytes and quality of the whole film; the draft is kept, so that the best is not made again."""
        draft = self.draft(crf)
        self.encode(draft, self.codec.options(crf, float(self.fps), self.trying), None, f"crf {crf:g}")
        size = draft.stat().st_size
        if size + (voice.stat().st_size if voice else 0) > self.job.rung.budget:
            return Attempt(crf, size, lines=min(self.size))  # too heavy: how good it is does not matter
        self.told(f"measures crf {crf:g}", 1.0)
        self.measured[crf], cpu = vmaf.measure(self.job.master, draft, self.fps, every=self.trying.every)
        self.cpu += cpu
        return Attempt(crf, size, self.measured[crf].phone, self.measured[crf].phone_p5, min(self.size))

    def draft(self, crf: float) -> Path:
        return self.folder / f"picture-{self.size[1]}-{crf:g}.mp4"

    def encode(self, draft: Path, codec: dict[str, Any], scenes: list[tuple[float, float]] | None, doing: str = "") -> None:
        master = self.job.master
        stream = vmaf.reference(master, scenes)
        stream = picture.frames(stream, master, *self.size, self.fps, self.codec.pix_fmt)
        tags = {"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv"}
        options = {**codec, **tags, **BITEXACT}
        out = graph.output(stream, f"file:{draft}", an=None, **{"flags:v": "+bitexact"}, **options)
        length = sum(s[1] for s in scenes) if scenes else master.seconds
        told = partial(self.told, doing) if doing else None
        done = ffmpeg.encode(ffmpeg.compose(out), seconds=limit(master, self.job.effort), film_seconds=length, advanced=told)
        self.cpu += done.cpu_s

    def finish(self, chosen: Attempt, attempts: tuple[Attempt, ...], voice: Path | None) -> dict[str, Any]:
        """Picture and sound in one file; looked at once more before it counts."""
        whole = self.folder / "whole.mp4"
        mux.mux(self.draft(chosen.crf), voice, self.fps, whole)
        size = whole.stat().st_size
        if size > self.job.rung.budget:
            raise TooBig(f"{self.job.name}: {size:,} bytes with its sound; the budget is {self.job.rung.budget:,}")
        seen = json.loads(ffmpeg.probe(whole))
        if "error" in seen or abs(seen["seconds"] - self.job.master.seconds) > 0.25:
            raise TooBig(f"{self.job.name}: the encoded film is not whole: {seen}")
        return facts(
            self.job,
            whole,
            seen["codecs"],
            self.size,
            self.fps,
            chosen.crf,
            self.measured[chosen.crf],
            attempts,
            self.looks,
            self.cpu,
        )


def limit(master: Master, effort: Effort) -> float:
    """Wall-clock seconds after which an encode is stuck."""
    pixels = master.width * master.height / (1280 * 720)
    return 300 + master.seconds * {"draft": 20, "normal": 60, "best": 240}[effort] * max(1.0, pixels)
