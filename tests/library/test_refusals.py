"""What the system refuses is one sentence: which file, why, and of a full disk how much room there is and is needed."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from site_builder import disk_space
from site_builder.library.os_errors import describe_os_error
from tests.project import Project


@pytest.mark.parametrize(("code", "why"), [
    (errno.EROFS, "its disk may only be read"), (errno.EACCES, "there is no permission for it"),
    (errno.ENOENT, "something took it away"), (errno.EFBIG, "files may not be so large here"),
    (errno.EIO, "its disk fails"), (errno.ENOTDIR, "a file stands where a folder must be"),
    (errno.EXDEV, os.strerror(errno.EXDEV)),
])  # fmt: skip
def test_each_refusal_names_the_file_and_says_why(code: int, why: str) -> None:
    words = describe_os_error(OSError(code, os.strerror(code), "/shop/.cache/ab.mp4"))

    assert words.startswith("/shop/.cache/ab.mp4 cannot be used: ")
    assert why in words


def test_a_full_disk_says_how_much_is_free_and_how_much_is_needed(project: Project, tmp_path: Path) -> None:
    project.write()
    project.text("videos/wire-a-plug.mp4", "a film")
    full = OSError(errno.ENOSPC, "full", str(tmp_path / "site/a.html"))

    with pytest.raises(OSError) as raised, disk_space.add_space_needed(project.settings, project.cache):
        raise full

    words = describe_os_error(raised.value)
    assert f"no room is left on the disk of {tmp_path / 'site/a.html'}; " in words
    budgets = sum(rung.budget for rung in project.settings.options.rungs)
    assert f"about {(4 * budgets + 1_500_000) / 1e6:,.0f} MB more are needed" in words
