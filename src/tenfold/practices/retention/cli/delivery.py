"""`tenfold retention impact | knowledge | poll`: what the team delivers, and what rests on one person."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.kit.errors import UserError
from tenfold.practices.retention.cli.options import Format, FormatOption, JsonOption, emit
from tenfold.practices.retention.cli.teams import app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenfold.connectors.records import Commit
    from tenfold.practices.retention.impact import Measure


@app.command(
    epilog="Examples: tenfold retention impact --deployments deployments.json --incidents incidents.json --json · "
    "tenfold retention impact --repo ~/code/service --since 2024-01-01 · "
    "tenfold retention impact --looks looks.csv"
)
def impact(
    *,
    deployments: Annotated[Path | None, typer.Option(help="JSON of GitHub's or GitLab's deployments.")] = None,
    incidents: Annotated[Path | None, typer.Option(help="JSON of PagerDuty, incident.io or Rootly.")] = None,
    looks: Annotated[Path | None, typer.Option(help="Looks at a model registry, as for `promotions`.")] = None,
    repo: Annotated[Path | None, typer.Option(help="A clone of a git repository: its tags are releases.")] = None,
    since: Annotated[datetime | None, typer.Option(help="First day of the repository's history.")] = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """What the team delivers, by DORA's definitions and by model.

    Each measure with its definition, n, 95 % interval, time and source, or with why there is not enough data. No
    measure is of a person, and none has a grade.
    """
    measures = [*_delivery(deployments, incidents), *_models(looks), *_releases(repo, since)]
    if not measures:
        raise UserError("Nothing to measure.", remedy="Give --deployments, --looks or --repo.")
    values = [{key: _plain(value) for key, value in asdict(each).items()} for each in measures]
    emit({"measures": values}, "\n".join(_line(each) for each in measures), as_json=json or format is Format.JSON)


@app.command(epilog="Example: tenfold retention knowledge ~/code/service --author ada@example.org --json")
def knowledge(
    *,
    repo: Annotated[Path, typer.Argument(help="A clone of a git repository.")],
    author: Annotated[str, typer.Option(help="Who is leaving, as git names them: name or address.")],
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """What only one person changed of late: where a backfill plan begins.

    Files that nobody else touched within two years, by folder. It is a list of files, not a figure of a person.
    """
    from tenfold.connectors.git_local import read_commits
    from tenfold.practices.retention.knowledge import knowledge_at_risk

    commits = read_commits(repo)
    found = knowledge_at_risk(commits, _author(author, commits), now=datetime.now(UTC))
    values = {
        "since": found.since.date().isoformat(),
        "files_touched": found.files,
        "by_nobody_else": found.alone,
        "folders": [
            {"folder": each.folder, "files": each.files, "by_nobody_else": list(each.alone)} for each in found.folders
        ],
    }
    lines = [f"{found.alone} of {found.files} files of the last two years were changed by nobody else."]
    lines += [f"  {each.folder}: {len(each.alone)} of {each.files}" for each in found.folders]
    emit(values, "\n".join(lines), as_json=json or format is Format.JSON)


@app.command(
    epilog="Examples: tenfold retention poll mlflow.db --log registry.log · "
    "tenfold retention poll versions.json --log registry.log, every hour by cron"
)
def poll(
    *,
    source: Annotated[Path, typer.Argument(help="MLflow's database file, or the JSON of its model versions.")],
    log: Annotated[Path, typer.Option(help="The log to add to; made where it is not there.")],
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Look at a model registry once, and add what is seen to a log.

    A registry forgets what its aliases pointed to. Each look is a line on a hash chain, so a run that was broken off
    is gone on with by the next, and a line that was changed later is found. `promotions LOG` reads it.
    """
    from tenfold.connectors import mlflow
    from tenfold.connectors.registry_log import append_look

    reading = mlflow.read_database(source) if _is_database(source) else _versions(source)
    entry = append_look(log, reading.items, at=datetime.now(UTC))
    aliases = sum(len(each.aliases) for each in reading.items)
    problems = [f"{each.where}: {each.why}" for each in reading.problems]
    values = {"look": entry.n + 1, "versions": len(reading.items), "aliases": aliases, "problems": problems}
    text = f"Look {entry.n + 1}: {aliases} aliases of {len(reading.items)} versions, added to {log}."
    emit(values, "\n".join([text, *(f"! {each}" for each in problems)]), as_json=json or format is Format.JSON)


def _author(given: str, commits: Sequence[Commit]) -> str:
    """The author whom git writes as `Name <address>`, by either of both.

    Raises:
        UserError: nobody, or more than one.
    """
    known = sorted({commit.author for commit in commits})
    asked = given.casefold()
    found = [each for each in known if asked in (each.casefold(), *each.casefold().rstrip(">").split(" <"))]
    if len(found) != 1:
        what = f"{len(found)} authors are called “{given}”." if found else f"No commit is by “{given}”."
        listed = ", ".join((found or known)[:10]) or "none"
        raise UserError(what, remedy=f"Write one of them whole: {listed}.")
    return found[0]


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(15) == b"SQLite format 3"
    except OSError:
        return False


def _versions(path: Path) -> Any:
    from tenfold.connectors import mlflow
    from tenfold.connectors.payloads import read_node

    return mlflow.read_model_versions(read_node(path), name=str(path))


def _delivery(deployments: Path | None, incidents: Path | None) -> list[Measure]:
    from tenfold.connectors import forges, incident_tools
    from tenfold.connectors.payloads import read_node
    from tenfold.practices.retention.impact import Window, delivery_measures

    if deployments is None:
        return []
    done = forges.read_deployments(read_node(deployments), name=str(deployments)).items
    root = read_node(incidents) if incidents else None
    read = incident_tools.read_pagerduty_incidents
    if root is not None and root.get("data").is_there:
        read = incident_tools.read_rootly
    elif root is not None and root.get("pagination_meta").is_there:
        read = incident_tools.read_incident_io
    found = read(root, name=str(incidents)).items if root is not None else ()
    if len(done) < 2:
        raise UserError("Two deployments are the least.", remedy="Export a longer time.")
    times = [each.finished_at for each in done]
    source = " and ".join(str(each) for each in (deployments, incidents) if each)
    return delivery_measures(done, found, Window(min(times), max(times), source))


def _models(looks: Path | None) -> list[Measure]:
    from tenfold.connectors.tables import read_table
    from tenfold.practices.retention.impact import Window, model_measures
    from tenfold.practices.retention.looks import LookColumns, is_log, read_log, read_looks
    from tenfold.practices.retention.promotions import count_promotions

    if looks is None:
        return []
    read = read_log(looks) if is_log(looks) else read_looks(read_table(looks), LookColumns())
    answer = count_promotions(read.observations)
    return model_measures(answer.changes, {}, Window(answer.first, answer.last, str(looks)))


def _releases(repo: Path | None, since: datetime | None) -> list[Measure]:
    from itertools import pairwise

    from tenfold.connectors.git_local import commits_between, read_commits, read_tags
    from tenfold.practices.retention.impact import Window, release_measures

    if repo is None:
        return []
    begin = since.replace(tzinfo=UTC) if since else None
    tags = sorted(read_tags(repo), key=lambda tag: tag.at)
    inside = [(one, two) for one, two in pairwise(tags) if begin is None or two.at >= begin]
    if not inside:
        raise UserError("The repository has no two tags in this time.", remedy="Give an earlier --since.")
    releases = [(two, commits_between(repo, one.name, two.name)) for one, two in inside]
    commits = [each for each in read_commits(repo) if begin is None or each.committed_at >= begin]
    start = begin or inside[0][0].at
    return release_measures(releases, commits, Window(start, max(two.at for _, two in inside), str(repo)))


def _line(measure: Measure) -> str:
    if measure.value is None:
        return f"{measure.name}: not enough data. {measure.why}"
    low = "unknown" if measure.low is None else f"{measure.low:.3g}"
    high = "unknown" if measure.high is None else f"{measure.high:.3g}"
    return f"{measure.name}: {measure.value:.3g} {measure.unit} (95 % interval {low} to {high}), n = {measure.n}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
