"""Which colours a film's numbers mean, where its tags say only half of it: ITU-T H.273 names them, phones leave some out."""

from __future__ import annotations

from dataclasses import dataclass

# Code points of H.273 that ffmpeg's filters bring to BT.709; what is in none of these says nothing that can be used.
HDR_TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}  # PQ and HLG
KNOWN_TRANSFERS = {1, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, *HDR_TRANSFERS}
KNOWN_PRIMARIES = {1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22}
WIDE_GAMUT_PRIMARIES = {9, 11, 12}  # BT.2020, and P3 of cinemas and of phones: colours that a plain screen does not have
KNOWN_MATRICES = {1, 4, 5, 6, 7, 9}
YCGCO, ICTCP = 8, 14
RARE_MATRICES = {YCGCO, 10, 12, 13}  # that players do not know
BT2020_TRANSFERS = {14, 15}
RGB, UNTAGGED, BT709, BT2020 = 0, 2, 1, 9
HD_LINES = 720  # lines from which on players take a film without tags for BT.709


@dataclass(frozen=True)
class Colours:
    """How a picture is brought to plain SDR. `tags` are to stand in place of its own, as ffmpeg's setparams has them."""

    hdr: bool
    wide: bool  # SDR that must be converted: in more colours than BT.709 has, or in numbers that players do not know
    untagged: bool  # does not say its matrix, and nothing else tells it
    tags: dict[str, str]
    rare: bool = False  # a matrix that few programs know


def resolve_colours(primaries: int, transfer: int, matrix: int, rgb: bool, lines: int) -> Colours:
    """The tags of a frame, and what they must be where one is missing or cannot be: as mpv guesses, and as a film that is
    tagged in full would say. `rgb`: its numbers are red, green and blue; `lines`: of its shorter side.
    """
    hdr = transfer in HDR_TRANSFERS
    tags: dict[str, str] = {}
    # ICtCp is made of PQ or HLG and BT.2020 alone, and of HDR no matrix is converted that keeps luminance constant
    rare = not rgb and (matrix == YCGCO or ((primaries, matrix) == (BT2020, ICTCP) if hdr else matrix in RARE_MATRICES))
    known_matrix = matrix == RGB if rgb else matrix in KNOWN_MATRICES or rare
    if primaries not in KNOWN_PRIMARIES:
        of_2020 = hdr or (matrix in (9, 10) and not rgb) or (transfer in BT2020_TRANSFERS and not known_matrix)
        primaries = BT2020 if of_2020 else UNTAGGED
        if of_2020:
            tags["color_primaries"] = "bt2020"
    wide = not hdr and (primaries in WIDE_GAMUT_PRIMARIES or rgb or rare)
    if (hdr or wide) and primaries == UNTAGGED:
        tags["color_primaries"] = "bt709"
    if wide and transfer not in KNOWN_TRANSFERS:
        tags["color_trc"] = "bt709"
    if not known_matrix and (inferred := matrix_of(primaries, matrix, rgb, lines)):
        tags["colorspace"] = inferred
    return Colours(hdr, wide, not known_matrix and "colorspace" not in tags, tags, rare)


def matrix_of(primaries: int, matrix: int, rgb: bool, lines: int) -> str | None:
    """The matrix of a film that names none, or one that cannot be; None: as players guess it, by size."""
    if rgb:
        return "gbr"
    if primaries in WIDE_GAMUT_PRIMARIES:
        return "bt2020nc" if primaries == BT2020 else "bt709"
    return None if matrix == UNTAGGED else matrix_by_size(lines)


def matrix_by_size(lines: int) -> str:
    return "bt709" if lines >= HD_LINES else "smpte170m"
