"""The pulse: six questions, each with what it measures, and a result that no answer can be read from.

Fewer than five answers give no result. Shares are in fifths, and the number of answers in steps of five: what is
published is coarse on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEWEST = 5
STEPS = 5
FAVOURABLE = 4
"""Of 1 (not at all) to 5 (fully)."""


@dataclass(frozen=True, slots=True)
class PulseQuestion:
    """A statement and what agreeing with it says."""

    id: str
    text: str
    measures: str


QUESTIONS = (
    PulseQuestion("growth", "In the last month I did something I had not done before.", "Whether work still teaches"),
    PulseQuestion("load", "On-call and help-desk leave me time for planned work.", "Interrupts and toil"),
    PulseQuestion("impact", "I know what our models changed for the people who use them.", "Visible impact"),
    PulseQuestion("voice", "I can say when something is wrong without fear of it.", "Psychological safety"),
    PulseQuestion("clarity", "I know what is expected of my level and of the next one.", "Clarity of the ladder"),
    PulseQuestion("fairness", "I am paid fairly for what I do here.", "Perceived fairness of pay"),
)


@dataclass(frozen=True, slots=True)
class PulseLine:
    """A question's share of favourable answers in fifths; `fifths` is None where a question has too few answers."""

    question: str
    fifths: int | None


@dataclass(frozen=True, slots=True)
class PulseResult:
    """The lines, or none where there are too few answers; `at_least` is the number of answers, down to a five."""

    at_least: int
    lines: tuple[PulseLine, ...]

    @property
    def is_shown(self) -> bool:
        return self.at_least >= FEWEST


def publish_pulse(answers: Sequence[Mapping[str, int]]) -> PulseResult:
    """The result of a pulse; answers are question → 1 to 5, and a question may be left out.

    Where somebody left a question out, its share is of those who answered it, if they are five at least.
    """
    if len(answers) < FEWEST:
        return PulseResult(0, ())
    lines = tuple(PulseLine(question.id, _fifths(question.id, answers)) for question in QUESTIONS)
    return PulseResult(len(answers) // STEPS * STEPS, lines)


def _fifths(question: str, answers: Sequence[Mapping[str, int]]) -> int | None:
    given = [answer[question] for answer in answers if question in answer]
    if len(given) < FEWEST:
        return None
    return round(STEPS * sum(value >= FAVOURABLE for value in given) / len(given))
