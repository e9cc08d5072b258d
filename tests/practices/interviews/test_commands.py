"""`tenfold interviews reliability` and `impact`, as they are called from outside. All people are invented."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenfold.cli.app import leave

Rows = Sequence[tuple[str, ...]]


def ratings(seed: int = 0, *, subjects: int = 16, raters: int = 6, each: int = 3) -> Rows:
    rng = np.random.default_rng(seed)
    skill, lenient = rng.normal(3, 1, subjects), rng.normal(0, 0.5, raters)
    return [
        (f"c{i:02}", f"r{j}", f"{skill[i] + lenient[j] + rng.normal(0, 0.5):.2f}")
        for i in range(subjects)
        for j in rng.choice(raters, each, replace=False)
    ]


def write(path: Path, header: tuple[str, ...], rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    lines = [delimiter.join(cells) for cells in [header, *rows]]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    assert leave(["interviews", *map(str, arguments), "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert leave(["interviews", *map(str, arguments), "--json"]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert "Traceback" not in told.err
    return told.err


def judge(capsys: pytest.CaptureFixture[str], path: Path, *more: str) -> dict[str, Any]:
    return call(capsys, "reliability", path, "--subject", "who", "--rater", "by", "--rating", "mark", *more)


HEADER = ("who", "by", "mark")


def test_the_answer_has_the_fields_that_callers_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = judge(capsys, write(tmp_path / "r.csv", HEADER, ratings()))
    assert (found["n_ratings"], found["n_subjects"], found["n_raters"]) == (48, 16, 6)
    assert set(found["variance"]) == {"subject", "rater", "residual"}
    assert 0 <= found["single"]["low"] <= found["single"]["value"] <= found["single"]["high"] <= 1
    assert found["single"]["value"] < found["mean_of"]["2"]["value"] < found["mean_of"]["10"]["value"]
    assert set(found["alpha"]) == {"nominal", "ordinal", "interval"}
    assert [set(row) for row in found["rater_effects"]] == [
        {"rater", "n_shared", "effect", "low", "high", "told", "says"}
    ] * 6


def test_a_european_file_with_gaps_in_another_order_gives_the_same(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = ratings()
    plain = judge(capsys, write(tmp_path / "r.csv", HEADER, rows))
    european = [(mark.replace(".", ","), f" {by} ", who, "übrig") for who, by, mark in rows]
    european += [("", "r1", "c00", ""), ("n/a", "r2", "c01", ""), ("2,5", "", "c01", "")]
    european.reverse()
    path = write(tmp_path / "e.csv", ("Mark", "BY", "Who", "Note"), european, delimiter=";", encoding="cp1252")
    other = judge(capsys, path)
    assert set(other["warnings"]) >= {"2 lines without “mark” were left out.", "1 line without “by” was left out."}
    for name in ("n_ratings", "n_subjects", "n_raters"):
        assert other[name] == plain[name]
    assert other["variance"] == pytest.approx(plain["variance"], abs=1e-4)
    assert other["single"] == pytest.approx(plain["single"], abs=1e-3)
    assert other["alpha"] == pytest.approx(plain["alpha"])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_encodings(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, delimiter: str, encoding: str
) -> None:
    path = write(tmp_path / "r.csv", HEADER, ratings(), delimiter, encoding)
    assert judge(capsys, path)["n_ratings"] == 48


def test_titles_above_the_header_and_old_line_ends(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = ["Interview ratings, exported 1 November 2026; confidential", "", ";".join(HEADER)]
    path = tmp_path / "r.csv"
    path.write_text("\r".join([*lines, *(";".join(row) for row in ratings())]), encoding="utf-8", newline="")
    assert judge(capsys, path)["n_ratings"] == 48


def test_nested_raters_are_told_apart_by_task(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    skill, lenient, sight = rng.normal(size=30), rng.normal(size=(3, 4)), rng.normal(size=(30, 3))
    rows = [
        (f"c{i}", "ABCD"[j], f"{skill[i] + lenient[t, j] + sight[i, t] + rng.normal():.3f}", f"t{t}")
        for i in range(30)
        for t in range(3)
        for j in range(4)
    ]
    path = write(tmp_path / "n.csv", (*HEADER, "task"), rows)
    found = judge(capsys, path, "--within", "task")
    assert found["n_raters"] == 12
    assert set(found["variance"]) == {"subject", "within", "rater", "subject_x_within", "residual"}
    assert found["variance"]["subject_x_within"] == pytest.approx(1, abs=0.4)
    worth = {(row["tasks"], row["raters"]): row["value"] for row in found["plans"]}
    assert worth[1, 1] < worth[1, 2] <= worth[2, 1] < worth[4, 2]
    assert worth[1, 1] == pytest.approx(found["single"]["value"], abs=1e-4)
    unique = write(tmp_path / "u.csv", (*HEADER, "task"), [(a, f"{b} {d}", c, d) for a, b, c, d in rows])
    assert judge(capsys, unique, "--within", "task")["variance"] == pytest.approx(found["variance"], abs=1e-3)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("a", "x", "3"), ("a", "y", "3"), ("b", "x", "3"), ("b", "y", "3")], "All ratings are the same"),
        ([("a", "x", "1"), ("a", "y", "2")], "at least two"),
        ([("a", "x", "1"), ("b", "x", "2"), ("c", "x", "3")], "at least two"),
        ([("a", "x", "1"), ("b", "y", "2"), ("c", "z", "3")], "No subject has two ratings"),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, rows: Rows, says: str
) -> None:
    found = judge(capsys, write(tmp_path / "r.csv", HEADER, rows))
    assert found["single"] == {"value": None, "low": None, "high": None}
    assert found["variance"] in (None, {"subject": 0.0, "rater": 0.0, "residual": 0.0})
    assert any(says in warning for warning in found["warnings"])


def test_raters_who_never_differ_are_wholly_reliable_without_an_interval(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows: Rows = [(f"c{i}", rater, str(1 + i % 4)) for i in range(12) for rater in "xyz"]
    found = judge(capsys, write(tmp_path / "r.csv", HEADER, rows))
    assert found["single"] == {"value": 1.0, "low": None, "high": None}
    assert found["alpha"] == {"nominal": 1.0, "ordinal": 1.0, "interval": 1.0}


@pytest.mark.parametrize("gaps", [0, 5])
def test_ratings_without_a_remainder_have_the_variances_of_their_parts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, gaps: int
) -> None:
    rows: Rows = [(f"c{i}", f"r{j}", str(i + 2 * j)) for i in range(6) for j in range(3)][gaps:]
    found = judge(capsys, write(tmp_path / "r.csv", HEADER, rows))
    subjects, raters = np.var(range(6 - gaps // 3), ddof=1), np.var([0, 2, 4], ddof=1)
    assert found["variance"] == pytest.approx({"subject": subjects, "rater": raters, "residual": 0.0})
    assert found["single"] == {
        "value": pytest.approx(subjects / (subjects + raters), abs=1e-5),
        "low": None,
        "high": None,
    }
    assert any("without a remainder" in one for one in found["warnings"])


def test_a_file_that_was_exported_twice_says_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    once = judge(capsys, write(tmp_path / "r.csv", HEADER, ratings()))
    twice = judge(capsys, write(tmp_path / "s.csv", HEADER, [*ratings(), *ratings()]))
    said = [one for one in twice.pop("warnings") if "repeated another exactly" in one]
    assert once.pop("warnings") is not None
    assert said
    assert twice == once


def test_a_rater_who_rated_the_same_twice_keeps_both(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    again = [(who, by, f"{float(mark) + 1:.2f}" if at else mark) for at, (who, by, mark) in enumerate(ratings()[:2])]
    assert judge(capsys, write(tmp_path / "r.csv", HEADER, [*ratings(), *again]))["n_ratings"] == 50


def test_names_that_recur_under_tasks_are_one_person_each(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Also where nothing but their names says so: a panel of five without leniency, each on other tasks."""
    rng = np.random.default_rng(5)
    skill = rng.normal(size=24)
    panel = ["Ada", "Ben", "Cleo", "Dan", "Eva"]
    rows = [
        (f"c{i}", panel[j], f"{skill[i] + rng.normal():.3f}", f"t{t}")
        for i in range(24)
        for t in range(3)
        for j in rng.choice(5, 2, replace=False)
    ]
    found = judge(capsys, write(tmp_path / "n.csv", (*HEADER, "task"), rows), "--within", "task")
    assert found["n_raters"] == 5
    assert {one["rater"] for one in found["rater_effects"]} == set(panel)


def test_words_for_no_rating_and_two_spellings(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [*ratings(), ("c00", "r9", "Not rated"), ("c01", "r9", "k. A."), ("c00", "R0", "3,1")]
    found = judge(capsys, write(tmp_path / "r.csv", HEADER, rows, delimiter=";"))
    assert found["n_ratings"] == 49
    assert any("2 lines without “mark”" in one for one in found["warnings"])
    assert any("“R0” and “r0” are counted apart" in one for one in found["warnings"])


def test_each_subject_with_raters_of_its_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [(who, f"{who} {at}", mark) for at, (who, _, mark) in enumerate(ratings())]
    found = judge(capsys, write(tmp_path / "r.csv", HEADER, rows))
    assert found["variance"]["rater"] is None
    assert found["single"]["value"] is not None
    assert found["rater_effects"][0]["told"] is False


def test_a_rater_who_gives_one_mark_to_all_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [(who, by, "3" if by == "r1" else mark) for who, by, mark in ratings()]
    assert any(
        "r1 gave 3 every time" in one for one in judge(capsys, write(tmp_path / "r.csv", HEADER, rows))["warnings"]
    )


def test_groups_that_share_nobody_are_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [(who, f"{by} {int(who[1:]) % 2}", mark) for who, by, mark in ratings(each=4)]
    warnings = judge(capsys, write(tmp_path / "r.csv", HEADER, rows))["warnings"]
    assert any("2 groups that share nobody" in one for one in warnings)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("who,by,mark\n", "no complete rating"),
        ("who,by,score\na,x,1\n", "There is no column “mark”"),
        ("who,by,mark\na,x,strong yes\n", "r.csv:2 (mark): “strong yes” is not a rating"),
        ("who,by,mark\na,x,3,5\n", "decimal comma"),
        ("who,by,mark,mark\na,x,3,5\n", "Two columns"),
        ("PK\x03\x04", "workbook"),
        ('who,by,mark\na,x,"3\na,y,4\n', "is not a rating"),
        ("who,by,mark\na,x,1e308\n", "is not a rating"),
    ],
)
def test_unusable_files_are_refused_in_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "r.csv"
    path.write_text(text, encoding="utf-8")
    told = refused(capsys, "reliability", path, "--subject", "who", "--rater", "by", "--rating", "mark")
    assert says in told


def test_an_absent_file_is_refused_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    told = refused(capsys, "impact", tmp_path / "none.csv", "--group", "g", "--selected", "s")
    assert "cannot be read" in told


CELL = st.sampled_from(["1", "2", "3", "4", "2,5", "", "na"])
SMALL = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz"), CELL), max_size=14)


@given(SMALL)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_small_table_is_answered_or_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, rows: Rows) -> None:
    path = write(tmp_path / "r.csv", HEADER, rows, delimiter=";")
    code = leave(["interviews", "reliability", str(path), "--subject=who", "--rater=by", "--rating=mark", "--json"])
    told = capsys.readouterr()
    assert code in (0, 2)
    if code == 0:
        found = json.loads(told.out)
        value = found["single"]["value"]
        assert value is None or 0 <= value <= 1
        assert value is not None or found["warnings"]


# Impact


def people(counts: dict[str, tuple[int, int]], stratum: str = "") -> list[tuple[str, ...]]:
    """(n, selected) by group, one row a person."""
    return [
        (group, str(int(at < selected)), *([stratum] if stratum else []))
        for group, (n, selected) in counts.items()
        for at in range(n)
    ]


def compared(capsys: pytest.CaptureFixture[str], tmp_path: Path, rows: Rows, *more: str) -> dict[str, Any]:
    header = ("group", "chosen", "role")[: len(rows[0])]
    path = write(tmp_path / "p.csv", header, rows)
    return call(capsys, "impact", path, "--group", "group", "--selected", "chosen", *more)


def test_exactly_four_fifths_is_not_flagged_and_one_fewer_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    found = compared(capsys, tmp_path, people({"a": (100, 48), "b": (100, 60), "c": (100, 47)}))
    rows = {row["group"]: row for row in found["groups"]}
    assert rows["a"]["ratio"] == {"fraction": "4/5", "value": 0.8}
    assert [rows[name]["flagged"] for name in "abc"] == [False, False, True]
    assert set(rows["a"]) >= {"group", "n", "selected", "rate", "ratio", "low", "high", "fisher_p", "mid_p", "flagged"}
    assert found["stratified"] is None


@given(st.lists(st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=2, max_size=4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_flags_are_whole_number_arithmetic(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, counts: list[tuple[int, int]]
) -> None:
    rows = people({f"g{at}": pair for at, pair in enumerate(counts)})
    if not rows:
        return
    found = compared(capsys, tmp_path, rows)
    best = max(Fraction(k, n) for n, k in counts if n)
    for row in found["groups"]:
        assert row["flagged"] == (bool(best) and 5 * Fraction(row["selected"], row["n"]) < 4 * best)
        assert (row["ratio"] is None) == (best == 0)


def test_pooling_that_misleads_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = people({"f": (20, 15), "m": (200, 130)}, "easy") + people({"f": (200, 50), "m": (20, 4)}, "hard")
    found = compared(capsys, tmp_path, rows, "--stratum", "role")
    strata = found["stratified"]
    assert strata["sign_flips"]
    assert strata["mantel_haenszel_ratio"] > 1 > found["groups"][0]["ratio"]["value"]
    assert strata["low"] < strata["mantel_haenszel_ratio"] < strata["high"]
    assert any("Pooling misleads" in one for one in found["warnings"])


def test_strata_that_agree_do_not_flip(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = people({"f": (40, 10), "m": (40, 20)}, "one") + people({"f": (60, 12), "m": (60, 24)}, "two")
    found = compared(capsys, tmp_path, rows, "--stratum", "role")
    assert not found["stratified"]["sign_flips"]
    assert found["stratified"]["mantel_haenszel_ratio"] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({"a": (30, 10)}, "Everyone belongs to one group"),
        ({"a": (30, 0), "b": (20, 0)}, "Nobody was selected"),
        ({"a": (30, 30), "b": (20, 20)}, "Everybody was selected"),
        ({"a": (3, 1), "b": (20, 10)}, "a: only 3 people"),
        ({"a": (300, 100), "b": (5, 1)}, "b is below 2 %"),
        ({"a": (24, 14), "b": (24, 21)}, None),
    ],
)
def test_what_a_reader_must_know_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, counts: dict[str, tuple[int, int]], says: str | None
) -> None:
    found = compared(capsys, tmp_path, people(counts))
    assert says is None or any(says in one for one in found["warnings"])


def test_strata_that_share_no_group_are_said_to_compare_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [("a", "1", "x"), ("a", "0", "x"), ("b", "1", "y"), ("b", "1", "y")]
    found = compared(capsys, tmp_path, rows, "--stratum", "role")
    assert found["stratified"]["mantel_haenszel_ratio"] is None
    assert any("no stratum holds both a and b" in one for one in found["warnings"])


def test_a_group_with_nobody_selected_has_an_interval_that_begins_at_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    row = compared(capsys, tmp_path, people({"a": (10, 0), "b": (10, 6)}))["groups"][0]
    assert (row["ratio"], row["low"], row["flagged"]) == ({"fraction": "0/1", "value": 0.0}, 0.0, True)
    assert 0 < row["high"] < 2


def test_people_without_a_group_are_unknown_and_in_no_ratio(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [*people({"a": (20, 10), "b": (20, 10)}), ("", "1"), ("", "0"), ("a", "")]
    found = compared(capsys, tmp_path, rows)
    assert (found["n_people"], found["n_unknown"]) == (40, 2)
    assert (
        found["warnings"][:2]
        == [
            "1 person without “chosen” is left out.",
            "2 people without “group” are counted as unknown and in no ratio.",
        ]
        or len(found["warnings"]) >= 2
    )


def test_selected_must_be_yes_or_no(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", ("group", "chosen"), [("a", "1"), ("b", "maybe")])
    told = refused(capsys, "impact", path, "--group", "group", "--selected", "chosen")
    assert "p.csv:3 (chosen): “maybe” is neither 0 nor 1" in told


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        (("44",), "1 rating (44) is far beyond all others"),
        (("33", "44"), "2 ratings (33 and 44) are far beyond all others"),
        (("-30",), "1 rating (-30) is far beyond all others"),
        (("5",), None),
        (("10",), None),
    ],
)
def test_a_rating_off_the_scale_is_named_and_counts(
    odd: tuple[str, ...], says: str | None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [(f"c{i}", f"r{j}", str(1 + (i + 2 * j) % 5)) for i in range(6) for j in range(3)]
    rows += [(f"c{i}", "r9", value) for i, value in enumerate(odd)]
    answer = judge(capsys, write(tmp_path / "r.csv", HEADER, rows))
    assert answer["n_ratings"] == len(rows)
    found = [one for one in answer["warnings"] if "far beyond" in one]
    assert len(found) == (says is not None)
    assert all(one.startswith(str(says)) for one in found)
