"""Runs jobs side by side: on this machine's cores, or by an executor that is handed in. One failure stops no other."""

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

    def exit_when_parent_ends() -> None:
        parent.join()
        os._exit(1)

    Thread(target=exit_when_parent_ends, daemon=True).start()


def run_jobs(
    jobs: Iterable[JobT],
    work: Callable[[JobT], ResultT],
    expected: tuple[type[Exception], ...],
    workers: int,
    processes: bool = False,
    executor: Executor | None = None,
) -> Iterator[tuple[JobT, ResultT | Exception]]:
    """Yields (job, result or `expected` error) in the order of completion. Raises any other error of a job.

    An `executor` of the caller's is used and stays open: it may share the jobs out to other machines. Without one, `workers`
    threads do them, which is enough where the work is done by tools; where it is done in Python, `processes` do. Jobs, results
    and `work` must pickle for all but threads. On any other error, and on Ctrl-C, what has not begun is dropped.
    """
    chosen = executor or open_executor(workers, processes)
    futures: dict[Future[ResultT], JobT] = {}
    try:
        futures |= {chosen.submit(work, job): job for job in jobs}
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except expected as error:
                yield futures[future], error
    finally:
        for future in futures:
            future.cancel()
        if chosen is not executor:
            chosen.shutdown(wait=True, cancel_futures=True)


def open_executor(workers: int, processes: bool) -> Executor:
    """Threads of this process, or processes of this machine."""
    if processes and workers > 1:
        # not forked: a lock that another thread holds at that moment would never be let go
        return ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn"), initializer=exit_with_parent)
    return ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="job")
