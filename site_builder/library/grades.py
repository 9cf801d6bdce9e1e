"""How good a picture is, by its VMAF on a phone (phone model, 0–100): every limit that words, colours and choices go by."""

from __future__ import annotations

MIN_PHONE_VMAF = 60  # below it hands are blobs, and a still a step tells more: no such film is offered where slides are
POOR_VMAF, GOOD_VMAF = 80, 92  # of a film: below, hands and tools get lost; above, nobody complains
FAIR_FROM, GOOD_FROM = 70.0, 90.0  # of a shot, as the build's report colours it
