"""What good postings state of a plan, counted by hand beforehand, and what reaches the plan.

The postings are invented; the answers beside them were written before the reader that is tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tenfold.posting.draft import draft_plan, plan_answers, read_answers
from tenfold.posting.model import PostingReading
from tenfold.posting.reading import read

FOLDER = Path(__file__).parent / "stated"
NAMES = sorted(path.stem for path in FOLDER.glob("*.md"))
MIN_SHARE, MIN_PRECISION = 0.90, 0.97


def reading_of(name: str) -> PostingReading:
    return read((FOLDER / f"{name}.md").read_text(encoding="utf-8"), name=name)


def gold_of(name: str) -> dict[str, Any]:
    gold: dict[str, Any] = YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return gold


def flat(prefix: str, node: Any) -> Iterator[tuple[str, Any]]:
    """Each answer of a plan by its path; lists stay whole."""
    for key, value in node.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from flat(f"{path}.", value)
        else:
            yield path, value


def counted(name: str) -> tuple[int, int, list[str], list[str]]:
    """Answers that the plan holds and that are right, answers stated, and both kinds of miss in words."""
    plan = plan_answers(reading_of(name))
    held = dict(flat("", {key: value for key, value in plan.items() if key not in ("posting", "tenfold_plan")}))
    gold = gold_of(name)
    missed: list[str] = []
    wrong: list[str] = []
    right = stated = 0
    for field, value in gold.items():
        if field.startswith("assessment.instruments."):
            key = field.rpartition(".")[2]
            items = held.get("assessment.instruments") or [{}]
            found: Any = items[0].get(key)
        else:
            found = held.pop(field, None) if field != "assessment.instruments" else held.get(field)
        hits, of, told = compare(value, found)
        right, stated = right + hits, stated + of
        (missed if found is None else wrong).extend(f"{name} {field}: {one}" for one in told)
    held.pop("assessment.instruments", None)
    wrong += [f"{name} {field}: not stated, read as {value!r}" for field, value in held.items()]
    return right, stated, missed, wrong


def compare(gold: Any, found: Any) -> tuple[int, int, list[str]]:
    """Right, stated and what is wrong; every requirement of a list is an answer by itself."""
    if isinstance(gold, list) and all(isinstance(one, str) for one in gold) and not isinstance(found, str):
        asked = {frozenset(str(one).split("|")) for one in gold}
        got = {as_group(one) for one in found or []}
        told = [f"lacks {sorted(one)}" for one in asked - got] + [f"has {sorted(one)}" for one in got - asked]
        return len(asked & got), len(asked), told
    if isinstance(gold, str) and gold.endswith((" items", " item")):
        is_right = isinstance(found, list) and len(found) >= int(gold.split()[0])
    elif gold == "stated":
        is_right = bool(found)
    elif isinstance(found, date):
        is_right = found.isoformat() == str(gold)
    elif isinstance(gold, str) and isinstance(found, str):
        is_right = gold.casefold() in found.casefold()
    else:
        is_right = found == gold
    return int(is_right), 1, [] if is_right else [f"{found!r} instead of {gold!r}"]


def as_group(item: Any) -> frozenset[str]:
    return frozenset([item] if isinstance(item, str) else [item["skill"], *item.get("alternatives", [])])


def test_what_good_postings_state_reaches_the_plan() -> None:
    counts = [counted(name) for name in NAMES]
    right, stated = sum(one[0] for one in counts), sum(one[1] for one in counts)
    missed, wrong = [w for one in counts for w in one[2]], [w for one in counts for w in one[3]]
    assert right / stated >= MIN_SHARE, (right, stated, missed, wrong)
    assert right / (right + len(wrong)) >= MIN_PRECISION, (right, wrong)


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_told_with_words_of_the_posting_and_makes_a_plan(name: str) -> None:
    reading = reading_of(name)
    assert all(reading.text[one.start : one.end].strip() for one in read_answers(reading))
    assert draft_plan(reading).role.title


def test_skills_of_which_one_will_do_are_one_requirement() -> None:
    text = "# MLOps engineer\n\n## Requirements\n\n- {}\n- Docker\n"
    for words, group in (
        ("KServe, Seldon, BentoML or similar", ["kserve", "seldon-core", "bentoml"]),
        ("Terraform/Pulumi", ["terraform", "pulumi"]),
        ("Either Airflow or Prefect", ["airflow", "prefect"]),
        ("One of AWS, GCP and Azure", ["aws", "gcp", "azure"]),
    ):
        must = plan_answers(read(text.format(words)))["requirements"]["must"]
        assert must == [{"skill": group[0], "alternatives": group[1:]}, "docker"], words
    both = plan_answers(read(text.format("Kubernetes and Terraform")))["requirements"]["must"]
    assert both == ["kubernetes", "terraform", "docker"]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("We help 4,000 people find work.", "company.employees"),
        ("You have shipped two models in production.", "situation.models_in_production"),
        ("Experience with ISO 27001 audits.", "pay.equity.instrument"),
        ("We offer no whiteboard coding.", "assessment.instruments"),
        ("Our platform serves traffic 24/7.", "on_call.hours"),
        ("You will mentor three data scientists.", "situation.data_scientists"),
        ("We are part of Example Group (NYSE: EXMP).", "company.stage"),
        ("On-call does not exist yet; when it does, it will be paid.", "on_call.compensated"),
        ("Five people share the rotation.", "company.employees"),
    ],
)
def test_what_is_said_of_others_is_no_answer(words: str, field: str) -> None:
    found = {one.field for one in read_answers(read(f"# MLOps engineer\n\n## Requirements\n\n{words}\n"))}
    assert field not in found


def test_two_statements_that_differ_are_doubtful_and_not_in_the_plan() -> None:
    text = "# MLOps engineer\n\nWe are a company of 200 people.\n\nWith 300 employees we are still small.\n"
    (size,) = (one for one in read_answers(read(text)) if one.field == "company.employees")
    assert not size.is_sure
    assert "company" not in plan_answers(read(text))


def test_a_duty_that_is_longer_than_a_plan_holds_is_left_out() -> None:
    long = "Deploy " + "models and pipelines " * 120
    reading = read(f"# MLOps engineer\n\n## Responsibilities\n\n- Run the platform\n- {long}\n", name="long.md")
    assert draft_plan(reading).role.day_to_day == ["Run the platform"]


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("We do not use AI to screen applicants.", "interviews.ai_screening", False),
        ("We never use algorithms to rank candidates.", "interviews.ai_screening", False),
        ("We use AI to screen applicants.", "interviews.ai_screening", True),
        ("Our data team of 9 has 2 models in production.", "situation.models_in_production", 2),
        ("Four engineers and 12 models in production.", "situation.models_in_production", 12),
        ("9 models run in production today.", "situation.models_in_production", 9),
        ("Annual bonus target: 10%.", "pay.bonus_percent", 10.0),
    ],
)
def test_a_sentence_states_what_it_says(said: str, field: str, value: object) -> None:
    posting = f"# Senior MLOps Engineer\n\n{said}\n\n## What you will do\n\n- Run the serving platform\n"
    held = {one.field: one.value for one in read_answers(read(posting, name="posting"))}
    assert held.get(field) == value


@pytest.mark.parametrize(
    ("listed", "must"),
    [
        (
            "Kubernetes, Triton or TorchServe, Terraform",
            [{"skill": "triton", "alternatives": ["torchserve"]}, "kubernetes", "terraform"],
        ),
        ("Triton, KServe or TorchServe", [{"skill": "triton", "alternatives": ["kserve", "torchserve"]}]),
        ("Kubernetes, Terraform, Python", ["kubernetes", "terraform", "python"]),
    ],
)
def test_an_or_within_a_list_joins_its_neighbours_alone(listed: str, must: list[object]) -> None:
    posting = f"# Senior MLOps Engineer\n\n## Requirements\n\n- {listed}\n"
    held = {one.field: one.value for one in read_answers(read(posting, name="posting"))}
    assert sorted(map(str, held["requirements.must"])) == sorted(map(str, must))


QUESTIONS = [
    ("Would I manage people?", "role.people_managed", None, 0),
    ("Do I need a degree?", "requirements.degree", "required", "no"),
    ("Do you use AI to choose people?", "interviews.ai_screening", True, False),
    ("Is applications' ranking left to software?", "interviews.ai_screening", True, False),
    ("Will you ask what I earn?", "pay.asks_pay_history", True, False),
    ("Will I know what to expect?", "interviews.format_told_beforehand", True, False),
]


@pytest.mark.parametrize(("question", "field", "yes", "no"), QUESTIONS)
@pytest.mark.parametrize("form", ["{}\n{}.", "**{}** {}.", "### {}\n\n{}."])
def test_the_answer_behind_a_question_decides(question: str, field: str, yes: object, no: object, form: str) -> None:
    for word, value in (("Yes", yes), ("No", no)):
        text = f"# MLOps Engineer\n\n## About the job\n\n{form.format(question, word)}\n"
        held = {one.field: one.value for one in read_answers(read(text, name="posting"))}
        assert held.get(field) == value, (text, held)


LABELS = {
    "Colleagues": "company.employees",
    "Models in production": "situation.models_in_production",
    "Data scientists": "situation.data_scientists",
    "ML engineers": "situation.ml_engineers",
    "Direct reports": "role.people_managed",
}


@pytest.mark.parametrize("turn", range(len(LABELS)))
def test_figures_follow_their_labels_when_they_are_exchanged(turn: int) -> None:
    figures = [310, 13, 8, 4, 2]
    figures = figures[turn:] + figures[:turn]
    rows = "\n".join(f"| {label} | {figure} |" for label, figure in zip(LABELS, figures, strict=True))
    held = {
        one.field: one.value
        for one in read_answers(read(f"# MLOps Engineer\n\n| What | Figure |\n|---|---|\n{rows}\n"))
    }
    assert {field: held.get(field) for field in LABELS.values()} == dict(zip(LABELS.values(), figures, strict=True))


@pytest.mark.parametrize("post", ["VP of Engineering", "Head of Data", "CTO"])
def test_a_letter_in_the_first_person_names_its_writers_post(post: str) -> None:
    told = "You'd report to me, and I make the decision."
    text = f"# MLOps Engineer\n\nHi! I'm Dana Whitfield, {post} at Saltgrass.\n\n{told}\n"
    held = {one.field: one.value for one in read_answers(read(text, name="posting"))}
    assert (held.get("reporting.manager"), held.get("interviews.decided_by")) == (post, post)
    unnamed = text.replace(f", {post} at Saltgrass", "")
    assert "reporting.manager" not in {one.field for one in read_answers(read(unnamed, name="posting"))}


def test_a_gender_marker_leaves_no_mark_in_the_title() -> None:
    reading = read("# MLOps Engineer (m/w/d), Mittleres Level\n\nHamburg\n", name="posting")
    assert draft_plan(reading).role.title == "MLOps Engineer, Mittleres Level"
