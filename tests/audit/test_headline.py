"""The first sentences of a report: an answer, in whole sentences."""

from __future__ import annotations

from tenfold.audit.headline import headline
from tenfold.audit.registry import PRACTICES
from tenfold.kit.findings import Finding, Question, Severity, Verdict
from tests.audit.sample import sample

UNANSWERED = "unanswered"


def verdicts(**said: tuple[Finding, ...] | str) -> list[Verdict]:
    """Ten verdicts: good, but for those that are given findings or are unknown."""
    answers = []
    for practice in PRACTICES:
        own = said.get(practice.id, ())
        if isinstance(own, str):
            answers.append(Verdict(practice.id, questions=(Question(practice.id, "x.y", "a.b", "What?", "Why."),)))
        else:
            answers.append(Verdict(practice.id, own))
    return answers


def wrong(practice: str, what: str, field: str = "") -> Finding:
    return Finding(practice, f"{practice}.{len(what)}", Severity.FIX, what, "Why.", "Fix.", field=field)


def doubtful(practice: str, what: str, field: str = "") -> Finding:
    return Finding(practice, f"{practice}.{len(what)}", Severity.REVIEW, what, "Why.", "Fix.", field=field)


def sentence(**said: tuple[Finding, ...] | str) -> str:
    return headline(verdicts(**said), has_posting=True).sentence


def test_a_good_plan_is_ready() -> None:
    assert sentence() == "Ready to publish. All ten checks are good."


def test_a_plan_without_a_posting_is_hired_on_not_published() -> None:
    assert headline(verdicts(), has_posting=False).sentence == "Ready to hire. All ten checks are good."


def test_one_fault_is_said_in_its_own_words() -> None:
    assert sentence(pay=(wrong("pay", "The range is a DevOps range."),)) == (
        "Not ready to publish. The range is a DevOps range. One edit would fix the problem."
    )


def test_two_faults_at_one_field_are_one_edit() -> None:
    said = (wrong("pay", "The range is low.", "pay.max"), wrong("pay", "The range is not yours.", "pay.max"))
    assert sentence(pay=said) == "Not ready to publish. The range is low. One edit would fix both problems."


def test_the_worst_of_two_practices_are_told_and_the_rest_counted() -> None:
    answer = sentence(
        growth=(wrong("growth", "There is no ladder."),),
        pay=(wrong("pay", "The range is low."),),
        skills=(wrong("skills", "One person is asked for four."), doubtful("skills", "A wish list.")),
        labs=UNANSWERED,
    )
    assert answer == (
        "Not ready to publish. The range is low. One person is asked for four. Three edits would fix all three "
        "problems. One more item needs review. Nine of ten checks are complete; one needs your answers."
    )


def test_one_edit_that_clears_most_is_named_as_such() -> None:
    at_one_field = tuple(wrong("skills", f"Fault {'I' * count}.", "requirements.must") for count in range(1, 6))
    answer = sentence(skills=at_one_field, pay=(wrong("pay", "The range is low."),))
    assert "One edit would fix five of the six problems." in answer


def test_doubts_alone_are_almost_ready() -> None:
    assert sentence(scope=(doubtful("scope", "The title misleads."),)) == (
        "Almost ready to publish: no problems found, but some points need review. The title misleads. One edit would "
        "settle this."
    )


def test_a_plan_that_says_nothing_is_not_called_good() -> None:
    answer = sentence(**{practice.id: UNANSWERED for practice in PRACTICES})
    assert (
        answer
        == "There is too little here to check. None of the ten checks can be completed yet: they need your answers."
    )


def test_unknown_practices_keep_a_plan_from_being_ready() -> None:
    answer = sentence(growth=UNANSWERED, retention=UNANSWERED)
    assert answer == "No problems found so far. Eight of ten checks are complete; two need your answers."


def test_a_long_sentence_gives_way_to_a_short_one() -> None:
    long = "This sentence goes on " + "and on " * 30 + "to the end."
    answer = headline(verdicts(pay=(wrong("pay", long), wrong("pay", "The range is low."))), has_posting=True)
    assert answer.points == ("The range is low.",)


def test_every_point_is_a_finding_s_own_sentence() -> None:
    audit = sample()
    assert set(audit.headline.points) <= {finding.what for finding in audit.findings}
