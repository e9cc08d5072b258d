"""`tenfold facts`: every figure that Tenfold rests on."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.kit.cli.output import hint
from tenfold.kit.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenfold.kit.facts import Fact

app = typer.Typer(add_completion=False)


@app.command()
def facts(
    word: Annotated[
        str, typer.Argument(metavar="[WORD]", help="Only facts whose key, statement or source holds this.")
    ] = "",
    house_rules: Annotated[bool, typer.Option("--house-rules", help="Only those that you may edit.")] = False,
    due: Annotated[
        bool, typer.Option("--due", help="What is due to be looked up again: figures, law, certificates, tools.")
    ] = False,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day for --due; default today.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List figures with value, unit, date, evidence and source.

    House rules can be edited: put `"key" = value` lines into a file, and name it with --rules or TENFOLD_HOUSE_RULES.

    Examples:
      tenfold facts
      tenfold facts timing
      tenfold facts --house-rules --json
      tenfold facts --due --as-of 2027-06-01
    """
    from tenfold.kit.facts import load

    if as_of and not due:
        raise UserError("--as-of is the day for --due.", remedy="`tenfold facts --due --as-of 2027-06-01`.")
    if due:
        from tenfold.audit.cli.reviews import show_due

        show_due(word, as_of.date() if as_of else date.today(), as_json=json)  # noqa: DTZ011  the reader's own day
        return

    chosen = [fact for fact in load().values() if _mentions(fact, word) and (not house_rules or fact.editable)]
    if not chosen:
        raise UserError(f"No fact mentions “{word}”.", remedy="`tenfold facts` lists them all.")
    if json:
        from json import dumps

        typer.echo(dumps([to_dict(fact) for fact in chosen], ensure_ascii=False, indent=2))
        return
    print_facts(chosen)
    hint("Next: tenfold rules shows what rests on them.")


def to_dict(fact: Fact) -> dict[str, Any]:
    return {
        "key": fact.key,
        "value": list(fact.value) if isinstance(fact.value, tuple) else fact.value,
        "unit": fact.unit,
        "statement": fact.statement,
        "as_of": fact.as_of.isoformat(),
        "evidence": fact.evidence.value,
        "source": fact.source,
        "url": fact.url,
        "n": fact.n,
        "interval": list(fact.interval) if fact.interval else None,
        "cited": fact.cited,
        "edited": fact.edited,
    }


def _mentions(fact: Fact, word: str) -> bool:
    return word.casefold() in f"{fact.key} {fact.statement} {fact.source}".casefold()


def _mark(fact: Fact) -> str:
    return f"{fact.evidence.value}, cited as a statement" if fact.cited else fact.evidence.value


def print_facts(chosen: Sequence[Fact]) -> None:
    from rich.text import Text

    from tenfold.audit.wording import day, figure
    from tenfold.kit.cli.listing import Listing

    listing = Listing()
    for fact in chosen:
        head = Text(fact.key, style="bold")
        shown = figure(fact)
        listing.item(
            head.append(f"  {shown}" if shown else "", style="not bold"),
            fact.statement + ".",
            f"{_mark(fact)}, {day(fact.as_of)}: {fact.source}",
            fact.url,
        )
    listing.total(len(chosen), "fact")
