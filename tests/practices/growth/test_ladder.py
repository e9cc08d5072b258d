"""Ladders: ours is whole, others come in without loss, edits are told apart, and evidence is never added up."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tenfold.catalogue.store import catalogue
from tenfold.cli.app import run
from tenfold.kit.errors import UserError
from tenfold.practices.growth.ladder import Ladder, lint_ladder, load_ladder, shipped_ladder, to_ft
from tenfold.practices.growth.ladder_diff import Edit, diff_ladders, effects_on
from tenfold.practices.growth.ladder_imports import LadderForm, LadderSource, import_ladder
from tenfold.practices.growth.placement import EvidenceFile, place
from tenfold.practices.growth.yaml_files import dump_yaml, parse_yaml
from tests.shared_data import shared

TODAY = date(2026, 11, 27)
LEVELS = ["junior", "mid", "senior", "staff", "principal"]


def called(*words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
        run(["growth", *words])
    assert isinstance(left.value.code, int)
    return left.value.code, out.getvalue(), err.getvalue()


# Our own ladder.


def test_every_competency_of_the_catalogue_has_a_cell_at_every_level() -> None:
    cells = [(cell.competency, cell.level) for cell in shipped_ladder().competencies]
    assert sorted(cells) == sorted((competency, level) for competency in catalogue().competencies for level in LEVELS)
    assert [level.id for level in shipped_ladder().levels] == list(catalogue().levels)


def test_every_cell_says_what_is_seen_with_an_example_and_a_counter_example() -> None:
    for cell in shipped_ladder().competencies:
        assert cell.examples
        assert cell.counter_examples
        words = [cell.summary, *cell.examples, *cell.counter_examples]
        assert len({text.casefold() for text in words}) == len(words)
    assert lint_ladder(shipped_ladder()) == []


def test_no_two_cells_say_the_same() -> None:
    texts = [text for c in shipped_ladder().competencies for text in (c.summary, *c.examples, *c.counter_examples)]
    assert len({text.casefold() for text in texts}) == len(texts)


def test_scope_widens_and_never_narrows() -> None:
    ladder = shipped_ladder()
    ranks = [ladder.rank(step.owned_from) for step in ladder.scope_map]
    assert ranks == sorted(ranks)
    assert {each for step in ladder.scope_map for each in step.competencies} <= set(catalogue().competencies)
    assert len({level.scope for level in ladder.levels}) == 5


# Forms of other companies.


@pytest.mark.parametrize("family", ["engineering", "engineering-v1", "operations"])
def test_the_financial_times_ladder_comes_in_and_goes_out_without_loss(family: str) -> None:
    text = shared(f"ladders/ft/data_job-families_{family}.yml").read_text(encoding="utf-8")
    kept, dropped = to_ft(import_ladder([LadderSource(text, family)]))
    safe = YAML(typ="safe")
    assert dropped == []
    assert safe.load(dump_yaml(kept)) == safe.load(text)


FT = {
    "name": "Trains",
    "googleSheetId": "x",
    "isLegacy": True,
    "levels": [{"id": "one", "name": "One"}, {"id": "two", "name": "Two", "colour": "red"}],
    "themes": [{"id": "t", "name": "T"}],
    "competencies": [
        {
            "id": "a",
            "level": "one",
            "theme": "t",
            "summary": "Runs trains",
            "examples": [],
            "supportingUrls": [{"u": 1}],
        },
        {"id": "b", "level": "two", "theme": "t", "summary": "Runs stations", "isRetired": True},
    ],
}


def test_unknown_keys_and_retired_entries_survive() -> None:
    ladder = import_ladder([LadderSource(dump_yaml(FT), "ft.yml")], LadderForm.FT)
    assert ladder.to_dict() == FT
    assert [cell.id for cell in ladder.current] == ["a"]


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip() == text and text.isprintable()))
def test_any_words_survive_the_round_trip(words: str) -> None:
    values = {**FT, "competencies": [{**FT["competencies"][0], "summary": words}]}  # type: ignore[index]
    assert load_ladder(dump_yaml(values), name="x").competencies[0].summary == words


def test_what_the_ft_form_has_no_room_for_is_named() -> None:
    kept, dropped = to_ft(shipped_ladder())
    assert dropped == ["scope_map", "tenfold_ladder", "version", "scope", "competency", "counterExamples"]
    assert len(kept["competencies"]) == 150


def test_dropbox_pages_give_a_level_each() -> None:
    pages = sorted(shared("ladders/dropbox").glob("ic*_machine_learning_engineer.html"))
    ladder = import_ladder([LadderSource(page.read_text(encoding="utf-8"), page.name) for page in pages])
    assert [level.id for level in ladder.levels] == ["ic1", "ic2", "ic3", "ic4", "ic5"]
    assert len(ladder.competencies) > 200
    assert {"Ownership", "Impact", "Scope"} <= {theme.name for theme in ladder.themes}


def test_jorgef_markdown_gives_five_axes() -> None:
    text = shared("ladders/jorgef/Developer.md").read_text(encoding="utf-8")
    ladder = import_ladder([LadderSource(text, "Developer.md")])
    assert [level.id for level in ladder.levels] == [f"d{n}" for n in range(1, 8)]
    assert [theme.name for theme in ladder.themes] == ["Technology", "System", "People", "Process", "Influence"]
    assert len(ladder.competencies) == 35


SNOWFLAKE = """
export const tracks: Tracks = {
  "SERVERS": {
    "displayName": "Servers",
    "category": "A",
    "milestones": [
      {"summary": "Works within a {service}", "signals": ["Reads logs"], "examples": ["Fixed a query"], "points": 1},
      {"summary": "Designs services", "signals": [], "examples": []},
    ],
  },
}
export const pointsToLevels = { '0': '1.1' }
"""


def test_snowflake_milestones_come_without_points() -> None:
    ladder = import_ladder([LadderSource(SNOWFLAKE, "constants.js")])
    assert [cell.summary for cell in ladder.competencies] == [
        "Works within a {service}",
        "Reads logs",
        "Designs services",
    ]
    assert [level.id for level in ladder.levels] == ["milestone-1", "milestone-2"]
    assert "points" not in json.dumps(ladder.to_dict())


@pytest.mark.parametrize("form", list(LadderForm))
@given(text=st.text(max_size=200))
def test_whatever_is_handed_in_is_a_ladder_or_refused(form: LadderForm, text: str) -> None:
    try:
        import_ladder([LadderSource(text, "any")], form)
    except UserError as error:
        remedy = error.remedy
    else:
        return
    assert remedy


# What is wrong with a ladder.


def with_cells(*cells: dict[str, Any]) -> str:
    return dump_yaml({**FT, "competencies": [{"theme": "t", **cell} for cell in cells]})


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([{"id": "a", "level": "three", "summary": "x"}], "names the level “three”"),
        ([{"id": "a", "level": "one", "summary": "x"}] * 2, "stands there 2 times"),
        ([{"id": "a", "level": "one"}], r"competencies\[0\].summary"),
    ],
)
def test_what_is_no_ladder_is_refused_with_the_place(cells: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(UserError, match=said):
        load_ladder(with_cells(*cells), name="ladder.yaml")


def test_remarks_on_a_ladder() -> None:
    text = with_cells(
        {"id": "a", "level": "one", "summary": "Has 5+ years of experience", "examples": ["x"]},
        {"id": "b", "level": "one", "summary": "Has excellent knowledge of trains", "examples": ["x"]},
        {"id": "c", "level": "one", "summary": "Runs trains", "examples": ["x"]},
        {"id": "d", "level": "two", "summary": "runs  trains.", "competency": "magic"},
    )
    found = [(remark.severity, remark.where) for remark in lint_ladder(load_ladder(text, name="x"))]
    assert found == [("fix", "d"), ("fix", "a"), ("review", "b"), ("note", "d"), ("review", "d")]


# Edits.


def test_edits_are_told_apart_and_reach_those_placed() -> None:
    old = shipped_ladder().to_dict()
    new = json.loads(json.dumps(old))
    cells = new["competencies"]
    cells[0]["summary"] = "Something else"
    cells[1]["isRetired"] = True
    cells[2]["level"] = "staff"
    cells[3]["examples"] = ["Another"]
    removed = cells.pop(4)
    cells.append({**removed, "id": "new.one"})
    edits = diff_ladders(Ladder.model_validate(old), Ladder.model_validate(new))
    kinds = [edit.edit for edit in edits]
    assert kinds == [Edit.REWORDED, Edit.RETIRED, Edit.MOVED, Edit.EXAMPLES, Edit.ADDED, Edit.REMOVED]
    effects = effects_on([edits[0].cell, "python.junior"], edits)
    assert [effect.edit for effect in effects] == [Edit.REWORDED]
    assert diff_ladders(Ladder.model_validate(old), Ladder.model_validate(old)) == []


# Where someone stands.

EVIDENCE = """
tenfold_evidence: 1
person: e-17
level: mid
competencies: [model-serving, mentoring]
evidence:
  - cell: model-serving.mid
    kind: pull request
    link: https://git.example/812
    date: 2026-05-04
  - {competency: mentoring, level: senior, kind: peer-note, date: 2024-01-02}
  - {cell: nothing.there, link: https://x.example, date: 2026-01-01}
  - {cell: model-serving.senior, link: https://x.example, date: 2027-01-01}
check_in:
  - {cell: model-serving.mid, self: shown, manager: partly}
"""


def placed(text: str = EVIDENCE) -> Any:
    return place(parse_yaml(text, name="e.yaml").to_model(EvidenceFile), shipped_ladder(), today=TODAY)


def test_evidence_is_laid_on_its_cells() -> None:
    found = placed()
    assert [each.cell.id for each in found.cells] == ["model-serving.mid", "mentoring.senior"]
    assert found.next_level == "senior"
    assert [cell.id for cell in found.gaps] == ["model-serving.senior"]
    assert [cell.id for cell in found.missing_at_level] == ["mentoring.mid"]
    assert sorted(warning.kind for warning in found.warnings) == [
        "future-date",
        "no-link",
        "not-settled",
        "old-evidence",
        "unknown-cell",
    ]


def test_no_answer_holds_a_sum_or_a_score(tmp_path: Path) -> None:
    path = tmp_path / "e.yaml"
    path.write_text(EVIDENCE)
    code, out, _ = called("placement", str(path), "--json")
    assert code == 0

    def numbers(node: Any) -> list[Any]:
        if isinstance(node, dict):
            return [each for value in node.values() for each in numbers(value)]
        if isinstance(node, list):
            return [each for value in node for each in numbers(value)]
        return [node] if isinstance(node, int | float) and not isinstance(node, bool) else []

    assert numbers(json.loads(out)) == []


def test_more_evidence_never_takes_any_away() -> None:
    more = EVIDENCE.replace(
        "check_in:", "  - {cell: mentoring.mid, link: https://y.example, date: 2026-10-01}\ncheck_in:"
    )
    before, after = placed(), placed(more)
    assert {each.cell.id for each in before.cells} < {each.cell.id for each in after.cells}
    assert len(after.missing_at_level) == len(before.missing_at_level) - 1


def test_a_slip_of_the_pen_is_seen() -> None:
    with pytest.raises(UserError, match=r"evidence\[0\].lnik"):
        placed("evidence:\n  - {cell: python.mid, lnik: x}\n")


# The commands.


def test_commands_of_ladders(tmp_path: Path) -> None:
    out_file = tmp_path / "ladder.yaml"
    assert called("ladder", "export", "--to", "tenfold", "--out", str(out_file))[0] == 0
    assert load_ladder(out_file.read_text(encoding="utf-8"), name="x") == shipped_ladder()
    assert json.loads(called("ladder", "validate", str(out_file), "--json")[1])["entries"] == 150
    shown = json.loads(called("ladder", "show", "--level", "staff", "--json")[1])
    assert {cell["level"] for cell in shown["competencies"]} == {"staff"}
    schema = json.loads(called("ladder", "schema")[1])
    jsonschema.validate(shipped_ladder().to_dict(), schema)
    assert called("ladder", "diff", str(out_file), str(out_file))[1] == "No entry changed.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "is empty"), ("a: [", "not valid YAML"), ("a: 1", "Field required"), ("- x", "not a group")],
)
def test_a_file_that_is_no_ladder_leaves_with_2(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    code, out, err = called("ladder", "validate", str(path))
    assert (code, out) == (2, "")
    assert said in err


def test_fail_on_leaves_with_1(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(with_cells({"id": "a", "level": "one", "summary": "Has 5 years"}))
    assert called("ladder", "validate", str(path))[0] == 0
    assert called("ladder", "validate", str(path), "--fail-on", "fix")[0] == 1


def page(level: str, *themes: str) -> LadderSource:
    items = "".join(f"<p><strong>{theme}</strong></p><ul><li>Shows {theme} here</li></ul>" for theme in themes)
    return LadderSource(f"<html><body><h1>{level}</h1>{items}</body></html>", f"{level}.html")


def test_one_theme_may_be_spelled_in_several_ways_from_page_to_page() -> None:
    """Dropbox's pages of reliability engineers do so."""
    ladder = import_ladder([page("IC1 Engineer", "Personal Growth"), page("IC2 Engineer", "Personal growth", "Craft")])
    assert [theme.name for theme in ladder.themes] == ["Personal Growth", "Craft"]
    assert len(ladder.competencies) == 3


def test_two_families_in_one_import_are_told_apart() -> None:
    with pytest.raises(UserError, match="described twice"):
        import_ladder([page("IC1 Engineer", "Craft"), page("IC1 Scientist", "Craft")])


@pytest.mark.parametrize("family", ["machine_learning_engineer", "reliability_engineer"])
def test_every_dropbox_family_comes_in(family: str) -> None:
    pages = sorted(shared("ladders/dropbox").glob(f"ic*_{family}.html"))
    ladder = import_ladder([LadderSource(each.read_text(encoding="utf-8"), each.name) for each in pages])
    assert len(ladder.levels) == len(pages)


def test_evidence_is_read_as_people_write_it(tmp_path: Path) -> None:
    cell = shipped_ladder().competencies[0].id
    piece = f"{{entry: {cell}, kind: Pull request, link: 'https://git.example/1', date: %s}}"
    path = tmp_path / "e.yaml"
    path.write_text(
        "level: SENIOR\nevidence:\n"
        + "".join(f"  - {piece % day}\n" for day in ("12.03.2026", "2026-03-12", "12 March 2026"))
        + f"check_in:\n  - {{cell: {cell}, self: Shown, manager: not yet}}\n",
        encoding="utf-8-sig",
    )
    code, out, _ = called("placement", str(path), "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["level"], found["next_level"]) == ("senior", "staff")
    assert [each["date"] for each in found["cells"][0]["evidence"]] == ["2026-03-12"]
    assert [each["kind"] for each in found["warnings"]].count("duplicate") == 2
    assert found["cells"][0]["check_in"]["manager"] == "not-yet"


def test_a_date_that_can_be_read_two_ways_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "e.yaml"
    path.write_text("evidence:\n  - {entry: x, date: 03/04/2026}\n")
    code, _, err = called("placement", str(path))
    assert code == 2
    assert "can be read two ways; write it as YYYY-MM-DD" in err
