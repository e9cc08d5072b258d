"""Offers with every version of their terms, who approved what, when it went out, and what the candidate answered."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tenfold.apps.candidates.models import Application, OfApplication
from tenfold.apps.candidates.models.roles import NOBODY
from tenfold.apps.interviews.models import Scorecard
from tenfold.core.encryption import EncryptedJSONField, EncryptedTextField
from tenfold.core.models import HiringTeam, Membership, Role, TeamMember, TeamRole, User
from tenfold.core.models.only_added import OnlyAdded, OnlyAddedQuerySet
from tenfold.core.models.tenancy import Viewer


class OfferEvent(StrEnum):
    WRITTEN = "offer.written"
    APPROVED = "offer.approved"
    OBJECTED = "offer.objected"
    SENT = "offer.sent"
    SENDING_TAKEN_BACK = "offer.sending-taken-back"
    ACCEPTED = "offer.accepted"
    DECLINED = "offer.declined"
    WITHDRAWN = "offer.withdrawn"
    QUESTION_ASKED = "offer.question-asked"
    QUESTION_ANSWERED = "offer.question-answered"


class OfferState(models.TextChoices):
    DRAFT = "draft", "Being prepared"
    SENT = "sent", "With the candidate"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


def roles_decided_by(user: Viewer, path: str = "application__role") -> Q:
    """Rows of roles in which somebody decides: as lead or recruiter of the team, or as administrator."""
    parts = (TeamRole.LEAD, TeamRole.RECRUITER)
    teams = TeamMember.objects.filter(member__user_id=user.pk or NOBODY, role__in=parts).values("team_id")
    led = Membership.objects.filter(user_id=user.pk or NOBODY, role=Role.ADMINISTRATOR).values("organisation_id")
    return Q(**{f"{path}__team_id__in": teams}) | Q(**{f"{path}__organisation_id__in": led})


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: Viewer) -> Self:
        """For who sees pay and decides in the role, or is named to approve the latest version.

        As blind as scorecards are: that there is an offer says what others wrote. All of it by the rights of now.
        """
        if not user.pk:
            return self.none()
        pay = Membership.objects.filter(user_id=user.pk, sees_pay=True).values("organisation_id")
        owed = Scorecard.objects.filter(interviewer_id=user.pk, application=OuterRef("application"), submitted_at=None)
        latest = OfferVersion.objects.filter(offer=OuterRef("pk"), number=OuterRef("latest_number"))
        is_named = Exists(latest.filter(approvers=user.pk))
        return self.filter(
            ~Exists(owed),
            roles_decided_by(user) | is_named,
            application__role__organisation_id__in=pay,
            application__candidate__erasure_request=None,
        )


class Offer(OfApplication):
    """What a company offers one person for one application. Terms are in its versions; the latest is worked on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="offers")
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.DRAFT)
    latest_number = models.PositiveSmallIntegerField(default=1)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    withdrawn_why = EncryptedTextField(default="")

    objects: ClassVar = OfferQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application"], condition=~Q(state="withdrawn"), name="one_standing_offer_per_application"
            ),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="offer_has_a_known_state"),
        ]
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"offer {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed and answered: a declined offer can be made anew as another version."""
        return self.state in (OfferState.DRAFT, OfferState.SENT, OfferState.DECLINED)

    def latest(self) -> OfferVersion:
        found: OfferVersion = self.versions.get(number=self.latest_number)
        return found


class OfOffer(models.Model):
    """What belongs to one offer, and so to its organisation and its role's hiring team."""

    offer: models.ForeignKey[Any, Offer]

    class Meta:
        abstract = True

    @property
    def organisation_id(self) -> uuid.UUID:
        return self.offer.organisation_id

    @property
    def team(self) -> HiringTeam:
        return self.offer.team


class OfOfferQuerySet(OnlyAddedQuerySet):
    """Rows that are only added, and seen with their offer."""

    path = "offer"

    def visible_to(self, user: Viewer) -> Self:
        return self.filter(**{f"{self.path}__in": Offer.objects.visible_to(user)})


class OfferVersion(OfOffer, OnlyAdded):
    """The terms as they were written once. Who is named has to approve them before they go out.

    `terms`: what `queries.terms.Terms.to_dict` gives. `comparisons`: how they lay to the plan's range, the company's
    band and the market when they were written, as `queries.comparing` says it. Pay of a person: encrypted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    terms: Any = EncryptedJSONField()
    comparisons: Any = EncryptedJSONField()
    is_outside = models.BooleanField()
    why_outside = EncryptedTextField(default="")
    why = EncryptedTextField(default="")
    expires_date = models.DateField()
    approvers: models.ManyToManyField[User, models.Model] = models.ManyToManyField(User, related_name="+")
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    written_name = models.CharField(max_length=120)
    written_at = models.DateTimeField()

    objects: ClassVar = OfOfferQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "number"], name="one_offer_version_per_number"),
            models.CheckConstraint(condition=Q(number__gt=0), name="offer_versions_count_from_one"),
        ]
        ordering: ClassVar = ["offer", "number"]

    def __str__(self) -> str:
        return f"version {self.number}"


class OfVersionQuerySet(OfOfferQuerySet):
    path = "version__offer"


class OfferApproval(OnlyAdded):
    """One named person's word on a version: approved, or an objection with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(OfferVersion, models.CASCADE, related_name="approvals")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120)
    is_yes = models.BooleanField()
    why = EncryptedTextField(default="")
    at = models.DateTimeField()

    objects: ClassVar = OfVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "by"], name="one_word_on_a_version_per_person")
        ]
        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return f"{self.name}: {'yes' if self.is_yes else 'no'}"


class SendingQuerySet(models.QuerySet["OfferSending"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(version__offer__in=Offer.objects.visible_to(user))

    def standing(self) -> Self:
        return self.filter(taken_back_at=None)


class OfferSending(models.Model):
    """A version on its way: the candidate's page shows it from `opens_at` on; until then it can be taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(OfferVersion, models.CASCADE, related_name="sendings")
    mail_id = models.UUIDField()
    sent_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    objects: ClassVar = SendingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(taken_back_at=None), name="one_standing_sending_per_version"
            )
        ]
        ordering: ClassVar = ["sent_at"]

    def __str__(self) -> str:
        return f"sent {self.sent_at}"

    def is_waiting(self, now: datetime) -> bool:
        return self.taken_back_at is None and now < self.opens_at


class AnswerKind(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class DeclineReason(models.TextChoices):
    PAY = "pay", "Pay"
    EQUITY = "equity", "Equity"
    OTHER_OFFER = "other-offer", "Another offer"
    WORK = "work", "The work itself"
    TEAM = "team", "The team or how the company works"
    PLACE = "place", "Place or working from home"
    START = "start", "The start date"
    LATE = "late", "It took too long"
    PERSONAL = "personal", "Personal reasons"
    NOT_STATED = "not-stated", "Rather not say"


class OfferAnswer(OnlyAdded):
    """What the candidate answered to one version, in their own name, as they typed it. There is one per version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.OneToOneField(OfferVersion, models.CASCADE, related_name="answer")
    kind = models.CharField(max_length=10, choices=AnswerKind.choices)
    reason = models.CharField(max_length=12, choices=DeclineReason.choices, blank=True)
    words = EncryptedTextField(default="")
    name = EncryptedTextField(default="")
    at = models.DateTimeField()

    objects: ClassVar = OfVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=AnswerKind.values), name="offer_answer_has_a_known_kind"),
            models.CheckConstraint(condition=Q(kind="declined") | Q(reason=""), name="only_declines_have_a_reason"),
        ]
        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return self.get_kind_display()


class QuestionQuerySet(models.QuerySet["OfferQuestion"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(offer__in=Offer.objects.visible_to(user))


class OfferQuestion(OfOffer):
    """What the candidate asked about an offer, and what they were told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="questions")
    text = EncryptedTextField()
    asked_at = models.DateTimeField()
    answer = EncryptedTextField(default="")
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar = QuestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["asked_at"]

    def __str__(self) -> str:
        return f"question {self.pk}"
