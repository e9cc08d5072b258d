"""Texts that are nested or repeated to cost time are told so within seconds; ordinary ones start no process."""

from __future__ import annotations

import contextlib
import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.kit.errors import UserError
from tenfold.kit.parsing_cost import MOST_BRACKETS, MOST_TAGS, is_within, require_cheap_page, require_cheap_yaml
from tenfold.plan.yaml_io import load_plan
from tenfold.posting.front_matter import split_front_matter
from tenfold.posting.intake import source_text
from tenfold.practices.growth.ladder_imports import LadderForm, LadderSource, import_ladder
from tenfold.practices.growth.yaml_files import parse_yaml
from tests.fuzz.texts import PAGE, PLAN
from tests.shared_data import shared

HEAD = "tenfold_plan: 1\n"
LAUGHS = "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9) if n else 'x'}]\n" for n in range(20))
HOSTILE_YAML = {
    "flow lists": HEAD + "x: " + "[" * 20_000,
    "flow maps": HEAD + "x: " + "{a: " * 20_000,
    "flow lists and closers in quotes": HEAD + "x: " + '[ "]",' * 20_000,
    "lists in lists": HEAD + "x:\n " + "- " * 50_000,
    "keys in keys": HEAD + "x:\n " + "? " * 50_000,
    "deeper and deeper": HEAD + "".join(" " * depth + "a:\n" for depth in range(1_900)),
    "very many keys": HEAD + "".join(f"k{n}: v\n" for n in range(180_000)),
    "very many items": HEAD + "x: [" + "[]," * 300_000 + "]",
    "laughs": HEAD + LAUGHS,
    "an ordered map": HEAD + "x: !!omap [a: 1, a: 2]",
    "an odd pair list": HEAD + "x: !!omap {a: 1}\ny: !!pairs [1]\nz: !!set [a]\n",
    "merges": HEAD + "a: &a {<<: *a}\n",
    "a merge of a word": HEAD + "a: {<<: word}\n",
}
HOSTILE_PAGES = {
    "div": "<html><body>" + "<div>" * 300_000,
    "list": "<html><body>" + "<ul><li>x" * 100_000,
    "never closed": "<html><body>" + "<div>" * 150_000 + "</x>" * 150_000,
    "definition lists": "<html><body>" + "<dl><dd>" * 100_000,
}


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenfold.kit.parsing_cost.SECONDS", 1)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("kind", HOSTILE_YAML)
def test_hostile_yaml_is_told_in_seconds(kind: str) -> None:
    begun = time.process_time()
    with pytest.raises(UserError) as told:
        load_plan(HOSTILE_YAML[kind], name="given")
    assert told.value.remedy
    with contextlib.suppress(UserError):  # some of it is harmless as a ladder
        parse_yaml(HOSTILE_YAML[kind], name="given")
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("kind", HOSTILE_PAGES)
def test_hostile_pages_are_told_in_seconds(kind: str) -> None:
    begun = time.process_time()
    with pytest.raises(UserError, match="This page"):
        source_text(HOSTILE_PAGES[kind])
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("depth", [13_000, 50_000, 100_000])
def test_a_deep_page_costs_little_whether_it_is_read_or_refused(depth: int) -> None:
    """Parsing apart and, where that passes, once more: a command that reads two of them stays below ten seconds."""
    before = os.times()
    with contextlib.suppress(UserError):
        source_text("<html><body>" + "<div>" * depth + "Kubernetes")
    after = os.times()
    assert after.user + after.children_user - before.user - before.children_user < 5


def test_a_ladder_s_items_within_items_are_told() -> None:
    page = "<h1>IC1 Engineer</h1>" + ("<ul><li>" + "word " * 80) * 3_000
    with pytest.raises(UserError, match="again and again"):
        import_ladder([LadderSource(page, "ic1.html")], LadderForm.DROPBOX)


def test_front_matter_that_repeats_itself_is_left_as_text() -> None:
    text = f"---\ntitle: &t x\n{LAUGHS}---\nBody\n"
    begun = time.process_time()
    assert split_front_matter(text) == ({}, text)
    assert split_front_matter("---\na: !!omap [1]\n---\nBody\n")[0] == {}
    assert time.process_time() - begun < 5


def test_ordinary_texts_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("tenfold.kit.bounded.read_bounded", refuse)
    load_plan(PLAN)
    source_text(PAGE * 20)
    require_cheap_yaml("[" * MOST_BRACKETS)
    require_cheap_page("<" * MOST_TAGS)
    for require, text in ((require_cheap_yaml, "{" * (MOST_BRACKETS + 1)), (require_cheap_page, "<" * (MOST_TAGS + 1))):
        with pytest.raises(AssertionError, match="was started"):
            require(text)


def test_many_brackets_alone_are_no_fault() -> None:
    """A posting with a thousand links is read: it is parsed apart once, and nothing is wrong with it."""
    links = "  A [link](https://example.org/) and a {brace}.\n" * 1_000
    assert load_plan(f"{HEAD}posting: |\n{links}").plan.posting


VALUES = st.recursive(st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)


def _nodes(value: object) -> int:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return 1 + sum(map(_nodes, below))


def _depth(value: object) -> int:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return 1 + max(map(_depth, below), default=0)


@given(VALUES, st.integers(1, 40), st.integers(1, 8))
def test_within_counts_as_a_recursive_count_does(value: object, nodes: int, depth: int) -> None:
    assert is_within(value, nodes=nodes, depth=depth) == (_nodes(value) <= nodes and _depth(value) <= depth)


def test_the_files_that_once_took_long() -> None:
    for name in ("hostile/nest_1000.yaml", "hostile/rules_huge_int.toml"):
        path = shared(name)
        begun = time.process_time()
        with pytest.raises(UserError):
            load_plan(path.read_text(), name=path.name)
        assert time.process_time() - begun < 10
