"""What programs ask without keeping anything: audits, readings, estimates, and who the token is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from tenfold.audit.renderers.document import document as audit_document
from tenfold.hiring.permissions import membership
from tenfold.kit.errors import Place, UserError
from tenfold.market.benchmark import PayQuestion, estimate
from tenfold.posting.judgement import judged
from tenfold.posting.reading import read
from tenfold.posting.record import record, remark_record
from tenfold.practices.pay.asking import where
from tenfold.practices.pay.telling import estimate_as_values
from tenfold.web.api import shapes
from tenfold.web.api.access import caller
from tenfold.web.api.plans import given_plan
from tenfold.web.plans.checks import check_text
from tenfold.web.plans.starting import text_from


def who_am_i(request: HttpRequest) -> dict[str, Any]:
    """Whom this token stands for, and what it may do."""
    asking = caller(request)
    own = membership(asking.user, asking.organisation)
    return {
        "name": asking.user.name,
        "email": asking.user.email,
        "organisation": asking.organisation.name,
        "role": own.role if own else "",
        "token": asking.token.name,
        "scopes": asking.token.scopes,
        "sees_pay": asking.sees_pay,
        "expires_at": asking.token.expires_at,
    }


def run_audit(request: HttpRequest, asked: shapes.AuditRequest) -> dict[str, Any]:  # noqa: ARG001 - an operation takes the request
    """The ten checks on a posting or a plan. Nothing is kept."""
    if asked.posting is not None:
        text = text_from(asked.posting.encode(), name="posting.md")
    else:
        text = asked.yaml if asked.yaml is not None else given_plan(asked.document or {})
    checked = check_text(text, as_of=asked.as_of or timezone.localdate(), name="what was sent")
    return audit_document(checked.report)


def read_posting(request: HttpRequest, asked: shapes.ReadingRequest) -> dict[str, Any]:  # noqa: ARG001 - an operation takes the request
    """What a posting states, each value with its place in the text, and what should be mended."""
    found = read(asked.posting, name="posting", media_type=asked.media_type)
    if not found.text.strip():
        raise UserError("There is no text in this.", remedy="Send the posting's text.", place=Place(field="posting"))
    return {**record(found), "remarks": [remark_record(remark) for remark in judged(found)]}


def estimate_pay(request: HttpRequest, asked: shapes.EstimateRequest) -> dict[str, Any]:  # noqa: ARG001 - an operation takes the request
    """What the market posts for such a job, or why the data cannot say."""
    country, metro_cbsa = where(asked.place)
    answer = estimate(
        PayQuestion(
            role=asked.role,
            level=asked.level,
            years=asked.years,
            country=country,
            metro_cbsa=metro_cbsa,
            workplace=asked.workplace,
            as_of=asked.as_of or timezone.localdate(),
            infra_share=asked.infra_share,
        )
    )
    return estimate_as_values(answer, (asked.offer.min, asked.offer.max) if asked.offer else None)
