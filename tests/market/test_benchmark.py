"""Questions to the model that is shipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalogue.store import catalogue
from tenfold.market.benchmark import NotSupported, PayEstimate, PayQuestion, estimate
from tenfold.market.model import default_model
from tenfold.market.places import locate, places

SENIOR = PayQuestion("mlops", "senior")
DENVER, SAN_JOSE = "19740", "41940"


def answered(question: PayQuestion) -> PayEstimate:
    answer = estimate(question)
    assert isinstance(answer, PayEstimate)
    return answer


def refused(question: PayQuestion) -> NotSupported:
    answer = estimate(question)
    assert isinstance(answer, NotSupported)
    return answer


def test_a_senior_mlops_engineer_is_priced_with_n_dates_and_sources() -> None:
    answer = answered(SENIOR)
    assert 165_000 < answer.p50 < 195_000
    assert answer.median_interval[0] < answer.p50 < answer.median_interval[1]
    assert answer.n_raw >= 40
    assert answer.first_date < answer.last_date <= date(2025, 8, 3)
    assert answer.sources
    assert answer.snapshot == default_model().snapshot
    assert "ads in this cell" in answer.pooled_from


def test_years_stand_for_a_level() -> None:
    assert answered(PayQuestion("mlops", years=6)) == answered(SENIOR)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        (PayQuestion("mlops", "junior"), "fewer than 5"),
        (PayQuestion("mlops", "staff"), "visa filings"),
        (PayQuestion("ai-infrastructure", "senior"), "AI infrastructure"),
        (replace(SENIOR, country="GB", level="staff"), "in the United Kingdom"),
    ],
)
def test_what_the_data_cannot_say_is_refused_with_the_nearest(question: PayQuestion, word: str) -> None:
    answer = refused(question)
    assert word in answer.reason
    assert "import" in answer.what_would_help
    assert answer.nearest is not None
    assert answer.nearest.country == question.country


@pytest.mark.parametrize(
    ("country", "word"), [("CA", "are tagged CAD"), ("IS", "outside the US"), ("DE", "are tagged EUR")]
)
def test_a_country_without_sound_data_borrows_no_other_countrys_pay(country: str, word: str) -> None:
    for role, level in product(catalogue().roles, catalogue().levels):
        answer = estimate(PayQuestion(role, level, country=country))
        assert isinstance(answer, NotSupported)
        assert word in answer.reason
        assert answer.nearest is None
        assert answer.borrowed is None


def test_ai_infrastructure_borrows_the_name_of_its_neighbour_openly() -> None:
    nearest = refused(PayQuestion("ai-infrastructure", "senior")).nearest
    assert nearest is not None
    assert nearest.role == "mlops"


def test_a_dear_metro_pays_more_and_its_interval_is_wider() -> None:
    there, here = answered(replace(SENIOR, metro_cbsa=SAN_JOSE)), answered(SENIOR)
    assert there.p50 > here.p50
    assert _width(there) > _width(here)


def test_the_average_worker_stands_at_factor_one() -> None:
    line = places().slopes["15-1252"]
    assert 0.65 < line.slope < 1.0
    factors = [places().factor(cbsa, "mlops") for cbsa in places().metros]
    assert min(f.factor for f in factors if f) < 1 < max(f.factor for f in factors if f)


def test_scope_moves_pay_towards_the_side_it_leans_to_and_balanced_moves_nothing() -> None:
    medians = [answered(replace(SENIOR, infra_share=share)).p50 for share in (0, 30, 50, 70, 100)]
    assert medians == sorted(medians, reverse=True)
    assert medians[2] == answered(SENIOR).p50


def test_stage_changes_no_figure_and_says_so() -> None:
    with_stage = answered(replace(SENIOR, stage="seed"))
    assert with_stage.p50 == answered(SENIOR).p50
    assert any("stage" in note for note in with_stage.notes)


def test_an_old_estimate_reaches_further_up_but_not_without_end() -> None:
    now, later, much_later = (
        answered(replace(SENIOR, as_of=day)) for day in (date(2025, 5, 1), date(2026, 5, 1), date(2031, 5, 1))
    )
    assert now.median_interval[1] < later.median_interval[1] < much_later.median_interval[1]
    assert any("24 months only" in note for note in much_later.notes)


@given(st.floats(20_000, 900_000), st.floats(20_000, 900_000))
def test_more_pay_is_never_a_lower_percentile(a: float, b: float) -> None:
    answer = answered(SENIOR)
    low, high = sorted((a, b))
    assert answer.percentile_of(low) <= answer.percentile_of(high)
    bounds = answer.percentile_interval(low)
    assert bounds[0] <= answer.percentile_of(low) + 0.01
    assert answer.percentile_of(low) <= bounds[1] + 0.01


def test_every_supported_cell_rises_with_level() -> None:
    model = default_model()
    for role in ("mlops", "ml-engineer", "data-engineer", "devops"):
        medians = [
            answered(PayQuestion(role, level)).p50
            for level in ("junior", "mid", "senior", "principal")
            if model.counts.get(f"{role}:{level}", 0) >= 5
        ]
        assert medians == sorted(medians)


def test_the_shipped_tables_show_no_cell_below_five_ads() -> None:
    tables = default_model().tables
    assert all(row["n"] >= 5 for row in tables["years"])
    assert all("p25" not in row for row in tables["years"] if row["n"] < 8)
    assert all("p10" not in row for row in tables["years"] if row["n"] < 20)


@pytest.mark.parametrize(
    ("words", "country", "metro"),
    [
        ("Denver", "US", "Denver-Aurora-Centennial, CO"),
        ("san jose, ca", "US", "San Jose-Sunnyvale-Santa Clara, CA"),
        ("19740", "US", "Denver-Aurora-Centennial, CO"),
        ("Portland-South Portland, ME", "US", "Portland-South Portland, ME"),
        ("Akron, OH", "US", "Akron, OH"),
        ("Manhattan", "US", "New York-Newark-Jersey City, NY-NJ"),
        ("NYC", "US", "New York-Newark-Jersey City, NY-NJ"),
        ("Bay Area", "US", "San Francisco-Oakland-Fremont, CA"),
        ("Colorado", "US", None),
        ("Michigan", "US", None),
        ("US-CO", "US", None),
        ("Melbourne", "AU", None),
        ("London", "GB", None),
        ("Germany", "DE", None),
        ("FR", "FR", None),
    ],
)
def test_a_place_is_the_same_whoever_asks(words: str, country: str, metro: str | None) -> None:
    found = locate(words)
    assert (found.country, found.metro.name if found.metro else None) == (country, metro)


@pytest.mark.parametrize("words", ["DE", "CA", "IN", "IL", "Washington", "Portland", "Springfield", "Georgia"])
def test_what_may_be_several_places_is_none_of_them(words: str) -> None:
    found = locate(words)
    assert found.metro is None
    assert len(found.candidates) > 1


@pytest.mark.parametrize("words", ["Qwertyville", ""])
def test_an_unknown_place_is_not_found(words: str) -> None:
    assert locate(words).country is None


def test_a_state_is_answered_with_the_nation_and_says_so() -> None:
    state = answered(replace(SENIOR, region="Colorado"))
    assert state.p50 == answered(SENIOR).p50
    assert any("Colorado" in note for note in state.notes)


def _width(answer: PayEstimate) -> float:
    return answer.median_interval[1] / answer.median_interval[0]
