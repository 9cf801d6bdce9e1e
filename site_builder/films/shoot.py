"""The picture of a film under its budget: its shots, taken again until bytes and quality lie where they should."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from site_builder.cache import Cache
from site_builder.films import allot, ffmpeg, mux, vmaf
from site_builder.films.allot import Option, Terms
from site_builder.films.camera import Camera
from site_builder.films.ladder import LOOKING, Codec, Trying
from site_builder.films.quality import Aim, grained
from site_builder.films.shots import Shot
from site_builder.library.model import Attempt, Take, Vmaf

RECIPE = 1  # of a take
MORE_ROUNDS = 4  # where nothing fits the budget yet, or makes fair use of it
FAIR = 0.6  # of the budget
REST = 0.985  # of a file is picture and sound; the rest is its container
SPARE = 0.99  # of the budget is aimed at: what is foreseen is not quite what comes


@dataclass(frozen=True)
class Filmed:
    """The shots as chosen, each with its draft; their quality as one film; and what was tried on the way."""

    lines: int
    crf: float
    takes: tuple[Take, ...]
    drafts: tuple[Path, ...]
    vmaf: Vmaf
    attempts: tuple[Attempt, ...]


def slowly(take: Take, codec: Codec) -> Take:
    """What a slower encode would give at the same crf, by a quick one."""
    bytes, lost = codec.slowly or (1, 1)
    phone, p5 = (None if seen is None else 100 - lost * (100 - seen) for seen in (take.phone, take.p5))
    return replace(take, bytes=round(bytes * take.bytes), phone=phone, p5=p5)


@dataclass(frozen=True)
class Shown:
    """A take with its file in the cache, the scores of its frames, and the header that its decoder needs."""

    take: Take
    path: Path
    seen: vmaf.Seen
    header: str


@dataclass
class Shoot:
    """The work on one film at one size."""

    camera: Camera
    lines: int
    trying: Trying
    shots: Sequence[Shot]
    cache: Cache
    taken: list[dict[float, Shown]] = field(init=False)  # by crf, for each shot
    attempts: list[Attempt] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.taken = [{} for _ in self.shots]

    def film(self, aim: Aim, now: list[float], whole: Callable[[Sequence[Path]], int]) -> Filmed | None:
        """The least pain within `aim.budget`, or None where nothing fits it. `now` is the crf of each shot's first take;
        `whole` tells what a file of such drafts weighs. Raises ffmpeg.ToolFailed.
        """
        around = whole(self.drafts(now)) - self.weight(now)  # bytes of a file that are not the picture's
        for number in range(1, self.trying.rounds + MORE_ROUNDS + 1):
            self.note(now, around)
            chosen = self.best(aim.budget - around, aim.ceiling)
            # one round more than planned, of a shot or two, is spent on landing
            enough = aim.use if number == self.trying.rounds > 1 else FAIR
            if chosen and number >= self.trying.rounds and self.done(chosen, aim, around, enough):
                break
            todo = self.to_do(chosen, aim.budget - around, aim)
            if not todo:
                break
            for index, crf in todo:
                now[index] = self.add(index, crf).crf
        return self.within(aim, around, whole)

    def first(self, crfs: Sequence[float]) -> list[float]:
        """Take each shot at its crf."""
        return [self.add(index, crf).crf for index, crf in enumerate(crfs)]

    def rehearsed(self, crf: float, room: float, ceiling: float) -> list[float]:
        """First takes of about `room` bytes, by a crf that is likely for all: what each was taken at.

        A quick encode of the whole tells which shots are hard. Then they are taken one after the other, the heaviest first,
        and each tells how far off the rehearsal is in this film: what is foreseen of the others is mended by it, and they
        make up for what it missed.
        """
        crf, codec = grained(crf, self.camera.codec.scale), self.camera.codec
        if len(self.shots) == 1 or not self.trying.sizes or not codec.slowly:
            return self.first([crf] * len(self.shots))
        quick = [slowly(self.take(index, crf, LOOKING).take, codec) for index in range(len(self.shots))]
        terms = self.terms(room * REST, ceiling)
        off: list[float] = []  # bytes of what was taken beside what was foreseen, in octaves
        for index in sorted(range(len(quick)), key=lambda index: -quick[index].bytes):
            mend = 2 ** (sum(off) / (len(off) + 1))
            menus = [
                allot.tried(self.tried(n)) or allot.foreseen([replace(take, bytes=round(take.bytes * mend))], codec.scale)
                for n, take in enumerate(quick)
            ]
            wanted = allot.choose(menus, terms) or allot.smallest(menus)
            taken = self.add(index, wanted[index].crf)
            off.append(math.log2(taken.bytes / allot.guess(allot.tried([quick[index]]), taken.crf, codec.scale).bytes))
        return [next(iter(found)) for found in self.taken]

    def like(self, takes: Sequence[Take]) -> list[float]:
        """A crf for each shot to begin with: that of a film which differs little."""
        return [next(take.crf for take in reversed(takes) if take.start <= float(shot.start) + 1e-3) for shot in self.shots]

    def add(self, index: int, crf: float) -> Take:
        """One more take of a shot."""
        self.taken[index][crf] = self.take(index, crf, self.trying)
        return self.taken[index][crf].take

    def take(self, index: int, crf: float, trying: Trying) -> Shown:
        """One shot at one crf, kept: another rung of this codec, or a build that is taken up again, may ask for the same."""
        shot, camera = self.shots[index], self.camera
        inputs = {
            "take": RECIPE,
            "ffmpeg": ffmpeg.version(),
            "master": camera.master.picture_key,
            "shows": camera.source.key(shot.first),
            "piece": shot.piece,
            "fps": str(camera.fps),
            "size": camera.size(self.lines),
            "options": camera.options(crf, trying),
            "every": trying.every,
        }

        def make(draft: Path) -> dict[str, Any]:
            doing = f"shot {index + 1} of {len(self.shots)}, {self.lines} lines, crf {crf:g}"
            seen = camera.encode(draft, crf, trying, self.lines, [shot.piece], trying.every, doing)
            size, header = mux.weigh(draft)
            return {"bytes": size, "header": header, **asdict(seen)}

        entry = self.cache.get(inputs, ".take.mp4", make)
        seen = vmaf.Seen(tuple(entry.facts["vmaf"]), tuple(entry.facts["phone"]))
        quality = vmaf.summed([seen])
        start, seconds = round(float(shot.start), 3), round(shot.seconds, 3)
        take = Take(start, seconds, crf, entry.facts["bytes"], quality.phone, quality.phone_p5)
        return Shown(take, entry.path, seen, entry.facts["header"])

    def shown(self, crfs: Sequence[float]) -> list[Shown]:
        return [self.taken[index][crf] for index, crf in enumerate(crfs)]

    def drafts(self, crfs: Sequence[float]) -> list[Path]:
        return [one.path for one in self.shown(crfs)]

    def weight(self, crfs: Sequence[float]) -> int:
        return sum(one.take.bytes for one in self.shown(crfs))

    @property
    def lengths(self) -> list[float]:
        return [shot.seconds for shot in self.shots]

    def terms(self, room: float, ceiling: float) -> Terms:
        return Terms(self.lengths, room, ceiling, self.camera.codec.scale, self.header)

    def tried(self, index: int) -> list[Take]:
        return [one.take for one in self.taken[index].values()]

    @property
    def takes(self) -> list[list[Take]]:
        return [self.tried(index) for index in range(len(self.shots))]

    def best(self, room: float, ceiling: float) -> tuple[Option, ...] | None:
        """Of what was taken: the least pain within `room` bytes of picture."""
        return allot.choose([allot.tried(takes) for takes in self.takes], self.terms(room, ceiling))

    def header(self, crf: float) -> str:
        """As it is known of the nearest crf on this side of the codec's break; a film's shots must share it."""
        known = {crf: one.header for found in self.taken for crf, one in found.items()}
        over = crf >= self.camera.codec.breaks
        alike = [other for other in known if (other >= self.camera.codec.breaks) == over]
        return known[min(alike, key=lambda other: abs(other - crf))] if alike else str(over)

    def done(self, chosen: Sequence[Option], aim: Aim, around: int, enough: float) -> bool:
        """So much of the budget is used, or the ceiling reached."""
        used = (allot.total(chosen) + around) / aim.budget
        return used >= enough or allot.at_ceiling(chosen, aim.ceiling, aim.below)

    def to_do(self, chosen: Sequence[Option] | None, room: float, aim: Aim) -> list[tuple[int, float]]:
        """The takes that promise a better film; none where what there is comes near enough to it."""
        spared, takes = self.terms(room * SPARE, aim.ceiling), self.takes
        if chosen and allot.near_enough(chosen, allot.plan(takes, spared), self.terms(room, aim.ceiling), aim):
            return []
        return [(index, option.crf) for index, option in enumerate(allot.fewest(takes, spared)) if not option.tried]

    def note(self, crfs: Sequence[float], around: int) -> None:
        quality = vmaf.summed([one.seen for one in self.shown(crfs)])
        middle = allot.middle(crfs, self.lengths)
        attempt = Attempt(middle, self.weight(crfs) + around, quality.phone, quality.phone_p5, self.lines)
        if attempt not in self.attempts[-1:]:
            self.attempts.append(attempt)

    def within(self, aim: Aim, around: int, whole: Callable[[Sequence[Path]], int]) -> Filmed | None:
        """The best of all takes whose file, as it really is, keeps to the budget."""
        while chosen := self.best(aim.budget - around, aim.ceiling):
            crfs = [option.crf for option in chosen]
            drafts = self.drafts(crfs)
            over = whole(drafts) - aim.budget
            if over <= 0:
                self.note(crfs, around)
                quality = vmaf.summed([one.seen for one in self.shown(crfs)])
                takes = tuple(one.take for one in self.shown(crfs))
                middle = allot.middle(crfs, self.lengths)
                return Filmed(self.lines, middle, takes, tuple(drafts), quality, tuple(self.attempts))
            around += int(over)  # its index came out a little larger than that of the first round
        return None
