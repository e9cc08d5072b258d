"""What a role pays: a question in, an estimate with its interval out, or a refusal that says what would help.

`estimate` needs no numpy and takes microseconds once the shipped model is loaded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

from tenfold.catalogue.store import catalogue
from tenfold.kit.facts import Fact, FactBook, load
from tenfold.kit.words import inside
from tenfold.law.places import is_place, running_name
from tenfold.market.borrowing import NEIGHBOURS, borrow
from tenfold.market.model import (
    QUANTILES,
    Z95,
    Cell,
    PayModel,
    default_model,
    probability_below,
    quantile,
)
from tenfold.market.places import MetroFactor, places
from tenfold.market.suppression import least_for_median

UNKNOWN_COUNTRY = "?"
"""The country of a question where nothing says it: no market is guessed."""
_DAYS_A_YEAR = 365.25
_SAME_MEDIAN_LOG = 1e-6
_ONE_SD_UP = 0.8413
_LEAST_WITHIN = 0.25
"""At least so much of the variance of ads is within metros, whatever the tables say."""
ML_SIDE, INFRASTRUCTURE_SIDE = "ml-engineer", "devops"
BALANCED_PERCENT = 50.0
_SCOPED_ROLES = frozenset({"mlops", "ai-infrastructure"})


@dataclass(frozen=True, slots=True)
class PayQuestion:
    """What is asked. Either `level` or `years`; `infra_share`: infrastructure's part of the work in percent.

    `workplace` is remote, hybrid or onsite (hybrid is priced as onsite: the source tells no hybrids apart).
    `stage` and `size` change no number, for no observation tells them apart; they are answered by a note. `region`
    names a state or town without a figure of its own; it too is answered by a note.
    """

    role: str
    level: str | None = None
    years: float | None = None
    country: str = "US"
    metro_cbsa: str | None = None
    workplace: str | None = None
    as_of: date | None = None
    infra_share: float | None = None
    stage: str | None = None
    region: str = ""
    size: str | None = None


@dataclass(frozen=True, slots=True)
class ScopeMove:
    """How far scope moves pay. `residual_log`: the role's own median over the even mixture's."""

    infra_share: float
    factor: float
    residual_log: float
    n_ml: int
    n_infrastructure: int


@dataclass(frozen=True, slots=True)
class PayEstimate:
    """Yearly base pay posted for such a job: midpoints of ranges in `currency`, rounded to hundreds.

    `median_interval` is the 95 % interval of the median; p10 to p90 is the spread of ads. `n_raw` ads lie in the cell
    and `n_own` lines of own pay, the estimate is worth `n_effective` independent ads by borrowing, as `pooled_from`
    says. `notes` are caveats.
    """

    role: str
    level: str
    workplace: str
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    median_interval: tuple[float, float]
    n_raw: int
    n_effective: float
    first_date: date
    last_date: date
    sources: tuple[Fact, ...]
    pooled_from: str
    snapshot: str
    notes: tuple[str, ...] = ()
    metro: MetroFactor | None = None
    scope: ScopeMove | None = None
    grid_log: tuple[float, ...] = ()
    currency: str = "USD"
    country: str = "US"
    n_own: int = 0

    @property
    def count_in_words(self) -> str:
        """What the estimate rests on, own pay counted apart from ads."""
        return tell_count(self.n_raw, self.n_own)

    def percentile_of(self, usd_year: float) -> float:
        """The share of such ads whose midpoint is below this amount (in `currency`), 0 to 1."""
        return probability_below(self.grid_log, math.log(usd_year)) if usd_year > 0 else 0.0

    def quantile(self, probability: float) -> float:
        """The amount below which this share of ads lies, USD a year."""
        return math.exp(quantile(self.grid_log, probability))

    def percentile_interval(self, usd_year: float) -> tuple[float, float]:
        """95 % interval of `percentile_of`: the distribution may lie as far off as its median's interval."""
        if usd_year <= 0:
            return (0.0, 0.0)
        low, high = (math.log(bound / self.p50) for bound in self.median_interval)
        at = math.log(usd_year)
        return probability_below(self.grid_log, at - high), probability_below(self.grid_log, at - low)


@dataclass(frozen=True, slots=True)
class NotSupported:
    """What the data cannot say, why, and what is `needed`. `nearest` is of the same country; labelled, no substitute.

    `borrowed` is an estimate of the job itself made of what others are paid, with the error that doing so had where the
    answer is known (`borrowing.py`). No verdict rests on it.
    """

    reason: str
    needed: str
    nearest: PayEstimate | None = None
    borrowed: PayEstimate | None = None
    command: str = "tenfold market import own.csv --map map.toml"

    @property
    def what_would_help(self) -> str:
        """What is needed, and the command that brings it in."""
        return f"{self.needed}: {self.command}"


def estimate(
    question: PayQuestion, *, model: PayModel | None = None, facts: FactBook | None = None
) -> PayEstimate | NotSupported:
    """The estimate, from the shipped model unless another is given."""
    model = model or default_model()
    facts = facts or load()
    level = level_asked(question)
    refusal = _refusal(question, level, model, facts)
    if refusal is not None:
        return refusal
    if question.country != "US":
        return _answer_abroad(question, level, model, facts)
    cell = model.cells[question.role, level, _workplace(question, level, model)]
    return _answer(question, level, cell, model, facts)


def level_asked(question: PayQuestion) -> str:
    """The level named, or the one that the years usually mean.

    Raises:
        ValueError: neither level nor years.
    """
    if question.level is not None:
        return question.level
    if question.years is None:
        raise ValueError("a pay question needs a level or years")
    return catalogue().level_for_years(question.years).id


def _refusal(question: PayQuestion, level: str, model: PayModel, facts: FactBook) -> NotSupported | None:
    if question.country == UNKNOWN_COUNTRY:
        return NotSupported(
            reason="Nothing says in which country the work is done, and no market is guessed.",
            needed="Map a column with the country or the place, then import again",
        )
    if question.country != "US":
        return _refusal_abroad(question, level, model, facts)
    n = model.counts.get(f"{question.role}:{level}", 0)
    if n >= least_for_median():
        return None
    return NotSupported(
        reason=_too_few(question.role, level),
        needed=f"Ads or own pay of {least_for_median()} or more people of this role and level",
        nearest=_nearest(question, level, model, facts),
        borrowed=_borrow(question, level, model, facts),
    )


def _borrow(question: PayQuestion, level: str, model: PayModel, facts: FactBook) -> PayEstimate | None:
    found = borrow(question.role, level, model.cells.values())
    if found is None:
        return None
    asked = replace(question, infra_share=None, workplace=None)
    made = _answer(asked, level, found.cell, model, facts)
    notes = made.notes
    if question.infra_share is not None or question.workplace is not None:
        notes = (*notes, "Scope and workplace move nothing here: there are no ads to tell them apart.")
    sources = _sources(made.metro is not None or found.rests_on_filings, facts)
    return replace(made, pooled_from=found.in_words, notes=notes, sources=sources)


def _refusal_abroad(question: PayQuestion, level: str, model: PayModel, facts: FactBook) -> NotSupported | None:
    pay, where = model.countries.get(question.country), _name_of(question.country)
    if pay is None or (pay.is_sound and not pay.cells):
        reason = f"Pay outside the US is estimated where the source has enough ads; of {where} there are too few."
    elif not pay.is_sound:
        reason = (
            f"Pay in {where} is not estimated: only {pay.n_own} of its {pay.n} ads are tagged {pay.currency}. The rest "
            "is tagged otherwise, most of it USD, though many figures look local: its currency is not known."
        )
    elif f"{question.role}:{level}" not in pay.cells:
        reason = _too_few(question.role, level).replace(".", f" in {where}.", 1)
    else:
        return None
    return NotSupported(
        reason=reason,
        needed="Import pay data of that country",
        nearest=_nearest_abroad(question, level, model, facts),
    )


def _name_of(country: str) -> str:
    return running_name(country) if is_place(country) else country


def _too_few(role: str, level: str) -> str:
    names = catalogue()
    name, level_name = (
        names.roles[role].name if role in names.roles else role,
        names.levels[level].name.lower(),
    )
    tiers = places().tiers.get(role, {})
    beside = ""
    if level == "staff":
        tiers = tiers or places().tiers["ml-engineer"]
        ratio = tiers["staffPlus"][2] / tiers["senior"][2]
        beside = (
            " The source does not tell staff from senior. In US visa filings, titles with staff or above "
            f"offered {100 * (ratio - 1):+.0f} % over senior ones (n = {tiers['staffPlus'][0]:.0f} and "
            f"{tiers['senior'][0]:.0f}{'' if role in places().tiers else ', ML engineers'})."
        )
    return f"There are fewer than {least_for_median()} ads for {name} at {level_name} level.{beside}"


def _nearest(question: PayQuestion, level: str, model: PayModel, facts: FactBook) -> PayEstimate | None:
    """The same role one level off, else the nearest role at this level, else at the level below."""
    for role, at in _nearest_jobs(question.role, level):
        if model.counts.get(f"{role}:{at}", 0) >= least_for_median():
            asked = replace(question, role=role, level=at, infra_share=None, years=None)
            return _answer(asked, at, model.cells[role, at, _workplace(asked, at, model)], model, facts)
    return None


def _nearest_abroad(question: PayQuestion, level: str, model: PayModel, facts: FactBook) -> PayEstimate | None:
    """As `_nearest`, in the same country and currency: another country's pay is no neighbour."""
    pay = model.countries.get(question.country)
    cells = pay.cells if pay is not None and pay.is_sound else {}
    for role, at in _nearest_jobs(question.role, level):
        if f"{role}:{at}" in cells:
            return _answer_abroad(
                replace(question, role=role, level=at, infra_share=None, years=None), at, model, facts
            )
    return None


def _nearest_jobs(role: str, level: str) -> list[tuple[str, str]]:
    """Roles and levels that are looked at in place of one without data, nearest first."""
    levels = list(catalogue().levels)
    rank = levels.index(level)
    below_then_above = [levels[r] for r in (rank - 1, rank + 1, rank - 2, rank + 2) if 0 <= r < len(levels)]
    own = [(role, other) for other in (level, *below_then_above)]
    others = [(other, at) for other in NEIGHBOURS.get(role, ()) for at in (level, *below_then_above[:1])]
    return (own[:3] if rank else own) + others + own


def _workplace(question: PayQuestion, level: str, model: PayModel) -> str:
    wanted = {"hybrid": "onsite", None: "any"}.get(question.workplace, question.workplace)
    cell = model.cells.get((question.role, level, str(wanted)))
    return str(wanted) if cell is not None and cell.n_raw >= least_for_median() else "any"


def _answer(question: PayQuestion, level: str, cell: Cell, model: PayModel, facts: FactBook) -> PayEstimate:
    notes: list[str] = []
    shift, variance, beyond = 0.0, cell.median_sd_log**2 + model.period_sd**2, 0.0
    metro = _metro(question, notes)
    if metro is not None:
        shift += math.log(metro.factor)
        variance += metro.sd_log**2
    scope = _scope(question, level, model, notes)
    if scope is not None:
        shift += math.log(scope.factor)
    aged, beyond = _age(question.as_of, model, facts, notes)
    _note_workplace(question, cell, notes)
    _note_years(question, notes)
    _note_order(cell, model, notes)
    if question.stage or question.size:
        notes.append("Company stage and size change no figure: the source marks 97 % of companies as the same size.")
    within = _within_metro(cell.quantiles_log, metro)
    grid = tuple(value + shift + aged for value in within)
    middle, reach = quantile(grid, 0.5), Z95 * math.sqrt(variance)
    p10, p25, p50, p75, p90 = (_hundreds(math.exp(quantile(grid, q))) for q in QUANTILES)
    return PayEstimate(
        role=question.role,
        level=level,
        workplace=cell.workplace,
        p10=p10,
        p25=p25,
        p50=p50,
        p75=p75,
        p90=p90,
        median_interval=(_hundreds(math.exp(middle - reach)), _hundreds(math.exp(middle + reach + beyond))),
        n_raw=cell.n_raw - cell.n_own,
        n_own=cell.n_own,
        n_effective=cell.n_effective,
        first_date=cell.first,
        last_date=cell.last,
        sources=_sources(metro is not None, facts),
        pooled_from=pooling_sentence(cell),
        snapshot=model.snapshot,
        notes=tuple(notes),
        metro=metro,
        scope=scope,
        grid_log=grid,
    )


def _answer_abroad(question: PayQuestion, level: str, model: PayModel, facts: FactBook) -> PayEstimate:
    """The country's own ads in its own currency; the pattern of titles and levels is borrowed from US ads."""
    pay = model.countries[question.country]
    cell = pay.cells[f"{question.role}:{level}"]
    notes = [f"Full-time ads of {_name_of(question.country)} tagged {pay.currency}: {pay.n_own} of {pay.n}."]
    if question.workplace or question.region or question.infra_share is not None:
        notes.append("Town, workplace and scope move nothing here: there are too few ads to tell them apart.")
    aged, beyond = _age(question.as_of, model, facts, notes)
    if beyond:
        notes.append("The wage growth is that of the US: there is none for this country.")
    middle_z = quantile(model.z, 0.5)
    grid = tuple(cell.location + aged + pay.spread * (z - middle_z) for z in model.z)
    middle, reach = quantile(grid, 0.5), Z95 * cell.sd_log
    p10, p25, p50, p75, p90 = (_hundreds(math.exp(quantile(grid, q))) for q in QUANTILES)
    return PayEstimate(
        role=question.role,
        level=level,
        workplace="any",
        p10=p10,
        p25=p25,
        p50=p50,
        p75=p75,
        p90=p90,
        median_interval=(_hundreds(math.exp(middle - reach)), _hundreds(math.exp(middle + reach + beyond))),
        n_raw=cell.n,
        n_effective=cell.n / cell.own_share,
        first_date=cell.first,
        last_date=cell.last,
        sources=_sources(False, facts),
        pooled_from=f"{cell.n} ads in this cell carry {100 * cell.own_share:.0f} % of the weight; "
        f"the rest is pooled from other ads of {_name_of(question.country)} "
        "and from how US ads differ by title and level.",
        snapshot=model.snapshot,
        notes=tuple(notes),
        grid_log=grid,
        currency=pay.currency,
        country=question.country,
    )


def _hundreds(usd_year: float) -> float:
    return round(usd_year / 100) * 100.0


def pooling_sentence(cell: Cell) -> str:
    """How far the estimate rests on its own cell and whence it borrows the rest."""
    names = catalogue().roles
    others = [n for n in cell.neighbours if n.role not in (cell.role, "other") and n.share >= 0.03][:2]
    wider = next((n.share for n in cell.neighbours if n.role == cell.role), cell.own_share) - cell.own_share
    parts = []
    if wider >= 0.03:
        parts.append(f"other levels of this role ({100 * wider:.0f} %)")
    parts += [f"{inside(names[n.role].name)}s ({100 * n.share:.0f} %)" for n in others]
    borrowed = f"; the rest is pooled from {', '.join(parts)} and ads that share words or level" if parts else ""
    here = tell_count(cell.n_raw - cell.n_own, cell.n_own)
    return f"{here} in this cell carry {100 * cell.own_share:.0f} % of the weight{borrowed}."


def tell_count(n_ads: int, n_own: int) -> str:
    """A count of observations, own pay counted apart from ads: “12 ads and 7 people of your own data”."""
    return f"{n_ads} ads and {n_own} people of your own data" if n_own else f"{n_ads} ads"


def _metro(question: PayQuestion, notes: list[str]) -> MetroFactor | None:
    if question.metro_cbsa is None:
        if question.region:
            notes.append(f"No official table has a figure for {question.region}: the national one stands.")
        return None
    found = places().factor(question.metro_cbsa, question.role)
    if found is None:
        notes.append(f"No official median for metro {question.metro_cbsa}: the national figure stands.")
    elif question.workplace == "remote":
        notes.append("The ads name no city; a metro factor is applied although the job is remote.")
    return found


def _within_metro(grid: tuple[float, ...], metro: MetroFactor | None) -> tuple[float, ...]:
    """National ads differ between metros too: for one metro that part of their spread is taken out, once."""
    if metro is None:
        return grid
    middle = quantile(grid, 0.5)
    spread = (quantile(grid, _ONE_SD_UP) - quantile(grid, 1 - _ONE_SD_UP)) / 2
    kept = math.sqrt(max(_LEAST_WITHIN, 1 - (metro.between / spread) ** 2))
    return tuple(middle + kept * (value - middle) for value in grid)


def _note_workplace(question: PayQuestion, cell: Cell, notes: list[str]) -> None:
    if question.workplace == "hybrid":
        notes.append("Hybrid is priced as on site: the source tells them apart no further.")
    if question.workplace is not None and cell.workplace == "any":
        notes.append(f"Too few {question.workplace} ads in this cell: all workplaces together.")


def _note_years(question: PayQuestion, notes: list[str]) -> None:
    """Level and years may describe two people."""
    if question.level is None or question.years is None:
        return
    usual = catalogue().level_for_years(question.years)
    if usual.id != question.level:
        notes.append(
            f"{question.years:g} years usually mean {usual.name.lower()}, not {question.level}: the level counts here."
        )


def _note_order(cell: Cell, model: PayModel, notes: list[str]) -> None:
    """Pay rises with the level by design; where the data insist otherwise, the reader is told."""
    levels = catalogue().levels
    for name in list(levels)[: list(levels).index(cell.level)]:
        lower = model.cells.get((cell.role, name, cell.workplace))
        if lower is not None and lower.median_log > cell.median_log + _SAME_MEDIAN_LOG:
            notes.append(
                f"The data insist: {levels[name].name.lower()} ads of this role post more (n = {lower.n_raw} "
                f"against {cell.n_raw} here)."
            )


def _age(as_of: date | None, model: PayModel, facts: FactBook, notes: list[str]) -> tuple[float, float]:
    """Log shift from the last ads to the date asked for, and how much further up the interval must reach."""
    if as_of is not None and as_of < model.first:
        notes.append(f"The ads are of {model.first} to {model.last}: later than the day asked for, and not aged back.")
    if as_of is None or as_of <= model.last:
        return 0.0, 0.0
    years = (as_of - model.last).days / _DAYS_A_YEAR
    limit = facts.number("market.ageing_limit_months") / 12
    if years > limit:
        notes.append(f"The last ads are {12 * years:.0f} months old: aged over {12 * limit:.0f} months only.")
    years = min(years, limit)
    rate = math.log1p(facts.number("market.ageing_percent_year") / 100)
    official = math.log1p(facts.number("market.eci_wages_12_months") / 100)
    notes.append(
        f"Aged {12 * years:.0f} months at {100 * math.expm1(rate):.1f} % a year; the interval reaches up to "
        f"official wage growth ({100 * math.expm1(official):.1f} % a year)."
    )
    return rate * years, max(0.0, official - rate) * years


def _scope(question: PayQuestion, level: str, model: PayModel, notes: list[str]) -> ScopeMove | None:
    """Scope as a mixture: infra_share of the infrastructure side's ads, the rest of the ML side's.

    The factor is the mixture's median over the even mixture's, so a balanced job stays where the role's own
    ads put it.
    """
    if question.infra_share is None:
        return None
    if question.role not in _SCOPED_ROLES:
        notes.append("Scope moves MLOps and AI infrastructure only.")
        return None
    ml, infra = (model.cells.get((role, level, "any")) for role in (ML_SIDE, INFRASTRUCTURE_SIDE))
    if ml is None or infra is None or min(ml.n_raw, infra.n_raw) < least_for_median():
        notes.append("Scope moves nothing here: too few ads on one of its two sides.")
        return None
    even = _mixture_median(ml, infra, BALANCED_PERCENT)
    asked = _mixture_median(ml, infra, question.infra_share)
    own = model.cells[question.role, level, "any"]
    return ScopeMove(
        infra_share=question.infra_share,
        factor=math.exp(asked - even),
        residual_log=quantile(own.quantiles_log, 0.5) - even,
        n_ml=ml.n_raw,
        n_infrastructure=infra.n_raw,
    )


def _mixture_median(ml: Cell, infra: Cell, infra_share: float) -> float:
    low = min(ml.quantiles_log[0], infra.quantiles_log[0])
    high = max(ml.quantiles_log[-1], infra.quantiles_log[-1])
    for _ in range(40):
        middle = (low + high) / 2
        infra_below, ml_below = (probability_below(side.quantiles_log, middle) for side in (infra, ml))
        below = (infra_share * infra_below + (100 - infra_share) * ml_below) / 100
        low, high = (middle, high) if below < 0.5 else (low, middle)
    return (low + high) / 2


def _sources(with_metro: bool, facts: FactBook) -> tuple[Fact, ...]:
    keys = ("market.posted_ranges", *(("market.oews", "market.lca") if with_metro else ()))
    return tuple(facts[key] for key in keys)
