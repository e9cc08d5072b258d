"""What a token may be used for. A scope never gives more than the person has: it only takes away."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    PAY_SEE = "pay:see"
    AUDITS_RUN = "audits:run"
    POSTINGS_READ = "postings:read"
    PAY_ESTIMATE = "pay:estimate"
    TEAMS_READ = "teams:read"
    CANDIDATES_READ = "candidates:read"
    CANDIDATES_WRITE = "candidates:write"
    HIRING_READ = "hiring:read"
    FAIRNESS_READ = "fairness:read"
    OFFERS_READ = "offers:read"
    SOURCES_READ = "sources:read"
    SOURCES_WRITE = "sources:write"
    ACCOMMODATIONS_ARRANGE = "accommodations:arrange"
    WEBHOOKS_MANAGE = "webhooks:manage"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Scope.PLANS_READ: "List plans and read them",
    Scope.PLANS_WRITE: "Make plans and save new versions",
    Scope.PAY_SEE: "See the pay in plans, where you may see it yourself",
    Scope.AUDITS_RUN: "Audit postings and plans that it sends",
    Scope.POSTINGS_READ: "Have postings read",
    Scope.PAY_ESTIMATE: "Look up market pay",
    Scope.CANDIDATES_READ: "Read candidates and applications of roles that you run",
    Scope.CANDIDATES_WRITE: "Add, move, reject and erase candidates of roles that you run",
    Scope.TEAMS_READ: "Read figures of teams: tenure, on-call, impact, ladders",
    Scope.HIRING_READ: "Read interview kits, and scorecards that you may read yourself",
    Scope.FAIRNESS_READ: "Read published impact ratios of selection, as a people analyst",
    Scope.SOURCES_READ: "Read which outside systems are read and how they stand; names in them, if you review names",
    Scope.SOURCES_WRITE: "Add data sources, have them read now, and review names in them",
    Scope.OFFERS_READ: "Read offers that you may see yourself; their pay with the scope for pay only",
    Scope.ACCOMMODATIONS_ARRANGE: "Read and answer what candidates need for a fair chance, where you arrange it",
    Scope.WEBHOOKS_MANAGE: "Add, remove and replay webhooks, as an administrator",
}
