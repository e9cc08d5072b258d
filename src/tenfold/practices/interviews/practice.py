"""An invented interview to practise on, with the ratings that its anchors give; what an interviewer made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import tomli

from tenfold.practices.interviews.questions import RATINGS


@dataclass(frozen=True, slots=True)
class PracticeAnswer:
    """One answer of the invented candidate. `known` is the rating that the anchors give, `because` the words for it."""

    id: str
    text: str
    said: str
    anchors: tuple[str, ...]
    known: int
    because: str

    @property
    def anchored(self) -> tuple[tuple[int, str], ...]:
        return tuple(zip(RATINGS, self.anchors, strict=True))


@dataclass(frozen=True, slots=True)
class PracticeInterview:
    person: str
    role: str
    answers: tuple[PracticeAnswer, ...]


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """One answer as somebody rated it. `apart`: their rating less the known one; None where they gave none."""

    answer: PracticeAnswer
    rating: int | None

    @property
    def apart(self) -> int | None:
        return None if self.rating is None else self.rating - self.answer.known

    @property
    def says(self) -> str:
        if self.apart is None:
            return "not rated"
        side = "higher" if self.apart > 0 else "lower"
        return f"{abs(self.apart)} {side}" if self.apart else "the same"


@cache
def practice_interview() -> PracticeInterview:
    table = tomli.loads((files("tenfold.practices.interviews") / "data" / "practice.toml").read_text("utf-8"))
    answers = tuple(
        PracticeAnswer(
            one["question"],
            one["text"],
            " ".join(one["said"].split()),
            tuple(one["anchors"]),
            one["known"],
            one["because"],
        )
        for one in table["answer"]
    )
    return PracticeInterview(table["person"], table["role"], answers)


def compare(ratings: Mapping[str, int | None]) -> tuple[PracticeLine, ...]:
    """Each answer with the rating that was given, in the interview's order."""
    return tuple(PracticeLine(one, ratings.get(one.id)) for one in practice_interview().answers)
