"""Interrupts, days alone and knowledge of teams: against simulations with a known truth and slow second counts."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from tenfold.connectors.records import Commit, Page, Ticket
from tenfold.practices.retention.departure import Range
from tenfold.practices.retention.team_knowledge import team_knowledge
from tenfold.practices.retention.team_load import DAYS_A_YEAR, solo_days, weigh_team

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


def times(chance: random.Random, per_week: float, weeks: int) -> list[datetime]:
    found: list[datetime] = []
    at = 0.0
    while True:
        at += chance.expovariate(per_week)
        if at >= weeks:
            return found
        found.append(BEGIN + timedelta(weeks=at))


def tickets(moments: list[datetime]) -> list[Ticket]:
    return [Ticket(str(number), at) for number, at in enumerate(moments)]


def test_the_interval_of_the_help_desk_share_holds_the_truth() -> None:
    """500 teams whose tickets come at a known rate and take one hour each."""
    chance, inside, tried = random.Random(11), 0, 0  # noqa: S311 - repeatable
    for _ in range(500):
        people, rate = chance.randint(2, 12), chance.uniform(2, 40)
        found = weigh_team(tickets(times(chance, rate, 20)), None, people=people, hours_per_ticket=Range(1.0, 1.0, 1.0))
        truth = rate / (people * 38)
        tried += 1
        inside += found.helpdesk.low <= truth <= found.helpdesk.high
    assert inside / tried >= 0.93


def test_only_the_time_that_both_records_cover_counts() -> None:
    """Tickets of ten weeks and pages of the last five: what came before is in neither share."""
    opened = [BEGIN + timedelta(days=day) for day in range(71)]
    paged = [Page(BEGIN + timedelta(days=day, hours=1)) for day in range(35, 70)]
    found = weigh_team(tickets(opened), paged, people=4, hours_per_ticket=Range(0.5, 1, 2))
    assert found.window.since == paged[0].at
    assert found.window.until == paged[-1].at
    assert found.helpdesk.events == sum(paged[0].at <= at < paged[-1].at for at in opened)
    assert found.pages is not None
    assert found.interrupts is not None
    assert found.interrupts[1] == pytest.approx(found.helpdesk.likely + found.pages.likely)
    with pytest.raises(ValueError, match="needs a time"):
        weigh_team(tickets(opened[:5]), paged, people=4, hours_per_ticket=Range(1, 1, 1))


@pytest.mark.parametrize("people", [1, 2, 3, 5, 8])
def test_days_alone_are_those_of_a_simulation(people: int) -> None:
    chance, days = random.Random(people), 200_000  # noqa: S311 - repeatable
    alone = sum(sum(chance.random() >= 0.2 for _ in range(people)) <= 1 for _ in range(days))
    assert solo_days(people, away=0.2) == pytest.approx(DAYS_A_YEAR * alone / days, abs=0.02 * DAYS_A_YEAR)
    assert solo_days(people, away=0.2) >= solo_days(people + 1, away=0.2)


def history(seed: int, *, names: str = "abc") -> list[Commit]:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    files = [f"{folder}/{n}.py" for folder in ("serve", "train", "docs/x") for n in range(6)]
    return [
        Commit(f"{n}", BEGIN, BEGIN + timedelta(days=n), chance.choice(names), files=tuple(chance.sample(files, 3)))
        for n in range(chance.randint(5, 60))
    ]


@pytest.mark.parametrize("seed", range(30))
def test_folders_are_those_of_a_slow_second_count(seed: int) -> None:
    commits = history(seed)
    found = team_knowledge(commits)
    assert found is not None
    for folder in found.folders:
        inside = {f for c in commits for f in c.files if f.rpartition("/")[0] == folder.folder}
        alone = [
            f
            for f in inside
            if len({c.author for c in commits if f in c.files}) == 1 and sum(f in c.files for c in commits) >= 2
        ]
        assert (folder.files, folder.alone) == (len(inside), len(alone))
        assert folder.changes == sum(f in c.files for c in commits for f in alone)
    assert found.files == len({f for c in commits for f in c.files})


@pytest.mark.parametrize("seed", range(10))
def test_whose_names_they_are_changes_nothing(seed: int) -> None:
    """Swapping people changes no cell, and none holds a name: the answer is about folders."""
    before, after = team_knowledge(history(seed)), team_knowledge(history(seed, names="xyz"))
    assert before == after
    assert not {"a", "b", "c"} & set(str(before).split("'"))
