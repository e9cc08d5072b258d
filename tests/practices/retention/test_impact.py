"""Impact: Apache DevLake's own tables as the oracle, real histories where clones are at hand, generated ones always."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tenfold.connectors.dates import DateOrder, parse_moment
from tenfold.connectors.git_local import commits_between, read_commits, read_tags
from tenfold.connectors.records import Change, Commit, Deployment, Incident, Release
from tenfold.practices.retention.delivery import ChangeTimes, deployed_at, first_review, link_incidents, time_change
from tenfold.practices.retention.impact import (
    Measure,
    Window,
    availability,
    delivery_measures,
    model_measures,
    release_measures,
)
from tenfold.practices.retention.knowledge import knowledge_at_risk
from tenfold.practices.retention.promotions import Observation, count_promotions
from tests.connectors.test_local_sources import Repository
from tests.shared_data import shared

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def rows(name: str) -> list[dict[str, str]]:
    with shared(f"impact/devlake_dora/{name}.csv").open(encoding="utf-8") as table:
        return list(csv.DictReader(table))


def at(cell: str) -> datetime | None:
    if not cell:
        return None
    moment = parse_moment(cell, DateOrder.DAY_FIRST)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def needed(cell: str) -> datetime:
    moment = at(cell)
    assert moment is not None
    return moment


def devlake_deployments(name: str, scopes: set[str]) -> dict[str, Deployment]:
    """Deployments by commit, of a project's scopes."""
    return {
        row["commit_sha"]: Deployment(
            row["cicd_deployment_id"], needed(row["finished_date"]), row["environment"], row["result"] == "SUCCESS"
        )
        for row in rows(name)
        if row["cicd_scope_id"] in scopes
    }


def scopes_of(name: str, project: str = "project1") -> set[str]:
    return {row["row_id"] for row in rows(name) if row["project_name"] == project}


def test_change_times_are_those_of_devlake() -> None:
    folder = "change_lead_time"
    deployments = devlake_deployments(f"{folder}/cicd_deployment_commits", scopes_of(f"{folder}/project_mapping"))
    carried: dict[str, list[Deployment]] = defaultdict(list)
    for row in rows(f"{folder}/commits_diffs"):
        found = deployments.get(row["new_commit_sha"])
        if row["old_commit_sha"] and found and found.environment == "PRODUCTION" and found.has_succeeded:
            carried[row["commit_sha"]].append(found)
    comments, commits = rows(f"{folder}/pull_request_comments"), rows(f"{folder}/pull_request_commits")
    times = {}
    for row in rows(f"{folder}/pull_requests"):
        said = [(needed(c["created_date"]), c["account_id"]) for c in comments if c["pull_request_id"] == row["id"]]
        authored = [needed(c["commit_authored_date"]) for c in commits if c["pull_request_id"] == row["id"]]
        change = Change(
            id=row["id"],
            author=row["author_id"],
            created_at=needed(row["created_date"]),
            first_commit_at=min(authored, default=None),
            first_review_at=first_review(row["author_id"], said),
            merged_at=at(row["merged_date"]),
        )
        if change.merged_at:
            times[row["id"]] = time_change(change, deployed_at(row["merge_commit_sha"], carried))
    expected = {
        row["id"]: ChangeTimes(
            *(
                int(row[key]) if row[key] else None
                for key in ("pr_coding_time", "pr_pickup_time", "pr_review_time", "pr_deploy_time", "pr_cycle_time")
            )
        )
        for row in rows(f"{folder}/project_pr_metrics")
    }
    assert times == expected
    assert times["pr1"] == ChangeTimes(1440, 5, 55, 2978, 4478)


def test_incidents_hit_the_deployment_that_devlake_names() -> None:
    folder = "connect_incident_to_deployment"
    mapping = scopes_of(f"{folder}/raw_tables/project_mapping")
    deployments = devlake_deployments(f"{folder}/prev_success_deployment_commit/cicd_deployment_commits_after", mapping)
    incidents = [
        Incident(row["id"], needed(row["created_date"]))
        for row in rows(f"{folder}/raw_tables/incidents")
        if row["scope_id"] in mapping
    ]
    linked = {key: each.id for key, each in link_incidents(incidents, deployments.values()).items()}
    expected = rows(f"{folder}/snapshot_tables/project_incident_deployment_relationships")
    assert linked == {row["id"]: row["deployment_id"] for row in expected}


# Real histories, and one that is made.


def releases_of(path: Path, since: datetime) -> tuple[list[tuple[Release, list[Commit]]], list[Commit]]:
    """Releases by tags such as 1.2.3 with the commits that each was the first to hold."""
    tags = [tag for tag in read_tags(path) if tag.name.lstrip("v").replace(".", "").isdecimal()]
    held = [(two, commits_between(path, one.name, two.name)) for one, two in pairwise(tags) if two.at >= since]
    return held, read_commits(path, since=since)


def by_id(found: list[Measure]) -> dict[str, Measure]:
    return {measure.id: measure for measure in found}


@pytest.mark.parametrize(
    ("name", "releases", "days", "soon", "reverts"),
    [("feast-dev+feast", 41, (15.8, 53.9), 7, 11), ("SeldonIO+MLServer", 6, (107.2, 280.0), 0, None)],
)
def test_releases_of_real_projects(
    name: str, releases: int, days: tuple[float, float], soon: int, reverts: int | None
) -> None:
    where = Path(os.environ.get("TENFOLD_CLONES", "none")) / name / "repo"
    if not where.exists():
        pytest.skip(f"needs a clone of {name} under $TENFOLD_CLONES")
    since = datetime(2024, 1, 1, tzinfo=UTC)
    held, commits = releases_of(where, since)
    found = by_id(release_measures(held, commits, Window(since, datetime(2026, 8, 31, tzinfo=UTC), name)))
    assert found["releases"].n >= releases
    assert found["lead-time"].value == pytest.approx(days[0], abs=0.15)
    assert found["lead-time-p90"].value == pytest.approx(days[1], abs=0.5)
    assert round((found["release-rework"].value or 0) * found["release-rework"].n) == soon
    if reverts is not None:
        assert round((found["reverts"].value or 0) * found["reverts"].n) == reverts


def test_releases_of_a_made_repository(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    for number, day in enumerate([0, 2, 4, 30, 34]):
        made.commit("a.py", 'Revert "a"' if number == 4 else f"change {number}", NEW_YEAR + timedelta(days=day))
        if number in (0, 2, 3, 4):
            made.git("tag", "-a", f"v1.{number}.0", "-m", "x", at=NEW_YEAR + timedelta(days=day + 1))
    held, commits = releases_of(tmp_path, NEW_YEAR)
    found = by_id(release_measures(held, commits, Window(NEW_YEAR, NEW_YEAR + timedelta(weeks=10), "git")))
    assert (found["lead-time"].value, found["lead-time"].n) == (1.0, 4)
    assert (found["release-rework"].value, found["release-rework"].n) == (1 / 3, 3)
    assert (found["reverts"].value, found["reverts"].n) == (0.2, 5)
    assert found["releases"].value == pytest.approx(0.3)


# Measures by hand.


def deployment(day: float, *, ok: bool = True, place: str = "production") -> Deployment:
    return Deployment(f"d{day}", NEW_YEAR + timedelta(days=day), place, ok)


def test_delivery_by_hand() -> None:
    window = Window(NEW_YEAR, NEW_YEAR + timedelta(days=28), "forge")
    deployments = [deployment(d) for d in (1, 8, 15, 22)] + [deployment(9, ok=False), deployment(3, place="staging")]
    incidents = [
        Incident("i1", NEW_YEAR + timedelta(days=8.5), NEW_YEAR + timedelta(days=8.5, hours=6)),
        Incident("i2", NEW_YEAR + timedelta(days=8.6), NEW_YEAR + timedelta(days=8.6, hours=2)),
        Incident("before", NEW_YEAR, None),
    ]
    found = by_id(delivery_measures(deployments, incidents, window))
    assert found["deployment-frequency"].value == 1.0
    assert (found["change-fail-rate"].value, found["change-fail-rate"].n) == (0.4, 5)
    assert found["recovery-time"].value == pytest.approx(4.0)
    assert all(measure.source == "forge" and measure.definition for measure in found.values())


def test_nothing_known_is_said_and_not_zero() -> None:
    window = Window(NEW_YEAR, NEW_YEAR + timedelta(days=28), "forge")
    found = by_id(delivery_measures([], [], window))
    assert found["change-fail-rate"].value is None
    assert found["recovery-time"].why


def test_promotions_that_are_taken_back_have_failed() -> None:
    looks = [
        Observation(NEW_YEAR + timedelta(days=n), "churn", "champion", version)
        for n, version in enumerate("112213333333333")
    ]
    changes = count_promotions(looks).changes
    window = Window(NEW_YEAR, NEW_YEAR + timedelta(days=30), "registry log")
    found = by_id(model_measures(changes, {("churn", "2"): NEW_YEAR - timedelta(days=1)}, window))
    assert (found["failed-promotions"].value, found["failed-promotions"].n) == (0.5, 2)
    assert (found["model-lead-time"].value, found["model-lead-time"].n) == (3.0, 1)


def test_an_error_budget() -> None:
    measure, budget = availability(99_950, 100_000, Window(NEW_YEAR, NEW_YEAR + timedelta(days=30), "p"), target=0.999)
    assert measure.value == pytest.approx(0.9995)
    assert budget.used == pytest.approx(0.5)
    with pytest.raises(ValueError, match="target"):
        availability(1, 1, Window(NEW_YEAR, NEW_YEAR, "p"), target=1.0)


def test_knowledge_at_risk_is_what_one_person_alone_touched() -> None:
    def commit(number: int, who: str, *files: str, days_ago: int = 10) -> Commit:
        when = NEW_YEAR - timedelta(days=days_ago)
        return Commit(str(number), when, when, who, "x", files)

    commits = [
        commit(1, "dana", "serving/a.py", "serving/b.py"),
        commit(2, "dana", "serving/a.py", "serving/b.py"),
        commit(3, "lee", "serving/b.py"),
        commit(4, "dana", "once.py"),
        commit(5, "lee", "serving/a.py", days_ago=900),
    ]
    found = knowledge_at_risk(commits, "dana", now=NEW_YEAR)
    assert [(folder.folder, folder.files, folder.alone) for folder in found.folders] == [
        ("serving", 2, ("serving/a.py",))
    ]
    assert knowledge_at_risk(commits, "lee", now=NEW_YEAR).folders == ()
