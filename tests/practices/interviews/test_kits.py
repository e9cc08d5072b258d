"""Kits from plans of every scope and level: what must hold for all of them, and worked examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenfold.catalogue.store import catalogue
from tenfold.checking.case import Case
from tenfold.cli.app import leave
from tenfold.plan.document import Assessment, InterviewKind, InterviewPlan, Requirements, RoleSection
from tenfold.plan.yaml_io import load_plan
from tenfold.practices.interviews.kit_report import notes, preview, public_work, to_dict, to_text
from tenfold.practices.interviews.kits import Kit, kit
from tenfold.practices.interviews.questions import QuestionType, library
from tests.conftest import EXAMPLES
from tests.plans import sections
from tests.practices.examples import TODAY, case
from tests.practices.interviews.test_questions import OWN

MUSTS = {
    "infrastructure-heavy": "[kubernetes, terraform, docker, kserve, prometheus, python]",
    "balanced": "[kubernetes, mlflow, kserve, evidently, python, github-actions]",
    "ml-heavy": "[pytorch, mlflow, feast, evidently, python, airflow]",
}
LEVELS = tuple(catalogue().levels)


def planned(scope: str, level: str, more: str = "") -> Kit:
    return kit(case(f"role: {{level: {level}, scope: {scope}}}\nrequirements: {{must: {MUSTS[scope]}}}\n{more}"))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("scope", MUSTS)
def test_a_plan_without_rounds_gets_three_that_ask_about_every_must_have(scope: str, level: str) -> None:
    found = planned(scope, level)
    assert len(found.rounds) == 3
    assert found.uncovered == ()
    assert all(one.is_enough and 1 <= len(one.looks.by) <= 2 for one in found.competencies)
    check_promises(found)
    assert all(level in question.levels for one in found.rounds for question in one.questions)


def check_promises(found: Kit) -> None:
    """What holds for every kit whatever the plan."""
    ids = [question.id for one in found.rounds for question in one.questions]
    assert len(ids) == len(set(ids))
    for one in found.rounds:
        assert one.question_minutes <= one.minutes
        assert {question.competency for question in one.questions} | set(one.unasked) == set(one.assesses)
    known = {one.looks.competency: one.looks for one in found.competencies}
    assert set(found.uncovered) == {name for name, looks in known.items() if looks.is_must and not looks.by}


def interview_plans() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "role": sections(RoleSection),
            "requirements": sections(Requirements),
            "assessment": sections(Assessment),
            "interviews": sections(InterviewPlan),
        }
    )


@given(interview_plans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_plan_gets_a_kit_that_keeps_its_promises(plan: dict[str, Any]) -> None:
    loaded = load_plan(json.dumps({"tenfold_plan": 1, **plan})).plan
    found = kit(Case(loaded, None, TODAY))
    check_promises(found)
    values = to_dict(found)
    assert json.loads(json.dumps(values)) == values
    assert to_text(found)


def test_the_same_plan_gives_the_same_kit() -> None:
    assert to_dict(planned("balanced", "senior")) == to_dict(planned("balanced", "senior"))


@pytest.mark.parametrize(("musts", "rounds"), [(1, 2), (2, 3), (6, 3), (7, 4), (8, 4), (9, 4)])
def test_a_proposed_kit_has_as_many_rounds_as_its_must_haves_need(musts: int, rounds: int) -> None:
    skills = ["kubernetes", "terraform", "kserve", "mlflow", "feast", "evidently", "python", "spark", "pytorch"][:musts]
    found = kit(case(f"role: {{level: staff}}\nrequirements: {{must: [{', '.join(skills)}]}}"))
    assert len(found.rounds) == rounds
    assert found.uncovered == ()


def test_juniors_are_asked_what_they_would_do_before_what_they_did() -> None:
    """Where the library has another type for a competency, the first question on it is not about the past."""
    for scope in MUSTS:
        found = planned(scope, "junior")
        for one in found.rounds:
            if one.kind is InterviewKind.PRESENTATION:
                continue
            for name in one.assesses:
                asked = [question for question in one.questions if question.competency == name]
                others = [
                    question
                    for question in library()
                    if question.competency == name
                    and question.type is not QuestionType.BEHAVIOURAL
                    and question.fits(level="junior", infra_share=found.infra_share)
                    and question.minutes <= asked[0].minutes
                ]
                assert asked[0].type is not QuestionType.BEHAVIOURAL or not others


def test_levels_and_scopes_are_asked_different_things() -> None:
    kits = {
        (scope, level): frozenset(question.id for one in planned(scope, level).rounds for question in one.questions)
        for scope in MUSTS
        for level in ("junior", "senior", "principal")
    }
    assert len(set(kits.values())) == len(kits)
    assert not kits["balanced", "junior"] & kits["balanced", "principal"]


def test_what_a_lab_grades_is_not_asked_about_again() -> None:
    lab = "assessment: {instruments: [{name: Lab, kind: lab, assesses: [python, model-serving], graded: automatic}]}"
    found = planned("balanced", "senior", lab)
    asked = {question.competency for one in found.rounds for question in one.questions}
    assert not asked & {"python", "model-serving"}
    assert found.uncovered == ()


def test_the_rounds_of_the_plan_are_kept_and_must_haves_go_before_others() -> None:
    found = kit(
        case(
            """
            role: {level: mid}
            requirements: {must: [sql, python]}
            interviews:
              rounds:
                - {name: Talk, minutes: 30, raters: 1, assesses: [explaining, leadership, data-storage, python]}
            """
        )
    )
    assert [(one.name, one.minutes, one.raters) for one in found.rounds] == [("Talk", 30, 1)]
    assert found.rounds[0].unasked == ("explaining", "leadership")
    assert found.uncovered == ()
    assert "“Talk” has no time for explaining infrastructure and technical leadership" in " ".join(notes(found))


def test_a_must_have_without_time_is_uncovered() -> None:
    rounds = "interviews: {rounds: [{name: Talk, minutes: 15, assesses: [python, data-storage]}]}"
    found = kit(case(f"requirements: {{must: [python, sql]}}\n{rounds}"))
    assert len(found.uncovered) == 1


def test_code_is_shown_rather_than_told_where_there_is_time() -> None:
    found = kit(case("role: {level: junior}\nrequirements: {must: [python]}"))
    first = next(question for one in found.rounds for question in one.questions if question.competency == "python")
    assert first.type is QuestionType.WORK_SAMPLE


def test_a_screen_asks_about_no_must_have() -> None:
    found = kit(case("requirements: {must: [kubernetes]}\ninterviews: {rounds: [{kind: screen, minutes: 30}]}"))
    assert {question.competency for question in found.rounds[0].questions} == {"requirements-discovery"}
    assert found.uncovered == ("container-orchestration",)


def test_the_preview_gives_the_format_and_no_question_away() -> None:
    found = planned("balanced", "senior")
    told = json.dumps(preview(found), ensure_ascii=False)
    for one in found.rounds:
        assert one.name in told
        for question in one.questions:
            assert question.text not in told
            assert not question.for_interviewer or question.for_interviewer not in told
            assert not any(anchor in told for anchor in question.anchors)
    assert preview(found)["minutes_in_all"] == sum(one.minutes for one in found.rounds)


def test_public_work_is_rated_only_where_it_is_offered() -> None:
    found = public_work(planned("balanced", "senior"))
    assert "Only if the candidate offers it" in found["use"]
    assert not found["in_plan"]
    anchors = [anchor for one in found["criteria"] for anchor in one["anchors"].values()]
    assert len(anchors) == 4 * len(found["criteria"])
    assert all(one["competency"] in catalogue().competencies for one in found["criteria"])


def test_own_questions_are_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "tenfold_plan: 1\nrole: {level: mid}\nrequirements: {must: [service-operations]}\n", encoding="utf-8"
    )
    assert leave(["interviews", "kit", str(plan), "--questions", str(tmp_path / "own.toml"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "own-pager" in [question["id"] for one in found["rounds"] for question in one["questions"]]


def test_the_command_answers_with_the_fields_that_callers_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave(["interviews", "kit", str(EXAMPLES / "good_plan.yaml"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"competencies", "rounds", "candidate_preview", "uncovered"} <= found.keys()
    assert all({"id", "must", "instruments"} <= one.keys() for one in found["competencies"])
    questions = [question for one in found["rounds"] for question in one["questions"]]
    known = {one.id: one for one in library()}
    assert questions
    for question in questions:
        assert {"id", "type", "competency", "text", "anchors"} <= question.keys()
        assert list(question["anchors"]) == ["1", "2", "3", "4"]
        assert question["text"] == known[question["id"]].text
    assert found["uncovered"] == []


@pytest.mark.parametrize("text", ["", "hello", "tenfold_plan: 1\nrole: {level: wizard}\n", "\xff"])
def test_what_is_no_plan_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(text.encode("latin-1"))
    assert leave(["interviews", "kit", str(path), "--json"]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert "Traceback" not in told.err
