"""Load, findings, streams and the platform: what every lab leans on."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.labs.tenfold_grader import platforms, streams
from tenfold.labs.tenfold_grader.answers import BadAnswer
from tenfold.labs.tenfold_grader.findings import Finding, Truth, match, named_causes, read_findings
from tenfold.labs.tenfold_grader.load import Ids, at_once

# load


def test_ids_come_from_the_seed_and_nothing_else() -> None:
    assert [Ids(3, range(99)).batch(9), Ids(3, range(99)).batch(9)] == [Ids(3, range(99)).batch(9)] * 2
    assert Ids(3, range(99)).batch(9) != Ids(4, range(99)).batch(9)
    drawn = Ids(3, range(99)).with_duplicates(20)
    assert len(drawn) == 20 > len(set(drawn)) >= 2
    assert [len(one) for one in Ids(1, range(99)).sizes(64, 5)][:2] == [1, 64]
    assert not set(Ids(1, range(99)).unknown(50)) & set(range(99))


def test_calls_at_once_give_each_their_own_answer_or_error() -> None:
    def call(number: int) -> int:
        if number == 2:
            raise ValueError("two")
        return number * 10

    answers = at_once([lambda n=n: call(n) for n in range(4)])  # type: ignore[misc]
    assert [one.value for one in answers] == [0, 10, None, 30]
    assert [one.is_ok for one in answers] == [True, True, False, True]


# findings

PLACES = st.builds(Finding, st.sampled_from(["a.py", "b.py"]), st.integers(1, 30), st.sampled_from(["leak", "race"]))


@given(st.lists(PLACES, max_size=6))
def test_as_many_defects_as_can_be_are_hit(found: list[Finding]) -> None:
    truths = [Truth(str(n), "a.py", n * 5, n * 5 + 2, ("leak", "race") if n % 2 else ("leak",)) for n in range(1, 5)]
    best = 0
    for order in itertools.permutations(range(len(truths))):  # a second implementation: greedily, in every order
        free = list(found)
        hits = 0
        for number in order:
            one = next((each for each in free if truths[number].is_hit_by(each, slack=3)), None)
            if one is not None:
                free.remove(one)
                hits += 1
        best = max(best, hits)
    assert len(match(found, truths).hits) >= best


def test_a_finding_beside_everything_is_a_false_alarm_and_one_on_a_decoy_is_told_apart() -> None:
    truths = [Truth("leak", "train.py", 10, 12, ("leakage",))]
    decoys = [Truth("scaling", "eval.py", 5, 6, ("leakage",))]
    said = [Finding("./train.py", 11, "leakage"), Finding("eval.py", 5, "leakage"), Finding("x.py", 1, "style")]
    matched = match(said, truths, decoys)
    assert (list(matched.hits), len(matched.decoys), len(matched.false_alarms)) == (["leak"], 1, 1)
    assert matched.share(truths) == 0.0
    assert match(said[:1], truths, decoys).share(truths) == 1.0
    assert match([*said[:1], *said[:1]], truths).share(truths) == 1.0  # the same twice is no alarm


@pytest.mark.parametrize(
    ("content", "truth", "share"),
    [(b'causes = ["a", "b"]', {"a", "b"}, 1.0), (b'causes = ["a", "c"]', {"a", "b"}, 0.0), (b'causes = ["a"]', {"a", "b"}, 0.5),
     (b"causes = []", {"none"}, 0.0), (b'causes = ["none"]', {"none"}, 1.0), (b"causes = []", set(), 1.0), (None, set(), 0.0),
     (b"causes = 7", {"a"}, 0.0), (b"[" * 9999, {"a"}, 0.0), (b'causes = [["a"], 3]', {"a"}, 0.0)],
)  # fmt: skip
def test_causes_named(content: bytes | None, truth: set[str], share: float) -> None:
    assert named_causes("diagnosis", content, truth).share == share


@pytest.mark.parametrize(
    "content", [None, b"{", b"[[finding]]\nfile = 3", b'[{"file": "a", "category": "b", "line": -1}]', b"finding = 3"]
)
def test_findings_that_cannot_be_read_are_refused_with_words(content: bytes | None) -> None:
    with pytest.raises(BadAnswer):
        read_findings(content)


def test_findings_are_read_from_toml_and_json_alike() -> None:
    wanted = [Finding("a.py", 3, "race", "no lock")]
    assert read_findings(b'[[finding]]\nfile = "a.py"\nline = 3\ncategory = "race"\ntext = "no lock"\n') == wanted
    rows = [{"file": "a.py", "line": 3, "category": "race", "text": "no lock"}]
    assert read_findings(json.dumps(rows).encode()) == read_findings(json.dumps({"findings": rows}).encode()) == wanted


# streams

COLUMNS = [streams.Column(shape, shape, centre=50, spread=4, missing=0.0, day_noise=0.0) for shape in streams.SHAPES]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda one: one.name)
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.floats(-2, 2))
def test_a_shift_moves_every_shape_by_as_many_standard_deviations_as_said(
    column: streams.Column, seed: int, size: float
) -> None:
    world = streams.World([column], {column.name: 1.0}, rows=6000)
    plain = world.day(seed, 3)["columns"][column.name]
    moved = world.day(seed, 3, [streams.Harm("shift", column.name, onset=2, size=size)])["columns"][column.name]
    assert statistics.pstdev(plain) == pytest.approx(4, rel=0.12)
    assert statistics.fmean(moved) - statistics.fmean(plain) == pytest.approx(size * 4, abs=0.02)


def test_harm_has_its_days_and_the_same_seed_the_same_days() -> None:
    world = streams.World(streams.columns_for(random.Random(1), ["a", "b", "c"], seasonal="c"), {"a": 1.0, "b": -1.0})
    harm = [streams.Harm("nulls", "a", onset=3, ends=5, size=0.4)]
    spoiled, plain = world.days("s", 7, harm), world.days("s", 7)
    assert [spoiled[day] == plain[day] for day in range(7)] == [True, True, True, False, False, True, True]
    assert world.days("s", 7) == plain != world.days("t", 7)


def test_a_concept_turns_labels_and_leaves_inputs_alone() -> None:
    world = streams.World(streams.columns_for(random.Random(2), ["a", "b"]), {"a": 1.5, "b": 1.0}, rows=2000)
    turned = world.day(1, 4, [streams.Harm("concept", onset=2, size=0.45)])
    plain = world.day(1, 4)
    assert (turned["columns"], turned["scores"]) == (plain["columns"], plain["scores"])

    def right(day: dict) -> float:  # type: ignore[type-arg]
        return statistics.fmean(
            (score > 0.5) == (label == 1) for score, label in zip(day["scores"], day["labels"], strict=True)
        )

    assert right(plain) > 0.8
    assert right(turned) < right(plain) - 0.2


# the platform


@contextlib.contextmanager
def platform():  # type: ignore[no-untyped-def]
    made = platforms.Platform("m", "user", {1: {"x": 0.5}, 2: {"x": 1.5}}, {3: b"three", 4: b"four"})
    server = made.serve(port=0)
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    yield made, connection
    connection.close()
    server.shutdown()
    server.server_close()


def ask(connection: http.client.HTTPConnection, body: object, path: str = "/get-online-features") -> tuple[int, bytes]:
    connection.request("POST", path, json.dumps(body))
    answer = connection.getresponse()
    return answer.status, answer.read()


QUESTION = {"features": ["x"], "entities": {"user_id": [2, 9, 1]}}


def test_the_platform_answers_as_feast_does_and_counts() -> None:
    with platform() as (made, connection):
        status, body = ask(connection, QUESTION)
        assert (status, json.loads(body)["results"]) == (
            200, [{"values": [1.5, None, 0.5], "statuses": ["PRESENT", "NOT_FOUND", "PRESENT"]}],
        )  # fmt: skip
        connection.request("GET", "/registry/models/m/versions/3/artifact")
        assert connection.getresponse().read() == b"three"
        assert {key: made.counters[key] for key in ("look_ups", "rows", "downloads", "connections")} == {
            "look_ups": 1, "rows": 3, "downloads": 1, "connections": 1,
        }  # fmt: skip


@pytest.mark.parametrize(
    "body", [[], {"features": 3}, {"features": ["x"], "entities": {"user_id": 7}}, "x" * 2_000_000]
)
def test_a_question_that_is_none_does_the_platform_no_harm(body: object) -> None:
    with platform() as (_, connection):
        try:
            assert ask(connection, body)[0] in {413, 422}
        except (ConnectionError, BrokenPipeError):
            pass  # refused while the body was still being sent
        connection.close()
        assert ask(connection, QUESTION)[0] == 200


def test_failures_come_as_often_as_asked_and_then_no_more() -> None:
    with platform() as (made, connection):
        made.fail("/get-online-features", "status", 503, times=2)
        assert [ask(connection, QUESTION)[0] for _ in range(3)] == [503, 503, 200]
        made.fail("/get-online-features", "garbage")
        assert ask(connection, QUESTION)[1].startswith(b"<html>")
        for kind in ("drop", "partial"):
            made.fail("/get-online-features", kind)
            with pytest.raises((http.client.HTTPException, ConnectionError)):
                ask(connection, QUESTION)
            connection.close()
        assert ask(connection, QUESTION)[0] == 200
