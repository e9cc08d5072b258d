"""`tenfold market`: snapshots of pay data — import, list, ask by SQL, take out."""

from __future__ import annotations

import csv
import json as json_text
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.kit.errors import Place, UserError

if TYPE_CHECKING:
    from tenfold.market.importers.source import Importer
    from tenfold.market.store import Imported, Store

app = typer.Typer(help="Snapshots of pay data: build, import, inspect.", add_completion=False, no_args_is_help=True)


class Kind(StrEnum):
    """Sources that can be imported."""

    AI_JOBS = "ai-jobs"
    LCA = "lca"
    OEWS = "oews"
    FX = "fx"
    REGIONAL = "regional"
    OWN = "own"


StoreOption = Annotated[Path | None, typer.Option("--store", help="The store's folder; default: in TENFOLD_HOME.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]


@app.callback()
def market() -> None:
    """Snapshots of pay data: build, import, inspect."""


@app.command(
    "import",
    epilog="Examples: tenfold market import jobs.csv --kind ai-jobs · tenfold market import own.csv --map map.toml · "
    "tenfold market import LCA_FY2025_Q4.xlsx --kind lca",
)
def import_(
    *,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX.")],
    kind: Annotated[Kind | None, typer.Option(help="What the file is; `own` with --map.")] = None,
    map: Annotated[
        Path | None, typer.Option("--map", help="The mapping of own data (tenfold market map FILE).")
    ] = None,
    year: Annotated[int | None, typer.Option(help="The year of an OEWS table, where its name does not say it.")] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Import one file of pay, all or nothing.

    Rows that cannot be read go to a side file with their line numbers.
    """
    from tenfold.market.store import Store

    place = Store(store)
    importer, settings = _importer(kind, file, map, year, place)
    result = _with_progress(place, file, importer, settings)
    if json:
        from dataclasses import asdict

        values = asdict(result.batch) | {"was_there": result.was_there, "bad_rows": str(result.bad_rows or "")}
        _say(json_text.dumps(values, indent=2, ensure_ascii=False))
        return
    _report(result)


@app.command("map", epilog="Example: tenfold market map own.csv --out map.toml")
def map_(
    file: Annotated[Path, typer.Argument(help="Your own CSV or XLSX.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the mapping here.")] = None,
) -> None:
    """Propose the mapping for your own pay data.

    It is read off the header and the cells; look it over before you import.
    """
    from tenfold.kit.cli.output import emit
    from tenfold.market.importers.own import propose
    from tenfold.market.importers.tables import columns_of

    emit(propose(columns_of(file)), out)
    if out is not None:
        _hint(f"Look it over, then: tenfold market import {file} --map {out}")


@app.command("list", epilog="Example: tenfold market list --json")
def list_(store: StoreOption = None, json: JsonOption = False) -> None:
    """What the store holds.

    Every import with its rows kept, dropped and why.
    """
    from dataclasses import asdict

    from tenfold.market.store import Store

    place = Store(store)
    batches = place.batches()
    if json:
        _say(json_text.dumps({"snapshot": place.snapshot(), "batches": [asdict(batch) for batch in batches]}, indent=2))
        return
    if not batches:
        _say("The store is empty. The shipped model works without it.")
        _say("To add data: tenfold market import FILE --kind ai-jobs")
        return
    for batch in batches:
        kept = f"{batch.kept:>9,} of {batch.rows_read:,} rows"
        _say(f"{batch.id}  {batch.kind:<9} {kept}  {batch.source_name}  {batch.imported_at[:10]}")
    _say(f"Snapshot {place.snapshot()} in {place.folder}")


@app.command(epilog='Example: tenfold market sql "select role, level, count(*) n from observations group by all"')
def sql(
    query: Annotated[str, typer.Argument(help="SQL over observations, official, rates, regional, batches.")],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Ask the store by SQL (DuckDB). It reads the store's snapshots only and writes nothing. CSV out, or JSON."""
    from tenfold.market.store import Store

    names, rows = Store(store).query(query)
    if json:
        _say(
            json_text.dumps(
                [dict(zip(names, row, strict=True)) for row in rows], indent=1, default=str, ensure_ascii=False
            )
        )
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)


@app.command(epilog="Example: tenfold market remove 3f2a")
def remove(
    batch: Annotated[str, typer.Argument(help="The import's id, or its beginning.")], store: StoreOption = None
) -> None:
    """Take one import out of the store, with its rows: erasure."""
    from tenfold.market.store import Store

    gone = Store(store).remove(batch)
    _say(f"Removed {gone.id} ({gone.source_name}, {gone.kept:,} rows).")


@app.command(epilog="Example: tenfold market fit --out model.json")
def fit(
    out: Annotated[Path, typer.Option(help="Where the model goes.")],
    ads: Annotated[
        list[Path] | None, typer.Option(help="Posted ranges as CSV, beside or instead of the store's.")
    ] = None,
    store: StoreOption = None,
) -> None:
    """Fit the pay model to what the store holds.

    Posted ranges, and own pay where there is any.
    """
    from tenfold.kit.writing import write_whole
    from tenfold.market.ads import read_ads
    from tenfold.market.fit import fit as fit_model
    from tenfold.market.model import to_json
    from tenfold.market.store import Store

    place = Store(store)
    posted = [ad for path in ads or () for ad in read_ads(path)] or place.ads()
    own = place.own_pay()
    model = fit_model([*posted, *own], made_from=[f"snapshot {place.snapshot()}", *(path.name for path in ads or ())])
    write_whole(out, to_json(model))
    people = f", {len(own)} people of your own among them" if own else ""
    _say(f"Fitted on {model.n_ads:,} observations{people}; snapshot {place.snapshot()}; written to {out}.")
    _hint(f"tenfold pay estimate --role mlops --level senior --model {out}")


def _importer(kind: Kind | None, file: Path, map: Path | None, year: int | None, store: Store) -> tuple[Importer, str]:
    from tenfold.market.importers import aijobs, lca, official, own

    if kind in (None, Kind.OWN):
        if map is None:
            raise UserError(
                "What kind of file is this?",
                remedy=f"Give --kind ({', '.join(Kind)}); for own data: tenfold market map {file} --out map.toml",
            )
        mapping = own.read_mapping(map)
        return own.Own(mapping, store.rates(), today=date.today()), map.read_text("utf-8")  # noqa: DTZ011
    if kind is Kind.OEWS:
        found = year or official.year_in_name(file.name)
        if found is None:
            raise UserError("Of which year is this table?", remedy="Add --year 2025.", place=Place(file=str(file)))
        return official.Oews(found), str(found)
    if kind is Kind.AI_JOBS:
        rates = store.rates()
        return aijobs.AiJobs(rates), str(len(rates.by_month))
    if kind is Kind.LCA:
        return lca.Lca(), ""
    return (official.ExchangeRates() if kind is Kind.FX else official.RegionalPrices()), ""


def _with_progress(store: Store, file: Path, importer: Importer, settings: str) -> Imported:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    size = file.stat().st_size if file.is_file() else None
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task(f"Importing {file.name}", total=None if file.suffix.lower() == ".xlsx" else size)
        waiting = 0

        def advance(count: int) -> None:
            nonlocal waiting
            waiting += count
            if waiting > 1 << 20:
                bar.advance(task, waiting)
                waiting = 0

        return store.import_file(file, importer, settings=settings, advance=advance)


def _report(result: Imported) -> None:
    batch = result.batch
    if result.was_there:
        _say(f"Already imported as {batch.id} on {batch.imported_at[:10]}; nothing was done.")
        return
    _say(f"Imported {batch.source_name} as {batch.id}: {batch.kept:,} of {batch.rows_read:,} rows kept.")
    for reason, count in batch.dropped.items():
        _say(f"  {count:>9,}  {reason}")
    if batch.repaired:
        _say(f"  {batch.repaired:>9,}  kept and repaired (column `repaired` says how)")
    if result.bad_rows is not None:
        _say(f"Rows that cannot be read, with line numbers: {result.bad_rows}")
    _hint('Ask it: tenfold market sql "select role, level, count(*) from observations group by all"')


def _say(words: str) -> None:
    typer.echo(words)


def _hint(words: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\n{words}\n")
