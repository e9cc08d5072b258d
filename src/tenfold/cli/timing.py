"""`tenfold timing`: whether the moment to hire is right, and what waiting costs beside hiring now."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.cli.one_check import (
    FailOnOption,
    FileArgument,
    JsonOption,
    leave_by,
    print_json,
    print_verdict,
    to_dict,
    verdict_of,
)

if TYPE_CHECKING:
    from tenfold.plan.document import HiringPlan
    from tenfold.practices.timing.costs import WaitingInputs

app = typer.Typer(add_completion=False)
REMOVED_SHARE = 50.0
"""Our assumption, not measured: what share of manual work one MLOps engineer takes away."""
EngineerMonth = Annotated[float | None, typer.Option(help="What one ML engineer costs a month.", min=0)]
HireMonth = Annotated[float | None, typer.Option(help="What the hire costs a month; else from the plan's pay.", min=0)]
Removes = Annotated[float, typer.Option(help="Percent of it that the hire takes away: assumed.", min=0, max=100)]


@app.command()
def timing(
    file: FileArgument,
    engineer_month: EngineerMonth = None,
    hire_month: HireMonth = None,
    removes: Removes = REMOVED_SHARE,
    as_json: JsonOption = False,
    fail_on: FailOnOption = "never",
) -> None:
    """Is it time to hire, and what does waiting cost?

    Examples:
      tenfold timing plan.yaml
      tenfold timing plan.yaml --engineer-month 15000 --removes 40
    """
    from tenfold.audit.intake import take

    submission = take(file)
    verdict = verdict_of("timing", submission)
    inputs, lacking = waiting_inputs(submission.plan, engineer_month, hire_month, removes)
    if as_json:
        print_json(to_dict(verdict) | {"waiting": _record(inputs), "lacking": lacking})
    else:
        print_verdict(verdict)
        _print_waiting(inputs, lacking)
    leave_by(verdict, fail_on)


def waiting_inputs(
    plan: HiringPlan, engineer_month: float | None, hire_month: float | None, removes: float
) -> tuple[WaitingInputs | None, list[str]]:
    """The inputs of the comparison, or what is lacking for it."""
    from tenfold.practices.timing.costs import WaitingInputs

    situation, pay = plan.situation, plan.pay
    if hire_month is None and pay.min is not None and pay.max is not None and pay.period == "YEAR":
        hire_month = (pay.min + pay.max) / 2 / 12
    known: dict[str, float | None] = {
        "the number of ML engineers": situation.ml_engineers,
        "the share of their time that goes to manual work": situation.manual_share,
        "what an ML engineer costs a month (--engineer-month)": engineer_month,
        "what the hire costs a month (--hire-month, or pay a year in the plan)": hire_month,
    }
    lacking = [words for words, value in known.items() if value is None]
    if situation.ml_engineers is None or situation.manual_share is None or engineer_month is None or hire_month is None:
        return None, lacking
    return WaitingInputs(situation.ml_engineers, situation.manual_share, removes, engineer_month, hire_month), []


def _record(inputs: WaitingInputs | None) -> dict[str, Any] | None:
    from tenfold.practices.timing.costs import break_even_share, cost_of_waiting

    if inputs is None:
        return None
    rows = [asdict(row) | {"balance": row.balance} for row in cost_of_waiting(inputs)]
    return {"inputs": asdict(inputs), "months": rows, "break_even_share": break_even_share(inputs)}


def _print_waiting(inputs: WaitingInputs | None, lacking: list[str]) -> None:
    from tenfold.practices.timing.costs import break_even_share, cost_of_waiting

    if inputs is None:
        typer.echo("\nCost of waiting: not enough data. Lacking: " + "; ".join(lacking) + ".")
        return
    typer.echo(
        f"\nCost of waiting: {inputs.ml_engineers} ML engineers, {inputs.manual_share:g} % of their time by hand, "
        f"{inputs.engineer_month:,.0f} a month each; the hire costs {inputs.hire_month:,.0f} a month (base pay only, "
        f"where it is from the plan) and takes away {inputs.removed_share:g} % of it (our assumption, not measured)."
    )
    for row in cost_of_waiting(inputs):
        more = "more than" if row.balance > 0 else "less than"
        by_hand = f"{row.manual_months:.1f} engineer-months by hand"
        compared = f"waiting costs {row.saved:,.0f}, {abs(row.balance):,.0f} {more} the hire ({row.hire:,.0f})"
        typer.echo(f"  {row.months:>2} months: {by_hand}; {compared}")
    share = break_even_share(inputs)
    typer.echo(
        f"  The hire pays for itself by this alone from {share:.0f} % taken away."
        if share is not None
        else "  The hire does not pay for itself by this alone; delays, incidents and new models are not counted."
    )
