"""The example company, walked by everyone in it: each link that a page shows leads somewhere."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from tenfold.core.models import Membership
from tenfold.web.example.seed import seed_example

LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d+\b")
MOST_OF_A_SHAPE = 4
"""Pages of one kind that one person visits: another plan, another candidate."""


def _links(response: HttpResponseBase) -> Iterator[str]:
    """Of a page; of a file that is handed out there are none."""
    if isinstance(response, HttpResponse) and response.headers.get("Content-Type", "").startswith("text/html"):
        for link in LINK.findall(response.content.decode()):
            if not link.startswith("/static/"):
                yield link.replace("&amp;", "&")


def _says_whose_it_is(response: HttpResponseBase) -> bool:
    """Administrators are led to a page that is not for them, as they give the role whose page it is."""
    return b"Fairness is for people analysts" in getattr(response, "content", b"")


@pytest.mark.django_db
def test_every_link_of_the_example_leads_to_a_page() -> None:
    seed_example(now=timezone.now())
    wrong, walked = [], Counter[str]()
    for member in Membership.objects.select_related("user"):
        client = Client()
        client.force_login(member.user)
        seen, waiting = {"/"}, deque([("/", "/")])
        shapes = Counter[str]()
        while waiting:
            address, shown_on = waiting.popleft()
            response = client.get(address, follow=True)
            walked[member.role] += 1
            if response.status_code >= 400 and not _says_whose_it_is(response):
                wrong.append((member.role, response.status_code, address, shown_on))
            for link in _links(response):
                shape = ID.sub("#", link.partition("?")[0])
                if link not in seen and shapes[shape] < MOST_OF_A_SHAPE:
                    shapes[shape] += 1
                    seen.add(link)
                    waiting.append((link, address))
    assert not wrong, "\n".join(map(str, wrong))
    assert min(walked.values()) > 20
