"""Payloads of outside systems: worked examples, paging, and 2,400 mutated ones without a traceback."""

from __future__ import annotations

import copy
import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from tenfold.connectors.incident_tools import read_alertmanager
from tenfold.connectors.payloads import Node, Reading, parse_json
from tenfold.connectors.polling import Fetched, fetch_pages, next_url
from tenfold.connectors.prometheus import read_series
from tenfold.kit.errors import UserError
from tests.connectors.payload_examples import (
    ALERTS,
    EXAMPLES,
    INCIDENT_IO,
    MLFLOW_MODELS,
    PAGERDUTY,
    ROOTLY,
    read_example,
)


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_shape_is_read(kind: str) -> None:
    assert len(read_example(kind).items) == EXAMPLES[kind][2]


def test_changes_of_both_forges() -> None:
    github, open_one = read_example("github pulls").items
    assert (github.id, github.author, github.merged_at, github.merge_sha) == ("7", "invented-dana", at(9, day=2), "abc")
    assert (open_one.author, open_one.merged_at) == ("", None)
    assert read_example("gitlab merges").items[0].created_at == datetime(2026, 3, 1, 7, 0, 0, 123000, tzinfo=UTC)


def test_deployments_that_run_are_left_out() -> None:
    assert [(d.id, d.has_succeeded, d.environment, d.sha) for d in read_example("deployments").items] == [
        ("1", True, "production", "abc"),
        ("2", False, "production", "def"),
    ]


def test_incidents_of_three_tools() -> None:
    done, open_one = read_example("pagerduty incidents").items
    assert (done.started_at, done.resolved_at, done.severity) == (at(2), at(3), "high")
    assert open_one.resolved_at is None
    inc = read_example("incident.io").items[0]
    assert (inc.id, inc.started_at, inc.resolved_at, inc.severity) == ("INC-5", at(2), at(4), "Major")
    rootly = read_example("rootly").items[0]
    assert (rootly.started_at, rootly.resolved_at, rootly.severity) == (at(10), None, "SEV1")


def test_alerts_from_the_api_and_from_a_webhook_are_the_same() -> None:
    alone = read_alertmanager(Node(ALERTS["alerts"], "$"), name="x")
    assert alone == read_example("alertmanager")
    assert alone.items[0].service == "scoring"


def test_series_keep_what_is_no_number_as_a_problem() -> None:
    found = read_example("prometheus")
    assert [(s.value, s.labels) for s in found.items] == [(0.999, (("job", "scoring"),))]
    assert [problem.where for problem in found.problems] == ["$.data.result[0].values[1]"]
    with pytest.raises(UserError, match="answered with an error: bad query"):
        read_series(Node({"status": "error", "error": "bad query"}, "$"), name="x")


def test_aliases_and_stages_point_to_their_versions() -> None:
    third, second = read_example("mlflow models").items
    assert (third.version, third.aliases) == ("3", ("production", "challenger"))
    assert (second.version, second.aliases, second.created_at) == ("2", ("champion",), None)


# Paging.

HERE = "https://api.example/v1/things?state=all"


@pytest.mark.parametrize(
    ("headers", "root", "expected"),
    [
        (
            {"link": '<https://api.example/v1/things?page=2>; rel="next", <x>; rel="last"'},
            [],
            "https://api.example/v1/things?page=2",
        ),
        ({"x-next-page": "3"}, [], "https://api.example/v1/things?state=all&page=3"),
        ({"x-next-page": ""}, [], None),
        ({}, PAGERDUTY, "https://api.example/v1/things?state=all&offset=25"),
        ({}, MLFLOW_MODELS, "https://api.example/v1/things?state=all&page_token=t"),
        ({}, INCIDENT_IO, "https://api.example/v1/things?state=all&after=INC-5"),
        ({}, ROOTLY, "https://api.example/v1/incidents?page=2"),
        ({"link": '<https://elsewhere.example/steal>; rel="next"'}, [], None),
        ({}, {"more": True, "limit": 0, "offset": 0}, None),
    ],
)
def test_the_next_page_stays_on_the_same_host(headers: dict[str, str], root: Any, expected: str | None) -> None:
    assert next_url(HERE, headers, Node(root, "$")) == expected


def test_pages_go_on_where_they_stopped_and_never_in_circles() -> None:
    asked = []

    def fetch(url: str) -> Fetched:
        asked.append(url)
        number = int(url.rpartition("=")[2])
        after = f'<https://api.example/t?page={(number + 1) % 4}>; rel="next"'
        return Fetched(json.dumps([number]).encode(), {"link": after})

    first = next(fetch_pages(fetch, "https://api.example/t?page=0"))
    assert first.next_url is not None
    assert [page.root.value for page in fetch_pages(fetch, first.next_url)] == [[1], [2], [3], [0]]
    assert len(asked) == 5


# Whatever comes.

ODD: list[Any] = [
    None,
    "",
    "x",
    -1,
    10**30,
    1e308,
    float("nan"),
    True,
    [],
    {},
    [None],
    {"a": 1},
    "2026-13-45",
    "\x00",
    "9" * 400,
]


def mutated(payload: Any, chance: random.Random) -> Any:
    """The payload with one to four places changed, dropped or repeated."""
    made = copy.deepcopy(payload)
    for _ in range(chance.randint(1, 4)):
        places = list(_places(made))
        if not places:
            return chance.choice(ODD)
        holder, key = chance.choice(places)
        act = chance.random()
        if act < 0.6:
            holder[key] = copy.deepcopy(chance.choice(ODD))
        elif act < 0.8 or isinstance(holder, dict):
            del holder[key]
        else:
            holder.append(copy.deepcopy(holder[key]))
    return made


def _places(node: Any) -> Any:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in list(items):
        yield node, key
        yield from _places(value)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_mutated_payloads_are_read_or_refused_with_the_place(kind: str) -> None:
    reader, payload, _ = EXAMPLES[kind]
    for seed in range(200):
        made = mutated(payload, random.Random(f"{kind}{seed}"))  # noqa: S311 - repeatable
        try:
            found = reader(Node(made, "$"), name="answer.json")
        except UserError as error:
            told = (error.remedy, error.place.file)
        else:
            assert isinstance(found, Reading)
            assert all(problem.where.startswith("$") and problem.why for problem in found.problems)
            continue
        assert told[0]
        assert told[1] == "answer.json"


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"nul"])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(UserError, match="not JSON"):
        parse_json(raw, name="answer.json")


def test_letters_that_no_database_can_hold_are_replaced() -> None:
    raw = json.dumps({"a\0b": ["x\ud800y", "\U0001f600", {"c": "\0"}], "n": 1})
    assert parse_json(raw, name="answer").value == {"a\ufffdb": ["x\ufffdy", "\U0001f600", {"c": "\ufffd"}], "n": 1}
