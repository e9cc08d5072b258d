"""Rules on automated tools, and how long records are kept: worked examples."""

from datetime import date

import pytest

from tenfold.kit.facts import Evidence
from tenfold.law.automation import Kind, Notice, Tool, automation_rules, duties_for, notices_for
from tenfold.law.dated import Certainty
from tenfold.law.retention import Record, retention_for

NOVEMBER_2026 = date(2026, 11, 22)


def rules(notices: tuple[Notice, ...]) -> set[str]:
    return {notice.rule_id for notice in notices if not notice.rule_id.startswith("HOUSE")}


def test_a_scored_exercise_in_new_york_city_needs_a_notice_ten_business_days_before() -> None:
    notices = notices_for(["US-NYC"], NOVEMBER_2026, tools=[Tool.AUTOMATED])
    (notice,) = (notice for notice in notices if notice.rule_id == "US-NYC-LL144")
    assert (notice.business_days_before, notice.reaches, notice.decides) == (10, Certainty.YES, True)
    owed = duties_for(["US-NYC"], NOVEMBER_2026, tools=[Tool.AUTOMATED])
    assert Kind.AUDIT in {duty.kind for duty in owed if duty.rule_id == "US-NYC-LL144"}


def test_without_a_tool_only_the_accommodation_statement_is_left() -> None:
    notices = notices_for(["US-NYC"], NOVEMBER_2026, tools=[])
    assert {(notice.rule_id, notice.evidence) for notice in notices} == {("HOUSE-ACCOMMODATION", Evidence.HOUSE_RULE)}
    assert all(notice.words for notice in notices)


def test_where_the_tool_is_not_told_its_rules_are_maybes() -> None:
    (ontario,) = (n for n in notices_for(["CA-ON"], NOVEMBER_2026) if n.rule_id == "CA-ON-AI")
    assert (ontario.kind, ontario.reaches) == (Kind.POSTING_STATEMENT, Certainty.MAYBE)
    assert "you use a tool of this kind: ai" in ontario.conditions


@pytest.mark.parametrize(("day", "in_force"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True)])
def test_colorados_rule_on_automated_decisions_begins_in_2027(day: date, in_force: bool) -> None:
    found = rules(notices_for(["US-CO"], day, tools=[Tool.AUTOMATED]))
    assert ("US-CO-SB26-189" in found) is in_force


def test_colorados_first_ai_act_never_binds_and_is_still_in_the_table() -> None:
    for day in (date(2026, 2, 1), date(2026, 6, 30), date(2030, 1, 1)):
        assert "US-CO-SB24-205" not in rules(duties_for(["US-CO"], day, tools=[Tool.AI]))
    assert automation_rules()["US-CO-SB24-205"].note.startswith("Never took effect")


@pytest.mark.parametrize(
    ("day", "reaches"),
    [
        (date(2026, 8, 1), None),
        (NOVEMBER_2026, Certainty.MAYBE),
        (date(2027, 12, 1), Certainty.MAYBE),
        (date(2027, 12, 2), Certainty.YES),
    ],
)
def test_the_eu_ai_act_on_recruitment_is_open_until_december_2027(day: date, reaches: Certainty | None) -> None:
    owed = [n for n in duties_for(["DE"], day, tools=[Tool.AI]) if n.rule_id == "EU-AI-ACT-HIGH-RISK"]
    assert {notice.reaches for notice in owed} == ({reaches} if reaches else set())
    assert not any(notice.decides for notice in owed)


def test_a_small_employer_is_not_under_californias_regulations() -> None:
    small = duties_for(["US-CA"], NOVEMBER_2026, tools=[Tool.AUTOMATED], employees=4)
    large = duties_for(["US-CA"], NOVEMBER_2026, tools=[Tool.AUTOMATED], employees=5)
    assert "US-CA-ADS" not in rules(small)
    assert "US-CA-ADS" in rules(large)


def test_a_notice_that_no_source_confirms_does_not_decide() -> None:
    for notice in duties_for(["WORLD"], date(2028, 1, 1), tools=list(Tool)):
        assert not (notice.decides and notice.evidence is Evidence.UNCONFIRMED)


def test_a_job_open_to_all_the_us_meets_the_rules_of_states_on_a_condition() -> None:
    notices = notices_for(["US"], NOVEMBER_2026, tools=[Tool.AI], employees=100)
    (illinois,) = (notice for notice in notices if notice.rule_id == "US-IL-HB3773")
    assert illinois.conditions == ("a candidate is in the place of Illinois, HB 3773",)


@pytest.mark.parametrize(
    ("place", "record", "months"),
    [
        ("US-TX", Record.SELECTION, 12),
        ("US-CA", Record.AUTOMATED_DECISION, 48),
        ("US-CO", Record.AUTOMATED_DECISION, None),
        ("CA-ON", Record.POSTING, 60),
        ("DE", Record.REJECTED_CANDIDATE, None),
    ],
)
def test_records_are_kept_as_long_as_the_longest_row_asks(place: str, record: Record, months: int | None) -> None:
    assert retention_for([place], NOVEMBER_2026, record).keep_months == months


def test_a_nearer_row_takes_the_place_of_the_default() -> None:
    french = retention_for(["FR"], NOVEMBER_2026, Record.REJECTED_CANDIDATE)
    assert (french.keep_at_most_months, french.at_most_evidence) == (24, Evidence.SECONDARY)
    both = retention_for(["FR", "ES"], NOVEMBER_2026, Record.REJECTED_CANDIDATE)
    assert both.keep_at_most_months == 6


def test_an_upper_bound_of_memory_stays_marked() -> None:
    kept = retention_for(["ES"], NOVEMBER_2026, Record.REJECTED_CANDIDATE)
    assert (kept.keep_at_most_months, kept.at_most_evidence) == (6, Evidence.UNCONFIRMED)


def test_colorado_keeps_tool_records_for_three_years_from_2027() -> None:
    assert retention_for(["US-CO"], date(2027, 1, 1), Record.AUTOMATED_DECISION).keep_months == 36


def test_the_house_rule_of_five_years_covers_every_posting_row() -> None:
    everywhere = retention_for(["WORLD"], date(2030, 1, 1), Record.POSTING)
    assert everywhere.keep_months == 60
    assert {"US-IL-POSTING", "CA-ON-POSTING", "US-MD-POSTING"} <= {row.id for row in everywhere.rows}
