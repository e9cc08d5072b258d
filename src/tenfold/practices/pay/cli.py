"""`tenfold pay`: estimates, role pages, fits and backtests."""

from __future__ import annotations

import json as json_text
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.kit.errors import UserError

if TYPE_CHECKING:
    from tenfold.market.ads import Ad
    from tenfold.market.model import PayModel

app = typer.Typer(help="Estimate pay, and place an offer on the market.", add_completion=False, no_args_is_help=True)


class Format(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"
    SVG = "svg"


FormatOption = Annotated[Format, typer.Option("--format", help="text or json.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
AsOfOption = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Default: today.")]
PlaceOption = Annotated[
    str | None, typer.Option(help="A town, US metro or state, or a country: “Denver, CO”, 19740, “Leeds, UK”, France.")
]
ModelOption = Annotated[Path | None, typer.Option("--model", help="A fitted model; default: the one shipped.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="Write here instead of to the terminal.")]


@app.callback()
def pay() -> None:
    """Estimate pay, and place an offer on the market."""


@app.command(
    epilog="Examples: tenfold pay estimate --role mlops --level senior --place 'Denver, CO' --offer 165000-195000 · "
    "tenfold pay estimate --role mlops --years 6 --scope 30/70 --json · "
    "tenfold pay estimate --rows ads.csv --model model.json --out predictions.csv"
)
def estimate(
    *,
    role: Annotated[
        str | None, typer.Option(help="mlops, ml-engineer, ai-infrastructure, data-engineer, devops.")
    ] = None,
    level: Annotated[str | None, typer.Option(help="junior, mid, senior, staff, principal.")] = None,
    years: Annotated[float | None, typer.Option(min=0, max=60, help="Years, where no level is given.")] = None,
    place: PlaceOption = None,
    workplace: Annotated[str | None, typer.Option(help="remote, hybrid or onsite.")] = None,
    scope: Annotated[
        str | None, typer.Option(help="infrastructure-heavy, balanced, ml-heavy or a split: 60/40.")
    ] = None,
    stage: Annotated[str | None, typer.Option(help="The company's stage; an assumption, never data.")] = None,
    size: Annotated[str | None, typer.Option(help="The company's size; the data do not tell sizes apart.")] = None,
    rescue: Annotated[bool, typer.Option("--rescue", help="A rescue mission; an assumption, never data.")] = False,
    offer: Annotated[str | None, typer.Option(help="A range to place on it: 165000-195000.")] = None,
    as_of: AsOfOption = None,
    rows: Annotated[Path | None, typer.Option(help="Price every row of this CSV instead.")] = None,
    model: ModelOption = None,
    out: OutOption = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """What a role pays, and where an offer stands.

    p10 to p90, the median with its interval, n, dates and sources — or why that cannot be said.
    """
    if rows is not None:
        _estimate_rows(rows, model, out)
        return
    from dataclasses import replace

    from tenfold.market import benchmark
    from tenfold.practices.pay import assumptions, presenters, questions

    if role is None:
        raise UserError("Which role?", remedy="For one job: --role mlops --level senior. For a file: --rows FILE.csv.")
    question = questions.build_question(
        role=role,
        level=level,
        years=years,
        place=place,
        workplace=workplace,
        scope=scope,
        stage=stage,
        as_of=_day(as_of),
    )
    answer = benchmark.estimate(replace(question, size=size), model=_model(model))
    span = questions.amounts(offer) if offer else None
    laid_on = assumptions.assumptions_for(stage=stage, rescue=rescue)
    if json or format is Format.JSON:
        values = presenters.estimate_to_dict(answer, span) | {"assumptions": assumptions.to_dict(laid_on, answer)}
        _emit(json_text.dumps(values, indent=2, ensure_ascii=False), out)
    elif format is Format.SVG:
        _emit(_chart(answer, span), out)
    else:
        words = [presenters.estimate_in_words(answer, offer=span), *assumptions.in_words(laid_on, answer)]
        _emit("\n".join(words), out)
        _next_step(f"tenfold pay role {role} --out {role}.html shows the whole role and similar ones.")


@app.command(epilog="Example: tenfold pay fit --ads posted_ranges.csv --out model.json")
def fit(
    ads: Annotated[list[Path], typer.Option(help="CSV of posted ranges; may be repeated.")],
    out: Annotated[Path, typer.Option(help="Where the model goes.")],
    undated: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The date of ads in a file without first_snapshot.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Fit the pay model to posted ranges.

    The file has the layout of posted_ranges; the bands are calibrated out of time.
    """
    from tenfold.kit.writing import write_whole
    from tenfold.market import fit as fitting
    from tenfold.market.model import to_json

    with _waiting("Reading ads"):
        known = _read_all(ads, undated)
    with _waiting("Fitting"):
        model = fitting.fit(known, made_from=[path.name for path in ads])
    write_whole(out, to_json(model))
    values = {
        "model": str(out),
        "n": model.n_ads,
        "first_date": model.first.isoformat(),
        "last_date": model.last.isoformat(),
        "calibrated_on": model.calibrated_on,
        "effects": len(model.effects),
    }
    if json:
        _emit(json_text.dumps(values, indent=2), None)
        return
    _emit(
        f"Fitted on {model.n_ads:,} distinct full-time US ads of {model.first} to {model.last}; bands calibrated on "
        f"{model.calibrated_on:,} ads later than the fit that was tried on them.\nWritten to {out}.",
        None,
    )
    _next_step(f"tenfold pay estimate --role mlops --level senior --model {out}")


@app.command(
    epilog="Examples: tenfold pay backtest --train early.csv --test late.csv · "
    "tenfold pay backtest --train early.csv --test late.csv --country GB"
)
def backtest(
    train: Annotated[Path, typer.Option(help="CSV of posted ranges to fit on.")],
    test: Annotated[Path, typer.Option(help="CSV of later posted ranges to score on.")],
    rolling: Annotated[bool, typer.Option(help="Rolling origins for MLOps over all its ranges.")] = True,
    country: Annotated[
        str | None, typer.Option(help="Score a country's ads in its own currency instead: GB, or “United Kingdom”.")
    ] = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Score the model on later ads, beside two baselines.

    The baselines, in the same run: LightGBM quantiles, and plain quantiles of the cell.
    """
    from tenfold.kit.errors import NotEnoughData
    from tenfold.market import backtest as testing
    from tenfold.market.ads import read_ads
    from tenfold.practices.pay import presenters

    known, later = read_ads(train), read_ads(test)
    if country is not None:
        from tenfold.practices.pay import questions

        with _waiting("Fitting and scoring"):
            abroad = testing.backtest_abroad(known, later, str(questions.locate_place(country).country))
        as_json = json or format is Format.JSON
        _emit(
            json_text.dumps(presenters.abroad_to_dict(abroad), indent=2)
            if as_json
            else presenters.abroad_in_words(abroad),
            None,
        )
        return
    with _waiting("Fitting and scoring"):
        result = testing.backtest(known, later)
    over_time = None
    if rolling:
        try:
            with _waiting("Rolling origins for MLOps"):
                over_time = testing.rolling_origin([*known, *_dated_after(known, later)], group="mlops")
        except NotEnoughData as shortage:
            sys.stderr.write(f"No rolling origins: {shortage.what}\n")
    if json or format is Format.JSON:
        _emit(json_text.dumps(presenters.backtest_to_dict(result, over_time), indent=2), None)
        return
    _emit(presenters.backtest_in_words(result), None)
    if over_time is not None:
        _emit("\n" + presenters.rolling_in_words(over_time), None)


@app.command(epilog="Examples: tenfold pay compare --example > mine.toml · tenfold pay compare mine.toml theirs.toml")
def compare(
    *,
    offers: Annotated[list[Path] | None, typer.Argument(help="One or two offers as TOML.")] = None,
    example: Annotated[bool, typer.Option("--example", help="Print an offer to start from.")] = False,
    out: OutOption = None,
    format: Annotated[Format, typer.Option("--format", help="text, json or svg.")] = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Total compensation of an offer, or of two side by side.

    Over four years; cash and equity are drawn together and shown apart.
    """
    from tenfold.practices.pay import compensation
    from tenfold.practices.pay import offers as offer_terms

    if example:
        _emit(offer_terms.EXAMPLE, out)
        return
    if not offers or len(offers) > 2:
        raise UserError("One or two offers are compared.", remedy="tenfold pay compare --example > mine.toml")
    read = [offer_terms.read_offer(path) for path in offers]
    if len(read) == 1:
        result = compensation.total(read[0])
        as_json = json or format is Format.JSON
        words = offer_terms.total_in_words(result)
        _emit(json_text.dumps(offer_terms.total_to_dict(result), indent=2) if as_json else words, out)
        return
    both = compensation.compare(read[0], read[1])
    if json or format is Format.JSON:
        _emit(json_text.dumps(offer_terms.comparison_to_dict(both), indent=2), out)
    elif format is Format.SVG:
        _emit(offer_terms.comparison_as_svg(both), out)
    else:
        _emit(offer_terms.comparison_in_words(both), out)


@app.command(epilog="Example: tenfold pay guide --out docs/pay-claims.md")
def guide(model: ModelOption = None, out: OutOption = None, json: JsonOption = False) -> None:
    """The guide's eight claims about pay, tested on data.

    Each has a verdict, n and an interval. Markdown, or JSON.
    """
    from tenfold.practices.pay import guide as claims

    fitted = _model(model)
    _emit(json_text.dumps(claims.to_dict(fitted), indent=2, ensure_ascii=False) if json else claims.page(fitted), out)


@app.command(
    epilog="Examples: tenfold pay bands --role mlops --spread 40 --place 'Denver, CO' · "
    "tenfold pay bands --role mlops --company bands.csv --place Berlin --currency EUR --as-of 2027-01-01 · "
    "tenfold pay bands --role mlops --company bands.csv --currency EUR --rate EUR=0.92@2026-11-01"
)
def bands(
    *,
    role: Annotated[str, typer.Option(help="The role.")],
    spread: Annotated[float, typer.Option(min=1, max=200, help="From minimum to maximum, in percent.")] = 40.0,
    place: PlaceOption = None,
    workplace: Annotated[str | None, typer.Option(help="remote, hybrid or onsite.")] = None,
    currency: Annotated[
        str | None, typer.Option(help="The currency of the bands; default: the place's market's.")
    ] = None,
    company: Annotated[
        Path | None, typer.Option(help="Your own bands as CSV: answers with them, not the market.")
    ] = None,
    rate: Annotated[
        list[str] | None, typer.Option(help="A stated rate, as EUR=0.92@2026-11-01; may be repeated.")
    ] = None,
    as_of: AsOfOption = None,
    model: ModelOption = None,
    json: JsonOption = False,
) -> None:
    """Design pay bands from the market's medians, or look up your own.

    Midpoints at the medians of a place and day, ranges by a spread, overlap with the band below. With --company, the
    band of your file that applies to the place, currency and day, or why none does; nothing is converted but at --rate.
    """
    from tenfold.market import pay_review
    from tenfold.market.company_bands import BandQuestion, spot
    from tenfold.practices.pay import band_file, own_pay, questions

    code = band_file.currency_code(currency) if currency is not None else ""
    if company is not None:
        stated = {each.currency: each for each in map(band_file.read_rate, rate or [])}
        asked = BandQuestion(questions.role_named(role), "", code, spot(place), _day(as_of))
        answers = band_file.answers_by_level(band_file.read_bands(company), asked, stated)
        words = band_file.in_words(asked.role, answers)
        _emit(json_text.dumps(band_file.to_values(asked.role, answers), indent=2) if json else words, None)
        return
    if rate:
        raise UserError("--rate is for --company.", remedy="The market's figures stay in the market's currency.")
    question = questions.build_question(
        role=role,
        level="senior",
        place=place,
        workplace=workplace,
        as_of=_day(as_of),
        years=None,
        scope=None,
        stage=None,
    )
    made = pay_review.bands(role, spread_percent=spread, question=question, model=_model(model))
    if not made:
        raise UserError(
            f"No level of {role} has enough ads for a band.", remedy="Import pay data: tenfold market import."
        )
    theirs = made[0].market.currency
    if code and code != theirs:
        raise UserError(
            f"No bands in {code}: the market's data for this place are in {theirs}.",
            remedy=f"Ask for --currency {theirs}, or for a place whose market is in {code}.",
        )
    _emit(json_text.dumps(own_pay.bands_as_values(made), indent=2) if json else own_pay.bands_in_words(made), None)


@app.command(epilog="Example: tenfold pay review own.csv --map map.toml --people")
def review(
    *,
    file: Annotated[Path, typer.Argument(help="Your own pay data, CSV or XLSX.")],
    map: Annotated[Path, typer.Option("--map", help="Which column holds what (tenfold market map FILE).")],
    target: Annotated[float, typer.Option(min=1, max=99, help="The percentile to reach.")] = 50.0,
    people: Annotated[bool, typer.Option("--people", help="List single rows too; for the list's owner only.")] = False,
    as_of: AsOfOption = None,
    model: ModelOption = None,
    json: JsonOption = False,
) -> None:
    """Who has fallen behind the market, and what a fix costs.

    Compa-ratios by group; groups under five are withheld, and costs are told to the thousand. Everybody is set against
    the market of their own country, part-time pay is made full-time first.
    """
    from tenfold.market import pay_review
    from tenfold.practices.pay import own_pay

    if not people and target not in pay_review.TARGETS:
        raise UserError(
            f"A target of {target:g} is not offered: from many targets single pays could be worked out.",
            remedy="Use --target 25, 50 or 75; or --people, if the list is yours.",
        )
    day = _day(as_of)
    held, problems = own_pay.people_of(file, map, today=day)
    found = pay_review.review(held, target_percentile=target, model=_model(model), as_of=day)
    if json:
        _emit(json_text.dumps(own_pay.review_as_values(found, problems, people=people), indent=2), None)
    else:
        _emit(own_pay.review_in_words(found, problems, people=people), None)


@app.command(epilog="Example: tenfold pay role mlops --out mlops.html")
def role(
    role: Annotated[str, typer.Argument(help="mlops, ml-engineer, ai-infrastructure, data-engineer, devops.")],
    model: ModelOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """A role's page of pay, as HTML or JSON.

    By level, place and year: trend, neighbours, the guide's bands, premiums.
    """
    from tenfold.practices.pay import page, questions

    role = questions.role_named(role)
    questions.one_of("role", role, list(page.ROLES))
    made = page.role_page(role, model=_model(model), as_of=_day(None))
    _emit(json_text.dumps(page.to_dict(made), indent=2, ensure_ascii=False) if json else page.as_html(made), out)
    if out is not None:
        _next_step(f"Written to {out}: open it in a browser.")


@app.command(epilog="Example: tenfold pay rebuild --data ../shared/data/pay")
def rebuild(
    data: Annotated[Path, typer.Option(help="The folder with the sources of the shipped model.")],
    target: Annotated[Path | None, typer.Option(help="Where to write; default: into the package.")] = None,
) -> None:
    """Rebuild the shipped model and tables from their sources."""
    from importlib.resources import files

    from tenfold.market.embedded import rebuild as rebuild_all

    folder = target or Path(str(files("tenfold.market"))) / "data"
    with _waiting("Fitting"):
        written = rebuild_all(data, folder)
    _emit("\n".join(f"Written: {path}" for path in written), None)


def _dated_after(known: list[Ad], later: list[Ad]) -> list[Ad]:
    """Later ads without a date stand just after the last known one: they come last in any rolling origin."""
    from dataclasses import replace
    from datetime import timedelta

    last = max((ad.seen for ad in known if ad.seen), default=None)
    if last is None:
        return []
    return [ad if ad.seen else replace(ad, seen=last + timedelta(days=30)) for ad in later]


def _estimate_rows(rows: Path, model: Path | None, out: Path | None) -> None:
    import csv
    import io

    from tenfold.catalogue.titles import read_title
    from tenfold.market.ads import read_rows
    from tenfold.market.level_codes import level_of_code

    fitted = _model(model)
    asked = read_rows(rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["p10", "p25", "p50", "p75", "p90", "label"])
    labels: dict[Any, str] = {}
    for row, five in zip(asked, fitted.predict_all(asked), strict=True):
        if row not in labels:
            role = read_title(row.title).role
            labels[row] = fitted.label_of(row, role, level_of_code(row.level_code))
        answered = not labels[row].startswith("not answered")
        writer.writerow([*(f"{value:.2f}" if answered else "" for value in five), labels[row]])
    _emit(text.getvalue(), out)
    if out is not None:
        _next_step(f"{len(asked):,} rows priced; written to {out}.")


def _chart(answer: object, offer: tuple[float, float] | None) -> str:
    from tenfold.market import charts
    from tenfold.market.benchmark import NotSupported, PayEstimate
    from tenfold.practices.pay.presenters import title_of

    if isinstance(answer, NotSupported):
        raise UserError(f"There is nothing to draw. {answer.reason}", remedy=answer.what_would_help)
    assert isinstance(answer, PayEstimate)  # noqa: S101 - the other half of the union
    return charts.dot_plot(
        charts.quantile_dots(answer.quantile),
        median=answer.p50,
        median_interval=answer.median_interval,
        what=f"Posted pay, {title_of(answer)}",
        offer=offer,
    )


def _day(as_of: datetime | None) -> date:
    return as_of.date() if as_of else date.today()  # noqa: DTZ011 - the reader's own day


def _model(path: Path | None) -> PayModel:
    from tenfold.market.model import default_model, load

    return load(path) if path is not None else default_model()


def _read_all(paths: list[Path], undated: datetime | None) -> list[Ad]:
    from tenfold.market.ads import read_ads

    return [ad for path in paths for ad in read_ads(path, undated=undated.date() if undated else None)]


def _waiting(what: str) -> Any:
    from rich.console import Console

    return Console(stderr=True).status(f"{what} …")


def _emit(text: str, out: Path | None) -> None:
    if out is not None:
        from tenfold.kit.writing import write_whole

        write_whole(out, text if text.endswith("\n") else text + "\n")
        return
    sys.stdout.flush()
    sys.stdout.buffer.write((text if text.endswith("\n") else text + "\n").encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _next_step(words: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\n{words}\n")
