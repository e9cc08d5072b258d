"""The example shows one offer accepted and one with its candidate, all invented, and goes whole."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenfold.apps.accounts.services import remove_example
from tenfold.apps.candidates.queries.mailtext import status_token
from tenfold.apps.offers.models import Offer
from tenfold.core.models import Organisation
from tenfold.core.services.trail import verify_trail
from tenfold.web.example.seed import seed_example


def test_the_example_shows_an_accepted_offer_and_one_that_waits(db: None) -> None:
    administrator, client = seed_example(now=timezone.now()), Client()
    client.force_login(administrator)
    page = client.get(reverse("offers")).content.decode()
    assert "Accepted" in page
    assert "With the candidate" in page
    assert "Not enough data" in page or "not enough data" in page
    for offer in Offer.objects.all():
        assert client.get(reverse("offer", args=[offer.pk])).status_code == 200
    waiting = Offer.objects.get(state="sent")
    assert waiting.latest().is_outside
    theirs = Client().get(reverse("candidate-offer", args=[status_token(waiting.application)])).content.decode()
    assert "208,000" in theirs
    assert "Sold for its team" in theirs
    assert "210,000" not in theirs, "the company's own reason is not the candidate's to read"
    verify_trail()
    remove_example(organisation=Organisation.objects.get(is_example=True), by=administrator, now=timezone.now())
    assert not Offer.objects.exists()
