"""Reporting lines, charters and incentives, weighed: values in, frozen answers out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CORE_DECISIONS = {
    "ml-infrastructure": "ML infrastructure",
    "deployment-standards": "deployment standards",
    "tool-choice": "tool choice",
}
SPEED = frozenset({"deployment-velocity", "features-shipped", "models-shipped", "experiment-velocity"})
STABILITY = frozenset({"model-uptime", "reliability", "incidents", "error-budget", "change-failure"})
COLLECTIVE = (
    "committee",
    "board",
    "council",
    "working group",
    "guild",
    "forum",
    "everyone",
    "all teams",
    "consensus",
)
THIS_ROLE = ("this role", "the hire", "mlops engineer")


@dataclass(frozen=True, slots=True)
class Right:
    """One row of a charter: a decision and the posts that are accountable for it."""

    decision: str
    accountable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Charter:
    """What a set of decision rights lacks. `unowned` and `shared` hold (decision, posts)."""

    missing: tuple[str, ...]
    unowned: tuple[Right, ...]
    shared: tuple[Right, ...]
    hires: tuple[str, ...]
    """Decisions that the hire is accountable for."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two teams pulled apart: `fast` is measured by speed alone, `steady` by stability alone."""

    fast: str
    steady: str


def examine_charter(rights: Sequence[Right], *, most_accountable: float = 1) -> Charter:
    """Finds core decisions that are not listed, have no owner, or have more owners than can decide, or a committee."""
    listed = {slug(right.decision) for right in rights}
    return Charter(
        missing=tuple(name for key, name in CORE_DECISIONS.items() if key not in listed),
        unowned=tuple(right for right in rights if not right.accountable),
        shared=tuple(
            right for right in rights if len(right.accountable) > most_accountable or _collective(right.accountable)
        ),
        hires=tuple(right.decision for right in rights if _is_hire(right.accountable)),
    )


def incentive_conflicts(metrics: Mapping[str, Sequence[str]]) -> tuple[Conflict, ...]:
    """Pairs of teams of which one is praised for speed alone and the other for stability alone."""
    kinds = {team: {slug(metric) for metric in listed} for team, listed in metrics.items()}
    fast = [team for team, kind in kinds.items() if kind & SPEED and not kind & STABILITY]
    steady = [team for team, kind in kinds.items() if kind & STABILITY and not kind & SPEED]
    return tuple(Conflict(one, other) for one in fast for other in steady)


@dataclass(frozen=True, slots=True)
class LineAdvice:
    """The reporting line that the company's own figures speak for, and why. `sure` is false where figures lack."""

    line: str
    because: str
    sure: bool


def advise_line(
    *,
    ml_engineers: int | None,
    models: int | None,
    teams: int | None,
    infra_share: float | None,
    mostly_infrastructure: bool,
    dedicated_from: float,
    teams_from: float,
) -> LineAdvice:
    """Which of the three lines fits: a dedicated team when there are many to serve, else the side the work is on.

    Args:
        ml_engineers: how many there are; None where that is not known, and then the advice is not sure.
        models: in production.
        teams: that have models in production; None where that is not known, and then engineers alone decide.
        infra_share: percent of the work that is infrastructure.
        mostly_infrastructure: whether that share makes the job infrastructure-heavy.
        dedicated_from: so many ML engineers carry a platform team of its own.
        teams_from: and so many teams have to need it.
    """
    several = teams is None or teams >= teams_from
    if ml_engineers is not None and ml_engineers >= dedicated_from and several:
        because = f"{ml_engineers} ML engineers are enough users for a team of its own"
        return LineAdvice("ml-platform-team", because, sure=True)
    sure = ml_engineers is not None
    if infra_share is not None and mostly_infrastructure:
        because = f"{infra_share:g} % of the work is infrastructure, and on-call is shared there"
        return LineAdvice("infrastructure", because, sure)
    running = f"{models} models" if models else "few models"
    return LineAdvice(
        "ml-leadership", f"with {running} and a small ML team, closeness to the models matters most", sure
    )


def slug(words: str) -> str:
    return "-".join(words.casefold().replace("_", " ").replace("-", " ").split())


def _collective(posts: Sequence[str]) -> bool:
    return any(word in post.casefold() for post in posts for word in COLLECTIVE)


def _is_hire(posts: Sequence[str]) -> bool:
    return any(post.casefold().strip() in THIS_ROLE for post in posts)
