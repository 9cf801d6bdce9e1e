"""Runs jobs side by side on this machine's cores; one failure does not stop the others."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

JobT = TypeVar("JobT")
ResultT = TypeVar("ResultT")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def exit_with_parent() -> None:
    """In a worker: Ctrl-C is the parent's to answer, and a parent that was killed leaves nobody behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent

    def end_with_it() -> None:
        parent.join()
        os._exit(1)

    Thread(target=end_with_it, daemon=True).start()


def run_jobs(
    jobs: Iterable[JobT],
    work: Callable[[JobT], ResultT],
    expected: tuple[type[Exception], ...],
    workers: int,
    processes: bool = False,
) -> Iterator[tuple[JobT, ResultT | Exception]]:
    """Each job with its result, or with the `expected` error that it ended in, as they are done.

    Threads are enough where the work is done by tools. Where it is done in Python, `processes` share it out: jobs, results and
    `work` must then pickle. On any other error, and on Ctrl-C, what has not begun is dropped.
    """
    executor: Executor
    if processes and workers > 1:
        # not forked: a lock that another thread holds at that moment would never be let go
        executor = ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn"), initializer=exit_with_parent)
    else:
        executor = ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="job")
    try:
        futures: dict[Future[ResultT], JobT] = {executor.submit(work, job): job for job in jobs}
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except expected as error:
                yield futures[future], error
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
