"""What was found against what is there: by place and category, with decoys; and lists of causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .answers import BadAnswer, parse_json, parse_toml
from .results import Result, partly


@dataclass(frozen=True)
class Finding:
    """Something said to be wrong. `line` is 1-based; 0 where the place is a file as a whole."""

    file: str
    line: int
    category: str
    text: str = ""


@dataclass(frozen=True)
class Truth:
    """A planted defect: the lines where naming it counts, and every category under which it may be named."""

    id: str
    file: str
    first: int
    last: int
    categories: tuple[str, ...]
    weight: float = 1.0

    def is_hit_by(self, finding: Finding, *, slack: int) -> bool:
        inside = finding.line == 0 or self.first - slack <= finding.line <= self.last + slack
        return finding.file.removeprefix("./") == self.file and inside and finding.category in self.categories


@dataclass(frozen=True)
class Matched:
    """Which defects were named, which findings name none, and which of these fell for a decoy."""

    hits: Mapping[str, Finding]
    missed: tuple[str, ...]
    decoys: tuple[Finding, ...]
    false_alarms: tuple[Finding, ...]

    def share(self, truths: Sequence[Truth], *, alarm_costs: float = 0.5, decoy_costs: float = 1.0) -> float:
        """Weights of what was named, less what was named wrongly, over all weights; 0 at the least."""
        weights = {one.id: one.weight for one in truths}
        mean = sum(weights.values()) / max(1, len(weights))
        gained = sum(weights[name] for name in self.hits)
        spent = mean * (alarm_costs * len(self.false_alarms) + decoy_costs * len(self.decoys))
        return max(0.0, gained - spent) / max(1e-9, sum(weights.values()))


def match(
    found: Sequence[Finding], truths: Sequence[Truth], decoys: Sequence[Truth] = (), *, slack: int = 3
) -> Matched:
    """Pairs findings with defects so that as many defects as can be are hit; each finding serves one defect.

    A second finding of a defect that is hit already is neither a hit nor an alarm. A decoy counts only where the
    finding hits no defect.
    """
    taken: dict[str, int] = {}
    for number in range(len(found)):
        _augment(number, found, truths, slack, taken, set())
    hits = {name: found[number] for name, number in taken.items()}
    rest = [one for number, one in enumerate(found) if number not in taken.values()]
    rest = [one for one in rest if not any(truth.is_hit_by(one, slack=slack) for truth in truths)]
    fooled = [one for one in rest if any(decoy.is_hit_by(one, slack=slack) for decoy in decoys)]
    return Matched(
        hits=hits,
        missed=tuple(one.id for one in truths if one.id not in hits),
        decoys=tuple(fooled),
        false_alarms=tuple(one for one in rest if one not in fooled),
    )


def _augment(  # noqa: PLR0917  one recursion's state
    number: int, found: Sequence[Finding], truths: Sequence[Truth], slack: int, taken: dict[str, int], seen: set[str]
) -> bool:
    """One augmenting path of a maximum matching (Kuhn)."""
    for truth in truths:
        if truth.id in seen or not truth.is_hit_by(found[number], slack=slack):
            continue
        seen.add(truth.id)
        if truth.id not in taken or _augment(taken[truth.id], found, truths, slack, taken, seen):
            taken[truth.id] = number
            return True
    return False


def read_findings(content: bytes | None, *, most: int = 100) -> list[Finding]:
    """From TOML (`[[finding]]`) or JSON (a list, or {"findings": […]}). Raises `BadAnswer` with what to mend."""
    if content is None:
        raise BadAnswer("the file is missing, is a link, or is too large")
    rows = _rows(content)
    if len(rows) > most:
        raise BadAnswer(f"{len(rows)} findings; at most {most} are read")
    return [_finding(number, row) for number, row in enumerate(rows, 1)]


def _rows(content: bytes) -> list[object]:
    if content.lstrip()[:1] in {b"{", b"["} and not content.lstrip().startswith(b"[["):
        held = parse_json(content)
        rows = held.get("findings") if isinstance(held, dict) else held
    else:
        rows = parse_toml(content).get("finding", [])
    if not isinstance(rows, list):
        raise BadAnswer("there is no list of findings")
    return rows


def _finding(number: int, row: object) -> Finding:
    if not isinstance(row, dict):
        raise BadAnswer(f"finding {number} is no table")
    file, line, category = row.get("file"), row.get("line", 0), row.get("category")
    if not isinstance(file, str) or not isinstance(category, str):
        raise BadAnswer(f"finding {number} needs file and category, both texts")
    if isinstance(line, bool) or not isinstance(line, int) or line < 0:
        raise BadAnswer(f"finding {number}: line is {str(line)[:40]!r}, not a number from 0")
    return Finding(file, line, category, str(row.get("text", ""))[:2000])


def named_causes(criterion: str, content: bytes | None, truth: set[str], *, key: str = "causes") -> Result:
    """A list of causes in a TOML file against those that are there: a wrong one takes away what a right one gives.

    Where nothing is wrong (`truth` is empty), an empty list is the right answer, and the file must be there to say so.
    """
    try:
        named = parse_toml(content or b"")[key] if content is not None else None
    except (BadAnswer, KeyError):
        named = None
    if not isinstance(named, list):
        return partly(criterion, 0.0, f"no list `{key}` can be read")
    causes = {str(cause)[:80] for cause in named[:50]}
    right, wrong = len(causes & truth), len(causes - truth)
    line = f"{right} of {len(truth)} causes named" + (f", {wrong} wrong" if wrong else "")
    share = (right - wrong) / len(truth) if truth else float(wrong == 0)
    return partly(criterion, share, line, right=float(right), wrong=float(wrong))
