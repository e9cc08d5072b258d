"""The report as JSON, in a shape that scripts may rely on.

```
{"format": "tenfold-audit/1", "tenfold": version, "name", "title", "as_of",
 "headline": {"opening", "points": [], "closing", "sentence", "edits": [{"finding", "fix", "clears"}]},
 "states": {practice: "fix" | "review" | "unanswered" | "good"},
 "counts": {state: n}, "answered": n,
 "practices": [                                   always ten, always in the same order
   {"id", "mission", "title", "state", "observations": [],
    "findings": [{"id", "rule", "severity", "what", "why", "fix", "flips", "field", "line",
                  "evidence": [{"text", "field", "start", "end"}], "sources": [number]}],
    "questions": [{"rule", "field", "ask", "why", "line"}]}],
 "sources": [{"number", "name", "url", "figures": [{"key", "statement", "value", "as_of", "evidence"}]}],
 "text": {"hash"} or null}
```

`start` and `end` count code points of the posting's extracted text, which `text.hash` names; both are null for an
answer of the plan. `line` is the line of the plan's file, or null. New keys may be added; these stay.
"""

from __future__ import annotations

import json
from typing import Any

from tenfold.audit.registry import PRACTICES
from tenfold.audit.report import FindingView, Report, Section, Source

FORMAT = "tenfold-audit/1"


def to_json(*reports: Report) -> str:
    """One object for one report, a list for several."""
    documents = [to_dict(report) for report in reports]
    return json.dumps(documents[0] if len(documents) == 1 else documents, ensure_ascii=False, indent=2)


def to_dict(report: Report) -> dict[str, Any]:
    head = report.headline
    by_id = {section.practice.id: section for section in report.sections}
    return {
        "format": FORMAT,
        "tenfold": report.version,
        "name": report.name,
        "title": report.title,
        "as_of": report.as_of.isoformat(),
        "headline": {
            "opening": head.opening,
            "points": list(head.points),
            "closing": head.closing,
            "sentence": head.sentence,
            "edits": [
                {"finding": first.note, "fix": first.fix, "clears": edit.clears}
                for first, edit in zip(report.first_edits, head.edits, strict=True)
            ],
        },
        "states": {cell.practice: cell.state.value for cell in report.strip},
        "counts": {state.value: count for state, count in report.counts.items()},
        "answered": report.answered,
        "practices": [_practice(by_id[practice.id]) for practice in PRACTICES],
        "sources": [_source(source) for source in report.sources],
        "text": {"hash": report.text_hash} if report.text_hash else None,
    }


def _practice(section: Section) -> dict[str, Any]:
    return {
        "id": section.practice.id,
        "mission": section.practice.mission,
        "title": section.practice.title,
        "state": section.state.value,
        "observations": [{"text": said.text, "sources": list(said.sources)} for said in section.observations],
        "findings": [_finding(note) for note in section.notes],
        "questions": [
            {"rule": ask.rule, "field": ask.field, "ask": ask.ask, "why": ask.why, "line": ask.line}
            for ask in section.asks
        ],
    }


def _finding(note: FindingView) -> dict[str, Any]:
    finding = note.finding
    return {
        "id": note.id,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "what": finding.what,
        "why": finding.why,
        "fix": finding.fix,
        "flips": finding.flips,
        "field": finding.field,
        "line": note.line,
        "evidence": [
            {"text": quote.text, "field": quote.field, "start": quote.start, "end": quote.end}
            for quote in finding.evidence
        ],
        "sources": list(note.sources),
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "number": source.number,
        "name": source.name,
        "url": source.url,
        "figures": [
            {
                "key": figure.key,
                "statement": figure.statement,
                "value": figure.value,
                "as_of": figure.as_of.isoformat(),
                "evidence": figure.evidence.value,
            }
            for figure in source.figures
        ],
    }
