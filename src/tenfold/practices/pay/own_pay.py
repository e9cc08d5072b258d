"""The company's own pay: read from a file by a mapping, shown as bands and compa-ratios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tenfold.catalogue.store import catalogue
from tenfold.catalogue.titles import read_title
from tenfold.kit.errors import Place, UserError
from tenfold.law.places import full_name, is_place
from tenfold.market.fx import Rates
from tenfold.market.importers.own import FIELDS, ColumnMap, Own, read_mapping
from tenfold.market.importers.source import Dropped, Made, Record, open_rows
from tenfold.market.observation import Observation
from tenfold.market.pay_review import ROUND_COST_TO_USD, Band, Person, Review
from tenfold.market.places import locate
from tenfold.market.store import Store

NO_LEVEL = "no level is known"
_FIELD_OF = {
    "the title is empty": "title",
    "no currency is given": "currency",
    "pay is nothing": "pay",
    "the range runs backwards": "pay_min",
}


def people_of(file: Path, mapping: Path, *, today: date) -> tuple[list[Person], dict[str, int]]:
    """The people of a file, by line number only, and how many rows were left out for which reason.

    Raises:
        UserError: the file or the mapping cannot be used, or no row can.
    """
    read = read_mapping(mapping)
    columns = tuple(dict.fromkeys(read.columns.values()))
    found = check_rows(open_rows(file, columns), read, today=today, abroad=True)
    people = [person for _, person in found.people]
    left_out = Counter(problem.reason for problem in found.problems)
    if not people:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in left_out.most_common(3))
        raise UserError(f"No row can be used: {reasons or 'there are none'}.", place=Place(file=str(file)))
    return people, dict(left_out)


def person_of(one: Observation, reference: str) -> Person:
    """A row of own pay as a person on the market, by reference only."""
    return Person(
        reference=reference,
        role=one.role,
        level=one.level,
        pay_usd_year=(one.min_usd_year + one.max_usd_year) / 2,
        metro_cbsa=_metro_of(one),
        workplace={"100": "remote", "50": "hybrid"}.get(one.remote_ratio) if one.remote_ratio != "0" else None,
        country=one.country,
        currency=one.currency,
        pay_local_year=(one.min_year + one.max_year) / 2,
    )


def _metro_of(one: Observation) -> str | None:
    found = locate(one.place).metro if one.place and one.country == "US" else None
    return found.cbsa if found else None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that cannot be used as it is: why, and the field of the mapping that it hangs on."""

    line: int
    reason: str
    field: str


@dataclass(frozen=True, slots=True)
class CheckedRows:
    """Rows under a mapping, before anything is kept: people by their line, what is wrong, and levels not understood."""

    people: tuple[tuple[int, Person], ...]
    problems: tuple[RowProblem, ...]
    unknown_levels: dict[str, int]
    seen: tuple[date, ...]


def check_rows(
    rows: Iterable[tuple[int, Record]],
    mapping: ColumnMap,
    *,
    today: date,
    rates: Rates | None = None,
    advance: Callable[[], None] = lambda: None,
    abroad: bool = False,
) -> CheckedRows:
    """What an import of these rows would keep. `advance` is told of each row.

    People outside the US are a problem of their row unless `abroad` keeps them, with their country and currency.
    """
    importer = Own(mapping, rates if rates is not None else Store().rates(), today=today)
    held = list(rows)
    people: list[tuple[int, Person]] = []
    problems: list[RowProblem] = []
    unknown: Counter[str] = Counter()
    seen: list[date] = []
    for (line, record), one in zip(held, importer.read(iter(held)), strict=True):
        advance()
        problem = _problem(line, one, abroad=abroad)
        if problem is not None:
            problems.append(problem)
            if word := _unknown_level(record, importer, mapping):
                unknown[word] += 1
        elif isinstance(one, Observation):
            people.append((line, person_of(one, f"row {line}")))
            seen.append(one.seen or today)
    return CheckedRows(tuple(people), tuple(problems), dict(unknown.most_common()), tuple(seen))


def _unknown_level(record: Record, importer: Own, mapping: ColumnMap) -> str:
    """The word for a level in a row whose level nothing else says; "" where there is none."""
    word, title = (record.get(mapping.columns.get(name, ""), "").strip() for name in ("level", "title"))
    return word if word and importer.level_of(word) is None and read_title(title).level is None else ""


def _problem(line: int, one: Made | Dropped, *, abroad: bool) -> RowProblem | None:
    if isinstance(one, Dropped):
        first = one.reason.partition(" ")[0]
        return RowProblem(line, one.reason, _FIELD_OF.get(one.reason, first if first in FIELDS else "pay"))
    if not isinstance(one, Observation):
        return None
    if not one.level:
        return RowProblem(line, NO_LEVEL, "level")
    if not abroad and (one.country, one.currency) != ("US", "USD"):
        where = full_name(one.country) if is_place(one.country) else "an unknown country"
        return RowProblem(line, f"not paid in the US: {where}, {one.currency}", "place")
    return None


def bands_in_words(bands: Sequence[Band]) -> str:
    names = catalogue().levels
    lines = [f"  {'level':<10}{'minimum':>10}{'midpoint':>10}{'maximum':>10}{'overlap':>9}   median, 95 %"]
    for band in bands:
        low, high = band.market.median_interval
        overlap = f"{100 * band.overlap_below:.0f} %" if band.overlap_below is not None else "–"
        lines.append(
            f"  {names[band.level].name.lower():<10}{band.minimum:>10,.0f}{band.midpoint:>10,.0f}{band.maximum:>10,.0f}"
            f"{overlap:>9}   {low:,.0f}–{high:,.0f}, n = {band.market.n_raw}"
        )
    lines.append(
        f"{bands[0].market.currency} a year, base. Overlap: how much of the band below this one begins inside of."
    )
    lines.append(f"Source: {bands[0].market.sources[0].source}, snapshot {bands[0].market.snapshot}")
    return "\n".join(lines)


def bands_as_values(bands: Sequence[Band]) -> list[dict[str, Any]]:
    return [
        {
            "role": band.role,
            "level": band.level,
            "min": band.minimum,
            "midpoint": band.midpoint,
            "max": band.maximum,
            "currency": band.market.currency,
            "overlap_below": band.overlap_below,
            "n": band.market.n_raw,
            "median_interval_95": list(band.market.median_interval),
            "last_date": band.market.last_date.isoformat(),
            "source": band.market.sources[0].source,
            "snapshot": band.market.snapshot,
        }
        for band in bands
    ]


def review_in_words(review: Review, left_out: dict[str, int], *, people: bool) -> str:
    lines = [f"{len(review.standings)} people placed on the market; target percentile {review.target_percentile:.0f}."]
    lines += _groups_in_words(review) if review.is_shown else ["Too few to show anything about them."]
    lines += [f"  Not priced: {count} people. {reason}" for reason, count in review.reasons_shown]
    lines += [f"  Missing: {count} rows, {reason}" for reason, count in left_out.items()]
    return "\n".join([*lines, *(_rows_in_words(review) if people else [])])


def _groups_in_words(review: Review) -> list[str]:
    names = catalogue()
    low, high = map(_round, review.cost_interval)
    lines = [
        f"To bring everybody there costs {_round(review.cost_usd_year):,.0f} USD a year (95 % {low:,.0f}–{high:,.0f}).",
        "",
        f"  {'role and level':<34}{'n':>4}{'compa-ratio':>13}{'behind':>8}{'cost a year':>13}",
    ]
    for group in review.groups:
        who = f"{names.roles[group.role].name}, {names.levels[group.level].name.lower()}"
        lines.append(
            f"  {who:<34}{group.n:>4}{group.median_compa_ratio:>13.2f}{group.behind:>8}"
            f"{_round(group.cost_usd_year):>13,.0f}"
        )
    withheld = [f"  Withheld: {review.withheld} people in groups too small to show."] if review.withheld else []
    return lines + withheld


def _rows_in_words(review: Review) -> list[str]:
    lines = ["", "Single rows, for the owner of the list:"]
    for each in sorted(review.standings, key=lambda one: one.compa_ratio):
        a, b = each.compa_interval
        lines.append(
            f"  {each.person.reference:<8}{each.person.role:<16}{each.person.level:<10}"
            f"{each.person.pay_year:>10,.0f} {each.person.currency}"
            f"  compa-ratio {each.compa_ratio:.2f} ({a:.2f}–{b:.2f})  percentile {100 * each.percentile:.0f}"
        )
    return lines


def _round(usd: float) -> int:
    """To the thousand: finer figures would tell single pays."""
    return round(usd / ROUND_COST_TO_USD) * ROUND_COST_TO_USD


def review_as_values(review: Review, left_out: dict[str, int], *, people: bool) -> dict[str, Any]:
    values: dict[str, Any] = {
        "people": len(review.standings),
        "target_percentile": review.target_percentile,
        "cost_usd_year": _round(review.cost_usd_year) if review.is_shown else None,
        "cost_interval_95": [_round(end) for end in review.cost_interval] if review.is_shown else None,
        "groups": [
            {
                "role": group.role,
                "level": group.level,
                "n": group.n,
                "median_compa_ratio": round(group.median_compa_ratio, 3),
                "behind": group.behind,
                "cost_usd_year": _round(group.cost_usd_year),
            }
            for group in review.groups
        ],
        "withheld": review.withheld,
        "not_priced": len(review.unanswered),
        "not_priced_because": dict(review.reasons_shown),
        "left_out": left_out,
        "snapshot": review.standings[0].market.snapshot if review.standings else "",
    }
    if people:
        values["rows"] = [
            {
                "row": each.person.reference,
                "compa_ratio": round(each.compa_ratio, 3),
                "interval_95": [round(end, 3) for end in each.compa_interval],
                "percentile": round(each.percentile, 3),
            }
            for each in review.standings
        ]
    return values
