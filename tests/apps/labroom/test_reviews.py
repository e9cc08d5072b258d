"""Two people rate before either sees the grade or the other; a person signs; a candidate reads, and may object."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tenfold.apps.labroom.models import LabInvitation, LabReview, LabroomEvent, SignedLabVerdict
from tenfold.apps.labroom.queries.links import lab_token
from tenfold.apps.labroom.queries.reviews import agreement_words, compare_reviews, is_unblinded
from tenfold.apps.labroom.queries.rubric import rubric_of
from tenfold.apps.labroom.services import reviewing
from tenfold.core.models import AuditEntry, TeamMember, User
from tenfold.core.permissions import NotAllowed
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tenfold.kit.hashchain import ChainBroken
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.labs import (
    LAB,
    agreed,
    asked_reviews,
    handed_in_review,
    invited,
    review_ratings,
    submitted,
)

REASONS = "Both reviewers saw hypotheses tested from counters"


@pytest.fixture
def lab(company: Company) -> LabInvitation:
    return submitted(agreed(invited(company, application_to(role_of(company)))))


@pytest.fixture
def reviews(company: Company, lab: LabInvitation) -> list[LabReview]:
    return asked_reviews(company, lab, company["interviewer"], company["hiring-manager"])


def read_by(person: User, lab: LabInvitation) -> set[Any]:
    return set(LabReview.objects.visible_to(person).filter(invitation=lab).values_list("reviewer", flat=True))


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_nobody_reads_another_review_before_all_are_in(
    company: Company, lab: LabInvitation, reviews: list[LabReview], order: tuple[int, ...]
) -> None:
    everybody = [company[role] for role in ("interviewer", "hiring-manager", "recruiter", "administrator")]
    for step, place in enumerate(order):
        assert not is_unblinded(lab)
        for person in everybody:
            assert read_by(person, lab) <= {person.pk}, step
        handed_in_review(reviews[place])
    assert is_unblinded(lab)
    both = {one.reviewer_id for one in reviews}
    assert all(read_by(person, lab) == both for person in everybody)


def test_one_review_alone_opens_nothing(company: Company, lab: LabInvitation) -> None:
    (one,) = asked_reviews(company, lab, company["interviewer"])
    handed_in_review(one)
    assert not is_unblinded(lab)
    with pytest.raises(UserError, match="2 independent reviews"):
        sign(company, lab)


def test_the_pages_show_what_was_said_only_once_all_are_in(
    company: Company, lab: LabInvitation, reviews: list[LabReview]
) -> None:
    words = "Profiled one request at 04:10"
    handed_in_review(reviews[0])
    pages = {
        role: client_of(company, role).get(reverse("lab-session", args=[lab.pk])).content.decode()
        for role in ("hiring-manager", "recruiter", "administrator")
    }
    assert all(words not in text and "Automatic grade" not in text for text in pages.values())
    handed_in_review(reviews[1])
    text = client_of(company, "recruiter").get(reverse("lab-session", args=[lab.pk])).content.decode()
    assert words in text
    assert "Automatic grade" in text


def test_no_reviewer_is_added_once_the_grade_can_be_read(
    company: Company, lab: LabInvitation, reviews: list[LabReview]
) -> None:
    for one in reviews:
        handed_in_review(one)
    with pytest.raises(UserError, match="can be read already"):
        asked_reviews(company, lab, company["recruiter"])


def test_a_review_is_of_who_was_asked_and_stays_once_it_is_in(company: Company, reviews: list[LabReview]) -> None:
    with pytest.raises(NotAllowed):
        reviewing.submit_review(review=reviews[0], ratings=review_ratings(), by=company["administrator"], now=NOW)
    handed_in_review(reviews[0], rating=1)
    with pytest.raises(UserError, match="is in"):
        handed_in_review(reviews[0], rating=3)
    by = company["interviewer"]
    reviewing.save_review(review=reviews[0], ratings=review_ratings(3), by=by, now=NOW)
    reviews[0].refresh_from_db()
    assert {one["rating"] for one in reviews[0].ratings.values()} == {1}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"rating": None}, "has no rating"),
        ({"evidence": "good work"}, "points to no evidence"),
        ({"rating": 4}, "has no rating"),
        ({"rating": None, "unseen": True, "evidence": ""}, ""),
    ],
)
def test_every_scale_is_rated_with_evidence_or_said_to_be_unseen(
    company: Company, reviews: list[LabReview], change: dict[str, Any], wrong: str
) -> None:
    ratings = review_ratings()
    ratings["method"] = {**ratings["method"], **change}
    if not wrong:
        reviewing.submit_review(review=reviews[0], ratings=ratings, by=company["interviewer"], now=NOW)
        return
    with pytest.raises(UserError, match=wrong):
        reviewing.submit_review(review=reviews[0], ratings=ratings, by=company["interviewer"], now=NOW)
    reviews[0].refresh_from_db()
    assert not reviews[0].is_in


def test_nothing_is_handed_in_before_the_candidate_has(company: Company) -> None:
    open_lab = agreed(invited(company, application_to(role_of(company))))
    (one,) = asked_reviews(company, open_lab, company["interviewer"])
    with pytest.raises(UserError, match="not submitted yet"):
        handed_in_review(one)


def test_leaving_the_team_ends_a_review(company: Company, lab: LabInvitation, reviews: list[LabReview]) -> None:
    TeamMember.objects.filter(team=lab.team, member__user=company["interviewer"]).delete()
    with pytest.raises(NotAllowed):
        handed_in_review(reviews[0])
    assert client_of(company, "interviewer").get(reverse("lab-review", args=[reviews[0].pk])).status_code == 404


@pytest.mark.parametrize(
    ("pair", "words"),
    [((2, 2), "Same rating on 3 of 3 scales."), ((1, 3), "Same rating on 0 of 3 scales; 3 two steps apart.")],
)
def test_agreement_is_told_scale_by_scale(reviews: list[LabReview], pair: tuple[int, int], words: str) -> None:
    for one, rating in zip(reviews, pair, strict=True):
        handed_in_review(one, rating)
        one.refresh_from_db()
    compared = compare_reviews(rubric_of(LAB), reviews)
    assert agreement_words(compared) == words


# The verdict -------------------------------------------------------------------------------------------------------


def sign(company: Company, lab: LabInvitation, **values: str) -> SignedLabVerdict:
    given = {"verdict": "meets", "reasons": REASONS, "discussion": "", **values}
    return reviewing.sign_verdict(invitation=lab, by=company["hiring-manager"], now=NOW, **given)


@pytest.fixture
def reviewed(lab: LabInvitation, reviews: list[LabReview]) -> LabInvitation:
    for one in reviews:
        handed_in_review(one)
    return lab


def test_a_verdict_moves_and_rejects_nobody(company: Company, reviewed: LabInvitation) -> None:
    application = reviewed.application
    assert application is not None
    before = (application.stage_id, application.state, application.moves.count())
    sign(company, reviewed, verdict="does-not")
    application.refresh_from_db()
    assert (application.stage_id, application.state, application.moves.count()) == before


@pytest.mark.parametrize(
    ("values", "wrong"), [({"verdict": "best"}, "Choose a verdict"), ({"reasons": "good"}, "needs its reasons")]
)
def test_a_verdict_is_known_and_has_reasons(
    company: Company, reviewed: LabInvitation, values: dict[str, str], wrong: str
) -> None:
    with pytest.raises(UserError, match=wrong):
        sign(company, reviewed, **values)
    assert not SignedLabVerdict.objects.exists()


def test_only_who_decides_signs(company: Company, reviewed: LabInvitation) -> None:
    with pytest.raises(NotAllowed):
        reviewing.sign_verdict(
            invitation=reviewed, verdict="meets", reasons=REASONS, discussion="", by=company["interviewer"], now=NOW
        )


def test_one_verdict_stands_and_one_taken_back_stays(company: Company, reviewed: LabInvitation) -> None:
    first = sign(company, reviewed)
    with pytest.raises(UserError, match="stands already"):
        sign(company, reviewed)
    reviewing.take_back_verdict(signed=first, why="Wrong person", by=company["hiring-manager"], now=NOW)
    sign(company, reviewed, verdict="partly")
    assert [one.stands for one in SignedLabVerdict.objects.order_by("verdict")] == [False, True]


def test_a_verdict_changed_in_the_database_is_found(company: Company, reviewed: LabInvitation) -> None:
    signed = sign(company, reviewed)
    verify_trail()
    SignedLabVerdict.objects.filter(pk=signed.pk).update(verdict="does-not")
    with pytest.raises(ChainBroken):
        verify_trail()


# The candidate -----------------------------------------------------------------------------------------------------


def test_feedback_comes_after_the_verdict_and_names_no_reviewer(company: Company, reviewed: LabInvitation) -> None:
    with pytest.raises(UserError, match="Sign the verdict first"):
        reviewing.release_feedback(invitation=reviewed, by=company["hiring-manager"], now=NOW)
    sign(company, reviewed)
    page = reverse("lab-invitation", args=[lab_token(reviewed)])
    assert "What the reviewers saw" not in Client().get(page).content.decode()
    reviewing.release_feedback(invitation=reviewed, by=company["hiring-manager"], now=NOW)
    text = Client().get(page).content.decode()
    assert "Measured before and after, one change at a time" in text  # the anchor that both chose
    assert "Profiled one request" not in text  # their own words
    assert str(company["interviewer"]) not in text


def test_an_objection_waits_for_a_person_and_is_answered_with_reasons(
    company: Company, reviewed: LabInvitation
) -> None:
    words = "My fix for memory was measured on a cold cache"
    with pytest.raises(UserError, match="no result yet"):
        reviewing.appeal(invitation=reviewed, text=words, now=NOW)
    sign(company, reviewed)
    reviewing.release_feedback(invitation=reviewed, by=company["hiring-manager"], now=NOW)
    reviewed.refresh_from_db()
    made = reviewing.appeal(invitation=reviewed, text=words, now=NOW)
    with pytest.raises(UserError, match="with us already"):
        reviewing.appeal(invitation=reviewed, text=words, now=NOW)
    with pytest.raises(UserError, match="owed reasons"):
        reviewing.answer_appeal(found=made, answer="No.", by=company["hiring-manager"], now=NOW)
    answer = "We graded it again on a warm cache; the result is the same"
    reviewing.answer_appeal(found=made, answer=answer, by=company["hiring-manager"], now=NOW)
    page = Client().get(reverse("lab-invitation", args=[lab_token(reviewed)])).content.decode()
    assert answer in page
    assert AuditEntry.objects.filter(kind__in=(LabroomEvent.APPEALED, LabroomEvent.APPEAL_ANSWERED)).count() == 2


def client_of(company: Company, role: str) -> Client:
    client = Client()
    client.force_login(company[role])
    return client
