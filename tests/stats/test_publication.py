"""What is published is attacked: by differences of all that is shown, with everything known but what people said."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from tenfold.stats.publication import LEAST, CountRow, CountTable, Publication

STEPS, ROLES = ("screen", "interview", "hired"), ("", "red", "blue", "green")
SEXES, PLACES = ("f", "m", "x", "unsaid"), ("north", "south", "east", "unsaid")
Person = tuple[str, str, str, int]


def population(chance: random.Random) -> dict[int, Person]:
    """Role, sex, place, and how many steps each passed."""
    n = chance.randint(20, 90)
    weights = [chance.choice([[6, 6, 1, 2], [10, 2, 0, 1], [5, 4, 3, 3]]) for _ in range(2)]
    return {
        one: (
            chance.choice(ROLES[1:]),
            chance.choices(SEXES, weights[0])[0],
            chance.choices(PLACES, weights[1])[0],
            min(len(STEPS), int(chance.random() * (len(STEPS) + 1))),
        )
        for one in range(n)
    }


def tables(people: dict[int, Person]) -> Iterator[CountTable]:
    for part in ROLES:
        mine = {one: said for one, said in people.items() if part in ("", said[0])}
        for at, step in enumerate(STEPS):
            reached = {one: said for one, said in mine.items() if said[3] >= at}
            for question, category in (("sex", 1), ("place", 2), ("both", 0)):
                rows: dict[str, list[int]] = defaultdict(list)
                for one, said in reached.items():
                    rows[str(said[category]) if category else f"{said[1]} {said[2]}"].append(one)
                yield CountTable(
                    step,
                    question,
                    part,
                    tuple(
                        CountRow(
                            f"{question}:{name}",
                            frozenset(one for one in members if people[one][3] > at),
                            frozenset(one for one in members if people[one][3] <= at),
                            () if category else (f"sex:{name.split()[0]}", f"place:{name.split()[1]}"),
                        )
                        for name, members in rows.items()
                    ),
                )


def published(people: dict[int, Person], least: int = LEAST) -> dict[tuple[str, str, str, str], CountRow]:
    book = Publication(least=least)
    return {
        (one.step, one.question, one.part, row.category): row
        for one in tables(people)
        for shown in [book.publish(one)]
        for row in one.rows
        if row.category in shown
    }


@pytest.mark.parametrize("seed", range(30))
def test_no_difference_of_two_published_counts_is_one_to_four_people(seed: int) -> None:
    rows = published(population(_chance(seed))).values()
    assert not any(0 < len(one) < LEAST for row in rows for one in row.counts)
    pairs = [(one, other) for one in rows for other in rows if other.category in (one.category, *one.parents)]
    gaps = [whole - part for one, other in pairs for part in one.counts for whole in other.counts if part < whole]
    assert not any(0 < len(gap) < LEAST for gap in gaps)


@pytest.mark.parametrize("seed", range(30))
def test_no_equation_of_what_is_shown_settles_what_a_few_people_said(seed: int) -> None:
    """Unknown: how many of each class (role and steps passed, which all know) gave each pair of answers."""
    assert not settled(population(_chance(1_000 + seed)), LEAST)


def test_the_equations_settle_much_where_nothing_protects() -> None:
    assert all(len(settled(population(_chance(seed)), 1)) > 3 for seed in range(5))


def test_much_is_shown_where_there_are_many_people() -> None:
    people = {n: (("red", "blue")[n % 2], "fm"[n // 2 % 2], ("north", "south")[n // 4 % 2], n % 4) for n in range(400)}
    assert len(published(people)) == sum(len(one.rows) for one in tables(people))


def test_two_applications_of_one_person_are_one_person() -> None:
    row = CountRow("f", frozenset(range(6)), frozenset())
    alone = CountTable("screen", "sex", "", (row,))
    assert Publication().publish(alone) == {"f"}
    assert Publication(person_of=dict.fromkeys(range(6), "Ana")).publish(alone) == set()


def settled(people: dict[int, Person], least: int) -> list[object]:
    """What the equations settle of one to four people: class and answers."""
    classes = sorted({(role, passed) for role, _, _, passed in people.values()})
    answers = sorted({(sex, place) for _, sex, place, _ in people.values()})
    unknown = [(known, pair) for known in classes for pair in answers]
    equations = [[float(known == told) for told, _ in unknown] for known in classes]  # all know how large classes are
    for step, question, part, category in published(people, least):
        at, name = STEPS.index(step), category.partition(":")[2]
        for is_chosen in (True, False):
            told = [
                part in ("", role)
                and passed >= at
                and (passed > at) == is_chosen
                and name == _category_of(question, pair)
                for (role, passed), pair in unknown
            ]
            equations.append([float(one) for one in told])
    basis = _row_space(np.array(equations))
    counts = Counter(((role, passed), (sex, place)) for role, sex, place, passed in people.values())
    found: list[object] = []
    for question in ("sex", "place", "both"):
        for known in classes:
            for said in sorted({_category_of(question, pair) for pair in answers}):
                cells = [told == known and _category_of(question, pair) == said for told, pair in unknown]
                n = sum(counts[one] for one, is_in in zip(unknown, cells, strict=True) if is_in)
                asked = np.array(cells, dtype=float)
                if 0 < n < LEAST and np.allclose(basis.T @ (basis @ asked), asked, atol=1e-8):
                    found.append((known, said))
    return found


def _category_of(question: str, pair: tuple[str, str]) -> str:
    return {"sex": pair[0], "place": pair[1], "both": " ".join(pair)}[question]


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - people who do not exist


def _row_space(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    _, sizes, rows = np.linalg.svd(matrix, full_matrices=False)
    kept: npt.NDArray[np.float64] = rows[sizes > 1e-9 * sizes.max()]
    return kept
