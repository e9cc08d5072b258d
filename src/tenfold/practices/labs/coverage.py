"""How well a set of instruments covers what must be assessed: values in, frozen answers out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WORK_SAMPLES = frozenset({"lab", "take-home", "live", "code-review", "pairing"})
NOT_WORK = frozenset({"whiteboard", "puzzle", "quiz"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """One instrument or interview: its kind and the competencies it gives evidence of."""

    kind: str
    assesses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Must-have competencies that nothing assesses, and those assessed more often than needed (with how often)."""

    untested: tuple[str, ...]
    overtested: tuple[tuple[str, int], ...]


def cover(musts: Sequence[str], evidence: Sequence[Evidence], *, most: int) -> Coverage:
    """Counts, for each must-have competency in order, the instruments that give evidence of it."""
    times = Counter(competency for item in evidence for competency in set(item.assesses))
    wanted = list(dict.fromkeys(musts))
    return Coverage(
        untested=tuple(competency for competency in wanted if not times[competency]),
        overtested=tuple((competency, times[competency]) for competency in wanted if times[competency] > most),
    )


def infrastructure_share(samples: Sequence[Evidence], infra_weights: Mapping[str, float]) -> float | None:
    """Percent of the work samples' competencies that is infrastructure; None where nothing bears on it.

    Args:
        samples: the work samples.
        infra_weights: competency id to share of infrastructure (0 to 1), for competencies that belong to the scope.
    """
    weights = [infra_weights[name] for sample in samples for name in sample.assesses if name in infra_weights]
    return 100 * sum(weights) / len(weights) if weights else None
