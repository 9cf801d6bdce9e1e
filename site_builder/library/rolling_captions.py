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
    previous_words, words = before.words, after.words
    lengths = [
        length
        for length in {*after.words_by_line, len(previous_words)}
        if 0 < length <= len(words) and previous_words[-length:] == words[:length]
    ]
    return max(lengths, default=0)


def is_rolling(cues: Sequence[WrittenCue]) -> bool:
    """Most captions say again what the one before them said. Who says "No! No!" has one such pair, or few."""
    pairs = [(before, after) for before, after in pairwise(cues) if before.words and after.words]
    repeating = sum(repeated_words(before, after) > 0 for before, after in pairs)
    return repeating >= 2 and repeating > len(pairs) / 2


def without_repeats(cues: Sequence[WrittenCue]) -> list[WrittenCue]:
    """Rolling captions as plain ones: words repeated from the cue before are dropped, and that cue lasts longer."""
    plain: list[WrittenCue] = []
    for before, after in pairwise([WrittenCue(0, -1, (), 0), *(cue for cue in cues if cue.words)]):
        known = repeated_words(before, after)
        new = after.words[known:]
        if not new and plain:
            plain[-1] = replace(plain[-1], end=max(plain[-1].end, after.end))
        elif plain and known and known not in after.words_by_line:  # its line grows word by word
            plain[-1] = replace(plain[-1], end=after.end, lines=(" ".join([*plain[-1].words, *new]),))
        else:
            plain.append(replace(after, lines=(" ".join(new),)))
    return [
        replace(cue, end=min(cue.end, after.start) if after else cue.end)
        for cue, after in zip(plain, [*plain[1:], None], strict=True)
    ]
