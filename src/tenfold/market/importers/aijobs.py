"""The ai-jobs.net salaries file, as upstream publishes it: rows that are really the two ends of posted ranges.

In 97 % of its runs of two rows with equal attributes the higher figure comes first: they are the maximum and the
minimum of one ad. Pairs are put back into ranges, what is left over stays a point, copies are counted and kept once.
Canadian and Australian rows tagged USD carry local figures (their medians are those of rows tagged CAD and AUD): they
are taken as local currency, marked as repaired, and converted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from tenfold.catalogue.titles import read_title
from tenfold.kit.errors import UserError
from tenfold.market.fx import LOCAL_CURRENCY, Rates
from tenfold.market.importers.source import BadRowError, Dropped, Made, Record, amount
from tenfold.market.level_codes import level_of
from tenfold.market.observation import OBSERVATIONS, Observation

_ATTRIBUTES = (
    "work_year",
    "experience_level",
    "employment_type",
    "job_title",
    "salary_currency",
    "employee_residence",
    "remote_ratio",
    "company_location",
    "company_size",
)
WIDEST_RANGE = 4.0
MID_YEAR = (7, 1)


class AiJobs:
    """`rates` convert what was repaired; without them repaired rows are dropped, with that reason."""

    kind = "ai-jobs"
    table = OBSERVATIONS
    stateless = False
    provenance = "ai-jobs.net (foorilla) salaries, CC0"

    def __init__(self, rates: Rates) -> None:
        self._rates = rates

    def columns(self) -> Sequence[str]:
        return (*_ATTRIBUTES, "salary", "salary_in_usd")

    def read(self, rows: Iterator[tuple[int, Record]]) -> Iterator[Made | Dropped]:
        kept: dict[Observation, int] = {}
        for line, top, bottom in _ranges(rows):
            try:
                made = self._observation(top, bottom)
            except BadRowError as bad:
                yield Dropped(line, str(bad), is_bad=True, cells=tuple(top.values()))
                continue
            if made in kept:
                yield Dropped(line, "copy of an earlier ad", is_bad=False)
            kept[made] = kept.get(made, 0) + 1
        for made, copies in kept.items():
            yield replace(made, copies=copies)

    def pass_over(self, record: Record) -> None:
        """Never asked: such an import starts anew."""

    def _observation(self, top: Record, bottom: Record) -> Observation:
        year = _year(top)
        high, low = (amount(end["salary"], "salary") for end in (top, bottom))
        usd_high, usd_low = (amount(end["salary_in_usd"], "salary_in_usd") for end in (top, bottom))
        if not low or not usd_low:
            raise BadRowError("salary is nothing")
        currency, country, repaired = top["salary_currency"], top["company_location"], ""
        local = LOCAL_CURRENCY.get(country)
        if local is not None and currency == "USD":
            currency, repaired = local, f"currency read as {local}, not USD"
            usd_low, usd_high = (self._usd(end, local, year) for end in (low, high))
        title, code = top["job_title"].strip(), top["experience_level"]
        return Observation(
            basis="posted-range",
            title=title,
            role=read_title(title).role,
            level=level_of(title, code) or "",
            level_code=code,
            country=country,
            place="",
            remote_ratio=top["remote_ratio"],
            employment=top["employment_type"],
            size=top["company_size"],
            currency=currency,
            min_year=low,
            max_year=high,
            min_usd_year=usd_low,
            max_usd_year=usd_high,
            seen=None,
            work_year=year,
            repaired=repaired,
        )

    def _usd(self, local: float, currency: str, year: int) -> float:
        try:
            return round(self._rates.to_usd(local, currency, date(year, *MID_YEAR)), 2)
        except UserError:
            raise BadRowError(f"no exchange rate for {currency}") from None


def _year(record: Record) -> int:
    if (
        not (record["work_year"].isascii() and record["work_year"].isdigit())
        or not 2000 <= int(record["work_year"]) <= 2100
    ):
        raise BadRowError("work_year is not a year")
    return int(record["work_year"])


def _ranges(rows: Iterator[tuple[int, Record]]) -> Iterator[tuple[int, Record, Record]]:
    """(line, row with the maximum, row with the minimum): neighbours of equal attributes, the higher first."""
    held: tuple[int, Record] | None = None
    for line, record in rows:
        if held is None:
            held = (line, record)
        elif _are_one_range(held[1], record):
            yield held[0], held[1], record
            held = None
        else:
            yield held[0], held[1], held[1]
            held = (line, record)
    if held is not None:
        yield held[0], held[1], held[1]


def _are_one_range(top: Record, bottom: Record) -> bool:
    if any(top[name] != bottom[name] for name in _ATTRIBUTES):
        return False
    try:
        high, low = float(top["salary"]), float(bottom["salary"])
    except ValueError:
        return False
    return low <= high <= WIDEST_RANGE * low
