"""Readers of what a system says: right for what is valid, bounded for what is meant to do harm."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from tenfold.labs.tenfold_grader.answers import (
    BadAnswer,
    parse_json,
    parse_prometheus,
    parse_toml,
    printable,
    same,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_json_is_read_as_it_was_written(value: object) -> None:
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for read in (parse_json, parse_toml, parse_prometheus):
        try:
            read(content)
        except BadAnswer as error:
            assert str(error)


@pytest.mark.parametrize(
    "content",
    [b"[" * 200_000, b'{"a":' * 100_000, b'"\\' * 2_000_000, b'"\\"' * 1_300_000 + b"\\", b"9" * 5000, b'{"a": NaN}',
     b"[1e999]x", b"\xff"],
)  # fmt: skip
def test_harmful_json_is_refused_at_once(content: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(BadAnswer):
        parse_json(content)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "content",
    [b"causes = " + b"[" * 5000 + b"]" * 5000, b"a." * 5000 + b"b = 1", b'"""' * 20_000, b"'''" * 20_000, b"\xff\xfe",
     b'a = "' + b'\\"' * 30_000, b"x" * 70_000],
)  # fmt: skip
def test_harmful_toml_is_refused_at_once(content: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(BadAnswer):
        parse_toml(content)
    assert time.monotonic() - began < 5


def test_brackets_within_quotes_are_no_depth() -> None:
    assert parse_json(json.dumps("[" * 500).encode()) == "[" * 500
    assert parse_toml(b'a = "' + b"[" * 500 + b'" # ' + b"[" * 500) == {"a": "[" * 500}


@given(st.dictionaries(st.text(max_size=12), st.floats(allow_nan=False), min_size=1, max_size=4))
def test_metrics_are_read_as_prometheus_own_client_writes_them(values: dict[str, float]) -> None:
    registry = CollectorRegistry()
    gauge = Gauge("made", "of", ["label"], registry=registry)
    for label, value in values.items():
        gauge.labels(label).set(value)
    try:
        read = {one.labels["label"]: one.value for one in parse_prometheus(generate_latest(registry))["made"]}
    except BadAnswer:  # a carriage return within a label is what the client writes and does not read
        assert any(not label.isprintable() for label in values)
        return
    assert all(label in read or not label.isprintable() for label in values)


def test_blanks_and_commas_in_metrics_make_no_difference() -> None:
    tight = parse_prometheus(b'a{x="1",y="}, {"} 1\n')
    assert tight == parse_prometheus(b'a{ x="1", y="}, {", } 1 1700000000000\n')


@pytest.mark.parametrize("content", [b"monitor_alert{ nothing\n", b"a 1e", b"a{b=c} 1", b"<html>", b'a{b="\xff"} 1'])
def test_what_is_no_metrics_is_refused(content: bytes) -> None:
    with pytest.raises(BadAnswer):
        parse_prometheus(content)


def test_text_for_people_holds_no_codes() -> None:
    shown = printable("a\x1b]0;owned\x07\x1b[2J\u202eb\r\x00c\n")
    assert not set(shown) & {"\x1b", "\x07", "\u202e", "\r", "\x00"}
    assert shown.endswith("c")


@given(VALUES)
def test_a_value_is_the_same_as_itself_and_not_as_another_kind(value: object) -> None:
    assert same(value, json.loads(json.dumps(value)))
    assert not same([value], value)


def test_numbers_are_the_same_within_rounding_and_booleans_are_none() -> None:
    assert same({"a": [1.0000000001]}, {"a": [1]})
    assert not same(1.01, 1)
    assert not same(value := True, 1)
    assert not same(1, value)
