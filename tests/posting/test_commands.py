"""`tenfold posting` as its users run it: a process, files in and out, and bad input told without a traceback."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tenfold.posting.reading import read
from tests.command import said, tenfold
from tests.posting.sample import POSTING
from tests.posting.test_boards import ASHBY, GREENHOUSE, LEVER, PAGE

PLAN = """\
tenfold_plan: 1
company: {name: Quartz Labs, place: "Denver, CO", jurisdictions: [US-CO]}
role:
  title: Senior MLOps Engineer
  workplace: hybrid
  day_to_day: [Run the nightly training of forty models]
  projects: [Move serving to KServe by June]
requirements: {must: [kubernetes, python], nice: [feast], years_min: 5}
pay: {min: 160000, max: 190000, benefits: [Dental insurance]}
"""


@pytest.fixture
def posting(tmp_path: Path) -> Path:
    path = tmp_path / "wind.md"
    path.write_text(POSTING, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "postings" / "deeper"
    inside.mkdir(parents=True)
    (tmp_path / "postings" / "wind.md").write_text(POSTING, encoding="utf-8")
    worse = POSTING.replace("# Senior", "# Rockstar Senior").replace("- Go\n", "- Go\n- =1+1 ninjas\n")
    (inside / "storm.md").write_text(worse, encoding="utf-8")
    (inside / "notes.csv").write_text("no posting", encoding="utf-8")
    return tmp_path / "postings"


def run(*arguments: str | Path, given: str = "", code: int = 0) -> subprocess.CompletedProcess[bytes]:
    done = tenfold("posting", *map(str, arguments), given=given.encode())
    assert done.returncode == code, said(done)
    assert b"Traceback" not in done.stderr
    return done


def objects(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_read_prints_one_object_a_line_in_the_words_of_the_labelling_guide(folder: Path) -> None:
    storm, wind = objects(run("read", folder, "--json"))
    assert (storm["id"], wind["id"]) == ("storm", "wind")
    assert wind["pay"] == {"min": 160_000, "max": 190_000, "currency": "USD", "period": "YEAR"}
    assert (wind["level"], wind["workplace"], wind["years_min"]) == ("senior", "remote", 5)
    kubernetes = next(tool for tool in wind["tools"] if tool["id"] == "kubernetes")
    assert kubernetes["demand"] == "must"
    for mention in kubernetes["mentions"]:
        assert wind["text"][mention["start"] : mention["end"]] == mention["text"]


def test_read_takes_standard_input_and_shows_a_table(posting: Path) -> None:
    shown = run("read", "-", given=POSTING).stdout.decode()
    assert "Senior MLOps Engineer" in shown
    assert "Kubernetes" in shown
    assert shown == run("read", posting).stdout.decode()


def test_what_can_be_read_is_read_where_another_file_cannot(posting: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nbroken")
    done = run("read", broken, posting, tmp_path / "missing.md", "--json", code=2)
    assert [row["id"] for row in objects(done)] == ["wind"]
    assert "broken.pdf" in said(done)
    assert "missing.md" in said(done)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("long.md", b"Kubernetes and Go. " * 300_000, "longer than"),
        ("noise.bin", b"\x00\x01\xff" * 50, "not a text"),
        ("scan.pdf", b"%PDF-1.4\n%%EOF", "cannot be read"),
    ],
)
def test_what_is_no_posting_is_told_with_a_remedy(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    told = " ".join(said(run("read", tmp_path / name, code=2)).split())
    assert words in told
    assert name in told


def test_a_folder_without_postings_is_told(tmp_path: Path) -> None:
    assert "holds no posting" in said(run("check", tmp_path, code=2))


def test_check_on_a_folder_gives_a_table_and_a_csv(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.csv"
    table = run("check", folder, "--csv", out).stdout.decode()
    assert "storm" in table
    assert "wind" in table
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert {"posting", "severity", "rule", "what", "quote", "start", "end", "fix"} <= rows[0].keys()
    words = {row["quote"].lower() for row in rows if row["posting"] == "storm"}
    assert "rockstar" in words
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_check_leaves_with_one_only_where_the_state_asked_for_is_reached(posting: Path, folder: Path) -> None:
    run("check", posting, "--fail-on", "fix")
    run("check", folder, "--fail-on", "review", code=1)
    assert "no state" in said(run("check", posting, "--fail-on", "awful", code=2))


def test_check_says_for_each_remark_where_it_stands(folder: Path) -> None:
    storm = next(row for row in objects(run("check", folder, "--json")) if row["id"] == "storm")
    remark = next(remark for remark in storm["remarks"] if remark["quote"].lower() == "rockstar")
    text = read((folder / "deeper" / "storm.md").read_text("utf-8")).text
    assert text[remark["start"] : remark["end"]] == remark["quote"]


def test_compare_shows_what_an_edit_changed_and_nothing_else(posting: Path, tmp_path: Path) -> None:
    after = tmp_path / "after.md"
    after.write_text(POSTING.replace("5+ years", "3+ years").replace("- Go\n", "- Rust\n"), encoding="utf-8")
    changes = json.loads(run("compare", posting, after, "--json").stdout)
    assert {(change["field"], change["before"], change["after"]) for change in changes} >= {
        ("Go", "nice", ""),
        ("Rust", "", "nice"),
    }
    assert any("3" in change["after"] and "5" in change["before"] for change in changes)
    assert json.loads(run("compare", posting, posting, "--json").stdout) == []
    assert "Rust" in run("compare", posting, after).stdout.decode()
    assert "missing.md" in said(run("compare", posting, tmp_path / "missing.md", code=2))


@pytest.mark.parametrize("form", ["markdown", "html", "text"])
def test_what_is_written_from_a_plan_is_read_back(tmp_path: Path, form: str) -> None:
    plan, out = tmp_path / "plan.yaml", tmp_path / f"posting.{form}"
    plan.write_text(PLAN, encoding="utf-8")
    run("write", plan, "--format", form, "--out", out)
    (row,) = objects(run("read", out, "--json"))
    assert (row["title"], row["years_min"], row["workplace"]) == ("Senior MLOps Engineer", 5, "hybrid")
    assert row["pay"] == {"min": 160_000, "max": 190_000, "currency": "USD", "period": "YEAR"}
    assert {tool["id"]: tool["demand"] for tool in row["tools"] if tool["demand"] != "context"} == {
        "kubernetes": "must",
        "python": "must",
        "feast": "nice",
    }


def test_writing_never_replaces_a_file_unasked(tmp_path: Path) -> None:
    plan, out = tmp_path / "plan.yaml", tmp_path / "posting.md"
    plan.write_text(PLAN, encoding="utf-8")
    out.write_text("mine", encoding="utf-8")
    run("write", plan, "--out", out, code=2)
    assert out.read_text("utf-8") == "mine"
    run("write", plan, "--out", out, "--force")
    assert "Senior MLOps Engineer" in out.read_text("utf-8")


def test_json_ld_is_dated_by_the_day_given(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    document = json.loads(run("write", plan, "--format", "json-ld", "--posted", "2026-11-18").stdout)
    assert (document["@type"], document["datePosted"]) == ("JobPosting", "2026-11-18")


def test_a_plan_that_is_none_is_told_with_its_place(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("tenfold_plan: 1\nrole: {level: wizard}\n", encoding="utf-8")
    told = said(run("write", plan, code=2))
    assert "plan.yaml" in told
    assert "wizard" in told


@pytest.mark.parametrize(
    ("document", "board"),
    [
        (json.dumps(GREENHOUSE), "greenhouse"),
        (json.dumps(LEVER), "lever"),
        (json.dumps(ASHBY), "ashby"),
        (PAGE, "json-ld"),
    ],
)
def test_a_board_is_imported_as_text_that_reads_the_same(tmp_path: Path, document: str, board: str) -> None:
    file, out = tmp_path / "board", tmp_path / "texts"
    file.write_text(document, encoding="utf-8")
    told = run("import", file, "--out", out).stdout.decode()
    assert f"1 posting from {board}." in told
    (row,) = objects(run("import", file, "--json"))
    assert row["board"] == board
    (text,) = out.iterdir()
    assert {tool.name for tool in read(text.read_text("utf-8")).tools} == {tool["name"] for tool in row["tools"]}


def test_two_postings_of_one_name_are_both_kept(tmp_path: Path) -> None:
    file, out = tmp_path / "board.json", tmp_path / "texts"
    job = {key: value for key, value in GREENHOUSE["jobs"][0].items() if key != "id"}  # type: ignore[index]
    file.write_text(json.dumps({"jobs": [job, job], "meta": {"total": 2}}), encoding="utf-8")
    run("import", file, "--out", out)
    assert len(list(out.iterdir())) == 2


DUTCH = (
    "<p>Wij zoeken een ervaren engineer die onze modellen in productie brengt en houdt. Je werkt samen met het team "
    "dat de voorspellingen maakt.</p><h2>Wat vragen wij</h2><ul><li>Minimaal vijf jaar ervaring met Kubernetes</li>"
    "<li>Je werkt graag samen met anderen aan een mooi product en je kent de Nederlandse taal</li></ul>"
)


def test_a_posting_in_a_language_that_is_not_read_is_named_and_left_out(tmp_path: Path) -> None:
    file, out = tmp_path / "board.json", tmp_path / "texts"
    english: dict[str, Any] = GREENHOUSE["jobs"][0]  # type: ignore[index]
    dutch = english | {"id": 77, "content": DUTCH}
    file.write_text(json.dumps({"jobs": [english, dutch], "meta": {"total": 2}}), encoding="utf-8")
    answer = run("import", file, "--out", out)
    assert "77 is in Dutch, which is not read: it is left out." in answer.stderr.decode()
    assert "1 posting from greenhouse." in answer.stdout.decode()
    assert len(list(out.iterdir())) == 1
    file.write_text(json.dumps({"jobs": [dutch], "meta": {"total": 1}}), encoding="utf-8")
    run("import", file, code=2)


def test_what_is_no_board_is_told_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "board.json"
    file.write_text("{}", encoding="utf-8")
    assert "board.json" in said(run("import", file, code=2))
