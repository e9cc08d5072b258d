"""The tables themselves: complete, well marked, and in step with the collected facts where these are at hand."""

import csv
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from tenfold.kit.facts import Evidence, load
from tenfold.law.automation import AutomationRule, automation_rules
from tenfold.law.dated import Certainty, Span, Standing
from tenfold.law.places import is_place
from tenfold.law.retention import RetentionRow, retention_rows
from tenfold.law.rules import Part, PayRule, pay_rules

CHECKOUT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("TENFOLD_SHARED", CHECKOUT.parent / "shared"))
COLLECTED = SHARED / "facts" / "pay_transparency.csv"
EVERY_ROW: list[PayRule | AutomationRule | RetentionRow] = [
    *pay_rules().values(),
    *automation_rules().values(),
    *retention_rows().values(),
]


def test_every_row_is_of_a_known_place() -> None:
    assert [row.id for row in EVERY_ROW if not is_place(row.place)] == []


def test_every_row_names_a_source_unless_it_is_unconfirmed_or_ours() -> None:
    bare = [row.id for row in EVERY_ROW if not row.sources and row.evidence.may_decide]
    assert [id_ for id_ in bare if not id_.startswith("HOUSE-")] == []


def test_every_duty_that_may_decide_names_a_source() -> None:
    duties = [(rule.id, duty) for rule in pay_rules().values() for duty in rule.duties]
    assert [id_ for id_, duty in duties if duty.evidence.may_decide and not duty.sources] == []


def test_a_rule_that_binds_has_a_first_day_and_one_that_does_not_asks_nothing() -> None:
    for rule in pay_rules().values():
        assert rule.standing.may_bind == bool(rule.duties), rule.id
        assert not rule.standing.may_bind or rule.span.first is not None, rule.id


def test_only_ontario_sets_a_hard_width() -> None:
    limits = {rule.id: duty.limit for rule in pay_rules().values() for duty in rule.duties if duty.limit}
    assert limits == {"CA-ON": 50_000}


def test_five_years_cover_every_row_and_the_wide_range_has_its_interval() -> None:
    wide = load()["law.wide_range_ratio"]
    assert wide.interval is not None
    assert wide.interval[0] <= wide.number <= wide.interval[1]
    years = [rule.records.years for rule in pay_rules().values() if rule.records]
    assert max(years) <= load().number("law.posting_records_years")


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2026, 7, 12), "no"), (date(2026, 7, 13), "maybe"), (date(2026, 7, 29), "yes")],
)
def test_a_span_is_a_maybe_where_two_sources_differ(day: date, holds: str) -> None:
    assert Span(first=date(2026, 7, 13), other_first=date(2026, 7, 29)).holds(day) is Certainty(holds)


# Against the collected facts ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def collected() -> dict[str, dict[str, str]]:
    if not COLLECTED.is_file():
        pytest.skip(f"the collected facts are not at {COLLECTED}")
    with COLLECTED.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


def test_the_table_holds_the_rows_that_were_collected(collected: dict[str, dict[str, str]]) -> None:
    assert set(collected) <= set(pay_rules())


def collected_rules(collected: dict[str, dict[str, str]]) -> dict[str, PayRule]:
    """Our rows of what was collected; rows that were read later have nothing to be compared with."""
    return {id_: rule for id_, rule in pay_rules().items() if id_ in collected}


def test_every_first_day_is_the_collected_one(collected: dict[str, dict[str, str]]) -> None:
    rules = collected_rules(collected)
    ours = {id_: rule.span.first.isoformat() if rule.span.first else "" for id_, rule in rules.items()}
    assert ours == {id_: row["in_force_since"] for id_, row in collected.items()}


def test_every_threshold_is_the_collected_one(collected: dict[str, dict[str, str]]) -> None:
    rules = collected_rules(collected)
    ours = {id_: rule.threshold.at_least if rule.threshold else 0 for id_, rule in rules.items()}
    assert ours == {id_: int(row["threshold_employees"] or 0) for id_, row in collected.items()}


@pytest.mark.parametrize(
    ("column", "part", "told_otherwise"),
    [
        ("pay_range_in_posting", Part.RANGE, {"EU-PL"}),  # in Poland posting or interview will do
        ("benefits_in_posting", Part.BENEFITS, set()),
        ("bonus_equity_other_comp_in_posting", Part.OTHER_PAY, {"CA-ON"}),  # only bonuses that count as wages
    ],
)
def test_what_must_stand_in_the_posting_is_what_was_collected(
    collected: dict[str, dict[str, str]], column: str, part: Part, told_otherwise: set[str]
) -> None:
    asked = {id_ for id_, rule in collected_rules(collected).items() if asks_in_posting(rule, part)}
    said = {id_ for id_, row in collected.items() if row[column].startswith("yes")}
    assert asked ^ said == told_otherwise


def asks_in_posting(rule: PayRule, part: Part) -> bool:
    return any(duty.part is part and duty.moment.value == "posting" for duty in rule.duties)


def test_what_was_collected_from_memory_is_unconfirmed_or_has_a_source_of_its_own(
    collected: dict[str, dict[str, str]],
) -> None:
    wrong = []
    for id_, row in collected.items():
        rule = pay_rules()[id_]
        gathered = set(row["source_urls"].split(" ; "))
        for field, evidence, sources in fields_from_memory(rule, row["memory_parts"]):
            if evidence is not Evidence.UNCONFIRMED and set(sources) <= gathered:
                wrong.append((id_, field))
    assert wrong == []


def fields_from_memory(rule: PayRule, memory: str) -> Iterable[tuple[str, Evidence, tuple[str, ...]]]:
    """The fields of a row that its collected `memory_parts` name, with their marks and sources."""
    everything = memory == "all" or memory.startswith("all but")
    for duty in rule.duties:
        history = duty.part is Part.NO_PAY_HISTORY and "salary_history_ban" in memory and "year" not in memory
        ends = duty.part is Part.BOTH_ENDS and "hard_range_rule" in memory
        if everything or history or ends:
            yield duty.part, duty.evidence, duty.sources
    if rule.threshold and (everything or "threshold" in memory):
        yield "threshold", rule.threshold.evidence, rule.threshold.sources
    if rule.remote_note and "remote_rule" in memory:
        yield "remote", rule.remote_note.evidence, rule.remote_note.sources
    if rule.penalty and (everything or "penalty_and_cure" in memory or "statutory damages" in memory):
        yield "penalty", rule.penalty.evidence, rule.penalty.sources


def test_states_without_a_law_are_rows_too() -> None:
    standings = {id_: rule.standing for id_, rule in pay_rules().items()}
    assert standings["US-FED"] is Standing.NONE
    assert standings["CA-NL"] is Standing.NOT_PROCLAIMED
    assert standings["EU-DE"] is Standing.LATE
