"""Mail to and from candidates, with what became of it, and the texts that it is written from."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models

from tenfold.apps.candidates.models.applications import (
    Application,
    ApplicationMove,
    OfApplication,
    OfApplicationQuerySet,
)
from tenfold.core.encryption import EncryptedTextField
from tenfold.core.models import Organisation, User
from tenfold.core.models.tenancy import Viewer


class TemplateKind(models.TextChoices):
    RECEIVED = "received", "Application received"
    REJECTION = "rejection", "Rejection"
    INVITATION = "invitation", "Invitation to choose a time"
    OFFER = "offer", "An offer is on their page"
    OFFER_ENDED = "offer-ended", "An offer is withdrawn"
    FEEDBACK = "feedback", "Feedback after a decision"
    OTHER = "other", "Anything else"


class MailTemplateQuerySet(models.QuerySet["MailTemplate"]):
    def visible_to(self, user: Viewer) -> Self:
        return self.filter(organisation__memberships__user_id=user.pk) if user.pk else self.none()


class MailTemplate(models.Model):
    """A text with gaps in braces. Which gaps there are is checked when it is saved and again before it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="mail_templates")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=TemplateKind.choices)
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=8_000)
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    objects: ClassVar = MailTemplateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_mail_template_per_name")
        ]
        ordering: ClassVar = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class MailState(models.TextChoices):
    HELD = "held", "Waits"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DELIVERED = "delivered", "Delivered"
    BOUNCED = "bounced", "Could not be delivered"
    FAILED = "failed", "Not sent"
    TAKEN_BACK = "taken-back", "Taken back"


class OutgoingMail(OfApplication):
    """A mail exactly as this person gets it, sent from `send_after` on unless it is taken back before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="mails")
    move = models.ForeignKey(ApplicationMove, models.CASCADE, null=True, related_name="mails")
    to_user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    to_address = EncryptedTextField()
    subject = EncryptedTextField()
    body = EncryptedTextField()
    calendar = EncryptedTextField(default="")
    calendar_method = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.HELD)
    send_after = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=120, unique=True)
    service_id = models.CharField(max_length=200, blank=True, db_index=True)
    problem = models.CharField(max_length=200, blank=True)
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar = OfApplicationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-written_at"]

    def __str__(self) -> str:
        return self.subject


class IncomingMail(models.Model):
    """What a candidate answered, in the thread of what it answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="replies")
    answers = models.ForeignKey(OutgoingMail, models.SET_NULL, null=True, related_name="replies")
    from_address = EncryptedTextField()
    subject = EncryptedTextField()
    text = EncryptedTextField()
    message_index = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    objects: ClassVar = OfApplicationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "message_index"], name="one_row_per_message")
        ]
        ordering: ClassVar = ["-received_at"]

    def __str__(self) -> str:
        return self.subject
