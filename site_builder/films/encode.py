"""Makes a job's renditions: its picture once, as good as the rung's bytes allow, then joined with each language's sound."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from site_builder.cache import Cache, CacheEntry
from site_builder.films import audio, crf_search, ffmpeg, filters, mux, packets, shots, slideshow, title_card
from site_builder.films.audio import RenditionFailed
from site_builder.films.efforts import EFFORTS, FAST_PRESET
from site_builder.films.job import EncodeJob
from site_builder.films.per_title import PICTURE_LINES, EncodePlan, PerTitle
from site_builder.films.rate_control import EncodedPicture, RateController
from site_builder.films.shot_encoder import OnProgress, ShotEncoder
from site_builder.films.slideshow import Slide
from site_builder.films.title_card import TitleCard
from site_builder.library.artifacts import Attempt, HullPoint, Rendition, Take, Vmaf
from site_builder.library.codecs import AUDIO_CODECS, VIDEO_CODECS

MIN_LINES = 180  # lines, to fall back on where the worst crf is still too heavy
MAX_DURATION_ERROR_S = 0.1  # seconds that a finished file may differ from its master


def cached_renditions(job: EncodeJob, cache: Cache) -> tuple[Rendition, ...] | None:
    """The renditions of a job, if all of them are in the cache."""
    entries = [(lang, cache.find(job.key_inputs(lang), ".mp4")) for lang in job.audio_tracks]
    renditions = tuple(rendition_from_entry(job, lang, entry) for lang, entry in entries if entry)
    return renditions if len(renditions) == len(entries) else None


def encode_renditions(job: EncodeJob, cache: Cache, on_progress: OnProgress) -> tuple[Rendition, ...]:
    """Makes the renditions and stores them in the cache. Raises ffmpeg.ToolFailed, RenditionFailed."""
    with cache.draft_folder() as folder:
        tracks, cpu_s = encode_audio_tracks(job, folder, cache)
        picture = PictureEncode(job, folder, on_progress, cache, largest_track(tracks)) if job.rung.video else None
        facts = picture.run() if picture else {**NO_PICTURE_FACTS, "cpu_s": 0.0}
        renditions = []
        for lang, track in tracks.items():
            finished = picture.mux_drafts(picture.drafts, track) if picture else track
            assert finished
            all_facts = {**facts, **verify(job, finished, track), "cpu_s": round(facts["cpu_s"] + cpu_s, 2)}
            renditions.append(rendition_from_entry(job, lang, cache.store(job.key_inputs(lang), ".mp4", finished, all_facts)))
            facts, cpu_s = {**facts, "cpu_s": 0.0}, 0.0  # the languages after the first cost nothing more
        return tuple(renditions)


def rendition_from_entry(job: EncodeJob, lang: str, entry: CacheEntry) -> Rendition:
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
        size_samples=tuple(Attempt(**a) for a in facts["looks"]),
        hull_points=tuple(HullPoint(**o) for o in facts["offers"]),
        takes=tuple(Take(**t) for t in facts["takes"]),
        cpu_s=facts["cpu_s"],
        from_cache=entry.from_cache,
        lang=lang,
    )


NO_PICTURE_FACTS: dict[str, Any] = {
    **{"width": 0, "height": 0, "fps": 0.0, "crf": None, "vmaf": None},
    **{"attempts": [], "looks": [], "offers": [], "takes": []},
}


def encode_audio_tracks(job: EncodeJob, folder: Path, cache: Cache) -> tuple[dict[str, Path | None], float]:
    """Each language's sound as an .mp4, None for silence; and CPU seconds. Raises RenditionFailed."""
    max_bytes = job.rung.budget // 2 if job.rung.video else job.rung.budget
    tracks: dict[str, Path | None] = {}
    cpu_s = 0.0
    for lang, track in job.audio_tracks.items():
        tracks[lang] = folder / f"voice.{lang}.mp4" if track else None
        if track and (path := tracks[lang]):
            cpu_s += audio.encode_track(audio.normalised(track, cache), job.rung, job.master.seconds, path, max_bytes)
    return tracks, cpu_s


def largest_track(tracks: dict[str, Path | None]) -> Path | None:
    """The track of most bytes (not of most seconds): the picture leaves room for it, and so for each."""
    return max((track for track in tracks.values() if track), key=lambda track: track.stat().st_size, default=None)


def verify(job: EncodeJob, finished: Path, track: Path | None) -> dict[str, Any]:
    """Facts of a finished file, decoded from beginning to end. Raises RenditionFailed where it is too large or not whole."""
    ffmpeg.decode_strictly(finished, seconds=60 + job.master.seconds * 4)
    size, seconds, codecs, max_error_s = (
        finished.stat().st_size,
        packets.duration_s(finished),
        AUDIO_CODECS[job.rung.audio].rfc6381,
        MAX_DURATION_ERROR_S,
    )
    if size > job.rung.budget:
        raise RenditionFailed(f"{job.name}: {size:,} bytes; the budget is {job.rung.budget:,}")
    if job.rung.video:
        probed = json.loads(ffmpeg.run_probe(finished, "ours"))
        if "error" in probed or probed["has_audio"] != (track is not None):
            raise RenditionFailed(f"{job.name}: the encoded film is not whole: {probed}")
        seconds = min(seconds, probed["seconds"])
        codecs, max_error_s = (
            probed["codecs"],
            max(MAX_DURATION_ERROR_S, float(1 / slideshow.SLIDES_FPS) if job.rung.shows == "slides" else 0.0),
        )
    if abs(seconds - job.master.seconds) > max_error_s:
        raise RenditionFailed(f"{job.name}: the encoded film lasts {seconds:.2f} s, its master {job.master.seconds:.2f} s")
    return {"codecs": codecs, "bytes": size, "seconds": job.master.seconds}


class PictureEncode:
    """The work on one rung's picture, in a folder of drafts; `largest_track` is the sound of most bytes that goes with it."""

    def __init__(self, job: EncodeJob, folder: Path, on_progress: OnProgress, cache: Cache, largest_track: Path | None) -> None:
        assert job.rung.video
        self.job, self.folder, self.on_progress, self.cache, self.largest_track = job, folder, on_progress, cache, largest_track
        self.preset = EFFORTS[job.effort]
        self.encoder = ShotEncoder(
            job.master,
            VIDEO_CODECS[job.rung.video],
            filters.output_fps(job.master),
            on_progress,
            filters.PlainSource(job.master),
        )
        self.shots: tuple[shots.Shot, ...] = ()
        self.drafts: tuple[Path, ...] = ()
        audio_bytes = largest_track.stat().st_size if largest_track else 0
        self.target = crf_search.Target(
            job.rung.budget - audio_bytes, job.ceiling, min_use=self.preset.min_use, vmaf_below=self.preset.vmaf_below
        )

    def run(self) -> dict[str, Any]:
        """Plans size and CRF, encodes the shots until the whole fits the budget, and returns the facts of the picture.

        `drafts` are then the chosen takes. Raises ffmpeg.ToolFailed, RenditionFailed.
        """
        plan, encoded = self.plan_and_encode()
        self.drafts = encoded.drafts
        mux.require_same_headers(self.drafts)
        width, height = self.encoder.size(encoded.lines)
        return {
            "width": width,
            "height": height,
            "fps": round(float(self.encoder.fps), 3),
            "crf": encoded.crf,
            "vmaf": asdict(encoded.vmaf),
            "attempts": [asdict(attempt) for attempt in encoded.attempts],
            "looks": [asdict(sample) for sample in plan.size_samples],
            "offers": [asdict(point) for point in plan.hull_points],
            "takes": [asdict(take) for take in encoded.takes],
            "cpu_s": self.encoder.cpu_s,
        }

    def plan_and_encode(self) -> tuple[EncodePlan, EncodedPicture]:
        """As the rung asks: slides, the film with its card, or the film."""
        if self.job.rung.shows == "slides":
            return self.encode_slides()
        return self.encode_with_card(self.job.spec.card) if self.job.rung.card and self.job.spec.card else self.encode_film()

    def encode_film(self) -> tuple[EncodePlan, EncodedPicture]:
        """The film itself: size by samples of a few scenes, then shots cut at steps and scene changes."""
        plan = PerTitle(self.encoder, self.job.rung, self.preset, self.job.frame_rate, self.cache).plan(self.target)
        self.shots = self.split_shots(self.job.spec.steps)
        return plan, self.encode_within_budget(
            plan, lambda controller: controller.first_pass(plan.crf, self.target.budget, self.job.ceiling)
        )

    def encode_with_card(self, card: TitleCard) -> tuple[EncodePlan, EncodedPicture]:
        """The film with a card over its first seconds: first without it, whose takes are in the cache if there is such a rung;
        then the few shots that the card changes.
        """
        without = PictureEncode(
            replace(self.job, rung=replace(self.job.rung, card=False)),
            self.folder,
            self.on_progress,
            self.cache,
            self.largest_track,
        )
        plan, known = without.plan_and_encode()
        self.encoder = replace(without.encoder, source=title_card.card_source(self.job.master, card, self.folder))
        self.shots = self.split_shots((title_card.CARD_SECONDS, *self.job.spec.steps))
        self.preset = replace(self.preset, rounds=min(2, self.preset.rounds))  # what the card saves goes to a shot
        return plan, self.encode_within_budget(
            replace(plan, lines=known.lines), lambda controller: controller.first_takes(controller.crfs_from(known.takes))
        )

    def encode_slides(self) -> tuple[EncodePlan, EncodedPicture]:
        """A still a step, at the rung's largest size: no samples are needed, stills are cheap at any size. Without steps, each
        shot of the film shows its middle.
        """
        master = self.job.master
        mid_shot_slides = [Slide(float(shot.start), float(shot.start) + shot.seconds / 2) for shot in self.split_shots(())]
        slides = slideshow.sort_slides(self.job.spec.slides or mid_shot_slides, master.seconds)
        source = slideshow.SlideSource(master, slides, self.folder)
        self.encoder = replace(self.encoder, fps=slideshow.SLIDES_FPS, source=source, cpu_s=source.extract_stills())
        self.shots = slideshow.slide_shots(master.seconds, slides)
        self.preset = replace(FAST_PRESET, rounds=1, vmaf_subsample=29)  # nothing moves that a harder try could follow
        plan = EncodePlan(
            min(self.job.rung.lines, master.width, master.height), slideshow.SLIDES_FPS, self.encoder.codec.slides_crf
        )
        return plan, self.encode_within_budget(plan, lambda controller: controller.first_takes([plan.crf] * len(self.shots)))

    def split_shots(self, steps: Sequence[float]) -> tuple[shots.Shot, ...]:
        master = self.job.master
        return shots.split_shots(master.seconds, self.encoder.fps, steps, shots.scene_cuts(master, self.cache))

    def encode_within_budget(self, plan: EncodePlan, first_takes: Callable[[RateController], list[float]]) -> EncodedPicture:
        """At the planned size, or at the next smaller one where even the worst crf is too heavy. Raises RenditionFailed."""
        attempts: list[Attempt] = []
        target = replace(self.target, budget=self.job.rung.budget)
        for lines in (plan.lines, *(n for n in reversed((MIN_LINES, *PICTURE_LINES)) if n < plan.lines)):
            controller = RateController(self.encoder, lines, self.preset, self.shots, self.cache)
            if encoded := controller.run(
                target, first_takes(controller), lambda drafts: self.mux_drafts(drafts, self.largest_track).stat().st_size
            ):
                return encoded
            attempts += controller.attempts
        smallest = min(attempts, key=lambda attempt: attempt.bytes)
        raise RenditionFailed(
            f"{self.job.name}: the smallest that could be made is {smallest.bytes:,} bytes "
            f"({smallest.lines} lines, crf {smallest.crf:g}); the budget is {target.budget:,}"
        )

    def mux_drafts(self, drafts: Sequence[Path], track: Path | None) -> Path:
        """The file of these drafts, one for each shot, with a sound."""
        finished = self.folder / "whole.mp4"
        mux.write_film(
            [(draft, shot.start) for draft, shot in zip(drafts, self.shots, strict=True)], track, self.encoder.fps, finished
        )
        return finished
