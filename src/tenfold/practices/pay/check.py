"""P2: is the offer honest against the market, and does the posting say it as the law asks?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tenfold.checking.case import Case
from tenfold.checking.contradictions import PAY_KINDS, posting_contradictions
from tenfold.checking.job_places import job_places
from tenfold.checking.quoting import plan_says, posting_says
from tenfold.checking.rules import FindingDraft, QuestionDraft, Ruleset
from tenfold.checking.scopes import ML_HEAVY, profile_of
from tenfold.kit.findings import Observation, Severity, Verdict
from tenfold.kit.words import inside, join, money_range, sentence, shorten, thousands
from tenfold.law.lookup import places_with_rows_in
from tenfold.law.pay_history import pay_history_rules_for, places_without_ban
from tenfold.law.pay_transparency import LawAnswer, Status, places_not_in_table
from tenfold.law.places import country_of, place, running_name
from tenfold.law.rules import Part
from tenfold.market.benchmark import NotSupported, PayEstimate
from tenfold.plan.answers import is_stated
from tenfold.practices.pay.benchmark import (
    PRICED_IN,
    basis_of,
    benchmark,
    market_currency,
    market_name,
    market_says,
    two_levels_up,
    yearly_range,
)
from tenfold.practices.pay.law_words import has_offer, history_quotes, law_finding, offer_quotes
from tenfold.practices.pay.offer_picture import offer_on_the_market
from tenfold.practices.pay.own_band import register_own_band
from tenfold.practices.pay.percentiles import ordinal, share_paying_more
from tenfold.practices.pay.transparency import law_answers

pay = Ruleset("pay")
ML_FAMILIES = ("mlops", "ml-engineer", "ai-infrastructure")


def check(case: Case) -> Verdict:
    return pay.check(case)


@pay.rule(
    "unstated",
    requirement="P2.7",
    severity=Severity.NOTE,
    why="An offer that nobody wrote down cannot be compared with anything.",
    facts=("pay.ml_benchmark",),
)
def pay_not_stated(case: Case) -> Iterator[QuestionDraft]:
    if case.plan.pay.min is None or case.plan.pay.max is None:
        missing = "pay.min" if case.plan.pay.min is None else "pay.max"
        yield QuestionDraft(missing, "What range of base pay would you offer?")


@pay.rule(
    "below-market",
    requirement="P2.7",
    severity=Severity.FIX,
    why="Below the market you interview people who will decline.",
    facts=("pay.wrong_below", "pay.look_below"),
)
def below_market(case: Case) -> Iterator[FindingDraft]:
    offer = benchmark(case)
    if offer is None:
        return
    wrong, look = case.facts.number("pay.wrong_below"), case.facts.number("pay.look_below")
    if offer.percentile >= look:
        return
    enough, (low, high) = offer.amount_at(look), offer.percentile_interval
    yield FindingDraft(
        what=f"{share_paying_more(offer.percentile)} comparable postings pay more than this offer.",
        why=f"The midpoint, {thousands(offer.midpoint)}, sits at the {ordinal(offer.percentile)} percentile "
        f"(between {low:.0f} and {high:.0f}) for "
        f"{offer.who}: {offer.median}, {offer.basis}.",
        fix=f"Raise the middle of the range from {thousands(offer.midpoint)} to {thousands(enough)} or more, or "
        f"look for "
        f"someone below {offer.market.level} level.",
        field="pay.min",
        severity=Severity.FIX if offer.percentile < wrong and high < look else Severity.REVIEW,
        flips=f"A midpoint of {thousands(enough)}.",
        evidence=offer_quotes(case),
        sources=offer.sources,
    )


@pay.rule(
    "other-currency",
    requirement="P2.7",
    severity=Severity.NOTE,
    why="Pay is compared within one market; an exchange rate does not turn one market into another.",
)
def other_currency(case: Case) -> Iterator[FindingDraft]:
    offer = case.plan.pay
    market = market_currency(case)
    if not has_offer(case) or offer.currency == market:
        return
    yield FindingDraft(
        what=f"An offer in {offer.currency} cannot be placed on the market: the pay data are in {market}.",
        why="Compared all the same: the width of the range, the plan with its posting, and both with the law of the "
        "places. Not compared: the percentile, the premium for scope and the premium for a rescue. Converting would "
        "price the job at what it costs in the US.",
        fix="Import pay of your market: `tenfold market import FILE --map MAP`; or give the range in "
        f"{market} if it is paid so.",
        field="pay.currency",
        evidence=plan_says(case, "pay.currency", "pay.min", "pay.max"),
    )


@pay.rule(
    "other-level",
    requirement="P2.7",
    severity=Severity.REVIEW,
    why="Level and pay describe the same person twice; if they disagree, one of them is not meant.",
)
def other_level(case: Case) -> Iterator[FindingDraft]:
    level, higher = case.plan.role.level, two_levels_up(case)
    offered = yearly_range(case.plan.pay, market_currency(case))
    if offered is None or level is None or higher is None or offered[0] <= higher.p50:
        return
    yield FindingDraft(
        what=f"The level says {level}; the pay is a {higher.level}'s.",
        why=f"The lowest you would offer, {thousands(offered[0])}, is above the middle of {market_name(case, higher)}: "
        f"{thousands(higher.p50)}, {basis_of(higher)}.",
        fix=f"Hire at {higher.level} level if that is the person you look for, or lower the range from "
        f"{thousands(offered[0])} to what {level} engineers get.",
        field="role.level",
        flips=f"A lowest pay of {thousands(higher.p50)} or less.",
        evidence=(*plan_says(case, "role.level"), *offer_quotes(case)),
        sources=higher.sources,
    )


@pay.rule(
    "not-placed",
    requirement="P2.7",
    severity=Severity.NOTE,
    why="An offer that the data cannot place is not known to be fair; saying so is better than a guess.",
)
def not_placed(case: Case) -> Iterator[FindingDraft]:
    market = market_says(case)
    if isinstance(market, NotSupported) and case.plan.pay.currency == PRICED_IN and has_offer(case):
        yield FindingDraft(
            what="The market data cannot place this offer.",
            why=market.reason,
            fix=f"{market.needed.rstrip('.')}: `{market.command}`.",
            field="pay.min",
            evidence=offer_quotes(case),
            sources=market.nearest.sources if market.nearest else (),
        )


@pay.rule(
    "wrong-benchmark",
    requirement="P2.5",
    severity=Severity.FIX,
    why="A DevOps or data benchmark prices a different person.",
    facts=("pay.ml_benchmark",),
)
def wrong_benchmark(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    if case.plan.pay.benchmark_role is None and has_offer(case):
        yield QuestionDraft("pay.benchmark_role", "Which role's market was the range taken from?")
    against, family = case.plan.pay.benchmark_role, case.plan.role.family
    right = str(case.facts["pay.ml_benchmark"].value)
    if family not in ML_FAMILIES or against in (None, family, "mlops", right):
        return
    names = case.spine.roles
    market = f"{inside(names[right].name) if right in names else right}s"
    yield FindingDraft(
        what=f"The range was taken from {inside(names[against].name)}s.",
        why=f"{names[family].name}s compare your offer with what {market} are paid; that is a different market.",
        fix=f"Compare with the role itself and with {market}, using `tenfold pay estimate --role "
        f"{family} --level {case.plan.role.level or 'senior'}`; then name that "
        "role as what the range was compared with.",
        field="pay.benchmark_role",
        evidence=plan_says(case, "pay.benchmark_role", "pay.min", "pay.max"),
    )


@pay.rule(
    "old-benchmark",
    requirement="P2.7",
    severity=Severity.REVIEW,
    why="Pay data ages; a range from two years ago is a memory.",
    facts=("pay.benchmark_months",),
)
def old_benchmark(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    taken, most = case.plan.pay.benchmark_date, case.facts.number("pay.benchmark_months")
    if taken is None:
        if has_offer(case):
            yield QuestionDraft("pay.benchmark_date", "Of what date is the pay data that the range rests on?")
        return
    months = (case.as_of.year - taken.year) * 12 + case.as_of.month - taken.month
    if months > most:
        yield FindingDraft(
            what=f"The pay data behind the range is {months} months old.",
            why=f"The house rule is {most:g} months.",
            fix=f"Look the market up again, using `tenfold pay estimate --role {case.plan.role.family or 'mlops'} "
            f"--level {case.plan.role.level or 'senior'}`; then bring the benchmark date, "
            f"{taken.isoformat()}, up to date.",
            field="pay.benchmark_date",
            evidence=plan_says(case, "pay.benchmark_date"),
        )


@pay.rule(
    "scope-underpaid",
    requirement="P2.5",
    severity=Severity.REVIEW,
    why="The more ML there is in the job, the more it competes with ML engineering pay.",
    facts=("pay.ml_heavy_from",),
)
def scope_underpaid(case: Case) -> Iterator[FindingDraft]:
    offer, scope, needed = benchmark(case), case.plan.role.scope, case.facts.number("pay.ml_heavy_from")
    scoped = benchmark(case, at_scope=True)
    if offer is None or scoped is None or scope is None or scoped.market.scope is None:
        return
    if profile_of(scope, case.facts) != ML_HEAVY:
        return
    if offer.percentile < case.facts.number("pay.look_below") or scoped.percentile >= needed:
        return
    moved, wanted = 100 * (scoped.market.scope.factor - 1), thousands(scoped.amount_at(needed))
    yield FindingDraft(
        what="An ML-heavy role is offered less than the middle of the market.",
        why=f"{100 - scope:g} % of the job is ML work. Combining ML and DevOps pay in that proportion "
        f"(n = {scoped.market.scope.n_ml} and {scoped.market.scope.n_infrastructure} ads) the market lies "
        f"{moved:+.0f} % against a balanced job; there the midpoint sits at the {ordinal(scoped.percentile)} "
        "percentile.",
        fix=f"Offer a midpoint of {wanted} or more, or move the scope towards infrastructure.",
        field="pay.min",
        flips=f"A midpoint of {wanted}.",
        evidence=(*plan_says(case, "role.scope"), *offer_quotes(case)),
        sources=offer.sources,
    )


@pay.rule(
    "rescue-unpaid",
    requirement="P2.6",
    severity=Severity.REVIEW,
    why="People who inherit problems are paid for it, or they leave.",
    facts=("pay.rescue_premium",),
)
def rescue_unpaid(case: Case) -> Iterator[FindingDraft]:
    offer = benchmark(case)
    if offer is None or not case.plan.situation.inherits_technical_debt:
        return
    premium = case.facts.number("pay.rescue_premium")
    needed = -(-offer.market.p50 * (1 + premium / 100) // 1_000) * 1_000
    if offer.percentile < case.facts.number("pay.look_below") or offer.midpoint >= needed:
        return
    yield FindingDraft(
        what="A rescue mission is offered ordinary pay.",
        why=f"The hire inherits a platform in trouble. The house rule asks for {premium:g} % above the market's middle "
        f"({offer.median}, {offer.basis}); no data measure that premium.",
        fix=f"Offer a midpoint of {thousands(needed)} or more, or a sign-on for the first year.",
        field="pay.min",
        flips=f"A midpoint of {thousands(needed)}.",
        evidence=(*plan_says(case, "situation.inherits_technical_debt"), *offer_quotes(case)),
        sources=offer.sources,
    )


@pay.rule(
    "law-wants-more",
    requirement="P2.7",
    severity=Severity.FIX,
    why="In a growing list of places a posting must say what the job pays. Not legal advice.",
)
def law_wants_more(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    if case.reading is not None and not job_places(case):
        yield QuestionDraft(
            "company.jurisdictions", "From which places may people do this job? The law on pay in postings follows it."
        )
    wanting: dict[tuple[Part, Status], list[LawAnswer]] = defaultdict(list)
    for answer in law_answers(case):
        judged = answer.decides or answer.status is not Status.UNUSUALLY_WIDE
        if answer.status.wanting and answer.rule_id and judged:
            wanting[answer.part, answer.status].append(answer)
    unsure = any(not answer.decides for answers in wanting.values() for answer in answers)
    if unsure and case.plan.company.employees is None:
        yield QuestionDraft(
            "company.employees", "How many people does the company employ? Several laws begin at a number."
        )
    for (part, status), answers in wanting.items():
        yield law_finding(case, part, status, answers)


@pay.rule(
    "law-not-in-table",
    requirement="P2.7",
    severity=Severity.NOTE,
    why="A place whose law nobody here has read is no place without a law. Not legal advice.",
)
def law_not_in_table(case: Case) -> Iterator[FindingDraft]:
    unread = places_not_in_table(job_places(case)) if case.reading else ()
    for where in unread:
        if inside := places_with_rows_in(where):
            names = join([place(below).name for below in inside])
            yield FindingDraft(
                what=f"Of {running_name(where)}, our table of pay-transparency laws holds {names} alone.",
                why="That is looked at here; what the rest of it asks of a posting we have not read.",
                fix="Say from which states or provinces the job can be done.",
                field="company.jurisdictions",
                evidence=plan_says(case, "company.jurisdictions", "role.places"),
            )
    unread = tuple(where for where in unread if not places_with_rows_in(where))
    if not unread:
        return
    names = join([_short_name(where) for where in unread])
    yield FindingDraft(
        what=f"{sentence(names)} {'is' if len(unread) == 1 else 'are'} not in our table of pay-transparency laws.",
        why="We have not read what the law there asks of a posting, so this check cannot say that nothing is missing.",
        fix=f"Ask what the law of {names} asks of a posting before you publish.",
        field="company.jurisdictions",
        evidence=plan_says(case, "company.jurisdictions", "role.places"),
    )


def _short_name(where: str) -> str:
    """A state by its own name: “Texas (US)” rather than “Texas, United States”."""
    country = country_of(where)
    return running_name(where) if country in (None, where) else f"{place(where).name} ({country})"


@pay.rule(
    "wide-range",
    requirement="P2.7",
    severity=Severity.REVIEW,
    why="A very wide range tells a candidate that nobody knows the level.",
    facts=("law.wide_range_ratio",),
)
def wide_range(case: Case) -> Iterator[FindingDraft]:
    offer, ratio = case.plan.pay, case.facts.number("law.wide_range_ratio")
    if offer.min is None or not offer.max or offer.max <= ratio * offer.min:
        return
    least = thousands(offer.max / ratio)
    yield FindingDraft(
        what=f"The range is unusually wide: the top is {offer.max / offer.min:.1f} times the bottom."
        if offer.min
        else f"The range begins at nothing and ends at {thousands(offer.max)}.",
        why=f"Nine in ten real ranges stay under {ratio:g} times."
        + ("" if offer.min else " Nobody is offered nothing: the bottom is not meant."),
        fix=f"Say what this hire would be paid, such as {least} to {thousands(offer.max)}; post a second level as a "
        "second posting with its own range.",
        field="pay.max" if offer.min else "pay.min",
        flips=f"A top of {thousands(offer.min * ratio)}." if offer.min else f"A bottom of {least}.",
        evidence=offer_quotes(case),
    )


@pay.rule(
    "posting-differs",
    requirement="P2.7",
    severity=Severity.FIX,
    why="The offer that candidates read must be the offer that you make.",
)
def posting_differs(case: Case) -> Iterator[FindingDraft]:
    planned, posted = case.plan.pay, case.reading.pay if case.reading else None
    if case.reading is None or posted is None or planned.min is None or planned.max is None:
        return
    units = {planned.currency, posted.currency} if planned.currency != posted.currency else ()
    if planned.period != posted.period:
        return
    if not units and (planned.min, planned.max) == (posted.min, posted.max):
        return
    plan_range, posting_range = (
        f"{money_range(pay.min or 0, pay.max or 0)}{f' {pay.currency}' if units else ''}" for pay in (planned, posted)
    )
    yield FindingDraft(
        what=f"The plan offers {plan_range}, the posting {posting_range}.",
        why="Somebody will be told one figure and offered the other; in places with pay-transparency rules "
        "the posted range must be meant.",
        fix=f"Write {plan_range} into the posting, or change the range in the plan to {posting_range}.",
        field="pay.min",
        publishes=("pay.min", "pay.max"),
        evidence=(*offer_quotes(case)[:2], posting_says(case.reading, posted.start, posted.end)),
    )


@pay.rule(
    "stated-twice",
    requirement="P2.7",
    severity=Severity.FIX,
    why="Two figures for one pay: candidates remember the higher, the contract holds the lower.",
)
def stated_twice(case: Case) -> Iterator[FindingDraft]:
    for found in posting_contradictions(case):
        if found.kind not in PAY_KINDS or case.reading is None:
            continue
        first, second = (case.reading.text[said.start : said.end] for said in (found.first, found.second))
        yield FindingDraft(
            what=found.what,
            why="One is less than half of the other, so they are not two ends of one range.",
            fix=f"Delete “{shorten(second)}” or “{shorten(first)}”; if they are two jobs, post two.",
            field="posting",
            evidence=tuple(posting_says(case.reading, said.start, said.end) for said in (found.first, found.second)),
        )


@pay.rule(
    "asks-pay-history",
    requirement="P2.7",
    severity=Severity.FIX,
    why="Past pay carries past unfairness forward, and asking is barred in many places.",
)
def asks_pay_history(case: Case) -> Iterator[FindingDraft]:
    evidence = history_quotes(case)
    if not evidence or any(answer.status is Status.ASKED for answer in law_answers(case)):
        return
    rules = pay_history_rules_for(job_places(case), case.as_of)
    barred = [rule for rule in rules if rule.bans and rule.evidence.may_decide]
    unread = places_without_ban(job_places(case), case.as_of)
    names = join([running_name(where) for where in unread])
    yield FindingDraft(
        what=f"Candidates are asked what they earn, which {join([rule.name for rule in barred])} "
        f"{'bars' if len(barred) == 1 else 'bar'}."
        if barred
        else "Candidates are asked what they earned before.",
        why="What someone is paid elsewhere says nothing about the worth of this job."
        + (f" {' '.join(f'{rule.name}: {rule.says}' for rule in rules)} Not legal advice." if rules else "")
        + (
            f" {sentence(names)} {'is' if len(unread) == 1 else 'are'} not in our table of such bans."
            if unread and not rules
            else ""
        ),
        fix="Ask what they expect, after telling them your range.",
        field=evidence[0].field,
        severity=Severity.FIX if barred else Severity.REVIEW,
        evidence=evidence,
        sources=tuple(rule.as_fact() for rule in rules),
    )


@pay.rule(
    "equity-without-terms",
    requirement="P2.3",
    severity=Severity.REVIEW,
    why="Equity without terms is worth nothing to candidates.",
)
def equity_without_terms(case: Case) -> Iterator[FindingDraft]:
    equity = is_stated(case.plan.pay.equity)
    if equity is None:
        return
    terms = {"the instrument": equity.instrument, "the amount": equity.amount, "the vesting": equity.vesting_years}
    absent = [words for words, value in terms.items() if value is None]
    in_plan = case.reading is None or equity.amount is not None or equity.vesting_years is not None
    if absent:
        yield FindingDraft(
            what=f"The equity is offered without {join(absent)}.",
            why="Options, RSUs and promises are worth very different sums; a candidate with another offer "
            "needs the terms.",
            fix=f"Write {join(absent)} into the plan’s equity; `tenfold pay total` shows its worth, with a range."
            if in_plan
            else f"Have {join(absent)} ready for the first conversation; few postings state them.",
            field="pay.equity",
            severity=Severity.REVIEW if in_plan else Severity.NOTE,
            evidence=plan_says(case, "pay.equity.instrument", "pay.equity.amount", "pay.equity.vesting_years"),
        )


@pay.summary
def what_was_weighed(case: Case) -> Iterator[Observation]:
    offer, market = benchmark(case), market_says(case)
    if offer and offer.percentile < case.facts.number("pay.look_below"):
        return
    if offer:
        low, high = offer.percentile_interval
        yield Observation(
            f"The offer's midpoint, {thousands(offer.midpoint)}, sits at the {ordinal(offer.percentile)} percentile "
            f"({low:.0f} to {high:.0f}) for {offer.who}: {offer.median}, {offer.basis}.",
            offer.sources,
        )
    elif isinstance(market, NotSupported) and not has_offer(case):
        yield Observation(f"The market data cannot say what this job pays. {market.reason}")
    elif isinstance(market, PayEstimate):
        low, high = market.median_interval
        yield Observation(
            f"Comparable postings: median {thousands(market.p50)} ({money_range(low, high)}), "
            f"n = {market.count_in_words}, {market.first_date:%B %Y} to {market.last_date:%B %Y}.",
            market.sources,
        )


pay.picture(offer_on_the_market)
register_own_band(pay)
