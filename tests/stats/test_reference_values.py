"""Published and computed results that the statistics must reproduce, one test a row of the house's reference table.

Sources: Uniform Guidelines (44 FR 11996), Bertrand and Mullainathan 2004, Berkeley admissions 1973, Rosen and Jerdee
1974, Krippendorff's canonical table, irr::anxiety, Brennan 2001 table 3.2, lme4::InstEval, a British multiple
mini-interview (BMC Medical Education 2014, 14:169, table 2). Values computed elsewhere name the tool.
"""

from __future__ import annotations

import time
from collections import Counter
from fractions import Fraction
from functools import cache

import pytest

from tenfold.stats.agreement import krippendorff_alpha
from tenfold.stats.d_study import plan_reliability
from tenfold.stats.impact import Selected, compare, impact, stratify
from tenfold.stats.intraclass import intraclass
from tenfold.stats.mixed_model import factor, fit
from tenfold.stats.reliability import Rating, study
from tests.stats.reference import anxiety, as_ratings, beside

# Variance of multiple mini-interviews: candidate, question, interviewer and their combinations.
MMI = {
    "subject": 0.47,
    "within": 0.02,
    "rater": 0.15,
    "rater_x_within": 0.06,
    "subject_x_within": 0.30,
    "residual": 0.67,
}
NESTED = {1: 0.285, 2: 0.443, 3: 0.544, 4: 0.614, 6: 0.705, 8: 0.761, 10: 0.799}
CROSSED = {1: 0.326, 2: 0.492, 3: 0.592, 4: 0.660, 6: 0.744, 8: 0.795, 10: 0.829}
CANONICAL = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""


# The four-fifths rule


@pytest.mark.parametrize(
    ("selected", "ratio", "flagged"),
    [(45, Fraction(3, 4), True), (48, Fraction(4, 5), False), (51, Fraction(17, 20), False)],
    ids=["American Indian 45 % against 60 %", "Hispanic 48 %: exactly four fifths", "Black 51 %"],
)
def test_uniform_guidelines_example(selected: int, ratio: Fraction, flagged: bool) -> None:
    found = compare(Selected("group", 100, selected), Selected("White", 100, 60))
    assert (found.ratio, found.flagged) == (ratio, flagged)


# Call-backs to résumés (Bertrand and Mullainathan 2004)


@cache
def resumes() -> tuple[dict[str, str], ...]:
    return tuple(beside("ResumeNames.csv"))


def called(*columns: str) -> dict[str, Selected]:
    people = Counter(" ".join(row[column] for column in columns) for row in resumes())
    calls = Counter(" ".join(row[column] for column in columns) for row in resumes() if row["call"] == "yes")
    return {name: Selected(name, n, calls[name]) for name, n in people.items()}


def test_resume_call_back_ratio() -> None:
    groups = called("ethnicity")
    assert (groups["afam"], groups["cauc"]) == (Selected("afam", 2435, 157), Selected("cauc", 2435, 235))
    found = compare(groups["afam"], groups["cauc"])
    assert found.ratio == Fraction(157, 235)
    assert float(found.ratio) == pytest.approx(0.6681, abs=1e-4)


def test_resume_interval() -> None:
    groups = called("ethnicity")
    found = compare(groups["afam"], groups["cauc"])
    assert (found.low, found.high) == pytest.approx((0.550, 0.811), abs=1e-3)


def test_resume_z() -> None:
    groups = called("ethnicity")
    assert compare(groups["afam"], groups["cauc"]).z == pytest.approx(-4.108, abs=1e-3)


def test_resume_fisher() -> None:
    groups = called("ethnicity")
    assert compare(groups["afam"], groups["cauc"]).fisher_p == pytest.approx(0.000048, abs=1e-6)


def test_resume_mid_p() -> None:
    groups = called("ethnicity")
    assert compare(groups["afam"], groups["cauc"]).mid_p == pytest.approx(0.000039, abs=1e-6)


def test_resume_sex() -> None:
    groups = called("gender")
    found = compare(groups["male"], groups["female"])
    assert (groups["male"], groups["female"]) == (Selected("male", 1124, 83), Selected("female", 3746, 309))
    assert (float(found.ratio or 0), found.fisher_p) == pytest.approx((0.8952, 0.3816), abs=1e-4)


def test_resume_intersections() -> None:
    found = {one.group: float(one.ratio or 0) for one in impact(list(called("gender", "ethnicity").values()))}
    assert found == pytest.approx(
        {"female cauc": 1.0, "female afam": 0.6700, "male cauc": 0.8966, "male afam": 0.5892}, abs=1e-4
    )


# Berkeley admissions 1973


@cache
def berkeley() -> dict[str, dict[str, Selected]]:
    """Department to sex to counts."""
    cells = {(row["Dept"], row["Gender"], row["Admit"]): int(float(row["Freq"])) for row in _admissions()}
    return {
        dept: {
            sex: Selected(
                sex,
                cells[dept, sex, "Admitted"] + cells[dept, sex, "Rejected"],
                cells[dept, sex, "Admitted"],
            )
            for sex in ("Female", "Male")
        }
        for dept in "ABCDEF"
    }


def _admissions() -> list[dict[str, str]]:
    return beside("UCBAdmissions.csv")


def pooled(sex: str) -> Selected:
    cells = [dept[sex] for dept in berkeley().values()]
    return Selected(sex, sum(one.n for one in cells), sum(one.selected for one in cells))


def test_berkeley_pooled() -> None:
    female, male = pooled("Female"), pooled("Male")
    assert (female, male) == (Selected("Female", 1835, 557), Selected("Male", 2691, 1198))
    found = compare(female, male)
    assert (float(found.ratio or 0), found.z) == pytest.approx((0.6818, -9.602), abs=1e-3)
    assert float(found.ratio or 0) == pytest.approx(0.6818, abs=1e-4)


def test_berkeley_by_department() -> None:
    found = stratify("Female", "Male", {name: list(cells.values()) for name, cells in berkeley().items()})
    ratios = [float(one.ratio or 0) for one in found.strata]
    assert ratios == pytest.approx([1.3279, 1.0788, 0.9226, 1.0556, 0.8620, 1.1933], abs=1e-4)


def test_berkeley_stratified_and_the_sign_flips() -> None:
    found = stratify("Female", "Male", {name: list(cells.values()) for name, cells in berkeley().items()})
    assert (found.ratio, found.odds_ratio) == pytest.approx((1.0583, 1.1053), abs=1e-4)
    assert found.sign_flips


# Bank promotions (Rosen and Jerdee 1974)


@cache
def promotions() -> tuple[Selected, Selected]:
    rows = beside("gender_discrimination.csv")
    people = Counter(row["gender"] for row in rows)
    promoted = Counter(row["gender"] for row in rows if row["decision"] == "promoted")
    return (
        Selected("female", people["female"], promoted["female"]),
        Selected("male", people["male"], promoted["male"]),
    )


def test_promotions_ratio() -> None:
    female, male = promotions()
    assert (female.selected, female.n, male.selected, male.n) == (14, 24, 21, 24)
    assert compare(female, male).ratio == Fraction(2, 3)


def test_promotions_interval_and_tests() -> None:
    found = compare(*promotions())
    assert (found.low, found.high) == pytest.approx((0.460, 0.966), abs=5e-4)
    assert (found.z, found.fisher_p, found.mid_p) == pytest.approx((-2.274, 0.04899, 0.02842), abs=1e-3)
    assert (found.fisher_p, found.mid_p) == pytest.approx((0.04899, 0.02842), abs=1e-5)
    assert not found.flips_with_one


# Agreement of raters


def test_krippendorff_canonical() -> None:
    pairs = [
        (unit, float(cell))
        for line in CANONICAL.strip().splitlines()
        for unit, cell in enumerate(line.split())
        if cell != "."
    ]
    found = krippendorff_alpha([unit for unit, _ in pairs], [value for _, value in pairs])
    assert (found.nominal, found.ordinal, found.interval, found.ratio) == pytest.approx(
        (0.7434, 0.8154, 0.8491, 0.7974), abs=1e-4
    )
    assert found.nominal == pytest.approx(904 / 1216, abs=1e-12)


def test_anxiety_intraclass() -> None:
    found = intraclass(anxiety())
    ones = (found.one_way.value, found.one_agreement.value, found.one_consistency.value)
    means = (found.mean_one_way.value, found.mean_agreement.value, found.mean_consistency.value)
    assert ones == pytest.approx((0.1750, 0.1980, 0.2160), abs=1e-4)
    assert means == pytest.approx((0.3889, 0.4255, 0.4526), abs=1e-4)


def test_anxiety_variance_components() -> None:
    found = study(as_ratings(anxiety())).variances
    assert found == pytest.approx({"subject": 0.39912, "rater": 0.16842, "residual": 1.44825}, abs=1e-4)


def test_anxiety_alpha() -> None:
    table = anxiety()
    units = [i for i, row in enumerate(table) for _ in row]
    found = krippendorff_alpha(units, [value for row in table for value in row])
    assert (found.ordinal, found.interval) == pytest.approx((0.2284, 0.1701), abs=1e-4)


# Variance components


def brennan() -> list[Rating]:
    """10 persons × 3 tasks, 4 raters in each task (R package gtheory)."""
    return [
        Rating(row["Person"], row["Rater"], float(row["Score"]), within=row["Task"]) for row in beside("Brennan32.csv")
    ]


def test_brennan_variance_components() -> None:
    found = study(brennan()).variances
    assert found == pytest.approx(
        {"subject": 0.4730, "within": 0.3253, "subject_x_within": 0.5596, "rater": 0.6475, "residual": 2.3803},
        abs=1e-3,
    )


def test_brennan_generalizability() -> None:
    variances = study(brennan()).variances
    relative = plan_reliability(variances, 3, 4, same_raters=True)
    absolute = plan_reliability(variances, 3, 4, absolute=True)
    assert (relative, absolute) == pytest.approx((0.5514, 0.4637), abs=1e-4)


def test_insteval_variance_components_in_ten_seconds() -> None:
    rows = beside("InstEval.csv.gz")
    students, lecturers = factor("student", [r["s"] for r in rows]), factor("lecturer", [r["d"] for r in rows])
    values = [float(row["y"]) for row in rows]
    began = time.process_time()
    found = fit(values, [students, lecturers])
    took = time.process_time() - began
    assert len(rows) == 73_421
    assert (students.n_levels, lecturers.n_levels) == (2972, 1128)
    assert found.variances == pytest.approx({"student": 0.10621, "lecturer": 0.27373, "residual": 1.38718}, abs=1e-3)
    assert took <= 10


# Multiple mini-interviews: what more interviews and more raters buy


def test_mmi_shares_of_variance() -> None:
    total = sum(MMI.values())
    shares = {name: round(100 * value / total) for name, value in MMI.items()}
    assert (shares["subject"], shares["rater"], shares["residual"]) == (28, 9, 40)


@pytest.mark.parametrize(("stations", "expected"), NESTED.items())
def test_mmi_own_interviewers(stations: int, expected: float) -> None:
    assert plan_reliability(MMI, stations) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(("stations", "expected"), CROSSED.items())
def test_mmi_same_interviewers_for_all(stations: int, expected: float) -> None:
    assert plan_reliability(MMI, stations, same_raters=True) == pytest.approx(expected, abs=1e-3)


def test_mmi_another_interview_beats_a_second_rater() -> None:
    second_rater, second_interview = plan_reliability(MMI, 1, 2), plan_reliability(MMI, 2, 1)
    assert (second_rater, second_interview) == pytest.approx((0.388, 0.443), abs=1e-3)
