"""What is measured of the team stands beside what the plan says, in notes; no verdict turns on it."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tenfold.audit.run import audit
from tenfold.checking.role_setup import RoleSetup
from tenfold.checking.team_figures import (
    TeamFigure,
    TeamFigures,
    TeamLadder,
    TeamShare,
    read_figures,
    share_or_reason,
    to_dict,
)
from tenfold.kit.errors import UserError
from tenfold.plan.yaml_io import load_plan
from tests.command import tenfold

PLAN = """tenfold_plan: 1
role:
  title: Senior MLOps engineer
  level: senior
on_call:
  people: 6
  hours: 24x7
  pages_per_shift: {pages}
retention:
  helpdesk_share: {share}
"""
DAY = date(2026, 11, 22)


def figure(value: float, low: float, high: float) -> TeamFigure:
    return TeamFigure(value, low, high, 240, "pages.csv", "2026-11-01")


MEASURED = TeamFigures(
    pages_per_shift=figure(3.2, 2.9, 3.6),
    helpdesk_percent=figure(22, 18, 40),
    stay_18_months=figure(82, 74, 88),
    placed=TeamShare(2, 5, "placements", "2026-11-01"),
    one_on_ones_on_time=TeamShare(2, 5, "1:1s", "2026-11-01"),
    ladder=TeamLadder("Ours", 3, ("junior", "mid", "senior")),
    missing=(("pulse", "nothing stored"), ("check-ins", "fewer than five people")),
)


def told(pages: float, share: float, team: TeamFigures | None) -> tuple[dict[str, Any], list[str], list[str]]:
    plan = load_plan(PLAN.format(pages=pages, share=share), name="p").plan
    done = audit(plan, as_of=DAY, setup=RoleSetup(is_open=False, team=team) if team else None)
    ours = [verdict for verdict in done.verdicts if verdict.practice in ("growth", "retention")]
    rules = [finding.rule for verdict in ours for finding in verdict.findings]
    return done.states, rules, [each.text for verdict in ours for each in verdict.observations]


@pytest.mark.parametrize("seed", range(30))
def test_no_state_turns_on_what_is_measured_and_a_contradiction_is_named_exactly_where_there_is_one(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    pages, share = round(chance.uniform(0.2, 6), 1), chance.randrange(1, 60)
    low = round(chance.uniform(0, 5), 2)
    team = TeamFigures(pages_per_shift=figure(low + 0.3, low, low + 0.6), helpdesk_percent=figure(30, 20, 40))
    before, rules, _ = told(pages, share, None)
    after, with_figures, observations = told(pages, share, team)
    assert before == after
    expected = (not low <= pages <= low + 0.6) + (not 20 <= share <= 40)
    assert with_figures.count("retention.measured-otherwise") == expected
    assert [rule for rule in with_figures if rule != "retention.measured-otherwise"] == rules
    assert sum(each.startswith("Measured: ") for each in observations) == 2


def test_what_is_in_place_what_is_missing_and_what_is_hidden_are_three_answers() -> None:
    _, rules, said = told(3.2, 22, MEASURED)
    assert {"growth.few-placed", "retention.talks-behind"} <= set(rules)
    assert "In force: the ladder “Ours”, version 3; the plan does not show it to candidates." in said
    assert "Not measured: pulse (nothing stored)." in said
    assert "Not known: check-ins (fewer than five people)." in said
    assert any("82 % stay longer than 18 months (95 % interval 74 to 88), n = 240" in each for each in said)
    _, hidden_rules, hidden = told(1, 22, TeamFigures(is_hidden=True))
    assert hidden_rules == told(1, 22, None)[1]
    assert [each for each in hidden if "is shown to administrators" in each]


def test_a_share_of_people_is_told_in_fifths_and_not_at_all_of_four() -> None:
    assert share_or_reason(4, 4, "x", DAY) == "fewer than five people"
    for of in range(5, 40):
        shares = [share_or_reason(count, of, "x", DAY) for count in range(of + 1)]
        assert {each.of for each in shares if isinstance(each, TeamShare)} == {5}


def test_figures_survive_a_file_and_no_damage_to_it_is_a_traceback() -> None:
    raw = json.dumps(to_dict(MEASURED)).encode()
    assert read_figures(raw, name="team.json") == MEASURED
    chance = random.Random(1)  # noqa: S311 - repeatable
    for _ in range(300):
        body = bytearray(raw)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(body))
            body[at : at + chance.randint(1, 6)] = chance.choice((b"", b"null", b"[]", b'"x"', b"-1", b"\xff"))
        try:
            read_figures(bytes(body), name="team.json")
        except UserError as error:
            refused = error
        else:
            continue
        assert (refused.place.file, bool(refused.remedy)) == ("team.json", True)


def test_the_commands_hand_figures_from_files_to_the_audit(tmp_path: Path) -> None:
    pages = tmp_path / "pages.csv"
    times = [f"2026-03-{day:02}T{hour:02}:10:00\n" for day in range(1, 29) for hour in (3, 9, 15, 21)]
    pages.write_text("time\n" + "".join(times))
    people = tmp_path / "people.csv"
    stays = [(n % 12 + 1, 2018 + n % 5, 2021 + n % 4, n % 3 == 0) for n in range(60)]
    rows = [f"01.{m:02}.{a};{f'15.06.{b}' if left else ''}\n" for m, a, b, left in stays if not left or a < b]
    people.write_text("start;end\n" + "".join(rows))
    made = tenfold("retention", "figures", "--pages", str(pages), "--stays", str(people))
    assert made.returncode == 0, made.stderr
    team = tmp_path / "team.json"
    team.write_bytes(made.stdout)
    found = json.loads(made.stdout)
    assert found["pages_per_shift"]["value"] == pytest.approx(2, abs=0.05)
    assert found["missing"] == [["help-desk", "no file given"]]
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN.format(pages=0.5, share=10))
    audited = tenfold("audit", str(plan), "--team", str(team))
    assert "The plan says 0.5 pages a shift; measured are 2" in " ".join(audited.stdout.decode().split())
    refused = tenfold("audit", str(plan), "--team", str(plan))
    assert (refused.returncode, b"holds no figures of a team" in refused.stderr) == (2, True)
