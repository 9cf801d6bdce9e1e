"""What the model alone cannot see in a how-to: safety, the order of its steps, its files, and links to others."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Set

from dateutil.relativedelta import relativedelta

from site_builder.library import calculator_checks, files
from site_builder.library.howto import HowTo
from site_builder.library.problems import Problem, ProblemAt, did_you_mean
from site_builder.library.settings import Settings
from site_builder.memo import Memo

MAX_STEP_WORDS = 30


def check_howto(howto: HowTo, howtos: Mapping[str, HowTo], known: Set[str], settings: Settings, memo: Memo) -> list[Problem]:
    """Everything that is wrong with one how-to. `known` are slugs of files that are there, readable or not."""
    problem_at = problem_factory(howto)
    problems = [
        *check_high_risk(howto, problem_at),
        *check_review(howto, problem_at),
        *check_steps(howto, problem_at),
        *check_step_times(howto, problem_at),
    ]
    problems += [
        *check_related_slugs(howto, howtos, known, problem_at),
        *files.check_files(howto, settings, problem_at, memo),
        *check_printed_pictures(howto, problem_at),
    ]
    if howto.cost and howto.cost.max < howto.cost.min:
        problems.append(
            problem_at(("cost",), f"costs from {howto.cost.min:g} up to {howto.cost.max:g}", "'min' is the smaller one")
        )
    return [*problems, *calculator_checks.check_memoised(howto, problem_at, memo)]


def problem_factory(howto: HowTo) -> ProblemAt:
    """What makes a problem at a field of the how-to."""

    def problem_at(where: tuple[str | int, ...], message: str, hint: str = "", warning: bool = False) -> Problem:
        return Problem(howto.source, howto.line(*where), message, hint, warning)

    return problem_at


def check_high_risk(howto: HowTo, problem_at: ProblemAt) -> Iterator[Problem]:
    if howto.risk != "high":
        return
    if not any(line.level == "danger" for line in howto.safety):
        yield problem_at(("safety",), "risk is high and no safety line is a danger", "add '- {level: danger, text: …}'")
    for name in ("do_not_start_if", "emergency"):
        if not getattr(howto, name):
            yield problem_at(("risk",), f"risk is high and '{name}' is missing")
    if not howto.is_reviewed:
        hint = "page and leaflet say 'Not yet checked by a qualified person'; a strict build fails"
        yield problem_at(("reviewed_by",), "risk is high and nobody has reviewed it", hint, warning=True)


def check_review(howto: HowTo, problem_at: ProblemAt) -> Iterator[Problem]:
    """Warns when a review has expired. The page prints the review's date only, so output does not depend on today."""
    if not (howto.is_reviewed and howto.reviewed_on and howto.review_every):
        return
    period = {name: int(number) for number, name in re.findall(r"(\d+)([YMD])", howto.review_every)}
    expires_on = howto.reviewed_on + relativedelta(years=period.get("Y", 0), months=period.get("M", 0), days=period.get("D", 0))
    if expires_on < dt.date.today():
        hint = f"have it read again and set the day; it holds for {howto.review_every}"
        yield problem_at(("reviewed_on",), f"the review ran out on {expires_on}", hint, warning=True)


def check_steps(howto: HowTo, problem_at: ProblemAt) -> Iterator[Problem]:
    """Their ids and words."""
    first_use: dict[str, int] = {}
    for index, step in enumerate(howto.steps):
        if step.id in first_use:
            yield problem_at(("steps", index, "id"), f"step id '{step.id}' is used twice", f"also by step {first_use[step.id]}")
        first_use.setdefault(step.id, index + 1)
        if step.critical and not step.check:
            hint = "say how one sees that it is right"
            yield problem_at(("steps", index), f"step {index + 1} is critical and has no 'check'", hint, warning=True)
        if (count := len(step.text.split())) > MAX_STEP_WORDS:
            hint = f"{MAX_STEP_WORDS} are enough: make it two steps"
            yield problem_at(("steps", index, "text"), f"step {index + 1} has {count} words", hint, warning=True)


def check_printed_pictures(howto: HowTo, problem_at: ProblemAt) -> Iterator[Problem]:
    """Pictures that the leaflet is to show, of steps that are not there or have none."""
    steps = {step.id: step for step in howto.steps}
    for index, id in enumerate(howto.leaflet.picture_steps or ()):
        where = ("leaflet", "picture_steps", index)
        if id not in steps:
            yield problem_at(where, f"no step '{id}'", did_you_mean(id, steps, f"steps: {', '.join(steps)}"))
        elif steps[id].image == "none" or (steps[id].image == "auto" and (not howto.video or steps[id].start is None)):
            yield problem_at(where, f"step '{id}' has no picture", "give it an 'image', or a 'start' and 'end' in the film")


def check_step_times(howto: HowTo, problem_at: ProblemAt) -> Iterator[Problem]:
    """One after the other, in the order of the steps. The film's own length is held against them where it is known."""
    ended, last = 0.0, ""
    for index, step in enumerate(howto.steps):
        name = f"step {index + 1}"
        if step.start is None and step.end is None:
            continue
        if step.start is None or step.end is None:
            yield problem_at(("steps", index), f"{name} has a start or an end, not both")
            continue
        if howto.video is None:
            yield problem_at(("steps", index, "start"), f"{name} has a time, and there is no film")
        if step.end <= step.start:
            yield problem_at(("steps", index, "end"), f"{name} ends at {step.end:g} s, before it starts ({step.start:g} s)")
        elif step.start < ended:
            message = f"{name} starts at {step.start:g} s, before step '{last}' ends ({ended:g} s)"
            yield problem_at(("steps", index, "start"), message)
        ended, last = max(ended, step.end), step.id


def check_related_slugs(howto: HowTo, howtos: Mapping[str, HowTo], known: Set[str], problem_at: ProblemAt) -> Iterator[Problem]:
    for index, slug in enumerate(howto.related):
        if slug == howto.slug:
            yield problem_at(("related", index), "a how-to is not related to itself")
        elif slug not in known and slug not in howtos:
            yield problem_at(("related", index), f"no how-to '{slug}'", did_you_mean(slug, howtos.keys() - {howto.slug}))
    for index, old in enumerate(howto.formerly):
        if old in howtos:
            yield problem_at(("formerly", index), f"'{old}' is a how-to of its own")
