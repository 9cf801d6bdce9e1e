"""A new how-to, complete but for its TODOs: what `site-builder new` writes."""

from __future__ import annotations

import json
import re
from pathlib import Path

from site_builder.library.files import MASTER_SUFFIXES
from site_builder.library.problems import Problem, Problems
from site_builder.library.settings import Settings
from site_builder.library.slugs import SLUG_LENGTH, SLUG_PATTERN, slugify

HOWTO_TEMPLATE = """\
---
$schema: ../howto.schema.json
title: {title}
summary: "TODO: one sentence: what is done, and in how many steps."
difficulty: 1            # 1 easy, 2 some skill, 3 skilled
time: {{prep: 5 min, work: 15 min}}   # TODO; also wait: 24 h for drying
risk: low                # TODO low | medium | high; high needs a danger line, do_not_start_if, emergency and a reviewer
{video}
safety:
  - {{level: warning, text: "TODO: what can hurt here, and how to be safe."}}

tools:
  - {{name: "TODO: a tool"}}
materials:
  - {{name: "TODO: a material", qty: 1, unit: each}}

steps:                   # 3 to 10; at most 30 words each; begin with a verb
  - {{id: first, title: "TODO: first step",{first}
     text: "TODO: Do one thing.", check: "TODO: how one sees that it is right."}}
  - {{id: second, title: "TODO: second step",{second}
     text: "TODO: Do the next thing."}}
  - {{id: third, title: "TODO: third step",{third}
     text: "TODO: Do the last thing."}}
done_when: "TODO: how one knows that the job is done."

search:
  keywords: [{words}]
related: []

reviewed_by: null        # {{name, role, registration_no}}; page and leaflet say "Not yet checked" until set
reviewed_on: null
review_every: 12 months  # how long a review holds
version: 1.0.0
published: {day}
licence: CC-BY-4.0
---

TODO: When to use this, and when not.
"""
VIDEO_TEMPLATE = """
video:
  master: {master}
  made_by: "TODO: who made the film"
"""
TIMES_TEMPLATE = "   # TODO start: {start}, end: {end},"


GITIGNORE = """\
# made anew at any time
.cache/
{site}/
{beside}.new/
{beside}.old/
{beside}.list
{beside}.next
printed/
"""


def create_howto(settings: Settings, slug: str, category: str, day: str) -> Path:
    """Write `content/<category>/<slug>.md` and return its path. Raises Problems where the slug is none or is taken."""
    path = settings.content / category / f"{slug}.md"
    for name, what, near in ((slug, "slug", f"site-builder new {slugify(slug)}"), (category, "category", slugify(category))):
        if not SLUG_PATTERN.fullmatch(name) or len(name) > SLUG_LENGTH:
            example = near if slugify(name) else "wire-a-plug"
            hint = f"small letters, digits and single hyphens, at most {SLUG_LENGTH}: {example}"
            raise Problems([Problem(settings.content, 1, f"'{name}' is no {what}", hint)])
    for taken in settings.content.glob(f"*/{slug}.md"):
        raise Problems([Problem(taken, 1, f"slug '{slug}' is taken")])
    films = (path for path in sorted(settings.videos.glob("*")) if path.suffix.lower() in MASTER_SUFFIXES)
    master = next((path for path in films if slugify(path.stem) == slug), None)
    times = [TIMES_TEMPLATE.format(start=5 + 15 * n, end=20 + 15 * n) if master else "" for n in range(3)]
    named = json.dumps(master.relative_to(settings.root).as_posix(), ensure_ascii=False) if master else ""
    text = HOWTO_TEMPLATE.format(
        title=f'"{slug.replace("-", " ").capitalize()}"',
        video=VIDEO_TEMPLATE.format(master=named.strip('"') if re.fullmatch('"[\\w./-]+"', named) else named) if master else "",
        first=times[0],
        second=times[1],
        third=times[2],
        words=slug.replace("-", " "),
        day=day,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path


def write_gitignore(settings: Settings) -> Path | None:
    """A .gitignore beside the settings where there is none yet: films are large, and pages are made anew at any time."""
    path = settings.root / ".gitignore"
    if path.exists():
        return None
    site = settings.site.relative_to(settings.root)
    beside = site.with_name(f".{site.name}").as_posix()
    path.write_text(GITIGNORE.format(site=site.as_posix(), beside=beside), "utf-8", newline="\n")
    return path
