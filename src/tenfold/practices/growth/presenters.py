"""Ladders and placements as JSON values, text and Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tenfold.practices.growth.ladder import Cell, Ladder, LadderRemark
from tenfold.practices.growth.ladder_diff import CellEdit, PlacementEffect
from tenfold.practices.growth.placement import CheckIn, Evidence, PlacedCell, Placement


def render_ladder(ladder: Ladder, *, level: str | None = None, theme: str | None = None) -> str:
    """The ladder in Markdown, all of it or one level or theme."""
    lines = [f"# {ladder.name}", *([ladder.summary.strip()] if ladder.summary else [])]
    for each in ladder.levels:
        if level not in (None, each.id):
            continue
        lines += ["", f"## {each.name}" + (f" (owns {each.scope})" if each.scope else "")]
        lines += [each.summary.strip()] if each.summary else []
        for about in ladder.themes:
            cells = [c for c in ladder.current if (c.level, c.theme) == (each.id, about.id)]
            if cells and theme in (None, about.id):
                lines += ["", f"### {about.name}", *(line for cell in cells for line in _render_cell(cell))]
    if ladder.scope_map and level is None and theme is None:
        lines += ["", "## How scope widens"]
        lines += [f"- {step.name}: owned from {step.owned_from} on" for step in ladder.scope_map]
    return "\n".join(lines)


def _render_cell(cell: Cell) -> list[str]:
    lines = [f"- {cell.summary.strip()}"]
    lines += [f"    - for example: {example}" for example in cell.examples]
    lines += [f"    - not: {example}" for example in cell.counter_examples]
    return lines


def ladder_to_dict(ladder: Ladder, *, level: str | None = None, theme: str | None = None) -> dict[str, Any]:
    """The ladder as it is written, with only the entries asked for."""
    values = ladder.to_dict()
    values["competencies"] = [
        cell for cell in values["competencies"] if level in (None, cell["level"]) and theme in (None, cell["theme"])
    ]
    return values


def remarks_to_dict(ladder: Ladder, remarks: Sequence[LadderRemark]) -> dict[str, Any]:
    return {
        "valid": True,
        "name": ladder.name,
        "levels": [level.id for level in ladder.levels],
        "themes": [theme.id for theme in ladder.themes],
        "entries": len(ladder.competencies),
        "retired": [cell.id for cell in ladder.competencies if cell.is_retired],
        "remarks": [{"severity": r.severity, "where": r.where, "text": r.text} for r in remarks],
    }


def edits_to_dict(edits: Sequence[CellEdit], effects: Sequence[PlacementEffect]) -> dict[str, Any]:
    return {
        "edits": [{"edit": e.edit.value, "cell": e.cell, "before": e.before, "after": e.after} for e in edits],
        "for_people_placed": [{"cell": e.cell, "edit": e.edit.value, "meaning": e.meaning} for e in effects],
    }


def placement_to_dict(placement: Placement, person: str | None) -> dict[str, Any]:
    """The fields of `tenfold growth placement --json`. There is no total on purpose."""
    return {
        "person": person,
        "ladder": placement.ladder.name,
        "ladder_version": placement.ladder.version,
        "level": placement.level,
        "next_level": placement.next_level,
        "cells": [_placed_to_dict(each) for each in placement.cells],
        "without_evidence_at_level": [_cell_to_dict(cell) for cell in placement.missing_at_level],
        "gaps_to_next_level": [_cell_to_dict(cell) for cell in placement.gaps],
        "warnings": [{"kind": w.kind, "text": w.text, "where": w.where} for w in placement.warnings],
    }


def render_placement(placement: Placement) -> str:
    lines = [f"On the ladder “{placement.ladder.name}”; evidence by entry, nothing added up."]
    for each in placement.cells:
        lines += ["", f"{each.cell.id}: {each.cell.summary}", *(f"  {_render_evidence(e)}" for e in each.evidence)]
        lines += [f"  check-in: {_render_check_in(each.check_in)}"] if each.check_in else []
    if placement.next_level:
        lines += ["", f"No evidence yet for {placement.next_level}:"]
        lines += [f"  {cell.id}: {cell.summary}" for cell in placement.gaps]
    return "\n".join([*lines, *(f"! {w.kind} ({w.where}): {w.text}" for w in placement.warnings)])


def render_packet(placement: Placement, person: str | None) -> str:
    """A promotion packet in Markdown: evidence at the present and the next level, what is open, what to decide."""
    following = placement.next_level or "no level above"
    lines = [f"# Evidence for {person or 'this person'}: {placement.level or 'level not stated'} to {following}", ""]
    lines += ["Read the links, not the number of lines. Nothing here is added up.", ""]
    for level in (placement.level, placement.next_level):
        shown = [each for each in placement.cells if each.cell.level == level and each.evidence]
        if level and shown:
            lines += [f"## At {level}", ""]
            for each in shown:
                lines += [
                    f"### {each.cell.summary}",
                    "",
                    *(f"- {_render_evidence(piece)}" for piece in each.evidence),
                    "",
                ]
    if placement.gaps:
        lines += [f"## No evidence yet at {following}", "", *(f"- {cell.summary}" for cell in placement.gaps), ""]
    if placement.warnings:
        lines += ["## To settle first", "", *(f"- {warning.where}: {warning.text}" for warning in placement.warnings)]
    return "\n".join(lines)


def _placed_to_dict(each: PlacedCell) -> dict[str, Any]:
    return {
        **_cell_to_dict(each.cell),
        "evidence": [_evidence_to_dict(piece) for piece in each.evidence],
        "is_old": each.is_old,
        "check_in": _check_in_to_dict(each.check_in),
    }


def _cell_to_dict(cell: Cell) -> dict[str, Any]:
    return {
        "cell": cell.id,
        "level": cell.level,
        "theme": cell.theme,
        "competency": cell.competency,
        "behaviour": cell.summary,
        "examples": list(cell.examples),
        "counter_examples": list(cell.counter_examples),
    }


def _evidence_to_dict(piece: Evidence) -> dict[str, Any]:
    return {
        "kind": piece.kind.value,
        "link": piece.link,
        "date": piece.date.isoformat() if piece.date else None,
        "note": piece.note,
        "by": piece.by,
    }


def _check_in_to_dict(found: CheckIn | None) -> dict[str, str | None] | None:
    if found is None:
        return None
    return {"self": found.self_view, "manager": found.manager, "together": found.together}


def _render_evidence(piece: Evidence) -> str:
    when = piece.date.isoformat() if piece.date else "no date"
    return " · ".join(part for part in (when, piece.kind.value, piece.note or "", piece.link or "no link") if part)


def _render_check_in(found: CheckIn) -> str:
    views = (("self", found.self_view), ("manager", found.manager), ("together", found.together))
    return ", ".join(f"{who} {view}" for who, view in views if view)
