"""Runs ffmpeg and our own probe: each in a session of its own, within limits of time and memory, opening only its file."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, Literal

import ffmpeg
import imageio_ffmpeg

from site_builder.films.probe import AUDIO_FORMATS, FILM_FORMATS, PROTOCOLS
from site_builder.library.sidecars import NARRATION_SUFFIXES

MAX_MEMORY_BYTES = 6 * 1024**3  # address space; SVT-AV1 reserves far more than it uses
REQUIRED_FILTERS = ("libvmaf", "loudnorm", "zscale", "tonemap", "bwdif")

WATCHED_ABOVE_S = 20.0  # seconds of a limit: such a program needs nobody to end it
# A program tells the watcher itself that it begins, before it is the program: a build that is killed in between cannot.
REGISTERING_SHELL = ("/bin/sh", "-c", 'echo "+$$" >&0; exec "$@" </dev/null', "sh")

_running: set[subprocess.Popen[bytes]] = set()
_watch_lock = threading.Lock()
_watcher: subprocess.Popen[bytes] | None = None
_stopping = threading.Event()


class ToolFailed(Exception):
    """A program failed: the command to try by hand, and the end of what it said."""

    def __init__(self, command: Sequence[str], code: int | None, stderr: str, reason: str = "") -> None:
        self.command = shlex.join(command)
        self.code = code
        self.stderr = tail(stderr)
        self.reason = reason or (self.stderr.splitlines()[-1] if self.stderr else exit_reason(code))
        super().__init__("\n".join(filter(None, [reason or exit_reason(code), self.stderr, f"command: {self.command}"])))
        self.arguments = tuple(command), code, stderr, reason

    def __reduce__(self) -> tuple[type[ToolFailed], tuple[Any, ...]]:
        """An exception is pickled by its message alone, by which this one cannot be made again in another process."""
        return ToolFailed, self.arguments


def exit_reason(code: int | None) -> str:
    """How a program ended: by itself, or by a signal, as where memory runs out."""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"stopped by {signal.Signals(-code).name}"
    return f"exit {code}"


@dataclass(frozen=True)
class ProcessResult:
    stdout: bytes
    stderr: str
    cpu_s: float


@cache
def executable() -> str:
    """The ffmpeg in use: SITE_BUILDER_FFMPEG, else the one in the wheel imageio-ffmpeg."""
    return os.environ.get("SITE_BUILDER_FFMPEG") or str(imageio_ffmpeg.get_ffmpeg_exe())


@cache
def version() -> str:
    """Its version, as in `n9.0.2-17-g2a571b6068`: part of every rendition's key."""
    first = run([executable(), "-version"], seconds=20).stdout.decode("utf-8", "replace").split("\n")[0]
    match = re.match(r"ffmpeg version (\S+)", first)
    return match[1] if match else first


def available(kind: str) -> set[str]:
    """Names of its `encoders` or `filters`."""
    listing = run([executable(), "-hide_banner", f"-{kind}"], seconds=20).stdout.decode("utf-8", "replace")
    return {row.split()[1] for row in listing.splitlines() if len(row.split()) > 1}


def master_input(path: Path, **options: Any) -> Any:
    """A stream spec of ffmpeg-python that opens this file and nothing else."""
    formats = AUDIO_FORMATS if path.suffix.lower() in NARRATION_SUFFIXES else FILM_FORMATS
    return ffmpeg.input(f"file:{path}", protocol_whitelist=PROTOCOLS, format_whitelist=formats, threads=1, **options)


def compose(*outputs: Any, copyts: bool = False) -> list[str]:
    """The command of a graph that ffmpeg-python describes; `copyts` keeps each master's own clock, from its second 0."""
    graph = outputs[0] if len(outputs) == 1 else ffmpeg.merge_outputs(*outputs)
    clock = ("-copyts", "-start_at_zero") if copyts else ()
    command = ffmpeg.compile(graph.global_args("-hide_banner", "-nostdin", "-y", "-v", "error", *clock), cmd=executable())
    return [str(word) for word in command]


def run_composed(
    command: Sequence[str], *, seconds: float, film_seconds: float = 0, advanced: Callable[[float], None] | None = None
) -> ProcessResult:
    """Run a composed command; `advanced` is told the share of the film (0–1) that is behind it."""
    if not advanced or not film_seconds:
        return run(command, seconds=seconds)

    def read(line: bytes) -> None:
        if line.startswith(b"out_time_us=") and line[12:].strip().lstrip(b"-").isdigit():
            advanced(min(1.0, max(0.0, int(line[12:]) / 1e6 / film_seconds)))

    return run([command[0], "-progress", "pipe:1", "-nostats", *command[1:]], seconds=seconds, line=read)


def decode_strictly(finished: Path, *, seconds: float) -> None:
    """Decode a file of ours from its first byte to its last. Raises ToolFailed on the least error."""
    source = ffmpeg.input(f"file:{finished}", xerror=None, err_detect="explode", threads=1)
    command = compose(ffmpeg.output(source, "-", format="null"))
    if stderr := run(command, seconds=seconds).stderr.strip():
        raise ToolFailed(command, 0, stderr, "the finished film does not decode")


LOOPBACK = "dec:0"  # the name of what compose_looped decodes: no file


def loopback_stream() -> Any:
    """The stream of what the first output of a command holds, decoded within that command."""
    return ffmpeg.input(LOOPBACK).video


def compose_loopback(encode: Any, measure: Any) -> list[str]:
    """One command that writes a film, and measures its decoded frames (`loopback_stream()`) beside the master's: `held` is
    that graph.

    The master is decoded once for both, where two commands would do so twice. ffmpeg-python knows no decoder within a command:
    the second graph is composed as if the film were one more file, and then told where its streams are.
    """
    command, measuring = compose(encode, copyts=True), compose(measure, copyts=True)
    files = input_arguments(command)
    where = [LOOPBACK if file[-1] == LOOPBACK else str(files.index(file)) for file in input_arguments(measuring)]
    graph = re.sub(r"\[(\d+):", lambda match: f"[{where[int(match[1])]}:", option_value(measuring, "-filter_complex"))
    graph = graph.replace(f"[{LOOPBACK}:v]", f"[{LOOPBACK}]").replace("[s", "[held")
    label = option_value(measuring, "-map").replace("[s", "[held")
    closing = command.index("-hide_banner")
    loop = ["-threads", "1", "-dec", "0:0", "-filter_complex", graph, "-map", label, "-f", "null", "-"]
    return [*command[:closing], *loop, *command[closing:]]


def input_arguments(command: Sequence[str]) -> list[tuple[str, ...]]:
    """The words of each file that a command reads: its options and its name."""
    inputs, begin = [], 1
    for at in range(1, command.index("-filter_complex")):
        if command[at - 1] == "-i":
            inputs.append(tuple(command[begin : at + 1]))
            begin = at + 1
    return inputs


def option_value(command: Sequence[str], option: str) -> str:
    return command[command.index(option) + 1]


def run(command: Sequence[str], *, seconds: float, line: Callable[[bytes], None] | None = None) -> ProcessResult:
    """Run a program to its end, within `seconds` of wall clock and a limit on memory. Raises ToolFailed."""
    with tempfile.TemporaryFile() as errors:
        watched = seconds > WATCHED_ABOVE_S
        try:
            process = subprocess.Popen(
                [*REGISTERING_SHELL, *command] if watched else command,
                stdin=watcher_pipe() if watched else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                env={**os.environ, "SVT_LOG": "1"},  # errors only: else its greeting hides them
            )
        except OSError as error:
            raise ToolFailed(command, None, str(error), "the program could not be started") from None
        _running.add(process)
        timed_out = threading.Event()
        timer = threading.Timer(seconds, kill_late, (process, timed_out))
        timer.daemon = True
        timer.start()
        try:
            limit_memory(process.pid)
            if _stopping.is_set():
                kill(process)
            out = read_output(process, line)
            cpu_s = reap(process)
        finally:
            timer.cancel()
            kill(process)
            _running.discard(process)
            if watched:
                unwatch(process.pid)
        errors.seek(0)
        stderr = errors.read()[-8000:].decode("utf-8", "replace")
    if process.returncode:
        reason = f"took longer than {seconds:.0f} s and was stopped" if timed_out.is_set() else ""
        raise ToolFailed(command, process.returncode, stderr, reason)
    return ProcessResult(out, stderr, cpu_s)


def watcher_pipe() -> IO[bytes]:
    """The pipe of the process that ends our programs after us: begun with the first, and again if somebody ended it."""
    global _watcher
    with _watch_lock:
        if _watcher is None or _watcher.poll() is not None:
            _watcher = subprocess.Popen(
                [sys.executable, "-I", "-S", str(Path(__file__).with_name("watch.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            write_to_watcher(_watcher, [f"+{process.pid}" for process in list(_running)])
        assert _watcher.stdin
        return _watcher.stdin


def unwatch(pid: int) -> None:
    """Tell the watcher that a program has ended: its number may soon be another's."""
    with _watch_lock:
        if _watcher:
            write_to_watcher(_watcher, [f"-{pid}"])


def write_to_watcher(watcher: subprocess.Popen[bytes], lines: Sequence[str]) -> None:
    assert watcher.stdin
    with contextlib.suppress(BrokenPipeError):
        watcher.stdin.write("".join(f"{line}\n" for line in lines).encode())
        watcher.stdin.flush()


def kill_late(process: subprocess.Popen[bytes], timed_out: threading.Event) -> None:
    timed_out.set()
    kill(process)


def read_output(process: subprocess.Popen[bytes], line: Callable[[bytes], None] | None) -> bytes:
    assert process.stdout
    with process.stdout:
        if line is None:
            return process.stdout.read()
        for row in process.stdout:
            line(row)
    return b""


def reap(process: subprocess.Popen[bytes]) -> float:
    """Wait for the end of a process and return its CPU seconds, which only wait4 tells."""
    if not hasattr(os, "wait4"):
        process.wait()
        return 0.0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def limit_memory(pid: int) -> None:
    """Where the system can (Linux); a file that asks for more makes its decoder fail, not the machine."""
    with contextlib.suppress(ImportError, AttributeError, ProcessLookupError, PermissionError):
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def stop_all() -> None:
    """End every program that runs, and let none begin: Ctrl-C."""
    _stopping.set()
    for process in list(_running):
        kill(process)


ProbeKind = Literal["film", "ours", "sound"]
# Seconds of wall clock; the probe limits its CPU's itself
PROBE_TIMEOUT_S: dict[ProbeKind, float] = {"film": 900, "ours": 60, "sound": 300}


def run_probe(path: Path, kind: ProbeKind = "film") -> bytes:
    """What our probe prints of a media file, run apart: a file that crashes or hangs its demuxer costs us only the answer.

    A film of `ours` is not decoded: `decode` has done that.
    """
    return run([sys.executable, "-m", "site_builder.films.probe", str(path), kind], seconds=PROBE_TIMEOUT_S[kind]).stdout


def tail(text: str, lines: int = 12) -> str:
    """The end of a program's stderr, without control characters that could move a terminal's cursor."""
    clean = re.sub(r"[^\x20-\x7e\xa0-\uffff\n]", "", text.replace("\r", "\n"))
    return "\n".join([row for row in clean.split("\n") if row.strip()][-lines:])
