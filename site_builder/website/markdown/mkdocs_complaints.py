"""What MkDocs itself says of an mkdocs.yml: other plugins, extensions, hooks, a theme. Takes a second to import."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from mkdocs.config import load_config
from mkdocs.exceptions import Abort, ConfigurationError

from site_builder.library import inherit
from site_builder.library.problems import Problem
from site_builder.library.settings import Settings
from site_builder.library.yaml_values import line_of

SETTING_IN_MESSAGE = re.compile(r"^Config value '([^']+)'")
FILE_IN_MESSAGE = re.compile(r"Doc file '([^']+)'")


def mkdocs_config_problems(settings: Settings) -> list[Problem]:
    """What MkDocs complains of when it reads mkdocs.yml: other plugins, extensions, hooks, a theme."""
    with captured_warnings(settings) as complaints:
        try:
            load_config(config_file=str(settings.file), docs_dir=str(settings.content), site_dir=str(settings.site))
        except Abort:
            return complaints
        except ConfigurationError as error:
            return [*complaints, Problem(settings.file, 1, str(error))]
    return complaints


@contextmanager
def captured_warnings(settings: Settings) -> Iterator[list[Problem]]:
    """What MkDocs would print, as problems; errors are those without `warning`."""
    complaints: list[Problem] = []
    lines = inherit.read_with_parents(settings.file)[1]

    class Listen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message = record.getMessage()
            about = FILE_IN_MESSAGE.search(message)
            file = settings.content / about[1] if about else settings.file
            field = SETTING_IN_MESSAGE.search(message)
            line = line_of(lines, (field[1],)) if field and not about else 1
            complaints.append(Problem(file, line, message, warning=record.levelno < logging.ERROR))

    logger = logging.getLogger("mkdocs")
    listen, propagate = Listen(logging.WARNING), logger.propagate
    logger.addHandler(listen)
    logger.propagate = False
    try:
        yield complaints
    finally:
        complaints[:] = inherit.relocate_problems(complaints)
        logger.removeHandler(listen)
        logger.propagate = propagate
