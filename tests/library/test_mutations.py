"""Settings and how-tos with random mistakes: each is told, or is none. `check` never ends in a traceback, and never hangs."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

import pytest
import yaml

from benchmarks.faults import HOWTO
from site_builder import pipeline
from site_builder.library import settings_file
from site_builder.library.problems import Problems
from tests.project import Project

SEEDS = range(150)
HOSTILE = [
    "null", "''", '""', "[]", "{}", "~", "yes", "no", "0", "-1", "1e400", ".nan", "-.inf", "0x" + "f" * 5000, "9" * 4000,
    "9999-12-31", "0001-01-01", "2026-02-30", "P9999999999Y", "PT99999999999M", "10 min", "٣.١.٠", "1." * 999, "!foo x",
    "!!python/name:os.system x", "!!binary aGk=", "!!set {a, b}", "!!timestamp 9999-12-31", "!ENV HOME", "&a [*a]", "*a",
    "<<: 5", "{<<: *b}", "? x", "- x", "{a: {b: {c: d}}}", "[[[[[[]]]]]]", "'n x", '"', "'", "|", ">", "%", "@", "`", "=",
    ": :", "# x", "--- x", "...", "\t", "\u00a0", "\u200b", "\ufeff", "\u2028", "\u202e", "\x00", "\x1b[2J", "\ud7ff", "🔌",
    "../../etc/passwd", "/", ".", "..", "C:\\x", "a" * 3000, "https://[::1]/?#", "https://", "videos/x.mp4", "content",
    "{master: [x]}", "[{}]", "[null]", "[[x]]", "{1: 2}", "{null: x}", "true: x", "videos/" + "a" * 3000 + ".mp4",
]  # fmt: skip


def mutated(text: str, chance: random.Random) -> str:
    """The text with one to four mistakes: values in another's place, lines lost, doubled or moved, signs put in or lost."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        line = lines[at]
        match chance.randrange(8):
            case 0 | 1 | 2 if found := re.match(r"(\s*(?:- )?[\w$]+:)", line):
                lines[at] = f"{found[1]} {chance.choice(HOSTILE)}"
            case 3:
                del lines[at]
            case 4:
                lines.insert(chance.randrange(len(lines) + 1), line)
            case 5:
                place = chance.randrange(len(line) + 1)
                lines[at] = line[:place] + chance.choice(HOSTILE) + line[place:]
            case 6 if line:
                place = chance.randrange(len(line))
                lines[at] = line[:place] + line[place + 1 :]
            case _:
                lines[at] = " " * chance.randint(0, 6) + line.lstrip()
        lines = lines or [""]
    return "\n".join(lines)


def stays_calm(project: Project, seed: int) -> None:
    began = time.monotonic()
    try:
        found, problems = settings_file.try_load_settings(project.root / "mkdocs.yml")
        if found:
            pipeline.check_library(found, project.cache)
    except Problems as told:
        problems = list(told.problems)
    for problem in problems:
        assert isinstance(problem.line, int), seed
        assert problem.line >= 1, seed
        assert problem.message, seed
    assert time.monotonic() - began < 10, seed


FULL = HOWTO | {
    "cost": {"min": 1, "max": 2, "as_of": "2026-01-01"},
    "reviewed_by": {"name": "A", "role": "b"},
    "reviewed_on": "2026-01-01",
    "review_every": "P12M",
    "formerly": ["old"],
    "standards": ["SANS 1"],
    "ppe": ["gloves"],
    "law": "x",
    "search": {"keywords": ["plug"], "local": {"af": ["prop"]}},
    "leaflet": {"format": "booklet", "picture_steps": ["test"]},
    "corrections": [{"date": "2026-01-01", "version": "1.0.0", "what": "x"}],
    "do_not_start_if": ["wet"],
    "sources": [{"title": "x", "url": "https://a.example/"}],
    "mistakes": [{"see": "a", "likely": "b", "do": "c"}],
    "faq": [{"q": "a", "a": "b"}],
    "code": "k7q",
    "emergency": "Call.",
    "video": {"master": "videos/x.mp4", "captions": {"en": "x.vtt"}},
}


def of_a_how_to(project: Project, text: str) -> None:
    project.text("content/electrical/wire-a-plug.md", f"---\n{text}---\nWords.\n")


def of_a_translation(project: Project, text: str) -> None:
    project.write()
    project.text("content/electrical/wire-a-plug.af.md", f"---\n{text}---\nWoorde.\n")


def of_the_settings(project: Project, text: str) -> None:
    project.write()
    project.text("mkdocs.yml", text)


def of_the_synonyms(project: Project, text: str) -> None:
    project.write()
    project.text("content/synonyms.yml", text)


TRANSLATION = {
    "translates": "1.0.0",
    "title": "Prop",
    "tools": [{"name": "Draaier"}],
    "steps": [{"id": "test", "title": "Toets"}],
    "safety": ["Trek uit."],
    "materials": ["Prop"],
    "calculator": {},
    "reviewed_by": None,
}
SETTINGS = {
    "site_name": "x",
    "site_url": "https://a.example/",
    "docs_dir": "content",
    "site_dir": "site",
    "exclude_docs": "a.md\n",
    "theme": {"name": "material", "palette": {"primary": "teal", "accent": "amber"}},
    "draft_docs": "b.md",
    "plugins": [
        {
            "site-builder": {
                "store": {"name": "x", "phone": "1", "colour": "#0a5c4a", "logo": "x.png"},
                "short_url": "https://b.example",
                "lang": "en",
                "categories": {"electrical": {"icon": "material/x", "titles": {"en": "x"}}},
                "search_hint": {"en": "x"},
                "tariffs": [{"name": "a", "rand_per_mb": 0.5, "as_of": "x", "source": "y"}],
                "tariff": "a",
                "max_seconds": 60,
                "ladder": {"lite": {"video": "av1", "audio": "opus", "lines": 480, "audio_kbps": 12, "budget": 360_000}},
                "strict": False,
            }
        }
    ],
}
KINDS: list[tuple[Callable[[Project, str], None], object]] = [
    (of_a_how_to, FULL), (of_a_translation, TRANSLATION), (of_the_settings, SETTINGS),
    (of_the_synonyms, {"same": [["plug", "prop"], ["tap", "faucet"]], "typed": {"plugg": ["plug"]}}),
]  # fmt: skip


@pytest.mark.parametrize(("write", "values"), KINDS, ids=[kind[0].__name__ for kind in KINDS])
def test_random_mistakes_are_told_and_nothing_else_happens(
    project: Project, write: Callable[[Project, str], None], values: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    text = yaml.safe_dump(values, sort_keys=False, allow_unicode=True)
    for seed in SEEDS:
        write(project, mutated(text, random.Random(seed)).encode("utf-8", "replace").decode())
        stays_calm(project, seed)


@pytest.mark.parametrize("seed", range(20))
def test_bytes_that_are_no_text_are_told(project: Project, seed: int) -> None:
    chance = random.Random(seed)
    for path in (project.write(), project.root / "mkdocs.yml", project.text("content/synonyms.yml", "same: []\n"),
                 project.text("content/codes.tsv", "code\tslug\tsince\n")):  # fmt: skip
        data = bytearray(path.read_bytes())
        data[chance.randrange(len(data))] = chance.randrange(128, 256)
        path.write_bytes(bytes(data))

    stays_calm(project, seed)


NAMES = ["content", "videos", "site", ".cache", "content/codes.tsv", "content/synonyms.yml", "content/electrical",
         "mkdocs.yml", "content/electrical/wire-a-plug.md", "videos/x.mp4"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["file", "folder", "link to nowhere", "link in a circle"])
def test_a_name_that_is_of_another_kind_is_told(project: Project, name: str, kind: str) -> None:
    project.write(video={"master": "videos/x.mp4"})
    path = project.root / name
    if path.is_dir():
        path.rename(project.root / "away")
    else:
        path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    match kind:
        case "file":
            path.write_text("x", "utf-8")
        case "folder":
            path.mkdir()
        case "link to nowhere":
            path.symlink_to("nowhere")
        case _:
            path.symlink_to(path.name)

    told = project.run("check")

    assert told.exit_code in (0, 1, 3)
    assert "Traceback" not in told.stderr
