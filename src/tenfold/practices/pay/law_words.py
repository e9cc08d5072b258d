"""What a law on pay in postings asks, in the words of a finding."""

from __future__ import annotations

from tenfold.checking.case import Case
from tenfold.checking.quoting import plan_says, posting_says
from tenfold.checking.rules import FindingDraft
from tenfold.kit.findings import Quote, Severity
from tenfold.kit.words import inside, join, on_day
from tenfold.law.pay_transparency import LawAnswer, Status
from tenfold.law.rules import Part
from tenfold.plan.answers import is_stated
from tenfold.posting.pay_history import pay_history_questions


def history_quotes(case: Case) -> tuple[Quote, ...]:
    """Where present or past pay is asked for: the posting's own words, else the plan's answer."""
    reading = case.reading
    asked = pay_history_questions(reading) if reading else ()
    if reading and asked:
        return tuple(posting_says(reading, said.start, said.end) for said in asked)
    return plan_says(case, "pay.asks_pay_history") if case.plan.pay.asks_pay_history else ()


def law_finding(case: Case, part: Part, status: Status, answers: list[LawAnswer]) -> FindingDraft:
    sure = [answer for answer in answers if answer.decides]
    unsure = [answer for answer in answers if not answer.decides]
    named = sure or unsure
    checked = max(answer.checked for answer in answers if answer.checked)
    reasons = (*_law_reasons(named), *(_sure_and_unsure(sure, unsure) if sure else _conditions(unsure)))
    return FindingDraft(
        what=_LAW_WHAT[status].format(
            part=part.words, places=_all_places(answers), ask=_verb("ask", answers), bar=_verb("bar", answers)
        ),
        why=f"{' '.join(reasons)} Checked up to {checked:%B %Y}; not legal advice.",
        fix=_law_fix(case, part, status),
        field="posting",
        publishes=("pay.min", "pay.max") if part is Part.RANGE and has_offer(case) else (),
        severity=Severity.FIX if sure else Severity.REVIEW,
        evidence=history_quotes(case) if part is Part.NO_PAY_HISTORY else _posted_pay(case),
        sources=tuple(answer.as_fact() for answer in (*sure, *unsure)[:8]),
    )


_LAW_WHAT = {
    Status.MISSING: "The posting states no {part}; {places} {ask} for it.",
    Status.OPEN_ENDED: "The pay range is open-ended; {places} {ask} for both ends.",
    Status.UNUSUALLY_WIDE: "The range is wider than the rule of {places}.",
    Status.ASKED: "The process asks for {part}, which {places} {bar}.",
}


_LAW_FIX = {
    Status.MISSING: "Put the {part} into the posting; `tenfold posting write` takes it from the plan.",
    Status.OPEN_ENDED: "State the lowest and the highest base pay that you would offer on hire.",
    Status.UNUSUALLY_WIDE: "Narrow it to what this hire would be paid, or post two levels as two postings.",
    Status.ASKED: "Take the question out; ask what candidates expect after telling them your range.",
}


def _law_fix(case: Case, part: Part, status: Status) -> str:
    """What to write, in the plan's own figures where it has them."""
    offer, benefits = case.plan.pay, is_stated(case.plan.pay.benefits)
    if part is Part.RANGE and has_offer(case):
        amounts = f"{offer.min:,.0f} to {offer.max:,.0f} {offer.currency} {_PER[offer.period]}"
        return f"Write “Base pay on hire: {amounts}” into the posting."
    if part is Part.RANGE and status is Status.MISSING:
        return (
            "Decide the lowest and highest base pay that you would offer, and write “Base pay on hire: … to … a year”."
        )
    if part is Part.BENEFITS and benefits:
        return f"Add a heading “Benefits” to the posting, with {join([inside(benefit) for benefit in benefits[:3]])}."
    if part is Part.BENEFITS:
        return "Add a heading “Benefits” to the posting: health cover, retirement plan, paid leave, whatever there is."
    if part is Part.DEADLINE and case.plan.apply_by:
        return f"Write “Apply by {on_day(case.plan.apply_by)}” into the posting."
    return _LAW_FIX[status].format(part=part.words)


_PER = {"YEAR": "a year", "MONTH": "a month", "DAY": "a day", "HOUR": "an hour"}


def _law_reasons(answers: list[LawAnswer]) -> list[str]:
    said = dict.fromkeys(answer.says for answer in answers)
    if not said:
        return []
    differ = [" The details differ from place to place."] if len(said) > 1 else []
    return ["".join([next(iter(said)).rstrip("."), ".", *differ])]


def _sure_and_unsure(sure: list[LawAnswer], unsure: list[LawAnswer]) -> list[str]:
    if not unsure:
        return []
    asks = f"{_places(sure)} {_verb('ask', sure)} whatever your size"
    return [f"{asks}; {_places(unsure)} {_verb('ask', unsure)} depending on size and offices."]


def _conditions(answers: list[LawAnswer]) -> list[str]:
    """What an answer hangs on: figures that the plan does not give, such as the number of employees."""
    first = list({answer.name: answer for answer in answers if answer.conditions}.values())[:2]
    if not first:
        return []
    each = [
        f"{answer.name} {'asks' if not at else 'does'} if {join(list(answer.conditions))}"
        for at, answer in enumerate(first)
    ]
    return [f"{'; '.join(each)}."]


def _all_places(answers: list[LawAnswer]) -> str:
    names = dict.fromkeys(answer.name for answer in answers)
    return join(list(names)) if len(names) <= 3 else f"{len(names)} of the places where it can be done"


def _places(answers: list[LawAnswer]) -> str:
    names = list(dict.fromkeys(answer.name for answer in answers))
    return join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more places"


def _verb(verb: str, answers: list[LawAnswer]) -> str:
    return f"{verb}s" if len({answer.name for answer in answers}) == 1 else verb


def _posted_pay(case: Case) -> tuple[Quote, ...]:
    posted = case.reading.pay if case.reading else None
    return (posting_says(case.reading, posted.start, posted.end),) if case.reading and posted else ()


def has_offer(case: Case) -> bool:
    return case.plan.pay.min is not None and case.plan.pay.max is not None


def offer_quotes(case: Case) -> tuple[Quote, ...]:
    return plan_says(case, "pay.min", "pay.max")
