"""Twenty plans and their interview kits, to be read by an interviewer: three scopes, five levels, five oddities.

Prints each kit's questions and notes in a few lines, and counts what a reader looks for first: must-haves without a
question, rounds that are too full or half empty, the same opening twice, rounds of one type of question alone.

    .venv/bin/python benchmarks/kits_of_plans.py | less
    .venv/bin/python benchmarks/kits_of_plans.py --counts
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import date

from tenfold.catalogue.store import catalogue
from tenfold.checking.case import Case
from tenfold.plan.yaml_io import load_plan
from tenfold.practices.interviews.kit_report import notes
from tenfold.practices.interviews.kits import Kit, KitRound, kit

DAY = date(2026, 11, 27)
MUSTS = {
    "infrastructure-heavy": (
        "[kubernetes, terraform, docker, kserve, prometheus, python]",
        "[terraform, github-actions, triton, grafana, go]",
    ),
    "balanced": (
        "[kubernetes, mlflow, kserve, evidently, python, github-actions]",
        "[docker, airflow, bentoml, prometheus, python]",
    ),
    "ml-heavy": (
        "[pytorch, mlflow, feast, evidently, python, airflow]",
        "[scikit-learn, wandb, python, spark, ray-serve]",
    ),
}
ODD = {
    "own rounds": """
role: {level: senior, scope: balanced}
requirements: {must: [kubernetes, mlflow, python]}
interviews:
  rounds:
    - {name: Recruiter call, kind: screen, minutes: 30, raters: 1}
    - {name: System talk, kind: structured, minutes: 60, raters: 2, assesses: [container-orchestration, python]}
    - {name: Trade-offs, kind: presentation, minutes: 45, raters: 3, assesses: [trade-offs]}
    - {name: Together, kind: debugging, minutes: 60, raters: 2, assesses: [collaborative-debugging]}
""",
    "labs take most": """
role: {level: mid, scope: infrastructure-heavy}
requirements: {must: [kubernetes, docker, kserve, prometheus, python, github-actions]}
assessment:
  instruments:
    - {name: Rollout, kind: lab, minutes: 90, graded: automatic, assesses: [container-orchestration, model-serving]}
    - {name: Drift watch, kind: lab, minutes: 90, graded: automatic, assesses: [model-monitoring, python]}
""",
    "one short round": """
role: {level: junior, scope: ml-heavy}
requirements: {must: [python, mlflow]}
interviews: {rounds: [{name: Talk, minutes: 45, raters: 1}]}
""",
    "no level, no scope": "requirements: {must: [kubernetes, python]}\n",
    "eight must-haves": """
role: {level: staff, scope: balanced}
requirements: {must: [kubernetes, terraform, kserve, mlflow, feast, evidently, python, spark]}
""",
}


def kits() -> Iterator[tuple[str, Kit]]:
    """Each with what its plan is."""
    for at, level in enumerate(catalogue().levels):
        for scope, musts in MUSTS.items():
            text = f"role: {{level: {level}, scope: {scope}}}\nrequirements: {{must: {musts[at % 2]}}}\n"
            yield f"{scope}, {level}", kit(_case(text))
    for name, text in ODD.items():
        yield name, kit(_case(text))


def _case(text: str) -> Case:
    return Case(load_plan(f"tenfold_plan: 1\n{text}").plan, None, DAY)


def remarks(found: Kit) -> Iterator[str]:
    """What somebody who interviews would object to first."""
    for one in found.rounds:
        left = one.minutes - one.question_minutes
        if left > 25 and one.minutes >= 45:
            yield f"half empty: {one.name}, {left} of {one.minutes} minutes without a question"
        if left < 5:
            yield f"too full: {one.name}"
        yield from _alike(one)
    yield from (f"nobody asks about {name}" for name in found.uncovered)
    yield from (f"no time for {name} in {one.name}" for one in found.rounds for name in one.unasked)


def _alike(one: KitRound) -> Iterator[str]:
    openings = Counter(" ".join(question.text.split()[:4]) for question in one.questions)
    yield from (f"same opening in {one.name}: {words}" for words, times in openings.items() if times > 1)
    types = {question.type for question in one.questions}
    if len(one.questions) > 2 and len(types) == 1:
        yield f"one type only in {one.name}: {next(iter(types))}"


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--counts", action="store_true", help="Count remarks only.")
    only_counts = options.parse_args().counts
    total: Counter[str] = Counter()
    for number, (name, found) in enumerate(kits(), start=1):
        said = list(remarks(found))
        total.update(one.partition(":")[0].partition(" about ")[0].partition(" in ")[0] for one in said)
        if only_counts:
            continue
        print(f"\n=== {number}. {name}")
        for one in found.rounds:
            print(f"  {one.name} ({one.kind}, {one.minutes} min, raters {one.raters})")
            for question in one.questions:
                print(f"    [{question.competency} · {question.type} · {question.minutes}] {question.text[:150]}")
        for note in (*notes(found), *said):
            print(f"  ! {note}")
    print("\n20 kits;", "; ".join(f"{name}: {n}" for name, n in total.most_common()) or "no remark")


if __name__ == "__main__":
    main()
