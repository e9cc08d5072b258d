"""Cells without ads: what is borrowed holds the truth as often as it says, and says whose it is."""

from __future__ import annotations

import math
import random
from datetime import date

import pytest

from tenfold.catalogue.store import catalogue
from tenfold.market.benchmark import NotSupported, PayEstimate, PayQuestion, estimate
from tenfold.market.borrowing import NEIGHBOURS, Parts, Trial, borrow
from tenfold.market.model import GRID, Cell, default_model
from tests.sizes import size

LEVELS = ("junior", "mid", "senior", "principal")
WORLDS = size(300, nightly=1_000)


def cell(role: str, level: str, median_log: float, sd_log: float = 0.02) -> Cell:
    return Cell(
        role=role, level=level, workplace="any", n_raw=100, n_effective=90.0, median_sd_log=sd_log,
        first=date(2024, 1, 1), last=date(2025, 1, 1),
        quantiles_log=tuple(median_log + 0.25 * (2 * p - 1) for p in GRID), own_share=1.0, neighbours=(),
    )  # fmt: skip


def world(chance: random.Random, *, own: float = 0.05) -> dict[tuple[str, str], float]:
    """True log medians: a part of the role, one of the level, and something of each cell's own."""
    rise = dict(zip(LEVELS, (-0.35, 0.0, 0.2, 0.35), strict=True))
    return {
        (role, level): 11.9 + part + rise[level] + chance.gauss(0, own)
        for role in NEIGHBOURS
        if role != "ai-infrastructure"
        for part in [chance.gauss(0, 0.12)]
        for level in LEVELS
    }


def test_the_interval_of_a_missing_cell_holds_the_truth() -> None:
    chance, held = random.Random(3), 0  # noqa: S311  worlds, no secrets
    for _ in range(WORLDS):
        truth = world(chance)
        missing = chance.choice(sorted(truth))
        known = [cell(*key, value + chance.gauss(0, 0.02)) for key, value in truth.items() if key != missing]
        found = borrow(*missing, known)
        assert found is not None
        held += abs(found.cell.median_log - truth[missing]) <= 1.96 * found.cell.median_sd_log
    assert held / WORLDS >= 0.92  # 0.95 less two standard errors at 300


def test_the_interval_of_a_role_without_any_ads_holds_the_truth() -> None:
    chance, held = random.Random(4), 0  # noqa: S311
    for _ in range(WORLDS):
        truth = world(chance)
        role = chance.choice(sorted({role for role, _ in truth}))
        known = [cell(*key, value) for key, value in truth.items() if key[0] != role]
        found = borrow(role, "senior", known)
        assert found is not None
        held += abs(found.cell.median_log - truth[role, "senior"]) <= 1.96 * found.cell.median_sd_log
    assert held / WORLDS >= 0.9  # five roles tell the size of their own differences


def test_parts_are_those_of_least_squares() -> None:
    """Against the normal equations, for a table with holes."""
    np = pytest.importorskip("numpy")
    chance = random.Random(5)  # noqa: S311
    truth = world(chance)
    held = {key: value for key, value in truth.items() if chance.random() < 0.8}
    roles, levels = sorted({role for role, _ in held}), sorted({level for _, level in held})
    design = np.array([[r == role for r in roles] + [one == level for one in levels] for role, level in held], float)
    fitted = design @ np.linalg.lstsq(design, np.array(list(held.values())), rcond=None)[0]
    parts = Parts.of(held)
    assert [parts.median(*key) for key in held] == pytest.approx(list(fitted), abs=1e-6)


def test_what_lends_little_says_so_by_its_width() -> None:
    few, many = Trial("cells", (0.05, -0.05, 0.05)), Trial("cells", (0.05, -0.05) * 11)
    assert few.typical == pytest.approx(many.typical)
    assert few.reach > 1.4 * many.reach
    assert many.n_within == 22


@pytest.mark.parametrize("level", list(catalogue().levels))
@pytest.mark.parametrize("role", sorted(NEIGHBOURS))
def test_no_cell_of_the_shipped_model_is_a_dead_end(role: str, level: str) -> None:
    answer = estimate(PayQuestion(role, level))
    if isinstance(answer, PayEstimate):
        return
    lent = answer.borrowed
    assert lent is not None
    assert (lent.role, lent.level, lent.n_raw) == (role, level, 0)
    assert lent.p10 < lent.p25 < lent.p50 < lent.p75 < lent.p90
    assert lent.median_interval[0] < lent.p50 < lent.median_interval[1]
    assert "each left out in turn" in lent.pooled_from


def test_a_borrowed_interval_is_wider_than_that_of_any_cell_it_comes_from() -> None:
    model = default_model()
    widest = max(one.median_sd_log for one in model.cells.values() if one.workplace == "any" and one.n_raw >= 20)
    for role, level in (("mlops", "junior"), ("mlops", "staff"), ("ai-infrastructure", "senior")):
        found = borrow(role, level, model.cells.values())
        assert found is not None
        assert found.cell.median_sd_log > widest


@pytest.mark.parametrize("years", [9, 10, 11, 12])
def test_nine_to_twelve_years_are_answered_by_borrowing(years: float) -> None:
    for role in ("mlops", "ml-engineer", "data-engineer", "devops", "ai-infrastructure"):
        answer = estimate(PayQuestion(role, years=years))
        assert isinstance(answer, NotSupported)
        assert answer.borrowed is not None
        assert {source.key for source in answer.borrowed.sources} >= {"market.lca"}


def test_staff_stands_over_senior_as_in_visa_filings() -> None:
    model = default_model()
    senior = model.cells["ml-engineer", "senior", "any"]
    found = borrow("ml-engineer", "staff", model.cells.values())
    assert found is not None
    assert math.exp(found.cell.median_log - senior.median_log) == pytest.approx(226_600 / 199_500, abs=0.001)


def test_too_little_to_try_it_on_lends_nothing() -> None:
    assert borrow("mlops", "junior", [cell("ml-engineer", "junior", 11.8), cell("mlops", "senior", 12.0)]) is None
    assert borrow("mlops", "senior", []) is None
