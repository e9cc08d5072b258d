"""`tenfold retention merit | equity | departure`: the yearly pay round and what leaving costs, from files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.kit.errors import Place, UserError
from tenfold.practices.retention.cli.options import Format, FormatOption, JsonOption, emit, number_in
from tenfold.practices.retention.cli.teams import app

if TYPE_CHECKING:
    from tenfold.practices.retention.departure import DepartureInputs


@app.command(
    epilog="Examples: tenfold retention merit people.csv --pay base --low min --high max --budget 3.5 --json · "
    "tenfold retention merit people.csv --pay base --low min --high max --rating rating --person line --budget 4"
)
def merit(
    *,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX, one row a person: pay and the range of the level.")],
    pay: Annotated[str, typer.Option(help="Column of base pay a year.")] = "pay",
    low: Annotated[str, typer.Option(help="Column of the range's low end.")] = "low",
    high: Annotated[str, typer.Option(help="Column of the range's high end.")] = "high",
    rating: Annotated[str | None, typer.Option(help="Column of ratings, 0 (no raise) to 3; default 1.")] = None,
    person: Annotated[str | None, typer.Option(help="Column that tells people apart; default: the line.")] = None,
    budget: Annotated[float, typer.Option(help="Percent of all pay.")] = 3.5,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """A merit guideline within a budget.

    Compa-ratio (pay over the range's middle), range penetration (how far from its low to its high end), and raises
    that go further where pay is low in its range, never beyond the range and never beyond the budget.
    """
    from tenfold.connectors.tables import read_table, require_rows
    from tenfold.practices.retention.pay_cycle import PaidPerson, PayRange, run_merit_cycle, stand_in_range

    table = require_rows(read_table(file))
    people = [
        PaidPerson(
            row.cells[table.position(person)] if person else f"line {row.line}",
            number_in(table, row, pay, is_money=True),
            PayRange(number_in(table, row, low, is_money=True), number_in(table, row, high, is_money=True)),
            int(number_in(table, row, rating)) if rating else 1,
        )
        for row in table.rows
    ]
    cycle = run_merit_cycle(people, budget)
    standings = {each.id: stand_in_range(each.pay, each.range) for each in people}
    values = {
        "people": len(people),
        "budget": round(cycle.budget, 2),
        "cost": round(cycle.cost, 2),
        "to_range_low": round(cycle.to_range_low, 2),
        "guideline": [
            {"rating": key[0], "quarter": key[1] + 1, "percent": round(percent, 3)}
            for key, percent in cycle.guideline.items()
        ],
        "raises": [
            {
                "person": each.id,
                "compa_ratio": round(standings[each.id].compa_ratio, 4),
                "range_penetration": round(standings[each.id].penetration, 4),
                "percent": round(each.percent, 3),
                "amount": round(each.amount, 2),
                "new_pay": round(each.new_pay, 2),
                "is_capped": each.is_capped,
            }
            for each in cycle.raises
        ],
    }
    lines = [f"Raises of {cycle.cost:,.0f} within a budget of {cycle.budget:,.0f} for {len(people)} people."]
    lines += [
        f"  {each.id}: compa-ratio {standings[each.id].compa_ratio:.2f}, {each.percent:.1f} % to {each.new_pay:,.0f}"
        + (" (range's end)" if each.is_capped else "")
        for each in cycle.raises
    ]
    if cycle.to_range_low:
        lines.append(f"  bringing everybody to the low end of their range takes {cycle.to_range_low:,.0f}")
    emit(values, "\n".join(lines), as_json=json or format is Format.JSON)


@app.command(
    epilog="Examples: tenfold retention equity people.csv --pay base --category grade --group gender --json · "
    "tenfold retention equity people.csv --pay base --category grade --group gender --compare f --with m "
    "--explains years"
)
def equity(
    *,
    file: Annotated[Path, typer.Argument(help="CSV or XLSX, one row a person.")],
    pay: Annotated[str, typer.Option(help="Column of pay a year.")] = "pay",
    category: Annotated[str, typer.Option(help="Column of categories of equal work.")] = "category",
    group: Annotated[str, typer.Option(help="Column of groups.")] = "group",
    compare: Annotated[str, typer.Option(help="The group that is compared.")] = "women",
    with_: Annotated[str, typer.Option("--with", help="The group it is compared with.")] = "men",
    explains: Annotated[list[str] | None, typer.Option(help="Columns of numbers that may explain pay.")] = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """Pay gaps by category of equal work.

    Directive (EU) 2023/970 asks for a joint assessment from 5 % on. Categories with a group of fewer than five are
    refused, with their counts. The adjusted gap is a regression of log pay, with intervals that allow unequal spread.
    """
    from tenfold.connectors.tables import read_table, require_rows
    from tenfold.practices.retention.pay_equity import EquityRow, adjusted_gap, category_gaps, summary_of

    table = require_rows(read_table(file))
    in_group, in_category = table.position(group), table.position(category)
    rows = [
        EquityRow(
            number_in(table, row, pay, is_money=True),
            row.cells[in_category],
            row.cells[in_group].casefold(),
            tuple(number_in(table, row, column) for column in explains or ()),
        )
        for row in table.rows
    ]
    pair = {"group": compare.casefold(), "reference": with_.casefold()}
    gaps, adjusted = category_gaps(rows, **pair), adjusted_gap(rows, **pair)
    values = {
        **summary_of(gaps),
        "categories": [
            {
                "category": each.category,
                "gap": each.gap,
                "low": each.low,
                "high": each.high,
                "n": each.n,
                "n_reference": each.n_reference,
                "joint_assessment": each.needs_joint_assessment,
            }
            for each in gaps
        ],
        "adjusted": {
            "gap": adjusted.gap,
            "low": adjusted.low,
            "high": adjusted.high,
            "n": adjusted.n,
            "why": adjusted.why,
        },
    }
    lines = [
        f"{each.category}: too few to show"
        if each.gap is None
        else f"{each.category}: {100 * each.gap:.1f} % (95 % interval {100 * (each.low or 0):.1f} to "
        f"{100 * (each.high or 0):.1f}), n = {each.n} and {each.n_reference}"
        + (": joint assessment" if each.needs_joint_assessment else "")
        for each in gaps
    ]
    lines.append(
        f"adjusted: not enough data. {adjusted.why}"
        if adjusted.gap is None
        else f"adjusted: {100 * adjusted.gap:.1f} % ({100 * (adjusted.low or 0):.1f} to "
        f"{100 * (adjusted.high or 0):.1f}), n = {adjusted.n}"
    )
    emit(values, "\n".join(lines), as_json=json or format is Format.JSON)


@app.command(epilog="Example: tenfold retention departure costs.toml --json")
def departure(
    *,
    file: Annotated[Path, typer.Argument(help="Your own figures in TOML; each a number, or least, likely and most.")],
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
) -> None:
    """What a departure costs, from your own figures.

    Keys: loaded_pay_year, vacancy_months, cover_share, ramp_months, ramp_lost, interview_hours, recruiter_hours,
    handover_hours, hourly_rate, agency_fee. Shares run from 0 to 1; the range is of 4,000 draws.
    """
    from tenfold.practices.retention.departure import departure_cost

    cost = departure_cost(_inputs(file))
    values = {"median": cost.median, "low": cost.low, "high": cost.high, "parts": dict(cost.parts)}
    lines = [f"About {cost.median:,.0f}, in nine of ten draws {cost.low:,.0f} to {cost.high:,.0f}."]
    lines += [f"  {name.replace('_', ' ')}: {amount:,.0f}" for name, amount in cost.parts.items()]
    emit({**values, "formula": cost.formula}, "\n".join([*lines, cost.formula]), as_json=json or format is Format.JSON)


def _inputs(file: Path) -> DepartureInputs:
    from dataclasses import fields

    import tomli

    from tenfold.practices.retention.departure import DepartureInputs, Range

    try:
        given = tomli.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        place = Place(file=str(file))
        raise UserError(
            f"The file cannot be read: {error}.", remedy="Write TOML: a = [1, 2, 3].", place=place
        ) from None
    names = [field.name for field in fields(DepartureInputs)]
    ranges = {}
    for name in names:
        value = given.get(name)
        listed = value if isinstance(value, list) else [value]
        parts = [part for part in listed if isinstance(part, int | float)]
        if len(parts) not in (1, 3) or len(parts) < len(listed):
            raise UserError(
                f"{name} is missing or no figure.",
                remedy=f"Write {name} = [least, likely, most], or one number.",
                place=Place(file=str(file), field=name),
            )
        ranges[name] = Range(float(parts[0]), float(parts[len(parts) // 2]), float(parts[-1]))
    return DepartureInputs(**ranges)
