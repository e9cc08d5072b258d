"""Applications received, from the job page or from an import; and what a person corrects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from tenfold.apps.candidates.models import (
    Application,
    ApplicationState,
    Basis,
    Candidate,
    CandidateEmail,
    CandidateEvent,
    CandidateFile,
    CandidatePhone,
    Consent,
    MailTemplate,
    OpenRole,
    ProfileLink,
    Purpose,
    TemplateKind,
)
from tenfold.apps.candidates.queries.applicant import Applicant, UploadedFile
from tenfold.apps.candidates.queries.contact import (
    email_index,
    external_index,
    is_email,
    is_link,
    link_index,
    phone_index,
)
from tenfold.apps.candidates.queries.groups import group_ids
from tenfold.apps.candidates.services.actors import CANDIDATE, Actor
from tenfold.apps.candidates.services.mail import hold_from_template
from tenfold.apps.candidates.services.moves import begin
from tenfold.core.services.trail import record
from tenfold.kit.errors import Place, UserError
from tenfold.law.places import country_of

MAX_NAME, MAX_LETTER = 200, 20_000
CONSENT_LASTS = timedelta(days=730)
CONSENT_TEXT = "2026-11"
"""Version of the words beside the box; they are in `templates/candidates/apply.html`."""


@transaction.atomic
def apply(*, role: OpenRole, applicant: Applicant, now: datetime, actor: Actor = CANDIDATE) -> Application:
    """Keeps an application with its first move, its files and what the person agreed to.

    The same e-mail address finds the person again where the name is theirs, too: a new application links to the former
    one. Where the name differs it is kept as another person, and proposed as a duplicate: nothing is merged by itself.

    Raises:
        NotAllowed: a colleague who may not add people to this role.
        UserError: the role is closed, a value is unusable, or the same person's application is open already.
    """
    actor.require("candidate.import", role)
    if not role.is_open:
        raise UserError("This role takes no applications any more.", remedy="Nothing was kept.")
    check_applicant(applicant)
    candidate = _known_candidate(role, applicant) or _new_candidate(role, applicant, now)
    former = _former(role, candidate)
    if former is not None and former.is_open and former.role_id == role.pk:
        raise AlreadyApplied(former)
    application = Application.objects.create(
        role=role,
        candidate=candidate,
        former=former,
        stage=applicant.stage or role.stages.kept().earliest("position"),
        source=applicant.source,
        source_detail=applicant.source_detail[:300],
        letter=applicant.letter,
        applied_at=applicant.applied_at or now,
        stage_since=now,
        external_index=external_index(applicant.application_id),
    )
    begin(application, actor=actor, now=now)
    add_files(application, applicant.files, now=now)
    _agree(candidate, applicant, actor=actor, now=now)
    _confirm(application, actor=actor, now=now)
    return application


class AlreadyApplied(UserError):
    """The person's application to this role is open."""

    def __init__(self, application: Application) -> None:
        super().__init__(
            "There is an open application of this person to this role.",
            remedy="Use the link in the mail that confirmed it to change or withdraw it.",
        )
        self.application = application


def check_applicant(applicant: Applicant) -> None:
    """Raises UserError where a value cannot be used."""
    if not applicant.name.strip() or len(applicant.name) > MAX_NAME:
        raise UserError("A name is needed.", remedy="As you want to be called.", place=Place(field="name"))
    for address in applicant.emails:
        if not is_email(address):
            raise UserError(
                f"“{address}” is not an e-mail address.",
                remedy="Write it as name@example.org.",
                place=Place(field="email"),
            )
    for url in applicant.links:
        if not is_link(url):
            raise UserError(
                f"“{url[:80]}” is not a web address.", remedy="Begin it with https://.", place=Place(field="links")
            )
    if len(applicant.letter) > MAX_LETTER:
        raise UserError(
            f"This is longer than {MAX_LETTER:,} characters.", remedy="Shorten it.", place=Place(field="letter")
        )


@transaction.atomic
def correct(
    *,
    candidate: Candidate,
    applicant: Applicant,
    actor: Actor,
    now: datetime,
) -> None:
    """Replaces a person's name, place, addresses, numbers and profiles by those given.

    Raises:
        NotAllowed: a colleague who runs none of this person's roles.
        UserError: a value is unusable.
    """
    actor.require("candidate.work", candidate)
    check_applicant(applicant)
    candidate.name, candidate.location = applicant.name.strip(), applicant.location.strip()[:200]
    candidate.save(update_fields=["name", "location"])
    CandidateEmail.objects.filter(candidate=candidate).delete()
    CandidatePhone.objects.filter(candidate=candidate).delete()
    ProfileLink.objects.filter(candidate=candidate).delete()
    _keep_contacts(candidate, applicant, country=None)
    record(kind=CandidateEvent.CORRECTED, by=actor.in_trail, of=candidate, now=now)


@transaction.atomic
def add_files(application: Application, files: Sequence[UploadedFile], *, now: datetime) -> None:
    for file in files:
        CandidateFile.objects.create(
            candidate=application.candidate,
            application=application,
            name=file.name[:200],
            media_type=file.media_type,
            size=len(file.content),
            content=file.content,
            added_at=now,
        )


@transaction.atomic
def set_future_consent(*, candidate: Candidate, agrees: bool, now: datetime, actor: Actor = CANDIDATE) -> None:
    """Whether somebody may be considered for other roles later; withdrawing takes effect at once."""
    given = Consent.objects.filter(candidate=candidate, purpose=Purpose.FUTURE_ROLES, withdrawn_at=None)
    if agrees and not given.exists():
        Consent.objects.create(
            candidate=candidate,
            purpose=Purpose.FUTURE_ROLES,
            basis=Basis.CONSENT,
            text_version=CONSENT_TEXT,
            given_at=now,
            until=localdate(now + CONSENT_LASTS),
        )
    elif not agrees:
        given.update(withdrawn_at=now)
    record(kind=CandidateEvent.CONSENT_CHANGED, by=actor.in_trail, of=candidate, now=now, data={"future_roles": agrees})


def _known_candidate(role: OpenRole, applicant: Applicant) -> Candidate | None:
    """Who this surely is: by the id in the other system, or by address and name together."""
    people = Candidate.objects.filter(organisation=role.organisation_id, erased_at=None)
    if applicant.external_id:
        return people.filter(external_index=external_index(applicant.external_id)).first()
    for address in applicant.emails:
        for person in people.filter(emails__index=email_index(address)).order_by("created_at"):
            if _plain_name(person.name) == _plain_name(applicant.name):
                return person
    return None


def _plain_name(name: str) -> str:
    return " ".join(name.casefold().split())


def _new_candidate(role: OpenRole, applicant: Applicant, now: datetime) -> Candidate:
    candidate = Candidate.objects.create(
        organisation=role.organisation,
        name=" ".join(applicant.name.split()),
        location=applicant.location.strip()[:200],
        external_id=applicant.external_id,
        external_index=external_index(applicant.external_id),
        created_at=now,
    )
    countries = [country_of(place) for place in role.places]
    _keep_contacts(candidate, applicant, country=next((one for one in countries if one), None))
    return candidate


def _keep_contacts(candidate: Candidate, applicant: Applicant, *, country: str | None) -> None:
    emails = {email_index(address): address.strip() for address in applicant.emails}
    for place, (index, address) in enumerate(emails.items()):
        CandidateEmail.objects.create(candidate=candidate, address=address, index=index, is_primary=place == 0)
    for number in dict.fromkeys(one.strip()[:60] for one in applicant.phones if one.strip()):
        CandidatePhone.objects.create(candidate=candidate, number=number, index=phone_index(number, country=country))
    for url in dict.fromkeys(one.strip() for one in applicant.links if one.strip()):
        ProfileLink.objects.create(candidate=candidate, url=url, index=link_index(url))


def _former(role: OpenRole, candidate: Candidate) -> Application | None:
    """The latest application of the same person, merged rows included: to this role first."""
    ids = group_ids(candidate)
    earlier = list(Application.objects.filter(candidate__in=ids).order_by("-applied_at", "-pk"))
    same = [one for one in earlier if one.role_id == role.pk]
    open_here = [one for one in same if one.state == ApplicationState.OPEN]
    return next(iter([*open_here, *same, *earlier]), None)


def _agree(candidate: Candidate, applicant: Applicant, *, actor: Actor, now: datetime) -> None:
    basis = Basis.IMPORTED if actor.label == "import" else Basis.APPLICATION
    if not Consent.objects.filter(candidate=candidate, purpose=Purpose.THIS_ROLE, withdrawn_at=None).exists():
        Consent.objects.create(candidate=candidate, purpose=Purpose.THIS_ROLE, basis=basis, given_at=now)
    if applicant.keep_for_future:
        set_future_consent(candidate=candidate, agrees=True, now=now, actor=actor)


def _confirm(application: Application, *, actor: Actor, now: datetime) -> None:
    """Whoever applied by themselves is answered; people whom we import are not written to."""
    if actor.label != "candidate" or not application.candidate.emails.exists():
        return
    texts = MailTemplate.objects.filter(organisation=application.role.organisation_id, kind=TemplateKind.RECEIVED)
    if template := texts.first():
        hold_from_template(application=application, template=template, by=None, now=now, after=now)
