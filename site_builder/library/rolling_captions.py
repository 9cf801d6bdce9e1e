"""Captions that roll: each phrase comes up from below, word by word, and stays while the next one comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

MAX_GAP_S = 0.1  # seconds between two captions of which the second goes on where the first ends


@dataclass(frozen=True)
class WrittenCue:
    """A caption as it stands in a file: its lines of words, and the number of the line that has its times."""

    start: float
    end: float
    lines: tuple[str, ...]
    line: int

    @property
    def words(self) -> list[str]:
        return " ".join(self.lines).split()

    @property
    def words_by_line(self) -> list[int]:
        """The number of words in its first line, in its first two, and so on."""
        return list(accumulate(len(line.split()) for line in self.lines))


def repeated_words(before: WrittenCue, after: WrittenCue) -> int:
    """Words with which a caption begins because the one before it ends with them: whole lines, or all that was said."""
    if after.start > before.end + MAX_GAP_S:
        return 0
    was, now = before.words, after.words
    most = [length for length in {*after.words_by_line, len(was)} if 0 < length <= len(now) and was[-length:] == now[:length]]
    return max(most, default=0)


def is_rolling(written: Sequence[WrittenCue]) -> bool:
    """Most captions say again what the one before them said. Who says "No! No!" has one such pair, or few."""
    pairs = [(before, after) for before, after in pairwise(written) if before.words and after.words]
    again = sum(repeated_words(before, after) > 0 for before, after in pairs)
    return again >= 2 and again > len(pairs) / 2


def without_repeats(written: Sequence[WrittenCue]) -> list[WrittenCue]:
    """Each word once: what a caption repeats is left out, and the one that said it first is shown for longer."""
    found: list[WrittenCue] = []
    for before, after in pairwise([WrittenCue(0, -1, (), 0), *(one for one in written if one.words)]):
        known = repeated_words(before, after)
        new = after.words[known:]
        if not new and found:
            found[-1] = replace(found[-1], end=max(found[-1].end, after.end))
        elif found and known and known not in after.words_by_line:  # its line grows word by word
            found[-1] = replace(found[-1], end=after.end, lines=(" ".join([*found[-1].words, *new]),))
        else:
            found.append(replace(after, lines=(" ".join(new),)))
    return [
        replace(one, end=min(one.end, after.start) if after else one.end)
        for one, after in zip(found, [*found[1:], None], strict=True)
    ]
