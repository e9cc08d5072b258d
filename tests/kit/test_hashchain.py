"""The log shows every change made after the fact."""

import json
import multiprocessing
from pathlib import Path

import pytest

from tenfold.kit.hashchain import GENESIS, ChainBroken, append, read, verify


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "events.jsonl"
    for step in range(5):
        append(path, "step", {"number": step, "text": "naïve ✓"})
    return path


def rewrite(log: Path, lines: list[str]) -> None:
    log.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def test_what_was_appended_is_read_in_order(log: Path) -> None:
    assert [entry.data["number"] for entry in read(log)] == [0, 1, 2, 3, 4]
    assert next(iter(read(log))).prev == GENESIS


def test_a_changed_line_is_found(log: Path) -> None:
    lines = log.read_text(encoding="utf-8").splitlines()
    changed = json.loads(lines[2])
    changed["data"]["number"] = 7
    rewrite(log, [*lines[:2], json.dumps(changed), *lines[3:]])
    with pytest.raises(ChainBroken, match="line 3: was changed"):
        verify(log)


@pytest.mark.parametrize("keep", [[0, 1, 3, 4], [0, 2, 1, 3, 4], [1, 2, 3, 4]])
def test_a_missing_or_moved_line_is_found(log: Path, keep: list[int]) -> None:
    lines = log.read_text(encoding="utf-8").splitlines()
    rewrite(log, [lines[index] for index in keep])
    with pytest.raises(ChainBroken, match="does not follow"):
        verify(log)


def test_a_cut_off_end_is_found_by_whoever_knows_the_head(log: Path) -> None:
    head = verify(log)
    rewrite(log, log.read_text(encoding="utf-8").splitlines()[:4])
    verify(log)
    with pytest.raises(ChainBroken, match="does not end"):
        verify(log, head=head)


def test_a_line_torn_by_a_crash_is_dropped_and_the_chain_goes_on(log: Path) -> None:
    with log.open("ab") as file:
        file.write(b'{"n":5,"at":"2026-')
    assert len(list(read(log))) == 5
    append(log, "step", {"number": 5})
    assert [entry.n for entry in read(log)] == [0, 1, 2, 3, 4, 5]


def test_a_long_line_is_followed_correctly(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    append(path, "output", {"text": "x" * 300_000})
    append(path, "output", {"text": "y" * 300_000})
    append(path, "end", {})
    assert [entry.n for entry in read(path)] == [0, 1, 2]


def _append_twenty(path: Path) -> None:
    for _ in range(20):
        append(path, "step", {})


def test_several_writers_make_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_twenty, args=(path,)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    verify(path)
    assert len(list(read(path))) == 60
