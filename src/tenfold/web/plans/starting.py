"""How a plan begins: from a posting, from a plan, or from a few questions."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.audit.intake import Submission
from tenfold.plan.document import VERSION
from tenfold.plan.yaml_io import TOP_KEY, CommentedMap, dump
from tenfold.posting.draft import answers
from tenfold.web.plans.editing import Form, Input, Rows

STEPS = (
    ("The job", "What would you call it, and what kind of job is it?", ("role.title", "role.family", "role.level", "role.scope")),
    ("Where", "Where is the work done, and for whom?", ("company.name", "company.place", "role.workplace")),
    (
        "Why now",
        "What runs today, and who looks after it?",
        (
            "situation.models_in_production",
            "situation.models_near_production",
            "situation.ml_engineers",
            "situation.manual_share",
        ),
    ),
    ("Pay", "What would you offer on hire?", ("pay.min", "pay.max")),
    ("The line", "Whom does the hire report to?", ("reporting.line",)),
)
ASKED = tuple(path for _, _, paths in STEPS for path in paths)


@dataclass(frozen=True)
class Step:
    """A few questions that belong together."""

    title: str
    ask: str
    inputs: tuple[Input, ...]


def drafted_text(submission: Submission) -> str:
    """The text of a plan: as it was given, or drafted from the posting with what was read as answers."""
    if submission.document is not None:
        return dump(submission.document.document)
    if submission.reading is None:
        return dump(CommentedMap({TOP_KEY: VERSION}))
    document = CommentedMap()
    for key, value in answers(submission.reading).items():
        document[key] = _as_yaml(value)
    return dump(document)


def first_questions(form: Form) -> tuple[Step, ...]:
    inputs = {part.spec.path: part for group in form.groups for part in group.parts if not isinstance(part, Rows)}
    return tuple(Step(title, ask, tuple(inputs[path] for path in paths)) for title, ask, paths in STEPS)


def _as_yaml(value: object) -> object:
    """Plain values as a person would write them: whole amounts without a point, long texts over several lines."""
    from ruamel.yaml.scalarstring import LiteralScalarString  # noqa: PLC0415 - one use

    if isinstance(value, dict):
        return CommentedMap({key: _as_yaml(inner) for key, inner in value.items()})
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and "\n" in value:
        return LiteralScalarString("\n".join(line.rstrip() for line in value.splitlines()) + "\n")
    return value
