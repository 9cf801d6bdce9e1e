"""A small library in two languages, and everything that a build would have made for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from site_builder.library import captions
from site_builder.library.artifacts import ImageFile, Leaflet, Lesson, Print, Rendition, Still
from site_builder.library.howto import HowTo

MKDOCS = """\
site_name: "Tom & Thandi's library"
site_url: https://shop.example/how-to/
docs_dir: content
theme: {name: material, palette: {primary: teal, accent: amber}}
plugins:
  - site-builder:
      store: {name: Our shop, phone: 011 555 0100, missed_call: 011 555 0199}
      categories:
        electrical: {icon: material/power-plug, titles: {en: Electricity, af: Elektrisiteit}}
        building: {icon: material/wall, titles: {en: Building}}
      search_hint: {en: "plug, tap, paint …", af: "prop, kraan, verf …"}
      tariffs:
        - {name: Dear, rand_per_mb: 0.99, as_of: March 2026, source: A newspaper}
        - {name: Cheap, rand_per_mb: 0.10, as_of: May 2026, source: A letter}
"""
PLUG = """\
---
title: Wire a three-pin plug
summary: Fit a new plug to a lead.
difficulty: 1
time: {prep: PT5M, work: PT1H15M}
cost: {min: 30, max: 60, as_of: 2026-05-01}
risk: high
video: {master: videos/plug.mp4, described: true}
do_not_start_if: [The lead is burnt.]
safety:
  - {level: danger, text: 230 V can kill., at: 1.2}
  - {level: warning, text: Loose screws start fires.}
emergency: Call 112.
tools: [{name: Screwdriver, aisle: Tools}]
materials: [{name: Plug, qty: 1}]
steps:
  - {id: unplug, title: Switch off, start: 0, end: 1, text: Pull the plug out.}
  - {id: connect, title: Connect E L N, start: 1, end: 2, text: Follow the letters., check: Read them aloud., critical: true}
  - {id: test, title: Close and test, start: 2, end: 3, text: Close the cover.}
done_when: It works.
mistakes: [{see: It trips, likely: A loose strand, do: Start again.}]
faq: [{q: "Two wires?", a: Ask.}]
law: You may.
search: {keywords: [plug top], local: {af: [prop]}, typos: [wich]}
related: [mix-mortar]
reviewed_by: null
version: 1.1.0
published: 2026-03-01
corrections: [{date: 2026-04-02, version: 1.1.0, what: Brown goes to L., serious: true}]
licence: CC-BY-4.0
---

See [mortar](../building/mix-mortar.md#use) too.

## Look from the back
"""
PLUG_AF = """\
---
translates: 1.1.0
title: Bedraad 'n prop
steps: [{id: unplug, title: Skakel af}]
---
"""
MORTAR = """\
---
title: "Mix <script>alert(1)</script> \\"C#\\" & mortar"
summary: "One </script><b>bag</b> & 'sand'"
difficulty: 2
time: {work: PT30M, wait: P1D}
risk: low
video: {master: videos/mortar.mp4}
safety: []
tools: []
materials: [{name: Cement, qty: 3, unit: bag}]
calculator:
  ask: [{id: a, label: Wall area, unit: m2, min: 0.5, max: 200, default: 6}]
  per: a * (1 + 1)
  give: [{label: Cement, per: m2, rate: 0.156, waste_pct: 10, pack_size: 1, pack_unit: bag}]
  basis: A leaflet
steps:
  - {id: measure, title: Measure, text: One to three.}
  - {id: mix, title: Mix, text: Mix it dry.}
  - {id: use, title: Use, text: Use it.}
done_when: It is one colour.
related: []
reviewed_by: {name: Thandi, role: Builder}
version: 1.0.0
published: 2026-03-01
licence: CC-BY-4.0
---
"""
ABOUT = "# About us\n\nSee [the plug](electrical/wire-a-plug.md).\n\n<script>alert(1)</script>\n"
CAPTIONS = (
    "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nPull it out.\n\n00:00:01.500 --> 00:00:03.000\nFollow the <i>letters</i>.\n"
)


# name, ffmpeg's words, codecs, rung
FILMS = (
    ("standard", "-c:v libsvtav1 -preset 12 -crf 60 -c:a libopus -b:a 16k", "av01.0.00M.08,opus", ("av1", "opus")),
    ("standard-h264", "-c:v libx264 -preset ultrafast -crf 40 -c:a aac -b:a 32k", "avc1.42C00B,mp4a.40.2", ("h264", "aac")),
    ("lite", "-c:v libsvtav1 -preset 12 -crf 63 -c:a libopus -b:a 10k", "av01.0.00M.08,opus", ("av1", "opus")),
    ("audio", "-vn -c:a libopus -b:a 16k", "opus", (None, "opus")),
    ("audio-aac", "-vn -c:a aac -b:a 24k", "mp4a.40.2", (None, "aac")),
)


def key(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def still(folder: Path, name: str, colour: str) -> Still:
    made = []
    for stem, suffix, size in ((name, "webp", (160, 90)), (name, "jpg", (160, 90)), (f"{name}-small", "avif", (16, 9))):
        path = folder / f"{stem}.{suffix}"
        Image.new("RGB", size, colour).save(path)
        made.append(ImageFile(path, key(path), *size, path.stat().st_size))
    return Still(*made) if name in ("poster", "mortar") else Still(*made[:2])


def lesson_of(howto: HowTo, folder: Path, films: tuple[Rendition, ...]) -> Lesson:
    """Everything for the plug in whatever language, a poster alone for the mortar."""
    leaflet = folder / "leaflet.pdf"
    leaflet.write_bytes(b"%PDF-1.4\n" + b"x" * 120_000)
    if howto.slug != "wire-a-plug":
        return Lesson(howto, poster=still(folder, "mortar", "grey"))
    stills = {
        step.id: still(folder, step.id, colour) for step, colour in zip(howto.steps, ("red", "green", "blue"), strict=True)
    }
    cues = {lang: captions.read_caption_file(path)[0] for lang, path in howto.captions.items()}
    link = "https://shop.example/how-to/k7p"
    paper = Leaflet(leaflet, key(leaflet), 2, leaflet.stat().st_size, link, thumb=still(folder, "leaflet", "white").web)
    return Lesson(howto, None, films, still(folder, "poster", "white"), stills, cues, paper)


def prints(folder: Path, leaflet: Path) -> Iterator[Print]:
    """What lies on the desk for the plug, for its category, and for all."""
    picture = still(folder, "preview", "black").web
    paper = Leaflet(leaflet, key(leaflet), 2, leaflet.stat().st_size, "https://shop.example/how-to/k7p?s=l1.1")
    for lang in ("en", "af"):
        for format, use in (("leaflet", "a4"), ("booklet", "a5")):
            yield Print(format, "wire-a-plug", lang, "electrical", paper, picture, "Never shown", usual_for=use)
    yield Print("pack", "electrical", "en", "electrical", paper, picture, usual_for="changes")
    yield Print("tea-towel", "", "en", "", paper, picture, "Tea towel to hang up")
