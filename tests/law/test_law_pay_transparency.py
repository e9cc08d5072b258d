"""Pay transparency as worked examples: a posting, its places, a day; and laws that always hold."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.kit.errors import UserError
from tenfold.kit.facts import Evidence
from tenfold.law.dated import Certainty
from tenfold.law.pay_transparency import (
    LawAnswer,
    PostingFacts,
    Status,
    coming_rules,
    examine,
    rules_for,
    strictest_common,
)
from tenfold.law.rules import Part, PayRule, pay_rules

NOVEMBER_2026 = date(2026, 11, 22)
SILENT_ON_PAY = PostingFacts(
    has_range=False,
    benefits_stated=True,
    bonus_equity_stated=False,
    deadline_stated=False,
    description_stated=True,
    history_asked=False,
)
FULL = PostingFacts(
    has_range=True,
    both_ends=True,
    minimum=165_000,
    maximum=195_000,
    currency="USD",
    hiring_range=True,
    benefits_stated=True,
    bonus_equity_stated=True,
    deadline_stated=True,
    description_stated=True,
    gender_neutral_title=True,
    ai_used=True,
    ai_notice=True,
    vacancy_stated=True,
    canadian_experience_asked=False,
    history_asked=False,
)
PLACES = ("US", "US-CO", "US-CA", "US-NY", "US-NYC", "US-OH", "US-TX", "US-MA", "CA-ON", "CA", "DE", "EU", "IE", "GB")


def answer_of(answers: tuple[LawAnswer, ...], rule: str, part: Part) -> LawAnswer:
    return next(answer for answer in answers if (answer.rule_id, answer.part) == (rule, part))


def ids(rules: tuple[PayRule, ...]) -> set[str]:
    return {rule.id for rule in rules}


def test_a_posting_for_colorado_without_pay_lacks_range_other_pay_and_deadline() -> None:
    answers = examine(SILENT_ON_PAY, ["US-CO"], NOVEMBER_2026, employees=60, remote=False)
    assert {(answer.part, answer.status, answer.decides) for answer in answers} == {
        (Part.RANGE, Status.MISSING, True),
        (Part.BENEFITS, Status.PRESENT, False),
        (Part.OTHER_PAY, Status.MISSING, True),
        (Part.DEADLINE, Status.MISSING, True),
        (Part.NO_PAY_HISTORY, Status.NOT_ASKED, False),
    }


def test_an_answer_carries_sources_dates_evidence_and_that_it_is_no_advice() -> None:
    answers = examine(SILENT_ON_PAY, ["US-CO"], NOVEMBER_2026, employees=60, remote=False)
    answer = answer_of(answers, "US-CO", Part.DEADLINE)
    assert answer.since == date(2024, 1, 1)
    assert answer.checked == date(2026, 7, 5)
    assert answer.evidence is Evidence.SECONDARY
    assert all(source.startswith("https://") for source in answer.sources)
    assert answer.sentence == "Colorado: application deadline missing (since 1 January 2024)."
    assert "Not legal advice." in answer.as_fact().statement


def test_before_2024_colorado_asked_for_no_deadline() -> None:
    answers = examine(SILENT_ON_PAY, ["US-CO"], date(2023, 12, 31), employees=60, remote=False)
    assert Part.DEADLINE not in {answer.part for answer in answers}


def test_a_remote_posting_for_the_us_without_pay_is_surely_wanting_in_some_states_and_maybe_in_others() -> None:
    answers = examine(SILENT_ON_PAY, ["US"], NOVEMBER_2026, employees=200, remote=True)
    missing = [a for a in answers if a.part is Part.RANGE and a.status is Status.MISSING]
    assert {"US-NJ", "US-VA", "US-ME"} <= {a.rule_id for a in missing if a.decides}
    illinois = answer_of(answers, "US-IL", Part.RANGE)
    assert (illinois.status, illinois.reaches) == (Status.MISSING, Certainty.MAYBE)
    assert illinois.conditions == ("the person hired works in Illinois, at least partly",)


def test_an_office_in_illinois_makes_the_remote_posting_illinois_too() -> None:
    answers = examine(SILENT_ON_PAY, ["US-TX"], NOVEMBER_2026, employees=200, remote=True, offices=["US-IL"])
    assert answer_of(answers, "US-IL", Part.RANGE).decides


def test_employees_in_colorado_make_a_remote_posting_colorados() -> None:
    told = examine(SILENT_ON_PAY, ["US"], NOVEMBER_2026, employees=200, employees_at={"US-CO": 3}, remote=True)
    assert answer_of(told, "US-CO", Part.RANGE).decides
    none = rules_for(["US"], NOVEMBER_2026, employees=200, employees_at={"US-CO": 0}, remote=True)
    assert "US-CO" not in ids(none)


@pytest.mark.parametrize(
    ("day", "rule", "status"),
    [(date(2026, 9, 30), "US-CT-OLD", Status.NOT_REQUIRED), (date(2026, 10, 1), "US-CT", Status.MISSING)],
)
def test_connecticut_asks_for_the_range_in_the_posting_from_1_october_2026(
    day: date, rule: str, status: Status
) -> None:
    assert ids(rules_for(["US-CT"], day, employees=20, remote=False)) == {rule}
    answers = examine(SILENT_ON_PAY, ["US-CT"], day, employees=20, remote=False)
    assert answer_of(answers, rule, Part.RANGE).status is status


@pytest.mark.parametrize(
    ("rule", "place", "first"),
    [
        ("US-VA", "US-VA", date(2026, 7, 1)),
        ("US-DE", "US-DE", date(2027, 9, 26)),
        ("US-MA", "US-MA", date(2025, 10, 29)),
        ("US-NJ", "US-NJ", date(2025, 6, 1)),
        ("CA-ON", "CA-ON", date(2026, 1, 1)),
        ("EU-DIR", "FR", date(2026, 6, 7)),
    ],
)
def test_a_rule_holds_from_its_first_day_on(rule: str, place: str, first: date) -> None:
    assert rule not in ids(rules_for([place], first - timedelta(days=1)))
    assert rule in ids(rules_for([place], first))


def test_between_two_dates_that_sources_give_for_maine_nothing_decides() -> None:
    def range_answer(day: date) -> LawAnswer:
        answers = examine(SILENT_ON_PAY, ["US-ME"], day, employees=40, remote=False)
        return answer_of(answers, "US-ME", Part.RANGE)

    assert not range_answer(date(2026, 7, 20)).decides
    assert range_answer(date(2026, 7, 20)).conflict == "One page gives 29 July 2026 as the first day in force."
    assert range_answer(date(2026, 7, 29)).decides


def test_columbus_is_in_force_before_it_is_enforced() -> None:
    answers = examine(
        SILENT_ON_PAY, ["US-OH-COLUMBUS"], NOVEMBER_2026, employees_at={"US-OH-COLUMBUS": 30}, remote=False
    )
    answer = answer_of(answers, "US-OH-COLUMBUS", Part.RANGE)
    assert answer.enforced_from == date(2027, 1, 1)
    assert answer.because == "in force since 3 December 2025, enforced from 1 January 2027"


@pytest.mark.parametrize(("maximum", "status"), [(150_000, Status.PRESENT), (165_000, Status.UNUSUALLY_WIDE)])
def test_ontario_allows_a_range_of_50_000_canadian_dollars(maximum: int, status: Status) -> None:
    facts = replace(FULL, minimum=100_000, maximum=maximum, currency="CAD")
    answers = examine(facts, ["CA-ON"], NOVEMBER_2026, employees=80, remote=False)
    assert answer_of(answers, "CA-ON", Part.WIDTH).status is status


def test_ontarios_pay_duties_are_off_above_200_000_canadian_dollars_and_the_others_are_not() -> None:
    facts = replace(FULL, minimum=120_000, maximum=210_000, currency="CAD", vacancy_stated=False)
    answers = examine(facts, ["CA-ON"], NOVEMBER_2026, employees=80, remote=False)
    assert answer_of(answers, "CA-ON", Part.WIDTH).status is Status.NOT_REQUIRED
    assert answer_of(answers, "CA-ON", Part.RANGE).status is Status.NOT_REQUIRED
    assert answer_of(answers, "CA-ON", Part.VACANCY).status is Status.MISSING


def test_ontarios_width_is_unknown_for_a_range_in_another_currency() -> None:
    answers = examine(FULL, ["CA-ON"], NOVEMBER_2026, employees=80, remote=False)
    assert answer_of(answers, "CA-ON", Part.WIDTH).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("used", "notice", "status"),
    [
        (True, False, Status.MISSING),
        (True, True, Status.PRESENT),
        (False, False, Status.NOT_REQUIRED),
        (None, False, Status.UNKNOWN),
    ],
)
def test_ontario_wants_the_use_of_ai_stated(used: bool | None, notice: bool, status: Status) -> None:
    facts = replace(FULL, ai_used=used, ai_notice=notice)
    answers = examine(facts, ["CA-ON"], NOVEMBER_2026, employees=80)
    assert answer_of(answers, "CA-ON", Part.AI_STATEMENT).status is status


def test_up_to_is_open_ended_and_decides_where_a_source_says_that_it_will_not_do() -> None:
    facts = replace(FULL, both_ends=False, minimum=None)
    new_jersey = examine(facts, ["US-NJ"], NOVEMBER_2026, employees=80, remote=False)
    hawaii = examine(facts, ["US-HI"], NOVEMBER_2026, employees=80, remote=False)
    assert answer_of(new_jersey, "US-NJ", Part.RANGE).decides
    assert answer_of(hawaii, "US-HI", Part.RANGE).status is Status.OPEN_ENDED
    assert not answer_of(hawaii, "US-HI", Part.RANGE).decides


def test_a_minimum_is_enough_in_austria() -> None:
    facts = replace(FULL, both_ends=False, maximum=None, currency="EUR")
    answers = examine(facts, ["AT"], NOVEMBER_2026)
    assert answer_of(answers, "EU-AT", Part.RANGE).status is Status.PRESENT


def test_a_link_replaces_the_range_in_illinois_and_not_in_california() -> None:
    facts = replace(FULL, by_link=True)
    california = examine(facts, ["US-CA"], NOVEMBER_2026, employees=80, remote=False)
    illinois = examine(facts, ["US-IL"], NOVEMBER_2026, employees=80, remote=False)
    assert answer_of(california, "US-CA", Part.RANGE).status is Status.MISSING
    assert answer_of(illinois, "US-IL", Part.RANGE).status is Status.PRESENT


def test_a_question_about_past_pay_is_told() -> None:
    answers = examine(replace(FULL, history_asked=True), ["US-CA"], NOVEMBER_2026, employees=80, remote=False)
    answer = answer_of(answers, "US-CA", Part.NO_PAY_HISTORY)
    assert (answer.status, answer.evidence, answer.decides) == (Status.ASKED, Evidence.PRIMARY, True)


def test_an_unconfirmed_duty_is_unknown_and_never_missing() -> None:
    answers = examine(SILENT_ON_PAY, ["LV"], NOVEMBER_2026)
    answer = answer_of(answers, "EU-LV", Part.RANGE)
    assert (answer.status, answer.decides) == (Status.UNKNOWN, False)
    assert answer.because == "no source that was read confirms this part of the rule"


def test_an_unconfirmed_threshold_frees_nobody_and_accuses_nobody() -> None:
    answers = examine(SILENT_ON_PAY, ["US-NY-ITHACA"], NOVEMBER_2026, employees=2, remote=False)
    answer = answer_of(answers, "US-NY-ITHACA", Part.RANGE)
    assert (answer.status, answer.reaches, answer.decides) == (Status.MISSING, Certainty.MAYBE, False)


def test_westchesters_law_may_have_lapsed_when_the_states_came() -> None:
    def reaches(day: date) -> set[Certainty]:
        answers = examine(SILENT_ON_PAY, ["US-NY-WESTCHESTER"], day, employees=30, remote=False)
        return {a.reaches for a in answers if a.rule_id == "US-NY-WESTCHESTER"}

    assert reaches(date(2023, 9, 16)) == {Certainty.YES}
    assert reaches(date(2023, 9, 17)) == {Certainty.MAYBE}


@pytest.mark.parametrize(
    ("place", "status", "words"),
    [
        ("US-TX", Status.NOT_IN_TABLE, "not in our table"),
        ("GB", Status.NOT_REQUIRED, "call for evidence"),
        ("US-DE", Status.NOT_REQUIRED, "begins on 26 September 2027"),
        ("JP", Status.NOT_IN_TABLE, "not in our table"),
        ("CA-QC", Status.NOT_IN_TABLE, "not in our table"),
        ("CA-NS", Status.NOT_REQUIRED, "No duty in the posting"),
    ],
)
def test_a_place_without_a_rule_in_force_gets_an_answer_too(place: str, status: Status, words: str) -> None:
    (answer,) = examine(SILENT_ON_PAY, [place], NOVEMBER_2026, employees=80, remote=False)
    assert (answer.rule_id, answer.status) == ("", status)
    assert words in answer.because


def test_a_small_employer_is_told_the_threshold() -> None:
    (answer,) = examine(SILENT_ON_PAY, ["US-MN"], NOVEMBER_2026, employees=12, remote=False)
    assert answer.status is Status.NOT_REQUIRED
    assert "30 employees at one or more sites in Minnesota" in answer.because


def test_germany_is_a_maybe_because_the_directive_waits_for_national_law() -> None:
    answers = examine(SILENT_ON_PAY, ["DE"], NOVEMBER_2026)
    answer = answer_of(answers, "EU-DIR", Part.RANGE)
    assert (answer.status, answer.because) == (
        Status.NOT_REQUIRED,
        "it is owed in the posting or before the interview",
    )
    assert "Germany: not transposed (checked 5 July 2026)" in answer.conditions[0]
    assert answer.since is None
    assert answer.law.endswith("(deadline for national law 7 June 2026, not national law in Germany when checked)")


def test_a_range_wider_than_nine_in_ten_is_told_and_breaks_no_rule() -> None:
    facts = replace(FULL, minimum=80_000, maximum=240_000)
    answers = examine(facts, ["US-TX"], NOVEMBER_2026, employees=80, remote=False)
    (wide,) = (a for a in answers if a.status is Status.UNUSUALLY_WIDE)
    assert (wide.rule_id, wide.decides) == ("", False)
    assert "3.0 times its bottom" in wide.because


def test_delaware_makes_breadth_evidence_and_still_sets_no_limit() -> None:
    facts = replace(FULL, minimum=80_000, maximum=240_000)
    answers = examine(facts, ["US-DE"], date(2027, 10, 1), employees=80, remote=False)
    answer = answer_of(answers, "US-DE", Part.WIDTH)
    assert (answer.status, answer.decides) == (Status.UNUSUALLY_WIDE, False)


def test_no_answer_says_illegal() -> None:
    for facts in (SILENT_ON_PAY, FULL, replace(FULL, history_asked=True, minimum=1, both_ends=False)):
        for answer in examine(facts, ["WORLD"], NOVEMBER_2026, remote=True):
            words = f"{answer.sentence} {answer.because} {answer.says}".casefold()
            assert "illegal" not in words
            assert "unlawful" not in words


def test_the_strictest_common_posting_for_the_us_is_the_known_one() -> None:
    common = strictest_common(["US"], NOVEMBER_2026, employees=500, remote=True)
    assert {part.part for part in common.parts} - {Part.WIDTH} == {
        Part.RANGE,
        Part.BOTH_ENDS,
        Part.HIRING_RANGE,
        Part.BENEFITS,
        Part.OTHER_PAY,
        Part.DEADLINE,
        Part.JOB_DESCRIPTION,
        Part.NO_PAY_HISTORY,
    }
    assert (common.width_limit, common.keep_records_years) == (None, 5)
    assert common.advice == "Not legal advice."


def test_ontario_adds_its_width_and_statements_to_the_common_posting() -> None:
    common = strictest_common(["US", "CA-ON"], NOVEMBER_2026, employees=500, remote=True)
    assert common.width_limit == (50_000.0, "CAD")
    assert common.asks(Part.AI_STATEMENT)
    assert common.asks(Part.VACANCY)


def test_what_comes_is_listed_nearest_first() -> None:
    coming = coming_rules(["US"], date(2026, 7, 10))
    assert [rule.id for rule in coming] == ["US-ME", "US-CT", "US-DE"]


def test_an_unknown_place_is_the_readers_to_mend() -> None:
    with pytest.raises(UserError, match="No place has the id “Colorado”"):
        rules_for(["Colorado"], NOVEMBER_2026)


days = st.dates(min_value=date(2019, 1, 1), max_value=date(2028, 12, 31))
some_places = st.lists(st.sampled_from(PLACES), min_size=1, max_size=4, unique=True)
headcounts = st.one_of(st.none(), st.integers(min_value=1, max_value=300))
remotes = st.one_of(st.none(), st.booleans())


@settings(deadline=None)
@given(places=some_places, extra=st.sampled_from(PLACES), day=days, employees=headcounts, remote=remotes)
def test_adding_a_place_never_removes_a_duty(
    places: list[str], extra: str, day: date, employees: int | None, remote: bool | None
) -> None:
    def wanting(where: list[str]) -> set[tuple[str, Part, bool]]:
        answers = examine(SILENT_ON_PAY, where, day, employees=employees, remote=remote)
        return {(a.rule_id, a.part, a.decides) for a in answers if a.rule_id and a.status.wanting}

    before, after = wanting(places), wanting([*places, extra])
    assert {(rule, part) for rule, part, _ in before} <= {(rule, part) for rule, part, _ in after}
    assert {found for found in before if found[2]} <= after


@settings(deadline=None)
@given(places=some_places, day=days, employees=headcounts, remote=remotes)
def test_a_posting_with_all_that_the_strictest_one_asks_lacks_nothing(
    places: list[str], day: date, employees: int | None, remote: bool | None
) -> None:
    common = strictest_common(places, day, employees=employees, remote=remote)
    limit = common.width_limit or (30_000, "USD")
    facts = PostingFacts(
        has_range=common.asks(Part.RANGE),
        both_ends=True,
        minimum=150_000,
        maximum=150_000 + limit[0],
        currency=limit[1],
        hiring_range=common.asks(Part.HIRING_RANGE),
        benefits_stated=common.asks(Part.BENEFITS),
        bonus_equity_stated=common.asks(Part.OTHER_PAY),
        deadline_stated=common.asks(Part.DEADLINE),
        description_stated=common.asks(Part.JOB_DESCRIPTION),
        gender_neutral_title=common.asks(Part.GENDER_NEUTRAL),
        ai_used=True,
        ai_notice=common.asks(Part.AI_STATEMENT),
        vacancy_stated=common.asks(Part.VACANCY),
        canadian_experience_asked=not common.asks(Part.NO_CANADIAN_EXPERIENCE),
        history_asked=not common.asks(Part.NO_PAY_HISTORY),
    )
    answers = examine(facts, places, day, employees=employees, remote=remote)
    assert [answer.sentence for answer in answers if answer.status.wanting] == []


@settings(deadline=None)
@given(places=some_places, day=days, employees=headcounts, remote=remotes)
def test_nothing_unconfirmed_decides(places: list[str], day: date, employees: int | None, remote: bool | None) -> None:
    for facts in (SILENT_ON_PAY, replace(FULL, history_asked=True, both_ends=False)):
        for answer in examine(facts, places, day, employees=employees, remote=remote):
            if answer.decides:
                rule = pay_rules()[answer.rule_id]
                assert answer.evidence is not Evidence.UNCONFIRMED
                assert rule.from_evidence is not Evidence.UNCONFIRMED
                assert rule.threshold is None or rule.threshold.evidence is not Evidence.UNCONFIRMED
