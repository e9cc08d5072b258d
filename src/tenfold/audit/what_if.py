"""What a change of the requirements would do: to the pool, the scope, the pay and the ten checks.

Two texts of a plan are measured alike and set side by side. Whatever cannot be measured is None, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tenfold.audit.run import Audit, audit
from tenfold.checking.case import Case
from tenfold.checking.demanded_skills import demanded_skills
from tenfold.kit.findings import Finding, State
from tenfold.market.benchmark import NotSupported, PayEstimate
from tenfold.plan.document import HiringPlan
from tenfold.posting.model import Demand, PostingReading
from tenfold.practices.pay.benchmark import market_says, yearly_range
from tenfold.practices.scope.engine import asked_share
from tenfold.practices.skills.pool import PoolEstimate, Question, Respondents, estimate

_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Measured:
    """One text of a plan; shares in percent.

    `market` is what the check of pay compares with, `scoped_market` the same at the split that the must-haves ask for.
    """

    must: tuple[str, ...]
    only_in_posting: tuple[str, ...]
    infrastructure: float | None
    market: PayEstimate | NotSupported | None
    scoped_market: PayEstimate | None
    offer_percentile: float | None
    pool: PoolEstimate | None
    audit: Audit

    @property
    def estimate(self) -> PayEstimate | None:
        return self.market if isinstance(self.market, PayEstimate) else None

    @property
    def findings(self) -> Mapping[tuple[str, str], Finding]:
        """By the words of what is said, whatever their order; a finding that counts differently is another one."""
        return {(found.rule, " ".join(sorted(_WORD.findall(found.what)))): found for found in self.audit.findings}


@dataclass(frozen=True)
class WhatIf:
    before: Measured
    after: Measured

    @property
    def gone(self) -> tuple[Finding, ...]:
        return tuple(said for key, said in self.before.findings.items() if key not in self.after.findings)

    @property
    def new(self) -> tuple[Finding, ...]:
        return tuple(said for key, said in self.after.findings.items() if key not in self.before.findings)

    @property
    def changed_states(self) -> tuple[tuple[str, State, State], ...]:
        was, now = self.before.audit.states, self.after.audit.states
        return tuple((practice, was[practice], now[practice]) for practice in was if was[practice] is not now[practice])

    @property
    def pool_factor(self) -> float | None:
        """How many times larger the pool is afterwards; None where one of them is too small to say."""
        was, now = self.before.pool, self.after.pool
        if was is None or now is None or was.pool.is_too_small or now.pool.is_too_small:
            return None
        return now.pool.count / was.pool.count


def compare(
    before: HiringPlan,
    after: HiringPlan,
    *,
    readings: tuple[PostingReading | None, PostingReading | None],
    as_of: date,
    respondents: Respondents | None = None,
) -> WhatIf:
    """Both plans, each with its own posting as read; `respondents` is a survey that the user has imported."""
    was, now = readings
    return WhatIf(
        measure(before, reading=was, as_of=as_of, respondents=respondents),
        measure(after, reading=now, as_of=as_of, respondents=respondents),
    )


def measure(
    plan: HiringPlan, *, reading: PostingReading | None, as_of: date, respondents: Respondents | None = None
) -> Measured:
    case = Case(plan=plan, reading=reading, as_of=as_of)
    musts = [item for item in demanded_skills(case) if item.demand is Demand.MUST]
    share = asked_share([_group(case, item.competency) for item in musts])
    market = market_says(case)
    offered = yearly_range(plan.pay, market.currency) if isinstance(market, PayEstimate) else None
    placed = isinstance(market, PayEstimate) and offered is not None
    names = tuple(item.name_id for item in musts)
    return Measured(
        must=names,
        only_in_posting=tuple(item.name_id for item in musts if item.field == "posting"),
        infrastructure=share,
        market=market,
        scoped_market=_scoped_market(case, share),
        offer_percentile=100 * market.percentile_of(sum(offered) / 2)
        if placed and offered and isinstance(market, PayEstimate)
        else None,
        pool=estimate(respondents, Question(names, years_min=plan.requirements.years_min)) if respondents else None,
        audit=audit(plan, as_of=as_of, reading=reading),
    )


def _scoped_market(case: Case, share: float | None) -> PayEstimate | None:
    """None where too few must-haves take a side, or scope moves nothing for this role and place."""
    if share is None:
        return None
    scoped = case.plan.model_copy(update={"role": case.plan.role.model_copy(update={"scope": round(share)})})
    market = market_says(replace(case, plan=scoped), at_scope=True)
    return market if isinstance(market, PayEstimate) and market.scope is not None else None


def _group(case: Case, competency: str) -> str:
    return case.spine.areas[case.spine.competencies[competency].area].group
