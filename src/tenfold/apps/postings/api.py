"""Postings read for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from tenfold.apps.postings.schemas import Reading, ReadingRequest
from tenfold.core.http.operations import operation
from tenfold.core.scopes import Scope
from tenfold.kit.errors import Place, UserError
from tenfold.posting.lint import lint_posting
from tenfold.posting.reading import read
from tenfold.posting.record import finding_record, record

router = Router()


@operation(router, "POST", "/postings/readings", Reading, tag="Postings", scope=Scope.POSTINGS_READ)
def read_posting(request: HttpRequest, asked: ReadingRequest) -> dict[str, Any]:  # noqa: ARG001 - an operation takes the request
    """What a posting states, each value with its place in the text, and what should be mended."""
    found = read(asked.posting, name="posting", media_type=asked.media_type)
    if not found.text.strip():
        raise UserError("There is no text in this.", remedy="Send the posting's text.", place=Place(field="posting"))
    return {**record(found), "remarks": [finding_record(remark) for remark in lint_posting(found)]}
