"""The question library keeps its own rules, and the rules catch what they are for."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli

from tenfold.catalogue.store import catalogue
from tenfold.kit.errors import UserError
from tenfold.practices.interviews.questions import (
    COVERS,
    KEYS,
    SCOPES,
    InterviewQuestion,
    QuestionType,
    is_generic,
    is_same_behaviour,
    levels_between,
    library,
    lint,
    material_text,
    read_questions,
)

LEVELS = tuple(catalogue().levels)


def test_the_library_breaks_no_rule() -> None:
    assert lint(library()) == []


DATA = files("tenfold.practices.interviews") / "data"


def test_the_files_fit_their_schema_and_the_schema_knows_what_the_code_knows() -> None:
    schema = json.loads((DATA / "questions.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for name in ("ml_operations", "platform", "data_and_software", "collaboration"):
        jsonschema.validate(tomli.loads((DATA / "questions" / f"{name}.toml").read_text("utf-8")), schema)
    keys = schema["properties"]["question"]["items"]["properties"]
    assert set(keys) == KEYS
    assert keys["type"]["enum"] == list(QuestionType)
    assert keys["scope"]["enum"] == list(SCOPES)
    assert keys["covers"]["items"]["enum"] == list(COVERS)
    assert all(level in keys["levels"]["pattern"] for level in LEVELS)


def test_there_are_at_least_120_questions_of_four_types_and_no_generic_anchor() -> None:
    assert len(library()) >= 120
    assert {one.type for one in library()} == set(QuestionType)
    anchors = [anchor for one in library() for anchor in one.anchors]
    assert len(anchors) == 4 * len(library())
    assert sum(map(is_generic, anchors)) == 0
    assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize("competency", catalogue().competencies)
def test_every_competency_has_a_question_at_every_level(competency: str) -> None:
    mine = [one for one in library() if one.competency == competency]
    assert {level for one in mine for level in one.levels} == set(LEVELS)
    assert len(mine) >= 3
    assert len({one.type for one in mine}) >= 2


@pytest.mark.parametrize("part", COVERS)
def test_every_part_of_working_with_others_is_looked_at_at_every_level(part: str) -> None:
    assert {level for one in library() if part in one.covers for level in one.levels} == set(LEVELS)


@pytest.mark.parametrize("area", catalogue().mlops_areas)
def test_every_area_of_ml_operations_has_scenarios(area: str) -> None:
    scenarios = [
        one
        for one in library()
        if catalogue().competencies[one.competency].area == area
        and one.type in (QuestionType.SITUATIONAL, QuestionType.TECHNICAL, QuestionType.WORK_SAMPLE)
    ]
    assert len(scenarios) >= 3


def test_whoever_is_handed_something_gets_it_and_every_material_is_used() -> None:
    named = {one.material for one in library() if one.material}
    assert named == {file.name for file in (DATA / "materials").iterdir() if file.is_file()}
    assert all(len(material_text(one)) > 200 for one in library() if one.material)


def test_planted_faults_are_told_to_the_interviewer_and_to_nobody_else() -> None:
    for one in library():
        if one.for_interviewer:
            assert one.for_interviewer not in one.text
            assert one.for_interviewer not in material_text(one)


def test_the_service_to_debug_has_the_fault_that_it_is_said_to_have() -> None:
    question = next(one for one in library() if one.id == "debugging-pair")
    service: dict[str, Any] = {"__name__": "service"}
    exec(compile(material_text(question), question.material, "exec"), service)  # noqa: S102 - our own file
    one, other = ({"income": 52_000, "debt": 4_000, "years": 6}, {"income": 19_000, "debt": 31_000, "years": 1})
    assert service["score"]([one]) == service["score"]([other]) == [0.5]
    assert service["score"]([one, other])[0] != 0.5


SOUND = library()[0]


@pytest.mark.parametrize(
    ("spoiled", "rule"),
    [
        (replace(SOUND, competency="charm"), "competency"),
        (replace(SOUND, scope="half"), "scope"),
        (replace(SOUND, covers=("charm",)), "covers"),
        (replace(SOUND, minutes=90), "minutes"),
        (replace(SOUND, id="Not An Id"), "id"),
        (replace(SOUND, text="And then?"), "text"),
        (replace(SOUND, text=f"{SOUND.text} And are you married?"), "private"),
        (replace(SOUND, text=f"{SOUND.text} (Interviewer: it is the cache.)"), "aside"),
        (replace(SOUND, text=f"Here is a log. {SOUND.text}"), "material"),
        (replace(SOUND, anchors=SOUND.anchors[:3]), "anchors"),
        (replace(SOUND, anchors=(*SOUND.anchors[:3], "Excellent answer, shows deep understanding")), "generic"),
        (replace(SOUND, anchors=("Poor communication", *SOUND.anchors[1:])), "generic"),
        (replace(SOUND, anchors=(*SOUND.anchors[:2], SOUND.anchors[3], SOUND.anchors[3])), "same"),
    ],
)
def test_spoiled_questions_are_caught(spoiled: InterviewQuestion, rule: str) -> None:
    assert rule in {one.rule for one in lint([spoiled])}


def test_one_question_twice_is_caught() -> None:
    assert {one.rule for one in lint([SOUND, SOUND])} == {"duplicate"}


@pytest.mark.parametrize("grade", ["poorly", "adequately", "well", "very well"])
def test_an_anchor_that_only_changes_the_grade_is_the_same_behaviour(grade: str) -> None:
    base = "explains the cause of the latency to the product manager"
    assert is_same_behaviour(f"{base} {grade}", f"Clearly {base}")
    assert not is_same_behaviour(base, "asks which callers wait and measures their queue first")


def test_levels_are_spelled_as_a_span() -> None:
    assert levels_between("mid-staff") == ("mid", "senior", "staff")
    assert levels_between("senior") == ("senior",)


OWN = """
[[question]]
id = "own-pager"
competency = "service-operations"
type = "situational"
levels = "mid-senior"
text = "Our pager rings forty times a week. You join on Monday. What do you do in your first week?"
anchors = [
  "Asks for another rotation, or silences the alerts one by one.",
  "Reads the alerts and removes those that annoyed the team.",
  "Counts alerts by cause and action taken, and mends or removes the three that ring most.",
  "Also agrees with users what must wake somebody, and shows the count every week.",
]
"""


def test_own_questions_are_read_by_the_same_rules(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    assert [one.id for one in read_questions(path)] == ["own-pager"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "own-pager"', 'id = "serving-p99-rises"', "its id is that of"),
        ('"mid-senior"', '"mid-guru"', "A value cannot be used"),
        ("anchors = [", "answers = [", "Unknown key “answers”"),
        ("[[question]]", "[[question]", "not valid TOML"),
        (
            "Asks for another rotation, or silences the alerts one by one.",
            "Bad answer.",
            "grades instead of describing",
        ),
    ],
)
def test_own_questions_that_break_a_rule_are_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError) as refusal:
        read_questions(path)
    assert says in str(refusal.value)
