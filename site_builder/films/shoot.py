"""The picture of a film under its budget: its shots, taken again until bytes and quality lie where they should."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from site_builder.films import allot, mux, vmaf
from site_builder.films.allot import Option
from site_builder.films.camera import Camera
from site_builder.films.ladder import Trying
from site_builder.films.quality import Aim, grained
from site_builder.films.shots import Shot
from site_builder.library.model import Attempt, Take, Vmaf

MORE_ROUNDS = 4  # where nothing fits the budget yet, or makes fair use of it
FAIR = 0.6  # of the budget
SPARE = 0.995  # of the budget is aimed at: what is foreseen is not quite what comes


@dataclass(frozen=True)
class Filmed:
    """The shots as chosen, each with its draft; their quality as one film; and what was tried on the way."""

    lines: int
    crf: float
    takes: tuple[Take, ...]
    drafts: tuple[Path, ...]
    vmaf: Vmaf
    attempts: tuple[Attempt, ...]


@dataclass
class Shoot:
    """The work on one film at one size, in a folder of drafts."""

    camera: Camera
    lines: int
    trying: Trying
    shots: Sequence[Shot]
    folder: Path
    taken: list[dict[float, Take]] = field(default_factory=list)  # by crf, for each shot
    seen: dict[Path, vmaf.Seen] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    headers: dict[float, str] = field(default_factory=dict)  # by crf: an encoder may change its tools with it

    def film(self, aim: Aim, first: float, whole: Callable[[Sequence[Path]], int]) -> Filmed | None:
        """The least pain within `aim.budget`, or None where nothing fits it. Every shot is taken at the crf `first`, then each
        at its own. `whole` tells what a file of such drafts weighs. Raises ffmpeg.ToolFailed.
        """
        self.taken = [{} for _ in self.shots]
        first = grained(first, self.camera.codec.scale)
        now = [first] * len(self.shots)
        todo = list(enumerate(now))
        around = 0  # bytes of a file that are not the picture's
        for number in range(1, self.trying.rounds + MORE_ROUNDS + 1):
            for index, crf in todo:
                now[index] = crf
                self.taken[index][crf] = self.take(index, crf)
            around = around or whole(self.drafts(now)) - self.weight(now)
            self.note(now, around)
            chosen = self.best(aim.budget - around, aim.ceiling)
            if chosen and number >= self.trying.rounds and self.fair(chosen, aim, around):
                break
            todo = self.to_do(chosen, aim.budget - around, aim)
            if not todo:
                break
        return self.within(aim, around, whole)

    def take(self, index: int, crf: float) -> Take:
        shot, draft = self.shots[index], self.draft(index, crf)
        doing = f"shot {index + 1} of {len(self.shots)}, {self.lines} lines, crf {crf:g}"
        self.camera.encode(draft, crf, self.trying, self.lines, [shot.piece], doing)
        seen = self.seen[draft] = self.camera.see(draft, [shot.piece], self.trying.every)
        quality = vmaf.summed([seen])
        start, seconds = round(float(shot.start), 3), round(shot.seconds, 3)
        size, self.headers[crf] = mux.weigh(draft)
        return Take(start, seconds, crf, size, quality.phone, quality.phone_p5)

    def draft(self, index: int, crf: float) -> Path:
        return self.folder / f"shot{index}-{self.lines}-{crf:g}.mp4"

    def drafts(self, crfs: Sequence[float]) -> list[Path]:
        return [self.draft(index, crf) for index, crf in enumerate(crfs)]

    def weight(self, crfs: Sequence[float]) -> int:
        return sum(self.taken[index][crf].bytes for index, crf in enumerate(crfs))

    @property
    def lengths(self) -> list[float]:
        return [shot.seconds for shot in self.shots]

    @property
    def takes(self) -> list[list[Take]]:
        return [list(found.values()) for found in self.taken]

    def best(self, room: float, ceiling: float) -> tuple[Option, ...] | None:
        """Of what was taken: the least pain within `room` bytes of picture."""
        return allot.choose([allot.tried(takes) for takes in self.takes], self.lengths, room, ceiling, self.header)

    def header(self, crf: float) -> str:
        """As it is known of the nearest crf; libsvtav1 takes larger blocks from 57 on."""
        return self.headers[min(self.headers, key=lambda known: abs(known - crf))]

    def fair(self, chosen: Sequence[Option], aim: Aim, around: int) -> bool:
        """Nothing is wrong with ending here."""
        used = (allot.total(chosen) + around) / aim.budget
        return used >= FAIR or allot.at_ceiling(chosen, aim.ceiling, aim.below)

    def to_do(self, chosen: Sequence[Option] | None, room: float, aim: Aim) -> list[tuple[int, float]]:
        """The takes that promise a better film; none where what there is comes near enough to it."""
        plan = allot.plan(self.takes, self.lengths, room * SPARE, aim.ceiling, self.camera.codec.scale, self.header)
        if chosen and allot.near_enough(chosen, plan, self.lengths, aim, room):
            return []
        return [(index, option.crf) for index, option in enumerate(plan) if not option.tried]

    def note(self, crfs: Sequence[float], around: int) -> None:
        quality = vmaf.summed([self.seen[draft] for draft in self.drafts(crfs)])
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
                quality = vmaf.summed([self.seen[draft] for draft in drafts])
                takes = tuple(self.taken[index][crf] for index, crf in enumerate(crfs))
                middle = allot.middle(crfs, self.lengths)
                return Filmed(self.lines, middle, takes, tuple(drafts), quality, tuple(self.attempts))
            around += int(over)  # its index came out a little larger than that of the first round
        return None
