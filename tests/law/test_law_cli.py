"""`tenfold law rules` as a reader sees it."""

import json

import pytest
from typer.testing import CliRunner

from tenfold.intake.cli.law import app
from tenfold.kit.errors import UserError

runner = CliRunner()


def test_the_rules_of_a_state_on_a_day_are_shown_with_what_comes() -> None:
    result = runner.invoke(app, ["rules", "--place", "US-CT", "--as-of", "2026-09-30"])
    assert result.exit_code == 0
    assert "Connecticut, United States on 30 September 2026: one rule may apply." in result.output
    assert "From 1 October 2026: Connecticut, Public Act 26-12" in result.output
    assert "Not legal advice." in result.output
    assert all(len(line) <= 80 for line in result.output.splitlines() if "http" not in line)


def test_the_rules_are_told_as_json() -> None:
    result = runner.invoke(app, ["rules", "--place", "Denver, CO", "--as-of", "2026-11-22", "--json"])
    answer = json.loads(result.output)
    assert answer["places"] == ["US-CO"]
    (rule,) = answer["in_force"]
    assert rule["span"]["first"] == "2021-01-01"
    assert {duty["part"] for duty in rule["duties"]} >= {"range", "benefits", "other-pay", "deadline"}
    assert answer["advice"] == "Not legal advice."


@pytest.mark.parametrize(("line", "words"), [("Portland", "may mean"), ("Neverland", "names no place")])
def test_a_place_that_is_ambiguous_or_unknown_is_the_readers_to_mend(line: str, words: str) -> None:
    result = runner.invoke(app, ["rules", "--place", line])
    assert isinstance(result.exception, UserError)
    assert words in str(result.exception)


def test_the_duties_of_a_role_are_shown_by_due_date_with_their_texts() -> None:
    asked = ["duties", "--place", "Toronto, ON, Canada", "--place", "US-GA", "--opened", "2026-09-01", "--tool"]
    told = " ".join(runner.invoke(app, asked).output.split())
    assert "within 45 days of the applicant's last interview" in told
    assert "text: ontario-outcome" in told
    assert "Georgia is not in our table on pay in postings." in told
    record = json.loads(runner.invoke(app, [*asked, "--as-of", "2026-11-22", "--json"]).output)
    assert {gap["place"] for gap in record["not_in_table"]} == {"US-GA"}
    dues = [duty["due"] for duty in record["duties"] if duty["due"]]
    assert dues == sorted(dues)


def test_a_notice_is_written_or_says_what_it_lacks() -> None:
    asked = ["notice", "accommodation", "--place", "US-NYC", "--opened", "2026-09-01"]
    assert "lacks contact" in str(runner.invoke(app, asked).exception)
    told = runner.invoke(app, [*asked, "--value", "contact=jobs@firm.example"]).output
    assert "Write to jobs@firm.example." in told
    assert "Not legal advice." in told
