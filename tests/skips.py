"""No silent skip: where CI says that it is one, a test may be skipped for a reason that is named here, and for no other."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
NAMED = {
    "comes with `make bench-films`: plots are not worth a minute of each test run",
    "this file system has no immutable files: run it as another user than root",  # containers run as root, on layers
    "looks for processes where Linux lists them",
    "counts threads in /proc",
}


def refused(report: Report) -> Report:
    """The report, made a failure where it was skipped for a reason without a name."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr).removeprefix("Skipped: ")
        if reason not in NAMED:
            report.outcome = "failed"
            report.longrepr = f"skipped in CI, and tests/skips.py does not name the reason: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return refused((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return refused((yield))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever opens a page in Chromium is marked so: `-m "not browser"` does without."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
