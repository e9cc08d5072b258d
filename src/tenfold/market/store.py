"""The store of pay data: immutable, content-addressed Parquet snapshots with a manifest, queried by DuckDB.

A folder holds `manifest.json`, `snapshots/<id>.parquet` (the id is the SHA-256 of the file's bytes) and,
beside each, `<id>.bad.csv` with the rows that could not be read. An import ends in one rename of the
manifest: before it nothing is there, after it all is. An import that is broken off leaves its parts in
`unfinished/` and goes on from them when it is run again.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from tenfold.kit.errors import NotEnoughData, Place, UserError
from tenfold.kit.writing import write_whole
from tenfold.market.ads import OWN, Ad, Row
from tenfold.market.fx import Rates, shipped_rates
from tenfold.market.importers.source import Dropped, Importer, Made, Record, open_rows
from tenfold.market.level_codes import code_of_level
from tenfold.market.observation import (
    OBSERVATIONS,
    RATES,
    SCHEMA_VERSION,
    TABLES,
    Observation,
    Rate,
    arrow_schema,
    columns,
)

HOME_VARIABLE = "TENFOLD_HOME"
PART_ROWS = 50_000
_MOST_BAD_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Batch:
    """One import: what came in, what was kept, what was dropped and why. `id` names the snapshot."""

    id: str
    kind: str
    table: str
    schema_version: int
    source_name: str
    source_sha256: str
    provenance: str
    imported_at: str
    rows_read: int
    kept: int
    dropped: dict[str, int]
    bad: int
    repaired: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """The outcome of an import. `was_there`: the same file had been imported before, so nothing was done."""

    batch: Batch
    was_there: bool
    bad_rows: Path | None


@dataclass
class _Progress:
    """How far an unfinished import has come; kept in its folder after every part."""

    rows_read: int = 0
    kept: int = 0
    parts: int = 0
    repaired: int = 0
    bad: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


def default_folder() -> Path:
    """`market` in TENFOLD_HOME, else in the user's data directory."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home) / "market"
    import platformdirs  # noqa: PLC0415  only where no home is set

    return Path(platformdirs.user_data_dir("tenfold")) / "market"


class Store:
    """A folder of snapshots. Opening one writes nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or default_folder()

    def batches(self) -> list[Batch]:
        """Every import, oldest first.

        Raises:
            UserError: the manifest is damaged.
        """
        manifest = self.folder / "manifest.json"
        if not manifest.exists():
            return []
        try:
            return [Batch(**entry) for entry in json.loads(manifest.read_text("utf-8"))["batches"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(
                "The manifest of the pay store is damaged.",
                remedy="Restore it from a backup, or import into another folder.",
                place=Place(file=str(manifest)),
            ) from error

    def snapshot(self) -> str:
        """One name for all that the store holds now: the hash of the batches' ids."""
        return hashlib.sha256("".join(sorted(batch.id for batch in self.batches())).encode()).hexdigest()[:12]

    def path_of(self, batch: Batch) -> Path:
        return self.folder / "snapshots" / f"{batch.id}.parquet"

    def import_file(
        self,
        source: Path,
        importer: Importer,
        *,
        settings: str = "",
        now: datetime | None = None,
        advance: Callable[[int], None] = lambda _: None,
    ) -> Imported:
        """Imports one file, all or nothing. `settings` is what besides the file decides the outcome (a mapping).

        `advance` is told of bytes (CSV) as they are read, for a progress bar.

        Raises:
            UserError: the file cannot be read, has no usable row, or more than half of its rows are bad.
        """
        digest = _digest(source, f"{importer.kind}/{SCHEMA_VERSION}/{settings}")
        for batch in self.batches():
            if batch.source_sha256 == digest:
                return Imported(batch, was_there=True, bad_rows=self._bad_rows(batch))
        work = self.folder / "unfinished" / digest[:16]
        work.mkdir(parents=True, exist_ok=True)
        try:
            progress = self._read(source, importer, work, advance)
            _refuse_junk(progress, source)
        except UserError:
            shutil.rmtree(work, ignore_errors=True)
            raise
        return self._finish(source, importer, work, progress=progress, digest=digest, now=now or datetime.now(UTC))

    def _read(self, source: Path, importer: Importer, work: Path, advance: Callable[[int], None]) -> _Progress:
        """Writes parts into `work`. What was read before an interruption is not converted again."""
        progress = _resume(work) if importer.stateless else _Progress()
        counted = _Counted(open_rows(source, importer.columns(), advance=advance))
        counted.pass_over(progress.rows_read, importer)
        outcomes = importer.read(counted)
        mode = "a" if progress.rows_read else "w"
        with (work / "bad.csv").open(mode, encoding="utf-8", newline="") as stream:
            bad = csv.writer(stream)
            if mode == "w":
                bad.writerow(["line", "reason", "row"])
            while chunk := list(islice(outcomes, PART_ROWS)):
                made = [outcome for outcome in chunk if not isinstance(outcome, Dropped)]
                for outcome in chunk:
                    if isinstance(outcome, Dropped):
                        progress.dropped[outcome.reason] += 1
                        if outcome.is_bad:
                            progress.bad += 1
                            bad.writerow([outcome.line, outcome.reason, *outcome.cells])
                if made:
                    _write_part(work / f"part-{progress.parts:05d}.parquet", importer.table, made)
                    progress.parts += 1
                progress.kept += len(made)
                progress.repaired += sum(1 for one in made if isinstance(one, Observation) and one.repaired)
                progress.rows_read = counted.count
                stream.flush()
                _note(work, progress)
        progress.rows_read = counted.count
        return progress

    def _finish(
        self, source: Path, importer: Importer, work: Path, *, progress: _Progress, digest: str, now: datetime
    ) -> Imported:
        whole = _join(work, importer.table)
        batch = Batch(
            id=hashlib.sha256(whole.read_bytes()).hexdigest()[:16],
            kind=importer.kind,
            table=importer.table,
            schema_version=SCHEMA_VERSION,
            source_name=source.name,
            source_sha256=digest,
            provenance=importer.provenance,
            imported_at=now.isoformat(timespec="seconds"),
            rows_read=progress.rows_read,
            kept=progress.kept,
            dropped=dict(progress.dropped.most_common()),
            bad=progress.bad,
            repaired=progress.repaired,
        )
        target = self.path_of(batch)
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            whole.replace(target)
            if progress.bad:
                (work / "bad.csv").replace(target.with_suffix(".bad.csv"))
            self._write_manifest([*self.batches(), batch])
        shutil.rmtree(work, ignore_errors=True)
        return Imported(batch, was_there=False, bad_rows=self._bad_rows(batch))

    def remove(self, batch_id: str) -> Batch:
        """Takes one import out of the store: erasure. Raises UserError where there is none of that name."""
        held = self.batches()
        gone = [batch for batch in held if batch.id.startswith(batch_id)] if batch_id else []
        if len(gone) != 1:
            raise UserError(f"There is no one import called “{batch_id}”.", remedy="List them: tenfold market list")
        with self._alone():
            self._write_manifest([batch for batch in self.batches() if batch.id != gone[0].id])
        self.path_of(gone[0]).unlink(missing_ok=True)
        self.path_of(gone[0]).with_suffix(".bad.csv").unlink(missing_ok=True)
        return gone[0]

    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Column names and rows of one SQL query over the tables observations, official, rates, regional, batches.

        The query can read nothing but the store's own snapshots and can write nothing.

        Raises:
            UserError: the query cannot be run.
        """
        import duckdb  # noqa: PLC0415  heavy, and only analysts ask

        with duckdb.connect(":memory:") as connection:
            for table in TABLES:
                paths = [str(self.path_of(batch)) for batch in self.batches() if batch.table == table]
                _define(connection, table, paths)
            _define_batches(connection, self.batches())
            connection.execute(f"SET allowed_directories=['{_sql_text(str(self.folder / 'snapshots'))}']")
            connection.execute("SET enable_external_access=false")
            connection.execute("SET lock_configuration=true")
            try:
                result: Any = connection.execute(sql)  # None where there is no statement
                if result is None or result.description is None:
                    raise UserError("There is nothing to answer in this query.", remedy="Begin it with SELECT.")
                return [column[0] for column in result.description], result.fetchall()
            except duckdb.Error as error:
                raise UserError(
                    f"The query cannot be run: {error}", remedy=f"Tables: {', '.join(TABLES)}, batches."
                ) from error

    def rates(self) -> Rates:
        """Imported rates; for currencies without any the yearly means that come with the package."""
        _, rows = self.query(f"SELECT {', '.join(columns(RATES))} FROM rates")  # noqa: S608 - our own column names
        return Rates.of(Rate(*row) for row in rows).over(shipped_rates())

    def observations(self, *, basis: str | None = None) -> list[Observation]:
        names = ", ".join(columns(OBSERVATIONS))
        _, rows = self.query(f"SELECT {names} FROM observations")  # noqa: S608 - our own column names
        found = [Observation(*row) for row in rows]
        return [one for one in found if basis in (None, one.basis)]

    def ads(self) -> list[Ad]:
        """Posted ranges of the store as ads to fit on.

        Raises:
            NotEnoughData: the store holds none.
        """
        held = [_ad(one) for one in self.observations(basis="posted-range")]
        if not held:
            raise NotEnoughData(
                "The store holds no posted ranges.", remedy="tenfold market import salaries.csv --kind ai-jobs"
            )
        return held

    def own_pay(self) -> list[Ad]:
        """Own pay that the model can use, a person each: US, full-time, in USD, level known."""
        people = []
        for number, one in enumerate(self.observations(basis=OWN)):
            if one.level and one.role != "other":
                row = Row(
                    one.title, code_of_level(one.level), one.remote_ratio, "M", one.country, "FT", one.work_year, OWN
                )
                people.append(Ad(row, one.min_usd_year, one.max_usd_year, one.currency, f"person {number}", one.seen))
        return people

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer of the manifest at a time, in any process."""
        import fcntl  # noqa: PLC0415  not on every system; only writers need it

        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _bad_rows(self, batch: Batch) -> Path | None:
        path = self.path_of(batch).with_suffix(".bad.csv")
        return path if path.exists() else None

    def _write_manifest(self, batches: list[Batch]) -> None:
        document = {"schema_version": SCHEMA_VERSION, "batches": [asdict(batch) for batch in batches]}
        write_whole(self.folder / "manifest.json", json.dumps(document, indent=1, ensure_ascii=False) + "\n")


class _Counted:
    """Rows, counted."""

    def __init__(self, rows: Iterator[tuple[int, Record]]) -> None:
        self._rows, self.count = rows, 0

    def pass_over(self, count: int, importer: Importer) -> None:
        for _, record in islice(self, count):
            importer.pass_over(record)

    def __iter__(self) -> Iterator[tuple[int, Record]]:
        return self

    def __next__(self) -> tuple[int, Record]:
        row = next(self._rows)
        self.count += 1
        return row


def _digest(source: Path, settings: str) -> str:
    digest = hashlib.sha256(settings.encode())
    try:
        with source.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise UserError(f"The file cannot be read: {error.strerror}.", place=Place(file=str(source))) from error
    return digest.hexdigest()


def _refuse_junk(progress: _Progress, source: Path) -> None:
    place = Place(file=str(source))
    if not progress.rows_read:
        raise UserError("The file has a header but no rows.", place=place)
    reasons = ", ".join(f"{reason} ({count:,})" for reason, count in progress.dropped.most_common(3))
    if progress.bad > _MOST_BAD_SHARE * progress.rows_read:
        raise UserError(
            f"{progress.bad:,} of {progress.rows_read:,} rows cannot be read: {reasons}. Nothing was imported.",
            remedy="Check that the columns hold what the importer takes them for (--kind, --map).",
            place=place,
        )
    if not progress.kept:
        raise UserError(f"No row is of use: {reasons}. Nothing was imported.", place=place)


def _resume(work: Path) -> _Progress:
    try:
        noted = json.loads((work / "progress.json").read_text("utf-8"))
    except (OSError, ValueError):
        return _Progress()
    return _Progress(**noted | {"dropped": Counter(noted["dropped"])})


def _note(work: Path, progress: _Progress) -> None:
    write_whole(work / "progress.json", json.dumps(vars(progress) | {"dropped": dict(progress.dropped)}))


def _write_part(path: Path, table: str, made: list[Made]) -> None:
    import pyarrow as pa  # noqa: PLC0415  heavy, and only imports need it
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = arrow_schema(table)
    arrays = [pa.array([getattr(one, name) for one in made], schema.field(name).type) for name in schema.names]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path, compression="zstd")


def _join(work: Path, table: str) -> Path:
    """All parts as one Parquet file, a part at a time in memory."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    whole = work / "whole.parquet"
    with pq.ParquetWriter(whole, arrow_schema(table), compression="zstd") as writer:
        for part in sorted(work.glob("part-*.parquet")):
            writer.write_table(pq.read_table(part, schema=arrow_schema(table)))
    return whole


def _define(connection: Any, table: str, paths: list[str]) -> None:
    if paths:
        listed = ", ".join(f"'{_sql_text(path)}'" for path in paths)
        view = f"CREATE VIEW {table} AS SELECT * FROM read_parquet([{listed}], filename='snapshot')"  # noqa: S608
        connection.execute(view)
        return
    kinds = {"string": "VARCHAR", "double": "DOUBLE", "int32": "INTEGER", "date32[day]": "DATE"}
    made = ", ".join(f"{each.name} {kinds[str(each.type)]}" for each in arrow_schema(table))
    connection.execute(f"CREATE TABLE {table} ({made}, snapshot VARCHAR)")


def _define_batches(connection: Any, batches: list[Batch]) -> None:
    connection.execute(
        "CREATE TABLE batches (id VARCHAR, kind VARCHAR, table_name VARCHAR, source_name VARCHAR, provenance VARCHAR, "
        "imported_at VARCHAR, rows_read BIGINT, kept BIGINT, bad BIGINT)"
    )
    rows = [
        (b.id, b.kind, b.table, b.source_name, b.provenance, b.imported_at, b.rows_read, b.kept, b.bad) for b in batches
    ]
    if rows:
        connection.executemany("INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _sql_text(text: str) -> str:
    return text.replace("'", "''")


def _ad(one: Observation) -> Ad:
    row = Row(one.title, one.level_code, one.remote_ratio, one.size, one.country, one.employment, one.work_year)
    seen = one.seen if isinstance(one.seen, date) else None
    local = (one.min_year + one.max_year) / 2
    return Ad(row, one.min_usd_year, one.max_usd_year, one.currency, one.country, seen, local)
