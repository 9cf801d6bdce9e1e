"""What happens when a build is killed, the disk is full, bytes are wrong and words make no sense: python -m benchmarks.faults

Tries each kind on a small library with one real film, by a fixed seed, and prints a Markdown table: how often it was tried, and
how often something was wrong. Ends with 1 where anything was. `--write FILE` keeps the table; `--help` tells the amounts.

- killed: `site-builder build` gets SIGKILL at a random moment. The site is then the old or the new one, whole; after five
  seconds nothing of it runs; the next build makes the right site and leaves nothing behind.
- disk: a file system that is too small, one that may only be read, a folder without permission. One sentence, exit 3, the site
  as it was; with room again, the right site. Small file systems need root on Linux; elsewhere a limit on the size of files
  stands in for them. What cannot be tried here is said.
- flipped: a byte of cache, database or site is changed at the same length and time. The next build publishes what is right. A
  byte of a master: the build tells it, if a decoder does.
- words, media: texts and films are cut, doubled, mixed with what breaks parsers. No traceback, no hang; and what `check` lets
  through, `build` makes.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import yaml

PROJECT = Path(__file__).parents[1]
HANG = 10.0  # seconds beyond what the same command usually takes
LEFT_ALONE = 5.0  # seconds after which nothing of a killed build may run
NOBODY = 65534
LINUX_ROOT = sys.platform == "linux" and os.getuid() == 0
MS_RDONLY, MS_REMOUNT = 1, 32

HOWTO: dict[str, Any] = {
    "title": "Wire a three-pin plug",
    "summary": "Fit a new plug to a lead.",
    "difficulty": 1,
    "time": {"work": "PT10M"},
    "risk": "low",
    "safety": [{"level": "warning", "text": "Pull the plug out first."}],
    "tools": [{"name": "Screwdriver"}],
    "materials": [{"name": "Plug, 16 A", "qty": 1, "unit": "each"}],
    "steps": [
        {"id": "unplug", "title": "Unplug", "text": "Pull the plug out."},
        {"id": "connect", "title": "Connect", "text": "Match the letters.", "check": "Read them aloud."},
        {"id": "test", "title": "Test", "text": "Plug in and switch on."},
    ],
    "done_when": "It works.",
    "related": [],
    "reviewed_by": None,
    "version": "1.0.0",
    "published": "2026-11-21",
    "licence": "CC-BY-4.0",
}
MKDOCS: dict[str, Any] = {
    "site_name": "Test library",
    "site_url": "https://shop.example/",
    "docs_dir": "content",
    "theme": {"name": "material"},
    "plugins": [
        {
            "site-builder": {
                "effort": "draft",
                "ladder": {
                    "standard-h264": {"video": "h264", "audio": "aac", "audio_kbps": 20, "budget": 60_000},
                    "audio": {"video": None, "audio": "opus", "audio_kbps": 14, "budget": 30_000},
                },
            }
        }
    ],
}


@dataclass
class Kind:
    """A row of the table."""

    name: str
    tries: int = 0
    tracebacks: int = 0
    hangs: int = 0
    wrong: int = 0
    orphans: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)
    skipped: str = ""

    def fault(self, what: str, **counts: int) -> None:
        for name, count in counts.items():
            setattr(self, name, getattr(self, name) + count)
        self.faults.append(f"{self.name} {self.tries}: {what}")

    @property
    def row(self) -> str:
        figures = (self.tries, len(self.faults), self.tracebacks, self.hangs, self.wrong, self.orphans)
        return f"| {self.name} | " + " | ".join(map(str, figures)) + f" | {self.skipped} |"


@dataclass
class Ended:
    code: int
    words: str
    seconds: float


class Base:
    """A library that was built once; each try gets a copy of it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "base"
        self.folder = folder
        self.number = 0
        make_library(self.root)
        first = command("build", self.root, limit=600)
        if first.code:
            raise SystemExit(f"the library itself cannot be built:\n{first.words}")
        self.usual = max(command("build", self.root, limit=600).seconds, 1.0)  # and now there is a site before the last
        self.right = files(self.root / "site")
        self.first = first.seconds

    def copy(self, *without: str) -> Path:
        self.number += 1
        root = self.folder / f"try-{self.number}"
        shutil.copytree(self.root, root, symlinks=True, ignore=shutil.ignore_patterns(*without))
        return root


def make_library(root: Path) -> None:
    (root / "videos").mkdir(parents=True)
    film = root / "videos/wire-a-plug.mp4"
    picture = ("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=2")
    tone = ("-f", "lavfi", "-i", "sine=frequency=300:sample_rate=44100:duration=2")
    made = (
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-movflags",
        "+faststart",
        str(film),
    )
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", *picture, *tone, *made], check=True)
    times = ((0.0, 0.6), (0.6, 1.2), (1.2, 1.9))
    steps = [{**step, "start": start, "end": end} for step, (start, end) in zip(HOWTO["steps"], times, strict=True)]
    write(root / "mkdocs.yml", yaml.safe_dump(MKDOCS))
    howto = {**HOWTO, "video": {"master": "videos/wire-a-plug.mp4"}, "steps": steps}
    write(root / "content/electrical/wire-a-plug.md", page(howto))
    write(root / "content/water/save-water.md", page({**HOWTO, "title": "Save water", "related": ["wire-a-plug"]}))
    write(root / "videos/wire-a-plug.en.vtt", "WEBVTT\n\n00:00.100 --> 00:01.500\nPull the plug out.\n")


def page(values: dict[str, Any], body: str = "Some *words* and [a link](../electrical/wire-a-plug.md).") -> str:
    return f"---\n{yaml.safe_dump(values, sort_keys=False)}---\n{body}\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def environment(root: Path) -> dict[str, str]:
    """Temporary files go into the try's own folder, where what is left can be seen."""
    temp = root / "tmp"
    with suppress(OSError):
        temp.mkdir(exist_ok=True)
    return {**os.environ, "TMPDIR": str(temp), "PYTHONPATH": str(PROJECT)}


def begin(name: str, root: Path, **more: Any) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "site_builder.cli", *name.split()]
    out = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(words, cwd=root, env=environment(root), **out, **more)


def command(name: str, root: Path, limit: float, **more: Any) -> Ended:
    """Run it to its end, or until the limit; what hangs is killed and has no code."""
    began = time.monotonic()
    process = begin(name, root, **more)
    try:
        words, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        return Ended(-999, process.communicate()[0], time.monotonic() - began)
    return Ended(process.returncode, words, time.monotonic() - began)


def look(kind: Kind, ended: Ended, codes: tuple[int, ...], what: str) -> bool:
    """Whether it ended as it may."""
    if ended.code == -999:
        kind.fault(f"{what}: still at work after {ended.seconds:.0f} s", hangs=1)
    elif "Traceback (most recent" in ended.words:
        kind.fault(f"{what}: traceback\n{tail(ended.words)}", tracebacks=1)
    elif ended.code not in codes:
        kind.fault(f"{what}: exit {ended.code}\n{tail(ended.words)}")
    else:
        return True
    return False


def tail(words: str, rows: int = 6) -> str:
    return "\n".join(f"    {row[:200]}" for row in words.strip().split("\n")[-rows:])


def running(root: Path) -> list[str]:
    """Programs whose folder is the try's."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == root:
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")[:80])
    return found


# ---- killed


def kills(base: Base, count: int, chance: random.Random) -> Kind:
    kind = Kind("killed")
    for _ in range(count):
        kind.tries += 1
        new = chance.random() < 0.5
        root = base.copy(*(("site", ".site.new", ".site.list", ".cache") if new else ()))
        old = files(root / "site")
        if not new:
            source = root / "content/water/save-water.md"
            source.write_text(source.read_text("utf-8").replace("It works.", f"It works {chance.random()}."), "utf-8")
        wait = chance.uniform(0, base.first if new else base.usual * 1.5)
        process = begin("build", root)
        with suppress(subprocess.TimeoutExpired):
            process.wait(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.stdout
        until = time.monotonic() + LEFT_ALONE
        while (left := running(root)) and time.monotonic() < until:
            time.sleep(0.1)
        process.stdout.close()
        if left:
            kind.fault(f"killed after {wait:.2f} s: still running: {left}", orphans=1)
        between = files(root / "site")
        after = command("build", root, base.first * 4 + HANG)
        if look(kind, after, (0,), f"the build after a kill at {wait:.2f} s"):
            found = files(root / "site")
            if between not in (old, found):
                kind.fault(f"killed after {wait:.2f} s: half a site", wrong=1)
            if new and found != base.right:
                kind.fault(f"killed after {wait:.2f} s: the next build is wrong", wrong=1)
            if trash := [*(root / "tmp").iterdir(), *(root / ".cache/drafts").iterdir(), *root.rglob(".*.[0-9]*-????????")]:
                kind.fault(f"killed after {wait:.2f} s: left behind: {trash[0]}")
        shutil.rmtree(root, ignore_errors=True)
    return kind


# ---- the disk


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A file system of its own with so many bytes; what stands in the folder is copied into it. Needs root on Linux."""
    keep = folder.with_name(f"{folder.name}.keep")
    folder.rename(keep)
    folder.mkdir()
    mount(folder, f"size={size},mode=755")
    try:
        shutil.copytree(keep, folder, symlinks=True, dirs_exist_ok=True)
        yield
    finally:
        back = files(folder)
        unmount(folder)
        shutil.rmtree(folder)
        keep.rename(folder)
        for name, data in back.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)


def libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def mount(folder: Path, options: str, flags: int = 0) -> None:
    if libc().mount(b"none", os.fsencode(folder), b"tmpfs", flags, options.encode()):
        raise OSError(ctypes.get_errno(), "mount")


def unmount(folder: Path) -> None:
    for _ in range(50):
        if libc().umount2(os.fsencode(folder), 0) == 0:
            return
        time.sleep(0.1)
    libc().umount2(os.fsencode(folder), 2)  # lazily: something is still there


def may_mount(folder: Path) -> bool:
    probe = folder / "mount"
    probe.mkdir(exist_ok=True)
    try:
        mount(probe, "size=65536")
    except OSError:
        return False
    unmount(probe)
    return True


def size_of(folder: Path) -> int:
    return sum(4096 * (1 + path.stat().st_size // 4096) for path in folder.rglob("*") if path.is_file())


def disks(base: Base, count: int, chance: random.Random) -> Kind:
    kind = Kind("disk")
    ways: list[Callable[[Kind, Base, random.Random], None]] = []
    if LINUX_ROOT and may_mount(base.folder):
        ways += [full_disk, read_only]
    else:
        kind.skipped += "small and read-only file systems: not root on Linux; "
    ways.append(no_large_files)
    if LINUX_ROOT:
        ways.append(no_permission)
    else:
        kind.skipped += "folders without permission: not root on Linux; "
    for number in range(count):
        kind.tries += 1
        ways[number % len(ways)](kind, base, chance)
    return kind


def recovered(kind: Kind, base: Base, root: Path, what: str) -> None:
    after = command("build", root, base.first * 4 + HANG)
    if look(kind, after, (0,), f"the build after {what}") and files(root / "site") != base.right:
        kind.fault(f"the build after {what} is wrong", wrong=1)


def sentence(kind: Kind, ended: Ended, what: str, codes: tuple[int, ...] = (0, 3)) -> None:
    """Exit 0, or another with a sentence."""
    ways = ("no room is left", "cannot be used:", "could not be", "failed:", "cannot be read")
    if look(kind, ended, codes, what) and ended.code and not any(words in ended.words for words in ways):
        kind.fault(f"{what}: no sentence\n{tail(ended.words)}")


def full_disk(kind: Kind, base: Base, chance: random.Random) -> None:
    """Too small a disk for the whole library, its cache, or temporary files."""
    root = base.copy("site", ".site.new", ".site.list", ".cache")
    environment(root)
    which = chance.choice(("", ".cache", "tmp"))
    folder = root / which
    folder.mkdir(exist_ok=True)
    full = size_of(base.root) if which != "tmp" else 200_000
    size = int(size_of(folder) + chance.uniform(0.02, 0.9) * full)
    what = f"{which or 'the library'} on a disk of {size:,} bytes"
    with small_disk(folder, size):
        sentence(kind, command("build", root, base.first * 4 + HANG), what)
    recovered(kind, base, root, what)
    shutil.rmtree(root, ignore_errors=True)


def read_only(kind: Kind, base: Base, chance: random.Random) -> None:
    """A disk that may only be read, of the library, its cache or temporary files; `check` does without writing."""
    root = base.copy()
    environment(root)
    which = chance.choice(("", ".cache", "tmp"))
    folder = root / which
    what = f"{which or 'the library'} on a disk that may only be read"
    if chance.random() < 0.5:
        shutil.rmtree(root / ".cache/drafts", ignore_errors=True)
    with small_disk(folder, 2 * size_of(folder) + 1_000_000):
        mount(folder, "", MS_RDONLY | MS_REMOUNT)
        look(kind, command("check", root, base.usual * 4 + HANG), (0,), f"check, {what}")
        sentence(kind, command("build", root, base.first * 4 + HANG), what)
    recovered(kind, base, root, what)
    shutil.rmtree(root, ignore_errors=True)


def no_large_files(kind: Kind, base: Base, chance: random.Random) -> None:
    """A limit on the size of files, as a full disk would show itself: in the middle of any of them."""
    import resource

    root = base.copy("site", ".site.new", ".site.list", ".cache")
    most = int(10 ** chance.uniform(2, 5))
    what = f"no file above {most:,} bytes"
    ended = command(
        "build", root, base.first * 4 + HANG, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    )
    sentence(kind, ended, what)
    recovered(kind, base, root, what)
    shutil.rmtree(root, ignore_errors=True)


def like_anybody() -> None:
    """In a child, before it begins: root, but without the right to pass over permissions."""
    for right in (1, 2, 3):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
        libc().prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP


def no_permission(kind: Kind, base: Base, chance: random.Random) -> None:
    """Some of the library belongs to somebody else."""
    root = base.copy()
    environment(root)
    which = chance.choice(("", ".cache", "site", "tmp", "content", "read"))
    hurt = root / ("content/water/save-water.md" if which == "read" else which)
    os.chown(hurt, NOBODY, NOBODY)
    hurt.chmod(0o600 if which == "read" else 0o755)
    what = "no permission to " + ("read a how-to" if which == "read" else f"write to {which or 'the library'}")
    ended = command("check", root, base.usual * 4 + HANG, preexec_fn=like_anybody)
    if which == "read":
        sentence(kind, ended, f"check, {what}", (1, 3))
    else:
        look(kind, ended, (0,), f"check, {what}")
    sentence(kind, command("build", root, base.first * 4 + HANG, preexec_fn=like_anybody), what, (0, 1, 3))
    recovered(kind, base, root, what)
    shutil.rmtree(root, ignore_errors=True)


# ---- flipped bytes


def flip(path: Path, chance: random.Random) -> int:
    """Change one byte; length and time stay."""
    stat = path.stat()
    at = chance.randrange(stat.st_size)
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1 << chance.randrange(8)]))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    return at


def flips(base: Base, count: int, chance: random.Random) -> Kind:
    kind = Kind("flipped")
    for number in range(count):
        kind.tries += 1
        where = ("cache", "database", "site", "master")[number % 4]
        root = base.copy()
        there = {
            "cache": lambda root=root: [*(root / ".cache").glob("??/*")],
            "database": lambda root=root: [root / ".cache/pages.sqlite"],
            "site": lambda root=root: [path for path in (root / "site").rglob("*") if path.is_file()],
            "master": lambda root=root: [root / "videos/wire-a-plug.mp4"],
        }[where]()
        path = chance.choice(sorted(path for path in there if path.stat().st_size))
        at = flip(path, chance)
        if where == "cache" and chance.random() < 0.5:
            shutil.rmtree(root / "site")
            shutil.rmtree(root / ".site.new")
        what = f"byte {at:,} of {path.relative_to(root)}"
        if where == "master":
            path.touch()
            ended = command("check", root, base.usual * 4 + HANG)
            if look(kind, ended, (0, 1), what) and decoder_complains(path) and path.name not in ended.words:
                kind.fault(f"{what}: not told", wrong=1)
        else:
            ended = command("build", root, base.first * 4 + HANG)
            if look(kind, ended, (0,), what) and files(root / "site") != base.right:
                found = files(root / "site")
                differ = [name for name in {**found, **base.right} if found.get(name) != base.right.get(name)]
                kind.fault(f"{what}: published: {differ[:3]}", wrong=1)
        shutil.rmtree(root, ignore_errors=True)
    return kind


def decoder_complains(film: Path) -> bool:
    words = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-v",
        "error",
        "-nostdin",
        "-err_detect",
        "explode",
        "-i",
        str(film),
        "-f",
        "null",
        "-",
    ]
    return bool(subprocess.run(words, capture_output=True, timeout=60, check=False).stderr.strip())


# ---- words and media that make no sense

HOSTILE = [
    *("\0", "\u202e", "\ufeff", "\u00a0", "\t", "\ud7ff", "\u0301" * 20, "ه", "ॐ", "👍🏽", "١٢٣"),
    *("\\", '"', "`", "%", "|", ">", "#", ": ", "---\n", "[[", "]]", "```", "&amp;", "*a &a", "~", "[]", "{}", "NO", "null"),
    *("{{ 7 * 7 }}", "<script>alert(1)</script>", "' onload='x", "!!python/object:os.system", "../../etc/passwd"),
    *("9" * 40, "-1", "1e999", ".inf", ".nan", "0x1F", "1.0.0.0", "2026-02-30", "0000-00-00", "PT99999999999M"),
    *("https://example.org/x.js", "x" * 5000, "\n" * 200, "- " * 400, "[" * 400, "(" * 400, "*_" * 300),
]


def mutated(text: str, chance: random.Random) -> str:
    """A text with one to four things wrong with it."""
    for _ in range(chance.randint(1, 4)):
        rows = text.split("\n")
        at, row = chance.randrange(max(1, len(text))), chance.randrange(len(rows))
        match chance.randrange(9):
            case 0:
                text = text[:at] + chance.choice(HOSTILE) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randint(1, 30) :]
            case 2:
                text = "\n".join([*rows[:row], *rows[row + 1 :]])
            case 3:
                text = "\n".join([*rows[:row], rows[row], *rows[row:]])
            case 4:
                name, colon, _ = rows[row].partition(":")
                rows[row] = f"{name}{colon} {chance.choice(HOSTILE)}"
                text = "\n".join(rows)
            case 5:
                text = text[:at] + chr(chance.choice((chance.randrange(32), chance.randrange(0x2FFF), 0x1F600))) + text[at:]
            case 6:
                rows[row] = " " * chance.randint(0, 5) + rows[row].lstrip()
                text = "\n".join(rows)
            case 7:
                other = chance.randrange(len(rows))
                rows[row], rows[other] = rows[other], rows[row]
                text = "\n".join(rows)
            case 8:
                text = text[:at]
    return text.encode("utf-8", "replace").decode("utf-8")


def mutated_bytes(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        at = chance.randrange(len(found)) if chance.random() < 0.6 else chance.randrange(min(len(found), 4000))
        match chance.randrange(5):
            case 0:
                found[at] ^= 1 << chance.randrange(8)
            case 1:
                found[at : at + 4] = chance.randbytes(4)
            case 2:
                del found[at : at + chance.randint(1, 2000)]
            case 3:
                found[at:at] = found[at : at + 400]
            case 4:
                found[at : at + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"))
        if not found:
            return b""
    return bytes(found)


def worker(asked: Connection, root: str) -> None:
    """Runs commands of the program in one process, since its start takes longer than most of them."""
    from click.testing import CliRunner

    from site_builder import cli

    os.chdir(root)
    while True:
        name = asked.recv()
        result = CliRunner().invoke(cli.main, name.split())
        broken = result.exception is not None and not isinstance(result.exception, SystemExit)
        words = result.output
        if broken:
            import traceback

            words += "".join(traceback.format_exception(result.exception))
        asked.send((result.exit_code, words))


class Worker:
    """A process for many commands; a new one in place of one that hangs or dies."""

    def __init__(self, root: Path, limit: float) -> None:
        self.root, self.limit = root, limit
        self.start()

    def start(self) -> None:
        os.environ.update(environment(self.root))
        self.here, there = get_context("spawn").Pipe()
        self.process = get_context("spawn").Process(target=worker, args=(there, str(self.root)), daemon=True)
        self.process.start()
        there.close()
        self.fresh = True

    def run(self, name: str) -> Ended:
        began = time.monotonic()
        limit = self.limit + (30 if self.fresh else 0)
        self.fresh = False
        self.here.send(name)
        try:
            if self.here.poll(limit):
                code, words = self.here.recv()
                return Ended(code, words, time.monotonic() - began)
            code = -999
        except EOFError:
            code = -998
        self.process.kill()
        self.process.join()
        self.start()
        return Ended(code, "", time.monotonic() - began)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()


def both(kind: Kind, work: Worker, what: str) -> None:
    """`check`, and `build` where it says yes: it must make what was let through."""
    if look(kind, told := work.run("check"), (0, 1), f"check, {what}") and told.code == 0:
        ended = work.run("build")
        if look(kind, ended, (0, 1), f"build, {what}") and ended.code == 1:
            kind.refused += 1
            kind.fault(f"check said yes, and build refuses, {what}\n{tail(ended.words)}")


def words(base: Base, count: int, chance: random.Random) -> Kind:
    """How-tos without films, so that a build takes a second."""
    kind = Kind("words")
    root = base.copy("site", ".site.new", ".site.list", ".cache", "*.vtt")
    (root / "content/electrical/wire-a-plug.md").write_text(page(HOWTO), "utf-8")
    afrikaans = "---\ntranslates: 1.0.0\ntitle: Bedraad 'n prop\nsteps:\n  - {id: unplug, title: Trek uit}\n---\nWoorde.\n"
    write(root / "content/electrical/wire-a-plug.af.md", afrikaans)
    write(root / "content/about.md", "# About us\n\nA shop. See [the plug](electrical/wire-a-plug.md).\n")
    write(root / "content/synonyms.yml", "same:\n  - [plug, plug top]\n")
    work = Worker(root, base.first * 2 + HANG)
    sources = [path for path in sorted(root.rglob("*")) if path.suffix in (".md", ".yml", ".tsv")]
    for _ in range(count):
        kind.tries += 1
        path = chance.choice(sources)
        before = path.read_text("utf-8")
        text = mutated(before, chance)
        path.write_text(text, "utf-8", newline="")
        both(kind, work, f"{path.relative_to(root)}")
        if len(kind.faults) < 40 and kind.faults and kind.faults[-1].startswith(f"words {kind.tries}:"):
            kind.faults[-1] += "\n    changed: " + changed(before, text)
        path.write_text(before, "utf-8")
    work.stop()
    shutil.rmtree(root, ignore_errors=True)
    return kind


def changed(before: str, after: str) -> str:
    """What was done to a text, in few letters."""
    import difflib

    rows = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
    return " ".join(repr(row[:120]) for row in list(rows)[3:9])


def media(base: Base, count: int, chance: random.Random) -> Kind:
    from PIL import Image

    kind = Kind("media")
    root = base.copy("site", ".site.new", ".site.list")
    picture = root / "content/water/tap.png"
    Image.effect_noise((200, 150), 80).convert("RGB").save(picture)
    Image.effect_noise((200, 150), 80).convert("RGB").save(picture.with_suffix(".jpg"))
    steps = [{**HOWTO["steps"][0], "image": "tap.png"}, {**HOWTO["steps"][1], "image": "tap.jpg"}, HOWTO["steps"][2]]
    write(root / "content/water/save-water.md", page({**HOWTO, "title": "Save water", "steps": steps}))
    sources = [root / "videos/wire-a-plug.mp4"] * 3 + [picture, picture.with_suffix(".jpg"), root / "videos/wire-a-plug.en.vtt"]
    work = Worker(root, base.first * 4 + HANG)
    for _ in range(count):
        kind.tries += 1
        path = chance.choice(sources)
        before = path.read_bytes()
        path.write_bytes(mutated_bytes(before, chance))
        both(kind, work, f"{path.relative_to(root)}")
        path.write_bytes(before)
    work.stop()
    shutil.rmtree(root, ignore_errors=True)
    return kind


KINDS: dict[str, Callable[[Base, int, random.Random], Kind]] = {
    "kills": kills,
    "disks": disks,
    "flips": flips,
    "words": words,
    "media": media,
}
USUAL = {"kills": 20, "disks": 16, "flips": 24, "words": 300, "media": 40}


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, count in USUAL.items():
        parser.add_argument(f"--{name}", type=int, default=count, metavar="N", help=f"[{count}]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, help="a Markdown file for the table")
    asked = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        base = Base(Path(folder))
        rows = []
        for name, work in KINDS.items():
            if count := getattr(asked, name):
                began = time.monotonic()
                rows.append(work(base, count, random.Random(f"{asked.seed} {name}")))
                print(
                    f"{name}: {rows[-1].tries} tries, {len(rows[-1].faults)} faults, {time.monotonic() - began:.0f} s",
                    file=sys.stderr,
                )
    head = "| kind | tries | faults | tracebacks | hangs | wrong things published | running after 5 s | not tried |"
    table = "\n".join([head, "|---|---|---|---|---|---|---|---|", *(row.row for row in rows)])
    print(table)
    for row in rows:
        for fault in row.faults:
            print(fault)
    if asked.write:
        about = (__doc__ or "").split("\n\n", 2)[2].strip()
        asked.write.write_text(f"# Faults\n\n`python -m benchmarks.faults {' '.join(given)}`\n\n{about}\n\n{table}\n", "utf-8")
    return int(any(row.faults for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
