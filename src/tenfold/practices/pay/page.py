"""A role's page: what it pays by level, year and place, beside its neighbours and the guide's bands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from tenfold.catalogue.model import Level, Role
from tenfold.catalogue.store import catalogue
from tenfold.kit.words import money_range, on_day, thousands
from tenfold.market import charts
from tenfold.market.benchmark import NotSupported, PayEstimate, PayQuestion, estimate
from tenfold.market.model import PayModel, default_model
from tenfold.practices.pay import guide, presenters

ROLES = ("mlops", "ml-engineer", "ai-infrastructure", "data-engineer", "devops")
# Metros shown: those with most work of this kind, in the order of the country's map from west to east.
METROS = ("42660", "41860", "41940", "31080", "19740", "19100", "12420", "16980", "12060", "47900", "35620", "14460")


@dataclass(frozen=True, slots=True)
class AtLevel:
    """A level of the role: what the data says, or why it cannot."""

    level: Level
    answer: PayEstimate | NotSupported
    band: tuple[float, float] | None

    @property
    def estimate(self) -> PayEstimate | None:
        return self.answer if isinstance(self.answer, PayEstimate) else None


@dataclass(frozen=True, slots=True)
class YearPoint:
    """The median of a level's ads in one year with its 95 % interval, USD a year."""

    level: str
    year: int
    median: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Premium:
    """How much more (or less) the role pays than another at equal level, in percent with its 95 % interval."""

    over: Role
    level: Level
    percent: float
    low: float
    high: float
    n: int
    n_over: int


@dataclass(frozen=True, slots=True)
class RolePage:
    """Everything on the page, as values."""

    role: Role
    levels: tuple[AtLevel, ...]
    anchor: str
    neighbours: tuple[tuple[Role, PayEstimate | NotSupported], ...]
    years: tuple[YearPoint, ...]
    places: tuple[PayEstimate, ...]
    premiums: tuple[Premium, ...]
    model: PayModel


def role_page(role: str, *, model: PayModel | None = None, as_of: date | None = None) -> RolePage:
    """The page as of a day: the market that the calculator and the check of pay show for the same question."""
    model = model or default_model()
    names = catalogue()
    levels = tuple(
        AtLevel(
            level,
            estimate(PayQuestion(role, level.id, as_of=as_of), model=model),
            guide.BANDS.get(level.id) if role == "mlops" else None,
        )
        for level in names.levels.values()
    )
    anchor = _anchor(levels)
    return RolePage(
        role=names.roles[role],
        levels=levels,
        anchor=anchor,
        neighbours=tuple(
            (names.roles[other], estimate(PayQuestion(other, anchor, as_of=as_of), model=model))
            for other in _first(role)
        ),
        years=_years(role, model),
        places=_places(role, anchor, model, as_of),
        premiums=_premiums(role, model),
        model=model,
    )


def _first(role: str) -> tuple[str, ...]:
    return (role, *(other for other in ROLES if other != role))


def _anchor(levels: tuple[AtLevel, ...]) -> str:
    """The level on which the page compares: the one with most ads, senior where there is none."""
    known = [(at.estimate.n_raw, at.level.id) for at in levels if at.estimate is not None]
    return max(known)[1] if known else "senior"


def _years(role: str, model: PayModel) -> tuple[YearPoint, ...]:
    names = catalogue().levels
    rows = [row for row in model.tables["years"] if row["role"] == role]
    rows.sort(key=lambda row: (names[row["level"]].rank, row["year"]))
    return tuple(
        YearPoint(names[row["level"]].name, row["year"], row["p50"], row["low"], row["high"], row["n"]) for row in rows
    )


def _places(role: str, level: str, model: PayModel, as_of: date | None) -> tuple[PayEstimate, ...]:
    asked = [PayQuestion(role, level, metro_cbsa=cbsa, as_of=as_of) for cbsa in METROS]
    answers = [estimate(question, model=model) for question in asked]
    return tuple(answer for answer in answers if isinstance(answer, PayEstimate) and answer.metro is not None)


def _premiums(role: str, model: PayModel) -> tuple[Premium, ...]:
    names = catalogue()
    return tuple(
        Premium(
            over=names.roles[other],
            level=names.levels[row["level"]],
            percent=100 * (row["ratio"] - 1),
            low=100 * (row["low"] - 1),
            high=100 * (row["high"] - 1),
            n=row["n"],
            n_over=row["n_over"],
        )
        for other in ROLES
        if other != role
        for row in guide.premium_rows(role, other, model)
    )


def lead(page: RolePage) -> str:
    """The answer in a sentence that a person would say."""
    at = next(each for each in page.levels if each.level.id == page.anchor)
    if at.estimate is None:
        return f"The ads do not say what {page.role.name}s are paid: there are too few. Similar roles are shown below."
    return presenters.posted_sentence(at.estimate)


def anchor_picture(page: RolePage) -> Markup:
    """The level with most ads, as twenty dots."""
    at = next(each for each in page.levels if each.level.id == page.anchor)
    answer = at.estimate
    if answer is None:
        return Markup()
    marks = [charts.Mark(*at.band, f"the guide's band {money_range(*at.band)}")] if at.band else []
    return _both(
        lambda width: charts.dot_plot(
            charts.quantile_dots(answer.quantile),
            median=answer.p50,
            median_interval=answer.median_interval,
            what=f"Posted pay, {presenters.title_of(answer)}",
            bands=marks,
            width=width,
        )
    )


def levels_picture(page: RolePage) -> Markup:
    """Every level under one axis; the guide's bands behind them."""
    rows = [_row(at.level.name, at.answer, band=at.band) for at in page.levels]
    return _both(lambda width: charts.rows_plot(rows, what=f"Posted pay of {page.role.name}s by level", width=width))


def neighbours_picture(page: RolePage) -> Markup:
    rows = [_row(role.name, answer, is_own=role == page.role) for role, answer in page.neighbours]
    return _both(lambda width: charts.rows_plot(rows, what=f"Posted pay at {page.anchor} level", width=width))


def premiums_picture(page: RolePage) -> Markup:
    if not page.premiums:
        return Markup()
    rows = [
        charts.Interval(p.over.name, p.low, p.percent, p.high, f"{p.level.name.lower()}, n = {p.n} and {p.n_over}")
        for p in page.premiums
    ]
    what = f"How much more {page.role.name}s are posted at, in percent, with 95 % intervals"
    return _both(lambda width: charts.intervals_plot(rows, what=what, width=width, word=_percent, zero=0.0))


def years_picture(page: RolePage) -> Markup:
    """Medians by year with their intervals; none is joined to the next by a line."""
    if not page.years:
        return Markup()
    several = len({point.level for point in page.years}) > 1
    rows = [
        charts.Interval(
            f"{point.year}, {point.level.lower()}" if several else str(point.year),
            point.low,
            point.median,
            point.high,
            note=f"n = {point.n}",
        )
        for point in page.years
    ]
    what = f"Median posted pay of {page.role.name}s by year, with 95 % intervals"
    return _both(lambda width: charts.intervals_plot(rows, what=what, width=width))


def places_picture(page: RolePage) -> Markup:
    rows = [
        charts.Interval(_short(at.metro.metro.name), at.median_interval[0], at.p50, at.median_interval[1])
        for at in page.places
        if at.metro is not None
    ]
    if not rows:
        return Markup()
    what = f"Median posted pay at {page.anchor} level by metro, with 95 % intervals"
    return _both(lambda width: charts.intervals_plot(rows, what=what, width=width))


def _short(metro: str) -> str:
    """`San Francisco, CA` for `San Francisco-Oakland-Fremont, CA`."""
    cities, _, states = metro.partition(", ")
    return f"{cities.split('-')[0]}, {states.split('-')[0]}"


def _percent(value: float) -> str:
    return f"{value:+.0f} %" if round(value) else "0 %"


def _row(
    label: str, answer: PayEstimate | NotSupported, *, is_own: bool = True, band: tuple[float, float] | None = None
) -> charts.Spread:
    if isinstance(answer, NotSupported):
        return charts.Spread(label, None, "not enough data", is_own, band)
    return charts.Spread(label, answer.quantile, f"n = {answer.n_raw}, median {thousands(answer.p50)}", is_own, band)


def _both(draw: Callable[[int], str]) -> Markup:
    return Markup(charts.both(draw))  # noqa: S704 - our own drawing; every word in it is escaped where it is drawn


def as_html(page: RolePage) -> str:
    """One file without scripts or anything from elsewhere."""
    template = _environment().get_template("pay/role.html")
    return template.render(page=page, body=body(page), style=Markup(stylesheet()))  # noqa: S704 - our own style sheet


def body(page: RolePage, *, help_link: str | None = None) -> Markup:
    """The page below its title, for frames of their own.

    `help_link` is where one's own pay data is brought in, "" where the reader may not; None names the command.
    """
    answers = [*page.places, *_answers(page)]
    return Markup(  # noqa: S704 - the template escapes
        _environment()
        .get_template("pay/role_body.html")
        .render(
            page=page,
            lead=lead(page),
            help_link=help_link,
            pictures={
                "anchor": anchor_picture(page),
                "levels": levels_picture(page),
                "neighbours": neighbours_picture(page),
                "premiums": premiums_picture(page),
                "years": years_picture(page),
                "places": places_picture(page),
            },
            anchor=next((at for at in page.levels if at.level.id == page.anchor and at.estimate), None),
            has_bands=any(at.band for at in page.levels),
            title_of=presenters.title_of,
            answered=lambda answer: isinstance(answer, PayEstimate),
            growth=[row for row in page.model.tables["growth"] if row["group"] == page.role.id],
            sources={fact.key: fact for answer in answers for fact in answer.sources}.values(),
        )
    )


@cache
def stylesheet() -> str:
    return (files("tenfold.practices.pay") / "templates" / "pay" / "role.css").read_text("utf-8") + charts.STYLE


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tenfold.practices.pay", "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"on_day": on_day, "k": thousands, "money": lambda usd: f"{usd:,.0f}"}
    return environment


def _answers(page: RolePage) -> list[PayEstimate]:
    return [at.estimate for at in page.levels if at.estimate is not None] + [
        answer for _, answer in page.neighbours if isinstance(answer, PayEstimate)
    ]


def to_dict(page: RolePage) -> dict[str, Any]:
    dated = {
        "first_date": page.model.first.isoformat(),
        "last_date": page.model.last.isoformat(),
        "source": "ai-jobs.net (foorilla) salaries, CC0",
    }
    return {
        "role": page.role.id,
        "says": lead(page),
        "levels": {at.level.id: presenters.estimate_to_dict(at.answer) for at in page.levels},
        "neighbours": {role.id: presenters.estimate_to_dict(answer) for role, answer in page.neighbours},
        "places": [presenters.estimate_to_dict(at) for at in page.places],
        "years": [
            {"level": p.level, "year": p.year, "median": p.median, "interval_95": [p.low, p.high], "n": p.n, **dated}
            for p in page.years
        ],
        "premiums": [
            {
                "over": p.over.id,
                "level": p.level.id,
                "percent": round(p.percent, 1),
                "interval_95": [round(p.low, 1), round(p.high, 1)],
                "n": p.n,
                "n_over": p.n_over,
                **dated,
            }
            for p in page.premiums
        ],
        "snapshot": page.model.snapshot,
    }
