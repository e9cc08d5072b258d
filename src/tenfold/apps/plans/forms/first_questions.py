"""A plan from a short conversation: what the checks ask most and a person can answer at once."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.apps.plans.forms.editing import Form, Input, Rows

STEPS = (
    (
        "The job",
        "What would you call it, and what kind of job is it?",
        ("role.title", "role.family", "role.level", "role.scope"),
    ),
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


def first_questions(form: Form) -> tuple[Step, ...]:
    inputs = {part.spec.path: part for group in form.groups for part in group.parts if not isinstance(part, Rows)}
    return tuple(Step(title, ask, tuple(inputs[path] for path in paths)) for title, ask, paths in STEPS)
