"""What the API says of teams. No field is of a person, and there is no score and no risk."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema


class Rotation(Schema):
    """What a rotation of so many asks of whoever is in it."""

    people: int
    on_call_share: float
    disturbed_nights_per_person_month: float
    most_disturbed_nights_in_four_weeks: int


class OncallFigures(Schema):
    """Pages of a team, replayed."""

    record: str
    pages: int
    weeks: float
    pages_per_shift: float
    night_pages_per_week: float
    chance_more_than_two_per_shift: float
    by_rotation: list[Rotation]


class PulseLineOut(Schema):
    """A question's share of favourable answers in fifths; null where too few answered it."""

    question: str
    measures: str
    fifths: int | None


class PulseFigures(Schema):
    """A closed pulse; without lines where fewer than five answered."""

    team: str
    closed_at: datetime
    answers_at_least: int
    lines: list[PulseLineOut]
