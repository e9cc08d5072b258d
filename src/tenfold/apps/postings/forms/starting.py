"""How a plan begins from a posting or a plan that came in."""

from __future__ import annotations

from tenfold.apps.postings.forms.incoming import IncomingPosting, postings_in, reading_of
from tenfold.audit.drafting import plan_text_from, plan_text_of
from tenfold.audit.intake import DOCUMENT_SIGNATURES, decode
from tenfold.plan.yaml_io import looks_like_plan


def plan_text_from_incoming(given: IncomingPosting) -> str:
    """The text of a plan from what came in, of a job board from its own fields.

    Raises:
        UserError: it cannot be read, or is neither a posting nor a plan.
    """
    if postings_in(given):
        return plan_text_of(reading_of(given))
    return plan_text_from(given.raw, name=given.name, media_type=given.media_type)


def is_from_posting(given: IncomingPosting) -> bool:
    """Whether what came in is a posting, whose answers are to be confirmed, rather than a plan."""
    if given.raw.startswith(DOCUMENT_SIGNATURES):
        return True
    return not looks_like_plan(decode(given.raw, given.name))
