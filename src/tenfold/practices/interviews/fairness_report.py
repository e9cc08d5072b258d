"""Fairness tables as values, as CSV and in words."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tenfold.kit.errors import UserError
from tenfold.kit.words import plural
from tenfold.practices.interviews.fairness import EVERYBODY, RACE, SEX, Candidacy, CategoryRow, FairnessTable
from tenfold.practices.interviews.tables import Row, Table, is_missing, yes_or_no
from tenfold.stats.impact import Stratified

COLUMNS = (
    "step",
    "question",
    "part",
    "category",
    "assessed",
    "selected",
    "selection_rate",
    "impact_ratio",
    "impact_ratio_value",
    "low",
    "high",
    "fisher_p",
    "mid_p",
    "below_four_fifths",
    "stratified_ratio",
    "stratified_low",
    "stratified_high",
    "says",
)
METHOD = {
    "selection_rate": "selected over assessed",
    "impact_ratio": "selection rate over the highest category's, as a fraction; below 4/5 is marked, 4/5 is not",
    "interval": "95 %, logarithm of the ratio (Katz and others 1978)",
    "tests": "Fisher's exact test, two-sided, and its mid-p form, against the category with the highest rate",
    "stratified": "Mantel-Haenszel ratio over roles, interval by Greenland and Robins (1985), from shown tables alone",
    "left_out": "no ratio below 2 % of those assessed (6 RCNY section 5-301), and none for people who stated nothing",
    "hidden": "no count, and no difference of two counts, of one to four people (tenfold.stats.publication)",
}


def to_dict(tables: Iterable[FairnessTable]) -> dict[str, Any]:
    return {"tables": [_to_dict(one) for one in tables], "method": dict(METHOD)}


def to_csv(values: Mapping[str, Any]) -> str:
    """The table as an auditor reads it, from what `to_dict` says: one line a category; what is not shown has none."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for table in values["tables"]:
        strata = {one["group"]: one for one in table["stratified"]}
        for row in table["rows"]:
            writer.writerow({name: plain(value) for name, value in _line(table, row, strata).items()})
    return text.getvalue()


def plain(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    is_formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula else value


def to_text(tables: Sequence[FairnessTable]) -> str:
    lines: list[str] = []
    for one in tables:
        whose = f" · {one.part}" if one.part else ""
        lines += ["", f"{one.step} · {one.question}{whose}: {one.selected} of {one.assessed} selected"]
        lines += [_in_words(row) for row in one.rows] or ["  too few people to show"]
        lines += [f"  {word}" for word in one.words]
    return "\n".join(lines).lstrip()


def read_candidacies(table: Table, *, has: Sequence[str]) -> tuple[list[Candidacy], list[str], list[str]]:
    """People from a file, the steps in the order in which they are met, and what is said of lines left out.

    The table's columns are sex, race or ethnicity, selected, and then those named in `has` (step, role, person).

    Raises:
        UserError: `selected` is neither 0 nor 1 somewhere, one person has a step twice, or nobody can be counted.
    """
    held: dict[str, dict[str, Any]] = {}
    steps: dict[str, None] = {}
    gaps: Counter[str] = Counter()
    for row in table.rows:
        told = dict(zip(("sex", "race", "selected", *has), row.cells, strict=True))
        if is_missing(told["selected"]):
            gaps[table.columns[2]] += 1
            continue
        step = told.get("step") or "Selection"
        steps.setdefault(step)
        person = told.get("person") or f"line {row.line}"
        one = held.setdefault(
            f"{person} / {told.get('role', '')}",
            {"person": person, "role": told.get("role", ""), "answers": _answers(told), "steps": {}},
        )
        if step in one["steps"]:
            raise UserError(
                f"{person} is counted twice at “{step}”.",
                remedy="One line a person and step; name the role with --role if it is another application.",
                place=table.place(row, table.columns[2]),
            )
        one["steps"][step] = _is_selected(table, row, told["selected"])
    if not held:
        raise UserError(f"{table.name} holds nobody with a result.", remedy="Each line needs 0 or 1 for selected.")
    said = [f"{plural(n, 'line')} without “{name}” left out." for name, n in gaps.items()]
    return [Candidacy(id=name, **one) for name, one in held.items()], list(steps), said


def _answers(told: Mapping[str, str]) -> dict[str, str]:
    answers = {SEX: told["sex"], RACE: told["race"]}
    return {question: answer for question, answer in answers.items() if not is_missing(answer)}


def _is_selected(table: Table, row: Row, cell: str) -> bool:
    selected = yes_or_no(cell)
    if selected is None:
        raise UserError(
            f"“{cell[:40]}” is neither 0 nor 1.",
            remedy="Write 1 for people who were selected and 0 for those who were not.",
            place=table.place(row, table.columns[2]),
        )
    return selected


def _to_dict(one: FairnessTable) -> dict[str, Any]:
    return {
        "step": one.step,
        "question": one.question,
        "part": one.part or None,
        "assessed": one.assessed,
        "selected": one.selected,
        "reference": one.reference,
        "rows": [_row(row) for row in one.rows],
        "has_hidden_categories": one.has_hidden,
        "stratified": [_strata(each) for each in one.stratified],
        "says": list(one.words),
    }


def _row(row: CategoryRow) -> dict[str, Any]:
    found = row.comparison
    ratio = found.ratio if found else None
    return {
        "category": row.category,
        "assessed": row.n,
        "selected": row.selected,
        "selection_rate": round(float(row.rate), 6),
        "impact_ratio": None if ratio is None else f"{ratio.numerator}/{ratio.denominator}",
        "impact_ratio_value": None if ratio is None else round(float(ratio), 6),
        "low": _short(found.low if found else None),
        "high": _short(found.high if found else None),
        "fisher_p": _short(found.fisher_p if found else None),
        "mid_p": _short(found.mid_p if found else None),
        "below_four_fifths": bool(found and found.flagged),
        "is_reference": bool(found and found.is_reference),
        "below_two_percent": row.is_small,
        "says": list(row.words),
    }


def _strata(one: Stratified) -> dict[str, Any]:
    return {
        "group": one.group,
        "reference": one.reference,
        "roles": sum(row.focal is not None and row.reference is not None for row in one.strata),
        "ratio": _short(one.ratio),
        "low": _short(one.low),
        "high": _short(one.high),
        "sign_flips": one.sign_flips,
    }


def _line(table: Mapping[str, Any], row: Mapping[str, Any], strata: Mapping[str, Any]) -> dict[str, object]:
    held = strata.get(row["category"], {})
    told = {
        **row,
        "step": table["step"],
        "question": table["question"],
        "part": table["part"] or "all roles",
        "stratified_ratio": held.get("ratio"),
        "stratified_low": held.get("low"),
        "stratified_high": held.get("high"),
        "below_four_fifths": int(row["below_four_fifths"]),
        "says": " ".join(row["says"]),
    }
    return {name: told[name] for name in COLUMNS}


def _in_words(row: CategoryRow) -> str:
    ratio = row.comparison.ratio if row.comparison else None
    told = "no ratio" if ratio is None else f"ratio {float(ratio):.3f}"
    mark = ", below 4/5" if row.comparison and row.comparison.flagged else ""
    return f"  {row.category:<50}{row.selected:>5} of {row.n:<6}{float(row.rate):>7.1%}   {told}{mark}"


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


__all__ = ["COLUMNS", "EVERYBODY", "METHOD", "plain", "read_candidacies", "to_csv", "to_dict", "to_text"]
