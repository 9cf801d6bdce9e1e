"""Runs jobs side by side on this machine's cores; one failure does not stop the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(
    jobs: Iterable[Job], work: Callable[[Job], Result], expected: tuple[type[Exception], ...], workers: int
) -> Iterator[tuple[Job, Result | Exception]]:
    """Each job with its result, or with the `expected` error that it ended in, as they are done.

    Threads are enough: the work is done by processes. On any other error, and on Ctrl-C, what has not begun is dropped.
    """
    executor = ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="job")
    try:
        futures: dict[Future[Result], Job] = {executor.submit(work, job): job for job in jobs}
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except expected as error:
                yield futures[future], error
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
