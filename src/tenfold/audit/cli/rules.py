"""`tenfold rules`: every rule of the ten practices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.kit.errors import UserError

if TYPE_CHECKING:
    from tenfold.audit.rule_sheet import RuleRow
    from tenfold.kit.facts import FactBook

app = typer.Typer(add_completion=False)


@app.command()
def rules(
    word: Annotated[str, typer.Argument(metavar="[WORD]", help="Only rules whose id or reason holds this.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List rules with the requirement they serve, how much they can say, why, and their sources.

    Examples:
      tenfold rules
      tenfold rules timing
      tenfold rules --json
    """
    from tenfold.audit.rule_sheet import rule_rows
    from tenfold.kit.facts import load

    book = load()
    chosen = [rule for rule in rule_rows() if word.casefold() in f"{rule.id} {rule.why}".casefold()]
    if not chosen:
        raise UserError(f"No rule mentions “{word}”.", remedy="`tenfold rules` lists them all.")
    if json:
        from json import dumps

        typer.echo(dumps([to_dict(rule, book) for rule in chosen], ensure_ascii=False, indent=2))
        return
    print_rules(chosen, book)


def to_dict(rule: RuleRow, book: FactBook) -> dict[str, Any]:
    from tenfold.audit.cli.facts import to_dict as fact_record

    return {
        "id": rule.id,
        "practice": rule.practice,
        "requirement": rule.requirement,
        "severity": rule.severity,
        "why": rule.why,
        "facts": [fact_record(book[key]) for key in rule.facts],
    }


def print_rules(chosen: list[RuleRow], book: FactBook) -> None:
    from rich.text import Text

    from tenfold.kit.cli.listing import Listing

    listing = Listing()
    for rule in chosen:
        head = Text(rule.id, style="bold").append(
            f"  {rule.requirement}, at most {rule.severity}", style="not bold dim"
        )
        sources = dict.fromkeys(book[key].source for key in rule.facts)
        listing.item(head, rule.why, *(f"Source: {source}" for source in sources))
    listing.total(len(chosen), "rule")
