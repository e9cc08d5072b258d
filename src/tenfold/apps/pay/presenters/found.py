"""What can be done about pay, for the search."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from tenfold.core.models import Organisation, User
from tenfold.core.permissions import may
from tenfold.core.search import Hit


def pay_actions(user: User, organisation: Organisation, _path: str) -> Iterator[Hit]:
    yield Hit("Page", "Pay calculator", "What the market pays, by role, level and place", reverse("pay"))
    yield Hit("Page", "Compare offers", "Base, bonus and equity over four years", reverse("pay-offers"))
    if may(user, "pay.see", organisation):
        yield Hit("Page", "Pay bands", "Your own bands against the market", reverse("pay-bands"))
        yield Hit("Page", "Your pay data", "Lists that were imported", reverse("pay-own"))
        about = "A list from an HR system: columns, header row, exchange rate"
        yield Hit("Action", "Import a pay list", about, reverse("new-pay-upload"))
