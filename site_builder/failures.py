"""Expected failures of a command, as a message and an exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from site_builder import console, pipeline
from site_builder.films import ffmpeg
from site_builder.leaflets import print_requests
from site_builder.library import codes
from site_builder.library.os_errors import DISK_FULL_ERRNOS, describe_os_error
from site_builder.library.problems import Problems

EXIT_PROBLEMS, EXIT_TOOL_FAILED = 1, 3  # 2 is click's: wrong use of a command


@contextmanager
def report_errors(config: Path, as_json: bool = False) -> Iterator[None]:
    """Turns every expected failure into a message and an exit code; anything else is our own mistake and stays a traceback."""
    root = config.parent.resolve()
    try:
        with stop_on_signals():
            yield
    except Problems as error:
        console.show_problems(error.problems, as_json, root)
        if not as_json:
            console.to_stderr(problem_summary(error))
        sys.exit(EXIT_PROBLEMS)
    except (pipeline.BuildFailed, print_requests.PrintFailed) as error:
        for failure in error.failures:
            console.to_stderr(console.printable_lines(f"\n{failure.kind} {failure.job} failed:\n{failure.error}"))
        if any(os.strerror(code) in failure.error for failure in error.failures for code in DISK_FULL_ERRNOS):
            console.to_stderr(f"\n{describe_os_error(OSError(errno.ENOSPC, '', str(root)))}")
        console.to_stderr(f"\n{len(error.failures)} failed; what was made is kept, the site is as it was")
        sys.exit(EXIT_TOOL_FAILED)
    except ffmpeg.ToolFailed as error:
        console.to_stderr(console.printable_lines(str(error)))
        sys.exit(EXIT_TOOL_FAILED)
    except codes.NotRegistered as error:
        console.to_stderr(f"{console.display_path(error.path, root)}: {error.reason}\n    hint: {error.hint}")
        sys.exit(EXIT_TOOL_FAILED)
    except OSError as error:
        if error.errno is None or error.errno == errno.EPIPE:
            raise
        makes = click.get_current_context().info_name in ("build", "print", "film")
        console.to_stderr(
            console.printable_lines(
                describe_os_error(error) + ("; what was finished is kept, the site is as it was" if makes else "")
            )
        )
        sys.exit(EXIT_TOOL_FAILED)
    except MemoryError:
        console.to_stderr("the machine has too little memory for this; what was finished is kept. Fewer at a time: --jobs 1")
        sys.exit(EXIT_TOOL_FAILED)
    except EOFError as error:  # for which click says no more than "Aborted!"
        raise RuntimeError("something ended before its end") from error
    except print_requests.InvalidRequest as error:
        raise click.UsageError(str(error)) from None
    except print_requests.NothingToDo as error:
        console.to_stderr(str(error))
    except KeyboardInterrupt:
        console.to_stderr("stopped; what was finished is kept, the next build goes on from here")
        sys.exit(130)


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Ctrl-C, and the SIGTERM of a CI that gives up, end the running encoders at once."""

    def stop(*_: object) -> None:
        ffmpeg.stop_all()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def problem_summary(error: Problems) -> str:
    mistakes = sum(not problem.warning for problem in error.problems)
    warnings = console.plural(len(error.problems) - mistakes, "warning")
    if not mistakes:
        return f"{warnings}, and the build is strict; nothing was made"
    return f"{console.plural(mistakes, 'mistake')}{f', {warnings}' if mistakes < len(error.problems) else ''}; nothing was made"
