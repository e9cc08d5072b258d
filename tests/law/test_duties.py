"""Duties of an opened role: worked examples, then what holds for any role, place and day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.calendar_days import add_business_days, add_months
from tenfold.kit.errors import UserError
from tenfold.kit.facts import Evidence
from tenfold.law.automation import SCREENING, Tool, automation_rules
from tenfold.law.automation import duties_for as automation_duties
from tenfold.law.dated import Certainty
from tenfold.law.duties import RoleDuties, RoleDuty, State, Subject, Task, duties_for
from tenfold.law.gazetteer import gazetteer
from tenfold.law.lookup import places_not_in_table
from tenfold.law.places import Kind, ancestors, place
from tenfold.law.role_rules import Event, role_rules

OPENED, CLOSED, TODAY = date(2026, 9, 1), date(2026, 11, 2), date(2026, 11, 22)


def role(*places: str, closed: date | None = CLOSED, events: dict[Event, date] | None = None) -> RoleDuties:
    return duties_for(places, OPENED, closed, uses_automated_tool=True, as_of=TODAY, employees=400, events=events)


def task(duties: RoleDuties, id_: str) -> RoleDuty:
    return next(duty for duty in duties.duties if duty.id == id_)


def test_ontario_answers_whoever_was_interviewed_within_45_days() -> None:
    found = task(role("CA-ON", events={Event.LAST_INTERVIEW: date(2026, 10, 1)}), "CA-ON-OUTCOME")
    assert (found.due, found.timing) == (date(2026, 11, 15), "within 45 days of the applicant's last interview")
    assert found.state(date(2026, 11, 15)) is State.OPEN
    assert found.state(date(2026, 11, 16)) is State.OVERDUE
    assert found.is_sure


def test_a_small_employer_in_ontario_owes_no_outcome_notice() -> None:
    owed = duties_for(["CA-ON"], OPENED, uses_automated_tool=False, as_of=TODAY, employees=24)
    assert "CA-ON-OUTCOME" not in [duty.id for duty in owed.duties]


def test_colorado_tells_the_team_within_30_days_of_the_first_day_at_work() -> None:
    found = task(role("US-CO", events={Event.STARTED: date(2026, 12, 1)}), "US-CO-SELECTION")
    assert (found.task, found.due) == (Task.TELL_EMPLOYEES, date(2026, 12, 31))
    assert "the new title" in found.says


def test_new_york_city_needs_ten_working_days_before_the_tool() -> None:
    found = task(role("US-NYC"), "US-NYC-LL144/notice")
    assert (found.due, found.usable_from) == (None, date(2026, 9, 15))
    told = task(role("US-NYC", events={Event.TOOL_USED: date(2026, 9, 15)}), "US-NYC-LL144/notice")
    assert told.due == OPENED
    assert task(role("US-NYC"), "US-NYC-LL144/audit").task is Task.AUDIT


def test_a_law_that_begins_while_the_role_is_open_is_coming() -> None:
    open_role = role("US-CO", closed=None)
    found = task(open_role, "US-CO-SB26-189/notice")
    assert (found.begins, found.state(TODAY), found.state(date(2027, 1, 1))) == (
        date(2027, 1, 1),
        State.COMING,
        State.OPEN,
    )
    assert "US-CO-SB26-189/notice" not in [duty.id for duty in role("US-CO").duties]


def test_connecticut_asks_for_notices_a_year_after_its_act_begins() -> None:
    found = task(role("US-CT", closed=None), "US-CT-SB5/notice")
    assert found.begins == date(2027, 10, 1)
    assert task(role("US-CT", closed=None), "US-CT-SB5/ban").begins == date(2026, 10, 1)


def test_the_eu_ai_act_is_a_maybe_from_the_earlier_of_two_days() -> None:
    found = task(role("DE", closed=None), "EU-AI-ACT-HIGH-RISK/notice")
    assert (found.begins, found.reaches, found.evidence) == (OPENED, Certainty.MAYBE, Evidence.UNCONFIRMED)


def test_quebec_and_the_uk_speak_only_where_nobody_decides() -> None:
    for where, id_ in (("CA-QC", "CA-QC-LAW25/notice"), ("GB", "GB-DUAA/notice")):
        with_person = duties_for([where], OPENED, uses_automated_tool=True, as_of=TODAY)
        assert id_ not in [duty.id for duty in with_person.duties]
        alone = duties_for([where], OPENED, uses_automated_tool=True, as_of=TODAY, tools=[Tool.SOLELY_AUTOMATED])
        assert task(alone, id_).reaches is Certainty.YES


def test_maryland_asks_for_a_waiver_where_faces_are_recognised() -> None:
    owed = duties_for(["US-MD"], OPENED, uses_automated_tool=True, as_of=TODAY, tools=[Tool.FACIAL_RECOGNITION])
    assert "signed waiver" in task(owed, "US-MD-FACIAL/consent").says


def test_records_are_kept_and_erased_by_place() -> None:
    german, french = role("DE"), role("FR")
    assert task(german, "DE-REJECTED/erase").due == date(2027, 5, 2)
    assert task(french, "FR-REJECTED/erase").due == date(2028, 11, 2)
    assert "EU-REJECTED/erase" not in [duty.id for duty in (*german.duties, *french.duties)]
    assert task(role("ES"), "EU-REJECTED/erase").evidence is Evidence.UNCONFIRMED
    kept = task(role("US-CO"), "US-SELECTION/keep")
    assert (kept.due, kept.state(TODAY), kept.state(date(2027, 11, 3))) == (
        date(2027, 11, 2),
        State.KEEP,
        State.TERM_OVER,
    )


def test_without_a_tool_no_notice_on_tools_is_owed() -> None:
    owed = duties_for(["US-NYC", "US-IL", "DE"], OPENED, uses_automated_tool=False, as_of=TODAY)
    assert not [duty for duty in owed.duties if duty.id.split("/")[0] in ("US-NYC-LL144", "US-IL-HB3773", "US-CA-ADS")]


def test_a_role_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(UserError, match="before it opens"):
        duties_for(["DE"], CLOSED, OPENED, uses_automated_tool=True, as_of=TODAY)
    with pytest.raises(UserError, match="cannot be meant"):
        duties_for(["DE"], date(26, 9, 1), uses_automated_tool=True, as_of=TODAY)


# What holds for any role ----------------------------------------------------------------------------------

PLACES = [id_ for id_, here in gazetteer().places.items() if here.kind is not Kind.WORLD]
WITH_ROWS = {rule.place for rule in automation_rules().values()} | {rule.place for rule in role_rules().values()}
UNREAD = [id_ for id_ in places_not_in_table(PLACES) if not any(id_ in ancestors(where) for where in WITH_ROWS)]
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
some_places = st.lists(st.sampled_from(PLACES), min_size=1, max_size=4, unique=True)
some_events = st.dictionaries(
    st.sampled_from([event for event in Event if event is not Event.OPENED]), days, max_size=4
)
whether = st.none() | st.booleans()


lengths = st.none() | st.integers(0, 900)
asked = st.tuples(some_places, days, lengths, whether, st.none() | st.integers(1, 5_000))


@given(asked=asked, events=some_events, looks=st.lists(days, min_size=2, max_size=4))
def test_the_day_of_asking_moves_no_task(
    asked: tuple[list[str], date, int | None, bool | None, int | None], events: dict[Event, date], looks: list[date]
) -> None:
    places, opened, length, tool, employees = asked
    closed = None if length is None else opened + timedelta(days=length)
    answers = [
        duties_for(places, opened, closed, uses_automated_tool=tool, as_of=as_of, employees=employees, events=events)
        for as_of in looks
    ]
    assert all((answer.duties, answer.gaps) == (answers[0].duties, answers[0].gaps) for answer in answers)
    rank = {State.COMING: 0, State.OPEN: 1, State.KEEP: 1, State.OVERDUE: 2, State.TERM_OVER: 2}
    for duty in answers[0].duties:
        states = [rank[duty.state(as_of)] for as_of in sorted(looks)]
        assert states == sorted(states), duty.id


@given(places=some_places, opened=days, tool=whether)
def test_the_order_of_places_changes_nothing(places: list[str], opened: date, tool: bool | None) -> None:
    one, other = (duties_for(order, opened, uses_automated_tool=tool, as_of=opened) for order in (places, places[::-1]))
    assert [duty.id for duty in one.duties] == [duty.id for duty in other.duties]
    assert set(one.gaps) == set(other.gaps)


@given(where=st.sampled_from(UNREAD), opened=days, tool=whether, as_of=days)
def test_an_unknown_place_stays_not_in_our_table(where: str, opened: date, tool: bool | None, as_of: date) -> None:
    answer = duties_for([where], opened, uses_automated_tool=tool, as_of=as_of)
    assert answer.not_in_table == (where,)
    assert {gap.subject for gap in answer.gaps} == set(Subject)
    assert all(duty.place != where for duty in answer.duties)
    assert all("not in our table" in gap.sentence for gap in answer.gaps)


@given(places=some_places, opened=days)
def test_more_places_never_drop_a_task(places: list[str], opened: date) -> None:
    together = {duty.id for duty in duties_for(places, opened, uses_automated_tool=True, as_of=opened).duties}
    for where in places:
        alone = duties_for([where], opened, uses_automated_tool=True, as_of=opened).duties
        assert {duty.id for duty in alone} <= together


@given(places=some_places, opened=days, tool=whether, events=some_events)
def test_every_task_names_its_source_or_is_unconfirmed_or_ours(
    places: list[str], opened: date, tool: bool | None, events: dict[Event, date]
) -> None:
    for duty in duties_for(places, opened, uses_automated_tool=tool, as_of=opened, events=events).duties:
        assert duty.sources or not duty.is_sure or duty.evidence is Evidence.HOUSE_RULE, duty.id
        assert duty.begins >= opened
        assert (duty.reaches is Certainty.MAYBE) == bool(duty.conditions)
        if duty.due is not None and duty.event is not Event.OPENED and duty.event not in events:
            raise AssertionError(f"{duty.id} is due on a day counted from an event that nobody dated")


@given(places=some_places, as_of=days)
def test_rules_on_tools_that_hold_today_are_all_there(places: list[str], as_of: date) -> None:
    """A second way to the same rows: the engine for one day, against the engine for a role opened on that day."""
    today = {(notice.rule_id, notice.says) for notice in automation_duties(places, as_of, tools=SCREENING)}
    tasks = duties_for(places, as_of, as_of, uses_automated_tool=True, as_of=as_of).duties
    of_rules = [(duty.id.split("/")[0], duty) for duty in tasks if duty.task not in (Task.KEEP, Task.ERASE)]
    assert today == {(rule, duty.says) for rule, duty in of_rules if rule in automation_rules()}


@given(start=days, count=st.integers(-80, 80))
def test_working_days_are_numpys(start: date, count: int) -> None:
    day = np.datetime64(start.isoformat())
    expected = (
        np.busday_offset(day, count, roll="preceding") if count > 0 else np.busday_offset(day, count, roll="following")
    )
    assert add_business_days(start, count) == (date.fromisoformat(str(expected)) if count else start)


@given(start=days, months=st.integers(0, 120))
def test_months_keep_the_day_or_end_the_month(start: date, months: int) -> None:
    later = add_months(start, months)
    assert (later.year * 12 + later.month) - (start.year * 12 + start.month) == months
    assert later.day == start.day or (later.day < start.day and (later + timedelta(days=1)).day == 1)


def test_every_row_is_of_a_known_place_and_counted_from_something() -> None:
    for row in role_rules().values():
        assert place(row.place).id == row.place
        assert row.before or row.within.after(OPENED) is not None, row.id
        assert row.sources or row.evidence in (Evidence.UNCONFIRMED, Evidence.HOUSE_RULE), row.id
