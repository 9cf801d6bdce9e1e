"""How hard encoders try: a row for each effort, and one for cheap samples."""

from __future__ import annotations

from dataclasses import dataclass

from site_builder.library.settings import Effort


@dataclass(frozen=True)
class EffortPreset:
    """What an effort means: how many samples and rounds of encoding a film gets, and how near to its target it must come."""

    name: str  # by which each codec's row has the encoder's own preset
    chooses_size: bool  # whether picture sizes are compared, or the codec's usual one is taken
    max_samples: int  # cheap encodes of a few scenes that a size gets
    rounds: int  # of encoding. 1: all shots at one CRF; from 2 on each shot gets its own
    vmaf_subsample: int  # every n-th frame is measured
    min_use: float  # share of the budget to reach
    vmaf_below: float  # VMAF points that may be missing at the ceiling
    avif_speed: int  # of the stills' encoder: 4 takes six times as long as 6 and saves 5 % of the bytes


# `vmaf_subsample` shares no factor with the encoders' groups of 2ⁿ pictures, so that not only their best pictures are measured.
EFFORTS: dict[Effort, EffortPreset] = {
    "draft": EffortPreset(
        name="draft",
        chooses_size=False,
        max_samples=2,
        rounds=1,
        vmaf_subsample=29,
        min_use=0.75,
        vmaf_below=1.0,
        avif_speed=6,
    ),
    "normal": EffortPreset(
        name="normal",
        chooses_size=True,
        max_samples=2,
        rounds=3,
        vmaf_subsample=17,
        min_use=0.97,
        vmaf_below=0.6,
        avif_speed=5,
    ),
    "best": EffortPreset(
        name="best",
        chooses_size=True,
        max_samples=2,
        rounds=6,
        vmaf_subsample=5,
        min_use=0.99,
        vmaf_below=0.2,
        avif_speed=3,
    ),
}
# For sampling sizes and the first pass: cheap, since only the order matters.
FAST_PRESET = EffortPreset(
    name="fast",
    chooses_size=False,
    max_samples=2,
    rounds=0,
    vmaf_subsample=11,
    min_use=0.9,
    vmaf_below=1.0,
    avif_speed=6,
)
