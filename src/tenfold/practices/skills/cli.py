"""`tenfold skills`: who has all must-haves."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tenfold.practices.skills.pool import PoolEstimate, Share

app = typer.Typer(add_completion=False, rich_markup_mode="rich", no_args_is_help=True)


@app.callback()
def skills() -> None:
    """No impossible combinations: count who has all must-haves, and what each one costs."""


@app.command()
def pool(
    survey: Annotated[Path, typer.Argument(metavar="SURVEY", help="survey_results_public.csv, 2021 or later.")],
    must: Annotated[list[str], typer.Option(help="A must-have by id or name. May be repeated.")],
    years: Annotated[float | None, typer.Option(help="Least professional years.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Country as the survey spells it. May be repeated.")] = None,
    pay_max: Annotated[float | None, typer.Option(help="Highest pay, US dollars a year.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
) -> None:
    """Estimate who has all must-haves, from a survey.

    The share of its respondents, the cost of each demand, and the order in which to let go.

    Examples:
      tenfold skills pool survey_results_public.csv --must python --must kubernetes --must terraform
      tenfold skills pool survey_results_public.csv --must go --years 5 --country Germany --json
    """
    from tenfold.practices.skills.pool import Question, estimate
    from tenfold.practices.skills.survey import load_survey

    ids = tuple(_skill(name) for name in must)
    question = Question(ids, years, tuple(country or ()), pay_max)
    found = estimate(load_survey(survey), question)
    typer.echo(_as_json(found) if json else _as_text(found))


def _skill(name: str) -> str:
    from tenfold.catalogue.store import catalogue
    from tenfold.kit.errors import UserError

    skill = catalogue().find(name)
    if skill is None:
        near = ", ".join(catalogue().similar(name)) or "tenfold catalogue find WORD"
        raise UserError(f"“{name}” is no skill of the catalogue.", remedy=f"Try {near}.")
    return skill.id


def _as_json(found: PoolEstimate) -> str:
    answer = {
        "pool": _share(found.pool),
        "eligible": _share(found.eligible),
        "costs": [{"demand": c.demand, "with": c.with_it, "without": c.without_it} for c in found.costs],
        "relaxing": [{"demand": step.demand, **_share(step.pool)} for step in found.relaxing],
        "unknown": list(found.unknown),
        "source": found.source,
        "says": found.says,
    }
    return json_text.dumps(answer, ensure_ascii=False, indent=2)


def _share(share: Share) -> dict[str, object]:
    return {"count": share.count, "of": share.of, "share": share.share, "interval": list(share.interval)}


def _as_text(found: PoolEstimate) -> str:
    lines = [f"{_words(found.pool)} of those in reach have all must-haves ({found.source})."]
    lines += [f"In reach by place, years, pay and role: {_words(found.eligible)} of all respondents."]
    lines += ["", "What each demand costs:"]
    lines += [f"  {cost.demand}: {cost.with_it:,} with it, {cost.without_it:,} without" for cost in found.costs]
    lines += ["", "Let go in this order:"]
    lines += [f"  without {step.demand}: {_words(step.pool)}" for step in found.relaxing]
    if found.unknown:
        lines += ["", f"The survey never asked about {', '.join(found.unknown)}; left out of the count."]
    return "\n".join([*lines, "", found.says])


def _words(share: Share) -> str:
    low, high = share.interval
    count = "fewer than ten" if share.is_too_small else f"{share.count:,}"
    return f"{count} of {share.of:,} ({share.share:.1%}, 95 % interval {low:.1%}–{high:.1%})"
