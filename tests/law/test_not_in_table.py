"""A place without a row is "not in our table"; the directive's day never heads a country without a national law."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tenfold.intake.cli.law import app
from tenfold.law.gazetteer import gazetteer
from tenfold.law.lookup import own_row, places_not_in_table
from tenfold.law.panel import transparency_panel
from tenfold.law.pay_transparency import PostingFacts, Status, examine
from tenfold.law.places import EU, Kind, ancestors, country_of, is_place, place
from tenfold.law.rules import Transposed, pay_rules, transpositions

SILENT = PostingFacts(has_range=False, benefits_stated=False)
DAY = date(2026, 11, 22)
EVERY_PLACE = [id_ for id_, here in gazetteer().places.items() if here.kind is not Kind.WORLD]
UNKNOWN_PLACES = list(places_not_in_table(EVERY_PLACE))
WITHOUT_ANY_ROW = [
    id_ for id_ in UNKNOWN_PLACES if not any(id_ in ancestors(rule.place) for rule in pay_rules().values())
]
MEMBERS = sorted(id_ for id_ in EVERY_PLACE if place(id_).parent == EU)

days = st.dates(date(2015, 1, 1), date(2032, 12, 31))


@given(where=st.sampled_from(WITHOUT_ANY_ROW), as_of=days, employees=st.none() | st.integers(1, 9_999))
def test_a_place_without_a_row_is_not_in_our_table_whatever_the_day(
    where: str, as_of: date, employees: int | None
) -> None:
    answers = examine(SILENT, [where], as_of, employees=employees, remote=False)
    assert [(answer.status, answer.rule_id, answer.since) for answer in answers] == [(Status.NOT_IN_TABLE, "", None)]
    assert not answers[0].decides
    panel = transparency_panel(SILENT, [where], as_of, employees=employees, remote=False)
    assert "not in our table" in panel.headline
    assert "no rule" not in panel.headline.casefold()


@given(where=st.sampled_from(EVERY_PLACE), as_of=days)
def test_every_place_is_answered_by_a_rule_by_its_row_or_as_not_in_our_table(where: str, as_of: date) -> None:
    for answer in examine(SILENT, [where], as_of, employees=50, remote=False):
        if not answer.rule_id:
            assert (answer.status is Status.NOT_IN_TABLE) == (own_row(where) is None)
            assert answer.status in (Status.NOT_IN_TABLE, Status.NOT_REQUIRED)


@given(places=st.lists(st.sampled_from(EVERY_PLACE), min_size=1, max_size=4, unique=True), as_of=days)
def test_the_order_of_places_changes_no_answer(places: list[str], as_of: date) -> None:
    one = {repr(answer.sentence) for answer in examine(SILENT, places, as_of, employees=50, remote=False)}
    other = {repr(answer.sentence) for answer in examine(SILENT, places[::-1], as_of, employees=50, remote=False)}
    assert one == other


def test_a_federal_row_does_not_answer_for_a_state() -> None:
    states = [id_ for id_ in EVERY_PLACE if place(id_).kind is Kind.STATE and country_of(id_) == "US"]
    without = [id_ for id_ in states if not any(rule.place == id_ for rule in pay_rules().values())]
    assert len(without) > 20
    assert set(without) <= set(UNKNOWN_PLACES)
    assert "US-OH" in without  # rows of its cities say nothing of the state


def test_a_row_that_was_read_and_asks_nothing_is_no_gap() -> None:
    assert {"US", "GB", "CA-NS", "CA-NL"}.isdisjoint(UNKNOWN_PLACES)


def test_all_27_members_have_a_row_that_says_how_far_the_directive_is_national_law() -> None:
    assert len(MEMBERS) == 27
    assert sorted(transpositions()) == MEMBERS
    for row in transpositions().values():
        assert row.transposition is not None
        state = row.transposition.state
        assert state is not Transposed.YES or row.standing.may_bind, row.id
        assert (state is Transposed.NOT_CONFIRMED) <= (not row.transposition.noted.evidence.may_decide), row.id


@pytest.mark.parametrize("country", MEMBERS)
@given(offset=st.integers(0, 3_000))
def test_the_directives_day_never_heads_a_country(country: str, offset: int) -> None:
    as_of = date(2026, 6, 7) + timedelta(days=offset)
    row = transpositions()[country]
    assert row.transposition is not None
    panel = transparency_panel(SILENT, [country], as_of, employees=500, remote=False)
    if row.transposition.state.binds_recruiters:
        assert all(found.place == country for found in panel.places)
        return
    directive = [found for found in panel.places if found.place == EU]
    assert [(found.since, row.name in found.law) for found in directive] == [(None, True)]
    assert row.name in " ".join(directive[0].conditions)
    assert all(not answer.decides for answer in directive[0].answers)


@pytest.mark.parametrize("country", MEMBERS)
def test_the_command_says_the_same(country: str) -> None:
    told = CliRunner().invoke(app, ["rules", "--place", country, "--as-of", "2026-11-22"]).output
    row = transpositions()[country]
    assert row.transposition is not None
    assert "in force since 7 June 2026" not in told or row.transposition.state.binds_recruiters
    assert row.transposition.state.words in " ".join(told.split())


@pytest.mark.parametrize("where", ["US-GA", "CA-QC", "JP", "US-TX"])
def test_the_command_says_not_in_our_table(where: str) -> None:
    told = " ".join(CliRunner().invoke(app, ["rules", "--place", where, "--as-of", "2026-11-22"]).output.split())
    assert "not in our table" in told
    assert "no rule may apply" not in told


def test_a_place_beside_a_known_one_is_still_named() -> None:
    panel = transparency_panel(SILENT, ["US-CO", "US-GA"], DAY, employees=50, remote=False)
    assert panel.not_in_table == ("Georgia, United States",)
    assert panel.headline.endswith("ask what the law there wants before you post.")


def test_places_inside_a_place_are_its_own() -> None:
    assert is_place("US-NY-ALBANY")
    assert list(ancestors("US-NY-ALBANY"))[:2] == ["US-NY-ALBANY", "US-NY"]
    assert own_row("US-NY-ALBANY") == pay_rules()["US-NY-ALBANY"]
