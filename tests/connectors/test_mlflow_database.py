"""MLflow's database file: eras of its schema by hand, its own migrations where MLflow is installed, broken files."""

# ruff: noqa: S608 - the tables are this test's own

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tenfold.connectors.mlflow import read_database
from tenfold.kit.errors import UserError

NO_REGISTRY = "CREATE TABLE runs (run_uuid TEXT, end_time BIGINT); CREATE TABLE experiments (experiment_id INT);"
STAGES = (
    NO_REGISTRY + "CREATE TABLE registered_models (name TEXT, creation_time BIGINT);"
    "CREATE TABLE model_versions (name TEXT, version INT, creation_time BIGINT, current_stage TEXT, run_id TEXT);"
    "INSERT INTO runs VALUES ('r', 1772330400000);"
    "INSERT INTO model_versions VALUES ('churn', 1, 1772330400000, 'Archived', 'r'), "
    "('churn', 2, 1772340400000, 'Production', 'gone');"
)
ALIASES = (
    STAGES + "CREATE TABLE registered_model_aliases (name TEXT, alias TEXT, version INT);"
    "INSERT INTO registered_model_aliases VALUES ('churn', 'champion', 1);"
)


def database(path: Path, script: str) -> Path:
    with closing(sqlite3.connect(path)) as made:
        made.executescript(script)
    return path


def test_before_the_registry_there_are_no_versions(tmp_path: Path) -> None:
    assert read_database(database(tmp_path / "a.db", NO_REGISTRY)).items == ()


def test_stages_are_aliases_where_there_are_none(tmp_path: Path) -> None:
    one, two = read_database(database(tmp_path / "a.db", STAGES)).items
    assert (one.aliases, one.trained_at) == ((), datetime.fromtimestamp(1772330400, UTC))
    assert (two.aliases, two.trained_at) == (("production",), None)


def test_aliases_point_to_their_versions(tmp_path: Path) -> None:
    assert read_database(database(tmp_path / "a.db", ALIASES)).items[0].aliases == ("champion",)


def test_reading_changes_nothing(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db", ALIASES)
    before = path.read_bytes()
    path.chmod(0o444)
    read_database(path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a.db"]


@pytest.mark.parametrize("raw", [b"", b"not a database", b"SQLite format 3\x00" + b"\x00" * 200])
def test_what_is_no_database_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(raw)
    with pytest.raises(UserError, match="database"):
        read_database(path)
    with pytest.raises(UserError, match="cannot be read"):
        read_database(tmp_path / "none.db")
    with pytest.raises(UserError, match="no database of MLflow"):
        read_database(database(tmp_path / "other.db", "CREATE TABLE t (a)"))


@pytest.mark.parametrize("seed", range(120))
def test_damaged_databases_are_read_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    raw = bytearray(database(tmp_path / "a.db", ALIASES).read_bytes())
    for _ in range(chance.randint(1, 30)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    path = tmp_path / "b.db"
    path.write_bytes(raw[: chance.randint(50, len(raw))] if chance.random() < 0.4 else raw)
    try:
        read_database(path)
    except UserError as error:
        remedy = error.remedy
    else:
        return
    assert remedy


def test_every_schema_that_mlflows_own_migrations_know(tmp_path: Path) -> None:
    """300 databases over all revisions; needs mlflow-skinny, alembic and sqlalchemy, which the project does not."""
    pytest.importorskip("alembic", reason="needs MLflow's migrations: pip install mlflow-skinny alembic sqlalchemy")
    pytest.importorskip("mlflow", reason="needs MLflow's migrations: pip install mlflow-skinny alembic sqlalchemy")
    schemas = _schemas(tmp_path)
    assert len(schemas) > 30
    chance = random.Random(7)  # noqa: S311 - repeatable
    read = 0
    for number in range(300):
        path = tmp_path / f"made-{number}.db"
        shutil.copy(schemas[number % len(schemas)], path)
        rows = _fill(path, chance)
        found = read_database(path)
        assert len(found.items) == rows
        read += rows
        path.unlink()
    assert read > 300


def _schemas(folder: Path) -> list[Path]:
    mlflow = pytest.importorskip("mlflow")
    command, script = pytest.importorskip("alembic.command"), pytest.importorskip("alembic.script")
    first_tables = pytest.importorskip("mlflow.store.tracking.dbmodels.initial_models")
    where = Path(mlflow.__file__).parent / "store" / "db_migrations"
    path = folder / "all.db"
    first_tables.Base.metadata.create_all(pytest.importorskip("sqlalchemy").create_engine(f"sqlite:///{path}"))
    config = pytest.importorskip("alembic.config").Config()
    config.set_main_option("script_location", str(where))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{path}")
    order = [each.revision for each in script.ScriptDirectory.from_config(config).walk_revisions()][::-1]
    found: list[Path] = []
    for revision in order:
        command.upgrade(config, revision)
        found.append(Path(shutil.copy(path, folder / f"schema-{len(found)}.db")))
    return found


def _fill(path: Path, chance: random.Random) -> int:
    """Random rows in the registry's tables, whatever columns they have; how many versions."""
    with closing(sqlite3.connect(path)) as made:
        tables = {row[0] for row in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "model_versions" not in tables:
            return 0
        _insert(made, "registered_models", {"name": "churn"}, chance)
        count = chance.randint(0, 6)
        for version in range(1, count + 1):
            _insert(made, "model_versions", {"name": "churn", "version": version}, chance)
        if count and "registered_model_aliases" in tables:
            _insert(made, "registered_model_aliases", {"name": "churn", "alias": "champion", "version": 1}, chance)
        made.commit()
        return count


def _insert(made: sqlite3.Connection, table: str, values: dict[str, object], chance: random.Random) -> None:
    for _, column, kind, required, default, _ in made.execute(f"SELECT * FROM pragma_table_info('{table}')").fetchall():
        if column not in values and default is None and (required or chance.random() < 0.7):
            number = chance.randint(1, 2 * 10**12)
            values[column] = number if "INT" in kind.upper() else chance.choice(["Production", "Archived", "None"])
    marks = ", ".join("?" for _ in values)
    made.execute("PRAGMA ignore_check_constraints = ON")
    made.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))
