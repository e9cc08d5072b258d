"""What a planned set of ratings would be worth (D studies). Arithmetic only: importing this costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Names of variance components, everywhere.
SUBJECT, RATER, WITHIN, RESIDUAL = "subject", "rater", "within", "residual"
SUBJECT_WITHIN, SUBJECT_RATER, RATER_WITHIN = "subject_x_within", "subject_x_rater", "rater_x_within"


def spearman_brown(reliability: float, ratings: float) -> float:
    return ratings * reliability / (1 + (ratings - 1) * reliability)


def ratings_needed(single: float, target: float) -> float:
    """Ratings whose mean has the reliability `target` (0 to 1); infinite where one rating tells nothing."""
    return target * (1 - single) / (single * (1 - target)) if single > 0 else float("inf")


def plan_reliability(
    variances: Mapping[str, float],
    tasks: int,
    raters: int = 1,
    *,
    same_raters: bool = False,
    absolute: bool = False,
) -> float:
    """A D study: the reliability of the mean over `tasks`, each rated by `raters` of its own.

    Args:
        variances: by name as in this module; what is absent counts as nothing.
        tasks: questions, stations or interviews.
        raters: independent raters in each.
        same_raters: the same raters rate all subjects, so that leniency moves everybody alike.
        absolute: for comparing with a fixed mark rather than with each other (Phi instead of E rho²).
    """
    per_task = variances.get(SUBJECT_WITHIN, 0.0) + (variances.get(WITHIN, 0.0) if absolute else 0.0)
    per_rating = variances[RESIDUAL] + variances.get(SUBJECT_RATER, 0.0)
    if absolute or not same_raters:
        per_rating += variances.get(RATER, 0.0) + variances.get(RATER_WITHIN, 0.0)
    signal = variances[SUBJECT]
    return signal / (signal + per_task / tasks + per_rating / (tasks * raters))


@dataclass(frozen=True, slots=True)
class MoreEvidence:
    """What the reliability is now and what one more of each would make it."""

    now: float
    another_interview: float
    second_rater: float


def what_more_buys(variances: Mapping[str, float], tasks: int, raters: int = 1) -> MoreEvidence:
    """Another interview with a rater of its own, against another rater in each that there is."""
    return MoreEvidence(
        now=plan_reliability(variances, tasks, raters),
        another_interview=plan_reliability(variances, tasks + 1, raters),
        second_rater=plan_reliability(variances, tasks, raters + 1),
    )
