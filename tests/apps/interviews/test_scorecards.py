"""Scorecards: blind by every way there is, complete when they are in, never changed, erased with the person."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tenfold.apps.accounts.services import remove_member
from tenfold.apps.candidates.models import Application, OpenRole, RejectionReason
from tenfold.apps.candidates.services.actors import colleague
from tenfold.apps.candidates.services.mail import send_due
from tenfold.apps.candidates.services.moves import reject_applications
from tenfold.apps.candidates.services.privacy import export
from tenfold.apps.interviews.models import InterviewRound, Scorecard, ScorecardVersion
from tenfold.apps.interviews.queries import todo
from tenfold.apps.interviews.services import ask_scorecards, excuse, make_kit, save_draft, set_panel, submit
from tenfold.core.models import AuditEntry, TeamRole, User
from tenfold.core.models.only_added import RowChanged
from tenfold.core.permissions import NotAllowed
from tenfold.core.personal_data import erase_person, export_person
from tenfold.core.search import search_everything
from tenfold.core.services.trail import verify_trail
from tenfold.kit.errors import UserError
from tenfold.kit.hashchain import ChainBroken
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.interviews import asked, handed_in, join_team, kit_of, said
from tests.web.api_client import program_of

WORDS = "Quokka-marked evidence that nobody else has"
LATER = NOW + timedelta(days=1)


@dataclass
class Panel:
    """Two interviewers and the recruiter, asked for the same person; the first one's is in."""

    role: OpenRole
    application: Application
    round: InterviewRound
    first: Scorecard
    second: Scorecard


@pytest.fixture
def panel(company: Company) -> Panel:
    role = role_of(company)
    round_ = kit_of(company, role).rounds.all()[0]
    application = application_to(role)
    analyst = join_team(company, role, "people-analyst")
    first, second = asked(company, application, round_, analyst, company["interviewer"])
    handed_in(first, 4, WORDS)
    return Panel(role, application, round_, first, second)


def everything_told(company: Company, panel: Panel, role: str) -> str:
    """All that a person gets by pages, API, search, to-do, mail, export and the file of ratings."""
    client, user = Client(), company[role]
    client.force_login(user)
    found: str = ""
    addresses = [
        reverse("scorecard", args=[panel.first.pk]),
        reverse("scorecard", args=[panel.second.pk]),
        reverse("application", args=[panel.application.pk]),
        reverse("application-interviews", args=[panel.application.pk]),
        reverse("role-interviews", args=[panel.role.pk]),
        reverse("export-ratings", args=[panel.role.pk]),
        reverse("export-candidates", args=[panel.role.pk]),
        reverse("role", args=[panel.role.pk]),
        reverse("trail"),
        reverse("front"),
        reverse("find") + "?q=nobody+else",
    ]
    for address in addresses:
        response = client.get(address)
        found += response.content.decode() if response.status_code == 200 else ""
    api = program_of(company, role)
    found += str(api.get(f"/applications/{panel.application.pk}/scorecards"))
    found += str(search_everything(user, company.organisation, str(panel.application.candidate)))
    found += str(search_everything(user, company.organisation, "nobody else"))
    found += str(list(todo(user, company.organisation, NOW)))
    found += json.dumps(export_person(str(panel.application.candidate_id)))  # what a candidate's own link hands out
    send_due(now=LATER)
    return found + str([message.body for message in mail.outbox])


@pytest.mark.parametrize("role", ["interviewer", "recruiter", "hiring-manager", "administrator"])
def test_whoever_owes_a_scorecard_reads_nobody_elses_by_any_way(role: str, company: Company, panel: Panel) -> None:
    user = company[role] if role == "interviewer" else join_team(company, panel.role, role, TeamRole.LEAD)
    Scorecard.objects.filter(pk=panel.second.pk).update(interviewer=user)
    told = everything_told(company, panel, role)
    assert "Quokka" not in told
    assert not any(f"{panel.first.pk}/" in line and "Read" in line for line in told.splitlines())
    assert not ScorecardVersion.objects.visible_to(user).exists()
    handed_in(Scorecard.objects.get(pk=panel.second.pk), 2, "They asked for the pager rota first")
    assert "Quokka" in everything_told(company, panel, role)


def test_the_first_reads_nothing_of_a_draft(company: Company, panel: Panel) -> None:
    save_draft(scorecard=panel.second, ratings=said(panel.round, 1, WORDS), by=company["interviewer"], now=NOW)
    panel.first.versions.all()._raw_delete("default")
    for role in ("people-analyst", "administrator", "recruiter"):
        page = reverse("scorecard", args=[panel.second.pk])
        client = Client()
        client.force_login(company[role])
        assert client.get(page).status_code == 404
    assert (
        "Quokka" in client_of(company, "interviewer").get(reverse("scorecard", args=[panel.second.pk])).content.decode()
    )


def client_of(company: Company, role: str) -> Client:
    client = Client()
    client.force_login(company[role])
    return client


def test_an_interviewer_of_somebody_else_reads_nothing(company: Company, panel: Panel) -> None:
    other = application_to(panel.role, 1)
    (elsewhere,) = asked(company, other, panel.round, company["interviewer"])
    handed_in(elsewhere)
    excuse(scorecard=panel.second, by=company["recruiter"], now=NOW)
    seen = Scorecard.objects.visible_to(company["interviewer"])
    assert [one.pk for one in seen] == [elsewhere.pk]


def test_who_runs_the_hiring_and_is_not_asked_reads_what_is_in_and_can_no_longer_be_asked(
    company: Company, panel: Panel
) -> None:
    lead = company["hiring-manager"]
    assert [one.pk for one in Scorecard.objects.visible_to(lead)] == [panel.first.pk]
    with pytest.raises(UserError, match="can read others"):
        asked(company, panel.application, panel.round, lead)
    before = application_to(panel.role, 2)
    assert asked(company, before, panel.round, lead)


def test_leaving_team_or_organisation_ends_it(company: Company, panel: Panel) -> None:
    handed_in(panel.second)
    user = company["interviewer"]
    assert Scorecard.objects.visible_to(user).count() == 2
    remove_member(membership=user.memberships.get(), by=company.administrator, now=NOW)
    assert not Scorecard.objects.visible_to(User.objects.get(pk=user.pk)).exists()


def test_a_stranger_reads_nothing(company: Company, other_company: Company, panel: Panel) -> None:
    for person in other_company.people.values():
        assert not Scorecard.objects.visible_to(person).exists()


@pytest.mark.parametrize("words", ["", "   ", "Good.", "very strong"])
def test_a_rating_needs_evidence(words: str, company: Company, panel: Panel) -> None:
    given = said(panel.round)
    name = panel.round.questions[0]["id"]
    given[name] = {"rating": 3, "evidence": words}
    with pytest.raises(UserError, match="evidence") as refused:
        submit(scorecard=panel.second, ratings=given, by=company["interviewer"], now=NOW)
    assert refused.value.place.field == name
    assert not Scorecard.objects.get(pk=panel.second.pk).is_in


def test_a_question_is_rated_or_said_not_to_have_been_asked(company: Company, panel: Panel) -> None:
    given = said(panel.round)
    del given[panel.round.questions[-1]["id"]]
    with pytest.raises(UserError, match="has no rating"):
        submit(scorecard=panel.second, ratings=given, by=company["interviewer"], now=NOW)
    given[panel.round.questions[-1]["id"]] = {"skipped": True}
    assert submit(scorecard=panel.second, ratings=given, by=company["interviewer"], now=NOW).number == 1


@pytest.mark.parametrize("rating", [0, 5, -1, 2.5, "3", None, True])
def test_ratings_are_one_to_four(rating: object, company: Company, panel: Panel) -> None:
    given = {name: {**one, "rating": rating} for name, one in said(panel.round).items()}
    if rating is True:  # equal to 1 in Python, and no rating
        given = {name: {**one, "rating": "true"} for name, one in given.items()}
    with pytest.raises(UserError):
        submit(scorecard=panel.second, ratings=given, by=company["interviewer"], now=NOW)


def test_nobody_fills_in_anothers(company: Company, panel: Panel) -> None:
    with pytest.raises(NotAllowed):
        save_draft(scorecard=panel.second, ratings={}, by=company["recruiter"], now=NOW)
    with pytest.raises(NotAllowed):
        submit(scorecard=panel.second, ratings=said(panel.round), by=company.administrator, now=NOW)


def test_a_late_edit_is_a_version_with_a_reason_and_says_that_others_could_be_read(
    company: Company, panel: Panel
) -> None:
    handed_in(panel.second, 2)
    with pytest.raises(UserError, match="why"):
        submit(scorecard=panel.second, ratings=said(panel.round, 4), by=company["interviewer"], now=LATER)
    edit = submit(
        scorecard=panel.second, ratings=said(panel.round, 4), by=company["interviewer"], now=LATER, why="Notes found"
    )
    assert (edit.number, edit.after_reading) == (2, True)
    first = panel.second.versions.get(number=1)
    assert {one["rating"] for one in first.ratings.values()} == {2}
    with pytest.raises(RowChanged):
        ScorecardVersion.objects.filter(pk=first.pk).update(number=3)
    with pytest.raises(RowChanged):
        first.save()
    with pytest.raises(RowChanged):
        first.delete()


def test_a_save_that_comes_after_the_hand_in_reopens_nothing(company: Company, panel: Panel) -> None:
    card, own = panel.second, company["interviewer"]
    save_draft(scorecard=card, ratings=said(panel.round, 1, WORDS), by=own, now=NOW, versions=0)
    assert Scorecard.objects.get(pk=card.pk).draft
    submit(scorecard=card, ratings=said(panel.round, 2), by=own, now=NOW)
    late = save_draft(scorecard=card, ratings=said(panel.round, 4, WORDS), by=own, now=LATER, versions=0)
    assert (late.draft, late.saved_at) == ({}, None)
    edit = save_draft(scorecard=card, ratings=said(panel.round, 4, WORDS), by=own, now=LATER, versions=1)
    assert edit.draft


def test_the_trail_holds_a_hash_and_no_word_and_finds_a_changed_version(company: Company, panel: Panel) -> None:
    entry = AuditEntry.objects.get(kind="scorecard.submitted")
    assert set(entry.data) == {"application", "round", "version", "sha256"}
    assert "Quokka" not in str(entry.data)
    verify_trail()
    version = panel.first.versions.get()
    version.ratings = {**version.ratings, panel.round.questions[0]["id"]: {"rating": 1, "evidence": "changed it all"}}
    version.save_base(raw=True)  # as somebody would who writes in the database, past our code
    with pytest.raises(ChainBroken):
        verify_trail()


def test_erasing_a_person_removes_scorecards_and_the_trail_holds(company: Company, panel: Panel) -> None:
    erase_person(str(panel.application.candidate_id), now=NOW)
    assert not Scorecard.objects.exists()
    assert not ScorecardVersion.objects.exists()
    verify_trail()


def test_candidates_get_what_was_said_once_nobody_writes_any_more(company: Company, panel: Panel) -> None:
    candidate = panel.application.candidate
    assert "Quokka" not in str(export(candidate=candidate, actor=colleague(company["recruiter"]), now=NOW))
    reject_applications(
        applications=[panel.application], reason=RejectionReason.OTHER_CHOSEN, by=company["recruiter"], now=NOW
    )
    told = str(export(candidate=candidate, actor=colleague(company["recruiter"]), now=NOW))
    assert "Quokka" in told
    assert "People-analyst" not in told


def test_what_is_owed_waits_for_its_interviewer_alone_and_only_while_the_application_is_open(
    company: Company, panel: Panel
) -> None:
    def waiting(role: str) -> list[str]:
        return [one.kind for one in todo(company[role], company.organisation, NOW)]

    assert (waiting("interviewer"), waiting("recruiter"), waiting("people-analyst")) == (["Scorecard due"], [], [])
    reject_applications(
        applications=[panel.application], reason=RejectionReason.OTHER_CHOSEN, by=company["recruiter"], now=NOW
    )
    assert waiting("interviewer") == []


def test_typed_text_is_kept_by_the_page_and_a_refused_scorecard_loses_nothing(
    company: Company, panel: Panel, signed_in: Callable[[str], Client]
) -> None:
    client, name = signed_in("interviewer"), panel.round.questions[0]["id"]
    sent = {f"evidence:{name}": "Half a sen"}
    answer = client.post(reverse("scorecard-draft", args=[panel.second.pk]), sent)
    assert "Saved at" in answer.content.decode()
    page = client.get(reverse("scorecard", args=[panel.second.pk])).content.decode()
    assert "Half a sen" in page
    refused = client.post(reverse("scorecard", args=[panel.second.pk]), {f"evidence:{name}": "Half a sentence"})
    assert refused.status_code == 422
    assert "Half a sentence" in refused.content.decode()
    whole: dict[str, str] = {}
    for question in panel.round.questions:
        whole |= {f"rating:{question['id']}": "3", f"evidence:{question['id']}": "Named who decides a rollback"}
    assert client.post(reverse("scorecard", args=[panel.second.pk]), whole).status_code == 302
    assert Scorecard.objects.get(pk=panel.second.pk).is_in


def test_a_kit_made_anew_keeps_panels_and_the_kits_that_were_rated_by(company: Company, panel: Panel) -> None:
    set_panel(round_=panel.round, people=[company["interviewer"]], by=company["recruiter"], now=NOW)
    again = make_kit(role=panel.role, by=company["recruiter"], now=LATER)
    assert again.number == 2
    assert [one.pk for one in again.rounds.all()[0].panel.all()] == [company["interviewer"].pk]
    assert Scorecard.objects.get(pk=panel.first.pk).round.kit.number == 1


def test_only_people_of_the_team_are_asked_and_only_by_who_runs_it(company: Company, panel: Panel) -> None:
    with pytest.raises(UserError, match="not in the hiring team"):
        asked(company, panel.application, panel.round, company.administrator)
    with pytest.raises(NotAllowed):
        ask_scorecards(
            application=panel.application,
            round_=panel.round,
            interviewers=[],
            by=company["interviewer"],
            now=NOW,
        )
    with pytest.raises(UserError, match="is in"):
        excuse(scorecard=panel.first, by=company["recruiter"], now=NOW)


def test_a_kit_is_read_by_its_team_and_by_nobody_else(company: Company, other_company: Company, panel: Panel) -> None:
    path = f"/roles/{panel.role.pk}/interview-kit"
    told = {role: program_of(company, role).ask("GET", path).status_code for role in company.people}
    allowed = dict.fromkeys(company.people, 200)
    assert told == allowed
    assert program_of(other_company, "administrator").ask("GET", path).status_code == 404
    content = program_of(company, "interviewer").get(path)["content"]
    assert all(set(one["anchors"]) == {"1", "2", "3", "4"} for one in content["rounds"][0]["questions"])


def test_the_guide_says_what_not_to_ask_where_and_what_is_not_known(
    company: Company, panel: Panel, signed_in: Callable[[str], Client]
) -> None:
    def guide(*places: str) -> str:
        OpenRole.objects.filter(pk=panel.role.pk).update(places=list(places))
        return signed_in("interviewer").get(reverse("interview-guide", args=[panel.round.pk])).content.decode()

    assert "Delaware" in guide("US-DE")
    assert "not in our tables" not in guide("US-DE")
    assert "not in our tables" in guide("US-DE", "JP")
    assert "we could not look up the law" in guide()


def test_a_newer_draft_from_elsewhere_is_not_overwritten_unseen(
    company: Company, panel: Panel, signed_in: Callable[[str], Client]
) -> None:
    client, name = signed_in("interviewer"), panel.round.questions[0]["id"]
    address = reverse("scorecard-draft", args=[panel.second.pk])

    def send(words: str, *, over: int, page: str) -> str:
        sent = {f"evidence:{name}": words, "over": over, "page": page, "versions": 0}
        return client.post(address, sent).content.decode()

    def kept() -> str:
        return str(Scorecard.objects.get(pk=panel.second.pk).draft[name]["evidence"])

    assert 'name="over" value="1"' in send("from the first page", over=0, page="a")
    assert "Not saved over a newer draft" in send("from an older page", over=0, page="b")
    assert kept() == "from the first page"
    assert 'data-saved="yes"' in send("its answer was lost, and more was typed", over=0, page="a")
    assert kept() == "its answer was lost, and more was typed"
    assert 'data-saved="yes"' in send("rather this one", over=2, page="b")  # as the button “Keep this one instead” asks
    assert kept() == "rather this one"
