"""Looks before the work: cheap encodes of a few scenes that tell which picture size a film deserves, and where to begin."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from site_builder.cache import Cache
from site_builder.films import ffmpeg, hull, picture, probe, quality, shots, vmaf
from site_builder.films.camera import Camera
from site_builder.films.ladder import LOOKING, SIZES, THRIFTY, Trying
from site_builder.library.model import Attempt, Offer, Rung

RECIPE = 6
FEWEST, MOST, EACH = 3, 6, 10.0  # scenes that stand for a film: one for so many seconds
# Frames of a scene: one that stands alone, and then as many as libsvtav1 orders as one group. What is cut within a group
# costs twice the bytes a second that a whole film does.
SCENE = 1 + 32
POOR = 55.0  # worth at the smallest size below which half the frames may show more than all of them
GROWTH = 1.3  # octaves of bytes for an octave of lines, at one crf
SLOWEST = 10  # frames a second: below it, hands jump


@dataclass(frozen=True)
class Plan:
    """What to make: the picture's lines and rate, and the crf to begin with; and what was seen on the way to it."""

    lines: int
    fps: Fraction
    crf: float
    looks: tuple[Attempt, ...] = ()
    offers: tuple[Offer, ...] = ()


@dataclass
class Scout:
    """Looks at one master for one rung. `rate` is the policy: `auto`, `full` or `half`."""

    camera: Camera
    rung: Rung
    trying: Trying
    rate: str
    cache: Cache

    def plan(self, aim: quality.Aim) -> Plan:
        """Raises ffmpeg.ToolFailed."""
        master = self.camera.master
        if self.rate == "half":
            self.camera.fps = picture.halved(self.camera.fps)
        most = min(self.rung.lines, master.width, master.height)
        thrifty = self.rung.budget * 60 / master.seconds < THRIFTY
        usual = min(SIZES[max(0, SIZES.index(self.camera.codec.lines) - 2 * thrifty)], most)
        if not self.trying.sizes:
            return self.usual_size(usual, aim)
        return self.best_size([*(n for n in SIZES if n < most), most], usual, aim)

    def usual_size(self, lines: int, aim: quality.Aim) -> Plan:
        """A draft's: no looking for sizes."""
        if self.short:
            return Plan(lines, self.camera.fps, self.camera.codec.usual)
        near = replace(aim, use=0.7, above=3.0, below=3.0)  # from here the slopes that are usual lead to the aim
        looks = quality.search(near, self.scale, lambda crf: self.peek(crf, lines, self.trying), self.usual, self.trying.looks)
        return Plan(lines, self.camera.fps, quality.guess(list(looks), aim, self.scale), looks)

    def best_size(self, sizes: list[int], usual: int, aim: quality.Aim) -> Plan:
        chosen = self.climb(sizes, usual, aim)
        if self.rate != "auto" or chosen.lines != sizes[0] or self.camera.fps / 2 < SLOWEST:
            return chosen
        if chosen.offers[0].worth >= POOR:
            return chosen
        # VMAF cannot say whether half the frames are better: it is a rule, for pictures that would be mush otherwise
        self.camera.fps = picture.halved(self.camera.fps)
        halved = self.climb(sizes, sizes[0], aim)
        return replace(halved, looks=chosen.looks + halved.looks, offers=chosen.offers + halved.offers)

    def climb(self, sizes: list[int], usual: int, aim: quality.Aim) -> Plan:
        known: dict[int, tuple[Attempt, ...]] = {}

        def look(lines: int) -> tuple[hull.Look, ...]:
            # one look where a neighbour tells where to look, and it falls near enough to the budget
            tries, first = (1, self.neighbour(known, lines, aim)) if known else (LOOKING.looks, self.usual)
            near = replace(aim, budget=aim.budget * 1.5, use=0.4, above=2.0, below=2.0)
            known[lines] = quality.search(
                near, self.scale, lambda crf: self.peek(crf, lines, LOOKING), first, tries, at_least_fit=0
            )
            return tuple(hull.Look(lines, attempt) for attempt in known[lines])

        lines, seen, offers = hull.climb(sizes, usual, look, aim, float(self.camera.fps), self.scale.worst)
        here = [one.attempt for one in seen if one.lines == lines]
        looks = tuple(replace(one.attempt, lines=one.lines) for one in seen)
        return Plan(lines, self.camera.fps, quality.guess(here, aim, self.scale), looks, offers)

    def neighbour(self, known: dict[int, tuple[Attempt, ...]], lines: int, aim: quality.Aim) -> float:
        """The crf at which this size should meet the aim, by the nearest size that is known."""
        near = min(known, key=lambda other: abs(other - lines))
        there = self.scale.even(quality.guess(list(known[near]), aim, self.scale))
        return self.scale.crf(there + self.scale.octave * GROWTH * math.log2(lines / near))

    @property
    def scale(self) -> quality.Scale:
        return self.camera.codec.scale

    @property
    def usual(self) -> float:
        return self.camera.codec.usual

    @property
    def count(self) -> int:
        """Of scenes."""
        return min(MOST, max(FEWEST, round(self.camera.master.seconds / EACH)))

    @property
    def short(self) -> bool:
        """So short that a look at its scenes is one at the whole."""
        return self.camera.frames < 2 * SCENE * FEWEST

    def scenes(self) -> list[picture.Piece]:
        """The scenes that stand for the whole: in each part of the film, the one that is as busy as that part."""
        if self.short:
            return [(0, None)]
        weights, length = self.camera.master.weights, math.ceil(SCENE / self.camera.fps)
        part = len(weights) / self.count
        found: list[picture.Piece] = []
        for n in range(self.count):
            seconds = range(round(part * n), round(part * (n + 1)))
            mean = sum(weights[s] for s in seconds) / len(seconds)
            starts = [s for s in seconds if s + length <= seconds.stop] or seconds[:1]
            start = min(starts, key=lambda s: abs(sum(weights[s : s + length]) / length - mean))
            first = min(round(start * self.camera.fps), self.camera.frames - SCENE)
            found.append((first, first + SCENE))
        return found

    def peek(self, crf: float, lines: int, trying: Trying) -> Attempt:
        """Bytes and quality of the whole film, guessed from the scenes; kept, since rungs of one codec ask the same."""
        camera = self.camera
        camera.told(f"looks at scenes, {lines} lines, crf {crf:g}", 0.0)
        scenes = self.scenes()
        inputs = {
            "look": RECIPE,
            "ffmpeg": ffmpeg.version(),
            "master": camera.master.picture_key,
            "size": camera.size(lines),
            "fps": str(camera.fps),
            "options": camera.options(crf, trying),
            "scenes": scenes,
        }

        def look(draft: Path) -> dict[str, Any]:
            film = draft.with_suffix(".mp4")
            seen = vmaf.summed([camera.encode(film, crf, trying, lines, scenes, every=7)])
            size = film.stat().st_size
            if not self.short:
                size = probe.whole_bytes(film, SCENE, camera.frames, shots.LONGEST * float(camera.fps))
            film.unlink()
            return {"bytes": size, "phone": seen.phone, "p5": seen.phone_p5}

        seen = self.cache.know(inputs, look)
        return Attempt(crf, seen["bytes"], seen["phone"], seen["p5"])
