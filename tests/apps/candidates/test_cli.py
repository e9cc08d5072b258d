"""`tenfold people`, as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tenfold.apps.candidates.cli import app
from tenfold.apps.candidates.models import Application, Candidate, CandidateEmail
from tenfold.kit.errors import UserError
from tests.company import Company
from tests.factories.candidates import role_of

LIST = "Name,Email,Stage\nQuillon Vexworth,quillon@vex.example,Lab\n,x,\nKim Invented,kim@invented.example,\n"


def run(*arguments: str) -> tuple[int, Any]:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, json.loads(result.stdout)


def test_a_list_is_imported_a_person_erased_and_nothing_is_left(company: Company, tmp_path: Path) -> None:
    role_of(company, places=["DE"])
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    _, looked = run("import", str(path), "--dry-run")
    assert (looked["usable"], Candidate.objects.count()) == (2, 0)
    code, told = run("import", str(path))
    assert (code, told["imported"], {one["line"] for one in told["problems"]}) == (0, 2, {3})
    found = next(one for one in Application.objects.all() if one.candidate.name.startswith("Quillon"))
    code, told = run("verify", "--text", "Vexworth")
    assert (code, [one["place"] for one in told["traces"]]) == (1, ["candidates.Candidate"])
    code, told = run("erase", str(found.candidate_id))
    assert (code, told["erased"]) == (0, True)
    assert run("verify", "--text", "Vexworth", "--text", "quillon@vex.example") == (0, {"erased": 1, "traces": []})


def test_what_erasure_should_have_removed_is_found(company: Company, tmp_path: Path) -> None:
    role_of(company, places=["DE"])
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    run("import", str(path))
    one = Candidate.objects.all()[0]
    run("erase", str(one.pk))
    CandidateEmail.objects.create(candidate=one, address="left@behind.example", index="x")
    code, told = run("verify")
    assert (code, [trace["place"] for trace in told["traces"]]) == (1, ["emails"])


def test_what_cannot_be_used_says_what_to_try(company: Company) -> None:
    role_of(company)
    for arguments in (["erase", "nobody"], ["import", "no-such-file.csv"], ["erase", str(company.organisation.pk)]):
        result = CliRunner().invoke(app, arguments)
        assert isinstance(result.exception, UserError)
        assert result.exception.remedy
