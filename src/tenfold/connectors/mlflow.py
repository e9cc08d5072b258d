"""Model versions and aliases from MLflow: its API, or its database file of any schema.

Shapes after “MLflow REST API 2.0: search registered models, search model versions, get run”. Of a database only the
tables and columns that are there are read: before 1.4 there is no registry, before 2.3 there are stages and no aliases.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tenfold.connectors.payloads import BadPayload, Node, Problem, Reading, read_items
from tenfold.connectors.records import ModelVersion
from tenfold.kit.errors import Place, UserError

NO_STAGE = ("", "none", "archived")
MAX_ROWS = 1_000_000
SQLITE_HEAD = b"SQLite format 3\x00"


def read_model_versions(root: Node, *, name: str) -> Reading[ModelVersion]:
    """Versions from the API: an answer of model versions, or of registered models with their latest ones."""
    if root.get("registered_models").is_there:
        found = read_items(root, _registered_model, name=name, under=("registered_models",))
        return Reading(tuple(version for versions in found.items for version in versions), found.problems)
    return read_items(root, _version, name=name, under=("model_versions",))


def read_database(path: Path) -> Reading[ModelVersion]:
    """Versions in an MLflow database file, opened for reading only.

    Raises:
        UserError: it is missing, no SQLite database, or no database of MLflow.
    """
    _require_sqlite(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            tables = _tables(database)
            if not {"runs", "experiments", "registered_models"} & set(tables):
                raise _unusable(path, "This is no database of MLflow: it has neither runs nor a registry.")
            return _versions(database, tables)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        raise _unusable(path, f"The database cannot be read: {error}.") from error


def _registered_model(node: Node) -> tuple[ModelVersion, ...]:
    aliases: dict[str, list[str]] = defaultdict(list)
    listed = node.get("aliases")
    for alias in listed.items() if listed.is_there else ():
        aliases[alias.get("version").text()].append(alias.get("alias").text())
    latest = node.get("latest_versions")
    versions = [_version(each) for each in latest.items()] if latest.is_there else []
    told = {version.version for version in versions}
    name = node.get("name").text()
    alone = [ModelVersion(name, version, None) for version in aliases if version not in told]
    return tuple(
        replace(each, aliases=tuple(dict.fromkeys((*each.aliases, *aliases.get(each.version, ())))))
        for each in (*versions, *alone)
    )


def _version(node: Node) -> ModelVersion:
    stage = node.get("current_stage").text_or()
    listed = node.get("aliases")
    aliases = [alias.text() for alias in listed.items()] if listed.is_there else []
    return ModelVersion(
        name=node.get("name").text(),
        version=node.get("version").text(),
        created_at=node.get("creation_timestamp").moment_or_none(),
        run_id=node.get("run_id").text_or(),
        aliases=(*aliases, *((stage.casefold(),) if stage.casefold() not in NO_STAGE else ())),
    )


def _require_sqlite(path: Path) -> None:
    try:
        with path.open("rb") as raw:
            head = raw.read(len(SQLITE_HEAD))
    except OSError as error:
        raise _unusable(path, f"The file cannot be read: {error.strerror}.") from error
    if head != SQLITE_HEAD:
        raise _unusable(path, "This is not an SQLite database.")


def _tables(database: sqlite3.Connection) -> dict[str, set[str]]:
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: {row[1] for row in database.execute("SELECT * FROM pragma_table_info(?)", (name,))} for name in names}


def _versions(database: sqlite3.Connection, tables: dict[str, set[str]]) -> Reading[ModelVersion]:
    if not {"name", "version"} <= tables.get("model_versions", set()):
        return Reading(())
    trained = _trained_at(database, tables)
    aliases = _aliases(database, tables)
    items: list[ModelVersion] = []
    problems: list[Problem] = []
    wanted = ("name", "version", "creation_time", "run_id", "current_stage")
    for number, row in enumerate(_rows(database, "model_versions", wanted, tables["model_versions"])):
        try:
            items.append(_from_row(row, trained, aliases))
        except BadPayload as error:
            problems.append(Problem(f"model_versions row {number + 1}", str(error)))
    return Reading(tuple(items), tuple(problems))


def _from_row(
    row: dict[str, Any], trained: dict[str, datetime], aliases: dict[tuple[str, str], list[str]]
) -> ModelVersion:
    node = Node(row, "row")
    name, version, run = node.get("name").text(), node.get("version").text(), node.get("run_id").text_or()
    stage = node.get("current_stage").text_or().casefold()
    return ModelVersion(
        name=name,
        version=version,
        created_at=node.get("creation_time").moment_or_none(),
        run_id=run,
        trained_at=trained.get(run),
        aliases=(*aliases.get((name, version), ()), *((stage,) if stage not in NO_STAGE else ())),
    )


def _trained_at(database: sqlite3.Connection, tables: dict[str, set[str]]) -> dict[str, datetime]:
    columns = tables.get("runs", set())
    key = "run_uuid" if "run_uuid" in columns else "run_id"
    if not {key, "end_time"} <= columns:
        return {}
    found = {}
    for row in _rows(database, "runs", (key, "end_time"), columns):
        if isinstance(row["end_time"], int) and 0 < row["end_time"] < 10**14:
            found[str(row[key])] = datetime.fromtimestamp(row["end_time"] / 1000, UTC)
    return found


def _aliases(database: sqlite3.Connection, tables: dict[str, set[str]]) -> dict[tuple[str, str], list[str]]:
    columns = tables.get("registered_model_aliases", set())
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    if {"name", "alias", "version"} <= columns:
        for row in _rows(database, "registered_model_aliases", ("name", "alias", "version"), columns):
            found[str(row["name"]), str(row["version"])].append(str(row["alias"]))
    return found


def _rows(
    database: sqlite3.Connection, table: str, wanted: tuple[str, ...], columns: set[str]
) -> Iterator[dict[str, Any]]:
    """Rows of a table with those of the wanted columns that it has; names are ours, never the file's."""
    there = [column for column in wanted if column in columns]
    query = f"SELECT {', '.join(there)} FROM {table} LIMIT {MAX_ROWS}"  # noqa: S608 - our own constants
    for values in database.execute(query):
        yield dict(zip(there, values, strict=True))


def _unusable(path: Path, what: str) -> UserError:
    return UserError(what, remedy="Name MLflow's own database, such as mlflow.db.", place=Place(file=str(path)))
