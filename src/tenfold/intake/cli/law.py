"""`tenfold law`: the dated rules by place, to read."""

from __future__ import annotations

import json as json_text
import textwrap
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.intake.cli.duties import duties, notice
from tenfold.kit.cli.output import hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenfold.law.rules import PayRule

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


class Format(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"


@app.callback()
def law() -> None:
    """Rules by place and date: pay in postings, duties of an opened role, notices. Not legal advice."""


app.command()(duties)
app.command()(notice)


@app.command()
def rules(
    place: Annotated[
        list[str],
        typer.Option(help="A place: an ISO 3166-2 id (US-CO, CA-ON, DE) or a location line. May be repeated."),
    ],
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day that decides what is in force; default today."),
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
) -> None:
    """Show the rules in force for a place on a day.

    What they ask, who says so, and what comes next.

    Examples:
      tenfold law rules --place US-CO
      tenfold law rules --place "Remote (US)" --as-of 2026-10-01
      tenfold law rules --place CA-ON --place US-NYC --json
    """
    from tenfold.law.pay_transparency import coming_rules, rows_for, rules_for

    day_asked = as_of.date() if as_of else date.today()  # noqa: DTZ011  the reader's own day
    places = place_ids_of(place)
    in_force = rules_for(places, day_asked)
    coming = coming_rules(places, day_asked)
    others = [row for row in rows_for(places) if row not in in_force and row not in coming]
    if json or format is Format.JSON:
        typer.echo(_as_json(places, day_asked, in_force, coming, others))
        return
    for line in _as_text(places, day_asked, in_force, coming, others):
        typer.echo(_fold(line))
    hint(_next_step(coming))


def _fold(line: str) -> str:
    """A line as it fits 80 columns; addresses stay whole."""
    if line.startswith("  http"):
        return line
    lead = "\n" if line.startswith("\n") else ""
    indent = "    " if line.startswith("  ·") else "  "
    return lead + textwrap.fill(line.removeprefix("\n"), 80, subsequent_indent=indent)


def place_ids_of(lines: list[str]) -> list[str]:
    """Ids of places given as ids or location lines; refuses what is ambiguous or unknown."""
    from tenfold.kit.errors import UserError
    from tenfold.law.places import is_place, read_places

    ids: list[str] = []
    for line in lines:
        matches = [] if is_place(line) else list(read_places(line))
        for match in matches:
            if match.ambiguous:
                choices = ", ".join(match.candidates)
                raise UserError(match.because, remedy=f"Name one of {choices}, or a state beside the city.")
        found = [id_ for match in matches if not match.excluded for id_ in match.ids]
        found = [line] if is_place(line) else found
        if not found:
            raise UserError(
                f"“{line}” names no place that the table knows.",
                remedy="Use an ISO 3166-2 id such as US-CO or CA-ON, or a state, province or country by name.",
            )
        ids += found
    return list(dict.fromkeys(ids))


def _as_json(
    places: list[str],
    day_asked: date,
    in_force: tuple[PayRule, ...],
    coming: tuple[PayRule, ...],
    others: list[PayRule],
) -> str:
    from dataclasses import asdict

    from tenfold.law.dated import NOT_LEGAL_ADVICE
    from tenfold.law.lookup import places_not_in_table

    answer = {
        "places": places,
        "not_in_table": places_not_in_table(places),
        "as_of": day_asked,
        "in_force": [asdict(rule) for rule in in_force],
        "coming": [asdict(rule) for rule in coming],
        "not_in_force": [asdict(rule) for rule in others],
        "advice": NOT_LEGAL_ADVICE,
    }
    return json_text.dumps(answer, default=str, ensure_ascii=False, indent=2)


def _as_text(
    places: list[str],
    day_asked: date,
    in_force: tuple[PayRule, ...],
    coming: tuple[PayRule, ...],
    others: list[PayRule],
) -> Iterator[str]:
    from tenfold.law.dated import NOT_LEGAL_ADVICE, day
    from tenfold.law.lookup import places_not_in_table
    from tenfold.law.places import full_name
    from tenfold.law.uncovered import not_in_table_words

    unread = places_not_in_table(places)
    if names := "; ".join(full_name(place) for place in places if place not in unread):
        yield f"{names} on {day(day_asked)}: {_count(len(in_force))} may apply."
    for place in unread:
        yield f"{full_name(place)}: {not_in_table_words(place)}."
    for rule in in_force:
        yield from _rule_lines(rule, places, day_asked)
    for rule in coming:
        yield f"\nFrom {day(rule.span.first or day_asked)}: {rule.name}, {rule.law} ({rule.id})."
    for rule in others:
        yield f"\nNot in force: {rule.name}, {rule.law} ({rule.id}). {rule.note}".rstrip()
    yield from _transposition_lines(places)
    checked = {rule.checked for rule in (*in_force, *coming, *others)}
    yield f"\n{f'Checked up to {day(max(checked))}. ' if checked else ''}{NOT_LEGAL_ADVICE}"


def _transposition_lines(places: list[str]) -> Iterator[str]:
    """How far the EU countries among the places have carried the directive into their law, each with its day."""
    from tenfold.law.coverage import transposition_sentence
    from tenfold.law.places import contains
    from tenfold.law.rules import transpositions

    rows = [row for country, row in transpositions().items() if any(contains(country, place) for place in places)]
    if rows:
        yield "\nDirective (EU) 2023/970 in national law:"
    for row in rows:
        if row.transposition:
            noted = row.transposition.noted
            yield f"  · {transposition_sentence(row)} {noted.says} [{noted.evidence}]"
            yield from (f"  {source}" for source in noted.sources)


def _next_step(coming: tuple[PayRule, ...]) -> str:
    if coming and coming[0].span.first:
        first = coming[0].span.first.isoformat()
        return f"Next: tenfold law rules --place {coming[0].place} --as-of {first} shows what comes first."
    return "Next: tenfold posting check FILE reads a posting against these rules."


def _count(number: int) -> str:
    return {0: "no rule in our table", 1: "one rule"}.get(number, f"{number} rules")


def _rule_lines(rule: PayRule, places: list[str], day_asked: date) -> Iterator[str]:
    from tenfold.law.coverage import heading, in_force_words
    from tenfold.law.rules import Moment

    yield f"\n{rule.name} ({rule.id}), {in_force_words(rule, day_asked)}"
    yield f"  {heading(rule, places)}"
    for duty in rule.duties_on(day_asked):
        when = "" if duty.moment is Moment.POSTING else f"{duty.moment.words}; "
        yield f"  · {duty.says} [{when}{duty.evidence}]"
    if rule.threshold:
        yield f"  employers who have {rule.threshold.says} [{rule.threshold.evidence}]"
    for noted in (rule.remote_note, rule.good_faith, rule.records and rule.records.noted, rule.penalty):
        if noted:
            yield f"  {noted.says} [{noted.evidence}]"
    for words in filter(None, (rule.note, rule.conflict and f"Sources disagree: {rule.conflict}")):
        yield f"  {words}"
    yield from (f"  {source}" for source in rule.sources)
