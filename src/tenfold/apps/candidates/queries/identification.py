"""What people said of themselves, as counts of a role: five and more, never beside anything of an application."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.apps.candidates.models import Application, OpenRole, SelfIdentification
from tenfold.apps.candidates.models.encryption import open_answers

LEAST = 5


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Counts of one question. A count of fewer than five is None, and so is the next smallest beside a single one."""

    question: str
    counts: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class IdentificationCounts:
    applied: int
    answered: int | None
    questions: tuple[AnswerCounts, ...]


def identification_counts(role: OpenRole) -> IdentificationCounts:
    """Answers of a role, question by question; intersections are not given."""
    held = [
        json.loads(open_answers(bytes(row.answers), subject=row.pk))
        for row in SelfIdentification.objects.filter(role=role)
    ]
    questions = sorted({question for one in held for question in one})
    counts = tuple(
        AnswerCounts(name, suppress_small(Counter(one[name] for one in held if name in one))) for name in questions
    )
    applied = Application.objects.filter(role=role).count()
    return IdentificationCounts(
        applied, len(held) if len(held) >= LEAST else None, counts if len(held) >= LEAST else ()
    )


def suppress_small(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Without small counts; where one alone is left out, so is the smallest of the rest: no total tells it."""
    small = {answer for answer, n in counts.items() if n < LEAST}
    rest = sorted((n, answer) for answer, n in counts.items() if answer not in small)
    if len(small) == 1 and rest:
        small.add(rest[0][1])
    return {answer: None if answer in small else n for answer, n in sorted(counts.items())}
